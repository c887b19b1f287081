"""Polishing: a box's limits moved, column by column, to where the futures are likeliest.

Friedman and Fisher paste strips of a fixed size back onto a peeled box; here both ends of a column are moved at once to
the very future at which the likelihood is largest, which pastes and peels.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pactwork.choices.boxes import Flags, Floats, Limit, find_quasi_p, hold_all

Counts = npt.NDArray[np.int64]
MOST_QUASI_P = 0.05
_ROUNDS = 10
_LEAST_GAIN = 1e-9


@dataclass(frozen=True, eq=False)
class Ground:
    """The futures that a box is polished on, and what it must keep to.

    Attributes
    ----------
    x : floats of shape (future, column)
        What each future holds of each uncertainty.
    share, weight : floats of shape (future,)
        Share of runs that fail, and how much that tells.
    free : booleans of shape (future,)
        Futures that no other box holds: the others play no part.
    fewest : int
        Futures that a box holds at least.
    least_density : float
        That a box has at least.
    """

    x: Floats
    share: Floats
    weight: Floats
    free: Flags
    fewest: int
    least_density: float = 0.0

    @property
    def price(self) -> float:
        """What each limit costs in evidence."""
        return find_price(self.x)

    @cached_property
    def total(self) -> tuple[float, float]:
        """Weight, and weight × share, of all free futures."""
        return self.sum(self.free)

    def inside(self, limits: Iterable[Limit]) -> Flags:
        """Return which free futures lie within all limits."""
        return self.free & hold_all(list(limits), self.x)

    def sum(self, rows: Flags) -> tuple[float, float]:
        """Return weight, and weight × share, of some futures."""
        weight = self.weight[rows]
        return float(weight.sum()), float(weight @ self.share[rows])

    def judge(self, limits: Iterable[Limit]) -> float:
        """Return a box's evidence; −∞ where it holds too few futures, or is no denser than the rest or than asked."""
        chosen = list(limits)
        inside = self.inside(chosen)
        if int(inside.sum()) < self.fewest:
            return -np.inf
        evidence = weigh_evidence(self.sum(inside), self.total, self.least_density)
        return evidence - count_limits(chosen) * self.price


def weigh_evidence(inside: tuple[float, float], every: tuple[float, float], least_density: float = 0.0) -> float:
    """Return the log-likelihood of two densities, inside a box and outside, over that of one.

    Parameters
    ----------
    inside, every : pairs of floats
        Weight and failures in the box, and altogether.
    least_density : float
        Of the box.

    Returns
    -------
    float
        −∞ where the box is no denser than the rest, or than asked.

    Examples
    --------
    >>> round(weigh_evidence((10.0, 10.0), (20.0, 10.0)), 3)  # 20 log 2
    13.863
    """
    (weight, failures), (all_weight, all_failures) = inside, every
    rest, rest_failures = all_weight - weight, all_failures - failures
    if weight <= 0 or failures / weight < least_density:
        return -np.inf
    if rest > 0 and failures * rest <= rest_failures * weight:
        return -np.inf
    fitted = find_log_likelihood(weight, failures) + find_log_likelihood(rest, rest_failures)
    return fitted - find_log_likelihood(all_weight, all_failures)


def find_price(x: Floats) -> float:
    """Return what each limit costs in evidence, for x of shape (future, column): log(futures × columns).

    Notes
    -----
    log(futures) is the price of a change point (N. R. Zhang and D. O. Siegmund 2007, "A modified Bayes information
    criterion"), log(columns) that of having chosen its column among all (J. Chen and Z. Chen 2008, "Extended Bayesian
    information criteria").
    """
    return float(np.log(max(x.size, 1)))


def count_limits(limits: Iterable[Limit]) -> int:
    """Return how many ends are not open."""
    return sum((limit.low is not None) + (limit.high is not None) for limit in limits)


def polish_box(ground: Ground, limits: Sequence[Limit]) -> tuple[tuple[Limit, ...], float]:
    """Return a box with every column in turn given its best limits, and its evidence.

    Parameters
    ----------
    ground : Ground
        The futures.
    limits : sequence of Limit
        Of the box to begin with.

    Returns
    -------
    tuple of Limit
        In the order of columns, each with its quasi-p, at values that futures in the box have. Empty where no limit
        is worth its price.
    float
        Evidence; −∞ for an empty box.

    Notes
    -----
    Evidence never falls from one column to the next, so that this ends. A limit whose quasi-p is above 0.05 is dropped.
    """
    best = {limit.column: limit for limit in limits}
    evidence, odds = ground.judge(best.values()), _find_odds(ground, best)
    columns, column, unmoved = ground.x.shape[1], 0, 0
    for _ in range(_ROUNDS * columns):
        if unmoved == columns:  # all columns were tried against the box as it is
            break
        limit = _fit_column(ground, column, best, odds)
        trial = {other: one for other, one in best.items() if other != column}
        if limit is not None:
            trial[column] = limit
        judged = ground.judge(trial.values()) if trial and trial != best else -np.inf
        unmoved += 1
        if judged > evidence + _LEAST_GAIN:
            best, evidence, odds, unmoved = trial, judged, _find_odds(ground, trial), 1
        column = (column + 1) % columns
    kept = _drop_lucky(ground, _snap(ground, tuple(best[column] for column in sorted(best))))
    return (kept, ground.judge(kept)) if kept else ((), -np.inf)


