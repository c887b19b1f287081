"""The ledger's rules: one ``check_*`` each.

A *problem* says that the case is not well formed: it must be mended before anything is made of it. A *discrepancy*
says that the world, as the sources tell it, does not add up: it is kept, explained and shown. The line between them:
what one source says against itself, or what cannot be, is a problem; what sources say against each other is the world.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pactwork.errors import Problem
from pactwork.facts.checks.counts import (
    check_contract_total,
    check_cumulative_counts,
    check_cumulative_rivals,
    check_delivered_rivals,
    check_delivered_within_ordered,
    check_framework_quantities,
    check_ordered_totals,
    check_shipped_against_arrived,
    check_shipped_rivals,
    check_transports,
)
from pactwork.facts.checks.references import (
    check_evidence,
    check_parents,
    check_partners,
    check_references,
    check_sources,
    check_subjects,
)
from pactwork.facts.checks.rivals import check_rivals
from pactwork.facts.checks.sense import (
    check_due_after_signed,
    check_judgements,
    check_known,
    check_order_of_days,
    check_poll_scale,
    check_poll_totals,
    check_pollster_spellings,
    check_ranges,
    check_signs,
    check_units,
    check_within_case,
)
from pactwork.facts.ledger import Ledger

Check = Callable[[Ledger], Iterable[Problem]]

PROBLEM_CHECKS: tuple[Check, ...] = (
    check_sources,
    check_references,
    check_subjects,
    check_evidence,
    check_parents,
    check_partners,
    check_units,
    check_ranges,
    check_signs,
    check_order_of_days,
    check_within_case,
    check_known,
    check_due_after_signed,
    check_poll_totals,
    check_poll_scale,
    check_pollster_spellings,
    check_judgements,
    check_cumulative_counts,
    check_delivered_within_ordered,
    check_shipped_against_arrived,
)
DISCREPANCY_CHECKS: tuple[Check, ...] = (
    check_framework_quantities,
    check_ordered_totals,
    check_contract_total,
    check_cumulative_rivals,
    check_delivered_rivals,
    check_shipped_rivals,
    check_transports,
    check_rivals,
)


def find_problems(ledger: Ledger) -> list[Problem]:
    """Return everything that is wrong with a case whose tables have been read."""
    return [problem for check in PROBLEM_CHECKS for problem in check(ledger)]


def find_discrepancies(ledger: Ledger) -> list[Problem]:
    """Return everything that does not add up in a case that is well formed."""
    return [problem for check in DISCREPANCY_CHECKS for problem in check(ledger)]
