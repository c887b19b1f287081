"""What forecasts and simulates is loaded by one thread at a time.

Two threads that load parts of one package in another order can each wait for what the other has begun; Python then
gives up in one of them (``_DeadlockError``).
"""

from __future__ import annotations

import importlib
import threading

_LOCK = threading.RLock()
_SIMULATION = (
    "pactwork.brief.findings", "pactwork.futures.compile", "pactwork.web.playing.bench", "pactwork.web.playing.reading",
    "pactwork.web.playing.comparing", "pactwork.web.playing.lanes", "pactwork.web.playing.weights",
    "pactwork.web.playing.setup",
)  # fmt: skip


def load(*names: str) -> None:
    """Load modules, one thread at a time; what is loaded already costs nothing."""
    with _LOCK:
        for name in names:
            importlib.import_module(name)


def load_simulation() -> None:
    """Load all that views need to simulate, in one order."""
    load(*_SIMULATION)
