"""The audit: figures found where they are cited, planted errors told apart, and what no row uses."""

import json
import time
from dataclasses import replace

import polars as pl
import pytest
from fpdf import FPDF

from pactwork.errors import CaseError
from pactwork.facts.audit import audit_case
from pactwork.facts.audit.passages import Passage, pattern_of_names
from pactwork.facts.case import load_case
from pactwork.facts.documents import Paragraph

PAPER = "pism-219"
REPORT = """# A report on a partnership

## Orders

Under framework agreements of July 2022 Aland may buy up to 1,000 T1 tanks and 300 H2 howitzers,
with some production in Aland from 2026. The contracts,
estimated at $3.4 billion, include the purchase of 180 T1GF tanks by 2025, 90 H2 howitzers by 2027, and 20 boats.

To date, 62 T1 tanks and 46 H2 howitzers have been delivered. Trade in goods exceeded $11 billion in 2023, with Aland
recording a deficit of almost $9.5 billion. The first of 7 envoys came in July 2023.

## Opinion

In a survey by Pollco conducted in June of this year, 55% of respondents opposed arms supplies, while 34 per cent
supported them. Askers found 21% in favour in June. Aland became a partner in 2013, Cland in 2015. The two states agree,
and one of them pays.
"""
TABLES = {
    "sources": """source_id,title,producer,published,kind,reliability,redistributable
paper,A report,An institute,2024-10,think_tank,B,false
other,Another,An institute,2024-10,think_tank,B,false
""",
    "actors": """actor_id,name,kind,country
aland,Aland,state,
bland,Bland,state,
cland,Cland,state,
""",
    "systems": """system_id,name,aliases,category,unit,source_id,locator,credibility
t1,T1,T1A,tank,tank,paper,"Orders, para 1",2
h2,H2,Thunder,howitzer,howitzer,paper,"Orders, para 1",2
""",
    "instruments": """instrument_id,as_of,parent,name,kind,domain,level,signed,status,parties,source_id,locator,credibility
a-b,2013,,Partnership,partnership,dialogue,political,2013,in_force,aland;bland,paper,"Opinion, para 1",2
frame,2022-07,a-b,Framework agreements,framework,arms_supply,political,2022-07,signed,aland;bland,paper,"Orders, para 1",2
deal,2022-08-26,frame,Contract,contract,arms_supply,industrial,2022-08-26,in_force,aland;bland,other,page 1,2
""",
    "lots": """lot_id,as_of,instrument_id,system_id,variant,quantity,due,made_in,kind,source_id,locator,qualifier,credibility,note
t1-1,2022-08-26,deal,t1,T1GF,180,2022-12/2025,,firm,paper,"Orders, para 1",exact,2,
h2-1,2022-08-26,deal,h2,,90,2027,,firm,paper,"Orders, para 1",exact,2,
h2-rest,2022-08-26,frame,h2,,210,,,framework,paper,"Orders, para 1",at_most,3,derived: 300 - 90
t1-more,2022-08-26,frame,t1,,1000,2026/..,,framework,paper,"Orders, para 1",at_most,3,
""",
    "figures": """subject,measure,as_of,value,low,high,qualifier,unit,source_id,locator,credibility,rank,known_from,note
t1-1,delivered_unstated,2024-10,62,,,exact,item,paper,"Orders, para 2",2,normal,,
h2-1,delivered_unstated,2024-10,46,,,exact,item,paper,"Orders, para 2",2,normal,,
frame,framework_quantity,2022-07,1000,,,at_most,item,paper,"Orders, para 1",2,normal,,
a-b,value,2024-10,3.4,,,about,usd_bn_unstated,paper,"Orders, para 1",2,normal,,
a-b,goods_trade_total,2023,11,,,at_least,usd_bn,paper,"Orders, para 2",2,normal,,
aland,goods_balance,2023,-9.5,,,about,usd_bn,paper,"Orders, para 2",2,normal,,
""",
    "polls": """question_id,wording,population,subgroup,pollster,fieldwork_start,fieldwork_end,sample_size,option,percent,source_id,locator,credibility
q,binary,adults,all,pollco,2024-06-24,2024-06-26,,for,34,paper,"Opinion, para 1",2
q,binary,adults,all,pollco,2024-06-24,2024-06-26,,against,55,paper,"Opinion, para 1",2
q,binary,adults,all,askers,2024-06,2024-06,,for,21,paper,"Opinion, para 1",2
""",
    "events": """event_id,date,kind,title,actors,source_id,locator,credibility
partner,2013,milestone,Aland becomes a partner,aland;bland,paper,"Opinion, para 1",2
visit,2023-07,visit,First envoys,aland;bland,paper,"Orders, para 2",2
""",
    "positions": """issue,actor,position,low,high,influence,salience,scale,as_of,basis,source_id,locator,credibility,rationale
arms,aland,77,70,80,50,50,none to all,2024-10,judgement,paper,"Orders, para 1",6,a guess
""",
    "shipments": None,
}


