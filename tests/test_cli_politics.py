"""``pactwork politics`` as a person or a script meets it."""

import json
import os
import subprocess
import sys

import pytest

POLLS = "pollster,fieldwork_end,sample_size,option,percent\np,2024-05-01,900,yes,50\np,2024-05-01,900,no,45\n"


def run(*args):
    full = {**os.environ, "PYTHONWARNINGS": "error", "COLUMNS": "200"}
    command = [sys.executable, "-m", "pactwork", "politics", *map(str, args)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", env=full, timeout=120, check=False)


def write(tmp_path, text, name="table.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_help_teaches_by_example():
    assert "Example: pactwork politics" in " ".join(run("--help").stdout.split())


def test_the_bundled_case_as_json_and_nothing_else():
    done = run("--json")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    assert document["as_of"] == "2024-10-31"
    assert len(document["issues"]) == 8
    assert document["perceptions"]["between"] == ["poland", "south-korea"]


def test_the_bundled_case_for_people():
    done = run()
    assert done.returncode == 0
    for words in ("Wording dominates", "kr-supply-in-crisis", "Stance of the partner that decides", "divergence 0.37"):
        assert words in done.stdout
    assert "nan" not in done.stdout.lower().split()


def test_known_by_leaves_out_what_came_later():
    done = run("--known-by", "2023-12-31", "--json")
    assert json.loads(done.stdout)["issues"] == []


def test_a_case_without_politics_says_so():
    done = run("--known-by", "1990-01-01")
    assert (done.returncode, done.stdout.strip()) == (
        0,
        "The case holds no polls, positions or views of threats up to that day.",
    )


def test_one_table_of_polls(tmp_path):
    done = run("--polls", write(tmp_path, POLLS), "--json")
    (question,) = json.loads(done.stdout)["questions"]
    assert [option["option"] for option in question["options"]] == ["yes", "no"]
    assert question["options"][0]["one_ahead"][0]["observed"] == 50


def test_one_table_of_positions_where_nobody_cares_is_explained(tmp_path):
    path = write(tmp_path, "actor,position,influence,salience\na,1,5,0\nb,2,5,0\n")
    done = run("--positions", path)
    assert done.returncode == 0
    assert "Nobody with influence cares" in " ".join(done.stdout.split())
    (issue,) = json.loads(run("--positions", path, "--json").stdout)["issues"]
    assert issue["outcome"] is None


def test_one_table_of_votes(tmp_path):
    path = write(tmp_path, "year,rcid,POL,KOR\n2019,1,yes,yes\n2019,2,no,abstain\n2018,3,no,no\n")
    assert "POL – KOR" in run("--votes", path).stdout
    years = {one["year"] for one in json.loads(run("--votes", path, "--json").stdout)["similarity"]}
    assert years == {"2018", "2019"}


def test_ideal_points_go_by_the_same_option(tmp_path):
    path = write(tmp_path, "iso3c,year,ideal_point,q05,q95\nPOL,2022,1.2,1.0,1.4\nKOR,2022,0.9,0.7,1.1\n")
    assert "0.300" in run("--votes", path).stdout


def test_bad_tables_exit_1_with_every_problem_and_no_traceback(tmp_path):
    polls = write(tmp_path, POLLS.replace("45", "65") + "P,2024-06-01,0,yes,50\n")
    done = run("--polls", polls, "--positions", tmp_path / "none.csv", "--json")
    assert done.returncode == 1
    assert done.stdout == ""
    for place in ("table.csv:3 percent", "table.csv:4 sample_size", "table.csv:4 pollster", "none.csv"):
        assert place in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("args", [("poland-korea", "--polls", "x.csv"), ("--known-by", "soon"),
                                  ("--votes", "x.csv", "--known-by", "2024-01-01")])  # fmt: skip
def test_wrong_commands_exit_2(args):
    assert run(*args).returncode == 2
