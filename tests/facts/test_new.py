"""New cases: valid from the first day, teaching, and never half made."""

import csv
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import openpyxl
import pytest

from pactwork.errors import CaseError
from pactwork.facts import new
from pactwork.facts.case import load_case
from pactwork.facts.examples import example_row
from pactwork.facts.new import make_folder, new_case, write_table
from pactwork.facts.schema import standard


@pytest.mark.parametrize("xlsx", [False, True])
def test_a_new_case_is_valid_and_empty(tmp_path, xlsx):
    files = new_case(tmp_path / "my Case", xlsx=xlsx, title='Their "own" – title')
    ledger = load_case(tmp_path / "my Case")
    assert ledger.tables == ()
    assert (ledger.about.name, ledger.about.title) == ("my-case", 'Their "own" – title')
    assert all(path.is_file() for path in files)
    assert (tmp_path / "my Case" / "facts.xlsx").exists() is xlsx
    assert (tmp_path / "my Case" / "facts" / "lots.csv").exists() is not xlsx


def test_every_table_has_its_header_and_is_taught(tmp_path):
    new_case(tmp_path / "case")
    text = (tmp_path / "case" / "facts" / "README.md").read_text("utf-8")
    for table in standard().resources:
        assert (tmp_path / "case" / table.path).read_text("utf-8") == ",".join(table.columns) + "\n"
        assert f"## {Path(table.path).name}" in text
        assert all(f"| `{column}` |" in text for column in table.columns)
    assert all(measure in text for measure in standard().categories("figures", "measure"))


def test_the_examples_together_make_a_valid_case(tmp_path):
    new_case(tmp_path / "case", title="Examples")
    text = (tmp_path / "case" / "facts" / "README.md").read_text("utf-8")
    examples = re.findall(r"## (\S+)\n.*?```csv\n(.*?)```", text, re.DOTALL)
    assert len(examples) == len(standard().resources)
    for name, example in examples:
        (tmp_path / "case" / "facts" / name).write_text(example, encoding="utf-8")
    ledger = load_case(tmp_path / "case")
    assert set(ledger.tables) == {table.name for table in standard().resources}
    assert ledger.discrepancies == ()


def test_examples_fill_every_required_column():
    for table in standard().resources:
        row = example_row(table)
        assert {column.name for column in table.fields if column.required} <= row.keys()


def test_the_comments_of_case_toml_can_be_uncommented(tmp_path):
    new_case(tmp_path / "case")
    text = (tmp_path / "case" / "case.toml").read_text("utf-8")
    keys = [line[2:] for line in text.splitlines() if re.match(r"# (\[\[|\w+ = )", line)]
    about = tomllib.loads("\n".join(keys))
    assert {partner["role"] for partner in about["partners"]} == {"buyer", "supplier"}
    assert {"summary", "horizon", "partnership"} <= about.keys()


def test_assumptions_begin_as_words_and_the_comments_make_a_valid_case(tmp_path):
    new_case(tmp_path / "case")
    ledger = load_case(tmp_path / "case")
    assert (dict(ledger.assumptions.parameters), dict(ledger.assumptions.scenarios)) == ({}, {})
    for name in ("assumptions.toml", "scenarios.toml"):
        path = tmp_path / "case" / name
        text = path.read_text("utf-8")
        assert all(line.startswith("#") for line in text.splitlines() if line)
        path.write_text(re.sub(r"(?m)^# (?=\[|\w+ = )", "", text), encoding="utf-8")
    found = load_case(tmp_path / "case").assumptions
    assert len(found.parameters) == 7
    assert set(found.scenarios) == {"baseline", "tense"}
    crisis = "theatres.north.probing_to_crisis"
    assert found.under("tense")[crisis].low > found.parameters[crisis].low


def test_the_workbook_has_a_sheet_for_each_table(tmp_path):
    new_case(tmp_path / "case", xlsx=True)
    book = openpyxl.load_workbook(tmp_path / "case" / "facts.xlsx")
    assert book.sheetnames == ["Read me", *(table.name for table in standard().resources)]


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_is_there_is_never_touched(tmp_path, make_case):
    root = make_case()
    (tmp_path / "file").write_text("text")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("text")
    before = contents(tmp_path)
    for place, found in ((root, "a case"), (tmp_path / "file", "a file"), (tmp_path / "other", "letter.txt")):
        with pytest.raises(CaseError) as raised:
            new_case(place)
        assert found in raised.value.problems[0].found
    for place in (tmp_path / "file" / "below", tmp_path / "a\0b", tmp_path / ("x" * 300)):
        with pytest.raises(CaseError):
            new_case(place)
    assert contents(tmp_path) == before


def test_an_empty_folder_is_filled_also_when_one_stands_in_it(tmp_path, monkeypatch):
    (tmp_path / "empty").mkdir()
    new_case(tmp_path / "empty")
    load_case(tmp_path / "empty")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    new_case(".")
    assert load_case(".").about.name == "here"
    assert Path.cwd().samefile(tmp_path / "here")


def test_nothing_is_left_of_a_case_that_could_not_be_written(tmp_path, monkeypatch):
    files = {"case.toml": "x", "facts/a.csv": "y", "\0": "no file system holds this"}
    with pytest.raises(CaseError):
        make_folder(tmp_path / "case", files)
    assert list(tmp_path.iterdir()) == []

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(new, "_move", stop)
    with pytest.raises(KeyboardInterrupt):
        new_case(tmp_path / "case")
    assert list(tmp_path.iterdir()) == []


def test_a_kill_at_any_moment_leaves_a_whole_case_or_none(tmp_path):
    program = """
import os, sys
from pathlib import Path
from pactwork.facts import new
left = int(sys.argv[2])
write = Path.write_bytes
def write_some(self, data):
    global left
    if not left:
        os._exit(9)
    left -= 1
    return write(self, data)
Path.write_bytes = write_some
new.new_case(sys.argv[1])
"""
    for writes in (0, 1, 7):
        target = tmp_path / f"case{writes}"
        done = subprocess.run([sys.executable, "-c", program, target, str(writes)], check=False, env=os.environ)
        assert done.returncode == 9
        assert not target.exists()


def test_tables_are_written_as_they_are_read():
    table = standard().table("lots")
    text = write_table(
        table, [{"lot_id": "a", "quantity": 3.0, "variant": 'x, "y"'}, {"lot_id": "b", "quantity": None}]
    )
    rows = list(csv.DictReader(text.splitlines()))
    assert [(row["lot_id"], row["quantity"], row["variant"]) for row in rows] == [("a", "3", 'x, "y"'), ("b", "", "")]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ('=HYPERLINK("x")', '\'=HYPERLINK("x")'),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-5", "-5"),
        ("K-9", "K-9"),
        ("a\x1bb", "a b"),
        (62.0, "62"),
    ],
)
def test_no_cell_of_a_table_runs_in_a_spreadsheet(cell, written):
    text = write_table(standard().table("ports"), [{"name": cell}])
    assert next(csv.DictReader(text.splitlines()))["name"] == written
