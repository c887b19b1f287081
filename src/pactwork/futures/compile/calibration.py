"""Calibration of slip: ordinary shocks are played, and each lot's aim is moved by what they turned out to add."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from pactwork.forecast.deliveries.chances import LEVELS
from pactwork.futures.compile.columns import Floats
from pactwork.futures.compile.scene import Scene
from pactwork.futures.compile.slip import SHORTEST_YEARS, Aim, forecast_aim
from pactwork.progress import Progress, ignore_progress

ROUNDS = 4
_TURNS, _GAIN = 12, 0.5
"""Turns of the fixed point within a round, and the part of what is missed that each makes good."""
_KNOTS = np.array([4, 9, 24, 49, 74, 89, 94])
"""Levels, in per cent less one, at which what was played is held against the forecast: few, since chance cannot be
taken out of a distribution without end."""


@dataclass(frozen=True, eq=False)
class Played:
    """One lot over all runs: its level of delay, and years until it was complete, infinite where it was not.

    Both are of shape (run,).
    """

    level: Floats
    years: Floats


Play = Callable[[Mapping[str, Aim]], Mapping[str, Played]]
"""From aims by lot to what came of them by lot."""


def calibrate(scene: Scene, play: Play, horizon_years: float, progress: Progress = ignore_progress) -> dict[str, Aim]:
    """Return aims by which the delivery forecast comes out.

    Parameters
    ----------
    play : callable
        Plays ordinary shocks.
    horizon_years : float
        How far runs reach; levels at which the forecast reaches farther take the correction of the last that does not.

    Notes
    -----
    Each round plays once and takes what every run added to its aim as given; with that, aims are moved quantile by
    quantile until the forecast comes out: aim ← aim + gain × (forecast - played), a fixed point by relaxation. The next
    round plays with the new aims, since what is added depends on them a little. Runs weigh as much as the part of all
    levels they stand for.
    """
    open_parts = [part for part in scene.parts if part.firm and part.lot.state.delivered < part.lot.state.lot.quantity]
    lots = {part.lot.state.lot.lot_id: part.lot for part in open_parts}
    wanted = {part.lot.state.lot.lot_id: forecast_aim(part.lot, scene.ledger.day) for part in scene.parts}
    aims = dict(wanted)
    for turn in range(ROUNDS if lots else 0):
        progress("matching deliveries", turn, ROUNDS)
        played = play(aims)
        for lot_id in lots:
            aims[lot_id] = _correct(aims[lot_id], wanted[lot_id], played[lot_id], horizon_years)
    if lots:
        progress("matching deliveries", ROUNDS, ROUNDS)
    return aims


def _correct(aim: Aim, wanted: Aim, played: Played, horizon_years: float) -> Aim:
    order = np.argsort(played.level, kind="stable")
    level, years = played.level[order], played.years[order]
    weights = np.diff(np.concatenate([[0.0], (level[1:] + level[:-1]) / 2, [1.0]]))
    added = years - np.interp(level, LEVELS, aim.completes)
    levels, target, completes = LEVELS[_KNOTS], wanted.completes[_KNOTS], aim.completes
    for _ in range(_TURNS):
        expected = np.interp(level, LEVELS, completes) + added
        found = np.quantile(expected, levels, weights=weights, method="inverted_cdf")
        usable = np.isfinite(found) & (target <= horizon_years)
        if not usable.any():
            return aim
        missed = np.interp(LEVELS, levels[usable], (target - found)[usable])
        completes = np.maximum.accumulate(np.maximum(completes + _GAIN * missed, SHORTEST_YEARS))
    begins = np.minimum(np.maximum(wanted.begins + (completes - wanted.completes), 0.0), completes - SHORTEST_YEARS / 2)
    return Aim(np.maximum.accumulate(np.minimum(begins, wanted.begins)), np.maximum.accumulate(completes))
