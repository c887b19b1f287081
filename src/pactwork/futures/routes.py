"""Sea routes: the shortest way between two ports for every set of closed passages, and the passages it takes."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from pactwork.errors import CaseError, Problem, quoted
from pactwork.facts.ledger import Ledger
from pactwork.facts.passages import list_passages

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG), as the network's own lengths use it."""
KM_PER_NAUTICAL_MILE = 1.852
FARTHEST_PORT_KM = 60.0
"""How far a port may lie from the network; farther is a mistake in the table, or no sea port."""
MOST_PASSAGES = 16
"""Every set of closed passages gets an entry: 16 passages make 65,536."""


@dataclass(frozen=True)
class Route:
    """One way between two ports: its length, and the passages it takes in alphabetical order."""

    length_km: float
    passages: tuple[str, ...]


@dataclass(frozen=True)
class SeaRoutes:
    """The shortest way between two ports for every set of closed passages.

    Attributes
    ----------
    origin, destination : str
        Ids of the ports.
    passages : tuple of str
        Bit k of every mask is the k-th of these.
    length_km : floats of shape (closed_set,)
        Length of the shortest open way when exactly the passages of that mask are closed; infinite where none is left.
    taken : integers of shape (closed_set,)
        Mask of the passages that way takes; 0 where none is left.
    passed_at : floats of shape (closed_set, passage)
        Share of the way at which it enters each passage; -1 where it does not take it.
    reached : booleans of shape (closed_set,)
        Whether any way is left.
    """

    origin: str
    destination: str
    passages: tuple[str, ...]
    length_km: Floats
    taken: Integers
    passed_at: Floats
    reached: npt.NDArray[np.bool_]

    def mask(self, closed: Iterable[str]) -> int:
        """Return the mask of a set of closed passages; KeyError for one these routes do not tell apart."""
        bits = {name: 1 << index for index, name in enumerate(self.passages)}
        return sum(bits[name] for name in set(closed))

    def route(self, closed: Iterable[str] = ()) -> Route | None:
        """Return the shortest way that is left; None where there is no route."""
        mask = self.mask(closed)
        if not self.reached[mask]:
            return None
        taken = tuple(name for index, name in enumerate(self.passages) if self.taken[mask] >> index & 1)
        return Route(float(self.length_km[mask]), taken)


@dataclass(frozen=True)
class Network:
    """The maritime network as arrays.

    ``places`` has shape (node, 2), longitude and latitude in degrees; ``ends`` (edge, 2); ``length_km`` and
    ``passages`` (edge,), the latter as masks over every passage of the declaration.
    """

    places: Floats
    ends: Integers
    length_km: Floats
    passages: Integers


@functools.cache
def read_network() -> Network:
    """Return the maritime network, read once."""
    import searoute  # its network takes a moment to load, and most commands sail nowhere

    graph = searoute.setup_M()
    nodes = list(graph.nodes)
    order = {node: index for index, node in enumerate(nodes)}
    edges = list(graph.edges(data=True))
    places = np.array(nodes, dtype=np.float64)
    ends = np.array([(order[start], order[end]) for start, end, _ in edges], dtype=np.int64)
    length_km = np.array([data["weight"] for *_, data in edges], dtype=np.float64)
    masks = np.zeros(len(edges), dtype=np.int64)
    for bit, passage in enumerate(list_passages().values()):
        inside = np.array([data.get("passage") == passage.network for *_, data in edges]) & (
            passage.network is not None
        )
        for gate in passage.gates:
            inside |= _cross(places[ends[:, 0]], places[ends[:, 1]], gate)
        if not inside.any():
            raise RuntimeError(f"the maritime network has no {passage.name}; passages.toml and searoute have drifted")
        masks |= inside.astype(np.int64) << bit
    return Network(places, ends, length_km, masks)


