"""What a choice costs, in CPU time of one thread: against replications, systems and steps, with straight lines through it.

    python benchmarks/plot_cost.py

Writes docs/images/cost.svg, with the numbers beside it in cost.csv, and prints the lines. Replications and steps are those of the bundled case; systems
are alike, each with its own line, lot, fleet and munition. Each point is the median of some turns through all of them.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import altair as alt
import numpy as np
import polars as pl
import vl_convert

from pactwork.brief.drawing import ACCENT, INK, configure
from pactwork.facts.case import load_case
from pactwork.forecast import make_forecast
from pactwork.futures.compile import compile_case
from pactwork.futures.draws import Streams
from pactwork.futures.ensemble import list_blocks
from pactwork.futures.environment import EnvironmentPlan, make_environment
from pactwork.futures.kernel import play_block
from pactwork.futures.model import Model
from pactwork.futures.steps.fleet_plan import FLEET_DECISIONS
from pactwork.futures.steps.munitions import MUNITION_DECISIONS
from pactwork.futures.steps.production import LINE_DECISIONS, LOT_DECISIONS
from pactwork.futures.world import ChoicePlan, make_choice

REPLICATIONS = (256, 512, 1024, 2048, 4096)
SYSTEMS = (1, 2, 4, 8, 16)
LAST_DAYS = tuple(dt.date(year, 12, 31) for year in (2026, 2029, 2032, 2035, 2039))
RUNS, TURNS, FUTURE = 512, 3, 2
"""Replications where they do not vary, turns, and which future of the bundled case."""
STEP_DAYS, STEPS = 7.0, 520
PICTURE = Path(__file__).parents[1] / "docs" / "images" / "cost.svg"
X, Y = "number", "seconds"
TITLES = {"replications": "replications", "systems": f"systems ({RUNS} replications)",
          "steps": f"steps ({RUNS} replications)"}  # fmt: skip


def play(environment: EnvironmentPlan, plan: ChoicePlan, sizes: dict[str, int], replications: int) -> None:
    """Play one choice of one future, block after block."""
    for block in list_blocks(1, replications):
        played = play_block(environment, [plan], sizes, step_days=STEP_DAYS, seed=1, future=FUTURE, first=block.first,
                            runs=block.runs)  # fmt: skip
        if played[0].status.any():
            raise SystemExit("a run failed: its cost would tell nothing")


def of_bundled(model: Model, replications: int) -> Callable[[], None]:
    """Return what plays so many replications of the bundled case."""
    environment, plans = model.make(FUTURE)
    return lambda: play(environment, plans[0], dict(model.sizes), replications)


def of_systems(count: int) -> Callable[[], None]:
    """Return what plays a case of so many systems alike: made, shipped, accepted, kept ready, fed with rounds."""
    sizes = {"step": STEPS + 1, "route": 1, "closed_set": 1, "year": 11, "voyage": 64 * count}
    sizes |= dict.fromkeys(("line", "lot", "system", "munition"), count)
    streams, each, rows = Streams(), np.arange(count), [str(row) for row in range(count)]
    plan = make_choice(
        sizes,
        lines={"rate": 20.0, "variation": 0.3, "streams": streams.table([f"line{row}" for row in rows], LINE_DECISIONS)},
        lots={"line": each, "system": each, "quantity": 180, "route": 0, "batch": 12, "longest_wait_years": 0.3,
              "order": each, "streams": streams.table([f"lot{row}" for row in rows], LOT_DECISIONS)},
        routes={"length_km": 20000.0, "speed_km_day": 600.0, "port_days": 6.0, "spread": 0.2, "by_sea": 1},
        acceptance={"rate": 45.0},
        fleet={"items": [[60] + [0] * 8] * count, "required": 120, "failure": 3.0, "grades": [0.5, 0.3, 0.2],
               "mending": [40.0, 20.0, 5.0], "channels": [12, 12, 4], "overhaul": 0.2, "spares": 20, "spare_years": 0.3,
               "spare_route": 0, "maker_years": 0.3, "maker_route": 0, "spread": 0.3,
               "streams": streams.table([f"system{row}" for row in rows], FLEET_DECISIONS)},
        munitions={"system": each, "stock": 5000, "training": 20.0, "maker_rate": 1500.0, "route": 0,
                   "streams": streams.table([f"munition{row}" for row in rows], MUNITION_DECISIONS)},
        money={"price": 12.5},
    )  # fmt: skip
    environment = make_environment(sizes)
    return lambda: play(environment, plan, sizes, RUNS)


def measure(ways: dict[tuple[str, int], Callable[[], None]]) -> pl.DataFrame:
    """Return the median CPU seconds of each way: ``varied``, ``number``, ``seconds``."""
    spent: dict[tuple[str, int], list[float]] = {at: [] for at in ways}
    for way in ways.values():
        way()  # compiled, and its tables in memory
    for _ in range(TURNS):
        for at, way in ways.items():
            begun = time.thread_time()
            way()
            spent[at].append(time.thread_time() - begun)
    rows = [{"varied": name, X: number, Y: float(np.median(times))} for (name, number), times in spent.items()]
    return pl.DataFrame(rows)


def fit(part: pl.DataFrame) -> tuple[float, float, float]:
    """Return intercept, slope and R² of the line of least squares."""
    x, y = part[X].to_numpy(), part[Y].to_numpy()
    slope, intercept = np.polyfit(x, y, 1)
    left = y - intercept - slope * x
    return float(intercept), float(slope), 1.0 - float(left @ left / ((y - y.mean()) @ (y - y.mean())))


def plot(measured: pl.DataFrame, names: Iterable[str]) -> alt.HConcatChart:
    """Return a panel for each of what is varied: points, and the line through them."""
    panels = []
    for name in names:
        part = measured.filter(pl.col("varied") == name)
        intercept, slope, squared = fit(part)
        ends = [0.0, float(part[X].max())]
        line = pl.DataFrame({X: ends, Y: [intercept + slope * end for end in ends]})
        x = alt.X(f"{X}:Q", title=TITLES[name], axis=alt.Axis(tickCount=5), scale=alt.Scale(nice=False, domainMin=0))
        y = alt.Y(f"{Y}:Q", title="CPU seconds", axis=alt.Axis(tickCount=5))
        title = alt.TitleParams(f"{1000 * slope:.3g} ms each, R² {squared:.4f}", anchor="start", fontSize=12)
        drawn = alt.Chart(line).mark_line(color=ACCENT, strokeWidth=1.5).encode(x, y)
        points = alt.Chart(part).mark_point(color=INK, filled=True, size=40).encode(x, y)
        panels.append((drawn + points).properties(width=210, height=180, title=title))
    return alt.hconcat(*panels, spacing=30)


def main() -> None:
    """Measure, print, and draw."""
    ledger = load_case("poland-korea")
    forecast = make_forecast(ledger)
    models = {day: compile_case(ledger, forecast, points=1, seed=1, until=day) for day in LAST_DAYS}
    ways: dict[tuple[str, int], Callable[[], None]] = {}
    names = list(TITLES)
    for number in REPLICATIONS:
        ways[names[0], number] = of_bundled(models[dt.date(2035, 12, 31)], number)
    for number in SYSTEMS:
        ways[names[1], number] = of_systems(number)
    for model in models.values():
        ways[names[2], model.steps] = of_bundled(model, RUNS)
    measured = measure(ways)
    measured.write_csv(PICTURE.with_suffix(".csv"), float_precision=3)
    print(measured.write_csv(float_precision=3), end="")
    for name in names:
        intercept, slope, squared = fit(measured.filter(pl.col("varied") == name))
        print(f"# {name}: {intercept:.4f} s + {1000 * slope:.4f} ms each, R² {squared:.5f}")
    picture = vl_convert.vegalite_to_svg(configure(plot(measured, names)), allowed_base_urls=[])
    PICTURE.write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
