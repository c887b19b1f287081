"""One question as it is played: more and more futures of one design, the first of them as in a smaller run."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from pactwork.futures.ensemble import Block, Ensemble
from pactwork.futures.environment import EnvironmentPlan
from pactwork.futures.kernel import Played, play_block
from pactwork.futures.model import Model
from pactwork.futures.results import Counts, Floats
from pactwork.futures.uncertainties import FEWEST_SCRAMBLES
from pactwork.futures.world import ChoicePlan
from pactwork.web.playing.stopping import Superseded

REPLICATIONS = 5
LADDER = (5, 20, 80)
"""Points of each of 8 scrambles: 40, 160 and 640 futures of 5 replications make 200, 800 and 3,200 runs."""
SIZES = tuple(points * FEWEST_SCRAMBLES * REPLICATIONS for points in LADDER)
FIRST, LAST = SIZES[0], SIZES[-1]
_ENDS = frozenset(points * FEWEST_SCRAMBLES for points in LADDER)
SLICE = 8
"""Futures that are played in one turn in the background."""


def points_of(size: int) -> int:
    """Return the points of each scramble of a size; ValueError for one that is not offered."""
    return LADDER[SIZES.index(size)]


@dataclass(frozen=True, eq=False)
class Held:
    """What came of a question so far.

    Attributes
    ----------
    ensemble : Ensemble
        As ``run_futures`` of a model of that size returns it.
    totals : integers of shape (future, series, quarter)
        Sums over the replications of each future.
    required : floats of shape (system, quarter)
        Median over futures of what is required.
    """

    ensemble: Ensemble
    totals: Counts
    required: Floats


class Experiment:
    """A question that is played a little further each time more is asked for.

    Parameters
    ----------
    model_of : callable
        Returns the model with so many points in each scramble of its design, and the one choice that is played.
    pool : ThreadPoolExecutor
        Who plays; the kernel needs no lock of the interpreter.

    Notes
    -----
    A design with more points begins with the one with fewer, and a run hangs on its future and replication alone: the
    first 200 runs are those of a run of 200. The small model is made first, since it is ready sooner.
    """

    def __init__(self, model_of: Callable[[int], Model], pool: ThreadPoolExecutor) -> None:
        self._model_of, self._pool = model_of, pool
        self.model = model_of(LADDER[0])
        self._points, self._first = LADDER[0], self.model.make(0)
        model, sizes = self.model, self.model.sizes
        futures = LADDER[-1] * FEWEST_SCRAMBLES
        axes = (sizes["series"], sizes["quarter"])
        self._outcomes = np.empty((1, futures, REPLICATIONS, len(model.outcomes())))
        self._status = np.zeros((1, futures, REPLICATIONS), dtype=np.int64)
        self._totals = np.zeros((futures, *axes), dtype=np.int64)
        self._histogram = np.zeros((*axes, sizes["bin"]), dtype=np.int64)
        self._required = np.zeros((futures, sizes["system"], sizes["quarter"]), dtype=np.int32)
        self._held: dict[int, Held] = {}
        self.done = 0

    def has(self, size: int) -> bool:
        """Return whether so many runs are played."""
        return size in self._held

    def held(self, size: int) -> Held:
        """Return what came of the first runs; KeyError where they are not played yet."""
        return self._held[size]

    def play(self, size: int, stopped: Callable[[], bool], most: int | None = None) -> bool:
        """Play futures until there are so many runs, or at most so many more; return whether all are there.

        Whoever calls holds the turn: an experiment is played by one at a time.

        Raises
        ------
        Superseded
            When the question is no longer wanted; what is played is kept.
        """
        end = points_of(size) * FEWEST_SCRAMBLES
        stop = end if most is None else min(end, self.done + most)
        for future, played, required in self._play_futures(self.done, stop, stopped):
            self._outcomes[0, future], self._status[0, future] = played.outcomes, played.status
            self._totals[future], self._required[future] = played.total, required
            self._histogram += played.histogram
            self.done = future + 1
            if self.done in _ENDS:
                self._held[self.done * REPLICATIONS] = self._hold(self.done // FEWEST_SCRAMBLES)
        if self.has(LAST):
            self.model = replace(self.model, make=self._make_first)  # its arrays are larger than all that came of it
        return self.done >= end

    def _make_first(self, future: int) -> tuple[EnvironmentPlan, tuple[ChoicePlan, ...]]:
        """Return the plans of the first future, by which series are read; those of others are gone once played."""
        if future:
            raise ValueError(f"future {future} is played; its plans are gone")
        return self._first

    def _hold(self, points: int) -> Held:
        futures = points * FEWEST_SCRAMBLES
        design = replace(self.model.design, points=points)
        model = replace(self.model, design=design, make=self._make_first)
        totals = self._totals[:futures]
        ensemble = Ensemble(
            model, self.model.choices, REPLICATIONS, False, self._outcomes[:, :futures], self._status[:, :futures],
            self._histogram[None].copy(), totals.sum(axis=0)[None],
        )  # fmt: skip
        return Held(ensemble, totals, np.median(self._required[:futures], axis=0))

    def _play_futures(
        self, first: int, stop: int, stopped: Callable[[], bool]
    ) -> Iterator[tuple[int, Played, npt.NDArray[np.int64]]]:
        """Yield futures in order, a few under way at one time."""
        if stop > self._points * FEWEST_SCRAMBLES:
            self.model, self._points = self._model_of(LADDER[-1]), LADDER[-1]
        if first < stop:
            self.model.make(first)  # its neighbours share the work: not once for each thread
        under_way: deque[tuple[int, Future[tuple[Played, npt.NDArray[np.int64]]]]] = deque()
        ahead = 2 * (os.cpu_count() or 1)
        try:
            for future in range(first, stop):
                if stopped():
                    raise Superseded
                under_way.append((future, self._pool.submit(self._play_one, future)))
                if len(under_way) >= ahead:
                    at, one = under_way.popleft()
                    yield at, *one.result()
            while under_way:
                at, one = under_way.popleft()
                yield at, *one.result()
        finally:
            for _, one in under_way:
                one.cancel()

    def _play_one(self, future: int) -> tuple[Played, npt.NDArray[np.int64]]:
        model, block = self.model, Block(future, 0, REPLICATIONS)
        environment, plans = model.make(future)
        played = play_block(environment, plans, model.sizes, step_days=model.step_days, seed=model.seed,
                            future=future, first=block.first, runs=block.runs)  # fmt: skip
        return played[0], plans[0].fleet.required[plans[0].report.quarters].T
