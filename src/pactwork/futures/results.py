"""What any ensemble tells, whether it is held in memory or lies on disk: outcomes, errors, quantiles, by name."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from pactwork.futures.kernel import PLAYED
from pactwork.futures.steps.setting import DAYS_A_YEAR

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
QUANTILES = (0.05, 0.10, 0.25, 0.5, 0.75, 0.90, 0.95)


@dataclass(frozen=True)
class Estimate:
    """A mean over runs, and its standard error over the design's scrambles; not a number where nothing was seen."""

    mean: float
    standard_error: float


@dataclass(frozen=True, eq=False)
class Part:
    """Some runs of one choice: where they belong, and what was asked of them; all of shape (run,)."""

    future: Counts
    replication: Counts
    status: Counts
    outcomes: Mapping[str, Floats]


@dataclass(frozen=True, eq=False)
class Bins:
    """One series of one choice: where its bins begin, how wide they are, runs in each, and sums.

    ``counts`` is of shape (quarter, bin), ``total`` of shape (quarter,).
    """

    low: int
    width: int
    counts: Counts
    total: Counts


class Results(ABC):
    """An ensemble to be read: what ``run_futures`` returns and what ``open_run`` opens answer alike.

    A choice that is not named is the first. Arrays over runs are of shape (future, replication), and outcomes are not a
    number where an outcome does not arise, and throughout for a run that failed.
    """

    choices: tuple[str, ...]
    replications: int

    @property
    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """Names of the outcomes."""

    @property
    @abstractmethod
    def axes(self) -> Mapping[str, tuple[str, ...]]:
        """Names along every axis that has names: lot, system, munition and others."""

    @property
    @abstractmethod
    def series_names(self) -> tuple[str, ...]:
        """Names of the series."""

    @property
    @abstractmethod
    def quarters(self) -> tuple[dt.date, ...]:
        """Days at which series are read."""

    @property
    @abstractmethod
    def as_of(self) -> dt.date:
        """The day the futures begin."""

    @property
    @abstractmethod
    def scramble(self) -> Counts:
        """The independent scramble of the design that each future belongs to, of shape (future,)."""

    @property
    @abstractmethod
    def failed(self) -> int:
        """Runs that failed, over all choices."""

    @abstractmethod
    def design_frame(self) -> pl.DataFrame:
        """Return the futures: ``future``, ``scramble``, a column of values for each uncertain parameter."""

    @abstractmethod
    def parts(self, names: Sequence[str], choice: str | None = None) -> Iterator[Part]:
        """Yield some outcomes of one choice, as many runs at a time as are light to hold; KeyError for unknown names.

        A choice that there is not is a ValueError, here and everywhere.
        """

    @abstractmethod
    def bins(self, series: str, choice: str | None = None) -> Bins:
        """Return a series; ValueError where there is none of that name."""

    @property
    def futures(self) -> int:
        """How many futures there are."""
        return len(self.scramble)

    def outcomes_of(self, names: Sequence[str], choice: str | None = None) -> dict[str, Floats]:
        """Return several outcomes of one choice by name, each of shape (future, replication)."""
        found = {name: np.full((self.futures, self.replications), np.nan) for name in names}
        for part in self.parts(names, choice):
            for name, values in part.outcomes.items():
                found[name][part.future, part.replication] = values
        return found

    def outcome(self, name: str, choice: str | None = None) -> Floats:
        """Return one outcome of one choice, of shape (future, replication); KeyError for an unknown name."""
        return self.outcomes_of([name], choice)[name]

    def status_of(self, choice: str | None = None) -> Counts:
        """Return 0, or which of ``kernel.FAILURES`` befell each run of a choice, of shape (future, replication)."""
        found = np.full((self.futures, self.replications), PLAYED, dtype=np.int64)
        for part in self.parts([], choice):
            found[part.future, part.replication] = part.status
        return found

    def estimate(self, name: str, choice: str | None = None) -> Estimate:
        """Return the mean of an outcome, and its standard error."""
        return estimate_mean(self.outcome(name, choice), self.scramble)

    def quantiles_of(self, series: str, level: float, choice: str | None = None) -> Floats:
        """Return a quantile of a series, of shape (quarter,)."""
        bins = self.bins(series, choice)
        return np.array([read_quantile(one, level, bins.low, bins.width) for one in bins.counts])

    def series_frame(self) -> pl.DataFrame:
        """Return summaries by quarter: ``choice``, ``series``, ``date``, ``runs``, ``mean``, ``q05`` to ``q95``.

        A quantile is read from the histogram, as if the runs of a bin were spread evenly over it; the mean is exact.
        """
        rows = [
            {"choice": choice, "series": series, "date": day, **_summarise(bins, quarter)}
            for choice in self.choices
            for series in self.series_names
            for bins in [self.bins(series, choice)]
            for quarter, day in enumerate(self.quarters)
        ]
        return pl.DataFrame(rows, schema=SERIES)

    def day_after(self, years: float) -> dt.date | None:
        """Return the day of an outcome told in years from the start; None where it never comes."""
        return None if not np.isfinite(years) else self.as_of + dt.timedelta(days=years * DAYS_A_YEAR)

    def place_of(self, choice: str | None) -> int:
        """Return a choice's place among the choices; ValueError where it is none of them."""
        return 0 if choice is None else self.choices.index(choice)


SERIES = {"choice": pl.String, "series": pl.String, "date": pl.Date, "runs": pl.Int64, "mean": pl.Float64,
          **{f"q{round(100 * level):02d}": pl.Float64 for level in QUANTILES}}  # fmt: skip


def estimate_mean(values: Floats, scramble: Counts) -> Estimate:
    """Return the mean of an outcome over runs of shape (future, replication), and its standard error.

    Notes
    -----
    Futures come in independent scrambles of one design, so that the spread of the scrambles' means tells the error
    (Owen 1997); runs of one future are not independent, and the spread over runs would tell too little.
    """
    means = []
    for one in np.unique(scramble):
        part = values[scramble == one]
        means.append(float(np.nanmean(part)) if not np.isnan(part).all() else np.nan)
    known = np.array([mean for mean in means if not np.isnan(mean)])
    if known.size == 0:
        return Estimate(np.nan, np.nan)
    error = float(known.std(ddof=1) / np.sqrt(known.size)) if known.size > 1 else np.nan
    return Estimate(float(np.nanmean(values)), error)


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


def _summarise(bins: Bins, quarter: int) -> dict[str, float]:
    counts = bins.counts[quarter]
    runs = int(counts.sum())
    found: dict[str, float] = {"runs": runs}
    found["mean"] = float(bins.total[quarter] / runs) if runs else np.nan
    for level in QUANTILES:
        found[f"q{round(100 * level):02d}"] = read_quantile(counts, level, bins.low, bins.width)
    return found
