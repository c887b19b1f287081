"""What is contested: rivals side by side, what does not add up, and claims that other sources put differently."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pactwork.brief import formats
from pactwork.brief.naming import measure_label, pollster_name, spell_out, subject_name, topic_name
from pactwork.brief.origins import Fact, Origin, fact_of, origin_of
from pactwork.errors import Problem
from pactwork.facts.checks.counts import TRANSPORTS
from pactwork.facts.figures import Figure
from pactwork.facts.ledger import Ledger


@dataclass(frozen=True)
class Rival:
    """One of several figures that cannot all be right."""

    value: Fact
    as_of: str
    source: str
    stands: bool


@dataclass(frozen=True)
class Dispute:
    """Figures about the same thing that disagree."""

    subject: str
    measure: str
    reason: str
    rivals: tuple[Rival, ...]


@dataclass(frozen=True)
class Discrepancy:
    """One place where the world does not add up."""

    about: str
    where: str
    found: str
    expected: str
    fix: str
    origins: tuple[Origin, ...]


@dataclass(frozen=True)
class Claim:
    """One statement of a source, and whether the rows bear it out."""

    text: str
    kind: str
    standing: str
    note: str
    origin: Origin


@dataclass(frozen=True)
class Contested:
    """Everything the section shows.

    ``gaps`` are counts of deliveries without a transport on record; ``claims`` are the contested ones of
    ``claim_count``.
    """

    disputes: tuple[Dispute, ...]
    discrepancies: tuple[Discrepancy, ...]
    gaps: tuple[Discrepancy, ...]
    claims: tuple[Claim, ...]
    claim_count: int


def find_contested(ledger: Ledger) -> Contested:
    """Return what disagrees, what does not add up, and which claims are contested."""
    conflicts = ledger.conflicts()
    disputes = tuple(
        Dispute(
            _subject(ledger, conflict.figures[0]),
            _measure_words(ledger, conflict.figures[0]),
            formats.clean(conflict.reason),
            _rivals(ledger, conflict.figures),
        )
        for conflict in conflicts
    )
    rows = {(figure.table, figure.line): conflict.reason for conflict in conflicts for figure in conflict.figures}
    rest = [one for one in ledger.discrepancies if not _is_rivalry(ledger, one, rows)]
    gaps = tuple(_discrepancy(ledger, one) for one in rest if one.expected.endswith(TRANSPORTS))
    apart = tuple(_discrepancy(ledger, one) for one in rest if not one.expected.endswith(TRANSPORTS))
    claims = list(ledger.rows("claims"))
    contested = tuple(
        Claim(formats.clean(row["text"]), formats.clean(row["kind"]), formats.clean(row["standing"]),
              formats.clean(row["note"]), origin_of(ledger, "claims", row))
        for row in claims if row["standing"] == "contested"
    )  # fmt: skip
    return Contested(disputes, apart, gaps, contested, len(claims))


def _measure_words(ledger: Ledger, figure: Figure) -> str:
    if figure.measure in ledger.measures:
        return measure_label(ledger, figure)
    option, _, rest = figure.measure.partition(" (")  # a poll: the answer, then pollster, wording and subgroup
    pollster, _, group = rest.rstrip(")").replace(", all", "").partition(", ")
    words = [pollster_name(ledger, pollster), *(spell_out(ledger, part) for part in group.split(", ")[1:])]
    answer = formats.option_words(option)
    return f"{answer} ({', '.join(words)})" if pollster else answer


def _subject(ledger: Ledger, figure: Figure) -> str:
    """Return what a figure is about; a lot by the instrument that orders it, since lots have no names of their own."""
    if figure.table == "polls":
        rows = [row for row in ledger.rows("polls") if row["question_id"] == figure.subject]
        return topic_name(ledger, rows)
    return subject_name(ledger, figure.subject)


def _rivals(ledger: Ledger, figures: tuple[Figure, ...]) -> tuple[Rival, ...]:
    standing = [_stands(ledger, figure) for figure in figures]
    alone = sum(standing) == 1  # figures of different days may each stand on their own day: that tells nothing here
    sources = [ledger.sources.get(figure.source_id) for figure in figures]
    return tuple(
        Rival(fact_of(ledger, figure), formats.date(figure.as_of),
              formats.clean(source.title if source else figure.source_id), stands and alone)
        for figure, source, stands in zip(figures, sources, standing, strict=True)
    )  # fmt: skip


def _stands(ledger: Ledger, figure: Figure) -> bool:
    if figure.table != "figures":
        return False
    chosen = ledger.figure(figure.subject, figure.measure, figure.days.latest)
    return chosen is not None and chosen.line == figure.line


def _is_rivalry(ledger: Ledger, one: Problem, rows: dict[tuple[str, int], str]) -> bool:
    """Return whether a discrepancy only says that figures disagree, which the disputes show in full."""
    place = _place(ledger, one.where)
    return place is not None and place in rows and one.fix == f"kept: {rows[place]}"


def _place(ledger: Ledger, where: str) -> tuple[str, int] | None:
    found = re.match(r"(?P<path>[^:\s]+):(?P<line>\d+)", where)
    if not found:
        return None
    table = next((r.name for r in ledger.package.resources if ledger.path_of(r.name) == found["path"]), None)
    return (table, int(found["line"])) if table else None


def _discrepancy(ledger: Ledger, one: Problem) -> Discrepancy:
    origins = []
    for match in re.finditer(r"[\w./\-]+\.csv:\d+", f"{one.where} {one.found} {one.expected} {one.fix}"):
        place = _place(ledger, match[0])
        row = ledger.row(*place) if place else None
        if place and row and row.get("source_id"):
            origins.append(origin_of(ledger, place[0], row))
    words = [_name_ids(ledger, formats.clean(text)) for text in (one.found, one.expected, one.fix)]
    place = _place(ledger, one.where)
    row = (ledger.row(*place) if place else None) or {}
    subject = next((row[key] for key in ("subject", "system_id", "question_id") if row.get(key)), "")
    about = subject_name(ledger, subject) if subject else ""
    found, expected, fix = words
    where = formats.clean(one.where)
    return Discrepancy(about, where, found, expected, fix, tuple(dict.fromkeys(origins)))


def _name_ids(ledger: Ledger, text: str) -> str:
    """Return a message with ids and dates in it spelt out; ids of sources go, since a tag names the source."""
    instruments, actors, lots = (ledger.current(table) for table in ("instruments", "actors", "lots"))

    def name(match: re.Match[str]) -> str:
        token = match[0]
        if token in lots:
            return formats.clean(ledger.name_of(lots[token]["instrument_id"] or "")) or formats.clean(
                ledger.name_of(token)
            )
        if token in instruments or token in actors:
            return f"“{formats.clean(ledger.name_of(token))}”"
        if re.fullmatch(r"\d{4}-\d{2}(-\d{2})?(/\S+)?", token):
            return formats.date(token)
        return ledger.measures[token].label.lower() if token in ledger.measures and "_" in token else token

    bare = re.sub(r" \(([a-z0-9.\-]+)(, [A-F][1-6])?\)", lambda m: "" if m[1] in ledger.sources else m[0], text)
    return re.sub(r"[a-z0-9][a-z0-9._/\-]*[a-z0-9]", name, bare)
