"""What a case assumes: each parameter's value or range, how it is spread, why, and who says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True)
class Parameter:
    """One assumption.

    Attributes
    ----------
    name : str
        Dotted name, as declared in parameters.toml.
    unit : str
        Unit of all its numbers.
    why, source : str
        The reason in words, and an id of sources.csv or ``judgement``.
    distribution : str
        ``fixed`` (one value), ``uniform``, ``loguniform``, ``triangular``, ``normal`` (cut at the range), or
        ``discrete``.
    low, high : float
        The ends of the range; equal where the value is fixed.
    mode : float, optional
        Of a triangular distribution.
    mean, sd : float, optional
        Of a normal distribution before it is cut at the range.
    values, weights : tuple of float
        Of a discrete distribution; weights add up to one.
    """

    name: str
    unit: str
    why: str
    source: str
    distribution: str
    low: float
    high: float
    mode: float | None = None
    mean: float | None = None
    sd: float | None = None
    values: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()

    @property
    def is_uncertain(self) -> bool:
        """Whether it has more than one value."""
        return self.low < self.high


@dataclass(frozen=True)
class Scenario:
    """A named set of assumptions that replace or add to those of the case."""

    name: str
    title: str
    why: str
    overrides: Mapping[str, Parameter]


@dataclass(frozen=True)
class Assumptions:
    """All parameters of a case, by name, and its scenarios, by name; both empty where the case models nothing."""

    parameters: Mapping[str, Parameter] = field(default_factory=lambda: MappingProxyType({}))
    scenarios: Mapping[str, Scenario] = field(default_factory=lambda: MappingProxyType({}))

    def under(self, scenario: str | None = None) -> Mapping[str, Parameter]:
        """Return the parameters under a scenario, or those of the case itself; KeyError for a name it lacks.

        Examples
        --------
        >>> from pactwork import load_case
        >>> assumptions = load_case("poland-korea").assumptions
        >>> len(assumptions.under("baseline")) == len(assumptions.parameters)
        True
        """
        if scenario is None:
            return self.parameters
        return MappingProxyType({**self.parameters, **self.scenarios[scenario].overrides})
