"""Throughput with one worker and with two, of the bundled case, to disk: runs a second, by turns, medians.

    python benchmarks/bench_scaling.py [TURNS [threads|processes]]

Threads, and processes of a local dask.distributed cluster, which are started before the clock. On a machine that does
other things meanwhile the medians of turns that stand side by side say most.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from pactwork.facts.case import load_case
from pactwork.forecast import make_forecast
from pactwork.futures.cluster import start_processes
from pactwork.futures.compile import calibrate_case
from pactwork.futures.identity import Asked, identify
from pactwork.futures.playing import play_run
from pactwork.futures.source import CaseSource, write_calibration

POINTS, REPLICATIONS = 16, 16


def main() -> None:
    """Print runs a second of each kind of worker, and how many times two do what one does."""
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    ledger = load_case("poland-korea")
    forecast = make_forecast(ledger)
    source = CaseSource(ledger, forecast, None, 1, None, None, calibrate_case(ledger, forecast, seed=1))
    content, digest = write_calibration(source.calibrated.aims)
    identity = identify(source(POINTS), ledger, case="poland-korea", asked=Asked(points=POINTS, replications=REPLICATIONS),
                        calibration_sha256=digest)  # fmt: skip
    runs = identity.futures * identity.replications

    def pace(workers) -> float:
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            play_run(Path(folder) / "run", identity, source, workers=workers, calibration=content)
            return runs / (time.perf_counter() - began)

    with start_processes(1) as one, start_processes(2) as two:
        kinds = {"threads": (1, 2), "processes": (one, two)}
        kinds = {kind: pair for kind, pair in kinds.items() if kind in (sys.argv[2:] or kinds)}
        for workers in (worker for pair in kinds.values() for worker in pair):
            pace(workers)  # what is done once: compiled code, and the case compiled by each process
        found = {kind: [tuple(pace(workers) for workers in pair) for _ in range(turns)] for kind, pair in kinds.items()}
    for kind, pairs in found.items():
        ratios = [second / first for first, second in pairs]
        paces = [statistics.median(column) for column in zip(*pairs, strict=True)]
        print(f"{kind:10} 1 worker {paces[0]:6.0f} runs/s, 2 workers {paces[1]:6.0f} runs/s, "
              f"times {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")  # fmt: skip


if __name__ == "__main__":
    main()
