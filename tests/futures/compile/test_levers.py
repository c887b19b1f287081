"""Every lever of the bundled case changes something, those that wait only once their condition is met."""

import dataclasses
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pytest

from pactwork import load_case
from pactwork.facts.choices import BASELINE, Choice
from pactwork.futures.compile import compile_case
from pactwork.futures.ensemble import run_futures
from pactwork.futures.kernel import replay_run
from pactwork.futures.phases import CONDITIONS
from pactwork.futures.steps.fleet_plan import LOST, READY

MONEY = ("cost", "local", "supplier_earns")
"""How outcomes begin that a lever moves by its price alone."""
LEVERS = load_case("poland-korea").choices.levers
WAITING = [name for name, lever in LEVERS.items() if lever.when is not None]
BUSY = {
    f"theatres.{theatre}.{move}": 1.0
    for theatre in ("europe", "korea", "taiwan_strait", "red_sea")
    for move in ("probing_to_crisis", "crisis_to_war")
} | {"shipping.loss": 0.5, "governments.south-korea.carried_over": 0.0}
"""Wars, crises and changes of stance enough that what levers do about them is seen in few runs."""
REPLICATIONS = 8
ARRIVED = 4
"""Column of ``Record.lots``."""


def alone(ledger, names):
    """Return a case with a choice for each lever, of the lever's name, that pulls nothing else."""
    choices = {BASELINE: ledger.choices.choices[BASELINE]}
    choices |= {name: Choice(name, name, "alone", (name,)) for name in names}
    return dataclasses.replace(ledger, choices=dataclasses.replace(ledger.choices, choices=MappingProxyType(choices)))


def play(ledger, forecast, calibrated, names):
    model = compile_case(alone(ledger, names), forecast, points=1, seed=1, calibrated=calibrated,
                         choices=[BASELINE, *names])  # fmt: skip
    return run_futures(model, replications=REPLICATIONS, workers=1)


@pytest.fixture(scope="module")
def busy(bundled, assuming):
    """Every lever alone and at its full effect, where much happens."""
    ledger, forecast, calibrated = bundled
    full = {lever.effect.name: 1.0 for lever in LEVERS.values()}
    return play(assuming(ledger, BUSY | full), forecast, calibrated, list(LEVERS))


@pytest.fixture(scope="module")
def waiting(bundled):
    """Levers that wait, each alone, in the case as it is."""
    return play(*bundled, WAITING)


def changed(ensemble, lever):
    """Return which outcomes differ from those as contracted, of shape (future, replication, outcome)."""
    plain, pulled = ensemble.outcomes[0], ensemble.outcomes[ensemble.choices.index(lever)]
    return ~((plain == pulled) | (np.isnan(plain) & np.isnan(pulled)))


def test_no_lever_makes_a_run_fail(busy, waiting):
    assert (busy.failed, waiting.failed) == (0, 0)


@pytest.mark.parametrize("lever", [name for name, one in LEVERS.items() if one.changes])
def test_a_lever_changes_more_than_what_it_costs(busy, lever):
    beside = [not name.startswith(MONEY) for name in busy.names]
    assert changed(busy, lever)[..., beside].any()


@pytest.mark.parametrize("lever", [name for name, one in LEVERS.items() if one.tracked])
def test_a_tracked_lever_changes_what_it_costs_and_nothing_else(busy, lever):
    found = changed(busy, lever).any(axis=(0, 1))
    moved = {name for name, one in zip(busy.names, found, strict=True) if one}
    assert "cost" in moved
    assert all(name.startswith(MONEY) for name in moved)


def test_what_the_makers_forces_forgo_is_held_against_what_they_would_take(busy):
    assert not busy.outcome("supplier_own_forces_late_items").any()
    assert busy.outcome("supplier_own_forces_late_items", "mutual-supply").any()


@pytest.mark.parametrize("change", [(lever, change) for lever in LEVERS.values() for change in lever.changes],
                         ids=lambda one: f"{one[0].name}:{one[1].pattern}")  # fmt: skip
def test_every_change_of_a_lever_reaches_a_plan(bundled, assuming, change):
    lever, one = change
    ledger, forecast, calibrated = bundled
    now = dataclasses.replace(lever, starts=None, when=None, a_year=None, once=None, changes=(one,))
    levers = {lever.name: now, "idle": dataclasses.replace(now, name="idle", changes=())}
    ledger = assuming(alone(ledger, list(levers)), {lever.effect.name: 1.0})
    ledger = dataclasses.replace(ledger, choices=dataclasses.replace(ledger.choices, levers=levers))
    model = compile_case(ledger, forecast, points=1, calibrated=calibrated, choices=list(levers))
    pairs = [model.make(future)[1] for future in range(model.design.futures)]
    assert any(differs(*pair) for pair in pairs)
    assert not any(differs(Start.of(pulled), Start.of(idle)) for pulled, idle in pairs)


class Start(NamedTuple):
    """How things stand on the first day: no lever changes it."""

    in_service: object
    in_acceptance: object
    rounds: object
    arrived: object
    stances: object

    @classmethod
    def of(cls, plan):
        return cls(plan.fleet.items, plan.acceptance.queue, plan.munitions.stock, plan.lots.arrived,
                   plan.governments.initial)  # fmt: skip


def differs(plain, pulled):
    """Return whether two plans differ anywhere."""
    for name in plain._fields:
        one, other = getattr(plain, name), getattr(pulled, name)
        if differs(one, other) if hasattr(one, "_fields") else not np.array_equal(one, other):
            return True
    return False


def met(model, condition, future, replication):
    """Return whether a condition holds at the beginning of any step as contracted: until then nothing is changed."""
    environment, plans = model.make(future)
    paths, record, _ = replay_run(environment, plans[0], model.sizes, step_days=model.step_days, seed=model.seed,
                                  future=future, replication=replication)  # fmt: skip
    steps, names = model.sizes["step"] - 1, model.names
    if condition.kind == "level":
        levels = paths.levels[0, :steps, names["theatre"].index(condition.subject)]
        return (levels >= condition.threshold).any()
    if condition.kind == "stance":
        return (record.stance[:steps, names["government"].index(condition.subject)] >= condition.threshold).any()
    if condition.kind == "readiness":
        items = record.fleet[:steps, names["system"].index(condition.subject)]
        return (items[:, READY] < condition.threshold * items[:, :LOST].sum(axis=1)).any()
    plan = next(plan for plan in plans[1:] if list(plan.phases.watched) == [CONDITIONS.index("behind")])
    arrived = record.lots[:steps, names["lot"].index(condition.subject), ARRIVED]
    return (arrived < plan.phases.threshold[0, :steps]).any()


@pytest.mark.parametrize("lever", WAITING)
def test_a_lever_that_waits_changes_runs_in_which_its_condition_is_met_and_no_others(waiting, lever):
    found = changed(waiting, lever).any(axis=2)
    runs = np.ndindex(found.shape)
    holds = np.array([met(waiting.model, LEVERS[lever].when, *run) for run in runs]).reshape(found.shape)
    assert 0 < holds.sum() < holds.size
    assert not found[~holds].any()
    assert found[holds].any()
