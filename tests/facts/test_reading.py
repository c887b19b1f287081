import pytest

from pactwork.facts import reading
from pactwork.facts.reading import read_csv


def read(tmp_path, data):
    path = tmp_path / "t.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_csv(path, "t", "facts/t.csv")


@pytest.mark.parametrize(
    "data", ["a,b\n1,2\n", "\ufeffa,b\r\n1,2\r\n", "a;b\n1;2\n", "a\tb\r1\t2\r", 'a,b\n"1",2', " a , b \n 1 , 2 \n\n"]
)
def test_files_from_a_desk_are_read_as_they_come(tmp_path, data):
    raw = read(tmp_path, data)
    assert (raw.header, raw.rows, raw.lines, raw.problems) == (["a", "b"], [["1", "2"]], [2], [])


def test_only_semicolons_make_a_comma_decimal(tmp_path):
    assert not read(tmp_path, "a,b\n1,2\n").decimal_comma
    assert read(tmp_path, "a;b\n1,5;2\n").decimal_comma
    assert not read(tmp_path, "a\tb\n1,5\t2\n").decimal_comma


def test_lines_stay_right_after_a_cell_with_line_breaks(tmp_path):
    raw = read(tmp_path, 'a,b\n"one\ntwo",2\n3,4\n')
    assert raw.lines == [2, 4]


def test_an_unclosed_quote_is_located_and_the_rest_still_read(tmp_path):
    raw = read(tmp_path, 'a,b\n1,2\n"3,4\n5,6\n7,8\n')
    assert [str(one) for one in raw.problems] == [
        "facts/t.csv:3 | found a quote that is not closed where its cell ends | expected balanced quotes | "
        'close the quote; write "" for a quote inside a quoted cell'
    ]
    assert raw.rows == [["1", "2"], ["5", "6"], ["7", "8"]]
    assert raw.lines == [2, 4, 5]


def test_two_unclosed_quotes_are_both_located(tmp_path):
    raw = read(tmp_path, 'a,b\n"1,2\n3,4\n"5,6\n7,8\n')
    assert [one.where for one in raw.problems] == ["facts/t.csv:2", "facts/t.csv:4"]


def test_wrong_encoding_names_line_and_letter(tmp_path):
    raw = read(tmp_path, "a,b\n1,Łódź\n2,Ferré\n".encode("cp1250"))
    assert raw.problems[0].where == "facts/t.csv:2"
    assert "1 more lines" in raw.problems[0].found
    assert len(raw.rows) == 2


@pytest.mark.parametrize(
    ("data", "found"),
    [(b"", "empty"), (b"\xef\xbb\xbf \n", "empty"), ("a,b\n".encode("utf-16"), "UTF-16"), (b"a,b\n1,\x00\n", "binary")],
)
def test_what_is_no_table_is_said_once(tmp_path, data, found):
    raw = read(tmp_path, data)
    assert len(raw.problems) == 1
    assert found in raw.problems[0].found


def test_a_huge_file_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MAX_BYTES", 100)
    raw = read(tmp_path, "a,b\n" + "1,2\n" * 100)
    assert raw.rows == []
    assert "MB" in raw.problems[0].found


def test_ragged_rows_are_located_and_empty_tails_forgiven(tmp_path):
    raw = read(tmp_path, "a,b\n1,2,,\n1\n1,2,3\n")
    assert [(one.where, one.found) for one in raw.problems] == [
        ("facts/t.csv:3", "1 cells"),
        ("facts/t.csv:4", "3 cells"),
    ]
    assert raw.rows[0] == ["1", "2"]


def test_column_names_must_be_there_and_differ(tmp_path):
    raw = read(tmp_path, "a,,a\n1,2,3\n")
    assert [one.found for one in raw.problems] == ["no name", "the column twice"]


def test_a_missing_file_is_a_problem(tmp_path):
    raw = read_csv(tmp_path / "no.csv", "no", "facts/no.csv")
    assert raw.problems[0].where == "facts/no.csv"
