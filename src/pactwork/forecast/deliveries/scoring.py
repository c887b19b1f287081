"""How good forecasts were: proper scores, calibration and skill against what people would use instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pactwork.forecast.deliveries.chances import LEVELS
from pactwork.forecast.deliveries.deals import Bools, Floats

_RESAMPLES = 2000
_RANDOMISATIONS = 20
_SEED = 219
REGIMES = ("all", "not begun", "under way")


def crps_of(quantiles: Floats, observed: Floats) -> Floats:
    """Return the continuous ranked probability score of each forecast, in the unit of the quantiles.

    Parameters
    ----------
    quantiles : floats of shape (deals, levels), at `LEVELS`
    observed : floats of shape (deals,)

    Notes
    -----
    Twice the mean quantile score over the levels (Gneiting and Ranjan 2011), by scoringrules.
    """
    import scoringrules  # it takes seconds to load, and only scoring needs it

    return np.asarray(scoringrules.crps_quantile(observed, quantiles, LEVELS, backend="numpy"), dtype=np.float64)


def pit_bounds(quantiles: Floats, observed: Floats) -> tuple[Floats, Floats]:
    """Return the ends, of shape (deals,), between which each randomised PIT value is drawn.

    A count has probability of its own, so the probability integral transform is a range, from the chance of less to
    the chance of no more (Czado, Gneiting and Held 2009); a number drawn evenly from it is uniform where the forecast
    is calibrated.
    """
    below = (quantiles < observed[:, None]).sum(axis=1) / 100
    up_to = ((quantiles <= observed[:, None]).sum(axis=1) + 1) / 100
    return below, up_to


@dataclass(frozen=True)
class Calibration:
    """Randomised PIT values of one group: shares between 0.1 and 0.9, below 0.5, and of each tenth (nominally 0.1)."""

    deals: int
    inside_80: float
    below_median: float
    tenths: tuple[float, ...]


def calibrate(quantiles: Floats, observed: Floats) -> Calibration:
    """Return how the observed counts lie in their forecasts, averaged over several draws of the randomised values."""
    below, up_to = pit_bounds(quantiles, observed)
    draws = np.random.default_rng(_SEED).random((_RANDOMISATIONS, len(observed)))
    values = below + draws * (up_to - below)
    tenths, _ = np.histogram(values, bins=np.linspace(0, 1, 11))
    inside = ((values > 0.1) & (values < 0.9)).mean()
    shares = tuple(float(one) for one in tenths / values.size)
    return Calibration(len(observed), float(inside), float((values < 0.5).mean()), shares)


@dataclass(frozen=True)
class Comparison:
    """One rival at one horizon: its mean score, and how much lower ours is, with a 95 % interval (paired, bootstrap).

    ``skill`` is the share of the rival's score that the forecast saves.
    """

    rival: str
    crps: float
    gain: float
    low: float
    high: float

    @property
    def skill(self) -> float:
        """1 - ours / rival's."""
        return self.gain / self.crps if self.crps else 0.0


@dataclass(frozen=True)
class HorizonScore:
    """Scores at one horizon: of shares of the order delivered."""

    at: str
    years_ahead: float
    deals: int
    crps: float
    crps_by_regime: Mapping[str, float]
    calibration: Mapping[str, Calibration]
    rivals: tuple[Comparison, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the scores as a JSON object."""
        return {
            "at": self.at,
            "years_ahead": round(self.years_ahead, 4),
            "deals": self.deals,
            "crps": self.crps,
            "crps_by_regime": dict(self.crps_by_regime),
            "calibration": {
                regime: {"deals": one.deals, "inside_80": one.inside_80, "below_median": one.below_median,
                         "tenths": list(one.tenths)}
                for regime, one in self.calibration.items()
            },
            "rivals": [
                {"rival": one.rival, "crps": one.crps, "gain": one.gain, "gain_95": [one.low, one.high],
                 "skill": one.skill}
                for one in self.rivals
            ],
        }  # fmt: skip


def score_horizon(
    at: str,
    years_ahead: float,
    quantiles: Floats,
    rivals: Mapping[str, Floats],
    observed: Floats,
    ordered: Floats,
    begun: Bools,
    groups: Floats,
) -> HorizonScore:
    """Score a forecast and its rivals at one horizon.

    Parameters
    ----------
    quantiles : floats of shape (deals, levels)
        In items, at `LEVELS`.
    rivals : mapping of name to floats of the same shape
    observed, ordered, begun : arrays of shape (deals,)
    groups : integers of shape (deals,)
        Deals of one group (a pair of states) are resampled together: they are not independent.
    """
    own = crps_of(quantiles, observed) / ordered
    masks = dict(zip(REGIMES, (np.ones(len(own), bool), ~begun, begun), strict=True))
    compared = []
    for rival, forecast in rivals.items():
        theirs = crps_of(forecast, observed) / ordered
        low, high = _interval(theirs - own, groups)
        compared.append(Comparison(rival, float(theirs.mean()), float((theirs - own).mean()), low, high))
    return HorizonScore(
        at,
        years_ahead,
        len(own),
        float(own.mean()),
        {regime: float(own[mask].mean()) for regime, mask in masks.items() if mask.any()},
        {regime: calibrate(quantiles[mask], observed[mask]) for regime, mask in masks.items() if mask.any()},
        tuple(compared),
    )


def _interval(gain: Floats, groups: Floats) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of a mean gain, resampling whole groups."""
    _, index = np.unique(groups, return_inverse=True)
    total, size = np.bincount(index, gain), np.bincount(index)
    generator = np.random.default_rng(_SEED)
    drawn = generator.integers(0, len(size), (_RESAMPLES, len(size)))
    means = total[drawn].sum(axis=1) / size[drawn].sum(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)
