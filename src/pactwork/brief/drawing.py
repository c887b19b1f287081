"""From a chart's definition to a picture: SVG that the page can restyle, and PNG; offline, in this process."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from typing import Any

INK, MUTED, FAINT, RULE, ACCENT, SOFT, PAPER = (
    "#1d2429", "#5b6670", "#9aa4ad", "#dfe3e6", "#0b5d8a", "#a9c9de", "#ffffff",
)  # fmt: skip
"""The palette: one accent and greys. Every chart uses these literals alone, so that style.css can restyle them."""

CLASSES = {INK: "ink", MUTED: "muted", FAINT: "faint", RULE: "rule", ACCENT: "accent", SOFT: "soft", PAPER: "paper"}

FONT = "Liberation Sans, Helvetica Neue, Arial, sans-serif"
_KEPT_SIZE = 11


@dataclass(frozen=True)
class Drawing:
    """A chart ready to be drawn.

    ``name`` is the file's name, ``title`` and ``description`` its words for those who do not see it, ``spec`` its
    Vega-Lite definition, ``narrow`` the definition for a phone where that differs.
    """

    name: str
    title: str
    description: str
    spec: dict[str, Any] = field(repr=False)
    narrow: dict[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Picture:
    """A drawn chart: its SVG for the page (narrow one too, where there is one), for a file, and its PNG."""

    name: str
    title: str
    inline: str
    inline_narrow: str
    svg: str
    png: bytes = field(repr=False)


@contextmanager
def trust_definitions() -> Iterator[None]:
    """Leave out Altair's check of every part of a chart as it is put together, which takes as long as the rest of it.

    Tests draw charts with the check.
    """
    from altair.utils.schemapi import debug_mode

    with debug_mode(False):
        yield


def draw(drawing: Drawing, scale: float = 2.0) -> Picture:
    """Draw a chart.

    Notes
    -----
    vl-convert runs Vega in this process and asks no network; access to any other place is closed to it.
    """
    import vl_convert  # late: it takes a fifth of a second, and only a brief needs it

    svg = vl_convert.vegalite_to_svg(drawing.spec, allowed_base_urls=[])
    narrow = vl_convert.vegalite_to_svg(drawing.narrow, allowed_base_urls=[]) if drawing.narrow else ""
    return Picture(
        name=drawing.name,
        title=drawing.title,
        inline=_make_inline(svg, drawing, drawing.name),
        inline_narrow=_make_inline(narrow, drawing, f"{drawing.name}-narrow") if narrow else "",
        svg=_describe(svg, drawing),
        png=vl_convert.svg_to_png(svg, scale=scale),
    )


def draw_inline(drawing: Drawing) -> tuple[str, str]:
    """Return a chart's SVG for a page, wide and narrow; the second is empty where one form serves both."""
    import vl_convert

    svg = vl_convert.vegalite_to_svg(drawing.spec, allowed_base_urls=[])
    narrow = vl_convert.vegalite_to_svg(drawing.narrow, allowed_base_urls=[]) if drawing.narrow else ""
    return (
        _make_inline(svg, drawing, drawing.name),
        _make_inline(narrow, drawing, f"{drawing.name}-narrow") if narrow else "",
    )


def configure(chart: Any, frame: dict[str, int] | None = None) -> dict[str, Any]:
    """Return a chart's definition with the look that all charts share.

    With a ``frame`` (room at left, right, top and bottom) the plot has its full width whatever its labels need, so that
    charts side by side have one scale.
    """
    spec: dict[str, Any] = chart.to_dict(validate=False)
    if frame:
        spec["autosize"], spec["padding"] = {"type": "none"}, frame
    spec["config"] = {
        "font": FONT,
        "background": PAPER,
        "view": {"stroke": None},
        "axis": {
            "labelColor": MUTED, "labelFontSize": _KEPT_SIZE, "titleColor": MUTED, "titleFontSize": _KEPT_SIZE,
            "titleFontWeight": "normal", "domainColor": RULE, "tickColor": RULE, "gridColor": RULE, "grid": False,
            "labelLimit": 400,
        },
        "text": {"fontSize": 12, "color": INK},
        "legend": {"disable": True},
    }  # fmt: skip
    return spec


def _make_inline(svg: str, drawing: Drawing, prefix: str) -> str:
    """Return SVG for the page: names instead of colours, ids of its own, and words for those who listen."""
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    body = svg[svg.index(">") + 1 : svg.rindex("</svg>")]
    for colour, name in (*CLASSES.items(), ("white", "paper")):
        for attribute in ("fill", "stroke"):
            body = re.sub(rf'{attribute}="{colour}"', f'data-{attribute}="{name}"', body, flags=re.IGNORECASE)
    body = re.sub(r'\b(id="|url\(#|href="#)', rf"\g<1>{prefix}-", body)
    body = re.sub(r' (?:role|aria-[a-z]+|style|pointer-events|font-family)="[^"]*"', "", body)
    body = re.sub(r' class="[^"]*"', "", body)
    body = re.sub(r"-?\d+\.\d{3,}", lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), body)
    width, height = (size[1], size[2]) if size else ("100", "100")
    return (
        f'<svg class="chart" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-labelledby="{prefix}-title {prefix}-desc"><title id="{prefix}-title">{escape(drawing.title)}</title>'
        f'<desc id="{prefix}-desc">{escape(drawing.description)}</desc><g aria-hidden="true">{body}</g></svg>'
    )


def _describe(svg: str, drawing: Drawing) -> str:
    head = svg.index(">") + 1
    words = f"<title>{escape(drawing.title)}</title><desc>{escape(drawing.description)}</desc>"
    return svg[:head] + words + svg[head:]
