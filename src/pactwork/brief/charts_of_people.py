"""Charts of stakeholders and of threat profiles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pactwork.brief import formats
from pactwork.brief.charts import PANEL
from pactwork.brief.drawing import ACCENT, FAINT, INK, MUTED, PAPER, RULE, SOFT, Drawing, configure
from pactwork.brief.stakeholders import Bargain, Profiles
from pactwork.brief.tabulating import tabulate_bargain, tabulate_profiles
from pactwork.brief.words import say

_MOST_NAMES = 6
_NEAR = 6.5
"""What is nearer to a name than this, in points of influence, would lie on it."""
_LETTER, _DOT, _END = 1.75, 3.2, 103.0
"""Width of a letter and half that of a dot, and how far names may reach: in points of position."""


def _data(rows: Sequence[dict[str, Any]]) -> Any:
    import altair as alt

    return alt.InlineData(values=list(rows))


def plot_stakeholders(bargain: Bargain) -> Drawing:
    """Return who stands where: position across, influence up, salience as size; the outcome as a line in its range."""
    import altair as alt

    x = alt.X("x:Q", scale=alt.Scale(domain=[0, 100]),
              axis=alt.Axis(values=[0, 50, 100], title=None, ticks=False, domainColor=RULE))  # fmt: skip
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, 108], nice=False), axis=None)
    points = [
        {"x": one.position, "y": one.influence, "s": max(one.salience, 2.0)} for one in bargain.standpoints
    ]  # fmt: skip
    low, high = bargain.interval
    size = alt.Size("s:Q", scale=alt.Scale(domain=[0, 100], range=[0, 320]), legend=None)
    layers = [
        alt.Chart(_data([{"x": low, "x2": high, "y": 0, "y2": 108}]))
        .mark_rect(color=SOFT, opacity=0.28).encode(x=x, x2="x2:Q", y=y, y2="y2:Q"),
        alt.Chart(_data([{"x": bargain.outcome}])).mark_rule(color=ACCENT, strokeWidth=2).encode(x=x),
        alt.Chart(_data(points)).mark_circle(color=MUTED, opacity=0.75, stroke=PAPER, strokeWidth=1)
        .encode(x=x, y=y, size=size),
        *_name_layers(alt, bargain, x, y),
    ]  # fmt: skip
    words = "; ".join(
        say("chart.standpoint", who=one.who, position=one.position, influence=one.influence, salience=one.salience)
        for one in bargain.standpoints
    )
    chart = alt.layer(*layers).properties(width=PANEL[0], height=PANEL[1])
    return Drawing(
        f"stakeholders-{bargain.issue_id}",
        say("chart.stakeholders", name=bargain.name),
        say("chart.stakeholders_described", words=words),
        configure(chart, {"left": 8, "right": 12, "top": 4, "bottom": 20}),
        data=tabulate_bargain(bargain),
    )


def _name_layers(alt: Any, bargain: Bargain, x: Any, y: Any) -> list[Any]:
    """Return the names of those who weigh most, on the side where they lie on no dot and no other name."""
    layers: list[Any] = []
    taken = [(one.influence, one.position - _DOT, one.position + _DOT) for one in bargain.standpoints]
    for number, one in enumerate(bargain.standpoints):  # the heaviest first
        words = formats.shorten(one.who, 26)
        reach = _LETTER * len(words) + _DOT
        sides = ((one.position - reach, one.position - _DOT), (one.position + _DOT, one.position + reach))
        for left, (start, end) in zip((True, False), sides, strict=True):
            others = taken[:number] + taken[number + 1 :]
            crossed = any(abs(one.influence - up) < _NEAR and start < x2 and x1 < end for up, x1, x2 in others)
            if crossed or start < 0 or end > _END or len(layers) == _MOST_NAMES:
                continue
            taken.append((one.influence, start, end))
            row = {"x": one.position, "y": one.influence, "w": words}
            layers.append(
                alt.Chart(_data([row]))
                .mark_text(align="right" if left else "left", dx=-11 if left else 11, fontSize=11, color=INK)
                .encode(x=x, y=y, text="w:N")
            )
            break
    return layers


def plot_profiles(profiles: Profiles) -> Drawing:
    """Return both partners' threat profiles side by side: bars of shares, one row a threat."""
    words = "; ".join(
        f"{threat}: {profiles.who[0]} {formats.percent(one)}, {profiles.who[1]} {formats.percent(two)}"
        for threat, one, two in profiles.rows
    )
    return Drawing(
        "threat-profiles", say("chart.profiles"), f"{words}.",
        _profiles_spec(profiles, 250, 110), _profiles_spec(profiles, 128, 52), tabulate_profiles(profiles),
    )  # fmt: skip


def _profiles_spec(profiles: Profiles, half: int, room: int) -> dict[str, Any]:
    """Two columns of bars with one scale, each threat's name above its row; ``room`` is left for the numbers."""
    import altair as alt

    top = max(max(one, two) for _, one, two in profiles.rows) or 1.0
    band, width = 36, 2 * half + room
    scale = alt.Scale(domain=[0, width], nice=False, zero=False)
    starts = (0.0, float(half + room // 2))
    rows, heads = [], []
    for index, (threat, *shares) in enumerate(profiles.rows):
        heads.append({"x": 0, "y": index * band + 26, "w": formats.shorten(threat, width // 7)})
        for side, share in enumerate(shares):
            rows.append({"x": starts[side], "x2": starts[side] + share / top * half, "y": index * band + 42,
                         "w": formats.percent(share), "first": side == 0})  # fmt: skip
    titles = [{"x": starts[side], "y": 8, "w": formats.shorten(who, half // 7)}
              for side, who in enumerate(profiles.who)]  # fmt: skip
    height = len(profiles.rows) * band + 22
    x = alt.X("x:Q", scale=scale, axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[height, 0], nice=False, zero=False), axis=None)
    base = alt.Chart(_data(rows))
    colour = alt.condition("datum.first", alt.value(ACCENT), alt.value(FAINT))
    layers = [
        base.mark_rule(strokeWidth=9, opacity=1).encode(x=x, x2="x2:Q", y=y, color=colour),
        base.mark_text(align="left", dx=6, fontSize=11, color=MUTED).encode(
            x=alt.X("x2:Q", scale=scale, axis=None), y=y, text="w:N"
        ),
        alt.Chart(_data(heads)).mark_text(align="left", color=INK).encode(x=x, y=y, text="w:N"),
        alt.Chart(_data(titles)).mark_text(align="left", fontWeight="bold", color=INK).encode(x=x, y=y, text="w:N"),
    ]
    chart = alt.layer(*layers).properties(width=width, height=height)
    return configure(chart, {"left": 4, "right": 8, "top": 2, "bottom": 4})
