"""Chance: a random number is a function of what it decides, so that choices share their luck and any run comes again.

The generator is Philox4x32-10 with the key (seed, future). Its counter says which number is meant: the replication, the
stream (the 32-bit hash of the decision's name), the item or ordinal, and the place within it (substep and block).
Nothing is kept between two draws.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from pactwork.futures.arrays import Counts, Floats
from pactwork.futures.compiling import compiled, hash_bytes, inlined
from pactwork.futures.inverses import (
    beta_inverse,
    binomial_inverse,
    count_events,
    lognormal,
    poisson_inverse,
)

_MASK, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)
_MULTIPLIER_0, _MULTIPLIER_1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_WEYL_0, _WEYL_1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_6, _26 = np.uint64(6), np.uint64(26)

BINOMIAL_BLOCK = 256
"""Items decided by one uniform: (1 - p)^n does not vanish, and an inversion counts no further than this."""
POISSON_BLOCK = 64.0
"""Mean decided by one uniform; whatever exceeds it goes to the next."""
BATCH = 16
"""Blocks of the generator made at once."""
SPACINGS = 6
"""Ranks from either end up to which an order statistic is cheaper by spacings than by the inverse of its own."""


class Key(NamedTuple):
    """Whose luck it is: the seed, the future and the replication; the choice is not in it."""

    seed: np.uint64
    future: np.uint64
    replication: np.uint64


def make_key(seed: int, future: int, replication: int) -> Key:
    """Return the key of one run, each part a whole number below 2**32."""
    parts = (seed, future, replication)
    if not all(0 <= part < 2**32 for part in parts):
        raise ValueError(f"seed, future and replication must be whole numbers from 0 to 2**32 - 1, not {parts}")
    return Key(*(np.uint64(part) for part in parts))


class StreamCollisionError(ValueError):
    """Two decisions have names with one hash, and would share their luck."""


class Streams:
    """The names of all decisions of a plan, each with its 32-bit word.

    Examples
    --------
    >>> streams = Streams()
    >>> streams.word("europe.escalates") == streams.word("europe.escalates")
    True
    """

    def __init__(self) -> None:
        self._names: dict[int, str] = {}

    def word(self, name: str) -> int:
        """Return the word of a decision's name; an error where another name has the same."""
        word = hash_bytes(name.encode("utf-8"))
        other = self._names.setdefault(word, name)
        if other != name:
            raise StreamCollisionError(f"the streams {other!r} and {name!r} have the same hash: rename one of them")
        return word

    def table(self, rows: Iterable[str], decisions: Iterable[str]) -> np.ndarray[tuple[int, int], np.dtype[np.uint32]]:
        """Return words of shape (rows, decisions), named ``row.decision``."""
        rows, decisions = list(rows), list(decisions)
        words = [[self.word(f"{row}.{decision}") for decision in decisions] for row in rows]
        return np.array(words, dtype=np.uint32).reshape(len(rows), len(decisions))


