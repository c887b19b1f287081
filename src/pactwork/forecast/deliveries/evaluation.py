"""Scoring a table of deals whose outcome is known, against rivals that are given the same chances."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import polars as pl

from pactwork.errors import CaseError, Problem
from pactwork.facts.deals import DealTable
from pactwork.forecast.deliveries.chances import LEVELS, quantiles_of
from pactwork.forecast.deliveries.deals import Bools, Deals, Floats, as_year
from pactwork.forecast.deliveries.reference import ReferenceClass
from pactwork.forecast.deliveries.rivals import (
    ask_nearest,
    keep_pace,
    keep_plan,
    persist,
    pool_past,
    split_by_group,
)
from pactwork.forecast.deliveries.scoring import HorizonScore, score_horizon
from pactwork.forecast.deliveries.tables import deals_of
from pactwork.progress import Progress, ignore_progress

FOLDS = 10
_SIMPLE: dict[str, Callable[[Deals, float], Floats]] = {
    "persistence": persist,
    "pace": keep_pace,
    "plan": keep_plan,
}
_LEARNT: dict[str, Callable[[Deals, Deals, Floats], Floats]] = {"pooled past": pool_past, "nearest deals": ask_nearest}
RIVALS = (*_SIMPLE, *_LEARNT)
_FEWEST = 2 * FOLDS


def pairs_of(frame: pl.DataFrame) -> Floats:
    """Return a number for each deal, the same for deals of one pair of states; its own where both are unknown."""
    row = pl.int_range(pl.len()).cast(pl.String)
    pair = pl.concat_str(pl.col("recipient").fill_null("?"), pl.lit("|"), pl.col("supplier").fill_null("?"))
    unknown = pl.col("recipient").is_null() & pl.col("supplier").is_null()
    names = frame.select(pl.when(unknown).then(row).otherwise(pair).alias("pair")).get_column("pair")
    return np.unique(names.to_numpy(), return_inverse=True)[1].astype(np.float64)


def forecast_rivals(deals: Deals, years_ahead: float, came: Floats, groups: Floats, seed: int = 0) -> dict[str, Floats]:
    """Return the forecasts of every rival; those that learn never see a deal of the same pair."""
    found = {name: rival(deals, years_ahead) for name, rival in _SIMPLE.items()}
    share = came / np.maximum(deals.remaining, 1.0)
    for name, rival in _LEARNT.items():
        found[name] = np.empty((len(deals), len(LEVELS)))
        for part in split_by_group(groups, FOLDS, seed):
            if part.any():
                found[name][part] = rival(deals.take(part), deals.take(~part), share[~part])
    return found


def score_deals(
    table: DealTable,
    outcomes: Mapping[int, pl.Series],
    reference: ReferenceClass,
    as_of: dt.date | None = None,
    progress: Progress = ignore_progress,
) -> list[HorizonScore]:
    """Return scores of the forecasts of a table's deals at the end of every year whose outcome is known.

    Parameters
    ----------
    table : DealTable
    outcomes : mapping of year to polars series
        Delivered by the end of that year, in the order of the table; null where not known.
    reference : ReferenceClass
    as_of : date, optional
        Day of the table; the end of the year before the first outcome unless told otherwise.
    progress : callable, optional
        Called with a stage, the years done and all of them.

    Raises
    ------
    CaseError
        When too few outcomes are known to learn the rivals from.
    """
    first = min(outcomes)
    day = as_of or dt.date(first - 1, 12, 31)
    groups = pairs_of(table.frame)
    scores = []
    for at, (year, series) in enumerate(sorted(outcomes.items())):
        progress("Scoring", at, len(outcomes))
        horizon = year + 1.0 - as_year(day)
        known = series.is_not_null().to_numpy() & (table.frame["delivered"] < table.frame["ordered"]).to_numpy()
        if horizon <= 0:
            continue
        if known.sum() < _FEWEST:
            found, fix = f"{known.sum()} open deals with an outcome", "give more deals, or more of their outcomes"
            raise CaseError([Problem(f"delivered_{year}", found, f"at least {_FEWEST}", fix)])
        scores.append(_score_year(year, horizon, table, series, known, reference, as_year(day), groups))
    progress("Scoring", len(outcomes), len(outcomes))
    if not scores:
        found = f"outcomes up to {max(outcomes)}, and deals as of {day.isoformat()}"
        raise CaseError([Problem("outcomes", found, "outcomes after that day", "give an earlier day with --as-of")])
    return scores


def _score_year(
    year: int, horizon: float, table: DealTable, series: pl.Series, known: Bools, reference: ReferenceClass,
    as_of: float, groups: Floats,
) -> HorizonScore:  # fmt: skip
    deals = deals_of(table.frame, as_of).take(known)
    observed = np.maximum(series.fill_null(0).to_numpy()[known].astype(np.float64), deals.delivered)
    quantiles = quantiles_of(reference.coefficients, deals, np.array([horizon]), LEVELS)[:, 0]
    rivals = forecast_rivals(deals, horizon, observed - deals.delivered, groups[known])
    return score_horizon(
        f"{year}-12-31", horizon, quantiles, rivals, observed, deals.ordered, deals.begun, groups[known]
    )


def describe_scores(scores: list[HorizonScore], reference: ReferenceClass, as_of: dt.date) -> dict[str, Any]:
    """Return scores as the JSON document of ``pactwork forecast --score``."""
    return {
        "as_of": as_of.isoformat(),
        "reference_class": reference.describe(as_of),
        "unseen_deals": [one.model_dump() for one in reference.scores],
        "scores": [one.as_dict() for one in scores],
    }
