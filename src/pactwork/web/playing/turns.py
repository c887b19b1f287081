"""Turns at the processors: what somebody waits for goes first, what sharpens in the background goes between."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pactwork.web.playing.stopping import Superseded

WAIT_S = 0.1
"""How often one who waits looks whether it is still wanted."""


class Turns:
    """One plays at a time; among those who wait, the urgent come first, and then who came first."""

    def __init__(self) -> None:
        self._free = threading.Condition()
        self._waiting: list[tuple[bool, int]] = []
        self._count, self._taken = 0, False

    @contextmanager
    def turn(self, *, urgent: bool, stopped: Callable[[], bool]) -> Iterator[None]:
        """Wait for a turn, and hold it.

        Raises
        ------
        Superseded
            When it was no longer wanted before its turn came.
        """
        with self._free:
            ticket = (not urgent, self._count)
            self._count += 1
            self._waiting.append(ticket)
            try:
                while self._taken or min(self._waiting) != ticket:
                    if stopped():
                        raise Superseded
                    self._free.wait(WAIT_S)
            finally:
                self._waiting.remove(ticket)
                self._free.notify_all()
            self._taken = True
        try:
            yield
        finally:
            with self._free:
                self._taken = False
                self._free.notify_all()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)
