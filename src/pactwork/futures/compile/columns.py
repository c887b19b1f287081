"""Parameters over a run of futures: the columns that a case's plans are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np
import numpy.typing as npt

from pactwork.facts.assumptions import Parameter
from pactwork.facts.parameters import WHOLE_UNITS, find_declaration
from pactwork.futures.steps.setting import DAYS_A_YEAR
from pactwork.futures.uncertainties import Design, invert

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Shift:
    """What a lever at work does to the parameters whose names fit a pattern.

    ``effect`` is the parameter that says how much of it comes about; ``how`` is multiply, add or set.
    """

    pattern: str
    how: str
    amount: float
    effect: str


class Columns:
    """A design's parameters in some of its futures.

    Parameters
    ----------
    design : Design
        Where the values come from.
    futures : slice
        Which futures.
    fixed : mapping of str to float
        Values by which a parameter is replaced, by the beginning of its dotted name.
    shifts : sequence of Shift
        What levers at work do, one after the other.
    """

    def __init__(
        self, design: Design, futures: slice, fixed: Mapping[tuple[str, str], float] | None = None,
        shifts: Sequence[Shift] = (),
    ) -> None:  # fmt: skip
        self._design, self._futures, self._fixed, self._shifts = design, futures, dict(fixed or {}), tuple(shifts)
        self.count = len(range(*futures.indices(design.futures)))

    def under(self, shifts: Sequence[Shift]) -> Columns:
        """Return the same parameters with these levers at work."""
        return Columns(self._design, self._futures, self._fixed, shifts)

    def has(self, name: str) -> bool:
        """Return whether the case sets a parameter."""
        return name in self._design.parameters

    def __call__(self, name: str, otherwise: float | None = None) -> Floats:
        """Return a parameter's values, of shape (future,).

        Where the case sets none: ``otherwise``, or what the declaration says, or 0. Levers at work then move it.
        """
        shifts = [one for one in self._shifts if fnmatchcase(name, one.pattern)]
        found = self._plain(name, otherwise)
        for shift in shifts:
            found = found + self._plain(shift.effect, 1.0) * _moved(shift, found)
        return _bound(name, found) if shifts else found

    def _plain(self, name: str, otherwise: float | None) -> Floats:
        for (head, tail), value in self._fixed.items():
            if name.startswith(head) and name.endswith(tail):
                return np.full(self.count, value)
        parameter = self._design.parameters.get(name)
        if parameter is None:
            return np.full(self.count, _default(name) if otherwise is None else float(otherwise))
        if not parameter.is_uncertain:
            return np.full(self.count, parameter.low)
        return invert(parameter, self.chance(name))

    def chance(self, name: str) -> Floats:
        """Return the coordinates of an uncertain parameter or of a reserved one, of shape (future,)."""
        return self._design.chance(name, self._futures)

    def is_uncertain(self, name: str) -> bool:
        """Return whether a parameter has coordinates of its own."""
        parameter = self._design.parameters.get(name)
        return parameter is not None and parameter.is_uncertain

    def table(self, names: Sequence[str], otherwise: float | None = None) -> Floats:
        """Return several parameters, of shape (future, name)."""
        return stack([self(name, otherwise) for name in names], self.count)

    def years(self, name: str) -> Floats:
        """Return a parameter in days as years."""
        return self(name) / DAYS_A_YEAR


def stack(columns: Sequence[npt.ArrayLike], count: int) -> Floats:
    """Return columns of shape (future,) or (future, …) side by side, of shape (future, column, …)."""
    if not columns:
        return np.zeros((count, 0))
    return np.stack([np.asarray(column, dtype=np.float64) for column in columns], axis=1)


class Variant:
    """Arrays too large to be kept for every future, of which each future takes one.

    Parameters
    ----------
    values : floats of shape (variant, …)
    which : integers or booleans of shape (future,)
    """

    def __init__(self, values: Floats, which: npt.NDArray[np.bool_]) -> None:
        self.values, self.which = values, which.astype(np.int64)

    def of(self, future: int) -> Floats:
        """Return the array of one future."""
        return np.asarray(self.values[self.which[future]])


def ids_below(parameters: Mapping[str, Parameter], head: str, tail: str | None = None) -> tuple[str, ...]:
    """Return what stands after a beginning in the names of parameters, in order and once each.

    Examples
    --------
    >>> coin = Parameter("x", "yes_no", "", "judgement", "fixed", 1, 1)
    >>> ids_below({"fleet.k9.ageing": coin, "fleet.k2.ageing": coin, "fleet.k2.surge": coin}, "fleet")
    ('k2', 'k9')
    """
    found: dict[str, None] = {}
    for name in parameters:
        parts = name.split(".")
        if parts[: head.count(".") + 1] == head.split(".") and (tail is None or parts[-1] == tail):
            found[parts[head.count(".") + 1]] = None
    return tuple(sorted(found))


def place(names: Iterable[str], name: str | None) -> int:
    """Return the place of a name among others; -1 where it is none of them."""
    for at, other in enumerate(names):
        if other == name:
            return at
    return -1


def _moved(shift: Shift, value: Floats) -> Floats:
    """Return by how much a lever at its full effect moves a parameter."""
    if shift.how == "multiply":
        return value * (shift.amount - 1.0)
    return np.full_like(value, shift.amount) - (value if shift.how == "set" else 0.0)


def _bound(name: str, value: Floats) -> Floats:
    """Return values that a parameter may have: within its declared bounds, and whole where only that makes sense."""
    declaration = find_declaration(name)
    if declaration is None:
        return value
    whole = np.rint(value) if declaration.unit in WHOLE_UNITS else value
    return np.clip(whole, declaration.minimum, declaration.maximum) if declaration.bounds else whole


def _default(name: str) -> float:
    declaration = find_declaration(name)
    return 0.0 if declaration is None or declaration.otherwise is None else declaration.otherwise
