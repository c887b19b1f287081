"""The dated record of a lot: one line of counts, what explains it, and what had come on a day."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from pactwork.facts.case import load_case
from pactwork.facts.figures import Figure
from pactwork.facts.records import DeliveryRecord, Gain, _split, read_record
from pactwork.facts.status import make_status

JUNE, OCTOBER = dt.date(2023, 6, 30), dt.date(2024, 10, 4)


def figure(day: dt.date, value: int, grade: str, line: int) -> Figure:
    return Figure(
        "l", "arrived", day.isoformat(), value, None, None, "exact", "item", "s", "p", grade, "normal", None, line
    )


@settings(max_examples=200)
@given(
    st.lists(
        st.tuples(
            st.dates(dt.date(2020, 1, 1), dt.date(2024, 10, 31)),
            st.integers(0, 300),
            st.sampled_from(["A1", "B2", "C3", "C4", "F6"]),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_a_line_never_falls_and_loses_no_figure(rows):
    figures = [figure(day, value, grade, line) for line, (day, value, grade) in enumerate(rows)]
    line, off = _split(figures[0], figures)
    values = [one.value for one in line]
    assert values == sorted(values)
    assert figures[0].value in values
    assert {f.value for f in line} | {f.value for f in off} == {f.value for f in figures}


def record(line, transports=()):
    figures = tuple(figure(day, value, "B2", at) for at, (day, value) in enumerate(line))
    return DeliveryRecord(figures, (), tuple(transports))


def test_transports_tell_when_items_came_where_they_explain_a_count():
    batches = ((dt.date(2023, 5, 1), 10), (JUNE, 18), (dt.date(2024, 8, 1), 4), (dt.date(2024, 9, 1), 30))
    told = record([(JUNE, 28), (OCTOBER, 62)], batches)
    assert told.gains() == [Gain(day, day, float(items)) for day, items in batches]
    assert all(gain.dated for gain in told.gains())
    short = record([(JUNE, 28), (OCTOBER, 62)], batches[:3])  # 4 of 34: the record misses transports
    assert short.gains()[2:] == [Gain(JUNE, OCTOBER, 34.0)]
    assert record([(OCTOBER, 62)]).gains() == [Gain(None, OCTOBER, 62.0)]  # since when, nothing says


def test_what_had_come_on_a_day_is_told_only_where_the_record_does():
    batches = ((JUNE, 28), (dt.date(2024, 9, 1), 34))
    told = record([(JUNE, 28), (OCTOBER, 62)], batches)
    assert told.count_on(dt.date(2022, 1, 1)) == 0
    assert told.count_on(dt.date(2024, 3, 31)) == 28
    assert told.count_on(dt.date(2024, 9, 30)) == 62
    assert told.count_on(dt.date(2024, 11, 1)) == 62  # soon after the last count
    assert told.count_on(dt.date(2025, 6, 1)) is None
    silent = record([(JUNE, 28), (OCTOBER, 62)])
    assert silent.count_on(dt.date(2024, 3, 31)) is None
    assert silent.count_on(dt.date(2022, 1, 1)) is None  # 28 may have come at any time before


def test_the_record_ends_at_the_count_that_status_shows(make_case):
    ledger = load_case(make_case())
    (item,) = make_status(ledger).lots
    assert [one.value for one in read_record(ledger, item).line] == [28, 62]
