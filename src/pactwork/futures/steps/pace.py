"""The fleet's pace: rates of a step, and substeps short enough for them."""

from __future__ import annotations

import math
from typing import NamedTuple

from pactwork.futures.arrays import Floats
from pactwork.futures.compiling import compiled, inlined
from pactwork.futures.steps.fleet_plan import FleetPlan
from pactwork.futures.steps.setting import Setting

STEEPEST = 0.25
"""No rate times a substep exceeds it: against the exact Markov chain, means are then right to 3 parts in a thousand."""


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


@compiled
def odds(hazard: float) -> float:
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
        fails * span, odds(fails * span), odds(0.5 * fails * span),
        worn * span, odds(worn * span), odds(0.5 * worn * span), damaged * span, lost * span,
        field * span, depot * span, overhaul * span,
        odds(field * span), odds(depot * span), odds(overhaul * span),
    )  # fmt: skip


@inlined
def keep_pace(plan: FleetPlan, system: int, kept: Floats, setting: Setting) -> None:
    """Find a system's rates anew where they are not those of the step before."""
    theatre = plan.theatre[system]
    level = setting.levels[theatre] if theatre >= 0 else 0
    if plan.ageing[system] == 0.0 and kept[0] == level and kept[1] == (1.0 if setting.warned else 0.0):
        return
    pace = find_pace(plan, system, level, setting)
    for entry in range(kept.size):
        kept[entry] = pace[entry]


@inlined
def read_pace(kept: Floats) -> Pace:
    """Return the rates that were kept."""
    return Pace(kept[0], kept[1], kept[2], kept[3], kept[4], kept[5], kept[6], kept[7], kept[8], kept[9], kept[10],
                kept[11], kept[12], kept[13], kept[14], kept[15], kept[16], kept[17])  # fmt: skip
