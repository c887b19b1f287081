"""Hand-computed tables: what each future's runs say, who meets what, means, worst tenths."""

import numpy as np
import pytest

from pactwork.choices.clusters import estimate_mean, estimate_share, resample_futures
from pactwork.choices.criteria import Criterion, mark_runs, summarise_runs
from pactwork.choices.robustness import average_worst, measure_robustness
from pactwork.errors import CaseError

NAN = np.nan
# Two choices, four futures, two replications.
RUNS = np.array([
    [[4.0, 6.0], [1.0, 3.0], [8.0, 8.0], [0.0, 2.0]],  # means 5 2 8 1
    [[5.0, 5.0], [4.0, 4.0], [2.0, 4.0], [3.0, NAN]],  # means 5 4 3 3
])  # fmt: skip


def test_satisficing_expected_and_worst_as_computed_by_hand():
    first, second = measure_robustness(RUNS, Criterion("mean", "at_least", 4.0))
    assert (first.met.value, second.met.value) == (0.5, 0.5)
    assert (first.expected.value, second.expected.value) == (4.0, 3.75)
    assert (first.worst_decile, second.worst_decile) == (1.0, 3.0)
    # Error of 5 2 8 1 as independent futures: standard deviation √(30/3) over √4.
    assert first.expected.standard_error == pytest.approx(np.sqrt(10) / 2)
    assert first.expected.by == "future"


def test_less_can_be_better():
    first, second = measure_robustness(RUNS, Criterion("mean", "at_most", 4.0))
    assert (first.met.value, second.met.value) == (0.5, 0.75)
    assert (first.worst_decile, second.worst_decile) == (8.0, 5.0)


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        (Criterion("quantile", "at_least", 4.0, level=0.5), [5.0, 4.0, 2.0, 3.0]),
        (Criterion("quantile", "at_least", 4.0, level=0.9), [5.0, 4.0, 4.0, 3.0]),
        (Criterion("share_met", "at_least", 0.5, value=4.0), [1.0, 1.0, 0.5, 0.0]),
        (Criterion("share_met", "at_most", 0.5, value=4.0), [0.0, 1.0, 1.0, 1.0]),
        (Criterion("share_met", "at_most", 0.5, value=4.0, missing="unmet"), [0.0, 1.0, 1.0, 0.5]),
        (Criterion("share_met", "at_least", 0.5, value=4.0, missing="met"), [1.0, 1.0, 0.5, 0.5]),
        (Criterion("mean", "at_least", 4.0, missing="unmet"), [5.0, 4.0, 3.0, -np.inf]),
        (Criterion("quantile", "at_most", 4.0, level=0.5, missing="unmet"), [5.0, 4.0, 2.0, 3.0]),
        (Criterion("quantile", "at_most", 4.0, level=0.9, missing="unmet"), [5.0, 4.0, 4.0, np.inf]),
    ],
)
def test_statistics_of_the_second_choice(criterion, expected):
    assert summarise_runs(RUNS[1], criterion).tolist() == expected


def test_the_threshold_itself_meets():
    assert Criterion("mean", "at_least", 4.0).meets(np.array([4.0, 3.9, NAN])).tolist()[:2] == [1.0, 0.0]
    assert Criterion("mean", "at_most", 4.0).meets(np.array([4.0, 4.1])).tolist() == [1.0, 0.0]


def test_a_failed_run_never_counts():
    failed = np.zeros(RUNS.shape, dtype=bool)
    failed[0, 1] = True
    failed[1, 3, 1] = True
    first, second = measure_robustness(RUNS, Criterion("mean", "at_least", 4.0, missing="unmet"), failed=failed)
    assert (first.met.futures, first.met.value) == (3, pytest.approx(2 / 3))
    assert second.met.value == 0.5


def test_a_run_is_marked_as_the_criterion_says():
    criterion = Criterion("share_met", "at_most", 0.5, value=4.0, missing="unmet")
    assert mark_runs(np.array([3.0, 4.0, 5.0, NAN]), criterion).tolist() == [1.0, 1.0, 0.0, 0.0]
    with pytest.raises(ValueError, match="no run alone"):
        mark_runs(RUNS, Criterion("mean", "at_least", 4.0))


def test_all_that_is_wrong_with_a_criterion_is_said_at_once():
    with pytest.raises(CaseError) as caught:
        Criterion("median", "upwards", np.nan, missing="perhaps", where="choices.toml criteria.gap")
    assert [problem.where for problem in caught.value.problems] == [
        "choices.toml criteria.gap statistic", "choices.toml criteria.gap direction",
        "choices.toml criteria.gap missing", "choices.toml criteria.gap threshold"]  # fmt: skip
    for wrong in ({"statistic": "quantile", "level": 1.0}, {"statistic": "share_met", "value": np.nan},
                  {"statistic": "share_met", "value": 1.0, "threshold": 2.0}):  # fmt: skip
        with pytest.raises(CaseError):
            Criterion(**{"statistic": "mean", "direction": "at_least", "threshold": 0.5, **wrong})