def plant(ledger, table, needle, **changes):
    """Return the ledger with cells changed in the first row that holds the needle; errors no check would let in."""
    contents = ledger.contents[table]
    rows = list(contents.frame.iter_rows(named=True))
    planted = next(row for row in rows if needle in ",".join(str(value) for value in row.values()))
    planted.update(changes)
    frame = pl.DataFrame(rows, schema=contents.frame.schema)
    return replace(ledger, contents={**ledger.contents, table: replace(contents, frame=frame)}), planted["line"]


@pytest.fixture
def ledger(make_case):
    """The small case, sound."""
    return load_case(make_case(**TABLES))


@pytest.fixture
def audit(ledger, tmp_path):
    """Return a function that audits the small case, or another ledger, against the small report."""

    def run(document=REPORT, name="report.md", ledger=ledger):
        path = tmp_path / name
        path.write_bytes(document if isinstance(document, bytes) else document.encode())
        return audit_case(ledger, "paper", path)

    return run


@pytest.fixture
def audit_planted(audit, ledger):
    """Return a function that plants an error in the small case and returns the audit and the planted row's verdict."""

    def run(table, needle, changes):
        planted, line = plant(ledger, table, needle, **changes)
        result = audit(ledger=planted)
        (row,) = [row for row in result.rows if (row.table, row.row) == (table, line)]
        return result, row

    return run


def verdict_of(audit, table, key):
    (row,) = [row for row in audit.rows if row.table == table and row.key.startswith(key)]
    return row


def test_every_row_of_a_sound_case_is_found(audit):
    result = audit()
    assert [row for row in result.rows if row.verdict != "found"] == []
    assert result.cited == result.found == 19
    assert {row.table for row in result.rows} == {
        "systems", "instruments", "lots", "figures", "polls", "events",
    }  # fmt: skip


def test_uncited_numbers_are_those_that_no_row_uses(audit):
    assert [(each.number, each.place.split(":")[0]) for each in audit().uncited] == [
        ("20", "Orders, para 1"),
        ("7", "Orders, para 2"),
        ("2015", "Opinion, para 1"),
    ]


def test_places_are_locators_with_at_most_15_words(audit):
    result = audit()
    assert verdict_of(result, "figures", "t1-1").place.startswith("Orders, para 2: “To date, 62 T1 tanks")
    for place in [row.place for row in result.rows] + [each.place for each in result.uncited]:
        quotation = place.partition("“")[2].strip("”…")
        assert len(quotation.split()) <= 15


@pytest.mark.parametrize(
    ("needle", "changes", "verdict", "why"),
    [
        ("t1-1,delivered", {"value": 46}, "elsewhere", "something else"),
        ("t1-1,delivered", {"value": 47}, "missing", "nowhere"),
        ("t1-1,delivered", {"value": 180}, "elsewhere", "something else"),
        ("t1-1,delivered", {"value": 2025}, "missing", "nowhere"),
        ("t1-1,delivered", {"locator": "Orders, para 1"}, "elsewhere", "another place"),
        ("t1-1,delivered", {"locator": "Nowhere, para 1"}, "elsewhere", "another place"),
        ("t1-1,delivered", {"qualifier": "at_least"}, "elsewhere", "says exact"),
        ("t1-1,delivered", {"measure": "ordered"}, "elsewhere", "something else"),
        ("h2-1,delivered", {"value": 62}, "elsewhere", "something else"),
        ("frame,frame", {"qualifier": "exact"}, "elsewhere", "at most"),
        ("frame,frame", {"value": 180}, "elsewhere", "something else"),
        ("a-b,value", {"unit": "usd_m_unstated"}, "missing", "nowhere"),
        ("a-b,value", {"unit": "pln_bn_unstated"}, "elsewhere", "another unit"),
        ("a-b,value", {"value": 11}, "elsewhere", "something else"),
        ("goods_balance", {"value": -11, "qualifier": "at_least"}, "elsewhere", "something else"),
        ("goods_trade", {"value": 9.5, "qualifier": "about"}, "elsewhere", "something else"),
    ],
)
def test_planted_figures_are_told_apart(audit_planted, needle, changes, verdict, why):
    result, row = audit_planted("figures", needle, changes)
    assert result.found == result.cited - 1
    assert row.verdict == verdict
    assert why in row.why
    assert bool(row.place) == (verdict == "elsewhere")


