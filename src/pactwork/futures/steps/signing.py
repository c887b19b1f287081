"""Signing: instruments planned for a date come into force after it, if stance and credit allow."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from pactwork.futures.arrays import Axes, Counts, Floats, Words
from pactwork.futures.compiling import compiled, inlined
from pactwork.futures.draws import Key, draw_exponential, draw_uniform
from pactwork.futures.steps.governments import GovernmentPlan, GovernmentState
from pactwork.futures.steps.setting import Setting

UNSIGNED, NEVER = -1, -2
INSTRUMENT_DECISIONS = ("signed", "exercised")


class InstrumentPlan(NamedTuple):
    """Contracts and options."""

    planned_years: Annotated[Floats, Axes(("instrument",), "day it is planned for, years from the start; 0 in force")]
    in_force: Annotated[Floats, Axes(("instrument",), "1 where it is in force at the start")]
    hazard: Annotated[Floats, Axes(("instrument",), "hazard of signing once planned, per year")]
    exercised: Annotated[Floats, Axes(("instrument",), "chance that an option becomes an instrument", 1.0)]
    government: Annotated[Counts, Axes(("instrument",), "government whose stance counts; -1 none", -1)]
    buyer: Annotated[Counts, Axes(("instrument",), "buyer's government, whose stance counts as well; -1 none", -1)]
    credit: Annotated[Counts, Axes(("instrument",), "disruption that closes its credit; -1 none", -1)]
    streams: Annotated[Words, Axes(("instrument", 2), "words of INSTRUMENT_DECISIONS")]


class InstrumentState(NamedTuple):
    """Which instruments are in force."""

    waits: Annotated[Floats, Axes(("instrument",), "integrated hazard until it is signed")]
    signed_step: Annotated[Counts, Axes(("instrument",), "step of signing; -1 not yet, -2 never")]


@compiled
def reset_instruments(plan: InstrumentPlan, state: InstrumentState, key: Key) -> None:
    """Set instruments to the start of a run."""
    for row in range(plan.hazard.size):
        state.waits[row] = draw_exponential(key, plan.streams[row, 0], 0, 0)
        state.signed_step[row] = UNSIGNED
        if plan.in_force[row] > 0.0:
            state.signed_step[row] = 0
        elif draw_uniform(key, plan.streams[row, 1], 0, 0) >= plan.exercised[row]:
            state.signed_step[row] = NEVER


@inlined
def step_signing(
    plan: InstrumentPlan, state: InstrumentState, governments: GovernmentPlan, standing: GovernmentState,
    setting: Setting,
) -> None:  # fmt: skip
    """Sign what is due: hazard × stance × (credit open).

    Notes
    -----
    Signed when the hazard integrated since the planned day exceeds a unit exponential: the time-rescaled exponential
    wait (Brown et al. 2002), so that a warmer stance never signs later within a draw. The moment is rounded to the
    nearest step, so that a longer step delays nothing.
    """
    for row in range(plan.hazard.size):
        if state.signed_step[row] != UNSIGNED:
            continue
        credit, government = plan.credit[row], plan.government[row]
        if credit >= 0 and setting.out[credit]:
            continue
        hazard = plan.hazard[row]
        if government >= 0:
            hazard *= governments.signing[government, standing.stance[government]]
        if plan.buyer[row] >= 0:
            hazard *= governments.signing[plan.buyer[row], standing.stance[plan.buyer[row]]]
        open_years = min(setting.step_years, (setting.step + 1) * setting.step_years - plan.planned_years[row])
        state.waits[row] -= hazard * max(0.0, open_years)
        if state.waits[row] <= 0.0:
            late = -state.waits[row] > 0.5 * hazard * setting.step_years  # more than half of the step is left
            state.signed_step[row] = setting.step + (0 if late else 1)


@inlined
def is_in_force(state: InstrumentState, instrument: int, step: int) -> bool:
    """Return whether an instrument is in force at the beginning of a step; none at all always is."""
    return bool(instrument < 0 or 0 <= state.signed_step[instrument] <= step)
