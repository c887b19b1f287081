"""Chunks: the parts of a run that are played, written and counted as one, fixed by its design alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl

from pactwork.futures.ensemble import Block, frame_runs, play_one
from pactwork.futures.files import Entry
from pactwork.futures.frames import write_frame
from pactwork.futures.kernel import BLOCK
from pactwork.futures.model import Model
from pactwork.futures.results import Counts, Floats

FEWEST_RUNS = BLOCK
"""Runs of a chunk of a small ensemble."""
MANY_CHUNKS, MOST_ROWS = 1024, 8192
"""Where there would be more chunks than the first, they grow, up to so many runs of all choices together."""
OUTCOMES, TALLIES = "outcomes", "tallies"


@dataclass(frozen=True)
class Extent:
    """Futures and replications from the first to the one before the last, each with each."""

    futures: tuple[int, int]
    replications: tuple[int, int]

    @property
    def runs(self) -> int:
        """How many runs a choice has in it."""
        return (self.futures[1] - self.futures[0]) * (self.replications[1] - self.replications[0])


@dataclass(frozen=True)
class Chunk(Extent):
    """An extent that is played and written as one."""

    @property
    def name(self) -> str:
        """Name of its files."""
        return f"{self.futures[0]:08d}-{self.replications[0]:07d}"

    @property
    def shape(self) -> tuple[int, int]:
        """Number of futures and replications."""
        return self.futures[1] - self.futures[0], self.replications[1] - self.replications[0]


@dataclass(frozen=True)
class Row:
    """A chunk that is whole: what its files must be.

    ``fingerprint`` tells the processor and libraries that played it; it does not outlive the making of a run.
    """

    chunk: str
    outcomes: Entry
    tallies: Entry
    fingerprint: str = ""


def size_chunks(futures: int, replications: int, choices: int) -> int:
    """Return about how many runs a chunk has; each run is played for every choice.

    Examples
    --------
    >>> size_chunks(128, 16, 1), size_chunks(65_536, 16, 1), size_chunks(2**20, 2**10, 1), size_chunks(2**20, 2**10, 20)
    (256, 1024, 8192, 256)
    """
    runs = FEWEST_RUNS
    while futures * replications > MANY_CHUNKS * runs and 2 * runs * choices <= MOST_ROWS:
        runs *= 2
    return runs


def cut_chunks(extent: Extent, runs: int) -> Iterator[Chunk]:
    """Yield the chunks of an extent, each of about so many runs: parts of one future, or several whole ones.

    Examples
    --------
    >>> [chunk.name for chunk in cut_chunks(Extent((0, 4), (0, 128)), 256)]
    ['00000000-0000000', '00000002-0000000']
    >>> [chunk.replications for chunk in cut_chunks(Extent((0, 1), (0, 600)), 256)]
    [(0, 300), (300, 600)]
    """
    (begin, end), (first, last) = extent.futures, extent.replications
    length = last - first
    parts = max(1, round(length / runs))
    together = max(1, round(runs / length)) if parts == 1 else 1
    cuts = [first + part * length // parts for part in range(parts + 1)]
    for future in range(begin, end, together):
        for low, high in pairwise(cuts):
            yield Chunk((future, min(future + together, end)), (low, high))


@dataclass(frozen=True, eq=False)
class Tally:
    """Series of many runs as whole numbers: sums are the same in any order.

    Attributes
    ----------
    histogram : integers of shape (choice, series, quarter, bin)
        Runs in each bin, those that failed left out.
    total : integers of shape (choice, series, quarter)
        Sums over the same runs.
    """

    histogram: Counts
    total: Counts

    def add(self, other: Tally) -> None:
        """Add what others came to."""
        self.histogram[...] += other.histogram
        self.total[...] += other.total


def make_tally(shape: tuple[int, int, int, int]) -> Tally:
    """Return an empty tally, of shape (choice, series, quarter, bin)."""
    return Tally(np.zeros(shape, dtype=np.int64), np.zeros(shape[:3], dtype=np.int64))


def shape_tally(model: Model, choices: int) -> tuple[int, int, int, int]:
    """Return the shape of a model's tallies."""
    series, quarters, bins = (model.sizes.get(axis, 0) for axis in ("series", "quarter", "bin"))
    return choices, series, quarters, bins


