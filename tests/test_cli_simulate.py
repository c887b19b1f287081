"""``pactwork simulate`` and ``pactwork replay`` as a person or a script meets them."""

import json

import pytest
from typer.testing import CliRunner

from pactwork import cli
from pactwork.errors import CaseError
from pactwork.futures import compile as compiling
from pactwork.futures import playing
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
    played = replaying.replay_run

    def other(*args, **identity):
        return played(*args, **identity | {"seed": 99})

    monkeypatch.setattr(replaying, "replay_run", other)
    done = call("replay", folder, "--future", 0, "--replication", 0)
    assert isinstance(done.exception, CaseError)
    assert "come out otherwise" in str(done.exception)
    assert isinstance(call("replay", folder, "--future", 0, "--replication", 0, "--choice", "x").exception, CaseError)


def test_a_replay_needs_no_calibration(run, monkeypatch):
    folder, _ = run
    monkeypatch.setattr(compiling, "calibrate", lambda *_: pytest.fail("calibrated again"))
    assert call("replay", folder, "--future", 0, "--replication", 0).exit_code == 0


def test_an_interrupted_run_says_how_to_go_on_and_does(run, tmp_path, monkeypatch):
    whole, _ = run
    write = playing.write_chunk

    def interrupt(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(playing, "write_chunk", interrupt)
    folder = tmp_path / "the second"
    asked = ("simulate", "--futures", 3, "--replications", 2, "--until", "2026-12-31", "-o", folder)
    done = call(*asked)
    assert done.exit_code == 130
    assert f"Go on with: pactwork simulate --resume -o '{folder}'" in done.stderr
    described = call("simulate", "--describe", folder, "--json")
    document = json.loads(described.stdout)
    assert (document["whole"], document["chunks"], document["failed"]) == (False, {"whole": 0, "all": 1}, None)
    assert document["resume"] == f"pactwork simulate --resume -o '{folder}'"
    assert "UNFINISHED" in call("simulate", "--describe", folder).stdout
    for command in (("replay", folder, "--future", 0, "--replication", 0), ("simulate", "--resume", "--seed", 2, "--futures", 64, "--workers", "x", "-o", folder)):  # fmt: skip
        assert isinstance(call(*command).exception, CaseError)
    monkeypatch.setattr(playing, "write_chunk", write)
    monkeypatch.setattr(compiling, "calibrate", lambda *_: pytest.fail("calibrated again"))
    assert call("simulate", "--resume", "-o", folder).exit_code == 0
    assert {path.name: path.read_bytes() for path in folder.rglob("*.*")} == {
        path.name: path.read_bytes() for path in whole.rglob("*.*")
    }
    assert "already holds this very run" in call(*asked).stderr


def test_what_a_resumed_run_cannot_be(run, tmp_path):
    folder, _ = run
    done = call(
        "simulate",
        "--resume",
        "--seed",
        2,
        "--futures",
        64,
        "--scenario",
        "frozen-conflict",
        "--workers",
        "x",
        "-o",
        folder,
    )
    assert [one.where for one in done.exception.problems] == ["futures", "seed", "scenario", "workers"]
    assert call("simulate", "--resume", "--seed", 1, "--futures", 8, "-o", folder).exit_code == 0
    nothing = call("simulate", "--resume", "-o", tmp_path / "nothing").exception
    assert [one.found for one in nothing.problems] == ["nothing to go on with"]
    other = call(
        "simulate", "--seed", 2, "--futures", 3, "--replications", 2, "--until", "2026-12-31", "-o", folder
    ).exception
    assert "another run: seed 1, not 2" in str(other)


def test_a_run_is_described(run):
    folder, _ = run
    document = json.loads(call("simulate", "--describe", folder, "--json").stdout)
    assert set(document) == {"run", "whole", "runs", "failed", "chunks", "bytes", "resume", "identity"}
    assert (document["whole"], document["runs"], document["failed"], document["resume"]) == (True, 16, 0, None)
    text = " ".join(call("simulate", "--describe", folder).stdout.split())
    assert "8 futures × 2 plays of chance" in text
    assert "265 outcomes of each run" not in text  # fewer years, fewer outcomes
    chunk = next((folder / "outcomes").iterdir())
    chunk.write_bytes(chunk.read_bytes()[:-1])
    assert chunk.name in str(call("simulate", "--describe", folder).exception)
    assert isinstance(call("simulate", "--describe", folder / "nothing").exception, CaseError)


def test_a_run_goes_on_until_it_is_precise(tmp_path):
    asked = ("simulate", "--futures", 8, "--replications", 4, "--until", "2025-06-30", "-o", tmp_path / "run")
    done = call(*asked, "--stop-when", "standard error of k2.mean_readiness < 0.02", "--most-runs", 600)
    assert done.exit_code == 0, done.output
    text = " ".join(done.stdout.split())
    assert "Asked for: standard error of k2.mean_readiness < 0.02: reached" in text
    assert "more futures" in done.stderr
    wrong = call(*asked, "--stop-when", "standard error of readines < 1").exception
    assert [one.where for one in wrong.problems] == ["stop-when"]
    assert [one.where for one in call(*asked, "--most-runs", 600).exception.problems] == ["most-runs"]
    unlike = call(*asked, "--stop-when", "standard error of k2.mean_readiness < 0.01", "--most-runs", 600).exception
    assert "asked stop when" in str(unlike)


def test_everything_wrong_is_said_at_once(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "notes.txt").write_text("keep")
    done = call("simulate", "--futures", 0, "--replications", 0, "--choices", "no-such", "--scenario", "none",
                "--until", "2020-01-01", "--workers", 0, "--most-runs", 5, "--stop-when", "soon", "-o", folder)  # fmt: skip
    assert isinstance(done.exception, CaseError)
    where = [one.where for one in done.exception.problems]
    assert where == ["scenario", "until", "choices", "futures", "replications", "workers", "stop-when", f'"{folder}"']


def test_a_case_without_assumptions(copy_of_poland_korea, tmp_path):
    (copy_of_poland_korea / "assumptions.toml").unlink()
    (copy_of_poland_korea / "scenarios.toml").unlink()
    done = call("simulate", copy_of_poland_korea, "-o", tmp_path / "run")
    assert [one.where for one in done.exception.problems] == ["assumptions.toml"]
    assert not (tmp_path / "run").exists()


def test_help_teaches_by_example():
    assert "pactwork simulate -o my-run" in " ".join(call("simulate", "--help").stdout.split())
    assert "pactwork replay my-run" in " ".join(call("replay", "--help").stdout.split())
