"""One table that belongs to no case: polls, positions or votes from a file, checked as a case's tables are."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl

from pactwork.errors import CaseError, Problem, quoted
from pactwork.facts.about import About
from pactwork.facts.checks.sense import (
    check_order_of_days,
    check_poll_scale,
    check_poll_totals,
    check_pollster_spellings,
    check_ranges,
)
from pactwork.facts.dates import parse_date
from pactwork.facts.ledger import Ledger
from pactwork.facts.reading import RawTable, read_csv
from pactwork.facts.schema import Column, Constraints, TableDeclaration, standard
from pactwork.facts.tables import LINE, type_table

_POLLS = ("pollster", "fieldwork_end", "sample_size", "option", "percent")
_POLL_KEY = ("question_id", "wording", "population", "subgroup", "pollster", "mode", "fieldwork_start",
             "fieldwork_end", "sample_size")  # fmt: skip
_POSITIONS = ("actor", "position", "influence", "salience")
_OTHER_NAMES = {"capability": "influence", "capabilities": "influence", "power": "influence"}
"""Columns as the literature on bargaining calls them."""
_NUMBER = r"[+-]?\d+(?:\.\d+)?"
_RANGE = re.compile(rf"\[?\s*({_NUMBER})\s*(?:\.\.|…|–|—|-|/|;|to)\s*({_NUMBER})\s*\]?", re.ASCII)
_VOTES = {"yes": "yes", "y": "yes", "1": "yes", "abstain": "abstain", "a": "abstain", "2": "abstain",
          "no": "no", "n": "no", "3": "no", "absent": None, "8": None, "9": None}  # fmt: skip
"""Votes in words, letters, or the codes of the United Nations General Assembly data (8 absent, 9 no member)."""
_LARGEST = 1e9
"""Largest number on any scale: beyond it arithmetic on weights is no longer exact enough to be believed."""
_EARLIEST, _LATEST = dt.date(1900, 1, 1), dt.date(2200, 12, 31)
_NO_STATES = ("year", "rcid", "resid", "unres", "session", "date", "resolution", "issue", "title", "descr", "line")


@dataclass(frozen=True)
class PollTable:
    """Polls, one row an answer; ``poll`` numbers them, ``repeated`` counts polls that stood there again."""

    rows: tuple[dict[str, Any], ...]
    repeated: int


@dataclass(frozen=True)
class VoteTable:
    """Roll calls, one row a resolution (``states`` are the columns of votes), or ideal points, one row a state."""

    rows: tuple[dict[str, Any], ...]
    states: tuple[str, ...]


def read_poll_table(path: Path) -> PollTable:
    """Read polls: ``pollster``, ``fieldwork_end``, ``sample_size``, ``option``, ``percent``, and what else a case has.

    An answer that comes again with the same pollster, days, mode and size belongs to another poll; a poll that comes
    again in all its answers is the same one, and counts once.

    Raises
    ------
    CaseError
        With every problem of the table at once, each located.
    """
    checks = (_check_days, check_order_of_days, check_poll_totals, check_poll_scale, check_pollster_spellings)
    rows = _read(path, _loosen(standard().table("polls"), _POLLS, ()), checks, _number_polls)
    answers: dict[int, dict[str, float]] = {}
    marks: dict[int, tuple[Any, ...]] = {}
    for row in rows:
        row["poll"] = int(row.pop("source_id"))
        marks[row["poll"]] = tuple(row[name] for name in _POLL_KEY)
        answers.setdefault(row["poll"], {})[row["option"]] = row["percent"]
    first: dict[Any, int] = {}
    for number, held in answers.items():
        first.setdefault((marks[number], tuple(sorted(held.items()))), number)
    kept = set(first.values())
    return PollTable(tuple(row for row in rows if row["poll"] in kept), len(answers) - len(kept))


def _number_polls(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of polls with the number of their poll where a case would name a source."""
    numbers: dict[tuple[Any, ...], int] = {}
    seen: dict[tuple[Any, ...], int] = {}
    found = []
    for row in frame.iter_rows(named=True):
        key = tuple(row[name] for name in _POLL_KEY)
        times = seen[*key, row["option"]] = seen.get((*key, row["option"]), 0) + 1
        found.append(str(numbers.setdefault((*key, times), len(numbers) + 1)))
    return frame.with_columns(pl.Series("source_id", found, dtype=pl.String))


