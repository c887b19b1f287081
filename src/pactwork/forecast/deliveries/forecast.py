"""The delivery forecast of a case: for every lot, what will have come by when, and why."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy.special import ndtri

from pactwork.facts.ledger import Ledger
from pactwork.forecast.deliveries.chances import LEVELS, chance_complete, completion_of, quantiles_of
from pactwork.forecast.deliveries.deals import Floats, as_day, as_year
from pactwork.forecast.deliveries.levels import Tempo, keep_tempo
from pactwork.forecast.deliveries.lots import LotState, read_lots
from pactwork.forecast.deliveries.reasons import Reason, explain
from pactwork.forecast.deliveries.reference import ReferenceClass, choose_reference_class
from pactwork.forecast.deliveries.tempo import weigh_record, weigh_sister

COMPLETION_LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
_DEFAULT_YEARS = 10
_FINE_LEVELS = (np.arange(400) + 0.5) / 400
_TRANSIT_SPREAD = 0.25
"""Spread of the log of a transit time: judgement; the four dated voyages of the first case took 35 to 64 days."""


@dataclass(frozen=True)
class CompleteBy:
    """The chance that a lot is complete on a day; ``due`` says that it is due by then."""

    day: dt.date
    probability: float
    due: bool


@dataclass(frozen=True)
class LotForecast:
    """One lot's forecast.

    Attributes
    ----------
    state : LotState
        What it was made from.
    days : tuple of dates
        The ends of quarters.
    quantiles : floats of shape (days, levels)
        Cumulative deliveries in items, at 1 % to 99 %.
    means : floats of shape (days,)
    shipped : floats of shape (days, 5), or None
        What will have left the maker: arrivals at 5, 25, 50, 75 and 95 %, a transit time earlier; None where no
        transit is on record.
    complete_by : tuple of CompleteBy
    completion : dict of level to day
        None where it lies beyond what can be told.
    completion_years : floats of shape (levels,)
        Years until everything has come, at 1 % to 99 %; infinite where it lies beyond.
    reasons : tuple of Reason
    """

    state: LotState
    days: tuple[dt.date, ...]
    quantiles: Floats
    means: Floats
    shipped: Floats | None
    complete_by: tuple[CompleteBy, ...]
    completion: dict[float, dt.date | None]
    completion_years: Floats
    reasons: tuple[Reason, ...]

    @property
    def slip_months(self) -> int | None:
        """Months from the day due to the median day of completion, negative if early; None where either is unknown."""
        middle, due = self.completion[0.5], self.state.window.end
        return None if middle is None or due is None else round((middle - due).days / 30.4375)

    def quantile(self, day: int, percent: int) -> int:
        """Return a quantile, in per cent, on the n-th day."""
        return int(self.quantiles[day, percent - 1])

    def as_dict(self) -> dict[str, Any]:
        """Return the lot as a JSON object."""
        state = self.state
        return {
            "lot_id": state.lot.lot_id,
            "system_id": state.lot.system_id,
            "name": state.name,
            "kind": state.kind,
            "if_signed": not state.signed,
            "ordered": state.lot.quantity,
            "delivered": state.delivered,
            "basis": state.basis,
            "due": state.window.end.isoformat() if state.window.end else None,
            "complete_by": [
                {"date": one.day.isoformat(), "probability": round(one.probability, 6), "due": one.due}
                for one in self.complete_by
            ],
            "completion": {
                f"q{round(100 * level):02d}": day.isoformat() if day else None for level, day in self.completion.items()
            },
            "slip_months": self.slip_months,
            "shipped_leads_days": state.transit_days,
            "cumulative": [
                {
                    "date": day.isoformat(),
                    "mean": round(float(self.means[at]), 3),
                    **{f"q{level:02d}": self.quantile(at, level) for level in range(1, 100)},
                }
                for at, day in enumerate(self.days)
            ],
            "shipped": [
                {
                    "date": day.isoformat(),
                    **{
                        f"q{round(100 * level):02d}": int(count)
                        for level, count in zip(COMPLETION_LEVELS, self.shipped[at], strict=True)
                    },
                }
                for at, day in enumerate(self.days)
            ]
            if self.shipped is not None
            else None,
            "reasons": [one.text for one in self.reasons],
        }


@dataclass(frozen=True)
class DeliveryForecast:
    """The forecast of every lot of a case, and the reference class it was made with."""

    as_of: dt.date
    reference: ReferenceClass
    lots: tuple[LotForecast, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON document of ``pactwork forecast``."""
        return {
            "as_of": self.as_of.isoformat(),
            "reference_class": self.reference.describe(self.as_of),
            "lots": [one.as_dict() for one in self.lots],
        }

    def as_frame(self) -> pl.DataFrame:
        """Return cumulative deliveries of every lot by quarter: ``lot_id``, ``at``, ``mean``, ``q01`` to ``q99``."""
        rows = [
            {"lot_id": one.state.lot.lot_id, "at": row["date"], "mean": row["mean"],
             **{name: value for name, value in row.items() if name.startswith("q")}}
            for one in self.lots
            for row in one.as_dict()["cumulative"]
        ]  # fmt: skip
        return pl.DataFrame(rows)


