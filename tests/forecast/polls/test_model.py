"""The Gaussian model: its two forms agree, it recovers what it was given, and its intervals cover as they say."""

from dataclasses import replace

import numpy as np
import pytest

from pactwork.forecast.polls.gaussian import (
    CHANGE,
    HOUSES,
    MOST_DENSE,
    Parameters,
    Series,
    estimate_densely,
    explain_variance,
)
from pactwork.forecast.polls.kalman import average, predict_each, smooth
from pactwork.forecast.polls.sizes import PRIOR_MEDIANS, PRIOR_SPREADS, fit, spread_sizes

NAMES = ("walk", "house", "noise", "wording", "memory_days")


def simulate(seed, polls, houses, wordings, parameters=None, span=700, variance=0.006):
    """Return a series with everything that made it: sizes (drawn from their priors), level and effects on the last day."""
    dice = np.random.default_rng(seed)
    drawn = [getattr(PRIOR_MEDIANS, name) * np.exp(getattr(PRIOR_SPREADS, name) * dice.normal()) for name in NAMES]
    sizes = parameters or Parameters(*drawn)
    days = np.sort(dice.integers(0, span, polls)).astype(float)
    series = Series(days, np.zeros(polls), np.full(polls, variance), dice.integers(0, houses, polls),
                    dice.integers(0, wordings, polls), houses, wordings)  # fmt: skip
    level = dice.normal() + np.concatenate([[0.0], np.cumsum(dice.normal(0, sizes.walk, span))])
    keep = np.exp(-1 / sizes.memory_days)
    effects = np.zeros((span + 1, houses))
    effects[0] = dice.normal(0, sizes.house, houses)
    for day in range(1, span + 1):
        effects[day] = keep * effects[day - 1] + dice.normal(0, sizes.house * np.sqrt(1 - keep**2), houses)
    wording = dice.normal(0, sizes.wording, wordings) if wordings > 1 else np.zeros(1)
    at = days.astype(int)
    values = level[at] + effects[at, series.houses] + wording[series.wordings]
    values = values + dice.normal(0, np.sqrt(sizes.noise**2 + series.variances))
    return sizes, replace(series, values=values), level[at[-1]], effects[at[-1]], wording


@pytest.mark.parametrize(("polls", "houses", "wordings"), [(1, 1, 1), (2, 2, 2), (60, 5, 1), (150, 4, 3)])
def test_the_state_space_equals_the_dense_form(polls, houses, wordings):
    parameters, series, *_ = simulate(3, polls, houses, wordings)
    days = np.unique(np.concatenate([series.days, series.days[0] + np.arange(0, 900, 50.0)]))
    mean, variance = estimate_densely(series, parameters, days)
    found = smooth(series, parameters, days)
    np.testing.assert_allclose(found.level, mean, atol=1e-7)
    np.testing.assert_allclose(found.variance, variance, atol=1e-7)


def test_they_agree_where_some_pollsters_and_wordings_stand_for_themselves():
    parameters, series, *_ = simulate(4, 80, 5, 3)
    series = replace(
        series,
        houses=np.where(series.houses == 4, -1, series.houses),
        wordings=np.where(series.wordings == 2, -1, series.wordings),
        house_count=4,
        wording_count=2,
    )
    days = np.unique(series.days)
    mean, variance = estimate_densely(series, parameters, days)
    found = smooth(series, parameters)
    np.testing.assert_allclose(found.level, mean, atol=1e-8)
    np.testing.assert_allclose(found.variance, variance, atol=1e-8)


def test_what_stands_for_itself_is_like_a_pollster_that_asked_once():
    parameters, series, *_ = simulate(4, 30, 3, 1)
    alone = replace(series, houses=np.concatenate([series.houses[:-1], [3]]), house_count=4)
    apart = replace(series, houses=np.concatenate([series.houses[:-1], [-1]]))
    np.testing.assert_allclose(smooth(apart, parameters).level, smooth(alone, parameters).level)
    np.testing.assert_allclose(smooth(apart, parameters).variance, smooth(alone, parameters).variance)


