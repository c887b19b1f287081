"""Break-even: how effective a lever must be to be worth its cost, where nobody knows how effective it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from numpy.polynomial import legendre

from pactwork.choices.clusters import Counts, resample_futures

Floats = npt.NDArray[np.float64]
Verdict = Literal["from", "always", "never", "only_below", "unclear", "unknown"]
MOST_DEGREE = 3
FEWEST_FUTURES = 10
LEAST_AGREEMENT = 0.95
_GRID = 1001


@dataclass(frozen=True)
class BreakEven:
    """From which effect on a lever gives what is required of it.

    Attributes
    ----------
    verdict : str
        ``from``: beginning with ``effect``; ``always`` or ``never``: at every effect that occurs; ``only_below``: it
        gives enough at some effects, but not at the largest; ``unclear``: one of these three, but fewer than 95 % of
        the resamples agree; ``unknown``: fewer than 10 futures count.
    effect : float or None
        In the effect's unit, only for ``from``.
    low, high : float or None
        Ends of the 95 % interval. None where that end lies outside the effects that occur, as it does where some
        resamples say always, or never: see their shares.
    share_always, share_never : float
        Of resamples, that found the lever to give enough at every effect, or not at the largest.
    depends : bool
        Whether what it gives is seen to change with the effect at all.
    mean, mean_low, mean_high : float
        What it gives beyond what is required, over all futures, in the outcome's unit, with its 95 % interval.
    range : pair of floats
        The smallest and the largest effect that occur.
    futures : int
        That count.
    """

    verdict: Verdict
    effect: float | None
    low: float | None
    high: float | None
    share_always: float
    share_never: float
    depends: bool
    mean: float
    mean_low: float
    mean_high: float
    range: tuple[float, float]
    futures: int


def find_break_even(
    effect: Floats, benefit: Floats, required: Floats | float = 0.0, *, times: int = 1000, seed: int = 0
) -> BreakEven:
    """Return from which effect on a lever gives what is required of it.

    Parameters
    ----------
    effect : floats of shape (future,)
        How effective the lever is in each future.
    benefit : floats of shape (future,)
        Mean paired difference that it makes in each future, in the outcome's unit, positive where better. NaN leaves a
        future out.
    required : floats of shape (future,), or one for all
        What its cost must buy there: cost × what a unit of money is worth in the outcome's unit, or what the best
        alternative buys for as much (`price_alternative`), or another choice's benefit.
    times : int
        Resamples of futures for the interval.
    seed : int
        Same seed, same interval.

    Raises
    ------
    ValueError
        When shapes do not fit.

    Notes
    -----
    What the lever gives beyond what is required is a polynomial of the effect, of degree 0 to 3 by Schwarz's criterion
    (1978); the effect asked for is where it last crosses zero upwards. The interval holds percentiles over resampled
    futures, with always as below everything and never as above everything. Without the smoothness of a polynomial, the
    crossing would be known to the cube root of the futures only (isotonic regression: Brunk 1970).

    Examples
    --------
    >>> effect = np.linspace(0.0, 1.0, 101)
    >>> found = find_break_even(effect, 2 * effect, 1.0)
    >>> found.verdict, round(found.effect, 3)
    ('from', 0.5)
    """
    effect, benefit = np.asarray(effect, dtype=np.float64), np.asarray(benefit, dtype=np.float64)
    if effect.ndim != 1 or benefit.shape != effect.shape:
        raise ValueError(f"an effect and a benefit for each future are needed, not {effect.shape} and {benefit.shape}")
    beyond = benefit - np.broadcast_to(np.asarray(required, dtype=np.float64), effect.shape)
    kept = np.isfinite(beyond) & np.isfinite(effect)
    effect, beyond = effect[kept], beyond[kept]
    if len(effect) < FEWEST_FUTURES:
        return _say_unknown(effect, beyond)
    low, high = float(effect.min()), float(effect.max())
    placed = (effect - low) / (high - low) * 2 - 1 if high > low else np.zeros(len(effect))
    drawn = resample_futures(len(effect), times=times, seed=seed)
    degree = _choose_degree(placed, beyond)
    crossings = _find_crossings(placed, beyond, degree, np.vstack([np.ones(len(effect), dtype=np.int64), drawn]))
    first, others = float(crossings[0]), crossings[1:]
    means = drawn @ beyond / drawn.sum(axis=1)
    ends = np.quantile(others, (0.025, 0.975), method="inverted_cdf")

    def read(place: float) -> float | None:
        return low + (place + 1) / 2 * (high - low) if np.isfinite(place) else None

    return BreakEven(
        verdict=_judge(first, others, placed, beyond, degree),
        effect=read(first),
        low=read(float(ends[0])),
        high=read(float(ends[1])),
        share_always=float((others == -np.inf).mean()),
        share_never=float((others == np.inf).mean()),
        depends=degree > 0,
        mean=float(beyond.mean()),
        mean_low=float(np.quantile(means, 0.025)),
        mean_high=float(np.quantile(means, 0.975)),
        range=(low, high),
        futures=len(effect),
    )


def price_alternative(benefits: Floats, costs: Floats, cost: Floats) -> tuple[int | None, Floats]:
    """Return which alternative buys most for its money, and what it buys for what a lever costs.

    Parameters
    ----------
    benefits, costs : floats of shape (alternative, future)
        Paired differences from the baseline: benefit in the outcome's unit, positive where better; cost in money.
    cost : floats of shape (future,)
        Of the lever.

    Returns
    -------
    int or None
        The alternative with the largest mean benefit for each unit of mean cost; None where none costs anything, or
        none is of any benefit.
    floats of shape (future,)
        What it buys for the lever's cost in each future, as if benefit grew evenly with money; 0 for none.

    Examples
    --------
    >>> price_alternative(np.array([[1.0, 3.0], [2.0, 2.0]]), np.array([[4.0, 4.0], [2.0, 2.0]]), np.array([1.0, 3.0]))
    (1, array([1., 3.]))
    """
    rates = []
    for benefit, price in zip(benefits, costs, strict=True):
        known = np.isfinite(benefit) & np.isfinite(price)
        spent = float(price[known].sum())
        rates.append(float(benefit[known].sum()) / spent if spent > 0 else 0.0)
    if not rates or max(rates) <= 0:
        return None, np.zeros(len(cost))
    best = int(np.argmax(rates))
    return best, rates[best] * cost


def _say_unknown(effect: Floats, beyond: Floats) -> BreakEven:
    nothing = float("nan")
    mean = float(beyond.mean()) if len(beyond) else nothing
    span = (float(effect.min()), float(effect.max())) if len(effect) else (nothing, nothing)
    return BreakEven("unknown", None, None, None, nothing, nothing, False, mean, nothing, nothing, span, len(effect))


def _choose_degree(placed: Floats, beyond: Floats) -> int:
    """Return the degree with the least of Schwarz's criterion, n·log(squares/n) + degree·log(n)."""
    futures, levels = len(placed), len(np.unique(placed))
    scores = []
    for degree in range(min(MOST_DEGREE, levels - 1) + 1):
        design = legendre.legvander(placed, degree)
        rest = beyond - design @ np.linalg.lstsq(design, beyond, rcond=None)[0]
        tiny = np.finfo(float).eps * float(beyond @ beyond) + np.finfo(float).tiny
        scores.append(futures * np.log((float(rest @ rest) + tiny) / futures) + degree * np.log(futures))
    return int(np.argmin(scores))


