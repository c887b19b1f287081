"""A fleet alone, as a model that costs next to nothing to play: what is left is the cost of playing it at all."""

from __future__ import annotations

import datetime as dt

import numpy as np

from pactwork.facts.assumptions import Parameter
from pactwork.facts.case import load_case
from pactwork.futures.draws import Streams
from pactwork.futures.environment import make_environment
from pactwork.futures.identity import Asked, Identity, identify
from pactwork.futures.model import BASELINE, Model
from pactwork.futures.steps.fleet_plan import FLEET_DECISIONS
from pactwork.futures.uncertainties import make_design
from pactwork.futures.world import make_choice

START, STEP_DAYS = dt.date(2024, 10, 31), 7.0


def fleet_model(points: int, *, steps: int = 52, items: int = 48, quarters: int = 4, seed: int = 1) -> Model:
    """Return a fleet of one system whose failures and repairs a year are uncertain."""
    parameters = {
        name: Parameter(name, "1/year", "", "judgement", "uniform", low, high)
        for name, low, high in (("failures", 2.0, 6.0), ("repairs", 20.0, 30.0))
    }
    design = make_design(parameters, points, seed=seed)
    failures, repairs = design.values("failures"), design.values("repairs")
    sizes = {"system": 1, "step": steps + 1, "quarter": quarters, "series": 4, "bin": 16}
    streams = Streams().table(["system.fleet"], FLEET_DECISIONS)
    marks = [round(steps * (quarter + 1) / quarters) for quarter in range(quarters)]
    report = {"quarters": marks, "bin_low": 0, "bin_width": max(1, items // 15)}
    environment = make_environment(sizes)

    def make(future):
        fleet = {
            "items": [[items] + [0] * 8], "required": items, "failure": failures[future], "grades": [0.0, 1.0, 0.0],
            "mending": [0.0, repairs[future], 0.0], "channels": [1, 6, 1], "streams": streams,
        }  # fmt: skip
        return environment, (make_choice(sizes, fleet=fleet, report=report),)

    days = tuple(START + dt.timedelta(days=STEP_DAYS * mark) for mark in marks)
    return Model("fleet alone", "", START, STEP_DAYS, steps, seed, design, sizes, {"system": ("fleet",)}, (), days,
                 (BASELINE,), make)  # fmt: skip


def identify_fleet(model: Model, replications: int, **asked: object) -> Identity:
    """Return the identity of a run of it; the case it names is only a name."""
    points = model.design.futures // (int(np.max(model.design.scramble)) + 1)
    wanted = Asked(points=points, replications=replications, **asked)
    return identify(model, load_case("poland-korea"), case="poland-korea", asked=wanted)
