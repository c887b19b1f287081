"""Oracles of waiting: closures, collapses, transfer stages, a common cause."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.linalg import expm

from pactwork.futures.arrays import Floats, make_arrays
from pactwork.futures.compiling import compiled
from pactwork.futures.draws import Key, Streams, make_key
from pactwork.futures.environment import (
    EnvironmentPaths,
    EnvironmentPlan,
    EnvironmentState,
    make_environment,
    make_paths,
    play_environment,
)
from pactwork.futures.oracles.closed_forms import both_raised
from pactwork.futures.oracles.judging import MEAN_SHARE, SEED, STEP_DAYS, Oracle, judge, judge_sample
from pactwork.futures.steps.governments import CHANGE_DECISIONS, GovernmentPlan, GovernmentState
from pactwork.futures.steps.outages import OUTAGE_DECISIONS
from pactwork.futures.steps.setting import DAYS_A_YEAR, Setting
from pactwork.futures.steps.signing import InstrumentState
from pactwork.futures.steps.theatres import CAUSE_DECISIONS, THEATRE_DECISIONS
from pactwork.futures.steps.transfer import (
    TRANSFER_DECISIONS,
    TransferPlan,
    TransferState,
    reset_transfers,
    step_transfer,
)

STEP_YEARS = STEP_DAYS / DAYS_A_YEAR
_ROSS = "Ross, Introduction to Probability Models, ch. 5 and 7"


@compiled
def play_waits(
    plan: EnvironmentPlan, paths: EnvironmentPaths, state: EnvironmentState, first: Key, runs: int, step_years: float,
    found: Floats,
) -> None:  # fmt: skip
    """Play environments of one passage, one government and two theatres.

    Parameters
    ----------
    found : ndarray of shape (run, 5)
        Written here: years until the first closure (horizon where none came), share of steps that begin closed,
        years until the first collapse, 1 where both theatres rose above calm, and the first one's level at the end.
    """
    steps = paths.levels.shape[1] - 1
    for run in range(runs):
        key = Key(first.seed, first.future, np.uint64(run))
        play_environment(plan, paths, state, 0, key, step_years, 0)
        closed, first_closed, changed = 0, float(steps), float(steps)
        for step in range(steps, -1, -1):
            if paths.passage_elapsed.shape[2] > 0 and paths.passage_elapsed[0, step, 0] >= 0.0:
                closed += 1
                first_closed = step - 0.5
            if paths.changed.shape[2] > 0 and paths.changed[0, step, 0]:
                changed = step + 0.5
        found[run, 0], found[run, 1] = first_closed * step_years, closed / (steps + 1)
        found[run, 2] = changed * step_years
        found[run, 3] = 0.0
        if paths.levels.shape[2] == 2 and paths.levels[0, steps, 0] > 0 and paths.levels[0, steps, 1] > 0:
            found[run, 3] = 1.0
        found[run, 4] = paths.levels[0, steps, 0] if paths.levels.shape[2] > 0 else 0.0


def _sample(years: float, runs: int, sizes: dict[str, int], **parts: Any) -> Floats:
    sizes = {**sizes, "step": round(years / STEP_YEARS) + 1}
    plan = make_environment(sizes, **parts)
    found = np.zeros((runs, 5))
    play_waits(plan, *make_paths(sizes, 1), make_key(SEED, 0, 0), runs, STEP_YEARS, found)
    return found


def check_closures(skew: float = 1.0) -> list[Oracle]:
    """A passage closes after an exponential time, and is closed for its share of the time."""
    hazard, mean_years = 0.8, 0.25
    streams = Streams().table(["passage"], OUTAGE_DECISIONS)

    def sample(years: float, runs: int, mean: float) -> Floats:
        closing = {"hazard": hazard * skew, "mean_years": mean, "streams": streams}
        return _sample(years, runs, {"passage": 1}, passages=closing)

    waits = sample(16.0, 60_000, 1e6)[:, 0]  # never open again, so that none is over before a step sees it
    found = judge_sample("waiting for a closure", waits, 1.0 / hazard, 1.0 / hazard, _ROSS)
    shares = sample(100.0, 2000, mean_years)[:, 1]
    error, expected = float(shares.std()) / math.sqrt(len(shares)), mean_years / (mean_years + 1.0 / hazard)
    return [*found, judge("share of time closed", float(shares.mean()), error, expected, MEAN_SHARE, _ROSS)]


def check_elections(skew: float = 1.0) -> list[Oracle]:
    """A government falls after an exponential time."""
    hazard = 0.8
    falling = {"snap_hazard": hazard * skew, "streams": Streams().table(["government"], CHANGE_DECISIONS)}
    waits = _sample(16.0, 60_000, {"government": 1}, changes=falling)[:, 2]
    return judge_sample("waiting for a collapse", waits, 1.0 / hazard, 1.0 / hazard, _ROSS)


def check_common_cause(skew: float = 1.0) -> list[Oracle]:
    """Two theatres that rise alone, and together by a common cause."""
    first, second, common, years = 0.2, 0.3, 0.15, 3.0
    streams = Streams()
    rising = {"up": [[first, 0.0, 0.0], [second, 0.0, 0.0]],
              "streams": streams.table(["one", "two"], THEATRE_DECISIONS),
              "cause_hazard": common * skew, "cause_raises": [[1, 1]],
              "cause_streams": streams.table(["both"], CAUSE_DECISIONS)}  # fmt: skip
    steps = round(years / STEP_YEARS)
    raised = _sample(years, 100_000, {"theatre": 2, "cause": 1}, theatres=rising)[:, 3]
    expected = both_raised(first, second, common, steps * STEP_YEARS)
    error = float(raised.std()) / math.sqrt(len(raised))
    return [judge("common cause: both raised by three years", float(raised.mean()), error, expected, MEAN_SHARE,
                  "Marshall and Olkin 1967")]  # fmt: skip


def check_theatre(skew: float = 1.0) -> list[Oracle]:
    """A theatre is above probing, or at war, as its chain says, though its crises last only weeks."""
    up, down, years, runs = [2.0, 1.5, 0.8], [0.7, 6.0, 1.2], 3.0, 200_000
    rising = {"initial": 1, "up": [[up[0], up[1] * skew, up[2]]], "down": [down],
              "streams": Streams().table(["theatre"], THEATRE_DECISIONS)}  # fmt: skip
    steps = round(years / STEP_YEARS)
    last = _sample(years, runs, {"theatre": 1}, theatres=rising)[:, 4]
    moves = np.diag(up, 1) + np.diag(down, -1)
    chances = expm((moves - np.diag(moves.sum(axis=1))) * steps * STEP_YEARS)[1]
    found = []
    for level, name in ((2, "in crisis or war"), (3, "at war")):
        share = last >= level
        error, expected = float(share.std()) / math.sqrt(runs), float(chances[level:].sum())
        found.append(judge(f"theatre {name} after three years", float(share.mean()), error, expected, MEAN_SHARE,
                           "Norris 1997, Markov Chains, ch. 2; matrix exponential by SciPy"))  # fmt: skip
    return found


@compiled
def play_transfer(
    plan: TransferPlan, state: TransferState, governments: GovernmentPlan, standing: GovernmentState,
    instruments: InstrumentState, quiet: Setting, steps: int, found: Floats,
) -> None:  # fmt: skip
    """Write the years until what a transfer alone opens is open in each run."""
    for run in range(found.size):
        key = Key(quiet.key.seed, quiet.key.future, np.uint64(run))
        reset_transfers(plan, state)
        step = 0
        while state.opened_step[0] < 0 and step < steps:
            setting = Setting(key, step, quiet.step_years, quiet.levels, 0, quiet.out, False)
            step_transfer(plan, state, governments, standing, instruments, setting)
            step += 1
        found[run] = state.opened_step[0] * quiet.step_years


def check_transfer(skew: float = 1.0) -> list[Oracle]:
    """A transfer of four stages takes an Erlang time."""
    stages, rate, found = 4, 1.6, np.zeros(40_000)
    streams = Streams().table(["transfer"], TRANSFER_DECISIONS)
    plan = make_arrays(TransferPlan, {"transfer": 1}, stages=stages, rate=rate * skew, streams=streams)
    nothing = np.zeros(0, dtype=np.uint8)
    quiet = Setting(make_key(SEED, 0, 0), 0, STEP_YEARS, nothing, 0, nothing, False)
    play_transfer(
        plan, make_arrays(TransferState, {"transfer": 1}), make_arrays(GovernmentPlan, {}),
        make_arrays(GovernmentState, {}), make_arrays(InstrumentState, {}), quiet, 2000, found,
    )  # fmt: skip
    return judge_sample("transfer of four stages", found, stages / rate, math.sqrt(stages) / rate, "Erlang 1909")
