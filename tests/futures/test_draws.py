"""Chance: the published generator, and inversions that never turn back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from pactwork.futures import draws, inverses

UNIFORMS = st.floats(1e-12, 1 - 1e-12)
COUNTS = st.integers(0, 700)
CHANCES = st.floats(0.0, 1.0)
KEY = draws.make_key(3, 1, 4)
ONES = 0xFFFFFFFF


@pytest.mark.parametrize(
    ("counter_and_key", "words"),
    [
        ([0] * 6, "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ([ONES] * 6, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        ([0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344, 0xA4093822, 0x299F31D0],
         "d16cfe09 94fdcceb 5001e420 24126ea1"),
    ],
)  # fmt: skip
def test_philox_gives_the_published_words(counter_and_key, words):
    found = draws.philox(*(np.uint64(word) for word in counter_and_key))
    assert " ".join(f"{word:08x}" for word in found) == words


def test_names_with_one_hash_are_refused():
    streams = draws.Streams()
    streams.word("costarring")
    with pytest.raises(draws.StreamCollisionError, match=r"costarring.*liquid"):
        streams.word("liquid")


def test_a_key_has_three_whole_parts():
    with pytest.raises(ValueError, match="whole numbers"):
        draws.make_key(-1, 0, 0)


def test_uniforms_are_even_and_independent_of_order():
    first = [draws.draw_pair(KEY, 7, item, 0) for item in range(4000)]
    again = [draws.draw_pair(KEY, 7, item, 0) for item in reversed(range(4000))]
    assert first == again[::-1]
    both = np.array(first)
    assert stats.kstest(both.ravel(), "uniform").pvalue > 0.001
    assert abs(np.corrcoef(both.T)[0, 1]) < 0.06


GRID = np.concatenate([np.linspace(0.0005, 0.9995, 500), [1e-9, 1e-4, 1 - 1e-6]])


@pytest.mark.parametrize(("count", "chance"), [(1, 0.3), (48, 0.02), (256, 0.5), (256, 0.99), (200, 1e-4)])
def test_binomial_inverse(count, chance):
    assert [inverses.binomial_inverse(u, count, chance) for u in GRID] == stats.binom.ppf(GRID, count, chance).tolist()


@pytest.mark.parametrize("mean", [0.01, 3.0, 64.0])
def test_poisson_inverse(mean):
    assert [inverses.poisson_inverse(u, mean) for u in GRID] == stats.poisson.ppf(GRID, mean).tolist()


@pytest.mark.parametrize("shape", [0.05, 0.2, 1.0, 4.5, 300.0])
def test_gamma_inverse(shape):
    found = [inverses.gamma_inverse(u, shape) for u in GRID]
    np.testing.assert_allclose(found, special.gammaincinv(shape, GRID), rtol=1e-9)


@pytest.mark.parametrize(("first", "second"), [(1, 4), (3, 1), (2, 3), (12, 5), (5, 30)])
def test_beta_inverse(first, second):
    found = [inverses.beta_inverse(u, first, second) for u in GRID]
    np.testing.assert_allclose(found, stats.beta.ppf(GRID, first, second), rtol=1e-6, atol=1e-8)


def test_normal_inverse():
    np.testing.assert_allclose([inverses.normal_inverse(u) for u in GRID], stats.norm.ppf(GRID), atol=1e-12)


@given(UNIFORMS, UNIFORMS, st.integers(0, 256), CHANCES)
def test_a_larger_uniform_never_gives_less(one, other, count, chance):
    low, high = sorted((one, other))
    assert inverses.binomial_inverse(low, count, chance) <= inverses.binomial_inverse(high, count, chance)
    assert inverses.poisson_inverse(low, 60 * chance) <= inverses.poisson_inverse(high, 60 * chance)
    shape = 0.05 + 10 * chance
    assert inverses.gamma_inverse(low, shape) <= inverses.gamma_inverse(high, shape) * (1 + 1e-9)


@given(st.integers(0, 2**31), COUNTS, COUNTS, CHANCES, CHANCES)
def test_more_of_a_cause_never_gives_less(item, count, more, chance, likelier):
    chance, likelier = sorted((chance, likelier))
    found = draws.draw_binomial(KEY, 1, item, 0, count, chance)
    assert 0 <= found <= count
    assert draws.draw_binomial(KEY, 1, item, 0, count + more, chance) >= found
    assert draws.draw_binomial(KEY, 1, item, 0, count, likelier) >= found
    assert draws.draw_poisson(KEY, 2, item, 0, 300 * likelier) >= draws.draw_poisson(KEY, 2, item, 0, 300 * chance)
    if chance > 0:
        assert draws.draw_lognormal(KEY, 3, item, 0, chance) > 0


def test_blocks_of_a_binomial_keep_its_distribution():
    found = [draws.draw_binomial(KEY, 5, item, 0, 1000, 0.03) for item in range(4000)]
    assert np.mean(found) == pytest.approx(30.0, abs=0.4)
    assert np.std(found) == pytest.approx(np.sqrt(29.1), rel=0.05)
