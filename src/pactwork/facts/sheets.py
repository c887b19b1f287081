"""Tables written as the sheets of a workbook: with descriptions, drop-downs, and nothing that can run."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from pactwork.errors import CaseError, Problem, quoted
from pactwork.facts.schema import Column, DataPackage, TableDeclaration
from pactwork.facts.writing import write_atomically

READ_ME = "Read me"
"""Title of the sheet that explains; it is no table."""

_LAST_ROW = 1_048_576
_LONGEST_CELL = 32_767
_LONGEST_LIST = 250
_SHORT_LIST = 12
_TEXT = "@"
_HEADER_FILL = PatternFill("solid", fgColor="FFDCE6F1")
# Characters XML cannot hold, or would change; spreadsheet programs write them as _xHHHH_.
_ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")
_NEEDS_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_RUNS = ("=", "+", "-", "@", "\t", "\r")
_GUIDE = (
    "One sheet is one table; one row is one fact; one cell is one value. Leave a cell empty where nothing is known.",
    "Hover over a heading to read what the column holds. Columns with a closed list have a drop-down.",
    "Dates are text in the form year-month-day, as exact as the source: 2024-10-31, 2024-10, 2024, 2025~ (about), "
    "2022-08/2025 (a window), 2024-34 (second quarter). Cells are formatted as text so that they stay as typed.",
    "Numbers carry no hedges: 'almost 8,000' is 8000 with the qualifier 'about'.",
    "Every fact names its source (source_id, a row of the sheet 'sources') and the place in it (locator).",
    "Never overwrite a fact that has changed: add a row with its own as_of.",
    "Merged cells, and sheets of your own, are not read; formulas count with the value they show.",
    "Then run: pactwork check FOLDER",
)


def sheet_title(name: str) -> str:
    """Return a table's name as a sheet may be called: at most 31 characters, none of the forbidden ones."""
    return re.sub(r"[\[\]:*?/\\]", "-", name)[:31]


def escape(text: str) -> str:
    r"""Return text with what XML cannot hold written as _xHHHH_.

    Examples
    --------
    >>> escape("a\x01b")
    'a_x0001_b'
    """
    return _NEEDS_ESCAPE.sub(lambda match: f"_x{ord(match[0]):04X}_", text)


def unescape(text: str) -> str:
    """Return text with _xHHHH_ read back.

    Examples
    --------
    >>> unescape(escape("_x0041_"))
    '_x0041_'
    """
    return _ESCAPED.sub(lambda match: chr(int(match[0][2:6], 16)), text)


def write_workbook(tables: Mapping[str, pl.DataFrame], package: DataPackage, path: Path) -> None:
    """Write tables as one workbook, a sheet each, behind a sheet that explains.

    Text is written as text, also where it begins like a formula, so that no cell can run.

    Parameters
    ----------
    tables : mapping of str to polars.DataFrame
        Table name to its rows; a name that the package does not declare is written without descriptions.
    package : DataPackage
        Descriptions and closed lists.
    path : Path
        The workbook to write; replaced as a whole, or left as it was.

    Raises
    ------
    CaseError
        When a cell cannot be held by a spreadsheet, or the place cannot be written.
    """
    write_atomically(path, make_workbook(tables, package))


def make_workbook(tables: Mapping[str, pl.DataFrame], package: DataPackage) -> bytes:
    """Return the workbook as bytes; see `write_workbook`."""
    problems = [problem for name, frame in tables.items() for problem in _find_unholdable(name, frame)]
    if problems:
        raise CaseError(problems)
    declared = {table.name: table for table in package.resources}
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    guide = book.create_sheet(READ_ME)
    present = [declared[name] for name in tables if name in declared]
    lists = _write_guide(guide, package, present)
    for name, frame in tables.items():
        sheet = book.create_sheet(sheet_title(name))
        _write_rows(sheet, frame)
        if name in declared:
            _dress(sheet, frame.columns, declared[name], lists)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _find_unholdable(name: str, frame: pl.DataFrame) -> Iterable[Problem]:
    """Yield cells that a spreadsheet would cut or lose."""
    for column in frame.get_columns():
        for row, value in enumerate(column, start=2):
            where = f"{name}:{row} {column.name}"
            if isinstance(value, str) and len(escape(value)) > _LONGEST_CELL:
                found, expected = f"{len(value):,} characters", f"at most {_LONGEST_CELL:,}"
                yield Problem(where, found, expected, "shorten the text, or keep the table as CSV")
            elif isinstance(value, float) and not math.isfinite(value):
                yield Problem(where, quoted(value), "a number", "correct the number")
    if frame.height >= _LAST_ROW:
        yield Problem(name, f"{frame.height:,} rows", f"fewer than {_LAST_ROW:,}", "keep the table as CSV")


def _write_rows(sheet: Any, frame: pl.DataFrame) -> None:
    for position, name in enumerate(frame.columns, start=1):
        _put(sheet, 1, position, name)
    for number, row in enumerate(frame.iter_rows(), start=2):
        for position, value in enumerate(row, start=1):
            if value is not None:
                _put(sheet, number, position, value)


