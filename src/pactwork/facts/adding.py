"""Adding a row to a table of a case: the file grows by one line, nothing that stands in it is touched."""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pactwork.errors import CaseError, Problem, quoted
from pactwork.facts.case import WORKBOOK, bundled_cases, load_case
from pactwork.facts.ledger import Ledger
from pactwork.facts.reading import guess_delimiter
from pactwork.facts.schema import TableDeclaration
from pactwork.facts.tables import CONTROL
from pactwork.facts.writing import disarm, write_atomically

LONGEST_CELL = 10_000
"""Characters; a longer text is a document, not a cell."""
_writing = threading.Lock()


class ChangedMeanwhile(CaseError):  # noqa: N818 - it reads as what happened
    """The file is not what it was when the row was begun."""


@dataclass(frozen=True)
class Added:
    """A row that stands in its file now, or would: the table's path in the case, and its line."""

    path: str
    line: int


def digest_table(ledger: Ledger, table: str) -> str:
    """Return what a table's file holds, as a digest; empty where the case has no such file yet."""
    path = ledger.root / ledger.package.table(table).path
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def find_hindrance(ledger: Ledger, table: str) -> Problem | None:
    """Return why no row can be added to a table of a case; None where one can."""
    if ledger.root.resolve() in {path.resolve() for path in bundled_cases().values()}:
        return Problem("case", "a case that came with the package", "a case of your own",
                       "copy its folder, and serve the copy")  # fmt: skip
    path = ledger.package.table(table).path
    if (ledger.root / WORKBOOK).exists() and not (ledger.root / path).exists():
        return Problem(WORKBOOK, "tables in a workbook", "tables as CSV files", "add the row in the workbook")
    return None


def add_row(
    ledger: Ledger, table: str, cells: Mapping[str, str], *, digest: str | None = None, write: bool = True
) -> Added:
    """Add a row at the end of a table's file.

    Parameters
    ----------
    ledger : Ledger
        Of the case as it stands.
    table : str
        Name of a declared table.
    cells : mapping
        Text by column; columns that are left out stay empty.
    digest : str, optional
        The table's file when the row was begun (`digest_table`); another file by now is refused.
    write : bool
        Whether to write it; without, it is only judged.

    Raises
    ------
    ChangedMeanwhile
        When the file is not what it was.
    CaseError
        With every problem that the case would have with the row in it.

    Notes
    -----
    The case is read anew, by its own rules, with the row in a copy of its files, before the file itself is replaced:
    its old bytes, then the row.
    """
    declaration = ledger.package.table(table)
    hindrance = find_hindrance(ledger, table)
    if hindrance:
        raise CaseError([hindrance])
    with _writing:
        path = ledger.root / declaration.path
        old = _read(path, declaration)
        _check_digest(declaration.path, old, digest)
        row, line = _compose(declaration, old, cells)
        _judge(ledger, declaration, old + row)
        if write:
            _check_digest(declaration.path, _read(path, declaration), hashlib.sha256(old).hexdigest() if old else "")
            write_atomically(path, old + row)
    return Added(declaration.path, line)


def _read(path: Path, declaration: TableDeclaration) -> bytes:
    try:
        return path.read_bytes() if path.exists() else b""
    except OSError as error:
        found = error.strerror or "an error"
        raise CaseError([Problem(declaration.path, found, "a file that can be read", "look at the file")]) from error


def _check_digest(shown: str, held: bytes, digest: str | None) -> None:
    now = hashlib.sha256(held).hexdigest() if held else ""
    if digest is not None and now != digest:
        fix = "look at it as it is now, then add the row again"
        raise ChangedMeanwhile([Problem(shown, "a file that has changed meanwhile", "the file as it was", fix)])


def _compose(declaration: TableDeclaration, old: bytes, cells: Mapping[str, str]) -> tuple[bytes, int]:
    """Return the bytes to put after a file's own, and the line on which the row will stand."""
    text = old.decode("utf-8-sig")
    delimiter = guess_delimiter(text) if text else ","
    end = "\r\n" if "\r\n" in text else "\n"
    header = [cell.strip() for cell in next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])]
    start = ""
    if not header:
        header = declaration.columns
        start = _line(header, delimiter, end)
    filled = {name: cell.strip() for name, cell in cells.items() if cell.strip()}
    problems = list(_find_wrong_cells(declaration, header, filled))
    if not filled:
        problems.append(Problem(declaration.path, "an empty row", "a row with values", "fill in what is known"))
    if problems:
        raise CaseError(problems)
    if text and not text.endswith(("\n", "\r")):
        start = end
    above = len(io.StringIO(text, newline="").readlines()) + (1 if start and not text else 0)
    row = _line([filled.get(name, "") for name in header], delimiter, end)
    return (start + row).encode("utf-8"), above + 1


def _line(cells: list[str], delimiter: str, end: str) -> str:
    held = io.StringIO(newline="")
    csv.writer(held, delimiter=delimiter, lineterminator=end).writerow(cells)
    return held.getvalue()


def _find_wrong_cells(declaration: TableDeclaration, header: list[str], filled: Mapping[str, str]) -> list[Problem]:
    problems = []
    for name, cell in filled.items():
        where = f"{declaration.path} {quoted(name)[1:-1]}"
        if name not in declaration.columns:
            expected = f"one of {', '.join(declaration.columns)}"
            problems.append(Problem(where, "no such column", expected, "correct the name"))
        elif name not in header:
            problems.append(Problem(where, "a column that the file does not have", "one of its own",
                                    "add the column to the file's header first"))  # fmt: skip
        if CONTROL.search(cell):
            fix = "delete what cannot be seen, or type the text again"
            problems.append(Problem(where, quoted(cell), "text without control characters", fix))
        if disarm(cell) != cell:
            fix = "begin it with a word, or with a quotation mark"
            problems.append(Problem(where, quoted(cell), "text that no spreadsheet would run as a formula", fix))
        if len(cell) > LONGEST_CELL:
            problems.append(Problem(where, f"{len(cell):,} characters", f"at most {LONGEST_CELL:,}", "shorten it"))
    return problems


def _judge(ledger: Ledger, declaration: TableDeclaration, content: bytes) -> None:
    """Read the case, by its own rules, with a table's new content in a copy of its files."""
    with tempfile.TemporaryDirectory(prefix="pactwork-") as held:
        copy = Path(held) / "case"
        (copy / declaration.path).parent.mkdir(parents=True)
        for path in _list_files(ledger):
            target = copy / path.relative_to(ledger.root)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        (copy / declaration.path).write_bytes(content)
        load_case(copy)


def _list_files(ledger: Ledger) -> list[Path]:
    """Return the files that a case is read from."""
    root = ledger.root
    found = {*root.glob("*.toml"), *root.glob("*.json"), *root.glob("*.xlsx"), *root.glob("facts/*")}
    found |= {root / resource.path for resource in ledger.package.resources}
    return sorted(path for path in found if path.is_file())
