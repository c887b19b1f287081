"""One table alone: what is wrong with it is located, all at once; what can be read is."""

import pytest

from pactwork.errors import CaseError
from pactwork.facts.lone import read_poll_table, read_position_table, read_vote_table

POLLS = "pollster,fieldwork_end,sample_size,option,percent\n"
POSITIONS = "issue,actor,position,influence,salience,range\n"


def write(tmp_path, text, name="table.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(read, path):
    with pytest.raises(CaseError) as caught:
        read(path)
    for problem in caught.value.problems:
        assert all((problem.where, problem.found, problem.expected, problem.fix))
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("rows", "place", "words"),
    [
        ("p,2024-05-01,1000,yes,70\np,2024-05-01,1000,no,60\n", "table.csv:3 percent", "130 % in all"),
        ("p,2024-05-01,1000,yes,0.51\np,2024-05-01,1000,no,0.45\n", "table.csv:2 percent", "write 51, not 0.51"),
        ("p,2024-05-01,0,yes,50\n", "table.csv:2 sample_size", "at least 1"),
        ("p,2024-05-01,,yes,50\n", "table.csv:2 sample_size", "nothing"),
        ("Ifop,2024-05-01,900,yes,50\nIFOP,2024-06-01,900,yes,50\n", "table.csv:3 pollster", '"Ifop", as on line 2'),
        ("p,2024-05-01,900,yes,-3\n", "table.csv:2 percent", "0 to 100"),
        ("p,Oct-24,900,yes,50\n", "table.csv:2 fieldwork_end", "not guessed"),
        ("p,2024/..,900,yes,50\n", "table.csv:2 fieldwork_end", "a day from 1900 to 2200"),
        ("p,2024-05-01,900,yes,NaN\n", "table.csv:2 percent", "a number"),
        ("", "table.csv", "no row"),
    ],
)
def test_bad_polls_are_located(tmp_path, rows, place, words):
    found = problems_of(read_poll_table, write(tmp_path, POLLS + rows))
    assert any(line.startswith(place) and words in line for line in found), found


def test_all_problems_come_at_once(tmp_path):
    rows = "p,2024-05-01,0,yes,70\nP,2024-05-02,900,yes,70\nP,2024-05-02,900,no,60\n"
    assert len(problems_of(read_poll_table, write(tmp_path, POLLS + rows))) == 3


def test_a_column_that_is_missing_or_misspelt_is_named(tmp_path):
    text = "pollster,fieldwork_end,sample_siz,option,percent\np,2024-05-01,900,yes,50\n"
    found = problems_of(read_poll_table, write(tmp_path, text))
    assert any("table.csv:1 sample_size" in line for line in found)
    assert any("table.csv:1 sample_siz |" in line for line in found)


def test_columns_nobody_asked_for_are_passed_over(tmp_path):
    text = "url,pollster,fieldwork_end,sample_size,option,percent\nx,p,2024-05-01,900,yes,50\n"
    (row,) = read_poll_table(write(tmp_path, text)).rows
    assert (row["pollster"], row["sample_size"], row["percent"]) == ("p", 900, 50.0)


def test_files_from_a_desk_are_accepted(tmp_path):
    text = "\ufeffpollster;fieldwork_end;sample_size;option;percent\np;2024-05-01;900;yes;50,5\n"
    (row,) = read_poll_table(write(tmp_path, text)).rows
    assert row["percent"] == 50.5


def test_two_polls_of_one_pollster_on_one_day_are_two_and_a_copy_is_one(tmp_path):
    rows = "p,2024-05-01,900,yes,50\np,2024-05-01,900,no,45\n"
    other = "p,2024-05-01,900,yes,52\np,2024-05-01,900,no,45\n"
    found = read_poll_table(write(tmp_path, POLLS + rows + other + rows))
    assert len({row["poll"] for row in found.rows}) == 2
    assert len(found.rows) == 4
    assert found.repeated == 1


