"""The delivery model: the chance that anything more comes, that all of it does, and how much if only a part.

For one deal at a horizon of h years, with m items still to come,

    P(K >= k) = A [ C + (1 - C) B(k) ]   for 1 <= k < m,      P(K >= m) = A C,

where K is what comes within h; A = 1 - exp(-exp(a.x)) is the chance that anything does (complementary log-log, so that
the rate of the next delivery is proportional, and a chance over a short time shrinks with that time); C = logit^-1(c.x)
that all does, given that anything does; and B(k) = logit^-1((b.x - logit((k - 1)/(m - 1))) / s) how a part is spread
(a logit-logistic share). The three coefficient vectors share the columns x of `features`.

A, C and B rise with time and with what was delivered, and fall with a later plan, because the coefficients that could
break this are bounded at zero. Where delivery has begun, the chance is never put below what it would be if it had not.

Registers count by the year, so nothing below one year could be learnt. There a path is held to the even share of what
it brings within the year, and one batch more: K(h) <= g h K(1) + batch for h < 1. The paths that complete within the
year are spread over its second half: g rises from 1 for the slowest of them to 2 for the fastest, and is 1 elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit, logit

from pactwork.forecast.deliveries.deals import Deals, Floats
from pactwork.forecast.deliveries.features import describe
from pactwork.forecast.deliveries.levels import Tempo, keep_tempo

LEVELS: Floats = np.arange(1, 100) / 100
"""Quantile levels of every forecast: 1 % to 99 %."""
UNMOVED = keep_tempo()
"""The tempo of deals without a record of their own."""
LATEST_YEARS = 60.0
"""Horizon beyond which a completion date is not told: "later" is then all that is known."""

_EDGE = 1e-9
_FINE_LEVELS = (np.arange(400) + 0.5) / 400
_NODES = 64
_BISECTIONS = 50
_SHORTEST_YEARS = 1e-4


@dataclass(frozen=True)
class Coefficients:
    """The three coefficient vectors, each of shape (features,), and the spread of a part on the logit scale."""

    more: Floats
    all: Floats
    part: Floats
    spread: float


@dataclass(frozen=True)
class _Terms:
    """A, C and the place of B for deals at one horizon, each of shape (deals, 1), and the items they speak of."""

    more: Floats
    all: Floats
    place: Floats
    spread: float
    delivered: Floats
    ordered: Floats
    tempo: Tempo

    def reach(self, count: Floats) -> Floats:
        """Return P(cumulative deliveries >= count); ``count`` of shape (deals, any), need not be whole."""
        left = np.maximum(self.ordered - self.delivered, 1.0)
        share = np.clip((count - self.delivered - 1.0) / np.maximum(left - 1.0, 1.0), 0.0, 1.0)
        spread_part = expit((self.place - logit(np.clip(share, _EDGE, 1 - _EDGE))) / self.spread)
        part = np.where(share <= 0.0, 1.0, spread_part)
        given_any = np.where(count >= self.ordered, self.all, self.all + (1 - self.all) * part)
        chance = self.more * self.tempo.chance(given_any)
        return np.where(count <= self.delivered, 1.0, chance)

    def quantile(self, levels: Floats) -> Floats:
        """Return the smallest cumulative count whose chance of not being exceeded is at least each level."""
        upper = 1.0 - levels[None, :]
        left = np.maximum(self.ordered - self.delivered, 1.0)
        given_any = 1.0 - self.tempo.level(1.0 - np.minimum(upper / np.maximum(self.more, _EDGE), 1.0))
        given = np.clip((given_any - self.all) / np.maximum(1 - self.all, _EDGE), _EDGE, 1 - _EDGE)
        share = expit(self.place - self.spread * logit(given))
        part = np.clip(np.floor(1.0 + share * (left - 1.0)), 1.0, np.maximum(left - 1.0, 1.0))
        more = np.where(upper > self.more, 0.0, np.where(given_any <= self.all, left, part))
        return np.where(self.ordered <= self.delivered, self.ordered, self.delivered + more)


def _terms(coefficients: Coefficients, deals: Deals, horizon: float | Floats, tempo: Tempo) -> _Terms:
    columns = describe(deals, horizon)
    more = -np.expm1(-np.exp(np.clip(columns @ coefficients.more, -40.0, 5.0)))
    every = np.where(deals.remaining <= 1, 1.0, expit(columns @ coefficients.all))
    place = columns @ coefficients.part
    parts = (more, every, place, deals.delivered, deals.ordered)
    more, every, place, delivered, ordered = (one[:, None] for one in parts)
    return _Terms(more, every, place, coefficients.spread, delivered, ordered, tempo)


def _both_terms(
    coefficients: Coefficients, deals: Deals, horizon: float | Floats, tempo: Tempo
) -> tuple[_Terms, _Terms]:
    """Return the terms of the deals as they are, and as if nothing had been delivered: the floor of those under way."""
    floor = deals.as_if_not_begun()
    return _terms(coefficients, deals, horizon, tempo), _terms(coefficients, floor, horizon, tempo)


def _reach(coefficients: Coefficients, deals: Deals, horizon: float | Floats, count: Floats, tempo: Tempo) -> Floats:
    own, floor = _both_terms(coefficients, deals, horizon, tempo)
    return np.maximum(own.reach(count), floor.reach(count))


def _within_year(coefficients: Coefficients, deals: Deals, horizon: Floats, count: Floats, tempo: Tempo) -> Floats:
    """Return the chance that a year brings so much that its even share by the horizon, and one batch, is the count."""
    beyond = count - deals.delivered[:, None] - deals.batch[:, None]
    needed = beyond / np.minimum(horizon, 1.0)[:, None]
    within = deals.delivered[:, None] + np.maximum(np.ceil(needed - _EDGE), 0.0)
    chance = _reach(coefficients, deals, 1.0, within, tempo)
    ratio = needed / np.maximum(deals.remaining, 1.0)[:, None]
    return np.where(ratio > 1.0, chance * np.clip(2.0 - ratio, 0.0, 1.0), chance)


def chance_of(
    coefficients: Coefficients, deals: Deals, horizon: float | Floats, count: Floats, tempo: Tempo = UNMOVED
) -> Floats:
    """Return the chance that cumulative deliveries reach a count within a horizon.

    Parameters
    ----------
    coefficients : Coefficients
    deals : Deals
    horizon : float, or floats of shape (deals,)
        Years from the day of the forecast; 0 or less is that day.
    count : floats of shape (deals, any)
        Items from the start.
    tempo : Tempo, optional
        How the deals' own record moves them within their class.

    Returns
    -------
    floats of shape (deals, any)
    """
    ahead = np.broadcast_to(np.asarray(horizon, dtype=np.float64), (len(deals),))
    chance = _reach(coefficients, deals, ahead, count, tempo)
    if (ahead < 1).any():
        within = _within_year(coefficients, deals, np.maximum(ahead, _SHORTEST_YEARS), count, tempo)
        held = np.minimum(chance, within)
        chance = np.where((ahead < 1)[:, None], held, chance)
    here = (count <= deals.delivered[:, None]).astype(np.float64)
    return np.where((ahead <= 0)[:, None] | (here == 1), here, chance)


def chance_complete(
    coefficients: Coefficients, deals: Deals, horizon: float | Floats, tempo: Tempo = UNMOVED
) -> Floats:
    """Return the chance, of shape (deals,), that everything ordered has come within a horizon in years."""
    return chance_of(coefficients, deals, horizon, deals.ordered[:, None], tempo)[:, 0]


def quantiles_of(
    coefficients: Coefficients, deals: Deals, horizons: Floats, levels: Floats, tempo: Tempo = UNMOVED
) -> Floats:
    """Return quantiles of cumulative deliveries.

    Parameters
    ----------
    horizons : floats of shape (times,)
        Years from the day of the forecast.
    levels : floats of shape (levels,)
        Between 0 and 1, rising.
    tempo : Tempo, optional
        How the deals' own record moves them within their class.

    Returns
    -------
    floats of shape (deals, times, levels): whole items, rising in both.
    """
    found = np.empty((len(deals), len(horizons), len(levels)))
    for at, horizon in enumerate(horizons):
        if horizon <= 0:
            found[:, at] = deals.delivered[:, None]
            continue
        found[:, at] = _quantile(coefficients, deals, float(horizon), levels, tempo)
        if horizon < 1:
            found[:, at] = np.minimum(found[:, at], _even_share(coefficients, deals, float(horizon), levels, tempo))
    return found


def quantiles_given_any(coefficients: Coefficients, deals: Deals, horizon: float, levels: Floats) -> Floats:
    """Return quantiles of cumulative deliveries, of shape (deals, levels), given that anything more comes by then."""
    terms = _terms(coefficients, deals, horizon, UNMOVED)
    return replace(terms, more=np.ones_like(terms.more)).quantile(levels)


def _even_share(coefficients: Coefficients, deals: Deals, horizon: float, levels: Floats, tempo: Tempo) -> Floats:
    """Return the most that the path at each level may have brought within a year's even share, and one batch."""
    year = _quantile(coefficients, deals, 1.0, levels, tempo) - deals.delivered[:, None]
    complete = _reach(coefficients, deals, 1.0, deals.ordered[:, None], tempo)
    faster = np.clip((levels[None, :] - (1 - complete)) / np.maximum(complete, _EDGE), 0.0, 1.0)
    return np.floor(deals.delivered[:, None] + horizon * year * (1 + faster) + deals.batch[:, None])


