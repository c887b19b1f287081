"""A change of levels: how a lot's own record moves it within the range that its class gives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pactwork.forecast.deliveries.deals import Floats


@dataclass(frozen=True)
class Tempo:
    """Where in its class's range of paths a lot lies: the posterior chance of a path at or below each of ``grid``.

    Attributes
    ----------
    grid : floats
        Levels of the class, from 0 (slowest) to 1 (fastest).
    cumulative : floats of the same shape
        From 0 to 1.
    """

    grid: Floats
    cumulative: Floats

    def level(self, quantile: Floats) -> Floats:
        """Return the class's level that the lot's own quantile lies at."""
        return np.interp(quantile, self.cumulative, self.grid)

    def chance(self, chance: Floats) -> Floats:
        """Return the lot's chance of what the class gives a chance: the weight of the paths that reach it."""
        return 1.0 - np.interp(1.0 - np.asarray(chance), self.grid, self.cumulative)


def keep_tempo() -> Tempo:
    """Return the tempo that changes nothing: of a lot whose own record says no more than its class knows."""
    ends = np.array([0.0, 1.0])
    return Tempo(ends, ends)
