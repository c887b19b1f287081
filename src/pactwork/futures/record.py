"""A run kept step by step, and whether everything in it is somewhere."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from pactwork.futures.arrays import Axes, Counts, Floats
from pactwork.futures.compiling import compiled
from pactwork.futures.steps.munitions import MunitionState
from pactwork.futures.steps.production import LotState


class Record(NamedTuple):
    """A run week by week, for replay; all arrays have no steps where nothing is to be kept."""

    stance: Annotated[Counts, Axes(("step", "government"), "stance of each government")]
    signed: Annotated[Counts, Axes(("step", "instrument"), "step of signing; -1 not yet, -2 never")]
    stages: Annotated[Counts, Axes(("step", "transfer"), "stages done")]
    lots: Annotated[Counts, Axes(("step", "lot", 5), "made, at port, at sea, lost, arrived")]
    queue: Annotated[Counts, Axes(("step", "system"), "items in acceptance")]
    fleet: Annotated[Counts, Axes(("step", "system", 9), "items in each of PLACES")]
    launchers: Annotated[Counts, Axes(("step", "system"), "effective launchers")]
    rounds: Annotated[Counts, Axes(("step", "munition", 4), "in stock, received, issued, unmet")]
    paid: Annotated[Floats, Axes(("step", 2), "paid so far: by kind added up, by year added up")]


@compiled
def keep_items(items: LotState, rounds: MunitionState, lots_kept: Counts, rounds_kept: Counts) -> None:
    """Write where a run's items and rounds are into a record."""
    for lot in range(items.made.size):
        kept = lots_kept[lot]
        kept[0], kept[1], kept[2] = items.made[lot], items.at_port[lot], items.at_sea[lot]
        kept[3], kept[4] = items.lost[lot], items.arrived[lot]
    for m in range(rounds.stock.size):
        kept = rounds_kept[m]
        kept[0], kept[1], kept[2], kept[3] = rounds.stock[m], rounds.received[m], rounds.issued[m], rounds.unmet[m]


@compiled
def items_lost_sight_of(lots: LotState) -> bool:
    """Return whether an item that was made is at no port, at no sea, not lost and not there."""
    for lot in range(lots.made.size):
        somewhere = lots.at_port[lot] + lots.at_sea[lot] + lots.lost[lot] + lots.arrived[lot]
        if lots.made[lot] != somewhere or min(lots.at_port[lot], lots.at_sea[lot]) < 0:
            return True
    return False


@compiled
def fleet_lost_sight_of(at_start: Counts, accepted: Counts, now: Counts) -> bool:
    """Return whether a fleet holds other items than those it began with and accepted."""
    for system in range(accepted.size):
        missing = accepted[system]
        for place in range(now.shape[1]):
            missing += at_start[system, place] - now[system, place]
            if now[system, place] < 0:
                return True
        if missing != 0:
            return True
    return False


@compiled
def rounds_lost_sight_of(at_start: Counts, rounds: MunitionState) -> bool:
    """Return whether a stock holds other rounds than came and were not issued."""
    for m in range(at_start.size):
        if at_start[m] + rounds.received[m] != rounds.stock[m] + rounds.issued[m] or rounds.stock[m] < 0:
            return True
    return False
