"""Peeling: strip after strip is taken off a box of futures, always where failures are fewest.

The columns are put into bins once, and each bin's futures and failures are counted once; a strip that is taken off is
subtracted. No column is sorted again, and each future is looked at in all its columns only when it is taken off.

Notes
-----
J. H. Friedman and N. I. Fisher (1999), "Bump hunting in high-dimensional data".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Bins = npt.NDArray[np.uint16]
Function = TypeVar("Function", bound=Callable[..., object])
MOST_BINS = 1024
_CELLS = 4096
SAMPLE = 65_536
"""Futures from whose values the bins of larger tables are laid."""


def _compiled(function: Function) -> Function:
    """Compile a function, and keep the result on disk where that can be."""
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
    try:
        return cast(Function, numba.njit(cache=True, **options)(function))
    except RuntimeError:
        return cast(Function, numba.njit(**options)(function))


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Boxes that lie within each other, from all futures to the smallest.

    Attributes
    ----------
    low, high : integers of shape (box, column)
        First and last bin of each column that a box holds.
    futures : integers of shape (box,)
        Futures in each box.
    weight, failures : floats of shape (box,)
        Sums over them of weight, and of weight times the share that fails.
    """

    low: Counts
    high: Counts
    futures: Counts
    weight: Floats
    failures: Floats


def lay_bins(x: Floats, seed: int = 0) -> tuple[Bins, list[Floats]]:
    """Return each value's bin, and where bins begin.

    Parameters
    ----------
    x : floats of shape (future, column)
        All finite.
    seed : int
        Of the sample from which the bins of a large table are laid.

    Returns
    -------
    bins : integers of shape (future, column)
        Never decreasing in the value; equal values share a bin.
    starts : list of floats, one array for each column
        The value above which each bin but the first begins: a bin holds what is above its start and up to the next.
        A column of at most 1,024 distinct values has a bin for each.
    """
    futures, columns = x.shape
    if 0 < futures <= MOST_BINS:
        return _rank_values(x)
    bins = np.empty((futures, columns), dtype=np.uint16)
    sampled = x
    if futures > SAMPLE:
        sampled = x[np.sort(np.random.default_rng([seed, 0xB125]).choice(futures, SAMPLE, replace=False))]
    starts: list[Floats] = []
    edges, guide = np.full((columns, MOST_BINS), np.inf), np.zeros((columns, _CELLS + 1), dtype=np.int64)
    scale = np.zeros((columns, 2))
    for column in range(columns):
        values = np.sort(sampled[:, column])
        distinct = values[np.concatenate([[True], values[1:] > values[:-1]])]
        if len(distinct) > MOST_BINS:
            places = np.linspace(0, len(values) - 1, MOST_BINS + 1)[1:].astype(np.int64)
            distinct = np.unique(values[places])
        start = distinct[:-1]
        starts.append(start)
        edges[column, : len(start)] = start
        width = float(values[-1] - values[0])
        scale[column] = values[0], _CELLS / width if 0 < width < np.inf else 0.0
        cells = np.clip((start - scale[column, 0]) * scale[column, 1], 0, _CELLS - 1).astype(np.int64)
        guide[column] = np.searchsorted(cells, np.arange(_CELLS + 1))
    _find_bins(x, edges, guide, scale, bins)
    return bins, starts


def _rank_values(x: Floats) -> tuple[Bins, list[Floats]]:
    """Return bins and where they begin for so few futures that every value has a bin: all columns at once."""
    order = np.argsort(x, axis=0, kind="stable")
    values = np.take_along_axis(x, order, axis=0)
    larger = np.vstack([np.zeros((1, x.shape[1]), dtype=bool), values[1:] > values[:-1]])
    bins = np.empty(x.shape, dtype=np.uint16)
    np.put_along_axis(bins, order, np.cumsum(larger, axis=0, dtype=np.uint16), axis=0)
    starts = [values[:-1, column][larger[1:, column]] for column in range(x.shape[1])]
    return bins, starts


@_compiled
def _find_bins(x: Floats, edges: Floats, guide: Counts, scale: Floats, bins: Bins) -> None:
    """Write how many edges lie below each value.

    A grid of equal cells says between which edges to look: those in the value's own cell, since a larger value never
    has a smaller cell. By blocks of futures, so that what is written stays near.
    """
    cells = guide.shape[1] - 1
    for first in range(0, x.shape[0], 256):
        for column in range(x.shape[1]):
            for row in range(first, min(first + 256, x.shape[0])):
                value = x[row, column]
                cell = int(min(max((value - scale[column, 0]) * scale[column, 1], 0.0), cells - 1.0))
                low, high = guide[column, cell], guide[column, cell + 1]
                while low < high:
                    middle = (low + high) // 2
                    if edges[column, middle] < value:
                        low = middle + 1
                    else:
                        high = middle
                bins[row, column] = low


