"""Opinion: polls by question and wording, and how each partner is judged to see the threats."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from pactwork.brief import formats
from pactwork.brief.naming import pollster_name, spell_out, topic_name
from pactwork.brief.origins import Origin, merge, origin_of
from pactwork.facts.dates import parse_date
from pactwork.facts.figures import is_good
from pactwork.facts.ledger import Ledger

_NO_OPINION = re.compile(
    r"don.?t.?know|dont.?know|^dk\b|no.?(opinion|answer)|refus|undecided|hard.?to.?say|unsure", re.IGNORECASE
)

_CAUTION = re.compile(r"pollster (is )?close to|partisan|commissioned by|paid for by", re.IGNORECASE)
"""What a note says against a pollster: a reader must see it beside the numbers."""


@dataclass(frozen=True)
class Answer:
    """The share that gave one answer, with the error of sampling (95 %) where the sample's size is known.

    A ``rival`` is another share for the same answer, from another source.
    """

    option: str
    percent: float
    low: float
    high: float
    substantive: bool
    rival: bool
    origin: Origin

    @property
    def well_graded(self) -> bool:
        """Whether the share is graded C3 or better."""
        return is_good(self.origin.grade)


@dataclass(frozen=True)
class Poll:
    """One asking of one wording. ``caution`` is what the case says against the pollster."""

    pollster: str
    when: str
    day: Any
    sample: int | None
    mode: str
    population: str
    answers: tuple[Answer, ...]
    caution: str = ""

    @property
    def heading(self) -> str:
        """The poll's name on a chart."""
        when = formats.short_months(self.when)
        size = f", n = {formats.number(self.sample)}" if self.sample else ""
        whole = f"{self.pollster}, {when}{size}"
        return whole if len(whole) <= 50 else f"{self.pollster}, {when}"

    @property
    def leading(self) -> tuple[Answer, ...]:
        """Substantive answers, the most given first."""
        held = (one for one in self.answers if one.substantive and not one.rival)
        return tuple(sorted(held, key=lambda one: -one.percent))

    @property
    def well_graded(self) -> bool:
        """Whether every share that stands is graded C3 or better."""
        return all(one.well_graded for one in self.answers if not one.rival)

    @property
    def probable(self) -> bool:
        """Whether every share that stands is at least probably true (digit 1 or 2): such polls are named first."""
        return self.well_graded and all(one.origin.grade[1:] <= "2" for one in self.answers if not one.rival)


@dataclass(frozen=True)
class Wording:
    """One wording of a question, as asked. ``options`` counts the answers offered, "don't know" not among them."""

    asked: str
    options: int
    polls: tuple[Poll, ...]
    subgroups: int

    @property
    def name(self) -> str:
        """The wording as a heading."""
        return formats.capitalise(self.asked)

    @property
    def cautions(self) -> tuple[str, ...]:
        """What the case says against pollsters that asked it."""
        return tuple(dict.fromkeys(f"{poll.pollster}: {poll.caution}" for poll in self.polls if poll.caution))


@dataclass(frozen=True)
class Question:
    """One question in substance, with its wordings apart: they must not be read as one."""

    question_id: str
    name: str
    population: str
    wordings: tuple[Wording, ...]
    origins: tuple[Origin, ...]

    @property
    def polls(self) -> int:
        """How many polls asked it."""
        return sum(len(wording.polls) for wording in self.wordings)


@dataclass(frozen=True)
class View:
    """How one actor is judged, or said, to see one threat: perceptions on a scale from 0 to 100."""

    threat: str
    who: str
    likelihood: float
    low: float
    high: float
    severity: float
    judgement: bool
    rationale: str
    origin: Origin


def find_questions(ledger: Ledger) -> tuple[Question, ...]:
    """Return polls of whole populations by question and wording, the most asked question first."""
    grouped: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for row in ledger.rows("polls"):
        if None in (row["question_id"], row["wording"], row["percent"], row["option"], row["fieldwork_end"]):
            continue
        grouped.setdefault(row["question_id"], {}).setdefault(row["wording"], []).append(row)
    questions = [_question(ledger, question_id, wordings) for question_id, wordings in grouped.items()]
    return tuple(sorted((one for one in questions if one.polls), key=lambda one: (-len(one.wordings), -one.polls)))


def _question(ledger: Ledger, question_id: str, wordings: dict[str, list[dict[str, Any]]]) -> Question:
    rows = [row for held in wordings.values() for row in held]
    made = [_wording(ledger, name, held) for name, held in wordings.items()]
    populations = dict.fromkeys(_population(ledger, row["population"]) for row in rows if row["population"])
    return Question(
        question_id,
        topic_name(ledger, rows),
        "; ".join(populations),
        tuple(sorted((one for one in made if one.polls), key=lambda one: one.options)),
        merge(origin_of(ledger, "polls", row) for row in rows if row["subgroup"] == "all"),
    )


