"""Numbers in the tables of the brief, read back as they are shown: 1,234, −0.5 ± 0.2, 34%."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pactwork.brief.forms.document import Cell, Table, plain
from pactwork.brief.tabulating import Column, Data, Value, describe
from pactwork.brief.words import say

_NUMBER = r"([+−-]?\d[\d,]*(?:\.\d+)?)"
_SHAPES = {
    "plain": re.compile(rf"^{_NUMBER}$"),
    "percent": re.compile(rf"^{_NUMBER}\s?%$"),
    "error": re.compile(rf"^{_NUMBER} ± {_NUMBER}$"),
}


@dataclass(frozen=True)
class _Shown:
    """What a cell shows: its first line, and what else it says."""

    first: str
    more: str


def read_table(table: Table) -> Data | None:
    """Return a table's cells as data; None where there is no number in it.

    Notes
    -----
    A column is one of numbers where every cell that says something is a number of the same shape. A number with its
    error becomes two columns. What stands under a number, such as how it was counted, becomes a column of its own.
    """
    heads = [plain(tuple(run for one in cell.blocks for run in one.runs)) for cell in table.header]
    heads += [say("column.unnamed", number=at + 1) for at in range(len(heads), table.columns)]
    columns: list[Column] = []
    values: list[list[Value]] = []
    for at, head in enumerate(heads):
        shown = [_show(row[at]) if at < len(row) else _Shown("", "") for row in table.rows]
        shape = _find_shape([one.first for one in shown])
        for column, cells in _read_column(head, shape, shown):
            columns.append(_rename(column, columns))
            values.append(cells)
    if not any(isinstance(one, float) or (isinstance(one, str) and re.search(r"\d", one)) for cells in values
               for one in cells):  # fmt: skip
        return None
    sources = [_list_sources(row) for row in table.rows]
    if any(sources):
        columns.append(_rename(describe("sources", "sources_of_row"), columns))
        values.append([one or None for one in sources])
    return Data(tuple(columns), tuple(zip(*values, strict=True)))


def _read_column(head: str, shape: str, shown: Sequence[_Shown]) -> list[tuple[Column, list[Value]]]:
    if not shape:
        texts: list[Value] = [f"{one.first}; {one.more}" if one.more else one.first or None for one in shown]
        return [(describe(head, "as_shown"), texts)]
    unit = "percent" if shape == "percent" else ""
    found = [_SHAPES[shape].match(one.first) for one in shown]
    firsts: list[Value] = [_value(match[1]) if match else None for match in found]
    made = [(describe(f"{head} (%)" if unit else head, "as_shown_rounded", unit), firsts)]
    if shape == "error":
        errors: list[Value] = [_value(match[2]) if match else None for match in found]
        made.append((describe(say("column.error_of", head=head), "as_shown_error"), errors))
    if any(one.more for one in shown):
        made.append(
            (describe(say("column.note_of", head=head), "beside_the_number"), [one.more or None for one in shown])
        )
    return made


def _find_shape(texts: Sequence[str]) -> str:
    """Return the shape that all cells have which say something; nothing where there is none."""
    unknown = {"", "–", "-", say("on_standing.not_known"), say("number.unknown")}
    said = [one for one in texts if one not in unknown]
    return next((name for name, shape in _SHAPES.items() if said and all(shape.match(one) for one in said)), "")


def _value(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-"))


def _show(cell: Cell) -> _Shown:
    lines = [plain(one.runs) for one in cell.blocks]
    lines = [one for one in lines if one]
    return _Shown(lines[0] if lines else "", "; ".join(lines[1:]))


def _list_sources(row: Sequence[Cell]) -> str:
    tags = [run for cell in row for one in cell.blocks for run in one.runs if run.kind in ("tag", "judged")]
    named = [f"{run.link.removeprefix('#src-')} {run.text}" for run in tags if run.link.startswith("#src-")]
    return "; ".join(dict.fromkeys(named))


def _rename(column: Column, taken: Sequence[Column]) -> Column:
    """Return a column under a name that no other has."""
    names, name, at = {one.name for one in taken}, column.name or "column", 2
    while name in names:
        name, at = f"{column.name or 'column'} {at}", at + 1
    return Column(name, column.description, column.unit)
