"""Slip: levels are uniform and tied within a maker; what is played is what the forecast expects."""

import dataclasses

import numpy as np
import pytest
from scipy.special import ndtri

from pactwork.futures import compile as compiling
from pactwork.futures.compile.columns import Columns
from pactwork.futures.compile.scene import set_scene
from pactwork.futures.compile.slip import level_of
from pactwork.futures.uncertainties import make_design

RUNS = 2


@pytest.fixture(scope="module")
def levels(bundled):
    ledger, forecast, _ = bundled
    parameters = ledger.assumptions.parameters
    scene = set_scene(ledger, forecast, parameters)
    design = make_design(parameters, 512, seed=5, reserved=compiling._reserve(scene))
    columns = Columns(design, slice(None))
    found = {part.lot.state.lot.lot_id: level_of(scene, columns, part) for part in scene.parts}
    return found, columns


def test_a_level_is_uniform_over_futures(levels):
    for level in levels[0].values():
        assert 0 < level.min() < level.max() < 1
        shares = np.histogram(level, bins=10, range=(0, 1))[0] / len(level)
        assert abs(shares - 0.1).max() < 0.02


def test_lots_of_one_maker_are_late_together_and_others_are_not(levels):
    found, columns = levels
    scores = {lot: ndtri(level) for lot, level in found.items()}
    same = np.corrcoef(scores["k9-1"], scores["homar-k-1"])[0, 1]
    other = np.corrcoef(scores["k9-1"], scores["k2-1"])[0, 1]
    assert abs(same - columns("production.common_slip.hanwha-aerospace").mean()) < 0.05
    assert abs(other) < 0.05


def test_a_fast_line_is_a_reason_to_be_early(levels):
    found, columns = levels
    rate = columns("production.k2.output_per_year")
    assert np.corrcoef(rate, found["k2-1"])[0, 1] < -0.2


@pytest.fixture(scope="module")
def played(bundled):
    """Years of completion by lot under ordinary shocks, with other futures and other chance than calibration had."""
    ledger, forecast, _ = bundled
    calibrated = compiling.calibrate_case(ledger, forecast, seed=1)
    parameters = ledger.assumptions.parameters
    scene = set_scene(ledger, forecast, parameters)
    design = make_design(parameters, 256, seed=77, reserved=compiling._reserve(scene))
    grid = dataclasses.replace(compiling._make_grid(ledger, None, 7.0), dates=(), quarters=())
    material = compiling.Material(
        scene, design, grid, calibrated.aims, compiling.find_ways(scene), ordinary=True, deliveries_only=True
    )
    columns = Columns(design, slice(None))
    found = compiling._play_deliveries(material, 77)
    weighed = {}
    for part in scene.parts:
        lot, runs = part.lot.state.lot.lot_id, compiling.CALIBRATION_RUNS
        level = np.repeat(level_of(scene, columns, part), runs)
        order = np.argsort(level, kind="stable")
        weights = np.diff(np.concatenate([[0.0], (level[order][1:] + level[order][:-1]) / 2, [1.0]]))
        weighed[lot] = (part.lot, found[lot][order], weights)
    return weighed


@pytest.mark.parametrize("lot", ["k2-1", "k9-1", "k9-2", "homar-k-1", "homar-k-2", "fa-50pl"])
def test_ordinary_shocks_reproduce_the_delivery_forecast(played, lot):
    forecast, years, weights = played[lot]
    low, middle, high = np.quantile(years, [0.1, 0.5, 0.9], weights=weights, method="inverted_cdf")
    wanted = forecast.completion_years[[9, 49, 89]]
    assert abs(middle - wanted[1]) <= 1 / 12
    assert abs((high - low) / (wanted[2] - wanted[0]) - 1) <= 0.15