def _population(ledger: Ledger, population: str) -> str:
    """Return who was asked, a leading country code as the partner's name."""
    head, _, rest = formats.clean(population).partition(" ")
    partner = next((p.name for p in ledger.about.partners if p.country == head), None)
    return f"{rest}, {formats.clean(partner)}" if partner and rest else formats.clean(population)


def _wording(ledger: Ledger, name: str, rows: list[dict[str, Any]]) -> Wording:
    whole = [row for row in rows if row["subgroup"] == "all"]
    by_poll: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in whole:
        by_poll.setdefault((row["pollster"], row["fieldwork_end"]), []).append(row)
    polls = sorted((_poll(ledger, held) for held in by_poll.values()), key=lambda one: one.day)
    offered = {answer.option for poll in polls for answer in poll.answers if answer.substantive}
    subgroups = {row["subgroup"] for row in rows} - {"all"}
    asked = next((formats.clean(row["question"]) for row in rows if row["question"]), "") or spell_out(ledger, name)
    return Wording(asked, len(offered), tuple(polls), len(subgroups))


def _poll(ledger: Ledger, rows: list[dict[str, Any]]) -> Poll:
    first = rows[0]
    when = first["fieldwork_end"]
    start = first["fieldwork_start"]
    return Poll(
        pollster=pollster_name(ledger, first["pollster"]),
        when=formats.date(f"{start}/{when}" if start else when),
        day=parse_date(when).latest,
        sample=first["sample_size"],
        mode=formats.clean(first["mode"]).upper(),
        population=formats.clean(first["population"]),
        answers=tuple(_rank_answers(ledger, rows)),
        caution=next((part for row in rows for part in re.split(r"[;.]\s", formats.clean(row["note"]))
                      if _CAUTION.search(part)), ""),
    )  # fmt: skip


def _rank_answers(ledger: Ledger, rows: list[dict[str, Any]]) -> list[Answer]:
    """Return the best graded share of each answer, its rivals after it; the same share twice counts once."""
    options: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        options.setdefault(row["option"], []).append(row)
    answers = []
    for held in options.values():
        ranked = sorted(held, key=lambda row: ledger.grade_of(row)[::-1])
        distinct = {row["percent"]: row for row in reversed(ranked)}
        best = ranked[0]["percent"]
        answers.append(_answer(ledger, distinct.pop(best), rival=False))
        answers += [_answer(ledger, row, rival=True) for row in distinct.values()]
    return answers


def _answer(ledger: Ledger, row: dict[str, Any], *, rival: bool) -> Answer:
    share, size = row["percent"], row["sample_size"]
    half = 196 * math.sqrt(share / 100 * (1 - share / 100) / size) if size else 0.0
    option = formats.option_words(row["option"])
    substantive = not _NO_OPINION.search(option)
    low, high = max(0.0, share - half), min(100.0, share + half)
    return Answer(option, share, low, high, substantive, rival, origin_of(ledger, "polls", row))


def find_views(ledger: Ledger) -> tuple[View, ...]:
    """Return the newest view of each threat by each perceiver."""
    newest: dict[tuple[str, str], dict[str, Any]] = {}
    for row in sorted(ledger.rows("threats"), key=lambda one: parse_date(one["as_of"]).latest):
        newest[row["threat"], row["perceiver"]] = row
    return tuple(
        View(
            formats.capitalise(formats.clean(row["label"]) or spell_out(ledger, threat)),
            formats.clean(ledger.name_of(who)), row["likelihood"],
            row["likelihood"] if row["likelihood_low"] is None else row["likelihood_low"],
            row["likelihood"] if row["likelihood_high"] is None else row["likelihood_high"],
            row["severity"], row["basis"] == "judgement", formats.clean(row["rationale"]),
            origin_of(ledger, "threats", row),
        )
        for (threat, who), row in newest.items()
    )  # fmt: skip


def widest_gap(views: tuple[View, ...], partners: tuple[str, ...]) -> tuple[View, View] | None:
    """Return the two partners' views of the threat they see most differently; None where none can be compared."""
    if len(partners) != 2:
        return None
    held = {(view.threat, view.who): view for view in views}
    pairs = [
        (held[threat, partners[0]], held[threat, partners[1]])
        for threat in dict.fromkeys(view.threat for view in views)
        if (threat, partners[0]) in held and (threat, partners[1]) in held
    ]
    return max(pairs, key=lambda pair: abs(pair[0].likelihood - pair[1].likelihood), default=None)


def sort_by_gap(views: tuple[View, ...]) -> tuple[View, ...]:
    """Return views by threat, the threat that is seen most differently first."""
    held: dict[str, list[View]] = {}
    for view in views:
        held.setdefault(view.threat, []).append(view)
    gaps = {threat: max(v.likelihood for v in seen) - min(v.likelihood for v in seen) for threat, seen in held.items()}
    return tuple(view for threat in sorted(held, key=lambda one: -gaps[one]) for view in held[threat])
