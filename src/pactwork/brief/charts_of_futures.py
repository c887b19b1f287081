"""Fans of what could happen under each scenario, and single runs as time lines."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from pactwork.brief.charts import place_data, place_day, year_step
from pactwork.brief.drawing import ACCENT, FAINT, INK, MUTED, RULE, SOFT, Drawing, configure
from pactwork.brief.simulated import Fan, Fans, Shown
from pactwork.brief.tabulating import tabulate_fans, tabulate_run
from pactwork.brief.words import knows, say
from pactwork.facts.parameters import LEVELS

_SHADES = (RULE, SOFT, ACCENT, INK)
"""Calm to war: each darker than the one before, so that they differ in print and for those who see no colours."""
_WIDTH, _HEIGHT, _ROW = 250, 92, 16
_RUN_WIDTH, _FLEET = 540, 70
_EVERY = 4
"""Fleets are drawn every so many weeks."""


def plot_fans(fans: Fans) -> Drawing:
    """Return one subject under every scenario: median, the middle half, nine tenths, and what is required."""
    import altair as alt

    title = say("chart.fans_ready" if fans.kind == "ready" else "chart.fans_arrived", name=fans.name)
    last = [say("chart.fan_described", scenario=one.scenario, middle=f"{one.bands[-1][2]:.0f}",
                low=f"{one.bands[-1][0]:.0f}", high=f"{one.bands[-1][4]:.0f}") for one in fans.panels]  # fmt: skip
    described = say("chart.fans_described", items="; ".join(last))
    wide = _facet(alt, fans, _WIDTH, 2)
    slim = _facet(alt, fans, _WIDTH + 20, 1)
    return Drawing(f"fan-{fans.subject}-{fans.kind}", title, described, configure(wide), configure(slim),
                   tabulate_fans(fans))  # fmt: skip


def _axis(alt: Any, span: tuple[dt.date, dt.date], *, labels: bool = True) -> Any:
    axis = alt.Axis(format="%Y", tickCount={"interval": "year", "step": year_step(span) + 1}, title=None,
                    domainColor=FAINT, labels=labels, ticks=labels)  # fmt: skip
    return alt.X("t:T", scale=alt.Scale(type="utc", domain=[place_day(day) for day in span], nice=False), axis=axis)


def _heading(alt: Any, text: str) -> Any:
    return alt.TitleParams(text, anchor="start", fontSize=12, fontWeight="normal", color=INK)


def _facet(alt: Any, fans: Fans, width: int, columns: int) -> Any:
    """Return one panel a scenario, all of one definition: a hundredth of the work of as many charts side by side."""
    rows = [row for at, fan in enumerate(fans.panels) for row in _list_rows(at, fan)]
    span = (fans.panels[0].days[0], fans.panels[0].days[-1])
    scale = alt.Scale(domain=[0, 1.05 * fans.most], nice=False)
    axis = alt.Axis(tickCount=3, title=None, domain=False, ticks=False, minExtent=34, maxExtent=34)
    base = alt.Chart().encode(x=_axis(alt, span))
    layers = [
        base.mark_area(opacity=0.35, color=SOFT).encode(y=alt.Y("a:Q", scale=scale, axis=axis), y2="e:Q"),
        base.mark_area(opacity=0.75, color=SOFT).encode(y=alt.Y("b:Q", scale=scale, axis=axis), y2="d:Q"),
        base.mark_line(color=ACCENT, strokeWidth=1.8).encode(y=alt.Y("c:Q", scale=scale, axis=axis)),
    ]
    if any(fan.required for fan in fans.panels):
        dotted = base.mark_line(color=MUTED, strokeWidth=1.2, strokeDash=[2, 3])
        layers.append(dotted.encode(y=alt.Y("q:Q", scale=scale, axis=axis)))
    titles = json.dumps([one.scenario for one in fans.panels])  # two scenarios of one title are still two panels
    header = alt.Header(title=None, labelAnchor="start", labelFontSize=12, labelColor=INK, labelPadding=4, labelLimit=0,
                        labelExpr=f"{titles}[datum.value]")  # fmt: skip
    by = alt.Facet("s:O", header=header)
    layered = alt.layer(*layers, data=place_data(rows)).properties(width=width, height=_HEIGHT)
    return layered.facet(by, columns=columns, spacing=14).resolve_axis(x="independent", y="independent")


def _list_rows(at: int, fan: Fan) -> list[dict[str, Any]]:
    """Return a fan's quarters as rows of a chart."""
    needed = fan.required or [None] * len(fan.days)
    return [
        {"s": at, "t": place_day(day), **dict(zip("abcde", band, strict=True)), "q": need}
        for day, band, need in zip(fan.days, fan.bands, needed, strict=True)
    ]


