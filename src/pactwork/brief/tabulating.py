"""The data behind each chart: what it draws, as a table with readable columns, from the very values it is drawn of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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


@dataclass(frozen=True)
class Data:
    """A table: columns, and rows with a value for each; None where nothing is known."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]


_DATE = Column("date", "Day from which it holds")
_SERIES = Column("series", "Which of the things drawn it is")


def tabulate_arrivals(arrivals: Arrivals, day: dt.date) -> Data:
    """Return the steps, the plan, what lies off the line, the count of the day and the order."""
    word = arrivals.basis or "arrived"
    rows: list[tuple[Value, ...]] = [(word, step.day, step.items) for step in arrivals.steps]
    rows += [(f"{word}, count of the day", day, arrivals.at(day))] if arrivals.basis else []
    rows += [("off the line", step.day, step.items) for step in arrivals.doubtful]
    rows += [("planned", step.day, step.items) for step in arrivals.planned if step.items < arrivals.ordered]
    rows.append(("ordered, by the last day due", arrivals.last_due, arrivals.ordered))
    return Data((_SERIES, _DATE, Column("items", "Items from the start", "items")), tuple(rows))


def tabulate_outlook(outlook: LotOutlook, day: dt.date, last: dt.date) -> Data:
    """Return what came, the plan, and the forecast with its ranges, up to the last day drawn."""
    none = (None,) * 4
    rows: list[tuple[Value, ...]] = [("recorded", at, items, *none) for at, items in outlook.steps]
    if outlook.steps:
        rows.append(("recorded, count of the day", day, outlook.delivered, *none))
    rows += [("planned", at, items, *none) for at, items in outlook.plan]
    rows += [("forecast", one.day, one.middle, one.low50, one.high50, one.low90, one.high90) for one in outlook.bands
             if one.day <= last]  # fmt: skip
    rows.append(("ordered" if outlook.signed else "foreseen", None, outlook.ordered, *none))
    ranges = [("low_50", "lower end of the range that holds 50 per cent of the chance"),
              ("high_50", "upper end of the same"),
              ("low_90", "lower end of the range that holds 90 per cent of the chance"),
              ("high_90", "upper end of the same")]  # fmt: skip
    return Data(
        (_SERIES, _DATE, Column("items", "Items from the start; of a forecast, the median", "items"),
         *(Column(f"items_{name}", f"Forecast: {words}", "items") for name, words in ranges)),
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
        (Column("scenario", "Scenario that was simulated"), _DATE,
         *(Column(f"items_{share}_percent", f"Items that {share} of 100 runs do not exceed", "items") for share in
           shares),
         Column("items_required", "Items that are required; a judgement", "items")),
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
        (Column("kind", "Theatre, passage or system"), Column("name", "Which one"), _DATE,
         Column("measure", "Level of a theatre, whether a passage is closed, or a count of a system's items"),
         Column("value", f"Items; of a theatre its level ({levels}); of a passage 1 while closed"),
         Column("level", "The level of a theatre, by name")),
        tuple(rows),
    )  # fmt: skip


def tabulate_rows(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, Column]) -> Data:
    """Return rows of a chart under the columns given for their keys, in that order."""
    return Data(tuple(columns.values()), tuple(tuple(row[key] for key in columns) for row in rows))


SHARES = {
    "poll": Column("poll", "Pollster, time and number of people asked"),
    "option": Column("answer", "Answer"),
    "percent": Column("share_percent", "Share that gave the answer", "%"),
    "low": Column("low_percent", "Lower end of the 95 % interval of sampling; the share where the sample is unknown",
                  "%"),
    "high": Column("high_percent", "Upper end of the same", "%"),
}  # fmt: skip
VIEWS = {
    "threat": Column("threat", "Threat"),
    "who": Column("partner", "Whose view it is, as the authors judge it"),
    "value": Column("presence", "How present the threat is to the partner; not a probability", "points of 0 to 100"),
    "low": Column("presence_low", "Lower end of the judged range", "points of 0 to 100"),
    "high": Column("presence_high", "Upper end of the judged range", "points of 0 to 100"),
}
EVENTS = {"day": _DATE, "lane": Column("kind", "Lane of the chart"), "title": Column("event", "What happened")}
JUDGED = {
    "table": Column("table", "Table of the case"),
    "sourced": Column("rows_sourced", "Rows that rest on a source", "rows"),
    "judgement": Column("rows_judged", "Rows that rest on judgement", "rows"),
}


def tabulate_bargain(bargain: Bargain) -> Data:
    """Return who stands where, and where the positions meet."""
    low, high = bargain.interval
    rows: list[tuple[Value, ...]] = [
        (one.who, one.position, one.influence, one.salience, None, None) for one in bargain.standpoints
    ]
    rows.append(("where the positions meet", bargain.outcome, None, None, low, high))
    scale = "points of 0 to 100"
    return Data(
        (Column("actor", "Actor; the last row is the outcome"), Column("position", "Position on the issue", scale),
         Column("influence", "Influence, as judged", scale), Column("salience", "How much the actor cares", scale),
         Column("low", "Lower end of where 80 of 100 decisions judged this way came out", scale),
         Column("high", "Upper end of the same", scale)),
        tuple(rows),
    )  # fmt: skip


def tabulate_profiles(profiles: Profiles) -> Data:
    """Return what share of all that a partner fears each threat makes."""
    rows = tuple((threat, who, 100 * share) for threat, *shares in profiles.rows
                 for who, share in zip(profiles.who, shares, strict=True))  # fmt: skip
    return Data((Column("threat", "Threat"), Column("partner", "Partner"),
                 Column("share_percent", "Share of all that the partner fears", "%")), rows)  # fmt: skip