@pytest.mark.parametrize(
    ("table", "needle", "changes", "verdict"),
    [
        ("lots", "t1-1", {"quantity": 90}, "elsewhere"),
        ("lots", "t1-1", {"quantity": 181}, "missing"),
        ("lots", "t1-1", {"due": "2027"}, "elsewhere"),
        ("lots", "t1-1", {"due": "2030"}, "missing"),
        ("lots", "h2-rest", {"quantity": 211}, "missing"),
        ("lots", "h2-rest", {"quantity": 120, "note": "derived: 300 - 180"}, "elsewhere"),
        ("lots", "h2-rest", {"note": "derived: 400 - 190"}, "missing"),
        ("lots", "h2-rest", {"note": "derived: 300 under the framework less 90 ordered"}, "found"),
        ("lots", "h2-rest", {"note": ""}, "missing"),
        ("polls", ",for,", {"percent": 55}, "elsewhere"),
        ("polls", ",for,", {"percent": 35}, "missing"),
        ("polls", ",for,", {"percent": 21}, "elsewhere"),
        ("polls", "askers", {"percent": 34}, "elsewhere"),
        ("lots", "t1-more", {"due": "2027/.."}, "elsewhere"),
        ("polls", ",for,", {"fieldwork_start": "2024-07", "fieldwork_end": "2024-07"}, "missing"),
        ("polls", ",for,", {"sample_size": 1007}, "missing"),
        ("events", "partner", {"date": "2015"}, "elsewhere"),
        ("events", "partner", {"date": "2014"}, "missing"),
        ("events", "visit", {"date": "2023-07-12"}, "found"),
        ("events", "visit", {"date": "2023-08"}, "elsewhere"),
        ("events", "visit", {"date": "../2023-09"}, "found"),
        ("events", "visit", {"title": "A strike of dockers"}, "elsewhere"),
        ("systems", "h2", {"locator": "Opinion, para 1"}, "elsewhere"),
        ("systems", "h2", {"name": "M9", "aliases": ""}, "missing"),
    ],
)
def test_planted_rows_of_other_tables_are_told_apart(audit_planted, table, needle, changes, verdict):
    _, row = audit_planted(table, needle, changes)
    assert row.verdict == verdict, row


def test_of_two_names_in_one_breath_the_nearer_has_the_number():
    passage = Passage(Paragraph("Orders", 1, "There are 62 T1 tanks beside 46 H2 howitzers by now."))
    own, rivals = pattern_of_names(["T1"]), pattern_of_names(["H2"])
    claims = [passage.is_about(quantity, own, rivals, near=True) for quantity in passage.quantities]
    assert claims == [True, False]


def test_a_date_finer_than_the_document_is_found_with_a_remark(audit_planted):
    _, row = audit_planted("events", "visit", {"date": "2023-07-12"})
    assert (row.verdict, row.why) == ("found", "the document gives only July 2023")


def claims(text, locator="Orders, para 2"):
    return f'claim_id,source_id,locator,kind,text,evidence,standing\nc1,paper,"{locator}",fact,"{text}",,supported\n'


