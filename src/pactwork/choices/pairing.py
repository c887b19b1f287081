"""Paired differences: a choice against the baseline in the same future, with the same luck."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pactwork.choices.clusters import Counts, Mean, estimate_mean
from pactwork.choices.criteria import Flags, Floats


@dataclass(frozen=True)
class Difference:
    """One choice less the baseline, in the outcome's unit.

    Attributes
    ----------
    mean : Mean
        Mean over futures of the mean difference within a future, with the error over scrambles or futures: it holds
        both which futures were drawn and the luck within them.
    luck_error : float
        Standard error of that mean from the luck within these same futures alone, with both choices meeting the same
        luck. NaN where no future has two pairs of runs.
    independent_error : float
        The same, had each choice met luck of its own.
    luck_ratio : float
        ``independent_error / luck_error``: how much pairing gains within futures. Infinite where the difference never
        varies within a future, NaN where neither choice varies.
    error_ratio : float
        The same for the whole error: √(error² + independent_error² − luck_error²) / error.
    pairs : int
        Runs in which both choices have the outcome.
    one_sided : int
        Runs in which only one of the two has it: they cannot be paired and are left out.
    changes_nothing : bool
        Whether both are the same in every run, also in what does not arise.
    """

    mean: Mean
    luck_error: float
    independent_error: float
    luck_ratio: float
    error_ratio: float
    pairs: int
    one_sided: int
    changes_nothing: bool


def compare_with_baseline(
    values: Floats, baseline: int = 0, scramble: Counts | None = None, failed: Flags | None = None
) -> tuple[Difference, ...]:
    """Return every choice's paired difference from the baseline, which differs from itself by nothing.

    Parameters
    ----------
    values : floats of shape (choice, future, replication)
        One outcome, or `mark_runs` of it for a difference of shares; NaN where it does not arise.
    baseline : int
        Its place along the first axis.
    scramble : integers of shape (future,), optional
        As in `estimate_mean`.
    failed : booleans of the shape of ``values``, optional
        Runs that failed: left out with their partner.

    Returns
    -------
    tuple of Difference, one for each choice, in their order

    Notes
    -----
    Common random numbers: with covariance c of the two choices within a future, the variance of a difference is
    v₁ + v₂ − 2c instead of v₁ + v₂ (Law, "Simulation Modeling and Analysis", section on variance reduction). Within a
    future variances are those of its own replications; a future with a single pair is given their mean.
    """
    kept = values if failed is None else np.where(failed, np.nan, values)
    return tuple(_compare(of_choice, kept[baseline], scramble) for of_choice in kept)


def _compare(values: Floats, baseline: Floats, scramble: Counts | None) -> Difference:
    paired = np.isfinite(values) & np.isfinite(baseline)
    difference = np.where(paired, values - np.where(paired, baseline, 0.0), np.nan)
    mean = estimate_mean(_average_pairs(difference, paired), scramble)
    luck = _find_luck_error(difference, paired)
    own, base = (_find_luck_error(np.where(paired, one, np.nan), paired) for one in (values, baseline))
    apart = float(np.hypot(own, base))
    whole = float("nan") if np.isnan(luck) else float(np.sqrt(max(mean.standard_error**2 + apart**2 - luck**2, 0.0)))
    same = (values == baseline) | (np.isnan(values) & np.isnan(baseline))
    return Difference(
        mean=mean,
        luck_error=luck,
        independent_error=apart,
        luck_ratio=_divide(apart, luck),
        error_ratio=_divide(whole, mean.standard_error),
        pairs=int(paired.sum()),
        one_sided=int((np.isnan(values) != np.isnan(baseline)).sum()),
        changes_nothing=bool(same.all()),
    )


def _average_pairs(difference: Floats, paired: Flags) -> Floats:
    runs = paired.sum(axis=1)
    return np.asarray(np.where(paired, difference, 0.0).sum(axis=1) / np.where(runs, runs, np.nan))


def _find_luck_error(values: Floats, paired: Flags) -> float:
    """Return the standard error, within these futures, of the mean over futures of their means."""
    runs = paired.sum(axis=1)
    counts, several = runs > 0, runs > 1
    if not several.any():
        return float("nan")
    centred = np.where(paired, values - _average_pairs(values, paired)[:, None], 0.0)
    variance = (centred**2).sum(axis=1) / np.maximum(runs - 1, 1)
    variance = np.where(several, variance, variance[several].mean())
    return float(np.sqrt((variance[counts] / runs[counts]).sum()) / counts.sum())


def _divide(above: float, below: float) -> float:
    if below > 0 or np.isnan(below):
        return above / below
    return float("inf") if above > 0 else float("nan")