def test_a_prediction_is_the_dense_answer_of_the_earlier_days_alone():
    _, series, *_ = simulate(5, 9, 2, 1, span=30)  # fewer than are needed for a fit: the sizes are the prior's
    predictions = predict_each(series)
    last = int(np.searchsorted(series.days, series.days[-1]))
    held = series.part(0, last)
    joined = smooth(held, PRIOR_MEDIANS, series.days[-1:])
    house = 1 + series.houses[last]
    row = np.zeros(joined.states.shape[1])
    row[[0, house]] = 1.0
    assert predictions.mean[last] == pytest.approx(row @ joined.states[-1])
    expected = row @ joined.covariances[-1] @ row + PRIOR_MEDIANS.noise**2
    assert predictions.variance[last] == pytest.approx(expected)


def test_no_later_poll_moves_a_prediction_or_its_sizes():
    _, series, *_ = simulate(6, 60, 4, 1)
    cut = int(np.searchsorted(series.days, series.days[40]))
    whole = predict_each(series)
    changed = predict_each(replace(series, values=np.concatenate([series.values[:cut], series.values[cut:] + 2.0])))
    np.testing.assert_array_equal(whole.mean[: cut + 1], changed.mean[: cut + 1])
    assert whole.parameters[:cut] == changed.parameters[:cut]
    assert whole.mean[-1] != changed.mean[-1]


def test_sizes_are_recovered_from_many_polls():
    truth = Parameters(walk=0.03, house=0.25, noise=0.12, wording=0.65, memory_days=3000.0)
    found = [fit(simulate(seed, MOST_DENSE, 6, 1, truth)[1]) for seed in range(6)]
    for name in ("walk", "house", "noise"):
        assert np.median([getattr(one, name) for one in found]) == pytest.approx(getattr(truth, name), rel=0.25), name


def test_few_polls_leave_the_sizes_near_their_priors():
    _, series, *_ = simulate(7, 2, 2, 2)
    found = fit(series)
    for name in NAMES:
        assert abs(np.log(getattr(found, name) / getattr(PRIOR_MEDIANS, name))) < 1.5 * getattr(PRIOR_SPREADS, name)


@pytest.mark.parametrize(("polls", "houses", "wordings"), [(5, 3, 2), (30, 4, 3)])
def test_intervals_cover_as_stated(polls, houses, wordings):
    """Simulation-based calibration: sizes drawn from their priors, and fitted without knowing them."""
    errors: dict[str, list[float]] = {"level": [], "houses": [], "wordings": []}
    for seed in range(300):
        _, series, level, effects, wording = simulate(seed, polls, houses, wordings)
        found = average((weight, smooth(series, sizes)) for weight, sizes in spread_sizes(series, fit(series)))
        spread = np.sqrt(found.covariances[-1].diagonal())
        truth = np.concatenate([[level], effects, wording])
        standard = (truth - found.states[-1]) / spread
        errors["level"].append(standard[0])
        errors["houses"] += [*standard[1 : 1 + houses]]
        errors["wordings"] += [*standard[1 + houses :]]
    for name, values in errors.items():
        size = len(values) / (1 if name == "level" else 2)  # effects of one simulation are not independent
        slack = 2.6 * np.sqrt(0.05 * 0.95 / size)
        covered = np.mean(np.abs(values) < 1.96)
        assert 0.95 - slack < covered <= min(1.0, 0.95 + slack), f"{name}: {covered:.3f}"
        # Effects whose size is itself not known have more at the middle and in the tails than a normal: never less.
        inner = np.mean(np.abs(values) < 0.674)
        slack = 3 * np.sqrt(0.25 / size)
        assert 0.5 - slack < inner < (0.5 + slack if name == "level" else 0.65), f"{name}: half within {inner:.3f}"


def test_the_parts_of_the_variance_add_up():
    parameters, series, *_ = simulate(8, 40, 3, 2)
    parts = explain_variance(series, parameters, series.days[-1])
    _, variance = estimate_densely(series, parameters, series.days[-1:])
    assert sum(parts.values()) == pytest.approx(float(variance[0]), rel=1e-6)
    assert min(parts.values()) >= 0
    later = explain_variance(series, parameters, series.days[-1] + 2000)
    assert later[CHANGE] > parts[CHANGE]
    assert later[HOUSES] == pytest.approx(parts[HOUSES], rel=0.05)
