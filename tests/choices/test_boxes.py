"""Boxes: their limits, their words, and the chance that luck made them."""

import numpy as np
import pytest
from scipy import stats

from pactwork.choices.boxes import Limit, describe_box, find_quasi_p, hold_all
from pactwork.choices.peeling import lay_bins, peel
from pactwork.choices.polishing import Ground, _drop_lucky, fit_limits, weigh_evidence


def test_limits_belong_to_the_box():
    x = np.array([[1.0, 5.0], [2.0, 5.0], [3.0, 4.0]])
    assert hold_all([Limit(0, 2.0, 3.0)], x).tolist() == [False, True, True]
    assert hold_all([Limit(0, 2.0, None), Limit(1, None, 4.0)], x).tolist() == [False, False, True]
    assert hold_all([], x).all()


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ([Limit(0, 8.0, None)], "diversion is above 8 months"),
        ([Limit(0, None, 0.04567)], "diversion is below 0.0457 months"),
        ([Limit(0, 12345.6, 2e6)], "diversion is between 12,300 and 2,000,000 months"),
        ([Limit(1, 3.0, 3.0)], "batch is 3"),
        ([Limit(2, 1.0, 2.0)], "winner is left or green"),
        (
            [Limit(0, 8.0, None), Limit(1, None, -4.0), Limit(2, None, 0.0)],
            "diversion is above 8 months, batch is below -4 and winner is right",
        ),
        ([], "always"),
    ],
)
def test_words(limits, words):
    names, units = ["diversion", "batch", "winner"], ["months", "", ""]
    values = {2: {0.0: "right", 1.0: "left", 2.0: "green"}}
    assert describe_box(limits, names, units, values) == words


def test_quasi_p_is_the_binomials_tail():
    for weight, failures, wide, wide_failures in ((10, 9, 20, 10), (50, 25, 100, 50), (5, 5, 9, 6)):
        expected = stats.binom.sf(failures - 1, weight, wide_failures / wide)
        assert find_quasi_p((weight, failures), (wide, wide_failures)) == pytest.approx(expected)
    assert find_quasi_p((10.0, 0.0), (20.0, 5.0)) == 1.0


def test_evidence_is_none_for_a_box_no_denser_than_the_rest_or_than_asked():
    assert weigh_evidence((10, 5), (20, 10)) == -np.inf
    assert weigh_evidence((10, 2), (20, 10)) == -np.inf
    assert weigh_evidence((10, 6), (20, 8), 0.7) == -np.inf
    expected = (
        6 * np.log(0.6) + 4 * np.log(0.4) + 2 * np.log(0.2) + 8 * np.log(0.8) - 8 * np.log(0.4) - 12 * np.log(0.6)
    )
    assert weigh_evidence((10, 6), (20, 8), 0.5) == pytest.approx(expected)


def test_the_best_interval_is_that_of_trying_all():
    dice = np.random.default_rng(0)
    for _ in range(200):
        values = dice.integers(0, 8, 15).astype(float)
        scores = dice.normal(size=15)
        levels = np.unique(values)

        def worth(low, high, values=values, scores=scores, levels=levels):
            inside = (values >= low) & (values <= high)
            return scores[inside].sum() - 0.5 * (int(low > levels[0]) + int(high < levels[-1]))

        best = max(worth(low, high) for low in levels for high in levels if low <= high)
        limit = fit_limits(3, values, scores, 0.5)
        if limit is None:
            assert worth(levels[0], levels[-1]) == pytest.approx(best)
        else:
            low = levels[0] if limit.low is None else limit.low
            high = levels[-1] if limit.high is None else limit.high
            assert worth(low, high) == pytest.approx(best)


