"""Where sources disagree."""

from __future__ import annotations

from collections.abc import Iterator

from pactwork.errors import Problem
from pactwork.facts.ledger import Ledger


def check_rivals(ledger: Ledger) -> Iterator[Problem]:
    """Show figures about the same thing that cannot all be right."""
    for conflict in ledger.conflicts():
        first, *others = conflict.figures
        where = f"{ledger.path_of(first.table)}:{first.line} {conflict.subject} {conflict.measure}"
        found = f"{first.value:g} ({first.source_id}, {first.grade})"
        expected = " or ".join(f"{other.value:g} ({other.source_id}, {other.grade})" for other in others)
        yield Problem(where, found, expected, f"kept: {conflict.reason}")
