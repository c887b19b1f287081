"""``pactwork simulate`` and ``pactwork replay`` as a person or a script meets them."""

import json

import pytest
from typer.testing import CliRunner

from pactwork import cli
from pactwork.errors import CaseError
from pactwork.futures import compile as compiling
from pactwork.futures import replay as replaying


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(compiling, "CALIBRATION_POINTS", 1)


def call(*args):
    return CliRunner().invoke(cli.app, [str(one) for one in args])


@pytest.fixture
def run(tmp_path):
    done = call(
        "simulate", "--futures", 3, "--replications", 2, "--until", "2026-12-31", "-o", tmp_path / "run", "--json"
    )
    assert done.exit_code == 0, done.output
    return tmp_path / "run", done


def test_a_run_and_its_replay(run):
    folder, done = run
    document = json.loads(done.stdout)
    assert document["identity"]["futures"] == 8
    assert "8 are played" in done.stderr
    assert document["choices"][0]["runs"] == 16
    again = call("replay", folder, "--future", 7, "--replication", 1, "--json")
    assert again.exit_code == 0, again.output
    story = json.loads(again.stdout)
    assert set(story) == {"identity", "events", "weeks"}
    assert story["identity"]["simulated"] is True
    shown = call("replay", folder, "--future", 7, "--replication", 1)
    assert shown.stdout.startswith("SIMULATED")
    beyond = call("replay", folder, "--future", 8, "--replication", 2)
    assert [one.where for one in beyond.exception.problems] == ["future", "replication"]


def test_a_table_says_how_to_read_it(tmp_path):
    done = call("simulate", "--futures", 8, "--replications", 1, "--until", "2025-12-31", "-o", tmp_path / "run")
    assert done.exit_code == 0, done.output
    text = " ".join(done.stdout.split())
    assert "k2-1" in text
    assert "not probabilities" in text
    assert "does not change the odds of war" in text


def test_a_replay_that_differs_is_refused(run, monkeypatch):
    folder, _ = run
    monkeypatch.setattr(compiling, "CALIBRATION_POINTS", 2)
    done = call("replay", folder, "--future", 0, "--replication", 0)
    assert isinstance(done.exception, CaseError)
    assert "come out otherwise" in str(done.exception)


def test_everything_wrong_is_said_at_once(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    done = call("simulate", "--futures", 0, "--replications", 0, "--choices", "no-such", "--scenario", "none",
                "--until", "2020-01-01", "--workers", 0, "-o", folder)  # fmt: skip
    assert isinstance(done.exception, CaseError)
    where = [one.where for one in done.exception.problems]
    assert where == ["scenario", "until", "choices", "futures", "replications", "workers", f'"{folder}"']


def test_a_case_without_assumptions(copy_of_poland_korea, tmp_path):
    (copy_of_poland_korea / "assumptions.toml").unlink()
    (copy_of_poland_korea / "scenarios.toml").unlink()
    done = call("simulate", copy_of_poland_korea, "-o", tmp_path / "run")
    assert [one.where for one in done.exception.problems] == ["assumptions.toml"]
    assert not (tmp_path / "run").exists()


def test_help_teaches_by_example():
    assert "pactwork simulate -o my-run" in " ".join(call("simulate", "--help").stdout.split())
    assert "pactwork replay my-run" in " ".join(call("replay", "--help").stdout.split())
