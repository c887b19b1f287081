"""The ensemble: many runs of every choice, as arrays with named axes, in one order however they were played."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from pactwork.errors import CaseError, Problem, quoted
from pactwork.futures.kernel import BLOCK, PLAYED, Played, play_block
from pactwork.futures.model import Model
from pactwork.futures.results import Bins, Counts, Floats, Part, Results
from pactwork.progress import Progress, ignore_progress

MOST_REPLICATIONS = 2**20
PLAYING = "playing futures"
"""The stage at which runs are played; what is done is counted in runs of a choice."""
_PER_WORKER = 2
"""Blocks under way for each worker: enough that none waits, few enough that memory stays small."""


@dataclass(frozen=True, eq=False)
class Ensemble(Results):
    """What came of every run, held in memory.

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
    def axes(self) -> Mapping[str, tuple[str, ...]]:
        """Names along every axis of the model that has names."""
        return self.model.names

    @cached_property
    def series_names(self) -> tuple[str, ...]:
        """Names of the series."""
        return self.model.series()

    @property
    def quarters(self) -> tuple[dt.date, ...]:
        """Days at which series are read."""
        return self.model.quarters

    @property
    def as_of(self) -> dt.date:
        """The day the futures begin."""
        return self.model.as_of

    @property
    def scramble(self) -> Counts:
        """The scramble of the design that each future belongs to."""
        return self.model.design.scramble

    @property
    def failed(self) -> int:
        """Runs that failed, over all choices."""
        return int((self.status != PLAYED).sum())

    def design_frame(self) -> pl.DataFrame:
        """Return the futures: ``future``, ``scramble``, a column of values for each uncertain parameter."""
        return self.model.design.frame()

    def parts(self, names: Sequence[str], choice: str | None = None) -> Iterator[Part]:
        """Yield all runs of a choice at once; KeyError for unknown names."""
        at, (futures, replications) = self.place_of(choice), self.status.shape[1:]
        columns = [_place_among(self.names, name) for name in names]
        runs = np.arange(futures * replications)
        table = self.outcomes[at].reshape(runs.size, -1)
        yield Part(runs // replications, runs % replications, self.status[at].reshape(-1),
                   {name: table[:, column] for name, column in zip(names, columns, strict=True)})  # fmt: skip

    def bins(self, series: str, choice: str | None = None) -> Bins:
        """Return a series of a choice."""
        at, row = self.place_of(choice), self.series_names.index(series)
        low, width = self._edges
        return Bins(int(low[row]), int(width[row]), self.histogram[at, row], self.total[at, row])

    def frame(self) -> pl.DataFrame:
        """Return one row a run: ``choice``, ``future``, ``replication``, ``status``, then the outcomes by name."""
        return frame_runs(self.choices, self.names, self.outcomes, self.status)

    @cached_property
    def _edges(self) -> tuple[Counts, Counts]:
        return read_edges(self.model)


def _place_among(names: Sequence[str], name: str) -> int:
    if name not in names:
        raise KeyError(name)
    return names.index(name)


def read_edges(model: Model) -> tuple[Counts, Counts]:
    """Return the lower edges and widths of the bins of a model's series, each of shape (series,)."""
    report = model.make(0)[1][0].report
    return report.bin_low, report.bin_width


def frame_runs(
    choices: Sequence[str], names: Sequence[str], outcomes: Floats, status: Counts, first_future: int = 0,
    first_replication: int = 0,
) -> pl.DataFrame:  # fmt: skip
    """Return one row a run: ``choice``, ``future``, ``replication``, ``status``, then the outcomes by name.

    Parameters
    ----------
    outcomes : floats of shape (choice, future, replication, outcome)
    status : integers of shape (choice, future, replication)
    first_future, first_replication : int
        What the first of each is among those of the run.
    """
    _, futures, replications = status.shape
    at, table = np.arange(status.size), outcomes.reshape(status.size, len(names))
    columns = {
        "choice": pl.Series(np.repeat(np.array(choices), futures * replications), dtype=pl.String),
        "future": first_future + at // replications % futures,
        "replication": first_replication + at % replications,
        "status": status.reshape(-1),
    }
    return pl.DataFrame(columns | {name: table[:, column] for column, name in enumerate(names)})


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
    check_size(model, chosen, replications, workers, apart)
    ensemble = _make_room(model, chosen, replications, apart)
    blocks = list_blocks(model.design.futures, replications)
    total, done = model.design.futures * replications * len(chosen), 0
    progress(PLAYING, 0, total)
    for block, played in _play_all(model, chosen, blocks, workers or os.cpu_count() or 1, replications * apart):
        _keep(ensemble, block, played)
        done += block.runs * len(chosen)
        progress(PLAYING, done, total)
    return ensemble


def check_size(
    model: Model, choices: Sequence[str], replications: int, workers: int | None = None, apart: bool = False
) -> None:
    """Refuse what makes no ensemble: a choice the model has not, or numbers out of bounds."""
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
