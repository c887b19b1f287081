"""Planted boxes and a function with known indices: what the analysis of choices must find again.

Boxes: 10,000 futures in 10 dimensions, a fifth of all labels wrong. The figures of ema_workbench 2.5.3 on the same data
are those that benchmarks/bench_prim.py measured: of the box on its trajectory nearest the truth, the least recall and
precision of 20 seeds. Indices: T. Ishigami and T. Homma (1990), with a = 7 and b = 0.1, as in Saltelli et al. 2008.
"""

import numpy as np
import pytest

from pactwork.choices.sensitivity import measure_sensitivity
from pactwork.choices.vulnerability import find_boxes

WIDTH = {2: 0.35, 3: 0.5, 4: 0.6}
NEAREST_OF_EMA_WORKBENCH = {2: (0.965, 0.962), 3: (0.930, 0.908), 4: (0.930, 0.922), "two": (0.411, 0.166)}


def plant(shape, seed):
    """Return futures, labels, and which futures lie in the planted box or boxes; as in the benchmark."""
    dice = np.random.default_rng([seed, 99 if shape == "two" else shape])
    x = dice.random((10_000, 10))
    if shape == "two":
        truth = (x[:, 0] < 0.3) & (x[:, 1] < 0.35) | (x[:, 2] > 0.7) & (x[:, 3] > 0.6) & (x[:, 0] > 0.45)
    else:
        truth = np.ones(10_000, dtype=bool)
        for column in dice.permutation(10)[:shape]:
            width = WIDTH[shape]
            low = dice.choice([0, 1 - width, dice.random() * (1 - width)])
            truth &= (x[:, column] >= low) & (x[:, column] <= low + width)
    return x, (truth ^ (dice.random(10_000) < 0.2)).astype(float), truth


def score(held, truth):
    common = (held & truth).sum()
    return common / truth.sum(), common / max(held.sum(), 1)


@pytest.mark.parametrize("shape", [2, 3, 4, "two"])
def test_planted_boxes_under_a_fifth_of_wrong_labels(shape):
    for seed in range(8):
        x, labels, truth = plant(shape, seed)
        found = find_boxes(x, labels)
        recall, precision = score(found.holds(x), truth)
        assert min(recall, precision) >= 0.93
        assert recall > NEAREST_OF_EMA_WORKBENCH[shape][0]
        assert precision > NEAREST_OF_EMA_WORKBENCH[shape][1]
        assert len(found.boxes) == (2 if shape == "two" else 1)


def draw_box(dice):
    """Return a random box in 2 to 4 of 10 dimensions: 5 to 25 % of the futures, at an end of each range or within."""
    dims = dice.permutation(10)[: dice.integers(2, 5)]
    widths = np.exp(dice.dirichlet(np.full(len(dims), 4.0)) * np.log(dice.uniform(0.05, 0.25)))
    lows = [dice.choice([0.0, 1 - width, dice.random() * (1 - width)]) for width in widths]
    return list(zip(dims, lows, widths, strict=True))


def hold(box, x):
    return np.all([(x[:, dim] >= low) & (x[:, dim] <= low + width) for dim, low, width in box], axis=0)


@pytest.mark.parametrize("boxes", [1, 2])
def test_boxes_at_random(boxes):
    for seed in range(20):
        dice = np.random.default_rng([seed, boxes])
        x = dice.random((10_000, 10))
        held = [hold(draw_box(dice), x) for _ in range(boxes)]
        while np.all(held, axis=0).any() and boxes > 1:  # until they lie apart
            held = [hold(draw_box(dice), x) for _ in range(boxes)]
        truth = np.any(held, axis=0)
        labels = (truth ^ (dice.random(10_000) < 0.2)).astype(float)
        assert min(score(find_boxes(x, labels).holds(x), truth)) >= 0.93


