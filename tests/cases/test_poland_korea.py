"""The bundled case says what its sources say: the paper's own table, and the rules of honest data."""

import re

import polars as pl
import pytest

from pactwork import load_case
from pactwork.facts.new import describe_package
from pactwork.facts.orders import current_lots
from pactwork.facts.schema import standard
from pactwork.facts.status import make_status

PARAGRAPHS = {"Introduction": 3, "Development of Cooperation": 8, "Challenges": 6, "Recommendations": 6}


@pytest.fixture(scope="module")
def ledger():
    return load_case("poland-korea")


def systems(ledger):
    return {one["system"]: one for one in make_status(ledger).as_dict()["systems"]}


def test_the_table_of_the_paper(ledger):
    found = {name: (one["ordered"], one["delivered"], one["due"]) for name, one in systems(ledger).items()}
    assert found == {
        "K2": (180, 62, "2025"),
        "K9": (364, 108, "2027"),
        "K239": (290, 46, "2029"),
        "FA-50": (48, 12, "2028"),
    }


def test_the_basis_of_each_count_is_told(ledger):
    assert {name: one["basis"] for name, one in systems(ledger).items()} == {
        "K2": "arrived",
        "K9": "delivered_unstated",
        "K239": "delivered_unstated",
        "FA-50": "arrived",
    }


def test_the_end_of_2023(ledger):
    found = {name: one["delivered"] for name, one in systems(ledger.as_of("2023-12-31")).items()}
    assert found == {"K2": 28, "K9": 66, "K239": 1, "FA-50": 12}


def test_what_could_be_known_at_the_end_of_2023_holds_no_later_count(ledger):
    known = ledger.known_by("2023-12-31")
    assert known.figure("k9-1", "arrived").value == 66
    assert known.figures("k9-1", "delivered_unstated") == ()
    assert known.figure("pl-kr", "value") is None


def test_the_total_stands_beside_the_sum_of_its_contracts(ledger):
    value = make_status(ledger).as_dict()["value"]
    assert value["stated"]["value"] == 16.6
    assert value["sum_of_contracts"] == pytest.approx(3.37 + 2.4 + 2.6 + 3.55 + 1.6 + 0.705 + 2.3)
    assert value["without_value"] == []


def test_lots_have_the_names_others_rely_on(ledger):
    lots = {lot.lot_id: (lot.quantity, lot.kind) for lot in current_lots(ledger)}
    firm = {"k2-1": 180, "k9-1": 212, "k9-2": 152, "homar-k-1": 218, "homar-k-2": 72, "fa-50gf": 12, "fa-50pl": 36}
    assert {name: lots[name] for name in firm} == {name: (number, "firm") for name, number in firm.items()}
    assert lots["k2pl"] == (820, "framework")


def test_290_modules_stand_under_a_framework_for_288(ledger):
    assert [one for one in ledger.discrepancies if "290 ordered" in one.found and "288" in one.expected]


def test_rivals_named_by_the_sources_stand_side_by_side(ledger):
    conflicts = {(one.subject, frozenset(f.value for f in one.figures)) for one in ledger.conflicts()}
    assert ("k9-1", frozenset({84, 89})) in conflicts
    assert ("kr-arms-ukraine", frozenset({34, 35})) in conflicts
    assert ledger.figure("pl-kr", "distance_km").value == 8000
    assert ledger.figures("pl-kr", "sea_distance_km")


def test_figures_are_a_frame_with_the_columns_of_the_case_format(ledger):
    columns = "subject,measure,as_of,value,low,high,qualifier,unit,source_id,locator,credibility,rank,known_from,note"
    frame = ledger.table("figures")
    assert isinstance(frame, pl.DataFrame)
    assert frame.columns == columns.split(",")


def test_every_fact_row_has_source_locator_and_grade(ledger):
    for name in ledger.tables:
        frame = ledger.table(name)
        if name in ("sources", "actors"):
            continue
        assert frame["source_id"].null_count() == 0, name
        assert frame["locator"].null_count() == 0, name
        if "credibility" in frame.columns:
            assert frame["credibility"].null_count() == 0, name


def test_every_paragraph_of_the_paper_has_a_claim(ledger):
    claims = ledger.table("claims").filter(pl.col("source_id") == "pism-219")
    told = set(claims["locator"])
    assert {f"{name}, para {n}" for name, many in PARAGRAPHS.items() for n in range(1, many + 1)} <= told


def test_recommendations_say_whose_they_are(ledger):
    frame = ledger.table("recommendations")
    assert set(frame["origin"]) == {"paper", "ours"}
    ours = frame.filter(pl.col("origin") == "ours")
    assert set(ours["source_id"]) == {"judgement-2024-10"}
    assert set(frame.filter(pl.col("origin") == "paper")["source_id"]) == {"pism-219"}


def test_judgements_have_a_range_and_a_reason(ledger):
    for name in ("requirements", "positions", "threats"):
        judged = ledger.table(name).filter(pl.col("basis") == "judgement")
        assert judged.height
        assert judged["rationale"].str.len_chars().min() > 30


def test_no_row_of_the_register_is_held(ledger):
    held = " ".join(str(value) for name in ledger.tables for row in ledger.table(name).rows() for value in row)
    assert "sipri" not in held.lower()


def test_the_case_declares_its_tables_as_the_standard_does(ledger):
    """The case's datapackage.json is for other tools; it is made from the standard and must not drift from it."""
    text = (ledger.root / "datapackage.json").read_text("utf-8")
    assert text == describe_package(ledger.about.name, ledger.about.title)
    assert ledger.package.resources == standard().resources


def test_no_sentence_of_the_paper_is_copied(ledger, shared):
    words = re.findall(r"[a-z0-9]+", (shared / "source" / "pism-policy-paper-219.txt").read_text().lower())
    runs = {tuple(words[i : i + 9]) for i in range(len(words) - 8)}
    for name in ledger.tables:
        if name == "sources":  # titles are what documents are found by
            continue
        for row in ledger.table(name).select(pl.col(pl.String)).rows():
            for cell in filter(None, row):
                ours = re.findall(r"[a-z0-9]+", cell.lower())
                copied = [ours[i : i + 9] for i in range(len(ours) - 8) if tuple(ours[i : i + 9]) in runs]
                assert not copied, (name, " ".join(copied[0]))
