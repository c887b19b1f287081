"""Compile: a case and its forecast become arrays, once, with every problem told."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pactwork.errors import CaseError, Problem, quoted
from pactwork.facts.assumptions import Parameter
from pactwork.facts.choices import BASELINE
from pactwork.facts.ledger import Ledger
from pactwork.forecast import Forecast
from pactwork.futures.compile.building import Grid, Material, make_maker
from pactwork.futures.compile.calibration import Played, calibrate
from pactwork.futures.compile.columns import Columns, Floats
from pactwork.futures.compile.levers import find_unwatched, plan_course
from pactwork.futures.compile.scene import CREDIT, Scene, count_steps, set_scene
from pactwork.futures.compile.service import required_of
from pactwork.futures.compile.slip import Aim, common_luck, level_of, own_luck
from pactwork.futures.compile.standing import opinion_of, stance_of
from pactwork.futures.compile.supply import find_ways
from pactwork.futures.compile.surroundings import start_of
from pactwork.futures.kernel import play_block
from pactwork.futures.model import Model
from pactwork.futures.outcomes import outcome_names
from pactwork.futures.steps.setting import DAYS_A_YEAR
from pactwork.futures.uncertainties import FEWEST_SCRAMBLES, Design, make_design
from pactwork.progress import Progress, ignore_progress

DEFAULT_YEARS = 10
CALIBRATION_POINTS, CALIBRATION_RUNS = 64, 2
"""Points of each scramble, and replications of each future, by which slip is calibrated."""


@dataclass(frozen=True, eq=False)
class Calibrated:
    """The aims of a case's lots, found once for all scenarios."""

    aims: Mapping[str, Aim]


def compile_case(
    ledger: Ledger, forecast: Forecast, *, scenario: str | None = None, points: int = 8, seed: int = 0,
    until: dt.date | None = None, step_days: float | None = None, ordinary: bool = False,
    calibrated: Calibrated | None = None, choices: Sequence[str] = (BASELINE,), progress: Progress = ignore_progress,
) -> Model:  # fmt: skip
    """Return a case ready to be played.

    Parameters
    ----------
    ledger, forecast : Ledger, Forecast
        What is known, and what is expected.
    scenario : str, optional
        Name of a set of assumptions; those of the case itself unless told otherwise.
    points : int
        Points of each of the design's 8 scrambles: there are 8 × points futures.
    seed : int
        Of the design and of chance.
    until : date, optional
        The last day; the case's horizon unless told otherwise.
    step_days : float, optional
        Length of a step; the case's unless told otherwise.
    ordinary : bool
        Whether only those shocks are played that the reference class of deliveries has seen: no war, no common cause,
        no supply held back.
    calibrated : Calibrated, optional
        From `calibrate_case`; found anew unless given.
    choices : sequence of str
        Which of the case's choices; which are compiled together changes nothing about each.

    Raises
    ------
    CaseError
        With every problem: an unknown scenario, a horizon before the case's day, a route to an inland port, …
    """
    problems = find_problems(ledger, scenario, until, choices)
    if problems:
        raise CaseError(problems)
    step = float(step_days or ledger.about.step_days)
    grid = _make_grid(ledger, until, step)
    courses = tuple(plan_course(ledger.choices, name, ledger.day, step, grid.steps) for name in choices)
    assumed = ledger.assumptions.under(scenario)
    scene = set_scene(ledger, forecast, assumed)
    problems = [problem for course in courses for problem in find_unwatched(scene, course)]
    if problems:
        raise CaseError(dict.fromkeys(problems))
    pulled = {one.name: one for name in choices for lever in ledger.choices.levers_of(name) for one in lever.parameters}
    parameters = {**pulled, **assumed}
    calibrated = calibrated or calibrate_case(ledger, forecast, seed=seed, progress=progress)
    design = make_design(parameters, points, seed=seed, reserved=_reserve(scene))
    material = Material(
        scene, design, grid, calibrated.aims, find_ways(scene), ordinary, deliveries_only=False, courses=courses
    )
    day = ledger.day
    return Model(
        ledger.about.name, scenario or "", day, step, grid.steps, seed, design, material.sizes(), scene.names(),
        grid.ends, tuple(day + dt.timedelta(days=at * step) for at in grid.quarters), tuple(choices),
        make_maker(material),
    )  # fmt: skip


