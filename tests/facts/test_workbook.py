"""Workbooks: what is read is what the cell shows, and what is written comes back and cannot run."""

import datetime as dt
import re
import zipfile

import openpyxl
import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pactwork.errors import CaseError
from pactwork.facts.case import load_case
from pactwork.facts.schema import standard
from pactwork.facts.sheets import escape, unescape
from pactwork.facts.tables import CONTROL, type_table
from pactwork.facts.workbook import read_workbook, write_workbook

HEADER = ["lot_id", "as_of", "quantity", "due", "note"]


def save(tmp_path, rows, title="lots", name="facts.xlsx", change=None):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    if change:
        change(book, sheet)
    book.save(tmp_path / name)
    return tmp_path / name


def read_one(tmp_path, value, number_format=None):
    def change(_, sheet):
        sheet["B2"] = value
        if number_format:
            sheet["B2"].number_format = number_format

    raw = read_workbook(save(tmp_path, [HEADER, ["a", None, 1, None, "n"]], change=change), standard())["lots"]
    return raw.rows[0][1], raw.problems


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (28.0, "28"),
        (28, "28"),
        (3.37, "3.37"),
        (1e-7, "1e-07"),
        (12345678.125, "12345678.125"),
        (True, "true"),
        (False, "false"),
        ("2024-10", "2024-10"),
        ("  padded ", "padded"),
        ("007", "007"),
        (None, ""),
    ],
)
def test_cells_become_text(tmp_path, value, text):
    assert read_one(tmp_path, value) == (text, [])


@pytest.mark.parametrize("shown", ["yyyy-mm-dd", "dd/mm/yyyy", "mm-dd-yy", '[$-809]d" of "mmmm yyyy', "d.m.yy;@"])
def test_a_date_shown_whole_becomes_iso(tmp_path, shown):
    assert read_one(tmp_path, dt.date(2024, 10, 3), shown) == ("2024-10-03", [])


@pytest.mark.parametrize("shown", ["mmm-yy", "d-mmm", "yyyy", "mmmm yyyy", '"day" mmm-yy'])
def test_a_date_shown_in_part_is_diagnosed(tmp_path, shown):
    text, (problem,) = read_one(tmp_path, dt.date(2024, 10, 1), shown)
    assert text == ""
    assert problem.where == "facts.xlsx!lots:B2"
    assert "2024-10-01" in problem.found
    assert "not guessed" in problem.fix


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (dt.datetime(2024, 10, 3, 14, 5), "yyyy-mm-dd hh:mm"),
        (dt.time(14, 5), "hh:mm"),
        (0.55, "0%"),
        ("=1+1", None),
        ("#N/A", None),
    ],
)
def test_what_is_no_plain_value_is_located(tmp_path, value, shown):
    text, (problem,) = read_one(tmp_path, value, shown)
    assert text == ""
    assert problem.where == "facts.xlsx!lots:B2"


def test_rows_keep_their_numbers_and_empty_ends_are_passed_over(tmp_path):
    rows = [[], HEADER, ["a", "2024", 1, None, "n"], [], ["b", "2024", 2], [None, None, None, None, None, None, " "]]
    raw = read_workbook(save(tmp_path, rows), standard())["lots"]
    assert raw.header == HEADER
    assert raw.lines == [3, 5]
    assert raw.rows == [["a", "2024", "1", "", "n"], ["b", "2024", "2", "", ""]]
    assert raw.problems == []


def test_a_cell_beyond_the_header_is_a_problem(tmp_path):
    raw = read_workbook(save(tmp_path, [HEADER, ["a", "2024", 1, None, None, "stray"]]), standard())["lots"]
    assert [problem.where for problem in raw.problems] == ["facts.xlsx!lots:2"]


