"""Replay: one run told as a story, from its identity alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pactwork.errors import CaseError, Problem, quoted
from pactwork.facts.parameters import LEVELS, STANCES
from pactwork.futures.events import Event, find_events
from pactwork.futures.kernel import FAILURES, replay_run
from pactwork.futures.model import Model
from pactwork.futures.record import Record
from pactwork.futures.steps.fleet_plan import LOST, READY
from pactwork.futures.steps.outages import OutagePath, OutageRelief, is_out
from pactwork.futures.telling import Telling
from pactwork.futures.world import ChoicePlan


@dataclass(frozen=True, eq=False)
class Story:
    """One simulated run.

    Attributes
    ----------
    identity : mapping
        ``simulated`` (always true), case, scenario, seed, future, replication, choice, status.
    events : tuple of Event
        By date.
    weeks : tuple of mapping
        The state at the beginning of each step, and at the end of the last.
    outcomes : floats of shape (outcome,)
        In the order of ``model.outcomes()``; not a number throughout where the run failed.
    """

    identity: dict[str, Any]
    events: tuple[Event, ...]
    weeks: tuple[dict[str, Any], ...]
    outcomes: npt.NDArray[np.float64]

    def as_dict(self) -> dict[str, Any]:
        """Return identity, events and weeks with dates as text."""
        events = [one.as_dict() for one in self.events]
        return {"identity": self.identity, "events": events, "weeks": list(self.weeks)}


def replay(model: Model, *, future: int, replication: int, choice: str | None = None, apart_of: int = 0) -> Story:
    """Play one run again and tell what happened in it.

    Parameters
    ----------
    model : Model
        The same as the run's: from the same case, scenario and seed.
    future, replication : int
        Which run, counted from 0.
    choice : str, optional
        The model's first unless told otherwise.
    apart_of : int
        0, or the number of all replications, where the theatres were played apart.

    Raises
    ------
    CaseError
        When the model has no such future or choice, or no run can have such a number.
    """
    chosen = choice or model.choices[0]
    _check(model, future, replication, chosen)
    environment, plans = model.make(future)
    plan = plans[model.choices.index(chosen)]
    paths, record, played = replay_run(
        environment, plan, model.sizes, step_days=model.step_days, seed=model.seed, future=future,
        replication=replication, apart_of=apart_of,
    )  # fmt: skip
    telling = Telling(
        model, plan, paths, record, _find_out(paths.passage_elapsed[0], paths.passage_mark[0], plan.passage_relief),
        _find_out(paths.disruption_elapsed[0], paths.disruption_mark[0], plan.disruption_relief),
    )  # fmt: skip
    identity = {
        "simulated": True, "case": model.case, "scenario": model.scenario or "the case's own assumptions",
        "seed": model.seed, "future": future, "replication": replication, "choice": chosen,
        "as_of": model.as_of.isoformat(), "horizon": model.horizon.isoformat(),
        "status": FAILURES[int(played.status[0])],
    }  # fmt: skip
    weeks = tuple(_tell_week(telling, step) for step in range(model.steps + 1))
    return Story(identity, find_events(telling), weeks, played.outcomes[0])


def _check(model: Model, future: int, replication: int, choice: str) -> None:
    problems = []
    if not 0 <= future < model.design.futures:
        expected = f"0 to {model.design.futures - 1}"
        problems.append(Problem("future", str(future), expected, "correct the number"))
    if not 0 <= replication < 2**20:
        problems.append(Problem("replication", str(replication), f"0 to {2**20 - 1}", "correct the number"))
    if choice not in model.choices:
        problems.append(Problem("choice", quoted(choice), f"one of {', '.join(model.choices)}", "correct the name"))
    if problems:
        raise CaseError(problems)


def _find_out(elapsed: Any, mark: Any, relief: OutageRelief) -> npt.NDArray[np.bool_]:
    """Return what is out at each step under a choice, of shape (step, outage)."""
    path = OutagePath(elapsed, mark)
    found = [[is_out(path, relief, step, row) for row in range(elapsed.shape[1])] for step in range(elapsed.shape[0])]
    return np.array(found, dtype=np.bool_).reshape(elapsed.shape)


def _tell_week(telling: Telling, step: int) -> dict[str, Any]:
    """Return the state at the beginning of a step, by name."""
    paths, record, plan = telling.paths, telling.record, telling.plan
    of = telling.named
    return {
        "date": telling.model.day(step).isoformat(),
        "theatres": {name: LEVELS[int(paths.levels[0, step, at])] for at, name in of("theatre")},
        "closed": [name for at, name in of("passage") if telling.closed[step, at]],
        "disrupted": [name for at, name in of("disruption") if telling.stopped[step, at]],
        "stances": {name: STANCES[int(record.stance[step, at])] for at, name in of("government")},
        "transfers": {name: int(record.stages[step, at]) for at, name in of("transfer")},
        "lots": {name: _tell_lot(record, step, at) for at, name in of("lot")},
        "systems": {name: _tell_system(record, plan, step, at) for at, name in of("system")},
        "stocks": {name: int(record.rounds[step, at, 0]) for at, name in of("munition")},
    }


def _tell_lot(record: Record, step: int, lot: int) -> dict[str, int]:
    places = ("made", "at_port", "at_sea", "lost", "arrived")
    return {place: int(items) for place, items in zip(places, record.lots[step, lot], strict=True)}


def _tell_system(record: Record, plan: ChoicePlan, step: int, system: int) -> dict[str, int]:
    items = record.fleet[step, system]
    required, launchers = plan.fleet.required[step, system], record.launchers[step, system]
    return {"ready": int(items[READY]), "in_service": int(items[:LOST].sum()), "required": int(required),
            "launchers": int(launchers)}  # fmt: skip
