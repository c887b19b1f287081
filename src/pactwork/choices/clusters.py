"""How sure a mean over futures is: futures come in scrambles, and runs of one future are not independent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
FEWEST_SCRAMBLES = 8
"""Independent scrambles from which on their spread is taken for the error; with fewer, the spread of the futures is."""


@dataclass(frozen=True)
class Mean:
    """A mean over futures, and how sure it is.

    Attributes
    ----------
    value : float
        Not a number where no future counts.
    standard_error : float
        Not a number where one cluster or none counts.
    low, high : float
        Ends of the 95 % interval (Student's t with one degree of freedom less than there are clusters).
    clusters : int
        Scrambles or futures from whose spread the error is told.
    by : str
        ``scramble`` or ``future``.
    futures : int
        That count: those without a number are left out.
    """

    value: float
    standard_error: float
    low: float
    high: float
    clusters: int
    by: str
    futures: int


def estimate_mean(values: Floats, scramble: Counts | None = None) -> Mean:
    """Return the mean over futures with an error that knows how the futures were drawn.

    Parameters
    ----------
    values : floats of shape (future,)
        One number for each future, in any unit; those that are not a number are left out.
    scramble : integers of shape (future,), optional
        The independent scramble of the design that each future belongs to.

    Returns
    -------
    Mean
        In the unit of ``values``.

    Notes
    -----
    With at least 8 scrambles the error is that of a ratio over scrambles: points of one scramble are spread evenly on
    purpose, so that their own spread overstates the error, while scrambles are independent of each other (Owen 1997,
    "Scrambled net variance for integrals of smooth functions"). With fewer, futures are taken as independent draws,
    which errs towards a larger error. Never are runs counted as independent: those of one future share it.

    Examples
    --------
    >>> estimate_mean(np.array([1.0, 2.0, 3.0, np.nan])).value
    2.0
    """
    known = np.isfinite(values)
    counted = int(known.sum())
    if counted == 0:
        return Mean(np.nan, np.nan, np.nan, np.nan, 0, "future", 0)
    kept = values[known]
    mean = float(kept.mean())
    labels = _label_clusters(known, scramble)
    by = "future" if labels is None else "scramble"
    excess: Floats = kept - mean
    if labels is not None:
        excess = np.bincount(labels, weights=excess).astype(np.float64)
    clusters = len(excess)
    if clusters < 2:
        return Mean(mean, np.nan, np.nan, np.nan, clusters, by, counted)
    error = float(np.sqrt(clusters / (clusters - 1) * np.sum(excess**2)) / counted)
    reach = float(stats.t.ppf(0.975, clusters - 1)) * error
    return Mean(mean, error, mean - reach, mean + reach, clusters, by, counted)


def estimate_share(met: Floats, scramble: Counts | None = None) -> Mean:
    """Return the share of futures that meet something, with an interval that stays between 0 and 1.

    Parameters
    ----------
    met : floats of shape (future,)
        1 where it is met, 0 where not; those that are not a number are left out.
    scramble : integers of shape (future,), optional
        As in `estimate_mean`.

    Notes
    -----
    Wilson's interval (1927) at the effective number of futures, share·(1 − share)/error², which is never taken to be
    more than there are (Korn and Graubard 1998, "Confidence intervals for proportions with small expected number of
    positive counts"): a share of 0 or 1, whose error is seen as none, still has an interval.

    Examples
    --------
    >>> round(estimate_share(np.zeros(16)).high, 3)
    0.221
    """
    mean = estimate_mean(met, scramble)
    if mean.futures == 0:
        return mean
    share, count = mean.value, float(mean.futures)
    if mean.standard_error > 0:
        count = min(count, max(1.0, share * (1 - share) / mean.standard_error**2))
    z = float(stats.t.ppf(0.975, mean.clusters - 1)) if mean.clusters > 1 else float(stats.norm.ppf(0.975))
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    reach = z / (1 + z * z / count) * np.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    low, high = max(0.0, middle - float(reach)), min(1.0, middle + float(reach))
    return Mean(share, mean.standard_error, min(low, share), max(high, share), mean.clusters, mean.by, mean.futures)


def resample_futures(
    futures: int, scramble: Counts | None = None, *, by: str = "future", times: int = 1000, seed: int = 0
) -> Counts:
    """Return how often each future counts in each of several resamples.

    Parameters
    ----------
    futures : int
        How many there are.
    scramble : integers of shape (future,), optional
        Needed to resample by scramble.
    by : str
        ``future`` draws futures with replacement; ``scramble`` draws whole scrambles, of which there are so few that
        the resamples are coarse.
    times : int
        Resamples.
    seed : int
        Same seed, same resamples.

    Returns
    -------
    integers of shape (resample, future)

    Raises
    ------
    ValueError
        For another ``by``, or resampling by scramble without scrambles.
    """
    dice = np.random.default_rng([seed, 0x5EED])
    if by == "future":
        return np.asarray(dice.multinomial(futures, np.full(futures, 1 / futures), size=times), dtype=np.int64)
    if by != "scramble" or scramble is None:
        raise ValueError("resampling is by future, or by scramble with the scramble of each future")
    labels = np.unique(scramble, return_inverse=True)[1]
    clusters = int(labels.max()) + 1
    drawn = dice.multinomial(clusters, np.full(clusters, 1 / clusters), size=times)
    return np.asarray(drawn[:, labels], dtype=np.int64)


def _label_clusters(known: npt.NDArray[np.bool_], scramble: Counts | None) -> Counts | None:
    """Return scrambles numbered from 0, of the futures that count; none where too few scrambles count."""
    if scramble is None:
        return None
    found, labels = np.unique(scramble[known], return_inverse=True)
    return np.asarray(labels, dtype=np.int64) if len(found) >= FEWEST_SCRAMBLES else None
