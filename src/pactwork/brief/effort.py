"""How much is simulated for a brief: quickly, as usual, or for as long as somebody is willing to wait."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from pactwork.facts.ledger import Ledger
from pactwork.forecast import make_forecast
from pactwork.futures.compile import calibrate_case, compile_case
from pactwork.futures.ensemble import run_futures
from pactwork.progress import Progress, ignore_progress

SCRAMBLES = 8
"""Independent scrambles of the design of futures; futures come in whole ones."""
SHORTEST_MINUTES = 3.0
"""The least that a thorough brief can be asked to take: less is what a usual one takes."""
_ALWAYS_SECONDS = 50.0
"""What does not grow with futures: forecast, calibration today and a year back, charts, files."""
_MORE_PLAYED = 3
"""Besides scenarios: two for the price of interdependence, one for the year before."""
_COMPARE_SECONDS = 0.5
"""What comparing choices takes a future: boxes and how stable they are; measured with 21 choices and 15 criteria."""


@dataclass(frozen=True)
class Effort:
    """How much is simulated; nothing with no futures.

    Attributes
    ----------
    futures, replications : int
        Futures, rounded up to whole scrambles, and plays of chance in each.
    seed : int
        Of the design and of chance.
    calibration : int
        Points of each scramble by which deliveries are matched to the forecast.
    details : bool
        Whether what fewer people open is worked out too: deliveries by lot under each scenario, the price of
        interdependence, and the year before played from what was known then.
    """

    futures: int = 32
    replications: int = 16
    seed: int = 0
    calibration: int = 64
    details: bool = True

    def __post_init__(self) -> None:
        """Round futures up, so that what is told is what is played."""
        object.__setattr__(self, "futures", -(-self.futures // SCRAMBLES) * SCRAMBLES)

    @property
    def points(self) -> int:
        """Points of each scramble."""
        return self.futures // SCRAMBLES


@dataclass(frozen=True)
class Extent:
    """How much is simulated of what could happen under each scenario, and to compare choices."""

    scenarios: Effort = Effort()
    choices: Effort = Effort(64, 8)

    def with_seed(self, seed: int) -> Extent:
        """Return the same with another seed."""
        return Extent(replace(self.scenarios, seed=seed), replace(self.choices, seed=seed))


USUAL = Extent()
QUICK = Extent(Effort(16, 4, calibration=4, details=False), Effort(0, 8, calibration=4, details=False))
"""Choices are left out, since what so few futures say of them misleads; `--quick --choices 64` compares them."""


@dataclass(frozen=True)
class Pace:
    """Seconds that a future takes on this machine: under one scenario, and under all choices together."""

    scenario: float
    choices: float


def fit_extent(minutes: float, pace: Pace, scenarios: int) -> Extent:
    """Return as much as fits into some minutes: half of them for scenarios, half for choices.

    Parameters
    ----------
    minutes : float
        For the whole brief; `SHORTEST_MINUTES` or more.
    pace : Pace
        As `measure_pace` found it.
    scenarios : int
        How many the case has.

    Examples
    --------
    >>> slow = fit_extent(5, Pace(0.05, 1.0), 7)
    >>> slow.scenarios.futures, slow.choices.futures
    (248, 80)
    """
    half = max(60.0 * minutes - _ALWAYS_SECONDS, 1.0) / 2
    played = scenarios + _MORE_PLAYED
    usual = (USUAL.scenarios, USUAL.choices)
    fitting = (half / (played * pace.scenario), half / (pace.choices + _COMPARE_SECONDS))
    whole = [max(one.futures, int(most) // SCRAMBLES * SCRAMBLES) for one, most in zip(usual, fitting, strict=True)]
    return Extent(replace(usual[0], futures=whole[0]), replace(usual[1], futures=whole[1]))


def count_played(ledger: Ledger) -> tuple[int, int]:
    """Return how many scenarios and choices a brief of a case plays."""
    return max(1, len(ledger.assumptions.scenarios)), len(ledger.choices.choices)


def count_runs(extent: Extent, scenarios: int, choices: int) -> int:
    """Return how many runs a brief plays at most, for a case with so many scenarios and choices.

    Examples
    --------
    >>> count_runs(USUAL, 7, 21), count_runs(QUICK, 7, 21)
    (15872, 640)
    """
    one, other = extent.scenarios, extent.choices
    return one.futures * one.replications * (scenarios + _MORE_PLAYED) + other.futures * other.replications * choices


def trim_extent(extent: Extent, most_runs: int, scenarios: int, choices: int) -> Extent:
    """Return no more than so many runs, half of them for scenarios, half for choices, though never less than usual.

    Examples
    --------
    >>> large = Extent(replace(USUAL.scenarios, futures=80_000), replace(USUAL.choices, futures=800))
    >>> count_runs(large, 7, 21) > 1_000_000 >= count_runs(trim_extent(large, 1_000_000, 7, 21), 7, 21)
    True
    >>> trim_extent(large, 1_000_000, 7, 21).choices.futures
    800
    >>> trim_extent(large, 1, 7, 21) == USUAL
    True
    """
    fewer = []
    for one, least, played in ((extent.scenarios, USUAL.scenarios, scenarios + _MORE_PLAYED),
                               (extent.choices, USUAL.choices, choices)):  # fmt: skip
        most = most_runs // 2 // (one.replications * played) // SCRAMBLES * SCRAMBLES
        fewer.append(replace(one, futures=min(one.futures, max(most, least.futures))))
    return Extent(*fewer)


def measure_pace(
    ledger: Ledger, progress: Progress = ignore_progress, clock: Callable[[], float] = time.perf_counter
) -> Pace:
    """Return what a future of a case takes on this machine, from a few that are played.

    Notes
    -----
    The clock decides how much is played, never what comes of it: the same numbers of futures give the same brief.
    """
    stage = "Finding out how long a future takes"
    progress(stage, 0, 2)
    forecast = make_forecast(ledger)
    calibrated = calibrate_case(ledger, forecast, points=1)
    one = compile_case(ledger, forecast, points=1, calibrated=calibrated)
    every = compile_case(ledger, forecast, points=1, calibrated=calibrated, choices=tuple(ledger.choices.choices))
    run_futures(one, replications=1)  # compiles, or reads what was compiled
    found = []
    for at, (model, effort) in enumerate(((one, USUAL.scenarios), (every, USUAL.choices))):
        progress(stage, at, 2)
        begun = clock()
        run_futures(model, replications=effort.replications)
        found.append((clock() - begun) / model.design.futures)
    progress(stage, 2, 2)
    return Pace(*found)
