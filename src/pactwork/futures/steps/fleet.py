"""The fleet: items fail, are mended in the field, in depots or at the maker, wait for parts, and are lost."""

from __future__ import annotations

import math
from typing import Annotated, NamedTuple

from pactwork.futures.arrays import Axes, Counts, Floats, Words
from pactwork.futures.compiling import compiled
from pactwork.futures.draws import Key, draw_binomial, draw_events, draw_poisson, draw_uniform
from pactwork.futures.inverses import beta_inverse
from pactwork.futures.steps.setting import Setting

READY, FIELD, DEPOT, PARTS, TO_SEND, MAKER, OVERHAUL, STRIPPED, LOST = 0, 1, 2, 3, 4, 5, 6, 7, 8
"""Where an item is: the columns of ``FleetState.items``."""
PLACES = ("ready", "field", "depot", "parts", "to_send", "maker", "overhaul", "stripped", "lost")

FLEET_DECISIONS = (
    "fails", "damaged", "lost", "worn", "field_share", "depot_share", "field_mended", "depot_mended", "overhauled",
    "maker_mended", "spares",
)  # fmt: skip
_FAILS, _DAMAGED, _LOST, _WORN, _FIELD_SHARE, _DEPOT_SHARE, _FIELD_MENDED, _DEPOT_MENDED, _OVERHAULED = range(9)
MAKER_MENDED, SPARES_COME = 9, 10

STEEPEST, STEEPEST_WITH_SPARES = 0.125, 0.0625
"""No rate times a substep exceeds the first: the half-states' mean is then right to a part in a thousand. Where more
items are in service than required, the number operating has a kink, and substeps are halved: 0.4 % instead of 0.7 %."""
_PLACES_A_SUBSTEP = 4096
_WHEN, _MORE = 1024, 2048


class FleetPlan(NamedTuple):
    """What items do in service; rates per year."""

    items: Annotated[Counts, Axes(("system", 9), "items in each of PLACES at the start")]
    required: Annotated[Counts, Axes(("step", "system"), "items required; step runs to the end of the last")]
    theatre: Annotated[Counts, Axes(("system",), "theatre whose level sets use and damage; -1 none", -1)]
    failure: Annotated[Floats, Axes(("system",), "failures of an operating item a year, at use 1")]
    ageing: Annotated[Floats, Axes(("system",), "growth of the failure rate a year, as a share")]
    use: Annotated[Floats, Axes(("system", 4), "use by level", 1.0)]
    grades: Annotated[Floats, Axes(("system", 3), "shares of failures mended in the field, the depot, at the maker")]
    depot_transfer: Annotated[
        Counts, Axes(("system",), "transfer that opens the depot; till then the maker; -1 open", -1)
    ]
    workshop: Annotated[
        Counts, Axes(("system",), "transfer that opens a workshop for the maker's repairs; -1 none", -1)
    ]
    workshop_channels: Annotated[Counts, Axes(("system",), "channels it adds to the depot's")]
    mending: Annotated[Floats, Axes(("system", 3), "rate of one channel: field, depot, overhaul")]
    channels: Annotated[Counts, Axes(("system", 3), "channels: field, depot, overhaul", 1_000_000)]
    overhaul: Annotated[Floats, Axes(("system",), "overhauls of an operating item a year, at use 1")]
    damage: Annotated[Floats, Axes(("system", 4), "hazard of damage of a ready item, by level")]
    loss: Annotated[Floats, Axes(("system", 4), "hazard of loss of a ready item, by level")]
    surge: Annotated[Floats, Axes(("system",), "factor on mending once a crisis is known to come", 1.0)]
    strip_most: Annotated[Counts, Axes(("system",), "items that may be stripped for parts at one time")]
    spares: Annotated[Counts, Axes(("system",), "sets in stock at the start; -1 never short", -1)]
    spare_years: Annotated[Floats, Axes(("system",), "mean time in which the maker has a set ready")]
    spare_route: Annotated[Counts, Axes(("system",), "route of spares; -1 none", -1)]
    spare_transfer: Annotated[Counts, Axes(("system",), "transfer that opens a local maker of spares; -1 never", -1)]
    local_spare_years: Annotated[Floats, Axes(("system",), "mean time in which it has a set ready")]
    maker_years: Annotated[Floats, Axes(("system",), "mean time of a repair at the maker, without transit")]
    maker_route: Annotated[Counts, Axes(("system",), "route of repairs, there and back; -1 none", -1)]
    spread: Annotated[Floats, Axes(("system",), "standard deviation of the logarithm of makers' times")]
    government: Annotated[Counts, Axes(("system",), "government that lets spares and repairs go; -1 none", -1)]
    rounds_a_barrel: Annotated[Floats, Axes(("system",), "rounds that wear out a barrel; 0 none")]
    streams: Annotated[Words, Axes(("system", 11), "words of FLEET_DECISIONS")]


