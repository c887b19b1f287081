"""An author's words for a section: in place of the composed ones, tied to numbers, flagged where these changed."""

import json

import pytest
from bs4 import BeautifulSoup

from pactwork.brief import write_brief
from pactwork.brief.answer import compose_answer
from pactwork.brief.findings import gather_findings
from pactwork.brief.narrative import list_sections, read_narratives
from pactwork.brief.numbers import list_numbers, name_numbers
from pactwork.brief.parts import list_parts
from pactwork.brief.placing import cut_told
from pactwork.errors import CaseError
from pactwork.facts.case import load_case
from pactwork.facts.fingerprint import digest_files
from pactwork.facts.new import new_case


@pytest.fixture
def write(make_case):
    """Return a function that puts words into the small case, by section, and gives its folder."""

    def make(folder="case", tables=None, **words):
        root = make_case(folder, **(tables or {}))
        (root / "narrative").mkdir()
        for section, text in words.items():
            (root / "narrative" / f"{section}.md").write_bytes(text if isinstance(text, bytes) else text.encode())
        return root

    return make


@pytest.fixture
def page_of(show_page):
    """Return a function that gives the page of a case, without its charts, which no words here touch."""
    return lambda root: show_page(gather_findings(load_case(root)))


def problems_of(root):
    with pytest.raises(CaseError) as caught:
        gather_findings(load_case(root))
    return [str(one) for one in caught.value.problems]


def text_of(element):
    return " ".join(element.get_text(" ", strip=True).replace("\u202f", " ").split())


def test_words_stand_in_place_of_composed_sentences_and_tables_stay(write, page_of):
    section = page_of(write(standing="**Too few** tanks have come.\n\n- one\n- two\n")).select_one("#standing")
    heading, authored = section.find(["h1", "h2", "h3"]), section.select_one(".authored")
    assert heading.find_next_sibling() is authored
    assert authored.p.strong.get_text() == "Too few"
    assert [one.get_text() for one in authored.select("li")] == ["one", "two"]
    assert section.select("table.systems tbody")
    assert "In the words of the case’s authors (narrative/standing.md)" in text_of(section)
    assert page_of(write("bare")).select(".authored, .flagged") == []


def test_the_answer_gives_way_to_the_authors_answer(write, show_page):
    findings = gather_findings(load_case(write(answer="All is well.")))
    lines, page = compose_answer(findings), show_page(findings)
    assert text_of(page.select_one("#answer .authored")) == "All is well."
    for line in lines:
        assert line.text not in page.get_text()


def test_what_is_composed_is_cut_whole_and_nothing_else():
    html = (
        '<section id="x"><h2>A</h2>\n<p>Key: <b>1 &amp; 2</b></p><div class="told"><p>One<br>two.</p><div>x</div></div>'
        '<svg viewBox="0 0 1 1"><path d="M0 0"/></svg><p class="aside" data-told>Three.</p><ol class="plain"><li>4</ol></section>'
    )
    assert cut_told(html) == (
        '<section id="x"><h2>A</h2>\n<p>Key: <b>1 &amp; 2</b></p><svg viewBox="0 0 1 1"><path d="M0 0"/></svg>'
        '<ol class="plain"><li>4</ol></section>'
    )


def test_numbers_are_quoted_as_they_are_now_with_their_sources(write, tiny, page_of):
    words = (
        "Only {{ t1.delivered }} of {{ t1.ordered }} came ({{ t1.share }}), and `{{ t1.share }}` is how one writes it."
    )
    authored = page_of(write(standing=words)).select_one("#standing .authored")
    assert text_of(authored).startswith("Only 62 B2 of 180 B6 came ( 34% B2 ), and {{ t1.share }} is how")
    assert authored.select_one("a.src")["href"] == "#src-paper"
    more = tiny["figures"].replace("2024-10-04,62", "2024-10-04,90")
    authored = page_of(write("later", {"figures": more, "shipments": None}, standing=words)).select_one(
        "#standing .authored"
    )
    assert text_of(authored).startswith("Only 90 B2 of 180 B6 came ( 50% B2 )")


