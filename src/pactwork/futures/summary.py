"""An ensemble in a few numbers: when lots are complete, how ready fleets are, and how many runs failed."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pactwork.futures.ensemble import Ensemble
from pactwork.futures.kernel import FAILURES, PLAYED

INTERVAL = (0.10, 0.90)
"""Levels that hold four fifths between them."""
Floats = npt.NDArray[np.float64]


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


def summarise(ensemble: Ensemble, choice: str | None = None) -> Summary:
    """Return what one choice of an ensemble came to, runs that failed left out and counted.

    Parameters
    ----------
    ensemble : Ensemble
        What was played.
    choice : str, optional
        The first unless told otherwise.
    """
    at = 0 if choice is None else ensemble.choices.index(choice)
    status = ensemble.status[at]
    failed = {name: int((status == code).sum()) for code, name in enumerate(FAILURES) if code != PLAYED}
    names = ensemble.model.names
    lots = tuple(_lot(ensemble, lot, ensemble.choices[at]) for lot in names.get("lot", ()))
    systems = tuple(_system(ensemble, system, ensemble.choices[at]) for system in names.get("system", ()))
    kept = {name: count for name, count in failed.items() if count}
    return Summary(ensemble.choices[at], int(status.size), kept, lots, systems)


def _lot(ensemble: Ensemble, lot: str, choice: str) -> LotSummary:
    played = ensemble.status[ensemble.choices.index(choice)] == PLAYED
    years = ensemble.outcome(f"{lot}.completed_years", choice)[played]
    come = int((~np.isnan(years)).sum())
    ordered = np.sort(np.where(np.isnan(years), np.inf, years))
    model = ensemble.model

    def day(level: float) -> dt.date | None:
        """The first day by which so large a share of runs has all of it."""
        if ordered.size == 0:
            return None
        found = ordered[max(0, int(np.ceil(level * ordered.size)) - 1)]
        return model.day(found / model.step_years) if np.isfinite(found) else None

    return LotSummary(lot, day(INTERVAL[0]), day(0.5), day(INTERVAL[1]), come, int(ordered.size))


def _system(ensemble: Ensemble, system: str, choice: str) -> SystemSummary:
    readiness = _over_replications(ensemble.outcome(f"{system}.mean_readiness", choice))
    gap = _over_replications(ensemble.outcome(f"{system}.gap_item_years", choice))
    low, high = (float(np.quantile(readiness, level)) if readiness.size else None for level in INTERVAL)
    return SystemSummary(system, _mean(readiness), low, high, _mean(gap))


def _over_replications(values: Floats) -> Floats:
    """Return the mean of each future over the runs in which something arose; futures without any are left out."""
    known = ~np.isnan(values)
    some = known.any(axis=1)
    return np.asarray(np.where(known, values, 0.0).sum(axis=1)[some] / known.sum(axis=1)[some])


def _mean(values: Floats) -> float | None:
    return float(values.mean()) if values.size else None
