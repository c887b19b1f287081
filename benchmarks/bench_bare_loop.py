"""The bundled case beside a bare loop that draws the random numbers of one of its runs, and does nothing else.

    python benchmarks/bench_bare_loop.py

Five runs of each of four futures are played in plain Python, and every draw they make is written down
(record_draws.py): distribution, number and chance. Compiled loops then draw each list two hundred times, in three ways:
with pactwork's own functions and tables, with NumPy's Generator (PCG64), and with np.random (Mersenne Twister), both
compiled by numba. Beside them, a thousand replications of the same future, environment and all. One thread, in turns,
in one process; CPU time, medians.
"""

from __future__ import annotations

import datetime as dt
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numba
import numpy as np
from record_draws import BETA, BINOMIAL, EVENTS, EXPONENTIAL, GAMMA, KINDS, LOGNORMAL, NORMAL, POISSON, UNIFORM

from pactwork.facts.case import load_case
from pactwork.forecast import make_forecast
from pactwork.futures.compile import compile_case
from pactwork.futures.draws import (
    BATCH,
    BINOMIAL_BLOCK,
    Key,
    draw_binomial,
    draw_events,
    draw_pairs,
    draw_poisson,
    draw_rank,
)
from pactwork.futures.ensemble import list_blocks, play_one
from pactwork.futures.inverses import (
    binomial_inverse,
    count_events,
    gamma_inverse,
    lognormal,
    normal_inverse,
)
from pactwork.futures.kernel import replay_run
from pactwork.futures.model import Model
from pactwork.futures.tables import GUIDES, ROWS, WIDTH, read_many_events, read_poisson, read_share

REPLICATIONS, TURNS, FUTURES, RECORDED = 1000, 3, (0, 2, 4, 6), 5
LAST_DAY = dt.date(2039, 12, 31)
TABLES = 9
"""Of each system, by its number of decisions that have tables (futures.steps.fleet_luck)."""
Columns = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""Kind, first and second parameter, odds, table: of each draw in order."""


@numba.njit(nogil=True, error_model="numpy")
def draw_own(draws: Columns, runs: int, tables, scratch) -> float:
    """Return the sum of all numbers drawn, by inversion of uniforms made sixteen pairs at a time, as the kernel does."""
    kinds, first, second, odds, table = draws
    made_for, totals, guide = tables
    items, places, luck = scratch
    total = 0.0
    for run in range(runs):
        key = Key(np.uint64(1), np.uint64(0), np.uint64(run))
        at = 2 * BATCH
        for draw in range(kinds.size):
            if at == 2 * BATCH:
                items[:] = draw
                draw_pairs(key, 1, items, places, luck[0], luck[1])
                at = 0
            uniform, kind, a, b, t = luck[at & 1, at >> 1], kinds[draw], first[draw], second[draw], table[draw]
            at += 1
            if kind == EVENTS and t >= 0:
                total += read_many_events(
                    made_for[t], totals[t], guide[t], key, 2, draw, 0, uniform, int(a), b, odds[draw], True
                )
            elif kind == POISSON and t >= 0:
                total += read_poisson(made_for[t], totals[t], guide[t], key, 2, draw, 0, uniform, a, True)
            elif kind == BINOMIAL and t >= 0 and a <= BINOMIAL_BLOCK:
                total += read_share(made_for[t], totals[t], guide[t], uniform, int(a), b)
            elif kind == UNIFORM:
                total += uniform
            elif kind == EVENTS and a <= BINOMIAL_BLOCK:
                total += count_events(uniform, int(a), b, odds[draw])
            elif kind == EVENTS:
                total += draw_events(key, 2, draw, 0, int(a), b, odds[draw])
            elif kind == BINOMIAL and a <= BINOMIAL_BLOCK:
                total += binomial_inverse(uniform, int(a), b)
            elif kind == BINOMIAL:
                total += draw_binomial(key, 2, draw, 0, int(a), b)
            elif kind == POISSON:
                total += draw_poisson(key, 2, draw, 0, a)
            elif kind == EXPONENTIAL:
                total -= np.log1p(-uniform)
            elif kind == NORMAL:
                total += normal_inverse(uniform)
            elif kind == LOGNORMAL:
                total += lognormal(uniform, a)
            elif kind == GAMMA:
                total += gamma_inverse(uniform, a)
            elif kind == BETA:
                total += draw_rank(key, 2, draw, 0, uniform, int(a), int(b))
    return total


@numba.njit(nogil=True)
def draw_by_generator(draws: Columns, runs: int, random: np.random.Generator) -> float:
    """Return the sum of all numbers drawn, by NumPy's Generator."""
    kinds, first, second, _, _ = draws
    total = 0.0
    for _ in range(runs):
        for draw in range(kinds.size):
            kind, a, b = kinds[draw], first[draw], second[draw]
            if kind in (EVENTS, BINOMIAL):
                total += random.binomial(int(a), b)
            elif kind == POISSON:
                total += random.poisson(a)
            elif kind == UNIFORM:
                total += random.random()
            elif kind == EXPONENTIAL:
                total += random.standard_exponential()
            elif kind == NORMAL:
                total += random.standard_normal()
            elif kind == LOGNORMAL:
                total += np.exp(a * random.standard_normal() - 0.5 * a * a)
            elif kind == GAMMA:
                total += random.standard_gamma(a)
            elif kind == BETA:
                total += random.beta(a, b - a + 1.0)
    return total


