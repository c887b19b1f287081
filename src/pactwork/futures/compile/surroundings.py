"""The environment of a case as arrays: theatres, passages, disruptions, changes of government, rates of exchange.

Every array begins with the axis of futures.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from pactwork.facts.dates import parse_date
from pactwork.facts.parameters import LEVELS
from pactwork.futures.compile.columns import Columns, Floats, Variant, place, stack
from pactwork.futures.compile.scene import CREDIT, Scene
from pactwork.futures.draws import Streams
from pactwork.futures.steps.governments import CHANGE_DECISIONS
from pactwork.futures.steps.money import EXCHANGE_DECISIONS
from pactwork.futures.steps.outages import OUTAGE_DECISIONS
from pactwork.futures.steps.setting import DAYS_A_YEAR
from pactwork.futures.steps.theatres import CAUSE_DECISIONS, THEATRE_DECISIONS

Arrays = Mapping[str, npt.ArrayLike | Variant]
NEVER_CLOSES = 9


def start_of(name: str) -> str:
    """Return the reserved coordinate that decides whether something is out on the first day."""
    return f"start.{name}"


def make_surroundings(
    scene: Scene, columns: Columns, streams: Streams, steps: int, step_days: float
) -> dict[str, Arrays]:
    """Return the arrays of the environment's parts, by the names of ``EnvironmentPlan``."""
    return {
        "theatres": _theatres(scene, columns, streams),
        "passages": _passages(scene, columns, streams),
        "disruptions": _disruptions(scene, columns, streams),
        "changes": _changes(scene, columns, streams, steps, step_days),
        "exchange": _exchange(scene, columns, streams),
    }


def levels_at_start(scene: Scene, columns: Columns) -> Floats:
    """Return the theatres' levels at the start, of shape (future, theatre)."""
    return columns.table([f"theatres.{theatre}.level_at_start" for theatre in scene.theatres], 0)


def _theatres(scene: Scene, columns: Columns, streams: Streams) -> Arrays:
    pairs, count = list(itertools.pairwise(LEVELS)), columns.count

    def moves(pattern: str, otherwise: float | None = None) -> Floats:
        return stack(
            [columns.table([pattern.format(theatre=theatre, low=low, high=high) for low, high in pairs], otherwise)
             for theatre in scene.theatres], count)  # fmt: skip

    def others(kind: str) -> Floats:
        return stack(
            [columns.table([f"theatres.{theatre}.{kind}.{other}" for other in scene.theatres], 1)
             for theatre in scene.theatres], count)  # fmt: skip

    begins = moves("theatres.{theatre}.rebuild.{high}.starts_after")
    return {
        "initial": levels_at_start(scene, columns),
        "up": moves("theatres.{theatre}.{low}_to_{high}"), "down": moves("theatres.{theatre}.{high}_to_{low}"),
        "opportunism": others("opportunism"), "alarm": others("alarm"),
        "rebuild_from_years": begins, "rebuild_to_years": begins + moves("theatres.{theatre}.rebuild.{high}.takes"),
        "rebuild_floor": moves("theatres.{theatre}.rebuild.{high}.floor"),
        "streams": streams.table(scene.theatres, THEATRE_DECISIONS)[None],
        "cause_hazard": columns.table([f"common_causes.{cause}.per_year" for cause in scene.causes]),
        "cause_raises": stack(
            [columns.table([f"common_causes.{cause}.raises.{theatre}" for theatre in scene.theatres])
             for cause in scene.causes], count),
        "cause_streams": streams.table(scene.causes, CAUSE_DECISIONS)[None],
    }  # fmt: skip


def closing_theatre(scene: Scene, passage: str) -> str | None:
    """Return the theatre whose level closes a passage."""
    return next((one for one in scene.theatres if f"passages.{passage}.closed_at.{one}" in scene.parameters), None)


def _passages(scene: Scene, columns: Columns, streams: Streams) -> Arrays:
    levels, closing, out = levels_at_start(scene, columns), [], []
    theatres = [place(scene.theatres, closing_theatre(scene, passage)) for passage in scene.passages]
    for passage, theatre in zip(scene.passages, theatres, strict=True):
        level = np.full(columns.count, float(NEVER_CLOSES))
        shut = _is_out(columns, passage, f"passages.{passage}.closed_at_start")
        if theatre >= 0:
            level = columns(f"passages.{passage}.closed_at.{scene.theatres[theatre]}")
            shut = shut | (levels[:, theatre] >= level)
        closing.append(level)
        out.append(shut)
    return {
        "hazard": columns.table([f"passages.{passage}.closures_per_year" for passage in scene.passages]),
        "mean_years": stack([columns.years(f"passages.{passage}.closure_days") for passage in scene.passages],
                            columns.count),
        "theatre": np.array([theatres], dtype=np.int64).reshape(1, -1),
        "closing_level": stack(closing, columns.count), "out": stack(out, columns.count),
        "streams": streams.table(scene.passages, OUTAGE_DECISIONS)[None],
    }  # fmt: skip


