"""What changed under the words that an author wrote for sections of the brief."""

from __future__ import annotations

from pactwork.errors import Problem
from pactwork.facts.ledger import Ledger


def find_changes(ledger: Ledger) -> tuple[Problem, ...]:
    """Return the numbers that are others than when the words of a case were written; nothing where it has no words.

    Numbers that only a simulation tells are not looked at: they are held against the words when a brief is made.

    Raises
    ------
    CaseError
        When the words name a section or a number that does not exist, or say what no brief says.
    """
    if not ledger.narratives:
        return ()
    from pactwork.brief.findings import gather_findings  # brief brings the charting library: others need not wait
    from pactwork.brief.narrative import check_narratives, list_notices, read_narratives

    check_narratives(ledger)
    return list_notices(read_narratives(gather_findings(ledger)).values())
