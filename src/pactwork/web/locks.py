"""A lock that a process holds as long as it runs, whatever ends it."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import IO


def take_lock(path: Path, patience_seconds: float = 0.0) -> IO[bytes]:
    """Return an open file that holds its lock until it is closed or the process ends.

    Raises
    ------
    OSError
        When another process holds it, and goes on holding it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    held = path.open("ab")
    last = time.monotonic() + patience_seconds
    while True:
        try:
            _lock(held)
        except OSError:
            if time.monotonic() >= last:
                held.close()
                raise
            time.sleep(0.1)
        else:
            return held


def _lock(held: IO[bytes]) -> None:
    if os.name == "posix":
        import fcntl

        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    else:
        import msvcrt

        msvcrt.locking(held.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
