"""Ten million runs on disk, opened and summarised: seconds, and memory.

    python benchmarks/bench_reading.py RUN FOLDER [FUTURES]

RUN is a run of the bundled case; its chunks are written out again and again to a run of so many futures (625,000 unless
told otherwise, with RUN's replications), so that every column is as hard to read as a real one.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl

from pactwork.futures.chunks import Row, Tally, frame_tally, size_chunks
from pactwork.futures.frames import write_frame
from pactwork.futures.identity import Round
from pactwork.futures.store import finish_run, open_run, write_identity
from pactwork.futures.summary import summarise
from pactwork.futures.uncertainties import make_design


def enlarge(source: Path, folder: Path, points: int) -> None:
    """Write a larger run made of another's rows."""
    run = open_run(source)
    rows = run.scan().collect()
    held = rows.drop("choice", "future", "replication")
    futures = points * (run.futures // run.identity.points)
    first = Round(points=points, futures=futures, replications=run.replications)
    identity = run.identity.with_rounds(first)
    size = size_chunks(futures, run.replications, 1)
    identity = identity.model_copy(update={"chunk_runs": size, "choices": run.choices[:1], "calibration_sha256": None})
    folder.mkdir(parents=True)
    write_identity(folder, identity)
    dice, whole = np.random.default_rng(1), []
    shape = (1, len(run.series_names), len(run.quarters), identity.bins)
    empty = frame_tally(Tally(np.ones(shape, dtype=np.int64), np.ones(shape[:3], dtype=np.int64)))
    for chunk in identity.chunks():
        at = np.arange(chunk.runs)
        head = pl.DataFrame({
            "choice": pl.Series([run.choices[0]] * chunk.runs),
            "future": chunk.futures[0] + at // chunk.shape[1],
            "replication": chunk.replications[0] + at % chunk.shape[1],
        })  # fmt: skip
        body = held[dice.integers(0, held.height, chunk.runs)]
        outcomes = write_frame(folder / "outcomes" / f"{chunk.name}.parquet", head.hstack(body.get_columns()))
        tallies = write_frame(folder / "tallies" / f"{chunk.name}.parquet", empty)
        whole.append(Row(chunk.name, outcomes, tallies))
    edges = np.zeros(shape[1], dtype=np.int64), np.ones(shape[1], dtype=np.int64)
    finish_run(folder, identity, whole, edges, make_design({}, points, seed=1))


def main() -> None:
    """Print seconds and memory of opening and of summarising."""
    source, folder = Path(sys.argv[1]), Path(sys.argv[2])
    if not folder.exists():
        enlarge(source, folder, (int(sys.argv[3]) if len(sys.argv) > 3 else 625_000) // 8)
        print("written; start again to read it in a process of its own")
        return
    began = time.perf_counter()
    run = open_run(folder)
    opened = time.perf_counter() - began
    found = summarise(run)
    took, most = time.perf_counter() - began - opened, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**30
    print(f"{found.runs:,} runs of {len(run.names)} outcomes, {size:.1f} GiB on disk: opened in {opened:.2f} s, "
          f"summarised in {took:.1f} s, {most:,.0f} MiB at most")  # fmt: skip
    began = time.perf_counter()
    values = run.outcome("cost")
    print(f"one outcome as an array of {values.shape}: {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
