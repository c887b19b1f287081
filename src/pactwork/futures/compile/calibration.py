"""Calibration of slip: ordinary shocks are played, and each lot's aim is moved by what they turned out to add."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from pactwork.forecast.deliveries.chances import LEVELS
from pactwork.futures.compile.columns import Floats
from pactwork.futures.compile.scene import Scene
from pactwork.futures.compile.slip import SHORTEST_YEARS, Aim, forecast_aim
from pactwork.progress import Progress, ignore_progress

ROUNDS = 6
_GAIN = 0.8
"""Part of what is missed that each round makes good: chance within a future makes the whole overshoot."""
_KNOTS = np.arange(4, 95, 5)
"""Levels, in per cent less one, at which what was played is held against the forecast."""

Play = Callable[[Mapping[str, Aim]], Mapping[str, Floats]]
"""From aims by lot to years of completion by lot over all runs, infinite where a run did not come so far."""


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
    A fixed point by relaxation: aim ← aim + gain × (forecast - played), quantile by quantile, smoothed over five per
    cent of levels.
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


def _correct(aim: Aim, wanted: Aim, played: Floats, horizon_years: float) -> Aim:
    levels = LEVELS[_KNOTS]
    found = np.quantile(played, levels, method="inverted_cdf")
    target = wanted.completes[_KNOTS]
    usable = np.isfinite(found) & (target <= horizon_years)
    if not usable.any():
        return aim
    missed = np.interp(LEVELS, levels[usable], (target - found)[usable])
    completes = np.maximum(aim.completes + _GAIN * missed, SHORTEST_YEARS)
    begins = np.minimum(np.maximum(wanted.begins + (completes - wanted.completes), 0.0), completes - SHORTEST_YEARS / 2)
    return Aim(np.maximum.accumulate(np.minimum(begins, wanted.begins)), np.maximum.accumulate(completes))
