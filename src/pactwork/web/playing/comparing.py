"""Two questions beside each other: the same futures and the same luck, so that chance cancels out of the difference."""

from __future__ import annotations

from typing import Any

import numpy as np

from pactwork.facts.ledger import Ledger
from pactwork.futures.kernel import PLAYED
from pactwork.futures.results import Counts, Floats, estimate_mean
from pactwork.web.playing.experiment import Held
from pactwork.web.playing.reading import list_figures, plain, values_of

CLEAR = 2.0
"""A difference within twice its standard error cannot be told from chance."""


def tell_difference(ledger: Ledger, now: Held, pinned: Held) -> dict[str, Any]:
    """Return how much one experiment has more of everything than another: ``figures`` and ``series``.

    Parameters
    ----------
    now, pinned : Held
        Of the same size and seed.

    Notes
    -----
    Runs are paired by future and replication (common random numbers). The standard error is over the means of the
    design's scrambles, as for a single mean.
    """
    if now.ensemble.futures != pinned.ensemble.futures:
        raise ValueError("experiments of another size")
    theirs = {one.key: one for one in list_figures(ledger, pinned)}
    figures = {}
    for figure in list_figures(ledger, now):
        if figure.key in theirs:
            gap = values_of(figure, now) - values_of(theirs[figure.key], pinned)
            figures[figure.key] = _tell(gap, now.ensemble.scramble)
    return {"figures": figures, "series": _tell_series(now, pinned)}


def _tell(gap: Floats, scramble: Counts) -> dict[str, Any]:
    found = estimate_mean(gap, scramble)
    known = np.isfinite(gap)
    same = bool(known.any()) and bool((gap[known] == 0).all())
    error = 0.0 if same else found.standard_error
    return {"mean": plain(found.mean), "error": plain(error), "same": same, "pairs": int(known.sum()),
            "clear": bool(not same and np.isfinite(error) and abs(found.mean) > CLEAR * error)}  # fmt: skip


def _tell_series(now: Held, pinned: Held) -> dict[str, Any]:
    """Return the mean difference of each series that the page draws by quarter, and its standard error."""
    found, scramble = {}, now.ensemble.scramble
    both = [name for name in now.ensemble.series_names if name.endswith((".ready", ".readiness_permille", ".stock"))]
    for name in both:
        if name not in pinned.ensemble.series_names:
            continue
        factor = 0.1 if name.endswith("_permille") else 1.0
        gap = factor * (_by_future(now, name) - _by_future(pinned, name))
        means = np.array([gap[scramble == one].mean(axis=0) for one in np.unique(scramble)])
        error = means.std(axis=0, ddof=1) / np.sqrt(len(means))
        found[name] = {"mean": [plain(one, 2) for one in means.mean(axis=0)], "error": [plain(one, 2) for one in error]}
    return found


def _by_future(held: Held, series: str) -> Floats:
    """Return the mean of a series over the runs of each future, of shape (future, quarter)."""
    at = held.ensemble.series_names.index(series)
    runs = (held.ensemble.status[0] == PLAYED).sum(axis=1)
    return np.asarray(held.totals[:, at] / np.maximum(runs, 1)[:, None])
