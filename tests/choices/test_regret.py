"""Regret: a hand-computed table, and the truth where it is known."""

import numpy as np
import pytest

from pactwork.choices.criteria import Criterion
from pactwork.choices.regret import find_regret

MORE, LESS = Criterion("mean", "at_least", 0.0), Criterion("mean", "at_most", 0.0)
# Three choices, two futures, four replications: even ones 0 and 2, odd ones 1 and 3.
RUNS = np.array([
    [[4.0, 2.0, 6.0, 4.0], [1.0, 1.0, 1.0, 1.0]],  # future 0: even 5, odd 3
    [[2.0, 6.0, 4.0, 4.0], [3.0, 3.0, 3.0, 3.0]],  # future 0: even 3, odd 5
    [[0.0, 0.0, 2.0, 2.0], [2.0, 2.0, 2.0, 2.0]],  # future 0: even 1, odd 1
])  # fmt: skip


def test_cross_fitted_as_computed_by_hand():
    # Future 0: even runs pick the first, which odd runs judge at 3; odd runs pick the second, which even runs judge at 3.
    # First: ((3 − 3) + (3 − 5)) / 2 = −1; second: ((3 − 5) + (3 − 3)) / 2 = −1; third: ((3 − 1) + (3 − 1)) / 2 = 2.
    found = find_regret(RUNS, MORE)
    assert [one.futures.tolist() for one in found] == [[-1.0, 2.0], [-1.0, 0.0], [2.0, 1.0]]
    assert [one.mean.value for one in found] == [0.5, -0.5, 1.5]
    assert [one.q90 for one in found] == pytest.approx([1.7, -0.1, 1.9])
    # The plug-in picks and judges on all runs: means 4 4 1 and 1 3 2.
    assert [one.plug_in for one in found] == [1.0, 0.0, 2.0]


def test_where_less_is_better():
    assert [one.futures.tolist() for one in find_regret(RUNS, LESS)] == [[3.0, 0.0], [3.0, 2.0], [0.0, 1.0]]


def test_ties_in_the_half_that_picks_are_judged_together():
    runs = np.array([[[4.0, 1.0]], [[4.0, 3.0]], [[0.0, 2.0]]])  # the even run cannot tell the first two apart
    # Even picks the first two: odd judges 2. Odd picks the second: even judges 4.
    assert [one.futures.tolist() for one in find_regret(runs, MORE)] == [[0.5], [-0.5], [2.0]]


def simulate(truths, noise, futures=4000, replications=8, seed=0):
    dice = np.random.default_rng(seed)
    truths = np.broadcast_to(np.array(truths)[:, None], (len(truths), futures))
    return truths[:, :, None] + noise * dice.normal(size=(*truths.shape, replications))


def test_unbiased_where_all_are_alike_while_the_plug_in_is_not():
    for one in find_regret(simulate([0.0] * 10, 1.0), MORE):
        assert abs(one.mean.value) < 3.5 * one.mean.standard_error
        assert one.plug_in > 0.5  # E max of ten means of eight is 1.54 / √8


def test_unbiased_where_one_is_clearly_best():
    found = find_regret(simulate([5.0, 0.0, 1.0], 1.0), MORE)
    for one, truth in zip(found, (0.0, 5.0, 4.0), strict=True):
        assert abs(one.mean.value - truth) <= 3.5 * one.mean.standard_error


def test_little_below_the_truth_where_the_best_is_hard_to_tell():
    truths = [0.1 * step for step in range(10)]
    for one, truth in zip(find_regret(simulate(truths, 1.0), MORE), truths, strict=True):
        assert -0.35 < one.mean.value - (0.9 - truth) < 0.02
        assert one.plug_in - (0.9 - truth) > 0.2


def test_alone_a_choice_regrets_nothing():
    (one,) = find_regret(RUNS[:1], MORE)
    assert one.futures.tolist() == [0.0, 0.0]
    assert one.plug_in == 0.0


def test_one_replication_cannot_be_judged_apart():
    for one in find_regret(RUNS[:, :, :1], MORE):
        assert np.isnan(one.mean.value)
        assert np.isnan(one.q90)
        assert np.isfinite(one.plug_in)


def test_a_choice_without_a_number_neither_sets_the_best_nor_regrets():
    runs = RUNS.copy()
    runs[1, 0, 1::2] = np.nan
    first, second, third = find_regret(runs, MORE)
    assert np.isnan(second.futures[0])
    assert [first.futures[0], third.futures[0]] == [0.0, 3.0]
    runs[:] = np.nan
    assert all(np.isnan(one.mean.value) and np.isnan(one.plug_in) for one in find_regret(runs, MORE))
