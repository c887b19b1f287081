"""Numbers for figures and tables, in the order in which a reader of paper meets them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import count

from pactwork.brief.forms.document import Block, Document, Figure, Heading, Item, Listing, Panels, Table


def number_captions(document: Document) -> Document:
    """Return the document with its figures and its tables numbered from one, the annex going on with the counts.

    Headings are put right too: none is more than one level below the one before it, as readers' programs expect.
    """
    figures, tables, last = count(1), count(1), 0

    def number(blocks: Iterable[Block]) -> tuple[Block, ...]:
        return tuple(place(one) for one in blocks)

    def place(block: Block) -> Block:
        nonlocal last
        if isinstance(block, Heading):
            last = min(block.level, last + 1)
            return replace(block, level=last)
        if isinstance(block, Table):
            return replace(block, number=next(tables))
        if isinstance(block, Figure):
            return replace(block, number=next(figures), blocks=number(block.blocks))
        if isinstance(block, Panels):
            made = number(block.figures)
            return Panels(tuple(one for one in made if isinstance(one, Figure)))
        if isinstance(block, Listing):
            return replace(block, items=tuple(Item(number(one.blocks), one.anchors) for one in block.items))
        return block

    return replace(document, front=number(document.front), answer=number(document.answer), body=number(document.body),
                   annex=number(document.annex))  # fmt: skip
