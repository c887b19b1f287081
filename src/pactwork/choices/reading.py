"""What a comparison reads of a run, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pactwork.choices.clusters import Counts
from pactwork.choices.criteria import Flags, Floats
from pactwork.facts.choices import BASELINE
from pactwork.futures.kernel import PLAYED
from pactwork.futures.results import Results


@dataclass(frozen=True, eq=False)
class Table:
    """What is read of a run once: outcomes, which runs failed, and the futures.

    Attributes
    ----------
    outcomes : mapping of str to floats of shape (choice, future, replication)
        Not a number where an outcome does not arise.
    failed : booleans of the same shape
    scramble : integers of shape (future,)
    columns : tuple of str
        Uncertain parameters, and coordinates of the forecasts.
    x : floats of shape (future, column)
    """

    choices: tuple[str, ...]
    outcomes: Mapping[str, Floats]
    failed: Flags
    scramble: Counts
    columns: tuple[str, ...]
    x: Floats

    @property
    def baseline(self) -> int:
        """Place of what is contracted among the choices."""
        return self.choices.index(BASELINE)


def read_table(run: Results, outcomes: Sequence[str]) -> Table:
    """Return outcomes of all choices, as far as the run has them, and the futures."""
    names = [name for name in dict.fromkeys(outcomes) if name in run.names]
    read = [run.outcomes_of(names, choice) for choice in run.choices]
    failed = np.stack([run.status_of(choice) != PLAYED for choice in run.choices])
    frame = run.design_frame()
    columns = tuple(name for name in frame.columns if name not in ("future", "scramble"))
    return Table(
        run.choices, {name: np.stack([one[name] for one in read]) for name in names}, failed, run.scramble, columns,
        frame.select(columns).to_numpy().astype(np.float64),
    )  # fmt: skip
