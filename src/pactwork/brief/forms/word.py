"""The brief as a Word file: real headings, lists, captions and tables that its reader can go on working with."""

from __future__ import annotations

import copy
import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

import docx
from docx.oxml.ns import qn
from docx.oxml.shape import CT_Inline
from docx.shared import Emu

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
    Table,
    is_dense,
    plain,
    spread_columns,
    stays,
)
from pactwork.brief.forms.pdf import read_size
from pactwork.brief.forms.word_lines import Lines
from pactwork.brief.forms.word_parts import MUTED, RULE, element, fit, make_borders, make_field, make_run
from pactwork.brief.forms.word_styles import TEXT_WIDTH_CM, lay_out
from pactwork.brief.words import say

_TALLEST_CM = 13.0
_EMU = 360_000
"""English metric units in a centimetre."""


def write_word(document: Document, pictures: Mapping[str, Picture]) -> bytes:
    """Return the brief as a Word file (OOXML).

    Notes
    -----
    Headings, lists, captions (with numbers that are fields) and tables are Word's own; pictures have alternative
    texts; tags are links to the list of sources, with what the page says of them as a tip. The contents are links
    without page numbers: nothing but Word itself can count its pages, and it asks before it does. No clock enters it.
    """
    made = docx.Document()
    lay_out(made, document)
    writer = _Writer(made, document, pictures)
    writer.write()
    day = dt.datetime.combine(dt.date.fromisoformat(document.iso_day), dt.time())
    known = made.core_properties
    known.title, known.author, known.last_modified_by = document.title[:255], document.generator, document.generator
    known.created = known.modified = day
    known.language, known.comments, known.revision = document.language, document.eyebrow[:255], 1
    package = made.part.package
    for key in [key for key, one in package.rels.items() if one.reltype.endswith("/thumbnail")]:
        del package.rels[key]
    stream = io.BytesIO()
    made.save(stream)
    return _freeze(stream.getvalue(), day)


def _freeze(data: bytes, day: dt.datetime) -> bytes:
    """Return the same archive with every file dated on the case's day."""
    stamp = (max(day.year, 1980), day.month, day.day, 0, 0, 0)
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, stamp)
            info.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            new.writestr(info, old.read(name))
    return stream.getvalue()


