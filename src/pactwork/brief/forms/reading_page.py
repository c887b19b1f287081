"""From the rendered page to the tree that PDF and Word are written from: the same words in the same order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from pactwork.brief.forms.document import (
    MARKS,
    Anchors,
    Block,
    Cell,
    Document,
    Figure,
    Heading,
    Item,
    Listing,
    Panels,
    Paragraph,
    Run,
    Runs,
    Table,
    plain,
)
from pactwork.brief.forms.folded import Folded, list_annex, point_to
from pactwork.brief.forms.numbering import number_captions
from pactwork.brief.words import say

_BLOCKS = {
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "figure", "figcaption", "details", "div", "section",
    "article", "header", "footer", "main", "blockquote",
}  # fmt: skip
_SKIPPED = {"svg", "style", "script", "title", "nav", "summary", "caption"}
_DRAWN = re.compile(r'<g aria-hidden="true">.*?</g></svg>', re.DOTALL)
"""What a chart draws: half of the page's bytes, and nothing to read."""
_LINES = {"piece", "through", "big"}
"""Classes of inline elements that the page puts on lines of their own."""


def read_page(html: str) -> Document:
    """Return the brief as a tree, from its HTML.

    Notes
    -----
    What the page folds away (``details``) is moved to an annex, and where it stood a line names it with a link: a
    reader of paper cannot unfold. In a cell of a table it stays where it is. Order and wording are the page's.
    """
    page = BeautifulSoup(_DRAWN.sub("</svg>", html), "lxml")
    reader = _Reader(page)
    main, head = _one(page, "main"), _one(page, "header.masthead")
    day = page.select_one("time[datetime]")
    sections = [node for node in main.find_all("section", recursive=False)]
    front = [Paragraph(reader.read_runs(_one(page, ".banner")), kind="note")] if page.select_one(".banner") else []
    how = head.select_one(".how")
    lines: list[Block] = []
    if how is not None:
        words = (*reader.read_runs(how), Run(" " + say("forms.tag_note")))
        lines.append(Paragraph(words, kind="aside"))
    answer = reader.read_blocks(sections[0]) if sections else []
    body = [block for node in sections[1:] for block in reader.read_blocks(node)]
    footer = main.find("footer", recursive=False)
    made = reader.read_blocks(footer) if isinstance(footer, Tag) else []
    last = [replace(one, kind="aside") for one in made if isinstance(one, Paragraph)]
    annex = [*list_annex(reader.folded), *last]
    generator = page.select_one('meta[name="generator"]')
    return number_captions(Document(
        title=_text(_one(head, "h1")),
        language=str(_one(page, "html").get("lang") or "en"),
        eyebrow=_text(head.select_one(".eyebrow")),
        deck=_text(head.select_one(".deck")),
        day=_text(day),
        iso_day=str(day["datetime"]) if day else "1970-01-01",
        generator=str(generator["content"]) if generator else "pactwork",
        front=(*front, *lines),
        answer=tuple(answer),
        body=tuple(body),
        annex=tuple(annex),
        sources=reader.sources,
        table_names=tuple(reader.names),
    ))  # fmt: skip


def _one(node: Tag, selector: str) -> Tag:
    found = node.select_one(selector)
    if found is None:
        raise ValueError(f"the page has no {selector}")  # a template was changed; tests read every brief they make
    return found


def _text(node: Tag | None) -> str:
    return " ".join(node.get_text(" ").split()) if node else ""


def _classes(node: Tag) -> list[str]:
    found = node.get("class")
    return [found] if isinstance(found, str) else list(found or [])


