"""Bargaining: what stakeholders with positions, influence and salience settle on, and how far that may be off.

The compromise model is simple and, on decisions whose outcome is known, no worse than any other. It is never shown
without its error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

ERROR_QUANTILES = ((0.0, 0.0), (17.5, 0.5), (37.0, 0.8), (50.3, 0.9), (76.3, 1.0))
"""Absolute error of the compromise model, on a scale of 100, and the share of decisions whose error is at most that.

From 351 decisions of the European Union (DEU III): the 50th, 80th and 90th percentile as measured; the end such that
the standard deviation is the measured 29.7. Borrowed for decisions of other kinds, and not narrowed for them.
"""
RECALIBRATION_SLOPE = 0.78
"""On the same decisions, outcomes lie nearer the middle of the scale than the model says, by this slope."""


_LEAST_WEIGHT = 1e-9
"""What is smaller is nothing: shares of it cannot be told in floating point."""


@dataclass(frozen=True)
class Stakeholder:
    """One actor on one issue.

    Parameters
    ----------
    actor : str
        Who.
    position : float
        Where it stands, on the scale of the issue.
    influence, salience : float
        Its weight in the decision and how much it cares: any scale, the same for all actors of an issue.
    low, high : float
        How far off the position may be judged to be; the position itself where nothing is said.
    """

    actor: str
    position: float
    influence: float
    salience: float
    low: float
    high: float

    @property
    def weight(self) -> float:
        """Influence it brings to bear."""
        weight = self.influence * self.salience
        return weight if weight > _LEAST_WEIGHT else 0.0


@dataclass(frozen=True)
class Issue:
    """One question that stakeholders decide; ``bottom`` and ``top`` are the ends of its scale."""

    issue: str
    stakeholders: tuple[Stakeholder, ...]
    bottom: float
    top: float
    scale: str = ""

    @property
    def range(self) -> float:
        """Length of the scale."""
        return self.top - self.bottom

    @property
    def middle(self) -> float:
        """The middle of the scale."""
        return (self.bottom + self.top) / 2

    @property
    def positions(self) -> Floats:
        """Positions, of shape (stakeholders,)."""
        return np.array([one.position for one in self.stakeholders])

    @property
    def weights(self) -> Floats:
        """Influence times salience, of shape (stakeholders,)."""
        return np.array([one.weight for one in self.stakeholders])

    @property
    def decidable(self) -> bool:
        """Whether anybody brings any weight to bear."""
        return bool(self.weights.sum() > 0)


def find_outcome(issue: Issue) -> float:
    """Return the compromise: the mean position, weighted by influence times salience.

    Raises
    ------
    ValueError
        When nobody has any weight.

    Notes
    -----
    O = Σ c·s·x / Σ c·s (Van den Bos 1991; Achen 2006).
    """
    total = issue.weights.sum()
    if total <= 0:
        raise ValueError("nobody with influence cares about the issue")
    return float(issue.weights @ issue.positions / total)


def recalibrate(issue: Issue, outcome: float) -> float:
    """Return the outcome drawn towards the middle of the scale, as outcomes of known decisions lie."""
    return issue.middle + RECALIBRATION_SLOPE * (outcome - issue.middle)


def find_weighted_median(issue: Issue) -> float:
    """Return the position at which half the weight has been passed."""
    order = np.argsort(issue.positions, kind="stable")
    passed = np.cumsum(issue.weights[order])
    return float(issue.positions[order][np.searchsorted(passed, passed[-1] / 2)])


def find_interval(issue: Issue, outcome: float) -> tuple[float, float]:
    """Return where the outcome lies in 80 of 100 decisions, by the model's own record; cut at the ends of the scale."""
    half = 37.0 / 100 * issue.range
    return max(issue.bottom, outcome - half), min(issue.top, outcome + half)


