"""What is contested: rivals side by side, what does not add up, and claims that the rows do not bear out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pactwork.brief import formats
from pactwork.brief.origins import Fact, Origin, fact_of, origin_of
from pactwork.errors import Problem
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
    """Everything the section shows. ``claims`` are the contested ones of ``claim_count``."""

    disputes: tuple[Dispute, ...]
    discrepancies: tuple[Discrepancy, ...]
    claims: tuple[Claim, ...]
    claim_count: int


def find_contested(ledger: Ledger) -> Contested:
    """Return what disagrees, what does not add up, and which claims are contested."""
    conflicts = ledger.conflicts()
    disputes = tuple(
        Dispute(
            formats.clean(humanise(ledger, conflict.subject)),
            _measure_words(ledger, conflict.measure),
            conflict.reason,
            tuple(_rival(ledger, figure) for figure in conflict.figures),
        )
        for conflict in conflicts
    )
    rows = {(figure.table, figure.line) for conflict in conflicts for figure in conflict.figures}
    rest = (one for one in ledger.discrepancies if not _is_rivalry(ledger, one, rows))
    claims = list(ledger.rows("claims"))
    contested = tuple(
        Claim(formats.clean(row["text"]), formats.clean(row["kind"]), formats.clean(row["standing"]),
              formats.clean(row["note"]), origin_of(ledger, "claims", row))
        for row in claims if row["standing"] == "contested"
    )  # fmt: skip
    return Contested(disputes, tuple(_discrepancy(ledger, one) for one in rest), contested, len(claims))


def humanise(ledger: Ledger, identifier: str) -> str:
    """Return the human name of an id; an id that names nothing, with its hyphens as spaces."""
    name = ledger.name_of(identifier)
    return formats.capitalise(identifier.replace("-", " ")) if name == identifier else name


def _measure_words(ledger: Ledger, measure: str) -> str:
    known = ledger.measures.get(measure)
    return formats.clean(known.label if known else measure)


def _rival(ledger: Ledger, figure: Figure) -> Rival:
    chosen = ledger.figure(figure.subject, figure.measure, figure.days.latest) if figure.table == "figures" else None
    source = ledger.sources.get(figure.source_id)
    return Rival(
        fact_of(ledger, figure),
        formats.date(figure.as_of),
        formats.clean(source.title if source else figure.source_id),
        chosen is not None and chosen.line == figure.line,
    )


def _is_rivalry(ledger: Ledger, one: Problem, rows: set[tuple[str, int]]) -> bool:
    """Return whether a discrepancy only says that figures disagree, which the disputes show in full."""
    place = _place(ledger, one.where)
    return place in rows and one.fix.startswith("kept: different values")


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
        row = next((r for r in ledger.rows(place[0]) if r["line"] == place[1]), None) if place else None
        if place and row and row.get("source_id"):
            origins.append(origin_of(ledger, place[0], row))
    words = (formats.clean(text) for text in (one.where, one.found, one.expected, one.fix))
    return Discrepancy(*words, tuple(dict.fromkeys(origins)))