def read_position_table(path: Path) -> list[dict[str, Any]]:
    """Read positions: ``actor``, ``position``, ``influence``, ``salience``; ``issue`` and ``range`` if there are any.

    A ``range`` is the scale of the issue: both ends (``4..10``) or its length. Each row of the result also holds
    ``bottom`` and ``top``, None where no range is given.

    Raises
    ------
    CaseError
        With every problem of the table at once, each located.
    """
    declared = _loosen(standard().table("positions"), _POSITIONS, ("issue", "actor"))
    extent = Column(name="range", description="Scale of the issue: both ends, such as 4..10, or its length.")
    schema = declared.table_schema.model_copy(update={"fields": (*declared.fields, extent)})
    rows = _read(path, declared.model_copy(update={"table_schema": schema}), (check_ranges,))
    problems: list[Problem] = []
    by_issue: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_issue.setdefault(row["issue"] or "", []).append(row)
    for held in by_issue.values():
        problems += _set_scale(path.name, held)
    if problems:
        raise CaseError(problems)
    return rows


def read_vote_table(path: Path) -> VoteTable:
    """Read roll calls (a column a state: yes, abstain, no, or nothing), or ideal points (``ideal_point``, ``year``).

    Raises
    ------
    CaseError
        With every problem of the table at once, each located.
    """
    raw = _read_raw(path, "votes")
    if "ideal_point" in raw.header:
        return _read_ideal_points(raw)
    states = [name for name in raw.header if name.lower() not in _NO_STATES]
    problems = [*raw.problems]
    if len(states) < 2 and not problems:
        fix = "give one row a resolution and one column a state"
        problems.append(Problem(f"{raw.path}:1", f"{len(states)} columns of votes", "votes of two states or more", fix))
    rows = []
    for line, cells in zip(raw.lines, raw.rows, strict=True):
        row: dict[str, Any] = dict(zip(raw.header, cells, strict=True))
        for state in states:
            if row[state] and row[state].lower() not in _VOTES:
                where = f"{raw.path}:{line} {state}"
                problems.append(Problem(where, quoted(row[state]), "yes, abstain, no or nothing", "correct the vote"))
            row[state] = _VOTES.get(row[state].lower()) if row[state] else None
        rows.append({"year": row.get("year") or "all", **{state: row[state] for state in states}})
    if not rows and not problems:
        problems.append(Problem(raw.path, "no row", "one row a resolution", "add the votes"))
    if problems:
        raise CaseError(problems)
    return VoteTable(tuple(rows), tuple(states))


def _read_ideal_points(raw: RawTable) -> VoteTable:
    names = {"iso3c": "state", "country": "state"}
    header = [names.get(name, name) for name in raw.header]
    raw = replace(raw, header=header)
    columns = [
        Column(name="state", constraints=Constraints(required=True)),
        Column(name="year", constraints=Constraints(required=True)),
        *(Column(name=name, type="number", constraints=Constraints(required=name == "ideal_point"))
          for name in ("ideal_point", "q05", "q95")),
    ]  # fmt: skip
    declaration = TableDeclaration.model_validate(
        {"name": "votes", "path": raw.path, "schema": {"fields": columns, "primaryKey": ["state", "year"]}}
    )
    table = type_table(_drop_strangers(raw, declaration), declaration, columns_of="a table of ideal points")
    if table.problems:
        raise CaseError(table.problems)
    return VoteTable(tuple(table.frame.iter_rows(named=True)), ())


def _read_raw(path: Path, name: str) -> RawTable:
    if not path.is_file():
        fix = "check the path"
        raise CaseError([Problem(path.name or str(path), "no such file", "a CSV file", fix)])
    return read_csv(path, name, path.name)


def _read(
    path: Path,
    declaration: TableDeclaration,
    checks: tuple[Callable[[Ledger], Iterable[Problem]], ...],
    complete: Callable[[pl.DataFrame], pl.DataFrame] = lambda frame: frame,
) -> list[dict[str, Any]]:
    raw = _read_raw(path, declaration.name)
    raw = _drop_strangers(_rename(raw, declaration), declaration)
    table = type_table(raw, declaration, columns_of=f"a table of {declaration.name}")
    table = replace(table, frame=complete(table.frame))
    problems = [*table.problems]
    if not table.frame.height and not problems:
        problems.append(Problem(raw.path, "no row", "at least one row below the header", "add the data"))
    about = About.model_validate({"name": "lone", "title": "lone", "as_of": "2200-01-01"})
    package = standard()
    ledger = Ledger(path.parent, about, package, MappingProxyType({declaration.name: table}), dt.date.max)
    if table.whole:
        problems += [problem for check in checks for problem in check(ledger)]
    if problems:
        raise CaseError(dict.fromkeys(problems))
    return list(table.frame.iter_rows(named=True))


