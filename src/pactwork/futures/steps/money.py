"""Money: advances, instalments, sustainment and the price of levers, at rates of exchange that wander."""

from __future__ import annotations

import math
from typing import Annotated, NamedTuple

from pactwork.futures.arrays import Axes, Counts, Floats, Words
from pactwork.futures.compiling import inlined
from pactwork.futures.draws import Key, draw_uniform
from pactwork.futures.inverses import normal_inverse
from pactwork.futures.steps.setting import Setting

EXCHANGE_DECISIONS = ("moves",)
ADVANCE, INSTALMENT, SUSTAINMENT, LEVERS = 0, 1, 2, 3
"""What is paid for: the columns of ``MoneyState.by_kind``."""
KINDS = ("advance", "instalment", "sustainment", "levers")


class ExchangePlan(NamedTuple):
    """Prices of currencies in the unit of account; the buyer's is currency 0, the supplier's the last."""

    initial: Annotated[Floats, Axes(("currency",), "price at the start", 1.0)]
    drift: Annotated[Floats, Axes(("currency",), "growth of the expected rate a year, as a logarithm")]
    volatility: Annotated[Floats, Axes(("currency",), "standard deviation of a year's change of its logarithm")]
    streams: Annotated[Words, Axes(("currency", 1), "words of EXCHANGE_DECISIONS")]


class MoneyPlan(NamedTuple):
    """Prices, each in its own currency, and the share of each spent in the buyer's country."""

    advance: Annotated[Floats, Axes(("instrument",), "paid at signing")]
    advance_currency: Annotated[Counts, Axes(("instrument",), "its currency")]
    advance_local: Annotated[Floats, Axes(("instrument",), "its local share")]
    price: Annotated[Floats, Axes(("lot",), "paid for each item that arrives, advance taken off")]
    price_currency: Annotated[Counts, Axes(("lot",), "its currency")]
    price_local: Annotated[Floats, Axes(("lot",), "its local share")]
    price_supplier: Annotated[Floats, Axes(("lot",), "share of what is not local that the supplier gets", 1.0)]
    sustainment: Annotated[Floats, Axes(("system",), "paid for an item-year in service")]
    sustainment_currency: Annotated[Counts, Axes(("system",), "its currency")]
    sustainment_local: Annotated[Floats, Axes(("system",), "its local share")]
    levers: Annotated[Floats, Axes((1,), "price of the levers at work, a year")]
    levers_once: Annotated[Floats, Axes((1,), "what the levers at work cost once, in all")]
    levers_currency: Annotated[Counts, Axes((1,), "currency of both")]
    levers_local: Annotated[Floats, Axes((1,), "their local share", 1.0)]


class MoneyState(NamedTuple):
    """What has been paid, in the buyer's currency unless said otherwise."""

    by_year: Annotated[Floats, Axes(("year", 2), "in the buyer's and, last, the supplier's currency")]
    local_by_year: Annotated[Floats, Axes(("year",), "spent in the buyer's country")]
    by_kind: Annotated[Floats, Axes((4,), "by KINDS")]
    earned: Annotated[Floats, Axes((1,), "what the supplier gets, in its own currency")]
    paid_arrivals: Annotated[Counts, Axes(("lot",), "items paid for")]
    paid_signings: Annotated[Counts, Axes(("instrument",), "1 where the advance is paid")]
    paid_service: Annotated[Floats, Axes(("system",), "item-years paid for")]
    paid_once: Annotated[Floats, Axes((1,), "paid once for levers so far, in their own currency")]


@inlined
def step_exchange(plan: ExchangePlan, key: Key, step: int, step_years: float, before: Floats, after: Floats) -> None:
    """Move rates of exchange by a geometric random walk.

    Notes
    -----
    ln x(t + Δ) = ln x(t) + (m - s²/2) Δ + s √Δ z; E[x(t)] = x(0) exp(m t) (Osborne 1959).
    """
    for row in range(before.size):
        after[row] = before[row]
        spread = plan.volatility[row]
        if spread > 0.0 or plan.drift[row] != 0.0:
            normal = normal_inverse(draw_uniform(key, plan.streams[row, 0], step, 0))
            change = (plan.drift[row] - 0.5 * spread * spread) * step_years + spread * math.sqrt(step_years) * normal
            after[row] = before[row] * math.exp(change)


class Span(NamedTuple):
    """The year a step begins in, the year it ends in, and the share of it that falls into the first."""

    first: int
    last: int
    share: float


@inlined
def _span_of(setting: Setting, years: int) -> Span:
    begins = setting.step * setting.step_years
    first, last = min(int(begins), years - 1), min(int(begins + setting.step_years), years - 1)
    return Span(first, last, 1.0 if first == last else (last - begins) / setting.step_years)


@inlined
def _pay(
    state: MoneyState, kind: int, span: Span, amount: float, currency: int, local: float, gets: float, rates: Floats
) -> None:
    """Pay an amount; ``gets`` is the share of what is not spent locally that goes to the supplier."""
    own = amount * rates[currency] / rates[0] if rates.size > 0 else amount
    suppliers = amount * rates[currency] / rates[rates.size - 1] if rates.size > 0 else amount
    state.by_kind[kind] += own
    state.earned[0] += suppliers * (1.0 - local) * gets
    for part in range(2):
        year, share = (span.first, span.share) if part == 0 else (span.last, 1.0 - span.share)
        if share > 0.0:
            state.by_year[year, 0] += own * share
            state.by_year[year, 1] += suppliers * share
            state.local_by_year[year] += own * share * local


@inlined
def step_money(
    plan: MoneyPlan, state: MoneyState, signed_step: Counts, arrived: Counts, service_years: Floats, rates: Floats,
    setting: Setting,
) -> None:  # fmt: skip
    """Pay for what was signed, what arrived and what was in service within a step, at the rates of its start.

    Parameters
    ----------
    signed_step, arrived, service_years : ndarray of shape (instrument,), (lot,), (system,)
        As they stand at the step's end.
    rates : ndarray of shape (currency,)
        Rates of exchange.

    Notes
    -----
    Accounting identity: what is paid by year equals what is paid by kind. What is paid within a step in which a year
    ends is shared out by the days of both years.
    """
    span = _span_of(setting, state.local_by_year.size)
    for row in range(plan.advance.size):
        if 0 <= signed_step[row] <= setting.step + 1 and not state.paid_signings[row]:
            state.paid_signings[row] = 1
            _pay(
                state, ADVANCE, span, plan.advance[row], plan.advance_currency[row], plan.advance_local[row], 1.0, rates
            )
    for lot in range(plan.price.size):
        came = arrived[lot] - state.paid_arrivals[lot]
        if came > 0:
            state.paid_arrivals[lot] = arrived[lot]
            price = came * plan.price[lot]
            _pay(state, INSTALMENT, span, price, plan.price_currency[lot], plan.price_local[lot],
                 plan.price_supplier[lot], rates)  # fmt: skip
    for system in range(plan.sustainment.size):
        served = service_years[system] - state.paid_service[system]
        state.paid_service[system] = service_years[system]
        _pay(state, SUSTAINMENT, span, served * plan.sustainment[system], plan.sustainment_currency[system],
             plan.sustainment_local[system], 1.0, rates)  # fmt: skip
    price = plan.levers[0] * setting.step_years + plan.levers_once[0] - state.paid_once[0]
    state.paid_once[0] = plan.levers_once[0]
    if price != 0.0:
        _pay(state, LEVERS, span, price, plan.levers_currency[0], plan.levers_local[0], 1.0, rates)
