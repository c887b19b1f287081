"""What the address of a view asks for, and what of it could not be used: told in plain words, never passed over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from fastapi import Request

from pactwork.errors import Problem, quoted
from pactwork.facts.parameters import nearest

_MOST_LISTED = 12
"""Names that are listed where another one is expected; of more, only the nearest is told."""


class Address:
    """The parameters of an address, read one by one.

    Parameters
    ----------
    request : Request
    takes : iterable of str
        Names of the parameters that the view knows; any other is told.

    Attributes
    ----------
    unused : list of Problem
        What could not be used: where, what was found, what is expected, and what is shown in its place.

    Notes
    -----
    A page shows the nearest sensible thing and says so; the API refuses the same with a located problem.
    """

    def __init__(self, request: Request, takes: Iterable[str] = ()) -> None:
        self._given = request.query_params
        self.unused = [*find_strangers(request, [*takes], "it is left out")]

    def text(self, name: str, most: int = 200) -> str:
        """Return a parameter as it is given, cut to a length; empty where it is not given."""
        given = self._given.get(name, "")
        if len(given) > most:
            self.tell(name, f"{len(given):,} characters", f"at most {most:,}", "the rest is left out")
        return given[:most]

    def one_of(
        self, name: str, known: Collection[str], what: str, shown: str, otherwise: str = "", *, guess: bool = True
    ) -> str:
        """Return a parameter that is one of the names known, else what is taken in its place.

        Parameters
        ----------
        what : str
            What a name stands for: ``a table of the case``.
        shown : str
            What is shown in its place, in words.
        guess : bool
            Whether to tell the nearest name: not where names are no words.
        """
        given = self._given.get(name, "")
        if not given or given in known:
            return given or otherwise
        self._tell_stranger(name, given, known, what, shown, guess)
        return otherwise

    def some_of(self, name: str, known: Collection[str], what: str, shown: str, most: int) -> tuple[str, ...]:
        """Return those of a list with commas between them that are known, at most so many; each other one is told."""
        used: list[str] = []
        for given in dict.fromkeys(part.strip() for part in self._given.get(name, "").split(",") if part.strip()):
            if given not in known:
                self._tell_stranger(name, given, known, what, shown, True)
            elif len(used) == most:
                self.tell(name, quoted(given), f"at most {most} of them", shown)
            else:
                used.append(given)
        return tuple(used)

    def whole(self, name: str, least: int, most: int, what: str) -> int:
        """Return a whole number, or the nearest that there is; ``least`` where none is given."""
        given = self._given.get(name, "")
        if not given:
            return least
        number = int(given) if given.isascii() and given.isdecimal() and len(given) < 12 else None
        used = least if number is None else min(max(number, least), most)
        if used != number:
            span = f"{least:,} to {most:,}" if most > least else f"{least:,} alone"
            self.tell(name, quoted(given), f"{what}: {span}", f"shown is {used:,}")
        return used

    def tell(self, where: str, found: str, expected: str, shown: str) -> None:
        """Add something that could not be used."""
        self.unused.append(Problem(where, found, expected, shown))

    def _tell_stranger(self, name: str, given: str, known: Collection[str], what: str, shown: str, guess: bool) -> None:
        near = nearest(given, known) if guess else ""
        self.tell(
            name, quoted(given), list_known(known, what), f"{shown}{f'; perhaps {near} was meant' if near else ''}"
        )


def find_strangers(request: Request, known: Collection[str], fix: str) -> Iterable[Problem]:
    """Return a problem for each parameter of a request that is none of those known, and for those given again."""
    expected = f"one of {', '.join(known)}" if known else "no parameters"
    for name, value in request.query_params.items():
        if name not in known:
            near = nearest(name, known)
            where = quoted(name)[1:-1] if name else "a parameter without a name"
            yield Problem(where, quoted(value), expected, f"{fix}{f'; perhaps {near} was meant' if near else ''}")
    counts = Counter(name for name, _ in request.query_params.multi_items())
    for name in known:
        if counts[name] > 1:
            yield Problem(name, f"{counts[name]} times", "once", "the last one counts")


def list_known(known: Collection[str], what: str) -> str:
    """Return what is expected in words: the names themselves where they are few.

    Examples
    --------
    >>> list_known(["figures", "polls"], "a table of the case")
    'a table of the case: figures, polls'
    >>> list_known([], "a scenario of the case")
    'a scenario of the case, of which there is none'
    """
    if not known:
        return f"{what}, of which there is none"
    return f"{what}: {', '.join(known)}" if len(known) <= _MOST_LISTED else what
