"""Points: every column even by itself, hanging on its name alone, and paired with others as by chance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import qmc

from pactwork.futures.points import _reverse, draw_column

NAMES = st.text(min_size=1, max_size=40)
SEEDS = st.integers(0, 2**40)


@given(NAMES, SEEDS, st.integers(0, 20), st.integers(0, 10))
def test_each_interval_holds_one_point(name, seed, scramble, power):
    points = 2**power
    column = draw_column(name, points, seed=seed, scramble=scramble)
    assert column.min() > 0
    assert column.max() < 1
    assert sorted((column * points).astype(int)) == list(range(points))


@given(NAMES, SEEDS, st.integers(1, 200), st.integers(1, 200))
def test_a_longer_column_begins_with_the_shorter_one(name, seed, few, more):
    short = draw_column(name, few, seed=seed)
    assert np.array_equal(draw_column(name, few + more, seed=seed)[:few], short)


@pytest.mark.parametrize("power", [3, 8])
def test_without_scrambles_it_is_the_sobol_sequence(power):
    """The reversed digits of the index are the first dimension of scipy's Sobol' points, which come in Gray code."""
    points = 2**power
    plain = _reverse(np.arange(points, dtype=np.uint32)) / 2.0**32
    theirs = qmc.Sobol(1, scramble=False).random(points)[:, 0]
    gray = np.arange(points) ^ (np.arange(points) >> 1)
    assert np.array_equal(theirs, plain[gray])


def test_columns_are_paired_as_by_chance():
    """Without a scramble of the order, columns share halves in step: correlations near 0.75 either way."""
    columns = np.array([draw_column(f"column {index}", 256, seed=5) for index in range(60)])
    pairs = np.corrcoef(columns)[np.triu_indices(60, 1)]
    assert abs(pairs.mean()) < 0.01
    assert pairs.std() < 2 / np.sqrt(256)


def test_scrambles_and_seeds_differ_and_are_even_around_the_middle():
    first = draw_column("a", 64, seed=1)
    assert not np.array_equal(first, draw_column("a", 64, seed=1, scramble=1))
    assert not np.array_equal(first, draw_column("a", 64, seed=2))
    assert not np.array_equal(first, draw_column("b", 64, seed=1))


def test_the_first_point_of_many_scrambles_is_uniform():
    """A nested uniform scramble makes each single point uniform: 4,000 of them in ten bins, chi-square below 1 in 10,000."""
    points = np.array([draw_column("a", 1, seed=seed)[0] for seed in range(4000)])
    counts = np.histogram(points, 10, (0, 1))[0]
    assert ((counts - 400) ** 2 / 400).sum() < 33.7


def test_means_of_smooth_functions_are_far_better_than_by_chance():
    """Plain Monte Carlo's mean of u² over 256 points has a standard error of 0.0186; Sobol' points, under 0.0005."""
    means = [(draw_column("a", 256, seed=seed) ** 2).mean() for seed in range(200)]
    assert abs(np.mean(means) - 1 / 3) < 0.0001
    assert np.std(means) < 0.0005