def forecast_deliveries(ledger: Ledger, reference: ReferenceClass | None = None) -> DeliveryForecast:
    """Return the forecast of every lot, from the ledger's day.

    Parameters
    ----------
    ledger : Ledger
    reference : ReferenceClass, optional
        What was learnt from other deals; the newest shipped class that does not look ahead unless told otherwise.
    """
    chosen = reference or choose_reference_class(ledger.day)
    days = _quarters(ledger.day, ledger.about.horizon)
    states = read_lots(ledger)
    sisters = group_by_system(states)
    lots = tuple(
        _forecast_lot(state, find_sister(state, sisters[state.lot.system_id]), ledger.day, days, chosen)
        for state in states
    )
    return DeliveryForecast(ledger.day, chosen, lots)


def _quarters(day: dt.date, horizon: dt.date | None) -> tuple[dt.date, ...]:
    """Return the ends of quarters after a day, up to the horizon of the case."""
    last = max(horizon or dt.date(day.year + _DEFAULT_YEARS, 12, 31), dt.date(day.year + 1, 12, 31))
    ends = [
        dt.date(year, month, calendar.monthrange(year, month)[1])
        for year in range(day.year, last.year + 1)
        for month in (3, 6, 9, 12)
    ]
    return tuple(end for end in ends if day < end <= last)


def forecast_on(
    state: LotState,
    sisters: Sequence[LotState],
    day: dt.date,
    horizons: Floats,
    levels: Floats,
    reference: ReferenceClass,
) -> Floats:
    """Return quantiles of one lot's cumulative deliveries, of shape (times, levels), without the rest of a forecast.

    Parameters
    ----------
    state : LotState
    sisters : sequence of LotState
        The lots of its system (`group_by_system`), for one without a recent record of its own.
    day : date
        Of the forecast.
    horizons : floats of shape (times,)
        Years from that day.
    levels : floats of shape (levels,)
    """
    tempo = _find_tempo(state, find_sister(state, sisters), day, reference)
    return _cumulate(state, tempo, horizons, levels, reference, day)


def _cumulate(
    state: LotState, tempo: Tempo, horizons: Floats, levels: Floats, reference: ReferenceClass, day: dt.date
) -> Floats:
    found = quantiles_of(reference.coefficients, state.as_deal(day), horizons, levels, tempo)[0]
    return _add_shipped(found, levels, state, horizons)


def group_by_system(states: Iterable[LotState]) -> dict[str, list[LotState]]:
    """Return lots by the system they are of, in their order."""
    found: dict[str, list[LotState]] = {}
    for state in states:
        found.setdefault(state.lot.system_id, []).append(state)
    return found


def find_sister(state: LotState, sisters: Iterable[LotState]) -> LotState | None:
    """Return the lot of its system that delivered most of late, for a lot without a recent record of its own."""
    if state.recent is not None:
        return None
    lively = [one for one in sisters if one.recent and one.recent.items > 0]
    return max(lively, key=lambda one: one.recent.items if one.recent else 0.0, default=None)


