"""Rows that are added: judged by the case's own rules, at the end of the file, and nothing else touched."""

import pytest

from pactwork.errors import CaseError
from pactwork.facts.adding import ChangedMeanwhile, add_row, digest_table, find_hindrance
from pactwork.facts.case import load_case

ROW = {"subject": "t1-1", "measure": "arrived", "as_of": "2024-10-20", "value": "70", "qualifier": "exact",
       "unit": "item", "source_id": "paper", "locator": 'para "9", end', "credibility": "2", "rank": "normal"}  # fmt: skip


def file_of(root, name="figures"):
    return root / "facts" / f"{name}.csv"


@pytest.mark.parametrize("ends", ["\n", "", "\r\n"])
def test_a_row_stands_at_the_end_and_all_else_stays(make_case, ends, tiny):
    text = tiny["figures"].rstrip("\n").replace("\n", "\r\n" if ends == "\r\n" else "\n") + ends
    root = make_case(figures=text)
    old = file_of(root).read_bytes()
    added = add_row(load_case(root), "figures", ROW)
    new = file_of(root).read_bytes()
    assert new.startswith(old)
    assert (added.path, added.line) == ("facts/figures.csv", 8)
    ledger = load_case(root)
    assert next(row for row in ledger.rows("figures") if row["line"] == 8)["locator"] == 'para "9", end'
    assert ledger.figure("t1-1", "arrived").value == 70
    assert b"\r\n" not in new or new.count(b"\r\n") == new.count(b"\n")


def test_a_row_that_breaks_a_rule_is_refused_with_all_its_problems_and_nothing_is_written(make_case):
    root = make_case()
    old = file_of(root).read_bytes()
    with pytest.raises(CaseError) as refused:
        add_row(load_case(root), "figures", {**ROW, "as_of": "2024-13", "source_id": "nobody", "rank": ""})
    assert {one.where for one in refused.value.problems} >= {
        f"facts/figures.csv:8 {name}" for name in ("as_of", "source_id", "rank")
    }
    assert file_of(root).read_bytes() == old
    assert not list(file_of(root).parent.glob(".*"))


def test_a_rule_about_the_whole_case_counts_too(make_case):
    root = make_case()
    with pytest.raises(CaseError, match="180"):
        add_row(load_case(root), "figures", {**ROW, "value": "200"})  # more than was ordered


def test_a_row_can_be_judged_without_writing_it(make_case):
    root = make_case()
    old = file_of(root).read_bytes()
    assert add_row(load_case(root), "figures", ROW, write=False).line == 8
    assert file_of(root).read_bytes() == old


def test_a_file_that_changed_meanwhile_is_told(make_case):
    root = make_case()
    ledger = load_case(root)
    digest = digest_table(ledger, "figures")
    file_of(root).write_bytes(file_of(root).read_bytes() + b"\n")
    with pytest.raises(ChangedMeanwhile):
        add_row(ledger, "figures", ROW, digest=digest)
    add_row(ledger, "figures", ROW, digest=digest_table(ledger, "figures"))


def test_a_table_the_case_does_not_have_begins_with_its_header(make_case):
    root = make_case()
    ledger = load_case(root)
    digest = digest_table(ledger, "ports")
    assert digest == ""
    row = {"port_id": "p", "name": "Port", "country": "PL", "role": "import", "latitude": "54.5", "longitude": "18.5",
           "source_id": "paper", "locator": "para 1", "credibility": "2"}  # fmt: skip
    declared = ledger.package.table("ports").column("role").categories
    row["role"] = declared[0].value if declared else "import"
    assert add_row(ledger, "ports", row, digest=digest).line == 2
    assert load_case(root).table("ports").height == 1


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "@SUM(1)", "+1+1", "-2+3", "  =1+1", "＝1"])
def test_what_a_spreadsheet_would_run_is_refused(make_case, text):
    root = make_case()
    old = file_of(root).read_bytes()
    with pytest.raises(CaseError) as refused:
        add_row(load_case(root), "figures", {**ROW, "note": text})
    assert [one.where for one in refused.value.problems] == ["facts/figures.csv note"]
    assert "spreadsheet" in refused.value.problems[0].expected
    assert file_of(root).read_bytes() == old


def test_unknown_and_empty_and_long_cells_are_refused(make_case):
    ledger = load_case(make_case())
    for cells, words in (
        ({"nothing": "1"}, "no such column"), ({"subject": "  "}, "an empty row"), ({"note": "x" * 10_001}, "10,001"),
        ({**ROW, "note": "a\x00b"}, "control"),
    ):  # fmt: skip
        with pytest.raises(CaseError, match=words):
            add_row(ledger, "figures", cells)


def test_a_column_the_file_lacks_is_not_added_by_stealth(make_case):
    with pytest.raises(CaseError, match="does not have"):
        add_row(load_case(make_case()), "lots", {"lot_id": "x", "qualifier": "exact"})


def test_a_bundled_case_and_a_workbook_are_for_reading(make_case):
    bundled = load_case("poland-korea")
    with pytest.raises(CaseError, match="came with the package"):
        add_row(bundled, "figures", ROW)
    root = make_case()
    assert find_hindrance(load_case(root), "ports") is None
