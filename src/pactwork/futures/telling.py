"""What a story is told from: a run kept step by step, and what its numbers are called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pactwork.futures.environment import EnvironmentPaths
from pactwork.futures.model import Model
from pactwork.futures.record import Record
from pactwork.futures.world import ChoicePlan

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Telling:
    """One run to be told.

    Attributes
    ----------
    model : Model
        Whose run it is.
    plan : ChoicePlan
        Of its choice.
    paths : EnvironmentPaths
        With one run.
    record : Record
        The state at the beginning of each step, and at the end of the last.
    closed, stopped : booleans of shape (step, passage), (step, disruption)
        What is out under the choice.
    """

    model: Model
    plan: ChoicePlan
    paths: EnvironmentPaths
    record: Record
    closed: Flags
    stopped: Flags

    def named(self, axis: str) -> Iterator[tuple[int, str]]:
        """Yield place and name along an axis."""
        return iter(enumerate(self.model.names.get(axis, ())))
