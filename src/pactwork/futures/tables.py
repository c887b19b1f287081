"""Inverse distribution functions kept as tables, for rates that stand still from step to step.

A table holds the very sums that counting up would make, so that reading one gives what counting gives, bit for bit:
whether there is a table yet decides how quickly a number comes, never which.
"""

from __future__ import annotations

import math

from pactwork.futures.arrays import Flags, Floats
from pactwork.futures.compiling import compiled, inlined
from pactwork.futures.draws import BINOMIAL_BLOCK, POISSON_BLOCK, Key, draw_pair, draw_poisson
from pactwork.futures.inverses import INVERSE_OF, NEGLIGIBLE, count_events, poisson_inverse

ROWS, POISSON_ROW = 258, 257
"""A row for each number of items up to a block, and one for Poisson numbers."""
WIDTH, GUIDES = 96, 64
"""Sums of a row, and places from which a search begins."""
LARGEST_MEAN = 32.0
"""Beyond it, a row might not hold all sums: what is larger is counted up."""
BEYOND_ALL = 2.0


@inlined
def look_up(totals: Floats, guide: Flags, uniform: float) -> int:
    """Return the inverse at ``uniform`` from one row (indexed search: Chen and Asau 1974)."""
    found = int(guide[int(uniform * GUIDES)])
    while uniform > totals[found]:
        found += 1
    return found


@compiled
def _guide(totals: Floats, guide: Flags) -> None:
    """Write, for each of ``GUIDES`` equal parts of (0, 1), the inverse at its lower end."""
    found = 0
    for part in range(GUIDES):
        while part > totals[found] * GUIDES:
            found += 1
        guide[part] = found


@compiled
def tabulate_events(totals: Floats, guide: Flags, count: int, hazard: float, odds: float) -> None:
    """Write the row of ``count_events``; odds × count <= ``LARGEST_MEAN``."""
    mass, found = math.exp(-hazard * count), 0
    total = mass
    while found < count:
        totals[found] = total
        mass *= odds * (count - found) * INVERSE_OF[found]
        total += mass
        found += 1
        if mass < NEGLIGIBLE and found > odds * count:
            break
    totals[found] = BEYOND_ALL
    _guide(totals, guide)


@compiled
def tabulate_poisson(totals: Floats, guide: Flags, mean: float) -> None:
    """Write the row of ``poisson_inverse``; mean <= ``LARGEST_MEAN``."""
    mass, found = math.exp(-mean), 0
    total = mass
    while True:
        totals[found] = total
        mass *= mean * INVERSE_OF[found]
        total += mass
        found += 1
        if mass < NEGLIGIBLE and found > mean:
            break
    totals[found] = BEYOND_ALL
    _guide(totals, guide)


@compiled
def _count_events(
    made_for: Floats, totals: Floats, guide: Flags, uniform: float, count: int, hazard: float, odds: float, steady: bool
) -> int:
    """Count up; where the rate is steady, the next time there is a table."""
    if steady and odds * count <= LARGEST_MEAN:
        tabulate_events(totals[count], guide[count], count, hazard, odds)
        made_for[count] = hazard
    return int(count_events(uniform, count, hazard, odds))


@inlined
def _read_events(
    made_for: Floats, totals: Floats, guide: Flags, uniform: float, count: int, hazard: float, odds: float, steady: bool
) -> int:
    if made_for[count] == hazard:
        return look_up(totals[count], guide[count], uniform)
    return _count_events(made_for, totals, guide, uniform, count, hazard, odds, steady)


@compiled
def _read_rest(
    made_for: Floats, totals: Floats, guide: Flags, key: Key, stream: int, item: int, place: int, count: int,
    hazard: float, odds: float, steady: bool,
) -> int:  # fmt: skip
    """Decide the items beyond the first block, two blocks to a place."""
    found = 0
    while count > 0:
        place += 1
        for uniform in draw_pair(key, stream, item, place):
            if count > 0:
                part = min(count, BINOMIAL_BLOCK)
                found += _read_events(made_for, totals, guide, uniform, part, hazard, odds, steady)
            count -= BINOMIAL_BLOCK
    return found


@inlined
def read_many_events(
    made_for: Floats, totals: Floats, guide: Flags, key: Key, stream: int, item: int, place: int, uniform: float,
    count: int, hazard: float, odds: float, steady: bool,
) -> int:  # fmt: skip
    """Return how many of ``count`` items an event befalls: 256 items to a uniform, the first of which is given.

    Parameters
    ----------
    made_for, totals, guide : ndarray of shape (row,), (row, WIDTH), (row, GUIDES)
        One decision's tables, written here where the rate is ``steady``.
    place : int
        Further uniforms come from the places after it, two from each.
    """
    found = _read_events(made_for, totals, guide, uniform, min(count, BINOMIAL_BLOCK), hazard, odds, steady)
    if count > BINOMIAL_BLOCK:
        rest = count - BINOMIAL_BLOCK
        found += _read_rest(made_for, totals, guide, key, stream, item, place, rest, hazard, odds, steady)
    return found


@compiled
def _count_share(made_for: Floats, totals: Floats, guide: Flags, uniform: float, count: int, rarer: float) -> int:
    """Count up; the next time there is a table."""
    hazard, odds = -math.log1p(-rarer), rarer / (1.0 - rarer)
    if odds * count <= LARGEST_MEAN:
        tabulate_events(totals[count], guide[count], count, hazard, odds)
        made_for[count] = rarer
    return int(count_events(uniform, count, hazard, odds))


@inlined
def read_share(made_for: Floats, totals: Floats, guide: Flags, uniform: float, count: int, chance: float) -> int:
    """Return ``binomial_inverse`` for ``count`` <= 256 and a chance within (0, 1) that stands still."""
    rare = chance <= 0.5
    rarer, luck = (chance, uniform) if rare else (1.0 - chance, 1.0 - uniform)
    if made_for[count] == rarer:
        found = look_up(totals[count], guide[count], luck)
    else:
        found = _count_share(made_for, totals, guide, luck, count, rarer)
    return found if rare else count - found


@compiled
def _count_poisson(
    made_for: Floats, totals: Floats, guide: Flags, key: Key, stream: int, item: int, place: int, uniform: float,
    mean: float, steady: bool,
) -> int:  # fmt: skip
    """Count up; where the rate is steady, the next time there is a table."""
    if steady and mean <= LARGEST_MEAN:
        tabulate_poisson(totals[POISSON_ROW], guide[POISSON_ROW], mean)
        made_for[POISSON_ROW] = mean
    found = int(poisson_inverse(uniform, min(mean, POISSON_BLOCK)))
    return found + draw_poisson(key, stream, item, place + 1, mean - POISSON_BLOCK)


@inlined
def read_poisson(
    made_for: Floats, totals: Floats, guide: Flags, key: Key, stream: int, item: int, place: int, uniform: float,
    mean: float, steady: bool,
) -> int:  # fmt: skip
    """Return a Poisson number; the first of its uniforms is given, others come from the places after ``place``."""
    if made_for[POISSON_ROW] == mean:
        return look_up(totals[POISSON_ROW], guide[POISSON_ROW], uniform)
    return _count_poisson(made_for, totals, guide, key, stream, item, place, uniform, mean, steady)
