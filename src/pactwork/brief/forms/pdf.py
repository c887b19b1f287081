"""The brief as PDF: the tree as data for a typst template that never takes text for markup."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from importlib import resources
from typing import Any

from pactwork.brief.drawing import Picture
from pactwork.brief.forms.document import (
    Block,
    Cell,
    Document,
    Figure,
    Heading,
    Listing,
    Panels,
    Paragraph,
    Run,
    Runs,
    Table,
    is_dense,
    spread_columns,
    stays,
)
from pactwork.brief.forms.letters import find_missing, write_out
from pactwork.brief.words import say
from pactwork.errors import CaseError, Problem, quoted

_LONGEST, _PIECE = 24, 12
"""A word longer than this may be broken, after so many letters each."""
_BREAK = "\u200b"


def write_pdf(document: Document, pictures: Mapping[str, Picture]) -> bytes:
    """Return the brief as PDF/UA-1: tagged, with a title, a language, bookmarks, and words for every picture.

    Raises
    ------
    CaseError
        When typst cannot set it.

    Notes
    -----
    The text goes to typst as JSON and is put on the page as strings, so that no sign in it is markup. Charts stay
    vectors. Fonts are those that typst brings; letters that it lacks come from the machine's, and what no font here
    has is written out by sound. Nothing is fetched, and the time of making is the case's day: same input, same bytes.
    """
    import typst  # late: only a brief needs it

    fonts = typst.Fonts()
    files = {"main.typ": _template(), **{f"{name}.svg": one.svg.encode() for name, one in _name(pictures).items()}}
    tree = json.dumps(_Tree(document, pictures).build(), ensure_ascii=False)
    missing = find_missing(tree + "".join(one.svg for one in pictures.values()), fonts)
    if missing:
        files = {name: write_out(data.decode(), missing).encode() for name, data in files.items()}
        files["main.typ"] = _template()
        tree = write_out(tree, missing)
    shown = json.loads(tree)
    shown["warning"] = say("forms.written_out") if missing else ""
    files["document.json"] = json.dumps(shown, ensure_ascii=False).encode()
    day = dt.datetime.combine(dt.date.fromisoformat(document.iso_day), dt.time(), dt.UTC)
    return _compile(files, fonts, day)


def _compile(files: Mapping[str, bytes], fonts: Any, day: dt.datetime) -> bytes:
    """Return the PDF; without the standard's name, but tagged, where something in a case does not meet the standard."""
    import typst

    compile_files: Any = typst.compile  # its declaration leaves out that files may come as a mapping
    options = {"font_paths": fonts, "format": "pdf", "timestamp": day}
    try:
        return bytes(compile_files(files, pdf_standards=["ua-1"], **options))
    except typst.TypstError:
        try:
            return bytes(compile_files(files, **options))
        except typst.TypstError as error:
            raise CaseError([Problem("brief.pdf", quoted(str(error)), "text that can be set", "leave the PDF out, "
                                     "and tell us of this case")]) from error  # fmt: skip


def _template() -> bytes:
    return resources.files("pactwork.brief.forms").joinpath("brief.typ").read_bytes()


def _name(pictures: Mapping[str, Picture]) -> dict[str, Picture]:
    """Return pictures under names that are safe as names of files."""
    return {f"chart-{at}": one for at, one in enumerate(pictures.values())}


