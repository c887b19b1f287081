"""The environment of a run: what no choice changes, played first and read by everything else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

import numpy as np

from pactwork.futures.arrays import Axes, Flags, Floats, Shares, make_arrays
from pactwork.futures.compiling import compiled, copy_into
from pactwork.futures.draws import Key
from pactwork.futures.steps.disruption import DisruptionPlan, step_disruption
from pactwork.futures.steps.governments import ChangePlan, step_changes
from pactwork.futures.steps.money import ExchangePlan, step_exchange
from pactwork.futures.steps.outages import OutagePath, OutageState, reset_outages
from pactwork.futures.steps.passages import PassagePlan, step_passages
from pactwork.futures.steps.theatres import TheatrePlan, TheatreState, step_theatres


class EnvironmentPlan(NamedTuple):
    """One future's environment; any part may be absent."""

    theatres: TheatrePlan
    passages: PassagePlan
    disruptions: DisruptionPlan
    changes: ChangePlan
    exchange: ExchangePlan


class EnvironmentPaths(NamedTuple):
    """What came of it in each of a block's runs; the step axis has one more entry than there are steps."""

    levels: Annotated[Flags, Axes(("run", "step", "theatre"), "level at the beginning of each step")]
    passage_elapsed: Annotated[Shares, Axes(("run", "step", "passage"), "share of a closure over; -1 open", -1.0)]
    passage_mark: Annotated[Shares, Axes(("run", "step", "passage"), "uniform of the last closure")]
    disruption_elapsed: Annotated[Shares, Axes(("run", "step", "disruption"), "share over; -1 none", -1.0)]
    disruption_mark: Annotated[Shares, Axes(("run", "step", "disruption"), "uniform of the last disruption")]
    changed: Annotated[Flags, Axes(("run", "step", "government"), "1 where a government changes within the step")]
    rates: Annotated[Floats, Axes(("run", "step", "currency"), "price of each currency at the beginning of each step")]


class EnvironmentState(NamedTuple):
    """Clocks of a run's environment, and room for a theatre's path from elsewhere."""

    theatres: TheatreState
    passages: OutageState
    disruptions: OutageState
    other_levels: Flags


def make_environment(sizes: Mapping[str, int], **parts: Mapping[str, Any]) -> EnvironmentPlan:
    """Return an environment from the arrays given for each part; a part not given is absent or does nothing.

    Parameters
    ----------
    sizes : mapping of str to int
        Lengths of axes: theatre, cause, passage, disruption, government, currency, and step (steps + 1).
    **parts : mapping
        By the names of ``EnvironmentPlan``, arrays by name.
    """
    kinds = {"theatres": TheatrePlan, "passages": PassagePlan, "disruptions": DisruptionPlan, "changes": ChangePlan,
             "exchange": ExchangePlan}  # fmt: skip
    axis = {"passages": "passage", "disruptions": "disruption"}
    made: dict[str, Any] = {}
    for name, kind in kinds.items():
        here = {**sizes, "outage": sizes.get(axis[name], 0)} if name in axis else sizes
        made[name] = make_arrays(kind, here, **parts.get(name, {}))
    return EnvironmentPlan(**made)


def make_paths(sizes: Mapping[str, int], runs: int) -> tuple[EnvironmentPaths, EnvironmentState]:
    """Return room for the environments of some runs."""
    passage, disruption = ({"outage": sizes.get(axis, 0)} for axis in ("passage", "disruption"))
    other = np.zeros((sizes["step"], sizes.get("theatre", 0)), dtype=np.uint8)
    theatres = make_arrays(TheatreState, sizes)
    state = EnvironmentState(theatres, make_arrays(OutageState, passage), make_arrays(OutageState, disruption), other)
    return make_arrays(EnvironmentPaths, {**sizes, "run": runs}), state


@compiled
def play_theatres(plan: TheatrePlan, state: TheatreState, key: Key, step_years: float, levels: Flags) -> None:
    """Write the theatres' levels at the beginning of each step; ``levels`` has the shape (step, theatre)."""
    copy_into(levels[0], plan.initial)
    state.held[:] = -1
    for step in range(levels.shape[0] - 1):
        step_theatres(plan, state, key, step, step_years, levels[step], levels[step + 1])


@compiled
def play_theatres_apart(
    plan: TheatrePlan, state: TheatreState, key: Key, replications: int, step_years: float, levels: Flags, other: Flags
) -> None:
    """Write levels with each theatre's path taken from another replication of the same future.

    Over all ``replications`` each theatre's paths are the same ones as before, in another order: the same risk in each,
    and no dependence between them.
    """
    theatres = levels.shape[1]
    for theatre in range(theatres):
        elsewhere = (int(key.replication) + theatre * (replications // theatres)) % replications
        play_theatres(plan, state, Key(key.seed, key.future, np.uint64(elsewhere)), step_years, other)
        for step in range(levels.shape[0]):
            levels[step, theatre] = other[step, theatre]


@compiled
def play_environment(
    plan: EnvironmentPlan, paths: EnvironmentPaths, state: EnvironmentState, run: int, key: Key, step_years: float,
    replications: int,
) -> None:  # fmt: skip
    """Play the environment of one run of a block.

    Parameters
    ----------
    replications : int
        0, or the number of all replications to break the dependence between theatres.
    """
    levels = paths.levels[run]
    closures = OutagePath(paths.passage_elapsed[run], paths.passage_mark[run])
    stops = OutagePath(paths.disruption_elapsed[run], paths.disruption_mark[run])
    changed, rates = paths.changed[run], paths.rates[run]
    if levels.shape[1] > 0 and replications > 0:
        play_theatres_apart(plan.theatres, state.theatres, key, replications, step_years, levels, state.other_levels)
    elif levels.shape[1] > 0:
        play_theatres(plan.theatres, state.theatres, key, step_years, levels)
    reset_outages(state.passages, closures, plan.passages.streams, key, plan.passages.mean_years, plan.passages.out)
    reset_outages(
        state.disruptions, stops, plan.disruptions.streams, key, plan.disruptions.mean_years, plan.disruptions.out
    )
    copy_into(rates[0], plan.exchange.initial)
    for step in range(levels.shape[0] - 1):
        before, after = levels[step], levels[step + 1]
        step_passages(plan.passages, state.passages, closures, key, step, step_years, after)
        step_disruption(plan.disruptions, state.disruptions, stops, key, step, step_years, before)
        step_changes(plan.changes, key, step, step_years, changed[step])
        step_exchange(plan.exchange, key, step, step_years, rates[step], rates[step + 1])
