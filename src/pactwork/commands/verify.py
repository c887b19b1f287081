"""The command ``pactwork verify``: the simulation's mechanisms beside theory."""

from __future__ import annotations

import typer

from pactwork.commands.options import JsonOption, messages, print_json
from pactwork.terminal.futures import print_oracles
from pactwork.terminal.shared import show_progress

EPILOG = "Example: pactwork verify --json"


def verify(as_json: JsonOption = False) -> None:
    """Hold the simulation's mechanisms against closed forms; exit 1 if one differs by more than it may."""
    with show_progress(messages) as progress:
        progress("Getting ready", 0, 1)
        from pactwork.futures.oracles import run_oracles

        progress("Getting ready", 1, 1)
        found = run_oracles(progress)
    if as_json:
        print_json({"oracles": [one.as_dict() for one in found]})
    else:
        print_oracles(found)
    if not all(one.passed for one in found):
        raise typer.Exit(1)
