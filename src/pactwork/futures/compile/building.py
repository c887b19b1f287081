"""Plans of each future, made from the arrays of many, a few hundred futures at a time."""

from __future__ import annotations

import datetime as dt
import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pactwork.facts.choices import Lever
from pactwork.futures.compile.columns import Columns, Variant, place
from pactwork.futures.compile.levers import (
    AS_CONTRACTED,
    Course,
    make_relief,
    price_levers,
    shifts_of,
    watch_condition,
)
from pactwork.futures.compile.scene import Scene
from pactwork.futures.compile.service import make_service
from pactwork.futures.compile.slip import Aim
from pactwork.futures.compile.standing import make_standing
from pactwork.futures.compile.supply import count_cargo, make_supply, quantity_of
from pactwork.futures.compile.surroundings import Arrays, make_surroundings
from pactwork.futures.draws import Streams
from pactwork.futures.environment import EnvironmentPlan, make_environment
from pactwork.futures.phases import join_phases
from pactwork.futures.routes import SeaRoutes
from pactwork.futures.steps.setting import DAYS_A_YEAR
from pactwork.futures.uncertainties import Design
from pactwork.futures.world import ChoicePlan, make_choice

CHUNK = 256
"""Futures whose arrays are made at one time."""
BINS = 64
"""Bins of each series."""
MOST_VOYAGES = 96
"""Ships that may be under way at one time; a run that would need more has failed, and says so."""
ORDINARY: Mapping[tuple[str, str], float] = {
    ("theatres.", ".crisis_to_war"): 0.0,
    ("common_causes.", ".per_year"): 0.0,
    ("supply_policy.", ""): 1.0,
}
"""What is switched off where only those shocks are wanted that the reference class of deliveries has seen."""


@dataclass(frozen=True, eq=False)
class Grid:
    """Time of a case: length and number of steps, the steps at which deliveries are counted and series are read.

    ``ends`` are the days that deliveries are counted for; each step begins on that day, or is the first after it.
    """

    step_days: float
    steps: int
    dates: tuple[int, ...]
    quarters: tuple[int, ...]
    ends: tuple[dt.date, ...] = ()


@dataclass(frozen=True, eq=False)
class Material:
    """All that the plans of a case's futures are made from."""

    scene: Scene
    design: Design
    grid: Grid
    aims: Mapping[str, Aim]
    ways: Mapping[str, SeaRoutes]
    ordinary: bool
    deliveries_only: bool
    courses: tuple[Course, ...] = (AS_CONTRACTED,)

    def sizes(self) -> dict[str, int]:
        """Return the length of each axis."""
        names = self.scene.names()
        if self.deliveries_only:
            names["munition"] = ()
        found = {axis: len(along) for axis, along in names.items()}
        years = math.ceil(self.grid.steps * self.grid.step_days / DAYS_A_YEAR)
        found |= {"closed_set": 1 << found["passage"], "cargo": count_cargo(self.scene), "step": self.grid.steps + 1}
        found |= {"year": years, "voyage": MOST_VOYAGES, "date": len(self.grid.dates)}
        if not self.deliveries_only:
            found |= {"quarter": len(self.grid.quarters), "bin": BINS}
            found["series"] = 4 * found["system"] + found["lot"] + found["munition"]
        return found


Plans = tuple[EnvironmentPlan, tuple[ChoicePlan, ...]]


