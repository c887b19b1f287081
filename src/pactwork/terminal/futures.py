"""How the simulation's checks look on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.markup import escape

from pactwork.terminal.shared import OUT, make_table

if TYPE_CHECKING:  # what is printed has been made by then; nothing is loaded for the pen
    from pactwork.futures.oracles import Oracle


def print_oracles(found: Sequence[Oracle]) -> None:
    """Print each number of the model beside its closed form."""
    table = make_table(
        "what",
        "model",
        "closed form",
        "difference",
        "tolerance",
        "",
        right=("model", "closed form", "difference", "tolerance"),
    )
    for one in found:
        numbers = (f"{one.model:.4f}", f"{one.closed_form:.4f}", f"{one.difference:+.4f}", f"{one.tolerance:.4f}")
        table.add_row(escape(one.name), *numbers, "passed" if one.passed else "[bold]FAILED[/bold]")
    OUT.print(table)
    passed = sum(one.passed for one in found)
    OUT.print(f"{passed} of {len(found)} passed, at steps of 7 days.")
    OUT.print(
        "[dim]tolerance: 1 % of a mean, 5 % of a standard deviation, and never more than 4 standard errors; "
        "--json names the source of each closed form[/dim]",
        soft_wrap=True,
    )
