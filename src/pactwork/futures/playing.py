"""Playing a run to disk: chunk by chunk, by any number of workers, from wherever it was left."""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pactwork.futures.chunks import Chunk, Row, play_chunk, write_chunk
from pactwork.futures.ensemble import PLAYING, read_edges
from pactwork.futures.files import write_whole
from pactwork.futures.fingerprint import read_fingerprint
from pactwork.futures.identity import Identity
from pactwork.futures.manifest import JOURNAL, MANIFEST, Journal
from pactwork.futures.model import Model
from pactwork.futures.reading import CALIBRATION, Run
from pactwork.futures.stopping import grow_run
from pactwork.futures.store import find_whole, finish_run, take_place, write_identity
from pactwork.progress import Progress, ignore_progress

_PER_WORKER = 2
"""Chunks under way for each worker: enough that none waits."""
Tell = Callable[[str], None]
"""Called with a sentence about the work that is not a result of it."""
Keep = Callable[[Row], None]
"""Called with a chunk's row once its files are whole."""


def say_nothing(text: str) -> None:
    """What is used where nobody listens."""
    del text


@dataclass(frozen=True, eq=False)
class Work:
    """What workers need to play chunks of a run.

    Attributes
    ----------
    folder : path
        Of the run, absolute: all workers write there.
    identity : Identity
        Of the run as it is now.
    model_of : callable
        Returns the model with so many points in each scramble of its design.
    """

    folder: Path
    identity: Identity
    model_of: Callable[[int], Model]


class Workers(Protocol):
    """Those who play: each chunk once, in any order, and each told to ``keep`` when it is whole."""

    def __call__(self, work: Work, chunks: Iterable[Chunk], keep: Keep, tell: Tell) -> None:
        """Play chunks; an OSError where one cannot be written."""


def play_run(
    path: Path, identity: Identity, model_of: Callable[[int], Model], *, workers: Workers | int | None = None,
    calibration: bytes | None = None, progress: Progress = ignore_progress, tell: Tell = say_nothing,
) -> Run:  # fmt: skip
    """Play a run to a folder, or what is still missing of it, and return it whole.

    Whatever has been written stays: after a kill, a full disk or Ctrl-C the same call goes on. A run that is whole is
    left as it is, since its bytes would be the same; a chunk that is not as it was written is played again.

    Parameters
    ----------
    path : path
        Of the folder.
    identity : Identity
        From ``identify``.
    model_of : callable
        Returns the model with so many points in each scramble of its design: a run that goes on until it is precise
        enough asks for more. A design with more points begins with the one with fewer.
    workers : Workers or int, optional
        Who plays: so many threads, as many as there are processors unless told otherwise, or a cluster from
        ``cluster.reach_cluster``. They change no byte.
    calibration : bytes, optional
        Content of ``calibration.parquet``, whose digest the identity has.
    tell : callable, optional
        Told what is not a result: chunks that are played again, workers that differ.

    Raises
    ------
    CaseError
        When there is something else at ``path``, or it cannot be written.
    KeyboardInterrupt
        When it was interrupted; chunks that were whole by then count.
    """
    play = workers if callable(workers) else functools.partial(play_in_threads, count=workers)
    with take_place(path, identity) as held:
        here = held or identity
        rows, done = find_whole(path, here, progress) if held else ({}, False)
        if done:
            (path / JOURNAL).unlink(missing_ok=True)  # a kill may have come between the manifest and this
            tell(f"{path} already holds this very run")
            return Run(path, here)
        if held:
            _tell_state(path, here, rows, tell)
        if calibration is not None and identity.calibration_sha256:
            write_whole(path / CALIBRATION, calibration)
        write_identity(path, here)
        journal = Journal(path, rows.values())
        try:
            (path / MANIFEST).unlink(missing_ok=True)
            while True:
                work = Work(path.absolute(), here, model_of)
                _play_missing(work, rows, play, journal, progress, tell)
                grown = grow_run(Run(path, here), here)
                if grown is None:
                    break
                here, said = grown
                tell(said)
                write_identity(path, here)
                if here.rounds[-1].reached is not None:
                    break
        finally:
            journal.close()
        progress("summing up", 0, 1)
        model = model_of(here.points)
        finish_run(path, here, rows.values(), read_edges(model), model.design)
        progress("summing up", 1, 1)
    tell(f"Wrote {path}")
    return Run(path, here)


def _tell_state(path: Path, identity: Identity, rows: dict[str, Row], tell: Tell) -> None:
    chunks = [chunk.name for chunk in identity.chunks()]
    kept = len(set(chunks) & set(rows))
    tell(f"{path} is unfinished: {kept:,} of {len(chunks):,} chunks are kept, the others are played")
    strange = {row.fingerprint for row in rows.values()} - {"", read_fingerprint().short}
    if strange:
        tell("Some were played by another processor or other libraries: bytes may differ in the last digit")


def _play_missing(
    work: Work, rows: dict[str, Row], play: Workers, journal: Journal, progress: Progress, tell: Tell
) -> None:
    """Play what is missing of a run as it is now, and add it to ``rows``."""
    chunks = list(work.identity.chunks())
    runs = {chunk.name: chunk.runs * len(work.identity.choices) for chunk in chunks}
    missing, whole = [chunk for chunk in chunks if chunk.name not in rows], sum(runs.values())
    count, mutex = whole - sum(runs[chunk.name] for chunk in missing), threading.Lock()
    progress(PLAYING, count, whole)

    def keep(row: Row) -> None:
        nonlocal count
        journal.append(row)
        with mutex:
            rows[row.chunk] = row
            count += runs[row.chunk]
            progress(PLAYING, count, whole)

    if missing:
        play(work, missing, keep, tell)


def play_in_threads(work: Work, chunks: Iterable[Chunk], keep: Keep, tell: Tell, *, count: int | None = None) -> None:
    """Play chunks in threads of this process; what is interrupted stops after the block that each is at.

    Parameters
    ----------
    count : int, optional
        Of threads; as many as there are processors unless told otherwise.
    """
    del tell
    model, number, stopped = work.model_of(work.identity.points), count or os.cpu_count() or 1, threading.Event()
    fingerprint = read_fingerprint().short

    def one(chunk: Chunk) -> None:
        keep(play_and_write(work.folder, work.identity, model, chunk, fingerprint, stopped.is_set))

    pool, under_way = ThreadPoolExecutor(number), set[Future[None]]()
    try:
        for chunk in chunks:
            under_way.add(pool.submit(one, chunk))
            if len(under_way) >= number * _PER_WORKER:
                under_way = _finish_some(under_way)
        while under_way:
            under_way = _finish_some(under_way)
    except BaseException:
        stopped.set()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _finish_some(under_way: set[Future[None]]) -> set[Future[None]]:
    done, left = wait(under_way, return_when=FIRST_COMPLETED)
    for one in done:
        one.result()
    return left


def play_and_write(
    folder: Path, identity: Identity, model: Model, chunk: Chunk, fingerprint: str = "",
    stopped: Callable[[], bool] | None = None,
) -> Row:  # fmt: skip
    """Play a chunk, write its files, and return its row; Stopped where it was asked to stop."""
    played = play_chunk(model, identity.choices, chunk, apart_of=identity.apart_of, stopped=stopped)
    return write_chunk(folder, chunk, identity.choices, identity.outcomes, played, fingerprint)
