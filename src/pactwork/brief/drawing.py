"""From a chart's definition to a picture: SVG that the page can restyle, and PNG; offline, in this process."""

from __future__ import annotations

import hashlib
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from itertools import zip_longest
from pathlib import Path
from typing import Any

from pactwork.brief import pencil
from pactwork.brief.pencil import Drawn, draw_spec, draw_svg
from pactwork.brief.tabulating import Data
from pactwork.progress import Progress, ignore_progress

INK, MUTED, FAINT, RULE, ACCENT, SOFT, PAPER = (
    "#1d2429", "#5b6670", "#9aa4ad", "#dfe3e6", "#0b5d8a", "#a9c9de", "#ffffff",
)  # fmt: skip
"""The palette: one accent and greys. Every chart uses these literals alone, so that style.css can restyle them."""

CLASSES = {INK: "ink", MUTED: "muted", FAINT: "faint", RULE: "rule", ACCENT: "accent", SOFT: "soft", PAPER: "paper"}

FONT = "Liberation Sans, Helvetica Neue, Arial, sans-serif"
_KEPT_SIZE = 11
_TAG = re.compile(r'<[^<>"]*(?:"[^"]*"[^<>"]*)*>')
LONGEST_SECONDS = 300
WORTH_A_PROCESS = 10
"""Charts from which on a second process pays: fewer are drawn before it has begun."""


@dataclass(frozen=True)
class Drawing:
    """A chart ready to be drawn.

    ``name`` is the file's name, ``title`` and ``description`` its words for those who do not see it, ``spec`` its
    Vega-Lite definition, ``narrow`` the definition for a phone where that differs, ``data`` what it draws as a table.
    """

    name: str
    title: str
    description: str
    spec: dict[str, Any] = field(repr=False)
    narrow: dict[str, Any] | None = field(default=None, repr=False)
    data: Data | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Picture:
    """A drawn chart: its SVG for the page (narrow one too, where there is one), for a file, and its PNG.

    ``data`` is the path of its data beside the page; empty where it has none.
    """

    name: str
    title: str
    inline: str
    inline_narrow: str
    svg: str
    png: bytes = field(repr=False)
    data: str = ""


@contextmanager
def trust_definitions() -> Iterator[None]:
    """Leave out Altair's check of every part of a chart as it is put together, which takes as long as the rest of it.

    Tests draw charts with the check.
    """
    from altair.utils.schemapi import debug_mode

    with debug_mode(False):
        yield


def draw(drawing: Drawing) -> Picture:
    """Draw a chart."""
    return _finish(drawing, draw_spec(drawing.spec, drawing.narrow))


def draw_all(drawings: Sequence[Drawing], progress: Progress = ignore_progress) -> list[Picture]:
    """Draw charts, every other one in a second process.

    Notes
    -----
    What is drawn does not depend on which process draws it. Where no second one can be started, this one draws all.
    """
    stage, near, far = "Drawing charts", drawings[::2], drawings[1::2]
    progress(stage, 0, len(drawings))
    with ThreadPoolExecutor(1) as waiting:
        elsewhere = waiting.submit(_draw_elsewhere, far)
        drawn = []
        for at, one in enumerate(near, 1):
            drawn.append(draw(one))
            progress(stage, 2 * at - 1, len(drawings))
        there = elsewhere.result() or [draw_spec(one.spec, one.narrow) for one in far]
    others = [_finish(one, how) for one, how in zip(far, there, strict=True)]
    progress(stage, len(drawings), len(drawings))
    return [one for pair in zip_longest(drawn, others) for one in pair if one]


def _draw_elsewhere(drawings: Sequence[Drawing]) -> list[Drawn]:
    """Return charts as a second process drew them; nothing where there is none to be had."""
    if len(drawings) < WORTH_A_PROCESS:
        return []
    asked = pickle.dumps([(one.spec, one.narrow) for one in drawings])
    command = [sys.executable, "-P", str(Path(pencil.__file__))]
    try:
        done = subprocess.run(command, input=asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              check=True, timeout=LONGEST_SECONDS)  # fmt: skip
        return [Drawn(*one) for one in pickle.loads(done.stdout)]
    except (
        OSError,
        subprocess.SubprocessError,
        pickle.UnpicklingError,
        EOFError,
        ValueError,
        AttributeError,
        TypeError,
    ):
        return []


def _finish(drawing: Drawing, drawn: Drawn) -> Picture:
    return Picture(
        name=drawing.name,
        title=drawing.title,
        inline=_make_inline(drawn.svg, drawing, drawing.name),
        inline_narrow=_make_inline(drawn.narrow, drawing, f"{drawing.name}-narrow") if drawn.narrow else "",
        svg=_describe(drawn.svg, drawing),
        png=drawn.png,
        data=f"data/{file_name(drawing.name)}.csv" if drawing.data else "",
    )


def file_name(name: str) -> str:
    """Return a name that every file system takes; where that is not the name itself, a digest keeps names apart.

    Examples
    --------
    >>> file_name("deliveries-fa-50"), file_name("../a b")
    ('deliveries-fa-50', 'a-b-2c2c791a')
    """
    kept = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-")[:100]
    return kept if kept == name != "" else f"{kept or 'chart'}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def draw_inline(drawing: Drawing) -> tuple[str, str]:
    """Return a chart's SVG for a page, wide and narrow; the second is empty where one form serves both."""
    svg = _make_inline(draw_svg(drawing.spec), drawing, drawing.name)
    return svg, _make_inline(draw_svg(drawing.narrow), drawing, f"{drawing.name}-narrow") if drawing.narrow else ""


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


def _restyle(tag: str, prefix: str) -> str:
    """Return one tag of a chart for the page; words between tags stay as they are."""
    for colour, name in (*CLASSES.items(), ("white", "paper")):
        for attribute in ("fill", "stroke"):
            tag = re.sub(rf'{attribute}="{colour}"', f'data-{attribute}="{name}"', tag, flags=re.IGNORECASE)
    tag = re.sub(r'\b(id="|url\(#|href="#)', rf"\g<1>{prefix}-", tag)
    tag = re.sub(r' (?:role|aria-[a-z]+|style|pointer-events|font-family)="[^"]*"', "", tag)
    tag = re.sub(r' class="[^"]*"', "", tag)
    return re.sub(r"-?\d+\.\d{3,}", lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), tag)


def _make_inline(svg: str, drawing: Drawing, prefix: str) -> str:
    """Return SVG for the page: names instead of colours, ids of its own, and words for those who listen."""
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    body = _TAG.sub(lambda tag: _restyle(tag[0], prefix), svg[svg.index(">") + 1 : svg.rindex("</svg>")])
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
