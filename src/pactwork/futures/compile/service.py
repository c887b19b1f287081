"""What serves and what it takes to keep it so: acceptance, fleet, munitions, money; arrays by future."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from pactwork.facts.dates import parse_date
from pactwork.facts.parameters import LEVELS
from pactwork.facts.records import Gain
from pactwork.futures.compile.columns import Columns, Floats, ids_below, place, stack
from pactwork.futures.compile.scene import Scene
from pactwork.futures.compile.supply import quantity_of
from pactwork.futures.compile.surroundings import Arrays, years_after
from pactwork.futures.draws import Streams
from pactwork.futures.steps.fleet_plan import DEPOT, FIELD, FLEET_DECISIONS, PLACES, READY, TO_SEND
from pactwork.futures.steps.munitions import MUNITION_DECISIONS, NO_TARGET
from pactwork.futures.steps.setting import DAYS_A_YEAR

Counts = npt.NDArray[np.int64]
ANY_NUMBER = 1_000_000


def required_of(requirement: str) -> str:
    """Return the reserved coordinate of a requirement: a judgement with a range."""
    return f"required.{requirement}"


def make_service(scene: Scene, columns: Columns, streams: Streams, steps: int, step_days: float) -> dict[str, Arrays]:
    """Return the arrays of acceptance, fleet, munitions and money, by the names of ``ChoicePlan``.

    Where items are on the first day is found as if no lever were at work: a lever changes what happens from then on.
    """
    queue = _in_acceptance(scene, columns.under(()))
    return {
        "acceptance": _acceptance(scene, columns, queue, step_days),
        "fleet": _fleet(scene, columns, streams, queue, steps, step_days),
        "munitions": _munitions(scene, columns, streams), "money": _money(scene, columns),
    }  # fmt: skip


def _lots_of(scene: Scene, system: str) -> list[int]:
    return [at for at, part in enumerate(scene.parts) if part.system == system and part.by_supplier]


def _delivered(scene: Scene, system: str) -> int:
    return sum(scene.parts[at].lot.state.delivered for at in _lots_of(scene, system))


def _in_acceptance(scene: Scene, columns: Columns) -> Counts:
    """Return items that arrived so lately that they are not in service yet, of shape (future, system)."""
    found = []
    for system in scene.systems:
        days, waiting = columns(f"acceptance.{system}.days"), np.zeros(columns.count)
        for at in _lots_of(scene, system):
            for gain in scene.parts[at].lot.state.gains:
                waiting += gain.items * _share_since(gain, scene.ledger.day, days)
        found.append(np.minimum(np.rint(waiting), _delivered(scene, system)))
    return np.asarray(stack(found, columns.count), dtype=np.int64)


def _share_since(gain: Gain, day: dt.date, days: Floats) -> Floats:
    """Return the share of a gain that came within so many days; spread evenly where the day is not known."""
    ago, span = (day - gain.by).days, (gain.by - (gain.since or gain.by)).days
    return np.where(days > ago, np.clip((days - ago) / span, 0.0, 1.0) if span > 0 else 1.0, 0.0)


def _acceptance(scene: Scene, columns: Columns, queue: Counts, step_days: float) -> Arrays:
    rates = [columns(f"acceptance.{system}.per_year", 1e9) for system in scene.systems]
    delays = [np.rint(columns(f"acceptance.{system}.days") / step_days) for system in scene.systems]
    return {"rate": stack(rates, columns.count), "delay_steps": stack(delays, columns.count), "queue": queue}


def _fleet(
    scene: Scene, columns: Columns, streams: Streams, queue: Counts, steps: int, step_days: float
) -> Arrays:  # fmt: skip
    heads, count = [f"fleet.{system}" for system in scene.systems], columns.count
    home, supplier = scene.home(scene.buyer), place(scene.governments, scene.supplier)
    routes = [place(scene.routes, scene.system_routes.get(system)) for system in scene.systems]
    shops = [_workshop(scene, system) for system in scene.systems]
    mending = ("field_days", "depot_days", "overhaul_days")
    return {
        "items": _items(scene, columns.under(()), queue), "required": _required(scene, columns, steps, step_days),
        "theatre": np.full((1, len(heads)), home),
        "failure": columns.table([f"{head}.failures_per_year" for head in heads]),
        "ageing": columns.table([f"{head}.ageing" for head in heads]),
        "use": stack([columns.table([f"{head}.use.{level}" for level in LEVELS]) for head in heads], count),
        "grades": stack([_grades(columns, head) for head in heads], count),
        "workshop": np.array([[place(scene.transfers, shop) for shop in shops]]).reshape(1, -1),
        "workshop_channels": stack([columns(f"transfer.{shop}.channels", 0) for shop in shops], count),
        "mending": stack(
            [stack([_rate(columns, f"{head}.{days}") for days in mending], count) for head in heads], count),
        "channels": stack([_channels(columns, head) for head in heads], count),
        "overhaul": stack([_inverse(columns(f"{head}.overhaul_interval")) for head in heads], count),
        "damage": stack([_in_war(columns(f"{head}.damage_in_war")) for head in heads], count),
        "loss": stack([_in_war(columns(f"{head}.losses_in_war")) for head in heads], count),
        "surge": columns.table([f"{head}.surge" for head in heads], 1),
        "spares": columns.table([f"{head}.spare_sets" for head in heads], -1),
        "spare_years": stack([columns.years(f"{head}.spares_days") for head in heads], count),
        "spare_route": np.array([routes]).reshape(1, -1), "maker_route": np.array([routes]).reshape(1, -1),
        "maker_years": stack([columns.years(f"{head}.maker_days") for head in heads], count),
        "spread": stack([columns("shipping.spread")] * len(heads), count),
        "government": np.full((1, len(heads)), supplier),
        "rounds_a_barrel": columns.table([f"{head}.barrel_rounds" for head in heads]),
        "streams": streams.table([f"fleet.{system}" for system in scene.systems], FLEET_DECISIONS)[None],
    }  # fmt: skip


def _workshop(scene: Scene, system: str) -> str:
    """Return the commitment that opens a workshop for a system; empty where there is none."""
    return next((name for name, row in scene.promises.items()
                 if row["system_id"] == system and f"transfer.{name}.channels" in scene.parameters), "")  # fmt: skip


def _grades(columns: Columns, head: str) -> Floats:
    field = columns(f"{head}.to_field", 1.0)
    maker = (1 - field) * columns(f"{head}.to_maker")
    return stack([field, 1 - field - maker, maker], columns.count)


def _rate(columns: Columns, name: str) -> Floats:
    return _inverse(columns.years(name))


def _inverse(years: Floats) -> Floats:
    """Return rates a year from mean times; where a case gives no time, nothing is done."""
    return np.where(years > 0, 1.0 / np.where(years > 0, years, 1.0), 0.0)


def _channels(columns: Columns, head: str) -> Floats:
    return stack([columns(f"{head}.field_channels", ANY_NUMBER), columns(f"{head}.depot_channels", ANY_NUMBER),
                  np.full(columns.count, float(ANY_NUMBER))], columns.count)  # fmt: skip


def _in_war(hazard: Floats) -> Floats:
    return stack([np.zeros_like(hazard)] * (len(LEVELS) - 1) + [hazard], len(hazard))


def _items(scene: Scene, columns: Columns, queue: Counts) -> Counts:
    """Return where each system's items are at the start, of shape (future, system, place).

    What is in repair is in field, depot and on its way to the maker as each grade's share and time would have it.
    """
    found = np.zeros((columns.count, len(scene.systems), len(PLACES)), dtype=np.int64)
    for at, system in enumerate(scene.systems):
        head, service = f"fleet.{system}", _delivered(scene, system) - queue[:, at]
        broken = np.asarray(np.rint(columns(f"{head}.in_repair_at_start") * service), dtype=np.int64)
        grades = _grades(columns, head)
        times = columns.table([f"{head}.field_days", f"{head}.depot_days", f"{head}.maker_days"])
        weights = grades * times
        shares = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)
        field = np.asarray(np.floor(shares[:, 0] * broken), dtype=np.int64)
        maker = np.asarray(np.floor(shares[:, 2] * broken), dtype=np.int64)
        found[:, at, FIELD], found[:, at, TO_SEND] = field, maker
        found[:, at, DEPOT], found[:, at, READY] = broken - field - maker, service - broken
    return found


def _required(scene: Scene, columns: Columns, steps: int, step_days: float) -> Floats:
    """Return items required at each step, of shape (future, step, system).

    From what is in the buyer's hands at the start in a straight line to each requirement at its date, and level after
    the last. A system for which nothing is required should have all that is ordered.
    """
    days = np.arange(steps + 1) * step_days / DAYS_A_YEAR
    found = np.zeros((columns.count, steps + 1, len(scene.systems)))
    for at, system in enumerate(scene.systems):
        rows = sorted((row for row in scene.ledger.rows("requirements") if row["system_id"] == system),
                      key=lambda row: parse_date(row["by"]).latest)  # fmt: skip
        if not rows:
            ordered = sum(scene.parts[lot].lot.state.lot.quantity for lot in _lots_of(scene, system)
                          if scene.parts[lot].firm)  # fmt: skip
            found[:, :, at] = ordered
            continue
        whens = [0.0, *(years_after(scene, _last_day(row["by"])) for row in rows)]
        levels = [np.full(columns.count, float(_delivered(scene, system))), *(_need(columns, row) for row in rows)]
        for future in range(columns.count):
            found[future, :, at] = np.rint(np.interp(days, whens, [level[future] for level in levels]))
    return found


def _last_day(text: str) -> dt.date:
    return parse_date(text).latest


def _need(columns: Columns, row: Mapping[str, object]) -> Floats:
    """Return a requirement's quantity in each future: triangular over its range, with the judged number as mode."""
    low, mode, high = (float(str(row[name] if row[name] is not None else row["quantity"]))
                       for name in ("low", "quantity", "high"))  # fmt: skip
    if high <= low:
        return np.full(columns.count, mode)
    chance, split = columns.chance(required_of(str(row["requirement_id"]))), (mode - low) / (high - low)
    below = low + np.sqrt(chance * (high - low) * (mode - low))
    above = high - np.sqrt((1 - chance) * (high - low) * (high - mode))
    return np.where(chance < split, below, above)


