"""Backtests inside a case: what would have been forecast from what was known then, against what came."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from pactwork.facts.dates import parse_date
from pactwork.facts.ledger import Ledger
from pactwork.facts.records import read_record
from pactwork.facts.status import make_status
from pactwork.forecast.deliveries.deals import as_year
from pactwork.forecast.deliveries.forecast import forecast_on, group_by_system
from pactwork.forecast.deliveries.lots import read_lots
from pactwork.forecast.deliveries.reference import ReferenceClass, load_reference_class
from pactwork.progress import Progress, ignore_progress

NOMINAL = 0.9
_LEVELS = np.array([0.05, 0.5, 0.95])
_Z = 1.959964


@dataclass(frozen=True)
class Check:
    """One forecast of one lot, and what came: counts from the start."""

    lot_id: str
    made_on: dt.date
    about: dt.date
    low: int
    middle: int
    high: int
    came: int

    @property
    def inside(self) -> bool:
        """Whether what came lies in the 90 % interval."""
        return self.low <= self.came <= self.high


@dataclass(frozen=True)
class Backtest:
    """How often what came lay in the 90 % interval, with the interval of that share (Wilson 1927).

    The checks overlap in time and share lots, so that they say less than as many independent ones would.
    """

    reference: ReferenceClass
    checks: tuple[Check, ...]

    @property
    def inside(self) -> int:
        """Number of checks inside the 90 % interval."""
        return sum(one.inside for one in self.checks)

    @property
    def below(self) -> int:
        """Number of checks in which less came than the median."""
        return sum(one.came < one.middle for one in self.checks)

    @property
    def looks_ahead(self) -> bool:
        """Whether the class knew of deals of a time after some of the forecasts were made."""
        return any(self.reference.looks_ahead(one.made_on) for one in self.checks)

    @property
    def nominal(self) -> float:
        """The share that should lie inside."""
        return NOMINAL

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share inside."""
        return wilson(self.inside, len(self.checks))

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON document of ``pactwork forecast --backtest``."""
        return {
            "reference_class": self.reference.name,
            "known_by": self.reference.known_by.isoformat(),
            "nominal": NOMINAL,
            "inside": self.inside,
            "checks": len(self.checks),
            "below_median": self.below,
            "looks_ahead": self.looks_ahead,
            "interval_95": list(self.interval),
            "rows": [
                {"lot_id": one.lot_id, "made_on": one.made_on.isoformat(), "about": one.about.isoformat(),
                 "q05": one.low, "q50": one.middle, "q95": one.high, "came": one.came, "inside": one.inside}
                for one in self.checks
            ],
        }  # fmt: skip


def wilson(inside: int, checks: int) -> tuple[float, float]:
    """Return the 95 % interval of a share.

    Examples
    --------
    >>> [round(end, 3) for end in wilson(9, 10)]
    [0.596, 0.982]
    >>> wilson(0, 0)
    (0.0, 1.0)
    """
    if not checks:
        return 0.0, 1.0
    share = inside / checks
    middle = (share + _Z**2 / (2 * checks)) / (1 + _Z**2 / checks)
    half = _Z / (1 + _Z**2 / checks) * (share * (1 - share) / checks + _Z**2 / (4 * checks**2)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)


def backtest_deliveries(
    ledger: Ledger, reference: ReferenceClass | None = None, progress: Progress = ignore_progress
) -> Backtest:
    """Return forecasts of every quarter of the case's past, each from what was known by then, against what came.

    Parameters
    ----------
    ledger : Ledger
    reference : ReferenceClass, optional
        The oldest shipped class unless told otherwise. For quarters before the day it knew it looks ahead, though not
        at the case itself; a lot complete on the day of the forecast is not counted, since nothing is forecast.
    progress : callable, optional
        Called with a stage, the work done and all of it.
    """
    chosen = reference or load_reference_class("known-by-2023")
    truth = _read_truth(ledger)
    days = _past_quarters(ledger)
    checks = []
    for at, day in enumerate(days):
        progress("Forecasting the past", at, len(days))
        known = ledger.known_by(day)
        for lot_id, quantiles in _forecast_from(known, day, [*days[at + 1 :], ledger.day], chosen):
            for about, (low, middle, high) in quantiles.items():
                came = truth.get(lot_id, {}).get(about)
                if came is not None:
                    checks.append(Check(lot_id, day, about, low, middle, high, came))
    progress("Forecasting the past", len(days), len(days))
    return Backtest(chosen, tuple(checks))


def _forecast_from(
    known: Ledger, day: dt.date, ahead: list[dt.date], reference: ReferenceClass
) -> Iterator[tuple[str, dict[dt.date, tuple[int, int, int]]]]:
    states = read_lots(known)
    sisters = group_by_system(states)
    for state in states:
        if not state.signed or state.delivered >= state.lot.quantity:
            continue
        horizons = np.asarray([as_year(one) - as_year(day) for one in ahead])
        quantiles = forecast_on(state, sisters[state.lot.system_id], day, horizons, _LEVELS, reference)
        yield (
            state.lot.lot_id,
            {
                one: (int(low), int(middle), int(high))
                for one, (low, middle, high) in zip(ahead, quantiles, strict=True)
            },
        )


def _past_quarters(ledger: Ledger) -> list[dt.date]:
    """Return the ends of quarters from the first order on, before the ledger's day."""
    signed = [row["as_of"] for row in ledger.rows("lots") if row["as_of"] and row["kind"] == "firm"]
    first = min((parse_date(text).latest for text in signed), default=ledger.day)
    ends = [
        dt.date(year, month, calendar.monthrange(year, month)[1])
        for year in range(first.year, ledger.day.year + 1)
        for month in (3, 6, 9, 12)
    ]
    return [end for end in ends if first <= end < ledger.day]


def _read_truth(ledger: Ledger) -> dict[str, dict[dt.date, int]]:
    """Return what had come of each lot by the end of each past quarter and the ledger's day, where the record tells."""
    found: dict[str, dict[dt.date, int]] = {}
    days = [*_past_quarters(ledger), ledger.day]
    for item in make_status(ledger).lots:
        record = read_record(ledger, item)
        counts = {day: record.count_on(day) for day in days}
        found[item.lot.lot_id] = {day: int(count) for day, count in counts.items() if count is not None}
    return found
