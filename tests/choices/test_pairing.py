"""Paired differences: what common luck gains, by hand and where the variances are known."""

import numpy as np
import pytest

from pactwork.choices.pairing import compare_with_baseline

NAN = np.nan


def test_as_computed_by_hand():
    base = [[1.0, 3.0], [2.0, 6.0]]
    other = [[2.0, 5.0], [4.0, 10.0]]  # differences 1 2 and 2 4
    same, found = compare_with_baseline(np.array([base, other]))
    assert found.mean.value == 2.25
    # Within futures: differences vary by 1/2 and 2, the baseline by 2 and 8, the other by 9/2 and 18; two runs each.
    assert found.luck_error == pytest.approx(np.sqrt((0.5 + 2) / 2) / 2)
    assert found.independent_error == pytest.approx(np.sqrt((2 + 8 + 4.5 + 18) / 2) / 2)
    assert found.luck_ratio == pytest.approx(np.sqrt(32.5 / 2.5))
    assert (found.pairs, found.one_sided, found.changes_nothing) == (4, 0, False)
    assert (same.mean.value, same.changes_nothing, same.luck_ratio) == (0.0, True, np.inf)


def test_the_errors_are_those_that_repeated_experiments_have():
    dice = np.random.default_rng(0)
    means, apart, lucks, independents = [], [], [], []
    futures = dice.normal(size=(64, 1))
    for _ in range(400):
        luck, more, other = dice.normal(size=(3, 64, 4))
        values = np.stack([futures + luck, futures + 0.5 + luck + 0.4 * more])
        found = compare_with_baseline(values)[1]
        means.append(found.mean.value)
        apart.append((futures + 0.5 + other + 0.4 * more - futures - luck).mean())
        lucks.append(found.luck_error)
        independents.append(found.independent_error)
    assert np.mean(lucks) == pytest.approx(np.std(means), rel=0.1)
    assert np.mean(independents) == pytest.approx(np.std(apart), rel=0.1)


def test_a_lever_that_changes_nothing_is_told_from_one_that_changes_little():
    values = np.random.default_rng(0).normal(size=(1, 8, 4)).repeat(3, axis=0)
    values[:, 2, 1] = NAN
    values[2, 5, 3] += 1e-12
    assert [found.changes_nothing for found in compare_with_baseline(values)] == [True, True, False]
    values[1, 0, 0] = NAN
    assert not compare_with_baseline(values)[1].changes_nothing


def test_runs_that_only_one_of_two_has_are_counted_and_left_out():
    values = np.array([[[1.0, NAN, 3.0]], [[2.0, 5.0, NAN]]])
    found = compare_with_baseline(values)[1]
    assert (found.mean.value, found.pairs, found.one_sided) == (1.0, 1, 2)
    assert np.isnan(found.luck_error)
    failed = np.zeros(values.shape, dtype=bool)
    failed[0, 0, 0] = True
    assert np.isnan(compare_with_baseline(values, failed=failed)[1].mean.value)


def test_the_baseline_may_stand_anywhere():
    values = np.random.default_rng(0).normal(size=(3, 8, 4))
    assert compare_with_baseline(values, 2)[0].mean.value == pytest.approx(
        -compare_with_baseline(values, 0)[2].mean.value
    )


@pytest.mark.parametrize("shape", [(2, 1, 1), (2, 8, 1), (2, 1, 4), (1, 1, 1)])
def test_one_of_anything_is_no_crash(shape):
    found = compare_with_baseline(np.random.default_rng(0).normal(size=shape))[-1]
    assert np.isfinite(found.mean.value)
