"""What an outcome hangs on: shares that are known, luck taken out, totals withheld where nothing carries them."""

import numpy as np
import pytest

from pactwork.choices.expansion import Bases, fit_expansion, make_basis, predict
from pactwork.choices.sensitivity import measure_sensitivity


def draw(futures=2000, columns=6, seed=0):
    """Return columns that are evenly spread and paired by chance, between 0 and 1."""
    dice = np.random.default_rng(seed)
    return np.column_stack([dice.permutation((np.arange(futures) + 0.5) / futures) for _ in range(columns)])


def shares(found):
    return [one.value for one in found]


def test_linear_and_product_by_hand():
    # 3a + 2b + 4(c − ½)(d − ½): variances 9/12, 4/12, 16/144.
    x, dice = draw(), np.random.default_rng(1)
    y = 3 * x[:, 0] + 2 * x[:, 1] + 4 * (x[:, 2] - 0.5) * (x[:, 3] - 0.5)
    found = measure_sensitivity(x, y[:, None] + dice.normal(size=(2000, 3)))
    variance = 9 / 12 + 4 / 12 + 16 / 144
    assert found.variance == pytest.approx(variance, rel=0.08)
    assert found.luck == pytest.approx(1.0, rel=0.05)
    assert shares(found.first) == pytest.approx([0.75 / variance, 1 / 3 / variance, 0, 0, 0, 0], abs=0.03)
    assert found.r_squared > 0.95
    part = 16 / 144 / variance
    assert shares(found.total) == pytest.approx([0.75 / variance, 1 / 3 / variance, part, part, 0, 0], abs=0.03)
    (one, other, largest), *others = found.pairs()
    assert (one, other, largest.value) == (2, 3, pytest.approx(part, abs=0.02))
    assert all(share.value < 0.01 for _, _, share in others)
    group = found.interaction([0, 2], [1, 3])
    assert group.interaction.value == pytest.approx(part, abs=0.02)
    assert group.interaction.low > 0
    assert group.joint.value == pytest.approx(1.0, abs=0.02)
    assert group.joint.value == pytest.approx(group.first.value + group.second.value + group.interaction.value)
    assert found.interaction([0], [1]).interaction.value == pytest.approx(0.0, abs=1e-12)


def test_with_one_run_a_future_shares_are_of_all_variance():
    x, dice = draw(4000), np.random.default_rng(1)
    y = 2 * np.sqrt(3) * x[:, :1] + dice.normal(size=(4000, 1))  # variance 1 of each
    alone = measure_sensitivity(x, y)
    assert (alone.separated, np.isnan(alone.luck)) == (False, True)
    assert alone.first[0].value == pytest.approx(0.5, abs=0.03)
    assert alone.total is None
    several = measure_sensitivity(x, y + dice.normal(size=(4000, 4)) * 0 + dice.normal(size=(4000, 4)))
    assert several.separated


def test_noise_is_no_sensitivity():
    found = measure_sensitivity(draw(), np.random.default_rng(1).normal(size=(2000, 4)))
    assert np.isnan(shares(found.first)).all()
    assert found.total is None
    assert found.interaction([0], [1]) is None
    assert found.pairs() is None


def test_what_polynomials_cannot_carry_is_withheld_and_the_single_shares_are_not():
    x = draw(4000)
    y = ((x[:, 0] > 0.9) & (x[:, 1] > 0.8)).astype(float)
    found = measure_sensitivity(x, y[:, None] + 0.05 * np.random.default_rng(1).normal(size=(4000, 2)))
    assert found.r_squared < 0.8
    assert found.total is None
    # Var E[y | first] = 0.2² · 0.1 · 0.9, of 0.02 · 0.98; a polynomial of degree 12 keeps most of a step.
    assert found.first[0].value == pytest.approx(0.04 * 0.09 / (0.02 * 0.98), abs=0.03)


def test_few_values_ties_and_skewed_columns():
    dice = np.random.default_rng(0)
    x = draw(3000)
    x[:, 0] = x[:, 0] < 0.5
    x[:, 1] = np.floor(5 * x[:, 1])
    x[:, 2] = np.exp(8 * x[:, 2])
    y = 2 * x[:, 0] + (x[:, 1] == 2) * 2.5 + np.log(x[:, 2]) * np.sqrt(12) / 8  # variances 1, 1, 1
    found = measure_sensitivity(x, y[:, None] + dice.normal(size=(3000, 2)))
    assert shares(found.first) == pytest.approx([1 / 3, 1 / 3, 1 / 3, 0, 0, 0], abs=0.02)


