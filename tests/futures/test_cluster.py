"""Runs on a dask.distributed cluster: the bytes of one process, whoever dies on the way."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from pactwork.errors import CaseError, Problem
from pactwork.futures import cluster
from pactwork.futures import compile as compiling
from pactwork.futures.chunks import Row
from pactwork.futures.cluster import reach_cluster, start_processes
from pactwork.futures.files import Entry
from pactwork.futures.fingerprint import read_fingerprint
from pactwork.futures.identity import Asked, identify
from pactwork.futures.playing import play_run
from pactwork.futures.source import CaseSource, read_case, write_calibration


@pytest.fixture
def made(copy_of_poland_korea, monkeypatch):
    """A run of a case that workers can compile, ready to be played: identity, source, calibration."""
    monkeypatch.setattr(compiling, "CALIBRATION_POINTS", 1)
    ledger, forecast = read_case(str(copy_of_poland_korea))
    until = ledger.day.replace(year=ledger.day.year + 2)
    source = CaseSource(ledger, forecast, None, 1, until, None, compiling.calibrate_case(ledger, forecast, seed=1))
    content, digest = write_calibration(source.calibrated.aims)
    identity = identify(source(8), ledger, case=str(copy_of_poland_korea), asked=Asked(points=8, replications=32),
                        until=until, calibration_sha256=digest)  # fmt: skip
    return identity, source, content


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@contextmanager
def running(folder, workers):
    """A scheduler and some workers on this machine, each a process; yields the address and the workers."""
    place, environment = folder / "scheduler.json", {**os.environ, "OMP_NUM_THREADS": "1"}
    common = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment, "cwd": folder}
    head = [
        sys.executable,
        "-m",
        "distributed.cli.dask_scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--no-dashboard",
    ]
    hand = [
        sys.executable,
        "-m",
        "distributed.cli.dask_worker",
        "--host",
        "127.0.0.1",
        "--nthreads",
        "1",
        "--no-nanny",
        "--no-dashboard",
    ]
    processes = [subprocess.Popen([*head, "--scheduler-file", place], **common)]
    try:
        while not place.exists() or not place.read_text():
            assert processes[0].poll() is None
            time.sleep(0.1)
        address = json.loads(place.read_text())["address"]
        processes += [subprocess.Popen([*hand, address], **common) for _ in range(workers)]
        yield address, processes[1:]
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()


def test_a_worker_that_is_killed_changes_no_byte(made, tmp_path):
    identity, source, content = made
    play_run(tmp_path / "threads", identity, source, calibration=content)
    (tmp_path / "cluster").mkdir()
    told, killed = [], []
    with running(tmp_path / "cluster", 2) as (address, workers), reach_cluster(address) as who:

        def kill_half_way(stage, done, total):
            if stage == "playing futures" and done >= total / 2 and not killed:
                workers[0].send_signal(signal.SIGKILL)
                killed.append(done)

        who._client.wait_for_workers(2, timeout=60)
        play_run(tmp_path / "run", identity, source, workers=who, calibration=content, progress=kill_half_way,
                 tell=told.append)  # fmt: skip
        assert killed
        assert killed[0] < 64 * 32
        assert workers[0].wait() == -signal.SIGKILL
        assert workers[1].poll() is None
    assert contents(tmp_path / "run") == contents(tmp_path / "threads")
    assert told == [f"Wrote {tmp_path / 'run'}"]  # the same processor and libraries: nothing to warn of


def test_processes_of_this_machine_change_no_byte(made, tmp_path):
    identity, source, content = made
    small = identity.model_copy(
        update={"replications": 8, "rounds": (identity.rounds[0].model_copy(update={"replications": 8}),)}
    )
    play_run(tmp_path / "threads", small, source, calibration=content)
    with start_processes(2) as who:
        play_run(tmp_path / "processes", small, source, workers=who, calibration=content)
    assert contents(tmp_path / "threads") == contents(tmp_path / "processes")


def test_a_worker_refuses_another_case(made, tmp_path):
    identity, source, content = made
    lots = Path(identity.case) / "facts" / "lots.csv"
    lots.write_text(lots.read_text() + "\n")
    (tmp_path / "cluster").mkdir()
    with (
        running(tmp_path / "cluster", 1) as (address, _),
        reach_cluster(address) as who,
        pytest.raises(CaseError, match=r"worker tcp://127.*lots\.csv \| found changed"),
    ):
        play_run(tmp_path / "run", identity, source, workers=who, calibration=content)
    assert not list((tmp_path / "run").rglob("outcomes/*"))


def test_no_scheduler_answers(monkeypatch):
    monkeypatch.setattr(cluster, "_CONNECT_SECONDS", 0.2)
    with (
        pytest.raises(CaseError, match=r"workers .*127\.0\.0\.1:1.*dask scheduler"),
        reach_cluster("tcp://127.0.0.1:1"),
    ):
        pass


def test_a_folder_that_is_not_shared(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "_PATIENCE_SECONDS", 0.1)
    with pytest.raises(CaseError, match="share the folder"):
        cluster._find_identity(tmp_path / "elsewhere", cluster._digest("{}"), "tcp://a")
    (tmp_path / "run.json").write_text("{ }")
    with pytest.raises(CaseError, match="another run"):
        cluster._find_identity(tmp_path, cluster._digest("{}"), "tcp://a")
    row = Row("00000000-0000000", Entry(1, "0"), Entry(1, "0"))
    with pytest.raises(CaseError, match="worker tcp://a has written"):
        cluster._find_files(tmp_path, row, "tcp://a")


def test_what_workers_tell():
    class Done:
        def __init__(self, told):
            self.result = lambda: told

    class Lost:
        def result(self):
            raise CancelledError

    mine = read_fingerprint()
    problem = Problem("facts/lots.csv", "changed", "the file", "restore it")
    with pytest.raises(CaseError, match="worker tcp://a: facts"):
        cluster._result(Done(cluster._Told("tcp://a", mine, problems=(problem,))))
    with pytest.raises(OSError, match="No space left"):
        cluster._result(Done(cluster._Told("tcp://a", mine, error=(errno.ENOSPC, "No space left on device", "run"))))
    with pytest.raises(CaseError, match="no answer from the scheduler") as caught:
        cluster._result(Lost())
    assert caught.value.left == "what is whole is kept"
    said, known = [], {mine}
    other = replace(mine, processor="pdp-11", libraries=("numba 0.1",))
    for told in (cluster._Told("tcp://a", mine), cluster._Told("tcp://b", other), cluster._Told("tcp://c", other)):
        cluster._note(told, known, said.append)
    assert said == ["Worker tcp://b has processor pdp-11; libraries numba 0.1: bytes may differ in the last digit"]