def test_what_stands_far_away_is_neither_lost_nor_a_burden(tmp_path):
    def change(_, sheet):
        sheet["XFD1048576"] = "far"

    (problem,) = read_workbook(save(tmp_path, [HEADER, ["a"]], change=change), standard())["lots"].problems
    assert problem.where == "facts.xlsx!lots:1048576"

    def widen(_, sheet):
        sheet["XFD1"] = "far"

    (problem,) = read_workbook(save(tmp_path, [HEADER, ["a"]], change=widen), standard())["lots"].problems
    assert "columns" in problem.found


def test_merged_cells_are_located(tmp_path):
    path = save(tmp_path, [HEADER, ["a"]], change=lambda _, sheet: sheet.merge_cells("A2:B3"))
    (problem,) = read_workbook(path, standard())["lots"].problems
    assert (problem.where, problem.found) == ("facts.xlsx!lots:A2:B3", "merged cells")


def test_an_empty_sheet_is_a_problem(tmp_path):
    (problem,) = read_workbook(save(tmp_path, []), standard())["lots"].problems
    assert (problem.where, problem.found) == ("facts.xlsx!lots", "an empty sheet")


def problems_of(path):
    with pytest.raises(CaseError) as raised:
        read_workbook(path, standard())
    return raised.value.problems


def test_sheets_nobody_declared_are_problems_but_read_me_is_not(tmp_path):
    def change(book, _):
        book.create_sheet("Read me")
        book.create_sheet("my notes")

    (problem,) = problems_of(save(tmp_path, [HEADER], change=change))
    assert problem.where == "facts.xlsx!my notes"
    assert "lots" in problem.expected


def test_files_that_are_no_workbook(tmp_path):
    path = tmp_path / "facts.xlsx"
    for content in (b"", b"nothing", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"PK\x03\x04" + b"x" * 50):
        path.write_bytes(content)
        (problem,) = problems_of(path)
        assert problem.where == "facts.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    problems_of(path)
    problems_of(tmp_path / "none.xlsx")


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / "facts.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (130 * 1024 * 1024))
    (problem,) = problems_of(path)
    assert "MB unpacked" in problem.found


def rewrite(path, change):
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, change(name, content))


def test_the_size_a_sheet_claims_is_not_believed(tmp_path):
    path = save(tmp_path, [HEADER, ["a", "2024", 1]])
    rewrite(path, lambda _, content: re.sub(rb'<dimension ref="[^"]+"', b'<dimension ref="A1:XFD1048576"', content))
    assert read_workbook(path, standard())["lots"].rows == [["a", "2024", "1", "", ""]]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 10**6), data=st.binary(min_size=1, max_size=40))
def test_damage_ends_in_a_problem_or_a_table(tmp_path_factory, at, data):
    folder = tmp_path_factory.mktemp("damage")
    path = save(folder, [HEADER, ["a", "2024", 1]])

    def damage(name, content):
        place = at % (len(content) + 1)
        return content[:place] + data + content[place + len(data) :] if name.endswith("1.xml") else content

    rewrite(path, damage)
    try:
        tables = read_workbook(path, standard())
    except CaseError as error:
        problems = error.problems
    else:
        assert tables.keys() <= {"lots"}
        problems = [problem for table in tables.values() for problem in table.problems]
    assert all(problem.where.startswith("facts.xlsx") for problem in problems)


# --- writing ----------------------------------------------------------------------------------------------------

CELL_TEXT = (
    st.one_of(st.text(max_size=12), st.sampled_from(["=1+1", "+1", "-2", "@SUM(A1)", "#N/A", "007", "2024-10", "_x0041_"]))
    .map(lambda text: CONTROL.sub("", text).strip())  # a table refuses control characters, whatever holds it
    .map(lambda text: text or None)
)  # fmt: skip
FRAMES = st.lists(
    st.tuples(
        CELL_TEXT,
        st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)),
        CELL_TEXT,
    ),
    max_size=5,
)


def read_back(frame, path):
    table = standard().table("figures")
    raw = read_workbook(path, standard())["figures"]
    assert raw.problems == []
    return type_table(raw, table).frame.select(frame.columns)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=FRAMES)
