"""Covering: box after box until what is left follows no column; a box that hides two is taken apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from pactwork.choices.boxes import Flags, Floats, Limit, hold_all
from pactwork.choices.peeling import Bins, Trajectory, peel
from pactwork.choices.polishing import Ground, count_limits, find_log_likelihood, find_price, polish_box, weigh_evidence

Counts = npt.NDArray[np.int64]
Limits = tuple[Limit, ...]
SCOUTS = 10_000
PASSES = 4
LEAST_COVERAGE = 0.05
"""Of a box, in failures: less is not worth a sentence."""


@dataclass(frozen=True, eq=False)
class Search:
    """The futures in which boxes are looked for, and what boxes must keep to.

    Attributes
    ----------
    x : floats of shape (future, column)
        What each future holds of each uncertainty.
    share, runs : floats of shape (future,)
        Share of a future's runs that fail, and how many runs.
    bins, starts
        As `lay_bins` gives them for x.
    fewest, least_density
        Futures that a box holds at least, and share that fails in it at least.
    alpha : float
        Share of a box that a strip takes off at least.
    most_boxes : int
        At most so many.
    seed : int
        Of the sample on which places along a trajectory are tried.
    """

    x: Floats
    share: Floats
    runs: Floats
    bins: Bins
    starts: list[Floats]
    fewest: int
    least_density: float
    alpha: float
    most_boxes: int
    seed: int

    def cover(self, known: Sequence[Limits] = ()) -> list[Limits]:
        """Return the limits of each box.

        Parameters
        ----------
        known : sequence of limits
            Boxes to begin with, from a sample of the futures.
        """
        found = self._polish_again(known)
        while len(found) < self.most_boxes:
            box = self._find_next(found, None)
            if not box:
                break
            longer = self._polish_again(self._take_apart([*found, box]))
            weight = self.weigh(longer)
            if not self._judge(longer, weight) > self._judge(found, weight):
                break
            found = longer
        return found

    def weigh(self, found: Sequence[Limits]) -> Floats:
        """Return how much each future tells: n / (1 + (n − 1)·ρ) for n runs, of shape (future,)."""
        correlation = find_correlation(self.x, self.share, self.runs, found)
        return self.runs / (1 + (self.runs - 1) * (0.0 if np.isnan(correlation) else correlation))

    def ground(self, others: Sequence[Limits], weight: Floats) -> Ground:
        """Return the futures that other boxes leave."""
        return Ground(self.x, self.share, weight, ~hold_any(others, self.x), self.fewest, self.least_density)

    def _find_next(self, found: Sequence[Limits], within: Limits | None) -> Limits:
        """Return one more box among the futures that the others leave, or those within limits; none where none is.

        The box of the largest evidence along the trajectory is polished, in large tables on a sample first. The price
        of limits comes in with the polishing only: a noisy trajectory takes strips off many columns that do not
        matter, whose price would hide a box that does.
        """
        weight = self.weigh(found)
        ground = self.ground(found, weight)
        if within is not None:
            ground = replace(ground, free=ground.free & hold_all(within, self.x))
        rows = np.flatnonzero(ground.free)
        if len(rows) <= self.fewest or float(weight[rows] @ self.share[rows]) <= 0:
            return ()
        path = peel(self.bins, self.share, weight, rows, alpha=self.alpha, fewest=self.fewest)
        scouts = self._sample(ground)
        place = self._pick(path)
        if place is None:
            return ()
        box, evidence = polish_box(scouts, self._read_limits(path.low[place], path.high[place]))
        return self._finish(box, found, ground, within) if evidence > 0 else ()

    def _finish(self, box: Limits, found: Sequence[Limits], ground: Ground, within: Limits | None) -> Limits:
        """Return a box polished on all futures, with the weights that it implies; none where it is worth nothing."""
        weight = self.weigh([*found, box])
        if len(self.share) > SCOUTS or not np.array_equal(weight, ground.weight):
            box, evidence = polish_box(replace(ground, weight=weight), box)
            if evidence <= 0:
                return ()
        failures = self.runs * self.share
        if failures[ground.inside(box)].sum() < LEAST_COVERAGE * failures.sum():
            return ()
        return box if within is None else _intersect(within, box)

    def _pick(self, path: Trajectory) -> int | None:
        """Return the place of the largest evidence along a trajectory; none where no box is denser than the rest."""
        every = float(path.weight[0]), float(path.failures[0])
        evidence = [
            weigh_evidence((float(weight), float(failures)), every, self.least_density)
            for weight, failures in zip(path.weight, path.failures, strict=True)
        ]
        place = int(np.argmax(evidence))
        return place if np.isfinite(evidence[place]) else None

    def _read_limits(self, low: Counts, high: Counts) -> Limits:
        """Return the limits that first and last bins stand for."""
        limits = []
        for column, start in enumerate(self.starts):
            first, last = int(low[column]), int(high[column])
            if first > 0 or last < len(start):
                least = float(np.nextafter(start[first - 1], np.inf)) if first > 0 else None
                limits.append(Limit(column, least, float(start[last]) if last < len(start) else None))
        return tuple(limits)

    def _sample(self, ground: Ground) -> Ground:
        """Return a ground of at most 10,000 of the free futures."""
        rows = np.flatnonzero(ground.free)
        if len(rows) <= SCOUTS:
            return ground
        dice = np.random.default_rng([self.seed, len(rows)])
        kept = np.sort(dice.choice(rows, SCOUTS, replace=False))
        fewest = max(1, round(self.fewest * SCOUTS / len(rows)))
        free = np.ones(SCOUTS, dtype=bool)
        return Ground(self.x[kept], self.share[kept], ground.weight[kept], free, fewest, self.least_density)

    def _take_apart(self, found: list[Limits]) -> list[Limits]:
        """Return the boxes with the last replaced by up to two within it, where the whole is likelier so.

        Two places of failure that share columns can lie in one box that is denser than the rest; peeling stops there.
        """
        weight = self.weigh(found)
        best, total = found, self._judge(found, weight)
        trial = found[:-1]
        for _ in range(2):
            box = self._find_next(trial, found[-1])
            if not box or len(trial) == self.most_boxes:
                break
            trial = [*trial, box]
            refined = self._polish_again(trial)
            judged = self._judge(refined, weight)
            if judged > total:
                best, total = refined, judged
        return best

    def _judge(self, found: Sequence[Limits], weight: Floats) -> float:
        """Return the evidence of all boxes together: a density for each and for the rest, less the price of limits."""
        groups = group_futures(found, self.x)
        weights = np.bincount(groups, weights=weight)
        failures = np.bincount(groups, weights=weight * self.share)
        fitted = sum(find_log_likelihood(float(a), float(b)) for a, b in zip(weights, failures, strict=True))
        alone = find_log_likelihood(float(weights.sum()), float(failures.sum()))
        return fitted - alone - find_price(self.x) * sum(count_limits(limits) for limits in found)

    def _polish_again(self, found: Sequence[Limits]) -> list[Limits]:
        """Return all boxes, each polished in turn among the futures that the others leave; some may vanish."""
        boxes = list(found)
        for _ in range(PASSES):
            before = list(boxes)
            weight = self.weigh(boxes)
            for place in range(len(boxes)):
                others = [
                    box for box in (*boxes[:place], *boxes[place + 1 :]) if box
                ]  # one that vanished holds nothing
                limits, evidence = polish_box(self.ground(others, weight), boxes[place])
                boxes[place] = limits if evidence > 0 else ()
            boxes = [limits for limits in boxes if limits]
            if boxes == before:
                break
        return boxes


def sample_search(search: Search) -> Search:
    """Return the same search in 10,000 of the futures."""
    dice = np.random.default_rng([search.seed, len(search.share)])
    kept = np.sort(dice.choice(len(search.share), SCOUTS, replace=False))
    return replace(
        search,
        x=search.x[kept],
        share=search.share[kept],
        runs=search.runs[kept],
        bins=search.bins[kept],
        fewest=max(1, round(search.fewest * SCOUTS / len(search.share))),
    )


def _intersect(outer: Limits, inner: Limits) -> Limits:
    """Return the limits of what lies in both boxes."""
    found = {limit.column: limit for limit in outer}
    for limit in inner:
        other = found.get(limit.column, Limit(limit.column, None, None))
        lows = [one.low for one in (limit, other) if one.low is not None]
        highs = [one.high for one in (limit, other) if one.high is not None]
        found[limit.column] = Limit(limit.column, max(lows, default=None), min(highs, default=None))
    return tuple(found[column] for column in sorted(found))


def find_correlation(x: Floats, share: Floats, runs: Floats, found: Sequence[Limits]) -> float:
    """Return ρ, from how much more shares of futures vary, within boxes and outside, than runs of like chances would.

    Notes
    -----
    With chance p, a share of n runs has variance p(1 − p)·(ρ + (1 − ρ)/n); all futures give one estimate by moments.
    """
    groups = group_futures(found, x)
    total = np.bincount(groups, weights=runs)
    density = np.bincount(groups, weights=runs * share) / np.where(total > 0, total, 1.0)
    expected = density[groups]
    spread = expected * (1 - expected)
    usable = (runs > 1) & (spread > 0)
    if not usable.any():
        return float("nan")
    squares = ((share - expected)[usable] ** 2 / spread[usable]).sum()
    inverse = (1 / runs[usable]).sum()
    return float(np.clip((squares - inverse) / (usable.sum() - inverse), 0.0, 1.0))


def group_futures(found: Sequence[Limits], x: Floats) -> Counts:
    """Return the number, from 1, of the first box that holds each future; 0 where none does."""
    groups = np.zeros(len(x), dtype=np.int64)
    for number, limits in enumerate(found):
        groups[(groups == 0) & hold_all(limits, x)] = number + 1
    return groups


def hold_any(found: Sequence[Sequence[Limit]], x: Floats) -> Flags:
    """Return which futures lie in any box, of shape (future,)."""
    within = np.zeros(len(x), dtype=bool)
    for limits in found:
        within |= hold_all(limits, x)
    return within
