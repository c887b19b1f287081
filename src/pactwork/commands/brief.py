"""The command ``pactwork brief``: the main job, from facts to what people read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pactwork.commands.options import DEFAULT_CASE, INTERRUPTED, CaseArgument, messages
from pactwork.progress import Progress
from pactwork.terminal.evidence import print_brief
from pactwork.terminal.shared import show_progress

if TYPE_CHECKING:
    from pactwork.brief.effort import Extent
    from pactwork.facts.ledger import Ledger

EPILOG = (
    "Example: pactwork brief my-case -o my-brief. More: pactwork brief --quick, for a first look; "
    "pactwork brief --thorough 30, for half an hour of simulation; "
    "pactwork brief --futures 0, without futures and choices; pactwork brief --choices 0, without choices."
)
MOST = 65_536
"""Futures, and plays of chance in each: beyond them is work for `pactwork simulate`, which can go on after a stop."""
LONGEST_MINUTES = 1440.0


def brief(
    case: CaseArgument = DEFAULT_CASE,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="DIR", help="Folder to write to. [default: CASE-brief]")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Simulate little, and leave out choices.")] = False,
    thorough: Annotated[
        float | None,
        typer.Option("--thorough", metavar="MINUTES", help="Simulate as much as fits into about so many minutes."),
    ] = None,
    futures: Annotated[
        int | None,
        typer.Option(
            "--futures", metavar="N", min=0, max=MOST, help="Futures to simulate a scenario; 0: none. [default: 32]"
        ),
    ] = None,
    replications: Annotated[
        int | None,
        typer.Option(
            "--replications", metavar="R", min=1, max=MOST, help="Plays of chance in each future. [default: 16]"
        ),
    ] = None,
    choices: Annotated[
        int | None,
        typer.Option(
            "--choices", metavar="N", min=0, max=MOST, help="Futures to compare choices over; 0: none. [default: 64]"
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="S", min=0, help="Same seed, same brief.")] = 0,
) -> None:
    """Turn a case into a brief: facts, forecast, futures and choices, as a page, PDF and Word, with all its data."""
    from pactwork.brief import write_brief
    from pactwork.brief.effort import SHORTEST_MINUTES
    from pactwork.facts.case import load_case

    if quick and thorough is not None:
        raise typer.BadParameter("does not go with --quick", param_hint="--thorough")
    if thorough is not None and not SHORTEST_MINUTES <= thorough <= LONGEST_MINUTES:
        raise typer.BadParameter(
            f"give {SHORTEST_MINUTES:g} minutes or more (less is what a brief takes without it), and at most "
            f"{LONGEST_MINUTES:g}, a day", param_hint="--thorough"
        )  # fmt: skip
    try:
        with show_progress(messages, pace=True, told=True) as progress:
            progress("Reading the facts", 0, 1)
            ledger = load_case(case)
            progress("Reading the facts", 1, 1)
            extent = _choose_extent(ledger, quick, thorough, progress).with_seed(seed)
            scenarios, compared = extent.scenarios, extent.choices
            scenarios = replace(scenarios, futures=scenarios.futures if futures is None else futures,
                                replications=replications or scenarios.replications)  # fmt: skip
            asked = compared.futures if choices is None else choices
            compared = replace(compared, futures=asked if scenarios.futures else 0)
            if thorough is not None:
                messages.print(
                    f"Playing {scenarios.futures} futures a scenario and {compared.futures} to compare choices; for "
                    f"the same brief again: --futures {scenarios.futures} --replications {scenarios.replications} "
                    f"--choices {compared.futures} --seed {seed}"
                )
            made = write_brief(ledger, output or Path(f"{ledger.about.name}-brief"), effort=scenarios, choices=compared,
                               progress=progress)  # fmt: skip
    except KeyboardInterrupt:
        messages.print("Stopped. The page is written last, so that an older one in the folder is whole.")
        raise typer.Exit(INTERRUPTED) from None
    print_brief(made)
    for notice in made.notices:
        messages.print(str(notice), markup=False, soft_wrap=True)


def _choose_extent(ledger: Ledger, quick: bool, thorough: float | None, progress: Progress) -> Extent:
    """Return how much is simulated, before what the command line says of each number."""
    from pactwork.brief.effort import QUICK, USUAL, fit_extent, measure_pace

    if quick:
        return QUICK
    if thorough is None or not ledger.assumptions.parameters:
        return USUAL
    return fit_extent(thorough, measure_pace(ledger, progress), max(1, len(ledger.assumptions.scenarios)))