def _put(sheet: Any, row: int, column: int, value: object) -> None:
    """Write one cell: text stays text, and a number that the file form would round is written as text."""
    cell = sheet.cell(row, column)
    if isinstance(value, float) and float(f"{value:.16g}") != value:
        value = repr(value)
    if isinstance(value, bool | int | float):
        cell.value = value
        return
    text = escape(str(value))
    cell.value = text
    cell.data_type = "s"  # or the library takes a leading '=' for a formula, and '#N/A' for an error
    cell.number_format = _TEXT
    if text.startswith(_RUNS):
        cell.quotePrefix = True


def _dress(sheet: Any, columns: list[str], table: TableDeclaration, lists: Mapping[tuple[str, str], str]) -> None:
    """Give a sheet its frozen header, descriptions, widths, text columns and drop-downs."""
    sheet.freeze_panes = "A2"
    if columns:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{max(1, sheet.max_row)}"
    for position, name in enumerate(columns, start=1):
        letter = get_column_letter(position)
        cell = sheet.cell(1, position)
        cell.fill = _HEADER_FILL
        if name not in table.columns:
            continue
        column = table.column(name)
        cell.font = Font(bold=column.required)
        comment = Comment(escape(describe_column(column)), "pactwork")
        comment.width, comment.height = 320, 140
        cell.comment = comment
        sheet.column_dimensions[letter].width = _width(column)
        if column.type == "string":
            sheet.column_dimensions[letter].number_format = _TEXT
        source = lists.get((table.name, name))
        if source:
            rule = DataValidation(type="list", formula1=source, allow_blank=not column.required)
            rule.errorTitle, rule.error = "Not in the list", f"Choose one of the values of {name}."
            rule.add(f"{letter}2:{letter}{_LAST_ROW}")
            sheet.add_data_validation(rule)


def describe_column(column: Column, *, every_value: bool = False) -> str:
    """Return what a column holds, in the words a person filling it in needs; long lists only where asked for."""
    forms = {
        "edtf": "A date: 2024-10-31, 2024-10, 2024, 2025~, 2022-08/2025.",
        "list": "Several values: separate them by ';'.",
    }
    parts = [column.description, "Required." if column.required else "May be empty."]
    parts.append(forms.get(column.form or "", ""))
    low, high = column.constraints.minimum, column.constraints.maximum
    if low is not None or high is not None:
        parts.append(f"{_bounds(low, high)}.")
    if column.categories and (every_value or len(column.categories) <= _SHORT_LIST):
        parts.append("One of: " + ", ".join(category.value for category in column.categories) + ".")
    elif column.categories:
        parts.append(f"One of {len(column.categories)} values: see the drop-down.")
    if column.references:
        parts.append(f"An id of {' or '.join(dict.fromkeys(r.partition('.')[0] for r in column.references))}.")
    return " ".join(part for part in parts if part)


def _bounds(low: float | None, high: float | None) -> str:
    if low is None:
        return f"At most {high:g}"
    return f"At least {low:g}" if high is None else f"{low:g} to {high:g}"


def _width(column: Column) -> int:
    if column.name in ("note", "summary", "text", "title", "rationale", "wording", "licence"):
        return 50
    if column.name in ("name", "locator", "url", "parties", "actors", "evidence"):
        return 32
    return max(11, min(24, len(column.name) + 3))


def _write_guide(sheet: Any, package: DataPackage, tables: Iterable[TableDeclaration]) -> dict[tuple[str, str], str]:
    """Fill the sheet that explains, and return where the drop-down of each closed list gets its values."""
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 22, 110
    _put(sheet, 1, 1, package.title or package.name)
    sheet.cell(1, 1).font = Font(bold=True, size=14)
    row = 3
    for line in _GUIDE:
        _put(sheet, row, 2, line)
        sheet.cell(row, 2).alignment = Alignment(wrap_text=True, vertical="top")
        row += 1
    row += 1
    for table in tables:
        _put(sheet, row, 1, table.name)
        _put(sheet, row, 2, f"{table.title}: {table.description}")
        sheet.cell(row, 1).font = Font(bold=True)
        sheet.cell(row, 2).alignment = Alignment(wrap_text=True, vertical="top")
        row += 1
    return _write_lists(sheet, tables)


def _write_lists(sheet: Any, tables: Iterable[TableDeclaration]) -> dict[tuple[str, str], str]:
    """Write closed lists too long for a cell rule beside the guide; equal lists once."""
    sources: dict[tuple[str, str], str] = {}
    written: dict[tuple[str, ...], str] = {}
    position = 4
    for table in tables:
        for column in table.fields:
            values = tuple(category.value for category in column.categories)
            if not values:
                continue
            inline = ",".join(values)
            if len(inline) <= _LONGEST_LIST and not any(char in value for value in values for char in ',"'):
                sources[table.name, column.name] = f'"{inline}"'
                continue
            if values not in written:
                letter = get_column_letter(position)
                _put(sheet, 1, position, f"{table.name}.{column.name}")
                for offset, category in enumerate(column.categories, start=2):
                    _put(sheet, offset, position, category.value)
                    _put(sheet, offset, position + 1, category.description or category.label)
                written[values] = f"'{READ_ME}'!${letter}$2:${letter}${len(values) + 1}"
                sheet.column_dimensions[letter].width = 26
                position += 3
            sources[table.name, column.name] = written[values]
    return sources