APART = [  # column, low, high of two boxes that one box could pass for
    ([(1, 0.0, 0.25), (7, 0.39, 0.63)], [(1, 0.25, 0.86), (7, 0.38, 0.85), (3, 0.0, 0.77), (9, 0.2, 1.0)]),
    ([(1, 0.3, 0.76), (3, 0.0, 0.34), (2, 0.67, 1.0)], [(1, 0.0, 0.58), (2, 0.09, 0.43), (3, 0.0, 0.56)]),
    ([(0, 0.1, 0.83), (8, 0.37, 0.8), (6, 0.18, 0.67), (2, 0.0, 0.34)], [(2, 0.53, 0.93), (8, 0.09, 0.46), (6, 0.26, 0.93)]),
    ([(5, 0.55, 1.0), (6, 0.0, 0.3)], [(5, 0.0, 0.49), (6, 0.0, 0.51), (2, 0.15, 0.84), (3, 0.0, 0.67)]),
    ([(4, 0.4, 1.0), (9, 0.45, 1.0), (5, 0.0, 0.58)], [(7, 0.0, 0.79), (5, 0.58, 0.84)]),
]  # fmt: skip


@pytest.mark.parametrize("boxes", APART)
def test_boxes_that_one_box_could_pass_for_are_told_apart(boxes):
    for seed in range(3):
        dice = np.random.default_rng(seed)
        x = dice.random((10_000, 10))
        truth = np.any([hold([(dim, low, high - low) for dim, low, high in box], x) for box in boxes], axis=0)
        labels = (truth ^ (dice.random(10_000) < 0.2)).astype(float)
        found = find_boxes(x, labels)
        assert min(score(found.holds(x), truth)) >= 0.93
        assert len(found.boxes) == 2


def test_a_weak_second_box_is_not_hidden_by_the_price_of_a_noisy_trajectory():
    for seed in range(10):
        dice = np.random.default_rng([seed, 99])
        x = dice.random((5000, 10))
        truth = (x[:, 0] < 0.3) & (x[:, 1] < 0.35) | (x[:, 2] > 0.7) & (x[:, 3] > 0.6) & (x[:, 0] > 0.45)
        labels = (truth ^ (dice.random(5000) < 0.2)).astype(float)
        assert min(score(find_boxes(x, labels).holds(x), truth)) >= 0.93


FIRST = (0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2, 49 / 8, 0.0)
TOGETHER = 0.01 * np.pi**8 * 8 / 225
VARIANCE = sum(FIRST) + TOGETHER


def ishigami(futures, replications, seed):
    """Return 60 columns, of which 57 do nothing, and runs with as much luck in each as the signal varies."""
    dice = np.random.default_rng([seed, futures])
    x = dice.uniform(-np.pi, np.pi, (futures, 60))
    y = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    return x, y[:, None] + np.sqrt(VARIANCE) * dice.normal(size=(futures, replications))


@pytest.mark.parametrize(
    ("futures", "replications", "seeds", "most"), [(4096, 2, 5, 0.04), (2048, 4, 5, 0.04), (32768, 2, 1, 0.02)]
)
def test_ishigami_among_57_that_do_nothing(futures, replications, seeds, most):
    for seed in range(seeds):
        found = measure_sensitivity(*ishigami(futures, replications, seed), seed=seed, resamples=50)
        first = np.array([share.value for share in found.first])
        assert first[:3] == pytest.approx(np.array(FIRST) / VARIANCE, abs=most)
        assert np.abs(first[3:]).max() <= 0.01
        assert found.luck == pytest.approx(VARIANCE, rel=0.06)
        assert found.r_squared > 0.9
        total = np.array([share.value for share in found.total])
        assert total[:3] == pytest.approx(
            np.array([FIRST[0] + TOGETHER, FIRST[1], TOGETHER]) / VARIANCE, abs=1.5 * most
        )
        assert found.interaction([0, 5], [2, 6]).interaction.value == pytest.approx(TOGETHER / VARIANCE, abs=most)


def test_ishigami_with_one_run_a_future_is_of_all_variance():
    found = measure_sensitivity(*ishigami(8192, 1, 0), resamples=50)
    assert not found.separated
    assert [share.value for share in found.first[:3]] == pytest.approx(np.array(FIRST) / VARIANCE / 2, abs=0.02)
    assert max(share.value for share in found.first[3:]) <= 0.01