@numba.njit(nogil=True)
def draw_by_twister(draws: Columns, runs: int) -> float:
    """Return the sum of all numbers drawn, by np.random."""
    kinds, first, second, _, _ = draws
    total = 0.0
    for _ in range(runs):
        for draw in range(kinds.size):
            kind, a, b = kinds[draw], first[draw], second[draw]
            if kind in (EVENTS, BINOMIAL):
                total += np.random.binomial(int(a), b)
            elif kind == POISSON:
                total += np.random.poisson(a)
            elif kind == UNIFORM:
                total += np.random.random()
            elif kind == EXPONENTIAL:
                total += np.random.exponential(1.0)
            elif kind == NORMAL:
                total += np.random.normal(0.0, 1.0)
            elif kind == LOGNORMAL:
                total += np.exp(a * np.random.normal(0.0, 1.0) - 0.5 * a * a)
            elif kind == GAMMA:
                total += np.random.gamma(a, 1.0)
            elif kind == BETA:
                total += np.random.beta(a, b - a + 1.0)
    return total


def record(model: Model) -> dict[int, list[np.ndarray]]:
    """Return the draws of some runs of each future, each of shape (draw, 4), from a process without a compiler."""
    asked = {"futures": {}, "outcomes": {}, "sizes": model.sizes, "step_days": model.step_days, "seed": model.seed}
    for future in FUTURES:
        environment, plans = model.make(future)
        asked["futures"][future] = environment, plans[0]
        for run in range(RECORDED):
            _, _, played = replay_run(environment, plans[0], model.sizes, step_days=model.step_days, seed=model.seed,
                                      future=future, replication=run)  # fmt: skip
            asked["outcomes"][future, run] = played.outcomes
    with tempfile.TemporaryDirectory() as folder:
        plans, draws = Path(folder, "plans.pickle"), Path(folder, "draws.npz")
        plans.write_bytes(pickle.dumps(asked))
        script = Path(__file__).with_name("record_draws.py")
        subprocess.run([sys.executable, str(script), str(plans), str(draws)], check=True)
        with np.load(draws) as found:
            return {future: [found[f"{future}-{run}"] for run in range(RECORDED)] for future in FUTURES}


def prepare(rows: np.ndarray, by_chance: bool) -> Columns:
    """Return the columns of a list of draws; hazards become chances where a library knows no hazards."""
    kinds, first, second, table = (np.ascontiguousarray(rows[:, column]) for column in range(4))
    kinds, odds = kinds.astype(np.int8), np.expm1(np.where(kinds == EVENTS, second, 0.0))
    if by_chance:
        second = np.where(kinds == EVENTS, -np.expm1(-second), second)
    return kinds, first, second, odds, table.astype(np.int16)


def measure(ways: dict[str, Callable[[], float]]) -> dict[str, float]:
    """Return the median CPU time of each way, in seconds, taken in turns."""
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(TURNS):
        for name, way in ways.items():
            begun = time.thread_time()
            way()
            spent[name].append(time.thread_time() - begun)
    return {name: float(np.median(times)) for name, times in spent.items()}


def compare(model: Model, future: int, lists: list[np.ndarray]) -> dict[str, float]:
    """Return the CPU seconds of a thousand replications, and of each bare loop; what the loops drew is printed."""
    own, theirs = ([prepare(rows, by_chance) for rows in lists] for by_chance in (False, True))
    tables, each = model.sizes["system"] * TABLES, REPLICATIONS // len(lists)
    kept = (np.full((tables, ROWS), -1.0), np.zeros((tables, ROWS, WIDTH)),
            np.zeros((tables, ROWS, GUIDES), dtype=np.uint8))  # fmt: skip
    scratch = (np.zeros(BATCH, dtype=np.int64), np.arange(BATCH), np.zeros((2, BATCH)))
    random = np.random.Generator(np.random.PCG64(1))

    def play() -> float:
        for block in list_blocks(1, REPLICATIONS):
            play_one(model, model.choices[:1], replace(block, future=future), 0)
        return 0.0

    ways = {
        "pactwork": play,
        "own": lambda: sum(draw_own(rows, each, kept, scratch) for rows in own),
        "Generator": lambda: sum(draw_by_generator(rows, each, random) for rows in theirs),
        "np.random": lambda: sum(draw_by_twister(rows, each) for rows in theirs),
    }
    sums = {name: way() / REPLICATIONS for name, way in ways.items() if name != "pactwork"}  # compiled as well
    counts = sum(np.bincount(rows[0], minlength=len(KINDS)) for rows in own) / len(lists)
    kinds = ", ".join(f"{counts[kind]:.0f} {name}" for kind, name in enumerate(KINDS))
    print(f"future {future}: {' '.join(str(len(rows)) for rows in lists)} draws a run; on average {kinds}")
    print("  sum of the numbers drawn, mean: " + ", ".join(f"{name} {value:.1f}" for name, value in sums.items()))
    return measure(ways)


def main() -> None:
    """Record, measure, and print a table."""
    ledger = load_case("poland-korea")
    model = compile_case(ledger, make_forecast(ledger), points=1, seed=1, until=LAST_DAY)
    print(f"{model.case}, {model.steps} steps to {model.horizon}; {REPLICATIONS} replications, CPU seconds on a thread")
    recorded = record(model)
    ratios: dict[str, list[float]] = {}
    for future, lists in recorded.items():
        spent = compare(model, future, lists)
        print("  " + ", ".join(f"{name} {seconds:.3f}" for name, seconds in spent.items()))
        for name in list(spent)[1:]:
            ratios.setdefault(name, []).append(spent["pactwork"] / spent[name])
    for name, values in ratios.items():
        print(
            f"times the bare loop by {name:9s}: median {np.median(values):.2f}, from {min(values):.2f} to {max(values):.2f}"
        )


if __name__ == "__main__":
    main()
