"""Sensitivity: which uncertainties an outcome hangs on, alone and together, with the luck of the runs taken out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from pactwork.choices.expansion import (
    Bases,
    Counts,
    Effect,
    Expansion,
    Floats,
    fit_expansion,
    predict,
)

LEAST_R_SQUARED = 0.8
FOLDS = 5
RESAMPLES = 200


@dataclass(frozen=True)
class Share:
    """A share of the variance between futures, with the ends of its 95 % interval.

    Estimates are unbiased, and so can lie a little below 0 where there is no effect.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class GroupInteraction:
    """What two groups of uncertainties do: each alone, both, and the part that neither does alone."""

    first: Share
    second: Share
    joint: Share
    interaction: Share


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """What an outcome hangs on.

    Attributes
    ----------
    variance : float
        Of the outcome's mean between futures, in its unit squared. Not above 0 where luck explains all that varies; all
        shares are NaN then.
    luck : float
        Variance of single runs within a future; NaN with one run a future.
    separated : bool
        Whether the luck of the runs is taken out. With one run a future it cannot be: shares are of all variance.
    first : tuple of Share, one for each column
        Of the variance, by each uncertainty alone.
    r_squared : float
        Of the expansion, cross-validated, in what futures truly differ by; 1 is perfect.
    total : tuple of Share, or None
        By each uncertainty alone and with others; None where ``r_squared`` is below 0.8. Effects that were not found
        are missing from it: together at most 1 − ``r_squared`` of the variance.
    effects : tuple of Effect
        Of several columns, as far as they were found.
    futures : int
        That count.
    """

    variance: float
    luck: float
    separated: bool
    first: tuple[Share, ...]
    r_squared: float
    total: tuple[Share, ...] | None
    effects: tuple[Effect, ...]
    futures: int
    _first: Floats
    _together: Floats

    def interaction(self, first: Collection[int], second: Collection[int]) -> GroupInteraction | None:
        """Return what two groups of columns do together that neither does alone; None where totals are withheld.

        Parameters
        ----------
        first, second : collections of int
            Columns of each group.

        Raises
        ------
        ValueError
            When a column is in both.

        Notes
        -----
        The variance of the expectation given both groups, less those given each (Sobol' 1993): the effects that have
        a column of each group and none of any other.
        """
        if set(first) & set(second):
            raise ValueError("a column cannot be in both groups")
        if self.total is None:
            return None
        own = [self._close(set(group)) for group in (first, second)]
        joint = self._close(set(first) | set(second))
        return GroupInteraction(*(_describe(part) for part in (*own, joint, joint - own[0] - own[1])))

    def pairs(self) -> tuple[tuple[int, int, Share], ...] | None:
        """Return each two columns with an effect of just both, the largest first; None where totals are withheld."""
        if self.total is None:
            return None
        found = {tuple(column for column, _ in effect) for effect in self.effects if len(effect) == 2}
        shares = [(one, other, _describe(self._sum({one, other}, exactly=True))) for one, other in sorted(found)]
        return tuple(sorted(shares, key=lambda pair: -pair[2].value))

    def _close(self, columns: set[int]) -> Floats:
        """Return the share of all effects of some columns alone, of shape (1 + resample,)."""
        alone = self._first[:, sorted(columns)].sum(axis=1)
        return np.asarray(alone + self._sum(columns))

    def _sum(self, columns: set[int], *, exactly: bool = False) -> Floats:
        """Return the share of the effects of several columns among these, or of exactly these."""
        chosen = np.zeros(len(self.effects), dtype=bool)
        for place, effect in enumerate(self.effects):
            held = {column for column, _ in effect}
            chosen[place] = held == columns if exactly else held <= columns
        return np.asarray(self._together[:, chosen].sum(axis=1))


