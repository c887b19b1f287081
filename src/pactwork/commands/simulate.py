"""The command ``pactwork simulate``: futures are played and written to a folder."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pactwork.commands.options import DEFAULT_CASE, CaseArgument, JsonOption, messages, print_json, require_date
from pactwork.errors import CaseError, Problem
from pactwork.terminal.futures import print_summary
from pactwork.terminal.shared import show_progress

if TYPE_CHECKING:  # the numeric libraries are loaded once the command is known to be right
    from pactwork.facts.ledger import Ledger

EPILOG = (
    "Examples: pactwork simulate -o my-run; "
    "pactwork simulate --scenario frozen-conflict --futures 512 --replications 32 --seed 7 -o frozen --json"
)


def simulate(
    case: CaseArgument = DEFAULT_CASE,
    futures: Annotated[
        int, typer.Option("--futures", metavar="N", help="Futures over all ranges; rounded up to a multiple of 8.")
    ] = 128,
    replications: Annotated[int, typer.Option("--replications", metavar="R", help="Plays of chance in each.")] = 16,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="Same seed, same bytes.")] = 1,
    choices: Annotated[
        str | None, typer.Option("--choices", metavar="A,B", help="Which choices to play. [default: all]")
    ] = None,
    scenario: Annotated[
        str | None, typer.Option("--scenario", metavar="NAME", help="A set of assumptions of scenarios.toml.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="RUN", help="Folder to write to. [default: CASE-run]")
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", metavar="N", help="Threads; their number changes no byte.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="The last day. [default: the case's horizon]")
    ] = None,
    known_by: Annotated[
        str | None, typer.Option("--known-by", metavar="DATE", help="Begin from what was known by that day.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Play many futures of a case, under its assumptions, and write what came of each run."""
    last, known = require_date(until, "--until"), require_date(known_by, "--known-by")
    with show_progress(messages, pace=True) as progress:
        progress("getting ready", 0, 1)
        from pactwork.facts.case import load_case
        from pactwork.forecast import make_forecast
        from pactwork.futures.compile import FEWEST_SCRAMBLES, compile_case
        from pactwork.futures.ensemble import run_futures
        from pactwork.futures.identity import identify_run
        from pactwork.futures.store import write_run
        from pactwork.futures.summary import summarise

        ledger = load_case(case)
        if known:
            ledger = ledger.known_by(known)
        folder = output or Path(f"{ledger.about.name}-run")
        chosen = [name.strip() for name in choices.split(",")] if choices is not None else list(ledger.choices.choices)
        _check(ledger, folder, futures, replications, workers, chosen, scenario, last)
        points = -(-futures // FEWEST_SCRAMBLES)
        if points * FEWEST_SCRAMBLES != futures:
            messages.print(f"{futures} futures make no whole scrambles: {points * FEWEST_SCRAMBLES} are played")
        forecast = make_forecast(ledger)
        progress("getting ready", 1, 1)
        model = compile_case(
            ledger, forecast, scenario=scenario, points=points, seed=seed, until=last, choices=chosen, progress=progress
        )
        ensemble = run_futures(model, replications=replications, workers=workers, progress=progress)
        identity = identify_run(ensemble, ledger, case=case, until=last, known_by=known)
        progress("writing", 0, 1)
        written = write_run(ensemble, folder, identity)
        progress("writing", 1, 1)
    found = [summarise(ensemble, choice) for choice in ensemble.choices]
    messages.print(f"Wrote {folder}" if written else f"{folder} already holds this very run", markup=False)
    if as_json:
        print_json({"run": str(folder), "identity": identity.model_dump(mode="json"),
                    "choices": [one.as_dict() for one in found]})  # fmt: skip
    else:
        print_summary(identity, found)


def _check(
    ledger: Ledger, folder: Path, futures: int, replications: int, workers: int | None, choices: list[str],
    scenario: str | None, until: dt.date | None,
) -> None:  # fmt: skip
    """Refuse what cannot be played before minutes go by, with every problem at once."""
    from pactwork.futures.compile import find_problems
    from pactwork.futures.ensemble import MOST_REPLICATIONS
    from pactwork.futures.store import check_place
    from pactwork.futures.uncertainties import MOST_FUTURES

    problems = list(find_problems(ledger, scenario, until, choices))
    for name, number, most in (("futures", futures, MOST_FUTURES), ("replications", replications, MOST_REPLICATIONS),
                               ("workers", workers, 1024)):  # fmt: skip
        if number is not None and not 1 <= number <= most:
            problems.append(Problem(name, str(number), f"1 to {most}", "correct the number"))
    try:
        check_place(folder)
    except CaseError as error:
        problems += error.problems
    if problems:
        raise CaseError(problems)
