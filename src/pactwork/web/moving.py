"""Stakeholders moved by hand: what an issue would come to, and how far that may be off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pactwork.brief import formats
from pactwork.brief.naming import question_name
from pactwork.errors import Problem, quoted
from pactwork.web.cases import OpenCase
from pactwork.web.problems import Refused, unknown

if TYPE_CHECKING:
    from pactwork.forecast.bargaining import Issue
    from pactwork.forecast.dialogue import Stance
    from pactwork.forecast.politics import IssuePolitics


@dataclass(frozen=True)
class Move:
    """One stakeholder as it is put: on the issue's own scales; what is None stays as the case has it."""

    actor: str
    position: float | None = None
    influence: float | None = None
    salience: float | None = None


@dataclass(frozen=True)
class Moved:
    """What an issue comes to with stakeholders moved.

    ``low`` and ``high`` hold the outcome in 80 of 100 decisions judged this way; ``above`` is the chance of the upper
    half of the scale; ``before`` the outcome as the case has it. Nobody with weight: all are None.
    """

    outcome: float | None
    low: float | None
    high: float | None
    median: float | None
    second: float | None
    above: float | None
    before: float | None
    stances: tuple[Stance, ...]


def find_issue(opened: OpenCase, name: str) -> IssuePolitics:
    """Return one issue of the case; a 404 where it has none of that name."""
    issues = {one.issue.issue: one for one in opened.forecast.politics.issues}
    if name not in issues:
        raise unknown("issue", name, f"one of {', '.join(issues) or 'none: the case holds no positions'}")
    return issues[name]


def move_stakeholders(opened: OpenCase, name: str, moves: Iterable[Move]) -> Moved:
    """Return what an issue comes to with stakeholders moved.

    Raises
    ------
    Refused
        404 where the issue, or a stakeholder of it, is not known; 422 where a number lies off its scale.
    """
    from pactwork.forecast import bargaining
    from pactwork.forecast.governments import find_stances

    found = find_issue(opened, name)
    issue = _moved(found.issue, tuple(moves))
    if not issue.decidable:
        return Moved(None, None, None, None, None, None, found.outcome, ())
    outcome = bargaining.find_outcome(issue)
    options, shares = bargaining.elect_position(issue)
    low, high = bargaining.find_interval(issue, outcome)
    return Moved(
        outcome, low, high, bargaining.find_weighted_median(issue), float(options @ shares),
        float(bargaining.exceed_probability(issue, outcome, issue.middle)), found.outcome,
        tuple(one for one in find_stances(opened.ledger, issue) if one.basis == "bargaining"),
    )  # fmt: skip


def scale_top(issue: Issue) -> float:
    """Return how far influence and salience reach on an issue: 100, or the greatest that the case has."""
    return max([100.0, *(max(one.influence, one.salience) for one in issue.stakeholders)])


def _moved(issue: Issue, moves: tuple[Move, ...]) -> Issue:
    known = {one.actor for one in issue.stakeholders}
    top, problems = scale_top(issue), []
    for move in moves:
        if move.actor not in known:
            raise unknown("stakeholder", move.actor, f"one of {', '.join(sorted(known))}")
        for name, low, high in (("position", issue.bottom, issue.top), ("influence", 0.0, top), ("salience", 0.0, top)):
            value = getattr(move, name)
            if value is not None and not low <= value <= high:
                where = f"{move.actor} {name}"
                problems.append(Problem(where, quoted(value), f"{low:g} to {high:g}", "stay on the scale"))
    if problems:
        raise Refused(422, *problems)
    put = {move.actor: move for move in moves}
    return replace(issue, stakeholders=tuple(
        replace(one, **{name: value for name in ("position", "influence", "salience")
                        if (value := getattr(put[one.actor], name)) is not None})
        if one.actor in put else one
        for one in issue.stakeholders
    ))  # fmt: skip


def issue_name(opened: OpenCase, name: str) -> str:
    """Return an issue in words."""
    return question_name(opened.ledger, name)


def say_moved(found: Moved) -> str:
    """Return what an issue comes to, in a sentence that never leaves out the error."""
    if found.outcome is None or found.low is None or found.high is None or found.above is None:
        return "Nobody with influence cares, so nothing can be said about the outcome."
    span = f"{formats.number(round(found.low))} to {formats.number(round(found.high))}"
    return (
        f"The positions meet at {formats.number(round(found.outcome))}; in 80 of 100 decisions judged this way the "
        f"outcome lay from {span}. The upper half of the scale: {formats.percent(found.above)}."
    )
