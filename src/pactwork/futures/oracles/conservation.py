"""Oracles of conservation: through the whole kernel, every item and every payment is somewhere, every step."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pactwork.futures.draws import Streams
from pactwork.futures.environment import make_environment
from pactwork.futures.kernel import replay_run
from pactwork.futures.oracles.judging import SEED, STEP_DAYS, Oracle
from pactwork.futures.steps.fleet_plan import FLEET_DECISIONS
from pactwork.futures.steps.munitions import MUNITION_DECISIONS
from pactwork.futures.steps.production import LINE_DECISIONS, LOT_DECISIONS
from pactwork.futures.world import make_choice

_SOURCE = "nothing comes from nothing, nothing is lost without being counted"


def check_conservation(skew: float = 1.0) -> list[Oracle]:
    """A lot made, shipped and accepted into a fleet that fails, is mended and fires; its price paid as it arrives."""
    steps, quantity, at_start, rounds, price = 260, 120, 30, 5000, 12.5
    sizes = {"step": steps + 1, "line": 1, "lot": 1, "route": 1, "closed_set": 1, "system": 1, "munition": 1, "year": 5,
             "voyage": 32}  # fmt: skip
    streams = Streams()
    plan = make_choice(
        sizes,
        lines={"rate": 40.0, "variation": 0.3, "streams": streams.table(["line"], LINE_DECISIONS)},
        lots={"quantity": quantity, "route": 0, "batch": 6, "longest_wait_years": 0.2,
              "streams": streams.table(["lot"], LOT_DECISIONS)},
        routes={"length_km": 20000.0, "speed_km_day": 600.0, "port_days": 6.0, "spread": 0.2, "by_sea": 1},
        acceptance={"rate": 45.0},
        fleet={"items": [[round(at_start * skew)] + [0] * 8], "required": 60, "failure": 3.0,
               "grades": [[0.5, 0.3, 0.2]], "mending": [[40.0, 20.0, 5.0]],
               "channels": [[3, 4, 2]], "overhaul": 0.2, "loss": 0.02,
               "spares": 4,
               "spare_years": 0.3, "spare_route": 0, "maker_years": 0.3, "maker_route": 0, "spread": 0.3,
               "streams": streams.table(["system"], FLEET_DECISIONS)},
        munitions={"stock": rounds, "training": 2000.0, "maker_rate": 1500.0, "route": 0,
                   "streams": streams.table(["munition"], MUNITION_DECISIONS)},
        money={"price": price * skew, "sustainment": 0.0},
    )  # fmt: skip
    _, record, _ = replay_run(
        make_environment(sizes), plan, sizes, step_days=STEP_DAYS, seed=SEED, future=0, replication=0
    )
    made, arrived = record.lots[:, 0, 0], record.lots[:, 0, 4]
    in_fleet = record.fleet[:, 0, :].sum(axis=1)
    somewhere = record.lots[:, 0, 1:4].sum(axis=1) + record.queue[:, 0] + in_fleet
    stock, received, issued = (record.rounds[:, 0, column] for column in range(3))
    return [
        _judge("items somewhere, every step", somewhere, made + at_start),
        _judge("rounds in stock, every step", stock * skew, rounds + received - issued),
        _judge("paid by kind, every step", record.paid[:, 0], arrived * price),
        _judge("paid by year, every step", record.paid[:, 1] * skew, record.paid[:, 0]),
    ]


def _judge(name: str, model: NDArray[Any], expected: NDArray[Any]) -> Oracle:
    """Hold a whole path against what it must be; the step that is furthest off is told."""
    worst = len(model) - 1 - int(np.argmax(np.abs(model - expected)[::-1]))  # of equals the last
    difference, tolerance = float(model[worst] - expected[worst]), 1e-9 * float(np.abs(expected).max())
    return Oracle(f"conservation: {name}", float(model[worst]), float(expected[worst]), difference, tolerance,
                  abs(difference) <= tolerance, _SOURCE)  # fmt: skip