def _is_out(columns: Columns, name: str, parameter: str) -> npt.NDArray[np.bool_]:
    """Return whether something is out on the first day, which the case may know with a probability only."""
    if not columns.has(parameter):
        return np.zeros(columns.count, dtype=np.bool_)
    return np.asarray(columns.chance(start_of(name)) < columns(parameter))


def _disruptions(scene: Scene, columns: Columns, streams: Streams) -> Arrays:
    hazard, years, theatres, tension, out = [], [], [], [], []
    bolder = columns.table([f"disruptions.tension.{level}" for level in LEVELS], 1)
    quiet, nothing = np.ones((columns.count, len(LEVELS))), np.zeros(columns.count)
    for name in scene.disruptions:
        kind, _, one = name.partition(".")
        head = {"line": f"disruptions.lines.{one}.stop", "port": f"disruptions.ports.{one}.stop",
                "components": f"components.{one}.break", CREDIT: "credit.clos"}[kind]  # fmt: skip
        often, lasting = ("ings_per_year", "ed_days") if kind == CREDIT else ("s_per_year", "_days")
        hazard.append(columns(head + often))
        years.append(columns.years(head + lasting))
        attacked = kind in ("line", "port")
        theatres.append(_theatre_of(scene, kind, one) if attacked else -1)
        tension.append(bolder if attacked else quiet)
        out.append(_is_out(columns, CREDIT, "credit.closed_at_start") if kind == CREDIT else nothing)
    return {
        "hazard": stack(hazard, columns.count), "mean_years": stack(years, columns.count),
        "theatre": np.array([theatres], dtype=np.int64).reshape(1, -1), "tension": stack(tension, columns.count),
        "out": stack(out, columns.count), "streams": streams.table(scene.disruptions, OUTAGE_DECISIONS)[None],
    }  # fmt: skip


def _theatre_of(scene: Scene, kind: str, one: str) -> int:
    """Return the theatre whose tension attackers of a port or of a maker's line follow: that of its country."""
    if kind == "line":
        return scene.home(scene.supplier)
    country = next((row["country"] for row in scene.ledger.rows("ports") if row["port_id"] == one), None)
    partner = next((side.actor for side in scene.ledger.about.partners if side.country == country), "")
    return scene.home(partner)


def _changes(scene: Scene, columns: Columns, streams: Streams, steps: int, step_days: float) -> Arrays:
    day = scene.ledger.day
    scheduled = np.zeros((1, steps + 1, len(scene.governments)))
    for row in scene.ledger.rows("elections"):
        government = place(scene.governments, row["partner"])
        if government < 0 or not row["date"]:
            continue
        when = parse_date(row["date"])
        middle = when.earliest + (when.latest - when.earliest) / 2
        step = int((middle - day).days // step_days)
        if middle > day and step < steps:
            scheduled[0, step, government] = 1
    names = [f"governments.{actor}.snap_changes_per_year" for actor in scene.governments]
    streamed = streams.table([f"government.{actor}" for actor in scene.governments], CHANGE_DECISIONS)
    return {"scheduled": scheduled, "snap_hazard": columns.table(names), "streams": streamed[None]}


def _exchange(scene: Scene, columns: Columns, streams: Streams) -> Arrays:
    """Return prices of currencies in that of the case, relative to those of its day."""
    names = [f"money.exchange.{code}" for code in scene.currencies]
    return {
        "initial": np.ones((1, len(names))), "drift": columns.table([f"{name}.drift" for name in names], 0),
        "volatility": columns.table([f"{name}.volatility" for name in names], 0),
        "streams": streams.table([f"currency{at}.{code}" for at, code in enumerate(scene.currencies)],
                                 EXCHANGE_DECISIONS)[None],
    }  # fmt: skip


def years_after(scene: Scene, day: dt.date) -> float:
    """Return years from the start to a day."""
    return (day - scene.ledger.day).days / DAYS_A_YEAR
