"""``pactwork compare`` as a person or a script meets it."""

import json

import pytest
from typer.testing import CliRunner

from pactwork import cli
from pactwork.errors import CaseError
from pactwork.futures import compile as compiling

CHOICES = "as-contracted,repair-at-home,only-deterrence-talks"


def call(*args):
    return CliRunner().invoke(cli.app, [str(one) for one in args])


def simulate(folder, choices):
    done = call("simulate", "--futures", 16, "--replications", 4, "--until", "2027-12-31", "--choices", choices, "-o",
                folder, "--set", "theatres.europe.crisis_to_war=0.02")  # fmt: skip
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiling, "CALIBRATION_POINTS", 1)
        yield simulate(tmp_path_factory.mktemp("compared") / "run", CHOICES)


def test_the_document_holds_what_the_contract_names(run):
    done = call("compare", run, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert {"choices", "sensitivity", "requirements"} <= set(told)
    assert [one["choice"] for one in told["choices"]] == CHOICES.split(",")
    for one in told["choices"]:
        assert {"choice", "cost", "robustness", "ranks", "vulnerability", "break_even", "partner"} <= set(one)
    assert told["levers_that_change_nothing"] == ["deterrence-talks"]
    assert told["choices"][1]["differences"]["tanks-ready"]["mean"]["value"] > 0


def test_a_number_that_was_set_is_the_run_s_own(run):
    identity = json.loads((run / "run.json").read_text(encoding="utf-8"))
    assert identity["set"] == {"theatres.europe.crisis_to_war": 0.02}
    done = call("compare", run, "--criteria", "tanks-ready", "--json")
    assert [one["name"] for one in json.loads(done.stdout)["requirements"]] == ["tanks-ready"]
    assert call("replay", run, "--future", 3, "--replication", 1, "--json").exit_code == 0


def test_a_table_that_a_person_can_read(run):
    done = call("compare", run)
    assert done.exit_code == 0, done.output
    text = " ".join(done.stdout.split())
    assert "repair-at-home" in text
    assert "not probabilities" in text
    assert "Levers that changed nothing in any run: deterrence-talks" in text


def test_everything_unknown_is_told(run):
    done = call("compare", run, "--criteria", "tanks-raedy,nothing")
    assert isinstance(done.exception, CaseError)
    assert [one.where for one in done.exception.problems] == ["criteria", "criteria"]
    assert "tanks-ready" in done.exception.problems[0].fix


def test_a_run_without_the_baseline_is_refused(run, tmp_path, monkeypatch):
    monkeypatch.setattr(compiling, "CALIBRATION_POINTS", 1)
    done = call("compare", simulate(tmp_path / "run", "repair-at-home"))
    assert isinstance(done.exception, CaseError)
    assert [one.where for one in done.exception.problems] == ["choices"]


def test_what_is_no_run_is_refused(tmp_path):
    done = call("compare", tmp_path / "none")
    assert isinstance(done.exception, CaseError)
