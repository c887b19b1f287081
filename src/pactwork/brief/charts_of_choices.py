"""Charts of choices: which requirements hold up in how many futures, and what readiness each adds for its cost."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from pactwork.brief import formats
from pactwork.brief.charts import place_data
from pactwork.brief.chosen import HOLDS, Chosen, asked_by, is_clear, is_refused
from pactwork.brief.drawing import ACCENT, FAINT, INK, MUTED, PAPER, RULE, Drawing, configure
from pactwork.brief.rows_of_choices import letters_of
from pactwork.brief.tabulating import Data, describe
from pactwork.brief.words import say
from pactwork.choices.clusters import Mean
from pactwork.choices.requirements import Requirement
from pactwork.choices.views import ChoiceView, Comparison
from pactwork.facts.choices import BASELINE

MOST_SYSTEMS = 4
_ROW, _LABEL, _NARROW_LABEL = 19, 250, 124
_LETTERS, _NARROW_LETTERS = 44, 24
_CELL, _NARROW_CELL = 33, 16.5
_PANEL, _NARROW_PANEL = 118, 190
_READY = ".mean_readiness"


def list_choice_drawings(chosen: Chosen) -> Iterator[Drawing]:
    """Yield the charts on choices; none where nothing is compared."""
    found = chosen.comparison
    if found is None:
        return
    yield plot_shares_met(chosen, found)
    yield plot_readiness(chosen, found)


def _label(view: ChoiceView, at: int, limit: int) -> str:
    """Return a choice's title for an axis; the same title twice stays two rows."""
    mark = " †" if is_refused(view) else ""
    return formats.shorten(view.title, limit) + mark + "\u200b" * at


def _stamp(alt: Any, chosen: Chosen, lines: list[str], narrow: bool) -> Any:
    words = list(chosen.stamps) if narrow else [chosen.stamp]
    return alt.TitleParams([*lines, *words], anchor="start", fontSize=12, fontWeight="normal", color=MUTED, offset=8)


def plot_shares_met(chosen: Chosen, found: Comparison) -> Drawing:
    """Return a table of shades: choices down, requirements across, the share of futures that meet each in the cells."""
    import altair as alt

    letters = {one.name: letter for letter, one in letters_of(found.requirements).items()}
    sides = [(side, asked) for side in ("buyer", "supplier") if (asked := asked_by(found, side))]
    names = {"buyer": chosen.setting.buyer, "supplier": chosen.setting.supplier}

    def draw(narrow: bool) -> dict[str, Any]:
        panels = []
        for side, asked in sides:
            first = narrow or side == sides[0][0]
            panels.append(
                _heat(alt, found, asked, letters, say("chart.asks", partner=names[side]), narrow=narrow, labels=first)
            )
        whole = alt.vconcat(*panels, spacing=14) if narrow else alt.hconcat(*panels, spacing=16)
        return configure(whole.properties(title=_stamp(alt, chosen, [say("chart.per_cent_of_futures")], narrow)))

    described = []
    for view in found.choices:
        shares = [f"{letters[one.name]} {_percent(view.robustness[one.name].met.value)}" for one in found.requirements]
        described.append(f"{formats.clean(view.title)}: {', '.join(shares)}")
    meant = "; ".join(f"{letters[one.name]}: {formats.clean(one.stated.title)}" for one in found.requirements)
    title = say("chart.met", stamp=chosen.stamp)
    return Drawing("choices-met", title, f"{meant}. {'. '.join(described)}.", draw(narrow=False), draw(narrow=True),
                   _tabulate_met(found, letters, names))  # fmt: skip


def _tabulate_met(found: Comparison, letters: dict[str, str], names: dict[str, str]) -> Data:
    rows = tuple(
        (view.choice, formats.clean(view.title), letters[one.name], formats.clean(one.stated.title),
         names[one.stated.side], None if math.isnan(share := view.robustness[one.name].met.value) else 100 * share)
        for view in found.choices for one in found.requirements
    )  # fmt: skip
    return Data((
        describe("choice", "choice"), describe("title", "title"), describe("letter", "letter"),
        describe("requirement", "requirement"), describe("asked_by", "asked_by"),
        describe("futures_met_percent", "futures_met", "percent"),
    ), rows)  # fmt: skip


