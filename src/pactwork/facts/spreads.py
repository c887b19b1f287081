"""One entry of assumptions.toml becomes a parameter, or the list of everything that is wrong with it."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Any

from pactwork.errors import Problem, quoted
from pactwork.facts.assumptions import Parameter
from pactwork.facts.parameters import UNITS, WHOLE_UNITS, Declaration, nearest

KEYS = frozenset({"value", "range", "values", "distribution", "mode", "mean", "sd", "weights", "unit", "why", "source"})
"""Everything an entry may say."""
INHERITED = ("unit", "distribution", "why", "source")
"""What an entry takes from the tables around it where it does not say so itself."""
JUDGEMENT = "judgement"
_NEEDS = {"uniform": (), "loguniform": (), "triangular": ("mode",), "normal": ("mean", "sd")}
_WORDS = ", ".join([*_NEEDS, "discrete"])


class _Entry:
    """One entry while it is judged: what it says, where it stands, and the problems found so far."""

    def __init__(self, where: str, content: Mapping[str, Any], declaration: Declaration) -> None:
        self.where, self.content, self.declaration = where, content, declaration
        self.problems: list[Problem] = []

    def complain(self, key: str, found: object, expected: str, fix: str) -> None:
        """Note what is wrong with a key; ``found`` is what stands there."""
        self.complain_that(key, _shown(found), expected, fix)

    def complain_that(self, key: str, found: str, expected: str, fix: str) -> None:
        """Note what is wrong with a key; ``found`` says so in words."""
        shown = "".join(char if char.isprintable() else " " for char in key)[:60]
        self.problems.append(Problem(f"{self.where} {shown}", found, expected, fix))

    def number(self, key: str, value: object) -> float | None:
        """Return a number within the declared bounds; None, and a problem, where it is none."""
        one = self.declaration
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self.complain(key, value, "a number", "write digits, with a point for decimals and without quotes")
            return None
        if (one.minimum is not None and value < one.minimum) or (one.maximum is not None and value > one.maximum):
            self.complain(key, self.content.get(key, value), one.bounds, "correct the number")
            return None
        return float(value)

    def whole(self, key: str, value: float) -> None:
        """Note a number that should be whole and is not."""
        if self.declaration.unit in WHOLE_UNITS and value != int(value):
            self.complain(key, value, f"a whole number ({self.declaration.unit})", "write a whole number")


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(f"{one:g}" if isinstance(one, float) else str(one) for one in value)[:60] + "]"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:g}"
    return quoted(value)


def judge_entry(
    where: str, name: str, content: Mapping[str, Any], declaration: Declaration, sources: Collection[str] | None
) -> tuple[Parameter | None, list[Problem]]:
    """Return the parameter an entry declares, and what is wrong with it.

    Parameters
    ----------
    where : str
        File and name, as problems show them: ``assumptions.toml theatres.europe.crisis_to_war``.
    name : str
        Dotted name of the parameter.
    content : mapping
        What the entry says, with what it inherits.
    declaration : Declaration
        What the parameter may be.
    sources : collection of str, optional
        Ids of sources.csv; None where that table could not be read, so that none is held against the entry.
    """
    entry = _Entry(where, content, declaration)
    for key in sorted(set(content) - KEYS):
        near = nearest(key, KEYS)
        entry.complain_that(key, "an unknown key", f"one of {', '.join(sorted(KEYS))}",
                       f"perhaps {near}?" if near else "delete or correct it")  # fmt: skip
    _judge_origin(entry, sources)
    spread = _judge_spread(entry)
    if entry.problems or spread is None:
        return None, entry.problems
    return Parameter(name, declaration.unit, content["why"], content["source"], **spread), []


def _judge_origin(entry: _Entry, sources: Collection[str] | None) -> None:
    """Judge unit, reason and source."""
    unit, declared = entry.content.get("unit"), entry.declaration.unit
    if unit is None:
        entry.complain("unit", None, declared, f'add unit = "{declared}"')
    elif unit != declared:
        known = isinstance(unit, str) and unit in UNITS
        expected = f"{declared} ({UNITS[declared]})"
        entry.complain("unit", unit, expected, "convert the numbers" if known else f'write unit = "{declared}"')
    why = entry.content.get("why")
    if not isinstance(why, str) or not why.strip():
        entry.complain("why", why, "the reason, in words", 'add why = "…"')
    source = entry.content.get("source")
    if not isinstance(source, str) or not source.strip():
        entry.complain(
            "source", source, f"an id of sources.csv, or {JUDGEMENT}", f'add source = "{JUDGEMENT}" or an id'
        )
    elif source != JUDGEMENT and sources is not None and source not in sources:
        near = nearest(source, sources)
        fix = f"perhaps {near}?" if near else "add the source, or correct the id"
        entry.complain("source", source, f"an id of sources.csv, or {JUDGEMENT}", fix)


def _judge_spread(entry: _Entry) -> dict[str, Any] | None:
    """Return distribution, ends and shape of a parameter; None, and problems, where something is wrong."""
    given = [key for key in ("value", "range", "values") if key in entry.content]
    if len(given) != 1:
        found = " and ".join(given) or "nothing"
        entry.complain_that("value", found, "one of value, range and values", "say the value once, or the range")
        return None
    if given == ["value"]:
        value = entry.number("value", entry.content["value"])
        if value is None:
            return None
        entry.whole("value", value)
        return {"distribution": "fixed", "low": value, "high": value}
    if given == ["values"]:
        return _judge_values(entry)
    return _judge_range(entry)


def _judge_range(entry: _Entry) -> dict[str, Any] | None:
    ends = entry.content["range"]
    if not isinstance(ends, list) or len(ends) != 2:
        entry.complain("range", ends, "two numbers, low and high", "write range = [low, high]")
        return None
    low, high = entry.number("range", ends[0]), entry.number("range", ends[1])
    if low is None or high is None:
        entry.problems[:] = dict.fromkeys(entry.problems)  # both ends out of bounds are one complaint
        return None
    if low >= high:
        fix = "turn it round" if low > high else "write value = … where there is one value"
        entry.complain("range", ends, "low before high", fix)
        return None
    distribution = entry.content.get("distribution", "uniform")
    if distribution not in _NEEDS:
        entry.complain(
            "distribution", distribution, _WORDS, f"perhaps {nearest(str(distribution), _NEEDS) or 'uniform'}?"
        )
        return None
    if distribution == "loguniform" and low <= 0:
        entry.complain(
            "range", ends, "above 0, since its logarithm is spread evenly", "raise the low end, or use uniform"
        )
    if entry.declaration.unit in WHOLE_UNITS:
        entry.complain("range", ends, "values = [ … ], since only whole numbers make sense", "list the values")
    return {"distribution": distribution, "low": low, "high": high, **_judge_shape(entry, distribution, low, high)}


def _judge_shape(entry: _Entry, distribution: str, low: float, high: float) -> dict[str, float]:
    """Return mode, or mean and sd, of a distribution that needs them."""
    shape: dict[str, float] = {}
    for key in ("mode", "mean", "sd"):
        value = entry.content.get(key)
        if key not in _NEEDS[distribution]:
            if value is not None:
                entry.complain(key, value, f"nothing, since a {distribution} distribution has none", "delete it")
        elif isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            entry.complain(key, value, f"the {key} of a {distribution} distribution", f"add {key} = …")
        elif key == "sd" and value <= 0:
            entry.complain(key, value, "above 0", "correct the number")
        elif key != "sd" and not low <= value <= high:
            entry.complain(key, value, f"within the range {low:g} to {high:g}", "correct it, or widen the range")
        else:
            shape[key] = float(value)
    return shape


def _judge_values(entry: _Entry) -> dict[str, Any] | None:
    values, weights = entry.content["values"], entry.content.get("weights")
    if not isinstance(values, list) or len(values) < 2:
        entry.complain("values", values, "a list of at least two numbers", "write value = … where there is one")
        return None
    numbers = [number for one in values if (number := entry.number("values", one)) is not None]
    entry.problems[:] = dict.fromkeys(entry.problems)
    if len(numbers) < len(values):
        return None
    for number in numbers:
        entry.whole("values", number)
    if sorted(set(numbers)) != numbers:
        entry.complain("values", values, "each value once, in rising order", "sort them")
    if entry.content.get("distribution", "discrete") != "discrete":
        entry.complain("distribution", entry.content["distribution"], "discrete, with values", "delete it")
    if weights is None:
        weights = [1.0] * len(numbers)
    plain = isinstance(weights, list) and all(
        isinstance(one, int | float) and not isinstance(one, bool) and math.isfinite(one) and one > 0 for one in weights
    )
    if not plain or len(weights) != len(numbers):
        entry.complain("weights", weights, f"{len(numbers)} numbers above 0", "write one weight for each value")
        return None
    total = math.fsum(weights)
    return {
        "distribution": "discrete", "low": min(numbers), "high": max(numbers),
        "values": tuple(numbers), "weights": tuple(one / total for one in weights),
    }  # fmt: skip