class _Writer:
    """Writes the tree into an open Word file."""

    def __init__(self, made: Any, document: Document, pictures: Mapping[str, Picture]) -> None:
        self.made, self.document, self.pictures = made, document, pictures
        self.body = made.element.body
        self.end = self.body.sectPr
        styles = {style.name: style.style_id for style in made.styles}
        self.lines = Lines(document, made.part, styles)
        self.contents: list[tuple[int, str, str]] = []

    def write(self) -> None:
        """Write everything."""
        one = self.document
        if one.eyebrow:
            self._add(self.lines.make_paragraph((Run(one.eyebrow),), "Aside"))
        self._add(self.lines.make_paragraph((Run(one.title),), "Title"))
        if one.deck:
            self._add(self.lines.make_paragraph((Run(one.deck),), "Subtitle"))
        self._blocks((*one.front, *one.answer))
        place = len(self.body) - 1
        self._blocks(one.body)
        first = len(self.body) - 1
        self._blocks(one.annex)
        self._write_contents(place)
        for at in (place, place + len(self.contents) + 1, first + len(self.contents) + 1):
            self._break_before(self.body[at])

    def _break_before(self, node: Any) -> None:
        """Begin a page with a paragraph."""
        if node.tag.endswith("}p"):
            node.pPr.insert(1, element("pageBreakBefore"))

    def _add(self, *elements: Any) -> None:
        for one in elements:
            self.end.addprevious(one)

    def _write_contents(self, place: int) -> None:
        """Put the contents after the answer: a field with its entries already there."""
        entries = []
        title = self.lines.make_paragraph((Run(say("forms.contents")),), "Contents")
        start = element("r", None, element("fldChar", {"fldCharType": "begin"}))
        code = element("instrText")
        code.text = ' TOC \\o "1-2" \\n \\h \\z \\u '
        between = element("r", None, element("fldChar", {"fldCharType": "separate"}))
        for at, (level, text, mark) in enumerate(self.contents):
            line = self.lines.make_paragraph((), f"toc {level}")
            if not at:
                line.extend([start, element("r", None, code), between])
            line.append(element("hyperlink", {"anchor": mark, "history": "1"}, make_run(text)))
            entries.append(line)
        if entries:
            entries[-1].append(element("r", None, element("fldChar", {"fldCharType": "end"})))
        for at, one in enumerate([title, *entries]):
            self.body.insert(place + at, one)

    def _blocks(self, blocks: Iterable[Block], *, first: str = "", later: str = "", number: int = 0) -> None:
        """Write blocks; in a list the first has the style of an item, the others that of what goes on."""
        held = list(blocks)
        for at, block in enumerate(held):
            style = later if at else first
            if isinstance(block, Heading):
                self._heading(block)
            elif isinstance(block, Paragraph):
                named = style or {"aside": "Aside", "note": "Note"}.get(block.kind, "Normal")
                muted = block.kind == "aside" and bool(style)
                made = self.lines.make_paragraph(block.runs, named, anchors=block.anchors, muted=muted)
                if stays(block, held[at + 1] if at + 1 < len(held) else None):
                    made.pPr.append(element("keepNext"))
                if number and not at:
                    self._number(made, number)
                self._add(made)
            elif isinstance(block, Listing):
                self._listing(block)
            elif isinstance(block, Table):
                self._table(block)
            elif isinstance(block, Figure):
                self._figure(block)
            elif isinstance(block, Panels):
                self._blocks(block.figures)

    def _heading(self, block: Heading) -> None:
        made = self.lines.make_paragraph(
            block.runs, f"Heading {min(block.level, 4)}", anchors=block.anchors, looks=False
        )
        if block.level <= 2:
            mark = f"_Toc{len(self.contents) + 1:08d}"
            self.lines.mark(made, mark)
            self.contents.append((block.level, plain(block.runs), mark))
        self._add(made)

    def _listing(self, block: Listing) -> None:
        first, later = {"plain": ("List Bullet", "List Continue"), "numbered": ("List Number", "List Continue"),
                        "sources": ("Source", "Source Line")}[block.kind]  # fmt: skip
        number = 0 if block.kind == "plain" else self._new_numbers()
        cited = block.kind == "sources"
        if cited:
            self._end_section(1)
        for item in block.items:
            at = len(self.body) - 1
            self._blocks(item.blocks, first=first, later=later, number=number)
            if item.anchors and len(self.body) - 1 > at and self.body[at].tag.endswith("}p"):
                self.lines.mark_all(self.body[at], item.anchors)

        if cited:
            self._end_section(2)

    def _end_section(self, columns: int) -> None:
        """End a section here, whose text stands in so many columns; what follows goes on on the same page."""
        section = copy.deepcopy(self.end)
        for old in section.findall(qn("w:cols")) + section.findall(qn("w:type")):
            section.remove(old)
        place = section.find(qn("w:pgSz"))
        place.addprevious(element("type", {"val": "continuous" if columns > 1 else "nextPage"}))
        section.find(qn("w:pgMar")).addnext(element("cols", {"num": str(columns), "space": "400"}))
        self._add(
            element("p", None, element("pPr", None, element("pStyle", {"val": self.lines.styles["Cell"]}), section))
        )

    def _new_numbers(self) -> int:
        """Return a numbering of its own, which starts from one."""
        numbering = self.made.part.numbering_part.element
        style = self.made.styles["List Number"].element
        known = numbering.num_having_numId(style.pPr.numPr.numId.val).abstractNumId.val
        num = numbering.add_num(known)
        num.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(num.numId)

    def _number(self, paragraph: Any, number: int) -> None:
        paragraph.pPr.append(
            element("numPr", None, element("ilvl", {"val": "0"}), element("numId", {"val": str(number)}))
        )

    def _table(self, block: Table) -> None:
        before, between, after = say("forms.table", number="\0", title="\0").split("\0")
        caption = self.lines.make_paragraph((), "Table Caption", anchors=block.anchors)
        caption.append(make_run(before, bold=True))
        caption.append(make_field("SEQ Table \\* ARABIC", str(block.number)))
        caption.extend([make_run(between), *self.lines.make_runs(block.caption), make_run(after)])
        widths = [round(share * TEXT_WIDTH_CM * 567) for share in spread_columns(block)]
        looks = element(
            "tblPr", None, element("tblW", {"w": str(sum(widths)), "type": "dxa"}),
            make_borders("tblBorders", bottom=("single", 4, RULE),
                                    insideH=("single", 4, RULE)),
            element("tblLayout", {"type": "fixed"}),
            element("tblCellMar", None, element("left", {"w": "0", "type": "dxa"}),
                    element("right", {"w": "100", "type": "dxa"})),
            element("tblLook", {"val": "0420", "firstRow": "1", "noVBand": "1"}),
            element("tblCaption", {"val": block.label or plain(block.caption)[:200]}),
            element("tblDescription", {"val": plain(block.caption)}),
        )  # fmt: skip
        table = element(
            "tbl", None, looks, element("tblGrid", None, *(element("gridCol", {"w": str(one)}) for one in widths))
        )
        style = "Dense Cell" if is_dense(block) else "Cell"
        if block.header:
            table.append(self._row(block.header, widths, style, head=True))
        for row in block.rows:
            table.append(self._row(row, widths, style))
        self._add(caption, table, self.lines.make_paragraph((), "Cell"))

    def _row(self, cells: tuple[Cell, ...], widths: list[int], style: str, *, head: bool = False) -> Any:
        looks = element("trPr", None, element("cantSplit"), element("tblHeader") if head else None)
        row = element("tr", None, looks)
        for at, width in enumerate(widths):
            cell = cells[at] if at < len(cells) else Cell(())
            edge = make_borders("tcBorders", bottom=("single", 6, MUTED)) if head else None
            held = element("tc", None, element("tcPr", None, element("tcW", {"w": str(width), "type": "dxa"}), edge,
                                         element("vAlign", {"val": "bottom"}) if head else None))  # fmt: skip
            for one in cell.blocks or (Paragraph(()),):
                line = self.lines.make_paragraph(one.runs, style, bold=cell.heads, muted=head)
                if cell.depth:
                    line.pPr.append(element("ind", {"left": str(160 * cell.depth)}))
                if cell.number:
                    line.pPr.append(element("jc", {"val": "right"}))
                held.append(line)
            row.append(held)
        return row

    def _figure(self, block: Figure) -> None:
        picture = self.pictures.get(block.picture)
        if picture is not None:
            self._add(self._picture(block, picture))
        before, after = say("forms.figure", number="\0", title=block.heading).split("\0")
        caption = self.lines.make_paragraph((), "Caption", anchors=block.anchors)
        caption.append(make_run(before, bold=True))
        caption.append(make_field("SEQ Figure \\* ARABIC", str(block.number)))
        caption.append(make_run(after, bold=True))
        self._add(caption)
        self._blocks(block.blocks, first="Aside", later="Aside")

    def _picture(self, block: Figure, picture: Picture) -> Any:
        """Return the paragraph that holds a picture, with the words for those who do not see it."""
        width, height = read_size(picture.svg)
        cm = min(width * 0.75 * 2.54 / 72, TEXT_WIDTH_CM, _TALLEST_CM * width / height)
        key, _ = self.made.part.get_or_add_image(io.BytesIO(picture.png))
        across = Emu(round(cm * _EMU))
        shape: Any = CT_Inline.new_pic_inline(block.number, key, f"figure-{block.number}.png", across,
                                              Emu(round(across * height / width)))  # fmt: skip
        words = shape.docPr
        words.set("descr", fit(block.alt or block.title))
        words.set("title", fit(block.heading))
        words.set("name", f"Figure {block.number}")
        paragraph = self.lines.make_paragraph((), "Normal")
        paragraph.pPr.append(element("keepNext"))
        paragraph.append(element("r", None, element("drawing", None, shape)))
        return paragraph
