"""Phases: a choice's plan changes within a run, when a lever begins at a date or its condition comes true.

Plans of all phases are compared when they are made. What differs lies in one buffer for each kind of number, of which
the plan's arrays are views; to enter a phase is to write its numbers there. Nothing is copied where nothing differs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pactwork.futures.arrays import Axes, Counts, Flags, Floats, make_arrays
from pactwork.futures.compiling import compiled, inlined

LEVEL, BEHIND, STANCE, READINESS, SHUT = 0, 1, 2, 3, 4
CONDITIONS = ("level", "behind", "stance", "readiness", "shut")
"""Kinds of condition: a theatre's level or a government's stance is at least the threshold, items of a lot that have
arrived or a system's readiness lie below it, a passage is closed."""
MOST_CONDITIONS = 4
"""Conditions of one choice: each doubles the number of plans."""


class PhasePlan(NamedTuple):
    """When phases begin, and what stands where in each; phase = stage × 2^conditions + set of conditions met."""

    begins: Annotated[Counts, Axes(("stage",), "step at whose beginning each later stage begins; ascending")]
    watched: Annotated[Counts, Axes(("condition",), "which of CONDITIONS it is")]
    subject: Annotated[Counts, Axes(("condition",), "theatre, lot, government, system or passage")]
    threshold: Annotated[Floats, Axes(("condition", "step"), "what it is held against in each step")]
    floats: Annotated[Floats, Axes(("float",), "what the plan's arrays are views of")]
    counts: Annotated[Counts, Axes(("count",), "the same for whole numbers")]
    flags: Annotated[Flags, Axes(("flag",), "the same for flags")]
    phase_floats: Annotated[Floats, Axes(("phase", "float"), "what stands there in each phase")]
    phase_counts: Annotated[Counts, Axes(("phase", "count"), "the same for whole numbers")]
    phase_flags: Annotated[Flags, Axes(("phase", "flag"), "the same for flags")]


class PhaseState(NamedTuple):
    """Where a run stands among the phases."""

    stage: Annotated[Counts, Axes((1,), "stage by date")]
    met: Annotated[Counts, Axes((1,), "set of conditions that have been met: bit c is condition c")]
    phase: Annotated[Counts, Axes((1,), "phase whose numbers stand in the plan")]


@inlined
def enter_phase(plan: PhasePlan, state: PhaseState, phase: int) -> None:
    """Write a phase's numbers into the plan."""
    state.phase[0] = phase
    for entry in range(plan.floats.size):
        plan.floats[entry] = plan.phase_floats[phase, entry]
    for entry in range(plan.counts.size):
        plan.counts[entry] = plan.phase_counts[phase, entry]
    for entry in range(plan.flags.size):
        plan.flags[entry] = plan.phase_flags[phase, entry]


@compiled
def reset_phases(plan: PhasePlan, state: PhaseState) -> None:
    """Set a choice to what it is before any lever that waits."""
    state.stage[0] = state.met[0] = 0
    if plan.phase_floats.shape[0] > 0:
        enter_phase(plan, state, 0)


@inlined
def find_stage(plan: PhasePlan, state: PhaseState, step: int) -> int:
    """Return the phase by dates and conditions met so far."""
    while state.stage[0] < plan.begins.size and step >= plan.begins[state.stage[0]]:
        state.stage[0] += 1
    return int((state.stage[0] << plan.watched.size) | state.met[0])