@pytest.mark.parametrize(
    ("rows", "place", "words"),
    [
        ("i,a,11,1,1,4..10\ni,b,5,1,1,\n", "table.csv:2 position", "a position from 4 to 10"),
        ("i,a,5,1,1,ten\n", "table.csv:2 range", "both ends"),
        ("i,a,5,1,1,10..4\n", "table.csv:2 range", "both ends"),
        ("i,a,5,1,1,4..10\ni,b,6,1,1,0..10\n", "table.csv:3 range", "as on line 2"),
        ("i,a,5,-1,1,\n", "table.csv:2 influence", "0 to 1,000,000,000"),
        ("i,a,1e308,1,1,\n", "table.csv:2 position", "-1,000,000,000 to"),
        ("i,a,5,1,,\n", "table.csv:2 salience", "nothing"),
        ("i,a,5,1,1,\ni,a,6,1,1,\n", "table.csv:3 issue + actor", "line 2 has it"),
        ("i,a,1,1,1,2\ni,b,5,1,1,2\n", "table.csv:3 position", "a position from 1 to 3"),
    ],
)
def test_bad_positions_are_located(tmp_path, rows, place, words):
    found = problems_of(read_position_table, write(tmp_path, POSITIONS + rows))
    assert any(line.startswith(place) and words in line for line in found), found


@pytest.mark.parametrize(
    ("written", "ends"),
    [("4..10", (4, 10)), ("4-10", (4, 10)), ("4–10", (4, 10)), ("[4; 10]", (4, 10)), ("-5 to 10", (-5, 10)),
     ("10", (0, 10)), ("6", (5, 11)), ("", (None, None))],
)  # fmt: skip
def test_the_scale_of_an_issue(tmp_path, written, ends):
    rows = read_position_table(write(tmp_path, POSITIONS + f"i,a,5,1,1,{written}\ni,b,7,1,1,\n"))
    assert {(row["bottom"], row["top"]) for row in rows} == {ends}


def test_positions_may_go_by_the_names_of_the_literature(tmp_path):
    text = "actor,capability,position_years,salience_0_100\na,0.08,4,80\n"
    (row,) = read_position_table(write(tmp_path, text))
    assert (row["influence"], row["position"], row["salience"]) == (0.08, 4, 80)


def test_votes_in_words_and_in_codes(tmp_path):
    table = read_vote_table(write(tmp_path, "year,rcid,POL,KOR\n2019,1,yes,Abstain\n2019,2,3,8\n2019,3,,no\n"))
    assert table.states == ("POL", "KOR")
    assert [(row["POL"], row["KOR"]) for row in table.rows] == [("yes", "abstain"), ("no", None), (None, "no")]


def test_bad_votes_are_located(tmp_path):
    found = problems_of(read_vote_table, write(tmp_path, "year,rcid,POL,KOR\n2019,1,maybe,no\n2019,2,yes,perhaps\n"))
    assert [line.split(" | ")[0] for line in found] == ["table.csv:2 POL", "table.csv:3 KOR"]
    assert "votes of two states" in problems_of(read_vote_table, write(tmp_path, "year,POL\n2019,yes\n"))[0]
    assert "no such file" in problems_of(read_vote_table, tmp_path / "none.csv")[0]
    bad = problems_of(read_vote_table, write(tmp_path, "iso3c,year,ideal_point\nPOL,2022,x\nPOL,2022,1\n"))
    assert bad[0].startswith("table.csv:2 ideal_point")


def test_another_table_altogether_is_said_to_be_one(tmp_path):
    """What holds none of the columns is no table without rows: what is missing is named, and nothing is concluded."""
    positions = write(tmp_path, POSITIONS + "i,a,5,1,1,\n")
    found = problems_of(read_poll_table, positions)
    assert any("pollster | found no such column" in line for line in found)
    assert any("influence | found an undeclared column" in line for line in found)
    assert not any("datapackage.json" in line for line in found)
