"""Tables of deals as arrays: what is forecast, and what outcomes there are to learn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import numpy as np
import polars as pl

from pactwork.facts.deals import DealTable
from pactwork.forecast.deliveries.deals import Deals, Floats, end_of, make_deals, middle_of
from pactwork.forecast.deliveries.fitting import Outcomes
from pactwork.forecast.deliveries.kinds import find_kind


def deals_of(frame: pl.DataFrame, as_of: float) -> Deals:
    """Return the deals of a table as they are known on a day (decimal year)."""
    column = {name: frame.get_column(name).to_list() for name in frame.columns}
    return make_deals(
        as_of=as_of,
        ordered=column["ordered"],
        delivered=column["delivered"],
        ordered_on=middle_of(column["order_year"]),
        first_on=middle_of(column["first_delivery_year"]),
        last_on=middle_of(column["last_delivery_year"]),
        plan_start=middle_of(column["planned_start"]),
        plan_end=end_of(column["planned_end"]),
        licensed=[bool(value) for value in column["licensed_production"]],
        second_hand=[(value or "").lower().startswith("second") for value in column["status"]],
        kind=[find_kind(value or "") for value in column["description"]],
    )


def weights_of(table: DealTable) -> Floats:
    """Return how many deals each row stands for: 1 unless the table says otherwise."""
    return table.frame.get_column("weight").fill_null(1.0).to_numpy().astype(np.float64)


def outcomes_of(table: DealTable) -> Outcomes | None:
    """Return what came of the deals that were open on the day of the table; None where it does not tell.

    The day is the end of the year before the first outcome. A count that goes down later, as a register's may, is
    read as nothing more having come.
    """
    if not table.outcomes:
        return None
    last_year = min(table.outcomes) - 1
    deals = deals_of(table.frame, last_year + 1.0)
    weight, parts = weights_of(table), []
    for year, series in table.outcomes.items():
        known = series.is_not_null().to_numpy() & (deals.remaining > 0)
        came = np.clip(series.fill_null(0).to_numpy() - deals.delivered, 0, deals.remaining)
        parts.append(
            Outcomes(deals.take(known), np.full(known.sum(), float(year - last_year)), came[known], weight[known])
        )
    return join_outcomes(parts)


def join_outcomes(parts: Sequence[Outcomes]) -> Outcomes:
    """Return the rows of several outcomes one after the other."""
    arrays = {
        one.name: np.concatenate([getattr(part.deals, one.name) for part in parts])
        for one in fields(Deals)
        if one.name != "kind"
    }
    deals = Deals(**arrays, kind=tuple(kind for part in parts for kind in part.deals.kind))
    return Outcomes(deals, *(np.concatenate([getattr(part, name) for part in parts])
                             for name in ("horizon", "came", "weight")))  # fmt: skip
