import pytest

from pactwork.facts.reading import RawTable
from pactwork.facts.schema import TableDeclaration
from pactwork.facts.tables import type_table

DECLARATION = TableDeclaration.model_validate(
    {
        "name": "t",
        "path": "facts/t.csv",
        "schema": {
            "primaryKey": ["id", "day"],
            "fields": [
                {"name": "id", "type": "string", "constraints": {"required": True, "pattern": "[a-z]+"}},
                {"name": "day", "type": "string", "pactwork:form": "edtf"},
                {"name": "share", "type": "number", "constraints": {"minimum": 0, "maximum": 100}},
                {"name": "items", "type": "integer"},
                {"name": "open", "type": "boolean"},
                {"name": "kind", "type": "string", "categories": ["firm", "option"]},
            ],
        },
    }
)
HEADER = ["id", "day", "share", "items", "open", "kind"]


def typed(*rows, decimal_comma=False, header=HEADER):
    raw = RawTable(
        "t", "facts/t.csv", header, [list(row) for row in rows], list(range(2, 2 + len(rows))), decimal_comma
    )
    return type_table(raw, DECLARATION)


def test_cells_get_their_types():
    table = typed(("a", "2024-10", "9.5", "62", "true", "firm"), ("b", "", "", "", "", ""))
    assert table.problems == ()
    assert table.frame.rows() == [("a", "2024-10", 9.5, 62, True, "firm", 2), ("b", None, None, None, None, None, 3)]


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("id", "", "a value"),
        ("id", "Ä", "[a-z]+"),
        ("day", "2025-13", "EDTF"),
        ("day", "Oct-24", "EDTF"),
        ("share", "120", "0 to 100"),
        ("share", "-1", "0 to 100"),
        ("share", "about 5", "a number"),
        ("share", "nan", "a number"),
        ("share", "1e999", "a number"),
        ("share", "1,000", "a number"),
        ("items", "1.5", "a whole number"),
        ("items", "99999999999999999999", "a whole number"),
        ("open", "perhaps", "true or false"),
        ("kind", "Firm", "firm, option"),
    ],
)
def test_each_wrong_cell_is_located(column, cell, expected):
    good = dict(zip(HEADER, ("a", "2024", "5", "1", "yes", "firm"), strict=True))
    table = typed(("x", "2023", "5", "1", "no", "firm"), tuple({**good, column: cell}.values()))
    assert [one.where for one in table.problems] == [f"facts/t.csv:3 {column}"]
    assert expected in table.problems[0].expected
    assert table.frame.get_column(column)[1] is None


def test_all_problems_come_at_once():
    assert len(typed(("", "x", "x", "x", "x", "x")).problems) == 6


def test_a_decimal_comma_is_read_where_it_is_one():
    assert typed(("a", "", "9,5", "", "", "")).frame["share"][0] == 9.5
    assert typed(("a", "", "1,125", "", "", ""), decimal_comma=True).frame["share"][0] == 1.125
    assert "1000" not in str(typed(("a", "", "1,000", "", "", "")).frame["share"][0])


@pytest.mark.parametrize("cell", ["1,000", "1.000", "12,000"])
@pytest.mark.parametrize("decimal_comma", [True, False])
def test_grouped_thousands_are_never_read_as_a_small_number(cell, decimal_comma):
    table = typed(("a", "", "", cell, "", ""), decimal_comma=decimal_comma)
    assert [one.where for one in table.problems] == ["facts/t.csv:2 items"]


def test_a_month_name_is_diagnosed_not_guessed():
    problem = typed(("a", "Oct-24", "", "", "", "")).problems[0]
    assert "not guessed" in problem.fix


def test_a_repeated_key_names_the_row_it_repeats():
    table = typed(("a", "2024", "", "", "", ""), ("a", "2024", "", "", "", ""), ("a", "2025", "", "", "", ""))
    assert [(one.where, one.expected) for one in table.problems] == [
        ("facts/t.csv:3 id + day", "a key of its own (line 2 has it)")
    ]


def test_missing_and_extra_columns():
    table = typed(("2024", "x"), header=["day", "colour"])
    assert {one.where for one in table.problems} == {"facts/t.csv:1 id", "facts/t.csv:1 colour"}
    assert not table.whole
    optional_left_out = typed(("a",), header=["id"])
    assert optional_left_out.problems == ()
    assert optional_left_out.whole
