"""Expansion: an outcome as a sum of few orthogonal effects of one, two or more uncertainties.

Each column is taken by its ranks, or by its values where they are evenly spread, and its polynomials are orthogonal, so
that the square of an effect's coefficient is its variance, whatever the column's distribution (polynomial chaos: Sudret
2008). Few effects matter, and they are found step by step among all single ones and all pairs (Donoho et al. 2012,
"Sparse solution of underdetermined systems of linear equations by stagewise orthogonal matching pursuit").
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.polynomial import legendre
from scipy import stats

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Effect = tuple[tuple[int, int], ...]
"""Column and degree of each factor, in the order of columns."""
DEGREE = 12
"""Of single effects; a column of d distinct values has at most d − 1."""
DEGREE_TOGETHER = 4
"""Of each factor of an effect of several columns."""
EVEN = 1.36
"""Of Kolmogorov's distribution, at 5 %."""
_AT_ONCE = 25
_ROUNDS = 40
MOST_FUTURES = 16_384
"""Futures on which effects are looked for; their coefficients are then fitted on all."""


@dataclass(frozen=True, eq=False)
class Expansion:
    """The effects that were found, and how large they are.

    Attributes
    ----------
    effects : tuple of Effect
        Without the constant.
    coefficients : floats of shape (effect,)
        In the outcome's unit; the square is the effect's variance.
    constant : float
        The mean.
    """

    effects: tuple[Effect, ...]
    coefficients: Floats
    constant: float


class Bases:
    """Orthonormal polynomials of each column's ranks, made when they are asked for.

    Parameters
    ----------
    x : floats of shape (future, column)
        What each future holds of each uncertainty.
    """

    def __init__(self, x: Floats) -> None:
        self._x = x
        self._kept: dict[int, Floats] = {}

    @property
    def columns(self) -> int:
        """How many there are."""
        return int(self._x.shape[1])

    def of(self, column: int) -> Floats:
        """Return the polynomials of a column, of shape (future, degree), each of mean 0 and mean square 1."""
        if column not in self._kept:
            self._kept[column] = make_basis(self._x[:, column])
        return self._kept[column]

    def evaluate(self, effects: tuple[Effect, ...]) -> Floats:
        """Return each effect in each future, of shape (future, effect)."""
        found = np.ones((len(self._x), len(effects)))
        for place, effect in enumerate(effects):
            for column, degree in effect:
                found[:, place] *= self.of(column)[:, degree - 1]
        return found


def make_basis(values: Floats, degree: int = DEGREE) -> Floats:
    """Return orthonormal polynomials of some values that pass for evenly spread, or of their ranks.

    Parameters
    ----------
    values : floats of shape (future,)
        Equal ones share their rank.
    degree : int
        Of the highest polynomial; of d distinct values only d − 1 can be told apart.

    Returns
    -------
    floats of shape (future, degree)
        By ascending degree, each of mean 0 and mean square 1, each orthogonal to the others: over these futures where
        ranks are taken, over the even distribution where values are.

    Notes
    -----
    Values that a Kolmogorov–Smirnov test at 5 % cannot tell from an even distribution between their ends are taken as
    they are: ranks forget how far apart values lie. In an even design both are the same; for columns drawn by plain
    chance the error of Ishigami's indices at 2,048 futures and 4 replications falls from 0.015 to 0.011.

    Examples
    --------
    >>> make_basis(np.array([0.0, 1.0, 1.0, 0.0])).ravel()
    array([-1.,  1.,  1., -1.])
    """
    futures = len(values)
    distinct = len(np.unique(values))
    most = min(degree, distinct - 1)
    if most < 1:
        return np.zeros((futures, 0))
    places = (stats.rankdata(values) - 0.5) / futures * 2 - 1
    spread = ((values - values.min()) / (values.max() - values.min()) * (futures - 1) + 0.5) / futures * 2 - 1
    if most == degree and float(np.abs(spread - places).max()) / 2 < EVEN / np.sqrt(futures):
        return np.asarray(legendre.legvander(spread, most)[:, 1:] * np.sqrt(2 * np.arange(1, most + 1) + 1))
    vander = legendre.legvander(places, most)
    q, r = np.linalg.qr(vander)
    return np.asarray(q[:, 1:] * np.sign(np.diag(r))[1:] * np.sqrt(futures))


