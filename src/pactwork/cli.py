"""The ``pactwork`` command: parse, call, print."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from pactwork.commands.brief import EPILOG as BRIEF_EPILOG
from pactwork.commands.brief import brief
from pactwork.commands.compare import EPILOG as COMPARE_EPILOG
from pactwork.commands.compare import compare
from pactwork.commands.forecast import EPILOG as FORECAST_EPILOG
from pactwork.commands.forecast import forecast
from pactwork.commands.options import (
    DEFAULT_CASE,
    AsOfOption,
    CaseArgument,
    JsonOption,
    KnownByOption,
    messages,
    print_json,
    require_date,
)
from pactwork.commands.politics import EPILOG as POLITICS_EPILOG
from pactwork.commands.politics import politics
from pactwork.commands.replay import EPILOG as REPLAY_EPILOG
from pactwork.commands.replay import replay
from pactwork.commands.serve import EPILOG as SERVE_EPILOG
from pactwork.commands.serve import serve
from pactwork.commands.simulate import EPILOG as SIMULATE_EPILOG
from pactwork.commands.simulate import simulate
from pactwork.commands.verify import EPILOG as VERIFY_EPILOG
from pactwork.commands.verify import verify
from pactwork.errors import CaseError, Problem, quoted
from pactwork.terminal.evidence import (
    print_audit,
    print_check,
    print_diff,
    print_import,
    print_new,
    print_status,
)
from pactwork.terminal.shared import print_problems

app = typer.Typer(
    name="pactwork",
    help=(
        "Keep a security partnership between two states as sourced facts, and turn them into a brief.\n\n"
        "Start with: pactwork brief"
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


app.command(epilog=BRIEF_EPILOG)(brief)


@app.command(epilog="Example: pactwork check my-case --json")
def check(case: CaseArgument = DEFAULT_CASE, as_json: JsonOption = False) -> None:
    """Find every problem of a case at once; show what does not add up in the world."""
    from pactwork.facts.case import load_case

    problems: tuple[Problem, ...] = ()
    discrepancies: tuple[Problem, ...] = ()
    try:
        discrepancies = load_case(case).discrepancies
    except CaseError as error:
        problems = error.problems
    if as_json:
        print_json({"problems": [one.as_dict() for one in problems],
                     "discrepancies": [one.as_dict() for one in discrepancies]})  # fmt: skip
    else:
        print_check(case, problems, discrepancies)
    if problems:
        raise typer.Exit(1)


@app.command(epilog="Example: pactwork status --as-of 2023-12-31")
def status(
    case: CaseArgument = DEFAULT_CASE,
    as_of: AsOfOption = None,
    known_by: KnownByOption = None,
    as_json: JsonOption = False,
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", metavar="OUT", help="Also write the case's tables to a workbook.")
    ] = None,
) -> None:
    """Show what was ordered, what has come by which count, what is due and what is disputed."""
    from pactwork.facts.case import load_case
    from pactwork.facts.status import make_status

    if xlsx and xlsx.suffix.lower() != ".xlsx":
        raise typer.BadParameter("name a file that ends in .xlsx", param_hint="--xlsx")
    require_date(known_by, "--known-by")
    require_date(as_of, "--as-of")
    ledger = load_case(case)
    if known_by:
        ledger = ledger.known_by(known_by)
    if as_of:
        ledger = ledger.as_of(as_of)
    found = make_status(ledger)
    if xlsx:
        from pactwork.facts.workbook import write_workbook

        write_workbook({name: ledger.table(name) for name in ledger.tables}, ledger.package, xlsx)
        messages.print(f"Wrote {xlsx}")
    if as_json:
        print_json(found.as_dict())
    else:
        print_status(ledger, found)


@app.command(epilog="Example: pactwork audit poland-korea --source pism-219=paper.txt")
def audit(
    case: CaseArgument = DEFAULT_CASE,
    source: Annotated[
        str, typer.Option("--source", metavar="ID=FILE", help="A source's id and its document (text, HTML or PDF).")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Look up each figure that cites a source in that source's document."""
    from pactwork.facts.audit import audit_case
    from pactwork.facts.case import load_case

    identifier, mark, file = source.partition("=")
    if not (identifier and mark and file):
        raise typer.BadParameter(
            "give the source's id and its document, such as pism-219=paper.txt", param_hint="--source"
        )
    found = audit_case(load_case(case), identifier, Path(file))
    if as_json:
        print_json(found.as_dict())
    else:
        print_audit(found.as_dict())


