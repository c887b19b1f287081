"""Play runs with the simulation's own functions as plain Python, and write down every random number that they draw.

    python benchmarks/record_draws.py PLANS.pickle DRAWS.npz

PLANS.pickle comes from bench_bare_loop.py. The functions are those that are compiled, in their own files: only the
compiler is put out of the way, and what draws is listened to. A uniform that then goes through an inverse distribution
function is one draw from that distribution, and not two. What is certain (of no items, or at no hazard) is no draw.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np

UNIFORM, EXPONENTIAL, NORMAL, LOGNORMAL, GAMMA, BETA, POISSON, BINOMIAL, EVENTS = range(9)
KINDS = ("uniform", "exponential", "normal", "lognormal", "gamma", "beta", "poisson", "binomial", "binomial by hazard")
NO_TABLE = -1
Row = tuple[int, float, float, int]
"""Kind, first and second parameter (items and chance, items and hazard, shape, mean, …), and table."""


class Listener:
    """What has been drawn, in order."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.within = False
        self._uniforms: dict[float, int] = {}

    def take(self) -> np.ndarray[Any, Any]:
        """Return what has been noted, of shape (draw, 4), and begin anew."""
        found, self.rows = np.array(self.rows), []
        self._uniforms.clear()
        return found

    def table(self, made_for: Any, steady: bool = True) -> int:
        """Return the number of a table by its place among all of a fleet's, of which it is a view."""
        place = made_for.ctypes.data - made_for.base.ctypes.data
        return int(place // made_for.nbytes) if steady else NO_TABLE

    def note_uniforms(self, values: tuple[float, ...]) -> None:
        for value in values:
            self._uniforms[value] = len(self.rows)
            self.rows.append((UNIFORM, 0.0, 0.0, NO_TABLE))

    def note(self, row: Row, uniform: float | None = None) -> None:
        """Note a draw; where its uniform is noted already, in that one's place."""
        place = self._uniforms.pop(uniform, None) if uniform is not None else None
        if place is None:
            self.rows.append(row)
        else:
            self.rows[place] = row

    def note_items(self, kind: int, count: float, chance: float, table: int, uniform: float | None = None) -> None:
        if count > 0 and chance > 0.0 and (kind == EVENTS or chance < 1.0):
            self.note((kind, float(count), float(chance), table), uniform)

    def note_call(self, name: str, given: tuple[Any, ...], found: Any) -> None:
        """Note what one call of a function that draws has drawn."""
        match name:
            case "draw_uniform":
                self.note_uniforms((found,))
            case "draw_pair":
                self.note_uniforms(found)
            case "draw_exponential":
                self.note((EXPONENTIAL, 0.0, 0.0, NO_TABLE))
            case "draw_lognormal" | "lognormal" if given[-1] > 0.0:
                self.note((LOGNORMAL, given[-1], 0.0, NO_TABLE), given[0] if name == "lognormal" else None)
            case "normal_inverse":
                self.note((NORMAL, 0.0, 0.0, NO_TABLE), given[0])
            case "gamma_inverse":
                self.note((GAMMA, given[1], 0.0, NO_TABLE), given[0])
            case "draw_rank":
                self.note((BETA, float(given[5]), float(given[6]), NO_TABLE), given[4])
            case "draw_binomial":
                self.note_items(BINOMIAL, given[4], given[5], NO_TABLE)
            case "draw_events":
                self.note_items(EVENTS, given[4], given[5], NO_TABLE)
            case "count_events":
                self.note_items(EVENTS, given[1], given[2], NO_TABLE, given[0])
            case "draw_poisson" if given[4] > 0.0:
                self.note((POISSON, given[4], 0.0, NO_TABLE))
            case "read_many_events":
                self.note_items(EVENTS, given[8], given[9], self.table(given[0], given[11]))
            case "read_share":
                self.note_items(BINOMIAL, given[4], given[5], self.table(given[0]))
            case "read_poisson" if given[8] > 0.0:
                self.note((POISSON, given[8], 0.0, self.table(given[0], given[9])))


LISTENED_TO = frozenset(
    ("draw_uniform", "draw_pair", "draw_exponential", "draw_lognormal", "lognormal", "normal_inverse", "gamma_inverse",
     "draw_rank", "draw_binomial", "draw_events", "count_events", "draw_poisson", "read_many_events", "read_share",
     "read_poisson")
)  # fmt: skip


def listen(listener: Listener) -> None:
    """Leave functions as they are written, and hear those that draw; one called by another of them is part of it."""

    def njit(**options: Any) -> Callable[..., Any]:
        if options.get("cache"):
            raise RuntimeError("nothing is compiled, and nothing kept")
        return hear

    def hear(function: Callable[..., Any]) -> Callable[..., Any]:
        if function.__name__ not in LISTENED_TO:
            return function

        def heard(*given: Any) -> Any:
            if listener.within:
                return function(*given)
            listener.within = True
            try:
                found = function(*given)
            finally:
                listener.within = False
            listener.note_call(function.__name__, given, found)
            return found

        return heard

    numba.njit = njit


def main(plans: str, draws: str) -> None:
    """Play each run that the file names, hold it against the compiled run's outcomes, and write its draws."""
    listener = Listener()
    listen(listener)
    np.seterr(divide="ignore", invalid="ignore", over="ignore")
    asked = pickle.loads(Path(plans).read_bytes())
    from pactwork.futures.kernel import replay_run

    found: dict[str, np.ndarray[Any, Any]] = {}
    for (future, replication), outcomes in asked["outcomes"].items():
        environment, plan = asked["futures"][future]
        _, _, played = replay_run(
            environment, plan, asked["sizes"], step_days=asked["step_days"], seed=asked["seed"], future=future,
            replication=replication,
        )  # fmt: skip
        if not np.allclose(played.outcomes, outcomes, rtol=1e-9, equal_nan=True):
            raise SystemExit(f"future {future}, replication {replication}: not the run that was asked for")
        found[f"{future}-{replication}"] = listener.take()
    np.savez(draws, **found)


if __name__ == "__main__":
    main(*sys.argv[1:])
