"""A trade-register export of the SIPRI Arms Transfers Database: text with a preamble becomes order lines."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pactwork.errors import CaseError, Problem, quoted
from pactwork.facts.reading import MAX_BYTES
from pactwork.facts.sipri.preamble import EARLIEST_YEAR, LATEST_YEAR, read_preamble

COLUMNS = {
    # heading as the database writes it, folded -> field of OrderLine
    "recipient": "recipient",
    "supplier": "supplier",
    "year of order": "year",
    "number ordered": "ordered",
    "weapon designation": "designation",
    "weapon description": "description",
    "number delivered": "delivered",
    "year(s) of delivery": "years",
    "status": "condition",
    "comments": "comment",
}
_MARKED = ("year of order", "number ordered", "number delivered")
_NEEDED = ("recipient", "supplier", "year of order", "number ordered", "weapon designation", "number delivered")
_PREAMBLE_LINES = 60
_KEEP = re.compile(r"[^\S ]|[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028\u2029\ufeff\ufffd\ufffe\uffff\ud800-\udfff]")
_LONGEST_CELL = 2_000
_EXPORT = "the CSV of SIPRI's trade register (armstransfers.sipri.org: Trade register, Download as CSV)"


@dataclass(frozen=True)
class OrderLine:
    """One line of the register: an order, or a selection not yet ordered.

    ``ordered`` is None where the register leaves the number empty. The three marks say where it put a '?'.
    ``years`` holds the years of delivery; ``line`` is the line of the file.
    """

    recipient: str
    supplier: str
    year: int
    year_uncertain: bool
    ordered: int | None
    ordered_uncertain: bool
    designation: str
    description: str
    delivered: int
    delivered_uncertain: bool
    years: tuple[int, ...]
    condition: str
    comment: str
    line: int

    @property
    def content(self) -> tuple[object, ...]:
        """Everything but the place in the file: two lines with the same content are one."""
        return tuple(value for name, value in sorted(vars(self).items()) if name != "line")


@dataclass(frozen=True)
class Register:
    """An export as read: its lines, when it was generated, the years it was limited to, and what was not readable."""

    name: str
    lines: tuple[OrderLine, ...]
    generated: dt.date | None
    first_year: int | None
    last_year: int | None
    unread: tuple[Problem, ...] = field(default=())


def read_register(path: Path) -> Register:
    """Read an export; lines that cannot be read are kept in ``unread``, each with its place and the reason.

    Raises
    ------
    CaseError
        When the file cannot be read at all, or is no register.
    """
    text = _read_text(path)
    lines = text.splitlines()
    at, header, delimiter = _find_header(lines, path.name)
    preamble = read_preamble(lines[:at], path.name)
    unread = list(preamble.unread)
    orders: dict[tuple[object, ...], OrderLine] = {}
    for number, cells in _split_lines(lines, at + 1, delimiter, header, path.name, unread):
        order = _read_order(dict(zip(header, cells, strict=True)), number, path.name, unread)
        if order is None:
            continue
        first = orders.setdefault(order.content, order)
        if first is not order:
            where, found = f"{path.name}:{number}", f"the same line as line {first.line}"
            unread.append(Problem(where, found, "each order once", "it was counted once; check the export"))
    return Register(path.name, tuple(orders.values()), preamble.generated, preamble.first_year, preamble.last_year,
                    tuple(unread))  # fmt: skip


def _read_text(path: Path) -> str:
    """Return the text of the file: UTF-8 with or without mark, UTF-16 with mark, otherwise Windows-1252."""
    try:
        if path.stat().st_size > MAX_BYTES:
            found, expected = f"{path.stat().st_size / 1e6:,.0f} MB", f"at most {MAX_BYTES // 2**20} MB"
            raise CaseError([Problem(path.name, found, expected, "export fewer states or years")])
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        found = getattr(error, "strerror", None) or "an impossible path"
        raise CaseError([Problem(quoted(path), found, "a file that can be read", "check the path")]) from error
    if data.startswith(b"PK\x03\x04"):
        fix = "open it in the spreadsheet program and save it as CSV"
        raise CaseError([Problem(path.name, "a workbook or an archive", _EXPORT, fix)])
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252", "latin-1"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CaseError([Problem(path.name, "bytes that are no text", _EXPORT, "export the register again")])


def _find_header(lines: list[str], name: str) -> tuple[int, list[str], str]:
    """Return the place of the header line, its folded headings ('?' columns named after their left neighbour)."""
    for at, line in enumerate(lines[:_PREAMBLE_LINES]):
        delimiter = max((",", ";", "\t"), key=line.count)
        folded = [" ".join(cell.split()).casefold() for cell in _split_cells(line, delimiter) or []]
        if not {"recipient", "supplier"} <= set(folded):
            continue
        missing = [column for column in _NEEDED if column not in folded]
        if missing:
            where, found = f"{name}:{at + 1}", f"no column {', '.join(missing)}"
            raise CaseError([Problem(where, found, _EXPORT, "export the register again, with all its columns")])
        header = [
            f"{folded[i - 1]} ?" if not cell and i and folded[i - 1] in _MARKED else cell or f"column {i + 1}"
            for i, cell in enumerate(folded)
        ]
        repeated = sorted({cell for cell in header if header.count(cell) > 1})
        if repeated:
            where, found = f"{name}:{at + 1}", f"the column {', '.join(repeated)} twice"
            raise CaseError([Problem(where, found, _EXPORT, "delete one of the columns")])
        return at, header, delimiter
    found = f"no line with the headings Recipient and Supplier among the first {_PREAMBLE_LINES}"
    fix = "give a trade-register export; other pages of the database hold no orders"
    raise CaseError([Problem(name, found, _EXPORT, fix)])


def _split_cells(line: str, delimiter: str) -> list[str] | None:
    """Return the cells of one line, None where a quote stays open or a cell is too long."""
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


def _split_lines(
    lines: list[str], start: int, delimiter: str, header: list[str], name: str, unread: list[Problem]
) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number, cells) of equal width.

    A line broken in two inside a comment is joined; separators inside an unquoted comment are put back. Lines are
    split one by one, so that a quote that is never closed costs its own line and no other.
    """
    width, number = len(header), start
    while number < len(lines):
        here, text = number + 1, lines[number]
        number += 1
        cells = _split_cells(text, delimiter)
        taken = 0
        while (cells is None or 1 < len(cells) < width) and taken < 3 and number + taken < len(lines):
            text = f"{text} {lines[number + taken].strip()}"
            taken += 1
            joined = _split_cells(text, delimiter)
            if joined is not None and len(joined) == width:
                cells, number = joined, number + taken
                break
        if cells is not None and not any(cell.strip() for cell in cells):
            continue
        if cells is not None and len(cells) > width:
            cells = _rejoin(cells, header, delimiter)
        if cells is None or len(cells) != width:
            found = "an open quote" if cells is None else f"{len(cells)} cells"
            unread.append(Problem(f"{name}:{here}", found, f"{width} cells, as in the header", "correct the line"))
            continue
        yield here, [_tidy(cell) for cell in cells]


