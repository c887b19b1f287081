"""What people use instead of a forecast: the rivals every score is set beside."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from pactwork.forecast.deliveries.chances import LEVELS
from pactwork.forecast.deliveries.deals import Bools, Deals, Floats

NEIGHBOURS = 40


def persist(deals: Deals, years_ahead: float) -> Floats:
    """Return the forecast that no more comes; of shape (deals, levels), as all here."""
    del years_ahead
    return np.repeat(deals.delivered[:, None], len(LEVELS), axis=1)


def keep_pace(deals: Deals, years_ahead: float) -> Floats:
    """Return the forecast that the pace since the first delivery goes on; nothing comes where none has."""
    began = np.where(deals.begun, deals.first_on, deals.as_of)
    pace = np.where(deals.begun, deals.delivered / (np.maximum(deals.as_of - began, 0.0) + 0.5), 0.0)
    return _certain(deals, deals.delivered + pace * years_ahead)


def keep_plan(deals: Deals, years_ahead: float) -> Floats:
    """Return the forecast that the planned window is kept, evenly; the pace so far where no plan is stated."""
    planned = ~np.isnan(deals.plan_end)
    start = np.where(planned, deals.plan_start, 0.0) - 0.5
    end = np.maximum(np.where(planned, deals.plan_end, 1.0), start + 0.25)
    share = np.clip((deals.as_of + years_ahead - start) / (end - start), 0.0, 1.0)
    return np.where(planned[:, None], _certain(deals, share * deals.ordered), keep_pace(deals, years_ahead))


def _certain(deals: Deals, items: Floats) -> Floats:
    kept = np.clip(np.round(items), deals.delivered, deals.ordered)
    return np.repeat(kept[:, None], len(LEVELS), axis=1)


def pool_past(deals: Deals, others: Deals, share_of_rest: Floats) -> Floats:
    """Return, for every deal alike, how the rest of other deals came.

    Parameters
    ----------
    deals : Deals
        To forecast.
    others : Deals
        Whose outcome is known.
    share_of_rest : floats of shape (others,)
        Share of what remained that came within the horizon.
    """
    del others
    return _from_shares(deals, np.repeat(share_of_rest[None, :], len(deals), axis=0))


def ask_nearest(deals: Deals, others: Deals, share_of_rest: Floats) -> Floats:
    """Return how the rest of the most similar other deals came: the nearest 40 by standardised distance."""
    mine, theirs = _place(deals), _place(others)
    centre, scale = theirs.mean(axis=0), theirs.std(axis=0) + 1e-9
    tree = cKDTree((theirs - centre) / scale)
    _, near = tree.query((mine - centre) / scale, k=min(NEIGHBOURS, len(others)))
    return _from_shares(deals, share_of_rest[np.asarray(near).reshape(len(deals), -1)])


def _place(deals: Deals) -> Floats:
    """Return where deals lie among each other: age, size, record, plan, conditions; shape (deals, 10)."""
    planned = ~np.isnan(deals.plan_end)
    begun = deals.begun
    return np.stack(
        [
            np.log(np.maximum(deals.as_of - deals.ordered_on, 0.25)),
            begun,
            deals.delivered / deals.ordered,
            np.where(begun, np.where(begun, deals.as_of - deals.first_on, 0.0) + 0.5, 0.0),
            np.log(deals.ordered),
            planned,
            np.where(planned, np.clip(deals.plan_start - deals.as_of - 0.5, -1, 4), 1.0),
            np.where(planned, np.clip(deals.plan_end - deals.as_of - 1.0, -1, 5), 2.0),
            deals.licensed,
            deals.second_hand,
        ],
        axis=1,
    ).astype(np.float64)


def _from_shares(deals: Deals, shares: Floats) -> Floats:
    """Return quantiles of items from equally likely shares of the rest, of shape (deals, any)."""
    share = np.quantile(shares, LEVELS, axis=1, method="inverted_cdf").T
    return deals.delivered[:, None] + np.round(share * deals.remaining[:, None])


def split_by_group(groups: Floats, folds: int, seed: int) -> list[Bools]:
    """Return masks of ``folds`` parts that never split a group, about equal in size."""
    names, index, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    order = np.random.default_rng(seed).permutation(len(names))
    filled, part = np.zeros(folds), np.zeros(len(names), dtype=np.int64)
    for name in order:
        part[name] = int(filled.argmin())
        filled[part[name]] += sizes[name]
    return [part[index] == fold for fold in range(folds)]
