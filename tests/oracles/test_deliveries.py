"""Closed forms and published numbers that delivery forecasts and their scores must meet."""

import numpy as np
import pytest
from scipy import stats

from pactwork.forecast.deliveries import tempo
from pactwork.forecast.deliveries.backtest import wilson
from pactwork.forecast.deliveries.chances import (
    LEVELS,
    Coefficients,
    chance_of,
    completion_of,
    mean_of,
    quantiles_given_any,
    quantiles_of,
)
from pactwork.forecast.deliveries.deals import make_deals
from pactwork.forecast.deliveries.features import list_features
from pactwork.forecast.deliveries.reference import load_reference_class
from pactwork.forecast.deliveries.scoring import calibrate, crps_of, score_horizon
from pactwork.forecast.deliveries.tempo import RecentRecord, weigh_record

NAMES = [one.name for one in list_features()]
RATE, COMPLETE = 0.4, 0.3


def by_name(**values):
    return np.array([values.get(name, 0.0) for name in NAMES])


@pytest.fixture
def plain():
    """The next delivery at a constant rate; then all with a fixed chance, otherwise an evenly spread part."""
    more = by_name(one=np.log(RATE), log_horizon=1.0)
    return Coefficients(more, by_name(one=np.log(COMPLETE / (1 - COMPLETE))), by_name(), 1.0)


def lot(ordered, **more):
    return make_deals(as_of=2024.0, ordered=[ordered], delivered=[0], ordered_on=[2022.0], kind=["other"], **more)


@pytest.mark.parametrize("years", [1.0, 2.0, 7.5])
def test_a_constant_rate_waits_exponentially(plain, years):
    chance = chance_of(plain, lot(20), years, np.array([[1.0]]))[0, 0]
    assert chance == pytest.approx(1 - np.exp(-RATE * years), rel=1e-12)


def test_an_even_part_is_uniform_and_its_mean_is_half(plain):
    """With place 0 and spread 1 the share is logit^-1 of a standard logistic: uniform; so is the count."""
    any_comes = 1 - np.exp(-RATE * 2)
    chances = chance_of(plain, lot(11), 2.0, np.arange(1.0, 12.0)[None, :])[0]
    even = any_comes * (COMPLETE + (1 - COMPLETE) * (1 - np.arange(10) / 10))
    assert chances[:10] == pytest.approx(even, abs=1e-7)
    assert chances[10] == pytest.approx(any_comes * COMPLETE, rel=1e-12)
    for ordered in (11, 801):  # summed one by one, and by quadrature
        mean = any_comes * (COMPLETE * ordered + (1 - COMPLETE) * ordered / 2)
        assert mean_of(plain, lot(ordered), np.array([2.0]))[0, 0] == pytest.approx(mean, rel=1e-4)


def test_completion_of_a_single_item_is_the_exponential_quantile(plain):
    levels = np.array([0.4, 0.5, 0.9])
    found = completion_of(plain, lot(1, batch=[1.0]), levels)[0]
    assert found == pytest.approx(-np.log(1 - levels) / RATE, rel=1e-6)


def test_within_a_year_a_path_is_held_to_its_even_share_and_a_batch(plain):
    deal = lot(101, batch=[2.0])
    year, half = (quantiles_of(plain, deal, np.array([h]), np.array([0.75]))[0, 0, 0] for h in (1.0, 0.5))
    assert 0 < year < 101
    assert half == min(
        np.floor(0.5 * year + 2), quantiles_of(plain, lot(101, batch=[1e6]), np.array([0.5]), np.array([0.75]))[0, 0, 0]
    )


def test_the_score_of_a_certain_forecast_is_its_error():
    quantiles = np.repeat([[3.0], [7.0]], 99, axis=1)
    assert crps_of(quantiles, np.array([5.0, 7.0])) == pytest.approx([2.0 * 0.99 / 0.99, 0.0], abs=0.02)


def test_the_score_of_a_normal_forecast_is_its_closed_form():
    """CRPS(N(0,1), y) = y(2F(y) - 1) + 2f(y) - 1/sqrt(pi) (Gneiting and Raftery 2007)."""
    observed = np.array([-1.5, 0.0, 0.7])
    quantiles = np.repeat(stats.norm.ppf(LEVELS)[None, :], 3, axis=0)
    exact = observed * (2 * stats.norm.cdf(observed) - 1) + 2 * stats.norm.pdf(observed) - 1 / np.sqrt(np.pi)
    assert crps_of(quantiles, observed) == pytest.approx(exact, abs=0.012)


