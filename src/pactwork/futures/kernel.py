"""The kernel: plays runs in blocks, serially and without the interpreter's lock.

A block is up to 256 replications of one future. Its environments are played first; each choice then meets the same.
Nothing depends on which block a run is in, so that threads and clusters may take blocks in any order.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pactwork.futures.arrays import Counts, Flags, Floats, make_arrays
from pactwork.futures.compiling import add_all, compiled, copy_into, inlined
from pactwork.futures.draws import Key, make_key
from pactwork.futures.environment import (
    EnvironmentPaths,
    EnvironmentPlan,
    EnvironmentState,
    make_paths,
    play_environment,
)
from pactwork.futures.outcomes import find_readiness, observe, write_outcomes
from pactwork.futures.phases import BEHIND, LEVEL, READINESS, SHUT, STANCE, enter_phase, find_stage
from pactwork.futures.record import (
    Record,
    fleet_lost_sight_of,
    items_lost_sight_of,
    keep_items,
    rounds_lost_sight_of,
)
from pactwork.futures.steps.acceptance import step_acceptance
from pactwork.futures.steps.fleet import needs_support, step_fleet
from pactwork.futures.steps.fleet_plan import READY
from pactwork.futures.steps.governments import step_governments
from pactwork.futures.steps.money import step_money
from pactwork.futures.steps.munitions import step_munitions
from pactwork.futures.steps.outages import OutagePath, OutageRelief, is_out
from pactwork.futures.steps.production import step_production
from pactwork.futures.steps.setting import CRISIS_LEVEL, DAYS_A_YEAR, Setting
from pactwork.futures.steps.shipping import step_shipping
from pactwork.futures.steps.signing import step_signing
from pactwork.futures.steps.support import (
    change_barrels,
    open_workshop,
    receive_support,
    renew_fleet,
    send_for_support,
)
from pactwork.futures.steps.transfer import is_open, step_transfer
from pactwork.futures.world import ChoicePlan, ReportPlan, State, make_state, reset_state

BLOCK = 256
"""Runs of a block."""
PLAYED, NO_SLOT, NOT_CONSERVED, NOT_FINITE = 0, 1, 2, 3
FAILURES = ("played", "more ships at one time than slots", "items or rounds not conserved", "an outcome without bound")
"""What a run's status means."""


@dataclass(frozen=True)
class Played:
    """What came of one choice in one block.

    Parameters
    ----------
    outcomes : ndarray of shape (replication, outcome)
        In the order of ``outcome_names``; not a number throughout for a run that failed.
    status : ndarray of shape (replication,)
        0, or which of ``FAILURES`` befell a run.
    histogram : ndarray of shape (series, quarter, bin)
        Runs in each bin, those that failed left out.
    total : ndarray of shape (series, quarter)
        Sum over the same runs.
    """

    outcomes: Floats
    status: Counts
    histogram: Counts
    total: Counts


@compiled
def _find_crises(theatre: int, levels: Flags, next_crisis: Counts) -> int:
    """Write the next crisis from each step on; return the first, or a step beyond all."""
    following = levels.shape[0] + 1
    for step in range(levels.shape[0] - 1, -1, -1):
        if theatre >= 0 and levels[step, theatre] >= CRISIS_LEVEL:
            following = step
        next_crisis[step] = following
    return int(following)


@inlined
def _find_shut(closures: OutagePath, relief: OutageRelief, step: int) -> int:
    """Return the set of closed passages, given what the choice prevents and shortens."""
    shut = 0
    for passage in range(closures.elapsed.shape[1]):
        if is_out(closures, relief, step, passage):
            shut |= 1 << passage
    return shut


@inlined
def _find_out(stops: OutagePath, relief: OutageRelief, step: int, out: Flags) -> None:
    """Write which disruptions last, given what the choice prevents and shortens."""
    for disruption in range(out.size):
        out[disruption] = is_out(stops, relief, step, disruption)


@inlined
def _step(plan: ChoicePlan, state: State, changed: Flags, rates: Floats, setting: Setting) -> None:
    """Play one step: politics, the fleet and its support, munitions, then what is made, shipped, accepted and paid."""
    standing, fleet = state.governments, state.fleet
    step_governments(plan.governments, standing, setting.key, changed, setting.levels)
    step_signing(plan.instruments, state.instruments, plan.governments, standing, setting)
    step_transfer(plan.transfers, state.transfers, plan.governments, standing, state.instruments, setting)
    for system in range(plan.fleet.failure.size):
        depot_open = is_open(state.transfers, plan.fleet.depot_transfer[system], setting.step)
        open_workshop(plan.fleet, fleet, system, state.transfers, setting.step)
        receive_support(plan.fleet, fleet, system, setting)
        change_barrels(plan.fleet, fleet, system, depot_open, setting)
        step_fleet(plan.fleet, fleet, system, depot_open, setting)
        if needs_support(fleet, system):
            send_for_support(
                plan.fleet, fleet, system, plan.governments, standing, plan.routes, state.transfers, setting
            )
    ready = fleet.items[:, READY]
    step_munitions(
        plan.munitions, state.munitions, plan.governments, standing, plan.routes, state.transfers, ready,
        state.watch.launchers, fleet.fired, setting,
    )  # fmt: skip
    step_production(
        plan.lines, state.lines, plan.lots, state.items, plan.governments, standing, state.instruments,
        state.transfers, setting,
    )  # fmt: skip
    step_shipping(plan.routes, plan.lots, state.items, state.voyages, state.acceptance.queue, setting)
    step_acceptance(plan.acceptance, state.acceptance, ready, setting)
    step_money(
        plan.money, state.money, state.instruments.signed_step, state.items.arrived, fleet.service_years, rates, setting
    )


