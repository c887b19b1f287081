"""The data behind each chart: what it draws, as a table with readable columns, from the very values it is drawn of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pactwork.brief.words import say
from pactwork.facts.parameters import LEVELS

if TYPE_CHECKING:
    from pactwork.brief.arrivals import Arrivals
    from pactwork.brief.outlook import LotOutlook
    from pactwork.brief.simulated import Fans, Shown
    from pactwork.brief.stakeholders import Bargain, Profiles

Value = str | float | bool | dt.date | None


@dataclass(frozen=True)
class Column:
    """One column: its name, what it holds, and in which unit."""

    name: str
    description: str
    unit: str = ""


def describe(name: str, key: str, unit: str = "") -> Column:
    """Return a column with its words: ``key`` is under ``column``, ``unit`` under ``unit``."""
    return Column(name, say(f"column.{key}"), say(f"unit.{unit}") if unit else "")


@dataclass(frozen=True)
class Data:
    """A table: columns, and rows with a value for each; None where nothing is known."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]


def _place() -> tuple[Column, Column]:
    """Return the columns of what is drawn over time: which of the things drawn it is, and when."""
    return describe("series", "series"), describe("date", "date")


def tabulate_arrivals(arrivals: Arrivals, day: dt.date) -> Data:
    """Return the steps, the plan, what lies off the line, the count of the day and the order."""
    word = arrivals.basis or "arrived"
    rows: list[tuple[Value, ...]] = [(word, step.day, step.items) for step in arrivals.steps]
    rows += [(say("series.count_of_the_day", what=word), day, arrivals.at(day))] if arrivals.basis else []
    rows += [(say("series.off_the_line"), step.day, step.items) for step in arrivals.doubtful]
    planned = say("series.planned")
    rows += [(planned, step.day, step.items) for step in arrivals.planned if step.items < arrivals.ordered]
    rows.append((say("series.ordered_by"), arrivals.last_due, arrivals.ordered))
    return Data((*_place(), describe("items", "items", "items")), tuple(rows))


def tabulate_outlook(outlook: LotOutlook, day: dt.date, last: dt.date) -> Data:
    """Return what came, the plan, and the forecast with its ranges, up to the last day drawn."""
    none, recorded, planned = (None,) * 4, say("series.recorded"), say("series.planned")
    rows: list[tuple[Value, ...]] = [(recorded, at, items, *none) for at, items in outlook.steps]
    if outlook.steps:
        rows.append((say("series.count_of_the_day", what=recorded), day, outlook.delivered, *none))
    rows += [(planned, at, items, *none) for at, items in outlook.plan]
    rows += [(say("series.forecast"), one.day, one.middle, one.low50, one.high50, one.low90, one.high90)
             for one in outlook.bands if one.day <= last]  # fmt: skip
    rows.append((say("series.ordered" if outlook.signed else "series.foreseen"), None, outlook.ordered, *none))
    ranges = ("low_50", "high_50", "low_90", "high_90")
    return Data(
        (*_place(), describe("items", "items_forecast", "items"),
         *(describe(f"items_{name}", f"forecast_{name}", "items") for name in ranges)),
        tuple(rows),
    )  # fmt: skip


def tabulate_fans(fans: Fans) -> Data:
    """Return the quantiles of all runs, by scenario and quarter."""
    rows = tuple(
        (one.scenario, day, *band, need)
        for one in fans.panels
        for day, band, need in zip(one.days, one.bands, one.required or (None,) * len(one.days), strict=True)
    )
    shares = (5, 25, 50, 75, 95)
    return Data(
        (describe("scenario", "scenario"), _place()[1],
         *(Column(f"items_{share}_percent", say("column.items_of_runs", share=share), say("unit.items"))
           for share in shares),
         describe("items_required", "items_required", "items")),
        rows,
    )  # fmt: skip


def tabulate_run(shown: Shown, every: int) -> Data:
    """Return one run as it is drawn: theatres and passages week by week, fleets every few weeks."""
    rows: list[tuple[Value, ...]] = []
    weeks = shown.story.weeks
    closed = sorted({name for week in weeks for name in week["closed"]})
    for week in weeks:
        day = dt.date.fromisoformat(week["date"])
        rows += [("theatre", name, day, "level", LEVELS.index(level), level)
                 for name, level in week["theatres"].items()]  # fmt: skip
        rows += [("passage", name, day, "closed", int(name in week["closed"]), None) for name in closed]
    for week in weeks[::every]:
        day = dt.date.fromisoformat(week["date"])
        rows += [("system", name, day, measure, state[measure], None) for name, state in week["systems"].items()
                 for measure in ("in_service", "ready", "required")]  # fmt: skip
    levels = ", ".join(f"{at} {name}" for at, name in enumerate(LEVELS))
    return Data(
        (describe("kind", "kind_of_thing"), describe("name", "which_one"), _place()[1],
         describe("measure", "measure_of_run"), Column("value", say("column.value_of_run", levels=levels)),
         describe("level", "level")),
        tuple(rows),
    )  # fmt: skip


def tabulate_rows(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, Column]) -> Data:
    """Return rows of a chart under the columns given for their keys, in that order."""
    return Data(tuple(columns.values()), tuple(tuple(row[key] for key in columns) for row in rows))


def shares() -> dict[str, Column]:
    """Return the columns of shares of answers, by the keys of a chart's rows."""
    return {"poll": describe("poll", "poll"), "option": describe("answer", "answer"),
            "percent": describe("share_percent", "share", "percent"),
            "low": describe("low_percent", "share_low", "percent"),
            "high": describe("high_percent", "high", "percent")}  # fmt: skip


def views() -> dict[str, Column]:
    """Return the columns of views of threats, by the keys of a chart's rows."""
    return {"threat": describe("threat", "threat"), "who": describe("partner", "whose_view"),
            "value": describe("presence", "presence", "points"),
            "low": describe("presence_low", "presence_low", "points"),
            "high": describe("presence_high", "presence_high", "points")}  # fmt: skip


def events() -> dict[str, Column]:
    """Return the columns of events, by the keys of a chart's rows."""
    return {"day": _place()[1], "lane": describe("kind", "lane"), "title": describe("event", "event")}


def judged() -> dict[str, Column]:
    """Return the columns of rows by table, by the keys of a chart's rows."""
    return {"table": describe("table", "table"), "sourced": describe("rows_sourced", "rows_sourced", "rows"),
            "judgement": describe("rows_judged", "rows_judged", "rows")}  # fmt: skip


def tabulate_bargain(bargain: Bargain) -> Data:
    """Return who stands where, and where the positions meet."""
    low, high = bargain.interval
    rows: list[tuple[Value, ...]] = [
        (one.who, one.position, one.influence, one.salience, None, None) for one in bargain.standpoints
    ]
    rows.append((say("derived.outcome"), bargain.outcome, None, None, low, high))
    return Data(
        (describe("actor", "actor"), describe("position", "position", "points"),
         describe("influence", "influence", "points"), describe("salience", "salience", "points"),
         describe("low", "outcome_low", "points"), describe("high", "high", "points")),
        tuple(rows),
    )  # fmt: skip


def tabulate_profiles(profiles: Profiles) -> Data:
    """Return what share of all that a partner fears each threat makes."""
    rows = tuple((threat, who, 100 * share) for threat, *shares in profiles.rows
                 for who, share in zip(profiles.who, shares, strict=True))  # fmt: skip
    return Data((describe("threat", "threat"), describe("partner", "partner"),
                 describe("share_percent", "share_of_fears", "percent")), rows)  # fmt: skip
