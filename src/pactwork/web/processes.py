"""Processes of jobs: begun in a folder, and ended with all they started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

_PATIENCE_SECONDS = 3.0
"""How long a process that was told to stop may take before it is ended."""


def launch(root: Path, does: str) -> subprocess.Popen[bytes]:
    """Begin the work of a job's folder.

    Raises
    ------
    OSError
        When it cannot be begun: no room, no right to write there, no process to be had.
    """
    with (root / "log.txt").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "pactwork.web.worker", str(root), does],
            stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=os.name == "posix",
        )  # fmt: skip


def end(process: subprocess.Popen[bytes] | None) -> None:
    """End a process, and all it started; it is asked first, and given some seconds."""
    if process is None:
        return
    for force in (False, True):
        _signal(process, force=force)
        try:
            process.wait(_PATIENCE_SECONDS)
            break
        except subprocess.TimeoutExpired:
            continue
    if process.stdin:
        process.stdin.close()


def _signal(process: subprocess.Popen[bytes], *, force: bool) -> None:
    """Tell a process and all it started to stop."""
    try:
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL if force else signal.SIGTERM)
        elif force:
            process.kill()
        else:
            process.terminate()
    except (ProcessLookupError, PermissionError):
        pass
