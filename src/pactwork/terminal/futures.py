"""How the simulation's checks, runs and stories look on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.markup import escape

from pactwork.terminal.shared import OUT, make_table, spell_count

if TYPE_CHECKING:  # what is printed has been made by then; nothing is loaded for the pen
    import datetime as dt

    from pactwork.futures.description import Description
    from pactwork.futures.identity import Identity
    from pactwork.futures.oracles import Oracle
    from pactwork.futures.replay import Story
    from pactwork.futures.summary import Summary


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


def print_summary(identity: Identity, found: Sequence[Summary]) -> None:
    """Print what each choice came to, and how to read it."""
    runs = identity.futures * identity.replications
    OUT.print(f"[bold]{escape(identity.case)}[/bold], assumptions: {escape(identity.assumptions)}", soft_wrap=True)
    OUT.print(
        f"[dim]{identity.futures:,} futures, {identity.replications:,} plays of chance each: {runs:,} runs a choice, "
        f"from {identity.as_of}, seed {identity.seed}[/dim]",
        soft_wrap=True,
    )
    _print_rounds(identity)
    for one in found:
        OUT.print(f"\n[bold]{escape(one.choice)}[/bold]")
        if one.lots:
            table = make_table("lot", "complete", "1 in 10", "half", "9 in 10", right=("complete",))
            for lot in one.lots:
                share = f"{lot.complete:,} of {lot.runs:,}"
                table.add_row(escape(lot.lot), share, *(_month(day) for day in (lot.q10, lot.q50, lot.q90)))
            OUT.print(table)
        if one.systems:
            table = make_table("system", "readiness", "1 in 10", "9 in 10", "gap (item-years)",
                               right=("readiness", "1 in 10", "9 in 10", "gap (item-years)"))  # fmt: skip
            for system in one.systems:
                shares = (system.readiness, system.readiness_q10, system.readiness_q90)
                gap = "–" if system.gap_item_years is None else f"{system.gap_item_years:,.0f}"
                table.add_row(escape(system.system), *("–" if x is None else f"{x:.0%}" for x in shares), gap)
            OUT.print(table)
        for name, count in one.failed.items():
            OUT.print(f"{spell_count(count, 'run')} failed and count nowhere: {name}", soft_wrap=True)
    caption = (
        "Half: the month by which half of the runs have all of a lot (1 in 10, 9 in 10: 80 % lie between). "
        "Readiness: each future's mean, then the mean and four fifths of futures. Conditional on the assumptions: "
        "these are counts of futures and runs, not probabilities. Readiness does not change the odds of war here."
    )
    OUT.print(f"[dim]{caption}[/dim]", soft_wrap=True)


def _print_rounds(identity: Identity) -> None:
    """Print what errors a run came to that goes on until it is precise enough."""
    asked, last = identity.asked, identity.rounds[-1]
    if asked.stop_when is None:
        return
    said = {True: "reached", False: "NOT reached", None: "not judged yet"}[last.reached]
    rounds = spell_count(len(identity.rounds), "round")
    OUT.print(f"Asked for: {asked.stop_when}: {said}, in {rounds}", markup=False, soft_wrap=True)
    for label, error in last.errors.items():
        shown = "nothing seen" if error is None else f"{error:.3g}"
        OUT.print(f"  standard error of {label}: {shown}", markup=False, soft_wrap=True)


def print_description(found: Description) -> None:
    """Print what a RUN folder holds."""
    identity = found.identity
    state = "whole: every file is as it was written" if found.resume is None else "UNFINISHED"
    rows = [
        ("run", f"{found.path}, {state}"),
        ("case", f"{identity.case}, SHA-256 {identity.case_sha256[:16]}…, assumptions: {identity.assumptions}"),
        ("from", f"{identity.as_of}, {identity.steps:,} steps of {identity.step_days:g} days"),
        (
            "size",
            f"{identity.futures:,} futures × {identity.replications:,} plays of chance: {found.runs:,} runs a choice",
        ),
        ("choices", ", ".join(identity.choices)),
        ("holds", f"{len(identity.outcomes):,} outcomes of each run, {len(identity.series):,} series by quarter"),
        ("chunks", f"{found.chunks_whole:,} of {found.chunks:,} of about {identity.chunk_runs:,} runs"),
        ("on disk", f"{found.bytes / 2**20:,.1f} MiB"),
        ("made by", f"pactwork {identity.version}, seed {identity.seed}"),
    ]
    if found.failed is not None:
        rows.append(("failed", spell_count(found.failed, "run")))
    if found.resume is not None:
        rows.append(("go on", found.resume))
    table = make_table("", "")
    for name, text in rows:
        table.add_row(name, escape(text))
    OUT.print(table)
    _print_rounds(identity)


def _month(day: dt.date | None) -> str:
    return f"{day:%Y-%m}" if day else "later"


def print_story(story: Story) -> None:
    """Print one run's events by date, marked as simulated before and after."""
    identity = story.identity
    mark = (
        f"SIMULATED: {identity['case']}, assumptions: {identity['scenario']}, seed {identity['seed']}, "
        f"future {identity['future']}, replication {identity['replication']}, choice {identity['choice']}"
    )
    OUT.print(mark, style="bold", markup=False, soft_wrap=True)
    if identity["status"] != "played":
        OUT.print(f"The run failed, and counts nowhere: {identity['status']}", markup=False, soft_wrap=True)
    for event in story.events:
        OUT.print(f"{event.date}  {event.text}", markup=False, soft_wrap=True)
    OUT.print("SIMULATED: one of many runs; nothing of this has happened.", style="bold", soft_wrap=True)
