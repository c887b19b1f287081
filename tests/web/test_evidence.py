"""The list of every row says what the row and the ledger say."""

import dataclasses

import pytest

from pactwork import load_case
from pactwork.facts.ledger import split_list
from pactwork.facts.tables import LINE
from pactwork.web.cases import OpenCase
from pactwork.web.evidence import Asked, find_rows, list_rows


@pytest.fixture(scope="module")
def opened():
    return OpenCase(load_case("poland-korea"), "revision", bundled=True)


def test_a_row_is_about_the_systems_that_any_id_in_its_cells_stands_for(opened):
    """k2-1 and the contract that orders it stand for k2."""
    ledger, rows = opened.ledger, list_rows(opened)
    known = {row["system_id"]: {row["system_id"]} for row in ledger.rows("systems")}
    for lot in ledger.rows("lots"):
        for name in (lot["lot_id"], lot["instrument_id"]):
            known.setdefault(name, set()).add(lot["system_id"])
    for table in ledger.tables:
        for held in ledger.rows(table):
            parts = [part for cell in held.values() if isinstance(cell, str) for part in split_list(cell)]
            about = set().union(*(known.get(part, ()) for part in parts))
            assert rows[f"{ledger.path_of(table)}:{held[LINE]}"].systems == about


def test_a_row_is_about_the_systems_of_a_list(make_case, tiny):
    more = 'a-b,firms,2024,3,,,exact,count,paper,p,2,normal,,"aland; deal"\n'
    rows = list_rows(OpenCase(load_case(make_case(figures=tiny["figures"] + more)), "revision", bundled=False))
    assert rows["facts/figures.csv:8"].systems == {"t1"}
    assert rows["facts/figures.csv:5"].systems == frozenset()


def test_figures_stand_and_are_disputed_as_the_ledger_says(opened):
    ledger = opened.ledger
    disputed = {(one.table, one.line) for conflict in ledger.conflicts() for one in conflict.figures}
    pairs = {(one.subject, one.measure) for one in ledger.figures()}
    standing = {found.line for pair in pairs if (found := ledger.figure(*pair)) is not None}
    for row in list_rows(opened).values():
        assert row.disputed == ((row.table, row.line) in disputed)
        assert row.stands == (row.line in standing if row.table == "figures" else None)


def test_every_filter_keeps_what_fits_and_nothing_else(opened):
    rows = list(list_rows(opened).values())
    told = {
        Asked(q="k2 Arrived"): lambda row: "k2" in row.haystack and "arrived" in row.haystack,
        Asked(table="lots"): lambda row: row.table == "lots",
        Asked(system="k9"): lambda row: "k9" in row.systems,
        Asked(source="pism-219"): lambda row: row.source_id == "pism-219",
        Asked(grade="B"): lambda row: row.grade[0] == "B",
        Asked(only="standing"): lambda row: row.stands,
        Asked(only="disputed", system="k2"): lambda row: row.disputed and "k2" in row.systems,
    }
    for asked, fits in told.items():
        expected = [row for row in rows if fits(row)]
        assert expected
        assert find_rows(opened, asked) == expected
        newest = find_rows(opened, dataclasses.replace(asked, sort="newest"))
        assert newest == sorted(expected, key=lambda row: (-row.day.toordinal(), row.subject.casefold()))
