"""A choice's plan and a run's state: all mechanisms together."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple, get_type_hints

from pactwork.futures.arrays import Axes, Counts, Flags, Floats, make_arrays
from pactwork.futures.compiling import compiled, copy_into
from pactwork.futures.draws import Key
from pactwork.futures.phases import PhasePlan, PhaseState, reset_phases
from pactwork.futures.steps.acceptance import AcceptancePlan, AcceptanceState
from pactwork.futures.steps.fleet_plan import FleetPlan, FleetState
from pactwork.futures.steps.governments import GovernmentPlan, GovernmentState
from pactwork.futures.steps.money import MoneyPlan, MoneyState
from pactwork.futures.steps.munitions import MunitionPlan, MunitionState
from pactwork.futures.steps.outages import OutageRelief
from pactwork.futures.steps.production import LinePlan, LineState, LotPlan, LotState
from pactwork.futures.steps.shipping import CargoPlan, RoutePlan, VoyageState, begin_voyage
from pactwork.futures.steps.signing import InstrumentPlan, InstrumentState, reset_instruments
from pactwork.futures.steps.transfer import TransferPlan, TransferState, reset_transfers


class ReportPlan(NamedTuple):
    """What is asked of a run."""

    watch: Annotated[Counts, Axes((1,), "theatre whose first crisis is asked about, and warned of; -1 none", -1)]
    warning_steps: Annotated[Counts, Axes((1,), "steps ahead that its crisis is known")]
    dates: Annotated[Counts, Axes(("date",), "steps at whose beginning deliveries are counted")]
    quarters: Annotated[Counts, Axes(("quarter",), "steps at whose beginning series are read; ascending")]
    bin_low: Annotated[Counts, Axes(("series",), "lower edge of the first bin of each series")]
    bin_width: Annotated[Counts, Axes(("series",), "width of its bins, whole units", 1)]


class ChoicePlan(NamedTuple):
    """One choice in one future; any part may be absent."""

    passage_relief: OutageRelief
    disruption_relief: OutageRelief
    governments: GovernmentPlan
    instruments: InstrumentPlan
    transfers: TransferPlan
    lines: LinePlan
    lots: LotPlan
    cargo: CargoPlan
    routes: RoutePlan
    acceptance: AcceptancePlan
    fleet: FleetPlan
    munitions: MunitionPlan
    money: MoneyPlan
    report: ReportPlan
    phases: PhasePlan


class Watch(NamedTuple):
    """What has been seen of a run so far."""

    next_crisis: Annotated[Counts, Axes(("step",), "first step, from each on, that begins in crisis or war")]
    shut: Annotated[Counts, Axes(("step",), "set of closed passages in each step")]
    out: Annotated[Flags, Axes(("disruption",), "1 where a disruption lasts")]
    launchers: Annotated[Counts, Axes(("system",), "effective launchers")]
    completed_step: Annotated[Counts, Axes(("lot",), "step at whose beginning all has arrived; -1 not yet", -1)]
    arrived_by: Annotated[Counts, Axes(("lot", "date"), "items arrived by each date")]
    enough_step: Annotated[Counts, Axes(("system",), "first step with as many ready as required; -1 never", -1)]
    first_readiness: Annotated[Floats, Axes(("system",), "readiness on the first day of the first crisis")]
    lowest_readiness: Annotated[Floats, Axes(("system",), "lowest readiness in its first 180 days")]
    series: Annotated[Counts, Axes(("series", "quarter"), "each series at each quarter")]


class State(NamedTuple):
    """Everything that a run changes."""

    governments: GovernmentState
    instruments: InstrumentState
    transfers: TransferState
    lines: LineState
    items: LotState
    voyages: VoyageState
    acceptance: AcceptanceState
    fleet: FleetState
    munitions: MunitionState
    money: MoneyState
    watch: Watch
    phases: PhaseState


@functools.cache
def _parts_of(kind: type[Any]) -> Mapping[str, Any]:
    """Return the parts of a plan or a state by name; looking them up takes longer than making their arrays."""
    return MappingProxyType(get_type_hints(kind))


def make_choice(sizes: Mapping[str, int], **parts: Mapping[str, Any]) -> ChoicePlan:
    """Return a choice's plan from the arrays given for each part; a part not given is absent or does nothing.

    Parameters
    ----------
    sizes : mapping of str to int
        Lengths of axes: those of the environment, and instrument, transfer, line, lot, cargo, route, closed_set (2 to
        the number of passages), system, munition, date, quarter, series.
    **parts : mapping
        By the names of ``ChoicePlan``, arrays by name.
    """
    axis = {"passage_relief": "passage", "disruption_relief": "disruption"}
    made: dict[str, Any] = {}
    for name, kind in _parts_of(ChoicePlan).items():
        here = {**sizes, "outage": sizes.get(axis[name], 0)} if name in axis else sizes
        made[name] = make_arrays(kind, here, **parts.get(name, {}))
    if "lots" in parts and "order" not in parts["lots"]:
        made["lots"].order[:] = range(sizes["lot"])
    return ChoicePlan(**made)


def make_state(sizes: Mapping[str, int]) -> State:
    """Return room for the state of a run; also sized by year (years of the horizon) and voyage (ships at one time)."""
    made: dict[str, Any] = {name: make_arrays(kind, sizes) for name, kind in _parts_of(State).items()}
    return State(**made)


@compiled
def _reset_items(lots: LotPlan, cargo: CargoPlan, items: LotState, voyages: VoyageState, step_years: float) -> None:
    for lot in range(lots.quantity.size):
        items.made[lot] = lots.at_port[lot] + lots.arrived[lot]
    copy_into(items.at_port, lots.at_port)
    copy_into(items.arrived, lots.arrived)
    items.waits_since[:] = items.at_sea[:] = items.lost[:] = items.voyages[:] = 0
    voyages.under_way[0] = voyages.refused[0] = 0
    voyages.through[:] = 0
    for row in range(cargo.lot.size):
        lot, on_board = cargo.lot[row], cargo.items[row]
        arrives = cargo.arrives_years[row] / step_years
        if begin_voyage(voyages, lot, on_board, items.voyages[lot], 0, 0.0, arrives):
            items.voyages[lot] += 1
            items.made[lot] += on_board
            items.at_sea[lot] += on_board


@compiled
def reset_fleet(plan: FleetPlan, state: FleetState) -> None:
    """Set the fleet to the start of a run."""
    copy_into(state.items, plan.items)
    copy_into(state.grades, plan.grades)
    copy_into(state.channels, plan.channels)
    for system in range(plan.spares.size):
        state.spares[system] = state.planned[system] = max(0, plan.spares[system])
    state.to_order[:] = state.ordered[:] = state.ordered_by_sea[:] = 0
    state.sent[:] = state.sent_by_sea[:] = state.failed[:] = 0
    state.mended_coming[:] = state.spares_coming[:] = 0
    state.fired[:] = state.wear[:] = 0.0
    state.pace[:] = -1.0
    state.luck_at[:] = 0
    state.ready_years[:] = state.ready_square_years[:] = state.gap_years[:] = 0.0
    state.parts_years[:] = state.service_years[:] = 0.0


@compiled
def _reset_munitions(plan: MunitionPlan, state: MunitionState) -> None:
    copy_into(state.stock, plan.stock)
    state.on_order[:] = state.held[:] = state.orders[:] = 0
    state.coming[:] = 0
    state.parts[:] = 0.0
    state.received[:] = state.received_by_sea[:] = state.received_locally[:] = 0
    state.issued[:] = state.unmet[:] = state.emptied[:] = 0
    state.danger_days[:] = 0.0


@compiled
def _reset_money(state: MoneyState, arrived: Counts, in_force: Floats) -> None:
    state.by_year[:] = state.local_by_year[:] = 0.0
    state.by_kind[:] = state.earned[:] = state.paid_service[:] = state.paid_once[:] = 0.0
    copy_into(state.paid_arrivals, arrived)
    for row in range(in_force.size):
        state.paid_signings[row] = 1 if in_force[row] > 0.0 else 0


@compiled
def _reset_watch(watch: Watch, items: Counts) -> None:
    for system in range(watch.launchers.size):
        watch.launchers[system] = items[system, 0]
    watch.completed_step[:] = watch.enough_step[:] = -1
    watch.arrived_by[:] = watch.series[:] = 0
    watch.first_readiness[:] = watch.lowest_readiness[:] = math.nan


@compiled
def reset_state(plan: ChoicePlan, state: State, key: Key, step_years: float) -> None:
    """Set everything to the start of a run: the ledger's state."""
    reset_phases(plan.phases, state.phases)
    copy_into(state.governments.stance, plan.governments.initial)
    state.governments.ordinal[:] = 0
    reset_instruments(plan.instruments, state.instruments, key)
    reset_transfers(plan.transfers, state.transfers)
    _reset_items(plan.lots, plan.cargo, state.items, state.voyages, step_years)
    state.lines.unfinished[:] = state.lines.own_late[:] = 0.0
    copy_into(state.acceptance.queue, plan.acceptance.queue)
    state.acceptance.work[:] = 0.0
    state.acceptance.accepted[:] = 0
    reset_fleet(plan.fleet, state.fleet)
    _reset_munitions(plan.munitions, state.munitions)
    _reset_money(state.money, plan.lots.arrived, plan.instruments.in_force)
    _reset_watch(state.watch, plan.fleet.items)
