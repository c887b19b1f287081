"""The fleet's luck: how many of a place leave it within a substep, and which way they go."""

from __future__ import annotations

import math
from typing import NamedTuple

from pactwork.futures.arrays import Counts, Floats
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
from pactwork.futures.steps.fleet_plan import FleetState
from pactwork.futures.tables import read_many_events, read_poisson, read_share

PLACES_A_SUBSTEP = 4096
_WHEN, _MORE = 1024, 2048
(FAILS_TABLE, FAILS_HALF_TABLE, WORN_TABLE, WORN_HALF_TABLE, FIELD_TABLE, DEPOT_TABLE, OVERHAUL_TABLE,
 FIELD_SHARE_TABLE, DEPOT_SHARE_TABLE) = range(9)  # fmt: skip
"""What has tables of its own: at a step's ends, half a substep is played."""
FAILS_LUCK, WORN_LUCK, FIELD_LUCK, DEPOT_LUCK, OVERHAUL_LUCK, FIELD_SHARE_LUCK, DEPOT_SHARE_LUCK = range(7)
"""What has uniforms made ahead."""


class Place(NamedTuple):
    """What luck a system meets: whose, and when.

    Two substeps share a block of the generator; a step has ``pairs`` of them.
    """

    key: Key
    system: int
    step: int
    pairs: int
    substep: int


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
    place = substep * PLACES_A_SUBSTEP
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
        counters[0, row], counters[1, row] = step, 2 * pair * PLACES_A_SUBSTEP
        pair += 1
        if pair == pairs:
            step, pair = step + 1, 0
    draw_pairs(key, stream, counters[0], counters[1], luck[0], luck[1])


@inlined
def take_luck(state: FleetState, stream: int, luck: int, at: Place) -> float:
    """Return the first uniform of a substep."""
    system, pair = at.system, at.substep >> 1
    row = at.step * at.pairs + pair - state.luck_at[system, luck, 0]
    if row < 0 or row >= BATCH or state.luck_at[system, luck, 1] != at.pairs:
        _draw_ahead(at.key, stream, at.step, pair, at.pairs, state.luck[system, luck], state.luck_at[system, luck],
                    state.counters)  # fmt: skip
        row = 0
    return float(state.luck[system, luck, at.substep & 1, row])


@inlined
def draw_gone(
    state: FleetState, stream: int, table: int, luck: int, steady: bool, at: Place, count: int, channels: int,
    hazard: float, odds: float,
) -> int:  # fmt: skip
    """Return what ``draw_mended`` would with this luck, by tables where a rate is ``steady``."""
    system, place, uniform = at.system, at.substep * PLACES_A_SUBSTEP, take_luck(state, stream, luck, at)
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
def draw_share(state: FleetState, stream: int, table: int, luck: int, at: Place, count: int, share: float) -> int:
    """Return how many of ``count`` items go one way: 256 items to a uniform."""
    if share <= 0.0 or share >= 1.0:
        return count if share >= 1.0 else 0
    system, uniform = at.system, take_luck(state, stream, luck, at)
    found = read_share(state.made_for[system, table], state.totals[system, table], state.guide[system, table],
                       uniform, min(count, BINOMIAL_BLOCK), share)  # fmt: skip
    if count > BINOMIAL_BLOCK:
        place, rest = at.substep * PLACES_A_SUBSTEP + 1, count - BINOMIAL_BLOCK
        found += draw_binomial(at.key, stream, at.step, place, rest, share)
    return found