class FleetState(NamedTuple):
    """Where all items are, and what has been added up."""

    items: Annotated[Counts, Axes(("system", 9), "items in each of PLACES")]
    grades: Annotated[Floats, Axes(("system", 3), "shares of failures by who mends them, as they now are")]
    channels: Annotated[Counts, Axes(("system", 3), "channels as they now are")]
    spares: Annotated[Counts, Axes(("system",), "sets in stock")]
    to_order: Annotated[Counts, Axes(("system",), "sets used and not yet ordered again")]
    ordered: Annotated[Counts, Axes(("system",), "sets ordered so far")]
    ordered_by_sea: Annotated[Counts, Axes(("system",), "those that came by sea")]
    sent: Annotated[Counts, Axes(("system",), "items sent to the maker so far")]
    sent_by_sea: Annotated[Counts, Axes(("system",), "those that went by sea")]
    failed: Annotated[Counts, Axes(("system",), "failures and damage so far")]
    mended_coming: Annotated[Counts, Axes(("system", "step"), "items that come back in a step")]
    spares_coming: Annotated[Counts, Axes(("system", "step"), "sets that come in a step")]
    fired: Annotated[Floats, Axes(("system",), "rounds fired in the last step")]
    substeps: Annotated[Counts, Axes(("system",), "substeps of the last step")]
    wear: Annotated[Floats, Axes(("system",), "barrels worn and not yet changed, in parts")]
    ready_years: Annotated[Floats, Axes(("system",), "item-years ready")]
    ready_square_years: Annotated[Floats, Axes(("system",), "square of items ready, times years")]
    gap_years: Annotated[Floats, Axes(("system",), "item-years by which ready items fell short of required ones")]
    parts_years: Annotated[Floats, Axes(("system",), "item-years waiting for parts")]
    service_years: Annotated[Floats, Axes(("system",), "item-years in service, whatever their state")]


class Stock(NamedTuple):
    """Spares of all systems, as one of them meets them."""

    system: int
    never_short: bool
    sets: Counts
    to_order: Counts


class Pace(NamedTuple):
    """A system's rates in one step: hazards within a substep, and exp(hazard) - 1 beside those that are drawn often."""

    substeps: int
    span: float
    fails: float
    fails_odds: float
    worn: float
    damaged: float
    lost: float
    field: float
    depot: float
    overhaul: float
    field_odds: float
    depot_odds: float
    overhaul_odds: float


@compiled
def _in_service(items: Counts) -> int:
    found = 0
    for place in range(LOST):
        found += items[place]
    return found


@compiled
def _odds(hazard: float) -> float:
    """Return exp(hazard) - 1, without the work where there is no hazard."""
    return math.expm1(hazard) if hazard > 0.0 else 0.0