@inlined
def _is_met(plan: ChoicePlan, state: State, condition: int, levels: Flags, shut: int, step: int) -> bool:
    """Return whether a condition of ``phases.CONDITIONS`` holds at a step's beginning."""
    kind, subject = plan.phases.watched[condition], plan.phases.subject[condition]
    threshold = plan.phases.threshold[condition, step]
    if kind == LEVEL:
        return bool(levels[subject] >= threshold)
    if kind == BEHIND:
        return bool(state.items.arrived[subject] < threshold)
    if kind == STANCE:
        return bool(state.governments.stance[subject] >= threshold)
    if kind == READINESS:
        return bool(find_readiness(state.fleet.items[subject]) < threshold)
    return bool(kind == SHUT and (shut >> subject) & 1)


@inlined
def _change_phase(plan: ChoicePlan, state: State, levels: Flags, step: int) -> None:
    """Put the levers to work whose date has come or whose condition has been met; they stay at work from then on."""
    phases, shut = state.phases, state.watch.shut[max(0, step - 1)] if step > 0 else 0
    for condition in range(plan.phases.watched.size):
        if not (phases.met[0] >> condition) & 1 and _is_met(plan, state, condition, levels, shut, step):
            phases.met[0] |= 1 << condition
    phase = find_stage(plan.phases, phases, step)
    if phase != phases.phase[0]:
        enter_phase(plan.phases, phases, phase)
        renew_fleet(plan.fleet, state.fleet, state.transfers, step)


@compiled
def _add_series(series: Counts, report: ReportPlan, histogram: Counts, total: Counts) -> None:
    """Add a run's series to the sums and histograms; what lies beyond the bins counts in the nearest."""
    bins = histogram.shape[2]
    for row in range(series.shape[0]):
        for quarter in range(series.shape[1]):
            value = series[row, quarter]
            place = (value - report.bin_low[row]) // report.bin_width[row]
            if bins > 0:
                histogram[row, quarter, min(bins - 1, max(0, place))] += 1
            total[row, quarter] += value


@compiled
def _is_finite(outcomes: Floats) -> bool:
    infinite = 0
    for entry in range(outcomes.size):
        infinite += math.isinf(outcomes[entry])
    return infinite == 0


@compiled
def _play_environments(
    plan: EnvironmentPlan, paths: EnvironmentPaths, state: EnvironmentState, first: Key, runs: int, step_years: float,
    replications: int,
) -> None:  # fmt: skip
    for run in range(runs):
        key = Key(first.seed, first.future, first.replication + np.uint64(run))
        play_environment(plan, paths, state, run, key, step_years, replications)


@compiled
def _play_choice(
    plan: ChoicePlan, state: State, paths: EnvironmentPaths, first: Key, runs: int, step_years: float, record: Record,
    outcomes: Floats, status: Counts, histogram: Counts, total: Counts,
) -> None:  # fmt: skip
    """Play one choice through the environments of a block; a run that fails is marked and left out of the series."""
    watch, steps, keeping = state.watch, paths.levels.shape[1] - 1, record.paid.shape[0] > 0
    for run in range(runs):
        key = Key(first.seed, first.future, first.replication + np.uint64(run))
        closures = OutagePath(paths.passage_elapsed[run], paths.passage_mark[run])
        stops = OutagePath(paths.disruption_elapsed[run], paths.disruption_mark[run])
        reset_state(plan, state, key, step_years)
        crisis = _find_crises(plan.report.watch[0], paths.levels[run], watch.next_crisis)
        for step in range(steps + 1):
            observe(plan.report, plan.lots.quantity, plan.fleet.required, state.items, state.fleet,
                    state.munitions.stock, watch, step, step_years, crisis)  # fmt: skip
            if keeping:
                copy_into(record.stance[step], state.governments.stance)
                copy_into(record.signed[step], state.instruments.signed_step)
                copy_into(record.stages[step], state.transfers.done)
                copy_into(record.queue[step], state.acceptance.queue)
                copy_into(record.fleet[step], state.fleet.items)
                copy_into(record.launchers[step], watch.launchers)
                keep_items(state.items, state.munitions, record.lots[step], record.rounds[step])
                record.paid[step, 0], record.paid[step, 1] = (
                    add_all(state.money.by_kind),
                    add_all(state.money.by_year[:, 0]),
                )
            if step == steps:
                break
            if plan.phases.phase_floats.shape[0] > 1:
                _change_phase(plan, state, paths.levels[run, step], step)
            watch.shut[step] = _find_shut(closures, plan.passage_relief, step)
            _find_out(stops, plan.disruption_relief, step, watch.out)
            warned = 0 < watch.next_crisis[step] - step <= plan.report.warning_steps[0]
            setting = Setting(key, step, step_years, paths.levels[run, step], watch.shut[step], watch.out, warned)
            _step(plan, state, paths.changed[run, step], paths.rates[run, step], setting)
        write_outcomes(state.items, state.fleet, state.munitions, state.money, state.transfers.opened_step,
                       state.lines.own_late, watch, steps, step_years, crisis, outcomes[run])  # fmt: skip
        status[run] = PLAYED
        if state.voyages.refused[0] > 0:
            status[run] = NO_SLOT
        elif (items_lost_sight_of(state.items) or rounds_lost_sight_of(plan.munitions.stock, state.munitions)
              or fleet_lost_sight_of(plan.fleet.items, state.acceptance.accepted, state.fleet.items)):  # fmt: skip
            status[run] = NOT_CONSERVED
        elif not _is_finite(outcomes[run]):
            status[run] = NOT_FINITE
        if status[run] == PLAYED:
            _add_series(watch.series, plan.report, histogram, total)
        else:
            outcomes[run] = math.nan