class _Tree:
    """Turns the document into plain values for the template; keeps only the links that have a target."""

    def __init__(self, document: Document, pictures: Mapping[str, Picture]) -> None:
        self.document = document
        self.files = {name: f"chart-{at}.svg" for at, name in enumerate(pictures)}
        self.sizes = {name: read_size(one.svg) for name, one in pictures.items()}
        self.free = {name for block in document.walk() for name in _list_anchors(block)}
        self.known = frozenset(self.free)

    def build(self) -> dict[str, Any]:
        one = self.document
        year, month, day = (int(part) for part in one.iso_day.split("-"))
        return {
            "title": breakable(one.title), "plain_title": one.title, "language": one.language, "eyebrow": one.eyebrow,
            "deck": breakable(one.deck), "date": [year, month, day], "as_of": say("forms.as_of", day=one.day),
            "contents": say("forms.contents"), "page": say("forms.page", page="\0", pages="\0").split("\0"),
            "generator": one.generator,
            **{part: self._blocks(getattr(one, part)) for part in ("front", "answer", "body", "annex")},
        }  # fmt: skip

    def _anchors(self, names: tuple[str, ...]) -> list[str]:
        """Return the names that are not yet given away: a target stands once."""
        taken = [one for one in dict.fromkeys(names) if one in self.free]
        self.free -= {*taken}
        return taken

    def _blocks(self, blocks: tuple[Block, ...]) -> list[dict[str, Any]]:
        """Return blocks; a short paragraph before a table or a figure stays with it."""
        made = [self._block(one) for one in blocks]
        for one, block, following in zip(made, blocks, blocks[1:], strict=False):
            if one["is"] == "paragraph":
                one["keep"] = stays(block, following)
        return made

    def _block(self, block: Block) -> dict[str, Any]:
        if isinstance(block, Heading):
            return {"is": "heading", "level": block.level, "runs": self._runs(block.runs),
                    "anchors": self._anchors(block.anchors)}  # fmt: skip
        if isinstance(block, Paragraph):
            return {"is": "paragraph", "kind": block.kind, "keep": False, "runs": self._runs(block.runs),
                    "anchors": self._anchors(block.anchors)}  # fmt: skip
        if isinstance(block, Listing):
            items = [{"anchors": self._anchors(one.anchors), "blocks": self._blocks(one.blocks)} for one in block.items]
            return {"is": "list", "kind": block.kind, "items": items, "anchors": self._anchors(block.anchors)}
        if isinstance(block, Table):
            return self._table(block)
        if isinstance(block, Figure):
            return self._figure(block)
        return {"is": "panels", "figures": [self._figure(one) for one in block.figures]}

    def _figure(self, block: Figure) -> dict[str, Any]:
        return {
            "is": "figure", "file": self.files.get(block.picture, ""), "alt": block.alt or block.title,
            "caption": breakable(say("forms.figure", number=str(block.number), title=block.heading)),
            "width": 0.75 * self.sizes.get(block.picture, (0, 0))[0],  # points, three quarters of its pixels
            "height": 0.75 * self.sizes.get(block.picture, (0, 0))[1],
            "blocks": self._blocks(block.blocks), "anchors": self._anchors(block.anchors),
        }  # fmt: skip

    def _table(self, block: Table) -> dict[str, Any]:
        before, after = say("forms.table", number=str(block.number), title="\0").split("\0")
        caption = [{"t": before, "b": True}, *self._runs(block.caption), {"t": after}]
        return {
            "is": "table", "caption": caption, "dense": is_dense(block), "widths": spread_columns(block),
            "label": block.label,
            "header": [self._cell(one) for one in block.header],
            "rows": [[self._cell(one) for one in _fill(row, block.columns)] for row in block.rows],
            "anchors": self._anchors(block.anchors),
        }  # fmt: skip

    def _cell(self, cell: Cell) -> dict[str, Any]:
        return {"lines": [self._runs(one.runs) for one in cell.blocks], "heads": cell.heads, "number": cell.number,
                "depth": cell.depth}  # fmt: skip

    def _runs(self, runs: Runs) -> list[dict[str, Any]]:
        return [self._run(one) for one in runs]

    def _run(self, run: Run) -> dict[str, Any]:
        made: dict[str, Any] = {"t": breakable(run.text)}
        if run.kind in ("tag", "judged"):
            made["n"] = self.document.sources.get(run.link[1:], 0)
        link = run.link if not run.link.startswith("#") or run.link[1:] in self.known else ""
        looks = {"b": run.bold, "i": run.italic, "m": run.muted, "k": run.kind, "l": link}
        return made | {key: value for key, value in looks.items() if value}


def _fill(row: tuple[Cell, ...], columns: int) -> tuple[Cell, ...]:
    return (*row, *(Cell(()) for _ in range(columns - len(row))))


def _list_anchors(block: Block) -> tuple[str, ...]:
    if isinstance(block, Panels):
        return ()
    inner = tuple(name for item in block.items for name in item.anchors) if isinstance(block, Listing) else ()
    return (*block.anchors, *inner)


def read_size(svg: str) -> tuple[float, float]:
    """Return a chart's own width and height in pixels."""
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    return (float(found[1]), float(found[2])) if found else (1.0, 1.0)


def breakable(text: str) -> str:
    """Return text in which words too long for a line may be broken, addresses after their signs.

    Examples
    --------
    >>> breakable("short words stay").count(_BREAK)
    0
    >>> breakable("W" * 30).split(_BREAK)
    ['WWWWWWWWWWWW', 'WWWWWWWWWWWW', 'WWWWWW']
    """

    def split(found: re.Match[str]) -> str:
        parts = re.split(r"(?<=[/&?=_.-])", found[0])
        return _BREAK.join(_BREAK.join(part[at : at + _PIECE] for at in range(0, len(part), _PIECE)) if
                           len(part) > _LONGEST else part for part in parts if part)  # fmt: skip

    return re.sub(rf"\S{{{_LONGEST + 1},}}", split, text)
