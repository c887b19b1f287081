"""The command ``pactwork politics``: of a case, or of one table alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pactwork.commands.options import DEFAULT_CASE, JsonOption, KnownByOption, print_json, require_date
from pactwork.terminal.politics import print_politics

EPILOG = "Example: pactwork politics --polls my-polls.csv --json"


def politics(
    case: Annotated[
        str | None, typer.Argument(metavar="[CASE]", help="A case folder, or the name of a bundled case.")
    ] = None,
    known_by: KnownByOption = None,
    polls: Annotated[Path | None, typer.Option("--polls", metavar="FILE", help="A table of polls alone.")] = None,
    positions: Annotated[
        Path | None, typer.Option("--positions", metavar="FILE", help="A table of positions alone.")
    ] = None,
    votes: Annotated[
        Path | None, typer.Option("--votes", metavar="FILE", help="A table of roll calls or ideal points alone.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Weigh opinion, bargaining and perceptions, of a case or of one table, with honest error."""
    from pactwork.facts.case import load_case
    from pactwork.forecast.politics import make_politics, read_politics

    if polls or positions or votes:
        if case or known_by:
            raise typer.BadParameter("a table stands alone: give no case and no --known-by with it", param_hint="CASE")
        found = read_politics(polls, positions, votes)
    else:
        require_date(known_by, "--known-by")
        ledger = load_case(case or DEFAULT_CASE)
        found = make_politics(ledger.known_by(known_by) if known_by else ledger)
    if as_json:
        print_json(found.as_dict())
    else:
        print_politics(found)
