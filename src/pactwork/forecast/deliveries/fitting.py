"""Fitting the three chances by penalised likelihood: convex, bounded by the laws, the same numbers every time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit

from pactwork.forecast.deliveries.chances import Coefficients
from pactwork.forecast.deliveries.deals import Bools, Deals, Floats
from pactwork.forecast.deliveries.features import describe, list_features

PENALTIES = (3.0, 3.0, 6.0)
"""Weight of the squared distance of a coefficient from its centre: for more, all, part. About one standard normal
prior for three effective deals; chosen by cross-validation among 1 to 16, where the score is flat."""

_Bounds = list[tuple[float | None, float | None]]
_FREE_PENALTY = 0.01
_LOOSE = 0.5
_SHARE_EDGE = 0.01


@dataclass(frozen=True)
class Outcomes:
    """Deals as they were known on a day, and what had come of each some years later; one row each.

    Attributes
    ----------
    deals : Deals
    horizon : floats of shape (rows,)
        Years from the day the deal is described on.
    came : floats of shape (rows,)
        Items that came within the horizon, 0 up to what remained.
    weight : floats of shape (rows,)
    """

    deals: Deals
    horizon: Floats
    came: Floats
    weight: Floats


def fit_chances(
    outcomes: Outcomes,
    centre: Coefficients | None = None,
    penalties: tuple[float, float, float] | None = None,
) -> Coefficients:
    """Return the coefficients that make the outcomes likely and stay near a centre.

    Parameters
    ----------
    outcomes : Outcomes
    centre : Coefficients, optional
        What was learnt before, towards which coefficients are drawn; zero unless told otherwise. Intercept, time and
        the start of delivery are left to the data.
    penalties : tuple of three floats
        For more, all and part; `PENALTIES` unless told otherwise.
    """
    penalties = penalties or PENALTIES
    columns = describe(outcomes.deals, outcomes.horizon)
    remaining, came, weight = outcomes.deals.remaining, outcomes.came, outcomes.weight
    any_came = came > 0
    size = columns.shape[1]
    centres = (centre.more, centre.all, centre.part) if centre else (np.zeros(size),) * 3
    more = _fit_binary(columns, any_came, weight, _penalty(penalties[0]), _centre(centres[0]), _bounds(), rate=True)
    several = any_came & (remaining > 1)
    every = _fit_binary(columns[several], (came >= remaining)[several], weight[several],
                        _penalty(penalties[1]), _centre(centres[1]), _bounds(), rate=False)  # fmt: skip
    partly = any_came & (came < remaining)
    share = (came[partly] - 0.5) / (remaining[partly] - 1.0)
    part, spread = _fit_share(columns[partly], share, weight[partly], _penalty(penalties[2]), _centre(centres[2]))
    return Coefficients(more, every, part, spread)


def fit_some(columns: Floats, happened: Bools, weight: Floats, at: Sequence[int], given: Floats) -> Floats:
    """Return the coefficients of some columns of the rate of the next delivery, with the others as given.

    Parameters
    ----------
    columns : floats of shape (rows, features)
    happened : booleans of shape (rows,)
    weight : floats of shape (rows,)
    at : positions of the columns to fit
    given : floats of shape (features,)
        The coefficients of the others.
    """
    chosen = list(at)
    rest = np.delete(np.arange(columns.shape[1]), chosen)
    offset = columns[:, rest] @ given[rest]
    penalty = _penalty(PENALTIES[0])[chosen]
    bounds = [_bounds()[one] for one in chosen]
    return _fit_binary(columns[:, chosen], happened, weight, penalty, np.zeros(len(chosen)), bounds, offset, rate=True)


def _penalty(strength: float) -> Floats:
    return np.asarray(
        [_FREE_PENALTY if one.free else strength * (_LOOSE if one.loose else 1.0) for one in list_features()]
    )


def _centre(values: Floats) -> Floats:
    return np.where([one.free for one in list_features()], 0.0, values)


def _bounds() -> _Bounds:
    return [(0.0 if one.bounded else None, None) for one in list_features()]


def _fit_binary(
    columns: Floats,
    happened: Bools,
    weight: Floats,
    penalty: Floats,
    centre: Floats,
    bounds: _Bounds,
    offset: Floats | float = 0.0,
    *,
    rate: bool,
) -> Floats:
    """Fit a complementary log-log (``rate``) or a logistic regression."""

    def loss(beta: Floats) -> tuple[float, Floats]:
        eta = columns @ beta + offset
        if rate:
            mu = np.exp(np.clip(eta, -40.0, 5.0))
            chance = -np.expm1(-mu) + 1e-300
            value = np.where(happened, -np.log(chance), mu)
            slope = np.where(happened, -mu * np.exp(-mu) / chance, mu)
        else:
            value = np.logaddexp(0.0, eta) - happened * eta
            slope = expit(eta) - happened
        away = beta - centre
        total = float(weight @ value + 0.5 * penalty @ away**2)
        return total, columns.T @ (weight * slope) + penalty * away

    return _minimise(loss, np.zeros(columns.shape[1]), bounds)


def _fit_share(columns: Floats, share: Floats, weight: Floats, penalty: Floats, centre: Floats) -> tuple[Floats, float]:
    """Fit a logistic distribution on the logit scale: place linear in the columns, one spread."""
    target = logit(np.clip(share, _SHARE_EDGE, 1 - _SHARE_EDGE))

    def loss(theta: Floats) -> tuple[float, Floats]:
        beta, log_spread = theta[:-1], theta[-1]
        z = (target - columns @ beta) / np.exp(log_spread)
        pull = 1 - 2 * expit(-z)
        away = beta - centre
        value = float(weight @ (z + 2 * np.logaddexp(0.0, -z) + log_spread) + 0.5 * penalty @ away**2)
        slope = -(columns.T @ (weight * pull)) / np.exp(log_spread) + penalty * away
        return value, np.append(slope, weight @ (1 - pull * z))

    found = _minimise(loss, np.zeros(columns.shape[1] + 1), [*_bounds(), (-2.0, 2.0)])
    return found[:-1], float(np.exp(found[-1]))


def _minimise(loss: Callable[[Floats], tuple[float, Floats]], start: Floats, bounds: _Bounds) -> Floats:
    result = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds,
                      options={"maxiter": 5000, "maxfun": 20000, "ftol": 1e-12, "gtol": 1e-8})  # fmt: skip
    return np.asarray(result.x, dtype=np.float64)
