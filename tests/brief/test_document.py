"""The tree from which PDF and Word are written holds what the page holds: every word, in its order."""

import copy
import re
from collections import Counter
from itertools import pairwise

import pytest

from pactwork.brief.forms.document import Figure, Heading, Listing, Panels, Paragraph, Table, plain, spread_columns
from pactwork.brief.forms.reading_page import read_page

HEAD = '<html lang="en"><main><header class="masthead"><h1>T</h1></header>'


@pytest.fixture(scope="module")
def document(written):
    return read_page(written.path.read_text("utf-8"))


def text_of(block):
    """Return the words of one block, without those of blocks within it."""
    if isinstance(block, Heading | Paragraph):
        return " ".join(run.text for run in block.runs)
    if isinstance(block, Table):
        return " ".join(run.text for run in block.caption)
    return block.heading if isinstance(block, Figure) else ""


def words_of(text):
    return Counter(re.findall(r"\w+", text))


def test_no_word_of_the_page_is_lost(document, page_of_bundled):
    main = copy.copy(page_of_bundled).main
    for mark in main.select(".derived, bdi"):
        mark.unwrap()
    main.smooth()
    parts = [node for node in main.find_all(string=True)
             if not node.find_parent(["svg", "nav"]) and not node.find_parent(class_=["quiet", "data"])]  # fmt: skip
    # Of the lines that fold the evidence of a row of a table, what they hold stands there, unfolded.
    shown = words_of(" ".join(one for one in parts if not (one.find_parent("summary") and one.find_parent("td"))))
    held = words_of(f"{document.eyebrow} {document.title} {document.deck} "
                    + " ".join(text_of(block) for block in document.walk()))  # fmt: skip
    assert sum(shown.values()) > 10_000
    assert shown - held == Counter()


def test_headings_are_those_of_the_page_in_its_order(document, page_of_bundled):
    page = [" ".join(node.get_text().split()) for node in page_of_bundled.main.find_all(re.compile("^h[2-6]$"))
            if not node.find_parent(["figure", "details"])]  # fmt: skip
    own = [plain(one.runs) for one in (*document.answer, *document.body) if isinstance(one, Heading)]
    assert own == page


def test_no_heading_skips_a_level(document):
    levels = [one.level for one in document.walk() if isinstance(one, Heading)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_figures_and_tables_are_numbered_in_the_order_of_reading(document, page_of_bundled):
    figures = [one for one in document.walk() if isinstance(one, Figure)]
    assert [one.number for one in figures] == list(range(1, len(figures) + 1))
    assert len(figures) == len(page_of_bundled.select(".plot"))
    assert all(one.picture and one.title and one.alt for one in figures)
    tables = document.tables
    assert [one.number for one in tables] == list(range(1, len(tables) + 1))
    assert sorted(one.name for one in tables) == sorted(document.table_names)
    assert len(tables) == len(page_of_bundled.select("table"))


def test_what_is_folded_is_in_the_annex_and_a_link_leads_there(document, page_of_bundled):
    folds = [node for node in page_of_bundled.find_all("details") if not node.find_parent("td")]
    anchors = [name for one in document.annex if isinstance(one, Heading) for name in one.anchors if "annex-" in name]
    assert len(folds) == len(anchors) > 20
    links = {run.link[1:] for one in document.walk() if isinstance(one, Paragraph) for run in one.runs}
    assert {*anchors} <= links


def test_every_link_within_has_a_target(document):
    known = {name for block in document.walk() for name in getattr(block, "anchors", ())}
    known |= {
        name for block in document.walk() if isinstance(block, Listing) for item in block.items for name in item.anchors
    }
    runs = [run for block in document.walk() if isinstance(block, Heading | Paragraph) for run in block.runs]
    assert sum(run.kind in ("tag", "judged") for run in runs) > 500
    assert {run.link[1:] for run in runs if run.link.startswith("#")} <= known


def test_tags_are_numbered_by_the_list_of_sources(document, page_of_bundled):
    listed = [node["id"] for node in page_of_bundled.select("ol.sources > li")]
    assert list(document.sources) == listed
    assert list(document.sources.values()) == list(range(1, len(listed) + 1))


def test_small_figures_stand_side_by_side(document):
    groups = [one for one in document.walk() if isinstance(one, Panels)]
    assert max(len(one.figures) for one in groups) > 2


def test_columns_share_the_width_and_long_text_gets_more_of_it(document):
    for table in document.tables:
        shares = spread_columns(table)
        assert len(shares) == table.columns
        assert sum(shares) == pytest.approx(1, abs=0.01)
        assert min(shares) > 0.02
    html = (
        HEAD
        + "<section><h2>S</h2><table><caption>c</caption><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>x</td><td>"
    )
    (table,) = read_page(html + "many words " * 20 + "</td></tr></tbody></table></section></main></html>").tables
    left, right = spread_columns(table)
    assert right > 2 * left


def test_a_bare_page_is_read():
    found = read_page(HEAD + "<section id=a><h2>One</h2>loose <b>bold</b><p>two<br>three</p></section></main></html>")
    assert [text_of(one) for one in found.answer] == ["One", "loose  bold", "two \n three"]
    assert found.annex == ()


def test_a_level_that_the_page_skips_is_put_right():
    found = read_page(HEAD + "<section><h2>One</h2><h5>Two</h5><h3>Three</h3></section></main></html>")
    assert [(one.level, plain(one.runs)) for one in found.answer] == [(1, "One"), (2, "Two"), (2, "Three")]


def test_a_link_that_leads_nowhere_is_text():
    html = HEAD + '<section id="a"><h2>S</h2><p><a href="#no">x</a> <a href="#a">y</a> <a href="javascript:1">z</a></p>'
    _, paragraph = read_page(html + "</section></main></html>").answer
    assert [(run.text, run.link) for run in paragraph.runs] == [("x ", ""), ("y", "#a"), (" z", "")]
