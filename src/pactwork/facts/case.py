"""A case folder becomes a ledger, or the list of everything that is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources
from pathlib import Path
from types import MappingProxyType

from pactwork.errors import CaseError, Problem, quoted
from pactwork.facts.about import About, read_about
from pactwork.facts.assuming import read_assumptions
from pactwork.facts.checks import find_discrepancies, find_problems
from pactwork.facts.choosing import read_choices
from pactwork.facts.ledger import Ledger
from pactwork.facts.reading import RawTable, read_csv
from pactwork.facts.schema import DataPackage, read_package, standard
from pactwork.facts.tables import TypedTable, type_table

WORKBOOK = "facts.xlsx"
"""Name of the workbook that may hold a case's tables, one sheet each, in place of CSV files."""

_PLACEHOLDER = {"name": "unreadable", "title": "unreadable", "as_of": "2200-01-01"}


def bundled_cases() -> dict[str, Path]:
    """Return the cases that come with the package, by name."""
    root = Path(str(resources.files("pactwork"))) / "cases"
    return {path.parent.name: path.parent for path in sorted(root.glob("*/case.toml"))}


def find_case(case: str | Path) -> Path:
    """Return the folder of a case given by path, or by the name of a bundled one.

    Raises
    ------
    CaseError
        When it is neither; the problem names the bundled cases.
    """
    path = Path(case)
    try:
        if path.is_dir():
            return path
    except (OSError, ValueError):  # a path no file system can hold
        pass
    bundled = bundled_cases()
    if str(case) in bundled:
        return bundled[str(case)]
    expected = f"a case folder, or one of: {', '.join(bundled)}"
    raise CaseError([Problem("case", quoted(case), expected, "check the path, or make a case with pactwork new")])


def load_case(case: str | Path) -> Ledger:
    """Read a case folder, check it, and return its ledger.

    Parameters
    ----------
    case : str or path
        A case folder, or the name of a bundled case such as ``poland-korea``.

    Raises
    ------
    CaseError
        With every problem of the case at once, each located.

    Examples
    --------
    >>> ledger = load_case("poland-korea")
    >>> ledger.figure("k2-1", "arrived").value
    62.0
    """
    root = find_case(case)
    problems: list[Problem] = []
    read = _read_about(root, problems)
    about = read or About.model_validate(_PLACEHOLDER)
    package = _read_package(root, problems)
    tables = _read_tables(root, package, problems)
    ledger = Ledger(root, about, package, MappingProxyType(tables), about.as_of, find_discrepancies)
    problems += [problem for table in tables.values() for problem in table.problems]
    problems += find_problems(ledger)
    if read is None:  # what follows is held against days that are not known
        raise CaseError(dict.fromkeys(problems))
    assumptions, wrong = read_assumptions(root, ledger)
    problems += wrong
    choices, wrong = read_choices(root, ledger, assumptions)
    problems += wrong
    if problems:
        raise CaseError(dict.fromkeys(problems))
    return replace(ledger, assumptions=assumptions, choices=choices)


def _read_about(root: Path, problems: list[Problem]) -> About | None:
    """Return case.toml; None where it cannot be read: a stand-in then lets the tables be checked all the same."""
    try:
        return read_about(root / "case.toml")
    except CaseError as error:
        problems.extend(error.problems)
        return None


def _read_package(root: Path, problems: list[Problem]) -> DataPackage:
    try:
        return read_package(root / "datapackage.json")
    except CaseError as error:
        problems.extend(error.problems)
        return standard()


def _read_tables(root: Path, package: DataPackage, problems: list[Problem]) -> dict[str, TypedTable]:
    raw = _read_sheets(root, package, problems)
    for resource in package.resources:
        path = root / resource.path
        if not path.exists():
            continue
        if resource.name in raw:
            fix = "keep one of the two"
            problems.append(Problem(resource.path, f"the table in {WORKBOOK} as well", "each table once", fix))
            continue
        raw[resource.name] = read_csv(path, resource.name, resource.path)
    problems += _find_strays(root, package)
    if not raw:
        fix = "add a table such as facts/figures.csv, or make a case with pactwork new"
        problems.append(Problem("facts", "no table", "at least one table", fix))
    return {r.name: type_table(raw[r.name], r) for r in package.resources if r.name in raw}


def _read_sheets(root: Path, package: DataPackage, problems: list[Problem]) -> dict[str, RawTable]:
    path = root / WORKBOOK
    if not path.exists():
        return {}
    from pactwork.facts.workbook import read_workbook  # openpyxl is slow to start, and most cases are CSV

    try:
        return read_workbook(path, package)
    except CaseError as error:
        problems.extend(error.problems)
        return {}


def _find_strays(root: Path, package: DataPackage) -> list[Problem]:
    """Return files beside the tables that no declaration names: a slip in a name would lose a table unseen."""
    declared = {(root / resource.path).resolve() for resource in package.resources}
    folder = root / "facts"
    strays = sorted(path for path in folder.glob("*") if path.suffix.lower() in (".csv", ".xlsx", ".tsv"))
    names = ", ".join(resource.name for resource in package.resources)
    fix = "rename it, or declare it in datapackage.json"
    return [
        Problem(f"facts/{path.name}", "a table nobody declared", f"one of {names}", fix)
        for path in strays
        if path.resolve() not in declared
    ]
