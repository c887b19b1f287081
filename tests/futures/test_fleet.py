"""Repair within a substep, against the matrix exponential of pure death."""

import math

import numpy as np
import pytest
from scipy.linalg import expm

from pactwork.futures.draws import make_key
from pactwork.futures.oracles import fleets
from pactwork.futures.steps.fleet_luck import draw_mended

HAZARD, DRAWS = 0.125, 40_000


@pytest.mark.parametrize(("count", "channels"), [(4, 6), (6, 6), (7, 6), (9, 6), (30, 6), (118, 110)])
def test_mended_items_follow_pure_death(count, channels):
    rates = np.zeros((count + 1, count + 1))
    for n in range(1, count + 1):
        rates[n, n], rates[n, n - 1] = -min(n, channels), min(n, channels)
    expected = expm(rates * HAZARD)[count][::-1]
    key = make_key(1, 2, 3)
    found = np.zeros(count + 1)
    for item in range(DRAWS):
        found[draw_mended(key, 7, item, 0, count, channels, HAZARD, math.expm1(HAZARD))] += 1 / DRAWS
    seen = expected > 1e-3
    assert (np.abs(found - expected)[seen] < 5 * np.sqrt(expected[seen] / DRAWS)).all()


def test_short_runs_have_luck_of_their_own():
    found = fleets.sample_fleet(48, 0.08, 0.0, 40, required=48, **fleets._in_depot(4.0, 6))
    assert len(np.unique(found[:, 0])) > 20


@pytest.mark.parametrize("idle", [{"mending": 0.0}, {"channels": 0}])
def test_who_does_not_work_mends_nothing(idle):
    plan = {"failure": 8.0, "grades": [[0.3, 0.3, 0.4]], "mending": 20.0, "channels": 3, "maker_years": 99.0, **idle}
    found = fleets.sample_fleet(60, 3.0, 2.0, 3, required=60, **plan)
    assert (found[:, 0] < 1.0).all()
