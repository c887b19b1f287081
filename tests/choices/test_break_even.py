"""Break-even: crossings that are known, and words where there are none."""

import numpy as np
import pytest

from pactwork.choices.break_even import find_break_even, price_alternative

EFFECT = np.linspace(0, 0.5, 201)


def test_the_crossing_of_a_curve_lies_in_its_interval():
    hits = 0
    for seed in range(100):
        dice = np.random.default_rng(seed)
        effect = dice.random(800) * 0.5
        found = find_break_even(effect, 3 * effect**2 + 0.3 * dice.normal(size=800), 0.15, times=200)
        assert found.verdict == "from"
        assert found.depends
        hits += (found.low or 0.0) <= np.sqrt(0.05) <= (found.high or 0.5)
    assert 0.88 <= hits / 100 <= 0.99


def test_what_is_required_may_differ_by_future():
    cost = np.random.default_rng(0).random(201)
    assert find_break_even(EFFECT, 2 * EFFECT + 3 * cost, 0.4 + 3 * cost).effect == pytest.approx(0.2, abs=1e-6)


@pytest.mark.parametrize(
    ("benefit", "verdict"),
    [(EFFECT + 1, "always"), (EFFECT - 1, "never"), (0.2 - EFFECT, "only_below"), (EFFECT * 0, "always")],
)
def test_a_word_where_there_is_no_crossing(benefit, verdict):
    found = find_break_even(EFFECT, benefit)
    assert found.verdict == verdict
    assert (found.effect, found.low, found.high) == (None, None, None)
    assert (found.share_always, found.share_never) == ((1.0, 0.0) if verdict == "always" else (0.0, 1.0))


def test_where_luck_could_turn_it_nothing_is_claimed():
    dice = np.random.default_rng(0)
    found = find_break_even(EFFECT, dice.normal(size=201))
    assert found.verdict == "unclear"
    assert not found.depends
    assert found.mean_low < 0 < found.mean_high


def test_an_interval_that_reaches_beyond_the_effects_is_open():
    dice = np.random.default_rng(1)
    found = find_break_even(EFFECT, EFFECT - 0.42 + 0.5 * dice.normal(size=201))
    assert found.verdict == "from"
    assert found.high is None
    assert found.share_never > 0.025


def test_of_two_crossings_the_last_counts():
    benefit = (EFFECT - 0.1) * (EFFECT - 0.3) * (EFFECT - 0.45) * 100
    assert find_break_even(EFFECT, benefit).effect == pytest.approx(0.45, abs=0.001)


def test_too_few_futures_or_one_effect():
    assert find_break_even(EFFECT[:9], EFFECT[:9]).verdict == "unknown"
    assert find_break_even(np.zeros(0), np.zeros(0)).verdict == "unknown"
    nan = np.full(201, np.nan)
    assert find_break_even(EFFECT, nan).futures == 0
    found = find_break_even(np.full(50, 0.3), np.ones(50))
    assert (found.verdict, found.depends, found.range) == ("always", False, (0.3, 0.3))
    with pytest.raises(ValueError, match="each future"):
        find_break_even(EFFECT, EFFECT[:5])


def test_same_seed_same_interval():
    benefit = EFFECT - 0.2 + 0.1 * np.random.default_rng(0).normal(size=201)
    assert find_break_even(EFFECT, benefit, seed=2) == find_break_even(EFFECT, benefit, seed=2)
    assert find_break_even(EFFECT, benefit, seed=2) != find_break_even(EFFECT, benefit, seed=3)


def test_the_best_alternative_is_the_one_with_most_for_its_money():
    benefits = np.array([[9.0, 9.0], [2.0, np.nan], [-1.0, -1.0], [5.0, 5.0]])
    costs = np.array([[10.0, 10.0], [1.0, 1.0], [1.0, 1.0], [0.0, 0.0]])
    best, bought = price_alternative(benefits, costs, np.array([3.0, 0.0]))
    assert best == 1
    assert bought.tolist() == [6.0, 0.0]
    assert price_alternative(benefits[2:], costs[2:], np.ones(2))[0] is None