def exceed_probability(issue: Issue, outcome: float, threshold: float | Floats) -> Floats:
    """Return the probability that what is decided lies above a threshold, by the model's own record of error.

    The error is taken as symmetric; what it would put beyond an end of the scale stays at that end.
    """
    thresholds = np.asarray(threshold, dtype=float)
    error = (thresholds - outcome) / issue.range * 100
    sizes, shares = zip(*ERROR_QUANTILES, strict=True)
    within = np.interp(np.abs(error), sizes, shares)
    above = np.where(error >= 0, (1 - within) / 2, (1 + within) / 2)
    above = np.where(thresholds >= issue.top, 0.0, above)
    return np.asarray(np.where(thresholds < issue.bottom, 1.0, above))


def elect_position(issue: Issue) -> tuple[Floats, Floats]:
    """Return the distinct positions and each one's probability, both of shape (options,): a second opinion.

    Notes
    -----
    Conditional probabilistic Condorcet election: C_ab = Σ_k max(0, w_k·(u_ka − u_kb)), p_ab = C_ab / (C_ab + C_ba),
    P_a ∝ Π_b p_ab, with u_ka = 1 − |x_k − x_a| / range (Scholz, Calbert and Smith 2011).
    """
    options = np.unique(issue.positions)
    utility = 1 - np.abs(np.subtract.outer(issue.positions, options)) / issue.range
    gains = np.maximum(0.0, utility[:, :, None] - utility[:, None, :])
    coalitions = np.einsum("k,kab->ab", issue.weights, gains)
    both = coalitions + coalitions.T
    wins = np.divide(coalitions, both, out=np.full_like(both, 0.5), where=both > 0)
    np.fill_diagonal(wins, 1.0)
    strength = wins.prod(axis=1)
    if strength.sum() == 0:  # each loses to another for certain: nothing tells them apart
        strength = np.ones(len(options))
    return options, strength / strength.sum()


@dataclass(frozen=True)
class Leverage:
    """What one actor does to the outcome.

    Parameters
    ----------
    actor : str
        Who.
    by_position, by_salience, by_influence : float
        Exact derivatives: points of outcome for one more of each, as the table counts it.
    without : float or None
        The outcome without the actor; None where nobody else has weight.
    best_position : float
        Where it would gain most by standing, within the scale, if no other actor moved.
    gain : float
        By how much that brings the outcome nearer to where it truly stands.
    """

    actor: str
    by_position: float
    by_salience: float
    by_influence: float
    without: float | None
    best_position: float
    gain: float

    def as_dict(self) -> dict[str, Any]:
        """Return the row of ``sensitivity``."""
        return {"actor": self.actor, "position": self.by_position, "salience": self.by_salience,
                "influence": self.by_influence, "without": self.without,
                "gain_by_moving": {"position": self.best_position, "gain": self.gain}}  # fmt: skip


def find_leverage(issue: Issue) -> tuple[Leverage, ...]:
    """Return what each actor does to the outcome, those that move it most first.

    Notes
    -----
    ∂O/∂x = w/W, ∂O/∂s = c·(x − O)/W, ∂O/∂c = s·(x − O)/W, with w = c·s and W its sum. An actor's best reply is the
    position that would bring the outcome to its own, x + (x − O)·W/w, as far as the scale reaches.
    """
    outcome, total = find_outcome(issue), float(issue.weights.sum())
    found = []
    for one in issue.stakeholders:
        share, gap = one.weight / total, one.position - outcome
        best, gain = one.position, 0.0
        if share > 0:
            best = float(np.clip(one.position + gap / share, issue.bottom, issue.top))
            gain = abs(gap) - abs(one.position - (outcome + share * (best - one.position)))
        others = [other for other in issue.stakeholders if other is not one]
        rest = replace(issue, stakeholders=tuple(others))
        without = find_outcome(rest) if others and rest.decidable else None
        found.append(Leverage(one.actor, share, one.influence * gap / total, one.salience * gap / total, without,
                              best, max(0.0, gain)))  # fmt: skip
    return tuple(sorted(found, key=lambda one: -one.by_position))


