"""A new case: a folder that is valid from the first day, and teaches how to fill it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import secrets
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pactwork.errors import CaseError, Problem, quoted
from pactwork.facts.examples import example_row
from pactwork.facts.schema import TableDeclaration, standard, standard_text
from pactwork.facts.sheets import describe_column, make_workbook
from pactwork.facts.starters import ASSUMPTIONS, NARRATIVE, SCENARIOS
from pactwork.facts.tables import CONTROL, LINE, empty_frame
from pactwork.facts.writing import disarm

_ABOUT = """# What this case is about. Lines that begin with # are notes to you; delete them when you like.
name = {name}
title = {title}
# summary = "One or two sentences on what the case holds."

# The last day the case knows. Nothing in the tables may describe a later day.
as_of = "{as_of}"

# The last day its futures reach.
# horizon = "{horizon}"

# ISO 4217 code in which totals are given.
currency = "USD"

# Days in one step of the simulation.
step_days = 7

# The row of facts/instruments.csv that is the partnership itself; the stated total of its contracts hangs on it.
# partnership = "xx-yy"

# The two sides. Add each state to facts/actors.csv first; role is buyer, supplier or partner.
# [[partners]]
# country = "XX"          # ISO 3166-1 alpha-2
# name = "First state"
# actor = "first-state"   # its id in facts/actors.csv
# role = "buyer"
#
# [[partners]]
# country = "YY"
# name = "Second state"
# actor = "second-state"
# role = "supplier"
"""
_HORIZON_YEARS = 10


def new_case(
    folder: str | Path, *, xlsx: bool = False, title: str | None = None, as_of: dt.date | None = None
) -> list[Path]:
    """Make an empty case: valid, and explaining itself.

    Parameters
    ----------
    folder : path
        A folder that does not exist yet, or an empty one.
    xlsx : bool
        One workbook with a sheet per table in place of CSV files.
    title : str, optional
        Title of the case; the folder's name otherwise.
    as_of : date, optional
        The last day the case knows; today otherwise.

    Returns
    -------
    list of Path
        The files made.

    Raises
    ------
    CaseError
        When the folder already holds something, or cannot be written. Nothing is written then.
    """
    root = Path(folder)
    _check_free(root)
    name = re.sub(r"[^a-z0-9]+", "-", root.resolve().name.lower()).strip("-") or "case"
    files = case_files(name, title or name, as_of=as_of)
    package = standard()
    if xlsx:
        frames = {table.name: empty_frame(table).drop(LINE) for table in package.resources}
        files["facts.xlsx"] = make_workbook(frames, package)
    else:
        files |= {table.path: write_table(table, []) for table in package.resources}
        files["facts/README.md"] = describe_tables(package.resources)
    files["narrative/README.md"] = NARRATIVE
    return make_folder(root, files)


def case_files(
    name: str, title: str, *, about: str | None = None, package: str | None = None, as_of: dt.date | None = None
) -> dict[str, str | bytes]:
    """Return what a new case has beside its tables, by path; of assumptions and scenarios, words alone."""
    day = as_of or dt.date.today()
    horizon = f"{day.year + _HORIZON_YEARS}-12-31"
    files: dict[str, str | bytes] = {}
    files["case.toml"] = about or _ABOUT.format(
        name=quote_toml(name), title=quote_toml(" ".join(title.split())[:300] or name), as_of=day, horizon=horizon
    )
    files["datapackage.json"] = package or describe_package(name, title)
    files["assumptions.toml"], files["scenarios.toml"] = ASSUMPTIONS, SCENARIOS
    return files


def quote_toml(text: str) -> str:
    """Return text as a basic string of TOML: JSON's escapes, and the one character JSON leaves alone."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def describe_package(name: str, title: str) -> str:
    """Return the datapackage.json of a case that adds nothing to the standard tables."""
    package = json.loads(standard_text())
    package["name"], package["title"] = name, title
    return json.dumps(package, indent=1, ensure_ascii=False) + "\n"


