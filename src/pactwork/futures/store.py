"""Runs on disk: a RUN folder is written whole or not at all, and opened only if it is whole.

| file | holds |
|---|---|
| ``run.json`` | the run's identity: what it takes to play it again |
| ``design.parquet`` | one row a future: the value of every uncertain parameter |
| ``outcomes/<choice>.parquet`` | one row a run |
| ``series/<choice>.parquet`` | summaries per quarter |
| ``manifest.json`` | size and SHA-256 of each of them; written last |

Nothing in a file depends on the clock: the same seed gives the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pactwork.errors import CaseError, Problem, quoted
from pactwork.futures.ensemble import Ensemble
from pactwork.futures.identity import Identity, read_identity

IDENTITY, DESIGN, MANIFEST = "run.json", "design.parquet", "manifest.json"
ROWS_A_GROUP = 65536
"""Rows of a group in a Parquet file; fixed, so that the bytes are."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]*")
_AGAIN = "simulate it again"


@dataclass(frozen=True)
class Run:
    """A run on disk whose files are as they were written."""

    path: Path
    identity: Identity

    def design(self) -> pl.DataFrame:
        """Return the futures: ``future``, ``scramble``, then a column for each uncertain parameter."""
        return pl.read_parquet(self.path / DESIGN)

    def outcomes(self, choice: str | None = None) -> pl.DataFrame:
        """Return one row a run of a choice: ``choice``, ``future``, ``replication``, ``status``, then outcomes."""
        return pl.read_parquet(self.path / f"outcomes/{self.choice(choice)}.parquet")

    def series(self, choice: str | None = None) -> pl.DataFrame:
        """Return a choice's summaries: ``choice``, ``series``, ``date``, ``runs``, ``mean``, ``q05`` to ``q95``."""
        return pl.read_parquet(self.path / f"series/{self.choice(choice)}.parquet")

    def choice(self, name: str | None) -> str:
        """Return a choice of the run, the first unless one is named.

        Raises
        ------
        CaseError
            When the run has no such choice.
        """
        choices = self.identity.choices
        if name is not None and name not in choices:
            raise CaseError([Problem("choice", quoted(name), f"one of {', '.join(choices)}", "correct the name")])
        return name or choices[0]


def write_run(ensemble: Ensemble, path: Path, identity: Identity) -> bool:
    """Write a run as a folder; return whether anything had to be written.

    It is written under a hidden name beside its place and renamed when whole. A run of the same identity that is whole
    is left as it is, since its bytes would be the same; one that is not whole is replaced.

    Parameters
    ----------
    ensemble : Ensemble
        What was played.
    path : path
        Of the folder.
    identity : Identity
        From ``identify_run``.

    Raises
    ------
    CaseError
        When there is something else at ``path``, or it cannot be written; nothing is then changed.
    """
    held = check_place(path)
    if held is not None and held != identity:
        raise CaseError([_not_ours(path, "another run")])
    if held is not None and _is_whole(path):
        return False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent))
    except OSError as error:
        raise CaseError([_unwritable(path, error)]) from error
    try:
        _write_files(ensemble, identity, temporary)
        temporary.chmod(0o777 & ~_umask())
        _put_in_place(temporary, path)
    except OSError as error:
        raise CaseError([_unwritable(path, error)]) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return True


def check_place(path: Path) -> Identity | None:
    """Return the identity of the run at a place, or none where there is nothing: nothing else may be written over.

    Raises
    ------
    CaseError
        When something else is there, or the place cannot be written to.
    """
    if path.is_symlink() or path.exists():
        try:
            return read_identity((path / IDENTITY).read_text(encoding="utf-8"), IDENTITY)
        except (OSError, UnicodeDecodeError, CaseError):
            raise CaseError([_not_ours(path, "something that is no run")]) from None
    above = next(one for one in path.absolute().parents if one.exists())
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        error = OSError(13, "no right to write" if above.is_dir() else "a file in place of a folder")
        raise CaseError([_unwritable(path, error)])
    return None


