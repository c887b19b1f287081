"""Newest wins: a question takes the place of the one before it from the same page."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

MOST_PAGES = 256
"""Pages that are remembered; who has not asked for longest is forgotten."""


class Superseded(Exception):  # noqa: N818 - nothing went wrong
    """The question was taken back: the same page has asked another since."""


class Newest:
    """The number of each page's latest question."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latest: OrderedDict[str, int] = OrderedDict()

    def ask(self, page: str, number: int) -> Callable[[], bool]:
        """Return what tells whether a question is out of date; an empty page's never is.

        Parameters
        ----------
        page : str
            What the page calls itself.
        number : int
            Of the question on that page; larger ones are newer.
        """
        if not page:
            return lambda: False
        with self._lock:
            self._latest[page] = max(number, self._latest.get(page, number))
            self._latest.move_to_end(page)
            while len(self._latest) > MOST_PAGES:
                self._latest.popitem(last=False)
        return lambda: self._latest.get(page, number) > number