def plot_run(shown: Shown) -> Drawing:
    """Return one run: levels of the theatres, closed passages, and each system's ready items, on one time axis."""
    import altair as alt

    story = shown.story
    head = say("chart.run", rank=shown.name, stamp=shown.stamp)

    def draw(width: int) -> Any:
        panels = [*_theatres(alt, story.weeks, width), *_passages(alt, story.weeks, width),
                  *_fleets(alt, story.weeks, width)]  # fmt: skip
        return alt.vconcat(*panels, spacing=10).resolve_scale(color="independent")

    return Drawing(f"run-{shown.rank}", head, _describe(story.weeks, shown.stamp), configure(draw(_RUN_WIDTH)),
                   configure(draw(_WIDTH - 20)), tabulate_run(shown, _EVERY))  # fmt: skip


def _day(week: dict[str, Any]) -> dt.date:
    return dt.date.fromisoformat(week["date"])


def _stretches(weeks: Sequence[dict[str, Any]], values: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Yield from, to and value of each stretch of weeks with one value."""
    changes = [at for at in range(1, len(values)) if values[at] != values[at - 1]]
    for begin, end in pairwise([0, *changes, len(values) - 1]):
        if end > begin:
            yield place_day(_day(weeks[begin])), place_day(_day(weeks[end])), values[begin]


def _strips(alt: Any, weeks: Sequence[dict[str, Any]], rows: list[dict[str, Any]], title: str, width: int) -> Any:
    names = list(dict.fromkeys(row["name"] for row in rows))
    y = alt.Y("name:N", sort=names, title=None, axis=alt.Axis(ticks=False, domain=False, labelColor=INK, minExtent=96,
                                                             maxExtent=96))  # fmt: skip
    colour = alt.Color("v:O", scale=alt.Scale(domain=[0, 1, 2, 3], range=list(_SHADES)))
    x = _axis(alt, (_day(weeks[0]), _day(weeks[-1])), labels=False)
    chart = alt.Chart(place_data(rows)).mark_rect(height=_ROW - 4).encode(x=x, x2="u:T", y=y, color=colour)
    return chart.properties(width=width, height=_ROW * len(names), title=_heading(alt, title))


def _theatres(alt: Any, weeks: Sequence[dict[str, Any]], width: int) -> Iterator[Any]:
    rows = [
        {"name": name.replace("_", " "), "t": begin, "u": end, "v": level}
        for name in weeks[0]["theatres"]
        for begin, end, level in _stretches(weeks, [LEVELS.index(week["theatres"][name]) for week in weeks])
    ]
    if rows:
        yield _strips(alt, weeks, rows, say("chart.theatres", levels=", ".join(_level(one) for one in LEVELS)), width)


def _passages(alt: Any, weeks: Sequence[dict[str, Any]], width: int) -> Iterator[Any]:
    names = sorted({name for week in weeks for name in week["closed"]})
    rows = [{"name": name.replace("_", " "), "t": begin, "u": end, "v": 2 * shut} for name in names
            for begin, end, shut in _stretches(weeks, [int(name in week["closed"]) for week in weeks])]  # fmt: skip
    if rows:
        yield _strips(alt, weeks, rows, say("chart.passages"), width)


def _fleets(alt: Any, weeks: Sequence[dict[str, Any]], width: int) -> Iterator[Any]:
    span, systems = (_day(weeks[0]), _day(weeks[-1])), list(weeks[0]["systems"])
    for name in systems:
        rows = [{"t": place_day(_day(week)), **{key: week["systems"][name][key] for key in ("ready", "in_service",
                                                                                             "required")}}
                for week in weeks[::_EVERY]]  # fmt: skip
        top = max(1, *(max(row["ready"], row["in_service"], row["required"]) for row in rows))
        scale = alt.Scale(domain=[0, 1.08 * top], nice=False)
        axis = alt.Axis(tickCount=3, title=None, domain=False, ticks=False, minExtent=96, maxExtent=96)
        base = alt.Chart(place_data(rows)).encode(x=_axis(alt, span, labels=name == systems[-1]))
        layers = [
            base.mark_area(color=SOFT, interpolate="step-after").encode(y=alt.Y("ready:Q", scale=scale, axis=axis)),
            base.mark_line(color=MUTED, strokeDash=[2, 3], strokeWidth=1.2)
            .encode(y=alt.Y("required:Q", scale=scale, axis=axis)),
            base.mark_line(color=ACCENT, strokeWidth=1.8, interpolate="step-after")
            .encode(y=alt.Y("in_service:Q", scale=scale, axis=axis)),
        ]  # fmt: skip
        words = say("chart.fleet", name=name)
        yield alt.layer(*layers).properties(width=width, height=_FLEET, title=_heading(alt, words))


def _level(name: str) -> str:
    """Return the name of a level of a theatre."""
    return say(f"level.{name}") if knows(f"level.{name}") else name


def _describe(weeks: Sequence[dict[str, Any]], known: str) -> str:
    worst = [say("chart.worst", theatre=name.replace("_", " "),
                 level=_level(max((week["theatres"][name] for week in weeks), key=LEVELS.index)))
             for name in weeks[0]["theatres"]]  # fmt: skip
    ends = [say("chart.ready_at_the_end", name=name, ready=str(state["ready"]))
            for name, state in weeks[-1]["systems"].items()]  # fmt: skip
    return f"{known}. {'; '.join(worst)}. {'; '.join(ends)}."