@pytest.mark.parametrize(
    ("text", "locator", "verdict"),
    [
        ("Sixty-two tanks are there", "Orders, para 2", "found"),
        ("Trade is above 11 000 million US dollars, 9.5bn of it a deficit", "Orders, para 2", "found"),
        ("There is a plan", "Orders", "found"),
        ("There is a plan", "Orders, para 3", "missing"),
        ("180 tanks are ordered", "Orders, para 2", "elsewhere"),
        ("63 tanks are there", "Orders, para 2", "missing"),
    ],
)
def test_claims_must_have_their_paragraph_and_its_numbers(audit, make_case, text, locator, verdict):
    ledger = load_case(make_case("claimed", **TABLES, claims=claims(text, locator)))
    assert verdict_of(audit(ledger=ledger), "claims", "c1").verdict == verdict


def test_judgement_is_not_audited(audit):
    assert not any(row.table == "positions" for row in audit().rows)


def test_pulled_out_quotations_do_not_count(audit, ledger):
    quoted = REPORT + "\n## Box\n\nTo date, 62 T1 tanks and 46 H2 howitzers have been delivered.\n"
    planted, _ = plant(ledger, "figures", "t1-1,delivered", locator="Box, para 1")
    assert verdict_of(audit(quoted, ledger=planted), "figures", "t1-1").verdict == "elsewhere"


def test_html_and_pdf_give_the_same_verdicts(audit):
    blocks = [block.replace("\n", " ") for block in REPORT.strip().split("\n\n")]
    page, pdf = ["<html><body>"], FPDF()
    pdf.add_page()
    for block in blocks:
        level = len(block) - len(block.lstrip("#"))
        words = block.lstrip("# ")
        page.append(f"<h{level}>{words}</h{level}>" if level else f"<p>{words}</p>")
        pdf.set_font("Helvetica", "", 16 if level else 11)
        pdf.multi_cell(0, 6, words, new_x="LMARGIN", new_y="NEXT")
        pdf.ln(4)
    plain = audit().as_dict()
    assert audit("".join(page), "report.html").as_dict() == plain
    assert audit(bytes(pdf.output()), "report.pdf").as_dict() == plain


def test_as_dict_is_the_json_of_the_command(audit):
    result = json.loads(json.dumps(audit().as_dict()))
    assert list(result) == ["source", "cited", "found", "rows", "uncited"]
    assert {"table", "row", "value", "verdict", "place"} <= set(result["rows"][0])
    figure = next(row for row in result["rows"] if row["table"] == "figures")
    assert (figure["row"], figure["value"], figure["verdict"]) == (2, 62, "found")
    assert set(result["uncited"][0]) == {"number", "place"}


def test_an_unknown_source_and_a_missing_document_are_problems(ledger, tmp_path):
    with pytest.raises(CaseError) as caught:
        audit_case(ledger, "nobody", tmp_path / "report.md")
    assert '"nobody"' in str(caught.value.problems[0])
    with pytest.raises(CaseError) as caught:
        audit_case(ledger, "paper", tmp_path / "report.md")
    assert "report.md" in str(caught.value.problems[0])


def test_the_bundled_case_stands_in_the_paper(shared):
    ledger = load_case("poland-korea")
    start = time.perf_counter()
    result = audit_case(ledger, PAPER, shared / "source" / "pism-policy-paper-219.txt")
    assert time.perf_counter() - start < 2
    assert [(row.table, row.row, row.why) for row in result.rows if row.verdict != "found"] == []
    assert result.cited > 200
    assert {each.number for each in result.uncited} <= {"6", "219"}


@pytest.mark.parametrize(("value", "verdict"), [(46, "elsewhere"), (47, "missing"), (62, "found")])
def test_planted_deliveries_in_the_bundled_case(shared, value, verdict):
    sound = load_case("poland-korea")
    rows = sound.rows("figures")
    cited = [
        row for row in rows if (row["subject"], row["source_id"]) == ("k2-1", PAPER) and "delivered" in row["measure"]
    ]
    needle = ",".join(str(value) for value in cited[0].values())
    planted, line = plant(sound, "figures", needle, value=float(value))
    result = audit_case(planted, PAPER, shared / "source" / "pism-policy-paper-219.txt")
    (row,) = [row for row in result.rows if (row.table, row.row) == ("figures", line)]
    assert (row.key.split(",")[0], row.verdict, row.value) == ("k2-1", verdict, value)
    assert all(other.verdict == "found" for other in result.rows if other.table == "figures" and other is not row)
