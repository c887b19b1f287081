"""The page as a reader meets it: every number has its origin, nothing of a case breaks out, nothing is fetched."""

import base64
import hashlib
import itertools
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from pactwork.brief import write_brief
from pactwork.brief.page import render_limits
from pactwork.brief.texts import web_link
from pactwork.facts.case import load_case

BROKEN = re.compile(r"\b(None|NaN|nan|inf|null|undefined)\b|\{\{|\}\}|\{%")
PARTS = ("actors", "systems", "instruments", "lots", "figures", "polls", "shipments")


@pytest.fixture(scope="session")
def bundled(written):
    return written, BeautifulSoup(written.path.read_text("utf-8"), "html.parser")


def page_of(root, tmp_path):
    brief = write_brief(load_case(root), tmp_path / "out", forms=())
    text = brief.path.read_text("utf-8")
    return text, BeautifulSoup(text, "html.parser")


@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_the_page_does_not_move_sideways(bundled, measure, width):
    wide, window, sticking_out = measure(bundled[0].path.read_text("utf-8"), width)
    assert sticking_out == []
    assert wide <= window == width


def test_every_number_of_the_page_carries_its_origin(bundled, find_orphans):
    assert find_orphans(bundled[1]) == []


@pytest.mark.parametrize(
    ("place", "planted"),
    [
        ("#standing > h3", "<p>Some 77 tanks</p>"),
        ("#answer-h", "<p>Some 77 tanks</p>"),
        ("#methods-h", "<p>Some 77 tanks</p>"),
        ("#judgement-h", "<figure><svg><text>77</text></svg><figcaption>Tanks</figcaption></figure>"),
        ("#sources-h", "<table><caption>The 77 tanks</caption></table>"),
        ("#methods-h", "<p class='derived'>Some 77 tanks, and a mark that does not say how</p>"),
    ],
)
def test_the_walk_notices_a_number_without_origin(bundled, find_orphans, place, planted):
    page = BeautifulSoup(str(bundled[1]), "html.parser")
    page.select_one(place).insert_after(BeautifulSoup(planted, "html.parser"))
    (found,) = find_orphans(page)
    assert "77" in found


def test_noise_of_floating_point_is_never_shown(make_case, tmp_path, tiny):
    noisy = "deal,value,2022-08-26,0.30000000000000004,,,exact,usd_bn_net,maker,para 2,2,normal,,\n"
    text, page = page_of(make_case(figures=tiny["figures"] + noisy), tmp_path)
    assert any("0.3\u202fbn" in fact.get_text() for fact in page.select(".fact"))
    assert "0.30000000000000004" not in text


def test_each_count_in_the_table_of_systems_has_a_tag_of_its_own(bundled):
    cells = bundled[1].select("table.systems td.n")
    assert cells
    for cell in cells:
        assert cell.select_one("a.src") or cell.get_text(strip=True) == "not known"


def test_tags_lead_to_sources_and_say_what_they_are(bundled):
    page = bundled[1]
    tags = page.select("a.src:not(.more)")
    ids = {element["id"] for element in page.select("[id]")}
    assert len(tags) > 500
    for tag in tags:
        assert tag["href"].startswith("#src-")
        assert tag["href"][1:] in ids
        assert re.fullmatch(r"[A-F][1-6]?", tag.get_text())
        assert f"grade {tag.get_text()}" in tag["title"]


def test_every_inner_link_has_a_target_and_no_id_stands_twice(bundled):
    page = bundled[1]
    ids = [element["id"] for element in page.select("[id]")]
    assert len(ids) == len(set(ids))
    assert {link["href"][1:] for link in page.select('a[href^="#"]')} <= set(ids)


def test_the_page_shows_the_papers_table_and_the_discrepancy(bundled):
    page = bundled[1]
    rows = [
        " ".join(row.get_text(" ", strip=True).split()) for row in page.select("table.systems tbody tr:first-child")
    ]
    shown = [tuple(re.findall(r"\b(180|62|364|108|290|46|48|12|2025|2027|2028|2029)\b", row)) for row in rows]
    assert shown == [("180", "62", "2025"), ("364", "108", "2027"), ("290", "46", "2029"), ("48", "12", "2028")]
    contested = page.select_one("#contested").get_text(" ")
    assert "290" in contested
    assert "288" in contested
    assert page.select_one(".banner").get_text().startswith("The case knows what was public up to 31 October 2024.")


