"""A case got ready to be played in the background, while the page says how far that is."""

from __future__ import annotations

import contextlib
import functools
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pactwork.errors import CaseError, Problem
from pactwork.facts.ledger import Ledger
from pactwork.web.cases import OpenCase
from pactwork.web.loading import load_simulation
from pactwork.web.playing.stopping import Newest, Superseded
from pactwork.web.playing.turns import Turns
from pactwork.web.site import Site

if TYPE_CHECKING:  # what simulates is loaded in the background
    from pactwork.web.playing.bench import Bench

CALIBRATIONS = "calibrations"
MOST_WAITING = 64
"""Questions that may wait at one time; whoever comes then is asked to come again."""
_OPENING = threading.Lock()
"""One case at a time is got ready: two would compile the same code beside each other."""


@functools.cache
def shared_turns() -> Turns:
    """Return the turns that everything this server plays takes."""
    return Turns()


@functools.cache
def waiting_pool() -> ThreadPoolExecutor:
    """Return the threads in which questions wait for their turn: not those that answer everything else."""
    return ThreadPoolExecutor(MOST_WAITING, thread_name_prefix="question")


@functools.cache
def waiting_places() -> threading.Semaphore:
    """Return the places of those threads: a question takes one before it is handed over, or is asked to come again."""
    return threading.Semaphore(MOST_WAITING)


@functools.cache
def playing_pool() -> ThreadPoolExecutor:
    """Return the threads that play."""
    return ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="experiment")


@dataclass(frozen=True)
class Readiness:
    """How far a case is on its way to being played: words, and steps done of all; or why it cannot be."""

    ready: bool
    stage: str = ""
    done: int = 0
    total: int = 0
    problems: tuple[Problem, ...] = ()


_CHANGED = Readiness(False, "reading the case again")


class Playroom:
    """Gets a bench ready for one state of a case, and holds it.

    Parameters
    ----------
    opened : OpenCase
    folder : path
        Where calibrations are kept.
    closing : Event
        Set when the server stops: whatever is being played then ends.

    Notes
    -----
    Once the case's files say something else what is being got ready ends, and so does what is being played. Whoever
    asked before is told to ask again, and never what went wrong with a case that is no longer there.
    """

    def __init__(self, opened: OpenCase, folder: Path, closing: threading.Event) -> None:
        self.newest, self.closing, self._outdated = Newest(), closing, opened.outdated
        self._bench: Bench | None = None
        self._state = Readiness(False, "loading the simulation")
        self._done = threading.Event()
        threading.Thread(target=self._open, args=(opened, folder), name="playroom", daemon=True).start()

    @property
    def outdated(self) -> bool:
        """Whether the case's files say something else by now."""
        return self._outdated.is_set()

    @property
    def state(self) -> Readiness:
        """How far it is; of a case that has changed, nothing but that."""
        return _CHANGED if self.outdated else self._state

    @property
    def bench(self) -> Bench | None:
        """The bench, once it is ready."""
        return self._bench

    def taken_back(self, page: str, number: int) -> Callable[[], bool]:
        """Return what tells whether a question is no longer wanted: one newer, another case, or the server stops."""
        newer = self.newest.ask(page, number)
        return lambda: newer() or self._is_over()

    def _is_over(self) -> bool:
        return self.closing.is_set() or self.outdated

    def wait(self, seconds: float | None = None) -> Bench:
        """Return the bench once it is ready.

        Raises
        ------
        CaseError
            When the case cannot be played.
        TimeoutError
            When it was not ready in time.
        """
        if not self._done.wait(seconds):
            raise TimeoutError
        if self._bench is None:
            raise CaseError(self._state.problems)
        return self._bench

    def _open(self, opened: OpenCase, folder: Path) -> None:
        def tell(stage: str, done: int, total: int) -> None:
            if self._is_over():
                raise Superseded
            self._state = Readiness(False, stage, done, total)

        try:
            load_simulation()
            from pactwork.web.playing.asking import Ask
            from pactwork.web.playing.bench import open_bench
            from pactwork.web.playing.experiment import LAST

            with _OPENING:
                tell("getting ready", 0, 1)
                self._bench = open_bench(opened.ledger, opened.forecast, folder, turns=shared_turns(),
                                         pool=playing_pool(), progress=tell)  # fmt: skip
            self._state = Readiness(True)
        except CaseError as error:
            self._state = Readiness(False, problems=tuple(error.problems))
        except Superseded:
            return
        except Exception as error:  # the page has to say so: nobody else sees what happens in this thread
            found = f"a defect of pactwork's own: {type(error).__name__}"
            self._state = Readiness(False, problems=(Problem("pactwork", found, "an answer", "please report it"),))
        finally:
            self._done.set()
        if self._bench is not None:
            with contextlib.suppress(Superseded):
                self._bench.play(Ask(), LAST, self._is_over)  # what matters most is read off these


def playroom_of(opened: OpenCase, site: Site) -> Playroom:
    """Return the playroom of a case as its files stand; asked for first, it begins to get ready."""
    return opened.remember("playroom", lambda: Playroom(opened, site.settings.state / CALIBRATIONS, site.closing))


def is_playable(ledger: Ledger) -> bool:
    """Return whether a case assumes anything: otherwise nothing is simulated."""
    return bool(ledger.assumptions.parameters)