@example(rows=[("=cmd|' /C calc'!A0", 0.1 + 0.2, "a\r\nb_x000D_c")])
def test_what_is_written_comes_back(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("round") / "facts.xlsx"
    rows = [row for row in rows if any(value is not None for value in row)]
    schema = {"note": pl.String, "value": pl.Float64, "locator": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    write_workbook({"figures": frame}, standard(), path)
    assert read_back(frame, path).equals(frame)


def test_no_written_cell_can_run(tmp_path):
    frame = pl.DataFrame({"note": ["=1+1", "+A1", "-A1", "@x", "\t=1", "#REF!", "plain"]})
    write_workbook({"figures": frame}, standard(), tmp_path / "facts.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "facts.xlsx")["figures"]
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [bool(cell.quotePrefix) for cell in cells] == [True] * 5 + [False] * 2
    assert {cell.number_format for cell in cells} == {"@"}


def test_cells_no_spreadsheet_can_hold_are_located(tmp_path):
    frame = pl.DataFrame({"note": ["x" * 40_000, None], "value": [1.0, float("inf")]})
    with pytest.raises(CaseError) as raised:
        write_workbook({"figures": frame}, standard(), tmp_path / "facts.xlsx")
    assert [problem.where for problem in raised.value.problems] == ["figures:2 note", "figures:3 value"]
    assert not (tmp_path / "facts.xlsx").exists()


def test_a_case_in_a_workbook_is_the_same_case(make_case, tmp_path):
    root = make_case()
    ledger = load_case(root)
    frames = {name: ledger.table(name) for name in ledger.tables}
    for path in (root / "facts").glob("*.csv"):
        path.unlink()
    write_workbook(frames, ledger.package, root / "facts.xlsx")
    again = load_case(root)
    assert again.tables == ledger.tables
    assert all(again.table(name).equals(frame) for name, frame in frames.items())
    assert again.figure("t1-1", "arrived").value == ledger.figure("t1-1", "arrived").value


def test_problems_of_a_workbook_are_located_like_those_of_a_file(make_case):
    root = make_case(lots=None)
    rows = [["lot_id", "as_of", "instrument_id", "system_id", "quantity", "due", "kind", "source_id", "locator"]]
    rows.append(["t1-1", "2022", "deal", "t1", "many", "Oct-24", "firm", "paper", "p"])
    save(root, rows)
    with pytest.raises(CaseError) as raised:
        load_case(root)
    places = {problem.where for problem in raised.value.problems}
    assert {"facts.xlsx!lots:2 quantity", "facts.xlsx!lots:2 due"} <= places


def test_help_for_the_person_who_fills_it_in(tmp_path):
    frame = pl.DataFrame(schema=dict.fromkeys(standard().table("figures").columns, pl.String))
    write_workbook({"figures": frame}, standard(), tmp_path / "facts.xlsx")
    book = openpyxl.load_workbook(tmp_path / "facts.xlsx")
    assert book.sheetnames == ["Read me", "figures"]
    sheet = book["figures"]
    columns = {cell.value: cell for cell in sheet[1]}
    assert sheet.freeze_panes == "A2"
    assert all(cell.comment and cell.comment.text for cell in columns.values())
    assert sheet.column_dimensions[columns["as_of"].column_letter].number_format == "@"
    rules = {str(rule.sqref).rstrip("0123456789"): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert len(rules) == 4
    (measures,) = [formula for place, formula in rules.items() if place.startswith(columns["measure"].column_letter)]
    listed = [cell[0].value for cell in book["Read me"][measures.partition("!")[2].replace("$", "")]]
    assert listed == list(standard().categories("figures", "measure"))


@given(st.text())
def test_escapes_are_read_back(text):
    assert unescape(escape(text)) == text
    assert not re.search("[\x00-\x08\x0b-\x1f]", escape(text))
