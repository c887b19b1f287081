"""How a plan and a state declare their arrays: axes, unit and neutral value beside each name."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple, TypeVar, get_args, get_type_hints

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Words = NDArray[np.uint32]
Flags = NDArray[np.uint8]
Shares = NDArray[np.float32]

Plan = TypeVar("Plan", bound=tuple[Any, ...])


class Axes(NamedTuple):
    """What one array of a plan or a state holds.

    Parameters
    ----------
    axes : tuple of str or int
        Names of axes in order, sized when the plan is made; a number is an axis of fixed size.
    meaning : str
        In the field's words, with its unit.
    neutral : float
        What stands where nothing is given: the mechanism then does nothing.
    """

    axes: tuple[str | int, ...]
    meaning: str
    neutral: float = 0.0


__all__ = ["Annotated", "Axes", "Counts", "Flags", "Floats", "Shares", "Words", "describe", "make_arrays"]


@functools.cache
def describe(kind: type[Plan]) -> Mapping[str, tuple[np.dtype[Any], Axes]]:
    """Return type and axes of each array that a plan or a state declares, by name.

    Examples
    --------
    >>> class Tide(NamedTuple):
    ...     height_m: Annotated[Floats, Axes(("port", "step"), "height of the tide, in metres")]
    >>> describe(Tide)["height_m"][1].axes
    ('port', 'step')
    """
    found: dict[str, tuple[np.dtype[Any], Axes]] = {}
    for name, hint in get_type_hints(kind, include_extras=True, localns={"NamedTuple": NamedTuple}).items():
        declared, axes = get_args(hint)[:2]
        number = get_args(get_args(declared)[1])[0]
        found[name] = (np.dtype(number), axes)
    return MappingProxyType(found)


def make_arrays(kind: type[Plan], sizes: Mapping[str, int], **given: Any) -> Plan:
    """Return a plan or a state with the arrays given, and the neutral value wherever none is.

    Parameters
    ----------
    kind : type
        A named tuple whose fields carry ``Axes``.
    sizes : mapping of str to int
        The length of each named axis; an axis left out has length 0, and its mechanism is absent.
    **given : array_like
        Values that fit, or stretch to, the declared shape.

    Raises
    ------
    ValueError
        With every array whose name or shape is wrong.

    Examples
    --------
    >>> class Tide(NamedTuple):
    ...     height_m: Annotated[Floats, Axes(("port", "step"), "height of the tide, in metres")]
    >>> make_arrays(Tide, {"port": 2, "step": 3}, height_m=1.5).height_m.shape
    (2, 3)
    """
    declared, wrong, arrays = describe(kind), [], {}
    wrong += [f"{kind.__name__}.{name}: not among {', '.join(declared)}" for name in given if name not in declared]
    for name, (number, axes) in declared.items():
        shape = tuple(axis if isinstance(axis, int) else sizes.get(axis, 0) for axis in axes.axes)
        if name not in given and axes.neutral == 0.0:
            arrays[name] = np.zeros(shape, dtype=number)  # memory not touched before it is used: tables are large
            continue
        value = np.asarray(given.get(name, axes.neutral))
        try:
            arrays[name] = np.array(np.broadcast_to(value, shape), dtype=number, order="C")
        except ValueError:
            wrong.append(f"{kind.__name__}.{name}: shape {value.shape} does not fit {axes.axes} = {shape}")
    if wrong:
        raise ValueError("; ".join(wrong))
    return kind(**arrays)
