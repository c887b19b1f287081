"""Where each choice fails: boxes of futures for each requirement, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pactwork.choices.boxes import describe_box
from pactwork.choices.clusters import Counts
from pactwork.choices.criteria import Floats, mark_runs
from pactwork.choices.naming import face_slow, name_column, name_unit
from pactwork.choices.reading import Table
from pactwork.choices.requirements import Requirement
from pactwork.choices.stability import check_stability
from pactwork.choices.views import FailureBox
from pactwork.choices.vulnerability import FEWEST_FUTURES, find_boxes
from pactwork.facts.assumptions import Parameter
from pactwork.progress import Progress, ignore_progress

LEAST_DENSITY = 0.5
"""Share of runs that fall short in a box: what fails more seldom is not told as a failure."""
HALVES = 10
"""Halves of the futures in which a box is looked for again."""
MOST_BOXES = 2
"""Boxes of one choice and requirement: more are not read."""


def find_failures(
    table: Table, requirements: Sequence[Requirement], parameters: Mapping[str, Parameter],
    levers: Sequence[Sequence[str]], seed: int, progress: Progress = ignore_progress,
) -> list[tuple[FailureBox, ...]]:  # fmt: skip
    """Return for each choice the boxes in which runs fall short of a requirement more often than elsewhere.

    Parameters
    ----------
    levers : sequence of sequences of str
        Those of each choice.

    Notes
    -----
    A run falls short by itself, so that a future has a share of failures and a number of runs: boxes know the luck of
    the runs. Columns of levers that a choice does not pull take no part.
    """
    if len(table.x) < FEWEST_FUTURES:  # no box may hold so few
        return [()] * len(table.choices)
    x, found = face_slow(table.columns, table.x), []
    for place in range(len(table.choices)):
        progress("where choices fail", place, len(table.choices))
        found.append(_find_of(table, place, x, requirements, parameters, levers, seed))
    progress("where choices fail", len(table.choices), len(table.choices))
    return found


def _find_of(
    table: Table, place: int, x: Floats, requirements: Sequence[Requirement], parameters: Mapping[str, Parameter],
    levers: Sequence[Sequence[str]], seed: int,
) -> tuple[FailureBox, ...]:  # fmt: skip
    """Return the boxes of one choice."""
    own = [at for at, name in enumerate(table.columns)
           if not name.startswith("levers.") or name.split(".")[1] in levers[place]]  # fmt: skip
    columns, held = [table.columns[at] for at in own], x[:, own]
    names, units = [name_column(name) for name in columns], [name_unit(name, parameters) for name in columns]
    found = []
    for one in requirements:
        share, runs = _share_short(table, one, place)
        sought: dict[str, Any] = {"most_boxes": MOST_BOXES, "least_density": LEAST_DENSITY, "seed": seed}
        within = find_boxes(held, share, runs, **sought)
        stable = check_stability(within, held, share, runs, halves=HALVES, **sought)
        for box, stability in zip(within.boxes, stable, strict=True):
            words = describe_box(box.limits, names, units)
            limited = tuple(columns[limit.column] for limit in box.limits)
            found.append(FailureBox(one.name, words, box, stability, limited))
    return tuple(found)


def _share_short(table: Table, one: Requirement, place: int) -> tuple[Floats, Counts]:
    """Return the share of each future's runs that fall short, and how many count; both of shape (future,)."""
    met = mark_runs(table.outcomes[one.stated.outcome][place], one.single, table.failed[place])
    runs = np.isfinite(met).sum(axis=1)
    share = np.where(runs > 0, 1.0 - np.nansum(met, axis=1) / np.where(runs, runs, 1), np.nan)
    return share, runs
