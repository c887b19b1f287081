"""Sea lanes: the map, the passages, and the ways that a case's ships take while some passages are closed."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np

from pactwork.brief.naming import part_name
from pactwork.facts.assumptions import Parameter
from pactwork.facts.ledger import Ledger
from pactwork.facts.passages import list_passages
from pactwork.forecast import Forecast
from pactwork.futures.compile.scene import AIR, Scene, set_scene
from pactwork.futures.routes import KM_PER_NAUTICAL_MILE
from pactwork.futures.uncertainties import invert
from pactwork.futures.ways import Way, locate_passages, trace_way

WIDTH, HEIGHT = 1000.0, 452.0
WEST = -120.0
"""Longitude of the map's left edge: the seam lies in the eastern Pacific, where few of these ships sail."""
NORTH = 76.0
SOUTHERNMOST = -60.0
"""Land that lies beyond is not drawn: no ship of this trade sees it."""
_SPREAD = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Reach:
    """Days that a way takes: the middle of what is assumed of speed and ports, and nine tenths of it."""

    low: float
    middle: float
    high: float


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Return a place on the map, in its units from the top left corner; longitudes are not wrapped.

    Notes
    -----
    Miller's cylindrical projection (Miller 1942): y = 5/4 ln tan(π/4 + 2/5 φ).
    """
    scale = WIDTH / (2 * math.pi)
    return (scale * math.radians(longitude - WEST), scale * (_miller(NORTH) - _miller(latitude)))


def _miller(latitude: float) -> float:
    return 1.25 * math.log(math.tan(math.pi / 4 + 0.4 * math.radians(latitude)))


@functools.cache
def tell_map() -> dict[str, Any]:
    """Return the map: its size, land as one SVG path, every passage and where it lies."""
    held = json.loads((resources.files(__package__) / "data/land.json").read_text("utf-8"))
    shown = [_unwrap(ring) for ring in held["rings"] if max(latitude for _, latitude in ring) > SOUTHERNMOST]
    rings = [_path(ring, close=True, turn=turn) for ring in shown for turn in (-360, 0, 360)]
    where = locate_passages()
    passages = []
    for one in list_passages().values():
        if not one.ice:
            x, y = _wrap(*where[one.name])
            passages.append({"name": one.name, "title": one.title, "x": x, "y": y})
    return {"width": WIDTH, "height": HEIGHT, "land": "".join(ring for ring in rings if ring), "passages": passages,
            "source": f"{held['title']}: {held['producer']}, {held['licence']}"}  # fmt: skip


def _wrap(longitude: float, latitude: float) -> tuple[float, float]:
    x, y = project((longitude - WEST) % 360 + WEST, latitude)
    return round(x, 1), round(y, 1)


def _path(places: Sequence[Sequence[float]], *, close: bool = False, turn: float = 0.0) -> str:
    """Return places as an SVG path; empty where none of it lies on the map."""
    points = [project(longitude + turn, max(-85.0, min(85.0, latitude))) for longitude, latitude in places]
    if max(x for x, _ in points) < 0 or min(x for x, _ in points) > WIDTH:
        return ""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + ("Z" if close else "")


def trace_path(way: Way) -> str:
    """Return a way as an SVG path: it leaves the map on one side and comes back on the other."""
    places = _unwrap(way.places)
    return "".join(_path(places, turn=turn) for turn in (-360, 0, 360))


def _unwrap(places: Sequence[Sequence[float]]) -> list[tuple[float, float]]:
    """Return places whose longitudes go on beyond 180 degrees rather than jump."""
    found = [(places[0][0], places[0][1])]
    for longitude, latitude in places[1:]:
        before = found[-1][0]
        found.append((before + (longitude - before + 540) % 360 - 180, latitude))
    return found


def tell_lanes(
    ledger: Ledger, forecast: Forecast, closed: Sequence[str] = (), also: Sequence[str] = ()
) -> dict[str, Any]:
    """Return what a case's ships do while passages are closed, beside what they do with none of these closed.

    Parameters
    ----------
    closed : sequence of str
        Passages that are closed.
    also : sequence of str
        Passages that ships of this trade take in some futures only, and are taken to use here.

    Raises
    ------
    CaseError
        When a passage is unknown, or the case asks for what cannot be played.
    """
    parameters = ledger.assumptions.parameters
    scene = set_scene(ledger, forecast, parameters)
    usual = {name for name in optional_passages(parameters) if name not in also}
    routes = [_tell_route(scene, name, ends, {*usual}, {*usual, *closed}) for name, ends in scene.ports.items()]
    taken = {passage for one in routes for passage in (one["now"] or {"passages": []})["passages"]}
    before = {passage for one in routes for passage in (one["before"] or {"passages": []})["passages"]}
    return {
        "routes": routes, "by_air": [*_lots_on(scene, AIR)],
        "passages": [
            {"name": one.name, "closed": one.name in closed, "taken": one.name in taken, "usual": one.name in before,
             "optional": f"passages.{one.name}.used" in parameters,
             "modelled": any(name.startswith(f"passages.{one.name}.") for name in parameters)}
            for one in list_passages().values() if not one.ice
        ],
        "ports": [*_tell_ports(scene)],
    }  # fmt: skip


def optional_passages(parameters: Any) -> list[str]:
    """Return the passages that ships of this trade take in some futures only."""
    return [name for name in list_passages() if f"passages.{name}.used" in parameters]


def _tell_route(
    scene: Scene, name: str, ends: tuple[str, str], before: set[str], now: set[str]
) -> dict[str, Any]:  # fmt: skip
    found = {}
    for when, shut in (("before", before), ("now", now)):
        way = trace_way(scene.ledger, *ends, sorted(shut))
        found[when] = None if way is None else _tell_way(scene, way)
    return {"name": name, "origin": scene.ledger.name_of(ends[0]), "destination": scene.ledger.name_of(ends[1]),
            "lots": [*_lots_on(scene, name)], **found}  # fmt: skip


def _tell_way(scene: Scene, way: Way) -> dict[str, Any]:
    days = count_days(scene.parameters, way.length_km)
    spans = {"days": days.middle, "days_low": days.low, "days_high": days.high}
    return {"km": round(way.length_km), "passages": list(way.passages), "path": trace_path(way),
            **{name: round(value, 1) for name, value in spans.items()}}  # fmt: skip


def count_days(parameters: Any, length_km: float) -> Reach:
    """Return days at sea and in ports over a length, at the middle of what is assumed, and at its ends.

    The fewest days go with a fast ship and quick ports, the most with the contrary: nine tenths of what is assumed of
    each. Storms, waiting for a convoy and a full load come on top.
    """
    speed, port = (parameters.get(f"shipping.{one}") for one in ("speed", "port_days"))
    fast = _levels(speed, 1.0)[::-1]
    found = [length_km / (one * KM_PER_NAUTICAL_MILE * 24) + stay
             for one, stay in zip(fast, _levels(port, 0.0), strict=True)]  # fmt: skip
    return Reach(*found)


def _levels(parameter: Parameter | None, otherwise: float) -> list[float]:
    if parameter is None:
        return [otherwise] * len(_SPREAD)
    return [float(one) for one in invert(parameter, np.array(_SPREAD))]


def _lots_on(scene: Scene, route: str) -> Iterator[dict[str, str]]:
    for part in scene.parts:
        if part.by_supplier and scene.system_routes.get(part.system) == route:
            lot = part.lot.state.lot
            if part.lot.state.delivered < lot.quantity:
                yield {"lot": part.name, "name": part_name(scene.ledger, part.name)}


def _tell_ports(scene: Scene) -> Iterator[dict[str, Any]]:
    used = {port for ends in scene.ports.values() for port in ends}
    for row in scene.ledger.rows("ports"):
        if row["port_id"] in used and row["longitude"] is not None and row["latitude"] is not None:
            x, y = _wrap(row["longitude"], row["latitude"])
            yield {"name": row["name"] or row["port_id"], "x": x, "y": y, "role": row["role"] or ""}
