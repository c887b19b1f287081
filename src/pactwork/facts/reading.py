"""Reading a table as it comes from a desk: bytes become rows of text cells, each with its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pactwork.errors import Problem, quoted

MAX_BYTES = 64 * 1024 * 1024
"""Largest file that is read; a table of a million rows stays below it."""

_DELIMITERS = (",", ";", "\t")
_MOST_QUOTE_PROBLEMS = 50


@dataclass(frozen=True)
class RawTable:
    """A table as text: what was read, before anything is believed.

    ``rows`` holds as many cells as ``header``, stripped of outer white space; ``lines`` is the line of the file, or
    the row of the sheet, on which each row begins. ``decimal_comma`` says that a comma in a number is its decimal
    mark, as in files whose columns are separated by semicolons.
    """

    name: str
    path: str
    header: list[str]
    rows: list[list[str]]
    lines: list[int]
    decimal_comma: bool = False
    problems: list[Problem] = field(default_factory=list)


def read_csv(path: Path, name: str, shown: str) -> RawTable:
    """Read one CSV file; what is wrong with it is kept in ``problems``, and what can be read is read all the same.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        Name of the table.
    shown : str
        The path as messages show it, such as ``facts/figures.csv``.
    """
    problems: list[Problem] = []
    text = _read_text(path, shown, problems)
    if text is None:
        return RawTable(name, shown, [], [], [], problems=problems)
    delimiter = guess_delimiter(text)
    records = _split_records(text, delimiter, shown, problems)
    header = next(records, None)
    if header is None:
        problems.append(_empty(shown))
        return RawTable(name, shown, [], [], [], problems=problems)
    return tabulate(name, shown, header[1], records, decimal_comma=delimiter == ";", problems=problems)


def tabulate(
    name: str,
    shown: str,
    header: list[str],
    records: Iterable[tuple[int, list[str]]],
    *,
    decimal_comma: bool,
    problems: list[Problem],
) -> RawTable:
    """Return header and records as a table of equal rows; blank rows are passed over, ragged ones are problems."""
    names = [cell.strip() for cell in header]
    while names and not names[-1]:
        names.pop()
    problems.extend(_find_bad_names(names, shown))
    width = len(names)
    rows: list[list[str]] = []
    lines: list[int] = []
    for line, cells in records:
        if len(cells) != width:
            if not any(cell.strip() for cell in cells):
                continue
            if any(cell.strip() for cell in cells[width:]) or len(cells) < width:
                found, expected = f"{len(cells)} cells", f"{width}, as in the header"
                fix = "add or remove a separator, or quote the text"
                problems.append(Problem(f"{shown}:{line}", found, expected, fix))
                cells = [*cells, *[""] * (width - len(cells))]
            cells = cells[:width]
        stripped = [cell.strip() for cell in cells]
        if any(stripped):
            rows.append(stripped)
            lines.append(line)
    return RawTable(name, shown, names, rows, lines, decimal_comma, problems)


def _read_text(path: Path, shown: str, problems: list[Problem]) -> str | None:
    """Return the file's text, or None where it holds none."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            found, expected = f"{size / 1e6:,.0f} MB", f"at most {MAX_BYTES // 2**20} MB"
            problems.append(Problem(shown, found, expected, "split the table, or remove what is no fact of the case"))
            return None
        data = path.read_bytes()
    except OSError as error:
        problems.append(Problem(shown, error.strerror or "an error", "a file that can be read", "check the path"))
        return None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data:
        found = "UTF-16 text" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "binary data"
        problems.append(Problem(shown, found, "CSV in UTF-8", "save it again as 'CSV UTF-8'"))
        return None
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        problems.append(_empty(shown))
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        problems.append(_locate_encoding(data, shown))
        return data.decode("utf-8-sig", errors="replace")


def _empty(shown: str) -> Problem:
    return Problem(shown, "an empty file", "a header row", "add the header row, or delete the file")


def _locate_encoding(data: bytes, shown: str) -> Problem:
    """Return the first line that is not UTF-8, and how many more there are: one saving mends them all."""
    bad = []
    for number, line in enumerate(data.splitlines(), start=1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:
            bad.append((number, line[error.start : error.start + 1]))
    # Old Mac and mixed line ends can split differently from the whole; the first byte is then named alone.
    number, byte = bad[0] if bad else (1, b"?")
    more = f" (and {len(bad) - 1} more lines)" if len(bad) > 1 else ""
    found = f"byte 0x{byte.hex()}{more}, {quoted(byte.decode('cp1252', errors='replace'))} in Windows-1252"
    return Problem(f"{shown}:{number}", found, "text in UTF-8", "save the file as 'CSV UTF-8'")


def guess_delimiter(text: str) -> str:
    """Return the separator that the header row uses most."""
    header = text.lstrip("\r\n").split("\n", 1)[0]
    return max(_DELIMITERS, key=header.count)


def _split_records(text: str, delimiter: str, shown: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells); a quote that is never closed is located, its line left out, and reading goes on."""
    remaining = list(io.StringIO(text, newline=""))
    offset, quotes = 0, 0
    while offset < len(remaining):
        reader = csv.reader(iter(remaining[offset:]), delimiter=delimiter, strict=True)
        start = offset
        try:
            for cells in reader:
                line = start + 1
                start = offset + reader.line_num
                if cells:
                    yield line, cells
            return
        except csv.Error as error:
            quotes += 1
            problems.append(_bad_quote(f"{shown}:{start + 1}", str(error)))
            if quotes >= _MOST_QUOTE_PROBLEMS:
                return
            offset = start + 1


def _bad_quote(where: str, error: str) -> Problem:
    if "field larger" in error:
        fix = "look for a quote that is never closed"
        return Problem(where, "a cell of over 131,000 characters", "a short cell", fix)
    fix = 'close the quote; write "" for a quote inside a quoted cell'
    return Problem(where, "a quote that is not closed where its cell ends", "balanced quotes", fix)


def _find_bad_names(names: list[str], shown: str) -> list[Problem]:
    problems = []
    for position, column in enumerate(names, start=1):
        if not column:
            where = f"{shown}:1 column {position}"
            problems.append(Problem(where, "no name", "a column name", "name the column, or delete it"))
        elif column in names[: position - 1]:
            problems.append(Problem(f"{shown}:1 {column}", "the column twice", "each column once", "delete one"))
    return problems
