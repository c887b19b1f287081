"""The command ``pactwork forecast``: of a case, of a table of deals, its scores, and what it learns from."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pactwork.commands.options import DEFAULT_CASE, JsonOption, KnownByOption, messages, print_json, require_date
from pactwork.terminal.forecast import print_backtest, print_fit, print_forecast, print_scores
from pactwork.terminal.shared import show_progress

if TYPE_CHECKING:  # the numeric libraries are loaded once the command is known to be right
    from pactwork.forecast.deliveries.reference import ReferenceClass

EPILOG = (
    "Examples: pactwork forecast --json; "
    "pactwork forecast --deals deals.csv --as-of 2023-12-31 --at 2024-12-31 --at 2025-12-31 -o out.csv; "
    "pactwork forecast --deals deals.csv --score outcomes.csv; pactwork forecast --fit register.csv -o my-class.json"
)


def forecast(
    case: Annotated[
        str | None, typer.Argument(metavar="[CASE]", help="A case folder, or the name of a bundled case.")
    ] = None,
    known_by: KnownByOption = None,
    deals: Annotated[
        Path | None, typer.Option("--deals", metavar="FILE", help="A table of deals, or a SIPRI register export.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="The day a table of deals describes.")
    ] = None,
    at: Annotated[
        list[str] | None, typer.Option("--at", metavar="DATE", help="A date to forecast; may be repeated.")
    ] = None,
    score: Annotated[
        Path | None, typer.Option("--score", metavar="FILE", help="What came of the deals: score the forecasts.")
    ] = None,
    fit: Annotated[
        list[Path] | None,
        typer.Option("--fit", metavar="FILE", help="A register, or a table of deals, to learn from; may be repeated."),
    ] = None,
    reference_class: Annotated[
        str | None,
        typer.Option("--reference-class", metavar="NAME", help="known-by-2023, known-by-2025, or a file of --fit."),
    ] = None,
    backtest: Annotated[
        bool, typer.Option("--backtest", help="Set forecasts of the case's past beside what came.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write the table, or the class, to a file.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Forecast when what was ordered will arrive: chances, learnt from other deals and from a lot's own pace."""
    modes = [name for name, given in (("--deals", deals), ("--fit", fit)) if given]
    if len(modes) > 1:
        raise typer.BadParameter("--deals and --fit are two things: give one of them", param_hint="--fit")
    if modes and (case or known_by or backtest):
        message = f"{modes[0]} stands alone: give no case, --known-by or --backtest with it"
        raise typer.BadParameter(message, param_hint="CASE")
    if deals:
        _of_table(deals, as_of, at or [], score, reference_class, output, as_json=as_json)
    elif fit:
        _fit(fit, as_of, output, as_json=as_json)
    else:
        if as_of or at or score:
            message = "belongs with --deals; a case says itself, or with --known-by, from which day it is forecast"
            raise typer.BadParameter(message, param_hint="--as-of / --at / --score")
        _of_case(case or DEFAULT_CASE, known_by, reference_class, output, backtest=backtest, as_json=as_json)


def _of_case(
    case: str, known_by: str | None, name: str | None, output: Path | None, *, backtest: bool, as_json: bool
) -> None:
    from pactwork.facts.case import load_case
    from pactwork.forecast.deliveries.backtest import backtest_deliveries
    from pactwork.forecast.deliveries.forecast import forecast_deliveries

    require_date(known_by, "--known-by")
    ledger = load_case(case)
    if known_by:
        ledger = ledger.known_by(known_by)
    reference = _reference(name)
    if backtest:
        with show_progress(messages) as progress:
            tested = backtest_deliveries(ledger, reference, progress)
        print_json(tested.as_dict()) if as_json else print_backtest(tested)
        return
    found = forecast_deliveries(ledger, reference)
    _warn_of_look_ahead(found.reference, found.as_of)
    if output:
        _write(found.as_frame().write_csv(), output)
    if as_json:
        print_json(found.as_dict())
    elif not output:
        print_forecast(ledger, found)


