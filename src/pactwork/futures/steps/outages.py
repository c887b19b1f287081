"""What stops for a time and goes on again: the clock that passages and disruptions share."""

from __future__ import annotations

import math
from typing import Annotated, NamedTuple

from pactwork.futures.arrays import Axes, Counts, Floats, Shares, Words
from pactwork.futures.compiling import compiled, inlined
from pactwork.futures.draws import Key, draw_exponential, draw_pair

OUTAGE_DECISIONS = ("begins", "lasts")


class OutageState(NamedTuple):
    """Where each outage's clock stands; times in years from the start."""

    waits: Annotated[Floats, Axes(("outage",), "integrated hazard until the next outage begins")]
    begins: Annotated[Floats, Axes(("outage",), "when the last outage began")]
    ends: Annotated[Floats, Axes(("outage",), "when the last outage ends or ended")]
    mark: Annotated[Floats, Axes(("outage",), "uniform of the last outage, by which a choice prevents it")]
    ordinal: Annotated[Counts, Axes(("outage",), "outages so far")]


class OutagePath(NamedTuple):
    """All outages of a run as they stand at each step; a choice may prevent or shorten them."""

    elapsed: Annotated[Shares, Axes(("step", "outage"), "share of the outage that is over; -1 where there is none")]
    mark: Annotated[Shares, Axes(("step", "outage"), "uniform by which a choice prevents it")]


class OutageRelief(NamedTuple):
    """What a choice changes about outages."""

    happens: Annotated[Floats, Axes(("outage",), "share of outages that still happen", 1.0)]
    lasts: Annotated[Floats, Axes(("outage",), "share of its length that an outage still lasts", 1.0)]


@inlined
def begin_outage(state: OutageState, streams: Words, key: Key, row: int, at: float, mean_years: float) -> None:
    """Begin an outage of exponential length, and draw when the next one comes."""
    length, state.mark[row] = draw_pair(key, streams[row, 1], state.ordinal[row], 0)
    state.begins[row] = at
    state.ends[row] = at - mean_years * math.log1p(-length)
    state.ordinal[row] += 1
    state.waits[row] = draw_exponential(key, streams[row, 0], state.ordinal[row], 0)


@compiled
def reset_outages(
    state: OutageState, path: OutagePath, streams: Words, key: Key, mean_years: Floats, out: Floats
) -> None:
    """Set each clock to the start of a run; what is ``out`` then has just begun to be."""
    for row in range(state.waits.size):
        state.begins[row] = state.ends[row] = state.mark[row] = 0.0
        state.ordinal[row] = 0
        state.waits[row] = draw_exponential(key, streams[row, 0], 0, 0)
        if out[row] > 0.0:
            begin_outage(state, streams, key, row, 0.0, mean_years[row])
        record_outage(state, path, row, 0, 0.0)


@inlined
def run_outage(
    state: OutageState, streams: Words, key: Key, row: int, years: float, step_years: float, hazard: float,
    mean_years: float,
) -> None:  # fmt: skip
    """Let one clock run through a step.

    Notes
    -----
    An outage begins when the hazard integrated since the last one ended exceeds a unit exponential: exact for hazards
    constant within a step, and indexed by outages, so that the n-th has the same luck whenever it comes.
    """
    at, step_end = max(years, state.ends[row]), years + step_years
    while at < step_end and hazard > 0.0:
        if state.waits[row] > hazard * (step_end - at):
            state.waits[row] -= hazard * (step_end - at)
            break
        begin_outage(state, streams, key, row, at + state.waits[row] / hazard, mean_years)
        at = state.ends[row]


@inlined
def record_outage(state: OutageState, path: OutagePath, row: int, step: int, years: float) -> None:
    """Write how an outage stands at the beginning of a step."""
    begins, ends = state.begins[row], state.ends[row]
    path.elapsed[step, row] = (years - begins) / (ends - begins) if begins <= years < ends else -1.0
    path.mark[step, row] = state.mark[row]


@inlined
def is_out(path: OutagePath, relief: OutageRelief, step: int, row: int) -> bool:
    """Return whether something is out at a step, given what a choice prevents and shortens."""
    elapsed = path.elapsed[step, row]
    return bool(0.0 <= elapsed < relief.lasts[row] and path.mark[step, row] < relief.happens[row])
