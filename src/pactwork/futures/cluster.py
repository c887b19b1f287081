"""Many machines: chunks are played by the workers of a dask.distributed cluster, which write their own files.

Only rows of the manifest travel back. Workers see the run's folder and the case under the same paths; each compiles the
case itself, once, and refuses another version or another case. Engine, retries and queues are dask.distributed's.
"""

from __future__ import annotations

import hashlib
import logging
import signal
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from pactwork.errors import CaseError, Problem, quoted
from pactwork.futures.chunks import Chunk, Row
from pactwork.futures.files import find_difference
from pactwork.futures.fingerprint import Fingerprint, read_fingerprint
from pactwork.futures.identity import Identity
from pactwork.futures.manifest import files_of
from pactwork.futures.playing import Keep, Tell, Work, Workers, play_and_write
from pactwork.futures.source import model_for
from pactwork.futures.store import IDENTITY, KEPT

_UNDER_WAY = 3
"""Chunks under way for each thread of the cluster: one is played, the others wait beside it."""
_PATIENCE_SECONDS = 60.0
"""How long a file may take to show on a shared file system."""
_CONNECT_SECONDS = 20.0
"""How long a scheduler may take to answer."""
_FIRST_WORKER_SECONDS = 600.0
"""How long the first worker may take: queues of clusters are long."""


@contextmanager
def reach_cluster(address: str) -> Iterator[Workers]:
    """Yield the workers of the cluster whose scheduler has an address.

    Raises
    ------
    CaseError
        When dask.distributed is not installed, or no scheduler answers.
    """
    distributed = _require_distributed()
    try:
        client = distributed.Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        fix = "start one with: dask scheduler"
        raise CaseError([Problem(f"workers {quoted(address)}", _short(error), "a dask scheduler", fix)]) from error
    with _own_words(), client:
        yield _Cluster(client)


@contextmanager
def start_processes(count: int) -> Iterator[Workers]:
    """Yield a cluster of so many processes on this machine, with one thread each.

    Raises
    ------
    CaseError
        When dask.distributed is not installed.
    """
    distributed = _require_distributed()
    with _deaf_to_interrupts():
        local = distributed.LocalCluster(
            n_workers=count, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0", host="127.0.0.1",
            protocol="tcp", silence_logs=logging.CRITICAL,
        )  # fmt: skip
    with local as cluster, _own_words(), distributed.Client(cluster, set_as_default=False) as client:
        yield _Cluster(client)


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Start processes that leave Ctrl-C to this one, which ends them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, heard)


@contextmanager
def _own_words() -> Iterator[None]:
    """Keep the client from logging tracebacks where this module says in words what is wrong."""
    logger = logging.getLogger("distributed.client")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _require_distributed() -> Any:
    try:
        import distributed
    except ImportError:
        fix = "pip install 'pactwork[cluster]'"
        raise CaseError([Problem("workers", "no dask.distributed", "it installed", fix)]) from None
    return distributed


class _Cluster:
    """The workers of a client's cluster."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __call__(self, work: Work, chunks: Iterable[Chunk], keep: Keep, tell: Tell) -> None:
        """Play chunks, few at a time for each thread; those of a worker that is lost are given to another.

        Raises
        ------
        CaseError
            When no worker comes, when one has another case or another folder, or a chunk is lost again and again.
        OSError
            When a worker cannot write.
        """
        self._wait_for_workers(tell)
        job = (str(work.folder), _digest(work.identity.text()), _place_of(work.identity))
        known, left = {read_fingerprint()}, iter(chunks)
        under_way: set[Any] = set()
        done = _require_distributed().as_completed(loop=self._client.loop)

        def submit() -> None:
            for chunk in islice(left, max(0, self._room() - len(under_way))):
                future = self._client.submit(_play, *job, chunk, pure=False)
                under_way.add(future)
                done.add(future)

        try:
            submit()
            for future in done:
                told = _result(future)
                _note(told, known, tell)
                if told.row is not None:
                    _find_files(work.folder, told.row, told.worker)
                    keep(told.row)
                under_way.discard(future)
                submit()
        finally:
            self._client.cancel(list(under_way))

    def _room(self) -> int:
        try:
            return _UNDER_WAY * max(1, sum(int(threads) for threads in self._client.nthreads().values()))
        except OSError:  # what cannot be reached is no file
            raise _scheduler_is_gone() from None

    def _wait_for_workers(self, tell: Tell) -> None:
        if self._client.nthreads():
            return
        tell("No workers yet: waiting for the first")
        try:
            self._client.wait_for_workers(1, timeout=_FIRST_WORKER_SECONDS)
        except TimeoutError:
            found, fix = f"no worker for {_FIRST_WORKER_SECONDS / 60:.0f} minutes", "start some: dask worker ADDRESS"
            raise CaseError([Problem("workers", found, "at least one", fix)]) from None


@dataclass(frozen=True)
class _Told:
    """What a worker sends back: a chunk's row, or what is wrong."""

    worker: str
    fingerprint: Fingerprint
    row: Row | None = None
    problems: tuple[Problem, ...] = ()
    error: tuple[int, str, str] | None = None


