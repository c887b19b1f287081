"""Charts of events over time, and of how much of a case is judgement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from pactwork.brief import formats
from pactwork.brief.charts import place_data, place_day, year_step
from pactwork.brief.drawing import ACCENT, FAINT, INK, MUTED, RULE, Drawing, configure
from pactwork.brief.tabulating import events, judged, tabulate_rows
from pactwork.brief.words import say


def plot_timeline(rows: Sequence[dict[str, Any]], lanes: Sequence[str], span: tuple[dt.date, dt.date]) -> Drawing:
    """Return events as dots in lanes over time.

    Parameters
    ----------
    rows : sequence of dict
        ``day``, ``lane``, ``title``.
    lanes : sequence of str
        In the order shown.
    span : tuple of datetime.date
        First and last day shown.
    """
    counts = "; ".join(f"{lane}: {sum(row['lane'] == lane for row in rows)}" for lane in lanes)
    words = say("chart.events_described", events=len(rows), first=formats.spell_day(span[0]),
                last=formats.spell_day(span[1]), counts=counts)  # fmt: skip
    return Drawing(
        "timeline", say("chart.events"), words,
        _timeline_spec(rows, lanes, span, 640), _timeline_spec(rows, lanes, span, 200), tabulate_rows(rows, events()),
    )  # fmt: skip


def _timeline_spec(
    rows: Sequence[dict[str, Any]], lanes: Sequence[str], span: tuple[dt.date, dt.date], width: int
) -> dict[str, Any]:
    import altair as alt

    dots: list[dict[str, Any]] = []
    bins: dict[tuple[str, int], int] = {}
    days_per_dot = max(1.0, (span[1] - span[0]).days / (width / 9))
    for row in sorted(rows, key=lambda one: one["day"]):
        slot = int((row["day"] - span[0]).days / days_per_dot)
        level = bins[row["lane"], slot] = bins.get((row["lane"], slot), -1) + 1
        middle = span[0] + dt.timedelta(days=(slot + 0.5) * days_per_dot)
        dots.append({"t": place_day(middle), "lane": row["lane"], "up": level})
    tallest = max((dot["up"] for dot in dots), default=0)
    height = max(34, 9 * (tallest + 1) + 16)
    marks = [{**dot, "y": lanes.index(dot["lane"]) * height + height - 9 - 9 * dot["up"]} for dot in dots]
    x = alt.X("t:T", scale=alt.Scale(type="utc", domain=[place_day(span[0]), place_day(span[1])], nice=False),
              axis=alt.Axis(format="%Y", tickCount={"interval": "year", "step": year_step(span)}, title=None,
                            grid=True, domain=False, tickColor=RULE))  # fmt: skip
    y = alt.Y("y:Q", scale=alt.Scale(domain=[len(lanes) * height, 0], nice=False, zero=False), axis=None)
    floors = [{"y": (index + 1) * height - 3, "w": lane} for index, lane in enumerate(lanes)]
    layers = [
        alt.Chart(place_data(floors)).mark_rule(color=RULE, strokeWidth=1).encode(y=y),
        alt.Chart(place_data(floors))
        .mark_text(align="right", dx=-10, dy=-8, color=INK)
        .encode(x=alt.value(0), y=y, text="w:N"),
        alt.Chart(place_data(marks)).mark_circle(size=44, color=ACCENT, opacity=1).encode(x=x, y=y),
    ]
    chart = alt.layer(*layers).properties(width=width, height=len(lanes) * height)
    return configure(chart)


def plot_judgement(rows: Sequence[dict[str, Any]]) -> Drawing:
    """Return how many rows of each table are sourced, and how many are judgement.

    Parameters
    ----------
    rows : sequence of dict
        ``table``, ``sourced``, ``judgement``.
    """
    words = "; ".join(say("chart.judgement_described", table=row["table"], sourced=row["sourced"],
                          judged=row["judgement"]) for row in rows)  # fmt: skip
    return Drawing("judgement", say("chart.judgement"), f"{words}.",
                   _judgement_spec(rows, 500), _judgement_spec(rows, 170), tabulate_rows(rows, judged()))  # fmt: skip


def _judgement_spec(rows: Sequence[dict[str, Any]], width: int) -> dict[str, Any]:
    import altair as alt

    top = max((row["sourced"] + row["judgement"] for row in rows), default=1)
    placed = []
    for index, row in enumerate(rows):
        total = row["sourced"] + row["judgement"]
        words = formats.number(row["sourced"])
        words += say("chart.plus_judgement", judged=row["judgement"]) if row["judgement"] else ""
        placed.append({"y": index * 22 + 11, "a": row["sourced"], "b": total, "w": words, "t": row["table"]})
    y = alt.Y("y:Q", scale=alt.Scale(domain=[len(rows) * 22, 0], nice=False, zero=False), axis=None)
    x = alt.X("zero:Q", scale=alt.Scale(domain=[0, top * 1.5]), axis=None)
    base = alt.Chart(place_data([{**row, "zero": 0} for row in placed]))
    layers = [
        base.mark_rule(strokeWidth=10, color=ACCENT, opacity=1).encode(x=x, x2="a:Q", y=y),
        base.mark_rule(strokeWidth=10, color=FAINT, opacity=1).encode(x=alt.X("a:Q"), x2="b:Q", y=y),
        base.mark_text(align="left", dx=6, color=MUTED, fontSize=11).encode(x=alt.X("b:Q"), y=y, text="w:N"),
        base.mark_text(align="right", dx=-8, color=INK).encode(x=alt.value(0), y=y, text="t:N"),
    ]
    return configure(alt.layer(*layers).properties(width=width, height=len(rows) * 22))