def fit_limits(column: int, values: Floats, scores: Floats, price: float) -> Limit | None:
    """Return the interval of one column that holds the largest sum of scores, less a price for each end not open.

    Parameters
    ----------
    column : int
        Named in the limit.
    values, scores : floats of shape (future,)
        Of the futures within all other limits: the column's value, and the log-likelihood gained by a future's being in
        the box.
    price : float
        In evidence.

    Returns
    -------
    Limit or None
        None where both ends are best left open.

    Notes
    -----
    Kadane's algorithm (Bentley 1984) over sorted values; equal values stay together.

    Examples
    --------
    >>> fit_limits(0, np.arange(6.0), np.array([-3.0, 1.0, 1.0, 1.0, 1.0, -0.2]), 1.0)
    Limit(column=0, low=1.0, high=None, quasi_p=nan)
    """
    if len(values) == 0:
        return None
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    ends = np.flatnonzero(np.concatenate([ordered[1:] > ordered[:-1], [True]]))
    upto = np.concatenate([[0.0], np.cumsum(scores[order])[ends]])
    levels = ordered[ends]
    # The sum from level i to level j is upto[j + 1] − upto[i]; beginning at 0 or ending at the last costs nothing.
    begun = -upto[:-1] - price
    begun[0] += price
    start = np.maximum.accumulate(begun)
    reached = upto[1:] + start
    reached[:-1] -= price
    last = int(np.argmax(reached))
    first = int(np.argmax(begun[: last + 1]))
    low = float(levels[first]) if first > 0 else None
    high = float(levels[last]) if last < len(levels) - 1 else None
    return None if low is None and high is None else Limit(column, low, high)


@dataclass(frozen=True, eq=False)
class _Odds:
    """What a run that fails, and one that does not, speak for the box; and the futures now in it."""

    rows: Counts
    failure: float
    success: float


def _find_odds(ground: Ground, current: dict[int, Limit]) -> _Odds:
    inside = ground.inside(current.values())
    (weight, failures), (all_weight, all_failures) = ground.sum(inside), ground.total
    p, q = _bound(failures, weight), _bound(all_failures - failures, all_weight - weight)
    return _Odds(np.flatnonzero(inside), float(np.log(p / q)), float(np.log((1 - p) / (1 - q))))


def _fit_column(ground: Ground, column: int, current: dict[int, Limit], odds: _Odds) -> Limit | None:
    """Return the best limits of one column, given the others and the densities as they are."""
    if odds.failure <= 0:
        return current.get(column)
    rows = odds.rows
    if column in current:
        rows = np.flatnonzero(ground.inside(limit for other, limit in current.items() if other != column))
    share = ground.share[rows]
    scores = ground.weight[rows] * (share * odds.failure + (1 - share) * odds.success)
    return fit_limits(column, ground.x[rows, column], scores, ground.price)


def _snap(ground: Ground, limits: tuple[Limit, ...]) -> tuple[Limit, ...]:
    """Return the same box with its limits at the outermost values within."""
    held = ground.x[ground.inside(limits)]
    if not len(held):
        return limits
    return tuple(
        replace(
            limit,
            low=None if limit.low is None else float(held[:, limit.column].min()),
            high=None if limit.high is None else float(held[:, limit.column].max()),
        )
        for limit in limits
    )


def _drop_lucky(ground: Ground, limits: tuple[Limit, ...]) -> tuple[Limit, ...]:
    """Return the limits with their quasi-p, without those that luck could have made; the worst goes first."""
    while limits:
        inside = ground.sum(ground.inside(limits))
        judged = tuple(
            replace(one, quasi_p=find_quasi_p(inside, ground.sum(ground.inside(x for x in limits if x is not one))))
            for one in limits
        )
        worst = max(judged, key=lambda limit: limit.quasi_p)
        if worst.quasi_p <= MOST_QUASI_P:
            return judged
        limits = tuple(limit for limit in judged if limit is not worst)
    return limits


def find_log_likelihood(weight: float, failures: float) -> float:
    """Return the largest log-likelihood of so many failures with one density."""
    failures = min(max(failures, 0.0), weight)
    found = 0.0
    for count in (failures, weight - failures):
        if count > 0:
            found += count * float(np.log(count / weight))
    return found


def _bound(failures: float, weight: float) -> float:
    """Return a density kept off 0 and 1, so that its logarithms are numbers."""
    return float((min(max(failures, 0.0), weight) + 0.5) / (weight + 1.0))
