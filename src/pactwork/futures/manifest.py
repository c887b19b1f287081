"""What of a run is whole: a journal while it is played, a manifest once all of it is.

A chunk counts from the moment its line is in the journal. A kill can tear the last line; such a line does not count,
and its chunk is played again, to the same bytes.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pactwork.errors import CaseError, Problem
from pactwork.futures.chunks import OUTCOMES, TALLIES, Row
from pactwork.futures.files import Entry, write_whole

MANIFEST, JOURNAL = "manifest.json", "progress.jsonl"


class Journal:
    """The chunks of an unfinished run that are whole, one a line.

    Parameters
    ----------
    folder : path
        Of the run.
    rows : iterable of Row
        Chunks that are whole already; the journal begins with them.
    """

    def __init__(self, folder: Path, rows: Iterable[Row]) -> None:
        path = folder / JOURNAL
        write_whole(path, b"".join(_line(row) for row in rows))
        self._file, self._mutex = path.open("ab"), threading.Lock()

    def append(self, row: Row) -> None:
        """Add a chunk; it counts once this returns."""
        with self._mutex:
            write_line(self._file, _line(row))

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def write_line(file: Any, line: bytes) -> None:
    """Add a line to an open file and see it on disk."""
    file.write(line)
    file.flush()
    os.fsync(file.fileno())


def _line(row: Row) -> bytes:
    return json.dumps(asdict(row)).encode() + b"\n"


def read_journal(folder: Path) -> dict[str, Row]:
    """Return the chunks that are whole by name; nothing where there is no journal, and no torn line."""
    try:
        lines = (folder / JOURNAL).read_bytes().splitlines(keepends=True)
    except FileNotFoundError:
        return {}
    found = {}
    for line in lines:
        try:
            held = json.loads(line if line.endswith(b"\n") else b"")
            row = Row(held["chunk"], Entry(**held["outcomes"]), Entry(**held["tallies"]), held["fingerprint"])
        except (ValueError, KeyError, TypeError):
            continue
        found[row.chunk] = row
    return found


def write_manifest(folder: Path, files: Mapping[str, Entry]) -> None:
    """Write the manifest: with it a run is whole."""
    listed = {name: asdict(entry) for name, entry in sorted(files.items())}
    write_whole(folder / MANIFEST, (json.dumps({"files": listed}, indent=1) + "\n").encode())


def read_manifest(folder: Path) -> dict[str, Entry]:
    """Return what each file of a run must be.

    Raises
    ------
    FileNotFoundError
        When there is no manifest.
    CaseError
        When it is none.
    """
    try:
        files = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
        return {str(name): Entry(int(entry["bytes"]), str(entry["sha256"])) for name, entry in files.items()}
    except FileNotFoundError:
        raise
    except OSError as error:
        found = error.strerror or "an error"
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        found = "no list of files"
    fix = "mend it: pactwork simulate --resume -o RUN"
    raise CaseError([Problem(MANIFEST, found, "the sizes and digests of a run's files", fix)])


def files_of(row: Row) -> dict[str, Entry]:
    """Return a chunk's files by name."""
    return {f"{OUTCOMES}/{row.chunk}.parquet": row.outcomes, f"{TALLIES}/{row.chunk}.parquet": row.tallies}


def row_from(chunk: str, files: Mapping[str, Entry]) -> Row | None:
    """Return a chunk's row from a manifest; none where that does not list both of its files."""
    pair = [files.get(f"{kind}/{chunk}.parquet") for kind in (OUTCOMES, TALLIES)]
    return Row(chunk, pair[0], pair[1]) if pair[0] is not None and pair[1] is not None else None
