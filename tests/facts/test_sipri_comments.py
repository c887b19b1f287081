"""What the register's comments and names say, phrase by phrase."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactwork.facts.sipri.comments import find_local_work, read_comment, split_phrases
from pactwork.facts.sipri.money import read_money
from pactwork.facts.sipri.states import describe_side, find_code
from pactwork.facts.sipri.windows import find_window


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("delivery planned 2022-2025/2027", "2022/2027"),
        ("delivery planned by 2028", "2020/2028"),
        ("Delivery planned by 2024", "2020/2024"),
        ("delivery planned from 2025", "2025/.."),
        ("delivery planned after 2025", "2026/.."),
        ("delivery planned before 2025", "2020/2024"),
        ("delivery possibly planned 2025", "2025?"),
        ("delivery planned 2023-2027", "2023/2027"),
        ("delivery planned from mid-2025", "2025-05/.."),
        ("delivery planned late-2024", "2024-09/2024"),
        ("delivery planned 2024 or 2025", "2024/2025"),
        ("delivery planned 2022 but delayed to 2026", "2026"),
        ("for 6 boats produced in Malta for planned delivery by 2024", "2020/2024"),
        ("first delivery planned 2023", "2023/.."),
        ("delivery from 2023", "2023/.."),
        ("delivery planned 2010-2012", None),
    ],
)
def test_windows(comment, expected):
    assert find_window([comment]).as_edtf(2020) == expected


@pytest.mark.parametrize(
    "comment", ["second-hand but modernized before delivery", "delivered 2012", "for fast delivery", "ordered 2012"]
)
def test_what_plans_nothing_is_no_window(comment):
    assert find_window([comment]) is None


@pytest.mark.parametrize(
    ("phrase", "value", "low", "high", "unit", "qualifier"),
    [
        ("$383 m deal", 383, None, None, "usd_m_unstated", "exact"),
        ("USD2.4 b deal", 2.4, None, None, "usd_bn_unstated", "exact"),
        ("$360-430 m deal", 395, 360, 430, "usd_m_unstated", "about"),
        ("PLN1.2 b ($292 m) deal", 292, None, None, "usd_m_unstated", "exact"),
        ("KRW1.3tr ($1.1-1.4 b) deal", 1.25, 1.1, 1.4, "usd_bn_unstated", "about"),
        ("KRW1.3tr deal", 1300, None, None, "krw_bn_unstated", "exact"),
        ("EUR83 m deal", 83, None, None, "eur_m_unstated", "exact"),
        ("Possibly $1.6 b deal (incl training)", 1.6, None, None, "usd_bn_unstated", "about"),
        ("over $30 m deal", 30, None, None, "usd_m_unstated", "at_least"),
        ("c$30 m deal", 30, None, None, "usd_m_unstated", "about"),
        ("up to $30 m contract", 30, None, None, "usd_m_unstated", "at_most"),
        ("$900 k deal", 0.9, None, None, "usd_m_unstated", "exact"),
    ],
)
def test_values(phrase, value, low, high, unit, qualifier):
    money, why_not = read_money(phrase)
    assert not why_not
    assert (money.value, money.low, money.high, money.unit, money.qualifier) == (value, low, high, unit, qualifier)


@pytest.mark.parametrize(
    ("phrase", "reason"),
    [
        ("Part of $998 m deal", "larger deal"),
        ("part of a larger PLN13 b ($3 b) deal", "larger deal"),
        ("AUD1 b ($667 m) 'Land' Phase-1 programme", "programme"),
        ("financed with a $30 m loan", "not said"),
        ("ZZZ30 m deal", "no currency"),
        ("$50-30 m deal", "range"),
    ],
)
def test_amounts_that_are_not_the_value_of_the_order(phrase, reason):
    money, why_not = read_money(phrase)
    assert money is None
    assert reason in why_not


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("produced under licence in Poland", [("local_production", "Poland", None, True)]),
        ("Produced under licence in Poland as LPR", [("local_production", "Poland", None, True)]),
        ("incl production under licence in Poland", [("local_production", "Poland", None, False)]),
        ("incl 28 produced under licence in Australia", [("local_production", "Australia", 28, False)]),
        ("inl 14 produced under licence in Australia", [("local_production", "Australia", 14, False)]),
        ("incl assembly/production under licence in Poland", [("local_production", "Poland", None, False)]),
        ("assembled in Saudi Arabia", [("local_production", "Saudi Arabia", None, True)]),
        (
            "$1 b deal (incl production of components in Malta and production of 1 under licence in Malta)",
            [("local_production", "Malta", 1, False), ("components", "Malta", None, False)],
        ),
        ("for 24 boats produced in Poland", []),
        ("in production for South Korea but sold to Poland", []),
    ],
)
def test_work_in_a_country(phrase, expected):
    assert [(w.kind, w.place, w.count, w.whole) for w in find_local_work(phrase)] == expected


@pytest.mark.parametrize(
    "comment",
    [
        "selected but not yet ordered by end-2023",
        "selected but contract not yet signed by end-2023",
        "Selected 2022 but not yet ordered",
    ],
)
def test_what_is_not_ordered_yet(comment):
    assert read_comment(comment).not_ordered


def test_the_first_plan_stands_unless_it_was_delayed():
    assert find_window(["delivery planned 2022-2024", "delivery of spares planned 2030"]).as_edtf(2020) == "2022/2024"


def test_an_order_placed_in_part_is_marked():
    remark = read_comment("$5 m deal; incl 12 selected but not yet ordered")
    assert remark.partly_ordered
    assert not remark.not_ordered


@pytest.mark.parametrize(
    ("comment", "variant"),
    [
        ("FA-9X version", "FA-9X"),
        ("12 FA-9GF (FA-9 Block-10) version", "FA-9GF (FA-9 Block-10)"),
        ("incl 10 KA and 10 KB versions", "10 KA and 10 KB"),
        ("KX versions", "KX"),
    ],
)
def test_versions(comment, variant):
    assert read_comment(comment).variant == variant


def test_brackets_hold_phrases_together():
    assert split_phrases("a (b; c); d") == ["a (b; c)", "d"]


@given(st.text(max_size=200))
def test_any_comment_can_be_read(comment):
    remark = read_comment(comment)
    assert dataclasses.is_dataclass(remark)


# --- states ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("South Korea", "KR"), ("North Korea", "KP"), ("Turkiye", "TR"), ("Türkiye", "TR"), ("Turkey", "TR"),
        ("Russia", "RU"), ("United States", "US"), ("Viet Nam", "VN"), ("Bosnia-Herzegovina", "BA"),
        ("DR Congo", "CD"), ("Congo", "CG"), ("Cote d'Ivoire", "CI"), ("Syria", "SY"), ("Iran", "IR"),
        ("Taiwan", "TW"), ("Laos", "LA"), ("Brunei", "BN"), ("UAE", "AE"), ("Czechia", "CZ"), ("Moldova", "MD"),
        ("North Macedonia", "MK"), ("eSwatini", "SZ"), ("Tanzania", "TZ"), ("Venezuela", "VE"), ("Kosovo", "XK"),
        ("Soviet Union", "SU"), ("Palestine", "PS"), ("Micronesia", "FM"), ("Timor-Leste", "TL"),
    ],
)  # fmt: skip
def test_codes_of_states(name, code):
    assert find_code(name) == code


def test_who_is_no_state():
    assert describe_side("NATO**").kind == "institution"
    assert describe_side("Some rebels (Syria)*").kind == "armed_forces"
    assert describe_side("unknown recipient(s)").note
    assert describe_side("Malta").note == ""


@pytest.mark.parametrize(
    ("comment", "value"), [("$1,200 m deal", 1200), ("over $12,500 m deal", 12500), ("PLN1,2 b deal", 1.2)]
)
def test_a_comma_before_three_digits_parts_thousands(comment, value):
    money, _ = read_money(comment)
    assert money.value == value


def test_an_amount_that_could_be_read_two_ways_is_not_read():
    money, reason = read_money("EUR1.200 m deal")
    assert money is None
    assert "thousands" in reason
