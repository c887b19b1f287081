"""Uncertainties: what a case does not know, and a design of futures over all of its ranges."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import stats

from pactwork.errors import CaseError, Problem
from pactwork.facts.assumptions import Parameter
from pactwork.futures.points import draw_column

Floats = npt.NDArray[np.float64]
FEWEST_SCRAMBLES = 8
"""Independent scrambles of a design: fewer say too little about the error of a mean."""
MOST_FUTURES = 2**24


def invert(parameter: Parameter, chances: Floats) -> Floats:
    """Return the values at which a parameter's distribution function reaches given chances.

    Parameters
    ----------
    parameter : Parameter
        Whose distribution is meant; its numbers have its unit.
    chances : floats of any shape
        Between 0 and 1, ends excluded.

    Returns
    -------
    floats of the shape of ``chances``
        Never decreasing in the chance, and always within the range.

    Notes
    -----
    A normal distribution is cut at the range, and what is left is scaled to one.

    Examples
    --------
    >>> coin = Parameter("x", "yes_no", "", "judgement", "discrete", 0, 1, values=(0, 1), weights=(0.75, 0.25))
    >>> invert(coin, np.array([0.7, 0.8]))
    array([0., 1.])
    """
    low, high = parameter.low, parameter.high
    if parameter.distribution == "fixed":
        return np.full(np.shape(chances), low)
    if parameter.distribution == "discrete":
        steps = np.cumsum(parameter.weights)[:-1]  # the last step is one but for rounding, and must hold what is left
        return np.asarray(parameter.values, dtype=np.float64)[np.searchsorted(steps, chances, side="right")]
    if parameter.distribution == "loguniform":
        found = np.exp(np.log(low) + (np.log(high) - np.log(low)) * chances)
    elif parameter.distribution == "triangular" and parameter.mode is not None:
        found = stats.triang.ppf(chances, (parameter.mode - low) / (high - low), low, high - low)
    elif parameter.distribution == "normal" and parameter.mean is not None and parameter.sd is not None:
        ends = (low - parameter.mean) / parameter.sd, (high - parameter.mean) / parameter.sd
        found = stats.truncnorm.ppf(chances, *ends, loc=parameter.mean, scale=parameter.sd)
    elif parameter.distribution == "uniform":
        found = low + (high - low) * chances
    else:
        raise ValueError(f"{parameter.name}: no distribution {parameter.distribution}")
    return np.asarray(np.clip(found, low, high), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Design:
    """A table of futures.

    Attributes
    ----------
    parameters : mapping of str to Parameter
        All parameters, known and uncertain, by name.
    columns : tuple of str
        Names of the uncertain parameters, in alphabetical order, then of the reserved coordinates.
    chances : floats of shape (future, column)
        The coordinates of each future, between 0 and 1.
    scramble : integers of shape (future,)
        The independent scramble a future belongs to: futures come in turns, one of each.
    seed : int
        What it was made from; with the names, all there is to know.
    """

    parameters: Mapping[str, Parameter]
    columns: tuple[str, ...]
    chances: Floats
    scramble: npt.NDArray[np.int64]
    seed: int

    @property
    def futures(self) -> int:
        """How many futures there are."""
        return len(self.scramble)

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {name: index for index, name in enumerate(self.columns)}

    def chance(self, name: str) -> Floats:
        """Return a column's coordinates, of shape (future,); KeyError where the design has no such column."""
        return self.chances[:, self._places[name]]

    def values(self, name: str) -> Floats:
        """Return a parameter's value in each future, of shape (future,) in its unit; KeyError for an unknown one."""
        parameter = self.parameters[name]
        if not parameter.is_uncertain:
            return np.full(self.futures, parameter.low)
        return invert(parameter, self.chance(name))

    def frame(self) -> pl.DataFrame:
        """Return the design as a frame: ``future``, ``scramble``, a column of values for each uncertain parameter.

        Reserved coordinates are shown as the chances they are.
        """
        found = {name: self.values(name) if name in self.parameters else self.chance(name) for name in self.columns}
        head = {"future": np.arange(self.futures, dtype=np.int64), "scramble": self.scramble}
        return pl.DataFrame({**head, **found})


def make_design(
    parameters: Mapping[str, Parameter],
    points: int = 64,
    *,
    seed: int = 0,
    scrambles: int = FEWEST_SCRAMBLES,
    reserved: Collection[str] = (),
) -> Design:
    """Return a design of futures over the ranges of a case's parameters.

    Each column hangs on the seed and its own name alone: a parameter more or less, or one that another scenario
    replaces, moves no other column, and a design with more points begins with the one with fewer.

    Parameters
    ----------
    parameters : mapping of str to Parameter
        As ``ledger.assumptions.under(scenario)`` gives them.
    points : int
        Points of each scramble; powers of two are balanced.
    seed : int
        Same seed, same bytes.
    scrambles : int
        Independent scrambles, at least 8; there are ``points × scrambles`` futures.
    reserved : collection of str
        Names of coordinates for draws from elsewhere, such as one for each lot of the delivery forecast.

    Raises
    ------
    CaseError
        When the numbers make no design, or a reserved name is that of a parameter.
    """
    names = tuple(sorted(name for name, one in parameters.items() if one.is_uncertain))
    kept = tuple(sorted(set(reserved)))
    problems = [
        Problem(f"design {name}", "a reserved coordinate", "a name no parameter has", "rename it")
        for name in kept
        if name in parameters
    ]
    if scrambles < FEWEST_SCRAMBLES:
        fix = "ask for more scrambles, with fewer points each"
        problems.append(Problem("design scrambles", str(scrambles), f"at least {FEWEST_SCRAMBLES}", fix))
    elif points < 1 or points * scrambles > MOST_FUTURES:
        expected = f"at least 1, and at most {MOST_FUTURES // scrambles}"
        problems.append(Problem("design points", str(points), expected, "correct the number"))
    if problems:
        raise CaseError(problems)
    chances = np.empty((points, scrambles, len(names) + len(kept)))
    for column, name in enumerate((*names, *kept)):
        for scramble in range(scrambles):
            chances[:, scramble, column] = draw_column(name, points, seed=seed, scramble=scramble)
    flat = chances.reshape(points * scrambles, -1)
    flat.setflags(write=False)
    order = np.tile(np.arange(scrambles, dtype=np.int64), points)
    return Design(MappingProxyType(dict(parameters)), (*names, *kept), flat, order, seed)
