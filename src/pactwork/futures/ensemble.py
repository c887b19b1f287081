"""The ensemble: many runs of every choice, as arrays with named axes, in one order however they were played."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from pactwork.errors import CaseError, Problem, quoted
from pactwork.futures.kernel import BLOCK, PLAYED, Played, play_block
from pactwork.futures.model import Model
from pactwork.progress import Progress, ignore_progress

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
QUANTILES = (0.05, 0.10, 0.25, 0.5, 0.75, 0.90, 0.95)
MOST_REPLICATIONS = 2**20
_PER_WORKER = 2
"""Blocks under way for each worker: enough that none waits, few enough that memory stays small."""


@dataclass(frozen=True)
class Estimate:
    """A mean over runs, and its standard error over the design's scrambles; not a number where nothing was seen."""

    mean: float
    standard_error: float


@dataclass(frozen=True, eq=False)
class Ensemble:
    """What came of every run.

    Attributes
    ----------
    model : Model
        What was played.
    choices : tuple of str
        Along the first axis.
    replications : int
        Runs of each future.
    apart : bool
        Whether each theatre's path came from another replication: the same risk in each, and no dependence.
    outcomes : floats of shape (choice, future, replication, outcome)
        Not a number where an outcome does not arise, and throughout for a run that failed.
    status : integers of shape (choice, future, replication)
        0, or which of ``kernel.FAILURES`` befell the run.
    histogram : integers of shape (choice, series, quarter, bin)
        Runs in each bin, those that failed left out.
    total : integers of shape (choice, series, quarter)
        Sums over the same runs.
    """

    model: Model
    choices: tuple[str, ...]
    replications: int
    apart: bool
    outcomes: Floats
    status: Counts
    histogram: Counts
    total: Counts

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the outcomes, along the last axis."""
        return self.model.outcomes()

    @property
    def failed(self) -> int:
        """Runs that failed, over all choices."""
        return int((self.status != PLAYED).sum())

    def outcome(self, name: str, choice: str | None = None) -> Floats:
        """Return one outcome of one choice, of shape (future, replication); KeyError for an unknown name."""
        if name not in self.names:
            raise KeyError(name)
        return np.asarray(self.outcomes[self._choice(choice), :, :, self.names.index(name)])

    def estimate(self, name: str, choice: str | None = None) -> Estimate:
        """Return the mean of an outcome, and its standard error.

        Notes
        -----
        Futures come in independent scrambles of one design, so that the spread of the scrambles' means tells the error
        (Owen 1997); runs of one future are not independent, and the spread over runs would tell too little.
        """
        values = self.outcome(name, choice)
        scrambles = self.model.design.scramble
        means = []
        for scramble in np.unique(scrambles):
            part = values[scrambles == scramble]
            means.append(float(np.nanmean(part)) if not np.isnan(part).all() else np.nan)
        known = np.array([mean for mean in means if not np.isnan(mean)])
        if known.size == 0:
            return Estimate(np.nan, np.nan)
        error = float(known.std(ddof=1) / np.sqrt(known.size)) if known.size > 1 else np.nan
        return Estimate(float(np.nanmean(values)), error)

    def frame(self) -> pl.DataFrame:
        """Return one row a run: ``choice``, ``future``, ``replication``, ``status``, then the outcomes by name."""
        choices, futures, replications, outcomes = self.outcomes.shape
        runs = choices * futures * replications
        at = np.arange(runs)
        columns = {
            "choice": pl.Series(np.repeat(np.array(self.choices), futures * replications), dtype=pl.String),
            "future": at // replications % futures,
            "replication": at % replications,
            "status": self.status.reshape(runs),
        }
        table = self.outcomes.reshape(runs, outcomes)
        columns |= {name: table[:, column] for column, name in enumerate(self.names)}
        return pl.DataFrame(columns)

    def series_frame(self) -> pl.DataFrame:
        """Return summaries by quarter: ``choice``, ``series``, ``date``, ``runs``, ``mean``, ``q05`` to ``q95``.

        A quantile is read from the histogram, as if the runs of a bin were spread evenly over it; the mean is exact.
        """
        plan = self._report
        rows = []
        for choice, name in enumerate(self.choices):
            for series, shown in enumerate(self.model.series()):
                low, width = int(plan[0][series]), int(plan[1][series])
                for quarter, day in enumerate(self.model.quarters):
                    rows.append({"choice": name, "series": shown, "date": day,
                                 **self._summary(choice, series, quarter, low, width)})  # fmt: skip
        return pl.DataFrame(rows, infer_schema_length=None)

    def _summary(self, choice: int, series: int, quarter: int, low: int, width: int) -> dict[str, float]:
        counts = self.histogram[choice, series, quarter]
        runs = int(counts.sum())
        found: dict[str, float] = {"runs": runs}
        found["mean"] = float(self.total[choice, series, quarter] / runs) if runs else np.nan
        for level in QUANTILES:
            found[f"q{round(100 * level):02d}"] = read_quantile(counts, level, low, width)
        return found

    def quantiles_of(self, series: str, level: float, choice: str | None = None) -> Floats:
        """Return a quantile of a series, of shape (quarter,)."""
        row = self.model.series().index(series)
        low, width = int(self._report[0][row]), int(self._report[1][row])
        counts = self.histogram[self._choice(choice), row]
        return np.array([read_quantile(one, level, low, width) for one in counts])

    @cached_property
    def _report(self) -> tuple[Counts, Counts]:
        report = self.model.make(0)[1][0].report
        return report.bin_low, report.bin_width

    def _choice(self, choice: str | None) -> int:
        return 0 if choice is None else self.choices.index(choice)


def read_quantile(counts: Counts, level: float, low: int, width: int) -> float:
    """Return a quantile from a histogram of whole numbers that are not negative.

    The numbers of a bin are taken as spread evenly over it; the last bin holds its lower edge alone.
    """
    runs = counts.sum()
    if runs == 0:
        return float("nan")
    before = np.concatenate([[0], np.cumsum(counts)])
    at = int(np.searchsorted(before, level * runs, side="left")) - 1
    at = max(at, 0)
    inside = (level * runs - before[at]) / max(counts[at], 1)
    spread = 0 if at == len(counts) - 1 else width - 1
    return float(max(0.0, low + width * at + inside * spread))


@dataclass(frozen=True)
class Block:
    """Replications of one future that are played together."""

    future: int
    first: int
    runs: int


def list_blocks(futures: int, replications: int) -> Iterator[Block]:
    """Yield the blocks of an ensemble, fixed by its size alone."""
    for future in range(futures):
        for first in range(0, replications, BLOCK):
            yield Block(future, first, min(BLOCK, replications - first))


def run_futures(
    model: Model, *, replications: int, choices: Sequence[str] | None = None, workers: int | None = None,
    apart: bool = False, progress: Progress = ignore_progress,
) -> Ensemble:  # fmt: skip
    """Play every future of a model, and return what came of it.

    Parameters
    ----------
    model : Model
        From ``compile_case``.
    replications : int
        Plays of chance within each future.
    choices : sequence of str, optional
        Which of the model's; all unless told otherwise. Which are played together changes nothing about each.
    workers : int, optional
        Threads; as many as there are processors unless told otherwise. Their number changes no byte.
    apart : bool
        Whether to break the dependence between theatres, and keep the risk in each.

    Raises
    ------
    CaseError
        When a choice is unknown, or the numbers make no ensemble.
    """
    chosen = tuple(choices or model.choices)
    _check(model, chosen, replications, workers, apart)
    ensemble = _make_room(model, chosen, replications, apart)
    blocks = list_blocks(model.design.futures, replications)
    total, done = model.design.futures * replications * len(chosen), 0
    progress("playing futures", 0, total)
    for block, played in _play_all(model, chosen, blocks, workers or os.cpu_count() or 1, replications * apart):
        _keep(ensemble, block, played)
        done += block.runs * len(chosen)
        progress("playing futures", done, total)
    return ensemble


def _check(model: Model, choices: Sequence[str], replications: int, workers: int | None, apart: bool) -> None:
    problems = [
        Problem("choices", quoted(name), f"one of {', '.join(model.choices)}", "correct the name")
        for name in choices
        if name not in model.choices
    ]
    if not 1 <= replications <= MOST_REPLICATIONS:
        expected = f"1 to {MOST_REPLICATIONS}"
        problems.append(Problem("replications", str(replications), expected, "correct the number"))
    elif apart and replications < model.sizes.get("theatre", 0):
        expected = f"at least {model.sizes['theatre']}, one for each theatre"
        problems.append(Problem("replications", str(replications), expected, "ask for more"))
    if workers is not None and workers < 1:
        problems.append(Problem("workers", str(workers), "at least 1", "correct the number"))
    if problems:
        raise CaseError(problems)


def _make_room(model: Model, choices: tuple[str, ...], replications: int, apart: bool) -> Ensemble:
    runs, sizes = (len(choices), model.design.futures, replications), model.sizes
    series = (len(choices), *(sizes.get(axis, 0) for axis in ("series", "quarter")))
    return Ensemble(
        model, choices, replications, apart, np.full((*runs, len(model.outcomes())), np.nan),
        np.zeros(runs, dtype=np.int64), np.zeros((*series, sizes.get("bin", 0)), dtype=np.int64),
        np.zeros(series, dtype=np.int64),
    )  # fmt: skip


def _keep(ensemble: Ensemble, block: Block, played: Sequence[Played]) -> None:
    """Put a block where it belongs; sums of whole numbers are the same in any order."""
    here = slice(block.first, block.first + block.runs)
    for choice, one in enumerate(played):
        ensemble.outcomes[choice, block.future, here] = one.outcomes
        ensemble.status[choice, block.future, here] = one.status
        ensemble.histogram[choice] += one.histogram
        ensemble.total[choice] += one.total


def play_one(model: Model, choices: Sequence[str], block: Block, apart_of: int) -> list[Played]:
    """Play one block of a model for some of its choices."""
    environment, plans = model.make(block.future)
    chosen = [plans[model.choices.index(name)] for name in choices]
    return play_block(environment, chosen, model.sizes, step_days=model.step_days, seed=model.seed,
                      future=block.future, first=block.first, runs=block.runs, apart_of=apart_of)  # fmt: skip


def _play_all(
    model: Model, choices: Sequence[str], blocks: Iterator[Block], workers: int, apart_of: int
) -> Iterator[tuple[Block, list[Played]]]:
    """Yield blocks as they are done, with few under way at one time; what is interrupted stops after those."""
    pool = ThreadPoolExecutor(workers)
    under_way: dict[Future[list[Played]], Block] = {}
    try:
        for block in blocks:
            under_way[pool.submit(play_one, model, choices, block, apart_of)] = block
            while len(under_way) >= workers * _PER_WORKER:
                yield from _take_done(under_way)
        while under_way:
            yield from _take_done(under_way)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _take_done(under_way: dict[Future[list[Played]], Block]) -> Iterator[tuple[Block, list[Played]]]:
    done, _ = wait(under_way, return_when=FIRST_COMPLETED)
    for one in done:
        block = under_way.pop(one)
        yield block, one.result()


def years_to_day(model: Model, years: float) -> dt.date | None:
    """Return the day of an outcome told in years from the start; None where it never comes."""
    return None if np.isnan(years) else model.day(years / model.step_years)