def _find_crossings(placed: Floats, beyond: Floats, degree: int, drawn: Counts) -> Floats:
    """Return where each resample's polynomial last crosses zero upwards: −∞ for always, ∞ for not at the largest."""
    design = legendre.legvander(placed, degree)
    grid = np.linspace(-1, 1, _GRID)
    shown = legendre.legvander(grid, degree)
    products = design[:, :, None] * design[:, None, :]
    left = (drawn @ products.reshape(len(placed), -1)).reshape(len(drawn), degree + 1, degree + 1)
    right = drawn @ (design * beyond[:, None])
    # least squares of least norm, all resamples at once: a resample of few futures may leave the fit open
    solved = (np.linalg.pinv(left, hermitian=True) @ right[..., None])[..., 0]
    fitted = solved @ shown.T
    slack = 1e-9 * max(float(np.abs(beyond).max()), 1e-300)
    enough = fitted >= -slack
    found = np.full(len(drawn), np.inf)
    found[enough.all(axis=1)] = -np.inf
    crossing = np.flatnonzero(enough[:, -1] & ~enough.all(axis=1))
    last = _GRID - 1 - np.argmin(enough[crossing, ::-1], axis=1)  # the last that is not enough; the one after is
    below, above = fitted[crossing, last], np.maximum(fitted[crossing, last + 1], 0.0)
    found[crossing] = grid[last] + (grid[last + 1] - grid[last]) * below / (below - above)
    return found


def _judge(first: float, others: Floats, placed: Floats, beyond: Floats, degree: int) -> Verdict:
    if np.isfinite(first):
        return "from"
    if float((others == first).mean()) < LEAST_AGREEMENT:
        return "unclear"
    if first < 0:
        return "always"
    design = legendre.legvander(placed, degree)
    fitted = legendre.legvander(np.linspace(-1, 1, _GRID), degree) @ np.linalg.lstsq(design, beyond, rcond=None)[0]
    return "only_below" if (fitted > 1e-9 * float(np.abs(beyond).max())).any() else "never"