def test_the_worst_tenth_is_rounded_up_and_leaves_out_what_has_no_number():
    values = np.array([5.0, NAN, 1.0, 2.0, np.inf, *range(10, 18)])  # eleven numbers: the worst two
    assert average_worst(values, 1.0) == 1.5
    assert average_worst(values, -1.0) == 16.5
    assert np.isnan(average_worst(np.array([NAN]), 1.0))


def test_the_worst_tenth_lies_between_the_two_that_are_shown():
    dice = np.random.default_rng(0)
    futures = dice.normal(size=2000)
    truth = average_worst(futures, 1.0)
    (one,) = measure_robustness(
        futures[None, :, None] + dice.normal(size=(1, 2000, 8)), Criterion("mean", "at_least", 0.0)
    )
    assert one.worst_decile < truth - 0.03
    assert one.worst_decile_apart > truth + 0.03


def test_the_error_is_told_from_scrambles_where_there_are_enough():
    scramble = np.tile(np.arange(8), 2)
    values = np.array([0.0, 1, 2, 3, 4, 5, 6, 7] * 2)  # futures of a scramble are alike
    found = estimate_mean(values, scramble)
    assert (found.by, found.clusters) == ("scramble", 8)
    assert found.standard_error == pytest.approx(np.std(np.arange(8), ddof=1) / np.sqrt(8))
    assert found.high - found.value == pytest.approx(2.364624 * found.standard_error)
    assert estimate_mean(values[:14], scramble[:14] % 7).by == "future"


def test_intervals_of_scrambles_cover():
    dice = np.random.default_rng(1)
    hits = 0
    for _ in range(400):
        values = dice.normal(size=(16, 8)) + dice.normal(size=8)  # what a scramble shares
        found = estimate_mean(values.ravel(), np.tile(np.arange(8), 16))
        hits += found.low <= 0 <= found.high
    assert 0.92 <= hits / 400 <= 0.98


def test_a_share_of_none_or_all_still_has_an_interval():
    none, every = estimate_share(np.zeros(64), np.tile(np.arange(8), 8)), estimate_share(np.ones(64))
    assert none.low == 0.0
    assert 0.02 < none.high < 0.12
    assert every.high == 1.0
    assert 0.9 < every.low < 0.98


def test_intervals_of_shares_cover():
    dice = np.random.default_rng(2)
    hits = 0
    for _ in range(400):
        chance = 1 / (1 + np.exp(2 + dice.normal(size=8)))
        met = (dice.random((16, 8)) < chance).astype(float)
        found = estimate_share(met.ravel(), np.tile(np.arange(8), 16))
        hits += found.low <= 0.1609 <= found.high  # mean of 1/(1+e^(2+z))
    assert 0.92 <= hits / 400 <= 0.99


@pytest.mark.parametrize("shape", [(1, 4, 2), (3, 1, 2), (3, 4, 1), (1, 1, 1)])
def test_one_of_anything_is_no_crash(shape):
    values = np.random.default_rng(0).normal(size=shape)
    for missing in ("left_out", "unmet"):
        values[0, 0, 0] = NAN
        for one in measure_robustness(values, Criterion("mean", "at_least", 0.0, missing=missing)):
            assert np.isnan(one.met.value) or 0 <= one.met.low <= one.met.value <= one.met.high <= 1
            if shape[2] == 1:
                assert np.isnan(one.worst_decile_apart)
                assert np.isnan(one.regret.mean.value)


def test_shapes_that_do_not_fit_are_refused():
    criterion = Criterion("mean", "at_least", 0.0)
    for values, scramble, failed in (
        (np.zeros((2, 3)), None, None), (np.zeros((2, 0, 3)), None, None),
        (np.zeros((2, 3, 4)), np.zeros(2, dtype=int), None), (np.zeros((2, 3, 4)), None, np.zeros((2, 3), dtype=bool)),
    ):  # fmt: skip
        with pytest.raises(ValueError):
            measure_robustness(values, criterion, scramble, failed)


def test_resamples_keep_their_number_and_their_scrambles():
    scramble = np.tile(np.arange(8), 4)
    drawn = resample_futures(32, scramble, by="scramble", times=50, seed=3)
    assert (drawn.sum(axis=1) == 32).all()
    assert (drawn.reshape(50, 4, 8) == drawn.reshape(50, 4, 8)[:, :1]).all()
    assert (resample_futures(32, times=5, seed=3) == resample_futures(32, times=5, seed=3)).all()
    with pytest.raises(ValueError, match="by future"):
        resample_futures(32, by="scramble")
