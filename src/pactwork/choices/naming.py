"""What the columns of a design are called in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from pactwork.choices.criteria import Floats
from pactwork.facts.assumptions import Parameter

_RESERVED = {
    "required": "the requirement {0} (place in its range)",
    "slip.of": "what the lots of {0} have in common (share of futures that are slower)",
    "slip": "the luck of lot {0} (share of futures that are slower)",
    "stance": "the stance of {0} on the first day (0 warmest, 1 coldest)",
    "opinion": "opinion in {0} (place in the polls' error)",
    "start": "{0} on the first day (0 shut, 1 open)",
}
"""Coordinates of the design that no parameter has, by the beginning of their names."""
_PLAIN_UNITS = ("yes_no", "share", "probability", "level", "multiplier", "count", "log_odds", "log")
_UNITS = {"1/year": "a year", "1/item/year": "an item and year", "day": "days", "year": "years", "item": "items",
          "item/year": "items a year", "round": "rounds", "round/year": "rounds a year", "usd_m": "million dollars",
          "usd_m/item": "million dollars an item", "usd_m/item/year": "million dollars an item and year",
          "usd_m/year": "million dollars a year", "knot": "knots"}  # fmt: skip


def name_column(column: str) -> str:
    """Return what a column is called.

    Examples
    --------
    >>> name_column("fleet.k2.failures_per_year")
    'fleet k2 failures per year'
    >>> name_column("slip.k2-1")
    'the luck of lot k2-1 (share of futures that are slower)'
    """
    for head, words in _RESERVED.items():
        if column.startswith(f"{head}."):
            return words.format(column.removeprefix(f"{head}."))
    return column.replace(".", " ").replace("_", " ")


def name_unit(column: str, parameters: Mapping[str, Parameter]) -> str:
    """Return a column's unit in words; empty where its numbers say enough by themselves."""
    unit = parameters[column].unit if column in parameters else "share"
    return "" if unit in _PLAIN_UNITS else _UNITS.get(unit, unit)


def face_slow(columns: Sequence[str], x: Floats) -> Floats:
    """Return the futures with coordinates of slip turned, so that more of each means slower."""
    turned = np.array([name.startswith("slip.") for name in columns])
    return np.asarray(np.where(turned, 1.0 - x, x))
