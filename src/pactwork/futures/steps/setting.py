"""What every mechanism reads of the world in one step."""

from __future__ import annotations

from typing import NamedTuple

from pactwork.futures.arrays import Flags
from pactwork.futures.draws import Key

CRISIS_LEVEL = 2
DAYS_A_YEAR = 365.25


class Setting(NamedTuple):
    """One step of one run, as a choice meets it.

    Parameters
    ----------
    key : Key
        Whose luck it is.
    step : int
        Steps since the start.
    step_years : float
        Length of a step.
    levels : ndarray of shape (theatre,)
        Levels at the step's start.
    shut : int
        The set of closed passages: bit p is passage p.
    out : ndarray of shape (disruption,)
        1 where a disruption lasts.
    warned : bool
        Whether a crisis is known to come.
    """

    key: Key
    step: int
    step_years: float
    levels: Flags
    shut: int
    out: Flags
    warned: bool