def _find_tempo(state: LotState, sister: LotState | None, day: dt.date, reference: ReferenceClass) -> Tempo:
    if state.recent is not None:
        return weigh_record(reference.coefficients, state.as_deal(day), state.recent)
    if sister is not None and sister.recent is not None:
        return weigh_sister(reference.coefficients, state.as_deal(day), sister.recent)
    return keep_tempo()


def _forecast_lot(
    state: LotState, sister: LotState | None, day: dt.date, days: tuple[dt.date, ...], reference: ReferenceClass
) -> LotForecast:
    if state.delivered >= state.lot.quantity:
        return _finished(state, day, days, reference)
    deal = state.as_deal(day)
    coefficients = reference.coefficients
    tempo = _find_tempo(state, sister, day, reference)
    horizons = np.asarray([as_year(one) - as_year(day) for one in days])
    quantiles = _cumulate(state, tempo, horizons, LEVELS, reference, day)
    fine = _cumulate(state, tempo, horizons, _FINE_LEVELS, reference, day)
    chances = _chances_complete(state, day, days, reference, tempo)
    years = completion_of(coefficients, deal, LEVELS, tempo)[0]
    completion = {level: _day_after(day, float(years[round(100 * level) - 1])) for level in COMPLETION_LEVELS}
    reasons = explain(state, sister, day, reference, tempo)
    shipped = _lead(state, tempo, horizons, reference, day)
    return LotForecast(state, days, quantiles, fine.mean(axis=1), shipped, chances, completion, years, reasons)


def _day_after(day: dt.date, years: float) -> dt.date | None:
    return as_day(as_year(day) + years) if np.isfinite(years) else None


def _lead(state: LotState, tempo: Tempo, horizons: Floats, reference: ReferenceClass, day: dt.date) -> Floats | None:
    """Return what will have left the maker by each horizon: what arrives a transit time later, or has left already."""
    if state.transit_days is None:
        return None
    later = horizons + state.transit_days / 365.25
    arrived = _cumulate(state, tempo, later, np.asarray(COMPLETION_LEVELS), reference, day)
    return np.maximum(arrived, state.delivered + state.in_transit)


def _finished(state: LotState, day: dt.date, days: tuple[dt.date, ...], reference: ReferenceClass) -> LotForecast:
    """Return the forecast of a lot of which everything has come: what is."""
    done = state.gains[-1].by if state.gains else day
    everything = np.full((len(days), len(LEVELS)), float(state.lot.quantity))
    ends = tuple(CompleteBy(one, 1.0, due=False) for one in days if one.month == 12)
    reasons = explain(state, None, day, reference, keep_tempo())
    completion: dict[float, dt.date | None] = dict.fromkeys(COMPLETION_LEVELS, done)
    return LotForecast(
        state, days, everything, everything[:, 0], None, ends, completion, np.zeros(len(LEVELS)), reasons
    )


def _chances_complete(
    state: LotState, day: dt.date, days: tuple[dt.date, ...], reference: ReferenceClass, tempo: Tempo
) -> tuple[CompleteBy, ...]:
    """Return the chance of completion on the day due and at the end of each year."""
    ends = {one for one in days if one.month == 12}
    if state.window.end and state.window.end > day:
        ends.add(state.window.end)
    deal = state.as_deal(day)
    found = []
    for end in sorted(ends):
        chance = chance_complete(reference.coefficients, deal, as_year(end) - as_year(day), tempo)
        found.append(CompleteBy(end, float(chance[0]), end == state.window.end))
    return tuple(found)


def _add_shipped(quantiles: Floats, levels: Floats, state: LotState, horizons: Floats) -> Floats:
    """Return quantiles in which what is on its way has arrived once a transit time is over.

    A fast path goes with a short transit: each level takes the transit time at the opposite level.
    """
    if not state.in_transit or state.transit_days is None:
        return quantiles
    transit = state.transit_days / 365.25 * np.exp(_TRANSIT_SPREAD * ndtri(1 - levels))
    arrived = horizons[:, None] >= transit[None, :]
    return np.where(arrived, np.maximum(quantiles, state.delivered + state.in_transit), quantiles)
