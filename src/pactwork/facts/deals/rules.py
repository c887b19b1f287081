"""What must hold between the cells of one deal: each rule yields problems with their place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from pactwork.errors import Problem
from pactwork.facts.tables import LINE

_DATES = {
    # column -> what may not come before the order
    "first_delivery_year": "a year from the order on",
    "last_delivery_year": "a year from the order on",
    "planned_start": "a year from the order on",
    "planned_end": "a year from the order on",
}


def find_deal_problems(
    frame: pl.DataFrame, path: str, last_year: int | None, years: Sequence[int]
) -> Iterator[Problem]:
    """Yield what is wrong within rows: counts that cannot be, and dates in an order that cannot be.

    Parameters
    ----------
    frame : polars frame
        Typed, with the column ``line``.
    path : str
        As messages show it.
    last_year : int, optional
        Last year the table may speak of as past.
    years : sequence of int
        Years of outcome columns.
    """
    yield from _find_too_many(frame, path, years)
    for column, expected in _DATES.items():
        early = frame.filter(pl.col(column) < pl.col("order_year"))
        yield from _report(
            early, path, column, "{value}, ordered in {order_year}", expected, "correct one of the years"
        )
    yield from _find_turned(frame, path, "first_delivery_year", "last_delivery_year")
    yield from _find_turned(frame, path, "planned_start", "planned_end")
    nothing = frame.filter((pl.col("delivered") == 0) & pl.col("first_delivery_year").is_not_null())
    found, fix = "{value}, and nothing delivered", "correct delivered, or empty the year"
    yield from _report(nothing, path, "first_delivery_year", found, "nothing, or a count above 0", fix)
    if last_year is not None:
        for column in ("order_year", "first_delivery_year", "last_delivery_year"):
            late = frame.filter(pl.col(column) > last_year)
            yield from _report(late, path, column, "{value}", f"a year up to {last_year}, the day of the forecast",
                               "correct the year, or forecast from a later day")  # fmt: skip


def _find_too_many(frame: pl.DataFrame, path: str, years: Sequence[int]) -> Iterator[Problem]:
    for column in ("delivered", *(f"delivered_{year}" for year in years)):
        above = frame.filter(pl.col(column) > pl.col("ordered"))
        yield from _report(above, path, column, "{value} of {ordered} ordered", "at most what was ordered",
                           "correct one of the numbers")  # fmt: skip


def _find_turned(frame: pl.DataFrame, path: str, first: str, last: str) -> Iterator[Problem]:
    turned = frame.filter(pl.col(last) < pl.col(first))
    found = "{value}, before " + first + " {" + first + "}"
    yield from _report(turned, path, last, found, f"a year not before {first}", "correct one of the years")


def _report(rows: pl.DataFrame, path: str, column: str, found: str, expected: str, fix: str) -> Iterator[Problem]:
    for row in rows.iter_rows(named=True):
        yield Problem(f"{path}:{row[LINE]} {column}", found.format(value=row[column], **row), expected, fix)