@dataclass(frozen=True, eq=False)
class PlayedChunk:
    """What came of a chunk.

    Attributes
    ----------
    outcomes : floats of shape (choice, future, replication, outcome)
    status : integers of shape (choice, future, replication)
    tally : Tally
    """

    outcomes: Floats
    status: Counts
    tally: Tally


class Stopped(Exception):  # noqa: N818 - nothing went wrong
    """Playing was asked to stop between two blocks."""


def play_chunk(
    model: Model, choices: Sequence[str], chunk: Chunk, *, apart_of: int = 0, stopped: Callable[[], bool] | None = None
) -> PlayedChunk:
    """Play a chunk for some of a model's choices.

    Parameters
    ----------
    apart_of : int
        0, or the number of all replications, where theatres are played apart.
    stopped : callable, optional
        Asked before each block whether to stop.

    Raises
    ------
    Stopped
        When it was.
    """
    shape, (first_future, first) = (len(choices), *chunk.shape), (chunk.futures[0], chunk.replications[0])
    outcomes, status = np.empty((*shape, len(model.outcomes()))), np.empty(shape, dtype=np.int64)
    tally = make_tally(shape_tally(model, len(choices)))
    for future in range(chunk.shape[0]):
        for at in range(0, chunk.shape[1], BLOCK):
            if stopped is not None and stopped():
                raise Stopped
            runs = min(BLOCK, chunk.shape[1] - at)
            played = play_one(model, choices, Block(first_future + future, first + at, runs), apart_of)
            for choice, one in enumerate(played):
                outcomes[choice, future, at : at + runs] = one.outcomes
                status[choice, future, at : at + runs] = one.status
                tally.histogram[choice] += one.histogram
                tally.total[choice] += one.total
    return PlayedChunk(outcomes, status, tally)


def write_chunk(
    folder: Path, chunk: Chunk, choices: Sequence[str], names: Sequence[str], played: PlayedChunk, fingerprint: str = ""
) -> Row:
    """Write a chunk's two files, and return its row of the manifest.

    Raises
    ------
    OSError
        When they cannot be written.
    """
    frame = frame_runs(choices, names, played.outcomes, played.status, chunk.futures[0], chunk.replications[0])
    outcomes = write_frame(folder / OUTCOMES / f"{chunk.name}.parquet", frame)
    tallies = write_frame(folder / TALLIES / f"{chunk.name}.parquet", frame_tally(played.tally))
    return Row(chunk.name, outcomes, tallies, fingerprint)


def frame_tally(tally: Tally) -> pl.DataFrame:
    """Return a tally as a frame: ``total`` and ``counts`` (of each bin), a row for each choice, series and quarter."""
    counts = tally.histogram.reshape(tally.total.size, tally.histogram.shape[-1])
    return pl.DataFrame({"total": tally.total.reshape(-1), "counts": pl.Series(list(counts), dtype=pl.List(pl.Int64))})


def read_tally(frame: pl.DataFrame, shape: tuple[int, int, int, int]) -> Tally:
    """Return a tally from its frame."""
    counts = frame["counts"].explode().drop_nulls().to_numpy() if frame.height else np.zeros(0)
    return Tally(counts.astype(np.int64).reshape(shape), frame["total"].to_numpy().astype(np.int64).reshape(shape[:3]))


def sum_tallies(folder: Path, chunks: Sequence[str], shape: tuple[int, int, int, int]) -> Tally:
    """Return what the chunks of a run come to, one held at a time."""
    found = make_tally(shape)
    for name in chunks:
        found.add(read_tally(pl.read_parquet(folder / TALLIES / f"{name}.parquet"), shape))
    return found