def _of_table(
    path: Path, as_of: str | None, at: list[str], score: Path | None, name: str | None, output: Path | None,
    *, as_json: bool,
) -> None:  # fmt: skip
    from pactwork.facts.deals import read_deals

    day = require_date(as_of, "--as-of")
    days = [found for text in at if (found := require_date(text, "--at"))]
    if output and path.exists() and output.exists() and output.samefile(path):
        raise typer.BadParameter("would overwrite the table of deals: name another file", param_hint="--output")
    if score:
        if days:
            raise typer.BadParameter("does not go with --score: outcomes say their own dates", param_hint="--at")
        _score(path, score, day, name, output, as_json=as_json)
        return
    if not days:
        raise typer.BadParameter("name at least one date to forecast, such as --at 2025-12-31", param_hint="--at")
    table = read_deals(path, last_year=day.year if day else None)
    if day is None and table.last_year is None:
        raise typer.BadParameter("say which day the table describes, such as --as-of 2023-12-31", param_hint="--as-of")
    day = day or dt.date(table.last_year or 1, 12, 31)
    early = [one for one in days if one < day]
    if early:
        message = f"{early[0].isoformat()} lies before {day.isoformat()}, the day the table describes"
        raise typer.BadParameter(message, param_hint="--at")
    from pactwork.forecast.deliveries.table_forecast import forecast_table

    reference = _reference(name or "known-by-2025")
    assert reference is not None
    _warn_of_look_ahead(reference, day)
    with show_progress(messages) as progress:
        forecasts = forecast_table(table, day, sorted(set(days)), reference, progress)
    if output:
        _write(forecasts.write_csv(), output)
    if as_json:
        about = reference.describe(day)
        print_json({"as_of": day.isoformat(), "reference_class": about, "deals": forecasts.to_dicts()})
    elif output is None:
        sys.stdout.write(forecasts.write_csv())


def _score(
    path: Path, outcomes: Path, day: dt.date | None, name: str | None, output: Path | None, *, as_json: bool
) -> None:
    from pactwork.facts.deals import read_deals, read_outcomes
    from pactwork.forecast.deliveries.evaluation import describe_scores, score_deals

    table = read_deals(path, last_year=day.year if day else None)
    later = read_outcomes(outcomes, table)
    day = day or dt.date(min(later) - 1, 12, 31)
    reference = _reference(name or "known-by-2025")
    assert reference is not None
    with show_progress(messages) as progress:
        scores = score_deals(table, later, reference, day, progress)
    document = describe_scores(scores, reference, day)
    _warn_of_look_ahead(reference, day)
    if output:
        import json

        _write(json.dumps(document, indent=1) + "\n", output)
    if as_json:
        print_json(document)
    else:
        print_scores(scores, reference, looks_ahead=reference.looks_ahead(day))


def _fit(paths: list[Path], as_of: str | None, output: Path | None, *, as_json: bool) -> None:
    if output is None or output.suffix.lower() != ".json":
        raise typer.BadParameter("name the file to write the class to, such as -o my-class.json", param_hint="--output")
    from pactwork.facts.deals import read_deals
    from pactwork.forecast.deliveries.reference import dump_reference_class, tidy_name
    from pactwork.forecast.deliveries.table_forecast import fit_register

    day = require_date(as_of, "--as-of")
    with show_progress(messages) as progress:
        progress("Reading the deals", 0, 1)
        tables = [read_deals(path, last_year=day.year if day else None, complete=True) for path in paths]
        progress("Reading the deals", 1, 1)
        progress("Learning from them", 0, 1)
        learnt = fit_register(tables, tidy_name(output.stem), day)
        progress("Learning from them", 1, 1)
    _write(dump_reference_class(learnt), output)
    if as_json:
        print_json(learnt.model_dump(mode="json"))
    else:
        print_fit(learnt, output, sum(len(one.notes) for one in tables))


def _reference(name: str | None) -> ReferenceClass | None:
    from pactwork.forecast.deliveries.reference import load_reference_class

    return load_reference_class(name) if name else None


def _warn_of_look_ahead(reference: ReferenceClass, day: dt.date) -> None:
    if reference.looks_ahead(day):
        messages.print(
            f"The reference class {reference.name} knows what happened up to {reference.known_by.isoformat()}: "
            f"for a forecast of {day.isoformat()} it looks ahead. --reference-class chooses another.",
            soft_wrap=True,
        )


def _write(text: str, path: Path) -> None:
    from pactwork.facts.writing import write_atomically

    write_atomically(path, text)
    messages.print(f"Wrote {path}", markup=False, soft_wrap=True)
