"""Tables of deals: read as they come, every problem located, a register read as a table."""

import polars as pl
import pytest

from pactwork import CaseError
from pactwork.facts.deals import read_deals, read_outcomes

HEAD = "deal_id,order_year,ordered,delivered"


def write(tmp_path, text, name="deals.csv"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def problems_of(call, *arguments, **more):
    with pytest.raises(CaseError) as caught:
        call(*arguments, **more)
    return {(one.where, one.found) for one in caught.value.problems}


def test_only_three_columns_are_needed(tmp_path):
    table = read_deals(write(tmp_path, "order_year,ordered,delivered\n2020,12,3\n2021,5,0\n"))
    assert table.frame.get_column("deal_id").to_list() == ["1", "2"]
    assert table.frame.get_column("planned_end").to_list() == [None, None]
    assert table.outcomes == {}


def test_a_table_from_a_desk_is_read_as_it_comes(tmp_path):
    table = read_deals(write(tmp_path, "\ufefforder_year;ordered;delivered;weight\n2020;12;3;1,5\n"))
    assert table.frame.select("ordered", "weight").rows() == [(12, 1.5)]


def test_everything_that_is_wrong_is_said_at_once_and_located(tmp_path):
    head = f"{HEAD},first_delivery_year,last_delivery_year,planned_start,planned_end,status,colour"
    rows = [
        "a,2020,-4,0,,,,,,",
        "b,2020,10,11,2021,2021,,,,",
        "c,2020,10,2,2018,2017,,,,",
        "d,2020,10,0,2021,,,,,",
        "e,2020,10,0,,,2026,2025,Borrowed,",
        "f,2030,10,0,,,,,,",
        "a,2020,10,0,,,2019,,,",
        "g,soon,10,,,,,,,",
    ]
    found = problems_of(read_deals, write(tmp_path, "\n".join([head, *rows]) + "\n"), last_year=2023)
    places = {where for where, _ in found}
    assert places == {
        "deals.csv:1 colour", "deals.csv:2 ordered", "deals.csv:3 delivered", "deals.csv:4 first_delivery_year",
        "deals.csv:4 last_delivery_year", "deals.csv:5 first_delivery_year", "deals.csv:6 planned_end",
        "deals.csv:6 status", "deals.csv:7 order_year", "deals.csv:8 deal_id", "deals.csv:8 planned_start",
        "deals.csv:9 order_year", "deals.csv:9 delivered",
    }  # fmt: skip
    assert ("deals.csv:3 delivered", "11 of 10 ordered") in found
    assert ("deals.csv:7 order_year", "2030") in found


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "deals.csv"),
        (f"{HEAD}\n", "deals.csv"),
        (b"\x00\x01\x02", "deals.csv"),
        ("order_year,ordered\n2020,4\n", "deals.csv:1 delivered"),
        (f"{HEAD}\na,2020,1e308,0\n", "deals.csv:2 ordered"),
        (f"{HEAD}\na,2020,nan,0\n", "deals.csv:2 ordered"),
        (f"{HEAD},delivered_2024\na,2020,5,0,6\n", "deals.csv:2 delivered_2024"),
    ],
)
def test_what_is_no_table_of_deals_is_located(tmp_path, text, where):
    assert where in {place for place, _ in problems_of(read_deals, write(tmp_path, text))}


def test_a_file_that_is_not_there_is_located(tmp_path):
    assert {where for where, _ in problems_of(read_deals, tmp_path / "none.csv")} == {"none.csv"}


def test_a_list_of_finished_deals_counts_as_delivered_only_where_it_may(tmp_path):
    path = write(tmp_path, "order_year,ordered,first_delivery_year,last_delivery_year\n2010,8,2012,2014\n")
    assert read_deals(path, complete=True).frame.get_column("delivered").to_list() == [8]
    assert ("deals.csv:1 delivered", "no such column") in problems_of(read_deals, path)


def test_outcomes_are_joined_by_id_in_the_order_of_the_deals(tmp_path):
    deals = read_deals(write(tmp_path, f"{HEAD}\na,2020,10,0\nb,2020,10,2\nc,2021,4,0\n"))
    later = write(tmp_path, "deal_id,delivered_2024,note\nc,4,x\na,3,y\nz,1,\n", "later.csv")
    assert read_outcomes(later, deals)[2024].to_list() == [3, None, 4]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("deal_id,delivered\na,3\n", "later.csv:1"),
        ("deal_id,delivered_2024\nq,3\n", "later.csv deal_id"),
        ("deal_id,delivered_2024\na,11\n", "later.csv:2 delivered_2024"),
        ("deal_id,delivered_2024\na,-1\n", "later.csv:2 delivered_2024"),
        ("deal_id,delivered_2024\na,1\na,2\n", "later.csv:3 deal_id"),
    ],
)
def test_outcomes_that_fit_no_deal_are_located(tmp_path, text, where):
    deals = read_deals(write(tmp_path, f"{HEAD}\na,2020,10,0\n"))
    assert where in {place for place, _ in problems_of(read_outcomes, write(tmp_path, text, "later.csv"), deals)}


def test_a_register_export_is_a_table_of_deals(shared):
    table = read_deals(shared / "data/sipri_register_sample.csv")
    assert table.last_year == 2023
    row = table.frame.filter((pl.col("recipient") == "Finland") & (pl.col("order_year") == 2017)).row(0, named=True)
    assert (row["ordered"], row["delivered"], row["first_delivery_year"], row["last_delivery_year"]) == (
        48,
        35,
        2018,
        2023,
    )
    assert (row["planned_start"], row["planned_end"], row["status"]) == (2018, 2024, "Second hand")
    assert not table.frame.filter(pl.col("designation").str.contains("KF-21")).height  # selected, not ordered
    assert any(one.found == "selected, not ordered" for one in table.notes)
    licensed = table.frame.filter(pl.col("licensed_production")).get_column("designation").to_list()
    assert "LPD-122m" in licensed


def test_the_practice_tables_are_well_formed(shared):
    opened = read_deals(shared / "data/deals_open_2023.csv", last_year=2023)
    assert (opened.frame.height, list(opened.outcomes)) == (402, [2024, 2025])
    assert read_deals(shared / "data/deals_completed.csv", complete=True).frame.height == 1200


def test_a_register_that_counts_more_than_was_ordered_counts_the_order_as_complete(shared, tmp_path):
    text = (shared / "data/sipri_register_sample.csv").read_bytes().decode("cp1252")
    line = next(one for one in text.splitlines() if one.startswith("Finland,South Korea,2017,"))
    path = write(tmp_path, text.replace(line, line.replace(",35,", ",50,", 1)), "register.csv")
    row = read_deals(path).frame.filter((pl.col("recipient") == "Finland") & (pl.col("order_year") == 2017))
    assert row.select("ordered", "delivered").row(0) == (48, 48)
