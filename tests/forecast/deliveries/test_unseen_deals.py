"""The promise that forecasts are scored on deals they have not seen: the practice sample, cross-validated."""

import importlib.util
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).parents[3] / "benchmarks/bench_deliveries.py"


@pytest.fixture(scope="module")
def benchmark():
    spec = importlib.util.spec_from_file_location("bench_deliveries", BENCHMARK)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_unseen_deals_are_forecast_better_than_by_the_nearest_deals_and_calibrated(shared, benchmark):
    one, two = benchmark.cross_validate(*benchmark.read_samples(shared / "data"), seed=0)
    for score, least in ((one, 0.008), (two, 0.009)):
        nearest = next(rival for rival in score.rivals if rival.rival == "nearest deals")
        assert nearest.gain >= least
        assert nearest.low > 0
        for regime, calibration in score.calibration.items():
            assert 0.75 <= calibration.inside_80 <= 0.85, regime
            assert 0.43 <= calibration.below_median <= 0.57, regime


def test_what_ships_is_what_the_sample_teaches(shared, benchmark):
    """The files in the package are those that the fit of today makes, to the digits they keep."""
    from pactwork.forecast.deliveries.learning import learn_from_histories, learn_from_outcomes
    from pactwork.forecast.deliveries.reference import load_reference_class
    from pactwork.forecast.deliveries.tables import outcomes_of

    opened, everything = benchmark.read_samples(shared / "data")
    histories = learn_from_histories(everything, benchmark.KNOWN_YEAR, benchmark.COHORTS_UNTIL)
    late = learn_from_outcomes(outcomes_of(opened), histories)
    for name, fitted in (("known-by-2023", histories), ("known-by-2025", late)):
        shipped = load_reference_class(name).coefficients
        for part in ("more", "all", "part"):
            assert getattr(shipped, part) == pytest.approx(getattr(fitted, part), abs=2e-3)


def test_no_row_of_the_sample_is_in_the_project(shared):
    """Only fitted numbers may be taken over: no designation with its order year and number stands in any shipped file."""
    names = {line.split(",")[3] for line in (shared / "data/deals_open_2023.csv").read_text("utf-8").splitlines()[1:]}
    rare = {name for name in names if len(name) > 8 and any(char.isdigit() for char in name)}
    assert len(rare) > 100
    package = Path(__file__).parents[3] / "src/pactwork/forecast"
    held = "".join(path.read_text("utf-8") for path in package.rglob("*") if path.suffix in (".json", ".toml", ".py"))
    assert not [name for name in rare if name in held]