def count_outcomes(sizes: Mapping[str, int]) -> int:
    """Return the number of a run's outcomes."""
    size = {name: sizes.get(name, 0) for name in ("lot", "date", "system", "munition", "year")}
    return size["lot"] * (2 + size["date"]) + 10 * size["system"] + 3 * size["munition"] + 12 + 3 * size["year"]


def _make_room(sizes: Mapping[str, int], runs: int) -> Played:
    return Played(
        np.full((runs, count_outcomes(sizes)), np.nan), np.zeros(runs, dtype=np.int64),
        np.zeros(tuple(sizes.get(axis, 0) for axis in ("series", "quarter", "bin")), dtype=np.int64),
        np.zeros(tuple(sizes.get(axis, 0) for axis in ("series", "quarter")), dtype=np.int64),
    )  # fmt: skip


def play_block(
    environment: EnvironmentPlan, choices: Sequence[ChoicePlan], sizes: Mapping[str, int], *, step_days: float,
    seed: int, future: int, first: int, runs: int, apart_of: int = 0,
) -> list[Played]:  # fmt: skip
    """Play some replications of one future for each choice.

    Parameters
    ----------
    environment : EnvironmentPlan
        The future's environment.
    choices : sequence of ChoicePlan
        What is compared; each meets the same environments.
    sizes : mapping of str to int
        Length of each axis; "step" is the number of steps and one.
    step_days : float
        Days of a step.
    seed, future, first : int
        Identity of the first run; the others are the replications after it.
    runs : int
        At most ``BLOCK``.
    apart_of : int
        0, or the number of all replications: each theatre's path then comes from another of them, the price of
        interdependence. At least as many as theatres.

    Returns
    -------
    list of Played
        In the order of ``choices``.
    """
    if not 0 < runs <= BLOCK:
        raise ValueError(f"a block has 1 to {BLOCK} runs, not {runs}")
    if apart_of and (apart_of < sizes.get("theatre", 0) or first + runs > apart_of):
        raise ValueError(f"{apart_of} replications are too few to take theatres from different ones")
    paths, scratch = make_paths(sizes, runs)
    key, step_years = make_key(seed, future, first), step_days / DAYS_A_YEAR
    _play_environments(environment, paths, scratch, key, runs, step_years, apart_of)
    state, record = make_state(sizes), make_arrays(Record, {**sizes, "step": 0})
    found = []
    for plan in choices:
        played = _make_room(sizes, runs)
        _play_choice(plan, state, paths, key, runs, step_years, record, played.outcomes, played.status,
                     played.histogram, played.total)  # fmt: skip
        found.append(played)
    return found


def replay_run(
    environment: EnvironmentPlan, plan: ChoicePlan, sizes: Mapping[str, int], *, step_days: float, seed: int,
    future: int, replication: int, apart_of: int = 0,
) -> tuple[EnvironmentPaths, Record, Played]:  # fmt: skip
    """Play one run again from its identity, and keep it step by step.

    Returns
    -------
    paths : EnvironmentPaths
        With one run.
    record : Record
        The state at the beginning of each step, and at the end of the last.
    played : Played
        Of this one run; its outcomes are the same as in its block, bit for bit.
    """
    paths, scratch = make_paths(sizes, 1)
    key, step_years = make_key(seed, future, replication), step_days / DAYS_A_YEAR
    _play_environments(environment, paths, scratch, key, 1, step_years, apart_of)
    record, played = make_arrays(Record, sizes), _make_room(sizes, 1)
    _play_choice(plan, make_state(sizes), paths, key, 1, step_years, record, played.outcomes, played.status,
                 played.histogram, played.total)  # fmt: skip
    return paths, record, played
