"""Documents: sections, numbered paragraphs, locators, and every way a file can be unusable."""

from collections import Counter
from pathlib import Path

import pytest
from fpdf import FPDF
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pactwork.errors import CaseError
from pactwork.facts.documents import read_document

BROKEN_PAGES = """INSTITUTE OF THINGS

A Report About Tanks

Anna Author

The partners have signed a contract for tanks, and the first of them

PAPER 12

have been delivered by sea, which took longer than was planned.

The second paragraph says that the yard builds four tanks a month. It is a
paragraph of two sentences that the typesetter broke
over lines.

The yard builds four tanks a month.

Outlook in Words and Figures

Deliveries will go on until 2027, as the makers say, and then repair begins.

PAPER 12

until 2027, as the makers say

What comes after that nobody knows, but the partners have begun to talk about it
"""
HTML = """<!DOCTYPE html><html><head><title>Ignored</title><style>p {top: 5px}</style></head><body>
<nav><a href="/">Home 99</a></nav><h1>Report</h1>
<div><h2>Orders <small>2022</small></h2><p>The contract is for <b>180</b> T1 tanks<br>and spare parts.</p>
<script>var hidden = 47;</script><ul><li>first 28 tanks</li><li>then 34 more tanks</li></ul>
<table><tr><th>Type</th><th>Delivered</th></tr><tr><td>T1</td><td>62</td></tr><tr><td>H2</td><td>46</td></tr></table>
<p>Loose words follow.</p>and text without a tag of its own that runs for quite a few words.</div></body></html>"""


