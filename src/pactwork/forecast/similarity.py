"""Similarity of foreign policy: how alike two states vote. It is not what they fear, and is shown beside it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]

VOTES = {"yes": 0, "abstain": 1, "no": 2}
"""The votes in order; an absence is none of them and is left out."""
_NINETY = 3.2897
"""Standard deviations between the 5th and 95th percentile of a normal."""


@dataclass(frozen=True)
class Agreement:
    """How alike two states voted in a year.

    Parameters
    ----------
    first, second : str
        The states.
    year : str
        The year, or any other period by which the table groups its votes.
    votes : int
        Votes in which both took part.
    kappa, pi : float or None
        Agreement beyond chance, squared weights: 1 all alike, 0 no more than chance. None where neither ever differs
        from itself, so that there is no chance to correct for.
    s_absolute, s_squared : float
        S from −1 to 1, not corrected for chance.
    """

    first: str
    second: str
    year: str
    votes: int
    kappa: float | None
    pi: float | None
    s_absolute: float
    s_squared: float

    def as_dict(self) -> dict[str, Any]:
        """Return the pair as JSON."""
        return asdict(self)


def measure_agreement(first: Integers, second: Integers) -> tuple[float | None, float | None, float, float]:
    """Return κ and π (squared weights) and S (absolute, squared) of two states' votes, coded 0, 1, 2.

    Parameters
    ----------
    first, second : ndarray of shape (votes,)
        The votes of both on the same resolutions.

    Notes
    -----
    κ and π = 1 − D_observed / D_expected with squared differences; the expected ones from each state's own shares of
    votes (κ, Cohen 1968) or from their mean (π, Scott 1955), as Häge, Political Analysis 19 (2011), advises.
    S = 1 − 2·D_observed / D_max (Signorino and Ritter 1999).
    """
    distance = np.subtract.outer(np.arange(3), np.arange(3)) ** 2
    gaps = np.abs(first - second)
    shares = [np.bincount(votes, minlength=3) / len(votes) for votes in (first, second)]
    middle = (shares[0] + shares[1]) / 2
    observed = float((gaps**2).mean())

    def corrected(expected: float) -> float | None:
        return 1 - observed / expected if expected > 0 else None

    kappa, pi = corrected(float(shares[0] @ distance @ shares[1])), corrected(float(middle @ distance @ middle))
    return kappa, pi, 1 - float(gaps.mean()), 1 - observed / 2


def compare_votes(rows: Iterable[Mapping[str, Any]], states: Sequence[str]) -> tuple[Agreement, ...]:
    """Return the agreement of each pair of states in each year of a table of votes.

    Parameters
    ----------
    rows : iterable of mapping
        One a resolution: ``year`` and, by state, yes, abstain, no, or None for an absence.
    states : sequence of str
        Columns that hold votes.
    """
    by_year: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_year.setdefault(str(row["year"]), []).append(row)
    found = []
    for year, held in by_year.items():
        coded = {one: np.array([VOTES.get(row[one] or "", -1) for row in held]) for one in states}
        for first, second in itertools.combinations(states, 2):
            both = (coded[first] >= 0) & (coded[second] >= 0)
            if both.any():
                measured = measure_agreement(coded[first][both], coded[second][both])
                found.append(Agreement(first, second, year, int(both.sum()), *measured))
    return tuple(found)


@dataclass(frozen=True)
class IdealDistance:
    """How far apart two states' ideal points lie in a year, and the standard deviation of that."""

    first: str
    second: str
    year: str
    distance: float
    sd: float | None

    def as_dict(self) -> dict[str, Any]:
        """Return the pair as JSON."""
        return asdict(self)


def compare_ideal_points(rows: Iterable[Mapping[str, Any]]) -> tuple[IdealDistance, ...]:
    """Return the distance of each pair of states' ideal points in each year.

    Parameters
    ----------
    rows : iterable of mapping
        ``state``, ``year``, ``ideal_point``, and ``q05`` and ``q95`` where there are any.

    Notes
    -----
    Ideal points of Bailey, Strezhnev and Voeten (2017). Both errors are taken as independent normals, though scales
    estimated together share some of theirs.
    """
    by_year: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_year.setdefault(str(row["year"]), []).append(row)
    found = []
    for year, held in by_year.items():
        for one, other in itertools.combinations(sorted(held, key=lambda row: str(row["state"])), 2):
            ends = [row.get(end) for row in (one, other) for end in ("q05", "q95")]
            sd = None
            if None not in ends:
                sd = float(np.hypot(ends[1] - ends[0], ends[3] - ends[2]) / _NINETY)  # type: ignore[operator]
            gap = abs(one["ideal_point"] - other["ideal_point"])
            found.append(IdealDistance(str(one["state"]), str(other["state"]), year, gap, sd))
    return tuple(found)
