"""The ledger: a case's tables as one frozen value, and the questions people ask of it."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl

from pactwork.errors import CaseError, Problem, quoted
from pactwork.facts.about import About
from pactwork.facts.assumptions import Assumptions
from pactwork.facts.choices import Choices
from pactwork.facts.dates import parse_date
from pactwork.facts.figure_rows import read_figures, read_polls
from pactwork.facts.figures import Conflict, Figure, Source, choose_standing, find_conflicts, find_unexplained
from pactwork.facts.names import find_names
from pactwork.facts.narrative import Narrative
from pactwork.facts.schema import Category, DataPackage
from pactwork.facts.tables import LINE, TypedTable, empty_frame

_IDENTITIES = ("sources", "actors", "systems")
"""Tables that only say what ids mean: knowing a name tells nothing about a day."""


def split_list(cell: str | None) -> list[str]:
    """Return the parts of a ';' list.

    Examples
    --------
    >>> split_list("poland; south-korea")
    ['poland', 'south-korea']
    """
    return [part.strip() for part in (cell or "").split(";") if part.strip()]


@dataclass(frozen=True)
class Ledger:
    """A case as sourced facts.

    Nothing changes a ledger: `as_of` and `known_by` return a new one that holds fewer rows. ``day`` is the last day
    it describes. ``rules`` finds what does not add up; it comes from outside, since the rules ask the ledger.
    ``assumptions`` are what the simulation takes for granted; they do not change with the day. ``narratives`` are an
    analyst's own words for sections of the brief.
    """

    root: Path
    about: About
    package: DataPackage
    contents: Mapping[str, TypedTable]
    day: dt.date
    rules: Callable[[Ledger], Iterable[Problem]] = field(default=lambda _: (), repr=False, compare=False)
    assumptions: Assumptions = field(default_factory=Assumptions, repr=False)
    choices: Choices = field(default_factory=Choices, repr=False)
    narratives: tuple[Narrative, ...] = field(default=(), repr=False)

    @cached_property
    def discrepancies(self) -> tuple[Problem, ...]:
        """What does not add up in the world, as far as this ledger's rows tell it."""
        return tuple(self.rules(self))

    # --- tables ---------------------------------------------------------------------------------------------

    @cached_property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that hold at least one row."""
        return tuple(name for name, table in self.contents.items() if table.frame.height)

    def table(self, name: str) -> pl.DataFrame:
        """Return a table as a polars frame with its declared columns.

        Dates stay EDTF text; empty cells are null; a table the case lacks is empty.

        Raises
        ------
        CaseError
            When no table of that name is declared.
        """
        return self.located(name).drop(LINE)

    def located(self, name: str) -> pl.DataFrame:
        """Return a table with one more column, ``line``: where each row stands in its file."""
        if name in self.contents:
            return self.contents[name].frame
        try:
            return empty_frame(self.package.table(name))
        except KeyError:
            names = ", ".join(resource.name for resource in self.package.resources)
            raise CaseError([Problem("table", quoted(name), f"one of {names}", "correct the name")]) from None

    def rows(self, name: str) -> Iterator[dict[str, Any]]:
        """Yield a table's rows as dictionaries, ``line`` included; they are the ledger's own, to be read alone."""
        if name not in self._rows:
            self._rows[name] = self.located(name).to_dicts()
        return iter(self._rows[name])

    @cached_property
    def _rows(self) -> dict[str, list[dict[str, Any]]]:
        """Rows of the tables that were asked for: every rule goes through them."""
        return {}

    def path_of(self, name: str) -> str:
        """Return where the table stands in the case, as messages show it."""
        return self.contents[name].path if name in self.contents else self.package.table(name).path

    def row(self, name: str, line: int) -> dict[str, Any] | None:
        """Return the row of a table that stands on a line of its file; None where there is none."""
        frame = self.located(name)
        return next(frame.filter(pl.col(LINE) == line).iter_rows(named=True), None)

    def current(self, name: str) -> Mapping[str, dict[str, Any]]:
        """Return the newest row of each id, for tables whose rows are versions (lots, instruments, commitments)."""
        if name not in self._current:
            key = self.package.table(name).primary_key[0]
            rows = sorted(self.rows(name), key=lambda row: self._day_of(row.get("as_of")))
            self._current[name] = MappingProxyType({row[key]: row for row in rows if row[key] is not None})
        return self._current[name]

    @cached_property
    def _current(self) -> dict[str, Mapping[str, dict[str, Any]]]:
        """Newest rows of the tables that were asked for: many ask for each, and a table is sorted once."""
        return {}

    @cached_property
    def carried_out_by(self) -> Mapping[str, list[str]]:
        """The instruments that carry out each instrument, by the newest row of each."""
        found: dict[str, list[str]] = {}
        for identifier, row in self.current("instruments").items():
            if row["parent"]:
                found.setdefault(row["parent"], []).append(identifier)
        return MappingProxyType(found)

    # --- time -----------------------------------------------------------------------------------------------

    def as_of(self, date: dt.date | str) -> Ledger:
        """Return the world on that day: rows that describe a later time are left out."""
        day = _as_day(date)
        kept = {name: self._keep(table, self._described_by(name, day)) for name, table in self.contents.items()}
        return replace(self, contents=MappingProxyType(kept), day=min(day, self.day))

    def known_by(self, date: dt.date | str) -> Ledger:
        """Return what could have been known by that day.

        A row counts from the publication of its source, or from ``known_from`` where a later source reports what
        was public before.
        """
        day = _as_day(date)
        kept = {}
        for name, table in self.contents.items():
            if name in _IDENTITIES or "source_id" not in table.frame.columns:
                kept[name] = table
                continue
            rows = table.frame.iter_rows(named=True)
            mask = [self._day_of(self._known_from(row)) <= day for row in rows]
            kept[name] = self._keep(table, mask)
        cited = {
            row["source_id"]
            for name, t in kept.items()
            if name != "sources" and "source_id" in t.frame.columns
            for row in t.frame.select("source_id").iter_rows(named=True)
        }
        if "sources" in kept:
            mask = [row["source_id"] in cited or self._day_of(row["published"]) <= day for row in self.rows("sources")]
            kept["sources"] = self._keep(kept["sources"], mask)
        known = replace(self, contents=MappingProxyType(kept))
        return known.as_of(min(day, self.day))

    def _described_by(self, name: str, day: dt.date) -> list[bool]:
        column = self.package.table(name).time
        frame = self.contents[name].frame
        if column is None or column not in frame.columns:
            return [True] * frame.height
        if name == "figures":
            return [self._day_of(self._day_column(row, column)) <= day for row in frame.iter_rows(named=True)]
        return [value is None or self._day_of(value) <= day for value in frame.get_column(column)]

    def _day_column(self, row: Mapping[str, Any], column: str) -> str | None:
        """Return the date by which a figure belongs to a day: a plan is of the day it was known, not of its goal."""
        if row["measure"] in self.measures and self.measures[row["measure"]].kind == "plan":
            return self._known_from(row)
        value: str | None = row[column]
        return value

    def _known_from(self, row: Mapping[str, Any]) -> str | None:
        source = self.sources.get(row["source_id"] or "")
        return row.get("known_from") or (source.published if source else None)

    @staticmethod
    def _keep(table: TypedTable, mask: list[bool]) -> TypedTable:
        return replace(table, frame=table.frame.filter(pl.Series(mask, dtype=pl.Boolean)))

    @staticmethod
    def _day_of(value: str | int | None) -> dt.date:
        """Return the last day a date can mean; what has no date was always so."""
        if value is None:
            return dt.date.min
        try:
            return parse_date(str(value)).latest
        except ValueError:
            return dt.date.min

    # --- figures --------------------------------------------------------------------------------------------

    @cached_property
    def units(self) -> dict[str, Category]:
        """The units of figures, by name."""
        return self.package.categories("figures", "unit")

    @cached_property
    def measures(self) -> dict[str, Category]:
        """The measures of figures, by name."""
        return self.package.categories("figures", "measure")

    @cached_property
    def _figures(self) -> dict[tuple[str, str], list[Figure]]:
        """Figures by subject and measure, in the order of the file."""
        grouped: dict[tuple[str, str], list[Figure]] = {}
        for figure in read_figures(self.rows("figures"), self.grade_of):
            grouped.setdefault((figure.subject, figure.measure), []).append(figure)
        return grouped

    @cached_property
    def _measured(self) -> dict[str, list[str]]:
        """What is measured of each subject."""
        found: dict[str, list[str]] = {}
        for subject, measure in self._figures:
            found.setdefault(subject, []).append(measure)
        return found

    def figures(self, subject: str | None = None, measure: str | None = None) -> tuple[Figure, ...]:
        """Return every figure about a subject, a measure, or both, in the order of the file."""
        subjects = self._measured if subject is None else [subject]
        groups = [
            self._figures.get((about, measured), ())
            for about in subjects
            for measured in (self._measured.get(about, ()) if measure is None else (measure,))
        ]
        return tuple(sorted(itertools.chain.from_iterable(groups), key=_line_of))

    def figure(self, subject: str, measure: str, at: dt.date | str | None = None) -> Figure | None:
        """Return the figure that stands, why it stands, and its rivals; None where nothing is known.

        Parameters
        ----------
        subject, measure : str
            What the figure is about, and what is measured.
        at : date or EDTF text, optional
            The day it should describe; the ledger's day unless told otherwise. Where nothing describes a time that is
            over by then, a figure of a time that has begun stands, unless it is a count from the start.
        """
        day = self.day if at is None else _as_day(at)
        figures = self._figures.get((subject, measure), ())
        chosen = choose_standing(figures, day)
        kind = self.measures[measure].kind if measure in self.measures else None
        if chosen is None and kind not in ("cumulative", "plan"):
            running = [figure for figure in figures if figure.days.earliest <= day]
            chosen = choose_standing(running, dt.date.max)
            chosen = chosen and replace(chosen, why=f"{chosen.why}; of a time not over on that day")
        return chosen

    def conflicts(self) -> tuple[Conflict, ...]:
        """Return the figures, and the results of polls, that cannot all be right."""
        return self._conflicts

    @cached_property
    def _conflicts(self) -> tuple[Conflict, ...]:
        everything = [figure for figures in self._figures.values() for figure in figures]
        return (
            *find_conflicts(everything, self.units),
            *find_unexplained(everything, self.arrivals),
            *find_conflicts(read_polls(self.rows("polls"), self.grade_of), self.units),
        )

    @cached_property
    def arrivals(self) -> dict[str, list[tuple[dt.date, int]]]:
        """The day of arrival and the items of each transport on record, per lot."""
        found: dict[str, list[tuple[dt.date, int]]] = {}
        for row in self.rows("shipments"):
            if row["lot_id"] and row["quantity"] is not None and row["arrived"]:
                found.setdefault(row["lot_id"], []).append((self._day_of(row["arrived"]), row["quantity"]))
        return found

    # --- sources and names ----------------------------------------------------------------------------------

    @cached_property
    def sources(self) -> dict[str, Source]:
        """The case's sources, by id."""
        fields = Source.__dataclass_fields__
        return {
            row["source_id"]: Source(**{name: row[name] for name in fields})
            for row in self.rows("sources")
            if row["source_id"]
        }

    def source(self, source_id: str) -> Source:
        """Return one source; KeyError if the case does not have it."""
        return self.sources[source_id]

    def sources_of(self, figure: Figure) -> tuple[Source, ...]:
        """Return the source of a figure, then those of the other figures that print the same number."""
        same = [
            other
            for other in self.figures(figure.subject, figure.measure)
            if (other.value, other.unit) == (figure.value, figure.unit) and other.rank != "deprecated"
        ]
        ids = dict.fromkeys([figure.source_id, *(other.source_id for other in same)])
        return tuple(self.sources[source_id] for source_id in ids if source_id in self.sources)

    def grade_of(self, row: Mapping[str, Any]) -> str:
        """Return the Admiralty grade of a row: letter of its source, digit of its information (F6 if unknown)."""
        source = self.sources.get(row.get("source_id") or "")
        return f"{(source.reliability if source else None) or 'F'}{row.get('credibility') or 6}"

    @cached_property
    def _names(self) -> dict[str, str]:
        return find_names(self.package, self.rows, self.current("lots"))

    @cached_property
    def lots_called(self) -> Counter[str]:
        """How many lots have the same name, by name."""
        return Counter(self.name_of(lot) for lot in self.current("lots"))

    def name_of(self, identifier: str) -> str:
        """Return the human name of any id, of a lot that of its items; the id itself where it has none."""
        return self._names.get(identifier, identifier)


def _line_of(figure: Figure) -> int:
    return figure.line


def _as_day(date: dt.date | str) -> dt.date:
    """Return the last day a date can mean; CaseError where it is no EDTF date."""
    if isinstance(date, dt.date):
        return date
    try:
        return parse_date(date).latest
    except ValueError:
        fix = "write year-month-day"
        raise CaseError([Problem("date", quoted(date), "an EDTF date such as 2024-10-31", fix)]) from None
