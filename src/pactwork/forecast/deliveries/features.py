"""What the chances depend on: one column for each thing about a deal, with the direction it may push.

The signs are laws, not estimates: more delivered never lowers a forecast, a later plan never speeds it, and more time
never takes anything back. A column that would break a law when its coefficient is negative is bounded at zero.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from pactwork.forecast.deliveries.deals import Deals, Floats
from pactwork.forecast.deliveries.kinds import kinds

_SHORTEST_HORIZON = 1e-9
_SHORTEST_AGE = 0.25
_OLD_YEARS = 5.0
_SMALL = 4
"""Orders of so few items tend to come in one go."""
_START_STEPS = (-1.5, -0.5, 0.5)
"""Years after the planned start at which one more year begins to count."""
_END_STEPS = (-2.0, -1.0, 0.0)
"""Years after the planned end at which one more year begins to count."""
_STEPS = np.asarray([*_START_STEPS, *_END_STEPS])
_LOG_HORIZON, _PAST_PLAN = 1, slice(9, 9 + len(_STEPS))
"""Columns of the horizon's logarithm, and of the steps past the planned start and end."""


@dataclass(frozen=True)
class Feature:
    """One column: its name, whether its coefficient is bounded at zero from below, whether the fit leaves it alone."""

    name: str
    bounded: bool = False
    free: bool = False
    loose: bool = False


def list_features() -> tuple[Feature, ...]:
    """Return the columns of `describe`, in their order."""
    return (
        Feature("one", free=True),
        Feature("log_horizon", bounded=True, free=True),
        Feature("log_age"),
        Feature("age_beyond_5"),
        Feature("log_ordered"),
        Feature("small_order"),
        Feature("fewer_remaining", bounded=True),
        Feature("one_remaining", bounded=True),
        Feature("planned"),
        *(Feature(f"after_planned_start_{step:+g}", bounded=True, loose=True) for step in _START_STEPS),
        *(Feature(f"after_planned_end_{step:+g}", bounded=True, loose=True) for step in _END_STEPS),
        Feature("planned_start_near", bounded=True, loose=True),
        Feature("planned_end_near", bounded=True, loose=True),
        Feature("licensed"),
        Feature("second_hand"),
        Feature("begun", free=True),
        Feature("begun_silence"),
        Feature("begun_years_since_first"),
        Feature("begun_pace", bounded=True),
        Feature("begun_share", bounded=True),
        Feature("begun_log_age"),
        *(Feature(f"kind_{kind}") for kind in kinds()),
    )


def describe(deals: Deals, horizon: Floats | float) -> Floats:
    """Return the columns of each deal at a horizon.

    Parameters
    ----------
    deals : Deals
    horizon : float or array of shape (deals,)
        Years from the day of the forecast.

    Returns
    -------
    floats of shape (deals, features), in the order of `list_features`.
    """
    ahead = np.maximum(np.broadcast_to(np.asarray(horizon, dtype=np.float64), (len(deals),)), _SHORTEST_HORIZON)
    day = _describe_day(deals)
    columns = day.columns.copy(order="K")
    columns[:, _LOG_HORIZON] = np.log(ahead)
    columns[:, _PAST_PLAN] = day.planned * np.clip(ahead[:, None] - day.until - _STEPS, 0.0, 1.0)
    return columns


@dataclass(frozen=True)
class _Day:
    """What does not depend on the horizon.

    ``columns`` are those of `describe`, of which those that do depend on it are zero; ``planned`` of shape (deals, 1)
    is 1 where a window is planned, else 0; ``until`` of shape (deals, steps) are the years to its start or its end.
    """

    columns: Floats
    planned: Floats
    until: Floats


@functools.lru_cache(maxsize=4)
def _describe_day(deals: Deals) -> _Day:
    """Return what is kept for some deals: one forecast asks for them at hundreds of horizons."""
    age = np.maximum(deals.as_of - deals.ordered_on, _SHORTEST_AGE)
    remaining = np.maximum(deals.remaining, 1.0)
    begun = deals.begun.astype(np.float64)
    planned = ~np.isnan(deals.plan_end)
    to_start = np.where(planned, np.minimum(deals.plan_start, deals.plan_end) - deals.as_of, 0.0)
    to_end = np.where(planned, deals.plan_end - deals.as_of, 0.0)
    columns = [
        np.ones(len(deals)),
        np.zeros(len(deals)),
        np.log(age),
        np.maximum(age - _OLD_YEARS, 0.0) / 3.0,
        np.log(deals.ordered) / 2.0,
        (deals.ordered <= _SMALL).astype(np.float64),
        -np.log(remaining) / 2.0,
        (remaining == 1).astype(np.float64),
        planned.astype(np.float64),
        *(np.zeros(len(deals)) for _ in _STEPS),
        planned * -np.clip(to_start, -1.0, 5.0) / 4.0,
        planned * -np.clip(to_end, -1.0, 6.0) / 4.0,
        deals.licensed.astype(np.float64),
        deals.second_hand.astype(np.float64),
        begun,
        *_describe_record(deals, begun, np.log(age)),
        *(np.asarray([one == kind for one in deals.kind], dtype=np.float64) for kind in kinds()),
    ]
    until = np.stack([*(to_start for _ in _START_STEPS), *(to_end for _ in _END_STEPS)], axis=1)
    return _Day(np.stack(columns, axis=1), planned.astype(np.float64)[:, None], until)


def _describe_record(deals: Deals, begun: Floats, log_age: Floats) -> list[Floats]:
    """Return what the lot's own deliveries so far say; zeros where none has come.

    Half a year is added to both times, so that a first delivery of yesterday is no infinite pace.
    """
    since_first = np.where(deals.begun, np.maximum(deals.as_of - deals.first_on, 0.0) + 0.5, 1.0)
    since_last = np.where(deals.begun, np.maximum(deals.as_of - deals.last_on, 0.0) + 0.5, 1.0)
    share = deals.delivered / deals.ordered
    left = np.maximum(1.0 - share, 1e-6)
    pace = np.where(deals.begun, np.maximum(share, 1e-9) / since_first / left, 1.0)
    return [
        begun * np.log(since_last),
        begun * np.log(since_first),
        begun * np.log(pace) / 2.0,
        begun * share,
        begun * log_age,
    ]