def write(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def make_pdf(path, **encryption):
    """Two pages with running headers; the second paragraph of the second section goes over the page."""

    class Report(FPDF):
        def header(self):
            self.set_font("Helvetica", "", 8)
            self.cell(
                0, 8, f"Quarterly Report {self.page_no()}/2024, which is kept short.", new_x="LMARGIN", new_y="NEXT"
            )

        def footer(self):
            self.set_y(-15)
            self.cell(0, 8, f"Page {self.page_no()}")

    pdf = Report()
    pdf.add_page()

    def say(size, text):
        pdf.set_font("Helvetica", "B" if size > 12 else "", size)
        pdf.multi_cell(0, size / 2, text, align="J", new_x="LMARGIN", new_y="NEXT")
        pdf.ln(4)

    say(16, "Orders in Numbers")
    say(11, "The contract is for 180 T1 tanks by 2025. " + "It was signed after long talks. " * 6)
    say(11, "To date, 62 T1 tanks and 46 H2 howitzers have been delivered. " + "They came by sea and air. " * 6)
    say(16, "Outlook")
    say(11, "The yard builds on. " + "Nobody knows for how long it will. " * 100)
    say(11, "The last paragraph names 1 234 spare parts. " + "They are kept in boxes. " * 5)
    if encryption:
        pdf.set_encryption(**encryption)
    pdf.output(path)
    return path


def test_paper_is_split_into_the_paragraphs_that_its_readers_count(shared):
    document = read_document(shared / "source" / "pism-policy-paper-219.txt")
    counts = Counter(paragraph.section for paragraph in document.paragraphs)
    assert counts == {"Introduction": 3, "Development of Cooperation": 8, "Challenges": 6, "Recommendations": 6}
    holds = {
        "Introduction, para 2": ("1 November 1989", "$9.5 billion"),
        "Introduction, para 3": ("more than a thousand", "July 2023"),
        "Development of Cooperation, para 2": ("$16.6 billion", "62 K2"),
        "Development of Cooperation, para 4": ("60 of the 72",),
        "Development of Cooperation, para 6": ("10-15 years", "including a freeze"),
        "Challenges, para 3": ("55%", "13%"),
        "Challenges, para 4": ("20-year", "ambiguous stance"),
        "Recommendations, para 2": ("almost 8,000 km", "potential negative scenarios"),
    }
    for locator, texts in holds.items():
        (paragraph,) = document.find(locator)
        assert all(text in paragraph.text for text in texts), locator


def test_paper_repeats_nothing_and_keeps_no_running_header(shared):
    document = read_document(shared / "source" / "pism-policy-paper-219.txt")
    whole = " ".join(paragraph.text for paragraph in document.paragraphs)
    assert "PISM POLICY PAPER" not in whole
    assert "](" not in whole
    assert "\\$" not in whole
    sentences = Counter(part.strip() for part in whole.split(". ") if len(part) > 40)
    assert max(sentences.values()) == 1


def test_pages_headers_and_pulled_out_quotations_are_undone(tmp_path):
    document = read_document(write(tmp_path, "report.txt", BROKEN_PAGES))
    assert [paragraph.locator for paragraph in document.paragraphs] == [
        "Introduction, para 1",
        "Introduction, para 2",
        "Outlook, para 1",
        "Outlook, para 2",
    ]
    first, second, third, _ = document.paragraphs
    assert "the first of them have been delivered" in first.text
    assert second.text.count("four tanks a month") == 1
    assert third.text.endswith("then repair begins.")


def test_a_whole_paragraph_that_recurs_is_kept_once(tmp_path):
    text = (
        "# One\n\nA sentence that is long enough to be one.\n\nAnother.\n\nA sentence that is long enough to be one.\n"
    )
    document = read_document(write(tmp_path, "a.md", text))
    assert [paragraph.text for paragraph in document.paragraphs].count("A sentence that is long enough to be one.") == 1


@pytest.mark.parametrize(
    ("locator", "found"),
    [
        ("Introduction, para 1", ["Introduction, para 1"]),
        ("introduction, paragraph 2", ["Introduction, para 2"]),
        ("Introduction, paras 1-2", ["Introduction, para 1", "Introduction, para 2"]),
        ("Outlook in Words, para 1", ["Outlook, para 1"]),
        ("outlook, para. 2", ["Outlook, para 2"]),
        ("Outlook", ["Outlook, heading", "Outlook, para 1", "Outlook, para 2"]),
        (
            "Introduction, para 1; Outlook, paras 1 and 2",
            ["Introduction, para 1", "Outlook, para 1", "Outlook, para 2"],
        ),
        ("Outlook, para 3", []),
        ("Out, para 1", []),
        ("Summary", []),
        ("table 1", []),
        ("", []),
    ],
)
def test_locators(tmp_path, locator, found):
    document = read_document(write(tmp_path, "report.txt", BROKEN_PAGES))
    assert [paragraph.locator for paragraph in document.find(locator)] == found


def test_every_paragraph_is_found_again_by_its_own_locator(shared):
    document = read_document(shared / "source" / "pism-policy-paper-219.txt")
    for paragraph in document.paragraphs:
        assert document.find(paragraph.locator) == (paragraph,)


def test_introduction_is_the_first_section_where_no_heading_is_so_called(tmp_path):
    document = read_document(write(tmp_path, "a.md", "# Background\n\nFirst words, which tell what was.\n"))
    assert [each.locator for each in document.find("Introduction, para 1")] == ["Background, para 1"]


def test_a_heading_called_introduction_wins_over_the_first_section(tmp_path):
    text = "# Summary\n\nFirst words, which sum it up.\n\n# Introduction\n\nSecond words, which introduce it.\n"
    document = read_document(write(tmp_path, "a.md", text))
    assert document.find("Introduction, para 1")[0].text == "Second words, which introduce it."
    assert document.find("Summary, para 1")[0].text == "First words, which sum it up."


def test_markdown_is_read_without_its_marks(tmp_path):
    text = (
        "# Report\n## Orders\nWorth **\\$3.4 billion**, see [the deal](http://x.org/47).\n\n- 28 tanks\n- 34 tanks\n\n"
        "| Type | Delivered |\n|---|---|\n| T1 | 62 |\n| H2 | 46 |\n"
    )
    document = read_document(write(tmp_path, "a.md", text))
    assert document.find("Orders, para 1")[0].text == "Worth $3.4 billion, see the deal."
    assert [row.text for row in document.find("table 1")] == ["Type: T1, Delivered: 62", "Type: H2, Delivered: 46"]


def test_html_is_read_by_its_headings_blocks_and_tables(tmp_path):
    document = read_document(write(tmp_path, "a.html", HTML))
    assert [(each.locator, each.text) for each in document.paragraphs] == [
        ("Orders 2022, para 1", "The contract is for 180 T1 tanks and spare parts."),
        ("Orders 2022, para 2", "first 28 tanks then 34 more tanks"),
        ("table 1, row 1", "Type: T1, Delivered: 62"),
        ("table 1, row 2", "Type: H2, Delivered: 46"),
        ("Orders 2022, para 3", "Loose words follow."),
        ("Orders 2022, para 4", "and text without a tag of its own that runs for quite a few words."),
    ]
    assert document.find("Orders, para 1")
    assert document.find("table 1, row 2")[1].text == "Type: H2, Delivered: 46"


def test_html_in_an_encoding_it_declares(tmp_path):
    page = (
        '<html><head><meta charset="iso-8859-2"></head><body><h1>Żołnierz</h1><p>Zażółć gęślą jaźń.</p></body></html>'
    )
    document = read_document(write(tmp_path, "page.dat", page.encode("iso-8859-2")))
    assert document.find("Żołnierz, para 1")[0].text == "Zażółć gęślą jaźń."


def test_deeply_nested_html_does_not_exhaust_the_stack(tmp_path):
    page = "<html>" + "<div>" * 5000 + "Deep words stand here." + "</div>" * 5000
    assert read_document(write(tmp_path, "a.html", page)).paragraphs[0].text == "Deep words stand here."


def test_pdf_paragraphs_go_over_pages_and_lose_headers_and_footers(tmp_path):
    document = read_document(make_pdf(tmp_path / "report.pdf"))
    places = [paragraph.locator for paragraph in document.paragraphs]
    assert places == ["Orders, para 1", "Orders, para 2", "Outlook, para 1", "Outlook, para 2"]
    assert "62 T1 tanks and 46 H2 howitzers" in document.find("Orders in Numbers, para 2")[0].text
    assert document.find("Outlook, para 1")[0].text.endswith("for how long it will.")
    assert "1 234 spare parts" in document.find("Outlook, para 2")[0].text
    whole = " ".join(paragraph.text for paragraph in document.everything)
    assert "Quarterly" not in whole
    assert "Page" not in whole
    assert {paragraph.page for paragraph in document.find("page 1")} == {1}


def unusable(folder):
    """Yield files that hold no document, with a word of the message each must give."""
    empty_pdf = FPDF()
    empty_pdf.add_page()
    yield write(folder, "empty.txt", ""), "empty"
    yield write(folder, "blank.txt", " \n\n "), "empty"
    yield write(folder, "binary.bin", bytes(range(256)) * 4), "binary"
    yield write(folder, "archive.docx", b"PK\x03\x04\x14\x00\x08\x00" + bytes(99)), "binary"
    yield write(folder, "control.txt", "\x01\x02\x03\x04" * 50), "binary"
    yield write(folder, "latin.txt", "Zażółć".encode("iso-8859-2") * 9), "UTF-8"
    yield write(folder, "broken.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog"), "PDF"
    yield write(folder, "scan.pdf", bytes(empty_pdf.output())), "no text"
    yield write(folder, "page.html", "<html><script>1</script></html>"), "no text"
    yield make_pdf(folder / "locked.pdf", owner_password="a", user_password="b"), "PDF"
    yield folder, "folder"
    yield folder / "missing.txt", "no such file"
    yield folder / ("x" * 5000), "document"
    yield folder / "nul\0byte", "document"


def test_unusable_files_are_refused_with_a_located_problem(tmp_path):
    for path, word in unusable(tmp_path):
        with pytest.raises(CaseError) as caught:
            read_document(path)
        (problem,) = caught.value.problems
        assert word in str(problem), problem
        assert problem.where == Path(path).name


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(st.binary(max_size=400), st.text(max_size=400).map(str.encode)),
    ending=st.sampled_from(["", "%PDF-1.7", "<html>"]),
)
def test_any_file_is_a_document_or_a_problem(tmp_path, content, ending):
    path = write(tmp_path, "any", ending.encode() + content)
    try:
        found = read_document(path).everything
    except CaseError as error:
        found = error.problems
    assert found
