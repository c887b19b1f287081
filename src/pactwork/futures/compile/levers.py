"""Levers as phases: which are at work when, and what they cost and spare."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pactwork.errors import CaseError, Problem
from pactwork.facts.choices import BASELINE, Choices, Condition, Lever
from pactwork.futures.compile.columns import Columns, Floats, Shift, place
from pactwork.futures.compile.scene import Scene, count_steps
from pactwork.futures.compile.surroundings import Arrays
from pactwork.futures.phases import BEHIND, LEVEL, MOST_CONDITIONS, READINESS, SHUT, STANCE
from pactwork.futures.steps.setting import DAYS_A_YEAR

DAYS_A_MONTH = DAYS_A_YEAR / 12


@dataclass(frozen=True)
class Course:
    """A choice as it unfolds: the steps at which stages begin, what is waited for, and the levers at work.

    ``levers`` has an entry for each phase: stage × 2^conditions + set of conditions met.
    """

    choice: str
    begins: tuple[int, ...]
    conditions: tuple[Condition, ...]
    levers: tuple[tuple[Lever, ...], ...]


AS_CONTRACTED = Course(BASELINE, (), (), ((),))
"""Nothing is added, now or later."""


def plan_course(choices: Choices, choice: str, day: dt.date, step_days: float, steps: int) -> Course:
    """Return how a choice unfolds over the steps of a grid.

    Raises
    ------
    CaseError
        When it waits for more conditions than a choice may have.
    """
    levers = choices.levers_of(choice)
    waits = tuple(dict.fromkeys(lever.when for lever in levers if lever.when is not None))
    if len(waits) > MOST_CONDITIONS:
        found = "; ".join(one.text for one in waits)
        fix = "let levers share a condition, or split the choice"
        where = f"choices.toml choices.{choice}"
        raise CaseError([Problem(where, found, f"at most {MOST_CONDITIONS} different conditions", fix)])
    starts = {lever.name: count_steps(day, lever.starts, step_days) if lever.starts else 0 for lever in levers}
    begins = tuple(sorted({step for step in starts.values() if 0 < step < steps}))
    phases = []
    for stage, met in itertools.product(range(len(begins) + 1), range(1 << len(waits))):
        now = begins[stage - 1] if stage else 0
        phases.append(tuple(
            lever for lever in levers
            if starts[lever.name] <= now and (lever.when is None or met >> waits.index(lever.when) & 1)
        ))  # fmt: skip
    return Course(choice, begins, waits, tuple(phases))


def shifts_of(levers: Sequence[Lever]) -> tuple[Shift, ...]:
    """Return what levers at work do to parameters."""
    return tuple(Shift(change.pattern, change.how, change.amount, lever.effect.name)
                 for lever in levers for change in lever.changes)  # fmt: skip


def price_levers(scene: Scene, columns: Columns, levers: Sequence[Lever]) -> dict[str, Floats]:
    """Return what levers at work cost, by the names of ``MoneyPlan``."""

    def total(part: str) -> Floats:
        named = [one for lever in levers if (one := getattr(lever, part)) is not None]
        return sum((columns(one.name) for one in named), np.zeros(columns.count))

    own = np.zeros(columns.count)
    for lever in levers:
        own += lever.local_share * sum((columns(one.name) for one in (lever.a_year, lever.once) if one),
                                       np.zeros(columns.count))  # fmt: skip
    a_year, once = total("a_year"), total("once")
    both = np.maximum(a_year + once, 1e-9)
    return {
        "levers": a_year[:, None], "levers_once": once[:, None],
        "levers_local": np.where(a_year + once > 0, own / both, 1.0)[:, None],
        "levers_currency": np.array([[1.0 if scene.currencies else 0.0]]),
    }  # fmt: skip


def make_relief(scene: Scene, columns: Columns) -> dict[str, Arrays]:
    """Return what a choice prevents and shortens, by the names of ``ChoicePlan``."""
    kinds = {"line": "lines", "port": "ports", "components": "components"}
    heads = []
    for name in scene.disruptions:
        kind, _, subject = name.partition(".")
        heads.append(f"relief.{kinds.get(kind, kind)}.{subject}")
    passages = [f"relief.passages.{name}" for name in scene.passages]
    return {
        part: {what: columns.table([f"{head}.{what}" for head in named], 1) for what in ("happens", "lasts")}
        for part, named in (("passage_relief", passages), ("disruption_relief", heads))
    }


def watch_condition(
    scene: Scene, one: Condition, quantity: Mapping[str, Floats], future: int, steps: int, step_days: float
) -> tuple[int, int, Floats | float]:
    """Return a condition as ``join_phases`` takes it: kind, subject, threshold in each step.

    Parameters
    ----------
    quantity : mapping of str to integers of shape (future,)
        Items of each part of a lot.

    Raises
    ------
    CaseError
        When a lot has no plan that it could be behind.
    """
    if one.kind == "slip":
        return BEHIND, place([part.name for part in scene.parts], one.subject), _due(
            scene, one, float(quantity[one.subject][future]), steps, step_days
        )  # fmt: skip
    along = {"level": (LEVEL, scene.theatres), "stance": (STANCE, scene.governments),
             "readiness": (READINESS, scene.systems), "closed": (SHUT, scene.passages)}  # fmt: skip
    kind, names = along[one.kind]
    return kind, place(names, one.subject), one.threshold


def find_unwatched(scene: Scene, course: Course) -> list[Problem]:
    """Return conditions of a choice on something that the simulation does not play."""
    parts = {part.name: part for part in scene.parts}
    names = {"level": scene.theatres, "stance": scene.governments, "readiness": scene.systems,
             "closed": scene.passages, "slip": tuple(parts)}  # fmt: skip
    problems = []
    for one in course.conditions:
        where = f"choices.toml choices.{course.choice}"
        if one.subject not in names[one.kind]:
            fix = "wait for something else, or add the assumptions it needs"
            problems.append(Problem(where, one.text, f"one of {', '.join(names[one.kind]) or 'nothing'}", fix))
        elif one.kind == "slip" and parts[one.subject].lot.state.window.end is None:
            problems.append(Problem(where, one.text, "a lot with a date by which it is due", "wait for something else"))
    return problems


def _due(scene: Scene, one: Condition, quantity: float, steps: int, step_days: float) -> Floats:
    """Return the items below which a lot is so many months behind a straight line from now to its due date."""
    part = next(part for part in scene.parts if part.name == one.subject)
    end, delivered = part.lot.state.window.end, float(part.lot.state.delivered)
    assert end is not None
    ago = np.arange(steps) * step_days - one.threshold * DAYS_A_MONTH
    share = np.clip(ago / max(1, (end - scene.ledger.day).days), 0.0, 1.0)
    return np.asarray(delivered + (quantity - delivered) * share)