def fit_expansion(bases: Bases, y: Floats, rows: Counts | None = None) -> Expansion:
    """Return the few effects that make up an outcome.

    Parameters
    ----------
    bases : Bases
        Of the uncertainties.
    y : floats of shape (future,)
        The outcome's mean in each future.
    rows : integers, optional
        Futures to fit on; all where left out.

    Returns
    -------
    Expansion

    Notes
    -----
    In each round those effects join that stand out from noise among all candidates (√(2 log candidates) standard
    errors), the largest 25 at most; then all coefficients are fitted anew by least squares. It ends when none stands
    out, or when there is an effect for each tenth future.
    """
    chosen = np.arange(len(y)) if rows is None else rows
    searched = chosen
    if len(chosen) > MOST_FUTURES:
        searched = np.sort(np.random.default_rng(len(chosen)).choice(chosen, MOST_FUTURES, replace=False))
    single = [bases.of(column)[searched] for column in range(bases.columns)]
    target = y[searched] - y[searched].mean()
    effects: list[Effect] = []
    design = np.ones((len(searched), 1))
    rest = target
    for _ in range(_ROUNDS):
        room = len(searched) // 10 - len(effects)
        new = _find_effects(single, rest, effects, min(room, _AT_ONCE)) if room > 0 else []
        if not new:
            break
        effects += new
        added = np.column_stack([_multiply(single, effect) for effect in new])
        design = np.column_stack([design, added])  # which begins with the constant
        coefficients = np.linalg.lstsq(design, target, rcond=None)[0]
        rest = target - design @ coefficients
    return fit_coefficients(bases, tuple(effects), y, chosen)


def fit_coefficients(bases: Bases, effects: tuple[Effect, ...], y: Floats, rows: Counts) -> Expansion:
    """Return given effects with their coefficients by least squares on some futures."""
    design = np.column_stack([np.ones(len(rows)), bases.evaluate(effects)[rows]])
    coefficients = np.linalg.lstsq(design, y[rows], rcond=None)[0]
    return Expansion(effects, np.asarray(coefficients[1:], dtype=np.float64), float(coefficients[0]))


def predict(bases: Bases, expansion: Expansion) -> Floats:
    """Return what the effects make of each future, of shape (future,)."""
    return np.asarray(expansion.constant + bases.evaluate(expansion.effects) @ expansion.coefficients)


def _multiply(single: list[Floats], effect: Effect) -> Floats:
    found = np.ones(len(single[0]))
    for column, degree in effect:
        found = found * single[column][:, degree - 1]
    return found


def _find_effects(single: list[Floats], rest: Floats, known: list[Effect], most: int) -> list[Effect]:
    """Return the new effects that stand out in what is left, the largest first."""
    futures, spread = len(rest), float(rest.std())
    if spread == 0 or futures < 3:
        return []
    together = [basis[:, :DEGREE_TOGETHER] for basis in single]
    labels = [(column, degree) for column, basis in enumerate(together) for degree in range(1, basis.shape[1] + 1)]
    stacked = np.column_stack(together) if labels else np.zeros((futures, 0))
    scores: dict[Effect, float] = {}
    candidates = sum(basis.shape[1] for basis in single) + len(labels) ** 2 // 2 + len(known) * len(labels)
    least = np.sqrt(2 * np.log(max(candidates, 2))) * spread / np.sqrt(futures)
    for column, basis in enumerate(single):
        for degree, score in enumerate(np.abs(basis.T @ rest) / futures, start=1):
            if score > least:
                scores[((column, degree),)] = float(score)
    pairs = np.abs(stacked.T @ (stacked * rest[:, None])) / futures
    for one, other in zip(*np.nonzero(np.triu(pairs > least, 1)), strict=True):
        if labels[one][0] != labels[other][0]:
            scores[(labels[one], labels[other])] = float(pairs[one, other])
    for effect in [effect for effect in known if len(effect) > 1]:  # effects of three and more grow from known ones
        grown = np.abs(stacked.T @ (rest * _multiply(single, effect))) / futures
        for place in np.flatnonzero(grown > least):
            if labels[place][0] not in [column for column, _ in effect]:
                scores[tuple(sorted((*effect, labels[place])))] = float(grown[place])
    fresh = [effect for effect in scores if effect not in set(known)]
    return sorted(fresh, key=lambda effect: (-scores[effect], effect))[:most]
