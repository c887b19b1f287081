"""Who meets whom: whether a row joins the two partners of a case, by themselves or inside a body of several states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pactwork.brief import formats
from pactwork.facts.ledger import Ledger, split_list

_BODIES = ("alliance", "institution")


@dataclass(frozen=True)
class Tie:
    """How a row joins the two partners: ``through`` names the body in which they meet, empty where they meet alone."""

    through: str = ""


class Ties:
    """The partners of a case and the bodies they sit in, worked out once."""

    def __init__(self, ledger: Ledger) -> None:
        self._actors = ledger.current("actors")
        self._countries = {partner.country for partner in ledger.about.partners}
        self._members: dict[str, set[str]] = {}
        for cell in _list_cells(ledger):
            present, bodies = self._read(cell)
            for body in bodies:
                self._members.setdefault(body, set()).update(present)

    def find(self, cell: str | None) -> Tie | None:
        """Return how a ';' list of actors joins both partners; None where it does not.

        One partner and a body join both where the case shows the other partner in that body, too. A list that names
        nobody is no ground to leave a row out, nor is a case that names no two partners.
        """
        if len(self._countries) < 2 or not split_list(cell):
            return Tie()
        present, bodies = self._read(cell)
        if present == self._countries:
            return Tie()
        shared = [body for body in bodies if present and self._members.get(body, set()) | present == self._countries]
        return Tie(formats.clean(self._actors[shared[0]]["name"])) if shared else None

    def _read(self, cell: str | None) -> tuple[set[str], list[str]]:
        """Return the partners' countries and the bodies that a list of actors names."""
        present, bodies = set[str](), list[str]()
        for identifier in split_list(cell):
            line = list(self._line_of(identifier))
            if line and line[0]["kind"] in _BODIES:
                bodies += [actor["actor_id"] for actor in line[::-1] if actor["kind"] in _BODIES]
            else:
                present |= {actor["country"] for actor in line} & self._countries
        return present, list(dict.fromkeys(bodies))

    def _line_of(self, identifier: str) -> Iterator[Mapping[str, Any]]:
        """Yield an actor, then what it belongs to, and so on."""
        seen: set[str] = set()
        while identifier in self._actors and identifier not in seen:
            seen.add(identifier)
            yield self._actors[identifier]
            identifier = self._actors[identifier]["parent"] or ""


def _list_cells(ledger: Ledger) -> Iterator[str | None]:
    for table, column in (("formats", "members"), ("events", "actors"), ("instruments", "parties")):
        for row in ledger.rows(table):
            yield row[column]
