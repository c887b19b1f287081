"""Acceptance: integration, mounting and crews take what has arrived into service at a limited rate."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from pactwork.futures.arrays import Axes, Counts, Floats
from pactwork.futures.compiling import inlined
from pactwork.futures.steps.setting import Setting


class AcceptancePlan(NamedTuple):
    """How quickly each system is accepted."""

    rate: Annotated[Floats, Axes(("system",), "items a year", 1e9)]
    delay_steps: Annotated[Counts, Axes(("system",), "shortest time from arrival to service, in steps")]
    queue: Annotated[Counts, Axes(("system",), "items in acceptance at the start")]


class AcceptanceState(NamedTuple):
    """What waits for acceptance."""

    queue: Annotated[Counts, Axes(("system",), "items arrived and not yet in service")]
    work: Annotated[Floats, Axes(("system",), "part of an acceptance that is done")]
    accepted: Annotated[Counts, Axes(("system",), "items accepted since the start")]
    came: Annotated[Counts, Axes(("system", "step"), "items that had come by the end of each step")]


@inlined
def step_acceptance(plan: AcceptancePlan, state: AcceptanceState, ready: Counts, setting: Setting) -> None:
    """Put what is accepted into service: the whole part of rate × Δ added up, and no more than has been there for long.

    Parameters
    ----------
    ready : ndarray of shape (system,)
        Items ready, added to here.

    Notes
    -----
    A server of constant rate behind a delay: what has come is accepted no sooner than the shortest time after, in a
    queue with one channel and deterministic service. Work is not done ahead of arrivals. What waits at the start has
    waited long enough.
    """
    for system in range(plan.rate.size):
        state.came[system, setting.step] = state.accepted[system] + state.queue[system]
        long_enough = setting.step - plan.delay_steps[system]
        due = state.came[system, long_enough] if long_enough >= 0 else plan.queue[system]
        waiting = due - state.accepted[system]
        if waiting <= 0:
            state.work[system] = 0.0
            continue
        state.work[system] += plan.rate[system] * setting.step_years
        done = int(min(state.work[system], float(waiting)))
        state.work[system] -= done
        state.queue[system] -= done
        state.accepted[system] += done
        ready[system] += done
