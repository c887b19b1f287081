"""What theory says: the closed forms that mechanisms are held against."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from pactwork.futures.arrays import Floats


def birth_death(states: int, up: Callable[[int], float], down: Callable[[int], float]) -> Floats:
    """Return the limiting distribution over 0 … states - 1 from rates of going up and down.

    Notes
    -----
    Detailed balance: p(n) up(n) = p(n + 1) down(n + 1) (Ross, Introduction to Probability Models, 6.5).

    Examples
    --------
    >>> birth_death(2, lambda n: 1.0, lambda n: 3.0).tolist()
    [0.75, 0.25]
    """
    logs = [0.0]
    for n in range(states - 1):
        logs.append(logs[-1] + math.log(up(n)) - math.log(down(n + 1)))
    weights = np.exp(np.array(logs) - max(logs))
    return np.asarray(weights / weights.sum())


def machine_repair(machines: int, channels: int, failure: float, mending: float, spares: int = 0) -> Floats:
    """Return the distribution of the number in repair, of shape (machines + spares + 1,).

    Notes
    -----
    Gross, Shortle, Thompson, Harris, Fundamentals of Queueing Theory, 4th ed., 2.6 and 2.7 (repairmen and spares):
    only as many run as are required, whatever the spares.
    """
    items = machines + spares
    return birth_death(items + 1, lambda n: failure * min(machines, items - n), lambda n: mending * min(n, channels))


def mean_and_deviation(distribution: Floats) -> tuple[float, float]:
    """Return mean and standard deviation of a distribution over 0, 1, 2 and so on."""
    values = np.arange(len(distribution))
    mean = float(distribution @ values)
    return mean, math.sqrt(float(distribution @ (values - mean) ** 2))


def expected_backorders(stock: int, mean: float) -> float:
    """Return the expected number waiting with (S - 1, S) resupply and a Poisson pipeline.

    Notes
    -----
    Sherbrooke (1968), METRIC: the sum over x > S of (x - S) Poisson(x; mean).

    Examples
    --------
    >>> expected_backorders(0, 3.0)
    3.0
    """
    chance, below, met = math.exp(-mean), 0.0, 0.0
    for x in range(stock):
        below += chance
        met += x * chance
        chance *= mean / (x + 1)
    return mean - met - stock * (1.0 - below)


def both_raised(first: float, second: float, common: float, years: float) -> float:
    """Return the chance that two theatres with a common cause have both been raised by some time.

    Notes
    -----
    Marshall and Olkin (1967), A multivariate exponential distribution.
    """
    alone_first, alone_second = math.exp(-(first + common) * years), math.exp(-(second + common) * years)
    return 1.0 - alone_first - alone_second + math.exp(-(first + second + common) * years)
