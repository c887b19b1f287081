"""Shipping: made items wait for a ship, take the shortest open route, and meet what lies on it."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from pactwork.futures.arrays import Axes, Counts, Flags, Floats
from pactwork.futures.compiling import inlined
from pactwork.futures.draws import Key, draw_uniform
from pactwork.futures.inverses import lognormal
from pactwork.futures.steps.production import LotPlan, LotState
from pactwork.futures.steps.setting import DAYS_A_YEAR, Setting
from pactwork.futures.steps.theatres import WAR

_TRANSIT, _ROUNDED, _LOST = 0, 1, 2
NO_ROUTE = -1.0


class RoutePlan(NamedTuple):
    """Ways over the sea, or by air, for each set of closed passages (bit p of the set is passage p)."""

    length_km: Annotated[Floats, Axes(("route", "closed_set"), "length; -1 where no way is open", NO_ROUTE)]
    passed_at: Annotated[
        Floats, Axes(("route", "closed_set", "passage"), "share of the way at which a passage lies; -1 not taken", -1.0)
    ]
    crosses: Annotated[Flags, Axes(("route", "closed_set", "theatre"), "1 where the way crosses the theatre's waters")]
    speed_km_day: Annotated[Floats, Axes(("route",), "km a day", 1.0)]
    port_days: Annotated[Floats, Axes(("route",), "days in ports")]
    spread: Annotated[Floats, Axes(("route",), "standard deviation of the logarithm of time under way")]
    loss: Annotated[Floats, Axes(("route",), "chance that a voyage through a theatre at war is lost")]
    by_sea: Annotated[Flags, Axes(("route",), "1 by sea, 0 by air or land")]
    stopped_by: Annotated[Flags, Axes(("route", "disruption"), "1 where the disruption stops its ports")]


class VoyageState(NamedTuple):
    """Ships under way, in the first ``under_way`` slots; times in steps from the start."""

    under_way: Annotated[Counts, Axes((1,), "ships under way")]
    refused: Annotated[Counts, Axes((1,), "ships for which there was no slot: the run has failed")]
    lot: Annotated[Counts, Axes(("voyage",), "lot it carries")]
    items: Annotated[Counts, Axes(("voyage",), "items on board")]
    ordinal: Annotated[Counts, Axes(("voyage",), "its number among the lot's voyages")]
    closed_set: Annotated[Counts, Axes(("voyage",), "set of closed passages its way was chosen for")]
    left: Annotated[Floats, Axes(("voyage",), "when it left")]
    arrives: Annotated[Floats, Axes(("voyage",), "when it arrives, rounding included")]
    in_danger: Annotated[Flags, Axes(("voyage",), "1 once its way crossed a theatre at war")]
    through: Annotated[Counts, Axes(("passage",), "voyages whose way led through each passage")]


class CargoPlan(NamedTuple):
    """What is at sea at the start."""

    lot: Annotated[Counts, Axes(("cargo",), "lot on board")]
    items: Annotated[Counts, Axes(("cargo",), "items on board")]
    arrives_years: Annotated[Floats, Axes(("cargo",), "when it arrives, years from the start")]


@inlined
def is_sailing(routes: RoutePlan, route: int, setting: Setting) -> bool:
    """Return whether a ship can leave on a route: a way is open, and its ports work."""
    if routes.length_km[route, setting.shut] < 0.0:
        return False
    for disruption in range(setting.out.size):
        if setting.out[disruption] and routes.stopped_by[route, disruption]:
            return False
    return True


@inlined
def transit_days(routes: RoutePlan, route: int, shut: int, uniform: float) -> float:
    """Return the days of one passage: distance / speed, spread lognormally with mean 1, and days in ports."""
    days = routes.length_km[route, shut] / routes.speed_km_day[route]
    return float(days * lognormal(uniform, routes.spread[route]) + routes.port_days[route])


@inlined
def _detour(routes: RoutePlan, route: int, voyages: VoyageState, v: int, setting: Setting) -> None:
    """Send a ship around a passage that closed ahead of it; hold it while no way is open."""
    planned, now = voyages.closed_set[v], setting.step + 1.0
    share = (now - voyages.left[v]) / max(1e-9, voyages.arrives[v] - voyages.left[v])
    blocked = False
    for passage in range(routes.passed_at.shape[2]):
        if (setting.shut >> passage) & 1 and routes.passed_at[route, planned, passage] > share:
            blocked = True
    if not blocked:
        return
    if routes.length_km[route, setting.shut] < 0.0:
        voyages.arrives[v] += 1.0
        return
    longer = max(0.0, routes.length_km[route, setting.shut] - routes.length_km[route, planned])
    voyages.arrives[v] += longer / routes.speed_km_day[route] / (setting.step_years * DAYS_A_YEAR)
    voyages.closed_set[v] = setting.shut


@inlined
def _land(
    routes: RoutePlan, lots: LotPlan, items: LotState, voyages: VoyageState, v: int, queue: Counts, key: Key
) -> None:
    """End a voyage: its items queue for acceptance, or are lost; the last ship takes its slot."""
    lot, route = voyages.lot[v], lots.route[voyages.lot[v]]
    lost = (
        voyages.in_danger[v] and draw_uniform(key, lots.streams[lot, _LOST], voyages.ordinal[v], 0) < routes.loss[route]
    )
    items.at_sea[lot] -= voyages.items[v]
    if lost:
        items.lost[lot] += voyages.items[v]
    else:
        items.arrived[lot] += voyages.items[v]
        queue[lots.system[lot]] += voyages.items[v]
    for passage in range(voyages.through.size):
        if routes.passed_at[route, voyages.closed_set[v], passage] >= 0.0:
            voyages.through[passage] += 1
    last = voyages.under_way[0] - 1
    voyages.under_way[0] = last
    voyages.lot[v], voyages.items[v], voyages.ordinal[v] = voyages.lot[last], voyages.items[last], voyages.ordinal[last]
    voyages.closed_set[v], voyages.left[v] = voyages.closed_set[last], voyages.left[last]
    voyages.arrives[v], voyages.in_danger[v] = voyages.arrives[last], voyages.in_danger[last]


@inlined
def begin_voyage(
    voyages: VoyageState, lot: int, items: int, ordinal: int, shut: int, left: float, arrives: float
) -> bool:
    """Take a slot for a ship; false where there is none, which fails the run."""
    v = voyages.under_way[0]
    if v >= voyages.lot.size:
        voyages.refused[0] += 1
        return False
    voyages.under_way[0] = v + 1
    voyages.lot[v], voyages.items[v], voyages.ordinal[v], voyages.closed_set[v] = lot, items, ordinal, shut
    voyages.left[v], voyages.arrives[v], voyages.in_danger[v] = left, arrives, 0
    return True


@inlined
def _depart(
    routes: RoutePlan, lots: LotPlan, items: LotState, voyages: VoyageState, lot: int, setting: Setting
) -> None:
    """Let a lot's ship leave when its batch is full, its wait is over or nothing more will come.

    That is seen at the step's end and came about half a step before, on average: that is when the ship leaves.
    """
    now, waiting = setting.step + 1, items.at_port[lot]
    waited = (now - items.waits_since[lot]) * setting.step_years
    complete = items.made[lot] >= lots.quantity[lot]
    if waiting < lots.batch[lot] and waited < lots.longest_wait_years[lot] and not complete:
        return
    route, ordinal = lots.route[lot], items.voyages[lot]
    if not is_sailing(routes, route, setting):
        return
    transit_luck = draw_uniform(setting.key, lots.streams[lot, _TRANSIT], ordinal, 0)
    days = transit_days(routes, route, setting.shut, transit_luck)
    uniform = draw_uniform(setting.key, lots.streams[lot, _ROUNDED], ordinal, 0)
    left = now - 0.5
    arrives = left + days / (setting.step_years * DAYS_A_YEAR) + uniform - 1.0
    if begin_voyage(voyages, lot, waiting, ordinal, setting.shut, left, arrives):
        items.at_port[lot] = 0
        items.at_sea[lot] += waiting
        items.voyages[lot] += 1


@inlined
def step_shipping(
    routes: RoutePlan, lots: LotPlan, items: LotState, voyages: VoyageState, queue: Counts, setting: Setting
) -> None:
    """Move ships through a step: around what closes, into danger, into port; then let others leave.

    Parameters
    ----------
    queue : ndarray of shape (system,)
        Items waiting for acceptance, added to here.

    Notes
    -----
    A ship of transit x steps arrives at the first step not before x + u - 1, u uniform: the mean is x.
    Items that are made where they are needed arrive as they are made.
    """
    for v in range(voyages.under_way[0] - 1, -1, -1):
        route, planned = lots.route[voyages.lot[v]], voyages.closed_set[v]
        if route >= 0:
            _detour(routes, route, voyages, v, setting)
            for theatre in range(setting.levels.size):
                if setting.levels[theatre] == WAR and routes.crosses[route, planned, theatre]:
                    voyages.in_danger[v] = 1
        if voyages.arrives[v] <= setting.step + 1.0:
            _land(routes, lots, items, voyages, v, queue, setting.key)
    for lot in range(lots.quantity.size):
        if items.at_port[lot] == 0:
            continue
        if lots.route[lot] < 0:
            items.arrived[lot] += items.at_port[lot]
            queue[lots.system[lot]] += items.at_port[lot]
            items.at_port[lot] = 0
        else:
            _depart(routes, lots, items, voyages, lot, setting)
