"""A link to What if, read piece by piece: what the case cannot play is told and left out, and the rest is kept."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pactwork.errors import Problem, quoted
from pactwork.facts.assumptions import Parameter
from pactwork.facts.ledger import Ledger
from pactwork.web.addresses import Address, list_known
from pactwork.web.playing.asking import MOST_SEED, Ask, check_levers, check_numbers, check_passages, ranges_of

NAMES = ("scenario", "levers", "set", "seed", "pin")
_PARTS = ("scenario", "levers", "set", "closed", "seed")
"""What a pinned question holds, with ~ between the parts."""
_LONGEST = 8000
Pair = tuple[str, float | None]
Check = Callable[[Sequence[Pair]], Iterator[Problem]]


def read_link(ledger: Ledger, address: Address) -> dict[str, str]:
    """Return the parameters of a link as they can be used, by name, in the form they have in an address.

    What could not be used is told to ``address``.
    """
    given = {name: address.text(name, _LONGEST) for name in NAMES}
    used = _Question(ledger, address).read(given)
    if given["pin"]:
        parts = given["pin"].split("~")
        if len(parts) > len(_PARTS):
            address.tell(
                "pin", f"{len(parts)} parts", f"at most {len(_PARTS)}, with ~ between them", "the rest is left out"
            )
        held = _Question(ledger, address, "pin ").read(dict(zip(_PARTS, parts, strict=False)))
        if held["seed"] != used["seed"]:
            address.tell("pin seed", held["seed"], f"{used['seed']}, as the question beside it",
                         f"it is played with {used['seed']}")  # fmt: skip
        used["pin"] = "~".join((held | {"seed": used["seed"]})[name] for name in _PARTS)
    return {name: used[name] for name in NAMES if used.get(name)}


@dataclass(frozen=True)
class _Question:
    """Reads one question of a link; ``prefix`` says which in what is told."""

    ledger: Ledger
    address: Address
    prefix: str = ""

    def read(self, given: Mapping[str, str]) -> dict[str, str]:
        """Return what can be used of each part."""
        scenario = self._read_scenario(given.get("scenario", ""))
        ranges = ranges_of(self.ledger, scenario)
        checks: dict[str, tuple[Check, str]] = {
            "levers": (lambda pairs: check_levers(self.ledger, Ask(levers=tuple(pairs))), "it is not pulled"),
            "set": (lambda pairs: _check_set(ranges, pairs), "it is left as assumed"),
            "closed": (lambda pairs: check_passages(Ask(closed=tuple(name for name, _ in pairs))), "it is left open"),
        }
        kept = {name: self._keep(given.get(name, ""), *check) for name, check in checks.items()}
        return {"scenario": scenario, "seed": self._read_seed(given.get("seed", "")), **kept}

    def _read_scenario(self, name: str) -> str:
        known = self.ledger.assumptions.scenarios
        if not name or name in known:
            return name
        expected = list_known(known, "a scenario of the case")
        self.address.tell(f"{self.prefix}scenario", quoted(name), expected, "taken are the case’s own assumptions")
        return ""

    def _read_seed(self, text: str) -> str:
        if not text or (text.isascii() and text.isdecimal() and len(text) < 12 and int(text) <= MOST_SEED):
            return str(int(text or 0))
        self.address.tell(f"{self.prefix}seed", quoted(text), f"a whole number, 0 to {MOST_SEED}", "taken is 0")
        return "0"

    def _keep(self, text: str, check: Check, left: str) -> str:
        """Return the pieces of a list that can be played beside each other, each a name or a name:number."""
        pairs: list[Pair] = []
        pieces = []
        for piece in filter(None, text.split(",")):
            name, mark, number = piece.partition(":")
            pair = (name, _read_number(number) if mark else None)
            wrong = next(check([*pairs, pair]), None)
            if wrong is None:
                pairs.append(pair)
                pieces.append(piece)
            else:
                where = wrong.where.replace("numbers", "set", 1)
                near = f"; {wrong.fix}" if wrong.fix.startswith("perhaps") else ""
                self.address.tell(f"{self.prefix}{where}", wrong.found, wrong.expected, left + near)
        return ",".join(pieces)


def _check_set(ranges: Mapping[str, Parameter], pairs: Sequence[Pair]) -> Iterator[Problem]:
    for name, value in pairs:
        if value is None:
            yield Problem("numbers", quoted(name), "a name, a colon and a number", "correct it")
    yield from check_numbers(ranges, Ask(numbers=tuple((name, value or 0.0) for name, value in pairs)))


def _read_number(text: str) -> float:
    """Return a number; what is none is not a number to whoever checks it."""
    try:
        return math.nan if "_" in text else float(text)
    except ValueError:
        return math.nan
