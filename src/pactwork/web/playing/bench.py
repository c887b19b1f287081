"""The bench: one case, calibrated, with the experiments that were made on it of late."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pactwork.errors import CaseError, Problem
from pactwork.facts.ledger import Ledger
from pactwork.forecast import Forecast
from pactwork.futures.compile import Calibrated
from pactwork.futures.source import CaseSource
from pactwork.progress import Progress, ignore_progress
from pactwork.web.playing.asking import Ask, apply_ask, check_ask, tidy_ask
from pactwork.web.playing.calibration import find_calibration
from pactwork.web.playing.experiment import FIRST, SIZES, SLICE, Experiment, Held
from pactwork.web.playing.turns import Turns

MOST_EXPERIMENTS = 12
"""Experiments that are kept: some 15 MB each where all their runs are played."""
CALIBRATION_SEED = 0
"""What lots aim at is found with one seed, whichever the experiments have."""


def never() -> bool:
    """What is used where nobody takes a question back."""
    return False


class Bench:
    """Plays questions about one case.

    Parameters
    ----------
    ledger, forecast : Ledger, Forecast
    calibrated : Calibrated
        From ``find_calibration``: found once, since it takes ten seconds.
    turns, pool : Turns, ThreadPoolExecutor, optional
        Shared by all that play in this process.
    """

    def __init__(
        self, ledger: Ledger, forecast: Forecast, calibrated: Calibrated, turns: Turns | None = None,
        pool: ThreadPoolExecutor | None = None,
    ) -> None:  # fmt: skip
        self.ledger, self.forecast, self.calibrated = ledger, forecast, calibrated
        self._turns, self._lock = turns or Turns(), threading.Lock()
        self._made: OrderedDict[Ask, Experiment] = OrderedDict()
        self._pool = pool or ThreadPoolExecutor(os.cpu_count() or 1)

    def play(self, ask: Ask, size: int = FIRST, stopped: Callable[[], bool] = never) -> Held:
        """Return what comes of a question in so many runs, from what is kept as far as there is any.

        The first 200 runs are played before whatever only sharpens; more are played a few at a time between others.

        Raises
        ------
        CaseError
            When the case cannot answer the question.
        Superseded
            When ``stopped`` said so before all were played.
        """
        if size not in SIZES:
            expected = ", ".join(f"{one:,}" for one in SIZES)
            raise CaseError([Problem("size", str(size), f"one of {expected}", "correct the number")])
        experiment = self._open(tidy_ask(ask))
        if not experiment.has(FIRST):
            with self._turns.turn(urgent=True, stopped=stopped):
                experiment.play(FIRST, stopped)
        while not experiment.has(size):
            with self._turns.turn(urgent=False, stopped=stopped):
                experiment.play(size, stopped, most=SLICE)
        return experiment.held(size)

    def has(self, ask: Ask, size: int) -> bool:
        """Return whether a question was played to a size already."""
        found = self._made.get(tidy_ask(ask))
        return found is not None and found.has(size)

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return self._turns.waiting

    def _open(self, ask: Ask) -> Experiment:
        with self._lock:
            found = self._made.get(ask)
            if found is not None:
                self._made.move_to_end(ask)
                return found
        check_ask(self.ledger, ask)
        source = CaseSource(apply_ask(self.ledger, ask), self.forecast, ask.scenario or None, ask.seed, None, None,
                            self.calibrated, (ask.choice,))  # fmt: skip
        made = Experiment(source, self._pool)
        with self._lock:
            found = self._made.setdefault(ask, made)
            self._made.move_to_end(ask)
            others = [one for one in self._made if one not in (Ask(), ask)]  # the plain question is asked by all
            for one in others[: max(0, len(self._made) - MOST_EXPERIMENTS)]:
                del self._made[one]
        return found


def open_bench(
    ledger: Ledger, forecast: Forecast, folder: Path | None = None, turns: Turns | None = None,
    pool: ThreadPoolExecutor | None = None, progress: Progress = ignore_progress,
) -> Bench:  # fmt: skip
    """Return a case's bench, calibrated, with the simulation compiled and the plain question answered.

    Raises
    ------
    CaseError
        When the case cannot be played.
    """
    check_ask(ledger, Ask())
    calibrated = find_calibration(ledger, forecast, CALIBRATION_SEED, folder, progress)
    bench = Bench(ledger, forecast, calibrated, turns, pool)
    progress("playing the first runs", 0, 1)
    bench.play(Ask())
    progress("playing the first runs", 1, 1)
    return bench
