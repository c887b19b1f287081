"""Ways as they lie on the map: where a route goes, and where passages are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from pactwork.errors import CaseError
from pactwork.facts.ledger import Ledger
from pactwork.facts.passages import list_passages
from pactwork.futures.routes import distances_km, find_harbour, find_way, read_network, search_way, unknown_passage


@dataclass(frozen=True)
class Way:
    """One way as it lies on the map: its length, the passages it takes in that order, and its places.

    ``places`` are (longitude, latitude) in degrees, the two ports included.
    """

    length_km: float
    passages: tuple[str, ...]
    places: tuple[tuple[float, float], ...]


def trace_way(ledger: Ledger, origin: str, destination: str, closed: Collection[str] = ()) -> Way | None:
    """Return the shortest way between two ports of a case without some passages; None where no way is left.

    Passages under ice are never taken. The length is that of ``find_routes`` with the same passages closed.

    Raises
    ------
    CaseError
        As ``find_routes`` does.
    """
    known = list_passages()
    problems = [unknown_passage(name) for name in sorted(set(closed) - set(known))]
    (start, out_km), (end, in_km) = (find_harbour(ledger, port, problems) for port in (origin, destination))
    if problems:
        raise CaseError(dict.fromkeys(problems))
    network, never = read_network(), {*closed, *(name for name, one in known.items() if one.ice)}
    shut = np.zeros(len(network.ends), dtype=np.bool_)
    for bit, name in enumerate(known):
        if name in never:
            shut |= (network.passages >> bit & 1).astype(np.bool_)
    length, nodes, _ = find_way(network, shut, start, end)
    if not nodes:
        return None
    _, entered = search_way(network, network.passages, shut, start, end)
    names = list(known)
    order = sorted(entered, key=lambda passage: entered[passage])
    ports = {row["port_id"]: (row["longitude"], row["latitude"]) for row in ledger.rows("ports")}
    places = [ports[origin], *((float(a), float(b)) for a, b in network.places[nodes]), ports[destination]]
    return Way(length + out_km + in_km, tuple(names[passage] for passage in order), tuple(places))


def locate_passages() -> dict[str, tuple[float, float]]:
    """Return where each passage lies, as (longitude, latitude) in degrees: the middle of its lines in the network."""
    network, found = read_network(), {}
    for bit, one in enumerate(list_passages().values()):
        inside = (network.passages >> bit & 1).astype(np.bool_)
        middles = network.places[network.ends[inside]].mean(axis=1)
        if one.gates and not one.network:  # a gate may reach far out to sea: what lies near its beginning is meant
            near = distances_km(middles, one.gates[0][0], one.gates[0][1])
            middles = middles[near <= 1.5 * near.min() + 50.0]
        found[one.name] = (float(np.median(middles[:, 0])), float(np.median(middles[:, 1])))
    return found