def calibrate_case(
    ledger: Ledger, forecast: Forecast, *, points: int | None = None, seed: int = 0,
    progress: Progress = ignore_progress,
) -> Calibrated:  # fmt: skip
    """Return the aims by which ordinary shocks, under the case's own assumptions, reproduce the delivery forecast.

    Parameters
    ----------
    points : int, optional
        Points of each of the design's 8 scrambles by which it is found; `CALIBRATION_POINTS` unless told otherwise.
    seed : int
        Of the design and of chance.
    """
    parameters = ledger.assumptions.parameters
    scene = set_scene(ledger, forecast, parameters)
    design = make_design(parameters, points or CALIBRATION_POINTS, seed=seed, reserved=_reserve(scene))
    grid = replace(_make_grid(ledger, None, float(ledger.about.step_days)), dates=(), quarters=())
    start = Material(scene, design, grid, {}, find_ways(scene), ordinary=True, deliveries_only=True)
    horizon = grid.steps * grid.step_days / DAYS_A_YEAR

    columns = Columns(design, slice(None))
    levels = {part.lot.state.lot.lot_id: level_of(scene, columns, part) for part in scene.parts}

    def play(aims: Mapping[str, Aim]) -> dict[str, Played]:
        years = _play_deliveries(replace(start, aims=aims), seed)
        return {lot: Played(np.repeat(levels[lot], CALIBRATION_RUNS), found) for lot, found in years.items()}

    return Calibrated(calibrate(scene, play, horizon, progress))


def _play_deliveries(material: Material, seed: int) -> dict[str, Floats]:
    """Return years of completion of each lot over all runs, of shape (run,): when the last of its parts is there."""
    make, sizes, scene = make_maker(material), material.sizes(), material.scene
    names = scene.names() | {"munition": ()}
    at = {name: place for place, name in enumerate(outcome_names(names, [], sizes["year"]))}
    columns = {part.name: at[f"{part.name}.completed_years"] for part in scene.parts}
    outcomes = []
    for future in range(material.design.futures):
        environment, choices = make(future)
        played = play_block(environment, choices, sizes, step_days=material.grid.step_days, seed=seed, future=future,
                            first=0, runs=CALIBRATION_RUNS)  # fmt: skip
        outcomes.append(played[0].outcomes)
    table = np.concatenate(outcomes)
    found: dict[str, Floats] = {}
    for part in scene.parts:
        years = table[:, columns[part.name]]
        years = np.where(np.isnan(years), np.inf, years)
        lot = part.lot.state.lot.lot_id
        found[lot] = np.maximum(found[lot], years) if lot in found else years
    return found


def find_problems(
    ledger: Ledger, scenario: str | None, until: dt.date | None, choices: Sequence[str] = (BASELINE,)
) -> list[Problem]:
    """Return what keeps a case's choices from being played under a scenario until a day."""
    problems = []
    known = ledger.assumptions.scenarios
    if scenario is not None and scenario not in known:
        expected = f"one of {', '.join(known)}" if known else "none: the case has no scenarios.toml"
        problems.append(Problem("scenario", quoted(scenario), expected, "correct the name"))
    if until is not None and until <= ledger.day:
        expected = f"a day after {ledger.day.isoformat()}, which the case describes"
        problems.append(Problem("until", until.isoformat(), expected, "give a later day"))
    expected = f"one of {', '.join(ledger.choices.choices)}, or only-LEVER"
    problems += [Problem("choices", quoted(name), expected, "correct the name")
                 for name in choices if name not in ledger.choices.every]  # fmt: skip
    if len(set(choices)) < len(choices) or not choices:
        found = ", ".join(choices) or "none"
        problems.append(Problem("choices", quoted(found), "each choice once", "correct the list"))
    if not ledger.assumptions.parameters:
        fix = "write one: docs/parameters.md has every name"
        problems.append(Problem("assumptions.toml", "nothing", "what the simulation may take for granted", fix))
    return problems


def _reserve(scene: Scene) -> Collection[str]:
    """Return the design's coordinates beside the parameters."""
    lots = {part.lot.state.lot.lot_id: part.system for part in scene.parts}
    requirements = [row["requirement_id"] for row in scene.ledger.rows("requirements")]
    return {
        *(own_luck(lot) for lot in lots), *(common_luck(scene.maker(system)) for system in lots.values()),
        *(stance_of(actor) for actor in scene.governments), *(opinion_of(actor) for actor in scene.governments),
        *(start_of(passage) for passage in scene.passages), start_of(CREDIT),
        *(required_of(name) for name in requirements),
    }  # fmt: skip


def _make_grid(ledger: Ledger, until: dt.date | None, step_days: float) -> Grid:
    """Return the steps to the horizon, with the ends of years and quarters among them."""
    day = ledger.day
    last = until or ledger.about.horizon or dt.date(day.year + DEFAULT_YEARS, 12, 31)
    steps = count_steps(day, last, step_days)
    ends = [dt.date(year, month, calendar.monthrange(year, month)[1])
            for year in range(day.year, last.year + 1) for month in (3, 6, 9, 12)]  # fmt: skip
    ahead = [end for end in ends if day < end <= last]
    quarters = tuple(dict.fromkeys(count_steps(day, end, step_days) for end in ahead))
    years = {count_steps(day, end, step_days): end for end in ahead if end.month == 12}
    return Grid(step_days, steps, tuple(years), quarters, tuple(years.values()))


__all__ = ["FEWEST_SCRAMBLES", "Calibrated", "Design", "Parameter", "calibrate_case", "compile_case", "find_problems"]
