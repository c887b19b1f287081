"""Theatres: levels of tension that rise and fall, raise each other's odds, and sometimes rise together."""

from __future__ import annotations

import math
from typing import Annotated, NamedTuple

from pactwork.futures.arrays import Axes, Flags, Floats, Words
from pactwork.futures.compiling import inlined
from pactwork.futures.draws import Key, draw_uniform

CALM, PROBING, CRISIS, WAR = 0, 1, 2, 3
THEATRE_DECISIONS = ("moves",)
CAUSE_DECISIONS = ("strikes",)


class TheatrePlan(NamedTuple):
    """What moves the theatres; hazards are per year."""

    initial: Annotated[Flags, Axes(("theatre",), "level at the start: 0 calm, 1 probing, 2 crisis, 3 war")]
    up: Annotated[Floats, Axes(("theatre", 3), "hazard of rising from level 0, 1, 2")]
    down: Annotated[Floats, Axes(("theatre", 3), "hazard of falling from level 1, 2, 3")]
    opportunism: Annotated[Floats, Axes(("theatre", "theatre"), "factor on rising for each other one at war", 1.0)]
    alarm: Annotated[Floats, Axes(("theatre", "theatre"), "factor on rising for each other one in crisis", 1.0)]
    rebuild_from_years: Annotated[Floats, Axes(("theatre", 3), "when an adversary begins to recover, from the start")]
    rebuild_to_years: Annotated[Floats, Axes(("theatre", 3), "when it has recovered, years from the start")]
    rebuild_floor: Annotated[Floats, Axes(("theatre", 3), "factor on rising from a level until then", 1.0)]
    streams: Annotated[Words, Axes(("theatre", 1), "words of THEATRE_DECISIONS")]
    cause_hazard: Annotated[Floats, Axes(("cause",), "hazard of a common cause")]
    cause_raises: Annotated[Flags, Axes(("cause", "theatre"), "1 where the cause raises the theatre")]
    cause_streams: Annotated[Words, Axes(("cause", 1), "words of CAUSE_DECISIONS")]


@inlined
def ramp(at: float, begins: float, ends: float, floor: float) -> float:
    """Return a factor that grows in a straight line from ``floor`` to 1 between two times."""
    if at >= ends:
        return 1.0
    if at <= begins:
        return floor
    return floor + (1.0 - floor) * (at - begins) / (ends - begins)


@inlined
def _factor_on_rising(plan: TheatrePlan, theatre: int, level: int, years: float, before: Flags) -> float:
    begins, ends = plan.rebuild_from_years[theatre, level], plan.rebuild_to_years[theatre, level]
    factor = ramp(years, begins, ends, plan.rebuild_floor[theatre, level])
    for other in range(before.size):
        if other != theatre and before[other] == WAR:
            factor *= plan.opportunism[theatre, other]
        elif other != theatre and before[other] == CRISIS:
            factor *= plan.alarm[theatre, other]
    return factor


@inlined
def step_theatres(plan: TheatrePlan, key: Key, step: int, step_years: float, before: Flags, after: Flags) -> None:
    """Move each theatre by at most one level, from the levels at the step's start.

    Parameters
    ----------
    before, after : ndarray of shape (theatre,)
        Levels at the start and, written here, at the end of the step.

    Notes
    -----
    Competing hazards: something happens with 1 - exp(-(a + b)Δ), and it is the rise with a/(a + b). Falls take the low
    end of the uniform and rises the high end, so that more hazard of rising never lowers a level within a draw.
    A common cause of hazard c raises all it names at once: Marshall and Olkin (1967), A multivariate exponential
    distribution.
    """
    for theatre in range(before.size):
        level = int(before[theatre])
        after[theatre] = level
        up = 0.0
        if level < WAR:
            up = plan.up[theatre, level] * _factor_on_rising(plan, theatre, level, step * step_years, before)
        down = plan.down[theatre, level - 1] if level > CALM else 0.0
        if up + down <= 0.0:
            continue
        moves = -math.expm1(-(up + down) * step_years)
        uniform = draw_uniform(key, plan.streams[theatre, 0], step, 0)
        if uniform < moves * down / (up + down):
            after[theatre] = level - 1
        elif uniform > 1.0 - moves * up / (up + down):
            after[theatre] = level + 1
    for cause in range(plan.cause_hazard.size):
        strikes = -math.expm1(-plan.cause_hazard[cause] * step_years)
        if strikes > 0.0 and draw_uniform(key, plan.cause_streams[cause, 0], step, 0) > 1.0 - strikes:
            for theatre in range(before.size):
                if plan.cause_raises[cause, theatre]:
                    after[theatre] = min(WAR, int(before[theatre]) + 1)
