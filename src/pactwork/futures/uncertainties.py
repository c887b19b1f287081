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
from pactwork.futures.points import draw_columns

Floats = npt.NDArray[np.float64]
FEWEST_SCRAMBLES = 8
"""Independent scrambles of a design: fewer say too little about the error of a mean."""
MOST_FUTURES = 2**24
KEPT = 2**22
"""Coordinates of a design that are kept once they have been drawn: 32 MiB."""
ALL = slice(None)


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
    points : int
        Points of each scramble.
    scrambles : int
        Independent scrambles.
    seed : int
        What it was made from; with the names and numbers, all there is to know.

    Notes
    -----
    Nothing is kept of a large design: a column of some futures is drawn when it is asked for, so that a million futures
    need no more memory than those that are played.
    """

    parameters: Mapping[str, Parameter]
    columns: tuple[str, ...]
    points: int
    scrambles: int
    seed: int

    @property
    def futures(self) -> int:
        """How many futures there are."""
        return self.points * self.scrambles

    @cached_property
    def scramble(self) -> npt.NDArray[np.int64]:
        """The scramble of each future, of shape (future,): they come in turns, one of each."""
        return np.tile(np.arange(self.scrambles, dtype=np.int64), self.points)

    @cached_property
    def chances(self) -> Floats:
        """The coordinates of each future, between 0 and 1, of shape (future, column); all of them at once."""
        found = np.empty((self.futures, len(self.columns)))
        for at, name in enumerate(self.columns):
            found[:, at] = self._draw(name, slice(None))
        found.setflags(write=False)
        return found

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {name: index for index, name in enumerate(self.columns)}

    def chance(self, name: str, futures: slice = ALL) -> Floats:
        """Return a column's coordinates in some futures, of shape (future,); KeyError where there is no such column."""
        place = self._places[name]
        if self.futures * len(self.columns) <= KEPT:
            return np.asarray(self.chances[futures, place])
        return self._draw(name, futures)

    def values(self, name: str, futures: slice = ALL) -> Floats:
        """Return a parameter's value in some futures, of shape (future,) in its unit; KeyError for an unknown one."""
        parameter = self.parameters[name]
        if not parameter.is_uncertain:
            return np.full(len(range(*futures.indices(self.futures))), parameter.low)
        return invert(parameter, self.chance(name, futures))

    def frame(self, futures: slice = ALL) -> pl.DataFrame:
        """Return the design as a frame: ``future``, ``scramble``, a column of values for each uncertain parameter.

        Reserved coordinates are shown as the chances they are.
        """
        found = {
            name: self.values(name, futures) if name in self.parameters else self.chance(name, futures)
            for name in self.columns
        }
        numbers = np.arange(*futures.indices(self.futures), dtype=np.int64)
        return pl.DataFrame({"future": numbers, "scramble": numbers % self.scrambles, **found})

    def _draw(self, name: str, futures: slice) -> Floats:
        start, stop, step = futures.indices(self.futures)
        first, last = start // self.scrambles, -(-stop // self.scrambles)
        drawn = draw_columns(name, max(0, last - first), seed=self.seed, scrambles=range(self.scrambles), first=first)
        begin = first * self.scrambles
        return drawn.reshape(-1)[start - begin : stop - begin : step]


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
    return Design(MappingProxyType(dict(parameters)), (*names, *kept), points, scrambles, seed)
