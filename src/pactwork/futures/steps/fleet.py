"""The fleet: items fail, are mended in the field, in depots or at the maker, wait for parts, and are lost."""

from __future__ import annotations

import math
from typing import Annotated, NamedTuple

from pactwork.futures.arrays import Axes, Counts, Flags, Floats, Words
from pactwork.futures.compiling import compiled, inlined
from pactwork.futures.draws import (
    BATCH,
    BINOMIAL_BLOCK,
    Key,
    draw_binomial,
    draw_events,
    draw_pair,
    draw_pairs,
    draw_poisson,
    draw_rank,
)
from pactwork.futures.inverses import count_events
from pactwork.futures.steps.setting import Setting
from pactwork.futures.tables import GUIDES, ROWS, WIDTH, read_many_events, read_poisson, read_share

READY, FIELD, DEPOT, PARTS, TO_SEND, MAKER, OVERHAUL, STRIPPED, LOST = 0, 1, 2, 3, 4, 5, 6, 7, 8
"""Where an item is: the columns of ``FleetState.items``."""
PLACES = ("ready", "field", "depot", "parts", "to_send", "maker", "overhaul", "stripped", "lost")

FLEET_DECISIONS = (
    "fails", "damaged", "lost", "worn", "field_share", "depot_share", "field_mended", "depot_mended", "overhauled",
    "maker_mended", "spares",
)  # fmt: skip
_FAILS, _DAMAGED, _LOST, _WORN, _FIELD_SHARE, _DEPOT_SHARE, _FIELD_MENDED, _DEPOT_MENDED, _OVERHAULED = range(9)
MAKER_MENDED, SPARES_COME = 9, 10

STEEPEST = 0.25
"""No rate times a substep exceeds it: against the exact Markov chain, means are then right to 3 parts in a thousand."""
_PLACES_A_SUBSTEP = 4096
_WHEN, _MORE = 1024, 2048
(_FAILS_TABLE, _FAILS_HALF_TABLE, _WORN_TABLE, _WORN_HALF_TABLE, _FIELD_TABLE, _DEPOT_TABLE, _OVERHAUL_TABLE,
 _FIELD_SHARE_TABLE, _DEPOT_SHARE_TABLE) = range(9)  # fmt: skip
"""What has tables of its own: at a step's ends, half a substep is played."""
_FAILS_LUCK, _WORN_LUCK, _FIELD_LUCK, _DEPOT_LUCK, _OVERHAUL_LUCK, _FIELD_SHARE_LUCK, _DEPOT_SHARE_LUCK = range(7)
"""What has uniforms made ahead."""


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
    planned: Annotated[
        Counts, Axes(("system",), "sets that should be in stock or on order while nothing waits for one")
    ]
    to_order: Annotated[Counts, Axes(("system",), "sets used and not yet ordered again")]
    ordered: Annotated[Counts, Axes(("system",), "sets ordered so far")]
    ordered_by_sea: Annotated[Counts, Axes(("system",), "those that came by sea")]
    sent: Annotated[Counts, Axes(("system",), "items sent to the maker so far")]
    sent_by_sea: Annotated[Counts, Axes(("system",), "those that went by sea")]
    failed: Annotated[Counts, Axes(("system",), "failures and damage so far")]
    mended_coming: Annotated[Counts, Axes(("system", "step"), "items that come back in a step")]
    spares_coming: Annotated[Counts, Axes(("system", "step"), "sets that come in a step")]
    fired: Annotated[Floats, Axes(("system",), "rounds fired in the last step")]
    pace: Annotated[Floats, Axes(("system", 18), "rates of the last step: the fields of Pace", -1.0)]
    luck: Annotated[Floats, Axes(("system", 7, 2, BATCH), "uniforms of the next pairs of substeps, by decision")]
    luck_at: Annotated[Counts, Axes(("system", 7, 2), "the first of these pairs, and pairs of a step; 0 none")]
    counters: Annotated[Counts, Axes((2, BATCH), "steps and places that they are made for")]
    made_for: Annotated[Floats, Axes(("system", 9, ROWS), "hazard that each row of the tables is for; -1 none", -1.0)]
    totals: Annotated[Floats, Axes(("system", 9, ROWS, WIDTH), "distribution functions (see futures.tables)")]
    guide: Annotated[Flags, Axes(("system", 9, ROWS, GUIDES), "where to begin in them")]
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

    level: float
    warned: float
    substeps: float
    span: float
    fails: float
    fails_odds: float
    fails_half_odds: float
    worn: float
    worn_odds: float
    worn_half_odds: float
    damaged: float
    lost: float
    field: float
    depot: float
    overhaul: float
    field_odds: float
    depot_odds: float
    overhaul_odds: float


class Place(NamedTuple):
    """What luck a system meets: whose, and when.

    Two substeps share a block of the generator; a step has ``pairs`` of them.
    """

    key: Key
    system: int
    step: int
    pairs: int
    substep: int