def test_nothing_of_the_machine_shows(bundled):
    text = bundled[1].get_text(" ")
    assert not BROKEN.search(text)
    assert "0000000" not in text
    assert str(Path(__file__).resolve().parents[2]) not in str(bundled[1])


def test_no_chance_of_war_is_stated(bundled):
    text = bundled[1].get_text(" ").lower()
    for phrase in ("probability of war", "chance of war", "chance of an attack", "will attack", "odds of"):
        assert phrase not in text


def test_no_number_is_called_a_likelihood(bundled):
    text = bundled[1].get_text(" ")
    assert not re.search(r"likelihood\W{0,3}\d|\d\W{0,3}likelihood", text, re.IGNORECASE)
    assert "How present each threat is to each partner" in text


def test_names_are_said_once_and_keep_their_capitals(bundled):
    text = bundled[1].get_text(" ")
    for wrong in ("K2 K2", "K239 K239", "FA-50 FA-50", "K9 K9", "north Korean", "russia,", "non military"):
        assert wrong not in text
    ahead = bundled[1].find("h4", string="Elections ahead").find_next("ul").get_text(" ")
    assert "Poland , President of Poland" not in ahead
    assert "President of Poland" in ahead


def test_the_total_is_labelled_as_that_of_all_contracts_and_a_rank_reads_as_one(bundled):
    figures = " ".join(bundled[1].select_one("#figures").get_text(" ").split())
    assert "Value of all contracts: about 16.6" in figures
    assert "Rank: among the 10 largest" in figures
    row = next(r for r in bundled[1].select("#standing table.fold tbody tr") if "Strategic partnership of Poland and South"
               in r.get_text())  # fmt: skip
    assert "all contracts" in row.get_text()


PARTS_IN_ORDER = (
    "The answer in half a page", "Where it stands", "What will arrive", "How ready, in which futures", "Politics", "Choices",
    "What we do not know", "Methods in plain words", "Sources",
)  # fmt: skip


def test_the_parts_come_in_their_order_and_each_has_one_heading(bundled):
    assert tuple(head.get_text() for head in bundled[1].select("main h2")) == PARTS_IN_ORDER
    listed = [item.a.get_text() for item in bundled[1].select("nav.toc > ol > li")]
    assert tuple(listed) == PARTS_IN_ORDER
    beneath = {item.a.get_text(): [one.get_text() for one in item.find_all("a")[1:]]
               for item in bundled[1].select("nav.toc > ol > li")}  # fmt: skip
    assert beneath["Where it stands"] == [head.get_text() for head in bundled[1].select("#part-stands > section > h3")]