def _rejoin(cells: list[str], header: list[str], delimiter: str) -> list[str]:
    """Return the cells with those that an unquoted comment spilled over put back into it, if that fits."""
    extra = len(cells) - len(header)
    if not any(cell.strip() for cell in cells[len(header) :]):
        return cells[: len(header)]
    if "comments" not in header:
        return cells
    at = header.index("comments")
    tail = cells[at + extra + 1 :]
    if any(cell.strip() and not re.fullmatch(r"\s*[\d.]+\s*", cell) for cell in tail):
        return cells
    return [*cells[:at], f"{delimiter} ".join(c.strip() for c in cells[at : at + extra + 1]), *tail]


def _tidy(cell: str) -> str:
    """Return a cell on one line, without control characters, and of a length that a reader would look at."""
    return " ".join(_KEEP.sub(" ", cell).split())[:_LONGEST_CELL].strip()


def _read_order(cells: dict[str, str], line: int, name: str, unread: list[Problem]) -> OrderLine | None:
    """Return the order of one line; None, with the reason in ``unread``, where it cannot be read."""

    def refuse(column: str, expected: str) -> None:
        fix = "the line was left out: correct it and import again, or add it by hand"
        unread.append(Problem(f"{name}:{line} {column}", quoted(cells.get(column)), expected, fix))

    for column in ("recipient", "supplier", "weapon designation"):
        if not cells[column]:
            refuse(column, "a name")
            return None
    year, marked = _read_number(cells["year of order"])
    if year is None or not EARLIEST_YEAR <= year <= LATEST_YEAR:
        refuse("year of order", "a year")
        return None
    ordered, about = _read_number(cells["number ordered"])
    if ordered is None and cells["number ordered"].strip(" ?"):
        refuse("number ordered", "a whole number, or nothing")
        return None
    delivered, roughly = _read_number(cells["number delivered"])
    if delivered is None and cells["number delivered"].strip(" ?"):
        refuse("number delivered", "a whole number, or nothing")
        return None
    years = _read_years(cells.get("year(s) of delivery", ""))
    if years is None:
        refuse("year(s) of delivery", "years separated by semicolons")
        return None
    return OrderLine(
        recipient=cells["recipient"],
        supplier=cells["supplier"],
        year=year,
        year_uncertain=marked or "?" in cells.get("year of order ?", ""),
        ordered=ordered,
        ordered_uncertain=about or "?" in cells.get("number ordered ?", ""),
        designation=cells["weapon designation"],
        description=cells.get("weapon description", ""),
        delivered=delivered or 0,
        delivered_uncertain=roughly or "?" in cells.get("number delivered ?", ""),
        years=years,
        condition=cells.get("status", ""),
        comment=cells.get("comments", ""),
        line=line,
    )


def _read_number(cell: str) -> tuple[int | None, bool]:
    """Return a whole number, also as '24.0' or '10,000' or '24?', and whether it carries a mark of its own."""
    bare = cell.replace("?", "").strip()
    match = re.fullmatch(r"(\d{1,9}|\d{1,3}(?:,\d{3}){1,2})(?:\.0+)?", bare)
    return (int(match[1].replace(",", "")) if match else None), "?" in cell


def _read_years(cell: str) -> tuple[int, ...] | None:
    parts = [part.strip(" ?") for part in re.split(r"[;,/ ]+", cell) if part.strip(" ?")]
    years: list[int] = []
    for part in parts:
        match = re.fullmatch(r"((?:19|20)\d\d)(?:\.0|[-–]((?:19|20)\d\d))?", part)
        if match is None:
            return None
        years += range(int(match[1]), int(match[2] or match[1]) + 1)
    return tuple(sorted(set(years)))