def _cross(starts: Floats, ends: Floats, gate: Sequence[float]) -> npt.NDArray[np.bool_]:
    """Return which edges cross a gate, taking both for straight lines on the map; of shape (edge,)."""
    first, second = np.array(gate[:2]), np.array(gate[2:])

    def side(line_start: Any, line_end: Any, point: Any) -> Floats:
        along, to = line_end - line_start, point - line_start
        turned: Floats = along[..., 0] * to[..., 1] - along[..., 1] * to[..., 0]
        return turned

    over_gate = side(first, second, starts) * side(first, second, ends) <= 0
    over_edge = side(starts, ends, first) * side(starts, ends, second) <= 0
    return np.asarray(over_gate & over_edge)


def distances_km(places: Floats, longitude: float, latitude: float) -> Floats:
    """Return great-circle distances of places from one point; of shape (node,). Haversine formula."""
    lon, lat = np.radians(places[:, 0] - longitude), np.radians(places[:, 1])
    here = np.radians(latitude)
    chord = np.sin((lat - here) / 2) ** 2 + np.cos(lat) * np.cos(here) * np.sin(lon / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0))))


def find_routes(
    ledger: Ledger, origin: str, destination: str, passages: Collection[str], *, avoided: Collection[str] = ()
) -> SeaRoutes:
    """Return the shortest way between two ports of a case for every set of closed passages.

    Parameters
    ----------
    ledger : Ledger
        Whose table of ports holds both.
    origin, destination : str
        Ids of ports.
    passages : collection of str
        Passages that can close, at most 16; their order in the result is alphabetical.
    avoided : collection of str
        Passages that ships of this trade never take, whatever is open. Those under ice are always among them unless
        they stand in ``passages``.

    Returns
    -------
    SeaRoutes
        Arrays over sets of closed passages. What a way takes is always told, and no way at all is told as such.

    Raises
    ------
    CaseError
        When a port is unknown, has no position, or lies inland or too far from the network, all of it at once; when
        a passage is unknown, or there are too many.
    """
    known = list_passages()
    problems = [unknown_passage(name) for name in sorted({*passages, *avoided} - set(known))]
    names = tuple(sorted(set(passages)))
    if len(names) > MOST_PASSAGES:
        fix = "leave out those the routes never take"
        problems.append(Problem("passages", str(len(names)), f"at most {MOST_PASSAGES} that can close", fix))
    ends = [find_harbour(ledger, port, problems) for port in (origin, destination)]
    if problems:
        raise CaseError(dict.fromkeys(problems))
    never = frozenset({*avoided, *(name for name, one in known.items() if one.ice)} - set(names))
    (start, out_km), (end, in_km) = ends
    length_km, taken, entered_km = _find_every(start, end, names, never)
    reached = np.isfinite(length_km)
    whole_km = length_km + out_km + in_km
    passed_at = np.where(entered_km >= 0.0, (entered_km + out_km) / whole_km[:, None], -1.0)
    return SeaRoutes(origin, destination, names, whole_km, taken, passed_at, reached)


def unknown_passage(name: str) -> Problem:
    """Return the problem of a passage that is not declared."""
    return Problem("passages", quoted(name), f"one of {', '.join(list_passages())}", "correct the name")


def find_harbour(ledger: Ledger, port: str, problems: list[Problem]) -> tuple[int, float]:
    """Return the node of the network nearest to a port, and how far it is in km."""
    path = ledger.path_of("ports")
    row = next((row for row in ledger.rows("ports") if row["port_id"] == port), None)
    if row is None:
        names = ", ".join(row["port_id"] or "" for row in ledger.rows("ports")) or "a port of the case"
        problems.append(Problem(path, quoted(port), f"one of {names}", "add the port, or correct its id"))
        return 0, 0.0
    where = f"{path}:{row['line']} latitude"
    if row["latitude"] is None or row["longitude"] is None:
        problems.append(Problem(where, "nothing", "a latitude and a longitude", "add the position of the port"))
        return 0, 0.0
    distances = distances_km(read_network().places, row["longitude"], row["latitude"])
    nearest = int(distances.argmin())
    if distances[nearest] > FARTHEST_PORT_KM:
        found = f"{row['name'] or port}, {distances[nearest]:.0f} km from the nearest sea route"
        expected = f"a sea port, at most {FARTHEST_PORT_KM:.0f} km from one"
        problems.append(Problem(where, found, expected, "correct the position, or send by air what goes there"))
    return nearest, float(distances[nearest])


