"""Charts for the page: drawn here, by the brief's own functions, as SVG that the style sheet colours."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass

from markupsafe import Markup

from pactwork.brief.drawing import Drawing, draw_inline


@dataclass(frozen=True)
class Chart:
    """A chart for a template: ``{{ chart(c) }}`` of ``macros.html.j2`` shows it, its narrow form on a phone."""

    inline: Markup
    inline_narrow: Markup


def show(drawing: Drawing) -> Chart:
    """Return a chart drawn; the same chart is drawn once."""
    narrow = json.dumps(drawing.narrow, sort_keys=True) if drawing.narrow else ""
    return _draw(drawing.name, drawing.title, drawing.description, json.dumps(drawing.spec, sort_keys=True), narrow)


@functools.lru_cache(maxsize=512)
def _draw(name: str, title: str, description: str, spec: str, narrow: str) -> Chart:
    drawing = Drawing(name, title, description, json.loads(spec), json.loads(narrow) if narrow else None)
    inline, slim = draw_inline(drawing)
    return Chart(Markup(inline), Markup(slim))
