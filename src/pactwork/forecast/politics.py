"""Politics: opinion, bargaining and perceptions of a case, or of one table alone, as one value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pactwork.errors import CaseError, Problem
from pactwork.facts.dates import parse_date
from pactwork.facts.ledger import Ledger
from pactwork.facts.lone import read_poll_table, read_position_table, read_vote_table
from pactwork.forecast import bargaining
from pactwork.forecast.bargaining import Change, Issue, Leverage
from pactwork.forecast.dialogue import CommonView, Stance, make_ties, share_views
from pactwork.forecast.governments import find_seat, find_stances
from pactwork.forecast.perceptions import Perceptions, compare_perceptions
from pactwork.forecast.polls import QuestionOpinion, collect_polls, estimate_opinion, group_polls
from pactwork.forecast.similarity import Agreement, IdealDistance, compare_ideal_points, compare_votes

SUPPORT = ("support", "for", "approve", "yes")
"""Options that a question's support goes by."""
_LEVELS = (0.25, 0.5, 0.75)
"""Where on the scale a partner's consent is asked for, unless told otherwise."""


@dataclass(frozen=True)
class PublicVoice:
    """What bargaining would come to if the actor *public* stood where polls put it, with the ends of the interval."""

    actor: str
    question_id: str
    option: str
    positions: tuple[float, float, float]
    outcomes: tuple[float, float, float]

    def as_dict(self) -> dict[str, Any]:
        """Return the value of ``opinion``."""
        names = ("q025", "mean", "q975")
        return {
            "actor": self.actor,
            "question_id": self.question_id,
            "option": self.option,
            "position": dict(zip(names, self.positions, strict=True)),
            "outcome": dict(zip(names, self.outcomes, strict=True)),
        }


@dataclass(frozen=True)
class IssuePolitics:
    """One issue: what it may come to, who moves it, and the stances that follow.

    ``outcome`` and all that rests on it is None where nobody with influence cares; ``note`` then says so.
    """

    issue: Issue
    outcome: float | None
    interval80: tuple[float, float] | None
    weighted_median: float | None
    pce: tuple[tuple[float, float], ...]
    sensitivity: tuple[Leverage, ...]
    accepts: tuple[tuple[float, float], ...]
    changes: tuple[Change, ...]
    stances: tuple[Stance, ...]
    opinion: PublicVoice | None
    common: CommonView | None
    note: str = ""

    @property
    def pce_mean(self) -> float | None:
        """Mean of the second opinion."""
        return sum(position * probability for position, probability in self.pce) if self.pce else None

    def as_dict(self) -> dict[str, Any]:
        """Return the issue as JSON."""
        return {
            "issue": self.issue.issue,
            "range": [self.issue.bottom, self.issue.top],
            "outcome": self.outcome,
            "interval80": list(self.interval80) if self.interval80 else None,
            "recalibrated": None if self.outcome is None else bargaining.recalibrate(self.issue, self.outcome),
            "weighted_median": self.weighted_median,
            "pce": [{"position": position, "probability": probability} for position, probability in self.pce],
            "pce_mean": self.pce_mean,
            "sensitivity": [one.as_dict() for one in self.sensitivity],
            "accepts": [{"asked": asked, "probability": probability} for asked, probability in self.accepts],
            "what_would_it_take": {
                "threshold": self.issue.middle,
                "changes": [one.as_dict() for one in self.changes],
            },
            "stances": [one.as_dict() for one in self.stances],
            "opinion": self.opinion.as_dict() if self.opinion else None,
            "common_assessment": self.common.as_dict() if self.common else None,
            "note": self.note,
        }


