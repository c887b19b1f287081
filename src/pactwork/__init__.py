"""pactwork: a security partnership between two states as sourced facts, forecast, futures, choices and a brief."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pactwork.errors import CaseError, Problem
from pactwork.facts.case import load_case
from pactwork.facts.ledger import Ledger

if TYPE_CHECKING:
    from pactwork.forecast import Forecast, make_forecast

__all__ = ["CaseError", "Forecast", "Ledger", "Problem", "load_case", "make_forecast"]


def __getattr__(name: str) -> Any:
    """Load what brings the numeric libraries only when it is asked for: facts alone should not wait for them."""
    if name in ("Forecast", "make_forecast"):
        from pactwork import forecast

        return getattr(forecast, name)
    raise AttributeError(f"module 'pactwork' has no attribute {name!r}")