@compiled
def find_pace(plan: FleetPlan, system: int, has_spares: bool, setting: Setting) -> Pace:
    """Return a system's rates, and substeps short enough for them."""
    theatre = plan.theatre[system]
    level = setting.levels[theatre] if theatre >= 0 else 0
    use, surge = plan.use[system, level], plan.surge[system] if setting.warned else 1.0
    fails = plan.failure[system] * use
    if plan.ageing[system] != 0.0:
        fails *= math.exp(math.log1p(plan.ageing[system]) * setting.step * setting.step_years)
    worn, damaged, lost = plan.overhaul[system] * use, plan.damage[system, level], plan.loss[system, level]
    field, depot, overhaul = (plan.mending[system, 0] * surge, plan.mending[system, 1] * surge,
                              plan.mending[system, 2] * surge)  # fmt: skip
    steepest = STEEPEST_WITH_SPARES if has_spares else STEEPEST
    fastest = max(fails, worn, damaged, lost, field, depot, overhaul)
    substeps = max(1, math.ceil(fastest * setting.step_years / steepest - 1e-9))
    span = setting.step_years / substeps
    return Pace(
        substeps, span, fails * span, _odds(fails * span), worn * span, damaged * span, lost * span,
        field * span, depot * span, overhaul * span,
        _odds(field * span), _odds(depot * span), _odds(overhaul * span),
    )  # fmt: skip


@compiled
def draw_mended(
    key: Key, stream: int, step: int, substep: int, count: int, channels: int, hazard: float, odds: float
) -> int:
    """Return how many of ``count`` items ``channels`` mend within a substep; ``hazard`` is rate × substep.

    Notes
    -----
    Exact pure death. With n <= c: Bin(n, 1 - exp(-μh)). Else P ~ Poisson(cμh): if P < n - c, P are mended; otherwise
    the queue empties at the (n - c)-th of P uniform times, τ = h Beta(n - c, P - n + c + 1), and of the c then at work
    Bin(c, 1 - exp(-μ(h - τ))) more are mended (order statistics of a Poisson process: Ross, ch. 5). P = n - c belongs
    to the second case: the queue has emptied, and what the c channels do afterwards is drawn anew.
    """
    place = substep * _PLACES_A_SUBSTEP
    if count <= channels:
        return draw_events(key, stream, step, place, count, hazard, odds)
    ended, queue = draw_poisson(key, stream, step, place, channels * hazard), count - channels
    if ended < queue:
        return ended
    uniform = draw_uniform(key, stream, step, place + _WHEN)
    left = hazard * (1.0 - beta_inverse(uniform, queue, ended - queue + 1))
    return queue + draw_events(key, stream, step, place + _MORE, channels, left, math.expm1(left))


@compiled
def needs_support(state: FleetState, system: int) -> bool:
    """Return whether items wait to be sent, or spares to be ordered."""
    return bool(state.items[system, TO_SEND] > 0 or state.to_order[system] > 0)


@compiled
def send_failed(
    items: Counts, streams: Words, grades: Floats, stock: Stock, failed: int, depot_open: bool, key: Key, step: int,
    place: int,
) -> None:  # fmt: skip
    """Send failed items where their grade of failure is mended; the depot takes a set of spares for each.

    Parameters
    ----------
    items, streams, grades : ndarray of shape (9,), (11,), (3,)
        One system's.
    stock : Stock
        All systems' spares, and which system it is.
    """
    field = draw_binomial(key, streams[_FIELD_SHARE], step, place, failed, grades[0])
    rest = failed - field
    depot = 0
    if depot_open and grades[1] > 0.0:
        chance = min(1.0, grades[1] / max(1e-12, 1.0 - grades[0]))
        depot = draw_binomial(key, streams[_DEPOT_SHARE], step, place, rest, chance)
    items[FIELD] += field
    items[TO_SEND] += rest - depot
    if stock.never_short:
        items[DEPOT] += depot
        return
    fitted = min(depot, stock.sets[stock.system])
    stock.sets[stock.system] -= fitted
    stock.to_order[stock.system] += depot
    items[DEPOT] += fitted
    items[PARTS] += depot - fitted