@pytest.mark.parametrize(
    "words",
    [
        "Only {{ t1.delivered = 62 }} tanks came: {{ t1.share = 34% }}.",
        '+++\n[numbers]\n"t1.delivered" = 62\n"t1.share" = "34%"\n+++\nOnly 62 tanks came: 34%.\n',
    ],
)
def test_a_changed_number_is_flagged_everywhere_and_an_unchanged_one_nowhere(write, tiny, words, tmp_path):
    same = write_brief(load_case(write(standing=words)), tmp_path / "same")
    assert same.notices == ()
    assert 'class="flagged"' not in same.path.read_text("utf-8")
    held = json.loads((tmp_path / "same/brief.json").read_text("utf-8"))
    assert held["narrative"] == [
        {"section": "standing", "file": "narrative/standing.md", "changed": [], "missing": [], "unwatched": []}
    ]
    assert held["numbers"]["t1.share"] == {"text": "34%", "value": 62 / 180}
    more = tiny["figures"].replace("2024-10-04,62", "2024-10-04,90")
    later = write("later", {"figures": more, "shipments": None}, standing=words)
    before = (later / "narrative/standing.md").read_bytes()
    made = write_brief(load_case(later), tmp_path / "later")
    page = BeautifulSoup(made.path.read_text("utf-8"), "html.parser")
    flag = text_of(page.select_one("#standing .authored .flagged"))
    assert "Written when t1.delivered was 62; now it is 90." in flag
    assert "Written when t1.share was 34%; now it is 50%." in flag
    held = json.loads((tmp_path / "later/brief.json").read_text("utf-8"))["narrative"]
    assert [(one["name"], one["was"], one["now"]) for one in held[0]["changed"]] == [
        ("t1.delivered", "62", "90"), ("t1.share", "34%", "50%"),
    ]  # fmt: skip
    assert [str(one).split(" | ")[1:3] for one in made.notices] == [
        ['found "62" for t1.delivered', 'expected "90"'], ['found "34%" for t1.share', 'expected "50%"'],
    ]  # fmt: skip
    assert (later / "narrative/standing.md").read_bytes() == before


def test_a_number_that_is_gone_is_flagged(write, page_of):
    bare = {"figures": None, "shipments": None}
    section = page_of(write(tables=bare, standing="Only {{ t1.delivered = 62 }} came.")).select_one("#standing")
    assert "Written when t1.delivered was 62; the brief has no such number any more." in text_of(section)
    assert "Only not known came." in text_of(section)


@pytest.mark.parametrize(
    ("was", "flagged"),
    [("62", False), ("62.0", False), ('"62"', False), ("61", True), ("about 62", True), ("6,2", True), ("nan", True)],
)
def test_a_number_is_compared_as_a_reader_would(write, was, flagged):
    told = read_narratives(gather_findings(load_case(write(standing=f"Some {{{{ t1.delivered = {was} }}}} came."))))
    assert bool(told["standing"].changed) is flagged


def test_money_is_compared_without_thin_spaces(write):
    words = "All cost {{ a-b.value = about 3.4 bn USD }}."
    assert not read_narratives(gather_findings(load_case(write(standing=words))))["standing"].changed


def test_numbers_tied_to_nothing_are_counted_and_years_are_none(write, page_of):
    words = "In 2024, on 3 May 2025, 17 tanks and 62 others came, 5% of {{ t1.ordered }}: K2 and T-72 aside."
    root = write(standing=f'+++\n[numbers]\n"t1.delivered" = 62\n+++\n{words}\n')
    told = read_narratives(gather_findings(load_case(root)))["standing"]
    assert told.unwatched == ("17", "5%")
    section = page_of(root).select_one("#standing")
    assert "2 numbers in it are tied to nothing in the brief." in text_of(section)
    numbers = [one for one in section.select(".authored .derived") if one.get_text() in ("17", "62", "5%")]
    assert [one["title"] for one in numbers] == ["narrative/standing.md:5"] * 3


def test_what_is_simulated_is_as_written_where_nothing_is_simulated(copy_of_poland_korea, show_page):
    folder = copy_of_poland_korea / "narrative"
    folder.mkdir()
    (folder / "standing.md").write_text(
        "Ready: {{ futures.baseline.k2.ready = 83 % (70 to 90) }}, held {{ choices.as-contracted.held }}.\n", "utf-8"
    )
    findings = gather_findings(load_case(copy_of_poland_korea))
    told = read_narratives(findings)["standing"]
    assert told.changed == ()
    assert told.missing == ("futures.baseline.k2.ready", "choices.as-contracted.held")
    section = show_page(findings).select_one("#standing")
    assert "Ready: 83 % (70 to 90)" in text_of(section)
    assert "This brief leaves out what is simulated: futures.baseline.k2.ready" in text_of(section)
    assert set(list_numbers(findings)) <= name_numbers(findings.ledger)


def test_everything_wrong_with_the_form_is_told_at_once(write):
    root = write(
        answer=b"\xff\xfe",
        standing="One ![a map](https://x.org/a.png)\n[two](javascript:alert(1)) and [three](/etc/passwd)\n\n{{ open\n{{ }}\n",
        figures="+++\n[numbers\n+++\nText\n",
        limits="+++\nnumbers = 3\n+++\nText\n",
        sources="+++\n[numbers]\nk2.delivered = 62\nother = true\n+++\nText\n",
        threats="+++\n[numbers]\nText without end\n",
        opinion="   \n",
    )
    (root / "narrative/notes.txt").write_text("x")
    (root / "narrative/README.md").write_text("{{ not read")
    (root / "narrative/.hidden").write_text("x")
    (root / "facts/lots.csv").write_text("nonsense\n1\n")
    found = problems_of(root)
    starts = [one.partition(" | expected")[0] for one in found if one.startswith("narrative")]
    assert starts == [
        "narrative/answer.md | found bytes that are no UTF-8 text",
        "narrative/figures.md:2 | found expected ']' at the end of a table declaration",
        'narrative/limits.md:2 | found "3"',
        "narrative/notes.txt | found no text of a section",
        "narrative/opinion.md | found no words",
        "narrative/sources.md:3 k2 | found \"{'delivered': 62}\"",
        'narrative/sources.md:4 other | found "True"',
        'narrative/standing.md:1 | found the image "https://x.org/a.png"',
        'narrative/standing.md:2 | found a link to "javascript:alert(1)"',
        'narrative/standing.md:2 | found a link to "/etc/passwd"',
        'narrative/standing.md:4 | found "{{ open"',
        "narrative/standing.md:5 | found {{  }}",
        "narrative/threats.md:1 | found +++ that is never closed",
    ]
    assert any(one.startswith("facts/lots.csv") for one in found)