class _Reader:
    """Reads one page, and keeps what is folded."""

    def __init__(self, page: BeautifulSoup) -> None:
        self.targets = {str(link["href"])[1:] for link in page.select('a[href^="#"]')}
        self.targets &= {str(node["id"]) for node in page.select("[id]")}
        self.sources = {str(node["id"]): at for at, node in enumerate(page.select("ol.sources > li[id]"), 1)}
        self.folded: list[Folded] = []
        self.names: dict[str, None] = {}
        self.section: Heading | None = None
        self.waiting: list[str] = []

    def _take(self, node: Tag | None = None) -> Anchors:
        """Return the names that links reach the next block by: its own, and those of what holds it."""
        own = str(node.get("id") or "") if node is not None else ""
        taken = (*self.waiting, *([own] if own in self.targets else []))
        self.waiting = []
        return taken

    def read_blocks(self, node: Tag) -> list[Block]:
        """Return the blocks within an element; loose text becomes a paragraph."""
        if node.name not in ("p", "li") and node.get("id") in self.targets:
            self.waiting.append(str(node["id"]))
        blocks: list[Block] = []
        loose: list[Run] = []
        panels: list[Figure] = []

        def settle() -> None:
            if runs := _tidy(loose):
                blocks.append(Paragraph(runs, self._take()))
            loose.clear()

        for child in node.children:
            if isinstance(child, Tag) and (child.name in _BLOCKS or "plot" in _classes(child)):
                settle()
                found = self._read_block(child)
                if len(found) == 1 and isinstance(found[0], Figure) and _is_panel(node):
                    panels.append(found[0])
                    continue
                blocks += found
            else:
                loose += self._read_inline(child, Run(""))
        settle()
        if panels:
            blocks.append(Panels(tuple(panels)))
        return _join_pointers(blocks)

    def _read_block(self, node: Tag) -> list[Block]:
        name = node.name
        if name in _SKIPPED:
            return []
        if name == "p":
            runs = self.read_runs(node)
            if not runs:
                return []
            classes = _classes(node)
            kind: Literal["", "aside", "big"] = "aside" if {"aside", "url"} & {*classes} else ""
            return [Paragraph(runs, self._take(node), "big" if "figure" in classes else kind)]
        if re.fullmatch(r"h[1-6]", name):
            heading = Heading(max(int(name[1]) - 1, 1), self.read_runs(node), self._take(node))
            if heading.level <= 2 or self.section is None:
                self.section = heading
            return [heading] if heading.runs else []
        if name in ("ul", "ol"):
            return self._read_list(node)
        if name == "table":
            return [self._read_table(node)]
        if name == "figure" or "plot" in _classes(node):
            return self._read_figure(node)
        if name == "details":
            return self._fold(node)
        return self.read_blocks(node)

    def _read_list(self, node: Tag) -> list[Block]:
        anchors, items = self._take(node), []
        for one in node.find_all("li", recursive=False):
            own = self._take(one)
            blocks = self.read_blocks(one)
            letter = one.find("span", class_="letter", recursive=False)
            if isinstance(letter, Tag) and len(blocks) > 1 and isinstance(blocks[1], Paragraph):
                grade = (Run(f"[{_text(letter)}] ", muted=True),)
                blocks = [replace(blocks[1], runs=(*grade, *(replace(r, bold=True) for r in blocks[1].runs))),
                          *blocks[2:]]  # fmt: skip
            if blocks:
                items.append(Item(tuple(blocks), own))
        if not items:
            return []
        cited = "sources" in _classes(node)
        items = [Item(_gather(one.blocks), one.anchors) for one in items] if cited else items
        kind: Literal["numbered", "sources", "plain"] = (
            "sources" if cited else "numbered" if node.name == "ol" else "plain"
        )
        return [Listing(tuple(items), kind, anchors)]

    def _read_table(self, node: Tag) -> Table:
        holder = node.find_parent(attrs={"aria-label": True})
        caption = node.find("caption")
        header = node.select("thead tr")
        section = plain(self.section.runs) if self.section else ""
        label = str(holder["aria-label"]) if holder is not None else ""
        anchors = self._take(node)
        return Table(
            name=table_name(node, self.names),
            caption=self.read_runs(caption) if isinstance(caption, Tag) else (),
            label=label,
            section=section,
            header=tuple(self._read_cell(one) for one in header[0].find_all(["th", "td"])) if header else (),
            rows=tuple(
                tuple(self._read_cell(one) for one in row.find_all(["th", "td"], recursive=False))
                for row in node.select("tbody > tr")
            ),
            anchors=anchors,
        )

    def _read_cell(self, node: Tag) -> Cell:
        runs = [run for child in node.children for run in self._read_inline(child, Run(""))]
        lines: list[list[Run]] = [[]]
        for run in runs:
            if run.text == "\n" and not run.kind:
                lines.append([])
            else:
                lines[-1].append(run)
        classes = _classes(node)
        depth = next((int(one[5:]) for one in classes if re.fullmatch(r"depth\d", one)), 0)
        if node.name == "th" and node.find_parent("tr", class_="lot"):
            depth = 1
        made = tuple(Paragraph(tidied) for line in lines if (tidied := _tidy(line)))
        return Cell(made, node.name == "th", "n" in classes, depth)

    def _read_figure(self, node: Tag) -> list[Block]:
        chart = node.select_one("svg.chart")
        if chart is None:
            return self.read_blocks(node)
        anchors = self._take(node)
        title, desc = chart.find("title"), chart.find("desc")
        titled = str(title.get("id") or "") if isinstance(title, Tag) else ""
        panel = node.select_one(".panel-title")
        context = _text(panel) or _text(title if isinstance(title, Tag) else None)
        blocks: list[Block] = []
        kept = len(self.folded)
        for child in node.find_all(["figcaption", "ul", "ol", "p", "details", "table"], recursive=False):
            found = self.read_blocks(child) if child.name == "figcaption" else self._read_block(child)
            blocks += found
        self.folded[kept:] = [replace(one, context=one.context or context) for one in self.folded[kept:]]
        return [Figure(
            picture=titled.removesuffix("-title"),
            title=_text(title if isinstance(title, Tag) else None),
            aside=_find_aside(panel, _text(title if isinstance(title, Tag) else None)),
            alt=_text(desc if isinstance(desc, Tag) else None),
            blocks=tuple(_join_pointers(blocks)),
            anchors=anchors,
        )]  # fmt: skip

    def _fold(self, node: Tag) -> list[Block]:
        """Keep what is folded for the annex, and return the line that stands in its place."""
        summary = node.find("summary", recursive=False)
        at = len(self.folded)
        anchor = f"annex-{at + 1}"
        title = self.read_runs(summary) if isinstance(summary, Tag) else ()
        own = self._take(node)
        section = self.section
        self.folded.append(Folded(title, (), section, "", (anchor, *own)))  # its place comes before what it holds
        blocks = tuple(self.read_blocks(node))
        self.section = section
        self.folded[at] = replace(self.folded[at], blocks=blocks)
        if not blocks:
            del self.folded[at]
            return []
        return [point_to([(plain(title), anchor)])]

    def read_runs(self, node: Tag) -> Runs:
        """Return the text of an element as runs."""
        return _tidy(run for child in node.children for run in self._read_inline(child, Run("")))

    def _read_inline(self, node: Any, look: Run) -> Iterator[Run]:
        if isinstance(node, NavigableString):
            if type(node) is NavigableString and (text := re.sub(r"\s+", " ", node)):
                yield replace(look, text=text)
            return
        classes, name = _classes(node), node.name
        if "data" in classes or "quiet" in classes:
            return
        if name == "br":
            yield Run("\n")
            return
        if "mark" in classes:
            sign = next((MARKS[one] for one in classes if one in MARKS), "")
            yield Run(f"{sign} ", kind="mark")
            return
        if name in _SKIPPED:
            return
        if name in ("a", "span") and "src" in classes:
            yield self._read_tag(node, classes)
            return
        if "word" in classes:
            yield Run(" ")
        if _is_apart(node):
            yield Run(" · ", muted=True)
        if name in ("li", "p", "ul", "details") or {*classes} & _LINES:
            yield Run("\n")
        inner = self._restyle(node, classes, look)
        for child in node.children:
            yield from self._read_inline(child, inner)
        if {*classes} & {"when"}:
            yield Run(": ", muted=True)
        if name in ("li", "p", "details") or "big" in classes:
            yield Run("\n")

    def _read_tag(self, node: Tag, classes: list[str]) -> Run:
        goal = str(node.get("href") or "")
        link = goal if goal[1:] in self.targets else ""
        return Run(_text(node), link=link, kind="judged" if "judged" in classes else "tag",
                   tip=str(node.get("title") or ""))  # fmt: skip

    def _restyle(self, node: Tag, classes: list[str], look: Run) -> Run:
        if node.name in ("b", "strong", "h3", "h4"):
            look = replace(look, bold=True)
        if node.name == "em":
            look = replace(look, italic=True)
        if {"aside", "word", "through", "tally", "see", "when"} & {*classes}:
            look = replace(look, muted=True)
        if "chip" in classes:
            look = replace(look, kind="chip")
        if node.name == "a":
            goal = str(node.get("href") or "")
            if goal.startswith(("https://", "http://")) or (goal.startswith("#") and goal[1:] in self.targets):
                look = replace(look, link=goal)
        return look