def _play(folder: str, digest: str, case: str, chunk: Chunk) -> _Told:
    """Play a chunk, on a worker; errors are told, since not every kind survives the way."""
    mine, worker = read_fingerprint(), str(_require_distributed().get_worker().address)
    try:
        text = _find_identity(Path(folder), digest, worker)
        model, identity = model_for(text, folder, case), Identity.model_validate_json(text)
        return _Told(worker, mine, play_and_write(Path(folder), identity, model, chunk, mine.short))
    except CaseError as error:
        return _Told(worker, mine, problems=error.problems)
    except OSError as error:
        return _Told(worker, mine, error=(error.errno or 0, error.strerror or str(error), folder))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _find_identity(folder: Path, digest: str, worker: str) -> str:
    """Return what ``run.json`` holds; refuse to write where the run is not: the folder must be the same for all."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            text = (folder / IDENTITY).read_text(encoding="utf-8")
            if _digest(text) == digest:
                return text
            found = "another run"
        except OSError as error:
            found = error.strerror or "an error"
        if time.monotonic() > until:
            break
        time.sleep(0.2)
    fix = "run workers on machines that share the folder, under the same path"
    raise CaseError([Problem(f"{quoted(folder, 4096)} on worker {worker}", found, "the run's folder", fix)])


def _result(future: Any) -> _Told:
    """Return what a worker told; raise what it could not help."""
    try:
        told: _Told = future.result()
    except CancelledError:
        raise _scheduler_is_gone() from None
    except _require_distributed().KilledWorker as error:
        found, fix = "a chunk whose workers died, one after the other", "see their logs: memory is the usual cause"
        raise CaseError([Problem("workers", found, "workers that live", fix)], left=KEPT) from error
    if told.problems:
        raise CaseError((Problem(f"worker {told.worker}: {one.where}", one.found, one.expected, one.fix)
                         for one in told.problems), left=KEPT)  # fmt: skip
    if told.error is not None:
        raise OSError(*told.error)
    return told


def _scheduler_is_gone() -> CaseError:
    fix = "start one, then the same command again"
    return CaseError([Problem("workers", "no answer from the scheduler any more", "a dask scheduler", fix)], left=KEPT)


def _note(told: _Told, known: set[Fingerprint], tell: Tell) -> None:
    """Say once of each kind of worker that is not like this process that its last digits may differ."""
    if told.fingerprint not in known:
        differs = "; ".join(read_fingerprint().differs_in(told.fingerprint))
        tell(f"Worker {told.worker} has {differs}: bytes may differ in the last digit")
        known.add(told.fingerprint)


def _find_files(folder: Path, row: Row, worker: str) -> None:
    """Wait until a chunk's files show where this process looks, as they soon do on a shared file system."""
    until = time.monotonic() + _PATIENCE_SECONDS
    for name, entry in files_of(row).items():
        while found := find_difference(folder / name, entry, digest=False):
            if time.monotonic() > until:
                fix = "run workers on machines that share the folder, under the same path"
                raise CaseError([Problem(name, found, f"the file that worker {worker} has written", fix)])
            list((folder / name).parent.glob("*"))  # a look at the folder makes network file systems ask anew
            time.sleep(0.2)


def _place_of(identity: Identity) -> str:
    """Return where workers find the case: a folder by its full path, a bundled case by its name."""
    return str(Path(identity.case).absolute()) if Path(identity.case).is_dir() else identity.case


def _short(error: BaseException) -> str:
    return quoted(str(error).splitlines()[0] if str(error) else type(error).__name__, 120)
