"""A RUN folder: what it holds, when it is whole, and how its summaries come of its chunks.

| file | holds |
|---|---|
| ``run.json`` | the run's identity: what it takes to play it again |
| ``calibration.parquet`` | what lots aim at, found once and kept, so that nobody has to find it again |
| ``outcomes/*.parquet`` | one row a run, a file for each chunk |
| ``tallies/*.parquet`` | the chunks' series as whole numbers |
| ``design.parquet`` | one row a future: the value of every uncertain parameter |
| ``histograms.parquet`` | all tallies together |
| ``series/<choice>.parquet`` | summaries per quarter |
| ``manifest.json`` | size and SHA-256 of each of them; written last, and only then is the run whole |

While it is played there is a ``progress.jsonl`` in place of the manifest. Nothing in a file of a whole run depends on
the clock, the machine or who played it: the same seed gives the same bytes.
"""

from __future__ import annotations

import errno
import os
import re
import shlex
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from pactwork.errors import CaseError, Problem, quoted
from pactwork.futures.chunks import OUTCOMES, TALLIES, Row, sum_tallies
from pactwork.futures.files import (
    LOCK,
    PARTIAL,
    Entry,
    find_difference,
    hold_folder,
    remove_partial,
    settle,
    write_whole,
)
from pactwork.futures.frames import write_design, write_frame
from pactwork.futures.identity import Identity, read_identity
from pactwork.futures.manifest import (
    JOURNAL,
    MANIFEST,
    files_of,
    read_journal,
    read_manifest,
    row_from,
    write_manifest,
)
from pactwork.futures.reading import CALIBRATION, DESIGN, HISTOGRAMS, Run, frame_histograms
from pactwork.futures.results import Counts
from pactwork.futures.uncertainties import Design
from pactwork.progress import Progress, ignore_progress

IDENTITY = "run.json"
SMALL_RUN = 2**30
"""Bytes up to which everything is read when a run is opened, to see that it is as it was written: about a second."""
KEPT = "what is whole is kept"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]*")


def open_run(path: Path, *, thorough: bool | None = None, progress: Progress = ignore_progress) -> Run:
    """Open a RUN folder once its files have been found as they were written; its runs stay on disk.

    Parameters
    ----------
    path : path
        Of the folder.
    thorough : bool, optional
        Whether the content of every chunk is held against its digest, not only its size; as long as that takes about a
        second unless told otherwise. What is not a chunk is always read.

    Raises
    ------
    CaseError
        With every file that is missing, cut short or changed; when the run is unfinished, or there is none.
    """
    if not path.is_dir():
        found = "a file" if path.exists() else "nothing"
        fix = "check the path, or make a run with pactwork simulate"
        raise CaseError([Problem(quoted(path, 4096), found, "a RUN folder", fix)])
    try:
        files = read_manifest(path)
    except FileNotFoundError:
        raise CaseError([unfinished(path)]) from None
    if thorough is None:
        thorough = sum(entry.bytes for entry in files.values()) <= SMALL_RUN
    problems = find_changed(path, files, thorough=thorough, progress=progress)
    if problems:
        raise CaseError(problems)
    identity = read_identity((path / IDENTITY).read_text(encoding="utf-8"), IDENTITY)
    expected = list_files(identity)
    fix = resume_fix(path)
    problems = [Problem(f"{MANIFEST} {name}", "nothing", "a file of this run", fix)
                for name in sorted(expected - set(files))]  # fmt: skip
    problems += [Problem(f"{MANIFEST} {quoted(name)}", "a file", "no other file than those of this run", fix)
                 for name in sorted(set(files) - expected)]  # fmt: skip
    if problems:
        raise CaseError(problems)
    return Run(path, identity)


def find_changed(
    path: Path, files: dict[str, Entry], *, thorough: bool, progress: Progress = ignore_progress
) -> list[Problem]:
    """Return every file that is not what a manifest says; without ``thorough``, chunks by their size only."""
    problems, whole, done = [], sum(entry.bytes for entry in files.values()), 0
    for name, entry in files.items():
        if not (path / name).resolve().is_relative_to(path.resolve()):
            expected, fix = "a file of the run", "simulate it again"
            problems.append(Problem(f"{MANIFEST} {quoted(name)}", "a place outside the run", expected, fix))
            continue
        found = find_difference(path / name, entry, digest=thorough or name.count("/") == 0)
        if found:
            expected = f"{entry.bytes} bytes, SHA-256 {entry.sha256[:12]}…"
            problems.append(Problem(name, found, expected, resume_fix(path)))
        done += entry.bytes
        progress("checking", done, whole)
    return problems


@contextmanager
def take_place(path: Path, identity: Identity) -> Iterator[Identity | None]:
    """Make a folder for a run, or take the one that is there, and hold it; yield the identity it has, if any.

    Raises
    ------
    CaseError
        When something else is at ``path``, another process is at work there, or it cannot be written.
    """
    check_place(path, identity)
    try:
        path.mkdir(parents=True, exist_ok=True)
        with hold_folder(path):
            remove_partial(path)
            yield check_place(path, identity)
    except OSError as error:
        kept = {"left": KEPT} if (path / IDENTITY).exists() else {}
        raise CaseError([unwritable(path, error)], **kept) from error


