"""Charts of deliveries, polls and threats as SVG and PNG, and what charts share. Only this folder imports altair."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from pactwork.brief import formats
from pactwork.brief.arrivals import Arrivals, Step
from pactwork.brief.drawing import ACCENT, FAINT, INK, MUTED, PAPER, RULE, SOFT, Drawing, configure
from pactwork.brief.tabulating import shares, tabulate_arrivals, tabulate_rows, views
from pactwork.brief.words import say

PANEL = (318, 190)
"""Width and height of a delivery panel: one fills a phone, two or three stand side by side on a desk."""


def place_day(day: dt.date) -> int:
    """Return a day as the milliseconds that Vega counts in."""
    return (day - dt.date(1970, 1, 1)).days * 86_400_000


def place_data(rows: Sequence[dict[str, Any]]) -> Any:
    """Return rows as the data of a chart, kept in its definition."""
    import altair as alt

    return alt.InlineData(values=list(rows))


def plot_arrivals(arrivals: Arrivals, day: dt.date, span: tuple[dt.date, dt.date]) -> Drawing:
    """Return one system's deliveries as dated steps against its order and the end of its window.

    Parameters
    ----------
    arrivals : Arrivals
        What arrived, what was ordered, when it is due.
    day : datetime.date
        Up to which the case knows.
    span : tuple of datetime.date
        First and last day of the time axis, the same for every system.
    """
    import altair as alt

    x = alt.X("t:T", scale=alt.Scale(type="utc", domain=[place_day(span[0]), place_day(span[1])], nice=False),
              axis=alt.Axis(format="%Y", tickCount={"interval": "year", "step": year_step(span)}, title=None,
                            tickSize=4, labelPadding=4, domainColor=FAINT))  # fmt: skip
    top = max([arrivals.ordered, *(step.items for step in (*arrivals.steps, *arrivals.doubtful, *arrivals.planned))])
    y = alt.Y("n:Q", scale=alt.Scale(domain=[0, top * 1.16 or 1], nice=False), axis=None)
    layers = [*_order_layers(alt, arrivals, day, span, x, y), *_step_layers(alt, arrivals, day, span, x, y)]
    chart = alt.layer(*layers).properties(width=PANEL[0], height=PANEL[1])
    return Drawing(
        name=f"deliveries-{arrivals.system_id}",
        title=say("chart.arrivals", name=arrivals.name),
        description=_describe_arrivals(arrivals, day),
        spec=configure(chart, {"left": 6, "right": 12, "top": 2, "bottom": 22}),
        data=tabulate_arrivals(arrivals, day),
    )


def _order_layers(
    alt: Any, arrivals: Arrivals, day: dt.date, span: tuple[dt.date, dt.date], x: Any, y: Any
) -> list[Any]:
    """Return the order as a line, the window as its end, and the straight way there."""
    ordered, now = arrivals.ordered, arrivals.at(day)
    ends = [{"t": place_day(span[0]), "n": ordered}, {"t": place_day(arrivals.last_due or span[1]), "n": ordered}]
    layers = [
        alt.Chart(place_data(ends)).mark_line(color=MUTED, strokeWidth=1.2).encode(x=x, y=y),
        alt.Chart(place_data([{"t": place_day(span[0]), "n": ordered, "w": say("chart.ordered", items=ordered)}]))
        .mark_text(align="left", dy=-8, color=INK, fontSize=13).encode(x=x, y=y, text="w:N"),
        alt.Chart(place_data([{"t": place_day(day)}])).mark_rule(color=RULE, strokeWidth=1).encode(x=x),
    ]  # fmt: skip
    due = arrivals.last_due
    if due:
        words = say("chart.due_by", when=formats.spell_month(due, short=True))
        mark = [{"t": place_day(due), "n": ordered, "w": words}]
        late = due <= day
        layers.append(alt.Chart(place_data(mark)).mark_point(shape="stroke", angle=90, size=140, color=MUTED,
                                                        strokeWidth=1.6, opacity=1).encode(x=x, y=y))  # fmt: skip
        roomy = (place_day(due) - place_day(span[0])) / (place_day(span[1]) - place_day(span[0])) > 0.62
        place = {"align": "right", "dx": -7, "dy": -8} if roomy else {"align": "left", "dx": 7, "dy": 1}
        layers.append(alt.Chart(place_data(mark)).mark_text(color=MUTED, **place).encode(x=x, y=y, text="w:N"))
        if not late and now < ordered:
            way = [{"t": place_day(day), "n": now}, {"t": place_day(due), "n": ordered}]
            layers.append(alt.Chart(place_data(way)).mark_line(color=FAINT, strokeWidth=1.2, strokeDash=[1, 4],
                                                          strokeCap="round").encode(x=x, y=y))  # fmt: skip
    return layers


def _step_layers(
    alt: Any, arrivals: Arrivals, day: dt.date, span: tuple[dt.date, dt.date], x: Any, y: Any
) -> list[Any]:
    """Return what arrived, what was planned, and what lies off the line."""
    layers = []
    if arrivals.steps:
        walk = (Step(span[0], 0), *arrivals.steps, Step(day, arrivals.at(day)))
        line = [{"t": place_day(step.day), "n": step.items} for step in walk]
        base = alt.Chart(place_data(line))
        layers.append(base.mark_area(color=SOFT, interpolate="step-after", opacity=0.55).encode(x=x, y=y))
        layers.append(base.mark_line(color=ACCENT, strokeWidth=2.2, interpolate="step-after").encode(x=x, y=y))
        dots = [{"t": place_day(step.day), "n": step.items} for step in arrivals.steps]
        layers.append(alt.Chart(place_data(dots)).mark_circle(color=ACCENT, size=16, opacity=1).encode(x=x, y=y))
    planned = [step for step in arrivals.planned if step.items < arrivals.ordered]
    if planned:
        marks = [
            {"t": place_day(step.day), "n": step.items, "w": say("chart.planned", items=step.items)} for step in planned
        ]
        diamond = {"shape": "diamond", "filled": True, "fill": PAPER, "stroke": MUTED, "size": 46, "strokeWidth": 1.3}
        layers.append(alt.Chart(place_data(marks)).mark_point(opacity=1, **diamond).encode(x=x, y=y))
        if planned[-1].day > day:  # what was planned for the past lies among the steps, where a label would hide them
            last = alt.Chart(place_data(marks[-1:]))
            layers.append(last.mark_text(align="left", dx=8, dy=-3, color=MUTED, fontSize=11)
                          .encode(x=x, y=y, text="w:N"))  # fmt: skip
    if arrivals.doubtful:
        rings = [{"t": place_day(step.day), "n": step.items} for step in arrivals.doubtful]
        ring = {"filled": True, "fill": PAPER, "stroke": MUTED, "size": 34, "strokeWidth": 1.3}
        layers.append(alt.Chart(place_data(rings)).mark_point(opacity=1, **ring).encode(x=x, y=y))
    now = arrivals.at(day)
    if now / max(arrivals.ordered, 1) > 0.13:  # otherwise the count's own label stands there
        today = alt.Chart(place_data([{"t": place_day(day), "n": 0, "w": formats.spell_day(day, short=True)}]))
        layers.append(today.mark_text(align="left", dx=6, dy=-7, color=FAINT, fontSize=10).encode(x=x, y=y, text="w:N"))
    key = ("arrived" if arrivals.basis == "arrived" else "delivered") if arrivals.basis else "not_known"
    text = say(f"chart.{key}", items=now)
    label = alt.Chart(place_data([{"t": place_day(day), "n": now, "w": text}]))
    layers.append(label.mark_text(align="left", dx=6, dy=3, color=ACCENT, fontSize=13, fontWeight="bold")
                  .encode(x=x, y=y, text="w:N"))  # fmt: skip
    return layers


def year_step(span: tuple[dt.date, dt.date]) -> int:
    """Return how many years lie between two marks of a time axis."""
    years = span[1].year - span[0].year
    return 1 if years <= 8 else 2 if years <= 16 else 5 if years <= 40 else 10


def _describe_arrivals(arrivals: Arrivals, day: dt.date) -> str:
    due = say("chart.all_due", day=formats.spell_day(arrivals.last_due)) if arrivals.last_due else ""
    steps = "; ".join(f"{formats.spell_day(step.day)}: {formats.number(step.items)}" for step in arrivals.steps)
    return say("chart.arrivals_described", now=arrivals.at(day), ordered=arrivals.ordered, day=formats.spell_day(day),
               due=due, steps=steps or say("chart.none_known"))  # fmt: skip


def plot_shares(name: str, title: str, rows: Sequence[dict[str, Any]]) -> Drawing:
    """Return shares of answers as dots with the error of sampling, one row an answer, grouped by poll.

    Parameters
    ----------
    rows : sequence of dict
        ``poll`` (heading), ``option``, ``percent``, ``low``, ``high``, ``strong`` (whether it leads), as shown.
    """
    words = [f"{row['poll']}: {row['option']} {formats.per_cent(row['percent'])}" for row in rows]
    return Drawing(name, title, "; ".join(words) + ".", _shares_spec(rows), data=tabulate_rows(rows, shares()))


def _per_cent_of(value: str) -> str:
    """Return the expression by which Vega writes a value as per cent, as the language does."""
    around = formats.per_cent(0).split("0")
    return f"{json.dumps(around[0])} + {value} + {json.dumps(around[1])}"


def _shares_spec(rows: Sequence[dict[str, Any]], width: int = 195, label: int = 118) -> dict[str, Any]:
    """One narrow column: it fills a phone, and two stand side by side on a desk."""
    import altair as alt

    placed, y = [], 0.0
    heads = []
    for index, row in enumerate(rows):
        if index == 0 or rows[index - 1]["poll"] != row["poll"]:
            y += 1.5 if index else 0.7
            heads.append({"y": y, "w": formats.shorten(row["poll"], 50)})
            y += 1
        placed.append({**row, "y": y, "w": formats.per_cent(row["percent"]),
                       "o": formats.shorten(row["option"], 21)})  # fmt: skip
        y += 1
    scale_y = alt.Scale(domain=[0, y], reverse=True, nice=False, zero=False)
    ay = alt.Y("y:Q", scale=scale_y, axis=None)
    ax = alt.X("percent:Q", scale=alt.Scale(domain=[0, 100]),
               axis=alt.Axis(values=[0, 50, 100], labelExpr=_per_cent_of("datum.value"), title=None, grid=True,
                             domain=False, ticks=False))  # fmt: skip
    base = alt.Chart(place_data(placed))
    strong = alt.condition("datum.strong", alt.value(ACCENT), alt.value(MUTED))
    layers = [
        base.mark_rule(strokeWidth=1.6, opacity=1, color=MUTED).encode(x=alt.X("low:Q"), x2="high:Q", y=ay),
        base.mark_circle(size=44, opacity=1).encode(x=ax, y=ay, color=strong),
        base.mark_text(align="left", dx=9, dy=0.5).encode(x=alt.X("high:Q"), y=ay, text="w:N"),
        base.mark_text(align="right", dx=-10, color=INK).encode(x=alt.value(0), y=ay, text="o:N"),
        alt.Chart(place_data(heads)).mark_text(align="left", dx=-label, fontWeight="bold", color=INK, fontSize=12)
        .encode(x=alt.value(0), y=ay, text="w:N"),
    ]  # fmt: skip
    chart = alt.layer(*layers).properties(width=width, height=y * 19)
    return configure(chart, {"left": label + 2, "right": 44, "top": 2, "bottom": 20})


def plot_views(rows: Sequence[dict[str, Any]], who: Sequence[str], title: str) -> Drawing:
    """Return how likely each partner holds each threat to be: a dot with its range, one row a threat.

    Parameters
    ----------
    rows : sequence of dict
        ``threat``, ``who``, ``value``, ``low``, ``high``.
    who : sequence of str
        The partners, the first in the accent colour.
    """
    words = "; ".join(f"{row['threat']}, {row['who']}: {formats.number(row['value'])}" for row in rows)
    description = say("chart.views_described", words=words)
    return Drawing("threats", title, description, _views_spec(rows, who, 620), _views_spec(rows, who, 312),
                   tabulate_rows(rows, views()))  # fmt: skip


_ROOM_FOR_NAMES = 70
"""A range that ends beyond this has its name before it, or a phone would cut the name off."""


def _views_spec(rows: Sequence[dict[str, Any]], who: Sequence[str], width: int) -> dict[str, Any]:
    import altair as alt

    threats = list(dict.fromkeys(row["threat"] for row in rows))
    band = 24 + 12 * len(who)
    placed = [
        {
            **row,
            "y": threats.index(row["threat"]) * band + 22 + 12 * who.index(row["who"]),
            "first": row["who"] == who[0],
        }
        for row in rows
    ]
    heads = [{"y": index * band + 8, "w": formats.shorten(threat, width // 7)} for index, threat in enumerate(threats)]
    y = alt.Y("y:Q", scale=alt.Scale(domain=[len(threats) * band, 0], nice=False, zero=False), axis=None)
    x = alt.X(
        "value:Q",
        scale=alt.Scale(domain=[0, 100]),
        axis=alt.Axis(values=[0, 25, 50, 75, 100], title=None, grid=True, domain=False, ticks=False),
    )
    colour = alt.condition("datum.first", alt.value(ACCENT), alt.value(MUTED))
    soft = alt.condition("datum.first", alt.value(SOFT), alt.value(RULE))
    base = alt.Chart(place_data(placed))
    layers = [
        base.mark_rule(strokeWidth=5, opacity=1).encode(x=alt.X("low:Q"), x2="high:Q", y=y, color=soft),
        base.mark_circle(size=60, opacity=1).encode(x=x, y=y, color=colour),
        base.transform_filter(f"datum.high <= {_ROOM_FOR_NAMES}")
        .mark_text(align="left", dx=7, fontSize=11)
        .encode(x=alt.X("high:Q"), y=y, text="who:N", color=colour),
        base.transform_filter(f"datum.high > {_ROOM_FOR_NAMES}")
        .mark_text(align="right", dx=-7, fontSize=11)
        .encode(x=alt.X("low:Q"), y=y, text="who:N", color=colour),
        alt.Chart(place_data(heads)).mark_text(align="left", color=INK).encode(x=alt.value(2), y=y, text="w:N"),
    ]
    chart = alt.layer(*layers).properties(width=width, height=len(threats) * band)
    return configure(chart, {"left": 8, "right": 20 if width < 400 else 80, "top": 2, "bottom": 20})
