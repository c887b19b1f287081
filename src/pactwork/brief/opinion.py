"""Opinion: polls by question and wording, and how each partner is judged to see the threats."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from pactwork.brief import formats
from pactwork.brief.contested import humanise
from pactwork.brief.origins import Origin, merge, origin_of
from pactwork.facts.dates import parse_date
from pactwork.facts.ledger import Ledger

_NO_OPINION = re.compile(r"don.?t.?know|^dk\b|no.?(opinion|answer)|refus|undecided|hard.?to.?say|unsure", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """The share that gave one answer, with the error of sampling (95 %) where the sample's size is known."""

    option: str
    percent: float
    low: float
    high: float
    substantive: bool
    origin: Origin


@dataclass(frozen=True)
class Poll:
    """One asking of one wording."""

    pollster: str
    when: str
    day: Any
    sample: int | None
    mode: str
    population: str
    answers: tuple[Answer, ...]

    @property
    def heading(self) -> str:
        """The poll's name on a chart."""
        size = f", n = {formats.number(self.sample)}" if self.sample else ""
        return f"{self.pollster}, {self.when}{size}"

    @property
    def leading(self) -> tuple[Answer, ...]:
        """Substantive answers, the most given first."""
        return tuple(sorted((one for one in self.answers if one.substantive), key=lambda one: -one.percent))


@dataclass(frozen=True)
class Wording:
    """One wording of a question. ``options`` counts the answers offered, "don't know" not among them."""

    name: str
    options: int
    polls: tuple[Poll, ...]
    subgroups: int


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
    population = max({row["population"] for row in rows}, key=lambda one: sum(r["population"] == one for r in rows))
    return Question(
        question_id,
        _question_name(ledger, question_id),
        formats.clean(population),
        tuple(sorted((one for one in made if one.polls), key=lambda one: one.options)),
        merge(origin_of(ledger, "polls", row) for row in rows if row["subgroup"] == "all"),
    )


def _question_name(ledger: Ledger, question_id: str) -> str:
    """Return a question's id as words, a leading country code as the partner's name."""
    head, _, rest = question_id.partition("-")
    partner = next((p.name for p in ledger.about.partners if p.country.lower() == head), None)
    if partner and rest:
        return f"{formats.clean(partner)}: {rest.replace('-', ' ')}"
    return formats.clean(humanise(ledger, question_id))


def _wording(ledger: Ledger, name: str, rows: list[dict[str, Any]]) -> Wording:
    whole = [row for row in rows if row["subgroup"] == "all"]
    by_poll: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in whole:
        by_poll.setdefault((row["pollster"], row["fieldwork_end"], row["source_id"]), []).append(row)
    polls = sorted((_poll(ledger, held) for held in by_poll.values()), key=lambda one: one.day)
    offered = {answer.option for poll in polls for answer in poll.answers if answer.substantive}
    words = formats.capitalise(formats.clean(name).replace("-", " ").replace("_", " "))
    return Wording(words, len(offered), tuple(polls), len({row["subgroup"] for row in rows} - {"all"}))


def _poll(ledger: Ledger, rows: list[dict[str, Any]]) -> Poll:
    first = rows[0]
    when = first["fieldwork_end"]
    start = first["fieldwork_start"]
    return Poll(
        pollster=formats.capitalise(formats.clean(humanise(ledger, first["pollster"]))),
        when=_fieldwork(start, when),
        day=parse_date(when).latest,
        sample=first["sample_size"],
        mode=formats.clean(first["mode"]).upper(),
        population=formats.clean(first["population"]),
        answers=tuple(_answer(ledger, row) for row in rows),
    )


def _fieldwork(start: str | None, end: str) -> str:
    """Return the days of fieldwork in words, the month said once.

    Examples
    --------
    >>> _fieldwork("2024-06-24", "2024-06-26")
    '24–26 June 2024'
    """
    if not start or start == end:
        return formats.date(end)
    if len(start) == len(end) == 10 and start[:7] == end[:7]:
        return f"{int(start[8:])}–{formats.date(end)}"
    return f"{formats.date(start)} to {formats.date(end)}"


def _answer(ledger: Ledger, row: dict[str, Any]) -> Answer:
    share, size = row["percent"], row["sample_size"]
    half = 196 * math.sqrt(share / 100 * (1 - share / 100) / size) if size else 0.0
    option = formats.clean(row["option"]).replace("_", " ").replace("-", " ")
    substantive = not _NO_OPINION.search(option)
    low, high = max(0.0, share - half), min(100.0, share + half)
    return Answer(option, share, low, high, substantive, origin_of(ledger, "polls", row))


def find_views(ledger: Ledger) -> tuple[View, ...]:
    """Return the newest view of each threat by each perceiver."""
    newest: dict[tuple[str, str], dict[str, Any]] = {}
    for row in sorted(ledger.rows("threats"), key=lambda one: parse_date(one["as_of"]).latest):
        newest[row["threat"], row["perceiver"]] = row
    return tuple(
        View(
            formats.capitalise(formats.clean(row["label"]) or humanise(ledger, threat)),
            formats.clean(ledger.name_of(who)), row["likelihood"],
            row["likelihood"] if row["likelihood_low"] is None else row["likelihood_low"],
            row["likelihood"] if row["likelihood_high"] is None else row["likelihood_high"],
            row["severity"], row["basis"] == "judgement", formats.clean(row["rationale"]),
            origin_of(ledger, "threats", row),
        )
        for (threat, who), row in newest.items()
    )  # fmt: skip


def widest_gap(views: tuple[View, ...], partners: tuple[str, ...]) -> tuple[View, View] | None:
    """Return the views of the two partners on the threat they see most differently; None where they cannot be compared."""
    if len(partners) != 2:
        return None
    held = {(view.threat, view.who): view for view in views}
    pairs = [
        (held[threat, partners[0]], held[threat, partners[1]])
        for threat in dict.fromkeys(view.threat for view in views)
        if (threat, partners[0]) in held and (threat, partners[1]) in held
    ]
    return max(pairs, key=lambda pair: abs(pair[0].likelihood - pair[1].likelihood), default=None)
