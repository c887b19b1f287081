import datetime as dt
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactwork.brief import formats
from pactwork.brief.words import Catalogue, load_words, speak
from pactwork.facts.dates import spell_day
from pactwork.facts.schema import standard

UNITS = standard().categories("figures", "unit")


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_a_number_never_shows_the_noise_of_floating_point(value):
    text = formats.number(value)
    assert "e" not in text.replace("unknown", "")
    assert "nan" not in text.lower()
    assert len(text.partition(".")[2]) <= 6


@pytest.mark.parametrize(
    ("value", "unit", "qualifier", "words"),
    [
        (16.6, "usd_bn_unstated", "about", "about 16.6 bn USD"),
        (3.37, "usd_bn_net", "exact", "3.37 bn USD net"),
        (9.5, "usd_bn", "at_most", "up to 9.5 bn USD"),
        (11, "usd_bn", "at_least", "more than 11 bn USD"),
        (8000, "km", "at_most", "up to 8,000 km"),
        (1000, "item", "at_most", "up to 1,000"),
        (70, "count", "at_least", "at least 70"),
        (55, "percent", "exact", "55%"),
        (1, "year", "exact", "1 year"),
        (0.1 + 0.2, "item", "exact", "0.3"),
    ],
)
def test_a_quantity_is_said_as_people_say_it(value, unit, qualifier, words):
    assert formats.quantity(value, unit, UNITS, qualifier).replace(formats.THIN, " ") == words


def test_a_unit_nobody_declared_is_said_in_plain_words():
    assert formats.quantity(3, "odd_unit", UNITS).replace(formats.THIN, " ") == "3 odd unit"


def test_shares_are_never_rounded_to_nothing_or_all():
    assert formats.percent(1 / 1000) == "under 1%"
    assert formats.percent(999 / 1000) == "over 99%"
    assert formats.percent(0) == "0%"


@given(st.dates(min_value=dt.date(1000, 1, 1)))
def test_any_day_reads_the_same_as_date_and_as_text(day: dt.date):
    assert formats.date(day.isoformat()) == spell_day(day)


@given(st.text(max_size=40))
def test_any_text_as_a_date_gives_text(text):
    assert isinstance(formats.date(text), str)


@given(st.text())
def test_cleaned_text_holds_no_control_or_direction_marks(text):
    cleaned = formats.clean(text)
    assert cleaned == cleaned.strip()
    assert not any(c in cleaned for c in "\x00\n\r\u202e\u2066\u200f")


@given(st.text())
def test_marks_are_stripped_one_character_at_a_time(text):
    steering = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F}
    kept = (one for one in text if ord(one) not in steering)
    expected = "".join(" " if unicodedata.category(one)[0] == "C" and one != "\u200d" else one for one in kept)
    assert formats.strip_marks(text) == expected


def test_what_was_written_in_one_language_is_not_shown_in_another():
    months = {"calendar": {**load_words().texts["calendar"], "months": [f"mois {at}" for at in range(1, 13)]}}
    french = Catalogue("fr", {**load_words().texts, **months})
    assert (formats.date("2024-10-04"), formats.number(1234.5)) == ("4 October 2024", "1,234.5")
    with speak(french):
        assert (formats.date("2024-10-04"), formats.number(1234.5)) == ("4 mois 10 2024", "1\u202f234,5")
    assert (formats.date("2024-10-04"), formats.number(1234.5)) == ("4 October 2024", "1,234.5")