def open_run(path: Path) -> Run:
    """Open a RUN folder once every file has been found as it was written.

    Raises
    ------
    CaseError
        With every file that is missing, cut short or changed.
    """
    if not path.is_dir():
        found = "a file" if path.exists() else "nothing"
        fix = "check the path, or make a run with pactwork simulate"
        raise CaseError([Problem(quoted(path, 4096), found, "a RUN folder", fix)])
    manifest = _read_manifest(path)
    problems = list(_find_changed(path, manifest))
    if problems:
        raise CaseError(problems)
    identity = read_identity((path / IDENTITY).read_text(encoding="utf-8"), IDENTITY)
    expected = set(_list_files(identity))
    problems = [Problem(f"{MANIFEST} {name}", "nothing", "a file of this run", _AGAIN)
                for name in sorted(expected - set(manifest))]  # fmt: skip
    problems += [Problem(f"{MANIFEST} {quoted(name)}", "a file", "no other file than those of this run", _AGAIN)
                 for name in sorted(set(manifest) - expected)]  # fmt: skip
    if problems:
        raise CaseError(problems)
    return Run(path, identity)


def _put_in_place(temporary: Path, path: Path) -> None:
    """Rename a whole run to its place; what is broken there steps aside first, and back if that fails."""
    aside = temporary.with_suffix(".broken")
    if path.exists():
        path.rename(aside)
    try:
        temporary.rename(path)
    except OSError:
        if aside.exists():
            aside.rename(path)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _list_files(identity: Identity) -> Iterator[str]:
    yield from (IDENTITY, DESIGN)
    for choice in identity.choices:
        yield f"outcomes/{choice}.parquet"
        yield f"series/{choice}.parquet"


def _write_files(ensemble: Ensemble, identity: Identity, folder: Path) -> None:
    """Write every file, one choice at a time, and the manifest last."""
    unsafe = [name for name in identity.choices if not _NAME.fullmatch(name)]
    if unsafe:
        raise ValueError(f"choices whose names make no file: {unsafe}")
    written = {IDENTITY: _write(folder / IDENTITY, identity.text().encode())}
    written[DESIGN] = _write_frame(folder / DESIGN, ensemble.model.design.frame())
    outcomes, series = ensemble.frame(), ensemble.series_frame()
    for choice in identity.choices:
        for kind, frame in (("outcomes", outcomes), ("series", series)):
            name = f"{kind}/{choice}.parquet"
            own = frame.filter(pl.col("choice") == choice) if "choice" in frame.columns else frame
            written[name] = _write_frame(folder / name, own)
    text = json.dumps({"files": dict(sorted(written.items()))}, indent=2) + "\n"
    _write(folder / MANIFEST, text.encode())


def _write_frame(path: Path, frame: pl.DataFrame) -> dict[str, Any]:
    """Write a table with every setting on which its bytes hang fixed."""
    held = io.BytesIO()
    frame.rechunk().write_parquet(held, compression="zstd", compression_level=3, statistics=True,
                                  row_group_size=ROWS_A_GROUP)  # fmt: skip
    return _write(path, held.getvalue())


def _write(path: Path, content: bytes) -> dict[str, Any]:
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        files = json.loads((path / MANIFEST).read_text(encoding="utf-8"))["files"]
        if all(set(entry) == {"bytes", "sha256"} for entry in files.values()):
            return dict(files)
        found = "entries without size and digest"
    except OSError as error:
        found = error.strerror or "an error"
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        found = "no list of files"
    raise CaseError([Problem(MANIFEST, found, "the sizes and digests of a run's files", _AGAIN)])


def _find_changed(path: Path, manifest: dict[str, Any]) -> Iterator[Problem]:
    for name, entry in manifest.items():
        place = path / name
        if not place.resolve().is_relative_to(path.resolve()):
            yield Problem(f"{MANIFEST} {quoted(name)}", "a place outside the run", "a file of the run", _AGAIN)
        elif not place.is_file():
            yield Problem(name, "nothing", f"{entry['bytes']} bytes", _AGAIN)
        elif place.stat().st_size != entry["bytes"]:
            yield Problem(name, f"{place.stat().st_size} bytes", f"{entry['bytes']} bytes", _AGAIN)
        else:
            with place.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            if digest != entry["sha256"]:
                yield Problem(name, "other content than was written", f"SHA-256 {entry['sha256']}", _AGAIN)


def _is_whole(path: Path) -> bool:
    try:
        open_run(path)
    except CaseError:
        return False
    return True


def _not_ours(path: Path, found: str) -> Problem:
    return Problem(quoted(path, 4096), found, "nothing, or the same run", "choose another folder, or remove this one")


def _unwritable(path: Path, error: OSError) -> Problem:
    return Problem(quoted(path, 4096), error.strerror or "an error", "a place to write to", "choose another place")


def _umask() -> int:
    """Return the process's umask; the only way to read it is to set it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
