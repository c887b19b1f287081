"""What tests of the brief share: briefs that are written once, a page without drawing its charts, and a reader of slips in language."""

import html
import json
import re
import shutil
import subprocess
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTTextContainer, LTTextLine

from pactwork.brief import write_brief
from pactwork.facts.case import load_case

# A break, a mark or a word that no sentence of the brief may hold, with what it would be a sign of.
SLIPS = {
    "something not known was printed": r"\b(?:None(?! of\b)|nan|NaN|inf|null|undefined|True|False)\b",
    "a place to fill was not filled": r"\{\w*\}|\{\{|\{%",
    "nothing of nothing": r"\b(?:0|no) of (?:0|no)\b|\bof no \w+s\b",
    "one of something in the plural": r"(?<![\d.,–-])\b(?:1|one) (?!is\b|was\b|has\b|this\b|does\b|less\b|as\b|ours\b|holds\b)[a-z]{3,}(?<![siu])s\b",
    "several with a verb of one": r"\b(?:[2-9]|\d\d+|two|three|four|five|six|seven|eight|nine|ten) [a-z]+s (?:is|was|has|does|holds)\b",
    "one with a verb of several": r"(?:^|[.;:] )(?:1|One) [a-z]+ (?:are|were|have|do|hold)\b",
    "a gap": r"\S  +\S|\( | \)| [,.;:!?](?:\s|$)|\bof  |“\s|\s”",
    "a mark twice": r"\.\.|,,|;;|::|\?\?|,\.|;\.|:\.|\.;|\(\)|“”|, and\.|: \.",
    "noise of floating point": r"\d\.\d{7,}",
    "minus nothing": r"[−-]0(?:\.0+)?%?(?![\d.,–-])",
    "a word twice": r"\b([a-z]{2,}) \1\b(?! )",
    "nothing where names belong": r"\bunder  |\bfor \.|: ;|\band\.|\bby\.",
}  # fmt: skip


def read_slips(text):
    """Return what is wrong with sentences as language, whatever they say; white space is looked at as it stands."""
    found = []
    for sign, pattern in SLIPS.items():
        found += [f"{sign}: …{text[max(0, hit.start() - 30) : hit.end() + 30]}…" for hit in re.finditer(pattern, text)]
    if text and not re.search(r"[.!?][”’)]?$", text.rstrip()):
        found.append(f"a sentence without end: …{text[-40:]}")
    if text and not re.match(r"[“‘(]?[A-Z0-9−+]|[“‘]", text):
        found.append(f"a sentence without a beginning: {text[:40]}…")
    return found


def name_charts(findings):
    """Return the names of the charts that a case without simulated runs can have."""
    yield from ("threats", "threat-profiles", "judgement")
    yield from (f"deliveries-{one.system_id}" for one in findings.arrivals)
    yield from (f"outlook-{one.lot_id}" for one in findings.outlook.lots)
    yield from (f"stakeholders-{one.issue_id}" for one in findings.bargains)
    for question in findings.questions:
        yield from (f"opinion-{question.question_id}-{at}" for at, _ in enumerate(question.wordings, 1))


@pytest.fixture(scope="session")
def find_slips():
    """A function that returns what is wrong with a text of whole sentences."""
    return read_slips


@pytest.fixture(scope="session")
def show_page():
    """A function that returns the page of findings with the words of its charts in place of the charts.

    Without ``charts``, which take most of the time, nothing stands in their place.
    """
    from pactwork.brief.answer import compose_answer
    from pactwork.brief.drawing import Picture
    from pactwork.brief.page import render_page
    from pactwork.brief.writing import list_drawings

    def show(findings, *, charts=True):
        if not charts:
            blank = {name: Picture(name, "", "", "", "", b"") for name in name_charts(findings)}
            return BeautifulSoup(render_page(findings, compose_answer(findings), blank, "0"), "html.parser")
        pictures = {}
        for one in list_drawings(findings):
            words = f"<title>{html.escape(one.title)}</title><desc>{html.escape(one.description)}</desc>"
            svg = f'<svg class="chart" role="img">{words}</svg>'
            pictures[one.name] = Picture(one.name, one.title, svg, "", svg, b"")
        return BeautifulSoup(render_page(findings, compose_answer(findings), pictures, "0"), "html.parser")

    return show


SIGNS = "<script>alert(1)</script> #include \"x.typ\" $x$ *bold* _it_ @ref =cmd|' /C calc'!A0 &amp; \\ `raw` // --"
HOSTILE = f"{SIGNS} \u202eflow\u202c עברית żółć {'W' * 300}"


@pytest.fixture(scope="session")
def written(tmp_path_factory):
    """The brief of the bundled case, without futures, in all its forms."""
    return write_brief(load_case("poland-korea"), tmp_path_factory.mktemp("brief"))


