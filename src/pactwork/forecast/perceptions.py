"""Perceptions: how far apart two partners are in what they fear, and what makes the difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Threat:
    """One threat as both partners see it.

    ``weights`` are likelihood times severity, from 0 to 1, ``shares`` what part of each partner's whole they make;
    ``contribution`` is the threat's part of the divergence, ``common`` the divergence that would be left if both saw
    this one threat as they do on average.
    """

    threat: str
    label: str
    weights: tuple[float, float]
    shares: tuple[float, float]
    contribution: float
    common: float

    def as_dict(self, who: Sequence[str]) -> dict[str, Any]:
        """Return the threat as JSON."""
        return {
            "threat": self.threat,
            "label": self.label,
            "weight": dict(zip(who, self.weights, strict=True)),
            "share": dict(zip(who, self.shares, strict=True)),
            "contribution": self.contribution,
            "divergence_if_common": self.common,
        }


@dataclass(frozen=True)
class Perceptions:
    """Two partners' views of the threats that both are said to see.

    Parameters
    ----------
    who : tuple of str
        The two.
    divergence : float
        From 0 (the same threats weigh the same) to 1 (nothing in common).
    interval : tuple of float
        Where 90 of 100 draws from the ranges of the judgements lie.
    jensen_shannon : float
        The same on another measure, from 0 to 1 (base 2).
    levels : tuple of float
        Mean weight of a threat to each, from 0 to 1.
    threats : tuple of Threat
        What contributes most first.
    one_sided : tuple of str
        Threats of which only one view is held; they are left out.
    """

    who: tuple[str, str]
    divergence: float
    interval: tuple[float, float]
    jensen_shannon: float
    levels: tuple[float, float]
    threats: tuple[Threat, ...]
    one_sided: tuple[str, ...]

    @property
    def level_gap(self) -> float:
        """By how much more the first feels threatened, from −1 to 1."""
        return self.levels[0] - self.levels[1]

    def as_dict(self) -> dict[str, Any]:
        """Return the value of ``perceptions`` as JSON."""
        return {
            "between": list(self.who),
            "divergence": self.divergence,
            "interval90": list(self.interval),
            "jensen_shannon": self.jensen_shannon,
            "level": dict(zip(self.who, self.levels, strict=True)),
            "level_gap": self.level_gap,
            "threats": [one.as_dict(self.who) for one in self.threats],
            "one_sided": list(self.one_sided),
        }


def measure_divergence(first: Floats, second: Floats) -> float:
    """Return half the sum of absolute differences of two sets of shares (total variation), from 0 to 1."""
    return float(0.5 * np.abs(first - second).sum())


def measure_jensen_shannon(first: Floats, second: Floats) -> float:
    """Return the Jensen–Shannon divergence of two sets of shares, in bits: from 0 to 1 (Lin 1991)."""
    middle = (first + second) / 2

    def lost(shares: Floats) -> float:
        held = shares > 0
        return float((shares[held] * np.log2(shares[held] / middle[held])).sum())

    return max(0.0, (lost(first) + lost(second)) / 2)


def compare_perceptions(rows: Iterable[Mapping[str, Any]], who: tuple[str, str]) -> Perceptions | None:
    """Return how two partners' views of the threats compare; None where they share no threat that weighs anything.

    Parameters
    ----------
    rows : iterable of mapping
        ``perceiver``, ``threat``, ``label``, ``likelihood``, ``severity`` (both 0 to 100, with ``_low`` and ``_high``
        ends where there are any), oldest first: of several rows about the same view, the last counts.
    who : tuple of str
        The two perceivers.

    Notes
    -----
    Weight p = likelihood · severity, divided by its sum over threats for each partner.
    """
    views: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in rows:
        if row["perceiver"] in who and None not in (row["likelihood"], row["severity"]):
            views.setdefault(row["threat"], {})[row["perceiver"]] = row
    shared = [threat for threat, held in views.items() if len(held) == 2]
    held = [[views[threat][one] for threat in shared] for one in who]
    weights = np.array([[row["likelihood"] * row["severity"] / 1e4 for row in rows_of] for rows_of in held])
    if not shared or (weights.sum(axis=1) <= 0).any():
        return None
    shares = weights / weights.sum(axis=1, keepdims=True)
    threats = []
    for index, threat in enumerate(shared):
        common = weights.copy()
        common[:, index] = weights[:, index].mean()
        common /= common.sum(axis=1, keepdims=True)
        pairs = [(float(matrix[0, index]), float(matrix[1, index])) for matrix in (weights, shares)]
        part = float(abs(shares[0, index] - shares[1, index]) / 2)
        label = held[0][index]["label"] or threat
        threats.append(Threat(threat, label, pairs[0], pairs[1], part, measure_divergence(*common)))
    draws = _draw_divergences(held)
    return Perceptions(
        who,
        measure_divergence(*shares),
        (float(np.quantile(draws, 0.05)), float(np.quantile(draws, 0.95))),
        measure_jensen_shannon(*shares),
        (float(weights[0].mean()), float(weights[1].mean())),
        tuple(sorted(threats, key=lambda one: -one.contribution)),
        tuple(threat for threat, seen in views.items() if len(seen) == 1),
    )


def _draw_divergences(held: Sequence[Sequence[Mapping[str, Any]]], draws: int = 2000) -> Floats:
    """Return divergences, of shape (draws,), with each view drawn from the triangle over its range."""
    dice = np.random.default_rng(0)

    def drawn(row: Mapping[str, Any], name: str) -> Floats:
        value = row[name]
        low, high = (row.get(f"{name}_{end}") for end in ("low", "high"))
        low, high = min(value, value if low is None else low), max(value, value if high is None else high)
        return dice.triangular(low, value, high, draws) if high > low else np.full(draws, float(value))

    weights = np.array([[drawn(row, "likelihood") * drawn(row, "severity") for row in rows] for rows in held])
    shares = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-12)
    return np.asarray(0.5 * np.abs(shares[0] - shares[1]).sum(axis=0))
