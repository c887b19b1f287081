"""Covering: box after box until what is left follows no column; a box that hides two is taken apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from pactwork.choices.boxes import Flags, Floats, Limit, hold_all
from pactwork.choices.peeling import Bins, Trajectory, peel
from pactwork.choices.polishing import Ground, count_limits, find_log_likelihood, polish_box, weigh_evidence

Counts = npt.NDArray[np.int64]
Limits = tuple[Limit, ...]
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

    def cover(self) -> tuple[list[Limits], list[Trajectory]]:
        """Return the limits of each box, and the trajectory along which it was picked."""
        found: list[Limits] = []
        paths: list[Trajectory] = []
        while len(found) < self.most_boxes:
            box, path = self._find_next(found, None)
            if path is None:
                break
            before = len(found)
            found = self._take_apart([*found, box], before)
            paths += [path] * (len(found) - before)
            found = self._polish_again(found)
        return found, paths

    def weigh(self, found: Sequence[Limits]) -> Floats:
        """Return how much each future tells: n / (1 + (n − 1)·ρ) for n runs, of shape (future,)."""
        correlation = find_correlation(self.x, self.share, self.runs, found)
        return self.runs / (1 + (self.runs - 1) * (0.0 if np.isnan(correlation) else correlation))

    def ground(self, others: Sequence[Limits], weight: Floats) -> Ground:
        """Return the futures that other boxes leave."""
        return Ground(self.x, self.share, weight, ~hold_any(others, self.x), self.fewest, self.least_density)

    def _find_next(self, found: Sequence[Limits], within: Flags | None) -> tuple[Limits, Trajectory | None]:
        """Return one more box, peeled from some of the futures that the others leave, and its trajectory."""
        weight = self.weigh(found)
        ground = self.ground(found, weight)
        rows = np.flatnonzero(ground.free if within is None else ground.free & within)
        if len(rows) <= self.fewest or float(weight[rows] @ self.share[rows]) <= 0:
            return (), None
        path = peel(self.bins, self.share, weight, rows, alpha=self.alpha, fewest=self.fewest)
        box = self._pick(path)
        if not box:
            return (), None
        box, evidence = polish_box(ground, box)
        weight = self.weigh([*found, box])
        if not np.array_equal(weight, ground.weight):  # the box itself tells more of how much runs of a future say
            ground = replace(ground, weight=weight)
            box, evidence = polish_box(ground, box)
        failures = self.runs * self.share
        if not box or evidence <= 0 or failures[ground.inside(box)].sum() < LEAST_COVERAGE * failures.sum():
            return (), None
        return box, path

    def _pick(self, path: Trajectory) -> Limits:
        """Return the limits of the box with the largest evidence along a trajectory; none where no box is denser."""
        ends = np.array([len(start) for start in self.starts])
        sides = ((path.low > 0) + (path.high < ends)).sum(axis=1)
        every = float(path.weight[0]), float(path.failures[0])
        evidence = [
            weigh_evidence((float(weight), float(failures)), every, self.least_density)
            - float(np.log(len(self.share))) * int(limits)
            for weight, failures, limits in zip(path.weight, path.failures, sides, strict=True)
        ]
        box = int(np.argmax(evidence))
        if not np.isfinite(evidence[box]):
            return ()
        limits = []
        for column, start in enumerate(self.starts):
            low, high = int(path.low[box, column]), int(path.high[box, column])
            if low > 0 or high < len(start):
                least = float(np.nextafter(start[low - 1], np.inf)) if low > 0 else None
                limits.append(Limit(column, least, float(start[high]) if high < len(start) else None))
        return tuple(limits)

    def _take_apart(self, found: list[Limits], place: int) -> list[Limits]:
        """Return the boxes with one of them replaced by up to two within it, where the whole is likelier so.

        Two places of failure that share columns can lie in one box that is denser than the rest; peeling stops there.
        """
        others, hull = [*found[:place], *found[place + 1 :]], hold_all(found[place], self.x)
        weight = self.weigh(found)
        best, total = found, self._judge(found, weight)
        trial = others
        for _ in range(2):
            box, _ = self._find_next(trial, hull)
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
        return fitted - alone - float(np.log(len(self.share))) * sum(count_limits(limits) for limits in found)

    def _polish_again(self, found: Sequence[Limits]) -> list[Limits]:
        """Return all boxes, each polished among the futures that the others leave; one that would vanish stays."""
        boxes = list(found)
        weight = self.weigh(boxes)
        for place in range(len(boxes) if len(boxes) > 1 else 0):
            ground = self.ground([*boxes[:place], *boxes[place + 1 :]], weight)
            limits, evidence = polish_box(ground, boxes[place])
            boxes[place] = limits if limits and evidence > 0 else boxes[place]
        return boxes


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
