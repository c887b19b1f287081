"""Regret: how far a choice stays behind the best choice in the same future, without the luck of the best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pactwork.choices.clusters import Counts, Mean, estimate_mean
from pactwork.choices.criteria import Criterion, Flags, Floats, summarise_runs


@dataclass(frozen=True, eq=False)
class Regret:
    """How far one choice stays behind the best one, in the statistic's unit; 0 is as good as the best.

    Attributes
    ----------
    mean : Mean
        Cross-fitted; may lie a little below 0. NaN with one replication, where nothing can be judged apart.
    q90 : float
        90th percentile over futures of the cross-fitted regret. It holds the noise of a future's replications too, and
        comes down with more of them.
    plug_in : float
        Mean regret with the best picked and judged on the same runs: too large, and larger with more choices.
    futures : floats of shape (future,)
        Cross-fitted regret in each future; NaN where this choice has no statistic.
    """

    mean: Mean
    q90: float
    plug_in: float
    futures: Floats


def summarise_halves(values: Floats, criterion: Criterion, failed: Flags | None = None) -> Floats:
    """Return the statistic on the runs of even number and on those of odd number.

    Returns
    -------
    floats of shape (2, ...) for values of shape (..., replication)
        All NaN in the second half with one replication.
    """
    halves = []
    for first in (0, 1):
        part = values[..., first::2]
        if part.shape[-1] == 0:
            halves.append(np.full(values.shape[:-1], np.nan))
        else:
            halves.append(summarise_runs(part, criterion, None if failed is None else failed[..., first::2]))
    return np.stack(halves)


def find_regret(
    values: Floats, criterion: Criterion, scramble: Counts | None = None, failed: Flags | None = None
) -> tuple[Regret, ...]:
    """Return every choice's regret.

    Parameters
    ----------
    values : floats of shape (choice, future, replication)
        One outcome; NaN where it does not arise.
    criterion : Criterion
        Gives the statistic and which way is better; its threshold plays no part.
    scramble : integers of shape (future,), optional
        As in `estimate_mean`.
    failed : booleans of the shape of ``values``, optional
        Runs that failed.

    Returns
    -------
    tuple of Regret, one for each choice, in their order

    Notes
    -----
    The maximum of noisy means is more than the mean of the best, so that regret against it is biased upwards. Here the
    best of a future is picked on one half of its replications and judged on the other, and the halves are swapped
    (cross-fitting: Chernozhukov et al. 2018, "Double/debiased machine learning"; double estimation: van Hasselt 2010).
    What is left is a bias downwards by as much as the picked choice is worse than the best: none where all are alike or
    one is clearly best, small between. Where several are best in the half that picks, the mean of all of them is
    judged. Choices without a finite statistic in both halves of a future neither set the best nor have a regret there.

    Examples
    --------
    >>> runs = np.array([[[5.0, 5.0]], [[3.0, 3.0]]])
    >>> [one.mean.value for one in find_regret(runs, Criterion("mean", "at_least", 4.0))]
    [0.0, 2.0]
    """
    goodness = criterion.sign * summarise_halves(values, criterion, failed)
    usable = np.isfinite(goodness).all(axis=0)
    picked, judged = np.where(usable, goodness, -np.inf), np.where(usable, goodness, 0.0)
    behind = np.zeros(goodness.shape[1:])
    for half in (0, 1):
        best = (picked[half] == picked[half].max(axis=0)) & usable
        others = judged[1 - half]
        reached = (best * others).sum(axis=0) / np.maximum(best.sum(axis=0), 1)
        behind += (reached - others) / 2
    behind = np.where(usable, behind, np.nan)
    plug_in = _find_plug_in(criterion.sign * summarise_runs(values, criterion, failed))
    return tuple(_describe(of_choice, plug_in[choice], scramble) for choice, of_choice in enumerate(behind))


def _find_plug_in(goodness: Floats) -> Floats:
    """Return each choice's mean regret with the best picked and judged on all runs."""
    usable = np.isfinite(goodness)
    best = np.where(usable, goodness, -np.inf).max(axis=0)
    counted = usable.sum(axis=1)
    with np.errstate(invalid="ignore"):
        behind = np.where(usable, best - goodness, 0.0).sum(axis=1)
    return np.asarray(behind / np.where(counted, counted, np.nan))


def _describe(futures: Floats, plug_in: float, scramble: Counts | None) -> Regret:
    known = futures[np.isfinite(futures)]
    q90 = float(np.quantile(known, 0.9)) if known.size else float("nan")
    return Regret(estimate_mean(futures, scramble), q90, float(plug_in), futures)
