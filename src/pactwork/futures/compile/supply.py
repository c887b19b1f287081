"""What is ordered, made, shipped and handed over, as arrays; every array begins with the axis of futures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pactwork.facts.parameters import LEVELS
from pactwork.futures.compile.columns import Columns, Floats, Variant, place, stack
from pactwork.futures.compile.scene import AIR, CREDIT, Part, Scene
from pactwork.futures.compile.slip import Aim, Pace, pace_of
from pactwork.futures.compile.surroundings import Arrays
from pactwork.futures.draws import Streams
from pactwork.futures.routes import KM_PER_NAUTICAL_MILE, SeaRoutes, find_routes
from pactwork.futures.steps.production import LINE_DECISIONS, LOT_DECISIONS
from pactwork.futures.steps.setting import DAYS_A_YEAR
from pactwork.futures.steps.signing import INSTRUMENT_DECISIONS
from pactwork.futures.steps.transfer import TRANSFER_DECISIONS

Counts = npt.NDArray[np.int64]


def make_supply(
    scene: Scene,
    columns: Columns,
    streams: Streams,
    aims: Mapping[str, Aim],
    ways: Mapping[str, SeaRoutes],
) -> dict[str, Arrays]:
    """Return the arrays of instruments, transfers, lines, lots, cargo and routes, by the names of ``ChoicePlan``.

    The pace that the delivery forecast asks of a line is found as if no lever were at work: a lever moves the line.
    """
    quantities = {part.name: quantity_of(scene, columns, part) for part in scene.parts}
    paces = _find_paces(scene, columns.under(()), aims)
    return {
        "instruments": _instruments(scene, columns, streams), "transfers": _transfers(scene, columns, streams),
        "lines": _lines(scene, columns, streams, paces),
        "lots": _lots(scene, columns, streams, paces, quantities),
        "cargo": _cargo(scene), "routes": _routes(scene, columns, ways),
    }  # fmt: skip


def _find_paces(scene: Scene, usual: Columns, aims: Mapping[str, Aim]) -> dict[str, Pace]:
    """Return opening and slip of each part of a lot."""
    return {part.name: pace_of(scene, usual, part, aims, quantity_of(scene, usual, part) - _arrived(part))
            for part in scene.parts}  # fmt: skip


def _arrived(part: Part) -> int:
    return part.lot.state.delivered if part.by_supplier else 0


def quantity_of(scene: Scene, columns: Columns, part: Part) -> Counts:
    """Return the items of a part of a lot in each future, those that have arrived included, of shape (future,).

    A local line makes what its commitment promises of the lot; where no number is promised, the share that its rate
    has of both lines'.
    """
    lot = part.lot.state.lot
    share = np.ones(columns.count) if part.firm else columns(f"signing.{lot.lot_id}.share")
    whole = np.maximum(1, np.rint(share * lot.quantity))
    bought = np.rint(columns(f"elsewhere.{lot.lot_id}.share", 0.0) * whole)
    if part.elsewhere:
        return np.asarray(bought, dtype=np.int64)
    whole = np.maximum(1, whole - bought)
    promise = part.commitment or next(
        (one.commitment for one in scene.parts if one.commitment and one.lot is part.lot), "")  # fmt: skip
    if not promise:
        return np.asarray(whole, dtype=np.int64)
    row = scene.promises[promise]
    if row["quantity"] and row["of_quantity"]:
        local_share = np.full(columns.count, min(1.0, row["quantity"] / row["of_quantity"]))
    else:
        local = columns(f"transfer.{promise}.output_per_year")
        local_share = local / np.maximum(local + columns(f"production.{part.system}.output_per_year"), 1e-9)
    made_here = np.minimum(np.rint(local_share * whole), whole - part.lot.state.delivered)
    return np.asarray(made_here if part.commitment else whole - made_here, dtype=np.int64)


def _instruments(scene: Scene, columns: Columns, streams: Streams) -> Arrays:
    first = {part.instrument: part for part in reversed(scene.parts)}
    open_ones = [not first[name].firm for name in scene.instruments]
    heads = [f"signing.{name}" for name in scene.instruments]
    in_force = np.array([[not one for one in open_ones]], dtype=np.float64)
    own = [place(scene.governments, actor) for actor in (scene.supplier, scene.buyer)]
    return {
        "in_force": in_force, "planned_years": columns.table([f"{head}.planned_after" for head in heads]),
        "hazard": columns.table([f"{head}.signings_per_year" for head in heads]),
        "exercised": columns.table([f"{head}.becomes_contract" for head in heads], 1),
        "government": np.full((1, len(heads)), own[0]), "buyer": np.full((1, len(heads)), own[1]),
        "credit": np.array([[place(scene.disruptions, CREDIT) if one else -1 for one in open_ones]]).reshape(1, -1),
        "streams": streams.table([f"instrument.{name}" for name in scene.instruments], INSTRUMENT_DECISIONS)[None],
    }  # fmt: skip


def _transfers(scene: Scene, columns: Columns, streams: Streams) -> Arrays:
    """Return transfers; a local line for what is not signed needs the signature."""
    heads = [f"transfer.{name}" for name in scene.transfers]
    needs = []
    for name in scene.transfers:
        part = next((part for part in scene.parts if part.commitment == name and not part.firm), None)
        needs.append(place(scene.instruments, part.instrument) if part else -1)
    return {
        "stages": columns.table([f"{head}.stages" for head in heads], 1),
        "rate": columns.table([f"{head}.stages_per_year" for head in heads]),
        "during_war": columns.table([f"{head}.during_war" for head in heads]),
        "instrument": np.array([needs], dtype=np.int64).reshape(1, -1),
        "government": np.full((1, len(heads)), place(scene.governments, scene.supplier)),
        "donor_theatre": np.full((1, len(heads)), scene.home(scene.supplier)),
        "streams": streams.table(heads, TRANSFER_DECISIONS)[None],
    }  # fmt: skip


@dataclass(frozen=True)
class _Line:
    """One line while it is described: what it makes first, and whether it stands in the buyer's country."""

    first: Part
    local: bool


