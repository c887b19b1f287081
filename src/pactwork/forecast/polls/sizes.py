"""How large walks, pollsters' effects, errors and wordings' effects are: fitted, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize

from pactwork.forecast.polls.gaussian import MOST_DENSE, Floats, Parameters, Series, log_density

_SIZES = (1e-3, 3.0)
"""Least and greatest size, in logits, that the fit tries."""
_DAYS = (30.0, 30_000.0)
"""Least and greatest memory, in days, that the fit tries."""
_STEP = 0.15
"""Step, on the logarithm of a size, by which the curvature at the fit is felt out."""
PRIOR_MEDIANS = Parameters(walk=0.025, house=0.17, noise=0.095, wording=0.65, memory_days=1000.0)
PRIOR_SPREADS = Parameters(walk=0.5, house=0.5, noise=0.5, wording=0.35, memory_days=0.7)
"""The prior of each size is lognormal: its median, and the standard deviation of its logarithm.

They are borrowed from polls of other countries and other questions, and kept wide: a case with few polls leaves them
nearly as they are.
"""


@dataclass(frozen=True)
class _Penalised:
    """The loss that the fit makes small: of the logarithms of the sizes, in the order of ``names``."""

    names: tuple[str, ...]
    medians: Floats
    spreads: Floats
    loss: Callable[[Floats], float]

    def made(self, logs: Floats) -> Parameters:
        """Return sizes from their logarithms."""
        sizes = {name: float(np.exp(one)) for name, one in zip(self.names, logs, strict=True)}
        return replace(PRIOR_MEDIANS, **sizes)

    def logs(self, parameters: Parameters) -> Floats:
        """Return the logarithms of sizes."""
        return np.log([getattr(parameters, name) for name in self.names])


def _penalise(series: Series) -> _Penalised:
    recent = series.part(max(0, len(series) - MOST_DENSE), len(series))
    names = ("walk", "house", "noise", "memory_days", *(("wording",) if series.wording_count > 1 else ()))
    medians = np.log([getattr(PRIOR_MEDIANS, name) for name in names])
    spreads = np.array([getattr(PRIOR_SPREADS, name) for name in names])

    def loss(logs: Floats) -> float:
        made = replace(PRIOR_MEDIANS, **{name: float(np.exp(one)) for name, one in zip(names, logs, strict=True)})
        return -log_density(recent, made) + 0.5 * float((((logs - medians) / spreads) ** 2).sum())

    return _Penalised(names, medians, spreads, loss)


def fit(series: Series, start: Parameters | None = None) -> Parameters:
    """Return the sizes that make polls and priors together most probable (penalised likelihood).

    Parameters
    ----------
    series : Series
        The polls, of which the latest `MOST_DENSE` count; with a single wording, the size of wording effects stays at
        its prior median.
    start : Parameters, optional
        Where the search begins; the prior medians unless told otherwise.
    """
    penalised = _penalise(series)
    bounds = [tuple(np.log(_DAYS if name == "memory_days" else _SIZES)) for name in penalised.names]
    first = penalised.logs(start or PRIOR_MEDIANS)
    found = minimize(penalised.loss, first, method="L-BFGS-B", bounds=bounds, options={"maxiter": 40, "ftol": 1e-6})
    return penalised.made(found.x)


def spread_sizes(series: Series, fitted: Parameters) -> tuple[tuple[float, Parameters], ...]:
    """Return sizes around the fitted ones, each with its weight: few points that stand for how sure the fit is.

    Notes
    -----
    The posterior of the logarithms is taken as normal (Laplace), its curvature felt out by differences; sigma points
    (Julier and Uhlmann 1997) carry its mean and covariance. A direction in which the polls say nothing, or the
    differences less than nothing, keeps the widest prior.
    """
    penalised = _penalise(series)
    centre = penalised.logs(fitted)
    count = len(centre)
    steps = np.eye(count) * _STEP
    here = penalised.loss(centre)
    around = [(penalised.loss(centre + step), penalised.loss(centre - step)) for step in steps]
    curvature = np.diag([(up + down - 2 * here) / _STEP**2 for up, down in around])
    for i in range(count):
        for j in range(i):
            both = penalised.loss(centre + steps[i] + steps[j]) + penalised.loss(centre - steps[i] - steps[j])
            mixed = (both - sum(around[i]) - sum(around[j]) + 2 * here) / (2 * _STEP**2)
            curvature[i, j] = curvature[j, i] = mixed
    values, vectors = np.linalg.eigh(curvature)
    reach = np.sqrt((count + 1) / np.maximum(values, penalised.spreads.max() ** -2.0))
    points = [(1 / (count + 1), fitted)]
    for axis, length in zip(vectors.T, reach, strict=True):
        points += [(1 / (2 * (count + 1)), penalised.made(centre + sign * length * axis)) for sign in (1, -1)]
    return tuple(points)
