"""What must hold for any outcomes: names and units of choices change nothing, shares stay shares, no number is invented."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactwork.choices.break_even import find_break_even
from pactwork.choices.criteria import Criterion
from pactwork.choices.pairing import compare_with_baseline
from pactwork.choices.ranking import rank_choices
from pactwork.choices.regret import find_regret
from pactwork.choices.robustness import measure_robustness
from pactwork.choices.sensitivity import measure_sensitivity
from pactwork.choices.vulnerability import find_boxes

NUMBER = st.one_of(st.integers(-5, 5).map(float), st.floats(-1e6, 1e6, width=32), st.just(float("nan")))


@st.composite
def outcomes(draw):
    shape = tuple(draw(st.integers(1, most)) for most in (4, 6, 5))
    numbers = draw(st.lists(NUMBER, min_size=int(np.prod(shape)), max_size=int(np.prod(shape))))
    return np.array(numbers).reshape(shape)


CRITERIA = st.sampled_from([
    Criterion("mean", "at_least", 0.5), Criterion("mean", "at_most", 0.5, missing="unmet"),
    Criterion("quantile", "at_least", 1.0, level=0.3), Criterion("quantile", "at_most", 1.0, level=0.8, missing="met"),
    Criterion("share_met", "at_least", 0.6, value=0.0), Criterion("share_met", "at_most", 0.6, value=0.0, missing="unmet"),
])  # fmt: skip


def numbers(one):
    return [one.met.value, one.met.low, one.met.high, one.expected.value, one.worst_decile, one.worst_decile_apart,
            one.regret.mean.value, one.regret.q90, one.regret.plug_in]  # fmt: skip


@given(outcomes(), CRITERIA, st.randoms(use_true_random=False))
def test_choices_may_come_in_any_order(values, criterion, dice):
    order = list(range(len(values)))
    dice.shuffle(order)
    straight = [numbers(one) for one in measure_robustness(values, criterion)]
    shuffled = [numbers(one) for one in measure_robustness(values[order], criterion)]
    for place, choice in enumerate(order):
        assert shuffled[place] == pytest.approx(straight[choice], nan_ok=True, rel=1e-9, abs=1e-9)


@given(outcomes(), CRITERIA)
def test_a_share_is_a_share_within_its_interval(values, criterion):
    for one in measure_robustness(values, criterion):
        if one.met.futures:
            assert 0 <= one.met.low <= one.met.value <= one.met.high <= 1
        if one.expected.futures:
            best_first = criterion.sign * one.worst_decile <= criterion.sign * one.expected.value + 1e-9 * 1e6
            assert best_first


@given(outcomes(), st.integers(-1000, 1000))
def test_what_is_added_to_all_choices_changes_no_regret_and_no_difference(values, more):
    values = np.round(np.nan_to_num(values, nan=0.0))
    criterion = Criterion("mean", "at_least", 0.0)
    for one, other in zip(find_regret(values, criterion), find_regret(values + more, criterion), strict=True):
        assert other.mean.value == pytest.approx(one.mean.value, nan_ok=True, abs=1e-6)
        assert other.plug_in == pytest.approx(one.plug_in, abs=1e-6)
    for one, other in zip(compare_with_baseline(values), compare_with_baseline(values + more), strict=True):
        assert other.mean.value == pytest.approx(one.mean.value, abs=1e-6)


@given(outcomes(), CRITERIA)
def test_the_best_on_the_same_runs_regrets_nothing_and_nobody_gains(values, criterion):
    found = [one.plug_in for one in find_regret(values, criterion)]
    assert all(np.isnan(one) or one >= 0 for one in found)
    if values.shape[1] == 1 and not np.isnan(found).all():
        assert np.nanmin(found) == 0


@given(outcomes())
def test_ranks_are_shared_out_among_those_that_have_one(values):
    futures = values[:, :, 0]
    found = rank_choices(futures, times=20)
    ranked = np.isfinite(found.ranks)
    assert (ranked == np.isfinite(futures).any(axis=1)).all()
    count = int(ranked.sum())
    assert np.nansum(found.ranks) == pytest.approx(count * (count + 1) / 2)
    assert np.nansum(found.probability, axis=1)[ranked] == pytest.approx(np.ones(count))
    pairs = found.before[np.ix_(ranked, ranked)]
    assert pairs + pairs.T == pytest.approx(np.ones((count, count)))


@given(st.integers(0, 2**32 - 1), st.integers(0, 300), st.integers(1, 4), st.integers(1, 5))
def test_boxes_hold_what_they_say(seed, futures, columns, runs):
    dice = np.random.default_rng(seed)
    x = np.column_stack(
        [dice.random(futures) if dice.random() < 0.5 else dice.integers(0, 4, futures) for _ in range(columns)]
    )
    share = dice.binomial(runs, 0.9 * (x[:, 0] > 0.5)) / runs
    found = find_boxes(x, share, runs)
    for box in found.boxes:
        held = box.holds(x)
        assert held.sum() == box.futures >= 20
        assert share[held].mean() == pytest.approx(box.density)
        assert box.density > found.density
        assert box.evidence > 0
        assert all(limit.quasi_p <= 0.05 for limit in box.limits)
    assert found.mass == pytest.approx(found.holds(x).mean() if futures else np.nan, nan_ok=True)


@given(st.integers(0, 2**32 - 1), st.floats(0.1, 1000), st.floats(-1000, 1000))
def test_units_change_no_share_of_the_variance(seed, scale, shift):
    dice = np.random.default_rng(seed)
    x = dice.random((200, 3))
    y = 3 * x[:, :1] + x[:, 1:2] * x[:, 2:] + dice.normal(size=(200, 2))
    one = measure_sensitivity(x, y, resamples=20)
    other = measure_sensitivity(5 * x - 3, scale * y + shift, resamples=20)
    shares = [[share.value for share in found.first] for found in (one, other)]
    assert shares[1] == pytest.approx(shares[0], abs=1e-6, nan_ok=True)


@given(st.integers(0, 2**32 - 1), st.floats(-2, 2), st.floats(0, 1))
def test_more_required_is_never_sooner_worth_it(seed, required, more):
    dice = np.random.default_rng(seed)
    effect = dice.random(60)
    benefit = effect + 0.2 * dice.normal(size=60)

    def place(found):
        return {"always": -1.0, "never": 2.0, "only_below": 2.0, "unclear": None}.get(found.verdict, found.effect)

    one, other = (place(find_break_even(effect, benefit, level, times=20)) for level in (required, required + more))
    if one is not None and other is not None:
        assert one <= other + 1e-9
