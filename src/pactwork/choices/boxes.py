"""Boxes: limits on a few uncertainties within which a choice fails, with how often, how surely, and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Limit:
    """Between which values of one column a box lies, both included; None where that end is open.

    ``quasi_p`` is the chance that the box would be as dense by luck if this column played no part (see `find_quasi_p`).
    """

    column: int
    low: float | None
    high: float | None
    quasi_p: float = float("nan")

    def holds(self, values: Floats) -> Flags:
        """Return which values lie within."""
        within = np.ones(values.shape, dtype=bool)
        if self.low is not None:
            within &= values >= self.low
        if self.high is not None:
            within &= values <= self.high
        return within


@dataclass(frozen=True)
class Box:
    """Futures within limits, and how often they fail.

    Attributes
    ----------
    limits : tuple of Limit
        In the order of columns.
    coverage : float
        Share of all failures that lies in the box.
    density : float
        Share that fails within the box.
    density_outside : float
        Share that fails outside all boxes.
    mass : float
        Share of all futures that lies in the box.
    futures : int
        That many.
    evidence : float
        Log-likelihood of the two densities over that of one, less `find_price` for each limit: the more, the surer.
    """

    limits: tuple[Limit, ...]
    coverage: float
    density: float
    density_outside: float
    mass: float
    futures: int
    evidence: float

    def holds(self, x: Floats) -> Flags:
        """Return which futures lie in the box, of shape (future,) for x of shape (future, column)."""
        return hold_all(self.limits, x)


def hold_all(limits: Sequence[Limit], x: Floats) -> Flags:
    """Return which futures lie within all limits, of shape (future,) for x of shape (future, column)."""
    within = np.ones(len(x), dtype=bool)
    for limit in limits:
        within &= limit.holds(x[:, limit.column])
    return within


def find_quasi_p(inside: tuple[float, float], without: tuple[float, float]) -> float:
    """Return the chance that luck alone makes a box as dense as it is, were one of its limits of no account.

    Parameters
    ----------
    inside : pair of floats
        Weight and failures (weight × share) in the box.
    without : pair of floats
        The same in the box without the limit.

    Returns
    -------
    float
        P(failures or more | weight, density without the limit).

    Notes
    -----
    B. P. Bryant and R. J. Lempert (2010), "Thinking inside the box: a participatory, computer-assisted approach to
    scenario discovery", appendix: a one-sided binomial test, "quasi" because the limits were chosen on these futures.
    Weights need not be whole: the binomial's tail is taken as the incomplete beta function that it is.

    Examples
    --------
    >>> round(find_quasi_p((10.0, 9.0), (20.0, 10.0)), 4)
    0.0107
    """
    weight, failures = inside
    if failures <= 0 or without[0] <= 0:
        return 1.0
    density = min(max(without[1] / without[0], 0.0), 1.0)
    return float(special.betainc(failures, max(weight - failures, 0.0) + 1.0, density))


def describe_box(
    limits: Sequence[Limit],
    names: Sequence[str],
    units: Sequence[str] = (),
    values: Mapping[int, Mapping[float, str]] | None = None,
) -> str:
    """Return a box's limits as the end of a sentence: "diversion is above 8 months and transfer is below 4 years".

    Parameters
    ----------
    limits : sequence of Limit
        Of a box; none make "always".
    names : sequence of str
        What each column is called.
    units : sequence of str
        Each column's unit, put behind the number; may be left out.
    values : mapping of int to mapping of float to str, optional
        For columns whose numbers stand for something: column → value → words ("holds two terms").

    Notes
    -----
    Numbers are given to three significant digits; a limit itself belongs to the box, which "above" and "below" leave
    open, as the next future could lie anywhere beyond the last.

    Examples
    --------
    >>> describe_box([Limit(0, 8.0, None), Limit(1, None, 4.0)], ["diversion", "transfer"], ["months", "years"])
    'diversion is above 8 months and transfer is below 4 years'
    >>> describe_box([], ["x"])
    'always'
    """
    known = values or {}
    parts = [_describe_limit(limit, names, units, known.get(limit.column)) for limit in limits]
    if not parts:
        return "always"
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _describe_limit(limit: Limit, names: Sequence[str], units: Sequence[str], words: Mapping[float, str] | None) -> str:
    name, unit = names[limit.column], units[limit.column] if units else ""
    if words is not None:
        held = [word for value, word in sorted(words.items()) if limit.holds(np.array(value))]
        return f"{name} is {' or '.join(held)}"
    behind = f" {unit}" if unit else ""
    if limit.low is not None and limit.high is not None:
        if limit.low == limit.high:
            return f"{name} is {_show(limit.low)}{behind}"
        return f"{name} is between {_show(limit.low)} and {_show(limit.high)}{behind}"
    if limit.low is not None:
        return f"{name} is above {_show(limit.low)}{behind}"
    return f"{name} is below {_show(limit.high or 0.0)}{behind}"


def _show(number: float) -> str:
    """Return a number to three significant digits, never in powers of ten within the usual sizes.

    Examples
    --------
    >>> [_show(one) for one in (8.0, 0.04567, 12345.6, 1.5e-7)]
    ['8', '0.0457', '12,300', '1.5e-07']
    """
    size = abs(number)
    if size != 0 and not 1e-4 <= size < 1e15:
        return f"{number:.3g}"
    digits = 2 - int(np.floor(np.log10(size))) if size else 0
    rounded = round(number, digits)
    shown = f"{rounded:,.{max(digits, 0)}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
