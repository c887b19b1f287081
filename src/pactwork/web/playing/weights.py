"""Which assumptions matter most: how far outcomes follow each of them over the futures as assumed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from pactwork.facts.ledger import Ledger
from pactwork.futures.results import Floats
from pactwork.web.playing.experiment import Held
from pactwork.web.playing.reading import Figure, list_figures, values_of

MOST_SHOWN = 14
CHANCE = 4.0
"""Standard errors of a rank correlation of nothing: with so many pairs, less than that is found by chance."""
_LED_BY = ("readiness", "fleets", "munitions", "money", "deliveries")
_BY_DEFINITION = (".stock_at_end", "local_share")
"""What follows one assumption by definition, and tells nothing: a stock its goal, a share spent at home its share."""


@dataclass(frozen=True)
class Weight:
    """An assumption that an outcome follows: rank correlation over futures, and the outcome in words."""

    name: str
    outcome: str
    correlation: float


def weigh_assumptions(ledger: Ledger, held: Held) -> tuple[Weight, ...]:
    """Return the assumptions that outcomes follow most, the strongest first, each with the outcome it moves most.

    Notes
    -----
    Spearman's rank correlation between an assumption and the mean of an outcome over the runs of each future. What
    cannot be told from chance is left out. It says how outcomes and assumptions go together in the design; moving one
    slider shows what it does by itself.
    """
    figures = [
        one for one in list_figures(ledger, held) if one.group in _LED_BY and not one.key.endswith(_BY_DEFINITION)
    ]
    design = held.ensemble.model.design
    names = [name for name in design.columns if name in design.parameters]
    futures = design.futures
    if not names or not figures or futures < 3:
        return ()
    outcomes, told = _rank_outcomes(figures, held)
    if not told:
        return ()
    inputs = _standardise(stats.rankdata(np.column_stack([design.chance(name) for name in names]), axis=0))
    found = inputs.T @ outcomes / futures
    best = np.abs(found).argmax(axis=1)
    weights = [Weight(name, told[at].label, float(found[row, at]))
               for row, (name, at) in enumerate(zip(names, best, strict=True))]  # fmt: skip
    least = CHANCE / np.sqrt(futures - 1)
    kept = [one for one in weights if abs(one.correlation) >= least]
    return tuple(sorted(kept, key=lambda one: (-abs(one.correlation), one.name))[:MOST_SHOWN])


def _rank_outcomes(figures: list[Figure], held: Held) -> tuple[Floats, list[Figure]]:
    """Return ranks of outcomes over futures, standardised, of shape (future, figure), and the figures that vary."""
    columns, told = [], []
    for figure in figures:
        values = values_of(figure, held)
        known = np.isfinite(values)
        means = np.where(known, values, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
        means = np.where(known.any(axis=1), means, np.median(means[known.any(axis=1)]) if known.any() else 0.0)
        if np.ptp(means) > 0:
            columns.append(stats.rankdata(means))
            told.append(figure)
    return (_standardise(np.column_stack(columns)) if columns else np.zeros((len(held.totals), 0))), told


def _standardise(ranks: Floats) -> Floats:
    spread = ranks.std(axis=0)
    return np.asarray((ranks - ranks.mean(axis=0)) / np.where(spread > 0, spread, 1.0))