def test_no_heading_skips_a_level(bundled):
    levels = [int(head.name[1]) for head in bundled[1].select("h1, h2, h3, h4, h5, h6")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_what_a_case_lacks_is_said_where_it_would_stand(make_case, tmp_path):
    about = 'name = "p"\ntitle = "P"\nas_of = "2024-10-31"\n'
    _, page = page_of(make_case(case_toml=about, **dict.fromkeys(PARTS)), tmp_path)
    said = {one.parent["id"]: one.get_text() for one in page.select(".missing")}
    assert said["opinion"] == "The case holds no polls; nothing is said about opinion."
    assert said["futures"].startswith("The case makes no assumptions")
    assert set(said) == {"standing", "deliveries", "cooperation", "industry", "arriving", "futures", "opinion", "threats",
                         "stakeholders", "dialogue", "choices", "contested", "unmeasured", "figures"}  # fmt: skip
    assert tuple(head.get_text() for head in page.select("main h2")) == PARTS_IN_ORDER


def test_a_brief_made_without_futures_says_so_and_not_that_the_case_assumes_nothing(bundled):
    assert bundled[1].select_one("#futures .missing").get_text().startswith("This brief was made without")


def test_a_deprecated_figure_is_shown_nowhere(make_case, tmp_path, tiny):
    bad = "deal,value,2022-08-26,987.5,,,exact,usd_bn_net,paper,para 2,2,deprecated,,\n"
    bad += "t1,availability,2022-08-26,43.21,,,exact,percent,paper,para 2,2,deprecated,,\n"
    text, _ = page_of(make_case(figures=tiny["figures"] + bad), tmp_path)
    assert "987.5" not in text
    assert "43.21" not in text


def test_a_weak_figure_is_marked_wherever_it_is_shown(make_case, tmp_path, tiny):
    weak = "deal,value,2022-08-26,987.5,,,exact,usd_bn_unstated,blog,text,5,normal,,\n"
    _, page = page_of(make_case(figures=tiny["figures"] + weak), tmp_path)
    shown = [fact for fact in page.select(".fact") if "987.5" in fact.get_text()]
    assert shown
    assert all("weak" in fact["class"] for fact in shown)


def test_counts_without_transports_stand_apart_from_contradictions(make_case, tmp_path, tiny):
    figures = tiny["figures"].replace("2024-10-04,62", "2024-10-04,70")
    _, page = page_of(make_case(figures=figures), tmp_path)
    heads = [head.get_text() for head in page.select("#contested h4")]
    assert heads == ["Counts without a transport on record"]
    assert "one would expect" not in page.select_one("#contested").get_text()


def test_the_tracker_shows_what_is_under_way_and_folds_the_rest(bundled):
    section = bundled[1].select_one("#cooperation")
    assert "it is not a response to the paper" in section.get_text()
    shown, folded = section.select("table.tracker")
    assert shown.find_parent("details") is None
    assert {chip.get_text() for chip in shown.select(".chip")} <= {"done", "under way"}
    assert {chip.get_text() for chip in folded.select(".chip")} == {"recommended"}
    count = len(folded.select("tbody > tr"))
    assert f"Not begun {count} recommendations" in folded.find_parent("details").summary.get_text()
    assert "details::details-content" in bundled[1].style.string  # open on paper


def test_a_caution_about_a_pollster_stands_beside_its_chart(bundled):
    cautions = [one.get_text() for one in bundled[1].select("#opinion .caution")]
    assert "Flower Research: pollster close to one party" in cautions


def test_all_who_were_asked_are_named(bundled):
    question = bundled[1].find("h4", string="South Korea: Nuclear weapons of its own").find_parent("article")
    asked = question.select_one("p.aside").get_text()
    assert "adults, South Korea" in asked
    assert "strategic elites, South Korea" in asked


def test_a_cell_says_through_which_body_the_partners_meet(bundled):
    rows = {row.th.get_text(): row for row in bundled[1].select("table.matrix tbody tr")}
    assert rows["Cyber security"].select_one(".through").get_text() == "through NATO"
    assert not rows["Arms supply"].select(".through")


def test_the_page_loads_nothing_and_runs_nothing(bundled):
    page = bundled[1]
    assert not page.select("script, link, img, iframe, object, embed, form, [style], [onclick], [onload], use, image")
    policy = page.select_one('meta[http-equiv="Content-Security-Policy"]')["content"]
    style = page.select_one("style").string
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "url(" not in style
    assert "@import" not in style


def test_charts_speak_to_those_who_do_not_see_them(bundled):
    charts = bundled[1].select("svg.chart")
    assert len(charts) > 8
    for chart in charts:
        assert chart["role"] == "img"
        assert chart.find("title").get_text(strip=True)
        assert chart.find("desc").get_text(strip=True)
        assert "viewbox" in {name.lower() for name in chart.attrs}
    for table in bundled[1].select("table"):
        assert table.find("caption").get_text(strip=True)


def test_links_outside_are_plain_and_closed(bundled):
    for link in bundled[1].select('a:not([href^="#"]):not(.data)'):
        assert link["href"].startswith(("https://", "http://"))
        assert "noopener" in link["rel"]


def test_links_to_data_lead_to_a_file_beside_the_page(bundled):
    brief, page = bundled
    links = [link["href"] for link in page.select("a.data")]
    assert len(links) > 30
    for link in links:
        assert re.fullmatch(r"data/[A-Za-z0-9_-]+\.csv", link)
        assert (brief.path.parent / link).is_file()


def test_the_limits_are_those_of_the_documents():
    root = Path(__file__).resolve().parents[2]
    packed = root / "src/pactwork/brief/words/en/limits.md"
    assert (root / "docs/limits.md").read_text("utf-8") == packed.read_text("utf-8")
    shown = render_limits()
    for words in ("Nuclear use is not modelled", "not probabilities", "not endorsed", "© SIPRI", "© PISM"):
        assert words in shown
    assert "<h1" not in shown


@pytest.mark.parametrize("kept", [(), *[(part,) for part in PARTS]])
def test_any_part_may_be_left_out(make_case, tmp_path, kept, find_orphans):
    about = 'name = "p"\ntitle = "P"\nas_of = "2024-10-31"\n'
    missing = dict.fromkeys(PARTS)
    for name in kept:
        missing.pop(name)
        if name in ("lots", "figures", "shipments"):  # these refer to the others
            missing = {key: value for key, value in missing.items() if key == "polls"}
    if "instruments" in kept:
        missing.pop("actors", None)
    text, page = page_of(make_case(case_toml=about, **missing), tmp_path)
    assert not BROKEN.search(page.get_text(" "))
    assert find_orphans(page) == []
    assert page.select_one("#answer li")
    assert "<h1><bdi>P</bdi></h1>" in text


HOSTILE = '<script>alert(1)</script> "quoted" & \u202eflow\u202c עברית ' + "W" * 400


def test_hostile_text_stays_text(make_case, tmp_path, tiny):
    quoted = '"' + HOSTILE.replace('"', '""') + '"'
    tables = {
        "systems": tiny["systems"].replace("t1,T1,", f"t1,{quoted},"),
        "actors": tiny["actors"].replace("bland,Bland,", f"bland,{quoted},"),
        "instruments": tiny["instruments"].replace(",Contract,", f",{quoted},"),
        "lots": tiny["lots"].replace("T1GF", quoted),
        "sources": "source_id,title,producer,published,url,kind,reliability,redistributable\n"
        f"paper,{quoted},{quoted},2024-10,javascript:alert(1),think_tank,B,false\n"
        "maker,A,B,2024-06,https://example.org/?a=1&b=<script>,company,C,true\n",
        "polls": tiny["polls"].replace(",for,", f",{quoted},"),
        "events": "event_id,date,kind,title,domain,level,source_id,locator\n"
        f"e1,2024-03,visit,{quoted},dialogue,political,paper,{quoted}\n"
        f"e2,2024-05,visit,{quoted},dialogue,political,paper,{quoted}\n",
        "threats": "perceiver,threat,label,likelihood,likelihood_low,likelihood_high,severity,severity_low,severity_high,"
        f"as_of,basis,source_id,locator,rationale\naland,x,{quoted},80,70,90,90,80,95,2024-10,judgement,paper,p,{quoted}\n",
        "recommendations": "recommendation_id,origin,text,addressee,domain,level,state,source_id,locator\n"
        f"r1,paper,{quoted},aland,cyber,expert,recommended,paper,p\n",
    }
    text, page = page_of(make_case(**tables), tmp_path)
    assert not page.select("script")
    assert "javascript:" not in "".join(link.get("href", "") for link in page.select("a"))
    assert "javascript:alert(1)" in page.select_one("#sources").get_text()
    assert "\u202e" not in text
    assert "<script>alert(1)</script> " in page.get_text()
    for chart in (tmp_path / "out/charts").glob("*.svg"):
        assert "<script>" not in chart.read_text("utf-8")


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://example.org/a?b=c", "https://example.org/a?b=c"),
        ("HTTP://example.org", "HTTP://example.org"),
        ("javascript:alert(1)", ""),
        ("javascript://example.org/%0aalert(1)", ""),
        ("ftp://example.org/file", ""),
        ("data:text/html,x", ""),
        ("https://exa mple.org", ""),
        ("https://", ""),
        ("http://[bad", ""),
        ("\x01javascript:alert(1)", ""),
        ("//example.org", ""),
    ],
)
def test_only_web_addresses_become_links(url, link):
    assert web_link(url) == link


@pytest.mark.parametrize(
    ("recipient", "supplier"),
    [
        ("Poland", "South Korea"),
        ("Norway", "South Korea"),
        ("Philippines", "South Korea"),
        ("Indonesia", "South Korea"),
    ],
)
def test_a_case_from_a_register_makes_a_brief(shared, tmp_path, recipient, supplier, find_orphans):
    from pactwork.facts.sipri import import_register

    root = tmp_path / "case"
    import_register(shared / "data/sipri_register_sample.csv", recipient, supplier, root)
    _, page = page_of(root, tmp_path)
    assert not BROKEN.search(page.get_text(" "))
    assert find_orphans(page) == []
    assert page.select("table.systems tbody tr")
    assert "SIPRI" in page.select_one("#sources").get_text()
