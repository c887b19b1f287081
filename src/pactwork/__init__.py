"""pactwork: a security partnership between two states as sourced facts, forecast, futures, choices and a brief."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pactwork.errors import CaseError, Problem
from pactwork.facts.case import load_case
from pactwork.facts.ledger import Ledger

if TYPE_CHECKING:
    from pactwork.forecast import Forecast, make_forecast
    from pactwork.futures.compile import compile_case
    from pactwork.futures.ensemble import Ensemble, run_futures

__all__ = [
    "CaseError",
    "Ensemble",
    "Forecast",
    "Ledger",
    "Problem",
    "compile_case",
    "load_case",
    "make_forecast",
    "run_futures",
]


def __getattr__(name: str) -> Any:
    """Load what brings the numeric libraries only when it is asked for: facts alone should not wait for them."""
    if name in ("Forecast", "make_forecast"):
        from pactwork import forecast

        return getattr(forecast, name)
    if name in ("Ensemble", "run_futures"):
        from pactwork.futures import ensemble

        return getattr(ensemble, name)
    if name == "compile_case":
        from pactwork.futures.compile import compile_case

        return compile_case
    raise AttributeError(f"module 'pactwork' has no attribute {name!r}")
