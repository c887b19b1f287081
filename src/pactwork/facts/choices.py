"""What can be done: levers, the choices made of them, and the criteria by which choices are judged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from pactwork.facts.assumptions import Parameter

BASELINE = "as-contracted"
"""The choice that changes nothing: what is agreed is carried out. Every case has it."""
ALONE = "only-"
"""How the choices begin that pull one lever alone: every case has them, and nobody has to write them down."""
EACH_LEVER = "each-lever"
"""What stands for the baseline and all of these."""


@dataclass(frozen=True)
class Change:
    """What a lever does to one parameter, or to all whose names fit a pattern with ``*``, at its full effect.

    ``how`` is ``multiply``, ``add`` or ``set``; ``amount`` the factor, the sum or the value.
    """

    pattern: str
    how: str
    amount: float
    why: str


@dataclass(frozen=True)
class Condition:
    """What has to come true before a lever works: from then on it does.

    ``kind`` is ``level`` (a theatre is at that level or above), ``slip`` (a lot is so many months behind its plan),
    ``stance`` (a government is that cold or colder), ``readiness`` (a system's is below), or ``closed`` (a passage is).
    ``threshold`` is a level, months, a stance or a share; 1 for a passage.
    """

    text: str
    kind: str
    subject: str
    threshold: float


@dataclass(frozen=True)
class Lever:
    """Something that can be done.

    Attributes
    ----------
    origin : str
        ``paper`` where a recommendation of the paper asks for it, ``ours`` where this project adds it.
    starts : date, optional
        The day it begins to work; the case's own unless told otherwise.
    when : Condition, optional
        What it waits for.
    excludes : tuple of str
        Levers that cannot be pulled beside it.
    asks : tuple of str
        Issues of positions.csv on which the partner has to agree.
    effect : Parameter
        The share of its changes that comes about; wide, none included, where nobody has measured it.
    a_year, once : Parameter, optional
        What it costs the buyer, in millions of dollars.
    local_share : float
        Share of that spent in the buyer's country.
    changes : tuple of Change
        Empty for a lever that is tracked, and not modelled.
    tracked : str
        Why nothing is modelled; empty where something is.
    """

    name: str
    title: str
    origin: str
    why: str
    starts: dt.date | None
    when: Condition | None
    excludes: tuple[str, ...]
    asks: tuple[str, ...]
    effect: Parameter
    a_year: Parameter | None
    once: Parameter | None
    local_share: float
    changes: tuple[Change, ...]
    tracked: str = ""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Its effect and its costs."""
        return tuple(one for one in (self.effect, self.a_year, self.once) if one is not None)

    @property
    def is_known(self) -> bool:
        """Whether its effect is taken as known: none of it is not in the range."""
        return self.effect.low > 0


@dataclass(frozen=True)
class Choice:
    """Levers that are pulled together; ``recommendations`` are the rows of recommendations.csv that it carries out."""

    name: str
    title: str
    why: str
    levers: tuple[str, ...]
    recommendations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Criterion:
    """A requirement: a statistic over replications of an outcome, and its threshold.

    ``statistic`` is ``mean``, or a quantile such as ``q10``: nine in ten runs are to have that much. ``direction`` is
    ``at_least`` or ``at_most``; ``side`` is ``buyer`` or ``supplier``.
    """

    name: str
    title: str
    outcome: str
    statistic: str
    direction: str
    threshold: float
    side: str
    why: str


@dataclass(frozen=True)
class Choices:
    """All levers, choices and criteria of a case, each by name; choices hold at least ``as-contracted``."""

    levers: Mapping[str, Lever] = field(default_factory=lambda: MappingProxyType({}))
    choices: Mapping[str, Choice] = field(
        default_factory=lambda: MappingProxyType({BASELINE: Choice(BASELINE, "As contracted", "Nothing is added", ())})
    )
    criteria: Mapping[str, Criterion] = field(default_factory=lambda: MappingProxyType({}))

    @cached_property
    def every(self) -> Mapping[str, Choice]:
        """All choices: those of the case, then each lever alone."""
        alone = {f"{ALONE}{name}": Choice(f"{ALONE}{name}", f"Only: {one.title}", one.why, (name,))
                 for name, one in self.levers.items()}  # fmt: skip
        return MappingProxyType({**self.choices, **alone})

    def levers_of(self, choice: str) -> tuple[Lever, ...]:
        """Return a choice's levers; KeyError for a name that the case lacks."""
        return tuple(self.levers[name] for name in self.every[choice].levers)

    def spell_out(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return names of choices with ``each-lever`` spelt out."""
        found: list[str] = []
        for name in names:
            alone = [one for one in self.every if one.startswith(ALONE)]
            found += [BASELINE, *alone] if name == EACH_LEVER else [name]
        return tuple(dict.fromkeys(found)) if EACH_LEVER in names else tuple(names)

    @property
    def parameters(self) -> dict[str, Parameter]:
        """Effects and costs of all levers, by name."""
        return {one.name: one for lever in self.levers.values() for one in lever.parameters}