def write_table(table: TableDeclaration, rows: Iterable[Mapping[str, Any]]) -> str:
    """Return rows as the CSV of a table, with its header."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, table.columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _shown(value) for key, value in row.items()} for row in rows)
    return stream.getvalue()


def _shown(value: object) -> object:
    """Return a cell as it may stand in a file that a spreadsheet opens.

    A number goes without the '.0' that only says how it was held; text that a spreadsheet would run as a formula gets
    an apostrophe before it; control characters become spaces.
    """
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str):
        return disarm(CONTROL.sub(" ", value))
    return value


def describe_tables(tables: Iterable[TableDeclaration]) -> str:
    """Return the page that teaches the tables: each column, and an example row."""
    parts = [
        "# The tables of this case\n",
        "Each table is a CSV file with a header row: edit it in a spreadsheet program or a text editor, save it as",
        "UTF-8. One row is one fact, with its source (`source_id`, a row of `sources.csv`) and the place in it",
        "(`locator`). Leave a cell empty where nothing is known, and a table empty, or delete it, where it has no use.",
        "A fact that has changed is a new row with its own `as_of`, never an edit. Then run `pactwork check`.\n",
    ]
    for table in tables:
        row = example_row(table)
        header, example = write_table(table, [row]).splitlines()
        filled = [column for column in table.columns if column in row]
        parts += [f"## {Path(table.path).name}\n", f"{table.description}\n", "| column | what it holds |", "|---|---|"]
        parts += [f"| `{c.name}` | {_escape_cell(describe_column(c, every_value=True))} |" for c in table.fields]
        parts += [f"\nAn example, with {len(filled)} of {len(table.columns)} columns filled:\n"]
        parts += ["```csv", header, example, "```\n"]
    return "\n".join(parts)


def _escape_cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def make_folder(root: Path, files: Mapping[str, str | bytes]) -> list[Path]:
    """Write a folder of files as a whole: it is built beside its place and then renamed, so no kill leaves half.

    Raises
    ------
    CaseError
        When the place is taken, or cannot be written.
    """
    _check_free(root)
    try:
        target = root.resolve()
        target.parent.mkdir(parents=True, exist_ok=True)
        built = target.parent / f".{target.name[:100]}.{secrets.token_hex(4)}"
        built.mkdir()
        try:
            for name, content in files.items():
                path = built / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
            _move(built, target)
        finally:
            shutil.rmtree(built, ignore_errors=True)
    except (OSError, ValueError) as error:
        found = getattr(error, "strerror", None) or "an error"
        raise CaseError([Problem(quoted(root), found, "a place to write to", "choose another place")]) from error
    return [root / name for name in files]


def _check_free(root: Path) -> None:
    """Raise CaseError where the place holds anything: a new case never mixes with what is there."""
    try:
        root.resolve()  # refuses what no file system can hold
        held = sorted(path.name for path in root.iterdir()) if root.is_dir() else None
        taken = held is None and (root.exists() or root.is_symlink())
    except (OSError, ValueError) as error:
        found = getattr(error, "strerror", None) or "an impossible path"
        raise CaseError([Problem(quoted(root), found, "a place to write to", "choose another place")]) from error
    if not held and not taken:
        return
    found = "a file" if taken or not held else "a case" if "case.toml" in held else f"{quoted(held[0])} in it"
    fix = "choose another folder; nothing was changed"
    raise CaseError([Problem(quoted(root), found, "a folder that does not exist yet, or an empty one", fix)])


def _move(built: Path, target: Path) -> None:
    """Put the built folder in its place.

    Where people stand in the empty folder they want filled, replacing it would leave them in one that is gone: its
    parts are then moved in one by one, case.toml last, without which the folder is no case.
    """
    here = Path.cwd()
    if target.is_dir() and (target == here or target in here.parents):
        for part in sorted(built.iterdir(), key=lambda path: path.name == "case.toml"):
            part.rename(target / part.name)
    else:
        if target.is_dir():
            target.rmdir()
        built.rename(target)