def _gather(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return what is said of a source in three lines: its title, what is known of it, and its address."""
    said: list[Run] = []
    kept: list[Block] = list(blocks[:1])
    for one in blocks[1:]:
        if not isinstance(one, Paragraph) or any(run.link for run in one.runs):
            kept.append(one)
            continue
        said += [*([Run(" · ")] if said else []), *one.runs]
    return (*kept[:1], *([Paragraph(tuple(said), kind="aside")] if said else []), *kept[1:])


def _find_aside(panel: Tag | None, title: str) -> str:
    """Return what stands in grey beside a panel's title, less what the chart's own title says."""
    words = [part.strip() for one in (panel.select(".aside") if panel is not None else []) for part in
             _text(one).split(",")]  # fmt: skip
    return ", ".join(one for one in words if one and one.casefold() not in title.casefold())


def _is_apart(node: Tag) -> bool:
    """Return whether the page sets this count apart from the one before it."""
    parent = node.parent
    return parent is not None and "counts" in _classes(parent) and node.find_previous_sibling() is not None


def _is_panel(node: Tag) -> bool:
    return bool({"panels", "wordings"} & {*_classes(node)})


def _tidy(runs: Any) -> Runs:
    """Return runs joined where they look alike, with single spaces, and none at the ends or beside a line break."""
    kept: list[Run] = []
    for run in runs:
        text = run.text
        ends = not kept or kept[-1].text.endswith((" ", "\n"))
        if ends and run.kind not in ("tag", "judged"):
            text = text.lstrip(" ") if kept else text.lstrip(" \n")
        if text == "\n":
            while kept and not kept[-1].text.strip(" "):
                kept.pop()
            if not kept or kept[-1].text == "\n":
                continue
            kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip(" "))
        if not text:
            continue
        if kept and text != "\n" and kept[-1].text != "\n" and replace(kept[-1], text="") == replace(run, text="") \
                and run.kind not in ("tag", "judged", "chip"):  # fmt: skip
            kept[-1] = replace(kept[-1], text=kept[-1].text + text)
        else:
            kept.append(replace(run, text=text))
    while kept and not kept[-1].text.strip():
        kept.pop()
    if kept:
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip())
    return tuple(kept)


def _join_pointers(blocks: list[Block]) -> list[Block]:
    """Return blocks with neighbouring lines that lead to the annex made one."""
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if isinstance(block, Paragraph) and isinstance(last, Paragraph) and is_pointer(block) and is_pointer(last):
            names = [(run.text, run.link[1:]) for one in (last, block) for run in one.runs if run.link]
            joined[-1] = replace(point_to(names), anchors=(*last.anchors, *block.anchors))
        else:
            joined.append(block)
    return joined


def is_pointer(block: Paragraph) -> bool:
    """Return whether a paragraph does nothing but lead to the annex."""
    return any(run.link.startswith("#annex-") for run in block.runs)


def table_name(node: Tag, taken: dict[str, None]) -> str:
    """Return the name of a table's data file: its section, and its short name for those who listen.

    Examples
    --------
    >>> page = BeautifulSoup('<section id="a"><div aria-label="Rows by grade"><table></table></div></section>', "lxml")
    >>> table_name(page.table, {})
    'table-a-rows-by-grade'
    """
    section = node.find_parent("section", id=True)
    holder = node.find_parent("div", attrs={"aria-label": True})
    words = f"{section['id'] if section else ''} {holder['aria-label'] if holder else ''}".lower()
    base = "table-" + ("-".join(re.findall(r"[a-z0-9]+", words))[:60].strip("-") or "of-the-brief")
    name, at = base, 2
    while name in taken:
        name, at = f"{base}-{at}", at + 1
    taken[name] = None  # keeps the order of the page
    return name
