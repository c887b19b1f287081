"""The other side: what the supplier gets of each choice, and how likely it is to agree to what it asks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pactwork.choices.clusters import Counts, Mean, estimate_share
from pactwork.choices.criteria import Floats
from pactwork.choices.pairing import Difference, compare_with_baseline
from pactwork.facts.choices import Lever
from pactwork.forecast.dialogue import NOW
from pactwork.forecast.politics import Politics

OUTCOMES = ("supplier_earns", "supplier_own_forces_late_items", "transfers_opened")
"""What the supplier looks at: earnings, its own forces' delay, technology shared."""
LIKELY = 0.5
"""A choice that the partner agrees to less likely than this is one that it would refuse."""


@dataclass(frozen=True)
class Agreement:
    """How likely the partner is to agree to what a choice asks of it.

    Attributes
    ----------
    issues : mapping of str to float
        Chance that it does not turn an issue down, by issue: what the forecast gives for a committed or a transactional
        stance as things are.
    probability : float or None
        The least of them, as if those who agree to the hardest agree to all; None where nothing is asked, or the
        forecast says nothing.
    if_independent : float or None
        Their product, as if each were decided by itself: the truth lies between the two.
    unknown : tuple of str
        Issues on which the forecast says nothing.
    """

    issues: Mapping[str, float]
    probability: float | None
    if_independent: float | None
    unknown: tuple[str, ...]

    @property
    def refused(self) -> bool:
        """Whether the partner would rather refuse."""
        return self.probability is not None and self.probability < LIKELY


@dataclass(frozen=True)
class Partner:
    """What a choice means for the supplier.

    Attributes
    ----------
    agreement : Agreement
        To what it asks.
    differences : mapping of str to Difference
        From what is contracted, by ``OUTCOMES``.
    no_worse_off : Mean
        Share of futures in which it earns no less and its own forces wait for no more than as contracted.
    """

    agreement: Agreement
    differences: Mapping[str, Difference]
    no_worse_off: Mean


def find_agreement(levers: Sequence[Lever], politics: Politics, supplier: str) -> Agreement:
    """Return how likely the supplier is to agree to what levers ask of it."""
    asked = tuple(dict.fromkeys(issue for lever in levers for issue in lever.asks))
    known = {one.issue.issue: one for one in politics.issues}
    chances: dict[str, float] = {}
    for issue in asked:
        stances = [one for one in known[issue].stances if one.actor == supplier and one.governs == NOW
                   and one.basis != "position"] if issue in known else []  # fmt: skip
        if stances:
            chances[issue] = float(1.0 - stances[0].reluctant)
    unknown = tuple(issue for issue in asked if issue not in chances)
    if not chances:
        return Agreement({}, None, None, unknown)
    return Agreement(chances, min(chances.values()), math.prod(chances.values()), unknown)


def weigh_interest(
    outcomes: Mapping[str, Floats], baseline: int, scramble: Counts
) -> list[tuple[dict[str, Difference], Mean]]:
    """Return for every choice what it changes for the supplier, and in how many futures it is no worse off.

    Parameters
    ----------
    outcomes : mapping of str to floats of shape (choice, future, replication)
        By ``OUTCOMES``, as far as the run has them.
    """
    differences = {name: compare_with_baseline(values, baseline, scramble) for name, values in outcomes.items()}
    choices = len(next(iter(outcomes.values())))
    fine = np.ones((choices, len(scramble)))
    for name, better in (("supplier_earns", 1.0), ("supplier_own_forces_late_items", -1.0)):
        if name in outcomes:
            means = np.nanmean(outcomes[name], axis=2)
            slack = 1e-9 * np.abs(means[baseline])
            fine *= better * (means - means[baseline]) >= -slack
    return [({name: found[choice] for name, found in differences.items()}, estimate_share(fine[choice], scramble))
            for choice in range(choices)]  # fmt: skip