def _lines(scene: Scene, columns: Columns, streams: Streams, paces: Mapping[str, Pace]) -> Arrays:
    kinds = [_Line(next(part for part in scene.parts if part.line == name), name in scene.promises)
             for name in scene.lines]  # fmt: skip
    rate, learning, opens, variation, diversion = [], [], [], [], []
    for kind in kinds:
        part, system = kind.first, kind.first.system
        running = part.firm and part.lot.state.delivered > 0
        head = f"transfer.{part.commitment}" if kind.local else f"production.{system}"
        head = f"elsewhere.{part.lot.state.lot.lot_id}" if part.elsewhere else head
        rate.append(columns(f"{head}.output_per_year"))
        learning.append(columns(f"{head}.learning") * (not running))
        waits = kind.local or not part.firm
        start = columns(f"{head}.opens_after") if part.elsewhere else np.zeros(columns.count)
        opens.append(start if waits else paces[part.name].opens)
        variation.append(columns(f"production.{system}.variation"))
        taken = [f"production.diversion.{scene.maker(system)}.{level}" for level in LEVELS]
        diversion.append(columns.table(taken) if part.by_supplier else np.zeros((columns.count, len(LEVELS))))
    abroad = np.array([kind.first.by_supplier for kind in kinds], dtype=np.bool_)
    floor = np.array([[0.0 if np.any(years > 0) else 1.0 for years in learning]]).reshape(1, -1)
    supplier, shares = place(scene.governments, scene.supplier), stack(diversion, columns.count)
    return {
        "rate": stack(rate, columns.count), "learning_years": stack(learning, columns.count), "learning_floor": floor,
        "opens_years": stack(opens, columns.count), "variation": stack(variation, columns.count),
        "transfer": np.array([[place(scene.transfers, name) for name in scene.lines]]).reshape(1, -1),
        "government": np.where(abroad, supplier, -1)[None],
        "home_theatre": np.where(abroad, scene.home(scene.supplier), -1)[None],
        "buyer_theatre": np.full((1, len(kinds)), scene.home(scene.buyer)),
        "diversion": shares, "own_need": _own_need(scene, columns.under(()), kinds),
        **_hindrances(scene, columns, kinds),
        "streams": streams.table([f"line.{name}" for name in scene.lines], LINE_DECISIONS)[None],
    }  # fmt: skip


