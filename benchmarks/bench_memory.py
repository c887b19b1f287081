"""A million runs to disk: the most memory the process ever held, and what it takes to sum them up again.

    python benchmarks/bench_memory.py [RUNS [FOLDER]]

The model is a fleet alone for a year, so that a million runs end in minutes; memory hangs on the number of outcomes and
workers, hardly on what is modelled.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from small_model import fleet_model, identify_fleet

from pactwork.futures.playing import play_run
from pactwork.futures.store import open_run
from pactwork.futures.summary import summarise

REPLICATIONS = 16


def most_memory() -> str:
    """Return the most memory this process has held."""
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB at most"


def main() -> None:
    """Print memory and time."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    points = runs // (8 * REPLICATIONS)
    print(f"libraries: {most_memory()}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[2] if len(sys.argv) > 2 else temporary) / "run"
        began = time.perf_counter()
        play_run(folder, identify_fleet(fleet_model(points), REPLICATIONS), fleet_model, workers=2)
        print(f"{8 * points * REPLICATIONS:,} runs played: {most_memory()}, {time.perf_counter() - began:.0f} s")
        began = time.perf_counter()
        found = summarise(open_run(folder))
        print(
            f"summarised: {most_memory()}, {time.perf_counter() - began:.1f} s; readiness {found.systems[0].readiness:.4f}"
        )


if __name__ == "__main__":
    main()
