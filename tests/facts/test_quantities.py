"""Numbers as people write them."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pactwork.facts.dates import parse_date
from pactwork.facts.quantities import find_quantities

PUBLISHED = parse_date("2024-10")


def found(text):
    return find_quantities(text, PUBLISHED)


@pytest.mark.parametrize(
    ("text", "value", "unit", "qualifier"),
    [
        ("$16.6 billion", 16.6e9, "USD", "exact"),
        ("16.6bn", 16.6e9, "", "exact"),
        ("US$3.3 billion", 3.3e9, "USD", "exact"),
        ("USD 3.37 bn", 3.37e9, "USD", "exact"),
        ("KRW 5.04 tn", 5.04e12, "KRW", "exact"),
        ("19.65 bn PLN", 19.65e9, "PLN", "exact"),
        ("9,5 mld zł", 9.5e9, "PLN", "exact"),
        ("705 M USD", 705e6, "USD", "exact"),
        ("$705m", 705e6, "USD", "exact"),
        ("3.5 million euros", 3.5e6, "EUR", "exact"),
        ("16 600 million", 16.6e9, "", "exact"),
        ("16\u202f600", 16600, "", "exact"),
        ("16\u00a0600", 16600, "", "exact"),
        ("1,000", 1000, "", "exact"),
        ("2'500", 2500, "", "exact"),
        ("1.234.567,8", 1234567.8, "", "exact"),
        ("1,234,567.8", 1234567.8, "", "exact"),
        ("7 k/day", 7000, "", "exact"),
        ("100k rounds", 100_000, "", "exact"),
        ("55%", 55, "percent", "exact"),
        ("55 per cent", 55, "percent", "exact"),
        ("4.12 % of GDP", 4.12, "percent", "exact"),
        ("two years", 2, "year", "exact"),
        ("the 20-year deal", 20, "year", "exact"),
        ("35 years ago", 35, "year", "exact"),
        ("almost 8,000 km away", 8000, "km", "about"),
        ("3,500 nm", 3500, "nmi", "exact"),
        ("155mm shells", 155, "mm", "exact"),
        ("15.5 kn", 15.5, "knot", "exact"),
        ("200 m away", 200, "metre", "exact"),
        ("more than a thousand pieces", 1000, "", "at_least"),
        ("exceeded $11 billion", 11e9, "USD", "at_least"),
        ("over 500 firms", 500, "", "at_least"),
        ("over the 500 firms", 500, "", "at_least"),
        ("1,000+ tanks", 1000, "", "at_least"),
        ("up to 1,000", 1000, "", "at_most"),
        ("no more than 40", 40, "", "at_most"),
        ("among the 10 largest investors", 10, "", "at_most"),
        ("almost 9.5", 9.5, "", "about"),
        ("around $7 billion", 7e9, "USD", "about"),
        ("is estimated at $16.6 billion", 16.6e9, "USD", "about"),
        ("some of the 820 tanks", 820, "", "part"),
        ("four", 4, "", "exact"),
        ("twenty-one", 21, "", "exact"),
        ("two hundred and six tanks", 206, "", "exact"),
        ("half a million rounds", 500_000, "", "exact"),
        ("a dozen", 12, "", "exact"),
        ("62 K2 tanks", 62, "", "exact"),
        ("12 FA-50/FA-50PL aircraft", 12, "", "exact"),
        ("2000 tanks", 2000, "", "exact"),
    ],
)
def test_one_number(text, value, unit, qualifier):
    (quantity,) = found(text)
    assert (quantity.value, quantity.currency or quantity.unit, quantity.qualifier) == (value, unit, qualifier)
    assert text[quantity.start : quantity.end] == quantity.text


@pytest.mark.parametrize(
    "text",
    [
        "K2, K9 and K239",
        "the FA-50PL and the NATO-IP4 format (once AP4)",
        "KF-21, T-72s, Covid-19, COP28, G7",
        "5G and 4x4",
        "the 1st and the 22nd",
        "Article 5, Table 3, Chapter 7",
        "at 14:30",
        "see [12] and https://example.org/2024/47",
        "call +48 22 556 80 00",
        "several thousand, dozens, hundreds",
        "",
    ],
)
def test_names_ordinals_and_references_are_no_numbers(text):
    assert found(text) == ()


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("1 November 1989", "1989-11-01", "1989-11-01"),
        ("November 1, 1989", "1989-11-01", "1989-11-01"),
        ("the 1st of November 1989", "1989-11-01", "1989-11-01"),
        ("04.10.2024", "2024-10-04", "2024-10-04"),
        ("2024-10-04", "2024-10-04", "2024-10-04"),
        ("24–26 June 2024", "2024-06-24", "2024-06-26"),
        ("July 2023", "2023-07-01", "2023-07-31"),
        ("OCTOBER 2024", "2024-10-01", "2024-10-31"),
        ("mid-2024", "2024-05-01", "2024-08-31"),
        ("Q2 2024", "2024-04-01", "2024-06-30"),
        ("second half of 2024", "2024-07-01", "2024-12-31"),
        ("2026-2029", "2026-01-01", "2029-12-31"),
        ("2026–27", "2026-01-01", "2027-12-31"),
        ("the 1990s", "1990-01-01", "1999-12-31"),
        ("by 2025", "2025-01-01", "2025-12-31"),
        ("April this year", "2024-04-01", "2024-04-30"),
        ("June of this year", "2024-06-01", "2024-06-30"),
        ("end of October this year", "2024-10-20", "2024-10-31"),
        ("the April poll", "2024-04-01", "2024-04-30"),
        ("in December", "2023-12-01", "2023-12-31"),
        ("last year", "2023-01-01", "2023-12-31"),
    ],
)
def test_dates_and_relative_dates(text, earliest, latest):
    (quantity,) = found(text)
    assert quantity.is_date
    interval = quantity.interval
    assert (interval.earliest, interval.latest) == (dt.date.fromisoformat(earliest), dt.date.fromisoformat(latest))


def test_relative_dates_need_a_publication_date():
    assert find_quantities("in June of this year and in the April poll") == ()


def test_may_is_a_verb_more_often_than_a_month():
    assert [quantity.text for quantity in found("It may be that they march in May.")] == ["May"]


def test_a_date_that_does_not_exist_is_none():
    assert not any(quantity.is_date for quantity in found("31 February 2024 x")[:1] if quantity.text.startswith("31 F"))


def test_ranges_keep_both_ends():
    (quantity,) = found("over the next 10-15 years")
    assert (quantity.low, quantity.high, quantity.unit) == (10, 15, "year")
    (quantity,) = found("between 3 and 5 days")
    assert (quantity.low, quantity.high, quantity.unit) == (3, 5, "day")
    assert [quantity.value for quantity in found("60 of the 72 modules")] == [60, 72]


def test_an_ambiguous_number_keeps_both_readings():
    assert set(found("1.234 tanks")[0].readings) == {1.234, 1234}
    assert set(found("1,234 tanks")[0].readings) == {1.234, 1234}
    assert found("1,000 tanks")[0].readings == (1000,)


def test_a_year_after_a_preposition_counts_nothing():
    assert [quantity.countable for quantity in found("by 2029, and 2000 tanks")] == [False, True]


def test_a_hedge_may_reach_along_a_list():
    first, second, third = found("up to 1,000 K2 tanks and 672 howitzers. There were 48 aircraft")
    assert (first.qualifier, second.qualifier, second.shared_qualifier) == ("at_most", "exact", "at_most")
    assert third.shared_qualifier == ""


def test_a_crowded_sentence():
    text = "To date, 62 K2 tanks, 108 K9 howitzers by 2027, 46 K239 launchers and 12 FA-50 aircraft (55%, $7bn) came."
    assert [quantity.text for quantity in found(text)] == ["62", "108", "2027", "46", "12", "55%", "$7bn"]


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet=st.sampled_from("0123456789 .,-–$%KkmMbn'():/andto\u00a0zł€a"), max_size=80) | st.text(max_size=80)
)
def test_any_text_can_be_searched(text):
    for quantity in found(text):
        assert text[quantity.start : quantity.end] == quantity.text


def test_long_texts_do_not_take_long():
    import time

    start = time.perf_counter()
    for text in ("a-" * 20_000, "1" * 20_000, "1," * 20_000, "x" * 40_000, "one " * 10_000, "A1-" * 10_000):
        found(text)
    assert time.perf_counter() - start < 3
