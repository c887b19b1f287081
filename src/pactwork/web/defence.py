"""One row in full: every cell, its source and grade in words, and of a figure why it stands and its rivals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pactwork.brief import formats
from pactwork.facts.figures import Conflict, Figure, Source
from pactwork.facts.ledger import Ledger
from pactwork.web.cases import OpenCase
from pactwork.web.evidence import Row, list_rows
from pactwork.web.problems import unknown

DIGITS = {
    "1": "confirmed", "2": "probably true", "3": "possibly true", "4": "doubtful", "5": "improbable",
    "6": "cannot be judged",
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One cell: column, what it holds, what the column means."""

    column: str
    text: str
    meaning: str


@dataclass(frozen=True)
class Beside:
    """Another figure about the same: its row, and what it is to this one."""

    row: Row
    role: str
    reason: str


@dataclass(frozen=True)
class Defence:
    """A row with all that is needed to defend it.

    ``why`` says why the figure stands or what stands in its place; ``rivals`` are the other figures about the same
    subject and measure; ``link`` is the source's address where it is one that may be opened.
    """

    row: Row
    title: str
    cells: tuple[Cell, ...]
    source: Source | None
    kind: str
    link: str
    letter: str
    digit: str
    why: str
    rivals: tuple[Beside, ...]
    cited: int


def defend_row(opened: OpenCase, identifier: str) -> Defence:
    """Return a row in full; a 404 where the case has none there."""
    row = list_rows(opened).get(identifier)
    if row is None:
        raise unknown("row", identifier, "a row of the case", "the file may have changed; look for it anew")
    return opened.remember(("defence", identifier), lambda: _defend(opened, row))


def _defend(opened: OpenCase, row: Row) -> Defence:
    ledger = opened.ledger
    held = ledger.row(row.table, row.line)
    assert held is not None
    declared = ledger.package.table(row.table)
    cells = tuple(
        Cell(column.name, _spell(held[column.name]), column.description)
        for column in declared.fields
        if held.get(column.name) is not None
    )
    source = ledger.sources.get(row.source_id)
    letters = ledger.package.categories("sources", "reliability")
    kinds = ledger.package.categories("sources", "kind")
    letter = letters.get(row.grade[:1])
    why, rivals = _weigh(opened, row) if row.table == "figures" else ("", ())
    return Defence(
        row=row, title=declared.title or row.table, cells=cells, source=source,
        kind=(kinds[source.kind].label or source.kind) if source and source.kind in kinds else "",
        link=formats.web_link(source.url if source else held.get("url")), letter=letter.label if letter else "",
        digit=DIGITS.get(row.grade[1:], ""), why=why, rivals=rivals,
        cited=sum(one.source_id == (row.source_id or held.get("source_id")) for one in list_rows(opened).values()
                  if one.table != "sources"),
    )  # fmt: skip


def _spell(cell: Any) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return formats.number(cell, 12) if isinstance(cell, float) else formats.clean(cell)


def _weigh(opened: OpenCase, row: Row) -> tuple[str, tuple[Beside, ...]]:
    """Return why a figure stands or does not, and the others about the same subject and measure."""
    ledger, rows = opened.ledger, list_rows(opened)
    mine = next((one for one in ledger.figures() if one.line == row.line), None)
    if mine is None:
        return "It lacks a subject, a measure, a date, a value or a unit, so that it cannot stand.", ()
    standing = ledger.figure(mine.subject, mine.measure)
    reasons = _reasons(ledger.conflicts(), mine)
    others = [one for one in ledger.figures(mine.subject, mine.measure) if one.line != mine.line]
    beside = []
    for one in sorted(others, key=lambda figure: figure.days.latest, reverse=True):
        role = "stands" if standing and one.line == standing.line else "rival" if one.line in reasons else "other"
        held = rows.get(f"{ledger.path_of('figures')}:{one.line}")
        if held is not None:
            beside.append(Beside(held, role, reasons.get(one.line, "")))
    return _say_why(ledger, mine, standing), tuple(beside)


def _say_why(ledger: Ledger, mine: Figure, standing: Figure | None) -> str:
    if standing is not None and standing.line == mine.line:
        return f"It stands: {standing.why}."
    if mine.rank == "deprecated":
        return "It is marked deprecated in the case, so it never stands" + (f": {mine.note}" if mine.note else "") + "."
    if standing is None:
        return "Nothing stands: no figure about this describes a time that is over."
    words = formats.quantity(standing.value, standing.unit, ledger.units, standing.qualifier)
    return (
        f"Another stands in its place: {words}, {formats.date(standing.as_of)}, graded {standing.grade} "
        f"({standing.why})."
    )


def _reasons(conflicts: tuple[Conflict, ...], mine: Figure) -> dict[int, str]:
    """Return what contradicts a figure, by line, and why both cannot be right."""
    return {
        one.line: conflict.reason
        for conflict in conflicts
        if any(held.table == "figures" and held.line == mine.line for held in conflict.figures)
        for one in conflict.figures
        if one.table == "figures" and one.line != mine.line
    }
