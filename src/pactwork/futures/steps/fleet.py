"""The fleet: items fail, are mended in the field, in depots or at the maker, wait for parts, and are lost."""

from __future__ import annotations

import math

from pactwork.futures.arrays import Counts, Floats, Words
from pactwork.futures.compiling import compiled, inlined
from pactwork.futures.draws import Key, draw_binomial, draw_events
from pactwork.futures.steps.fleet_luck import (
    DEPOT_SHARE_LUCK,
    DEPOT_SHARE_TABLE,
    FAILS_LUCK,
    FAILS_TABLE,
    FIELD_LUCK,
    FIELD_SHARE_LUCK,
    FIELD_SHARE_TABLE,
    FIELD_TABLE,
    PLACES_A_SUBSTEP,
    WORN_LUCK,
    WORN_TABLE,
    Place,
    draw_gone,
    draw_share,
)
from pactwork.futures.steps.fleet_plan import (
    BY_DAMAGED,
    BY_DEPOT_MENDED,
    BY_DEPOT_SHARE,
    BY_FAILS,
    BY_FIELD_MENDED,
    BY_FIELD_SHARE,
    BY_LOST,
    BY_OVERHAULED,
    BY_WORN,
    DEPOT,
    FIELD,
    LOST,
    OVERHAUL,
    PARTS,
    READY,
    TO_SEND,
    FleetPlan,
    FleetState,
    Stock,
)
from pactwork.futures.steps.pace import Pace, keep_pace, read_pace
from pactwork.futures.steps.setting import Setting


@inlined
def _in_service(items: Counts) -> int:
    found = 0
    for place in range(LOST):
        found += items[place]
    return found


@inlined
def needs_support(state: FleetState, system: int) -> bool:
    """Return whether items wait to be sent, or spares to be ordered."""
    return bool(state.items[system, TO_SEND] > 0 or state.to_order[system] > 0)


@inlined
def _share_of_depot(grades: Floats, depot_open: bool) -> float:
    """Return the chance that what is not mended in the field is mended in the depot."""
    if not depot_open or grades[1] <= 0.0:
        return 0.0
    return float(min(1.0, grades[1] / max(1e-12, 1.0 - grades[0])))


@inlined
def _send(items: Counts, stock: Stock, failed: int, field: int, depot: int) -> None:
    """Send failed items where they are mended; the depot takes a set of spares for each."""
    items[FIELD] += field
    items[TO_SEND] += failed - field - depot
    if stock.never_short:
        items[DEPOT] += depot
        return
    fitted = min(depot, stock.sets[stock.system])
    stock.sets[stock.system] -= fitted
    stock.to_order[stock.system] += depot
    items[DEPOT] += fitted
    items[PARTS] += depot - fitted


@compiled
def send_failed(
    items: Counts, streams: Words, grades: Floats, stock: Stock, failed: int, depot_open: bool, key: Key, step: int,
    place: int,
) -> None:  # fmt: skip
    """Send failed items where their grade of failure is mended.

    Parameters
    ----------
    items, streams, grades : ndarray of shape (9,), (11,), (3,)
        One system's.
    stock : Stock
        All systems' spares, and which system it is.
    """
    field = draw_binomial(key, streams[BY_FIELD_SHARE], step, place, failed, grades[0])
    chance = _share_of_depot(grades, depot_open)
    depot = draw_binomial(key, streams[BY_DEPOT_SHARE], step, place, failed - field, chance)
    _send(items, stock, failed, field, depot)


@inlined
def _sort_failed(
    state: FleetState, items: Counts, streams: Words, grades: Floats, to_depot: float, stock: Stock, failed: int,
    at: Place,
) -> None:  # fmt: skip
    """Do as ``send_failed`` does, by tables."""
    field = draw_share(state, streams[BY_FIELD_SHARE], FIELD_SHARE_TABLE, FIELD_SHARE_LUCK, at, failed, grades[0])
    rest = failed - field
    depot = draw_share(state, streams[BY_DEPOT_SHARE], DEPOT_SHARE_TABLE, DEPOT_SHARE_LUCK, at, rest, to_depot)
    _send(items, stock, failed, field, depot)


@inlined
def _break(
    state: FleetState, items: Counts, streams: Words, pace: Pace, half: int, young: bool, required: int, at: Place
) -> int:
    """Let operating items fail and wear, and ready ones be damaged and lost; return how many need mending.

    Parameters
    ----------
    half : int
        1 where half a substep is played, at the step's two ends.
    young : bool
        Whether items do not age, so that their rate of failure may have tables.
    """
    place, part, failed = at.substep * PLACES_A_SUBSTEP, 1.0 - 0.5 * half, 0
    if pace.fails > 0.0 and items[READY] > 0 and required > 0:
        hazard, odds = pace.fails * part, pace.fails_half_odds if half else pace.fails_odds
        failed = draw_gone(state, streams[BY_FAILS], FAILS_TABLE + half, FAILS_LUCK, young, at, items[READY],
                            required, hazard, odds)  # fmt: skip
        items[READY] -= failed
    if pace.worn > 0.0 and items[READY] > 0 and required > 0:
        hazard, odds = pace.worn * part, pace.worn_half_odds if half else pace.worn_odds
        worn = draw_gone(state, streams[BY_WORN], WORN_TABLE + half, WORN_LUCK, True, at, items[READY], required,
                          hazard, odds)  # fmt: skip
        items[READY] -= worn
        items[OVERHAUL] += worn
    if pace.lost > 0.0:
        hazard = pace.lost * part
        lost = draw_events(at.key, streams[BY_LOST], at.step, place, items[READY], hazard, math.expm1(hazard))
        items[READY] -= lost
        items[LOST] += lost
    if pace.damaged > 0.0:
        hazard = pace.damaged * part
        hit = draw_events(at.key, streams[BY_DAMAGED], at.step, place, items[READY], hazard, math.expm1(hazard))
        items[READY] -= hit
        failed += hit
    return failed


