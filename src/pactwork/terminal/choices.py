"""How a comparison of choices looks on a terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.markup import escape

from pactwork.terminal.shared import OUT, make_table

if TYPE_CHECKING:  # what is printed has been made by then; nothing is loaded for the pen
    from rich.table import Table

    from pactwork.choices.requirements import Requirement
    from pactwork.choices.views import ChoiceView, Comparison

WIDEST = 14
"""Characters that a requirement's column takes: as many stand side by side as the terminal is wide."""


def print_comparison(found: Comparison) -> None:
    """Print what each choice comes to, side by side, and how to read it."""
    OUT.print(f"[bold]{escape(found.case)}[/bold], assumptions: {escape(found.scenario or 'the case’s own')}")
    OUT.print(f"[dim]{found.futures:,} futures, {found.replications:,} plays of chance each; every choice meets the "
              "same[/dim]", soft_wrap=True)  # fmt: skip
    for side, title in (("buyer", "What the buyer asks"), ("supplier", "What the supplier asks")):
        asked = [one for one in found.requirements if one.stated.side == side]
        many = max(2, (OUT.width - 24) // WIDEST)
        for first in range(0, len(asked), many):
            _print_shares(found, asked[first : first + many], title if first == 0 else "")
    _print_partners(found)
    _print_failures(found)
    _print_worth(found)
    _print_drivers(found)
    for names, words in ((found.idle_levers, "changed nothing in any run"),
                         (found.untested_levers, "were tried only together with others")):  # fmt: skip
        if names:
            OUT.print(f"\nLevers that {words}: {escape(', '.join(names))}", soft_wrap=True)
    OUT.print(
        "\n[dim]Shares are counts of futures, not probabilities: they say across how many of the assumed futures a "
        "choice meets a requirement. ± is one standard error. A difference within two of its errors is no difference. "
        "No choice changes the odds of war here; --json has every view, rank and box.[/dim]",
        soft_wrap=True,
    )


def _print_shares(found: Comparison, asked: list[Requirement], title: str) -> None:
    if title:
        OUT.print(f"\n[bold]{title}[/bold]: share of futures that meet it, and the change from what is contracted")
    names = [one.name for one in asked]
    table = _table("choice", *names, right=tuple(names))
    for choice in found.choices:
        cells = []
        for name in names:
            robustness, rank = choice.robustness[name], choice.ranks[name]["met"]
            share = "–" if math.isnan(robustness.met.value) else f"{robustness.met.value:.0%}"
            cells.append(f"[bold]{share}[/bold]" if rank.rank == 1.0 and rank.first > 0.5 else share)
        table.add_row(_name(choice), *cells)
    OUT.print(table)
    for one in asked:
        stated = one.stated
        way = "at least" if stated.direction == "at_least" else "at most"
        OUT.print(f"[dim]{escape(one.name)}: {escape(stated.title)} ({stated.statistic} of {escape(stated.outcome)} "
                  f"{way} {stated.threshold:g})[/dim]", soft_wrap=True)  # fmt: skip


def _name(choice: ChoiceView) -> str:
    refused = choice.partner is not None and choice.partner.agreement.refused
    return escape(choice.choice) + (" (partner would refuse)" if refused else "")


def _print_partners(found: Comparison) -> None:
    OUT.print("\n[bold]Cost and partner[/bold], as changes from what is contracted")
    table = _table("choice", "cost, m", "supplier earns, m", "partner agrees", "no worse off",
                   right=("cost, m", "supplier earns, m", "partner agrees", "no worse off"))  # fmt: skip
    for choice in found.choices:
        cost = choice.cost.mean
        cells = [f"{cost.value:+,.0f} ± {cost.standard_error:,.0f}"]
        if choice.partner is None:
            cells += ["–"] * 3
        else:
            earns = choice.partner.differences.get("supplier_earns")
            agreement = choice.partner.agreement
            cells.append("–" if earns is None else f"{earns.mean.value:+,.0f} ± {earns.mean.standard_error:,.0f}")
            cells.append("not asked" if agreement.probability is None else f"{agreement.probability:.0%}")
            cells.append(f"{choice.partner.no_worse_off.value:.0%}")
        table.add_row(_name(choice), *cells)
    OUT.print(table)
    OUT.print(
        "[dim]cost in the buyer's currency, earnings in the supplier's, both in millions of dollars at the rate of the "
        "case's day; agrees: the forecast's chance that it does not "
        "turn down the hardest issue that the choice raises; no worse off: share of futures in which it earns no less "
        "and its own forces wait for no more[/dim]",
        soft_wrap=True,
    )


def _print_failures(found: Comparison) -> None:
    OUT.print("\n[bold]What is contracted falls short when …[/bold]")
    base = next(one for one in found.choices if one.choice == "as-contracted")
    for box in base.boxes:
        OUT.print(
            f"{escape(box.requirement)}: {escape(box.words)} [dim]({box.box.density:.0%} of runs there, "
            f"{box.box.density_outside:.0%} elsewhere; {box.box.coverage:.0%} of all that fall short; found again in "
            f"{box.stability.found:.0%} of halves)[/dim]",
            soft_wrap=True,
        )
    if not base.boxes:
        OUT.print("no combination of assumptions stands out", soft_wrap=True)


def _print_worth(found: Comparison) -> None:
    asked = {one.name for one in found.requirements if one.stated.side == "buyer"}
    rows = [one for choice in found.choices for one in choice.worth if one.requirement in asked]
    if not rows:
        return
    OUT.print("\n[bold]Levers whose effect nobody has measured[/bold]: from which share of the hoped-for effect on")
    table = _table("lever", "requirement", "it helps", "worth its cost", "beside")
    for one in rows:
        if one.helps:
            table.add_row(escape(one.lever), escape(one.requirement), _from(one.useful), _from(one.worth_its_cost),
                          escape(one.alternative or "–"))  # fmt: skip
    OUT.print(table)
    levers = dict.fromkeys(one.lever for one in rows)
    silent = [lever for lever in levers if not any(one.helps for one in rows if one.lever == lever)]
    if silent:
        OUT.print(f"No help was seen from: {escape(', '.join(silent))}", soft_wrap=True)
    OUT.print(
        "[dim]left out: pairs of lever and requirement where no help was seen. Worth its cost: it gives more than the "
        "choice beside it would for the same money, as if that grew evenly with money[/dim]",
        soft_wrap=True,
    )


def _table(*heads: str, right: tuple[str, ...] = ()) -> Table:
    """Return a table whose first column is never broken."""
    table = make_table(*heads, right=right)
    table.columns[0].no_wrap = True
    return table


def _from(one: object) -> str:
    verdict = getattr(one, "verdict", None)
    if verdict == "from":
        low, high = getattr(one, "low", None), getattr(one, "high", None)
        ends = ("…" if low is None else f"{low:.0%}", "…" if high is None else f"{high:.0%}")
        return f"from {getattr(one, 'effect', 0.0):.0%} ({ends[0]} to {ends[1]})"
    words = {"always": "at any", "never": "at none", "only_below": "only at a small one", "unclear": "not clear",
             "unknown": "not known", None: "–"}  # fmt: skip
    return words[verdict]


def _print_drivers(found: Comparison) -> None:
    OUT.print("\n[bold]What outcomes hang on[/bold], as contracted")
    heads = ("judgement", "crises to prevent")
    table = _table("requirement", "largest", *heads, right=heads)
    deterrence = {one.requirement: one for one in found.deterrence}
    for one in found.drivers:
        largest = ", ".join(f"{driver.name} {driver.share.value:.0%}" for driver in one.drivers[:3]) or "nothing alone"
        judged = "–" if one.origin.judged is None else f"{one.origin.judged:.0%}"
        other = deterrence.get(one.requirement)
        share = None if other is None else other.needed
        needed = "–" if share is None else f"{share:.0%}" if share <= 1 else "> all"
        table.add_row(escape(one.requirement), escape(largest), judged, needed)
    OUT.print(table)
    OUT.print(
        "[dim]judgement: share of what single assumptions explain that rests on ranges the authors judged; crises to "
        "prevent: the share of crises that a deterrent would have to prevent for what is contracted to do as well as "
        "the best choice[/dim]",
        soft_wrap=True,
    )
