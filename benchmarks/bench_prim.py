"""Find planted boxes: pactwork beside ema_workbench's PRIM on the same data, in one run.

    pip install '.[bench]' && python benchmarks/bench_prim.py

10,000 futures in 10 dimensions; 20 % of the labels are wrong. pactwork's boxes are those its stated rule picks.
ema_workbench picks none by itself: shown are the last box of each of its trajectories (what `find_box` returns) and the
box of each trajectory that lies closest to the planted one (largest F1 against the truth, which no user knows). Then
both are timed on 10⁵ rows, and pactwork on 10⁶, in seconds of one processor. Without ema_workbench its columns are left out.
"""

import logging
import time
import warnings

import numpy as np

from pactwork.choices.vulnerability import find_boxes

try:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pandas as pd
        from ema_workbench.analysis import prim
except ImportError:
    prim = None

SEEDS = 20
NOISE = 0.2
WIDTH = {2: 0.35, 3: 0.5, 4: 0.6}


def plant(shape, rows=10_000, columns=10, seed=0):
    """Return futures, labels, and which futures lie in the planted box or boxes."""
    dice = np.random.default_rng([seed, 99 if shape == "two" else shape])
    x = dice.random((rows, columns))
    if shape == "two":
        truth = (x[:, 0] < 0.3) & (x[:, 1] < 0.35) | (x[:, 2] > 0.7) & (x[:, 3] > 0.6) & (x[:, 0] > 0.45)
    else:
        truth = np.ones(rows, dtype=bool)
        for column in dice.permutation(columns)[:shape]:
            width = WIDTH[shape]
            low = dice.choice([0, 1 - width, dice.random() * (1 - width)])
            truth &= (x[:, column] >= low) & (x[:, column] <= low + width)
    return x, (truth ^ (dice.random(rows) < NOISE)).astype(float), truth


def score(held, truth):
    common = (held & truth).sum()
    return common / truth.sum(), common / max(held.sum(), 1)


def f1(pair):
    return 2 * pair[0] * pair[1] / max(sum(pair), 1e-9)


def find_theirs(x, y, truth, boxes):
    """Return recall and precision of ema_workbench's last boxes, and of those on its trajectories nearest the truth."""
    frame = pd.DataFrame(x, columns=[f"x{column}" for column in range(x.shape[1])])
    found = prim.Prim(frame, y.astype(int), threshold=0.5, peel_alpha=0.05, mass_min=0.02)
    last, nearest = np.zeros(len(x), dtype=bool), np.zeros(len(x), dtype=bool)
    for _ in range(boxes):
        box = found.find_box()
        if box is None:
            break
        held = [
            ((x >= limits.iloc[0].to_numpy(float)) & (x <= limits.iloc[1].to_numpy(float))).all(axis=1)
            for limits in box.box_lims
        ]
        last |= held[-1]
        nearest |= max(held, key=lambda one: f1(score(nearest | one, truth)))
    return score(last, truth), score(nearest, truth)


def compare():
    print(
        f"{'':14}pactwork, by its rule    "
        + ("ema_workbench, last box  ema_workbench, nearest the truth" if prim else "")
    )
    print(
        "planted       recall  precision"
        + ("          recall  precision      recall  precision   (least of each)" if prim else "")
    )
    for shape in (2, 3, 4, "two"):
        ours, last, nearest = [], [], []
        for seed in range(SEEDS):
            x, y, truth = plant(shape, seed=seed)
            ours.append(score(find_boxes(x, y).holds(x), truth))
            if prim:
                one, other = find_theirs(x, y, truth, 2 if shape == "two" else 1)
                last.append(one)
                nearest.append(other)
        name = "two boxes" if shape == "two" else f"{shape} dimensions"
        cells = [
            "  ".join(f"{value:9.3f}" for value in np.min(found, axis=0)) for found in (ours, last, nearest) if found
        ]
        print(f"{name:12}" + "    ".join(cells))
        if prim:
            below = sum(f1(a) < max(f1(b), f1(c)) for a, b, c in zip(ours, last, nearest, strict=True))
            print(f"{'':12}seeds of {SEEDS} in which ema_workbench has the larger F1: {below}")


def measure(rows, columns, theirs):
    x, y, truth = plant(3, rows, columns, seed=1)
    start = time.process_time()
    found = find_boxes(x, y)
    line = f"{rows:>9,} rows x {columns}: pactwork {time.process_time() - start:6.2f} s"
    line += " (recall {:.3f}, precision {:.3f})".format(*score(found.holds(x), truth))
    if theirs and prim:
        start = time.process_time()
        frame = pd.DataFrame(x, columns=[f"x{column}" for column in range(columns)])
        prim.Prim(frame, y.astype(int), threshold=0.5, peel_alpha=0.05, mass_min=0.02).find_box()
        line += f", ema_workbench {time.process_time() - start:6.2f} s for one box"
    print(line)


def main():
    logging.disable(logging.WARNING)
    find_boxes(*plant(2, 1000)[:2])  # compiles
    compare()
    for rows, columns, theirs in (
        (10_000, 10, True),
        (100_000, 10, True),
        (1_000_000, 10, False),
        (1_000_000, 60, False),
    ):
        measure(rows, columns, theirs)


if __name__ == "__main__":
    main()
