"""One opinion over time on the logit scale: a jointly Gaussian model of level, pollsters, wordings and errors.

The level walks; each pollster is off by an amount of its own that changes slowly, each wording by a constant; each poll
has the error of its sample (times a design effect) and one more that no count of people removes. This file writes the
model down as one covariance of all polls; `kalman` works it out for thousands of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

CHANGE, HOUSES, WORDING, SAMPLING = "change of opinion", "pollsters", "wording", "sampling"
"""What a poll's distance from opinion is made of."""
FIRST_LEVEL_SD = 2.0
"""Standard deviation, in logits, of what is held about the first day's level before any poll: next to nothing."""
MOST_DENSE = 250
"""Most polls whose covariance is written out whole."""


@dataclass(frozen=True)
class Parameters:
    """Sizes of what moves a poll, all in logits.

    Parameters
    ----------
    walk : float
        Standard deviation of the level's daily step (per √day).
    house : float
        Standard deviation of pollsters' effects.
    noise : float
        Standard deviation of a poll's error beyond that of its sample.
    wording : float
        Standard deviation of wordings' effects, which do not change.
    memory_days : float
        After so many days a pollster's effect keeps 1/e of its correlation with itself.
    """

    walk: float
    house: float
    noise: float
    wording: float
    memory_days: float


@dataclass(frozen=True)
class Series:
    """The polls of one yes-or-no share, in order of their days.

    Parameters
    ----------
    days : ndarray of shape (polls,)
        Day of each poll, counted from any origin; ascending.
    values : ndarray of shape (polls,)
        Observed share, in logits.
    variances : ndarray of shape (polls,)
        Variance of sampling, the design effect in it, in squared logits.
    houses, wordings : ndarray of shape (polls,)
        Index of the pollster and of the wording; −1 for one that stands for itself: its effect is like an error.
    house_count, wording_count : int
        How many have an effect of their own; with one wording no effect of wording is modelled.
    """

    days: Floats
    values: Floats
    variances: Floats
    houses: Integers
    wordings: Integers
    house_count: int
    wording_count: int

    def __len__(self) -> int:
        return len(self.days)

    @property
    def effects(self) -> int:
        """How many constant effects the model holds: pollsters', then wordings'."""
        return self.house_count + (self.wording_count if self.wording_count > 1 else 0)

    def part(self, first: int, last: int) -> Series:
        """Return some polls alone, with the same indices of pollsters and wordings."""
        kept = slice(first, last)
        return replace(
            self, days=self.days[kept], values=self.values[kept], variances=self.variances[kept],
            houses=self.houses[kept], wordings=self.wordings[kept],
        )  # fmt: skip

    def design(self) -> Floats:
        """Return which effects bear on which poll: ones in an array of shape (polls, effects)."""
        houses = np.equal.outer(self.houses, np.arange(self.house_count))
        wordings = np.equal.outer(self.wordings, np.arange(self.effects - self.house_count))
        return np.concatenate([houses, wordings], axis=1).astype(float)

    def noise(self, parameters: Parameters) -> Floats:
        """Return the variance of each poll's own error, sampling left out, of shape (polls,)."""
        own_wording = (self.wordings < 0) & (self.wording_count > 1)
        return np.asarray(
            parameters.noise**2 + (self.houses < 0) * parameters.house**2 + own_wording * parameters.wording**2
        )

    def effect_variances(self, parameters: Parameters) -> Floats:
        """Return the prior variance of each effect, of shape (effects,)."""
        wordings = self.effects - self.house_count
        return np.array([parameters.house**2] * self.house_count + [parameters.wording**2] * wordings)


def explain_covariance(series: Series, parameters: Parameters) -> dict[str, Floats]:
    """Return the covariance of the polls by what causes it; each an array of shape (polls, polls).

    Notes
    -----
    Covariance = prior + σ²·min(t, t′) + h²·exp(−|t − t′|/m)·[same pollster] + ω²·[same wording] + diag(noise), with t
    counted from the first poll, and noise = sampling variance · design effect + φ².
    """
    days = series.days - series.days[0]
    walk = FIRST_LEVEL_SD**2 + parameters.walk**2 * np.minimum.outer(days, days)
    kept = np.exp(-np.abs(np.subtract.outer(days, days)) / parameters.memory_days)
    parts = {
        CHANGE: walk,
        HOUSES: _share(series.houses) * kept * parameters.house**2,
        SAMPLING: np.diag(series.variances + series.noise(parameters)),
    }
    if series.wording_count > 1:
        parts[WORDING] = _share(series.wordings) * parameters.wording**2
    return parts


def _share(indices: Integers) -> Floats:
    """Return which polls share a pollster, or a wording, with an effect of its own: ones, of shape (polls, polls)."""
    held = indices >= 0
    return np.asarray((np.equal.outer(indices, indices) & held & held[:, None]).astype(float))


def log_density(series: Series, parameters: Parameters) -> float:
    """Return the logarithm of the density of the polls, by one dense Cholesky factor."""
    factor = cho_factor(sum(explain_covariance(series, parameters).values()), lower=True, check_finite=False)
    logs = len(series) * np.log(2 * np.pi) + 2 * np.log(np.diag(factor[0])).sum()
    return float(-0.5 * (logs + series.values @ cho_solve(factor, series.values, check_finite=False)))


def estimate_densely(series: Series, parameters: Parameters, days: Floats) -> tuple[Floats, Floats]:
    """Return mean and variance of the level on some days, each of shape (days,), straight from the covariance.

    It costs polls³, and is kept as the form of the model that `kalman.smooth` must agree with.
    """
    factor = cho_factor(sum(explain_covariance(series, parameters).values()), lower=True)
    origin = series.days[0]
    cross = FIRST_LEVEL_SD**2 + parameters.walk**2 * np.minimum.outer(days - origin, series.days - origin)
    own = FIRST_LEVEL_SD**2 + parameters.walk**2 * (days - origin)
    return cross @ cho_solve(factor, series.values), own - np.einsum("ij,ji->i", cross, cho_solve(factor, cross.T))


def explain_variance(series: Series, parameters: Parameters, day: float) -> dict[str, float]:
    """Return what the uncertainty of the level on a day is made of: variance by cause, in squared logits.

    Notes
    -----
    The estimate is a weighted sum of polls, so its error splits exactly: the variance that each cause puts into the
    weighted polls and, for the change of opinion, into the level that they miss. Only the latest `MOST_DENSE` polls
    are weighed.
    """
    recent = series.part(max(0, len(series) - MOST_DENSE), len(series))
    covariances = explain_covariance(recent, parameters)
    days = recent.days - recent.days[0]
    cross = FIRST_LEVEL_SD**2 + parameters.walk**2 * np.minimum(day - recent.days[0], days)
    weights = cho_solve(cho_factor(sum(covariances.values()), lower=True), cross)
    parts = {name: float(weights @ covariance @ weights) for name, covariance in covariances.items()}
    own = FIRST_LEVEL_SD**2 + parameters.walk**2 * (day - recent.days[0])
    parts[CHANGE] += float(own - 2 * weights @ cross)
    return parts
