"""The command line as a person or a script meets it: exit status, streams, JSON."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def run(*args, cwd=None, env=None):
    command = [sys.executable, "-m", "pactwork", *map(str, args)]
    full = {**os.environ, "PYTHONWARNINGS": "error", "COLUMNS": "200", **(env or {})}
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", errors="replace", cwd=cwd, env=full, timeout=120, check=False
    )


def test_no_argument_shows_help():
    done = run()
    assert done.returncode == 2
    assert "pactwork brief" in done.stdout + done.stderr


@pytest.mark.parametrize("command", ["brief", "check", "status", "audit", "diff", "new"])
def test_help_teaches_by_example(command):
    done = run(command, "--help")
    assert done.returncode == 0
    assert f"Example: pactwork {command}" in " ".join(done.stdout.split())


def test_check_of_a_sound_case(make_case):
    done = run("check", make_case(), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {"problems": [], "discrepancies": []}


def test_check_of_a_broken_case_lists_everything_and_exits_1(make_case, tiny):
    root = make_case(figures=tiny["figures"].replace("2023-06", "2023-13").replace(",62,", ",many,"))
    done = run("check", root, "--json")
    assert done.returncode == 1
    problems = json.loads(done.stdout)["problems"]
    assert [one["where"] for one in problems] == ["facts/figures.csv:2 as_of", "facts/figures.csv:3 value"]
    assert set(problems[0]) == {"where", "found", "expected", "fix"}
    plain = run("check", root)
    assert plain.returncode == 1
    assert 'facts/figures.csv:2 as_of | found "2023-13" | expected an EDTF date' in plain.stdout


@pytest.mark.parametrize(
    "args", [("status",), ("brief", "-o", "out"), ("audit", "--source", "paper=nowhere.txt"), ("diff",)]
)
def test_a_broken_case_stops_every_command_with_exit_1_and_writes_nothing(make_case, tmp_path, args):
    root = make_case(lots=b"\xff\xfe\x00")
    work = tmp_path / "work"
    work.mkdir()
    name, *rest = args
    done = run(name, root, *([root] if name == "diff" else []), *rest, cwd=work)
    assert done.returncode == 1
    assert "facts/lots.csv | found UTF-16 text" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert list(work.iterdir()) == []


def test_status_json(make_case):
    done = run("status", make_case(), "--json")
    found = json.loads(done.stdout)
    assert list(found)[:4] == ["as_of", "systems", "lots", "instruments"]
    (system,) = found["systems"]
    assert {key: system[key] for key in ("system", "ordered", "delivered", "basis", "shipped", "due")} == {
        "system": "T1", "ordered": 180, "delivered": 62, "basis": "arrived", "shipped": 40, "due": "2025",
    }  # fmt: skip


def test_status_on_a_day_and_by_what_was_known(make_case):
    root = make_case()
    then = json.loads(run("status", root, "--as-of", "2023-12-31", "--json").stdout)
    assert (then["as_of"], then["systems"][0]["delivered"]) == ("2023-12-31", 28)
    known = json.loads(run("status", root, "--known-by", "2024-07-31", "--json").stdout)
    assert known["systems"] == []  # the paper that tells of the order came out later


@pytest.mark.parametrize(
    "args",
    [
        ("status", "--as-of", "Oct-24"),
        ("audit", "poland-korea"),
        ("audit", "poland-korea", "--source", "pism-219"),
        ("new", "x", "--recipient", "Poland"),
        ("new", "x", "--from-sipri", "f.csv"),
        ("new", "x", "--from-sipri", "f.csv", "--xlsx", "--recipient", "A", "--supplier", "B"),
        ("status", "--xlsx", "notes.txt"),
        ("status", "--colour"),
        ("statues",),
    ],
)
def test_a_wrong_command_exits_2(args, tmp_path):
    done = run(*args, cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_case_names_the_bundled_ones():
    done = run("status", "poland-corea")
    assert done.returncode == 1
    assert 'found "poland-corea"' in done.stderr
    assert "poland-korea" in done.stderr


def test_diff_of_two_cases(make_case, tiny):
    old = make_case("old")
    new = make_case("new", figures=tiny["figures"].replace(",62,", ",68,"))
    done = run("diff", old, new, "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["standing"][0]["new"].startswith("68 item")
    assert "62 item" in run("diff", old, new).stdout
    assert "No difference" in run("diff", old, old).stdout


def test_a_defect_is_told_in_plain_words(make_case):
    code = (
        "import sys; from pactwork import cli; from pactwork.facts import case\n"
        "def broken(_): raise ZeroDivisionError('oops')\n"
        "case.load_case = broken\n"
        f"sys.argv = ['pactwork', 'status', {str(make_case())!r}]; cli.main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "defect" in done.stderr


def test_a_reader_that_has_seen_enough_is_no_error(make_case):
    done = subprocess.run(
        f"{sys.executable} -m pactwork status {make_case()} --json | head -1",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("{\n", "")


def test_new_makes_a_case_that_passes_and_names_its_guide(tmp_path):
    done = run("new", "mine", cwd=tmp_path)
    assert "mine/facts/README.md" in done.stdout
    assert (tmp_path / "mine" / "facts" / "README.md").exists()
    assert json.loads(run("check", "mine", "--json", cwd=tmp_path).stdout) == {"problems": [], "discrepancies": []}
    again = run("new", "mine", cwd=tmp_path)
    assert again.returncode == 1
    assert "found a case" in again.stderr


def test_status_writes_a_workbook_that_is_read_back(tmp_path, make_case):
    root = make_case()
    assert run("status", root, "--xlsx", tmp_path / "out.xlsx").returncode == 0
    for table in (root / "facts").iterdir():
        table.unlink()
    (tmp_path / "out.xlsx").rename(root / "facts.xlsx")
    found = json.loads(run("status", root, "--json").stdout)
    assert found["systems"][0]["delivered"] == 62


def test_a_narrow_code_page_does_not_stop_the_brief(tmp_path, make_case):
    done = run("brief", make_case(), "-o", tmp_path / "out", env={"PYTHONIOENCODING": "cp1252", "PYTHONWARNINGS": ""})
    assert (done.returncode, "Traceback" in done.stderr, "defect" in done.stderr) == (0, False, False)
    assert (tmp_path / "out" / "brief.html").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
def test_a_full_disk_is_told_in_plain_words(make_case):
    command = [sys.executable, "-m", "pactwork", "status", str(make_case())]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert "defect" not in done.stderr
    assert "Traceback" not in done.stderr


def test_status_in_words_shows_systems_lots_and_contracts(make_case):
    shown = run("status", make_case()).stdout
    lines = [line.split() for line in shown.splitlines()]
    assert ["T1", "180", "62", "34%", "2025", "arrived"] in lines
    assert ["deal", "2022-08-26", "180", "62", "2025"] in lines
    assert not any(line[:1] == ["a-b"] for line in lines)


def test_stages_are_told_where_no_terminal_shows_bars(make_case, tmp_path):
    done = run("brief", make_case(), "-o", tmp_path / "out", "--futures", "0")
    assert done.returncode == 0
    assert next(line for line in done.stderr.splitlines() if line.endswith("…")) == "Reading the facts …"
    assert "Drawing charts …" in done.stderr
