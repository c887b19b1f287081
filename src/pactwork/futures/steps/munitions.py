"""Munitions: stocks that training and danger use, and that come by sea, from a local line and from others."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from pactwork.futures.arrays import Axes, Counts, Floats, Words
from pactwork.futures.compiling import inlined
from pactwork.futures.steps.governments import MUNITIONS, GovernmentPlan, GovernmentState, share_supplied
from pactwork.futures.steps.sending import can_send, draw_return
from pactwork.futures.steps.setting import CRISIS_LEVEL, DAYS_A_YEAR, Setting
from pactwork.futures.steps.shipping import RoutePlan
from pactwork.futures.steps.theatres import ramp
from pactwork.futures.steps.transfer import TransferState, is_open

MUNITION_DECISIONS = ("comes",)
NO_TARGET = -1


class MunitionPlan(NamedTuple):
    """What each munition is used for, and where it comes from; whole rounds."""

    system: Annotated[Counts, Axes(("munition",), "system that fires it", 0)]
    theatre: Annotated[Counts, Axes(("munition",), "theatre whose level sets its use; -1 none", -1)]
    stock: Annotated[Counts, Axes(("munition",), "rounds at the start")]
    target: Annotated[
        Counts, Axes(("munition",), "stock and orders beyond which none is ordered; -1 no end", NO_TARGET)
    ]
    training: Annotated[Floats, Axes(("munition",), "rounds a launcher and year in training")]
    use: Annotated[Floats, Axes(("munition", 4), "rounds a launcher and day, by level")]
    maker_rate: Annotated[Floats, Axes(("munition",), "rounds a year from the maker")]
    maker_years: Annotated[Floats, Axes(("munition",), "mean time in which the maker has them ready")]
    spread: Annotated[Floats, Axes(("munition",), "standard deviation of the logarithm of that time")]
    route: Annotated[Counts, Axes(("munition",), "route they travel; -1 none", -1)]
    government: Annotated[Counts, Axes(("munition",), "maker's government; -1 none", -1)]
    local_rate: Annotated[Floats, Axes(("munition",), "rounds a year from a local line")]
    local_learning_years: Annotated[Floats, Axes(("munition",), "years from its opening to the full rate")]
    local_transfer: Annotated[Counts, Axes(("munition",), "transfer that opens the local line; -1 open", -1)]
    other_rate: Annotated[Floats, Axes(("munition",), "rounds a year from others")]
    surge: Annotated[Floats, Axes(("munition",), "factor on all supply once a crisis is known to come", 1.0)]
    streams: Annotated[Words, Axes(("munition", 1), "words of MUNITION_DECISIONS")]


class MunitionState(NamedTuple):
    """Stocks: at the start + received = stock + issued."""

    stock: Annotated[Counts, Axes(("munition",), "rounds in stock")]
    on_order: Annotated[Counts, Axes(("munition",), "rounds on the way from the maker")]
    held: Annotated[Counts, Axes(("munition",), "rounds at the maker that nothing can take")]
    coming: Annotated[Counts, Axes(("munition", "step"), "rounds that come in a step")]
    orders: Annotated[Counts, Axes(("munition",), "orders sent so far")]
    parts: Annotated[Floats, Axes(("munition", 4), "parts of a round: demand, maker, local line, others")]
    received: Annotated[Counts, Axes(("munition",), "rounds received since the start")]
    received_by_sea: Annotated[Counts, Axes(("munition",), "those that came by sea")]
    received_locally: Annotated[Counts, Axes(("munition",), "those from the local line")]
    issued: Annotated[Counts, Axes(("munition",), "rounds issued since the start")]
    unmet: Annotated[Counts, Axes(("munition",), "rounds asked for and not there")]
    danger_days: Annotated[Floats, Axes(("munition",), "days in crisis or war until the stock was first empty")]
    emptied: Annotated[Counts, Axes(("munition",), "1 once the stock was empty in crisis or war")]


@inlined
def _whole(state: MunitionState, munition: int, part: int, rounds: float) -> int:
    """Return the whole part of what has come together, and keep the rest."""
    state.parts[munition, part] += rounds
    whole = int(state.parts[munition, part])
    state.parts[munition, part] -= whole
    return whole


@inlined
def _receive(state: MunitionState, munition: int, rounds: int) -> None:
    state.stock[munition] += rounds
    state.received[munition] += rounds


@inlined
def _supply(
    plan: MunitionPlan, state: MunitionState, m: int, governments: GovernmentPlan, standing: GovernmentState,
    routes: RoutePlan, transfers: TransferState, setting: Setting, level: int,
) -> None:  # fmt: skip
    """Receive what comes, and order what is short of the target."""
    came, years = state.coming[m, setting.step], setting.step_years
    state.on_order[m] -= came
    _receive(state, m, came)
    if plan.route[m] >= 0 and routes.by_sea[plan.route[m]]:
        state.received_by_sea[m] += came
    short = 2**40
    if plan.target[m] != NO_TARGET:
        short = max(0, plan.target[m] - state.stock[m] - state.on_order[m] - state.held[m])
    surge = plan.surge[m] if setting.warned else 1.0
    if plan.local_rate[m] > 0.0 and is_open(transfers, plan.local_transfer[m], setting.step):
        opened = 0.0
        if plan.local_transfer[m] >= 0:
            opened = transfers.opened_step[plan.local_transfer[m]] * years
        learnt = ramp(setting.step * years, opened, opened + plan.local_learning_years[m], 0.0)
        made = min(short, _whole(state, m, 2, plan.local_rate[m] * learnt * surge * years))
        _receive(state, m, made)
        state.received_locally[m] += made
        short -= made
    bought = min(short, _whole(state, m, 3, plan.other_rate[m] * surge * years))
    _receive(state, m, bought)
    short -= bought
    share = share_supplied(governments, standing, plan.government[m], MUNITIONS, level)
    state.held[m] += min(short, _whole(state, m, 1, plan.maker_rate[m] * share * surge * years))
    if state.held[m] > 0 and share > 0.0 and can_send(routes, plan.route[m], setting):
        comes = draw_return(
            routes, plan.route[m], 1, plan.maker_years[m], plan.spread[m], setting, plan.streams[m, 0], state.orders[m],
            setting.step + 0.5,
        )  # fmt: skip
        state.orders[m] += 1
        state.on_order[m] += state.held[m]
        if comes < state.coming.shape[1]:
            state.coming[m, comes] += state.held[m]
        state.held[m] = 0


@inlined
def step_munitions(
    plan: MunitionPlan, state: MunitionState, governments: GovernmentPlan, standing: GovernmentState,
    routes: RoutePlan, transfers: TransferState, ready: Counts, launchers: Counts, fired: Floats, setting: Setting,
) -> None:  # fmt: skip
    """Supply and issue rounds; a launcher without rounds does not count.

    Parameters
    ----------
    ready : ndarray of shape (system,)
        Items ready.
    launchers, fired : ndarray of shape (system,)
        Written here: effective launchers, min(ready, supplied), and rounds fired in the step.

    Notes
    -----
    Stock balance: stock(t + Δ) = stock(t) + received - min(stock, asked). The whole parts of steady flows are moved.
    """
    for system in range(ready.size):
        launchers[system], fired[system] = ready[system], 0.0
    for m in range(plan.stock.size):
        level = int(setting.levels[plan.theatre[m]]) if plan.theatre[m] >= 0 else 0
        _supply(plan, state, m, governments, standing, routes, transfers, setting, level)
        system, days = plan.system[m], setting.step_years * DAYS_A_YEAR
        in_action = plan.use[m, level] * days * ready[system]
        asked = _whole(state, m, 0, plan.training[m] * ready[system] * setting.step_years + in_action)
        issued = min(asked, state.stock[m])
        state.stock[m] -= issued
        state.issued[m] += issued
        state.unmet[m] += asked - issued
        fired[system] += issued
        if in_action > 0.0 and issued < asked:
            launchers[system] = min(launchers[system], ready[system] * issued // asked)
        if level >= CRISIS_LEVEL and not state.emptied[m]:
            state.danger_days[m] += days * (issued / asked if issued < asked else 1.0)
            state.emptied[m] = 1 if issued < asked else 0
