"""What a brief is made of, whatever form it takes: headings, paragraphs, lists, tables and figures, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Run:
    r"""A stretch of text with one look. ``"\n"`` is a line break.

    ``link`` is ``#anchor`` or a web address; ``kind`` is ``tag`` or ``judged`` for a tag that leads to a source (the
    text is its grade), ``chip`` for a state, ``mark`` for a sign; ``tip`` is what the page says when pointed at.
    """

    text: str
    bold: bool = False
    italic: bool = False
    muted: bool = False
    link: str = ""
    kind: Literal["", "tag", "judged", "chip", "mark"] = ""
    tip: str = ""


Runs = tuple[Run, ...]
Anchors = tuple[str, ...]


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is a section's. ``anchors`` are the names under which links reach it."""

    level: int
    runs: Runs
    anchors: Anchors = ()


@dataclass(frozen=True)
class Paragraph:
    """A paragraph. ``kind`` is ``aside``, ``note`` (boxed), ``big`` (a number by itself) or nothing."""

    runs: Runs
    anchors: Anchors = ()
    kind: Literal["", "aside", "note", "big"] = ""


@dataclass(frozen=True)
class Item:
    """One item of a list."""

    blocks: tuple[Block, ...]
    anchors: Anchors = ()


@dataclass(frozen=True)
class Listing:
    """A list. ``kind`` is ``numbered``, ``sources`` (numbered, and cited by these numbers) or ``plain``."""

    items: tuple[Item, ...]
    kind: Literal["numbered", "sources", "plain"] = "plain"
    anchors: Anchors = ()


@dataclass(frozen=True)
class Cell:
    """One cell: its paragraphs; whether it heads its row; whether it holds a number; by how much it is set in."""

    blocks: tuple[Paragraph, ...]
    heads: bool = False
    number: bool = False
    depth: int = 0


@dataclass(frozen=True)
class Table:
    """A table with its number, its caption and the name of its data file; the header is one row.

    ``section`` is the heading it stands under, ``label`` its short name for those who listen.
    """

    name: str
    caption: Runs
    label: str
    section: str
    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    anchors: Anchors = ()
    number: int = 0

    @property
    def columns(self) -> int:
        """How many columns it has."""
        return max([len(self.header), *(len(row) for row in self.rows)], default=0)


@dataclass(frozen=True)
class Figure:
    """A chart with its number and title, the words for those who do not see it, and what stands beneath it."""

    picture: str
    title: str
    aside: str
    alt: str
    blocks: tuple[Block, ...] = ()
    anchors: Anchors = ()
    number: int = 0

    @property
    def heading(self) -> str:
        """The title, and what the page adds to it in grey."""
        return f"{self.title} ({self.aside})" if self.aside else self.title


@dataclass(frozen=True)
class Panels:
    """Small figures that stand side by side."""

    figures: tuple[Figure, ...]


Block = Heading | Paragraph | Listing | Table | Figure | Panels


@dataclass(frozen=True)
class Document:
    """The whole brief: what stands before the first section, the sections, and what the page keeps folded."""

    title: str
    language: str
    eyebrow: str
    deck: str
    day: str
    iso_day: str
    generator: str
    front: tuple[Block, ...]
    answer: tuple[Block, ...]
    body: tuple[Block, ...]
    annex: tuple[Block, ...]
    sources: dict[str, int] = field(default_factory=dict)
    """Number of each source in the list of sources, by its anchor."""

    table_names: tuple[str, ...] = ()
    """Names of the tables in the order of the page, which unfolds nothing."""

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table, in the order of reading."""
        return tuple(one for one in self.walk() if isinstance(one, Table))

    def walk(self) -> Iterator[Block]:
        """Yield every block in the order of reading, those within lists and figures included."""
        for block in (*self.front, *self.answer, *self.body, *self.annex):
            yield from walk_block(block)


def walk_block(block: Block) -> Iterator[Block]:
    """Yield a block and those within it."""
    yield block
    if isinstance(block, Listing):
        inner: tuple[Block, ...] = tuple(one for item in block.items for one in item.blocks)
    elif isinstance(block, Figure):
        inner = block.blocks
    elif isinstance(block, Panels):
        inner = block.figures
    elif isinstance(block, Table):
        inner = tuple(one for row in (block.header, *block.rows) for cell in row for one in cell.blocks)
    else:
        inner = ()
    for one in inner:
        yield from walk_block(one)


def plain(runs: Runs, *, tags: bool = False) -> str:
    """Return runs as text; without the tags that lead to sources unless asked for."""
    text = "".join(run.text for run in runs if tags or run.kind not in ("tag", "judged"))
    return " ".join(text.split())


def stays(block: Block, following: Block | None) -> bool:
    """Return whether a paragraph must stand on the page of what follows it: it is short, and leads to a figure."""
    leads = isinstance(following, Table | Figure | Panels)
    return leads and isinstance(block, Paragraph) and len(plain(block.runs)) < _SHORT


_SHORT = 300

MARKS = {"active": "●", "agreed": "◐", "talks": "◌", "recommended": "○", "absent": "–"}
"""What stands for the round marks of the page."""


def spread_columns(table: Table) -> list[float]:
    """Return the share of the width of a table that each column gets; they sum to one.

    Notes
    -----
    A column needs room for its longest word, which must not be broken, and takes of what is left by how much it holds:
    the root of its longest cells, so that one long text does not starve the others.
    """
    words, loads = [5.0] * table.columns, [1.0] * table.columns
    for row in (table.header, *table.rows):
        for at, cell in enumerate(row):
            text = "\n".join(plain(one.runs) for one in cell.blocks)
            tags = sum(run.kind in ("tag", "judged") for one in cell.blocks for run in one.runs)
            longest = max((len(word) for word in text.split()), default=0)
            if cell.number:  # a number stays on one line with its tags; what is said of it may wrap
                first, *more = text.split("\n")
                longest = max(longest, min(len(first), 16) + 4 * min(tags, 2), *(min(len(one), 15) for one in more), 0)
                text = first
            words[at] = max(words[at], min(longest, 17) * (1.1 if row is table.header else 1.0))
            loads[at] = max(loads[at], min(len(text), 400) ** 0.72)
    need = [word + 1.5 for word in words]
    room = max(112.0 - sum(need), 20.0)
    extra = [max(load - 4, 0.0) for load in loads]
    whole = sum(extra) or 1.0
    widths = [one + room * more / whole for one, more in zip(need, extra, strict=True)]
    return [round(one / sum(widths), 4) for one in widths]


def is_dense(table: Table) -> bool:
    """Return whether a table needs smaller type to fit a page."""
    return table.columns > 6
