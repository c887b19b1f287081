import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactwork.facts.dates import is_date, parse_date


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-10-04", "2024-10-04", "2024-10-04"),
        ("2025~", "2025-01-01", "2025-12-31"),
        ("2023-11?", "2023-11-01", "2023-11-30"),
        ("2026-34", "2026-04-01", "2026-06-30"),
        ("2022-08/2025", "2022-08-01", "2025-12-31"),
        ("2022-12-05/2022-12-06", "2022-12-05", "2022-12-06"),
        ("2025/2026-34", "2025-01-01", "2026-06-30"),
        ("../2024-09-11", "0001-01-01", "2024-09-11"),
        ("2023/..", "2023-01-01", "9999-12-31"),
        ("202X", "2020-01-01", "2029-12-31"),
        ("[2024-03-15,2024-03-17]", "2024-03-15", "2024-03-17"),
    ],
)
def test_a_date_is_the_days_it_can_mean(text, earliest, latest):
    found = parse_date(text)
    assert (found.earliest.isoformat(), found.latest.isoformat()) == (earliest, latest)
    assert found.text == text


@pytest.mark.parametrize(
    "text",
    ["", "Oct-24", "2025-13", "2024-02-30", "31.10.2024", "10/2024", "2025/2024", "../..", "/", "0000", "tomorrow", "2024-10-32",
     "Y170000002", "2024-1", "24-10", "２０２４", "2024\n", "2024/2025/2026"],
)  # fmt: skip
def test_what_is_no_date_is_refused(text):
    assert not is_date(text)


def test_hedged_dates_say_so():
    assert parse_date("2025~").approximate
    assert parse_date("2024~/2025").approximate
    assert not parse_date("2025").approximate


@given(st.dates(min_value=dt.date(1, 1, 1)))
def test_every_day_of_the_calendar_is_itself(day):
    found = parse_date(day.isoformat())
    assert (found.earliest, found.latest) == (day, day)


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_a_value_error(text):
    try:
        found = parse_date(text)
    except ValueError:
        return
    assert found.earliest <= found.latest
