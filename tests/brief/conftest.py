"""Briefs that several tests read, written once: of the bundled case, and of a small case whose text is hostile."""

from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTTextContainer, LTTextLine

from pactwork.brief import write_brief
from pactwork.facts.case import load_case

SIGNS = "<script>alert(1)</script> #include \"x.typ\" $x$ *bold* _it_ @ref =cmd|' /C calc'!A0 &amp; \\ `raw` // --"
HOSTILE = f"{SIGNS} \u202eflow\u202c עברית żółć {'W' * 300}"


@pytest.fixture(scope="session")
def written(tmp_path_factory):
    """The brief of the bundled case, without futures, in all its forms."""
    return write_brief(load_case("poland-korea"), tmp_path_factory.mktemp("brief"))


@pytest.fixture(scope="session")
def hostile(tmp_path_factory, tiny):
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
    (folder / "case/case.toml").write_text(tables.pop("case.toml"), encoding="utf-8")
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
