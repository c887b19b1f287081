"""Learning a reference class: from the histories of a register's deals, and from what came of open ones later."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from pactwork.errors import CaseError, Problem
from pactwork.facts.deals import DealTable
from pactwork.forecast.deliveries.chances import Coefficients
from pactwork.forecast.deliveries.deals import make_deals
from pactwork.forecast.deliveries.features import describe, list_features
from pactwork.forecast.deliveries.fitting import Outcomes, fit_chances, fit_some
from pactwork.forecast.deliveries.histories import histories_of
from pactwork.forecast.deliveries.tables import deals_of, weights_of

OUTCOME_PENALTIES = (6.0, 6.0, 10.0)
"""How firmly outcomes are drawn towards what histories taught: for more, all, part."""

FEWEST_DEALS = 30
"""Fewer deals than this teach nothing; with few, most columns stay near no effect."""
_FEWEST_SEEN = 100
"""Fewer open deals than this do not show a correction."""

PLANNED_COMPLETION = {"planned": -1.0, "after_planned_end_-1": 1.0}
"""How a stated end moves the log odds that everything has come, given that anything has: down to about a third until a
year before the planned end, back to those of deals without a plan over that year. Judgement (0.5 to 2): few programmes
finish before their plan, and one edition of a register cannot show it."""
_ENTRY_AGES = 4
_PLAN_SHRINKAGE = 0.5


def learn_from_histories(table: DealTable, through: int, cohorts_until: int | None = None) -> Coefficients:
    """Return what one edition of a register teaches, without any look at what came later.

    Parameters
    ----------
    table : DealTable
        Finished and open deals as known at the end of ``through``.
    through : int
        Last year whose deliveries are counted.
    cohorts_until : int, optional
        Last year of order of which the table holds finished deals too; later cohorts tell only how many are open.

    Notes
    -----
    A register learns of many quick deals only when they deliver, so histories read from it are too fast. How much is
    read off its own cross-section: the open deals by age die away more slowly than the histories say, and the ratio of
    the two cumulative hazards over the first four years is taken off the rate of the next delivery (`late_entry`).

    What a plan does is read off the cross-section too, from the open deals that state one, and halved, because
    registers rewrite plans that slipped. What a planned end does to completion cannot be seen among deals that are
    all open: it is judgement (`PLANNED_COMPLETION`).
    """
    last_cohort = through if cohorts_until is None else cohorts_until
    held = replace(table, frame=table.frame.filter(pl.col("order_year") <= last_cohort))
    _require(held, "deals ordered up to " + str(last_cohort))
    fitted = fit_chances(histories_of(held, through))
    more = fitted.more.copy()
    more[0] += late_entry(table, held, through)
    return _learn_plan(replace(fitted, more=more), table, through)


def late_entry(table: DealTable, held: DealTable, through: int) -> float:
    """Return the correction of the log rate of the next delivery for deals that enter a register late; 0 or less."""
    ages = range(_ENTRY_AGES + 1)
    waiting = pl.col("delivered") == 0
    weighted = pl.col("weight").fill_null(1.0)

    def count(frame: pl.DataFrame, condition: pl.Expr) -> float:
        return float(frame.filter(condition).select(weighted.sum()).item())

    seen = [count(table.frame, waiting & (pl.col("order_year") == through - age)) for age in ages]
    cohorts = held.frame.filter(pl.col("order_year") < through - _ENTRY_AGES)
    first = pl.col("first_delivery_year").fill_null(9999)
    told = [count(cohorts, first > pl.col("order_year") + age) for age in ages]
    if table.frame.filter(waiting).height < _FEWEST_SEEN:
        return 0.0
    if min(seen[0], seen[-1], told[0], told[-1]) <= 0:
        return 0.0
    cross, retrospective = np.log(seen[0] / seen[-1]), np.log(told[0] / told[-1])
    return float(min(0.0, np.log(cross / retrospective))) if min(cross, retrospective) > 0 else 0.0


def _learn_plan(coefficients: Coefficients, table: DealTable, through: int) -> Coefficients:
    """Return the coefficients with the effect of a stated plan on the rate of the next delivery."""
    stated = table.frame.filter(
        (pl.col("planned_start").is_not_null() | pl.col("planned_end").is_not_null())
        & (pl.col("delivered") < pl.col("ordered"))
    )
    names = [one.name for one in list_features()]
    plan = [at for at, name in enumerate(names) if name.startswith(("planned", "after_planned"))]
    if stated.height < _FEWEST_SEEN:
        return coefficients
    now = deals_of(stated, through + 1.0)
    at_order = make_deals(
        as_of=now.ordered_on, ordered=now.ordered, delivered=np.zeros(len(now)), ordered_on=now.ordered_on,
        kind=now.kind, plan_start=now.plan_start, plan_end=now.plan_end, licensed=now.licensed,
        second_hand=now.second_hand,
    )  # fmt: skip
    columns = describe(at_order, now.as_of - now.ordered_on)
    weight = weights_of(replace(table, frame=stated))
    found = fit_some(columns, now.begun, weight / weight.mean(), plan, coefficients.more)
    more, every = coefficients.more.copy(), coefficients.all.copy()
    more[plan] = _PLAN_SHRINKAGE * found
    for name, value in PLANNED_COMPLETION.items():
        every[names.index(name)] = value
    return replace(coefficients, more=more, all=every)


def learn_from_outcomes(outcomes: Outcomes, histories: Coefficients | None) -> Coefficients:
    """Return what outcomes of open deals teach, drawn towards what histories taught where they are silent."""
    if len(outcomes.deals) < FEWEST_DEALS:
        found = f"{len(outcomes.deals)} outcomes"
        raise CaseError([Problem("outcomes", found, f"at least {FEWEST_DEALS}", "give more deals")])
    return fit_chances(outcomes, histories, OUTCOME_PENALTIES if histories else None)


def _require(table: DealTable, what: str) -> None:
    if table.frame.height < FEWEST_DEALS:
        fix = "give the whole register, not one partnership's part of it"
        raise CaseError([Problem(table.name, f"{table.frame.height} {what}", f"at least {FEWEST_DEALS}", fix)])
    finished = table.frame.get_column("delivered") >= table.frame.get_column("ordered")
    if finished.all():
        fix = "add the deals that are still open: finished ones alone would show that all deals finish"
        raise CaseError([Problem(table.name, "finished deals alone", "finished and open deals together", fix)])
    if not finished.any():
        fix = "add finished deals, or columns such as delivered_2025 with what came of the open ones"
        raise CaseError([Problem(table.name, "no finished deal", "finished and open deals together", fix)])
