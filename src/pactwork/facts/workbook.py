"""A case's tables in one workbook, a sheet each: read as text cells, written so that nothing in it can run."""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl

from pactwork.errors import CaseError, Problem, quoted
from pactwork.facts.reading import MAX_BYTES, RawTable, tabulate
from pactwork.facts.schema import DataPackage, TableDeclaration
from pactwork.facts.sheets import READ_ME, sheet_title, unescape, write_workbook

__all__ = ["read_workbook", "write_workbook"]

MAX_UNPACKED_BYTES = 128 * 1024 * 1024
"""Most that a workbook may hold when unpacked; a table of 100,000 rows stays below it."""

_MOST_COLUMNS = 500
_MOST_PROBLEMS = 200
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})\"")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")


def read_workbook(path: Path, package: DataPackage) -> dict[str, RawTable]:
    """Read the sheets that are tables of the package, as text cells, each row with its row number.

    Real dates become ``2024-10-31`` where the cell shows day, month and year; a cell that shows less (``Oct-24``)
    is a problem, since the spreadsheet program has already guessed. Formulas count with the value they last had.

    Parameters
    ----------
    path : Path
        The workbook.
    package : DataPackage
        Which tables there are.

    Returns
    -------
    dict
        Table name to its cells. Problems of a sheet are kept with it, under places such as ``facts.xlsx!lots:B12``.

    Raises
    ------
    CaseError
        When the workbook cannot be read as one, holds a sheet that is no table, or is far too large.
    """
    data, formulas, merged = _look_inside(path)
    tables: dict[str, RawTable] = {}
    strangers: list[Problem] = []
    known = {sheet_title(table.name).casefold(): table for table in package.resources}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the reader warns of decorations it drops, which hold no facts
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            twin = openpyxl.load_workbook(io.BytesIO(data), read_only=True) if formulas else None
            for title in book.sheetnames:
                table = known.get(title.strip().casefold())
                if table is not None and title in {sheet.title for sheet in book.worksheets}:
                    sheet = book[title]
                    shown = f"{path.name}!{table.name}"
                    problems = _find_merged(shown, merged.get(_member(sheet), ()))
                    other = twin[title] if twin is not None else None
                    tables[table.name] = _read_sheet(sheet, other, table, shown, problems)
                elif title.strip().casefold() != READ_ME.casefold():
                    strangers.append(_stranger(path.name, title, package))
    except Exception as error:  # the library leaks whatever a damaged part of the file makes it stumble over
        raise CaseError([_damaged(path.name, error)]) from error
    if strangers:
        raise CaseError(strangers + [problem for table in tables.values() for problem in table.problems])
    return tables


def _look_inside(path: Path) -> tuple[bytes, bool, dict[str, list[str]]]:
    """Return the file, whether any sheet has formulas, and the merged ranges of each part of the file.

    Raises
    ------
    CaseError
        When the file is no workbook, is protected, or would unpack into more than can be read.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            found, expected = f"{path.stat().st_size / 1e6:,.0f} MB", f"at most {MAX_BYTES // 2**20} MB"
            raise CaseError([Problem(path.name, found, expected, "remove what is no fact of the case")])
        data = path.read_bytes()
        if data.startswith(b"\xd0\xcf\x11\xe0"):
            found, fix = "a password-protected workbook, or an old .xls", "save it as .xlsx without password"
            raise CaseError([Problem(path.name, found, "an .xlsx workbook", fix)])
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
            if unpacked > MAX_UNPACKED_BYTES:
                found, expected = f"{unpacked / 1e6:,.0f} MB unpacked", f"at most {MAX_UNPACKED_BYTES // 2**20} MB"
                raise CaseError([Problem(path.name, found, expected, "remove what is no fact of the case")])
            sheets = [name for name in archive.namelist() if re.search(r"worksheets/[^/]+\.xml$", name)]
            texts = {name: archive.read(name) for name in sheets}
    except OSError as error:
        found = error.strerror or "an error"
        raise CaseError([Problem(path.name, found, "a workbook that can be read", "check the file")]) from error
    except CaseError:
        raise
    except Exception as error:  # zipfile leaks errors of its decompressors
        raise CaseError([_damaged(path.name, error)]) from error
    merged = {name: [ref.decode() for ref in _MERGED.findall(text)] for name, text in texts.items()}
    return data, any(_FORMULA.search(text) for text in texts.values()), merged


def _damaged(name: str, error: Exception) -> Problem:
    found = f"a file that is no workbook, or a damaged one ({type(error).__name__})"
    fix = "open it in the spreadsheet program and save it again as .xlsx"
    return Problem(name, found, "an .xlsx workbook", fix)


def _stranger(name: str, title: str, package: DataPackage) -> Problem:
    expected = f"{READ_ME!r}, or one of {', '.join(table.name for table in package.resources)}"
    fix = "rename the sheet, delete it, or declare it in datapackage.json"
    return Problem(f"{name}!{title}", "a sheet nobody declared", expected, fix)


def _member(sheet: Any) -> str:
    """Return the part of the file that holds a sheet; only the streaming reader's own field tells."""
    return str(getattr(sheet, "_worksheet_path", "")).lstrip("/")