def join_phases(plans: Sequence[Any], begins: Sequence[int], conditions: Sequence[tuple[int, int, npt.ArrayLike]],
                steps: int) -> Any:  # fmt: skip
    """Return one plan of a choice from its plans in all phases.

    Parameters
    ----------
    plans : sequence of ChoicePlan
        (stages + 1) × 2^conditions of them, of the same shapes, in the order of ``PhasePlan``.
    begins : sequence of int
        The step at which each stage after the first begins, ascending.
    conditions : sequence of (kind, subject, threshold)
        A threshold is a number, or one for each step.
    steps : int
        Length of the step axis.

    Raises
    ------
    ValueError
        When there are not as many plans as phases, or plans differ in what cannot change within a run.
    """
    phases = (len(begins) + 1) << len(conditions)
    if len(plans) != phases:
        raise ValueError(f"{phases} phases want as many plans, not {len(plans)}")
    buffers: dict[str, list[list[npt.NDArray[Any]]]] = {"f": [], "i": [], "u": []}
    places = list(_differing(plans))
    for place in places:
        arrays = [_leaf(plan, place) for plan in plans]
        if arrays[0].dtype.kind not in buffers or arrays[0].dtype.itemsize not in (1, 8):
            raise ValueError(f"{'.'.join(place)} cannot change within a run")
        buffers[arrays[0].dtype.kind].append(arrays)
    tables = {kind: _table(rows, phases, kind) for kind, rows in buffers.items()}
    flat = {kind: table[0].copy() for kind, table in tables.items()}
    joined, at = plans[0], dict.fromkeys(buffers, 0)
    for place in places:
        leaf = _leaf(joined, place)
        kind, first = leaf.dtype.kind, at[leaf.dtype.kind]
        at[kind] = first + leaf.size
        joined = _replace(joined, place, flat[kind][first : at[kind]].reshape(leaf.shape))
    thresholds = np.array([np.broadcast_to(np.asarray(one[2], dtype=np.float64), (steps,)) for one in conditions])
    made = make_arrays(
        PhasePlan, {"stage": len(begins), "condition": len(conditions), "step": steps, "phase": phases,
                    **{name: flat[kind].size for name, kind in (("float", "f"), ("count", "i"), ("flag", "u"))}},
        begins=np.asarray(begins, dtype=np.int64), watched=np.array([one[0] for one in conditions], dtype=np.int64),
        subject=np.array([one[1] for one in conditions], dtype=np.int64),
        threshold=thresholds.reshape(len(conditions), steps),
        phase_floats=tables["f"], phase_counts=tables["i"], phase_flags=tables["u"],
    )  # fmt: skip
    # the buffers must be the very arrays that the plan's are views of
    return joined._replace(phases=made._replace(floats=flat["f"], counts=flat["i"], flags=flat["u"]))


def _differing(plans: Sequence[Any], head: tuple[str, ...] = ()) -> Sequence[tuple[str, ...]]:
    """Return where plans differ, as names from the outermost in."""
    found: list[tuple[str, ...]] = []
    for name in plans[0]._fields:
        parts = [getattr(plan, name) for plan in plans]
        if hasattr(parts[0], "_fields"):
            found += _differing(parts, (*head, name))
        elif any(part.shape != parts[0].shape for part in parts):
            raise ValueError(f"{'.'.join((*head, name))} cannot change its shape within a run")
        elif any(part is not parts[0] and not np.array_equal(part, parts[0]) for part in parts):
            found.append((*head, name))
    return found


def _leaf(plan: Any, place: tuple[str, ...]) -> npt.NDArray[Any]:
    for name in place:
        plan = getattr(plan, name)
    return np.asarray(plan)


def _replace(plan: Any, place: tuple[str, ...], array: npt.NDArray[Any]) -> Any:
    inner = _replace(getattr(plan, place[0]), place[1:], array) if len(place) > 1 else array
    return plan._replace(**{place[0]: inner})


def _table(rows: Sequence[Sequence[npt.NDArray[Any]]], phases: int, kind: str) -> npt.NDArray[Any]:
    """Return what stands in each phase, of shape (phase, entry)."""
    number = {"f": np.float64, "i": np.int64, "u": np.uint8}[kind]
    parts = [np.stack([array.reshape(-1) for array in arrays]) for arrays in rows]
    return np.concatenate(parts, axis=1) if parts else np.zeros((phases, 0), dtype=number)
