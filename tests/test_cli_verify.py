"""``pactwork verify`` as a person or a script meets it; that the oracles pass is another test's matter."""

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from pactwork import cli
from pactwork.futures import oracles

GOOD = oracles.Oracle("a queue: mean", 10.05, 10.0, 0.05, 0.1, True, "a book")
BAD = replace(GOOD, model=11.0, difference=1.0, passed=False)
KEYS = {"name", "model", "closed_form", "difference", "tolerance", "passed", "source"}


@pytest.fixture
def run(monkeypatch):
    def run(found, *args):
        monkeypatch.setattr(oracles, "run_oracles", lambda progress: found)
        return CliRunner().invoke(cli.app, ["verify", *args])

    return run


def test_json_and_nothing_else(run):
    done = run([GOOD], "--json")
    assert done.exit_code == 0
    (one,) = json.loads(done.stdout)["oracles"]
    assert set(one) == KEYS
    assert one["passed"] is True


def test_one_that_fails_ends_in_1(run):
    done = run([GOOD, BAD], "--json")
    assert done.exit_code == 1
    assert [one["passed"] for one in json.loads(done.stdout)["oracles"]] == [True, False]


def test_a_table_for_people(run):
    done = run([GOOD, BAD])
    assert done.exit_code == 1
    assert "FAILED" in done.stdout
    assert "1 of 2 passed" in done.stdout


def test_help_teaches_by_example(run):
    assert "pactwork verify --json" in run([], "--help").stdout