@inlined
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
def find_pace(plan: FleetPlan, system: int, level: int, setting: Setting) -> Pace:
    """Return a system's rates, and substeps short enough for them."""
    use, surge = plan.use[system, level], plan.surge[system] if setting.warned else 1.0
    fails = plan.failure[system] * use
    if plan.ageing[system] != 0.0:
        fails *= math.exp(math.log1p(plan.ageing[system]) * setting.step * setting.step_years)
    worn, damaged, lost = plan.overhaul[system] * use, plan.damage[system, level], plan.loss[system, level]
    field, depot, overhaul = (plan.mending[system, 0] * surge, plan.mending[system, 1] * surge,
                              plan.mending[system, 2] * surge)  # fmt: skip
    fastest = max(fails, worn, damaged, lost, field, depot, overhaul)
    substeps = max(1, math.ceil(fastest * setting.step_years / STEEPEST - 1e-9))
    span = setting.step_years / substeps
    return Pace(
        float(level), 1.0 if setting.warned else 0.0, float(substeps), span,
        fails * span, _odds(fails * span), _odds(0.5 * fails * span),
        worn * span, _odds(worn * span), _odds(0.5 * worn * span), damaged * span, lost * span,
        field * span, depot * span, overhaul * span,
        _odds(field * span), _odds(depot * span), _odds(overhaul * span),
    )  # fmt: skip


@inlined
def _keep_pace(plan: FleetPlan, system: int, kept: Floats, setting: Setting) -> None:
    """Find a system's rates anew where they are not those of the step before."""
    theatre = plan.theatre[system]
    level = setting.levels[theatre] if theatre >= 0 else 0
    if plan.ageing[system] == 0.0 and kept[0] == level and kept[1] == (1.0 if setting.warned else 0.0):
        return
    pace = find_pace(plan, system, level, setting)
    for entry in range(kept.size):
        kept[entry] = pace[entry]


@inlined
def _read_pace(kept: Floats) -> Pace:
    return Pace(kept[0], kept[1], kept[2], kept[3], kept[4], kept[5], kept[6], kept[7], kept[8], kept[9], kept[10],
                kept[11], kept[12], kept[13], kept[14], kept[15], kept[16], kept[17])  # fmt: skip


@compiled
def _empty_queue(
    key: Key, stream: int, step: int, place: int, ended: int, count: int, channels: int, hazard: float
) -> int:
    """Return how many are mended when the queue empties, and all channels are then at work on what is left."""
    queue = count - channels
    when, more = draw_pair(key, stream, step, place + _WHEN)
    left = hazard * (1.0 - draw_rank(key, stream, step, place + _WHEN, when, queue, ended))
    odds = math.expm1(left)
    queue += count_events(more, min(channels, BINOMIAL_BLOCK), left, odds)
    if channels > BINOMIAL_BLOCK:
        queue += draw_events(key, stream, step, place + _MORE, channels - BINOMIAL_BLOCK, left, odds)
    return queue


@inlined
def _mend_queue(
    key: Key, stream: int, step: int, place: int, ended: int, count: int, channels: int, hazard: float
) -> int:
    """Return how many of more than ``channels`` items are mended, were ``ended`` mended had the queue no end."""
    if ended < count - channels:
        return ended
    return _empty_queue(key, stream, step, place, ended, count, channels, hazard)


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
    ended = draw_poisson(key, stream, step, place, channels * hazard)
    return _mend_queue(key, stream, step, place, ended, count, channels, hazard)


@compiled
def _draw_ahead(
    key: Key, stream: int, step: int, pair: int, pairs: int, luck: Floats, luck_at: Counts, counters: Counts
) -> None:
    """Make the uniforms of this and the following pairs of substeps, of later steps as well."""
    luck_at[0], luck_at[1] = step * pairs + pair, pairs
    for row in range(BATCH):
        counters[0, row], counters[1, row] = step, 2 * pair * _PLACES_A_SUBSTEP
        pair += 1
        if pair == pairs:
            step, pair = step + 1, 0
    draw_pairs(key, stream, counters[0], counters[1], luck[0], luck[1])


@inlined
def _luck(state: FleetState, stream: int, luck: int, at: Place) -> float:
    """Return the first uniform of a substep."""
    system, pair = at.system, at.substep >> 1
    row = at.step * at.pairs + pair - state.luck_at[system, luck, 0]
    if row < 0 or row >= BATCH or state.luck_at[system, luck, 1] != at.pairs:
        _draw_ahead(at.key, stream, at.step, pair, at.pairs, state.luck[system, luck], state.luck_at[system, luck],
                    state.counters)  # fmt: skip
        row = 0
    return float(state.luck[system, luck, at.substep & 1, row])


