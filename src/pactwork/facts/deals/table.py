"""A table of deals: CSV with declared columns, or a register export, becomes one frame with every problem located."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

import polars as pl

from pactwork.errors import CaseError, Problem
from pactwork.facts.deals.rules import find_deal_problems
from pactwork.facts.reading import RawTable, read_csv
from pactwork.facts.schema import Column, Constraints, TableDeclaration
from pactwork.facts.tables import LINE, type_table

_OUTCOME = re.compile(r"delivered_((?:19|20)\d\d)")
_STATES = ("new", "second hand", "second hand but modernized")


@dataclass(frozen=True)
class DealTable:
    """Deals as one day knew them.

    Attributes
    ----------
    name : str
        Of the file.
    frame : polars frame
        The columns of ``deals.json``; empty cells are null.
    outcomes : dict of int to polars series
        What had been delivered by the end of later years, where the table says so.
    last_year : int or None
        Last year whose deliveries a register export counts; None for other tables.
    notes : tuple of Problem
        What a register export holds that could not be used; kept, not refused.
    """

    name: str
    frame: pl.DataFrame
    outcomes: dict[int, pl.Series]
    last_year: int | None = None
    notes: tuple[Problem, ...] = field(default=())


@functools.cache
def _declaration() -> TableDeclaration:
    text = resources.files("pactwork.facts.deals").joinpath("deals.json").read_text("utf-8")
    return TableDeclaration.model_validate_json(text)


def read_deal_table(path: Path, *, last_year: int | None = None, complete: bool = False) -> DealTable:
    """Read a table of deals.

    Parameters
    ----------
    path : Path
    last_year : int, optional
        The year by whose end the deals are described; nothing may lie after it.
    complete : bool
        Whether a table without a column ``delivered`` holds deals of which everything has come, as a list of finished
        deals does; for learning from, never for forecasting.

    Raises
    ------
    CaseError
        With every problem of the table.
    """
    raw = read_csv(path, "deals", path.name)
    years = [int(match[1]) for name in raw.header if (match := _OUTCOME.fullmatch(name))]
    declaration = _with_outcomes(_declaration(), years)
    if complete and raw.header and "delivered" not in raw.header:
        declaration = _optional(declaration, "delivered")
    typed = type_table(raw, declaration, columns_of="a table of deals")
    frame = typed.frame
    if complete and "delivered" not in raw.header:
        frame = frame.with_columns(pl.col("ordered").alias("delivered"))
    frame = _name_rows(frame)
    problems = [*typed.problems, *_find_bad_states(frame, raw), *find_deal_problems(frame, raw.path, last_year, years)]
    if not problems and frame.height == 0:
        problems.append(Problem(raw.path, "no row", "at least one deal", "add the deals below the header"))
    if problems:
        raise CaseError(problems)
    outcomes = {year: frame.get_column(f"delivered_{year}") for year in sorted(years)}
    kept = frame.select(column.name for column in _declaration().fields)
    return DealTable(path.name, kept, outcomes)


def read_outcomes(path: Path, deals: DealTable) -> dict[int, pl.Series]:
    """Read what had been delivered later: a table with ``deal_id`` and columns such as ``delivered_2024``.

    Returns
    -------
    dict of int to polars series
        By year; in the order of the deals, null where the table does not tell.

    Raises
    ------
    CaseError
        When no deal or no year is found in it, or a row is wrong.
    """
    raw = read_csv(path, "outcomes", path.name)
    years = sorted({int(match[1]) for name in raw.header if (match := _OUTCOME.fullmatch(name))})
    own = {"deal_id", *(f"delivered_{year}" for year in years)}
    narrow = _only(raw, own)
    columns = (Column(name="deal_id", constraints=Constraints(required=True, unique=True)), *_outcome_columns(years))
    schema = _declaration().table_schema.model_copy(update={"fields": columns, "primary_key": ("deal_id",)})
    typed = type_table(narrow, _declaration().model_copy(update={"table_schema": schema}), columns_of="outcomes")
    problems = [*typed.problems]
    if raw.header and not years:
        fix = "name the columns after the years, with deliveries counted from the start"
        problems.append(Problem(f"{raw.path}:1", "no outcome", "a column such as delivered_2024", fix))
    ids = deals.frame.get_column("deal_id")
    if raw.header and not problems and not typed.frame.get_column("deal_id").is_in(ids.to_list()).any():
        fix = "give the outcomes of the same deals, by the same ids"
        problems.append(Problem(f"{raw.path} deal_id", "no deal of the table", f"ids such as {ids[0]}", fix))
    if problems:
        raise CaseError(problems)
    joined = deals.frame.select("deal_id", "ordered").join(typed.frame, on="deal_id", how="left", maintain_order="left")
    problems = _find_above(joined, years, raw.path)
    if problems:
        raise CaseError(problems)
    return {year: joined.get_column(f"delivered_{year}") for year in years}


def _find_above(joined: pl.DataFrame, years: Sequence[int], path: str) -> list[Problem]:
    return [
        Problem(f"{path}:{row[LINE]} delivered_{year}", str(row[f"delivered_{year}"]),
                f"at most the {row['ordered']} ordered", "correct the number")
        for year in years
        for row in joined.filter(pl.col(f"delivered_{year}") > pl.col("ordered")).iter_rows(named=True)
    ]  # fmt: skip


def _only(raw: RawTable, names: set[str]) -> RawTable:
    """Return the table with the named columns alone: a table of deals may serve as its own outcomes."""
    at = [index for index, name in enumerate(raw.header) if name in names]
    rows = [[row[index] for index in at] for row in raw.rows]
    return RawTable(raw.name, raw.path, [raw.header[i] for i in at], rows, raw.lines, raw.decimal_comma, raw.problems)


def _outcome_columns(years: Sequence[int]) -> tuple[Column, ...]:
    return tuple(Column(name=f"delivered_{year}", type="integer", constraints=Constraints(minimum=0)) for year in years)


def _with_outcomes(declaration: TableDeclaration, years: Sequence[int]) -> TableDeclaration:
    fields = (*declaration.fields, *_outcome_columns(years))
    return declaration.model_copy(
        update={"table_schema": declaration.table_schema.model_copy(update={"fields": fields})}
    )


def _optional(declaration: TableDeclaration, name: str) -> TableDeclaration:
    fields = tuple(
        one.model_copy(update={"constraints": one.constraints.model_copy(update={"required": False})})
        if one.name == name
        else one
        for one in declaration.fields
    )
    return declaration.model_copy(
        update={"table_schema": declaration.table_schema.model_copy(update={"fields": fields})}
    )


def _name_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with an id for every row: its number where the table gives none."""
    number = (pl.int_range(pl.len()) + 1).cast(pl.String)
    return frame.with_columns(pl.col("deal_id").fill_null(number))


def _find_bad_states(frame: pl.DataFrame, raw: RawTable) -> Iterable[Problem]:
    wrong = frame.filter(~pl.col("status").str.to_lowercase().is_in(_STATES))
    for row in wrong.iter_rows(named=True):
        expected = "New, Second hand, or Second hand but modernized"
        yield Problem(f"{raw.path}:{row[LINE]} status", f'"{row["status"]}"', expected, "correct the word")