def _munitions(scene: Scene, columns: Columns, streams: Streams) -> Arrays:
    heads, count = [f"munitions.{one}" for one in scene.munitions], columns.count
    users = [next(one for one in ids_below(scene.parameters, f"{head}.fired_by")
                  if scene.parameters[f"{head}.fired_by.{one}"].high > 0) for head in heads]  # fmt: skip
    lines = [_munition_line(scene, one) for one in scene.munitions]
    sea = [place(scene.routes, scene.system_routes.get(user)) for user in users]
    return {
        "system": np.array([[place(scene.systems, user) for user in users]]).reshape(1, -1),
        "theatre": np.full((1, len(heads)), scene.home(scene.buyer)),
        "stock": np.rint(columns.table([f"{head}.stock" for head in heads])),
        "target": np.rint(columns.table([f"{head}.stock_goal" for head in heads], NO_TARGET)),
        "training": columns.table([f"{head}.training" for head in heads]),
        "use": stack([columns.table([f"{head}.use.{level}" for level in LEVELS]) for head in heads], count),
        "maker_rate": columns.table([f"{head}.from_maker" for head in heads]),
        "spread": stack([columns("shipping.spread")] * len(heads), count), "route": np.array([sea]).reshape(1, -1),
        "government": np.full((1, len(heads)), place(scene.governments, scene.supplier)),
        "local_rate": columns.table([f"{head}.from_local" for head in heads]),
        "local_learning_years": stack([columns(f"transfer.{line}.learning", 0) for line in lines], count),
        "local_transfer": np.array([[place(scene.transfers, line) for line in lines]]).reshape(1, -1),
        "other_rate": columns.table([f"{head}.from_others" for head in heads]),
        "surge": columns.table([f"{head}.surge" for head in heads], 1),
        "streams": streams.table(heads, MUNITION_DECISIONS)[None],
    }  # fmt: skip