app.command(epilog=FORECAST_EPILOG)(forecast)
app.command(epilog=POLITICS_EPILOG)(politics)
app.command(epilog=SIMULATE_EPILOG)(simulate)
app.command(epilog=REPLAY_EPILOG)(replay)
app.command(epilog=COMPARE_EPILOG)(compare)
app.command(epilog=VERIFY_EPILOG)(verify)
app.command(epilog=SERVE_EPILOG)(serve)


@app.command(epilog="Example: pactwork diff my-case-2024 my-case-2025")
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The older version: a case folder or a bundled case.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The newer version.")],
    as_json: JsonOption = False,
) -> None:
    """Tell what changed between two versions of a case, figure by figure."""
    from pactwork.facts.case import load_case
    from pactwork.facts.diff import compare_cases

    problems: list[Problem] = []
    ledgers = []
    for case in (old, new):
        try:
            ledgers.append(load_case(case))
        except CaseError as error:
            where = "OLD" if case == old else "NEW"
            problems += [Problem(f"{where} {one.where}", one.found, one.expected, one.fix) for one in error.problems]
    if problems:
        raise CaseError(problems)
    found = compare_cases(*ledgers)
    if as_json:
        print_json(found.as_dict())
    else:
        print_diff(found)


@app.command(
    epilog="Example: pactwork new my-case --from-sipri register.csv --recipient Norway --supplier 'South Korea'"
)
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make; it must not hold a case yet.")],
    xlsx: Annotated[bool, typer.Option("--xlsx", help="One workbook with a sheet per table, in place of CSV.")] = False,
    from_sipri: Annotated[
        Path | None, typer.Option("--from-sipri", metavar="FILE", help="A SIPRI trade-register export.")
    ] = None,
    recipient: Annotated[str | None, typer.Option(help="Recipient state, as the register writes it.")] = None,
    supplier: Annotated[str | None, typer.Option(help="Supplier state, as the register writes it.")] = None,
) -> None:
    """Make a new case: empty, with words that teach, or from a SIPRI register export."""
    if from_sipri is None:
        if recipient or supplier:
            raise typer.BadParameter("belongs with --from-sipri", param_hint="--recipient / --supplier")
        from pactwork.facts.new import new_case

        print_new(folder, new_case(folder, xlsx=xlsx))
        return
    if xlsx:
        raise typer.BadParameter("does not go with --from-sipri, which writes CSV", param_hint="--xlsx")
    if not recipient or not supplier:
        raise typer.BadParameter("--from-sipri needs both --recipient and --supplier", param_hint="--from-sipri")
    from pactwork.facts.sipri import import_register

    print_import(folder, import_register(from_sipri, recipient, supplier, folder))


def _fail(error: BaseException) -> NoReturn:
    """End on an error nobody foresaw: say so in plain words; the traceback is for those who ask for it."""
    if os.environ.get("PACTWORK_DEBUG"):
        raise error
    messages.print(f"pactwork stopped on a defect of its own: {type(error).__name__}: {error}", markup=False)
    messages.print("Nothing you gave it is to blame. PACTWORK_DEBUG=1 shows where; please report it.")
    raise SystemExit(1)


def main() -> None:
    """Run the command line; exit 0 done, 1 the input is wrong, 2 the command is wrong."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a narrow code page must not stop what it cannot show
            stream.reconfigure(errors="replace")
    try:
        app()
    except CaseError as error:
        print_problems(messages, error.problems, error.left)
        raise SystemExit(1) from None
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
    except OSError as error:
        where = quoted(error.filename) if error.filename else "output"
        fix = "check the path and its rights, and that the disk has room"
        problem = Problem(where, error.strerror or "an error", "a place that can be read or written", fix)
        print_problems(messages, [problem])
        raise SystemExit(1) from None
    except Exception as error:
        _fail(error)
