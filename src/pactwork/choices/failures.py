"""Where each choice fails: boxes of futures for each requirement, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from pactwork.choices.boxes import describe_box
from pactwork.choices.criteria import mark_runs
from pactwork.choices.reading import Table
from pactwork.choices.requirements import Requirement
from pactwork.choices.stability import check_stability
from pactwork.choices.views import FailureBox
from pactwork.choices.vulnerability import find_boxes
from pactwork.facts.assumptions import Parameter

HALVES = 10
"""Halves of the futures in which a box is looked for again."""
MOST_BOXES = 2
"""Boxes of one choice and requirement: more are not read."""


def find_failures(
    table: Table, requirements: Sequence[Requirement], parameters: Mapping[str, Parameter], seed: int
) -> list[tuple[FailureBox, ...]]:
    """Return for each choice the boxes in which runs fall short of a requirement more often than elsewhere.

    Notes
    -----
    A run falls short by itself, so that a future has a share of failures and a number of runs: boxes know the luck of
    the runs. Columns of levers that a choice does not pull take no part.
    """
    names = [name.replace("_", " ") for name in table.columns]
    units = [_unit(parameters.get(name)) for name in table.columns]
    found = []
    for place, _ in enumerate(table.choices):
        boxes = []
        for one in requirements:
            met = mark_runs(table.outcomes[one.stated.outcome][place], one.single, table.failed[place])
            runs = np.isfinite(met).sum(axis=1)
            with np.errstate(invalid="ignore"):
                share = 1.0 - np.where(runs > 0, np.nansum(met, axis=1) / np.where(runs, runs, 1), np.nan)
            found_here = find_boxes(table.x, share, runs, most_boxes=MOST_BOXES, seed=seed)
            stable = check_stability(found_here, table.x, share, runs, halves=HALVES, seed=seed, most_boxes=MOST_BOXES)
            for box, stability in zip(found_here.boxes, stable, strict=True):
                words = describe_box(box.limits, names, units)
                columns = tuple(table.columns[limit.column] for limit in box.limits)
                boxes.append(FailureBox(one.name, words, box, stability, columns))
        found.append(tuple(boxes))
    return found


def _unit(parameter: Parameter | None) -> str:
    return "" if parameter is None or parameter.unit in ("yes_no", "share", "probability", "level") else parameter.unit
