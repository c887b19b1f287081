"""Ranks and how often they flip."""

import numpy as np
import pytest

from pactwork.choices.ranking import rank_choices
from pactwork.choices.robustness import average_worst

NAN = np.nan


def test_ranks_and_flips_of_two_choices_that_futures_divide():
    futures = np.array([[1.0, 0.0, 0.0], [0.0, 0.5, 0.4], [0.0, 0.0, 0.0]])
    found = rank_choices(futures, times=4000)
    assert found.ranks.tolist() == [1.0, 2.0, 3.0]
    # The first is ahead unless future 0 is not drawn at all, or the third ties with it there: (2/3)³; once against two
    # others it wins by 1 to 0.8–1.0, and ties where future 1 comes twice.
    tie = 3 * (1 / 27)
    assert found.before[0, 1] == pytest.approx(1 - 8 / 27 - tie / 2, abs=0.03)
    assert found.before[0, 1] + found.before[1, 0] == pytest.approx(1)
    assert found.probability.sum(axis=0) == pytest.approx([1, 1, 1])
    assert found.probability.sum(axis=1) == pytest.approx([1, 1, 1])


def test_choices_that_are_alike_share_their_ranks():
    futures = np.random.default_rng(0).normal(size=(1, 50)).repeat(3, axis=0)
    futures[2] -= 5
    found = rank_choices(futures)
    assert found.ranks.tolist() == [1.5, 1.5, 3.0]
    assert found.probability.tolist() == [[0.5, 0.5, 0.0], [0.5, 0.5, 0.0], [0.0, 0.0, 1.0]]
    assert found.flips.tolist() == [0.0, 0.0, 0.0]
    assert found.before[0, 1] == 0.5


def test_less_can_be_better():
    futures = np.array([[1.0, 1.0], [2.0, 2.0]])
    assert rank_choices(futures, more_is_better=False).ranks.tolist() == [1.0, 2.0]
    assert rank_choices(futures).ranks.tolist() == [2.0, 1.0]


@pytest.mark.parametrize(("view", "sign"), [("worst_decile", 1), ("worst_decile", -1), ("q90", 1), ("mean", -1)])
def test_a_resample_is_scored_as_futures_drawn_anew_would_be(view, sign):
    from pactwork.choices.clusters import resample_futures
    from pactwork.choices.ranking import _view_once, _view_resamples

    futures = np.random.default_rng(0).normal(size=(2, 37))
    futures[1, 3] = NAN
    drawn = resample_futures(37, times=20)
    found = _view_resamples(futures, drawn, view, sign)
    for times, scores in zip(drawn, found, strict=True):
        assert scores == pytest.approx(_view_once(futures.repeat(times, axis=1), view, sign))


def test_the_worst_tenth_is_that_of_robustness():
    futures = np.random.default_rng(0).normal(size=(2, 37))
    assert rank_choices(futures, view="worst_decile").scores.tolist() == [average_worst(one, 1.0) for one in futures]


def test_a_choice_without_numbers_has_no_rank():
    found = rank_choices(np.array([[1.0, 2.0], [NAN, NAN], [3.0, 4.0]]))
    assert found.ranks[[0, 2]].tolist() == [2.0, 1.0]
    assert np.isnan([found.ranks[1], found.flips[1], found.before[1, 0], found.probability[1, 0]]).all()


def test_resampling_by_scramble_keeps_scrambles_whole():
    scramble = np.tile(np.arange(8), 16)
    futures = np.random.default_rng(0).normal(size=(2, 128)) + np.array([[0.0], [0.1]])
    by_future = rank_choices(futures, scramble=scramble)
    by_scramble = rank_choices(futures, scramble=scramble, by="scramble")
    assert by_scramble.resampled == "scramble"
    assert by_future.ranks.tolist() == by_scramble.ranks.tolist()
    assert 0 < by_scramble.flips[0] < 0.9
