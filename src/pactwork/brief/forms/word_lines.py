"""Text in a Word file: paragraphs of runs, with their tags, links and bookmarks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pactwork.brief.forms.document import Document, Listing, Run, Runs
from pactwork.brief.forms.word_parts import ACCENT, MUTED, element, make_mark, make_run

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


class Lines:
    """Makes paragraphs; knows where every link leads, and which bookmarks are still to be set."""

    def __init__(self, document: Document, part: Any, styles: Mapping[str, str]) -> None:
        self.sources, self.part, self.styles = document.sources, part, styles
        self.marks: dict[str, str] = {}
        for block in document.walk():
            names = [*getattr(block, "anchors", ())]
            names += [name for item in block.items for name in item.anchors] if isinstance(block, Listing) else []
            for name in names:
                self.marks.setdefault(name, f"p{len(self.marks) + 1}_{re.sub('[^A-Za-z0-9]', '_', name)[:30]}")
        self.free = {*self.marks}
        self.count = 0

    def make_paragraph(
        self, runs: Runs, style: str, *, anchors: tuple[str, ...] = (), bold: bool = False, muted: bool = False,
        looks: bool = True,
    ) -> Any:  # fmt: skip
        """Return a paragraph in a style; without ``looks`` its links have the style's own colour."""
        made = element("p", None, element("pPr", None, element("pStyle", {"val": self.styles[style]})))
        made.extend(self.make_runs(runs, bold=bold, muted=muted, looks=looks))
        self.mark_all(made, anchors)
        return made

    def mark_all(self, paragraph: Any, anchors: Iterable[str]) -> None:
        """Set the bookmarks that links to these anchors lead to, each once in the file."""
        for name in anchors:
            if name in self.free:
                self.free.discard(name)
                self.mark(paragraph, self.marks[name])

    def mark(self, paragraph: Any, name: str) -> None:
        """Set a bookmark around what a paragraph holds."""
        self.count += 1
        start, end = make_mark(self.count, name)
        paragraph.insert(1, start)
        paragraph.append(end)

    def make_runs(self, runs: Runs, *, bold: bool = False, muted: bool = False, looks: bool = True) -> list[Any]:
        """Return text as runs; a tag stays with the number before it, by a narrow space that does not break."""
        made, before = [], ""
        for run in runs:
            if run.kind in ("tag", "judged"):
                gap = " " if before == "tag" else "\u202f" if before == "text" else ""
                made += [make_run(gap)] if gap else []
                made.append(self._tag(run))
                before = "tag"
                continue
            before = "space" if run.text.endswith((" ", "\n")) else "text"
            made.append(self._run(run, bold=bold, muted=muted, looks=looks))
        return made

    def _tag(self, run: Run) -> Any:
        number = self.sources.get(run.link[1:], 0)
        words = f"{run.text}·{number}" if number else run.text
        return self._link(run, make_run(words, style=self.styles["Source Tag"], italic=run.kind == "judged"))

    def _run(self, run: Run, *, bold: bool, muted: bool, looks: bool) -> Any:
        colour = MUTED if run.muted or muted else ""
        colour = ACCENT if run.link or run.kind in ("mark", "chip") else colour
        font = "Segoe UI Symbol" if run.kind == "mark" else ""
        made = make_run(run.text, bold=run.bold or bold, italic=run.italic, colour=colour if looks else "",
                                   font=font)  # fmt: skip
        return self._link(run, made)

    def _link(self, run: Run, made: Any) -> Any:
        """Return a run, within a link where it has one whose target stands in the file."""
        tip = {"tooltip": run.tip[:250]} if run.tip else {}
        if run.link.startswith("#"):
            mark = self.marks.get(run.link[1:])
            return element("hyperlink", {"anchor": mark, "history": "1", **tip}, made) if mark else made
        if not run.link:
            return made
        link = element("hyperlink", {"history": "1", **tip}, made)
        link.set(_RELATION, self.part.relate_to(run.link, _HYPERLINK, is_external=True))
        return link
