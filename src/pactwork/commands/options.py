"""Arguments that several commands share, and what every command does with its result."""

from __future__ import annotations

import datetime as dt
import json
import sys
from typing import Annotated, Any

import typer
from rich.console import Console

from pactwork.errors import quoted

DEFAULT_CASE = "poland-korea"
INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it: 128 and the signal's number."""
messages = Console(stderr=True, highlight=False)

CaseArgument = Annotated[str, typer.Argument(metavar="[CASE]", help="A case folder, or the name of a bundled case.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
AsOfOption = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="Show the world on that day.")]
KnownByOption = Annotated[
    str | None, typer.Option("--known-by", metavar="DATE", help="Show only what could have been known by that day.")
]


def require_date(text: str | None, option: str) -> dt.date | None:
    """Return the last day an EDTF date can mean; refuse what is no date: the command is wrong then, not the input."""
    from pactwork.facts.dates import is_date, parse_date

    if text is None:
        return None
    if not is_date(text):
        raise typer.BadParameter(f"{quoted(text)} is no date; write year-month-day", param_hint=option)
    return parse_date(text).latest


def print_json(document: Any) -> None:
    """Print one JSON document on standard output."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n")