def _check_days(ledger: Ledger) -> Iterator[Problem]:
    """A poll must have ended on a day that a calendar of opinion can hold."""
    for row in ledger.rows("polls"):
        if row["fieldwork_end"] and not _EARLIEST <= parse_date(row["fieldwork_end"]).latest <= _LATEST:
            where = f"{ledger.path_of('polls')}:{row[LINE]} fieldwork_end"
            expected = f"a day from {_EARLIEST.year} to {_LATEST.year}"
            yield Problem(where, quoted(row["fieldwork_end"]), expected, "give the last day of fieldwork")


def _loosen(table: TableDeclaration, required: tuple[str, ...], key: tuple[str, ...]) -> TableDeclaration:
    """Return a table's declaration as a lone file has to keep it: few columns, any text, numbers on any scale."""

    def loosened(column: Column) -> Column:
        bounded = column.name in ("sample_size", "percent")
        scaled = column.name in ("position", "influence", "salience")
        lowest = -_LARGEST if column.name == "position" else column.constraints.minimum
        limits = Constraints(
            required=column.name in required,
            minimum=lowest if bounded or scaled else None,
            maximum=column.constraints.maximum if bounded else _LARGEST if scaled else None,
        )
        return column.model_copy(update={"constraints": limits, "categories": ()})

    schema = table.table_schema.model_copy(
        update={"fields": tuple(loosened(one) for one in table.fields), "primary_key": key, "foreign_keys": ()}
    )
    return table.model_copy(update={"table_schema": schema})


def _rename(raw: RawTable, declaration: TableDeclaration) -> RawTable:
    """Return the table with columns under their usual names: ``capability``, ``position_years`` and the like."""
    header = [*raw.header]
    for index, name in enumerate(raw.header):
        stem = _OTHER_NAMES.get(name.lower(), name.lower().partition("_")[0])
        if name not in declaration.columns and stem in _POSITIONS and stem in declaration.columns:
            header[index] = name if stem in header else stem
    return replace(raw, header=header)


def _drop_strangers(raw: RawTable, declaration: TableDeclaration) -> RawTable:
    """Return the table without columns nobody asked for; what is nearly a missing column's name stays, as a problem."""
    missing = [name for name in declaration.columns if name not in raw.header]
    kept = [
        index
        for index, name in enumerate(raw.header)
        if name in declaration.columns or difflib.get_close_matches(name.lower(), missing, n=1, cutoff=0.85)
    ]
    if not any(one.name in raw.header for one in declaration.fields if one.required):
        return raw  # another table altogether: what it lacks and what it has is then told as it stands
    rows = [[row[index] for index in kept] for row in raw.rows]
    return replace(raw, header=[raw.header[index] for index in kept], rows=rows)


def _set_scale(shown: str, rows: list[dict[str, Any]]) -> Iterator[Problem]:
    """Set ``bottom`` and ``top`` of the rows of one issue; yield what is wrong with their range."""
    bottom = top = None
    given: Mapping[str, Any] | None = next((row for row in rows if row["range"]), None)
    if given is not None:
        positions = [row["position"] for row in rows]
        ends = _RANGE.fullmatch(given["range"].strip())
        if ends:
            bottom, top = float(ends[1]), float(ends[2])
        elif re.fullmatch(_NUMBER, given["range"].strip(), re.ASCII):
            length = float(given["range"])
            bottom = 0.0 if min(positions) >= 0 and max(positions) <= length else min(positions)
            top = bottom + length
        if bottom is None or top is None or top <= bottom:
            expected = "both ends of the scale, such as 4..10, or its length"
            where = f"{shown}:{given[LINE]} range"
            yield Problem(where, quoted(given["range"]), expected, "correct the range, or leave it out")
            return
    for row in rows:
        row["bottom"], row["top"] = bottom, top
        if given is not None and row["range"] and row["range"] != given["range"]:
            expected = f"{quoted(given['range'])}, as on line {given[LINE]}"
            yield Problem(f"{shown}:{row[LINE]} range", quoted(row["range"]), expected, "one scale an issue")
        if bottom is not None and top is not None and not bottom <= row["position"] <= top:
            where, expected = f"{shown}:{row[LINE]} position", f"a position from {bottom:g} to {top:g}"
            yield Problem(where, f"{row['position']:g}", expected, "correct the position, or the range")
