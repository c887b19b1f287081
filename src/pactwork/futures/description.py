"""What a RUN folder holds, whole or unfinished."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pactwork.errors import CaseError
from pactwork.futures.identity import Identity, read_identity
from pactwork.futures.manifest import MANIFEST, files_of, read_journal, read_manifest
from pactwork.futures.store import IDENTITY, find_changed, open_run, resume_command, unfinished
from pactwork.progress import Progress, ignore_progress


@dataclass(frozen=True)
class Description:
    """A run in few words.

    Attributes
    ----------
    runs : int
        Of each choice.
    chunks_whole, chunks : int
        How many are there, and how many there must be.
    failed : int or None
        Runs that failed, over all choices; none while the run is unfinished.
    bytes : int
        Of all files.
    resume : str or None
        The command that goes on with it; none where it is whole.
    """

    path: Path
    identity: Identity
    runs: int
    chunks_whole: int
    chunks: int
    failed: int | None
    bytes: int
    resume: str | None

    def as_dict(self) -> dict[str, Any]:
        """Return it as the JSON of ``pactwork simulate --describe``."""
        return {
            "run": str(self.path), "whole": self.resume is None, "runs": self.runs, "failed": self.failed,
            "chunks": {"whole": self.chunks_whole, "all": self.chunks}, "bytes": self.bytes, "resume": self.resume,
            "identity": self.identity.model_dump(mode="json"),
        }  # fmt: skip


def describe_run(path: Path, progress: Progress = ignore_progress) -> Description:
    """Return what a RUN folder holds, once every file in it has been found as it was written.

    Raises
    ------
    CaseError
        With every file that is not; when there is no run.
    """
    if (path / MANIFEST).exists() or not path.is_dir():
        run = open_run(path, thorough=True, progress=progress)
        chunks, size = sum(1 for _ in run.identity.chunks()), sum(one.bytes for one in read_manifest(path).values())
        runs = run.futures * run.replications
        return Description(path, run.identity, runs, chunks, chunks, run.failed, size, None)
    try:
        held = read_identity((path / IDENTITY).read_text(encoding="utf-8"), IDENTITY)
    except OSError:
        raise CaseError([unfinished(path)]) from None
    rows = {chunk.name: read_journal(path).get(chunk.name) for chunk in held.chunks()}
    files = {name: entry for row in rows.values() if row is not None for name, entry in files_of(row).items()}
    problems = find_changed(path, files, thorough=True, progress=progress)
    if problems:
        raise CaseError(problems)
    runs, size = held.futures * held.replications, sum(entry.bytes for entry in files.values())
    return Description(path, held, runs, len(files) // 2, len(rows), None, size, resume_command(path))