def _percent(share: float) -> str:
    return "–" if math.isnan(share) else f"{100 * share:.0f}"


def _heat(
    alt: Any, found: Comparison, asked: tuple[Requirement, ...], letters: dict[str, str], heading: str, *, narrow: bool,
    labels: bool,
) -> Any:  # fmt: skip
    limit, cell = (_NARROW_LETTERS, _NARROW_CELL) if narrow else (_LETTERS, _CELL)
    order = [_label(one, at, limit) for at, one in enumerate(found.choices)]
    rows = []
    for name, view in zip(order, found.choices, strict=True):
        for one in asked:
            share = view.robustness[one.name].met.value
            known = not math.isnan(share)
            rows.append({"c": name, "r": letters[one.name], "w": _percent(share), "dark": known and share >= HOLDS,
                         "o": 0.05 + 0.9 * share if known else 0.0})  # fmt: skip
    axis = _name_rows(alt, narrow=narrow, labels=labels)
    x = alt.X("r:N", sort=[letters[one.name] for one in asked], scale=alt.Scale(paddingInner=0.06, paddingOuter=0),
              axis=alt.Axis(orient="top", title=None, ticks=False, domain=False, labelAngle=0,
                            labelColor=INK))  # fmt: skip
    y = alt.Y("c:N", sort=order, scale=alt.Scale(paddingInner=0.1, paddingOuter=0), axis=axis)
    base = alt.Chart(place_data(rows)).encode(x=x, y=y)
    cells = base.mark_rect(color=ACCENT).encode(opacity=alt.Opacity("o:Q", scale=None, legend=None))
    size = 8.5 if narrow else 11
    words = [
        base.transform_filter(f"datum.dark == {flag}")
        .mark_text(color=colour, fontSize=size, fontWeight=weight)
        .encode(text="w:N")
        for flag, colour, weight in (("false", INK, "normal"), ("true", PAPER, "bold"))
    ]
    title = alt.TitleParams(formats.shorten(heading, 30), anchor="start", fontSize=12, fontWeight="normal", color=INK)
    return alt.layer(cells, *words).properties(width=cell * len(asked), height=_ROW * len(order), title=title)


def plot_readiness(chosen: Chosen, found: Comparison) -> Drawing:
    """Return what each choice costs, cheapest first, beside what it adds to the readiness of each main system."""
    import altair as alt

    ready = [one for one in found.requirements if one.stated.outcome.endswith(_READY)][:MOST_SYSTEMS]
    views = sorted((one for one in found.choices if one.choice != BASELINE), key=lambda one: one.cost.mean.value)
    panels = [(say("chart.cost", money=chosen.setting.money), [(one.cost.mean, 1e-3) for one in views])]
    panels += [(say("chart.ready_points", system=one.stated.outcome.removesuffix(_READY).upper()),
                [(view.differences[one.name].mean, 100.0) for view in views]) for one in ready]  # fmt: skip

    def draw(narrow: bool) -> dict[str, Any]:
        order = [_label(one, at, _NARROW_LETTERS if narrow else _LETTERS) for at, one in enumerate(views)]
        made = [_dots(alt, order, values, formats.clean(name), narrow=narrow, labels=narrow or not at)
                for at, (name, values) in enumerate(panels)]  # fmt: skip
        whole = alt.vconcat(*made, spacing=12) if narrow else alt.hconcat(*made, spacing=12)
        return configure(whole.properties(title=_stamp(alt, chosen, [say("chart.change")], narrow)))

    described = []
    for at, view in enumerate(views):
        parts = [f"{name} {_tell(*values[at])}" for name, values in panels]
        described.append(f"{formats.clean(view.title)}: {', '.join(parts)}")
    title = say("chart.readiness", stamp=chosen.stamp)
    rows = tuple(
        (view.choice, formats.clean(view.title), formats.clean(name), *_show_mean(*values[at]))
        for name, values in panels for at, view in enumerate(views)
    )  # fmt: skip
    data = Data((
        describe("choice", "choice"), describe("title", "title"), describe("measure", "what_changes"),
        describe("change", "change"), describe("change_low", "change_low"), describe("change_high", "high"),
        describe("told_from_chance", "told_from_chance"),
    ), rows)  # fmt: skip
    return Drawing("choices-ready", title, f"{'. '.join(described)}.", draw(narrow=False), draw(narrow=True), data)