def _munition_line(scene: Scene, munition: str) -> str:
    """Return the commitment that opens a local line for a munition: one of its transfers that opens nothing else."""
    others = ("output_per_year", "channels")
    return next((name for name, row in scene.promises.items() if row["system_id"] == munition
                 and not any(f"transfer.{name}.{other}" in scene.parameters for other in others)), "")  # fmt: skip


def _money(scene: Scene, columns: Columns) -> Arrays:
    """Return prices in millions of the case's currency; the advance of what is in force has been paid."""
    count, paid = columns.count, columns("money.advance")
    middle = 1 if scene.currencies else 0
    prices, local, terms = [], [], []
    for part in scene.parts:
        lot = part.lot.state.lot.lot_id
        head = f"elsewhere.{lot}" if part.elsewhere else f"money.lots.{lot}"
        prices.append(columns(f"{head}.unit_price"))
        local.append(columns(f"{head}.local_share"))
        terms.append(0.0 if part.elsewhere else paid)
    advances = []
    for name in scene.instruments:
        own = [at for at, part in enumerate(scene.parts) if part.instrument == name]
        advances.append(sum((paid * prices[at] * quantity_of(scene, columns, scene.parts[at]) for at in own),
                            np.zeros(count)))  # fmt: skip
    first = [next(at for at, part in enumerate(scene.parts) if part.instrument == name) for name in scene.instruments]
    upkeep = columns("money.sustainment_local_share")
    return {
        "advance": stack(advances, count), "advance_currency": np.full((1, len(advances)), middle),
        "advance_local": stack([local[at] for at in first], count),
        "price": stack([price * (1 - part) for price, part in zip(prices, terms, strict=True)], count),
        "price_currency": np.full((1, len(prices)), middle), "price_local": stack(local, count),
        "price_supplier": np.array([[0.0 if part.elsewhere else 1.0 for part in scene.parts]]).reshape(1, -1),
        "sustainment": columns.table([f"money.sustainment.{system}" for system in scene.systems]),
        "sustainment_currency": np.full((1, len(scene.systems)), middle),
        "sustainment_local": stack([upkeep] * len(scene.systems), count),
    }  # fmt: skip