def _own_need(scene: Scene, usual: Columns, kinds: list[_Line]) -> Floats:
    """Return what the maker's own forces ask of each line by level: all that they take where no lever is at work."""
    makers = [scene.maker(kind.first.system) for kind in kinds]
    tables = [usual.table([f"production.diversion.{maker}.{level}" for level in LEVELS]) for maker in makers]
    return stack(tables, usual.count)


def _hindrances(scene: Scene, columns: Columns, kinds: list[_Line]) -> Arrays:
    """Return which disruptions stop or slow each line, how much goes on, and whose consent it needs."""
    stopped = np.zeros((1, len(kinds), len(scene.disruptions)))
    goes_on = np.zeros((columns.count, len(kinds), len(scene.disruptions)))
    consenters = np.zeros((1, len(kinds), len(scene.governments)))
    for at, kind in enumerate(kinds):
        if kind.first.elsewhere:
            continue
        system = kind.first.system
        breaks = place(scene.disruptions, f"components.{system}")
        if breaks >= 0:
            stopped[0, at, breaks] = 1
            goes_on[:, at, breaks] = columns(f"components.{system}.rate_during_break")
        incident = place(scene.disruptions, f"line.{scene.maker(system)}")
        if incident >= 0 and not kind.local:
            stopped[0, at, incident] = 1
        for government, actor in enumerate(scene.governments):
            name = f"components.{system}.supplier.{actor}"
            consenters[0, at, government] = name in scene.parameters and scene.parameters[name].high > 0
    return {"stopped_by": stopped, "goes_on": goes_on, "consenters": consenters}


def _lots(
    scene: Scene, columns: Columns, streams: Streams, paces: Mapping[str, Pace], quantities: Mapping[str, Counts]
) -> Arrays:
    slip = [paces[part.name].slip for part in scene.parts]
    routes = [place(scene.routes, scene.system_routes.get(part.system)) if part.by_supplier else -1
              for part in scene.parts]  # fmt: skip
    wait = columns.years("shipping.longest_wait")
    by_air = [route >= 0 and scene.routes[route] == AIR for route in routes]
    return {
        "line": _row(place(scene.lines, part.line) for part in scene.parts),
        "system": _row(place(scene.systems, part.system) for part in scene.parts),
        "instrument": _row(place(scene.instruments, part.instrument) for part in scene.parts),
        "order": np.arange(len(scene.parts))[None],
        "quantity": stack([quantities[part.name] for part in scene.parts], columns.count),
        "arrived": _row(_arrived(part) for part in scene.parts), "slip": stack(slip, columns.count),
        "route": _row(routes),
        "batch": columns.table([f"shipping.batch.{part.system}" for part in scene.parts], 1),
        "longest_wait_years": stack([wait * (not air) for air in by_air], columns.count),
        "streams": streams.table([f"lot.{part.name}" for part in scene.parts], LOT_DECISIONS)[None],
    }  # fmt: skip


def _row(values: object) -> Counts:
    return np.array([list(values)], dtype=np.int64).reshape(1, -1)  # type: ignore[call-overload]


