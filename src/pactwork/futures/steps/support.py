"""Support of the fleet from outside: repairs at the maker, spares ordered one for one, stripping, worn barrels."""

from __future__ import annotations

from pactwork.futures.compiling import compiled, copy_into, inlined
from pactwork.futures.steps.fleet import send_failed
from pactwork.futures.steps.fleet_plan import (
    DEPOT,
    MAKER,
    MAKER_MENDED,
    PARTS,
    READY,
    SPARES_COME,
    STRIPPED,
    TO_SEND,
    FleetPlan,
    FleetState,
    Stock,
)
from pactwork.futures.steps.governments import SPARES, GovernmentPlan, GovernmentState, share_supplied
from pactwork.futures.steps.sending import can_send, draw_return
from pactwork.futures.steps.setting import Setting
from pactwork.futures.steps.shipping import RoutePlan
from pactwork.futures.steps.transfer import TransferState, is_open


@inlined
def receive_support(plan: FleetPlan, state: FleetState, system: int, setting: Setting) -> None:
    """Take back what the maker mended, and fit the spares that came, at a step's start."""
    items, step = state.items[system], setting.step
    back = state.mended_coming[system, step]
    items[MAKER] -= back
    items[READY] += back
    if plan.spares[system] < 0:
        return
    state.spares[system] += state.spares_coming[system, step]
    fitted = min(items[PARTS], state.spares[system])
    items[PARTS] -= fitted
    items[DEPOT] += fitted
    state.spares[system] -= fitted
    while items[STRIPPED] > 0 and state.spares[system] >= 2:  # the donor's own set, and the one it gave
        state.spares[system] -= 2
        items[STRIPPED] -= 1
        items[DEPOT] += 1
    while items[PARTS] >= 2 and items[STRIPPED] < plan.strip_most[system]:
        items[PARTS] -= 2
        items[STRIPPED] += 1
        items[DEPOT] += 1


@inlined
def _let_depot_mend(plan: FleetPlan, state: FleetState, system: int) -> None:
    state.channels[system, 1] = plan.channels[system, 1] + plan.workshop_channels[system]
    state.grades[system, 1] = plan.grades[system, 1] + plan.grades[system, 2]
    state.grades[system, 2] = 0.0


@compiled
def renew_fleet(plan: FleetPlan, state: FleetState, transfers: TransferState, step: int) -> None:
    """Let the fleet go by its plan anew once that has changed: shares, channels and rates, and more sets of spares."""
    copy_into(state.grades, plan.grades)
    copy_into(state.channels, plan.channels)
    state.pace[:] = -1.0
    for system in range(plan.spares.size):
        if plan.workshop[system] >= 0 and is_open(transfers, plan.workshop[system], step):
            _let_depot_mend(plan, state, system)
        more = max(0, plan.spares[system]) - state.planned[system]
        if more > 0:
            state.planned[system] += more
            state.to_order[system] += more


@inlined
def open_workshop(plan: FleetPlan, state: FleetState, system: int, transfers: TransferState, step: int) -> None:
    """Let the depot mend, with more channels, what went to the maker, from the step in which a workshop opens."""
    if plan.workshop[system] >= 0 and transfers.opened_step[plan.workshop[system]] == step:
        _let_depot_mend(plan, state, system)


@inlined
def change_barrels(plan: FleetPlan, state: FleetState, system: int, depot_open: bool, setting: Setting) -> None:
    """Send an item to be mended for each barrel that the rounds of the last step wore out."""
    if plan.rounds_a_barrel[system] <= 0.0:
        return
    state.wear[system] += state.fired[system] / plan.rounds_a_barrel[system]
    worn = min(int(state.wear[system]), state.items[system, READY])
    state.wear[system] -= worn
    state.items[system, READY] -= worn
    if worn > 0:
        stock, last_place = Stock(system, plan.spares[system] < 0, state.spares, state.to_order), 2**30
        state.failed[system] += worn
        send_failed(
            state.items[system], plan.streams[system], state.grades[system], stock, worn, depot_open, setting.key,
            setting.step, last_place,
        )  # fmt: skip


@inlined
def send_for_support(
    plan: FleetPlan, state: FleetState, system: int, governments: GovernmentPlan, standing: GovernmentState,
    routes: RoutePlan, transfers: TransferState, setting: Setting,
) -> None:  # fmt: skip
    """Send items to the maker and order spares one for one, where a way is open and the maker may supply.

    Notes
    -----
    A supply policy below 1 lengthens the maker's time by its inverse; 0 holds everything back. (S - 1, S) resupply:
    Sherbrooke (1968), METRIC. What is sent failed, on average, in the step's middle, and left then.
    """
    items, government = state.items[system], plan.government[system]
    theatre = plan.theatre[system]
    level = int(setting.levels[theatre]) if theatre >= 0 else 0
    share = share_supplied(governments, standing, government, SPARES, level)
    left, last = setting.step + 0.5, state.mended_coming.shape[1] - 1
    route = plan.maker_route[system]
    if items[TO_SEND] > 0 and share > 0.0 and can_send(routes, route, setting):
        for _ in range(items[TO_SEND]):
            back = draw_return(
                routes, route, 2, plan.maker_years[system] / share, plan.spread[system], setting,
                plan.streams[system, MAKER_MENDED], state.sent[system], left,
            )  # fmt: skip
            state.sent[system] += 1
            if route >= 0 and routes.by_sea[route]:
                state.sent_by_sea[system] += 1
            if back <= last:
                state.mended_coming[system, back] += 1
        items[MAKER] += items[TO_SEND]
        items[TO_SEND] = 0
    if state.to_order[system] == 0:
        return
    years, route = plan.spare_years[system], plan.spare_route[system]
    if plan.spare_transfer[system] >= 0 and is_open(transfers, plan.spare_transfer[system], setting.step):
        years, route, share = plan.local_spare_years[system], -1, 1.0
    if share <= 0.0 or not can_send(routes, route, setting):
        return
    for _ in range(state.to_order[system]):
        comes = draw_return(
            routes, route, 1, years / share, plan.spread[system], setting, plan.streams[system, SPARES_COME],
            state.ordered[system], left,
        )  # fmt: skip
        state.ordered[system] += 1
        if route >= 0 and routes.by_sea[route]:
            state.ordered_by_sea[system] += 1
        if comes <= last:
            state.spares_coming[system, comes] += 1
    state.to_order[system] = 0
