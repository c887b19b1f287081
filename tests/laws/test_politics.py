"""What must hold for any positions, votes and polls: bounds, sums, monotony, no number that is none."""

import datetime as dt
import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pactwork.errors import CaseError
from pactwork.facts.lone import read_poll_table, read_position_table
from pactwork.forecast.bargaining import collect_issues, exceed_probability, find_changes, find_outcome
from pactwork.forecast.dialogue import make_ties, settle_positions
from pactwork.forecast.politics import estimate_questions, judge_positions
from pactwork.forecast.similarity import measure_agreement

NUMBER = st.floats(0, 100)
ROW = st.tuples(NUMBER, NUMBER, NUMBER)
ROWS = st.lists(ROW, min_size=1, max_size=8)
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def table(rows):
    return [{"issue": "kr-x", "actor": f"a{n}", "position": x, "influence": c, "salience": s}
            for n, (x, c, s) in enumerate(rows)]  # fmt: skip


@given(ROWS)
def test_what_is_bargained_lies_among_the_positions(rows):
    (found,) = judge_positions(table(rows))
    json.dumps(found.as_dict(), allow_nan=False)
    if found.outcome is None:
        return
    low, high = min(row[0] for row in rows), max(row[0] for row in rows)
    slack = 1e-9 * max(1.0, high)
    assert low - slack <= found.outcome <= high + slack
    assert low <= found.weighted_median <= high
    assert low - slack <= found.pce_mean <= high + slack
    assert sum(probability for _, probability in found.pce) == pytest.approx(1)
    assert sum(one.by_position for one in found.sensitivity) == pytest.approx(1)
    assert found.interval80[0] <= found.outcome + slack
    assert found.outcome <= found.interval80[1] + slack


@given(ROWS, st.floats(-10, 110), st.floats(0, 20))
def test_more_asked_is_less_accepted(rows, threshold, more):
    (issue,) = collect_issues(table(rows), (0.0, 100.0))
    if issue.decidable:
        outcome = find_outcome(issue)
        one, two = exceed_probability(issue, outcome, np.array([threshold, threshold + more]))
        assert 0 <= two <= one <= 1


@given(ROWS, NUMBER)
def test_a_change_that_is_said_to_be_enough_stays_on_the_scale(rows, threshold):
    (issue,) = collect_issues(table(rows), (0.0, 100.0))
    if issue.decidable:
        for change in find_changes(issue, threshold):
            assert 0 <= change.new <= 100.0000001
            assert change.size >= 0


@given(ROWS, st.floats(0, 0.95))
def test_dialogue_brings_nobody_beyond_the_outermost(rows, openness):
    (issue,) = collect_issues(table(rows), (0.0, 100.0))
    settled = settle_positions(issue, make_ties(issue, {}, frozenset()), openness).positions
    assert settled.min() >= issue.positions.min() - 1e-6
    assert settled.max() <= issue.positions.max() + 1e-6


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=40))
def test_agreement_is_symmetric_and_bounded(pairs):
    first, second = (np.array(side) for side in zip(*pairs, strict=True))
    one, two = measure_agreement(first, second), measure_agreement(second, first)
    for left, right in zip(one, two, strict=True):
        assert (left is None) == (right is None)
        if left is not None:
            assert left == pytest.approx(right)
            assert -1.0000001 <= left <= 1.0000001


POLL = st.tuples(st.integers(0, 3000), st.sampled_from("pqr"), st.sampled_from("vw"), st.integers(1, 10**7),
                 st.lists(st.floats(0, 34), min_size=1, max_size=3))  # fmt: skip


@FEW
@given(st.lists(POLL, min_size=1, max_size=12))
def test_any_polls_give_shares_that_add_up(polls):
    start = dt.date(2015, 1, 1)
    rows = [
        {"question_id": "q", "wording": wording, "pollster": pollster, "sample_size": size, "poll": number,
         "fieldwork_end": (start + dt.timedelta(days=day)).isoformat(), "option": option, "percent": percent}
        for number, (day, pollster, wording, size, shares) in enumerate(polls)
        for option, percent in zip(("yes", "no", "dont_know"), shares, strict=False)
    ]  # fmt: skip
    for one in estimate_questions(rows):
        json.dumps(one.as_dict(), allow_nan=False)
        for place, band in enumerate(one.options[0].trend):
            others = sum(option.trend[place].mean for option in one.options[1:])
            rest = one.rest[place].mean if one.rest else 0.0
            assert band.mean + others + rest == pytest.approx(100, abs=0.01)


@FEW
@given(st.lists(POLL, min_size=1, max_size=6, unique_by=lambda poll: poll[:2]), st.permutations(range(6)))
def test_the_order_of_rows_does_not_matter(polls, order):
    start = dt.date(2015, 1, 1)
    rows = [
        {"question_id": "q", "wording": "w", "pollster": pollster, "sample_size": size,
         "fieldwork_end": (start + dt.timedelta(days=day)).isoformat(), "option": "yes", "percent": shares[0]}
        for day, pollster, _, size, shares in polls
    ]  # fmt: skip
    shuffled = [rows[place] for place in order if place < len(rows)]
    (one,), (two,) = estimate_questions(rows), estimate_questions(shuffled)
    for left, right in zip(one.options[0].trend, two.options[0].trend, strict=True):
        assert left.label == right.label
        assert (left.mean, left.q025, left.q975) == pytest.approx((right.mean, right.q025, right.q975), abs=0.05)


CELL = st.text(max_size=8) | st.sampled_from(["0", "-1", "50", "1e308", "2024-05-01", "nan", "inf", "4..10", ""])


@FEW
@given(st.lists(st.lists(CELL, min_size=5, max_size=6), max_size=5), st.booleans())
def test_any_table_is_an_answer_or_located_problems(tmp_path, rows, of_polls):
    path = tmp_path / "table.csv"
    head = (
        "pollster,fieldwork_end,sample_size,option,percent,wording"
        if of_polls
        else "issue,actor,position,influence,salience,range"
    )
    text = "\n".join([head, *(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)])
    path.write_bytes(text.encode("utf-8", "replace"))
    problems = ()
    try:
        read = (
            estimate_questions(read_poll_table(path).rows) if of_polls else judge_positions(read_position_table(path))
        )
        json.dumps([one.as_dict() for one in read], allow_nan=False)
    except CaseError as error:
        problems = error.problems or (None,)
    for problem in problems:
        assert all((problem.where, problem.found, problem.expected, problem.fix))
