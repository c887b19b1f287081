"""The inside view: what a lot's own dated deliveries of late say about where in its class's range it lies.

The class says how much comes, given that anything does, as a range of paths, one for each level v between 0 and 1: the
slow ones near 0, the fast ones near 1. It knows of the lot what a register would know: the total, the first and the
last delivery. A dated record knows more, the last twelve months batch by batch. The posterior weight of a path is

    w(v)  proportional to  (1 - r) L(v) / mean L + r,      L(v) = E[ Poisson(n; m(v) e^z) ],  z ~ Normal(0, d^2),

where n is the number of batches that came of late, m(v) the number the path foresees for as long a time ahead, d how
much a year's output differs from the year before, and r the chance that the past year tells nothing about the next.
A lot that has not begun is held against the pace of the other lots of its system in the same way: m(v) is then what
its path brings in two years, of which it delivers in one on average.

The more batches, the narrower L, and the more the record weighs. It is exact on a grid, shared by all horizons, and a
change of levels (`levels.Tempo`). Whether anything comes at all is left to the class, and paths are taken without the
lot's plan: the plan moves the class alone, so that a later plan never speeds a lot.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from pactwork.facts.records import Gain
from pactwork.forecast.deliveries.chances import Coefficients, quantiles_given_any
from pactwork.forecast.deliveries.deals import Deals, Floats
from pactwork.forecast.deliveries.levels import Tempo

RECENT_YEARS = 1.0
"""How far back deliveries tell about the pace to come."""
DRIFT = 1.0
"""Standard deviation of the log of one year's output over the year before: judgement (0.5 to 1.5); yearly output of
small series has a coefficient of variation near one."""
BREAK = 0.25
"""Chance that the past year tells nothing about the next, as after a pause or a new line: judgement (0.1 to 0.5)."""

_BATCH_DAYS = 61
_FEWEST_YEARS = 0.25
_GRID = 400
_LEVELS = (np.arange(_GRID) + 0.5) / _GRID
_SISTER_YEARS = 2.0
_LEAST_BATCHES = 0.25
_POINTS, _POINT_WEIGHTS = np.polynomial.hermite_e.hermegauss(31)


@dataclass(frozen=True)
class RecentRecord:
    """Deliveries of the time just past: how long it was, how many items came, in batches of which size.

    ``dated`` is false where a part was spread between two counts, so that ``items`` is an estimate.
    """

    years: float
    items: float
    batch: float
    dated: bool = True

    @property
    def batches(self) -> float:
        """Number of batches of usual size that came."""
        return self.items / self.batch


def find_recent(gains: Sequence[Gain], day: dt.date) -> RecentRecord | None:
    """Return the recent record of a lot; None where it began too short a time ago to show a pace.

    Parameters
    ----------
    gains : sequence of Gain
        What came, in order.
    day : date
        Of the forecast.

    Notes
    -----
    The first gain opens the record and is not counted as pace: time is counted from it. What came between two counts
    without a day is spread evenly between them, and taken to have come in a batch every two months.
    """
    if len(gains) < 2:
        return None
    opened = gains[0].by
    years = min(RECENT_YEARS, (day - opened).days / 365.25)
    if years < _FEWEST_YEARS:
        return None
    start = max(opened, day - dt.timedelta(days=round(365.25 * years)))
    items = sum(gain.items * _share_after(gain, start) for gain in gains[1:])
    batches = sum(1.0 if gain.dated else max(1.0, _days(gain) / _BATCH_DAYS) for gain in gains)
    dated = all(gain.dated for gain in gains[1:] if gain.by > start)
    return RecentRecord(years, items, max(sum(gain.items for gain in gains) / batches, 1.0), dated)


def _days(gain: Gain) -> int:
    return (gain.by - gain.since).days if gain.since else 0


def _share_after(gain: Gain, start: dt.date) -> float:
    """Return the share of a gain that came after a day."""
    if gain.since is None or gain.dated:
        return float(gain.by > start)
    return min(1.0, max(0.0, (gain.by - start).days / _days(gain)))


def weigh_record(coefficients: Coefficients, deal: Deals, recent: RecentRecord) -> Tempo:
    """Return where in its class's range a lot lies, given its own recent record.

    Parameters
    ----------
    deal : Deals
        The one lot.
    recent : RecentRecord
    """
    path = quantiles_given_any(coefficients, deal.as_if_unplanned(), recent.years, _LEVELS)[0]
    return _weigh(path - deal.delivered[0], recent)


def weigh_sister(coefficients: Coefficients, deal: Deals, sister: RecentRecord) -> Tempo:
    """Return where in its class's range a lot lies, given the recent record of another lot of its system.

    The same line makes both, so that the pace of the one says what a year of the other can bring.
    """
    path = quantiles_given_any(coefficients, deal.as_if_unplanned(), _SISTER_YEARS, _LEVELS)[0]
    return _weigh((path - deal.delivered[0]) * sister.years, sister)


def _weigh(items: Floats, recent: RecentRecord) -> Tempo:
    """Return the posterior over paths that bring so many items, of shape (grid,), in as long a time as the record's."""
    foreseen = np.maximum(items / recent.batch, _LEAST_BATCHES)
    rate = foreseen[:, None] * np.exp(DRIFT * _POINTS)[None, :]
    log_chance = recent.batches * np.log(rate) - rate - gammaln(recent.batches + 1)
    likelihood = np.exp(log_chance) @ (_POINT_WEIGHTS / _POINT_WEIGHTS.sum())
    weight = (1 - BREAK) * likelihood / likelihood.mean() + BREAK
    total = np.concatenate([[0.0], np.cumsum(weight)])
    return Tempo(np.linspace(0.0, 1.0, _GRID + 1), total / total[-1])