def test_futures_without_the_outcome_are_left_out_and_missing_runs_do_no_harm():
    x, dice = draw(4000), np.random.default_rng(1)
    y = 2 * np.sqrt(3) * x[:, :1] + dice.normal(size=(4000, 4))
    y[dice.random(y.shape) < 0.3] = np.nan
    y[:50] = np.nan
    found = measure_sensitivity(x, y)
    assert found.futures == np.isfinite(y).any(axis=1).sum()
    assert found.variance == pytest.approx(1.0, rel=0.06)
    assert found.first[0].value == pytest.approx(1.0, abs=0.02)


def test_what_does_nothing_has_a_share_of_nothing_on_average():
    seen = []
    for seed in range(40):
        x, dice = draw(300, 6, seed), np.random.default_rng(seed)
        found = measure_sensitivity(x, 4 * x[:, :1] + dice.normal(size=(300, 2)), resamples=20)
        seen += shares(found.first)[1:]
    assert abs(np.mean(seen)) < 0.002
    assert max(seen) > 0.005


def test_intervals_cover():
    hits, trials = 0, 60
    for seed in range(trials):
        x, dice = draw(1000, 5, seed), np.random.default_rng(seed)
        y = np.sqrt(12) * (x[:, 0] + 0.5 * x[:, 1])
        found = measure_sensitivity(x, y[:, None] + dice.normal(size=(1000, 2)), seed=seed)
        hits += found.first[0].low <= 0.8 <= found.first[0].high
    assert hits / trials >= 0.85


def test_same_seed_same_intervals():
    x = draw(500)
    y = x[:, :1] + np.random.default_rng(0).normal(size=(500, 2)) * 0.1
    assert measure_sensitivity(x, y, seed=3).first == measure_sensitivity(x, y, seed=3).first
    assert measure_sensitivity(x, y, seed=3).first != measure_sensitivity(x, y, seed=4).first


def test_a_column_that_never_varies_and_few_futures_are_no_crash():
    x = draw(200)
    x[:, 5] = 7.0
    found = measure_sensitivity(x, x[:, :2].sum(axis=1, keepdims=True))
    assert found.first[5].value == 0.0
    assert found.total[5].value == 0.0
    for futures in (0, 1, 2, 4, 12):
        small = measure_sensitivity(x[:futures], x[:futures, :2])
        assert small.futures == futures
        assert len(small.first) == 6


def test_a_basis_is_orthonormal_whatever_the_ties():
    dice = np.random.default_rng(0)
    for values in (dice.normal(size=300), dice.integers(0, 4, 300), np.exp(9 * dice.random(300)).round(-1)):
        basis = make_basis(values.astype(float))
        assert basis.T @ basis / 300 == pytest.approx(np.eye(basis.shape[1]), abs=1e-9)
        assert basis.mean(axis=0) == pytest.approx(np.zeros(basis.shape[1]), abs=1e-9)
    assert make_basis(np.ones(5)).shape == (5, 0)


def test_arrays_that_do_not_fit_are_refused():
    x = draw(50)
    for wrong_x, wrong_y in ((x, np.zeros(50)), (x, np.zeros((49, 2))), (np.full((50, 2), np.nan), np.zeros((50, 2)))):
        with pytest.raises(ValueError):
            measure_sensitivity(wrong_x, wrong_y)
    with pytest.raises(ValueError, match="both groups"):
        measure_sensitivity(x, x[:, :1]).interaction([0, 1], [1])


def test_the_expansion_is_judged_on_futures_that_had_no_say_in_it():
    x = draw(200, 4)
    y = ((x[:, 0] > 0.7) & (x[:, 1] > 0.6)).astype(float)
    bases = Bases(x)
    fitted = predict(bases, fit_expansion(bases, y))
    assert measure_sensitivity(x, y[:, None]).r_squared < 1 - np.mean((y - fitted) ** 2) / y.var() - 0.02