def test_names_that_mean_nothing_are_told_with_the_nearest(write):
    found = problems_of(
        write(standings="Text.", standing='+++\n[numbers]\n"t1.arrived" = 2\n+++\n\n{{ t1.delivred }}\n')
    )
    assert found == [
        'narrative/standing.md:3 | found no number called "t1.arrived" | expected one that brief.json lists | '
        "did you mean t1-1.arrived?",
        'narrative/standing.md:6 | found no number called "t1.delivred" | expected one that brief.json lists | '
        "did you mean t1.delivered?",
        f'narrative/standings.md | found no section called "standings" | expected one of: {", ".join(list_sections())} | '
        "rename it to standing.md",
    ]  # fmt: skip


def test_words_that_state_a_chance_of_war_are_refused(write):
    (found,) = problems_of(write(standing="Fine.\n\nAs we see it,\nthe chance of war is 30%.\n"))
    assert found.startswith('narrative/standing.md:3 | found "As we see it, the chance of war is 30%."')


def test_hostile_words_are_text(write, page_of):
    words = (
        '<script>alert(1)</script> \u202eflow\n\n# [web](https://example.org/?a="b") {{ t1.delivered }}\n\n`<b>`\n\n'
        + "W" * 500
    )
    section = page_of(write(standing=words)).select_one("#standing .authored")
    assert not section.select("script, b")
    assert "<script>alert(1)</script> flow" in section.get_text()
    assert section.code.get_text() == "<b>"
    link = section.select_one("a:not(.src)")
    assert (link["href"], link["rel"]) == ("https://example.org/?a=%22b%22", ["noopener", "noreferrer"])
    assert section.find(["h3", "h4"]).a is link
    assert "\u202e" not in str(section)


def test_every_section_of_the_bundled_case_can_be_written(copy_of_poland_korea, show_page):
    folder = copy_of_poland_korea / "narrative"
    folder.mkdir()
    for section in list_sections():
        (folder / f"{section}.md").write_text(f"Words for {section}.\n", "utf-8")
    findings = gather_findings(load_case(copy_of_poland_korea))
    page = show_page(findings)
    assert {section.id for part in list_parts(findings) for section in part.sections} == set(list_sections())
    for section in list_sections():
        assert text_of(page.select_one(f"#{section} .authored")) == f"Words for {section}."
    ids = [element["id"] for element in page.select("[id]")]
    assert len(ids) == len(set(ids))


def test_words_stand_for_a_section_that_the_case_has_nothing_for(write, page_of):
    section = page_of(write(futures="Words.")).select_one("#futures")
    assert text_of(section.select_one(".authored")) == "Words."
    assert section.select_one("p.missing")


def test_the_fingerprint_of_a_case_covers_its_words_and_no_run_hangs_on_them(write):
    ledger = load_case(write(standing="One.", answer="Two."))
    assert {"narrative/answer.md", "narrative/standing.md"} <= set(digest_files(ledger))
    assert not [name for name in digest_files(ledger, words=False) if name.startswith("narrative")]
    (ledger.root / "narrative/standing.md").write_text("Other.")
    assert digest_files(load_case(ledger.root)) != digest_files(ledger, words=False)


def test_a_new_case_explains_how_to_write(tmp_path):
    new_case(tmp_path / "case")
    text = (tmp_path / "case/narrative/README.md").read_text("utf-8")
    assert "{{ my-tank.delivered = 12 }}" in text
    assert load_case(tmp_path / "case").narratives == ()


def test_check_tells_what_changed_and_what_is_wrong(write, tiny):
    from typer.testing import CliRunner

    from pactwork.cli import app

    more = tiny["figures"].replace("2024-10-04,62", "2024-10-04,90")
    root = write(tables={"figures": more, "shipments": None}, standing="Only {{ t1.delivered = 62 }} came.\n")
    done = CliRunner().invoke(app, ["check", str(root)])
    assert done.exit_code == 0
    assert 'narrative/standing.md:1 | found "62" for t1.delivered | expected "90" | read the words again' in done.stdout
    (root / "narrative/nosuch.md").write_text("Words.")
    done = CliRunner().invoke(app, ["check", str(root), "--json"])
    assert done.exit_code == 1
    assert [one["where"] for one in json.loads(done.stdout)["problems"]] == ["narrative/nosuch.md"]
