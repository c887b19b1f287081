"""Short names for what a register holds: the same name for the same thing, whatever the order of its lines."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable

from pactwork.facts.sipri.comments import Remark
from pactwork.facts.sipri.register import OrderLine
from pactwork.facts.sipri.states import plain

_LONGEST = 60


def slug(text: str) -> str:
    """Return text as a short name.

    Examples
    --------
    >>> slug("K-9 Thunder 155mm"), slug("Côte d'Ivoire"), slug("…")
    ('k-9-thunder-155mm', 'cote-d-ivoire', 'item')
    """
    return re.sub(r"[^a-z0-9]+", "-", plain(text)).strip("-")[:_LONGEST].strip("-") or "item"


def fold(designation: str) -> str:
    """Return a designation in the form in which drifting spellings meet: 'K9 Thunder' is 'K-9 thunder'."""
    return re.sub(r"[\W_]", "", plain(designation)) or plain(designation)


class Names:
    """Names given so far; no name is given twice, in whatever table."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def give(self, wanted: str) -> str:
        """Return the wanted name, or with -b, -c … after it where that is taken."""
        name, count = wanted, 1
        while name in self._given:
            count += 1
            name = f"{wanted}-{string.ascii_lowercase[count - 1] if count <= 26 else count}"
        self._given.add(name)
        return name


def in_order(read: Iterable[tuple[OrderLine, Remark]]) -> list[tuple[OrderLine, Remark]]:
    """Return lines by year, designation and content, orders before selections: a reshuffled file changes nothing."""
    return sorted(
        read,
        key=lambda pair: (
            pair[0].year,
            fold(pair[0].designation),
            pair[1].not_ordered,
            pair[0].ordered is None,
            pair[0].ordered or 0,
            pair[0].delivered,
            repr(pair[0].content),
        ),
    )
