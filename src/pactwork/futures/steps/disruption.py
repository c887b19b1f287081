"""Disruptions: cyber incidents in lines and ports, broken supply of components, closed credit."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from pactwork.futures.arrays import Axes, Counts, Flags, Floats, Words
from pactwork.futures.compiling import inlined
from pactwork.futures.draws import Key
from pactwork.futures.steps.outages import OutagePath, OutageState, record_outage, run_outage


class DisruptionPlan(NamedTuple):
    """What stops lines, ports, supply of components or credit; the axis "outage" runs over them."""

    hazard: Annotated[Floats, Axes(("outage",), "hazard while its theatre is calm, per year")]
    mean_years: Annotated[Floats, Axes(("outage",), "mean length, in years")]
    theatre: Annotated[Counts, Axes(("outage",), "theatre that makes it more frequent; -1 none", -1)]
    tension: Annotated[Floats, Axes(("outage", 4), "factor on the hazard by that theatre's level", 1.0)]
    out: Annotated[Floats, Axes(("outage",), "1 where it is out at the start")]
    streams: Annotated[Words, Axes(("outage", 2), "words of OUTAGE_DECISIONS")]


@inlined
def step_disruption(
    plan: DisruptionPlan, state: OutageState, path: OutagePath, key: Key, step: int, step_years: float, levels: Flags
) -> None:
    """Stop and restart through one step, and record how things stand at its end.

    Notes
    -----
    An alternating renewal process whose hazard follows a theatre's level
    (Ross, Introduction to Probability Models, ch. 7).
    """
    for row in range(plan.hazard.size):
        hazard = plan.hazard[row]
        if plan.theatre[row] >= 0:
            hazard *= plan.tension[row, levels[plan.theatre[row]]]
        run_outage(state, plan.streams, key, row, step * step_years, step_years, hazard, plan.mean_years[row])
        record_outage(state, path, row, step + 1, (step + 1) * step_years)
