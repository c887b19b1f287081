"""Stability of boxes: what of them comes again when half of the futures are looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pactwork.choices.boxes import Box, Flags, Floats
from pactwork.choices.vulnerability import Counts, Vulnerability, find_boxes

MOST_FUTURES = 40_000


@dataclass(frozen=True, eq=False)
class Stability:
    """How one box fares in random halves of the futures.

    Attributes
    ----------
    found : float
        Share of halves in which a box is found that overlaps with it at all.
    columns : floats of shape (column,)
        Share of halves in which the box most like it limits each column: near 1 for the box's own, near 0 for others.
    recall, precision : float
        Means over halves: share of the box's futures that the other box holds, and share of the other's that this one
        holds. A half without such a box counts as 0 in recall and not in precision.
    density_apart : float
        Share that fails in the boxes of halves among the futures of the other half, which had no say in them: what to
        expect of the box on futures not yet drawn, from half the futures. NaN where none was found.
    halves : int
        That were looked at.
    """

    found: float
    columns: Floats
    recall: float
    precision: float
    density_apart: float
    halves: int


def check_stability(
    vulnerability: Vulnerability,
    x: Floats,
    share: Floats,
    runs: Counts | int = 1,
    *,
    halves: int = 20,
    seed: int = 0,
    most_futures: int = MOST_FUTURES,
    **options: Any,
) -> tuple[Stability, ...]:
    """Return for each box how much of it comes again in halves of the futures.

    Parameters
    ----------
    vulnerability : Vulnerability
        As `find_boxes` gives it for the same arrays.
    x, share, runs
        As for `find_boxes`.
    halves : int
        How many; they come in pairs that make up the whole, so that an even number is used best.
    seed : int
        Same seed, same halves.
    most_futures : int
        Of more futures, so many are drawn first: to see more would take long and say little more.
    **options
        As they were given to `find_boxes`.

    Returns
    -------
    tuple of Stability, one for each box

    Notes
    -----
    Half-samples without replacement, in complementary pairs: N. Meinshausen and P. Bühlmann (2010), "Stability
    selection"; R. D. Shah and R. J. Samworth (2013). Of a Sobol' design, a random half is less even than the whole.
    """
    x, share = np.asarray(x, dtype=np.float64), np.asarray(share, dtype=np.float64)
    counts = np.broadcast_to(np.asarray(runs), share.shape)
    dice = np.random.default_rng([seed, 0x4A1F])
    kept = np.flatnonzero(~np.isnan(share) & (counts > 0))
    if len(kept) > most_futures:
        kept = np.sort(dice.choice(kept, most_futures, replace=False))
    x, share, counts = x[kept], share[kept], counts[kept]
    held = [box.holds(x) for box in vulnerability.boxes]
    seen: list[list[tuple[Floats, float, float, float]]] = [[] for _ in held]
    order = np.arange(len(share))
    for half in range(halves if held else 0):
        if half % 2 == 0:
            order = dice.permutation(len(share))
        chosen, rest = np.array_split(order if half % 2 == 0 else order[::-1], 2)
        chosen, rest = np.sort(chosen), np.sort(rest)
        others = find_boxes(x[chosen], share[chosen], counts[chosen], seed=seed, **options).boxes
        within = [box.holds(x) for box in others]
        for place, mine in enumerate(held):
            like = _find_like(mine, within)
            if like is not None:
                seen[place].append(_compare(mine, within[like], others[like], x.shape[1], rest, share, counts))
    return tuple(_summarise(one, halves, x.shape[1]) for one in seen)


def _find_like(mine: Flags, others: list[Flags]) -> int | None:
    """Return the place of the box that shares most with this one: common futures over futures in either."""
    best, found = 0.0, None
    for place, other in enumerate(others):
        common = float((mine & other).sum()) / max(float((mine | other).sum()), 1.0)
        if common > best:
            best, found = common, place
    return found


def _compare(
    mine: Flags, other: Flags, box: Box, columns: int, rest: Counts, share: Floats, counts: Counts
) -> tuple[Floats, float, float, float]:
    """Return which columns the other box limits, recall, precision, and its density among futures it has not seen."""
    limited = np.zeros(columns)
    limited[[limit.column for limit in box.limits]] = 1.0
    common = float((mine & other).sum())
    unseen = rest[other[rest]]
    runs = float(counts[unseen].sum())
    density = float((counts[unseen] * share[unseen]).sum() / runs) if runs else float("nan")
    return limited, common / max(float(mine.sum()), 1.0), common / float(other.sum()), density


def _summarise(seen: list[tuple[Floats, float, float, float]], halves: int, columns: int) -> Stability:
    nothing = float("nan")
    if not seen:
        return Stability(0.0, np.zeros(columns), 0.0, nothing, nothing, halves)
    limited, recall, precision, density = zip(*seen, strict=True)
    known = [one for one in density if not np.isnan(one)]
    return Stability(
        found=len(seen) / halves,
        columns=np.asarray(np.sum(limited, axis=0) / halves),
        recall=float(np.sum(recall) / halves),
        precision=float(np.mean(precision)),
        density_apart=float(np.mean(known)) if known else nothing,
        halves=halves,
    )