def test_bins_keep_the_order_of_values():
    dice = np.random.default_rng(0)
    skewed = np.exp(3 * dice.normal(size=70_000))
    x = np.column_stack([skewed, dice.standard_cauchy(70_000), dice.integers(0, 5, 70_000), np.full(70_000, 2.0)])
    bins, starts = lay_bins(x)
    for column, start in enumerate(starts):
        assert (bins[:, column] == np.searchsorted(start, x[:, column], side="left")).all()
    assert bins.max(axis=0).tolist() == [1023, 1023, 4, 0]
    shares = np.bincount(bins[:, 0]) / 70_000
    assert shares.max() < 0.0025


def test_peeling_counts_what_it_keeps():
    dice = np.random.default_rng(0)
    x = np.column_stack([dice.random((3000, 4)), dice.integers(0, 3, 3000)])
    share, weight = (x[:, 0] > 0.6) * dice.random(3000), dice.random(3000) + 0.5
    bins, _ = lay_bins(x)
    kept = np.flatnonzero(dice.random(3000) < 0.8)
    path = peel(bins, share, weight, kept, alpha=0.05, fewest=60)
    assert path.futures[0] == len(kept)
    assert 60 <= path.futures[-1] < 100
    assert (np.diff(path.futures) < 0).all()
    for box in range(len(path.futures)):
        held = kept[((bins[kept] >= path.low[box]) & (bins[kept] <= path.high[box])).all(axis=1)]
        assert len(held) == path.futures[box]
        assert weight[held].sum() == pytest.approx(path.weight[box])
        assert (weight * share)[held].sum() == pytest.approx(path.failures[box])


def test_the_first_strip_is_the_one_with_fewest_failures():
    x = np.arange(100.0).repeat(2).reshape(100, 2) + np.array([0.0, 0.5])
    x[:, 1] = x[::-1, 1]
    share = np.ones(100)
    share[-10:] = 0.0  # high in the first column, low in the second: a tie goes to the first column
    bins, _ = lay_bins(x)
    path = peel(bins, share, np.ones(100), np.arange(100), alpha=0.05, fewest=20)
    assert path.high[1].tolist() == [94, 99]
    assert path.low[1].tolist() == [0, 0]
    assert path.failures[2] == path.weight[2] == 90


def test_each_strip_is_the_best_of_all_there_are():
    dice = np.random.default_rng(1)
    x = np.column_stack([dice.random((400, 3)), dice.integers(0, 4, 400)])
    share, weight = ((x[:, 0] > 0.5) | (x[:, 3] == 2)) * dice.random(400), dice.random(400) + 0.5
    bins, _ = lay_bins(x)
    path = peel(bins, share, weight, np.arange(400), alpha=0.1, fewest=60)
    for box in range(len(path.futures) - 1):
        held = np.flatnonzero(((bins >= path.low[box]) & (bins <= path.high[box])).all(axis=1))
        mean = weight[held] @ share[held] / weight[held].sum()
        gains = []
        for column in range(4):
            values = bins[held, column].astype(int)
            for sign in (1, -1):
                edge = np.sort(sign * values)[int(np.ceil(0.1 * len(held))) - 1]
                rest = held[sign * values > edge]
                if len(rest) >= 60:
                    gains.append((weight[rest] @ share[rest] / weight[rest].sum() - mean) / (len(held) - len(rest)))
        rest = held[((bins[held] >= path.low[box + 1]) & (bins[held] <= path.high[box + 1])).all(axis=1)]
        gain = (weight[rest] @ share[rest] / weight[rest].sum() - mean) / (len(held) - len(rest))
        assert gain == pytest.approx(max(gains))


def test_a_limit_that_luck_could_have_made_is_dropped():
    dice = np.random.default_rng(0)
    x = dice.random((2000, 3))
    share = (dice.random(2000) < np.where(x[:, 0] > 0.5, 0.8, 0.2)).astype(float)
    ground = Ground(x, share, np.ones(2000), np.ones(2000, dtype=bool), 20)
    (kept,) = _drop_lucky(ground, (Limit(0, 0.5, None), Limit(1, 0.1, None), Limit(2, None, 0.9)))
    assert (kept.column, kept.low) == (0, 0.5)
    assert kept.quasi_p < 1e-9