@inlined
def philox(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return four 32-bit words from a counter of four and a key of two; each is held in 64 bits.

    Notes
    -----
    Salmon, Moraes, Dror, Shaw (2011), Parallel random numbers: as easy as 1, 2, 3; Philox4x32-10.
    """
    for _ in range(10):
        first, second = _MULTIPLIER_0 * c0, _MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (second >> _HALF) ^ c1 ^ k0, second & _MASK, (first >> _HALF) ^ c3 ^ k1, first & _MASK
        k0, k1 = (k0 + _WEYL_0) & _MASK, (k1 + _WEYL_1) & _MASK
    return c0, c1, c2, c3


@inlined
def _join(high: np.uint64, low: np.uint64) -> float:
    """Return the middle of one of 2**52 equal parts of (0, 1), which a float holds exactly: neither end can come."""
    return (float(np.int64(((high >> _6) << _26) | (low >> _6))) + 0.5) * 2.0**-52


@inlined
def draw_pair(key: Key, stream: int, item: int, place: int) -> tuple[float, float]:
    """Return two independent uniforms in (0, 1)."""
    w0, w1, w2, w3 = philox(key.replication, np.uint64(stream), np.uint64(item), np.uint64(place), key.seed, key.future)
    return _join(w0, w1), _join(w2, w3)


@compiled
def draw_pairs(key: Key, stream: int, items: Counts, places: Counts, first: Floats, second: Floats) -> None:
    """Write what ``draw_pair`` gives for ``BATCH`` items and places.

    One alone waits for each of its ten rounds; many go through them side by side, several to a machine instruction.
    """
    for row in range(BATCH):
        w0, w1, w2, w3 = philox(
            key.replication & _MASK, np.uint64(stream) & _MASK, np.uint64(items[row]) & _MASK,
            np.uint64(places[row]) & _MASK, key.seed & _MASK, key.future & _MASK,
        )  # fmt: skip
        first[row], second[row] = _join(w0, w1), _join(w2, w3)


@inlined
def draw_uniform(key: Key, stream: int, item: int, place: int) -> float:
    """Return one uniform in (0, 1)."""
    return draw_pair(key, stream, item, place)[0]


@compiled
def draw_exponential(key: Key, stream: int, item: int, place: int) -> float:
    """Return an exponential time of mean 1; larger uniforms give longer times."""
    return -math.log1p(-draw_uniform(key, stream, item, place))


@compiled
def draw_lognormal(key: Key, stream: int, item: int, place: int, spread: float) -> float:
    """Return a lognormal factor of mean 1 whose logarithm has the standard deviation ``spread``."""
    return lognormal(draw_uniform(key, stream, item, place), spread)


@compiled
def draw_binomial(key: Key, stream: int, item: int, place: int, count: int, chance: float) -> int:
    """Return how many of ``count`` items an event of some chance befalls: by inversion, 256 items to a uniform."""
    if chance >= 1.0:
        return count
    found, block = 0, 0
    while count > 0 and chance > 0.0:
        part = min(count, BINOMIAL_BLOCK)
        found += binomial_inverse(draw_uniform(key, stream, item, place + block), part, chance)
        count -= part
        block += 1
    return found


@compiled
def draw_events(key: Key, stream: int, item: int, place: int, count: int, hazard: float, odds: float) -> int:
    """Return how many of ``count`` items an event befalls whose integrated hazard is small.

    The same numbers as ``draw_binomial`` with the chance 1 - exp(-hazard), for a loop that knows
    ``odds`` = exp(hazard) - 1 beforehand; ``hazard`` must not exceed ln 2.
    """
    found, block = 0, 0
    while count > 0 and hazard > 0.0:
        part = min(count, BINOMIAL_BLOCK)
        found += count_events(draw_uniform(key, stream, item, place + block), part, hazard, odds)
        count -= part
        block += 1
    return found


@compiled
def draw_poisson(key: Key, stream: int, item: int, place: int, mean: float) -> int:
    """Return a Poisson number by inversion; a larger mean never gives a smaller number."""
    found, block = 0, 0
    while mean > 0.0:
        found += poisson_inverse(draw_uniform(key, stream, item, place + block), min(mean, POISSON_BLOCK))
        mean -= POISSON_BLOCK
        block += 1
    return found


@compiled
def draw_rank(key: Key, stream: int, item: int, place: int, uniform: float, rank: int, of: int) -> float:
    """Return where in (0, 1) the ``rank``-th of ``of`` uniform times comes: Beta(rank, of - rank + 1).

    Parameters
    ----------
    uniform : float
        The first uniform; others come from ``place`` on, two from each.

    Notes
    -----
    By spacings from the nearer end, each an inversion of its own: of n times in (x, 1) the first is after y with the
    probability ((1 - y)/(1 - x))^n (Devroye 1986, Non-Uniform Random Variate Generation, ch. 5.2). From far within, by
    the inverse of the Beta distribution.
    """
    from_above = of - rank + 1
    ranks, rises = min(rank, from_above), rank <= from_above
    if ranks > SPACINGS:
        return beta_inverse(uniform, rank, from_above)
    left = math.log(1.0 - uniform if rises else uniform) / of
    for done in range(1, ranks, 2):
        one, other = draw_pair(key, stream, item, place + done)
        left += math.log(1.0 - one if rises else one) / (of - done)
        if done + 1 < ranks:
            left += math.log(1.0 - other if rises else other) / (of - done - 1)
    return 1.0 - math.exp(left) if rises else math.exp(left)
