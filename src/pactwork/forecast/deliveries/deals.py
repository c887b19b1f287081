"""Deals as arrays: what a delivery forecast knows of each order on the day it is made."""

from __future__ import annotations

import calendar
import datetime as dt
import functools
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_MIDDLE = 0.5
"""A year alone stands for its middle: the event lies somewhere in it."""
_LEAST_BATCH = 4.0
_WINDOW_YEARS = 1.5
"""Width of a planned window of which only one end is stated."""


def as_year(day: dt.date) -> float:
    """Return the end of a day as a decimal year.

    Examples
    --------
    >>> as_year(dt.date(2023, 12, 31)), as_year(dt.date(2024, 7, 1))
    (2024.0, 2024.5)
    """
    days = 366 if calendar.isleap(day.year) else 365
    return day.year + day.timetuple().tm_yday / days


def as_day(year: float) -> dt.date:
    """Return the day whose end a decimal year is; the inverse of `as_year`.

    Examples
    --------
    >>> as_day(2024.0), as_day(2024.5)
    (datetime.date(2023, 12, 31), datetime.date(2024, 7, 1))
    """
    whole = int(np.floor(year))
    days = 366 if calendar.isleap(whole) else 365
    return dt.date(whole, 1, 1) + dt.timedelta(days=round((year - whole) * days) - 1)


@dataclass(frozen=True, eq=False)
class Deals:
    """Orders and what is known of each, one element an order; every array has shape (deals,).

    Times are decimal years; NaN where nothing is known. Two are the same only where they are one, so that what was
    worked out of some deals can be kept for them.

    Attributes
    ----------
    as_of : floats
        The day on which the forecast is made.
    ordered, delivered : floats
        Items, whole numbers.
    ordered_on, first_on, last_on : floats
        When it was ordered, and when its first and its last delivery so far came.
    plan_start, plan_end : floats
        When deliveries are planned to begin and to be over.
    licensed, second_hand : booleans
        Made under licence in the buyer's country; taken from somebody's stock.
    batch : floats
        Items that usually come at once.
    kind : tuple of str
        Kind of equipment, as in `kinds`.
    """

    as_of: Floats
    ordered: Floats
    delivered: Floats
    ordered_on: Floats
    first_on: Floats
    last_on: Floats
    plan_start: Floats
    plan_end: Floats
    licensed: Bools
    second_hand: Bools
    batch: Floats
    kind: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.ordered)

    @property
    def begun(self) -> Bools:
        """Whether delivery has begun."""
        return self.delivered > 0

    @property
    def remaining(self) -> Floats:
        """Items still to come."""
        return self.ordered - self.delivered

    def take(self, rows: Sequence[int] | NDArray[np.intp] | Bools) -> Deals:
        """Return some of the deals, in the order of ``rows`` (positions or a mask)."""
        positions = np.arange(len(self))[np.asarray(rows)]
        parts = {one.name: getattr(self, one.name)[positions] for one in fields(self) if one.name != "kind"}
        return Deals(**parts, kind=tuple(self.kind[i] for i in positions))

    def as_if_unplanned(self) -> Deals:
        """Return the same deals with no window of delivery known."""
        nothing = np.full(len(self), np.nan)
        return replace(self, plan_start=nothing, plan_end=nothing)

    def as_if_not_begun(self) -> Deals:
        """Return the same deals with nothing delivered yet."""
        return self._not_begun

    @functools.cached_property
    def _not_begun(self) -> Deals:
        nothing = np.full(len(self), np.nan)
        return replace(self, delivered=np.zeros(len(self)), first_on=nothing, last_on=nothing)


def make_deals(
    *,
    as_of: float | Floats,
    ordered: Sequence[float] | Floats,
    delivered: Sequence[float] | Floats,
    ordered_on: Sequence[float] | Floats,
    kind: Sequence[str],
    first_on: Sequence[float] | Floats | None = None,
    last_on: Sequence[float] | Floats | None = None,
    plan_start: Sequence[float] | Floats | None = None,
    plan_end: Sequence[float] | Floats | None = None,
    licensed: Sequence[bool] | Bools | None = None,
    second_hand: Sequence[bool] | Bools | None = None,
    batch: Sequence[float] | Floats | None = None,
) -> Deals:
    """Return deals from columns of equal length; what is left out is unknown.

    Of a planned window with one end stated, the other is set one and a half years away; where delivery has begun and
    nobody says when, it is taken to have begun half way between the order and the day of the forecast. A batch is a
    month's share of the order, and at least four items, where its size is not known.
    """
    size = len(ordered)

    def column(values: Sequence[float] | Floats | None) -> Floats:
        return np.full(size, np.nan) if values is None else np.asarray(values, dtype=np.float64)

    day = np.broadcast_to(np.asarray(as_of, dtype=np.float64), (size,)).copy()
    count, sent, placed = column(ordered), column(delivered), column(ordered_on)
    first, last, start, end = column(first_on), column(last_on), column(plan_start), column(plan_end)
    begun = sent > 0
    first = np.where(begun, np.where(np.isnan(first), (placed + day) / 2, first), np.nan)
    last = np.where(begun, np.where(np.isnan(last), day - _MIDDLE, last), np.nan)
    known_start, known_end = ~np.isnan(start), ~np.isnan(end)
    end = np.where(known_end, end, start + _WINDOW_YEARS)
    start = np.where(known_start, np.fmin(start, end), end - _WINDOW_YEARS)
    flags = [np.zeros(size, bool) if one is None else np.asarray(one, bool) for one in (licensed, second_hand)]
    usual = np.maximum(_LEAST_BATCH, count / 12)
    known = column(batch)
    at_once = np.where(np.isnan(known), usual, known)
    return Deals(day, count, sent, placed, first, last, start, end, flags[0], flags[1], at_once, tuple(kind))


def middle_of(year: Sequence[float | None] | Floats) -> Floats:
    """Return years as the decimal year of their middle; None becomes NaN.

    Examples
    --------
    >>> middle_of([2022, None]).tolist()
    [2022.5, nan]
    """
    return np.asarray([np.nan if one is None else one for one in year], dtype=np.float64) + _MIDDLE


def end_of(year: Sequence[float | None] | Floats) -> Floats:
    """Return years as the decimal year of their end; None becomes NaN."""
    return np.asarray([np.nan if one is None else one for one in year], dtype=np.float64) + 1.0