def _show_mean(mean: Mean, scale: float) -> tuple[float | bool | None, ...]:
    ends = (scale * one if math.isfinite(one) else None for one in (mean.value, mean.low, mean.high))
    return (*ends, is_clear(mean))


def _tell(mean: Mean, scale: float) -> str:
    if not math.isfinite(mean.value):
        return say("chart.unknown")
    change, low, high = (f"{scale * one:+.1f}" for one in (mean.value, mean.low, mean.high))
    return say("chart.change_told", change=change, low=low, high=high,
               doubt="" if is_clear(mean) else say("chart.not_told"))  # fmt: skip


def _name_rows(alt: Any, *, narrow: bool, labels: bool, grid: bool = False) -> Any:
    """Return the axis of choices; without labels it takes no room."""
    room = (_NARROW_LABEL if narrow else _LABEL) if labels else 0
    return alt.Axis(title=None, ticks=False, domain=False, labels=labels, labelColor=INK, labelLimit=room or 1,
                    labelFontSize=10 if narrow else 11, minExtent=room, maxExtent=room, grid=grid,
                    gridColor=RULE)  # fmt: skip


def _dots(
    alt: Any, order: list[str], values: list[tuple[Mean, float]], heading: str, *, narrow: bool, labels: bool
) -> Any:
    rows: list[dict[str, Any]] = [
        {"c": name, "v": scale * mean.value, "a": scale * mean.low if math.isfinite(mean.low) else scale * mean.value,
         "b": scale * mean.high if math.isfinite(mean.high) else scale * mean.value, "clear": is_clear(mean)}
        for name, (mean, scale) in zip(order, values, strict=True) if math.isfinite(mean.value)
    ]  # fmt: skip
    axis = _name_rows(alt, narrow=narrow, labels=labels, grid=True)
    y = alt.Y("c:N", sort=order, scale=alt.Scale(domain=order), axis=axis)
    low, high = min([0.0, *(float(row["a"]) for row in rows)]), max([0.0, *(float(row["b"]) for row in rows)])
    reach = 0.04 * (high - low) or 1.0
    scale = alt.Scale(domain=[low - reach, high + reach], nice=False)
    axis = alt.Axis(title=None, tickCount=3, orient="top", domain=False)
    x, start = (alt.X(field, scale=scale, axis=axis) for field in ("v:Q", "a:Q"))
    layers = [alt.Chart(place_data([{"v": 0}])).mark_rule(color=FAINT).encode(x=x)]
    for flag, colour in ((True, ACCENT), (False, MUTED)):
        base = alt.Chart(place_data([row for row in rows if row["clear"] is flag])).encode(y=y)
        inside = colour if flag else PAPER
        layers.append(base.mark_rule(color=colour, strokeWidth=1.6).encode(x=start, x2="b:Q"))
        layers.append(base.mark_point(fill=inside, stroke=colour, size=38, opacity=1).encode(x=x))
    title = alt.TitleParams(heading, anchor="start", fontSize=12, fontWeight="normal", color=INK)
    width = _NARROW_PANEL if narrow else _PANEL
    return alt.layer(*layers).properties(width=width, height=_ROW * len(order), title=title)
