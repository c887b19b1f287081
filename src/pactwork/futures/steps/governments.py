"""Governments: elections and collapses, and the stance that comes of them."""

from __future__ import annotations

import math
from typing import Annotated, NamedTuple

from pactwork.futures.arrays import Axes, Counts, Flags, Floats, Words
from pactwork.futures.compiling import compiled, inlined
from pactwork.futures.draws import Key, draw_pair, draw_uniform

COMMITTED, TRANSACTIONAL, RELUCTANT = 0, 1, 2
EQUIPMENT, SPARES, MUNITIONS = 0, 1, 2
GOODS = ("equipment", "spares", "munitions")
"""What a government may let go or hold back: an axis of ``GovernmentPlan.supply_policy``."""
CHANGE_DECISIONS = ("falls",)
STANCE_DECISIONS = ("turns",)


class ChangePlan(NamedTuple):
    """When governments change: part of the environment."""

    scheduled: Annotated[Flags, Axes(("step", "government"), "1 in the step of an election")]
    snap_hazard: Annotated[Floats, Axes(("government",), "hazard of impeachment or collapse, per year")]
    streams: Annotated[Words, Axes(("government", 1), "words of CHANGE_DECISIONS")]


class GovernmentPlan(NamedTuple):
    """What stance comes of a change, and what a stance is worth."""

    initial: Annotated[Flags, Axes(("government",), "stance: 0 committed, 1 transactional, 2 reluctant")]
    chances: Annotated[Floats, Axes(("government", 3), "chance of each stance after a change", 1 / 3)]
    threat_weight: Annotated[Floats, Axes(("government", "theatre"), "share of each theatre in the threat perceived")]
    threat_pull: Annotated[Floats, Axes(("government",), "log-odds of a warmer stance per unit of threat")]
    carried_over: Annotated[Floats, Axes(("government",), "chance that a change leaves the stance as it is")]
    continuity: Annotated[Floats, Axes(("government",), "chance that a change cannot make the stance colder")]
    signing: Annotated[Floats, Axes(("government", 3), "factor on signing by stance", 1.0)]
    transfer: Annotated[Floats, Axes(("government", 3), "factor on transfer of technology by stance", 1.0)]
    consent: Annotated[Floats, Axes(("government", 3), "factor on what needs its consent by stance", 1.0)]
    priority: Annotated[Floats, Axes(("government", 3), "factor on the maker's line by stance", 1.0)]
    supply_policy: Annotated[
        Floats, Axes(("government", 3, 3, 4), "share supplied, by GOODS, stance, level of the buyer's theatre", 1.0)
    ]
    streams: Annotated[Words, Axes(("government", 1), "words of STANCE_DECISIONS")]


class GovernmentState(NamedTuple):
    """How governments stand."""

    stance: Annotated[Counts, Axes(("government",), "0 committed, 1 transactional, 2 reluctant")]
    ordinal: Annotated[Counts, Axes(("government",), "changes so far")]


@inlined
def step_changes(plan: ChangePlan, key: Key, step: int, step_years: float, changed: Flags) -> None:
    """Write which governments change within a step: by calendar, or with a hazard.

    Notes
    -----
    Exponential waiting: P(a collapse within the step) = 1 - exp(-hΔ).
    """
    for row in range(plan.snap_hazard.size):
        changed[row] = plan.scheduled[step, row]
        if plan.snap_hazard[row] > 0.0:
            falls = -math.expm1(-plan.snap_hazard[row] * step_years)
            if draw_uniform(key, plan.streams[row, 0], step, 0) < falls:
                changed[row] = 1


@compiled
def _warmer(chance: float, pull: float) -> float:
    """Return a chance whose log-odds are moved by ``pull``."""
    if chance <= 0.0 or chance >= 1.0 or pull == 0.0:
        return chance
    return 1.0 / (1.0 + (1.0 - chance) / chance * math.exp(-pull))


@inlined
def step_governments(plan: GovernmentPlan, state: GovernmentState, key: Key, changed: Flags, levels: Flags) -> None:
    """Give each government that changes its new stance.

    Notes
    -----
    The n-th change of a government has one uniform u; the stance is the first whose cumulative chance exceeds u, with
    log-odds moved by what threats are perceived (proportional odds: McCullagh 1980). A second uniform decides
    whether the stance is carried over as it was, or dialogue with the opposition keeps it from becoming colder.
    """
    for row in range(plan.initial.size):
        if not changed[row]:
            continue
        threat = 0.0
        for theatre in range(levels.size):
            threat += plan.threat_weight[row, theatre] * levels[theatre] / 3.0
        pull = plan.threat_pull[row] * threat
        stance_luck, keeping_luck = draw_pair(key, plan.streams[row, 0], state.ordinal[row], 0)
        state.ordinal[row] += 1
        committed, reluctant = plan.chances[row, COMMITTED], plan.chances[row, RELUCTANT]
        stance = COMMITTED
        if stance_luck >= _warmer(1.0 - reluctant, pull):
            stance = RELUCTANT
        elif stance_luck >= _warmer(committed, pull):
            stance = TRANSACTIONAL
        kept = plan.carried_over[row]
        if keeping_luck < kept:
            stance = int(state.stance[row])
        elif keeping_luck < kept + (1.0 - kept) * plan.continuity[row]:
            stance = min(stance, int(state.stance[row]))
        state.stance[row] = stance


@inlined
def share_supplied(plan: GovernmentPlan, state: GovernmentState, government: int, good: int, level: int) -> float:
    """Return the share of a good that a government lets go to a buyer whose theatre is at ``level``; 1 where none."""
    return 1.0 if government < 0 else plan.supply_policy[government, good, state.stance[government], level]