def make_maker(material: Material) -> Callable[[int], Plans]:
    """Return what makes the plans of a future from its index; neighbours share the work."""
    sizes = material.sizes()

    @functools.lru_cache(maxsize=4)
    def arrays_of(chunk: int) -> _Chunk:
        return _make_arrays(material, chunk)

    def make(future: int) -> Plans:
        chunk, at = arrays_of(future // CHUNK), future % CHUNK
        environment = make_environment(sizes, **{name: _take(part, at) for name, part in chunk.surroundings.items()})
        plans: dict[int, ChoicePlan] = {}  # levers at work in several choices and phases make one plan
        return environment, tuple(_make_plan(material, sizes, chunk, course, at, plans) for course in material.courses)

    return make


@dataclass(frozen=True, eq=False)
class _Chunk:
    """Arrays of some futures: their surroundings, each course's parts in each phase, and items of each lot's parts."""

    surroundings: Mapping[str, Arrays]
    phases: Mapping[str, tuple[Mapping[str, Arrays], ...]]
    quantity: Mapping[str, Any]


def _make_plan(
    material: Material, sizes: Mapping[str, int], chunk: _Chunk, course: Course, future: int,
    made: dict[int, ChoicePlan],
) -> ChoicePlan:  # fmt: skip
    plans = []
    for parts in chunk.phases[course.choice]:
        if id(parts) not in made:
            made[id(parts)] = make_choice(sizes, **{name: _take(part, future) for name, part in parts.items()})
        plans.append(made[id(parts)])
    if len(plans) == 1:
        return plans[0]
    grid = material.grid
    conditions = [watch_condition(material.scene, one, chunk.quantity, future, sizes["step"], grid.step_days)
                  for one in course.conditions]  # fmt: skip
    joined: ChoicePlan = join_phases(plans, course.begins, conditions, sizes["step"])
    return joined


def _take(part: Arrays, future: int) -> dict[str, Any]:
    """Return the arrays of one future; where all futures share one, that; where there is nothing, none."""
    found: dict[str, Any] = {}
    for name, value in part.items():
        if isinstance(value, Variant):
            found[name] = value.of(future)
        else:
            array = np.asarray(value)
            if array.size > 0:
                found[name] = array[future if array.shape[0] > 1 else 0]
    return found


def _make_arrays(material: Material, chunk: int) -> _Chunk:
    scene, grid, design = material.scene, material.grid, material.design
    futures = slice(chunk * CHUNK, min((chunk + 1) * CHUNK, design.futures))
    columns, streams = Columns(design, futures, ORDINARY if material.ordinary else None), Streams()
    surroundings = make_surroundings(scene, columns, streams, grid.steps, grid.step_days)
    known: dict[tuple[Lever, ...], Mapping[str, Arrays]] = {}
    for course in material.courses:
        for levers in course.levers:
            if levers not in known:
                known[levers] = _make_parts(material, columns.under(shifts_of(levers)), streams, levers)
    phases = {course.choice: tuple(known[levers] for levers in course.levers) for course in material.courses}
    quantity = {part.name: quantity_of(scene, columns, part) for part in scene.parts}
    return _Chunk(surroundings, phases, quantity)


def _make_parts(
    material: Material, columns: Columns, streams: Streams, levers: tuple[Lever, ...]
) -> Mapping[str, Arrays]:
    """Return the arrays of a choice's parts while some levers are at work."""
    scene, grid = material.scene, material.grid
    choice: dict[str, Arrays] = {"governments": make_standing(scene, columns, streams)}
    choice |= make_supply(scene, columns, streams, material.aims, material.ways)
    if not material.deliveries_only:
        choice |= make_service(scene, columns, streams, grid.steps, grid.step_days)
    if levers:
        choice["money"] = {**choice["money"], **price_levers(scene, columns, levers)}
        choice |= make_relief(scene, columns)
    choice["report"] = _report(material, columns)
    return choice


def _report(material: Material, columns: Columns) -> Arrays:
    scene, grid = material.scene, material.grid
    buyers = scene.homes.get(scene.buyer)
    warning = columns(f"theatres.{buyers}.warning_days", 0) / grid.step_days
    found: dict[str, Any] = {
        "watch": np.array([[place(scene.theatres, buyers)]]), "warning_steps": np.rint(warning)[:, None],
        "dates": np.array([grid.dates]),
    }  # fmt: skip
    if not material.deliveries_only:
        bins = np.array(bins_of(scene)).reshape(-1, 2)
        found |= {"quarters": np.array([grid.quarters]), "bin_low": bins[None, :, 0], "bin_width": bins[None, :, 1]}
    return found


def bins_of(scene: Scene) -> list[tuple[int, int]]:
    """Return lower edge and width of each series' bins.

    The last bin begins with all that there can be, and holds nothing else: "all of it" is read exactly.
    """
    lots = [part.lot.state.lot.quantity for part in scene.parts]
    found = []
    for system in scene.systems:
        whole = sum(quantity for quantity, part in zip(lots, scene.parts, strict=True)
                    if part.system == system and part.by_supplier)  # fmt: skip
        found += [_bins_up_to(most) for most in (whole, 1000, whole, whole)]
    found += [_bins_up_to(quantity) for quantity in lots]
    for munition in scene.munitions:
        names = (f"munitions.{munition}.stock_goal", f"munitions.{munition}.stock")
        goals = [scene.parameters[name].high for name in names if name in scene.parameters]
        found.append(_bins_up_to(math.ceil(max(goals, default=0.0))))
    return found


def _bins_up_to(most: int) -> tuple[int, int]:
    width = max(1, math.ceil(most / (BINS - 1)))
    return most - width * (BINS - 1), width
