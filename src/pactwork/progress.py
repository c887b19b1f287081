"""How long work says how far it has got: a callable that any layer may be given, and none has to."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called with the name of a stage, the work done and all of it."""


def ignore_progress(stage: str, done: int, total: int) -> None:
    """Say nothing: what is used where nobody listens."""
    del stage, done, total
