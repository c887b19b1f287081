"""An ensemble in a few numbers: when lots are complete, how ready fleets are, and how many runs failed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from pactwork.futures.kernel import FAILURES, PLAYED
from pactwork.futures.results import Counts, Floats, Results

INTERVAL = (0.10, 0.90)
"""Levels that hold four fifths between them."""
SHOWN = ("mean_readiness", "gap_item_years")
"""Outcomes of systems that are summed up."""


@dataclass(frozen=True)
class LotSummary:
    """When all of a lot has come: days by which a tenth, half and nine tenths of runs have it; none after the horizon.

    ``complete`` and ``runs`` count the runs in which all has come, and all that did not fail.
    """

    lot: str
    q10: dt.date | None
    q50: dt.date | None
    q90: dt.date | None
    complete: int
    runs: int


@dataclass(frozen=True)
class SystemSummary:
    """A fleet over futures: each future's mean over its runs, then the mean and interval of those.

    ``readiness`` is a share, ``gap_item_years`` what was missing of the fleet required; none where nothing arose.
    """

    system: str
    readiness: float | None
    readiness_q10: float | None
    readiness_q90: float | None
    gap_item_years: float | None


@dataclass(frozen=True)
class Summary:
    """One choice of an ensemble, in few numbers."""

    choice: str
    runs: int
    failed: dict[str, int]
    lots: tuple[LotSummary, ...]
    systems: tuple[SystemSummary, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the summary with dates as text."""
        found = asdict(self)
        for lot in found["lots"]:
            lot |= {level: lot[level] and lot[level].isoformat() for level in ("q10", "q50", "q90")}
        return found


def summarise(results: Results, choice: str | None = None) -> Summary:
    """Return what one choice of an ensemble came to, runs that failed left out and counted.

    Runs are read a part at a time, so that ten million of them need no more memory than a few.

    Parameters
    ----------
    results : Results
        What was played.
    choice : str, optional
        The first unless told otherwise.
    """
    chosen = results.choices[results.place_of(choice)]
    lots, systems = results.axes.get("lot", ()), results.axes.get("system", ())
    come = {f"{lot}.completed_years": Counter[float]() for lot in lots}
    means = {f"{system}.{name}": _Means(results.futures) for system in systems for name in SHOWN}
    failed, runs = np.zeros(len(FAILURES), dtype=np.int64), 0
    for part in results.parts([*come, *means], chosen):
        failed += np.bincount(part.status, minlength=len(FAILURES))
        runs += part.status.size
        for name, counter in come.items():
            years, count = np.unique(part.outcomes[name], return_counts=True)
            counter.update(dict(zip(years[~np.isnan(years)].tolist(), count[~np.isnan(years)].tolist(), strict=True)))
        for name, one in means.items():
            one.add(part.future, part.outcomes[name])
    kept = {name: int(count) for code, (name, count) in enumerate(zip(FAILURES, failed, strict=True))
            if code != PLAYED and count}  # fmt: skip
    played = int(failed[PLAYED])
    return Summary(
        chosen, runs, kept,
        tuple(_lot(results, lot, come[f"{lot}.completed_years"], played) for lot in lots),
        tuple(_system(system, *(means[f"{system}.{name}"].found() for name in SHOWN)) for system in systems),
    )  # fmt: skip


class _Means:
    """Each future's mean over the runs in which something arose."""

    def __init__(self, futures: int) -> None:
        self._sums, self._counts = np.zeros(futures), np.zeros(futures, dtype=np.int64)

    def add(self, future: Counts, values: Floats) -> None:
        known, size = ~np.isnan(values), self._sums.size
        self._sums += np.bincount(future[known], weights=values[known], minlength=size)
        self._counts += np.bincount(future[known], minlength=size)

    def found(self) -> Floats:
        """Return the means; futures without any are left out."""
        some = self._counts > 0
        return np.asarray(self._sums[some] / self._counts[some])


def _lot(results: Results, lot: str, come: Counter[float], played: int) -> LotSummary:
    years = np.array(sorted(come))
    reached = np.cumsum([come[one] for one in years.tolist()], dtype=np.int64)

    def day(level: float) -> dt.date | None:
        """The first day by which so large a share of runs has all of it."""
        needed = max(1, int(np.ceil(level * played)))
        at = int(np.searchsorted(reached, needed))
        return results.day_after(float(years[at])) if at < years.size else None

    return LotSummary(lot, day(INTERVAL[0]), day(0.5), day(INTERVAL[1]), come.total(), played)


def _system(system: str, readiness: Floats, gap: Floats) -> SystemSummary:
    low, high = (float(np.quantile(readiness, level)) if readiness.size else None for level in INTERVAL)
    return SystemSummary(system, _mean(readiness), low, high, _mean(gap))


def _mean(values: Floats) -> float | None:
    return float(values.mean()) if values.size else None
