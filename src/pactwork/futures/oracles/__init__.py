"""Oracles: mechanisms beside closed forms, with the step functions that simulations run and nothing else on.

Each ``check_*`` takes a factor that spoils the model's rate and leaves the closed form: 1, but in tests.
"""

from __future__ import annotations

from collections.abc import Callable

from pactwork.futures.oracles.conservation import check_conservation
from pactwork.futures.oracles.fleets import (
    check_availability,
    check_backorders,
    check_machine_repair,
    check_pipeline,
    check_repairmen_and_spares,
)
from pactwork.futures.oracles.judging import Oracle
from pactwork.futures.oracles.output import check_production
from pactwork.futures.oracles.waits import (
    check_closures,
    check_common_cause,
    check_elections,
    check_theatre,
    check_transfer,
)
from pactwork.progress import Progress, ignore_progress

ORACLES: tuple[Callable[[float], list[Oracle]], ...] = (
    check_availability,
    check_machine_repair,
    check_repairmen_and_spares,
    check_pipeline,
    check_backorders,
    check_transfer,
    check_closures,
    check_elections,
    check_theatre,
    check_common_cause,
    check_production,
    check_conservation,
)


def run_oracles(progress: Progress = ignore_progress) -> list[Oracle]:
    """Return every oracle's comparisons, in order."""
    found: list[Oracle] = []
    for done, check in enumerate(ORACLES):
        progress("Holding mechanisms against theory", done, len(ORACLES))
        found += check(1.0)
    progress("Holding mechanisms against theory", len(ORACLES), len(ORACLES))
    return found


__all__ = ["ORACLES", "Oracle", "run_oracles"]
