"""How much is simulated for a brief: quick, usual, as long as asked."""

import itertools

import pytest
from typer.testing import CliRunner

from pactwork.brief.effort import QUICK, SHORTEST_MINUTES, USUAL, Effort, Extent, Pace, fit_extent, measure_pace
from pactwork.brief.simulated import simulate_case
from pactwork.cli import app
from pactwork.facts.case import load_case
from pactwork.forecast import make_forecast
from pactwork.futures import compile as compiling


def test_more_minutes_play_more_and_a_slower_machine_less():
    fast, slow = Pace(0.05, 1.0), Pace(0.1, 3.0)
    short, long, slower = fit_extent(10, fast, 7), fit_extent(30, fast, 7), fit_extent(30, slow, 7)
    for one in (lambda extent: extent.scenarios.futures, lambda extent: extent.choices.futures):
        assert one(short) < one(long)
        assert one(slower) < one(long)
        assert one(short) % 8 == one(long) % 8 == 0
    assert fit_extent(30, fast, 14).scenarios.futures < long.scenarios.futures


def test_what_fits_takes_the_time_that_was_asked_for():
    pace, minutes, scenarios = Pace(0.04, 0.8), 60.0, 7
    found = fit_extent(minutes, pace, scenarios)
    seconds = found.scenarios.futures * pace.scenario * (scenarios + 3) + found.choices.futures * (pace.choices + 0.5)
    assert 0.9 * 60 * minutes < seconds < 60 * minutes


def test_a_thorough_brief_never_plays_less_than_a_usual_one():
    assert fit_extent(SHORTEST_MINUTES, Pace(10.0, 100.0), 7) == USUAL


def test_what_is_told_is_what_is_played():
    assert (Effort(10, 2).futures, Effort(10, 2).points, Effort(16).futures, Effort(0).futures) == (16, 2, 16, 0)


def test_a_seed_is_that_of_all():
    seeded = Extent(Effort(8, 2), Effort(16, 2)).with_seed(5)
    assert (seeded.scenarios.seed, seeded.choices.seed) == (5, 5)
    assert (seeded.scenarios.futures, seeded.choices.futures) == (8, 16)


def test_pace_is_time_by_futures(monkeypatch):
    monkeypatch.setattr(compiling, "CALIBRATION_POINTS", 1)
    ticks = itertools.chain([0.0, 4.0, 10.0, 26.0])
    told = []
    pace = measure_pace(load_case("poland-korea"), lambda *at: told.append(at), lambda: next(ticks))
    assert pace == Pace(0.5, 2.0)
    assert told[0][1:] == (0, 2)
    assert told[-1][1:] == (2, 2)


def test_a_quick_brief_leaves_out_details_and_no_scenario():
    assert not QUICK.scenarios.details
    ledger = load_case("poland-korea")
    made = simulate_case(ledger, make_forecast(ledger), Effort(8, 3, calibration=1, details=False))
    assert [row.title for row in made.scenarios] == [one.title for one in ledger.assumptions.scenarios.values()]
    assert {fans.kind for fans in made.fans} == {"ready"}
    assert (made.prices, made.hindsight) == ((), ())
    assert len(made.shown) == 3


@pytest.mark.parametrize(
    ("asked", "told"),
    [(["--quick", "--thorough", "5"], "does not go with --quick"), (["--thorough", "1"], "minutes or more"),
     (["--thorough", "inf"], "minutes or more"), (["--thorough", "nan"], "minutes or more")],
)  # fmt: skip
def test_sizes_that_make_no_sense_are_refused_before_anything_is_read(asked, told, tmp_path):
    made = CliRunner().invoke(
        app, ["brief", "no-such-case", "-o", str(tmp_path / "out"), *asked], env={"COLUMNS": "200"}
    )
    assert made.exit_code == 2
    assert told in made.output
    assert not (tmp_path / "out").exists()
