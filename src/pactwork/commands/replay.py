"""The command ``pactwork replay``: one run of a RUN folder, told as a story."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pactwork.commands.options import JsonOption, messages, print_json
from pactwork.errors import CaseError, Problem, quoted
from pactwork.terminal.futures import print_story
from pactwork.terminal.shared import show_progress

if TYPE_CHECKING:  # the numeric libraries are loaded once the command is known to be right
    from pactwork.futures.reading import Run
    from pactwork.futures.replay import Story

EPILOG = "Example: pactwork replay my-run --future 3 --replication 0"


def replay(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A folder that pactwork simulate wrote.")],
    future: Annotated[int, typer.Option("--future", metavar="F", help="Which future, from 0.")],
    replication: Annotated[int, typer.Option("--replication", metavar="R", help="Which play of chance, from 0.")],
    choice: Annotated[
        str | None, typer.Option("--choice", metavar="C", help="Which choice. [default: the run's first]")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Play one run again, check that it comes out as it was written, and tell what happened in it."""
    with show_progress(messages) as progress:
        progress("getting ready", 0, 1)
        from pactwork.futures.replay import replay as play_again
        from pactwork.futures.source import open_source
        from pactwork.futures.store import open_run

        opened = open_run(run)
        identity = opened.identity
        chosen = choice or identity.choices[0]
        _check(opened, future, replication, chosen)
        source = open_source(identity, run, progress=progress)
        progress("getting ready", 1, 1)
        story = play_again(source(identity.points), future=future, replication=replication, choice=chosen,
                           apart_of=identity.apart_of)  # fmt: skip
        _compare(opened, story, future, replication, chosen)
    if as_json:
        print_json(story.as_dict())
    else:
        print_story(story)


def _check(run: Run, future: int, replication: int, choice: str) -> None:
    problems = [
        Problem(name, str(number), f"0 to {most - 1}, as many as the run has", "correct the number")
        for name, number, most in (
            ("future", future, run.identity.futures),
            ("replication", replication, run.identity.replications),
        )
        if not 0 <= number < most
    ]
    if choice not in run.choices:
        problems.append(Problem("choice", quoted(choice), f"one of {', '.join(run.choices)}", "correct the name"))
    if problems:
        raise CaseError(problems)


def _compare(run: Run, story: Story, future: int, replication: int, choice: str) -> None:
    """Refuse a replay that differs from what was written in any bit of any outcome."""
    import numpy as np

    row = run.find_run(future, replication, choice)
    written = row.drop("choice", "future", "replication", "status").to_numpy()[0]
    same = (written == story.outcomes) | (np.isnan(written) & np.isnan(story.outcomes))
    if not same.all():
        found = f"{int((~same).sum())} of {same.size} outcomes come out otherwise"
        fix = "replay it with the libraries it was simulated with, or simulate it again"
        where = f"outcomes of future {future}, replication {replication}"
        raise CaseError([Problem(where, found, "the same bits", fix)])