@compiled
def _break(items: Counts, streams: Words, pace: Pace, required: int, key: Key, step: int, substep: int) -> int:
    """Let operating items fail and wear, and ready ones be damaged and lost; return how many need mending."""
    place = substep * _PLACES_A_SUBSTEP
    operating = min(items[READY], required)
    failed = draw_events(key, streams[_FAILS], step, place, operating, pace.fails, pace.fails_odds)
    items[READY] -= failed
    if pace.worn > 0.0:
        worn = draw_events(key, streams[_WORN], step, place, operating - failed, pace.worn, math.expm1(pace.worn))
        items[READY] -= worn
        items[OVERHAUL] += worn
    if pace.lost > 0.0:
        lost = draw_events(key, streams[_LOST], step, place, items[READY], pace.lost, math.expm1(pace.lost))
        items[READY] -= lost
        items[LOST] += lost
    if pace.damaged > 0.0:
        hit = draw_events(key, streams[_DAMAGED], step, place, items[READY], pace.damaged, math.expm1(pace.damaged))
        items[READY] -= hit
        failed += hit
    return failed


@compiled
def _mend(items: Counts, streams: Words, channels: Counts, pace: Pace, key: Key, step: int, substep: int) -> None:
    """Let field, depot and overhaul mend within a substep."""
    if items[FIELD] > 0:
        done = draw_mended(
            key, streams[_FIELD_MENDED], step, substep, items[FIELD], channels[0], pace.field, pace.field_odds
        )
        items[FIELD] -= done
        items[READY] += done
    if items[DEPOT] > 0:
        done = draw_mended(
            key, streams[_DEPOT_MENDED], step, substep, items[DEPOT], channels[1], pace.depot, pace.depot_odds
        )
        items[DEPOT] -= done
        items[READY] += done
    if items[OVERHAUL] > 0:
        done = draw_mended(
            key, streams[_OVERHAULED], step, substep, items[OVERHAUL], channels[2], pace.overhaul, pace.overhaul_odds
        )
        items[OVERHAUL] -= done
        items[READY] += done


@compiled
def step_fleet(plan: FleetPlan, state: FleetState, system: int, depot_open: bool, setting: Setting) -> None:
    """Let one system's items fail and be mended through a step, in substeps short enough to be exact.

    Parameters
    ----------
    depot_open : bool
        Whether the depot works; until then its repairs go to the maker.

    Notes
    -----
    Failures first, Bin(operating, 1 - exp(-λ·use·h)) with operating = min(ready, required); then repair as exact pure
    death. The state between the two and the state after both are averaged; the square is that of their mean, since the
    swing between them is the method's, not the fleet's, and an eighth for each move, which falls at its own time within
    the substep (checked against the exact Markov chain: deviations then agree to 0.5 %). Limits: machine repair
    (Palm 1947; Gross et al., Fundamentals of Queueing Theory, ch. 2).
    """
    required, key, step = plan.required[setting.step, system], setting.key, setting.step
    items, streams, channels, grades = (
        state.items[system],
        plan.streams[system],
        state.channels[system],
        state.grades[system],
    )
    stock = Stock(system, plan.spares[system] < 0, state.spares, state.to_order)
    service = _in_service(items)
    pace = find_pace(plan, system, service > required, setting)
    ready, squares, gap, parts, failures = 0.0, 0.0, 0.0, 0.0, 0
    for substep in range(pace.substeps):
        entered = items[READY]
        failed = _break(items, streams, pace, required, key, step, substep)
        if failed > 0:
            send_failed(items, streams, grades, stock, failed, depot_open, key, step, substep * _PLACES_A_SUBSTEP)
        broken = items[READY]
        parts += items[PARTS]
        _mend(items, streams, channels, pace, key, step, substep)
        mended = items[READY] - broken
        middle = broken + 0.5 * mended
        ready += middle
        squares += middle * middle + 0.125 * (entered - broken + mended)
        gap += 0.5 * (max(0, required - broken) + max(0, required - items[READY]))
        failures += failed
    state.ready_years[system] += ready * pace.span
    state.ready_square_years[system] += squares * pace.span
    state.gap_years[system] += gap * pace.span
    state.parts_years[system] += parts * pace.span
    state.service_years[system] += 0.5 * (service + _in_service(items)) * setting.step_years
    state.failed[system] += failures
    state.substeps[system] = pace.substeps