@inlined
def _mend(
    state: FleetState, items: Counts, stream: int, kind: int, channels: int, hazard: float, odds: float, at: Place
) -> float:
    """Let one kind of workshop mend within a substep; return by how much more was ready than at half the way.

    Parameters
    ----------
    kind : int
        0, 1, 2: field, depot, overhaul.

    Notes
    -----
    With a channel for each item their number falls as exp(-μt), and its average lies below the middle of both ends by
    μh/12 for each item mended, but for terms of (μh)³. With a queue it falls in a straight line.
    """
    where = OVERHAUL if kind == 2 else FIELD + kind
    count = items[where]
    if count == 0 or hazard <= 0.0:
        return 0.0
    done = draw_gone(state, stream, FIELD_TABLE + kind, FIELD_LUCK + kind, True, at, count, channels, hazard, odds)
    items[where] -= done
    items[READY] += done
    return hazard / 12.0 * done if count <= channels else 0.0


@inlined
def _mend_all(state: FleetState, items: Counts, streams: Words, channels: Counts, pace: Pace, at: Place) -> float:
    """Let field, depot and overhaul mend within a substep; return as ``_mend`` does."""
    bend = _mend(state, items, streams[BY_FIELD_MENDED], 0, channels[0], pace.field, pace.field_odds, at)
    bend += _mend(state, items, streams[BY_DEPOT_MENDED], 1, channels[1], pace.depot, pace.depot_odds, at)
    return bend + _mend(state, items, streams[BY_OVERHAULED], 2, channels[2], pace.overhaul, pace.overhaul_odds, at)


@inlined
def step_fleet(plan: FleetPlan, state: FleetState, system: int, depot_open: bool, setting: Setting) -> None:
    """Let one system's items fail and be mended through a step, in substeps short enough to be exact.

    Parameters
    ----------
    depot_open : bool
        Whether the depot works; until then its repairs go to the maker.

    Notes
    -----
    Half a substep of failures, a substep of repair, a substep of failures, …, repair, half a substep of failures: the
    symmetric splitting (Strang 1968), whose error falls with the square of the substep, at the step's end as well.
    Both are exact pure death by themselves; the channels of failure are the items required, since ready items beyond
    those stand still until they take the place of what fails. Averages are taken over the repair; the square is that
    of the middle, since the swing is the method's, not the fleet's, and an eighth for each move, which falls at its own
    time within the substep. Limits: machine repair (Palm 1947; Gross et al., Fundamentals of Queueing Theory, ch. 2).
    """
    required = plan.required[setting.step, system]
    items, streams, channels, grades = (
        state.items[system],
        plan.streams[system],
        state.channels[system],
        state.grades[system],
    )
    stock = Stock(system, plan.spares[system] < 0, state.spares, state.to_order)
    service, lost = _in_service(items), items[LOST]
    keep_pace(plan, system, state.pace[system], setting)
    pace = read_pace(state.pace[system])
    last, young = int(pace.substeps), plan.ageing[system] == 0.0
    key, step, breaks, mends = setting.key, setting.step, last // 2 + 1, (last + 1) // 2
    to_depot = _share_of_depot(grades, depot_open)
    ready, squares, gap, parts, failures, moves = 0.0, 0.0, 0.0, 0, 0, 0
    for substep in range(last + 1):
        entered = items[READY]
        half = 1 if substep == 0 or substep == last else 0
        failed = _break(state, items, streams, pace, half, young, required, Place(key, system, step, breaks, substep))
        failures += failed
        if failed > 0:
            _sort_failed(
                state, items, streams, grades, to_depot, stock, failed, Place(key, system, step, breaks, substep)
            )
        broken = items[READY]
        moves += entered - broken
        if substep == last:
            break
        bend = _mend_all(state, items, streams, channels, pace, Place(key, system, step, mends, substep))
        middle = 0.5 * (broken + items[READY]) + bend
        ready += middle
        squares += middle * middle
        gap += 0.5 * (max(0, required - broken) + max(0, required - items[READY]))
        gap -= bend if items[READY] < required else 0.0
        parts += items[PARTS]
        moves += items[READY] - broken
    state.ready_years[system] += ready * pace.span
    state.ready_square_years[system] += (squares + 0.125 * moves) * pace.span
    state.gap_years[system] += gap * pace.span
    state.parts_years[system] += parts * pace.span
    state.service_years[system] += (service - 0.5 * (items[LOST] - lost)) * setting.step_years
    state.failed[system] += failures