@dataclass(frozen=True)
class Politics:
    """Opinion, bargaining and perceptions, as far as there is anything to tell; ``similarity`` is another thing."""

    as_of: str | None
    questions: tuple[QuestionOpinion, ...] = ()
    issues: tuple[IssuePolitics, ...] = ()
    perceptions: Perceptions | None = None
    similarity: tuple[Agreement | IdealDistance, ...] = ()
    notes: tuple[str, ...] = ()

    def question(self, question_id: str, option: str) -> QuestionOpinion:
        """Return the question of that id that has that option; KeyError if there is none."""
        for one in self.questions:
            if one.question.question_id == question_id and option in one.question.options:
                return one
        raise KeyError(f"{question_id} {option}")

    def issue(self, name: str) -> IssuePolitics:
        """Return one issue; KeyError if there is none."""
        for one in self.issues:
            if one.issue.issue == name:
                return one
        raise KeyError(name)

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON document of ``pactwork politics``."""
        return {
            "as_of": self.as_of,
            "questions": [one.as_dict() for one in self.questions],
            "issues": [one.as_dict() for one in self.issues],
            "perceptions": self.perceptions.as_dict() if self.perceptions else None,
            "similarity": [one.as_dict() for one in self.similarity],
            "notes": list(self.notes),
        }


def make_politics(ledger: Ledger) -> Politics:
    """Return the politics of a case, as far as its tables hold any."""
    graded = sorted(ledger.rows("polls"), key=lambda row: ledger.grade_of(row)[::-1])
    questions = estimate_questions([row for row in graded if row["option"] and row["fieldwork_end"]], ledger.day)
    who = tuple(partner.actor for partner in ledger.about.partners)
    perceptions = None
    if len(who) == 2:
        perceptions = compare_perceptions(_by_day(ledger.rows("threats")), (who[0], who[1]))
    divergence = perceptions.divergence if perceptions else None
    found = bargaining.collect_issues(_by_day(ledger.rows("positions")), (0.0, 100.0))
    issues = tuple(_judge_issue(ledger, issue, questions, divergence) for issue in found)
    held = bool(questions or issues or perceptions)
    notes = () if held else ("The case holds no polls, positions or views of threats up to that day.",)
    return Politics(ledger.day.isoformat(), questions, issues, perceptions, notes=notes)


def read_politics(polls: Path | None = None, positions: Path | None = None, votes: Path | None = None) -> Politics:
    """Return the politics of tables that belong to no case.

    Raises
    ------
    CaseError
        With every problem of every table at once.
    """
    problems: list[Problem] = []
    held: dict[str, Any] = {}
    for name, path, read in (
        ("polls", polls, read_poll_table),
        ("positions", positions, read_position_table),
        ("votes", votes, read_vote_table),
    ):
        if path is not None:
            try:
                held[name] = read(path)
            except CaseError as error:
                problems += error.problems
    if problems:
        raise CaseError(problems)
    table = held.get("votes")
    similarity: tuple[Agreement | IdealDistance, ...] = ()
    if table is not None:
        similarity = compare_votes(table.rows, table.states) if table.states else compare_ideal_points(table.rows)
    notes = [] if table is None or similarity else ["No two states of the table share a vote: nothing can be compared."]
    questions: tuple[QuestionOpinion, ...] = ()
    if "polls" in held:
        questions = estimate_questions(held["polls"].rows)
        if not questions:
            notes.append("All rows of the polls are of subgroups; there is no whole to show.")
        if held["polls"].repeated:
            notes.append(f"Polls that stand there again in all answers: {held['polls'].repeated}; each counts once.")
    return Politics(None, questions, judge_positions(held.get("positions", ())), None, similarity, tuple(notes))


def _by_day(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(rows, key=lambda row: parse_date(row["as_of"]).latest if row["as_of"] else dt.date.min)


def estimate_questions(rows: Iterable[Mapping[str, Any]], day: dt.date | None = None) -> tuple[QuestionOpinion, ...]:
    """Return what polls say, by question and form of answer; the question with most polls first."""
    found = [estimate_opinion(question, day) for question in group_polls(collect_polls(rows, day or dt.date.max))]
    sizes: dict[str, int] = {}
    for one in found:
        sizes[one.question.question_id] = sizes.get(one.question.question_id, 0) + len(one.question.polls)
    return tuple(sorted(found, key=lambda one: -sizes[one.question.question_id]))


def judge_positions(rows: Iterable[Mapping[str, Any]]) -> tuple[IssuePolitics, ...]:
    """Return the issues of a table of positions that belongs to no case: bargaining alone."""
    return tuple(_bargain(issue) for issue in bargaining.collect_issues(rows))


def _bargain(issue: Issue) -> IssuePolitics:
    if not issue.decidable:
        note = "Nobody with influence cares about this issue, so nothing can be said about its outcome."
        return IssuePolitics(issue, None, None, None, (), (), (), (), (), None, None, note)
    outcome = bargaining.find_outcome(issue)
    options, probabilities = bargaining.elect_position(issue)
    levels = [issue.bottom + share * issue.range for share in _LEVELS]
    return IssuePolitics(
        issue,
        outcome,
        bargaining.find_interval(issue, outcome),
        bargaining.find_weighted_median(issue),
        tuple((float(option), float(share)) for option, share in zip(options, probabilities, strict=True)),
        bargaining.find_leverage(issue),
        tuple((level, accept_probability(issue, outcome, level)) for level in levels),
        bargaining.find_changes(issue, issue.middle),
        (),
        None,
        None,
    )


def accept_probability(issue: Issue, outcome: float, asked: float) -> float:
    """Return the probability that what is decided reaches what a choice asks for."""
    return float(bargaining.exceed_probability(issue, outcome, asked))


def _judge_issue(
    ledger: Ledger, issue: Issue, questions: Sequence[QuestionOpinion], divergence: float | None
) -> IssuePolitics:
    bargained = _bargain(issue)
    if bargained.outcome is None:
        return bargained
    common = None
    seat = find_seat(ledger, issue)
    if seat is not None and divergence is not None:
        countries = {row["actor_id"]: row["country"] or "" for row in ledger.rows("actors")}
        partners = frozenset(partner.country for partner in ledger.about.partners)
        common = share_views(issue, seat, make_ties(issue, countries, partners), divergence)
    return replace(
        bargained, stances=find_stances(ledger, issue), opinion=_hear_public(ledger, issue, questions), common=common
    )


def _hear_public(ledger: Ledger, issue: Issue, questions: Sequence[QuestionOpinion]) -> PublicVoice | None:
    """Return what follows if the public stands where polls on the same subject put it; None where there are none.

    A question is on the subject of an issue when the words of its id all stand in the issue's. Support in percent is
    read as a position in percent of the scale, which is a rough reading, and is shown beside the judged position.
    """
    kinds = {row["actor_id"]: row["kind"] for row in ledger.rows("actors")}
    public = next((one for one in issue.stakeholders if kinds.get(one.actor) == "public"), None)
    if public is None:
        return None
    words = set(issue.issue.split("-"))
    for one in questions:
        option = next((option for option in SUPPORT if option in one.question.options), None)
        # Two answers to choose from: a share of a question with more of them is no share of support.
        if option is None or one.question.choices != 2 or not set(one.question.question_id.split("-")) <= words:
            continue
        now = one.option(option).now
        positions = [issue.bottom + share / 100 * issue.range for share in (now.q025, now.mean, now.q975)]
        outcomes = []
        for position in positions:
            held = [replace(s, position=position) if s is public else s for s in issue.stakeholders]
            outcomes.append(bargaining.find_outcome(replace(issue, stakeholders=tuple(held))))
        return PublicVoice(
            public.actor,
            one.question.question_id,
            option,
            (positions[0], positions[1], positions[2]),
            (outcomes[0], outcomes[1], outcomes[2]),
        )
    return None
