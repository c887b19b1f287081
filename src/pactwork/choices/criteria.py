"""What is asked of a choice: an outcome's statistic over the replications of a future, and a threshold for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from pactwork.errors import CaseError, Problem, quoted

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
STATISTICS = ("mean", "quantile", "share_met")
DIRECTIONS = ("at_least", "at_most")
MISSING = ("left_out", "met", "unmet")


@dataclass(frozen=True)
class Criterion:
    """A requirement: a statistic over the replications of a future, and which way from a threshold it must lie.

    Attributes
    ----------
    statistic : str
        ``mean``, ``quantile`` (the smallest value at which the share of runs reaches ``level``, never interpolated), or
        ``share_met``: the share of runs whose value lies on the right side of ``value``.
    direction : str
        ``at_least`` or ``at_most``: of the outcome, hence where more is better or less is.
    threshold : float
        For the statistic, in the outcome's unit; for ``share_met`` the share of runs, always at least.
    level : float
        Of the quantile, between 0 and 1.
    value : float
        For ``share_met``: what a run must reach, in the outcome's unit.
    missing : str
        What a run means in which the outcome does not arise: ``left_out``, or as good (``met``) or as bad (``unmet``)
        as can be. With ``unmet`` one such run spoils the mean of its future; a quantile or a share is then the thing
        to ask for.
    where : str
        Named in problems.

    Raises
    ------
    CaseError
        When it makes no criterion; every problem of it at once.
    """

    statistic: str
    direction: str
    threshold: float
    level: float = 0.5
    value: float = np.nan
    missing: Literal["left_out", "met", "unmet"] = "left_out"
    where: str = "criterion"

    def __post_init__(self) -> None:
        closed = (("statistic", STATISTICS), ("direction", DIRECTIONS), ("missing", MISSING))
        problems = [
            Problem(f"{self.where} {field}", quoted(getattr(self, field)), " or ".join(words), "use one of these")
            for field, words in closed
            if getattr(self, field) not in words
        ]
        if not np.isfinite(self.threshold):
            problems.append(Problem(f"{self.where} threshold", str(self.threshold), "a number", "give one"))
        elif self.statistic == "share_met" and not 0 <= self.threshold <= 1:
            expected = "a share of runs from 0 to 1"
            problems.append(Problem(f"{self.where} threshold", str(self.threshold), expected, "correct it"))
        if self.statistic == "quantile" and not 0 < self.level < 1:
            problems.append(Problem(f"{self.where} level", str(self.level), "between 0 and 1", "correct the level"))
        if self.statistic == "share_met" and not np.isfinite(self.value):
            problems.append(Problem(f"{self.where} value", str(self.value), "what a run must reach", "give a number"))
        if problems:
            raise CaseError(problems)

    @property
    def sign(self) -> float:
        """1 where more of the statistic is better, −1 where less is."""
        return 1.0 if self.direction == "at_least" or self.statistic == "share_met" else -1.0

    def meets(self, statistics: Floats) -> Floats:
        """Return 1 where the statistic lies on the right side of the threshold, 0 where not, NaN where there is none.

        The threshold itself is on the right side.
        """
        right = self.sign * statistics >= self.sign * self.threshold
        return np.where(np.isnan(statistics), np.nan, right.astype(np.float64))


def summarise_runs(values: Floats, criterion: Criterion, failed: Flags | None = None) -> Floats:
    """Return the criterion's statistic of each future.

    Parameters
    ----------
    values : floats of shape (..., replication)
        One outcome; NaN where it does not arise in a run.
    criterion : Criterion
        Which statistic, and what a missing value means.
    failed : booleans of the shape of ``values``, optional
        Runs that failed: they never count, whatever ``missing`` says.

    Returns
    -------
    floats of shape (...)
        NaN where no run counts; infinite where missing values are judged and weigh.

    Notes
    -----
    A statistic of few runs is noisy, and noise moves futures over a threshold in both directions: a share of futures
    near 0 or 1 is drawn towards the middle until replications are many.

    Examples
    --------
    >>> summarise_runs(np.array([[1.0, 3.0], [np.nan, 4.0]]), Criterion("mean", "at_least", 2.0))
    array([2., 4.])
    """
    counts = ~np.isnan(values)
    filled = values
    if criterion.missing != "left_out":
        worst = -np.inf if criterion.direction == "at_least" else np.inf
        filled = np.where(counts, values, worst if criterion.missing == "unmet" else -worst)
        counts = np.ones_like(counts)
    if failed is not None:
        counts = counts & ~failed
    runs = counts.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        if criterion.statistic == "quantile":
            return _take_quantile(np.where(counts, filled, np.nan), runs, criterion.level)
        if criterion.statistic == "share_met":
            on_side = filled >= criterion.value if criterion.direction == "at_least" else filled <= criterion.value
            return np.asarray((on_side & counts).sum(axis=-1) / np.where(runs, runs, np.nan))
        return np.asarray(np.where(counts, filled, 0.0).sum(axis=-1) / np.where(runs, runs, np.nan))


def _take_quantile(values: Floats, runs: npt.NDArray[np.int64], level: float) -> Floats:
    """Return the inverse of the empirical distribution function; NaNs sort last and are not reached."""
    rank = np.clip(np.ceil(level * runs - 1e-9).astype(np.int64) - 1, 0, None)
    found = np.take_along_axis(np.sort(values, axis=-1), rank[..., None], axis=-1)[..., 0]
    return np.where(runs > 0, found, np.nan)


def mark_runs(values: Floats, criterion: Criterion, failed: Flags | None = None) -> Floats:
    """Return 1 for each run that reaches what ``share_met`` asks, 0 for each that does not, NaN for those left out.

    Parameters
    ----------
    values : floats of any shape
        One outcome by run; NaN where it does not arise.
    criterion : Criterion
        With the statistic ``share_met``.
    failed : booleans of the shape of ``values``, optional
        Runs that failed.

    Raises
    ------
    ValueError
        For another statistic, which says nothing about one run.
    """
    if criterion.statistic != "share_met":
        raise ValueError(f"no run alone reaches a {criterion.statistic}")
    right = values >= criterion.value if criterion.direction == "at_least" else values <= criterion.value
    unknown = {"left_out": np.nan, "met": 1.0, "unmet": 0.0}[criterion.missing]
    marked = np.where(np.isnan(values), unknown, right.astype(np.float64))
    return marked if failed is None else np.where(failed, np.nan, marked)