@inlined
def _draw_gone(
    state: FleetState, stream: int, table: int, luck: int, steady: bool, at: Place, count: int, channels: int,
    hazard: float, odds: float,
) -> int:  # fmt: skip
    """Return what ``draw_mended`` would with this luck, by tables where a rate is ``steady``."""
    system, place, uniform = at.system, at.substep * _PLACES_A_SUBSTEP, _luck(state, stream, luck, at)
    if count <= channels:
        return read_many_events(
            state.made_for[system, table], state.totals[system, table], state.guide[system, table], at.key, stream,
            at.step, place, uniform, count, hazard, odds, steady,
        )  # fmt: skip
    ended = read_poisson(
        state.made_for[system, table], state.totals[system, table], state.guide[system, table], at.key, stream, at.step,
        place, uniform, channels * hazard, steady,
    )  # fmt: skip
    return _mend_queue(at.key, stream, at.step, place, ended, count, channels, hazard)


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
    field = draw_binomial(key, streams[_FIELD_SHARE], step, place, failed, grades[0])
    chance = _share_of_depot(grades, depot_open)
    depot = draw_binomial(key, streams[_DEPOT_SHARE], step, place, failed - field, chance)
    _send(items, stock, failed, field, depot)


@inlined
def _draw_share(state: FleetState, stream: int, table: int, luck: int, at: Place, count: int, share: float) -> int:
    """Return how many of ``count`` items go one way: 256 items to a uniform."""
    if share <= 0.0 or share >= 1.0:
        return count if share >= 1.0 else 0
    system, uniform = at.system, _luck(state, stream, luck, at)
    found = read_share(state.made_for[system, table], state.totals[system, table], state.guide[system, table],
                       uniform, min(count, BINOMIAL_BLOCK), share)  # fmt: skip
    if count > BINOMIAL_BLOCK:
        place, rest = at.substep * _PLACES_A_SUBSTEP + 1, count - BINOMIAL_BLOCK
        found += draw_binomial(at.key, stream, at.step, place, rest, share)
    return found


@inlined
def _sort_failed(
    state: FleetState, items: Counts, streams: Words, grades: Floats, to_depot: float, stock: Stock, failed: int,
    at: Place,
) -> None:  # fmt: skip
    """Do as ``send_failed`` does, by tables."""
    field = _draw_share(state, streams[_FIELD_SHARE], _FIELD_SHARE_TABLE, _FIELD_SHARE_LUCK, at, failed, grades[0])
    rest = failed - field
    depot = _draw_share(state, streams[_DEPOT_SHARE], _DEPOT_SHARE_TABLE, _DEPOT_SHARE_LUCK, at, rest, to_depot)
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
    place, part, failed = at.substep * _PLACES_A_SUBSTEP, 1.0 - 0.5 * half, 0
    if pace.fails > 0.0 and items[READY] > 0 and required > 0:
        hazard, odds = pace.fails * part, pace.fails_half_odds if half else pace.fails_odds
        failed = _draw_gone(state, streams[_FAILS], _FAILS_TABLE + half, _FAILS_LUCK, young, at, items[READY],
                            required, hazard, odds)  # fmt: skip
        items[READY] -= failed
    if pace.worn > 0.0 and items[READY] > 0 and required > 0:
        hazard, odds = pace.worn * part, pace.worn_half_odds if half else pace.worn_odds
        worn = _draw_gone(state, streams[_WORN], _WORN_TABLE + half, _WORN_LUCK, True, at, items[READY], required,
                          hazard, odds)  # fmt: skip
        items[READY] -= worn
        items[OVERHAUL] += worn
    if pace.lost > 0.0:
        hazard = pace.lost * part
        lost = draw_events(at.key, streams[_LOST], at.step, place, items[READY], hazard, math.expm1(hazard))
        items[READY] -= lost
        items[LOST] += lost
    if pace.damaged > 0.0:
        hazard = pace.damaged * part
        hit = draw_events(at.key, streams[_DAMAGED], at.step, place, items[READY], hazard, math.expm1(hazard))
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
    done = _draw_gone(state, stream, _FIELD_TABLE + kind, _FIELD_LUCK + kind, True, at, count, channels, hazard, odds)
    items[where] -= done
    items[READY] += done
    return hazard / 12.0 * done if count <= channels else 0.0


@inlined
def _mend_all(state: FleetState, items: Counts, streams: Words, channels: Counts, pace: Pace, at: Place) -> float:
    """Let field, depot and overhaul mend within a substep; return as ``_mend`` does."""
    bend = _mend(state, items, streams[_FIELD_MENDED], 0, channels[0], pace.field, pace.field_odds, at)
    bend += _mend(state, items, streams[_DEPOT_MENDED], 1, channels[1], pace.depot, pace.depot_odds, at)
    return bend + _mend(state, items, streams[_OVERHAULED], 2, channels[2], pace.overhaul, pace.overhaul_odds, at)


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
    _keep_pace(plan, system, state.pace[system], setting)
    pace = _read_pace(state.pace[system])
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
