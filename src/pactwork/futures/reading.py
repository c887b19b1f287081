"""A run on disk, read a little at a time: ten million runs are summarised without being loaded whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np
import polars as pl

from pactwork.futures.chunks import OUTCOMES, Chunk, Tally
from pactwork.futures.identity import Identity
from pactwork.futures.kernel import PLAYED
from pactwork.futures.results import Bins, Counts, Part, Results

CALIBRATION, DESIGN, HISTOGRAMS = "calibration.parquet", "design.parquet", "histograms.parquet"
_TOGETHER = 64
"""Files of outcomes that are read at one time."""


@dataclass(frozen=True, eq=False)
class Run(Results):
    """A run on disk; from ``open_run``."""

    path: Path
    identity: Identity

    @property
    def choices(self) -> tuple[str, ...]:  # type: ignore[override]
        """The choices that were played."""
        return self.identity.choices

    @property
    def replications(self) -> int:  # type: ignore[override]
        """Runs of each future."""
        return self.identity.replications

    @property
    def futures(self) -> int:
        """How many futures there are."""
        return self.identity.futures

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the outcomes."""
        return self.identity.outcomes

    @property
    def axes(self) -> Mapping[str, tuple[str, ...]]:
        """Names along every axis that has names."""
        return self.identity.names

    @property
    def series_names(self) -> tuple[str, ...]:
        """Names of the series."""
        return self.identity.series

    @property
    def quarters(self) -> tuple[dt.date, ...]:
        """Days at which series are read."""
        return self.identity.quarters

    @property
    def as_of(self) -> dt.date:
        """The day the futures begin."""
        return self.identity.as_of

    @cached_property
    def scramble(self) -> Counts:
        """The scramble of the design that each future belongs to: futures come in turns, one of each."""
        scrambles = self.identity.futures // self.identity.points
        return np.tile(np.arange(scrambles, dtype=np.int64), self.identity.points)

    @cached_property
    def failed(self) -> int:
        """Runs that failed, over all choices."""
        parts = (part for choice in self.choices for part in self.parts([], choice))
        return sum(int((part.status != PLAYED).sum()) for part in parts)

    def design_frame(self) -> pl.DataFrame:
        """Return the futures: ``future``, ``scramble``, a column of values for each uncertain parameter."""
        return pl.read_parquet(self.path / DESIGN)

    def scan(self) -> pl.LazyFrame:
        """Return one row a run, unread: ``choice``, ``future``, ``replication``, ``status``, then the outcomes."""
        return pl.scan_parquet([self._file(chunk) for chunk in self.identity.chunks()], glob=False)

    def read_chunk(self, chunk: Chunk) -> pl.DataFrame:
        """Return the rows of one chunk as `scan` has them, by choice, future and replication."""
        return pl.read_parquet(self._file(chunk))

    def parts(self, names: Sequence[str], choice: str | None = None) -> Iterator[Part]:
        """Yield some outcomes of one choice, few files at a time; KeyError for unknown names."""
        unknown = [name for name in names if name not in self.names]
        if unknown:
            raise KeyError(unknown[0])
        chosen = self.choices[self.place_of(choice)]
        left = self.identity.chunks()
        while chunks := list(islice(left, _TOGETHER)):
            scanned = pl.scan_parquet([self._file(chunk) for chunk in chunks], glob=False)
            own = scanned.filter(pl.col("choice") == chosen)
            rows = own.select("future", "replication", "status", *names).collect()
            future, replication, status = (rows[name].to_numpy() for name in ("future", "replication", "status"))
            yield Part(future, replication, status, {name: rows[name].to_numpy() for name in names})

    def find_run(self, future: int, replication: int, choice: str) -> pl.DataFrame:
        """Return the row of one run, and read no other chunk than its own."""
        of = next(chunk for chunk in self.identity.chunks()
                  if chunk.futures[0] <= future < chunk.futures[1]
                  and chunk.replications[0] <= replication < chunk.replications[1])  # fmt: skip
        here = (pl.col("choice") == choice) & (pl.col("future") == future) & (pl.col("replication") == replication)
        return pl.scan_parquet(self._file(of), glob=False).filter(here).collect()

    def series(self, choice: str | None = None) -> pl.DataFrame:
        """Return a choice's summaries: ``choice``, ``series``, ``date``, ``runs``, ``mean``, ``q05`` to ``q95``."""
        return pl.read_parquet(self.path / f"series/{self.choices[self.place_of(choice)]}.parquet")

    def bins(self, series: str, choice: str | None = None) -> Bins:
        """Return a series of a choice."""
        length = len(self.quarters)
        at = (self.place_of(choice) * len(self.series_names) + self.series_names.index(series)) * length
        rows = self._histograms[at : at + length]
        counts = rows["counts"].explode().drop_nulls().to_numpy().reshape(length, self.identity.bins)
        low, width = (int(rows[name].first() or 0) for name in ("low", "width"))  # type: ignore[arg-type]
        return Bins(low, width, counts, rows["total"].to_numpy())

    @cached_property
    def _histograms(self) -> pl.DataFrame:
        return pl.read_parquet(self.path / HISTOGRAMS)

    def _file(self, chunk: Chunk) -> Path:
        return self.path / OUTCOMES / f"{chunk.name}.parquet"


def frame_histograms(identity: Identity, tally: Tally, edges: tuple[Counts, Counts]) -> pl.DataFrame:
    """Return all tallies together: ``choice``, ``series``, ``date``, ``low``, ``width``, ``total``, ``counts``.

    Parameters
    ----------
    tally : Tally
        Of all runs.
    edges : pair of integers of shape (series,)
        Lower edges and widths of the bins.
    """
    choices, series, quarters, bins = tally.histogram.shape
    return pl.DataFrame({
        "choice": pl.Series(np.repeat(np.array(identity.choices), series * quarters), dtype=pl.String),
        "series": pl.Series(np.tile(np.repeat(np.array(identity.series), quarters), choices), dtype=pl.String),
        "date": pl.Series(list(identity.quarters) * (choices * series), dtype=pl.Date),
        "low": np.tile(np.repeat(edges[0], quarters), choices),
        "width": np.tile(np.repeat(edges[1], quarters), choices),
        "total": tally.total.reshape(-1),
        "counts": pl.Series(list(tally.histogram.reshape(-1, bins)), dtype=pl.List(pl.Int64)),
    })  # fmt: skip