def _find_merged(shown: str, ranges: list[str] | tuple[str, ...]) -> list[Problem]:
    fix = "unmerge them, and fill each cell"
    return [Problem(f"{shown}:{ref}", "merged cells", "one cell a value", fix) for ref in ranges[:_MOST_PROBLEMS]]


def _read_sheet(sheet: Any, twin: Any, table: TableDeclaration, shown: str, problems: list[Problem]) -> RawTable:
    """Read one sheet; the first row that holds anything is the header."""
    records = _records(sheet, twin, shown, problems)
    header = next(((line, cells) for line, cells in records if cells), None)
    if header is None:
        fix = "add the header row, or delete the sheet"
        problems.append(Problem(shown, "an empty sheet", "a header row", fix))
        return RawTable(table.name, shown, [], [], [], problems=problems)
    width = len(header[1])
    if width > _MOST_COLUMNS:
        found, expected = f"{width:,} columns", f"at most {_MOST_COLUMNS}"
        problems.append(Problem(f"{shown}:{header[0]}", found, expected, "delete what stands far to the right"))
        return RawTable(table.name, shown, [], [], [], problems=problems)
    padded = ((line, [*cells, *[""] * (width - len(cells))]) for line, cells in records if cells)
    return tabulate(table.name, shown, header[1], padded, decimal_comma=False, problems=problems)


def _records(sheet: Any, twin: Any, shown: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Yield (row number, text cells) with empty cells at the end cut off."""
    # What a sheet says of its own size is often wrong, and may be absurd.
    sheet.reset_dimensions()
    rows = sheet.iter_rows()
    formulas: Iterator[Any] = iter(())
    if twin is not None:
        twin.reset_dimensions()
        formulas = twin.iter_rows()
    for number, row in enumerate(rows, start=1):
        behind = next(formulas, ())
        cells = []
        for position, cell in enumerate(row, start=1):
            formula = behind[position - 1] if position <= len(behind) else None
            text, complaint = _read_cell(cell, formula)
            if complaint and len(problems) < _MOST_PROBLEMS:
                place = f"{shown}:{openpyxl.utils.get_column_letter(position)}{number}"
                problems.append(Problem(place, *complaint))
            cells.append(text)
        while cells and not cells[-1].strip():
            cells.pop()
        yield number, cells


_Complaint = tuple[str, str, str]


def _read_cell(cell: Any, formula: Any) -> tuple[str, _Complaint | None]:
    """Return a cell as text, or what was found there, what was expected and what to do."""
    value = cell.value
    if value is None:
        if formula is not None and getattr(formula, "data_type", "") == "f":
            return "", ("a formula without a value", "a value", "open and save the file, or replace it by its value")
        return "", None
    if isinstance(value, bool):
        return ("true" if value else "false"), None
    if cell.data_type == "e":
        return "", (quoted(value), "a value", "mend the formula, or replace it by its value")
    if isinstance(value, int | float):
        return _read_number(value, str(cell.number_format or ""))
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        return _read_moment(value, str(cell.number_format or ""))
    return unescape(str(value)), None


def _read_number(value: int | float, number_format: str) -> tuple[str, _Complaint | None]:
    """Return a number with every digit it has; one shown as a percentage is stored a hundred times smaller."""
    if "%" in _bare(number_format):
        fix = "write 55, not 55%: format the cell as a number, and check its value"
        return "", (f"{value * 100:g}%, stored as {value:g}", "a plain number", fix)
    if isinstance(value, int):
        return str(value), None
    return (str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)), None


def _read_moment(value: dt.date | dt.time | dt.timedelta, number_format: str) -> tuple[str, _Complaint | None]:
    """Return a real date as ISO text where the cell shows all of it."""
    expected = "an EDTF date as text, such as 2024-10 or 2024-10-31"
    fix = "format the cell as text and write the date as year-month-day; which was meant is not guessed"
    if not isinstance(value, dt.date):
        return "", (f"a time of day or a duration, {value}", expected, fix)
    day = value.date() if isinstance(value, dt.datetime) else value
    shows = _bare(number_format).lower()
    if not all(letter in shows for letter in "dmy"):
        return "", (f"a date shown as {quoted(number_format)}, stored as {day}", expected, fix)
    if isinstance(value, dt.datetime) and value.time() != dt.time():
        return "", (f"a moment, {value}", expected, fix)
    return day.isoformat(), None


def _bare(number_format: str) -> str:
    """Return a number format without quoted text, colours, escapes, and the sections for other signs."""
    bare = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.|_.', "", number_format)
    return bare.split(";")[0]
