"""Ranks of choices on a view, and how often they flip when the futures are drawn anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from pactwork.choices.clusters import Counts, resample_futures
from pactwork.choices.criteria import Floats
from pactwork.choices.robustness import average_worst, count_worst

View = Literal["mean", "worst_decile", "q90"]
_AT_ONCE = 64


@dataclass(frozen=True, eq=False)
class Ranking:
    """Ranks of choices on one view, 1 the best.

    Attributes
    ----------
    scores : floats of shape (choice,)
        The view of each choice, in its unit; NaN where it has none, and such a choice has no rank.
    ranks : floats of shape (choice,)
        Choices that tie share the mean of their ranks.
    probability : floats of shape (choice, rank)
        Share of resamples in which a choice has each rank; those that tie share their ranks evenly.
    before : floats of shape (choice, choice)
        Share of resamples in which the choice of the row is better than that of the column; a tie counts half, and the
        diagonal is one half.
    flips : floats of shape (choice,)
        Share of resamples in which a choice does not have the rank shown.
    resampled : str
        ``future`` or ``scramble``.
    """

    scores: Floats
    ranks: Floats
    probability: Floats
    before: Floats
    flips: Floats
    resampled: str


def rank_choices(
    futures: Floats,
    *,
    view: View = "mean",
    more_is_better: bool = True,
    scramble: Counts | None = None,
    by: str = "future",
    times: int = 1000,
    seed: int = 0,
) -> Ranking:
    """Return ranks of choices and their stability under resampling.

    Parameters
    ----------
    futures : floats of shape (choice, future)
        What the view is taken of: statistics for ``mean`` and ``worst_decile``, 0 and 1 (`Criterion.meets`) for a share
        of futures, regret in each future for mean regret and its 90th percentile. Whatever is not finite is left out.
    view : str
        ``mean``, ``worst_decile`` (as in `average_worst`) or ``q90`` (the smallest value that nine tenths of the
        futures do not exceed).
    more_is_better : bool
        False for regret and whatever should be low.
    scramble : integers of shape (future,), optional
        Needed to resample by scramble.
    by : str
        ``future`` or ``scramble``. All choices are resampled together: they stay paired.
    times : int
        Resamples.
    seed : int
        Same seed, same ranks.

    Notes
    -----
    Bootstrap of ranks: Goldstein and Spiegelhalter 1996; Hall and Miller 2009 warn that it is too sure of ties, so that
    a flip in few resamples is no proof of a rank. Each future brings the noise of its replications with it.
    """
    sign = 1.0 if more_is_better else -1.0
    scores = _view_once(futures, view, sign)
    drawn = resample_futures(futures.shape[1], scramble, by=by, times=times, seed=seed)
    resampled = _view_resamples(futures, drawn, view, sign)
    known = np.abs(scores[np.isfinite(scores)])
    scale = float(known.max()) if known.size and known.max() > 0 else 1.0
    resampled = np.round(resampled / scale, 12)  # sums of the same numbers may differ in their last digits
    choices = len(scores)
    ranked = np.isfinite(scores)
    probability, before = np.zeros((choices, choices)), np.zeros((choices, choices))
    alike = np.zeros(choices)
    ranks = _rank(sign * np.round(scores / scale, 12)[None])[0]
    for start in range(0, times, _AT_ONCE):
        goodness = np.where(ranked, sign * resampled[start : start + _AT_ONCE], -np.inf)
        goodness = np.where(np.isnan(goodness), -np.inf, goodness)
        better = (goodness[:, :, None] > goodness[:, None, :]).sum(axis=2)  # how many this one beats
        tied = (goodness[:, :, None] == goodness[:, None, :]).sum(axis=2)
        first = choices - better - tied
        place = np.arange(choices)
        held = (place >= first[..., None]) & (place < (first + tied)[..., None])
        probability += (held / tied[..., None]).sum(axis=0)
        wins = (goodness[:, :, None] > goodness[:, None, :]) + 0.5 * (goodness[:, :, None] == goodness[:, None, :])
        before += wins.sum(axis=0)
        alike += (first + (tied + 1) / 2 == np.where(ranked, ranks, -1.0)).sum(axis=0)
    blank = np.where(ranked, 0.0, np.nan)
    pairs = before / times + blank[:, None] + blank[None, :]
    flips = 1 - alike / times + blank
    return Ranking(scores, ranks, probability / times + blank[:, None], pairs, flips, by)


def _rank(goodness: Floats) -> Floats:
    """Return ranks of shape (resample, choice): 1 the best, ties share their mean, NaN unranked."""
    better = (goodness[:, None, :] > goodness[:, :, None]).sum(axis=2)
    tied = (goodness[:, None, :] == goodness[:, :, None]).sum(axis=2)
    return np.where(np.isfinite(goodness), better + (tied + 1) / 2, np.nan)


def _view_once(futures: Floats, view: View, sign: float) -> Floats:
    found = []
    for of_choice in futures:
        known = of_choice[np.isfinite(of_choice)]
        if known.size == 0:
            found.append(np.nan)
        elif view == "mean":
            found.append(float(known.mean()))
        elif view == "worst_decile":
            found.append(average_worst(known, sign))
        else:
            found.append(float(np.quantile(known, 0.9, method="inverted_cdf")))
    return np.array(found)


def _view_resamples(futures: Floats, drawn: Counts, view: View, sign: float) -> Floats:
    """Return the view of each choice in each resample, of shape (resample, choice)."""
    known = np.isfinite(futures)
    if view == "mean":
        counts = drawn @ known.T
        return np.asarray((drawn @ np.where(known, futures, 0.0).T) / np.where(counts, counts, np.nan))
    found = np.empty((len(drawn), len(futures)))
    for choice, of_choice in enumerate(futures):
        kept = of_choice[known[choice]]
        worst_first = np.argsort(sign * kept, kind="stable") if view == "worst_decile" else np.argsort(kept)
        ordered, counts = kept[worst_first], drawn[:, known[choice]][:, worst_first]
        found[:, choice] = _take_view(ordered, counts, view)
    return found


def _take_view(ordered: Floats, counts: Counts, view: View) -> Floats:
    """Return a view of ordered futures of which each counts several times, of shape (resample,)."""
    upto = np.cumsum(counts, axis=1)
    if ordered.size == 0:
        return np.full(len(counts), np.nan)
    total = upto[:, -1:]
    if view == "q90":
        place = (upto < np.ceil(0.9 * total - 1e-9)).sum(axis=1)
        return np.where(total[:, 0] > 0, ordered[np.minimum(place, ordered.size - 1)], np.nan)
    worst = np.array([[count_worst(int(one))] if one else [0] for one in total[:, 0]])
    taken = np.minimum(upto, worst) - np.minimum(upto - counts, worst)
    return np.asarray((taken @ ordered) / np.where(worst[:, 0], worst[:, 0], np.nan))
