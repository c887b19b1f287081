"""Inverse distribution functions: each takes a uniform in (0, 1), and grows with it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from pactwork.futures.compiling import compiled

INVERSE_OF = 1.0 / np.arange(1.0, 1026.0)
"""1/1, 1/2, …: multiplying is quicker than dividing in the innermost loops."""
NEGLIGIBLE = 1e-17
"""A mass that no uniform of 52 bits can tell from nothing: counting ends there."""


@compiled
def count_events(uniform: float, count: int, hazard: float, odds: float) -> int:
    """Return the binomial inverse for the chance 1 - exp(-hazard); ``odds`` is exp(hazard) - 1; ``count`` <= 1024."""
    mass, found = math.exp(-hazard * count), 0
    total = mass
    while uniform > total and found < count:
        mass *= odds * (count - found) * INVERSE_OF[found]
        total += mass
        found += 1
        if mass < NEGLIGIBLE and found > odds * count:
            break
    return found


@compiled
def binomial_inverse(uniform: float, count: int, chance: float) -> int:
    """Return the smallest number that Bin(count, chance) exceeds with a probability of at most 1 - uniform.

    Counted from the nearer end, so that the first mass never vanishes; ``count`` <= 1024.
    """
    if count <= 0 or chance <= 0.0:
        return 0
    if chance >= 1.0:
        return count
    if chance > 0.5:
        rarer = 1.0 - chance
        return count - count_events(1.0 - uniform, count, -math.log1p(-rarer), rarer / (1.0 - rarer))
    return count_events(uniform, count, -math.log1p(-chance), chance / (1.0 - chance))


@compiled
def poisson_inverse(uniform: float, mean: float) -> int:
    """Return the Poisson inverse by counting up; ``mean`` <= 64."""
    mass, found = math.exp(-mean), 0
    total = mass
    while uniform > total and found < 1024:
        mass *= mean * INVERSE_OF[found]
        total += mass
        found += 1
        if mass < NEGLIGIBLE and found > mean:
            break
    return found


@compiled
def _beta_tail(at: float, first: int, second: int, start: float) -> tuple[float, float]:
    """Return the distribution function of Beta(first, second) and its density, for whole parameters.

    ``start`` is the logarithm of the binomial coefficient (first + second - 1 over first).
    """
    trials = first + second - 1
    leading = math.exp(start + first * math.log(at) + (second - 1) * math.log1p(-at))
    density = leading * first / at
    if second <= first:  # of the two sums the shorter
        term, total, odds = leading, leading, at / (1.0 - at)
        for done in range(first, trials):
            term *= odds * (trials - done) / (done + 1)
            total += term
        return total, density
    term, total, odds = leading, 0.0, (1.0 - at) / at
    for done in range(first, 0, -1):
        term *= odds * done / (trials - done + 1)
        total += term
    return 1.0 - total, density


@compiled
def beta_inverse(uniform: float, first: int, second: int) -> float:
    """Return the inverse of Beta(first, second) for whole parameters: when the first-th of several events comes.

    Notes
    -----
    The order statistic of uniforms; I_x(a, b) = P(Bin(a + b - 1, x) >= a). Newton's steps, kept within a bracket.
    """
    if first == 1:
        return -math.expm1(math.log1p(-uniform) / second)
    if second == 1:
        return math.exp(math.log(uniform) / first)
    trials = first + second - 1
    start = math.lgamma(trials + 1.0) - math.lgamma(first + 1.0) - math.lgamma(trials - first + 1.0)
    low, high, at = 0.0, 1.0, first / (first + second)
    for _ in range(60):
        below, density = _beta_tail(at, first, second, start)
        if below > uniform:
            high = at
        else:
            low = at
        moved = at - (below - uniform) / density if density > 0.0 else -1.0
        if not low < moved < high:
            moved = 0.5 * (low + high)
        if abs(moved - at) < 1e-11:
            return moved
        at = moved
    return at


@compiled
def _gamma_below(shape: float, at: float, log_gamma: float) -> float:
    """Return P(shape, at), the distribution function of the Gamma distribution of scale 1.

    Notes
    -----
    Series below shape + 1 (DLMF 8.7.1), continued fraction above (DLMF 8.9.2, modified Lentz).
    """
    if at <= 0.0:
        return 0.0
    leading = math.exp(-at + shape * math.log(at) - log_gamma)
    if at < shape + 1.0:
        term = 1.0 / shape
        total, grows = term, shape
        for _ in range(500):
            grows += 1.0
            term *= at / grows
            total += term
            if term < total * 1e-16:
                break
        return total * leading
    b = at + 1.0 - shape
    c, d = 1e300, 1.0 / b
    fraction = d
    for i in range(1, 500):
        a = -i * (i - shape)
        b += 2.0
        d = 1.0 / (a * d + b)
        c = b + a / c
        change = d * c
        fraction *= change
        if abs(change - 1.0) < 1e-15:
            break
    return 1.0 - leading * fraction


@compiled
def gamma_inverse(uniform: float, shape: float) -> float:
    """Return the inverse of the Gamma distribution of scale 1, for any shape above 0.

    Notes
    -----
    Starting point as in Press et al., Numerical Recipes, 3rd ed., 6.2.1; then Halley's steps.
    """
    log_gamma = math.lgamma(shape)
    if shape > 1.0:
        normal = normal_inverse(uniform)
        root = 1.0 - 1.0 / (9.0 * shape) + normal / (3.0 * math.sqrt(shape))
        at = max(1e-3, shape * root**3)
    else:
        turn = 1.0 - shape * (0.253 + shape * 0.12)
        if uniform < turn:
            at = math.exp(math.log(uniform / turn) / shape)
        else:
            at = 1.0 - math.log(1.0 - (uniform - turn) / (1.0 - turn))
    for _ in range(20):
        if at <= 1e-290:  # smaller than any item can ever be a part of
            return 0.0
        error = _gamma_below(shape, at, log_gamma) - uniform
        density = math.exp(-at + (shape - 1.0) * math.log(at) - log_gamma)
        if density <= 0.0:
            break
        newton = error / density
        change = newton / (1.0 - 0.5 * min(1.0, newton * ((shape - 1.0) / at - 1.0)))
        at = at - change if at > change else 0.5 * at
        if abs(change) < 1e-9 * at:
            break
    return at


_CENTRE = (
    np.array([2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
              13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608]),
    np.array([5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
              5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0]),
)  # fmt: skip
_MIDDLE = (
    np.array([7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
              3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734]),
    np.array([1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
              0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0]),
)  # fmt: skip
_TAIL = (
    np.array([2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
              0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772]),
    np.array([2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
              0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0]),
)  # fmt: skip


@compiled
def _ratio(above: NDArray[np.float64], below: NDArray[np.float64], at: float) -> float:
    """Return the ratio of two polynomials, coefficients from the highest power down."""
    top, bottom = 0.0, 0.0
    for k in range(above.size):
        top, bottom = top * at + above[k], bottom * at + below[k]
    return top / bottom


@compiled
def normal_inverse(uniform: float) -> float:
    """Return the inverse of the standard normal distribution.

    Notes
    -----
    Wichura (1988), Algorithm AS 241, PPND16: about 1 part in 10**16.
    """
    offset = uniform - 0.5
    if abs(offset) <= 0.425:
        return offset * _ratio(_CENTRE[0], _CENTRE[1], 0.180625 - offset * offset)
    tail = math.sqrt(-math.log(uniform if offset < 0.0 else 1.0 - uniform))
    near = tail <= 5.0
    found = _ratio(_MIDDLE[0], _MIDDLE[1], tail - 1.6) if near else _ratio(_TAIL[0], _TAIL[1], tail - 5.0)
    return -found if offset < 0.0 else found


@compiled
def lognormal(uniform: float, spread: float) -> float:
    """Return the inverse of the lognormal factor of mean 1 whose logarithm has the standard deviation ``spread``."""
    if spread <= 0.0:
        return 1.0
    return math.exp(spread * normal_inverse(uniform) - 0.5 * spread * spread)
