"""Tables and what is made ahead give what counting up and drawing one by one give, bit for bit."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pactwork.futures import draws, inverses, tables

UNIFORMS = st.floats(2.0**-53, 1 - 2.0**-53)
KEY = draws.make_key(5, 6, 7)


def empty():
    return (
        np.zeros(tables.ROWS),
        np.zeros((tables.ROWS, tables.WIDTH)),
        np.zeros((tables.ROWS, tables.GUIDES), dtype=np.uint8),
    )


def twice(read):
    """What comes without a table, and from the table that was made meanwhile."""
    made = empty()
    found = read(*made), read(*made)
    assert made[0].any()
    return found


@given(UNIFORMS, st.integers(1, 256), st.floats(1e-6, 0.11))
def test_a_table_of_events_reads_as_it_counts(uniform, count, hazard):
    odds = math.expm1(hazard)
    found = twice(lambda *made: tables.read_many_events(*made, KEY, 1, 2, 3, uniform, count, hazard, odds, True))
    assert set(found) == {inverses.count_events(uniform, count, hazard, odds)}


@given(UNIFORMS, st.floats(1e-6, tables.LARGEST_MEAN))
def test_a_table_of_poisson_numbers_reads_as_it_counts(uniform, mean):
    found = twice(lambda *made: tables.read_poisson(*made, KEY, 1, 2, 3, uniform, mean, True))
    assert set(found) == {inverses.poisson_inverse(uniform, mean)}


@given(UNIFORMS, st.integers(1, 30), st.floats(1e-6, 1 - 1e-6))
def test_a_table_of_shares_reads_as_it_counts(uniform, count, chance):
    found = twice(lambda *made: tables.read_share(*made, uniform, count, chance))
    assert set(found) == {inverses.binomial_inverse(uniform, count, chance)}


@pytest.mark.parametrize("mean", [1e-9, 1.0, tables.LARGEST_MEAN])
def test_the_widest_row_holds_all_its_sums(mean):
    _, totals, guide = empty()
    tables.tabulate_poisson(totals[0], guide[0], mean)
    assert totals[0].max() == tables.BEYOND_ALL
    assert (totals[1] == 0.0).all()
    assert tables.look_up(totals[0], guide[0], 1 - 2.0**-53) == inverses.poisson_inverse(1 - 2.0**-53, mean)


def test_what_is_not_steady_or_too_large_has_no_table():
    made = empty()
    tables.read_many_events(*made, KEY, 1, 2, 3, 0.5, 20, 0.1, math.expm1(0.1), False)
    tables.read_many_events(*made, KEY, 1, 2, 3, 0.5, 256, 0.25, math.expm1(0.25), True)
    tables.read_poisson(*made, KEY, 1, 2, 3, 0.5, 200.0, True)
    assert not made[0].any()


@pytest.mark.parametrize("steady", [True, False])
def test_many_items_keep_their_distribution(steady):
    made, hazard = empty(), 0.02
    found = []
    for item in range(4000):
        uniform = draws.draw_pair(KEY, 9, item, 0)[0]
        found.append(tables.read_many_events(*made, KEY, 9, item, 0, uniform, 900, hazard, math.expm1(hazard), steady))
    chance = -math.expm1(-hazard)
    assert np.mean(found) == pytest.approx(900 * chance, abs=0.3)
    assert np.std(found) == pytest.approx(math.sqrt(900 * chance * (1 - chance)), rel=0.05)


def test_pairs_made_together_are_those_made_alone():
    items, places = np.arange(draws.BATCH) + 2**31, np.arange(draws.BATCH) * 4096
    first, second = np.zeros(draws.BATCH), np.zeros(draws.BATCH)
    draws.draw_pairs(KEY, 2**32 - 1, items, places, first, second)
    alone = [draws.draw_pair(KEY, 2**32 - 1, item, place) for item, place in zip(items, places, strict=True)]
    assert list(zip(first, second, strict=True)) == alone


def test_a_uniform_is_never_at_an_end():
    zero, ones = np.uint64(0), np.uint64(2**32 - 1)
    assert 0.0 < draws._join(zero, zero) < 2.0**-52
    assert 1.0 - 2.0**-52 < draws._join(ones, ones) < 1.0


@pytest.mark.parametrize(("rank", "of"), [(1, 1), (1, 5), (2, 5), (3, 9), (4, 5), (5, 5), (6, 11), (7, 13), (20, 21)])
def test_ranks_follow_their_beta_distribution(rank, of):
    found = [draws.draw_rank(KEY, 3, item, 1, draws.draw_pair(KEY, 3, item, 0)[0], rank, of) for item in range(4000)]
    assert stats.kstest(found, stats.beta(rank, of - rank + 1).cdf).pvalue > 0.001


@given(UNIFORMS, UNIFORMS, st.integers(1, 20), st.integers(0, 20))
def test_a_larger_uniform_never_gives_an_earlier_rank(one, other, rank, later):
    low, high = (draws.draw_rank(KEY, 3, 0, 1, uniform, rank, rank + later) for uniform in sorted((one, other)))
    assert low <= high + 1e-9