@dataclass(frozen=True)
class Change:
    """One change that would bring the outcome to a threshold.

    ``kind`` is position, salience or membership; ``old`` and ``new`` are its values. ``size`` is how much of
    the scale a position moves, or of the greatest among the actors a salience; leaving counts as 1.
    """

    actor: str
    kind: str
    old: float
    new: float
    size: float

    def as_dict(self) -> dict[str, Any]:
        """Return the change as JSON."""
        return {"actor": self.actor, "kind": self.kind, "from": self.old, "to": self.new, "size": self.size}


def find_changes(issue: Issue, threshold: float) -> tuple[Change, ...]:
    """Return single changes that would bring the outcome to a threshold ("what would it take?"), the smallest first.

    Salience may rise to the greatest that any actor has, and fall to none; influence is what it is.
    """
    outcome, total = find_outcome(issue), float(issue.weights.sum())
    most = max(one.salience for one in issue.stakeholders)
    found = []
    for one in issue.stakeholders:
        if one.weight > 0:
            needed = one.position + (threshold - outcome) * total / one.weight
            if issue.bottom <= needed <= issue.top:
                size = abs(needed - one.position) / issue.range
                found.append(Change(one.actor, "position", one.position, needed, size))
        lever = one.position - threshold
        if lever == 0:
            continue
        # Σ w·(x − T) = 0 at the threshold; what the others leave open is the weight this actor would have to bring.
        others = float(issue.weights @ (issue.positions - threshold)) - one.weight * lever
        weight = -others / lever
        if one.influence > 0 and 0 <= weight / one.influence <= most:
            needed = weight / one.influence
            found.append(Change(one.actor, "salience", one.salience, needed, abs(needed - one.salience) / most))
        rest = total - one.weight
        passes = (outcome - threshold) * ((total * outcome - one.weight * one.position) - rest * threshold) <= 0
        if one.weight > 0 and rest > 0 and passes:
            found.append(Change(one.actor, "membership", 1.0, 0.0, 1.0))
    return tuple(sorted(found, key=lambda change: (change.size, change.actor)))


def collect_issues(rows: Iterable[Mapping[str, Any]], scale: tuple[float, float] | None = None) -> list[Issue]:
    """Return rows (one an actor) as issues, in the order in which they first come.

    Parameters
    ----------
    rows : iterable of mapping
        ``issue``, ``actor``, ``position``, ``influence``, ``salience``; ``low``, ``high``, ``bottom``, ``top`` and
        ``scale`` where there are any. Of several rows about one actor, the last counts.
    scale : tuple of float, optional
        Ends of the scale where rows do not give them; else the outermost positions.
    """
    grouped: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in rows:
        if None not in (row["position"], row["influence"], row["salience"]):
            grouped.setdefault(row.get("issue") or "issue", {})[row["actor"]] = row
    return [_make_issue(name, list(held.values()), scale) for name, held in grouped.items()]


def _make_issue(name: str, rows: Sequence[Mapping[str, Any]], scale: tuple[float, float] | None) -> Issue:
    positions = [row["position"] for row in rows]
    bottom, top = scale or (min(positions), max(positions))
    ends = [(row["bottom"], row["top"]) for row in rows if row.get("bottom") is not None]
    if ends:
        bottom, top = min(low for low, _ in ends), max(high for _, high in ends)
    if top <= bottom:  # all of one mind: any length will do
        bottom, top = bottom - 0.5, bottom + 0.5
    stakeholders = tuple(
        Stakeholder(
            row["actor"], row["position"], row["influence"], row["salience"],
            row["position"] if row.get("low") is None else row["low"],
            row["position"] if row.get("high") is None else row["high"],
        )
        for row in rows
    )  # fmt: skip
    return Issue(name, stakeholders, bottom, top, next((row["scale"] for row in rows if row.get("scale")), ""))
