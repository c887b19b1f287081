"""Slip: how fast each lot is made in each future, so that what arrives is what the delivery forecast expects.

A future has one level for each lot, between 0 and 1, at which it follows the forecast: a lot's own luck, its line's
rate, and what the lots of one maker have in common. The forecast is of arrivals, with ordinary politics, credit,
shortages and shipping in it. So what a level *aims* at is not when the forecast expects the lot to be complete, but
earlier: by as much as ordinary shocks turn out to add. `calibration` finds that out by playing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from pactwork.forecast.deliveries.chances import LEVELS
from pactwork.forecast.deliveries.forecast import LotForecast
from pactwork.futures.compile.columns import Columns, Floats
from pactwork.futures.compile.scene import Part, Scene
from pactwork.futures.steps.setting import DAYS_A_YEAR

RATE_SHARE = 0.25
"""Share of the variance of a lot's level that is its line's rate (judgement): a fast line is a reason to be early."""
SHORTEST_YEARS = 0.05
SLOWEST, FASTEST = 0.01, 50.0
"""Bounds of slip: beyond them a line would stand still, or make a year's output in a week."""


@dataclass(frozen=True, eq=False)
class Aim:
    """What a lot's lines aim at, by level of delay, at 1 % to 99 %.

    Attributes
    ----------
    begins : floats of shape (levels,)
        Years from the start to the first arrival.
    completes : floats of shape (levels,)
        Years from the start to the last arrival; where the forecast knows no end, along the pace it expects.
    """

    begins: Floats
    completes: Floats


def forecast_aim(lot: LotForecast, start: dt.date) -> Aim:
    """Return the forecast's own path from a day on as an aim, before anything is taken out of it."""
    horizons = np.array([(day - start).days for day in lot.days]) / DAYS_A_YEAR
    begins, completes = np.zeros(len(LEVELS)), lot.completion_years.copy()
    for level in range(len(LEVELS)):
        path = lot.quantiles[:, len(LEVELS) - 1 - level]
        came = np.flatnonzero(path > lot.state.delivered)
        begins[level] = horizons[came[0] - 1] if came.size and came[0] > 0 else 0.0 if came.size else horizons[-1]
        if not np.isfinite(completes[level]):
            gained = max(path[-1] - lot.state.delivered, 0.5)
            needed = (lot.state.lot.quantity - lot.state.delivered) / gained
            completes[level] = begins[level] + max(horizons[-1] - begins[level], 1.0) * needed
    begins = np.maximum.accumulate(begins)
    completes = np.maximum.accumulate(np.maximum(completes, begins + SHORTEST_YEARS))
    return Aim(begins, completes)


def own_luck(lot_id: str) -> str:
    """Return the reserved coordinate of a lot's own slip."""
    return f"slip.{lot_id}"


def common_luck(maker: str) -> str:
    """Return the reserved coordinate of the slip that a maker's lots have in common."""
    return f"slip.of.{maker}"


def level_of(scene: Scene, columns: Columns, part: Part) -> Floats:
    """Return the level of delay that a lot has in each future, uniform over them, of shape (future,).

    Notes
    -----
    A Gaussian copula with one factor for each maker (Li 2000), and one for the line's rate.
    """
    maker, rate = scene.maker(part.system), f"production.{part.system}.output_per_year"
    common = columns(f"production.common_slip.{maker}") if maker else np.zeros(columns.count)
    own = ndtri(columns.chance(own_luck(part.lot.state.lot.lot_id)))
    if columns.is_uncertain(rate):
        own = np.sqrt(RATE_SHARE) * ndtri(columns.chance(rate)) + np.sqrt(1 - RATE_SHARE) * own
    luck = np.sqrt(1 - common) * own
    if maker:
        luck = luck + np.sqrt(common) * ndtri(columns.chance(common_luck(maker)))
    return np.asarray(ndtr(-luck), dtype=np.float64)


def read_aim(aim: Aim, level: Floats) -> tuple[Floats, Floats]:
    """Return when arrivals begin and end at given levels, both of the shape of ``level``."""
    return np.interp(level, LEVELS, aim.begins), np.interp(level, LEVELS, aim.completes)


@dataclass(frozen=True)
class Pace:
    """How a part of a lot is made in each future, each of shape (future,): when its line opens, and its slip."""

    opens: Floats
    slip: Floats


def pace_of(
    scene: Scene, columns: Columns, part: Part, aims: Mapping[str, Aim], quantity: npt.NDArray[np.int64]
) -> Pace:
    """Return opening and slip of one part of a lot.

    Parameters
    ----------
    aims : mapping of str to Aim
        By lot.
    quantity : integers of shape (future,)
        Items of this part that are still to be made.
    """
    if part.elsewhere:
        return Pace(np.zeros(columns.count), np.ones(columns.count))
    lot, level = part.lot, level_of(scene, columns, part)
    aim = aims[lot.state.lot.lot_id]
    begins, completes = read_aim(aim, level)
    if not part.firm:
        middle = np.full(columns.count, 0.5)
        usual_begins, usual_completes = read_aim(aim, middle)
        slip = (usual_completes - usual_begins) / (completes - begins)
        return Pace(np.zeros(columns.count), np.clip(slip, 0.2, 5.0))
    running = lot.state.delivered > 0
    learning = columns(f"production.{part.system}.learning") * (not running)
    rate = columns(f"production.{part.system}.output_per_year")
    opens = np.zeros(columns.count) if running else begins
    if part.commitment:
        head = f"transfer.{part.commitment}"
        learning, rate = columns(f"{head}.learning"), columns(f"{head}.output_per_year")
        opens = np.maximum(opens, _expected_opening(columns, head))
    busy = np.maximum(completes - opens, SHORTEST_YEARS)
    whole = np.where(busy >= learning, busy - learning / 2, busy**2 / np.maximum(2 * learning, 1e-9))
    slip = quantity / np.maximum(rate * whole, 1e-9)
    return Pace(opens, np.clip(slip, SLOWEST, FASTEST))


def _expected_opening(columns: Columns, head: str) -> Floats:
    return columns(f"{head}.stages") / np.maximum(columns(f"{head}.stages_per_year"), 1e-9)
