"""Fan charts: what a lot's deliveries were, what was planned, and where they may go."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pactwork.brief import formats
from pactwork.brief.charts import PANEL, place_data, place_day, year_step
from pactwork.brief.drawing import ACCENT, FAINT, INK, MUTED, RULE, SOFT, Drawing, configure
from pactwork.brief.outlook import LotOutlook
from pactwork.brief.tabulating import tabulate_outlook
from pactwork.brief.words import say


def plot_outlook(outlook: LotOutlook, day: dt.date, span: tuple[dt.date, dt.date]) -> Drawing:
    """Return one lot's record and the fan of its forecast against its plan and its due date.

    Parameters
    ----------
    outlook : LotOutlook
    day : date
        Of the forecast.
    span : two dates
        First and last day of the time axis, the same for every lot.
    """
    import altair as alt

    step = alt.Axis(format="%Y", tickCount={"interval": "year", "step": year_step(span)}, title=None, tickSize=4,
                    labelPadding=4, domainColor=FAINT)  # fmt: skip
    domain = [place_day(span[0]), place_day(span[1])]
    x = alt.X("t:T", scale=alt.Scale(type="utc", domain=domain, nice=False), axis=step)
    y = alt.Y("n:Q", scale=alt.Scale(domain=[0, outlook.ordered * 1.16], nice=False), axis=None)
    layers = [
        *_fan(alt, outlook, span, x, y),
        *_frame(alt, outlook, day, span, x, y),
        *_record(alt, outlook, day, x, y),
    ]
    chart = alt.layer(*layers).properties(width=PANEL[0], height=PANEL[1])
    return Drawing(
        name=f"outlook-{outlook.lot_id}",
        title=say("chart.outlook", name=outlook.name),
        description=_describe(outlook, day),
        spec=configure(chart, {"left": 6, "right": 12, "top": 2, "bottom": 22}),
        data=tabulate_outlook(outlook, day, span[1]),
    )


def _fan(alt: Any, outlook: LotOutlook, span: tuple[dt.date, dt.date], x: Any, y: Any) -> list[Any]:
    """Return the two bands and the median."""
    rows = [
        {"t": place_day(one.day), "a": one.low90, "b": one.low50, "n": one.middle, "c": one.high50, "d": one.high90}
        for one in outlook.bands
        if one.day <= span[1]
    ]
    base = alt.Chart(place_data(rows))
    band = {"color": SOFT, "interpolate": "monotone"}
    scale = alt.Scale(domain=[0, outlook.ordered * 1.16], nice=False)
    return [
        base.mark_area(opacity=0.35, **band).encode(x=x, y=alt.Y("a:Q", scale=scale, axis=None), y2="d:Q"),
        base.mark_area(opacity=0.75, **band).encode(x=x, y=alt.Y("b:Q", scale=scale, axis=None), y2="c:Q"),
        base.mark_line(color=ACCENT, strokeWidth=2, strokeDash=[5, 3], interpolate="monotone")
        .encode(x=x, y=y),
    ]  # fmt: skip


def _frame(alt: Any, outlook: LotOutlook, day: dt.date, span: tuple[dt.date, dt.date], x: Any, y: Any) -> list[Any]:
    """Return the order, the plan with the day it is due, and the day of the forecast."""
    ordered = outlook.ordered
    ends = [{"t": place_day(span[0]), "n": ordered}, {"t": place_day(span[1]), "n": ordered}]
    words = say("chart.ordered" if outlook.signed else "chart.foreseen", items=ordered)
    layers = [
        alt.Chart(place_data(ends)).mark_line(color=MUTED, strokeWidth=1.2).encode(x=x, y=y),
        alt.Chart(place_data([{**ends[0], "w": words}])).mark_text(align="left", dy=-8, color=INK, fontSize=13)
        .encode(x=x, y=y, text="w:N"),
        alt.Chart(place_data([{"t": place_day(day)}])).mark_rule(color=RULE, strokeWidth=1).encode(x=x),
    ]  # fmt: skip
    if outlook.plan:
        way = [{"t": place_day(at), "n": items} for at, items in outlook.plan]
        line = alt.Chart(place_data(way)).mark_line(color=MUTED, strokeWidth=1.2, strokeDash=[1, 4], strokeCap="round")
        due = alt.Chart(place_data(way[-1:])).mark_point(shape="stroke", angle=90, size=140, color=MUTED,
                                                         strokeWidth=1.6, opacity=1)  # fmt: skip
        label = say("chart.due", when=formats.spell_month(outlook.plan[-1][0], short=True))
        late = (place_day(outlook.plan[-1][0]) - place_day(span[0])) / (place_day(span[1]) - place_day(span[0])) > 0.62
        place = {"align": "right", "dx": -7} if late else {"align": "left", "dx": 7}
        text = alt.Chart(place_data([{**way[-1], "w": label}])).mark_text(dy=-8, color=MUTED, **place)
        layers += [line.encode(x=x, y=y), due.encode(x=x, y=y), text.encode(x=x, y=y, text="w:N")]
    return layers


def _record(alt: Any, outlook: LotOutlook, day: dt.date, x: Any, y: Any) -> list[Any]:
    """Return what has come, as steps."""
    if not outlook.steps:
        return []
    walk = [(outlook.steps[0][0], 0.0), *outlook.steps, (day, outlook.delivered)]
    base = alt.Chart(place_data([{"t": place_day(at), "n": items} for at, items in walk]))
    label = alt.Chart(
        place_data([{"t": place_day(day), "n": outlook.delivered, "w": formats.number(outlook.delivered)}])
    )
    return [
        base.mark_line(color=ACCENT, strokeWidth=2.2, interpolate="step-after").encode(x=x, y=y),
        label.mark_text(align="right", dx=-5, dy=-7, color=ACCENT, fontSize=13, fontWeight="bold")
        .encode(x=x, y=y, text="w:N"),
    ]  # fmt: skip


def _describe(outlook: LotOutlook, day: dt.date) -> str:
    years = [
        say("chart.outlook_year", year=str(one.day.year), middle=formats.number(one.middle),
            low=formats.number(one.low90), high=formats.number(one.high90))
        for one in outlook.bands
        if one.day.month == 12 and one.day.day == 31
    ]  # fmt: skip
    return say("chart.outlook_described", delivered=outlook.delivered, ordered=outlook.ordered,
               day=formats.spell_day(day), years="; ".join(years[:6]))  # fmt: skip
