"""What levers are worth whose effect nobody knows: from which effect on, beside the best that money buys for sure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pactwork.choices.break_even import find_break_even, price_alternative
from pactwork.choices.criteria import Floats
from pactwork.choices.reading import Table
from pactwork.choices.requirements import Requirement
from pactwork.choices.views import Worth
from pactwork.facts.choices import Choices, Lever

COST = "cost"


def find_worth(
    table: Table, requirements: Sequence[Requirement], choices: Choices, years: float, seed: int
) -> list[tuple[Worth, ...]]:
    """Return for each choice from which effect on its levers of unknown effect help, and are worth their cost.

    A lever is looked at in the choice with the fewest levers that has it; the others have nothing to say of it.

    Parameters
    ----------
    years : float
        From the first day to the last.

    Notes
    -----
    With no effect of any lever a choice is what is contracted, to the last bit. So where all levers of a choice are
    unknown, what each gives is fitted as a straight line through nought in all of their effects, which the design draws
    independently, and what the others give is taken off. A lever beside known ones is not looked at: what it gives
    cannot be told from what they give. A choice's cost is shared out by its levers' own prices. Alternatives are the
    choices all of whose levers have known effects; what they buy is taken to grow evenly with money.
    """
    known = [place for place, name in enumerate(table.choices)
             if choices.every[name].levers and all(one.is_known for one in choices.levers_of(name))]  # fmt: skip
    costs = _paired(table, COST, 1.0)
    gains = {one.name: _paired(table, one.stated.outcome, one.sign) for one in requirements}
    homes = _find_homes(table, choices)
    found: list[tuple[Worth, ...]] = []
    for place, name in enumerate(table.choices):
        levers = [one for one in choices.levers_of(name) if homes.get(one.name) == place]
        effects = np.stack([_effect(table, one) for one in choices.levers_of(name)], axis=1) if levers else None
        own = []
        for lever in levers:
            assert effects is not None
            at = choices.every[name].levers.index(lever.name)
            price = costs[place] * _share_of_price(choices.levers_of(name), at, years)
            for one in requirements:
                gain = _alone(effects, gains[one.name][place], at)
                best, buys = price_alternative(gains[one.name][known], costs[known], price)
                worth = None if best is None else find_break_even(effects[:, at], gain, buys, seed=seed)
                other = "" if best is None else table.choices[known[best]]
                useful = find_break_even(effects[:, at], gain, seed=seed)
                own.append(Worth(lever.name, one.name, useful, worth, other))
        found.append(tuple(own))
    return found


def _find_homes(table: Table, choices: Choices) -> dict[str, int]:
    """Return the choice of unknown levers in which each of them has the fewest beside it, by lever."""
    homes: dict[str, int] = {}
    for place in sorted(range(len(table.choices)), key=lambda at: len(choices.every[table.choices[at]].levers)):
        levers = choices.levers_of(table.choices[place])
        seen = all(one.effect.name in table.columns for one in levers)
        if levers and seen and not any(one.is_known or one.tracked for one in levers):
            for one in levers:
                homes.setdefault(one.name, place)
    return homes


def _effect(table: Table, lever: Lever) -> Floats:
    return table.x[:, table.columns.index(lever.effect.name)]


def _share_of_price(levers: Sequence[Lever], at: int, years: float) -> float:
    """Return which part of several levers' price is one's, in the middle of their ranges; even where none has one."""
    prices = []
    for one in levers:
        a_year, once = (0.0 if part is None else (part.low + part.high) / 2 for part in (one.a_year, one.once))
        prices.append(a_year * years + once)
    return prices[at] / sum(prices) if sum(prices) > 0 else 1.0 / len(levers)


def _alone(effects: Floats, given: Floats, at: int) -> Floats:
    """Return what one of several levers gives in each future, what the others give on average taken off."""
    if effects.shape[1] == 1:
        return given
    known = np.isfinite(given)
    slopes = np.linalg.lstsq(effects[known], given[known], rcond=None)[0]
    others = np.delete(effects, at, axis=1) @ np.delete(slopes, at)
    return np.asarray(given - others)


def _paired(table: Table, outcome: str, sign: float) -> Floats:
    """Return each future's mean difference from what is contracted, of shape (choice, future); positive is better."""
    values = np.where(table.failed, np.nan, table.outcomes[outcome])
    difference = sign * (values - values[table.baseline])
    known = np.isfinite(difference)
    runs = known.sum(axis=2)
    return np.asarray(np.where(known, difference, 0.0).sum(axis=2) / np.where(runs, runs, np.nan))
