"""The simulation's oracles pass, and each fails when its mechanism is spoilt (closed forms: see ``futures.oracles``)."""

from itertools import pairwise

import pytest

from pactwork.futures.oracles import ORACLES
from pactwork.futures.oracles.closed_forms import expected_backorders, machine_repair, mean_and_deviation
from pactwork.futures.oracles.output import check_production

SPOILT = 1.15


@pytest.mark.parametrize("check", ORACLES, ids=lambda check: check.__name__)
def test_an_oracle_passes(check):
    failed = [one for one in check(1.0) if not one.passed]
    assert not failed


@pytest.mark.parametrize("check", ORACLES, ids=lambda check: check.__name__)
def test_a_spoilt_mechanism_fails_its_oracle(check):
    found = check(SPOILT)
    means = [one for one in found if "deviation" not in one.name]
    assert not any(one.passed for one in means)


def test_a_line_that_varies_otherwise_fails_by_its_deviation_alone():
    for unsteadiness in (1 / SPOILT, SPOILT):
        found = check_production(unsteadiness=unsteadiness)
        assert [one.passed for one in found] == ["mean" in one.name for one in found]


def test_machine_repair_with_a_man_for_each_machine_is_binomial():
    mean, deviation = mean_and_deviation(machine_repair(10, 10, 1.0, 3.0))
    assert (mean, deviation**2) == (pytest.approx(2.5), pytest.approx(10 * 0.25 * 0.75))


def test_backorders_fall_with_stock():
    found = [expected_backorders(stock, 8.0) for stock in range(20)]
    assert found[0] == 8.0
    assert all(more > less > 0 for more, less in pairwise(found))
