"""Oracles of the fleet: availability, machine repair, repairmen and spares, the pipeline, backorders."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pactwork.futures.arrays import Floats, make_arrays
from pactwork.futures.compiling import compiled
from pactwork.futures.draws import Key, Streams, make_key
from pactwork.futures.oracles.closed_forms import expected_backorders, machine_repair, mean_and_deviation
from pactwork.futures.oracles.judging import MEAN_SHARE, SEED, STEP_DAYS, Oracle, judge, judge_averages
from pactwork.futures.steps.fleet import needs_support, step_fleet
from pactwork.futures.steps.fleet_plan import FLEET_DECISIONS, FleetPlan, FleetState
from pactwork.futures.steps.governments import GovernmentPlan, GovernmentState
from pactwork.futures.steps.setting import DAYS_A_YEAR, Setting
from pactwork.futures.steps.shipping import RoutePlan
from pactwork.futures.steps.support import receive_support, send_for_support
from pactwork.futures.steps.transfer import TransferState
from pactwork.futures.world import reset_fleet

FAILURES_A_YEAR, MENDING_A_YEAR = 4.0, DAYS_A_YEAR / 14.0
"""λ = 4 a year and a mean repair of 14 days."""
_GROSS = "Gross et al., Fundamentals of Queueing Theory, 4th ed., 2.6–2.7"


@compiled
def play_fleet(
    plan: FleetPlan, state: FleetState, around: tuple[GovernmentPlan, GovernmentState, RoutePlan, TransferState],
    quiet: Setting, runs: int, warm_up: int, found: Floats,
) -> None:  # fmt: skip
    """Play a fleet of one system alone, in the kernel's order.

    Parameters
    ----------
    warm_up : int
        Steps that do not count.
    found : ndarray of shape (run, 3)
        Written here: averages over the counted steps of ready items, of their square, and of items waiting for parts.
    """
    governments, standing, routes, transfers = around
    steps, step_years = plan.required.shape[0] - 1, quiet.step_years
    for run in range(runs):
        key = Key(quiet.key.seed, quiet.key.future, np.uint64(run))
        reset_fleet(plan, state)
        for step in range(steps):
            if step == warm_up:
                state.ready_years[:] = state.ready_square_years[:] = state.parts_years[:] = 0.0
            setting = Setting(key, step, step_years, quiet.levels, 0, quiet.out, False)
            receive_support(plan, state, 0, setting)
            step_fleet(plan, state, 0, True, setting)
            if needs_support(state, 0):
                send_for_support(plan, state, 0, governments, standing, routes, transfers, setting)
        years = (steps - warm_up) * step_years
        found[run, 0] = state.ready_years[0] / years
        found[run, 1] = state.ready_square_years[0] / years
        found[run, 2] = state.parts_years[0] / years


def sample_fleet(items: int, years: float, warm_up_years: float, runs: int, *, required: int, **plan: Any) -> Floats:
    """Return averages over time of shape (run, 3), as ``play_fleet`` writes them, for one system alone."""
    steps, warm_up = (round(time * DAYS_A_YEAR / STEP_DAYS) for time in (years, warm_up_years))
    sizes = {"system": 1, "step": steps + 1}
    streams = Streams().table(["fleet"], FLEET_DECISIONS)
    made = make_arrays(FleetPlan, sizes, items=[[items] + [0] * 8], required=required, streams=streams, **plan)
    around = (make_arrays(GovernmentPlan, {}), make_arrays(GovernmentState, {}), make_arrays(RoutePlan, {}),
              make_arrays(TransferState, {}))  # fmt: skip
    nothing = np.zeros(0, dtype=np.uint8)
    quiet = Setting(make_key(SEED, 0, 0), 0, STEP_DAYS / DAYS_A_YEAR, nothing, 0, nothing, False)
    found = np.zeros((runs, 3))
    play_fleet(made, make_arrays(FleetState, sizes), around, quiet, runs, warm_up, found)
    return found


def _in_depot(failure: float, channels: int) -> dict[str, Any]:
    return {"failure": failure, "grades": [[0.0, 1.0, 0.0]], "mending": [[0.0, MENDING_A_YEAR, 0.0]],
            "channels": [[1, channels, 1]]}  # fmt: skip


def check_availability(skew: float = 1.0) -> list[Oracle]:
    """Two-state availability: its limit, its spread, and how it gets there.

    Parameters
    ----------
    skew : float
        Factor on the rate that the model is given and the closed form is not: 1, but for tests that an oracle can fail.
    """
    items, source = 1000, "Barlow and Proschan, Mathematical Theory of Reliability, 1965, ch. 3"
    rate, limit = FAILURES_A_YEAR + MENDING_A_YEAR, MENDING_A_YEAR / (FAILURES_A_YEAR + MENDING_A_YEAR)
    plan = _in_depot(FAILURES_A_YEAR * skew, 10**6)
    settled = sample_fleet(items, 6.0, 1.0, 60, required=items, **plan)
    deviation = math.sqrt(items * limit * (1.0 - limit))
    found = judge_averages("two-state availability", settled[:, 0], settled[:, 1], items * limit, deviation, source)
    step = STEP_DAYS / DAYS_A_YEAR
    early = sample_fleet(items, 2 * step, step, 20, required=items, **plan)[:, 0]
    decay = (math.exp(-rate * step) - math.exp(-rate * 2 * step)) / (rate * step)
    expected, error = items * (limit + (1.0 - limit) * decay), float(early.std()) / math.sqrt(len(early))
    return [*found, judge("availability in the second week", float(early.mean()), error, expected, MEAN_SHARE,
                          source)]  # fmt: skip


def check_machine_repair(skew: float = 1.0) -> list[Oracle]:
    """Machine repair: the number in repair, heavily and lightly loaded."""
    found: list[Oracle] = []
    for machines, channels, runs in ((48, 6, 400), (48, 20, 400), (1000, 110, 60), (1000, 200, 60)):
        averages = sample_fleet(
            machines, 15.0, 2.0, runs, required=machines, **_in_depot(FAILURES_A_YEAR * skew, channels)
        )
        theory = mean_and_deviation(machine_repair(machines, channels, FAILURES_A_YEAR, MENDING_A_YEAR))
        down = machines - averages[:, 0]
        squares = averages[:, 1] - 2.0 * machines * averages[:, 0] + machines**2
        found += judge_averages(f"machine repair, K = {machines}, c = {channels}", down, squares, *theory, _GROSS)
    return found


def check_repairmen_and_spares(skew: float = 1.0) -> list[Oracle]:
    """Repairmen and spares: spare items stand still and do not fail."""
    required, spares, channels = 40, 8, 8
    items = required + spares
    averages = sample_fleet(items, 15.0, 2.0, 500, required=required, **_in_depot(FAILURES_A_YEAR * skew, channels))
    theory = mean_and_deviation(machine_repair(required, channels, FAILURES_A_YEAR, MENDING_A_YEAR, spares))
    squares = averages[:, 1] - 2.0 * items * averages[:, 0] + items**2
    return judge_averages(
        "repairmen and spares, M = 40, Y = 8, c = 8", items - averages[:, 0], squares, *theory, _GROSS
    )


def check_pipeline(skew: float = 1.0) -> list[Oracle]:
    """The pipeline to the maker and back: Poisson, whatever the spread of its times."""
    required, failure, years, found = 2000, 0.1, 0.3, []
    for spread in (0.0, 0.8):
        averages = sample_fleet(
            2 * required, 12.0, 4.0, 100, required=required, failure=failure * skew, grades=[[0.0, 0.0, 1.0]],
            maker_years=years, spread=spread,
        )  # fmt: skip
        mean, items = required * failure * years, 2 * required
        squares = averages[:, 1] - 2.0 * items * averages[:, 0] + items**2
        found += judge_averages(f"pipeline to the maker, spread {spread}", items - averages[:, 0], squares, mean,
                                math.sqrt(mean), "Palm 1938; Feeney and Sherbrooke 1966")  # fmt: skip
    return found


def check_backorders(skew: float = 1.0) -> list[Oracle]:
    """Items that wait for a set of spares, ordered one for one."""
    required, failure, years, stock = 400, 0.1, 0.2, 6
    averages = sample_fleet(
        2 * required, 12.0, 2.0, 400, required=required, spares=stock, spare_years=years, spread=0.5,
        **_in_depot(failure * skew, 10**6),
    )[:, 2]  # fmt: skip
    expected, error = (
        expected_backorders(stock, required * failure * years),
        float(averages.std()) / math.sqrt(len(averages)),
    )
    return [judge("expected backorders of spares, S = 6", float(averages.mean()), error, expected, MEAN_SHARE,
                  "Sherbrooke 1968, METRIC")]  # fmt: skip
