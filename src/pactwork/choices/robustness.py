"""Robustness of choices, several views side by side: share of futures that meet a criterion, mean, worst tenth, regret.

Notes
-----
The views are those of R. J. Lempert et al. (2006), "A general, analytic method for generating robust strategies and
narrative scenarios", and J. D. Herman et al. (2015), "How should robustness be defined for water systems planning under
change?". No view is weighed against another.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pactwork.choices.clusters import Counts, Mean, estimate_mean, estimate_share
from pactwork.choices.criteria import Criterion, Flags, Floats, summarise_runs
from pactwork.choices.regret import Regret, find_regret, summarise_halves

WORST_SHARE = 0.1


@dataclass(frozen=True, eq=False)
class Robustness:
    """One choice's views of one criterion.

    Attributes
    ----------
    met : Mean
        Share of futures that meet the criterion, with Wilson's interval.
    expected : Mean
        The statistic's mean over futures, in its unit.
    worst_decile : float
        Mean of the worst tenth of per-future statistics, as they stand: noise of the replications makes it look worse
        than it is.
    worst_decile_apart : float
        The same, with the worst tenth picked on one half of the replications and judged on the other, halves swapped:
        futures that were picked in error make it look better than it is. The truth lies between the two. NaN with one
        replication.
    regret : Regret
        Against the best choice in the same future.
    """

    met: Mean
    expected: Mean
    worst_decile: float
    worst_decile_apart: float
    regret: Regret


def measure_robustness(
    values: Floats, criterion: Criterion, scramble: Counts | None = None, failed: Flags | None = None
) -> tuple[Robustness, ...]:
    """Return every choice's views of one criterion.

    Parameters
    ----------
    values : floats of shape (choice, future, replication)
        One outcome; NaN where it does not arise.
    criterion : Criterion
        What is asked.
    scramble : integers of shape (future,), optional
        The independent scramble of the design that each future belongs to; see `estimate_mean`.
    failed : booleans of the shape of ``values``, optional
        Runs that failed.

    Returns
    -------
    tuple of Robustness, one for each choice, in their order

    Raises
    ------
    ValueError
        When shapes do not fit.

    Notes
    -----
    A future without a statistic, or with an infinite one (see `Criterion.missing`), is left out of means and the worst
    tenth of that choice; an infinite one is judged by the criterion like any other.
    """
    check_shapes(values, scramble, failed)
    statistics = summarise_runs(values, criterion, failed)
    halves = summarise_halves(values, criterion, failed)
    regrets = find_regret(values, criterion, scramble, failed)
    return tuple(
        Robustness(
            met=estimate_share(criterion.meets(of_choice), scramble),
            expected=estimate_mean(of_choice, scramble),
            worst_decile=average_worst(of_choice, criterion.sign),
            worst_decile_apart=_average_worst_apart(halves[:, choice], criterion.sign),
            regret=regrets[choice],
        )
        for choice, of_choice in enumerate(statistics)
    )


def average_worst(statistics: Floats, sign: float, share: float = WORST_SHARE) -> float:
    """Return the mean of the worst tenth of futures: of the ⌈share × futures⌉ worst, those without a number left out.

    Parameters
    ----------
    statistics : floats of shape (future,)
        In any unit.
    sign : float
        1 where more is better, −1 where less is.

    Examples
    --------
    >>> average_worst(np.arange(20.0), 1.0)
    0.5
    """
    goodness = sign * statistics[np.isfinite(statistics)]
    if goodness.size == 0:
        return float("nan")
    worst = count_worst(goodness.size, share)
    return float(sign * np.partition(goodness, worst - 1)[:worst].mean())


def count_worst(futures: int, share: float = WORST_SHARE) -> int:
    """Return how many futures are the worst tenth: rounded up, at least one."""
    return max(1, int(np.ceil(share * futures - 1e-9)))


def _average_worst_apart(halves: Floats, sign: float) -> float:
    kept = halves[:, np.isfinite(halves).all(axis=0)]
    if kept.shape[1] == 0:
        return float("nan")
    worst = count_worst(kept.shape[1])
    found = [float(kept[1 - half][np.argsort(sign * kept[half], kind="stable")[:worst]].mean()) for half in (0, 1)]
    return float(np.mean(found))


def check_shapes(values: Floats, scramble: Counts | None, failed: Flags | None) -> None:
    """Raise ValueError when arrays of runs do not fit each other."""
    if values.ndim != 3 or 0 in values.shape:
        raise ValueError(f"values of shape (choice, future, replication) are needed, not {values.shape}")
    if scramble is not None and scramble.shape != values.shape[1:2]:
        raise ValueError(f"the scramble of each of {values.shape[1]} futures is needed, not {scramble.shape}")
    if failed is not None and failed.shape != values.shape:
        raise ValueError(f"failed has shape {failed.shape}, values {values.shape}")