def peel(bins: Bins, share: Floats, weight: Floats, kept: Counts, *, alpha: float, fewest: int) -> Trajectory:
    """Peel a box off all futures, strip by strip.

    Parameters
    ----------
    bins : integers of shape (future, column)
        As `lay_bins` gives them.
    share : floats of shape (future,)
        Share of a future's runs that fail.
    weight : floats of shape (future,)
        How much a future's share tells.
    kept : integers of shape (row,)
        Futures to begin with, in ascending order.
    alpha : float
        Share of a box's futures that a strip holds at least; whole bins are taken, so that a strip of a column with few
        values can hold far more.
    fewest : int
        Peeling ends before a box would hold fewer futures.

    Returns
    -------
    Trajectory

    Notes
    -----
    Of all strips at the low and the high end of each column, that one goes that raises the mean most for each future
    taken off; dividing by the futures keeps large strips of columns with few values from going first (the "lenient"
    objective of Kwakkel and Jaxa-Rozen 2016, "Improving scenario discovery for handling heterogeneous uncertainties").
    A tie goes to the first column, and there to the low end.
    """
    columns = bins.shape[1]
    width = int(bins.max(initial=0)) + 1
    most = int(np.ceil(np.log(max(fewest, 1) / max(len(kept), 2)) / np.log1p(-alpha))) + 4 if len(kept) > fewest else 1
    steps = max(most, 1)
    low, high = np.zeros((steps, columns), np.int64), np.zeros((steps, columns), np.int64)
    futures, sums = np.zeros(steps, np.int64), np.zeros((steps, 2))
    table = np.zeros((columns, width, 3))
    taken = _peel_all(bins, share, weight, kept.copy(), alpha, fewest, table, low, high, futures, sums)
    return Trajectory(low[:taken], high[:taken], futures[:taken], sums[:taken, 0], sums[:taken, 1])


@_compiled
def _peel_all(
    bins: Bins,
    share: Floats,
    weight: Floats,
    rows: Counts,
    alpha: float,
    fewest: int,
    table: Floats,
    low: Counts,
    high: Counts,
    futures: Counts,
    sums: Floats,
) -> int:
    """Fill the trajectory and return how many boxes it has."""
    columns, width = table.shape[0], table.shape[1]
    left = rows.size
    weights, failures = 0.0, 0.0
    for place in range(left):
        row = rows[place]
        amount = weight[row] * share[row]
        weights += weight[row]
        failures += amount
        for column in range(columns):
            cell = table[column, bins[row, column]]
            cell[0] += 1.0
            cell[1] += weight[row]
            cell[2] += amount
    high[0, :] = width - 1
    step = 0
    while True:
        futures[step], sums[step, 0], sums[step, 1] = left, weights, failures
        if step + 1 == low.shape[0] or weights <= 0:
            return step + 1
        column, at_low, edge = _find_strip(table, low[step], high[step], left, weights, failures, alpha, fewest)
        if column < 0:
            return step + 1
        low[step + 1], high[step + 1] = low[step], high[step]
        first, last = (low[step, column], edge) if at_low else (edge, high[step, column])
        if at_low:
            low[step + 1, column] = edge + 1
        else:
            high[step + 1, column] = edge - 1
        remain = 0
        for place in range(left):
            row = rows[place]
            if bins[row, column] < first or bins[row, column] > last:
                rows[remain] = row
                remain += 1
                continue
            amount = weight[row] * share[row]
            weights -= weight[row]
            failures -= amount
            for other in range(columns):
                cell = table[other, bins[row, other]]
                cell[0] -= 1.0
                cell[1] -= weight[row]
                cell[2] -= amount
        left = remain
        step += 1


@_compiled
def _find_strip(
    table: Floats, low: Counts, high: Counts, left: int, weights: float, failures: float, alpha: float, fewest: int
) -> tuple[int, bool, int]:
    """Return the column of the best strip, whether it is at the low end, and its innermost bin; column −1 for none."""
    mean = failures / weights
    best, found, found_low, edge = -np.inf, -1, True, 0
    for column in range(table.shape[0]):
        for at_low in (True, False):
            count, weight, amount = 0.0, 0.0, 0.0
            first, step = (low[column], 1) if at_low else (high[column], -1)
            place = first - step
            while count < alpha * left and place + step >= low[column] and place + step <= high[column]:
                place += step
                count += table[column, place, 0]
                weight += table[column, place, 1]
                amount += table[column, place, 2]
            if left - count < fewest or weights - weight <= 0 or count == 0:
                continue
            gain = ((failures - amount) / (weights - weight) - mean) / count
            if gain > best * (1 + 1e-12) + 1e-18 or found < 0:
                best, found, found_low, edge = gain, column, at_low, place
    return found, found_low, edge