def test_randomised_pit_values_are_even_for_a_true_forecast_of_counts_and_not_for_a_narrow_one():
    generator = np.random.default_rng(1)
    observed = generator.poisson(2.0, 20_000).astype(float)
    true = np.repeat(stats.poisson.ppf(LEVELS, 2.0)[None, :], len(observed), axis=0)
    found = calibrate(true, observed)
    assert found.tenths == pytest.approx([0.1] * 10, abs=0.012)
    assert (found.inside_80, found.below_median) == pytest.approx((0.8, 0.5), abs=0.012)
    narrow = calibrate(np.full_like(true, 2.0), observed)
    assert max(narrow.tenths) > 0.2
    assert narrow.tenths[0] > 0.2


def test_a_gain_is_paired_and_its_interval_keeps_groups_together():
    generator = np.random.default_rng(2)
    observed = generator.integers(0, 100, 300).astype(float)
    sharp = observed[:, None] + stats.norm.ppf(LEVELS)[None, :]
    blunt = observed[:, None] + 5 * stats.norm.ppf(LEVELS)[None, :]
    alone, together = np.arange(300.0), np.repeat(np.arange(10.0), 30)
    ordered, begun = np.full(300, 100.0), observed > 50
    by_deal = score_horizon("2024-12-31", 1.0, sharp, {"blunt": blunt}, observed, ordered, begun, alone).rivals[0]
    assert by_deal.gain > 0
    assert by_deal.low <= by_deal.gain <= by_deal.high
    noisy = blunt + np.repeat(generator.normal(0, 20, 10), 30)[:, None]
    spread = [
        (one := score_horizon("2024-12-31", 1.0, sharp, {"noisy": noisy}, observed, ordered, begun, groups).rivals[0]).high - one.low
        for groups in (alone, together)
    ]  # fmt: skip
    assert spread[1] > 2 * spread[0]  # errors shared within groups make the mean less sure


def test_the_interval_of_a_share_is_wilsons():
    """81 of 263 (Newcombe 1998, table I): 0.2553 to 0.3662."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


def test_without_drift_and_break_the_record_is_weighed_by_bayes(monkeypatch):
    """With both off, the posterior over paths is the Poisson likelihood on the grid, normalised."""
    monkeypatch.setattr(tempo, "DRIFT", 0.0)
    monkeypatch.setattr(tempo, "BREAK", 0.0)
    coefficients = load_reference_class("known-by-2025").coefficients
    deal = make_deals(as_of=2024.0, ordered=[200], delivered=[60], ordered_on=[2021.5], first_on=[2022.5],
                      last_on=[2023.9], kind=["armour"])  # fmt: skip
    recent = RecentRecord(1.0, 30.0, 5.0)
    found = weigh_record(coefficients, deal, recent)
    levels = (np.arange(400) + 0.5) / 400
    paths = quantiles_given_any(coefficients, deal, 1.0, levels)[0] - 60
    likelihood = stats.poisson.pmf(6, np.maximum(paths / 5.0, 0.25))
    assert np.diff(found.cumulative) == pytest.approx(likelihood / likelihood.sum(), abs=1e-12)
    median = np.interp(0.5, np.concatenate([[0], np.cumsum(likelihood) / likelihood.sum()]), np.linspace(0, 1, 401))
    assert found.level(np.array([0.5]))[0] == pytest.approx(median)


def test_a_change_of_levels_is_one_distribution():
    coefficients = load_reference_class("known-by-2025").coefficients
    deal = make_deals(as_of=2024.0, ordered=[200], delivered=[60], ordered_on=[2021.5], first_on=[2022.5],
                      last_on=[2023.9], kind=["armour"])  # fmt: skip
    found = weigh_record(coefficients, deal, RecentRecord(1.0, 20.0, 5.0))
    fine = (np.arange(4000) + 0.5) / 4000
    for years in (0.4, 2.0):
        reached = quantiles_of(coefficients, deal, np.array([years]), fine, found)[0, 0]
        for count in (61.0, 80.0, 120.0, 200.0):
            own = chance_of(coefficients, deal, years, np.array([[count]]), found)[0, 0]
            assert (reached >= count).mean() == pytest.approx(own, abs=1e-3)