@pytest.fixture(scope="session")
def hostile(tmp_path_factory, tiny, about_tiny):
    """The brief of a case in which every text that may be free is hostile; ``signs`` is a part of it on one line."""
    quoted = '"' + HOSTILE.replace('"', '""') + '"'
    run = "\"=cmd|' /C calc'!A0\""
    tables = dict(tiny) | {
        "systems": tiny["systems"].replace("t1,T1,", f"t1,{quoted},"),
        "actors": tiny["actors"].replace("bland,Bland,", f"bland,{quoted},"),
        "instruments": tiny["instruments"].replace(",Contract,", f",{quoted},"),
        "lots": tiny["lots"].replace("T1GF", quoted),
        "sources": "source_id,title,producer,published,url,kind,reliability,redistributable\n"
        f"paper,{quoted},{quoted},2024-10,javascript:alert(1),think_tank,B,false\n"
        "maker,A,B,2024-06,https://example.org/?a=1&b=<script>,company,C,true\n",
        "polls": tiny["polls"].replace(",for,", f",{run},").replace(",against,", f",{quoted},"),
        "events": "event_id,date,kind,title,domain,level,source_id,locator\n"
        f"e1,2024-03,visit,{run},dialogue,political,paper,{quoted}\n"
        f"e2,2024-05,visit,{quoted},dialogue,political,paper,{quoted}\n",
        "recommendations": "recommendation_id,origin,text,addressee,domain,level,state,source_id,locator\n"
        f"r1,paper,{quoted},aland,cyber,expert,recommended,paper,p\n",
    }
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "case/facts").mkdir(parents=True)
    (folder / "case/case.toml").write_text(about_tiny, encoding="utf-8")
    for name, text in tables.items():
        (folder / f"case/facts/{name}.csv").write_text(text, encoding="utf-8")
    made = write_brief(load_case(folder / "case"), folder / "out")
    return SimpleNamespace(brief=made, signs=SIGNS)


def read_pdf(path):
    """Return a PDF's text, and its lines as (text, left, right, width of the page)."""
    lines = [
        (line.get_text(), line.x0, line.x1, page.width)
        for page in extract_pages(path, laparams=LAParams())
        for box in page if isinstance(box, LTTextContainer)
        for line in box if isinstance(line, LTTextLine)
    ]  # fmt: skip
    return SimpleNamespace(text="".join(text for text, *_ in lines), lines=lines)


@pytest.fixture(scope="session")
def pdf_of_bundled(written):
    return read_pdf(written.pdf)


@pytest.fixture(scope="session")
def pdf_of_hostile(hostile):
    return read_pdf(hostile.brief.pdf)


@pytest.fixture(scope="session")
def page_of_bundled(written):
    return BeautifulSoup(written.path.read_text("utf-8"), "lxml")


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
MEASURE = (
    "<script>addEventListener('load',()=>parent.postMessage(["
    "document.scrollingElement.scrollWidth,innerWidth,[...document.querySelectorAll('main *')].filter("
    "e=>e.getBoundingClientRect().right>innerWidth+1&&!e.closest('.scroll')&&!e.closest('svg')).slice(0,5)"
    ".map(e=>e.outerHTML.slice(0,200))],'*'))</script>"
)


def measure_page(text, folder, width):
    """Return how wide a page is in a window of a width, and what sticks out, by a browser."""
    bare = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text).replace("<details", "<details open")
    (folder / "inner.html").write_text(bare.replace("</body>", f"{MEASURE}</body>"), "utf-8")
    (folder / "outer.html").write_text(
        f'<!doctype html><body><iframe src="inner.html" style="width:{width}px;height:900px;border:0"></iframe><pre></pre>'
        "<script>addEventListener('message',e=>document.querySelector('pre').textContent=JSON.stringify(e.data))</script>", "utf-8"
    )  # fmt: skip
    done = subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update", f"--user-data-dir={folder / 'profile'}",
         "--virtual-time-budget=20000", "--dump-dom", (folder / "outer.html").as_uri()],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    return json.loads(BeautifulSoup(done.stdout, "html.parser").pre.get_text())


@pytest.fixture
def measure(tmp_path):
    """Return a function of a page's text and a width that measures how the page lies there."""
    if CHROMIUM is None:
        pytest.skip("no Chromium to measure with")
    return lambda text, width: measure_page(text, tmp_path, width)


NUMBER = re.compile(r"(?<![\w-])\d[\d.,]*(?![\w-])")
WITHOUT_ORIGIN = {
    "time": "the day of the case: everything is said as of it",
    ".masthead": "the case's own title and summary, and the day",
    ".toc": "headings, which stand again below with what they are about",
    "footer": "the version of the software",
    ".sources": "the sources themselves: dates, titles and addresses; how many rows rest on each is counted",
    ".limits": "what not to read into the numbers: prose that states none of the case's",
    "#grades, #grades + p": "the name of a NATO publication",
    "table.grades thead": "the digits of the Admiralty grades themselves",
    "summary": "names and years under which rows are folded; each row below has its own origin",
}
"""Where a number needs no origin of its own, and why."""


def walk_numbers(page):
    """Yield every text of the page that holds a number and stands in no excepted place."""
    excepted = {id(tag) for selector in WITHOUT_ORIGIN for tag in page.select(selector)}
    for node in page.body.find_all(string=NUMBER):
        if not any(id(parent) in excepted for parent in node.parents):
            yield node


def has_origin(node, day):
    """Return whether a text's numbers lead to a source, or are said to be worked out, with how."""
    if not NUMBER.search(node.replace(day, "")):
        return True
    if node.find_parent(class_="src") is not None:
        return True
    worked_out = node.find_parent(class_="derived")
    if worked_out is not None:
        return bool(worked_out.get("title", "").strip())
    if node.find_parent(class_="tally") is not None:
        return True
    # A number is covered by a link beside it: in its cell or row, its item, its sentence, or its figure.
    holder = node.find_parent(["tr", "li", "p", "figure", "article", "details"])
    return holder is not None and holder.select_one("a.src") is not None


@pytest.fixture(scope="session")
def find_orphans():
    """Return a function that lists the numbers of a page that carry no origin."""

    def find(page):
        day = page.find("time").get_text()
        return [
            f"{(node.find_parent('section') or node.parent).get('id', '')}: {node.strip()[:80]}"
            for node in walk_numbers(page)
            if not has_origin(node, day)
        ]

    return find
