"""What is read off a run: outcomes by name, and series by quarter as whole numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from pactwork.futures.arrays import Counts, Floats
from pactwork.futures.compiling import add_all, compiled, copy_into, inlined
from pactwork.futures.steps.fleet_plan import LOST, READY, FleetState
from pactwork.futures.steps.money import MoneyState
from pactwork.futures.steps.munitions import MunitionState
from pactwork.futures.steps.production import LotState
from pactwork.futures.steps.setting import DAYS_A_YEAR
from pactwork.futures.world import ReportPlan, Watch

FIRST_DAYS = 180.0
"""Days of the first crisis over which the lowest readiness is sought."""
LOOK_DAYS = 7.0
"""Days between looks at what is sought as a least or a first: over more looks a least is lower, and a first sooner."""
LOT_OUTCOMES = ("completed_years", "lost")
SYSTEM_OUTCOMES = (
    "mean_ready", "mean_readiness", "gap_item_years", "first_enough_years", "readiness_at_first_crisis",
    "lowest_readiness_in_crisis", "ready_at_end", "launchers_at_end", "failures", "waiting_for_parts_item_years",
)  # fmt: skip
MUNITION_OUTCOMES = ("endurance_days", "unmet", "stock_at_end")
RUN_OUTCOMES = (
    "first_crisis_years", "passage_closed_days", "repairs_by_sea_share", "spares_by_sea_share",
    "munitions_by_sea_share",
    "supplier_earns", "supplier_own_forces_late_items", "transfers_opened", "local_rounds", "cost",
    "cost_supplier_currency",
    "local_share",
)  # fmt: skip
YEAR_OUTCOMES = ("cost", "cost_supplier_currency", "local")
SYSTEM_SERIES = ("ready", "readiness_permille", "gap", "launchers")


def outcome_names(names: Mapping[str, Sequence[str]], dates: Sequence[str], years: int) -> tuple[str, ...]:
    """Return the names of a run's outcomes in the order in which they are written.

    Parameters
    ----------
    names : mapping of str to sequence of str
        Names of lots, systems and munitions, under "lot", "system" and "munition".
    dates : sequence of str
        The dates of ``ReportPlan.dates``.
    years : int
        Years of the horizon.

    Examples
    --------
    >>> outcome_names({"munition": ["m1"]}, [], 0)[:2]
    ('m1.endurance_days', 'm1.unmet')
    """
    found = []
    for lot in names.get("lot", ()):
        found += [f"{lot}.{outcome}" for outcome in LOT_OUTCOMES]
        found += [f"{lot}.arrived_by.{date}" for date in dates]
    found += [f"{system}.{outcome}" for system in names.get("system", ()) for outcome in SYSTEM_OUTCOMES]
    found += [f"{munition}.{outcome}" for munition in names.get("munition", ()) for outcome in MUNITION_OUTCOMES]
    found += RUN_OUTCOMES
    found += [f"{outcome}.year{year + 1}" for year in range(years) for outcome in YEAR_OUTCOMES]
    return tuple(found)


def series_names(names: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the names of the series in order: per system, then arrivals per lot, then stocks per munition."""
    found = [f"{system}.{series}" for system in names.get("system", ()) for series in SYSTEM_SERIES]
    found += [f"{lot}.arrived" for lot in names.get("lot", ())]
    return (*found, *(f"{munition}.stock" for munition in names.get("munition", ())))


@inlined
def _in_service(items: Counts) -> int:
    return int(add_all(items[:LOST]))


@inlined
def find_readiness(items: Counts) -> float:
    """Return the share of the items in service that is ready; not a number where none is."""
    service = _in_service(items)
    return items[READY] / service if service > 0 else math.nan


@inlined
def _watch_systems(
    required: Counts, fleet: FleetState, watch: Watch, step: int, step_years: float, crisis: int
) -> None:
    """Look for the first step with enough, and for the least ready in a crisis, weekly or at each longer step."""
    days = step_years * DAYS_A_YEAR
    every = max(1, int(LOOK_DAYS / days + 0.5))
    for system in range(watch.launchers.size):
        items = fleet.items[system]
        enough = 0 < required[step, system] <= items[READY]
        if watch.enough_step[system] < 0 and enough and step % every == 0:
            watch.enough_step[system] = step
        if crisis <= step and (step - crisis) % every == 0 and (step - crisis) * days <= FIRST_DAYS:
            readiness = find_readiness(items)
            if step == crisis:
                watch.first_readiness[system] = watch.lowest_readiness[system] = readiness
            elif readiness < watch.lowest_readiness[system]:
                watch.lowest_readiness[system] = readiness


@inlined
def _read_series(
    required: Counts, fleet: FleetState, arrived: Counts, stock: Counts, watch: Watch, step: int, quarter: int
) -> None:
    series, row = watch.series, 0
    if series.shape[0] == 0:
        return
    for system in range(watch.launchers.size):
        items = fleet.items[system]
        service = _in_service(items)
        series[row, quarter] = items[READY]
        series[row + 1, quarter] = (1000 * items[READY]) // service if service > 0 else 0
        series[row + 2, quarter] = max(0, required[step, system] - items[READY])
        series[row + 3, quarter] = watch.launchers[system]
        row += 4
    for lot in range(arrived.size):
        series[row, quarter] = arrived[lot]
        row += 1
    for munition in range(stock.size):
        series[row, quarter] = stock[munition]
        row += 1


