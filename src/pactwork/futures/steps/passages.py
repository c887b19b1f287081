"""Sea passages: each closes by itself, or while its theatre is at a level, and opens again."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from pactwork.futures.arrays import Axes, Counts, Flags, Floats, Words
from pactwork.futures.compiling import inlined
from pactwork.futures.draws import Key
from pactwork.futures.steps.outages import OutagePath, OutageState, begin_outage, record_outage, run_outage


class PassagePlan(NamedTuple):
    """What closes passages; the axis "outage" runs over them."""

    hazard: Annotated[Floats, Axes(("outage",), "hazard of closing by itself, per year")]
    mean_years: Annotated[Floats, Axes(("outage",), "mean length of a closure, in years")]
    theatre: Annotated[Counts, Axes(("outage",), "theatre it lies in; -1 none", -1)]
    closing_level: Annotated[Counts, Axes(("outage",), "level that keeps it closed; 9 never", 9)]
    out: Annotated[Floats, Axes(("outage",), "1 where it is closed at the start")]
    streams: Annotated[Words, Axes(("outage", 2), "words of OUTAGE_DECISIONS")]


@inlined
def step_passages(
    plan: PassagePlan, state: OutageState, path: OutagePath, key: Key, step: int, step_years: float,
    after: Flags,
) -> None:  # fmt: skip
    """Close and open passages through one step, and record how they stand at its end.

    Notes
    -----
    An alternating renewal process: exponential time open, exponential time closed (Ross, Introduction to Probability
    Models, ch. 7). A theatre at the closing level closes an open passage at the step's end, again and again: since
    exponential times have no memory, it stays closed until the level falls, and for such a time after.
    """
    years, step_end = step * step_years, (step + 1) * step_years
    for row in range(plan.hazard.size):
        run_outage(state, plan.streams, key, row, years, step_years, plan.hazard[row], plan.mean_years[row])
        theatre, level = plan.theatre[row], plan.closing_level[row]
        if theatre >= 0 and level <= after[theatre] and state.ends[row] <= step_end:
            begin_outage(state, plan.streams, key, row, step_end, plan.mean_years[row])
        record_outage(state, path, row, step + 1, step_end)
