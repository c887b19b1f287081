"""Production: lines make whole items for their lots, in order of due date."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from pactwork.futures.arrays import Axes, Counts, Flags, Floats, Words
from pactwork.futures.compiling import inlined
from pactwork.futures.draws import draw_uniform
from pactwork.futures.inverses import gamma_inverse
from pactwork.futures.steps.governments import EQUIPMENT, GovernmentPlan, GovernmentState, share_supplied
from pactwork.futures.steps.setting import Setting
from pactwork.futures.steps.signing import InstrumentState, is_in_force
from pactwork.futures.steps.theatres import ramp
from pactwork.futures.steps.transfer import TransferState, is_open

LINE_DECISIONS = ("produced",)
LOT_DECISIONS = ("transit", "rounded", "lost")


class LinePlan(NamedTuple):
    """What lines can make."""

    rate: Annotated[Floats, Axes(("line",), "items a year once learnt")]
    learning_years: Annotated[Floats, Axes(("line",), "years from opening to the full rate")]
    learning_floor: Annotated[Floats, Axes(("line",), "share of the rate on the first day", 1.0)]
    opens_years: Annotated[Floats, Axes(("line",), "earliest opening, years from the start; may be past")]
    closes_years: Annotated[Floats, Axes(("line",), "when it closes, years from the start", 1e9)]
    variation: Annotated[Floats, Axes(("line",), "coefficient of variation of a year's output")]
    transfer: Annotated[Counts, Axes(("line",), "transfer that opens it; -1 none", -1)]
    government: Annotated[Counts, Axes(("line",), "maker's government; -1 none", -1)]
    home_theatre: Annotated[Counts, Axes(("line",), "maker's theatre; -1 none", -1)]
    buyer_theatre: Annotated[Counts, Axes(("line",), "buyer's theatre; -1 none", -1)]
    diversion: Annotated[Floats, Axes(("line", 4), "share the maker's forces take, by the level of its theatre")]
    own_need: Annotated[Floats, Axes(("line", 4), "share the maker's forces ask for, by the same level")]
    stopped_by: Annotated[Flags, Axes(("line", "disruption"), "1 where the disruption stops or slows the line")]
    goes_on: Annotated[Floats, Axes(("line", "disruption"), "share of the rate that goes on while it lasts")]
    consenters: Annotated[Flags, Axes(("line", "government"), "1 where parts need that government's consent")]
    streams: Annotated[Words, Axes(("line", 1), "words of LINE_DECISIONS")]


class LotPlan(NamedTuple):
    """What is ordered, and how it travels."""

    line: Annotated[Counts, Axes(("lot",), "line that makes it", 0)]
    system: Annotated[Counts, Axes(("lot",), "system it is of", 0)]
    instrument: Annotated[Counts, Axes(("lot",), "instrument it hangs on; -1 none", -1)]
    order: Annotated[Counts, Axes(("lot",), "lots in order of due date: the index of the k-th")]
    quantity: Annotated[Counts, Axes(("lot",), "items in all")]
    at_port: Annotated[Counts, Axes(("lot",), "items made and not yet shipped at the start")]
    arrived: Annotated[Counts, Axes(("lot",), "items arrived at the start")]
    slip: Annotated[Floats, Axes(("lot",), "factor on the line's rate while it works on this lot", 1.0)]
    route: Annotated[Counts, Axes(("lot",), "route it travels; -1 it is made where it is needed", -1)]
    batch: Annotated[Counts, Axes(("lot",), "items that fill a ship", 1)]
    longest_wait_years: Annotated[Floats, Axes(("lot",), "after which a ship leaves with what there is")]
    streams: Annotated[Words, Axes(("lot", 3), "words of LOT_DECISIONS")]


class LineState(NamedTuple):
    """What stands on the lines."""

    unfinished: Annotated[Floats, Axes(("line",), "part of an item that is made")]
    own_late: Annotated[Floats, Axes(("line",), "items the maker's own forces asked for and did not get")]


class LotState(NamedTuple):
    """Where a lot's items are: made = at port + at sea + lost + arrived."""

    made: Annotated[Counts, Axes(("lot",), "items made, those before the start included")]
    at_port: Annotated[Counts, Axes(("lot",), "items waiting for a ship")]
    waits_since: Annotated[Counts, Axes(("lot",), "step since which the first of them waits")]
    at_sea: Annotated[Counts, Axes(("lot",), "items under way")]
    lost: Annotated[Counts, Axes(("lot",), "items lost on the way")]
    arrived: Annotated[Counts, Axes(("lot",), "items arrived")]
    voyages: Annotated[Counts, Axes(("lot",), "voyages begun")]


