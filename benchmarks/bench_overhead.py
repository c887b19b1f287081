"""What a run costs beside the model: the same trivial model in pactwork and in ema_workbench, 20,000 runs each.

    python benchmarks/bench_overhead.py

The model is one machine for one week. ema_workbench is given the closed form of its availability as a plain function of
two uncertainties, pactwork its whole kernel with one step to play and a plan to make for each future. Runs are counted as
futures × replications; ema_workbench has a scenario for each. pactwork is timed in memory, and to a folder with manifest
and digests.
"""

from __future__ import annotations

import logging
import statistics
import sys
import tempfile
import time
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

warnings.filterwarnings("ignore", "ipyparallel", UserWarning)
import ema_workbench  # noqa: E402
from small_model import fleet_model, identify_fleet  # noqa: E402

from pactwork.futures.ensemble import run_futures  # noqa: E402
from pactwork.futures.playing import play_run  # noqa: E402

RUNS, TURNS = 20_000, 5
SHAPES = ((2_500, 8), (1_250, 16), (312, 64), (80, 256))
"""Futures and replications."""


def availability(failures: float, repairs: float) -> dict[str, float]:
    """Return the share of time in which a machine works."""
    return {"availability": repairs / (failures + repairs)}


def time_theirs() -> float:
    """Return seconds a run of ema_workbench, played in order in one process: its quickest way for small models."""
    ema_workbench.ema_logging.log_to_stderr(logging.ERROR)
    model = ema_workbench.Model("machine", function=availability)
    model.uncertainties = [
        ema_workbench.RealParameter("failures", 2, 6),
        ema_workbench.RealParameter("repairs", 20, 30),
    ]
    model.outcomes = [ema_workbench.ScalarOutcome("availability")]
    with ema_workbench.SequentialEvaluator(model) as evaluator:
        began = time.perf_counter()
        evaluator.perform_experiments(scenarios=RUNS, log_progress=True)
        return (time.perf_counter() - began) / RUNS


def time_ours(futures: int, replications: int, *, to_disk: bool) -> float:
    """Return seconds a run of pactwork, played by one thread."""

    def model_of(points):
        return fleet_model(points, steps=1, items=1, quarters=1)

    identity = identify_fleet(model_of(futures // 8), replications)
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        model = model_of(futures // 8)
        if to_disk:
            play_run(Path(folder) / "run", identity, model_of, workers=1)
        else:
            run_futures(model, replications=replications, workers=1)
        return (time.perf_counter() - began) / (8 * (futures // 8) * replications)


def main() -> None:
    """Print medians of five turns, theirs and ours by turns."""
    time_ours(80, 256, to_disk=True)  # loads compiled code
    theirs, ours = [], {(shape, to_disk): [] for shape in SHAPES for to_disk in (False, True)}
    for _ in range(TURNS):
        theirs.append(time_theirs())
        for (shape, to_disk), found in ours.items():
            found.append(time_ours(*shape, to_disk=to_disk))
    middle = statistics.median(theirs)
    print(f"{'':34}{'µs a run':>10}{'times less':>12}")
    print(f"{'ema_workbench, in order':34}{1e6 * middle:10.1f}{'':>12}")
    for ((futures, replications), to_disk), found in ours.items():
        mine = statistics.median(found)
        what = f"{futures:,} × {replications}, {'to disk' if to_disk else 'in memory'}"
        print(f"{what:34}{1e6 * mine:10.1f}{middle / mine:12.0f}")


if __name__ == "__main__":
    main()