@inlined
def _first_not_before(ascending: Counts, step: int) -> int:
    """Return the first place in ascending steps that is not before ``step``."""
    low, high = 0, ascending.size
    while low < high:
        middle = (low + high) >> 1
        if ascending[middle] < step:
            low = middle + 1
        else:
            high = middle
    return low


@inlined
def observe(
    report: ReportPlan, quantity: Counts, required: Counts, items: LotState, fleet: FleetState, stock: Counts,
    watch: Watch, step: int, step_years: float, crisis: int,
) -> None:  # fmt: skip
    """Read off what is asked of a run at the beginning of a step.

    Parameters
    ----------
    quantity, required, stock : ndarray of shape (lot,), (step, system), (munition,)
        Items ordered, items required, and rounds in stock.
    crisis : int
        The step in which the first crisis begins, or one beyond all.
    """
    for lot in range(quantity.size):
        done = items.arrived[lot] + items.lost[lot] >= quantity[lot]
        if watch.completed_step[lot] < 0 and done:
            watch.completed_step[lot] = step
    for date in range(report.dates.size):
        if report.dates[date] == step:
            copy_into(watch.arrived_by[:, date], items.arrived)
    _watch_systems(required, fleet, watch, step, step_years, crisis)
    quarter = _first_not_before(report.quarters, step)
    while quarter < report.quarters.size and report.quarters[quarter] == step:
        _read_series(required, fleet, items.arrived, stock, watch, step, quarter)
        quarter += 1


@compiled
def _years_of(step: int, step_years: float) -> float:
    return step * step_years if step >= 0 else math.nan


@compiled
def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0.0 else math.nan


@compiled
def _write_lots(items: LotState, watch: Watch, step_years: float, found: Floats) -> int:
    """Write outcomes of lots; return how many."""
    at = 0
    for lot in range(watch.completed_step.size):
        found[at] = _years_of(watch.completed_step[lot], step_years)
        found[at + 1] = items.lost[lot]
        at += 2
        for date in range(watch.arrived_by.shape[1]):
            found[at] = watch.arrived_by[lot, date]
            at += 1
    return at


@compiled
def _write_systems(fleet: FleetState, watch: Watch, years: float, step_years: float, found: Floats, at: int) -> int:
    """Write outcomes of systems; return the place after them."""
    for system in range(watch.launchers.size):
        found[at] = fleet.ready_years[system] / years
        found[at + 1] = _share(fleet.ready_years[system], fleet.service_years[system])
        found[at + 2] = fleet.gap_years[system]
        found[at + 3] = _years_of(watch.enough_step[system], step_years)
        found[at + 4], found[at + 5] = watch.first_readiness[system], watch.lowest_readiness[system]
        found[at + 6], found[at + 7] = fleet.items[system, READY], watch.launchers[system]
        found[at + 8], found[at + 9] = fleet.failed[system], fleet.parts_years[system]
        at += 10
    return at


@compiled
def write_outcomes(
    items: LotState, fleet: FleetState, munitions: MunitionState, money: MoneyState, opened_step: Counts,
    own_late: Floats, watch: Watch, steps: int, step_years: float, crisis: int, found: Floats,
) -> int:  # fmt: skip
    """Write a run's outcomes in the order of ``outcome_names``; return how many there are.

    Parameters
    ----------
    opened_step, own_late : ndarray of shape (transfer,), (line,)
        When transfers opened, and what the maker's own forces did without.
    """
    at = _write_lots(items, watch, step_years, found)
    at = _write_systems(fleet, watch, steps * step_years, step_years, found, at)
    for m in range(munitions.stock.size):
        found[at] = munitions.danger_days[m] if munitions.emptied[m] else math.nan
        found[at + 1], found[at + 2] = munitions.unmet[m], munitions.stock[m]
        at += 3
    closed, opened = 0, 0
    for step in range(steps):
        closed += 1 if watch.shut[step] != 0 else 0
    for transfer in range(opened_step.size):
        opened += 1 if opened_step[transfer] >= 0 else 0
    cost, local = add_all(money.by_year[:, 0]), add_all(money.local_by_year)
    found[at] = crisis * step_years if crisis <= steps else math.nan
    found[at + 1] = closed * step_years * DAYS_A_YEAR
    found[at + 2] = _share(add_all(fleet.sent_by_sea), add_all(fleet.failed))
    found[at + 3] = _share(add_all(fleet.ordered_by_sea), add_all(fleet.ordered))
    found[at + 4] = _share(add_all(munitions.received_by_sea), add_all(munitions.received))
    found[at + 5], found[at + 6], found[at + 7] = money.earned[0], add_all(own_late), opened
    found[at + 8] = add_all(munitions.received_locally)
    found[at + 9], found[at + 10] = cost, add_all(money.by_year[:, 1])
    found[at + 11] = _share(local, cost)
    at += 12
    for year in range(money.local_by_year.size):
        found[at], found[at + 1] = money.by_year[year, 0], money.by_year[year, 1]
        found[at + 2] = money.local_by_year[year]
        at += 3
    return at