@inlined
def _next_lot(lots: LotPlan, state: LotState, instruments: InstrumentState, line: int, step: int) -> int:
    """Return the line's first unfinished lot in force by due date; -1 where it has none."""
    for k in range(lots.order.size):
        lot = lots.order[k]
        if (lots.line[lot] == line and state.made[lot] < lots.quantity[lot]
                and is_in_force(instruments, lots.instrument[lot], step)):  # fmt: skip
            return int(lot)
    return -1


@inlined
def _rate(
    plan: LinePlan, line: int, governments: GovernmentPlan, standing: GovernmentState, transfers: TransferState,
    setting: Setting,
) -> float:  # fmt: skip
    """Return items a year: learning × disruption × consent × priority × supply policy; 0 while a line is closed."""
    years, transfer, government = setting.step * setting.step_years, plan.transfer[line], plan.government[line]
    opened = plan.opens_years[line]
    if transfer >= 0:
        if not is_open(transfers, transfer, setting.step):
            return 0.0
        opened = max(opened, transfers.opened_step[transfer] * setting.step_years)
    if years < opened or years >= plan.closes_years[line]:
        return 0.0
    rate = plan.rate[line] * ramp(years, opened, opened + plan.learning_years[line], plan.learning_floor[line])
    for disruption in range(setting.out.size):
        if setting.out[disruption] and plan.stopped_by[line, disruption]:
            rate *= plan.goes_on[line, disruption]
    for consenter in range(plan.consenters.shape[1]):
        if plan.consenters[line, consenter]:
            rate *= governments.consent[consenter, standing.stance[consenter]]
    if government >= 0:
        rate *= governments.priority[government, standing.stance[government]]
        danger = setting.levels[plan.buyer_theatre[line]] if plan.buyer_theatre[line] >= 0 else 0
        rate *= share_supplied(governments, standing, government, EQUIPMENT, int(danger))
    return float(rate)


@inlined
def step_production(
    plan: LinePlan, state: LineState, lots: LotPlan, items: LotState, governments: GovernmentPlan,
    standing: GovernmentState, instruments: InstrumentState, transfers: TransferState, setting: Setting,
) -> None:  # fmt: skip
    """Let each line make whole items for its lots in order of due date, and put them in port.

    Notes
    -----
    Output is the whole part of an accumulator fed by a Gamma process with shape Δ/CV² a step, so that a year's output
    has the mean rate and the coefficient of variation CV at any step (van Noortwijk 2009, A survey of the
    application of gamma processes in maintenance).
    """
    for line in range(plan.rate.size):
        lot = _next_lot(lots, items, instruments, line, setting.step)
        rate = 0.0 if lot < 0 else _rate(plan, line, governments, standing, transfers, setting)
        if rate <= 0.0:
            continue
        if plan.home_theatre[line] >= 0:
            level = setting.levels[plan.home_theatre[line]]
            taken, asked = plan.diversion[line, level], plan.own_need[line, level]
            state.own_late[line] += rate * max(0.0, asked - taken) * setting.step_years
            rate *= 1.0 - taken
        work, square = setting.step_years, plan.variation[line] ** 2
        if square > 0.0:
            uniform = draw_uniform(setting.key, plan.streams[line, 0], setting.step, 0)
            work = square * gamma_inverse(uniform, setting.step_years / square)
        state.unfinished[line] += rate * lots.slip[lot] * work
        while state.unfinished[line] >= 1.0:
            finished = int(min(state.unfinished[line], float(lots.quantity[lot] - items.made[lot])))
            state.unfinished[line] -= finished
            if items.at_port[lot] == 0:
                items.waits_since[lot] = setting.step + 1
            items.made[lot] += finished
            items.at_port[lot] += finished
            lot = _next_lot(lots, items, instruments, line, setting.step)
            if lot < 0:
                state.unfinished[line] = 0.0
                break
