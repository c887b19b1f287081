"""Hindcast: the futures of an earlier day, played with what was known then, beside what has come since."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pactwork.errors import CaseError
from pactwork.facts.choices import BASELINE
from pactwork.facts.ledger import Ledger
from pactwork.facts.records import read_record
from pactwork.facts.status import make_status
from pactwork.forecast import make_forecast
from pactwork.futures.compile import Calibrated, calibrate_case, compile_case, find_problems
from pactwork.futures.keeping import Play, play_in_memory
from pactwork.futures.model import Model
from pactwork.progress import Progress, ignore_progress


@dataclass(frozen=True)
class Hindsight:
    """One lot at the end of one quarter: what had come, and the median and 80 % range of what was simulated."""

    lot_id: str
    day: dt.date
    came: float
    low: float
    middle: float
    high: float

    @property
    def inside(self) -> bool:
        """Whether what came lies in the range."""
        return self.low <= self.came <= self.high

    @property
    def below(self) -> bool:
        """Whether less came than the median of what was simulated."""
        return self.came < self.middle


@dataclass(frozen=True, eq=False)
class Prepared:
    """The futures of an earlier day, ready to be played: the case as it was known, what its lots aim at, the model."""

    ledger: Ledger
    calibrated: Calibrated
    model: Model


def prepare_hindcast(
    ledger: Ledger, known_by: dt.date, *, points: int = 8, seed: int = 0, progress: Progress = ignore_progress
) -> Prepared:
    """Return the futures of an earlier day, compiled.

    Parameters
    ----------
    known_by : date
        Facts and forecast are those known by then; the assumptions are the case's own, made later.
    points, seed : int
        As for ``compile_case``.

    Raises
    ------
    CaseError
        As ``compile_case``.
    """
    then = ledger.known_by(known_by)
    problems = find_problems(then, None, ledger.day, (BASELINE,))
    if problems:
        raise CaseError(problems)
    forecast = make_forecast(then)
    calibrated = calibrate_case(then, forecast, seed=seed, progress=progress)
    model = compile_case(then, forecast, points=points, seed=seed, until=ledger.day, calibrated=calibrated)
    return Prepared(then, calibrated, model)


def hindcast(
    ledger: Ledger, known_by: dt.date, *, points: int = 8, replications: int = 16, seed: int = 0,
    progress: Progress = ignore_progress,
) -> tuple[Hindsight, ...]:  # fmt: skip
    """Return what was simulated from an earlier day for each quarter of which the record tells what had come.

    Parameters and errors are those of `prepare_hindcast`; ``replications`` are plays of chance in each future.
    """
    ready = prepare_hindcast(ledger, known_by, points=points, seed=seed, progress=progress)
    return look_back(ledger, ready, replications)


def look_back(ledger: Ledger, ready: Prepared, replications: int, play: Play = play_in_memory) -> tuple[Hindsight, ...]:
    """Play what was prepared, and return it beside what has come since.

    Parameters
    ----------
    play : Play
        Who plays, and whether what was played is kept.
    """
    model = ready.model
    ensemble = play(model, ready.ledger, ready.calibrated, replications=replications)
    records = {one.lot.lot_id: read_record(ledger, one) for one in make_status(ledger).lots}
    found = []
    for lot in model.names["lot"]:
        if lot not in records or f"{lot}-local" in model.names["lot"]:
            continue
        low, middle, high = (ensemble.quantiles_of(f"{lot}.arrived", level) for level in (0.1, 0.5, 0.9))
        for at, day in enumerate(model.quarters):
            came = records[lot].count_on(day) if day <= ledger.day else None
            if came is not None:
                found.append(Hindsight(lot, day, came, float(low[at]), float(middle[at]), float(high[at])))
    return tuple(found)
