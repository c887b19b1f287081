"""Oracles of production: what a line makes in a year, on average and around it."""

from __future__ import annotations

import math

import numpy as np

from pactwork.futures.arrays import Floats, make_arrays
from pactwork.futures.compiling import compiled
from pactwork.futures.draws import Key, Streams, make_key
from pactwork.futures.oracles.judging import SEED, STEP_DAYS, Oracle, judge_sample
from pactwork.futures.steps.governments import GovernmentPlan, GovernmentState
from pactwork.futures.steps.production import (
    LINE_DECISIONS,
    LOT_DECISIONS,
    LinePlan,
    LineState,
    LotPlan,
    LotState,
    step_production,
)
from pactwork.futures.steps.setting import DAYS_A_YEAR, Setting
from pactwork.futures.steps.signing import InstrumentState
from pactwork.futures.steps.transfer import TransferState

_SOURCE = "van Noortwijk 2009, gamma processes in maintenance, eq. 1–3"


@compiled
def play_line(
    plan: LinePlan, state: LineState, lots: LotPlan, items: LotState,
    around: tuple[GovernmentPlan, GovernmentState, InstrumentState, TransferState], quiet: Setting, steps: int,
    found: Floats,
) -> None:  # fmt: skip
    """Write the items that a line alone makes in the second of two spans of so many steps, for each run.

    In the first the line takes up an item somewhere in its making, so that whole items tell no less than the rate.
    """
    governments, standing, instruments, transfers = around
    for run in range(found.size):
        key = Key(quiet.key.seed, quiet.key.future, np.uint64(run))
        state.unfinished[0], items.made[0], items.at_port[0] = 0.0, 0, 0
        before = 0
        for step in range(2 * steps):
            if step == steps:
                before = items.made[0]
            setting = Setting(key, step, quiet.step_years, quiet.levels, 0, quiet.out, False)
            step_production(plan, state, lots, items, governments, standing, instruments, transfers, setting)
        found[run] = items.made[0] - before


def sample_output(rate: float, variation: float, runs: int) -> tuple[Floats, float]:
    """Return items made in a year in each run, and the length of that year of whole steps, in years."""
    steps, step_years, streams = round(DAYS_A_YEAR / STEP_DAYS), STEP_DAYS / DAYS_A_YEAR, Streams()
    plan = make_arrays(
        LinePlan, {"line": 1}, rate=rate, variation=variation, streams=streams.table(["line"], LINE_DECISIONS)
    )
    lots = make_arrays(
        LotPlan, {"lot": 1}, quantity=2**40, streams=streams.table(["lot"], LOT_DECISIONS)
    )  # never all made
    around = (make_arrays(GovernmentPlan, {}), make_arrays(GovernmentState, {}), make_arrays(InstrumentState, {}),
              make_arrays(TransferState, {}))  # fmt: skip
    nothing = np.zeros(0, dtype=np.uint8)
    quiet = Setting(make_key(SEED, 0, 0), 0, step_years, nothing, 0, nothing, False)
    found = np.zeros(runs)
    state, items = make_arrays(LineState, {"line": 1}), make_arrays(LotState, {"lot": 1})
    play_line(plan, state, lots, items, around, quiet, steps, found)
    return found, steps * step_years


def check_production(skew: float = 1.0, unsteadiness: float = 1.0) -> list[Oracle]:
    """A line's output is a Gamma process: annual output has the mean rate and the coefficient of variation CV.

    Parameters
    ----------
    skew : float
        Factor on the rate that the model is given and the closed form is not: 1, but in tests.
    unsteadiness : float
        The same, on CV.

    Notes
    -----
    A step of Δ years adds rate × CV² × Gamma(Δ/CV²); over a time t that is Gamma(t/CV²), of mean t and variance t CV².
    A step's shape lies below 1 for the larger CV and above 1 for the smaller.
    """
    rate, found = 1000.0, []
    for variation in (0.35, 0.1):
        made, years = sample_output(rate * skew, variation * unsteadiness, 20_000)
        deviation = rate * variation * math.sqrt(years)
        found += judge_sample(f"annual output, CV {variation}", made, rate * years, deviation, _SOURCE)
    return found