def check_place(path: Path, identity: Identity | None = None) -> Identity | None:
    """Return the identity of the run at a place, or none where there is nothing: nothing else may be written over.

    Raises
    ------
    CaseError
        When something else is there, another run than the one of ``identity``, or the place cannot be written to.
    """
    if (path.is_symlink() or path.exists()) and not _is_empty(path):
        try:
            held = read_identity((path / IDENTITY).read_text(encoding="utf-8"), IDENTITY)
        except (OSError, UnicodeDecodeError, CaseError):
            raise CaseError([_not_ours(path, "something that is no run")]) from None
        differences = held.find_differences(identity) if identity is not None else []
        if differences:
            raise CaseError([_not_ours(path, "another run: " + "; ".join(differences))])
        above = path
    else:
        held, above = None, next(one for one in (path, *path.absolute().parents) if one.exists())
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        error = OSError(13, "no right to write" if above.is_dir() else "a file in place of a folder")
        raise CaseError([unwritable(path, error)])
    return held


def _is_empty(path: Path) -> bool:
    """Return whether a folder holds nothing but what a run leaves that was killed before it could say what it is."""
    return path.is_dir() and all(one.name in (LOCK, CALIBRATION) or one.name.endswith(PARTIAL)
                                 for one in path.iterdir())  # fmt: skip


def find_whole(path: Path, identity: Identity, progress: Progress = ignore_progress) -> tuple[dict[str, Row], bool]:
    """Return the chunks of a run that are there and as they were written, and whether all of the run is.

    A chunk that is not as it was written is left out, to be played again.
    """
    try:
        files = read_manifest(path)
    except (FileNotFoundError, CaseError):
        files = {}
    rows = read_journal(path)
    rows |= {chunk.name: row for chunk in identity.chunks() if (row := row_from(chunk.name, files)) is not None}
    wanted = {name: entry for row in rows.values() for name, entry in files_of(row).items()} | files
    changed = {one.where for one in find_changed(path, wanted, thorough=True, progress=progress)}
    whole = {name: row for name, row in rows.items() if not changed & set(files_of(row))}
    return whole, not changed and bool(files) and set(files) == list_files(identity)


def list_files(identity: Identity) -> set[str]:
    """Return the names of a run's files, the manifest left out."""
    found = {IDENTITY, DESIGN, HISTOGRAMS} | ({CALIBRATION} if identity.calibration_sha256 else set())
    found |= {f"series/{choice}.parquet" for choice in identity.choices}
    return found | {f"{kind}/{chunk.name}.parquet" for chunk in identity.chunks() for kind in (OUTCOMES, TALLIES)}


def finish_run(
    path: Path, identity: Identity, rows: Iterable[Row], edges: tuple[Counts, Counts], design: Design
) -> None:
    """Write what comes of all chunks of a run, and the manifest last.

    Parameters
    ----------
    rows : iterable of Row
        All of them.
    edges : pair of integers of shape (series,)
        Lower edges and widths of the bins.
    design : Design
        The futures.
    """
    kept = sorted(rows, key=lambda row: row.chunk)
    shape = len(identity.choices), len(identity.series), len(identity.quarters), identity.bins
    files = {name: entry for row in kept for name, entry in files_of(row).items()}
    if identity.calibration_sha256:
        files[CALIBRATION] = Entry((path / CALIBRATION).stat().st_size, identity.calibration_sha256)
    files[DESIGN] = write_design(path / DESIGN, design)
    tally = sum_tallies(path, [row.chunk for row in kept], shape)
    files[HISTOGRAMS] = write_frame(path / HISTOGRAMS, frame_histograms(identity, tally, edges))
    series = Run(path, identity).series_frame()
    for choice in identity.choices:
        name = f"series/{choice}.parquet"
        files[name] = write_frame(path / name, series.filter(pl.col("choice") == choice))
    files[IDENTITY] = write_identity(path, identity)
    remove_partial(path)  # a worker that was killed may have left some
    settle(path, path / OUTCOMES, path / TALLIES, path / "series")
    write_manifest(path, files)
    settle(path)
    (path / JOURNAL).unlink(missing_ok=True)


def write_identity(path: Path, identity: Identity) -> Entry:
    """Write ``run.json``."""
    unsafe = [name for name in identity.choices if not _NAME.fullmatch(name)]
    if unsafe:
        raise ValueError(f"choices whose names make no file: {unsafe}")
    return write_whole(path / IDENTITY, identity.text().encode())


def unfinished(path: Path) -> Problem:
    """Return what to say of a folder without a manifest."""
    try:
        identity = read_identity((path / IDENTITY).read_text(encoding="utf-8"), IDENTITY)
        chunks = [chunk.name for chunk in identity.chunks()]
        whole = len(set(chunks) & set(read_journal(path)))
    except (OSError, UnicodeDecodeError, CaseError):
        fix = "check the path, or make a run with pactwork simulate"
        return Problem(quoted(path, 4096), "no run.json and no manifest.json", "a RUN folder", fix)
    found = f"an unfinished run: {whole:,} of {len(chunks):,} chunks are whole"
    return Problem(quoted(path, 4096), found, "a whole run", resume_fix(path))


def resume_fix(path: Path) -> str:
    """Return what to do about a run that is not whole."""
    return f"go on with it: {resume_command(path)}"


def resume_command(path: Path) -> str:
    """Return the command that goes on with a run."""
    return f"pactwork simulate --resume -o {shlex.quote(str(path))}"


def _not_ours(path: Path, found: str) -> Problem:
    return Problem(quoted(path, 4096), found, "nothing, or the same run", "choose another folder, or remove this one")


def unwritable(path: Path, error: OSError) -> Problem:
    """Return what to say of a place that cannot be written to: what is there stays, and a run can go on."""
    fix = "choose another place"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        fix = f"make room, then {resume_fix(path)}"
    elif (path / IDENTITY).exists():
        fix = f"mend that, then {resume_fix(path)}"
    return Problem(quoted(path, 4096), error.strerror or "an error", "a place to write to", fix)
