"""What levers are worth whose effect nobody knows: from which effect on, beside the best that money buys for sure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pactwork.choices.break_even import find_break_even, price_alternative
from pactwork.choices.criteria import Floats
from pactwork.choices.reading import Table
from pactwork.choices.requirements import Requirement
from pactwork.choices.views import Worth
from pactwork.facts.choices import Choices

COST = "cost"


def find_worth(
    table: Table, requirements: Sequence[Requirement], choices: Choices, seed: int
) -> list[tuple[Worth, ...]]:
    """Return for each choice of one lever of unknown effect from which effect on it helps, and is worth its cost.

    Notes
    -----
    A lever is tried alone, so that nothing else explains what it gives. Alternatives are the choices all of whose
    levers have known effects; what they buy is taken to grow evenly with money.
    """
    found: list[tuple[Worth, ...]] = []
    known = [place for place, name in enumerate(table.choices)
             if choices.choices[name].levers and all(one.is_known for one in choices.levers_of(name))]  # fmt: skip
    costs = _paired(table, COST, 1.0)
    gains = {one.name: _paired(table, one.stated.outcome, one.sign) for one in requirements}
    for place, name in enumerate(table.choices):
        levers = choices.levers_of(name)
        single = len(levers) == 1 and not levers[0].is_known
        if not single or levers[0].effect.name not in table.columns:
            found.append(())
            continue
        effect = table.x[:, table.columns.index(levers[0].effect.name)]
        own = []
        for one in requirements:
            gain = gains[one.name]
            useful = find_break_even(effect, gain[place], seed=seed)
            best, buys = price_alternative(gain[known], costs[known], costs[place])
            worth = None if best is None else find_break_even(effect, gain[place], buys, seed=seed)
            own.append(
                Worth(levers[0].name, one.name, useful, worth, "" if best is None else table.choices[known[best]])
            )
        found.append(tuple(own))
    return found


def _paired(table: Table, outcome: str, sign: float) -> Floats:
    """Return each future's mean difference from what is contracted, of shape (choice, future); positive is better."""
    values = np.where(table.failed, np.nan, table.outcomes[outcome])
    difference = sign * (values - values[table.baseline])
    known = np.isfinite(difference)
    runs = known.sum(axis=2)
    return np.asarray(np.where(known, difference, 0.0).sum(axis=2) / np.where(runs, runs, np.nan))
