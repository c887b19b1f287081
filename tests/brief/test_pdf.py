"""The PDF as a reader meets it: headings, words for pictures, the numbers of the page, and nothing that runs."""

import json
import re

import pytest
from pdfminer.high_level import extract_text
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1

from pactwork.brief import write_brief
from pactwork.brief.forms.document import Figure, Heading, plain
from pactwork.brief.forms.letters import find_missing, write_out
from pactwork.brief.forms.pdf import breakable, write_pdf
from pactwork.brief.forms.reading_page import read_page
from pactwork.errors import CaseError
from pactwork.facts.case import load_case

MARGIN = 56  # points; the page's is 59.5, and a line may end with a space


@pytest.fixture(scope="module")
def opened(written):
    with written.pdf.open("rb") as file:
        yield PDFDocument(PDFParser(file))


@pytest.fixture(scope="module")
def document(written):
    return read_page(written.path.read_text("utf-8"))


def objects_of(opened):
    for xref in opened.xrefs:
        for number in xref.get_objids():
            yield opened.getobj(number)


def squeeze(text):
    return re.sub(r"\s+", "", text.replace("\u200b", ""))


def test_it_is_tagged_and_says_what_it_is(opened):
    catalog = opened.catalog
    assert catalog["Lang"] in (b"en", "en")
    assert resolve1(catalog["MarkInfo"])["Marked"] is True
    assert b"pdfuaid" in resolve1(catalog["Metadata"]).get_data()
    assert (
        opened.info[0]["Title"]
        .decode("utf-16" if opened.info[0]["Title"][:2] == b"\xfe\xff" else "utf-8")
        .startswith("Poland")
    )
    assert opened.info[0]["CreationDate"].startswith(b"D:20241031")


def test_bookmarks_are_the_headings_in_order(opened, document):
    marks = [(level, " ".join(title.split())) for level, title, *_ in opened.get_outlines()]
    held = [plain(one.runs) for one in document.walk() if isinstance(one, Heading)]
    assert [squeeze(title) for _, title in marks] == [squeeze(one) for one in held]


def test_every_picture_has_words(opened, document):
    alts = [
        one["Alt"]
        for one in objects_of(opened)
        if isinstance(one, dict) and "Alt" in one and str(one.get("S")) == "/'Figure'"
    ]
    figures = [one for one in document.walk() if isinstance(one, Figure)]
    assert len(alts) == len(figures) > 10
    assert all(len(one) > 20 for one in alts)


def test_figures_and_tables_are_numbered(pdf_of_bundled, document):
    text = squeeze(pdf_of_bundled.text)
    for one in document.walk():
        if isinstance(one, Figure):
            assert squeeze(f"Figure {one.number}. {one.heading}") in text
    for one in document.tables:
        assert f"Table{one.number}." in text


def test_the_answer_and_the_table_of_systems_are_those_of_the_json(written, pdf_of_bundled, page_of_bundled):
    text = squeeze(pdf_of_bundled.text)
    numbers = {number for line in json.loads(written.numbers.read_text("utf-8"))["answer"]
               for number in re.findall(r"\d[\d.,]*\d|\d", line)}  # fmt: skip
    assert len(numbers) > 30
    assert {one for one in numbers if one not in text} == set()
    for row in page_of_bundled.select("table.systems tbody tr:first-child"):
        assert squeeze(row.th.get_text()) in text
    for wanted in ("62of180K2(34%)", "108of364K9(30%)", "46of290K239(16%)", "12of48FA-50(25%)"):
        assert wanted in text


@pytest.mark.parametrize("which", ["pdf_of_bundled", "pdf_of_hostile"])
def test_no_line_leaves_the_page(request, which):
    lines = request.getfixturevalue(which).lines
    assert len(lines) > 50
    assert [line for line in lines if line[1] < MARGIN or line[2] > line[3] - MARGIN] == []


def test_hostile_text_is_text(hostile, pdf_of_hostile):
    assert squeeze(hostile.signs) in squeeze(pdf_of_hostile.text)
    assert "\u202e" not in pdf_of_hostile.text
    assert "żółć" in pdf_of_hostile.text
    with hostile.brief.pdf.open("rb") as file:
        opened = PDFDocument(PDFParser(file))
        actions = [resolve1(one["A"]) for one in objects_of(opened) if isinstance(one, dict) and "A" in one]
        assert {bytes(one["URI"]) for one in actions if "URI" in one} == {b"https://example.org/?a=1&b=<script>"}
        assert not any("JS" in one or "JavaScript" in one for one in objects_of(opened) if isinstance(one, dict))


def test_the_same_case_gives_the_same_bytes(make_case, tmp_path):
    ledger = load_case(make_case())
    one, two = (write_brief(ledger, tmp_path / name, forms=("pdf",)).pdf.read_bytes() for name in ("one", "two"))
    assert one == two


def test_letters_without_a_font_are_written_out_and_the_pdf_says_so(make_case, tmp_path, tiny, monkeypatch):
    import typst

    real = typst.Fonts
    monkeypatch.setattr(typst, "Fonts", lambda: real(include_system_fonts=False))
    assert find_missing("Zażółć Ελλάς Киев עברית 서울", typst.Fonts()) == frozenset("서울")
    systems = tiny["systems"].replace("t1,T1,", "t1,대한민국 T1,")
    made = write_brief(load_case(make_case(systems=systems)), tmp_path / "out", forms=())
    (tmp_path / "it.pdf").write_bytes(write_pdf(read_page(made.path.read_text("utf-8")), {}))
    text = extract_text(tmp_path / "it.pdf")
    assert "[dae-han-min-gug]" in text
    assert "no font are written out by sound" in " ".join(text.split())


def test_what_does_not_meet_the_standard_is_still_a_tagged_pdf(monkeypatch):
    import typst

    real, asked = typst.compile, []

    def refuse(files, **options):
        asked.append(options.get("pdf_standards"))
        if options.get("pdf_standards"):
            raise typst.TypstError("PDF/UA-1 error: something")
        return real(files, **options)

    monkeypatch.setattr(typst, "compile", refuse)
    html = (
        '<html lang="en"><main><header class="masthead"><h1>T</h1></header><section><h2>S</h2></section></main></html>'
    )
    assert b"/StructTreeRoot" in write_pdf(read_page(html), {})
    assert asked == [["ua-1"], None]


def test_what_cannot_be_set_is_a_problem_and_no_traceback(monkeypatch):
    import typst

    def refuse(files, **options):
        raise typst.TypstError("no way")

    monkeypatch.setattr(typst, "compile", refuse)
    html = (
        '<html lang="en"><main><header class="masthead"><h1>T</h1></header><section><h2>S</h2></section></main></html>'
    )
    with pytest.raises(CaseError) as caught:
        write_pdf(read_page(html), {})
    assert caught.value.problems[0].where == "brief.pdf"
    assert "no way" in caught.value.problems[0].found


def test_what_has_no_sound_is_written_by_number():
    assert write_out("a漢b", frozenset("漢")) == "a[U+6F22]b"
    assert write_out("a漢b", frozenset()) == "a漢b"


def test_only_words_too_long_for_a_line_may_be_broken():
    assert breakable("An ordinary sentence with 1,234 items.") == "An ordinary sentence with 1,234 items."
    address = "https://example.org/a-long-path/to-something?with=parameters"
    assert breakable(address).replace("\u200b", "") == address
    assert max(len(one) for one in breakable("x" * 300).split("\u200b")) <= 12
