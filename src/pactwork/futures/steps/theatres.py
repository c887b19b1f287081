"""Theatres: levels of tension that rise and fall, raise each other's odds, and sometimes rise together."""

from __future__ import annotations

import math
from typing import Annotated, NamedTuple

from pactwork.futures.arrays import Axes, Counts, Flags, Floats, Words
from pactwork.futures.compiling import compiled, inlined
from pactwork.futures.draws import Key, draw_uniform

CALM, PROBING, CRISIS, WAR = 0, 1, 2, 3
THEATRE_DECISIONS = ("moves",)
CAUSE_DECISIONS = ("strikes",)
_MOST_MOVES = 400
"""Terms after which a row is taken as whole; hazards of a hundred a step need fewer."""


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


class TheatreState(NamedTuple):
    """Chances of the level at a step's end, kept while what they hang on stays the same."""

    early: Annotated[Counts, Axes(("theatre",), "common causes that raise it in the first half of a step")]
    late: Annotated[Counts, Axes(("theatre",), "common causes that raise it in the second half")]
    held: Annotated[Counts, Axes(("theatre",), "level they are for; -1 none", -1.0)]
    up: Annotated[Floats, Axes(("theatre", 3), "hazards of rising they are for")]
    up_to: Annotated[Floats, Axes(("theatre", 4), "chance that the level is no higher")]


@inlined
def _factor_on_rising(plan: TheatrePlan, theatre: int, before: Flags) -> float:
    factor = 1.0
    for other in range(before.size):
        if other != theatre and before[other] == WAR:
            factor *= plan.opportunism[theatre, other]
        elif other != theatre and before[other] == CRISIS:
            factor *= plan.alarm[theatre, other]
    return factor


@compiled
def find_chances(level: int, up: Floats, down: Floats, years: float, up_to: Floats) -> None:
    """Write the chance that a theatre is at each level or lower after some years, its hazards unchanged.

    Parameters
    ----------
    up, down : ndarray of shape (3,)
        Hazards of rising from level 0, 1, 2, and of falling from level 1, 2, 3.
    up_to : ndarray of shape (4,)
        Written here.

    Notes
    -----
    A row of exp(Qt) by uniformization, all its terms positive: Σ Poisson(n; Λt) (I + Q/Λ)^n (Jensen 1953; Stewart,
    Introduction to the Numerical Solution of Markov Chains, ch. 8). More than one move may fall within a step.
    """
    fastest = max(max(up[0], up[1] + down[0]), max(up[2] + down[1], down[2]))
    calm, probing, crisis = 1.0 * (level == CALM), 1.0 * (level == PROBING), 1.0 * (level == CRISIS)
    war = 1.0 * (level == WAR)
    weight = math.exp(-fastest * years)
    seen, low, middle, high = weight, weight * calm, weight * probing, weight * crisis
    moves = 0
    while seen < 1.0 - 1e-13 and moves < _MOST_MOVES:
        moves += 1
        weight *= fastest * years / moves
        calm_out, probing_up, probing_down = calm * up[0], probing * up[1], probing * down[0]
        crisis_up, crisis_down, war_out = crisis * up[2], crisis * down[1], war * down[2]
        calm += (probing_down - calm_out) / fastest
        probing += (calm_out + crisis_down - probing_up - probing_down) / fastest
        crisis += (probing_up + war_out - crisis_up - crisis_down) / fastest
        war += (crisis_up - war_out) / fastest
        seen += weight
        low, middle, high = low + weight * calm, middle + weight * probing, high + weight * crisis
    up_to[CALM], up_to[PROBING], up_to[CRISIS], up_to[WAR] = low, low + middle, low + middle + high, 1.0


@inlined
def _keep_chances(plan: TheatrePlan, state: TheatreState, theatre: int, step: int, years: float, before: Flags) -> None:
    """Find a theatre's chances anew where its level or a hazard has changed."""
    level = min(WAR, int(before[theatre] + state.early[theatre]))
    factor = _factor_on_rising(plan, theatre, before)
    same = state.held[theatre] == level
    for rises in range(3):
        begins, ends = plan.rebuild_from_years[theatre, rises], plan.rebuild_to_years[theatre, rises]
        hazard = plan.up[theatre, rises] * factor
        if hazard > 0.0:
            hazard *= ramp(step * years, begins, ends, plan.rebuild_floor[theatre, rises])
        same = same and state.up[theatre, rises] == hazard
        state.up[theatre, rises] = hazard
    if not same:
        state.held[theatre] = level
        find_chances(level, state.up[theatre], plan.down[theatre], years, state.up_to[theatre])


@inlined
def _strike(plan: TheatrePlan, state: TheatreState, key: Key, step: int, step_years: float) -> None:
    """Count the common causes that strike within a step, at random before or after the theatres' own moves."""
    for theatre in range(state.early.size):
        state.early[theatre] = state.late[theatre] = 0
    for cause in range(plan.cause_hazard.size):
        strikes, stream = -math.expm1(-plan.cause_hazard[cause] * step_years), plan.cause_streams[cause, 0]
        if strikes > 0.0 and draw_uniform(key, stream, step, 0) > 1.0 - strikes:
            raised = state.early if draw_uniform(key, stream, step, 1) < 0.5 else state.late
            for theatre in range(raised.size):
                raised[theatre] += plan.cause_raises[cause, theatre]


@inlined
def step_theatres(
    plan: TheatrePlan, state: TheatreState, key: Key, step: int, step_years: float, before: Flags, after: Flags
) -> None:
    """Move each theatre, its hazards raised by the levels of the others at the step's start.

    Parameters
    ----------
    before, after : ndarray of shape (theatre,)
        Levels at the start and, written here, at the end of the step.

    Notes
    -----
    Competing hazards, exact within the step while the others stand still. Low levels take the low end of the uniform,
    so that more hazard of rising never lowers a level within a draw. A common cause of hazard c raises all it names at
    once: Marshall and Olkin (1967), A multivariate exponential distribution.
    """
    _strike(plan, state, key, step, step_years)
    for theatre in range(before.size):
        _keep_chances(plan, state, theatre, step, step_years, before)
        level = CALM
        if state.up_to[theatre, CALM] < 1.0:
            uniform = draw_uniform(key, plan.streams[theatre, 0], step, 0)
            while level < WAR and uniform >= state.up_to[theatre, level]:
                level += 1
        after[theatre] = min(WAR, int(level + state.late[theatre]))