@functools.lru_cache(maxsize=64)
def _find_every(start: int, end: int, names: tuple[str, ...], never: frozenset[str]) -> tuple[Floats, Integers, Floats]:
    """Return length in km and passages taken, of shape (closed_set,), and km to each passage, (closed_set, passage).

    The shortest way under one set of closed passages is also the shortest under every larger set that closes nothing
    on it: a few searches settle all sets. Masks are settled in rising order, so a set comes after all it contains.
    """
    network, known = read_network(), list(list_passages())
    within = np.zeros_like(network.passages)
    for bit, name in enumerate(names):
        within |= (network.passages >> known.index(name) & 1) << bit
    barred = np.zeros(within.shape, dtype=np.bool_)
    for name in never:
        barred |= (network.passages >> known.index(name) & 1).astype(np.bool_)
    sets = np.arange(1 << len(names), dtype=np.int64)
    length_km = np.full(sets.shape, np.inf)
    taken = np.zeros(sets.shape, dtype=np.int64)
    entered_km = np.full((len(sets), len(names)), -1.0)
    settled = np.zeros(sets.shape, dtype=np.bool_)
    while not settled.all():
        closed = int(settled.argmin())
        kilometres, entered = search_way(network, within, barred | ((within & closed) != 0), start, end)
        used = sum(1 << passage for passage in entered)
        served = ~settled & ((sets & closed) == closed) & ((sets & used) == 0)
        length_km[served], taken[served], settled[served] = kilometres, used, True
        for passage, at in entered.items():
            entered_km[served, passage] = at
    for one in (length_km, taken, entered_km):
        one.setflags(write=False)  # whoever asks again gets the same arrays
    return length_km, taken, entered_km


def search_way(
    network: Network, within: Integers, shut: npt.NDArray[np.bool_], start: int, end: int
) -> tuple[float, dict[int, float]]:
    """Return length in km of the shortest way without the shut edges, and km to each passage taken."""
    length, nodes, so_far = find_way(network, shut, start, end)
    masks = {}
    marked = ~shut & (within != 0)
    for (first, second), mask in zip(network.ends[marked].tolist(), within[marked].tolist(), strict=True):
        masks[first, second] = masks[second, first] = mask
    entered: dict[int, float] = {}
    for at in range(len(nodes) - 1, 0, -1):
        mask = masks.get((nodes[at - 1], nodes[at]), 0)
        entered |= {passage: so_far[at - 1] for passage in range(mask.bit_length()) if mask >> passage & 1}
    return length, entered


def find_way(
    network: Network, shut: npt.NDArray[np.bool_], start: int, end: int
) -> tuple[float, list[int], list[float]]:
    """Return length in km, nodes and km to each of them of the shortest way (Dijkstra 1959) without the shut edges."""
    size = len(network.places)
    rows, columns = network.ends[~shut].T
    # Edges of no length join the two copies of the date line; stored zeros count as edges.
    graph = csr_matrix((network.length_km[~shut], (rows, columns)), shape=(size, size))
    lengths, before = dijkstra(graph, directed=False, indices=start, return_predecessors=True)
    if not np.isfinite(lengths[end]):
        return np.inf, [], []
    nodes = [end]
    while nodes[-1] != start:
        nodes.append(int(before[nodes[-1]]))
    nodes.reverse()
    return float(lengths[end]), nodes, [float(lengths[node]) for node in nodes]
