"""The command ``pactwork compare``: the choices of a run, over the same futures and the same luck."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pactwork.commands.options import JsonOption, messages, print_json
from pactwork.terminal.choices import print_comparison
from pactwork.terminal.shared import show_progress

EPILOG = (
    "Examples: pactwork simulate -o my-run; pactwork compare my-run; "
    "pactwork compare my-run --criteria k2-ready,full-fleet --json"
)


def compare(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A folder that pactwork simulate wrote.")],
    criteria: Annotated[
        str | None,
        typer.Option("--criteria", metavar="A,B", help="Which requirements of choices.toml. [default: all]"),
    ] = None,
    case: Annotated[
        str | None, typer.Option("--case", metavar="CASE", help="Where the case lies, if it has moved.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Compare the choices of a run: what holds up, what fails when, what it costs, and what the partner gets."""
    chosen = [name.strip() for name in criteria.split(",")] if criteria is not None else None
    with show_progress(messages) as progress:
        progress("getting ready", 0, 1)
        from pactwork.choices.comparison import compare_choices
        from pactwork.futures.identity import check_same
        from pactwork.futures.source import read_case
        from pactwork.futures.store import open_run

        opened = open_run(run, progress=progress)
        identity = opened.identity
        ledger, forecast = read_case(case or identity.case, identity.known_by, identity.set)
        check_same(identity, ledger)
        progress("getting ready", 1, 1)
        found = compare_choices(opened, ledger, forecast.politics, scenario=identity.scenario, criteria=chosen,
                                seed=identity.seed, progress=progress)  # fmt: skip
    if as_json:
        print_json({"run": str(run), **found.as_dict()})
    else:
        print_comparison(found)
