"""The Word file as its reader meets it: real headings, captions, alternative texts, links, and the page's numbers."""

import io
import json
import re
import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from pactwork.brief import write_brief
from pactwork.brief.forms.document import Figure, Heading, plain
from pactwork.brief.forms.reading_page import read_page
from pactwork.brief.forms.word import write_word
from pactwork.brief.forms.word_parts import fit
from pactwork.facts.case import load_case


@pytest.fixture(scope="module")
def opened(written):
    return docx.Document(written.word)


@pytest.fixture(scope="module")
def document(written):
    return read_page(written.path.read_text("utf-8"))


def text_of(opened):
    """Return all text of the body, that of fields and links included."""
    return "".join(
        "\n" if node.tag == qn("w:p") else node.text or "" for node in opened.element.body.iter(qn("w:t"), qn("w:p"))
    )


def squeeze(text):
    return re.sub(r"\s+", "", text)


def test_headings_have_heading_styles_in_the_order_of_the_page(opened, document):
    found = [
        (one.style.name, " ".join(one.text.split()))
        for one in opened.paragraphs
        if one.style.name.startswith("Heading")
    ]
    held = [(f"Heading {min(one.level, 4)}", plain(one.runs)) for one in document.walk() if isinstance(one, Heading)]
    assert [(style, squeeze(text)) for style, text in found] == [(style, squeeze(text)) for style, text in held]
    assert len(found) > 30


def test_the_contents_are_a_field_whose_entries_lead_to_the_headings(opened):
    codes = [one.text for one in opened.element.body.iter(qn("w:instrText"))]
    assert [code.split()[0] for code in codes] == ["TOC"]
    entries = [one for one in opened.paragraphs if one.style.name in ("toc 1", "toc 2")]
    heads = [one for one in opened.paragraphs if one.style.name in ("Heading 1", "Heading 2")]
    assert [squeeze(one.text) for one in entries] == [squeeze(one.text) for one in heads]
    kinds = [one.get(qn("w:fldCharType")) for one in opened.element.body.iter(qn("w:fldChar"))]
    assert kinds == ["begin", "separate", "end"]


def test_every_link_within_leads_to_a_bookmark_that_stands_once(opened):
    names = [one.get(qn("w:name")) for one in opened.element.body.iter(qn("w:bookmarkStart"))]
    goals = {one.get(qn("w:anchor")) for one in opened.element.body.iter(qn("w:hyperlink"))} - {None}
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[A-Za-z_]\w{0,39}", one) for one in names)
    assert goals <= set(names)
    assert len(goals) > 100


def test_bookmarks_of_long_and_of_repeated_names_stand_once():
    long = "a-name-much-longer-than-word-allows-"
    html = '<html lang="en"><main><header class="masthead"><h1>T</h1></header><section id="s"><h2>S</h2>'
    for name in (f"{long}1", f"{long}2", "twice", "twice"):
        html += f'<h3 id="{name}">{name}</h3><p><a href="#{name}">there</a></p>'
    opened = docx.Document(io.BytesIO(write_word(read_page(html + "</section></main></html>"), {})))
    names = [one.get(qn("w:name")) for one in opened.element.body.iter(qn("w:bookmarkStart"))]
    goals = [one.get(qn("w:anchor")) for one in opened.element.body.iter(qn("w:hyperlink"))]
    own = [one for one in names if not one.startswith("_Toc")]
    assert len(own) == len(set(own)) == 3
    assert all(re.fullmatch(r"[A-Za-z_]\w{0,39}", one) for one in names)
    assert [one for one in goals if not one.startswith("_Toc")] == [*own, own[2]]


def test_a_tag_says_where_its_number_comes_from(opened):
    links = [one for one in opened.element.body.iter(qn("w:hyperlink")) if "grade" in (one.get(qn("w:tooltip")) or "")]
    assert len(links) > 500
    assert re.fullmatch(r"[A-F][1-6]?·\d+", "".join(one.text for one in links[0].iter(qn("w:t"))))


def test_every_picture_has_words_and_a_numbered_caption(opened, document):
    figures = [one for one in document.walk() if isinstance(one, Figure)]
    pictures = [one._inline.docPr for one in opened.inline_shapes]
    assert [one.get("descr") for one in pictures] == [one.alt for one in figures]
    captions = [one for one in opened.paragraphs if one.style.name == "Caption"]
    for caption, figure in zip(captions, figures, strict=True):
        text = "".join(one.text for one in caption._p.iter(qn("w:t")))
        assert text == f"Figure {figure.number}. {figure.heading}"
        assert caption._p.find(qn("w:fldSimple")).get(qn("w:instr")).split()[:2] == ["SEQ", "Figure"]


def test_tables_have_captions_repeat_their_header_and_fit_the_page(opened, document):
    section = opened.sections[0]
    room = (section.page_width - section.left_margin - section.right_margin) / 635  # twentieths of a point
    assert len(opened.tables) == len(document.tables)
    for table, held in zip(opened.tables, document.tables, strict=True):
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert sum(int(one.get(qn("w:w"))) for one in table._tbl.tblGrid) <= room + len(held.header)
        assert len(table._tbl.tr_lst) == 1 + len(held.rows)


def test_the_answer_and_the_table_of_systems_are_those_of_the_json(written, opened):
    text = squeeze(text_of(opened))
    numbers = {number for line in json.loads(written.numbers.read_text("utf-8"))["answer"]
               for number in re.findall(r"\d[\d.,]*\d|\d", line)}  # fmt: skip
    assert {one for one in numbers if one not in text} == set()
    for wanted in ("62of180K2(34%)", "108of364K9(30%)", "46of290K239(16%)", "12of48FA-50(25%)"):
        assert wanted in text


def test_it_says_what_it_is_and_knows_no_clock(written, opened):
    known = opened.core_properties
    assert known.title.startswith("Poland – South Korea")
    assert known.created.date().isoformat() == known.modified.date().isoformat() == "2024-10-31"
    assert (opened.sections[0].page_width.cm, opened.sections[0].page_height.cm) == (
        pytest.approx(21, 0.01),
        pytest.approx(29.7, 0.01),
    )
    with zipfile.ZipFile(written.word) as archive:
        assert {one.date_time for one in archive.infolist()} == {(2024, 10, 31, 0, 0, 0)}
        assert "docProps/thumbnail.jpeg" not in archive.namelist()
    assert {"PAGE", "NUMPAGES"} == {
        one.get(qn("w:instr")).strip() for one in opened.sections[0].footer._element.iter(qn("w:fldSimple"))
    }


def test_hostile_text_is_text(hostile):
    opened = docx.Document(hostile.brief.word)
    text = text_of(opened)
    assert hostile.signs in text
    assert "\u202e" not in text
    targets = {one.target_ref for one in opened.part.rels.values() if one.is_external}
    assert targets == {"https://example.org/?a=1&b=<script>"}
    codes = {one.get(qn("w:instr")).split()[0] for one in opened.element.body.iter(qn("w:fldSimple"))}
    assert codes <= {"SEQ"}


def test_what_xml_cannot_hold_is_left_out():
    assert fit("a\x00\x08b\x1f\ufffe\tc") == "ab\tc"


def test_the_same_case_gives_the_same_bytes(make_case, tmp_path):
    ledger = load_case(make_case())
    one, two = (write_brief(ledger, tmp_path / name, forms=("docx",)).word.read_bytes() for name in ("one", "two"))
    assert one == two
