"""Forecasts of a table of deals as a table, and a reference class learnt from a register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from pactwork.errors import CaseError, Problem
from pactwork.facts.deals import DealTable
from pactwork.forecast.deliveries.chances import LEVELS, mean_of, quantiles_of
from pactwork.forecast.deliveries.deals import as_year
from pactwork.forecast.deliveries.learning import learn_from_histories, learn_from_outcomes
from pactwork.forecast.deliveries.reference import ReferenceClass, make_reference_class
from pactwork.forecast.deliveries.tables import deals_of, outcomes_of
from pactwork.progress import Progress, ignore_progress

_BLOCK = 5_000
"""Deals that are forecast at a time, so that memory stays small however long the table."""


def forecast_table(
    table: DealTable,
    as_of: dt.date,
    at: Sequence[dt.date],
    reference: ReferenceClass,
    progress: Progress = ignore_progress,
) -> pl.DataFrame:
    """Return cumulative deliveries of every deal on every date.

    Parameters
    ----------
    table : DealTable
    as_of : date
        The day the table describes.
    at : sequence of dates
        None before that day.
    reference : ReferenceClass
    progress : callable, optional
        Called with a stage, the deals done and all of them.

    Returns
    -------
    polars frame
        One row a deal and date, in the order of the table and then of the dates: ``deal_id``, ``at``, ``mean`` and
        ``q01`` to ``q99``, in items from the start.
    """
    horizons = np.asarray([as_year(day) - as_year(as_of) for day in at])
    frames = []
    for start in range(0, table.frame.height, _BLOCK):
        progress("Forecasting deals", start, table.frame.height)
        rows = table.frame.slice(start, _BLOCK)
        deals = deals_of(rows, as_year(as_of))
        quantiles = quantiles_of(reference.coefficients, deals, horizons, LEVELS).reshape(-1, len(LEVELS))
        means = mean_of(reference.coefficients, deals, horizons).reshape(-1)
        frames.append(
            pl.DataFrame({
                "deal_id": np.repeat(rows.get_column("deal_id").to_numpy(), len(at)),
                "at": [day.isoformat() for day in at] * len(deals),
                "mean": np.round(means, 3),
                **{f"q{round(100 * level):02d}": quantiles[:, i].astype(np.int64) for i, level in enumerate(LEVELS)},
            })
        )  # fmt: skip
    progress("Forecasting deals", table.frame.height, table.frame.height)
    return pl.concat(frames)


def fit_register(tables: Sequence[DealTable], name: str, as_of: dt.date | None = None) -> ReferenceClass:
    """Return a reference class learnt from a register, or from tables with the same columns.

    Parameters
    ----------
    tables : sequence of DealTable
        Of one day; finished and open deals may stand in different tables.
    name : str
        Of the class.
    as_of : date, optional
        The last day the class may know. A register export says itself what day it describes; a table with outcomes
        describes the end of the year before the first of them, and outcomes after ``as_of`` are left out.

    Raises
    ------
    CaseError
        When the day is not known, or there is too little to learn from.
    """
    through = _find_year(tables, as_of)
    joined = replace(tables[0], frame=pl.concat([one.frame for one in tables]), outcomes={})
    finished = joined.frame.filter(pl.col("delivered") >= pl.col("ordered"))
    last = finished.get_column("order_year").max() if finished.height else None
    allowed = [_known_by(one, as_of) for one in tables]
    outcomes = [found for one in allowed if (found := outcomes_of(one)) is not None]
    histories = None
    if last is not None or not outcomes:
        histories = learn_from_histories(joined, through, int(str(last)) if last is not None else None)
    learnt, known_year = histories, through
    for found, table in zip(outcomes, (one for one in allowed if one.outcomes), strict=True):
        learnt = learn_from_outcomes(found, histories)
        known_year = max(known_year, *table.outcomes)
    if learnt is None:  # no outcome, and histories that taught nothing, have been refused above
        raise CaseError(
            [Problem(joined.name, "nothing to learn from", "finished deals or outcomes", "give more deals")]
        )
    years = joined.frame.get_column("order_year")
    return make_reference_class(
        learnt,
        name=name,
        known_by=dt.date(known_year, 12, 31),
        deals=joined.frame.height,
        order_years=(int(str(years.min())), int(str(years.max()))),
        provenance="Fitted by pactwork forecast --fit on " + ", ".join(one.name for one in tables) + ".",
    )


def _known_by(table: DealTable, as_of: dt.date | None) -> DealTable:
    """Return the table without outcomes of years that are not over by a day."""
    if as_of is None:
        return table
    return replace(table, outcomes={y: one for y, one in table.outcomes.items() if dt.date(y, 12, 31) <= as_of})


def _find_year(tables: Sequence[DealTable], as_of: dt.date | None) -> int:
    """Return the last year whose deliveries the tables count."""
    told = {one.last_year for one in tables if one.last_year is not None}
    told |= {min(one.outcomes) - 1 for one in tables if one.outcomes}
    if len(told) == 1:
        return told.pop()
    if as_of is not None and not told:
        return as_of.year if as_of == dt.date(as_of.year, 12, 31) else as_of.year - 1
    found = "no day" if not told else "the ends of " + " and ".join(str(year) for year in sorted(told))
    names = ", ".join(one.name for one in tables)
    raise CaseError([Problem(names, found, "tables of one known day", "give it: --as-of 2023-12-31")])