def _cargo(scene: Scene) -> Arrays:
    """Return what has left and not arrived; it comes when a usual time is over."""
    at_sea = [(at, part) for at, part in enumerate(scene.parts) if part.by_supplier and part.lot.state.in_transit]
    return {
        "lot": _row(at for at, _ in at_sea), "items": _row(part.lot.state.in_transit for _, part in at_sea),
        "arrives_years": np.array([[(part.lot.state.transit_days or 0) / DAYS_A_YEAR for _, part in at_sea]]),
    }  # fmt: skip


def count_cargo(scene: Scene) -> int:
    """Return how many ships are at sea at the start."""
    return sum(bool(part.lot.state.in_transit) for part in scene.parts if part.by_supplier)


def find_ways(scene: Scene) -> dict[str, SeaRoutes]:
    """Return the routes by sea.

    Raises
    ------
    CaseError
        When a port is inland or unknown.
    """
    return {route: find_routes(scene.ledger, *ends, scene.passages) for route, ends in scene.ports.items()}


def _optional(scene: Scene) -> list[str]:
    """Return the passages that ships of this trade use in some futures only."""
    return [name for name in scene.passages if f"passages.{name}.used" in scene.parameters]


def is_used(scene: Scene, columns: Columns) -> npt.NDArray[np.bool_]:
    """Return whether the passages that only some futures use are used, of shape (future,); all of them go together."""
    used = np.ones(columns.count, dtype=np.bool_)
    for name in _optional(scene):
        used &= columns(f"passages.{name}.used") > 0
    return used


def _routes(scene: Scene, columns: Columns, ways: Mapping[str, SeaRoutes]) -> Arrays:
    sets, passages = 1 << len(scene.passages), len(scene.passages)
    used = is_used(scene, columns)
    length = np.zeros((2, len(scene.routes), sets))
    passed_at = np.full((2, len(scene.routes), sets, passages), -1.0)
    crosses = np.zeros((2, len(scene.routes), sets, len(scene.theatres)))
    for at, name in enumerate(scene.routes):
        if name not in ways:
            continue
        one = ways[name]
        unused = np.arange(sets) | one.mask(_optional(scene))
        for variant, shut in enumerate((unused, np.arange(sets))):
            length[variant, at] = np.where(one.reached, one.length_km, -1.0)[shut]
            passed_at[variant, at] = one.passed_at[shut]
            crosses[variant, at] = _crossed(scene, one)[shut]
    by_sea = np.array([name != AIR for name in scene.routes])
    days = stack([columns("shipping.port_days") if sea else columns("shipping.air_days") for sea in by_sea],
                 columns.count)  # fmt: skip
    speed = columns("shipping.speed", 1.0) * KM_PER_NAUTICAL_MILE * 24
    stopped = np.zeros((1, len(scene.routes), len(scene.disruptions)))
    for at, name in enumerate(scene.routes):
        for port in scene.ports.get(name, ()):
            if f"port.{port}" in scene.disruptions:
                stopped[0, at, place(scene.disruptions, f"port.{port}")] = 1
    return {
        "length_km": Variant(length, used), "passed_at": Variant(passed_at, used), "crosses": Variant(crosses, used),
        "speed_km_day": stack([speed] * len(scene.routes), columns.count), "port_days": days,
        "spread": stack([columns("shipping.spread")] * len(scene.routes), columns.count),
        "loss": stack([columns("shipping.loss")] * len(scene.routes), columns.count), "by_sea": by_sea[None],
        "stopped_by": stopped,
    }  # fmt: skip


def _crossed(scene: Scene, one: SeaRoutes) -> Floats:
    """Return the theatres whose waters a way crosses: those in which a passage lies that it takes."""
    found = np.zeros((len(one.length_km), len(scene.theatres)))
    for bit, passage in enumerate(one.passages):
        for theatre, name in enumerate(scene.theatres):
            if f"passages.{passage}.closed_at.{name}" in scene.parameters:
                found[:, theatre] = np.maximum(found[:, theatre], one.taken >> bit & 1)
    return found
