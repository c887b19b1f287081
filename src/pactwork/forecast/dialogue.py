"""Dialogue and elections: how positions move when actors listen, who may govern, and the stance that follows.

What nobody has measured (how open actors are, whether a shared view of threats moves a government) is a range that
includes none, and results are shown over the whole of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from pactwork.forecast.bargaining import Issue, Stakeholder, exceed_probability, find_outcome

Floats = npt.NDArray[np.float64]

OPENNESS = (0.0, 0.3, 0.6)
"""How far the actor that cares least lets others move it: none, middle, most (judgement)."""
SAME_COUNTRY, BETWEEN_PARTNERS, ANY_OTHERS = 1.0, 0.5, 0.2
"""How much actors listen to each other, before influence counts (judgement)."""
PERCEPTION_COEFFICIENT = (-0.1, 0.1, 0.3)
"""What part of the scale a government would move if a divergence of 1 fell to 0 (judgement; includes none)."""
COMMITTED_ABOVE, RELUCTANT_BELOW = 2 / 3, 1 / 3
"""Where on its scale an outcome is called committed, or reluctant: the outer thirds."""
NOW = "as now"
MIXTURE = "whoever wins"


@dataclass(frozen=True)
class Government:
    """Who may govern, and how probable that is held to be; ``election`` is empty for those who govern now.

    ``known`` says whether the case holds where they stand on the issue.
    """

    governs: str
    election: str
    probability: float
    issue: Issue
    known: bool = True


@dataclass(frozen=True)
class Stance:
    """Probabilities that an actor's stance on an issue is committed, transactional or reluctant.

    Parameters
    ----------
    actor : str
        Whose stance: the partner that decides, another partner, or a third state.
    governs, election : str
        Who governs, and by which election (empty: already now).
    probability : float
        Of that government, given the election.
    outcome : float
        The compromise under it, dialogue in between; of a state that does not decide, its position.
    outcome_range : tuple of float
        The same for no openness and for most.
    committed, transactional, reluctant : float
        They add up to 1.
    basis : str
        ``bargaining`` for the partner that decides, ``position`` for others, ``unknown`` where the case does not say
        where the winner stands and the present position is kept.
    """

    actor: str
    governs: str
    election: str
    probability: float
    outcome: float
    outcome_range: tuple[float, float]
    committed: float
    transactional: float
    reluctant: float
    basis: str

    def as_dict(self) -> dict[str, Any]:
        """Return the row of ``stances``."""
        return {
            "actor": self.actor,
            "governs": self.governs,
            "election": self.election or None,
            "probability": self.probability,
            "outcome": self.outcome,
            "outcome_range": list(self.outcome_range),
            "committed": self.committed,
            "transactional": self.transactional,
            "reluctant": self.reluctant,
            "basis": self.basis,
        }


def make_ties(issue: Issue, countries: Mapping[str, str], partners: frozenset[str]) -> Floats:
    """Return how much each actor listens to each other: rows add up to 1, of shape (stakeholders, stakeholders).

    Parameters
    ----------
    issue : Issue
        Whose stakeholders.
    countries : mapping
        Country of each actor.
    partners : frozenset of str
        The countries that keep up a dialogue.
    """
    homes = [countries.get(one.actor, "") for one in issue.stakeholders]
    ties = np.zeros((len(homes), len(homes)))
    for i, listener in enumerate(homes):
        for j, speaker in enumerate(homes):
            if i == j:
                continue
            same = bool(listener) and listener == speaker
            strength = SAME_COUNTRY if same else BETWEEN_PARTNERS if {listener, speaker} <= partners else ANY_OTHERS
            ties[i, j] = strength * issue.stakeholders[j].influence
    sums = ties.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(ties, sums, out=np.eye(len(homes)), where=sums > 0))


def settle_positions(issue: Issue, ties: Floats, openness: float) -> Issue:
    """Return the issue with positions as they are once everybody has listened.

    Parameters
    ----------
    issue : Issue
        With positions as they are at first.
    ties : ndarray of shape (stakeholders, stakeholders)
        Rows that add up to 1.
    openness : float
        That of an actor that does not care; the one that cares most does not move at all.

    Notes
    -----
    Friedkin and Johnsen (1990): x(t+1) = ΛWx(t) + (I − Λ)x(0), whose limit is (I − ΛW)⁻¹(I − Λ)x(0).
    """
    salience = np.array([one.salience for one in issue.stakeholders])
    most = salience.max()
    openness_each = openness * (1 - salience / most) if most > 0 else np.full(len(salience), openness)
    bound = np.eye(len(salience)) - openness_each[:, None] * ties
    settled = np.linalg.solve(bound, (1 - openness_each) * issue.positions)
    moved = [replace(one, position=float(x)) for one, x in zip(issue.stakeholders, settled, strict=True)]
    return replace(issue, stakeholders=tuple(moved))


def change_government(issue: Issue, seat: str, holder: Stakeholder | None) -> Issue:
    """Return the issue with another holder in a seat of power; the two trade places where both are stakeholders.

    Parameters
    ----------
    issue : Issue
        As it is now.
    seat : str
        The stakeholder whose influence belongs to the office.
    holder : Stakeholder or None
        Whose position the office takes; None where the case does not say.
    """
    held = next(one for one in issue.stakeholders if one.actor == seat)
    if holder is None or holder.actor == seat:
        return issue

    def traded(one: Stakeholder) -> Stakeholder:
        other = holder if one.actor == seat else held if one.actor == holder.actor else one
        return replace(one, position=other.position, salience=other.salience, low=other.low, high=other.high)

    return replace(issue, stakeholders=tuple(traded(one) for one in issue.stakeholders))


def judge_stance(actor: str, government: Government, ties: Floats) -> Stance:
    """Return the stance of the partner that decides, under one government."""
    issue = government.issue
    outcomes = [find_outcome(settle_positions(issue, ties, openness)) for openness in OPENNESS]
    ends = issue.bottom + np.array([COMMITTED_ABOVE, RELUCTANT_BELOW]) * issue.range
    # The middle openness bears the stance; the error of the model is far wider than what openness adds.
    above = exceed_probability(issue, outcomes[1], ends)
    return Stance(
        actor,
        government.governs,
        government.election,
        government.probability,
        outcomes[1],
        (min(outcomes), max(outcomes)),
        float(above[0]),
        float(above[1] - above[0]),
        float(1 - above[1]),
        "bargaining" if government.known else "unknown",
    )


def state_stance(issue: Issue, stakeholder: Stakeholder) -> Stance:
    """Return the stance of a state that does not decide: its own position, with the range of the judgement.

    The range is read as 80 % of a normal, the least spread being a tenth of the scale.
    """
    spread = max((stakeholder.high - stakeholder.low) / (2 * norm.ppf(0.9)), issue.range / 10)
    ends = issue.bottom + np.array([COMMITTED_ABOVE, RELUCTANT_BELOW]) * issue.range
    above = norm.sf((ends - stakeholder.position) / spread)
    return Stance(
        stakeholder.actor,
        NOW,
        "",
        1.0,
        stakeholder.position,
        (stakeholder.low, stakeholder.high),
        float(above[0]),
        float(above[1] - above[0]),
        float(1 - above[1]),
        "position",
    )


def mix_stances(stances: Sequence[Stance]) -> Stance:
    """Return the mixture over who wins an election, weighted by probability."""
    weights = np.array([one.probability for one in stances])
    weights = weights / weights.sum()

    def mixed(name: str) -> float:
        return float(weights @ [getattr(one, name) for one in stances])

    first = stances[0]
    bounds = [end for one in stances for end in one.outcome_range]
    return Stance(
        first.actor, MIXTURE, first.election, 1.0, mixed("outcome"), (min(bounds), max(bounds)),
        mixed("committed"), mixed("transactional"), mixed("reluctant"), "mixture",
    )  # fmt: skip


@dataclass(frozen=True)
class CommonView:
    """What would follow if both partners came to see the threats alike: by the coefficient, its least first."""

    coefficients: tuple[float, float, float]
    outcomes: tuple[float, float, float]
    committed: tuple[float, float, float]

    def as_dict(self) -> dict[str, Any]:
        """Return the value of ``common_assessment``."""
        return {
            "coefficient": list(self.coefficients),
            "outcome": list(self.outcomes),
            "committed": list(self.committed),
        }


def share_views(issue: Issue, seat: str, ties: Floats, divergence: float) -> CommonView:
    """Return what would follow if the divergence of threat perceptions fell to none.

    The government in the ``seat`` moves by coefficient × divergence × scale towards the top; nobody has measured the
    coefficient, and its range includes zero.
    """
    outcomes, committed = [], []
    for coefficient in PERCEPTION_COEFFICIENT:
        shift = coefficient * divergence * issue.range
        moved = [
            replace(one, position=float(np.clip(one.position + shift, issue.bottom, issue.top)))
            if one.actor == seat
            else one
            for one in issue.stakeholders
        ]
        changed = Government(NOW, "", 1.0, replace(issue, stakeholders=tuple(moved)))
        stance = judge_stance(seat, changed, ties)
        outcomes.append(stance.outcome)
        committed.append(stance.committed)
    return CommonView(
        PERCEPTION_COEFFICIENT,
        (outcomes[0], outcomes[1], outcomes[2]),
        (committed[0], committed[1], committed[2]),
    )
