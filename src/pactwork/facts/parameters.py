"""The parameters a case may set: one declaration with unit, bounds and meaning, which the documentation prints."""

from __future__ import annotations

import difflib
import functools
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType

from pactwork.facts.passages import list_passages

UNITS: Mapping[str, str] = MappingProxyType({
    "1/year": "events a year",
    "1/item/year": "events an item and year",
    "count": "whole number",
    "day": "days",
    "item": "items",
    "item/year": "items a year",
    "knot": "nautical miles an hour",
    "level": "0 calm, 1 probing, 2 crisis, 3 war",
    "log": "on the natural logarithm",
    "log_odds": "on the log-odds",
    "multiplier": "factor; 1 changes nothing",
    "probability": "0 to 1",
    "round": "rounds",
    "round/item/day": "rounds a launcher and day",
    "round/item/year": "rounds a launcher and year",
    "round/year": "rounds a year",
    "share": "0 to 1 of a whole",
    "usd_m": "million US dollars",
    "usd_m/item": "million US dollars an item",
    "usd_m/item/year": "million US dollars an item and year",
    "usd_m/year": "million US dollars a year",
    "year": "years",
    "yes_no": "1 yes, 0 no",
})  # fmt: skip
"""Every unit of a parameter, and what it says."""
WHOLE_UNITS = frozenset({"count", "item", "level", "yes_no"})
"""Units that only whole numbers have."""
LEVELS = ("calm", "probing", "crisis", "war")
STANCES = ("committed", "transactional", "reluctant")
LISTS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "level": LEVELS,
    "move": LEVELS[1:],
    "stance": STANCES,
    "good": ("equipment", "spares", "munitions"),
    "effect": ("signing", "transfer", "priority", "consent"),
})  # fmt: skip
"""Placeholders that stand for one of a short list."""


@dataclass(frozen=True)
class Declaration:
    """What a parameter may be.

    ``pattern`` is its dotted name with placeholders; ``otherwise`` the value where a case sets none, or None where
    the mechanism is then absent.
    """

    pattern: str
    mechanism: str
    unit: str
    what: str
    minimum: float | None = None
    maximum: float | None = None
    otherwise: float | None = None

    @property
    def segments(self) -> tuple[str, ...]:
        """The parts of the pattern between the dots."""
        return tuple(self.pattern.split("."))

    def match(self, name: str) -> dict[int, str] | None:
        """Return which segments are ids and of what kind, by position; None where the name does not fit.

        Segments that stand for one of a short list must be of that list.
        """
        parts, own = name.split("."), self.segments
        if len(parts) != len(own):
            return None
        kinds: dict[int, str] = {}
        for index, (part, segment) in enumerate(zip(parts, own, strict=True)):
            kind = placeholder(segment)
            if kind is None and part != segment:
                return None
            if kind is not None and part not in LISTS.get(kind, (part,)):
                return None
            if kind is not None and kind not in LISTS:
                kinds[index] = kind
        return kinds

    @property
    def bounds(self) -> str:
        """The bounds in words; empty where there are none."""
        if self.minimum is None:
            return "" if self.maximum is None else f"at most {self.maximum:g}"
        return f"at least {self.minimum:g}" if self.maximum is None else f"{self.minimum:g} to {self.maximum:g}"


def placeholder(segment: str) -> str | None:
    """Return what a segment of a pattern stands for; None where it is a word of its own."""
    return segment[1:-1] if segment.startswith("<") else None


@functools.cache
def list_parameters() -> tuple[Declaration, ...]:
    """Return every parameter that is declared, in the order of the mechanisms."""
    declared = tomllib.loads((resources.files(__package__) / "parameters.toml").read_text("utf-8"))
    return tuple(
        Declaration(pattern, mechanism, **facets)
        for mechanism, patterns in declared.items()
        for pattern, facets in patterns.items()
    )


@functools.lru_cache(maxsize=4096)
def find_declaration(name: str) -> Declaration | None:
    """Return the declaration of a parameter, the one with most words of its own; None where there is none.

    Examples
    --------
    >>> find_declaration("fleet.k2.failures_per_year").unit
    '1/item/year'
    """
    fitting = [one for one in list_parameters() if one.match(name) is not None]
    return max(fitting, key=lambda one: sum(placeholder(part) is None for part in one.segments), default=None)


def suggest_parameter(name: str) -> str:
    """Return the declared name nearest to one that is unknown, with its ids kept; empty where none is near.

    Examples
    --------
    >>> suggest_parameter("fleet.k2.failures_per_yaer")
    'fleet.k2.failures_per_year'
    """
    parts = name[:200].split(".")
    names = [_fill(one, parts) for one in list_parameters() if len(one.segments) == len(parts)]
    names += [one.pattern for one in list_parameters() if len(one.segments) != len(parts)]
    near = difflib.get_close_matches(name[:200], names, n=1, cutoff=0.75)
    return near[0] if near else ""


def _fill(declaration: Declaration, parts: list[str]) -> str:
    filled = []
    for part, segment in zip(parts, declaration.segments, strict=True):
        kind = placeholder(segment)
        if kind is None:
            filled.append(segment)
        elif kind in LISTS:
            filled.append(difflib.get_close_matches(part, LISTS[kind], n=1, cutoff=0.0)[0])
        else:
            filled.append(part)
    return ".".join(filled)


def nearest(word: str, known: Collection[str]) -> str:
    """Return the known word nearest to one; empty where none is near."""
    near = difflib.get_close_matches(word[:100], sorted(known)[:5000], n=1)
    return near[0] if near else ""


def describe_parameters() -> str:
    """Return docs/parameters.md: every parameter with unit, bounds and meaning."""
    lines = [
        "# Parameters of the model",
        "",
        "Made from `src/pactwork/facts/parameters.toml`; do not edit. `pactwork check` holds a case's",
        "`assumptions.toml` and `scenarios.toml` against this table. `<…>` stands for an id of the case. Where a case",
        "sets nothing, the value is the one under *otherwise*, or the mechanism is absent (–).",
    ]
    mechanism = ""
    for one in list_parameters():
        if one.mechanism != mechanism:
            mechanism = one.mechanism
            lines += ["", f"## {mechanism.replace('_', ' ').capitalize()}", ""]
            lines += ["| parameter | unit | bounds | otherwise | meaning |", "|---|---|---|---|---|"]
        otherwise = "–" if one.otherwise is None else f"{one.otherwise:g}"
        lines.append(f"| `{one.pattern}` | {one.unit} | {one.bounds or 'any'} | {otherwise} | {one.what} |")
    lines += ["", "## Units", "", "| unit | means |", "|---|---|"]
    lines += [f"| `{unit}` | {meaning} |" for unit, meaning in UNITS.items()]
    lines += ["", "## Sea passages", "", "| passage | is |", "|---|---|"]
    lines += [f"| `{one.name}` | {one.title} |" for one in list_passages().values()]
    return "\n".join(lines) + "\n"
