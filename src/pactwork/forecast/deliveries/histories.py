"""Histories: what a register tells of a deal's past, as states of earlier years and what came after each."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pactwork.facts.deals import DealTable
from pactwork.forecast.deliveries.deals import Deals, Floats
from pactwork.forecast.deliveries.fitting import Outcomes
from pactwork.forecast.deliveries.tables import deals_of, weights_of

HISTORY_HORIZONS = (1, 2, 3, 4, 6, 8)
"""Years ahead at which a deal's history is asked what had come."""

_IMPUTATIONS = 4
_SEED = 219
_FIRST_COHORT_YEARS = 13
"""How far back cohorts are taken: habits of before that are no guide."""


@dataclass(frozen=True)
class _Path:
    """One deal's deliveries by the end of each year from ``first_year`` on, counted from the start."""

    row: int
    order_year: int
    through: int
    counts: dict[int, int]
    ordered: int

    def at(self, year: int) -> int:
        known = [count for then, count in self.counts.items() if then <= year]
        return max(known, default=0)


def histories_of(table: DealTable, through: int) -> Outcomes:
    """Return what came of each deal in the years after each of its own years, up to ``through``.

    Parameters
    ----------
    table : DealTable
        Finished and open deals. Only cohorts of which both are in the table may be used together: a sample of
        finished deals alone would show that all deals finish.
    through : int
        Last year whose deliveries are counted.

    Notes
    -----
    A register gives the first and the last year of delivery and the total, not the count of each year. The years
    between are imputed several times: shares from a gamma process with a yearly coefficient of variation of one, at
    least one item in the first and in the last year. Plans are left out, since a register holds the plan of its own
    day, which for a deal of long ago is the one that was kept.
    """
    generator = np.random.default_rng(_SEED)
    weight = weights_of(table)
    states: list[tuple[int, int, int, int, int, int, int]] = []
    for path in _paths(table, through, generator):
        years = range(path.order_year, through)
        for year in years:
            sent = path.at(year)
            if sent >= path.ordered:
                break
            began = next((then for then in sorted(path.counts) if then <= year and path.counts[then] > 0), 0)
            last = max((then for then, count in path.counts.items() if then <= year and count > 0), default=0)
            for ahead in HISTORY_HORIZONS:
                if year + ahead <= through:
                    came = min(path.at(year + ahead), path.ordered) - sent
                    states.append((path.row, year, ahead, sent, came, began, last))
    return _collect(table, np.asarray(states), weight)


def _paths(table: DealTable, through: int, generator: np.random.Generator) -> list[_Path]:
    found = []
    columns = ("order_year", "ordered", "delivered", "first_delivery_year", "last_delivery_year")
    for row, (order_year, ordered, delivered, first, last) in enumerate(table.frame.select(columns).rows()):
        if order_year <= through - _FIRST_COHORT_YEARS or order_year > through:
            continue
        if delivered > 0 and first is None:
            continue  # begun, and nobody says when
        for _ in range(_IMPUTATIONS if first is not None and (last or first) > first + 1 else 1):
            counts = _impute(delivered, first, last or first, generator) if delivered > 0 else {}
            found.append(_Path(row, order_year, through, counts, ordered))
    return found


def _impute(delivered: int, first: int, last: int, generator: np.random.Generator) -> dict[int, int]:
    """Return counts from the start by the end of each year, for a deal whose first and last year are known."""
    years = list(range(first, last + 1))
    if len(years) == 1 or delivered == 1:
        return {first: delivered}
    shares = generator.gamma(1.0, size=len(years))
    spare = generator.multinomial(delivered - 2, shares / shares.sum())
    spare[0] += 1
    spare[-1] += 1
    return dict(zip(years, np.cumsum(spare).tolist(), strict=True))


def _collect(table: DealTable, states: NDArray[np.int64], weight: Floats) -> Outcomes:
    """Return states as outcomes; the rows of one deal share its weight, times two: it is seen more than once."""
    rows, year, ahead, sent, came, began, last = states.T
    frame = table.frame[rows.tolist()].with_columns(
        pl.Series("delivered", sent),
        pl.Series("first_delivery_year", began).replace(0, None),
        pl.Series("last_delivery_year", last).replace(0, None),
        pl.lit(None, dtype=pl.Int64).alias("planned_start"),
        pl.lit(None, dtype=pl.Int64).alias("planned_end"),
    )
    deals = deals_of(frame, 0.0)
    described = {one.name: getattr(deals, one.name) for one in fields(Deals)}
    repeats = np.bincount(rows, minlength=table.frame.height)[rows]
    mean = weight[np.unique(rows)].mean()
    return Outcomes(Deals(**{**described, "as_of": year + 1.0}), ahead.astype(np.float64), came.astype(np.float64),
                    2.0 * weight[rows] / mean / repeats)  # fmt: skip
