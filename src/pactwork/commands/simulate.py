"""The command ``pactwork simulate``: futures are played and written to a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pactwork.commands.options import (
    DEFAULT_CASE,
    INTERRUPTED,
    CaseArgument,
    JsonOption,
    messages,
    print_json,
    require_date,
)
from pactwork.commands.running import Request, begin, reach_workers, take_up
from pactwork.terminal.futures import print_description, print_summary
from pactwork.terminal.shared import show_progress

EPILOG = (
    "Examples: pactwork simulate -o my-run; "
    "pactwork simulate --scenario frozen-conflict --futures 512 --replications 32 --seed 7 -o frozen --json; "
    'pactwork simulate --stop-when "standard error of readiness < 0.002" -o precise; '
    "pactwork simulate --resume -o my-run. "
    "Ctrl-C stops with exit status 130; what is whole is kept, and --resume goes on with it."
)


def simulate(
    context: typer.Context,
    case: CaseArgument = DEFAULT_CASE,
    futures: Annotated[
        int, typer.Option("--futures", metavar="N", help="Futures over all ranges; rounded up to a multiple of 8.")
    ] = 128,
    replications: Annotated[int, typer.Option("--replications", metavar="R", help="Plays of chance in each.")] = 16,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="Same seed, same bytes.")] = 1,
    choices: Annotated[
        str | None,
        typer.Option(
            "--choices", metavar="A,B", help="Which; each-lever: every lever alone. [default: all of the case]"
        ),
    ] = None,
    scenario: Annotated[
        str | None, typer.Option("--scenario", metavar="NAME", help="A set of assumptions of scenarios.toml.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="RUN", help="Folder to write to. [default: CASE-run]")
    ] = None,
    workers: Annotated[
        str | None,
        typer.Option(
            "--workers",
            metavar="N|ADDRESS",
            help="Who plays: N threads of this process, processes:N, or the dask scheduler at tcp://HOST:PORT. "
            "They change no byte. [default: a thread for each processor]",
        ),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="The last day. [default: the case's horizon]")
    ] = None,
    known_by: Annotated[
        str | None, typer.Option("--known-by", metavar="DATE", help="Begin from what was known by that day.")
    ] = None,
    numbers: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=NUMBER", help="Put a number in place of an assumption; may be repeated."),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the run in the folder; nothing else need be said again.")
    ] = False,
    stop_when: Annotated[
        str | None,
        typer.Option(
            "--stop-when",
            metavar="CONDITION",
            help='Go on until the run is precise enough: "standard error of OUTCOME < NUMBER", '
            '"choices told apart by OUTCOME", or several with "and".',
        ),
    ] = None,
    most_runs: Annotated[
        int | None,
        typer.Option(
            "--most-runs", metavar="N", help="With --stop-when: end at N runs of a choice. [default: 1048576]"
        ),
    ] = None,
    describe: Annotated[
        Path | None, typer.Option("--describe", metavar="RUN", help="Say what a run holds, and play nothing.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Play many futures of a case, under its assumptions, and write what came of each run."""
    if describe is not None:
        _describe(describe, as_json)
        return
    chosen = tuple(name.strip() for name in choices.split(",")) if choices is not None else None
    last, known = require_date(until, "--until"), require_date(known_by, "--known-by")
    request = Request(case, futures, replications, seed, chosen, scenario, last, known, stop_when, most_runs, workers,
                      tuple(numbers or ()))  # fmt: skip
    _play(context, request, output, resume=resume, as_json=as_json)


def _play(context: typer.Context, request: Request, output: Path | None, *, resume: bool, as_json: bool) -> None:
    folder = output
    try:
        with show_progress(messages, pace=True) as progress:
            progress("getting ready", 0, 1)
            from pactwork.futures.playing import play_run
            from pactwork.futures.summary import summarise

            ready = take_up(context, request, output, progress) if resume else begin(request, output, progress)
            folder = ready.folder
            if not resume and 8 * request.points != request.futures:
                _say(f"{request.futures} futures make no whole scrambles: {8 * request.points} are played")
            with reach_workers(request.workers) as who:
                run = play_run(folder, ready.identity, ready.source, workers=who, calibration=ready.calibration,
                               progress=progress, tell=_say)  # fmt: skip
            found = [summarise(run, choice) for choice in run.choices]
    except KeyboardInterrupt:
        _say_stopped(folder)
        raise typer.Exit(INTERRUPTED) from None
    if as_json:
        print_json({"run": str(folder), "identity": run.identity.model_dump(mode="json"),
                    "choices": [one.as_dict() for one in found]})  # fmt: skip
    else:
        print_summary(run.identity, found)


def _say(text: str) -> None:
    messages.print(text, markup=False, soft_wrap=True)


def _say_stopped(folder: Path | None) -> None:
    from pactwork.futures.store import IDENTITY, resume_command

    if folder is None or not (folder / IDENTITY).exists():
        _say("Stopped; nothing was written")
    else:
        _say(f"Stopped; what is whole is kept. Go on with: {resume_command(folder)}")


def _describe(path: Path, as_json: bool) -> None:
    with show_progress(messages) as progress:
        progress("checking", 0, 1)
        from pactwork.futures.description import describe_run

        found = describe_run(path, progress)
    if as_json:
        print_json(found.as_dict())
    else:
        print_description(found)
