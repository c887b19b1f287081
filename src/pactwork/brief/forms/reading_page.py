"""From the rendered page to the tree that PDF and Word are written from: the same words in the same order."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from bs4 import BeautifulSoup
from bs4.element import Tag

from pactwork.brief.forms.document import (
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
    Table,
    plain,
)
from pactwork.brief.forms.folded import Folded, list_annex, point_to
from pactwork.brief.forms.numbering import number_captions
from pactwork.brief.forms.reading_runs import SKIPPED, classes_of, read_inline, read_runs, text_of, tidy
from pactwork.brief.words import say

_BLOCKS = {
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "figure", "figcaption", "details", "div", "section",
    "article", "header", "footer", "main", "blockquote",
}  # fmt: skip
_DRAWN = re.compile(r'<g aria-hidden="true">.*?</g></svg>', re.DOTALL)
"""What a chart draws: half of the page's bytes, and nothing to read."""


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
    sections = list(main.find_all("section", recursive=False))
    front = (
        [Paragraph(read_runs(_one(page, ".banner"), reader.targets), kind="note")] if page.select_one(".banner") else []
    )
    how = head.select_one(".how")
    lines: list[Block] = []
    if how is not None:
        words = (*read_runs(how, reader.targets), Run(" " + say("forms.tag_note")))
        lines.append(Paragraph(words, kind="aside"))
    answer = reader.read_blocks(sections[0]) if sections else []
    body = [block for node in sections[1:] for block in reader.read_blocks(node)]
    footer = main.find("footer", recursive=False)
    made = reader.read_blocks(footer) if isinstance(footer, Tag) else []
    last = [replace(one, kind="aside") for one in made if isinstance(one, Paragraph)]
    annex = [*list_annex(reader.folded), *last]
    generator = page.select_one('meta[name="generator"]')
    return number_captions(Document(
        title=text_of(_one(head, "h1")),
        language=str(_one(page, "html").get("lang") or "en"),
        eyebrow=text_of(head.select_one(".eyebrow")),
        deck=text_of(head.select_one(".deck")),
        day=text_of(day),
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
            if runs := tidy(loose):
                blocks.append(Paragraph(runs, self._take()))
            loose.clear()

        for child in node.children:
            if isinstance(child, Tag) and (child.name in _BLOCKS or "plot" in classes_of(child)):
                settle()
                found = self._read_block(child)
                if len(found) == 1 and isinstance(found[0], Figure) and _is_panel(node):
                    panels.append(found[0])
                    continue
                blocks += found
            else:
                loose += read_inline(child, Run(""), self.targets)
        settle()
        if panels:
            blocks.append(Panels(tuple(panels)))
        return _join_pointers(blocks)

    def _read_block(self, node: Tag) -> list[Block]:
        name = node.name
        if name in SKIPPED:
            return []
        if name == "p":
            runs = read_runs(node, self.targets)
            if not runs:
                return []
            classes = classes_of(node)
            kind: Literal["", "aside", "big"] = "aside" if {"aside", "url"} & {*classes} else ""
            return [Paragraph(runs, self._take(node), "big" if "figure" in classes else kind)]
        if re.fullmatch(r"h[1-6]", name):
            heading = Heading(max(int(name[1]) - 1, 1), read_runs(node, self.targets), self._take(node))
            if heading.level <= 2 or self.section is None:
                self.section = heading
            return [heading] if heading.runs else []
        if name in ("ul", "ol"):
            return self._read_list(node)
        if name == "table":
            return [self._read_table(node)]
        if name == "figure" or "plot" in classes_of(node):
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
                grade = (Run(f"[{text_of(letter)}] ", muted=True),)
                blocks = [replace(blocks[1], runs=(*grade, *(replace(r, bold=True) for r in blocks[1].runs))),
                          *blocks[2:]]  # fmt: skip
            if blocks:
                items.append(Item(tuple(blocks), own))
        if not items:
            return []
        cited = "sources" in classes_of(node)
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
            caption=read_runs(caption, self.targets) if isinstance(caption, Tag) else (),
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
        runs = [run for child in node.children for run in read_inline(child, Run(""), self.targets)]
        lines: list[list[Run]] = [[]]
        for run in runs:
            if run.text == "\n" and not run.kind:
                lines.append([])
            else:
                lines[-1].append(run)
        classes = classes_of(node)
        depth = next((int(one[5:]) for one in classes if re.fullmatch(r"depth\d", one)), 0)
        if node.name == "th" and node.find_parent("tr", class_="lot"):
            depth = 1
        made = tuple(Paragraph(tidied) for line in lines if (tidied := tidy(line)))
        return Cell(made, node.name == "th", "n" in classes, depth)

    def _read_figure(self, node: Tag) -> list[Block]:
        chart = node.select_one("svg.chart")
        if chart is None:
            return self.read_blocks(node)
        anchors = self._take(node)
        title, desc = chart.find("title"), chart.find("desc")
        titled = str(title.get("id") or "") if isinstance(title, Tag) else ""
        panel = node.select_one(".panel-title")
        context = text_of(panel) or text_of(title if isinstance(title, Tag) else None)
        blocks: list[Block] = []
        kept = len(self.folded)
        for child in node.find_all(["figcaption", "ul", "ol", "p", "details", "table"], recursive=False):
            found = self.read_blocks(child) if child.name == "figcaption" else self._read_block(child)
            blocks += found
        self.folded[kept:] = [replace(one, context=one.context or context) for one in self.folded[kept:]]
        return [Figure(
            picture=titled.removesuffix("-title"),
            title=text_of(title if isinstance(title, Tag) else None),
            aside=_find_aside(panel, text_of(title if isinstance(title, Tag) else None)),
            alt=text_of(desc if isinstance(desc, Tag) else None),
            blocks=tuple(_join_pointers(blocks)),
            anchors=anchors,
        )]  # fmt: skip

    def _fold(self, node: Tag) -> list[Block]:
        """Keep what is folded for the annex, and return the line that stands in its place."""
        summary = node.find("summary", recursive=False)
        at = len(self.folded)
        anchor = f"annex-{at + 1}"
        title = read_runs(summary, self.targets) if isinstance(summary, Tag) else ()
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
             text_of(one).split(",")]  # fmt: skip
    return ", ".join(one for one in words if one and one.casefold() not in title.casefold())


def _is_panel(node: Tag) -> bool:
    return bool({"panels", "wordings"} & {*classes_of(node)})


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
