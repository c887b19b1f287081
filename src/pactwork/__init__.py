"""pactwork: a security partnership between two states as sourced facts, forecast, futures, choices and a brief."""

from __future__ import annotations

from pactwork.errors import CaseError, Problem
from pactwork.facts.case import load_case
from pactwork.facts.ledger import Ledger

__all__ = ["CaseError", "Ledger", "Problem", "load_case"]
