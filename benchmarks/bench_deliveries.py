"""Delivery forecasts on deals they have not seen, beside what people would use instead; and their speed.

    python benchmarks/bench_deliveries.py PRACTICE_DATA

PRACTICE_DATA is a folder with deals_open_2023.csv and deals_completed.csv (excerpts of the SIPRI Arms Transfers
Database, © SIPRI, which do not come with pactwork). Folds never part the deals of one recipient and supplier, and the
histories of a left-out pair are left out too, so that no deal's sister is in the fit. The random forest is a plain one
(scikit-learn, 300 trees), fitted in the same folds on the same columns.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from pactwork.facts.deals import DealTable, read_deals
from pactwork.forecast.deliveries.chances import quantiles_of
from pactwork.forecast.deliveries.evaluation import FOLDS, forecast_rivals, pairs_of
from pactwork.forecast.deliveries.features import describe
from pactwork.forecast.deliveries.learning import learn_from_histories, learn_from_outcomes
from pactwork.forecast.deliveries.rivals import split_by_group
from pactwork.forecast.deliveries.scoring import LEVELS, HorizonScore, score_horizon
from pactwork.forecast.deliveries.tables import deals_of, outcomes_of

KNOWN_YEAR = 2023
COHORTS_UNTIL = 2018
"""Last year of order of which the sample holds finished deals."""
FINISHED_WEIGHT, OPEN_WEIGHT = 7717 / 1200, 809 / 402
"""How many deals each row of the two samples stands for."""


def read_samples(folder: Path) -> tuple[DealTable, DealTable]:
    """Return the open deals, and all deals with their weights."""
    opened = read_deals(folder / "deals_open_2023.csv", last_year=KNOWN_YEAR)
    finished = read_deals(folder / "deals_completed.csv", last_year=KNOWN_YEAR, complete=True)
    frames = [
        finished.frame.with_columns(weight=pl.lit(FINISHED_WEIGHT)),
        opened.frame.with_columns(weight=pl.lit(OPEN_WEIGHT)),
    ]
    return opened, replace(finished, frame=pl.concat(frames))


def cross_validate(
    opened: DealTable, everything: DealTable, seed: int, *, forest: bool = False, plain: bool = False
) -> list[HorizonScore]:
    """Return scores one and two years ahead of forecasts fitted without the deals, and the pairs, they are about.

    ``plain`` forecasts with what histories alone teach: the class known by 2023.
    """
    groups, every = pairs_of(opened.frame), outcomes_of(opened)
    deals = deals_of(opened.frame, KNOWN_YEAR + 1.0)
    horizons = np.array([1.0, 2.0])
    quantiles = np.empty((len(deals), 2, len(LEVELS)))
    trees = np.empty_like(quantiles)
    pair = pl.concat_str("recipient", pl.lit("|"), "supplier")
    came = [np.clip(s.to_numpy() - deals.delivered, 0, None) for s in opened.outcomes.values()]
    for part in split_by_group(groups, FOLDS, seed):
        left_out = opened.frame.filter(part).select(pair).to_series().implode()
        histories = learn_from_histories(
            replace(everything, frame=everything.frame.filter(~pair.is_in(left_out))), KNOWN_YEAR, COHORTS_UNTIL
        )
        learnt = histories
        if not plain:
            kept = np.tile(~part, 2)
            rows = replace(
                every,
                deals=every.deals.take(kept),
                horizon=every.horizon[kept],
                came=every.came[kept],
                weight=every.weight[kept],
            )
            learnt = learn_from_outcomes(rows, histories)
        quantiles[part] = quantiles_of(learnt, deals.take(part), horizons, LEVELS)
        if forest:
            trees[part] = _plant(deals, came, part)
    scores = []
    for at, horizon in enumerate(horizons):
        rivals = forecast_rivals(deals, horizon, came[at], groups, seed)
        if forest:
            rivals["random forest"] = trees[:, at]
        observed = deals.delivered + came[at]
        year = KNOWN_YEAR + int(horizon)
        scores.append(
            score_horizon(
                f"{year}-12-31", horizon, quantiles[:, at], rivals, observed, deals.ordered, deals.begun, groups
            )
        )
    return scores


def _plant(deals, came, part):
    """Return the quantiles of a plain random forest: the outcomes of the deals that share its leaves."""
    from sklearn.ensemble import RandomForestRegressor

    columns = np.nan_to_num(describe(deals, 1.0))
    share = np.stack([one / deals.remaining for one in came], axis=1)
    grown = RandomForestRegressor(300, min_samples_leaf=5, max_features=0.4, random_state=0, n_jobs=2)
    grown.fit(columns[~part], share[~part])
    here, there = grown.apply(columns[part]), grown.apply(columns[~part])
    weight = np.zeros((part.sum(), (~part).sum()))
    for tree in range(here.shape[1]):
        same = here[:, tree][:, None] == there[:, tree][None]
        weight += same / same.sum(axis=1, keepdims=True)
    found = np.empty((part.sum(), 2, len(LEVELS)))
    for at in range(2):
        order = np.argsort(share[~part, at])
        filled = np.cumsum(weight[:, order], axis=1) / weight.sum(axis=1, keepdims=True)
        place = np.stack([np.searchsorted(row, LEVELS - 1e-12) for row in filled])
        chosen = share[~part, at][order][np.minimum(place, len(order) - 1)]
        one = deals.take(part)
        found[:, at] = one.delivered[:, None] + np.round(chosen * one.remaining[:, None])
    return found


def main() -> None:
    opened, everything = read_samples(Path(sys.argv[1]))
    for seed in (0, 1, 2):
        print(f"\nfolds drawn with seed {seed}")
        for score in cross_validate(opened, everything, seed, forest=True):
            regimes = ", ".join(f"{name} {value:.4f}" for name, value in score.crps_by_regime.items())
            print(f"{score.at}: CRPS of the share of the order, {score.deals} deals: {regimes}")
            for name, one in score.calibration.items():
                print(f"   {name:10s} PIT in (0.1, 0.9): {one.inside_80:.1%}   below 0.5: {one.below_median:.1%}")
            for one in score.rivals:
                print(
                    f"   against {one.rival:14s} {one.crps:.4f}   gain {one.gain:+.4f} [{one.low:+.4f}, {one.high:+.4f}]   skill {one.skill:+.1%}"
                )
    print("\nwhat histories alone teach (the class known by 2023)")
    for score in cross_validate(opened, everything, 0, plain=True):
        print(
            f"{score.at}: {score.crps:.4f}  PIT {score.calibration['all'].inside_80:.1%}, below 0.5 {score.calibration['all'].below_median:.1%}"
        )
    time_many(opened)


def time_many(opened: DealTable, rows: int = 30_000) -> None:
    """Print how long 30,000 deals take: mean and 99 quantiles at two dates each."""
    from pactwork.forecast.deliveries.chances import mean_of
    from pactwork.forecast.deliveries.reference import load_reference_class

    repeated = opened.frame[np.arange(rows) % opened.frame.height]
    coefficients = load_reference_class("known-by-2025").coefficients
    took = []
    for _ in range(5):
        start = time.perf_counter()
        deals = deals_of(repeated, 2024.0)
        quantiles_of(coefficients, deals, np.array([1.0, 2.0]), LEVELS)
        mean_of(coefficients, deals, np.array([1.0, 2.0]))
        took.append(time.perf_counter() - start)
    print(f"\n{rows:,} deals at two dates: {np.median(took):.2f} s (median of 5)")


if __name__ == "__main__":
    main()