def measure_sensitivity(x: Floats, y: Floats, *, seed: int = 0, resamples: int = RESAMPLES) -> Sensitivity:
    """Return which uncertainties an outcome hangs on, from whatever futures there are.

    Parameters
    ----------
    x : floats of shape (future, column)
        What each future holds of each uncertainty; columns drawn independently of each other.
    y : floats of shape (future, replication)
        The outcome; NaN where it does not arise. Futures without any are left out.
    seed : int
        Same seed, same intervals.
    resamples : int
        Of futures, for the intervals.

    Raises
    ------
    ValueError
        When shapes do not fit, or x is not finite.

    Notes
    -----
    Each column's effect alone is expanded in orthogonal polynomials of its ranks or values; the sum of squared
    coefficients, less what noise adds to it, is its variance (given-data estimators: Plischke 2010, 2012). What other
    effects explain is taken out first, by an expansion of the whole (`expansion`), whose error changes no coefficient's
    expectation but whose gain cuts the noise of all. The variance of the mean of n runs is s²/n with s² from within
    futures (analysis of variance); it is taken out of the variance that shares are of. Intervals are
    percentiles over resampled futures, with the effects found held. They suppose that each column is evenly spread, as
    in a Sobol' design; columns drawn by plain chance and unevenly distributed add an error that intervals do not hold.
    """
    x, means, noise, runs_variance = _average_runs(x, y)
    futures = len(means)
    separated = bool(np.isfinite(runs_variance))
    bases = Bases(x)
    if futures < 3 or float(means.std()) == 0:
        return _say_nothing(x.shape[1], futures, runs_variance, separated)
    expansion = fit_expansion(bases, means)
    rest = means - predict(bases, expansion)
    dice = np.random.default_rng([seed, 0x5E45])
    drawn = np.vstack([np.ones(futures), dice.multinomial(futures, np.full(futures, 1 / futures), size=resamples)])
    spread = drawn @ rest**2 / (futures - 1 - len(expansion.effects))
    around = np.where(np.arange(resamples + 1) == 0, 1.0, 2.0)  # a resample's square holds the noise a second time
    error = around * spread[0] / futures
    squares = _square_effects(bases, expansion, rest, drawn) - error[:, None]
    left = spread - drawn @ noise / futures
    variance = squares.sum(axis=1) + left
    if not variance[0] > 2 * float(variance[1:].std()):
        return _say_nothing(x.shape[1], futures, runs_variance, separated, float(variance[0]))
    several = np.array([len(effect) > 1 for effect in expansion.effects], dtype=bool)
    floor = np.maximum(variance, variance[0] / 10)[:, None]
    together = squares[:, several] / floor
    first = _measure_alone(bases, expansion, rest, drawn, error) / floor
    effects = tuple(effect for effect in expansion.effects if len(effect) > 1)
    r_squared = _cross_validate(bases, means, float(noise.mean()), seed)
    total = None
    if r_squared >= LEAST_R_SQUARED:
        held = np.array([[column in dict(effect) for column in range(x.shape[1])] for effect in effects], dtype=float)
        total = first + together @ held.reshape(len(effects), x.shape[1])
    return Sensitivity(
        variance=float(variance[0]),
        luck=runs_variance,
        separated=separated,
        first=tuple(_describe(first[:, column]) for column in range(x.shape[1])),
        r_squared=r_squared,
        total=None if total is None else tuple(_describe(total[:, column]) for column in range(x.shape[1])),
        effects=effects,
        futures=futures,
        _first=first,
        _together=together,
    )


def _average_runs(x: Floats, y: Floats) -> tuple[Floats, Floats, Floats, float]:
    """Return x and mean of the futures that count, the noise variance of each mean, and the variance of single runs."""
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if x.ndim != 2 or y.ndim != 2 or len(x) != len(y):
        raise ValueError(f"x (future, column) and y (future, replication) are needed, not {x.shape} and {y.shape}")
    known = np.isfinite(y)
    runs = known.sum(axis=1)
    kept = runs > 0
    x, y, known, runs = x[kept], y[kept], known[kept], runs[kept]
    if not np.isfinite(x).all():
        raise ValueError("x holds values that are no numbers")
    means = np.where(known, y, 0.0).sum(axis=1) / runs
    squares = (np.where(known, y - means[:, None], 0.0) ** 2).sum(axis=1)
    several = runs > 1
    if not several.any():
        return x, means, np.zeros(len(means)), float("nan")
    variance = float((squares[several] / (runs[several] - 1)).mean())
    within = np.where(several, squares / np.maximum(runs - 1, 1), variance)
    return x, means, within / runs, variance


def _square_effects(bases: Bases, expansion: Expansion, rest: Floats, drawn: Floats) -> Floats:
    """Return each effect's squared coefficient, as found and in each resample, of shape (1 + resample, effect)."""
    moved = drawn @ (bases.evaluate(expansion.effects) * rest[:, None]) / len(rest)
    return np.asarray((expansion.coefficients + moved) ** 2)


def _measure_alone(bases: Bases, expansion: Expansion, rest: Floats, drawn: Floats, error: Floats) -> Floats:
    """Return each column's variance alone, less what noise adds, of shape (1 + resample, column)."""
    found = np.zeros((len(drawn), bases.columns))
    known = dict(zip(expansion.effects, expansion.coefficients, strict=True))
    for column in range(bases.columns):
        basis = bases.of(column)
        fitted = np.array([known.get(((column, degree),), 0.0) for degree in range(1, basis.shape[1] + 1)])
        coefficients = fitted + drawn @ (basis * rest[:, None]) / len(rest)
        found[:, column] = (coefficients**2).sum(axis=1) - basis.shape[1] * error
    return found


def _cross_validate(bases: Bases, means: Floats, noise: float, seed: int) -> float:
    """Return the R² of the expansion in futures that had no say in it, effects and all; noise of the runs taken out."""
    order = np.random.default_rng([seed, 0xF01D]).permutation(len(means))
    errors = np.empty(len(means))
    for fold in range(FOLDS):
        left_out = order[fold::FOLDS]
        rows: Counts = np.sort(np.setdiff1d(order, left_out))
        errors[left_out] = means[left_out] - predict(bases, fit_expansion(bases, means, rows))[left_out]
    unexplained, varying = float((errors**2).mean()) - noise, float(means.var()) - noise
    return 1 - max(unexplained, 0.0) / varying if varying > 0 else float("nan")


def _describe(draws: Floats) -> Share:
    """Return the first of the draws, and the 95 % interval that the others give."""
    low, high = np.quantile(draws[1:], (0.025, 0.975)) if len(draws) > 1 else (np.nan, np.nan)
    return Share(float(draws[0]), float(low), float(high))


def _say_nothing(columns: int, futures: int, luck: float, separated: bool, variance: float = 0.0) -> Sensitivity:
    """Return shares that are no numbers, where nothing varies that luck would not explain."""
    nothing = Share(float("nan"), float("nan"), float("nan"))
    empty = np.zeros((1, 0))
    return Sensitivity(variance, luck, separated, (nothing,) * columns, float("nan"), None, (), futures, empty, empty)
