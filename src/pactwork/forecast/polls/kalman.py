"""The same model as a state that moves from day to day, so that thousands of polls take seconds (Kalman, Rauch et al.).

The state is (level, pollsters' effects, wordings' effects), all in logits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from pactwork.forecast.polls.gaussian import FIRST_LEVEL_SD, Floats, Parameters, Series
from pactwork.forecast.polls.sizes import PRIOR_MEDIANS, fit

_FIRST_FIT = 10
"""Fewer polls than this leave the sizes at their prior medians."""
_GROWTH = 1.25
"""Sizes are fitted anew each time the polls before have grown by this factor: often enough, and quick."""


@dataclass(frozen=True)
class Smoothed:
    """What all polls together say of each of some days.

    Parameters
    ----------
    days : ndarray of shape (days,)
        The days with a poll and any others asked for; ascending.
    states : ndarray of shape (days, 1 + effects)
        Means of level, pollsters' effects and wordings' effects.
    covariances : ndarray of shape (days, 1 + effects, 1 + effects)
        Their covariances.
    """

    days: Floats
    states: Floats
    covariances: Floats

    @property
    def level(self) -> Floats:
        """The level's mean on each day, of shape (days,)."""
        return self.states[:, 0]

    @property
    def variance(self) -> Floats:
        """The level's variance on each day, of shape (days,)."""
        return self.covariances[:, 0, 0]


@dataclass(frozen=True)
class Predictions:
    """Each poll's prediction from the polls of earlier days.

    Parameters
    ----------
    mean, variance : ndarray of shape (polls,)
        Of the share that the poll is to report, in logits: level, its pollster's and wording's effects, and the error
        that no count of people removes. The error of sampling is not in the variance.
    parameters : tuple of Parameters
        The sizes used for each poll, fitted on the polls before it alone.
    """

    mean: Floats
    variance: Floats
    parameters: tuple[Parameters, ...]


class _State:
    """The state as it stands on one day."""

    def __init__(self, series: Series, parameters: Parameters) -> None:
        self.series, self.parameters = series, parameters
        self.prior = series.effect_variances(parameters)
        self.mean = np.zeros(1 + series.effects)
        self.covariance = np.diag([FIRST_LEVEL_SD**2, *self.prior])
        self.seen = np.column_stack([np.ones(len(series)), series.design()])
        self.noise = series.noise(parameters)

    def move(self, gap: float) -> tuple[Floats, Floats]:
        """Let some days pass; return how much of each part is kept, of shape (1 + effects,), and what is added."""
        kept, added = np.ones(len(self.mean)), np.zeros(len(self.mean))
        houses = slice(1, 1 + self.series.house_count)
        kept[houses] = np.exp(-gap / self.parameters.memory_days)
        added[0] = self.parameters.walk**2 * gap
        added[houses] = self.prior[: self.series.house_count] * (1 - kept[houses] ** 2)
        self.mean = kept * self.mean
        self.covariance = self.covariance * np.outer(kept, kept) + np.diag(added)
        return kept, added

    def expect(self, poll: int) -> tuple[float, float]:
        """Return mean and variance of what a poll is to report, its sampling left out."""
        row = self.seen[poll]
        return float(row @ self.mean), float(row @ self.covariance @ row + self.noise[poll])

    def learn(self, poll: int) -> None:
        """Take in a poll."""
        row = self.seen[poll]
        gain = self.covariance @ row
        total = row @ gain + self.series.variances[poll] + self.noise[poll]
        self.mean = self.mean + gain * ((self.series.values[poll] - row @ self.mean) / total)
        self.covariance = self.covariance - np.outer(gain, gain / total)


def smooth(series: Series, parameters: Parameters, others: Floats | None = None) -> Smoothed:
    """Return what all polls say of each day with a poll, and of any ``others``."""
    days = np.union1d(series.days, series.days if others is None else others)
    place = np.searchsorted(days, series.days)
    state = _State(series, parameters)
    before, after, moves = [], [], []
    bounds = np.searchsorted(place, np.arange(len(days) + 1))
    for index, day in enumerate(days):
        moves.append(state.move(day - days[index - 1]) if index else (np.ones(1), np.zeros(1)))
        before.append((state.mean, state.covariance))
        for poll in range(bounds[index], bounds[index + 1]):
            state.learn(poll)
        after.append((state.mean, state.covariance))
    means = np.array([mean for mean, _ in after])
    covariances = np.array([covariance for _, covariance in after])
    for index in range(len(days) - 2, -1, -1):
        kept = moves[index + 1][0]
        expected, spread = before[index + 1]
        gain = np.linalg.solve(spread, kept[:, None] * covariances[index]).T
        means[index] += gain @ (means[index + 1] - expected)
        covariances[index] += gain @ (covariances[index + 1] - spread) @ gain.T
    return Smoothed(days, means, covariances)


def average(weighted: Iterable[tuple[float, Smoothed]]) -> Smoothed:
    """Return one answer from several, each with its weight: what is not known of the sizes widens it.

    Notes
    -----
    The covariance is the mean of the covariances and the covariance of the means (law of total variance); one answer
    at a time is held, since thousands of polls make each a large one.
    """
    total: Smoothed | None = None
    for weight, one in weighted:
        second = one.covariances + one.states[:, :, None] * one.states[:, None, :]
        if total is None:
            total = Smoothed(one.days, weight * one.states, weight * second)
        else:
            total = Smoothed(one.days, total.states + weight * one.states, total.covariances + weight * second)
    if total is None:
        raise ValueError("nothing to average")
    means = total.states
    return Smoothed(total.days, means, total.covariances - means[:, :, None] * means[:, None, :])


def predict_each(series: Series) -> Predictions:
    """Return each poll's prediction; neither a poll nor a size learned from it or from later ones enters."""
    mean, variance = np.zeros(len(series)), np.zeros(len(series))
    used: list[Parameters] = []
    parameters = PRIOR_MEDIANS
    for first, last in _blocks(series):
        if first >= _FIRST_FIT:
            parameters = fit(series.part(0, first), parameters)
        known = 0
        state = _State(series, parameters)
        for poll in range(last):
            if poll and series.days[poll] > series.days[poll - 1]:
                for earlier in range(known, poll):
                    state.learn(earlier)
                known = poll
                state.move(series.days[poll] - series.days[poll - 1])
            if poll >= first:
                mean[poll], variance[poll] = state.expect(poll)
        used += [parameters] * (last - first)
    return Predictions(mean, variance, tuple(used))


def _blocks(series: Series) -> list[tuple[int, int]]:
    """Return (first, last) of the runs of polls that share one fit; no run begins within a day."""
    starts, due = [0], float(_FIRST_FIT)
    for index in range(1, len(series)):
        if index >= due and series.days[index] > series.days[index - 1]:
            starts.append(index)
            due = index * _GROWTH
    return list(zip(starts, [*starts[1:], len(series)], strict=True))
