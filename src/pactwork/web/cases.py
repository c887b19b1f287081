"""The case under the page's hands: read again when its files change, its problems shown where it cannot be read."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pactwork.errors import CaseError, Problem
from pactwork.facts.case import bundled_cases, find_case, load_case
from pactwork.facts.ledger import Ledger
from pactwork.facts.narrative import FOLDER
from pactwork.web.loading import load
from pactwork.web.problems import CaseBroken
from pactwork.web.work import tell_revision

if TYPE_CHECKING:  # what is forecast is loaded once somebody asks for it
    from pactwork.brief.findings import Findings
    from pactwork.forecast import Forecast

Value = TypeVar("Value")
Stamp = tuple[tuple[str, int, int, int], ...]
_MOST_KEPT = 512
"""Worked-out values kept for one state of a case."""
_MOST_READINGS = 3
"""Of a case whose files change while they are read."""


@dataclass(eq=False)
class OpenCase:
    """A case as its files stand, with what has been worked out from it.

    Attributes
    ----------
    ledger : Ledger
    revision : str
        The first digits of a digest of all its files: another text of any file, another revision.
    bundled : bool
        Whether it came with the package, and so is for reading alone.
    outdated : Event
        Set once the files are found to say something else: whatever is still being worked out may stop.
    """

    ledger: Ledger
    revision: str
    bundled: bool
    outdated: threading.Event = field(default_factory=threading.Event, repr=False)
    _kept: OrderedDict[Hashable, Future[Any]] = field(default_factory=OrderedDict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def remember(self, name: Hashable, make: Callable[[], Value]) -> Value:
        """Return a value worked out once for this state of the case, however many ask at the same time.

        Parameters
        ----------
        name : hashable
            Of the value, with all it depends on besides the case: ``("outlook", "2023-06-30")``.
        make : callable
            Works it out. What it raises goes to all who wait, and the next who asks tries again.
        """
        with self._lock:
            held = self._kept.get(name)
            mine = held is None
            if held is None:
                held = self._kept[name] = Future()
                while len(self._kept) > _MOST_KEPT:
                    self._kept.popitem(last=False)
            else:
                self._kept.move_to_end(name)
        if mine:
            try:
                held.set_result(make())
            except BaseException as error:
                with self._lock:
                    self._kept.pop(name, None)
                held.set_exception(error)
        return cast("Value", held.result())

    def has(self, name: Hashable) -> bool:
        """Return whether a value is worked out already."""
        held = self._kept.get(name)
        return held is not None and held.done()

    @property
    def findings(self) -> Findings:
        """Everything the brief says without simulating, the forecast included; takes a second or two at first."""
        return self.remember("findings", self._gather)

    @property
    def forecast(self) -> Forecast:
        """The forecast of deliveries and politics."""
        return self.findings.forecast

    def _gather(self) -> Findings:
        load("pactwork.brief.findings")
        from pactwork.brief.findings import gather_findings

        return gather_findings(self.ledger)


class CaseWatch:
    """Hands out the case as its files stand now.

    Parameters
    ----------
    case : str
        A case folder, or the name of a bundled case.

    Raises
    ------
    CaseError
        When there is no such case.
    """

    def __init__(self, case: str) -> None:
        self.root = find_case(case)
        self.case = case
        self.bundled = self.root.resolve() in {path.resolve() for path in bundled_cases().values()}
        self._lock = threading.Lock()
        self._stamp: Stamp | None = None
        self._held: OpenCase | CaseBroken | None = None

    def current(self) -> OpenCase:
        """Return the case; it is read again where a file has changed since.

        Raises
        ------
        CaseBroken
            With every problem, where the case cannot be read as it stands.
        """
        with self._lock:
            held = before = self._held
            if held is None or self._read_stamp() != self._stamp:
                held = self._load_whole()
                if isinstance(before, OpenCase):
                    before.outdated.set()
        if isinstance(held, CaseBroken):
            raise CaseBroken(held.problems, left=held.left)
        return held

    def revision(self) -> str:
        """Return what tells this state of the case from another, of a broken case too."""
        try:
            return self.current().revision
        except CaseBroken as error:
            return "broken-" + hashlib.sha256(str(error).encode()).hexdigest()[:12]

    def _load_whole(self) -> OpenCase | CaseBroken:
        """Read the case, and again where a file changed meanwhile: its revision is that of what was read.

        Whoever writes without a pause is read between two of his letters in the end, and anew when somebody asks.
        """
        for _ in range(_MOST_READINGS):
            self._stamp = self._read_stamp()
            self._held = held = self._load()
            if self._read_stamp() == self._stamp:
                break
        return held

    def _load(self) -> OpenCase | CaseBroken:
        try:
            ledger = load_case(self.root)
        except CaseError as error:
            return CaseBroken(error.problems)
        except OSError as error:
            found = error.strerror or "an error"
            return CaseBroken([Problem("case", found, "files that can be read", "look at the folder")])
        wrong = _find_wrong_words(ledger)
        if wrong is not None:
            return wrong
        return OpenCase(ledger, tell_revision(ledger), self.bundled)

    def _read_stamp(self) -> Stamp:
        """Return name, time, size and place of every file the case may be read from."""
        paths = [*self.root.glob("*.toml"), *self.root.glob("*.json"), *self.root.glob("*.xlsx")]
        paths += [*self.root.glob("facts/*"), *self.root.glob(f"{FOLDER}/*")]
        if isinstance(self._held, OpenCase):
            paths += [self.root / resource.path for resource in self._held.ledger.package.resources]
        return tuple(found for path in sorted(set(paths)) if (found := _stamp_of(path)))


def _find_wrong_words(ledger: Ledger) -> CaseBroken | None:
    """Return what no brief could show of an analyst's words: nothing could be forecast from such a case either."""
    if not ledger.narratives:
        return None
    load("pactwork.brief.narrative")
    from pactwork.brief.narrative import check_narratives

    try:
        check_narratives(ledger)
    except CaseError as error:
        return CaseBroken(error.problems)
    return None


def _stamp_of(path: Path) -> tuple[str, int, int, int] | None:
    try:
        held = path.stat()
    except OSError:
        return None
    return str(path), held.st_mtime_ns, held.st_size, held.st_ino