def _quantile(coefficients: Coefficients, deals: Deals, horizon: float, levels: Floats, tempo: Tempo) -> Floats:
    own, floor = _both_terms(coefficients, deals, horizon, tempo)
    return np.maximum(own.quantile(levels), floor.quantile(levels))


def mean_of(coefficients: Coefficients, deals: Deals, horizons: Floats) -> Floats:
    """Return expected cumulative deliveries, of shape (deals, times).

    The mean of a count is the sum of its chances to reach 1, 2, …: summed as they are for small orders, by
    Gauss-Legendre quadrature with the Euler-Maclaurin end term for large ones (more than 64 items to come). Within a
    year the chances have kinks, and the mean of fine quantiles is taken.
    """
    left = np.maximum(deals.remaining, 1.0)[:, None]
    large = left > _NODES
    points, weights = np.polynomial.legendre.leggauss(_NODES)
    steps = np.arange(1.0, _NODES + 1.0)[None, :]
    count = deals.delivered[:, None] + np.where(large, 1.0 + (points + 1) / 2 * (left - 1), steps)
    weight = np.where(large, weights / 2 * (left - 1), (steps <= left).astype(np.float64))
    found = np.empty((len(deals), len(horizons)))
    for at, horizon in enumerate(horizons):
        if horizon < 1:
            found[:, at] = quantiles_of(coefficients, deals, np.array([horizon]), _FINE_LEVELS)[:, 0].mean(axis=1)
            continue
        reach = chance_of(coefficients, deals, float(horizon), count)
        total = (weight * reach).sum(axis=1)
        first = chance_of(coefficients, deals, float(horizon), deals.delivered[:, None] + 1)[:, 0]
        last = chance_complete(coefficients, deals, float(horizon))
        end_term = np.where(large[:, 0], (first + last) / 2, 0.0)
        found[:, at] = np.minimum(deals.delivered + np.where(deals.remaining > 0, total + end_term, 0.0), deals.ordered)
    return found


def completion_of(coefficients: Coefficients, deals: Deals, levels: Floats, tempo: Tempo = UNMOVED) -> Floats:
    """Return quantiles of the time until everything has come, in years, of shape (deals, levels).

    Infinite where the chance of completion within `LATEST_YEARS` is below the level.
    """
    each = deals.take(np.repeat(np.arange(len(deals)), len(levels)))
    wanted = np.tile(levels, len(deals))
    low, high = np.full(len(each), np.log(_SHORTEST_YEARS)), np.full(len(each), np.log(LATEST_YEARS))
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        reached = chance_complete(coefficients, each, np.exp(middle), tempo) >= wanted
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    final = chance_complete(coefficients, deals, LATEST_YEARS, tempo)[:, None]
    years = np.where(final >= levels[None, :], np.exp(high).reshape(len(deals), -1), np.inf)
    return np.where(deals.remaining[:, None] <= 0, 0.0, years)
