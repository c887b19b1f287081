"""How the Word file looks: styles that its reader can change in one place, the page, header and footer."""

from __future__ import annotations

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from pactwork.brief.forms.document import Document
from pactwork.brief.forms.word_parts import ACCENT, INK, MUTED, WASH, element, make_borders, make_field, make_run
from pactwork.brief.words import say

BODY, HEAD, EAST, OTHER = "Calibri", "Calibri", "Malgun Gothic", "Arial"
"""Fonts of Word; the third has Korean letters, the last Hebrew and Arabic ones."""
TEXT_WIDTH_CM = 16.8
_LOCALES = {"en": "en-GB", "pl": "pl-PL", "ko": "ko-KR"}


def lay_out(made: Any, document: Document) -> None:
    """Set the page, the styles, the language, and what stands at the top and the bottom of each page."""
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm((21.0 - TEXT_WIDTH_CM) / 2)
    section.top_margin, section.bottom_margin = Cm(2.3), Cm(2.1)
    section.header_distance = section.footer_distance = Cm(1.1)
    _set_styles(made, _LOCALES.get(document.language, document.language))
    head = section.header.paragraphs[0]._p
    for child in list(head):
        head.remove(child)
    head.append(element("pPr", None, element("pStyle", {"val": "Header"})))
    head.append(make_run(f"{document.title} · {say('forms.as_of', day=document.day)}", colour=MUTED))
    foot = section.footer.paragraphs[0]._p
    for child in list(foot):
        foot.remove(child)
    foot.append(element("pPr", None, element("pStyle", {"val": "Footer"}), element("jc", {"val": "center"})))
    before, between, after = say("forms.page", page="\0", pages="\0").split("\0")
    parts = (make_run(before), make_field("PAGE", "1"), make_run(between), make_field("NUMPAGES", "1"), make_run(after))
    for part in parts:
        foot.append(part)


def _set_styles(made: Any, locale: str) -> None:
    styles = made.styles
    defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for old in defaults.findall(qn("w:lang")):
        defaults.remove(old)
    defaults.append(element("lang", {"val": locale, "eastAsia": "ko-KR", "bidi": "he-IL"}))
    _shape(styles["Normal"], 10.5, after=6, line=1.15)
    _shape(styles["Title"], 24, bold=True, after=6)
    for spacing in styles["Subtitle"].element.rPr.findall(qn("w:spacing")):
        spacing.getparent().remove(spacing)
    for border in styles["Title"].element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)
    _shape(styles["Subtitle"], 12.5, after=8)
    for level, size in ((1, 17), (2, 13.5), (3, 11.5), (4, 10.5)):
        style = styles[f"Heading {level}"]
        _shape(style, size, bold=True, before=22 - 4 * level, after=5, colour=ACCENT if level == 1 else INK)
    _shape(styles["Caption"], 9, after=8, colour=INK)
    styles["Caption"].font.bold = False
    for name in ("List Bullet", "List Number", "List Continue"):
        _shape(styles[name], 10.5, after=3, line=1.1)
    for name in ("Header", "Footer"):
        _shape(styles[name], 8, colour=MUTED)
    for name, base, size in (("Aside", "Normal", 9.5), ("Cell", "Normal", 8.5), ("Dense Cell", "Normal", 7.5),
                             ("Source", "List Number", 8.5), ("Source Line", "List Continue", 8.5),
                             ("toc 1", "Normal", 10.5), ("toc 2", "Normal", 9.5), ("Note", "Normal", 9.5),
                             ("Table Caption", "Caption", 9), ("Contents", "Normal", 17)):  # fmt: skip
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name.startswith("toc"))
        style.base_style = styles[base]
        _shape(style, size, after=1.5 if "Cell" in name or "Source" in name or "toc" in name else 6,
               before=5 if name in ("toc 1", "Source") else 8 if name == "Table Caption" else 0,
               line=1.0 if "Cell" in name or "Source" in name else 1.1,
               colour=MUTED if name == "Aside" else INK, bold=name in ("toc 1", "Contents") or None)  # fmt: skip
    styles["Table Caption"].paragraph_format.keep_with_next = True
    styles["toc 2"].paragraph_format.left_indent = Cm(0.6)
    note = styles["Note"].element.get_or_add_pPr()
    edges = dict.fromkeys(("top", "left", "bottom", "right"), ("single", 24, WASH))
    note.insert(0, make_borders("pBdr", **edges))
    note.insert(1, element("shd", {"val": "clear", "color": "auto", "fill": WASH}))
    tag = styles.add_style("Source Tag", WD_STYLE_TYPE.CHARACTER)
    tag.font.superscript, tag.font.color.rgb = True, RGBColor.from_string(MUTED)
    tag.font.size = Pt(10)  # what is raised is shown at six tenths of its size


def _shape(
    style: Any, size: float, *, before: float = 0, after: float = 0, line: float = 1.1, colour: str = INK,
    bold: bool | None = None,
) -> None:  # fmt: skip
    font, form = style.font, style.paragraph_format
    font.size, font.color.rgb, font.italic = Pt(size), RGBColor.from_string(colour), False
    if bold is not None:
        font.bold = bold
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]  # the template's theme would win over the names
    for slot, name in (("ascii", BODY), ("hAnsi", BODY), ("eastAsia", EAST), ("cs", OTHER)):
        fonts.set(qn(f"w:{slot}"), name)
    form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(after), line
