"""A case made ready to be played: arrays for every future and every choice, and the names of all their axes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pactwork.facts.choices import BASELINE
from pactwork.futures.environment import EnvironmentPlan
from pactwork.futures.outcomes import outcome_names, series_names
from pactwork.futures.steps.setting import DAYS_A_YEAR
from pactwork.futures.uncertainties import Design
from pactwork.futures.world import ChoicePlan


@dataclass(frozen=True, eq=False)
class Model:
    """What a run needs, and nothing that it changes.

    Attributes
    ----------
    case, scenario : str
        Names of the case and of the set of assumptions.
    as_of : date
        The day the futures begin.
    step_days : float
        Length of a step.
    steps : int
        Steps from the start to the horizon.
    seed : int
        Of chance; the design has the same.
    design : Design
        The futures.
    sizes : mapping of str to int
        Length of each axis of the arrays.
    names : mapping of str to tuple of str
        Names along each axis that has names: theatre, cause, passage, disruption, government, instrument, transfer,
        line, lot, route, system, munition, currency (the buyer's first, the supplier's last).
    dates, quarters : tuple of dates
        Days for which deliveries are counted, at the first step not before them; days at which series are read.
    choices : tuple of str
        The first is ``as-contracted``.
    make : callable
        Returns the environment and the choices' plans of a future, given its index.
    """

    case: str
    scenario: str
    as_of: dt.date
    step_days: float
    steps: int
    seed: int
    design: Design
    sizes: Mapping[str, int]
    names: Mapping[str, tuple[str, ...]]
    dates: tuple[dt.date, ...]
    quarters: tuple[dt.date, ...]
    choices: tuple[str, ...]
    make: Callable[[int], tuple[EnvironmentPlan, tuple[ChoicePlan, ...]]]

    @property
    def horizon(self) -> dt.date:
        """The day the last step ends."""
        return self.day(self.steps)

    @property
    def step_years(self) -> float:
        """Length of a step in years."""
        return self.step_days / DAYS_A_YEAR

    def day(self, step: float) -> dt.date:
        """Return the day on which a step begins."""
        return self.as_of + dt.timedelta(days=step * self.step_days)

    def outcomes(self) -> tuple[str, ...]:
        """Return the names of a run's outcomes in order."""
        return outcome_names(self.names, [day.isoformat() for day in self.dates], self.sizes.get("year", 0))

    def series(self) -> tuple[str, ...]:
        """Return the names of a run's series in order."""
        return series_names(self.names)


__all__ = ["BASELINE", "Model"]
