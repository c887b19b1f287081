"""Runs of the bundled case that are killed with SIGKILL and gone on with: are the bytes those of a run nothing befell?

    python benchmarks/kill_and_resume.py [TIMES [WORD…]]

Each of four kinds (or those with a WORD in their names), 20 times unless told otherwise: threads, killed at a moment uniform over the run or at a place of the
code (before a rename, within a line of the journal, around the manifest); a dask.distributed cluster of two workers, of
which by turns a worker or the process that gives out the work is killed at a uniform moment, or a worker before a rename.
"""

from __future__ import annotations

import importlib.util
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pactwork.futures.cluster import reach_cluster
from pactwork.futures.compile import calibrate_case
from pactwork.futures.identity import Asked, Identity, identify
from pactwork.futures.playing import play_run
from pactwork.futures.source import CaseSource, open_source, read_case, write_calibration

HERE = Path(__file__).resolve()
PLACES = (
    ("before renaming outcomes", 1), ("before renaming outcomes", 6), ("before renaming tallies", 3),
    ("within the journal", 1), ("within the journal", 5), ("before renaming run/manifest.json", 1),
    ("after renaming run/manifest.json", 1), ("before removing progress.jsonl", 1), ("before renaming series", 1),
    ("after renaming outcomes", 8),
)  # fmt: skip
DIE_AT, PLAYER = "KILL_AND_RESUME_DIE_AT", "KILL_AND_RESUME_PLAYER"
"""Told to workers of this benchmark by the environment, and known to nobody else: dask loads a copy of this file."""
Bytes = dict[str, bytes]


def die_at(place: str, times: int) -> None:
    """Make this process kill itself at a place of the code."""
    spec = importlib.util.spec_from_file_location("practice_player", os.environ[PLAYER])
    player = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(player)
    player.die_at(place, times)


def dask_setup(worker: object) -> None:
    """Prepare a worker that has to die: what dask calls in a file that it loads first."""
    del worker
    place, times = os.environ[DIE_AT].split(":")
    die_at(place, int(times))


def play(folder: Path, reference: Path, address: str | None) -> None:
    """Play, in a process of its own, what a reference run was."""
    identity = Identity.model_validate_json((reference / "run.json").read_text())
    source, content = open_source(identity, reference), (reference / "calibration.parquet").read_bytes()
    if DIE_AT in os.environ:
        dask_setup(None)
    with ExitStack() as stack:
        workers = stack.enter_context(reach_cluster(address)) if address else 2
        print("ready", flush=True)
        play_run(folder, identity, source, workers=workers, calibration=content)


def _environment(die: tuple[str, int] | None) -> dict[str, str]:
    if die is None:
        return dict(os.environ)
    player = HERE.parents[1] / "tests" / "futures" / "practice_player.py"
    return os.environ | {DIE_AT: f"{die[0]}:{die[1]}", PLAYER: str(player)}


