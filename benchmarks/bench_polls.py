"""Foretell each next poll of a table: pactwork beside the last poll and the mean of the last five, in one run.

    pip install . && python benchmarks/bench_polls.py ../shared/data/polls_french_popularity.csv

For each question, its first option by name. Errors are root mean squares in points over all polls after the first 25;
pactwork's sizes are fitted on earlier polls alone. Last, 5,000 synthetic polls of 20 pollsters are timed.
"""

import datetime as dt
import math
import random
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from pactwork.facts.lone import read_poll_table
from pactwork.forecast.politics import estimate_questions

FIRST = 25
POLLS = 5_000


def root_mean_square(errors) -> float:
    return float(np.sqrt(np.mean(np.square(errors))))


def compare(path: Path) -> None:
    print("question option        polls  pactwork  last poll  mean of five  covered by 95 %")
    for one in estimate_questions(read_poll_table(path).rows):
        option = min(one.options, key=lambda option: option.option)
        seen = np.array([poll.observed for poll in option.one_ahead])
        rest = option.one_ahead[FIRST:]
        ours = root_mean_square([poll.mean - poll.observed for poll in rest])
        last = root_mean_square(seen[FIRST - 1 : -1] - seen[FIRST:])
        five = root_mean_square([seen[i - 5 : i].mean() - seen[i] for i in range(FIRST, len(seen))])
        covered = np.mean([poll.q025 <= poll.observed <= poll.q975 for poll in rest])
        name = f"{one.question.question_id} {option.option}"
        print(f"{name:22} {len(rest):5}  {ours:8.2f}  {last:9.2f}  {five:12.2f}  {covered:15.1%}")


def write_polls(path: Path) -> None:
    dice = random.Random(1)
    level, houses = 0.0, [dice.gauss(0, 0.15) for _ in range(20)]
    lines = ["pollster,fieldwork_end,sample_size,option,percent"]
    for number in range(POLLS):
        level += dice.gauss(0, 0.02)
        house = dice.randrange(20)
        day = dt.date(2010, 1, 1) + dt.timedelta(days=int(0.8 * number))
        share = 92 / (1 + math.exp(-(level + houses[house] + dice.gauss(0, 0.1))))
        lines += [f"house-{house},{day},1000,yes,{share:.1f}", f"house-{house},{day},1000,no,{91 - share:.1f}"]
    path.write_text("\n".join(lines), encoding="utf-8")


def main() -> None:
    if len(sys.argv) > 1:
        compare(Path(sys.argv[1]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "polls.csv"
        write_polls(path)
        start = time.perf_counter()
        (one,) = estimate_questions(read_poll_table(path).rows)
        assert len(one.question.polls) == POLLS
    print(
        f"{POLLS:,} polls, two options and the rest, read, fitted, smoothed and foretold: {time.perf_counter() - start:.1f} s"
    )


if __name__ == "__main__":
    main()
