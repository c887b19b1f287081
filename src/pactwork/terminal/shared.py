"""What every kind of result shares on a terminal: progress, problems, tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from pactwork.errors import Problem
from pactwork.progress import Progress as ProgressCall

OUT = Console(highlight=False)
"""Standard output."""
_MOST_SHOWN = 60


class _Pace(ProgressColumn):
    """How many a second, where there are many."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f}/s" if speed and (task.total or 0) > 100 else "")


@contextmanager
def show_progress(console: Console, *, pace: bool = False, told: bool = False) -> Iterator[ProgressCall]:
    """Yield a callable ``(stage, done, total)`` that moves one bar per stage.

    With ``pace``, each bar also says how much is done a second, and the time left. With ``told``, stages are named one
    a line where no terminal could show bars.
    """
    columns: list[ProgressColumn] = [
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
    ]  # fmt: skip
    if pace:
        columns += [_Pace(), TextColumn("left"), TimeRemainingColumn()]
    with Progress(*columns, console=console, transient=True) as bars:
        tasks: dict[str, Any] = {}

        def progress(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
                if told and not console.is_terminal:
                    console.print(f"{stage} …", markup=False)
            bars.update(tasks[stage], completed=done, total=total)

        yield progress


def print_problems(console: Console, problems: Sequence[Problem], left: str = "nothing was written") -> None:
    """Print problems one a line, and what was left of the work; a long list is cut, and says so."""
    for problem in problems[:_MOST_SHOWN]:
        console.print(str(problem), markup=False, soft_wrap=True)
    if len(problems) > _MOST_SHOWN:
        console.print(f"… and {len(problems) - _MOST_SHOWN} more: pactwork check --json lists them all")
    console.print(f"{spell_count(len(problems), 'problem')}; {left}", markup=False)


def spell_count(number: int, noun: str) -> str:
    """Return a count with its noun in the right number."""
    return f"{number} {noun}" + ("" if number == 1 else "s")


def make_table(*columns: str, right: Sequence[str] = ()) -> Table:
    """Return an empty table with the look that all share; ``right`` names the columns of numbers."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return table