def start(*arguments: object, die: tuple[str, int] | None = None) -> subprocess.Popen[str]:
    """Start a process that plays, and wait until it does."""
    environment = _environment(die)
    command = [sys.executable, HERE, "--play", *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    process.stdout.readline()
    return process


def end(process: subprocess.Popen[str], seconds: float | None = None) -> None:
    """Kill a process after some seconds; without, wait until it has killed itself."""
    if seconds is not None:
        time.sleep(seconds)
        process.kill()
    assert process.wait() in ((-signal.SIGKILL, 0) if seconds is not None else (-signal.SIGKILL,))


def contents(folder: Path) -> Bytes:
    """Return every file of a run."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@contextmanager
def scheduler(folder: Path) -> Iterator[str]:
    """Start a dask scheduler on this machine; yield its address."""
    place = folder / "scheduler.json"
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0",
               "--no-dashboard", "--scheduler-file", place]  # fmt: skip
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    while not place.exists() or not place.read_text():
        time.sleep(0.1)
    try:
        yield json.loads(place.read_text())["address"]
    finally:
        process.kill()
        process.wait()


def worker(address: str, die: tuple[str, int] | None = None) -> subprocess.Popen[bytes]:
    """Start a worker with one thread."""
    command = [sys.executable, "-m", "distributed.cli.dask_worker", "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny",
               "--no-dashboard", address]  # fmt: skip
    command += ["--preload", HERE] if die else []
    environment = _environment(die)
    return subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment)


class Trials:
    """A reference run, and others that have to end with its bytes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.moments = folder, random.Random(1)
        ledger, forecast = read_case("poland-korea")
        until = ledger.day.replace(year=ledger.day.year + 3)
        self.source = CaseSource(ledger, forecast, None, 1, until, None, calibrate_case(ledger, forecast, seed=1))
        self.content, digest = write_calibration(self.source.calibrated.aims)
        self.identity = identify(self.source(16), ledger, case="poland-korea", asked=Asked(points=16, replications=16),
                                 until=until, calibration_sha256=digest)  # fmt: skip
        self.finish("reference")
        began = time.perf_counter()
        self.finish("again")
        self.seconds = time.perf_counter() - began
        self.reference = folder / "reference" / "run"
        self.whole = contents(self.reference)

    def finish(self, name: str, workers: object = 2) -> Bytes:
        """Play what is left of a run, in this process; return its files."""
        folder = self.folder / name / "run"
        play_run(folder, self.identity, self.source, workers=workers, calibration=self.content)
        return contents(folder)

    def threads(self, name: str, die: tuple[str, int] | None) -> bool:
        """Kill a run of threads at a moment or at a place; return whether it ends as it must."""
        process = start(self.folder / name / "run", self.reference, die=die)
        end(process, None if die else self.moments.uniform(0, self.seconds))
        return self.finish(name) == self.whole

    def dask(self, name: str, die: tuple[str, int] | None, *, whom: str) -> bool:
        """Kill a worker, or who gives out the work; return whether the run ends as it must."""
        (self.folder / name).mkdir()
        with scheduler(self.folder / name) as address:
            self._dask(name, address, die, whom)
        return contents(self.folder / name / "run") == self.whole

    def _dask(self, name: str, address: str, die: tuple[str, int] | None, whom: str) -> None:
        hands = [worker(address), worker(address, die)]
        try:
            with reach_cluster(address) as who:
                who._client.wait_for_workers(2)
            process = start(self.folder / name / "run", self.reference, address)
            moment = self.moments.uniform(0, 2 * self.seconds)
            if die:
                assert hands[1].wait() == -signal.SIGKILL
                assert process.wait() == 0
            elif whom == "worker":
                time.sleep(moment)
                hands[1].kill()
                assert process.wait() == 0
            else:
                end(process, moment)
                with reach_cluster(address) as who:
                    self.finish(name, who)
        finally:
            for hand in hands:
                hand.kill()
                hand.wait()


RENAMES = (("before renaming outcomes", 1), ("before renaming tallies", 1), ("after renaming outcomes", 2))
KINDS = {
    "threads, killed at any moment": lambda trials, at: trials.threads(f"moment-{at}", None),
    "threads, killed at a place": lambda trials, at: trials.threads(f"place-{at}", PLACES[at % len(PLACES)]),
    "dask, a worker or the giver killed at any moment": lambda trials, at: trials.dask(
        f"dask-{at}", None, whom=("worker", "giver")[at % 2]
    ),
    "dask, a worker killed around a rename": lambda trials, at: trials.dask(
        f"rename-{at}", RENAMES[at % len(RENAMES)], whom="worker"
    ),
}


def main() -> None:
    """Print how many of each kind ended as they must."""
    times, only = int(sys.argv[1]) if len(sys.argv) > 1 else 20, sys.argv[2:]
    with tempfile.TemporaryDirectory() as temporary:
        trials = Trials(Path(temporary))
        chunks = sum(1 for _ in trials.identity.chunks())
        print(f"a run that nothing befalls takes {trials.seconds:.1f} s, in {chunks} chunks", flush=True)
        for kind, trial in KINDS.items():
            if not only or any(word in kind for word in only):
                good = [trial(trials, at) for at in range(times)]
                print(f"{kind}: {sum(good)} of {times} byte-identical", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--play"]:
        play(Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4] if len(sys.argv) > 4 else None)
    else:
        main()
