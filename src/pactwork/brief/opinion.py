"""Opinion: polls by question and wording, and how each partner is judged to see the threats."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from pactwork.brief import formats
from pactwork.brief.origins import Origin, merge, origin_of
from pactwork.facts.dates import parse_date
from pactwork.facts.ledger import Ledger

_NO_OPINION = re.compile(
    r"don.?t.?know|dont.?know|^dk\b|no.?(opinion|answer)|refus|undecided|hard.?to.?say|unsure", re.IGNORECASE
)


_SHORT_WORDS = {"as", "at", "be", "by", "do", "in", "is", "no", "of", "on", "or", "to", "we"}


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
        return all(one.origin.grade[0] <= "C" and one.origin.grade[1:] <= "3" for one in self.answers if not one.rival)

    @property
    def probable(self) -> bool:
        """Whether every share that stands is at least probably true (digit 1 or 2): such polls are named first."""
        return self.well_graded and all(one.origin.grade[1:] <= "2" for one in self.answers if not one.rival)


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
    population = max(
        dict.fromkeys(row["population"] for row in rows), key=lambda one: sum(r["population"] == one for r in rows)
    )
    return Question(
        question_id,
        _topic(ledger, rows) or question_name(ledger, question_id),
        _population(ledger, population),
        tuple(sorted((one for one in made if one.polls), key=lambda one: one.options)),
        merge(origin_of(ledger, "polls", row) for row in rows if row["subgroup"] == "all"),
    )


def _topic(ledger: Ledger, rows: list[dict[str, Any]]) -> str:
    """Return the topic as the case words it, after the name of the partner whose people were asked."""
    topic = next((formats.clean(row["topic"]) for row in rows if row["topic"]), "")
    partner = question_name(ledger, rows[0]["question_id"]).partition(": ")
    return f"{partner[0]}: {topic}" if topic and partner[1] else topic


def question_name(ledger: Ledger, question_id: str) -> str:
    """Return a question's id as words, a leading country code as the partner's name."""
    head, _, rest = question_id.partition("-")
    partner = next((p.name for p in ledger.about.partners if p.country.lower() == head), None)
    if partner and rest:
        return f"{formats.clean(partner)}: {formats.capitalise(spell_out(ledger, rest))}"
    return formats.capitalise(spell_out(ledger, question_id))


def _population(ledger: Ledger, population: str) -> str:
    """Return who was asked, a leading country code as the partner's name."""
    head, _, rest = formats.clean(population).partition(" ")
    partner = next((p.name for p in ledger.about.partners if p.country == head), None)
    return f"{rest}, {formats.clean(partner)}" if partner and rest else formats.clean(population)


def spell_out(ledger: Ledger, identifier: str) -> str:
    """Return an id as words, with the names of actors and systems in it spelt as names."""
    parts = [part for part in re.split(r"[-_\s]+", formats.clean(identifier)) if part]
    words, at = [], 0
    while at < len(parts):
        for length in (3, 2, 1):
            token = "-".join(parts[at : at + length])
            name = ledger.name_of(token)
            if name != token:
                break
        words.append(formats.clean(name) if name != token else _spell_short(token))
        at += length
    return " ".join(words)


def _spell_short(word: str) -> str:
    """Return an abbreviation in capitals: "dprk", "us"; other words as they are."""
    short = len(word) == 2 and word not in _SHORT_WORDS
    return word.upper() if short or (len(word) > 1 and word.isalpha() and not re.search("[aeiouy]", word)) else word


def _pollster(ledger: Ledger, identifier: str) -> str:
    name = ledger.name_of(identifier)
    if name != identifier:
        return formats.clean(name)
    parts = [_spell_short(part) for part in re.split(r"[-_\s]+", formats.clean(identifier)) if part]
    if len(parts) == 1 and len(parts[0]) <= 4:
        return parts[0].upper()
    return " ".join(formats.capitalise(part) for part in parts)


def _wording(ledger: Ledger, name: str, rows: list[dict[str, Any]]) -> Wording:
    whole = [row for row in rows if row["subgroup"] == "all"]
    by_poll: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in whole:
        by_poll.setdefault((row["pollster"], row["fieldwork_end"]), []).append(row)
    polls = sorted((_poll(ledger, held) for held in by_poll.values()), key=lambda one: one.day)
    offered = {answer.option for poll in polls for answer in poll.answers if answer.substantive}
    subgroups = {row["subgroup"] for row in rows} - {"all"}
    asked = next((formats.clean(row["question"]) for row in rows if row["question"]), "") or spell_out(ledger, name)
    return Wording(formats.capitalise(asked), len(offered), tuple(polls), len(subgroups))


def _poll(ledger: Ledger, rows: list[dict[str, Any]]) -> Poll:
    first = rows[0]
    when = first["fieldwork_end"]
    start = first["fieldwork_start"]
    return Poll(
        pollster=_pollster(ledger, first["pollster"]),
        when=formats.date(f"{start}/{when}" if start else when),
        day=parse_date(when).latest,
        sample=first["sample_size"],
        mode=formats.clean(first["mode"]).upper(),
        population=formats.clean(first["population"]),
        answers=tuple(_rank_answers(ledger, rows)),
    )


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
    option = formats.clean(row["option"]).replace("_", " ").replace("-", " ").replace("dont know", "don’t know")
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
