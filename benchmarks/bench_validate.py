"""Validate a table of 30,000 figures: pactwork beside frictionless, on the same file, in one run.

    pip install '.[bench]' && python benchmarks/bench_validate.py

Both read the same CSV against the same declaration (types, closed lists, bounds, key). pactwork also reads each
date as EDTF, which frictionless takes as plain text. Times are medians of alternating runs.
"""

import csv
import datetime as dt
import json
import random
import statistics
import tempfile
import time
from pathlib import Path

from frictionless import Resource, Schema

from pactwork.facts.reading import read_csv
from pactwork.facts.schema import standard, standard_text
from pactwork.facts.tables import type_table

ROWS = 30_000
RUNS = 5


def write_figures(path: Path) -> None:
    dice = random.Random(1)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(standard().table("figures").columns)
        for number in range(ROWS):
            day = dt.date(2000, 1, 1) + dt.timedelta(days=dice.randrange(9000))
            row = (
                f"lot-{number % 500}",
                "arrived",
                day,
                number,
                "",
                "",
                "exact",
                "item",
                "src",
                f"para {number}",
                2,
                "normal",
                "",
                "",
            )
            writer.writerow(row)


def time_pactwork(path: Path) -> float:
    start = time.perf_counter()
    table = type_table(read_csv(path, "figures", "facts/figures.csv"), standard().table("figures"))
    assert table.frame.height == ROWS
    assert not table.problems
    return time.perf_counter() - start


def time_frictionless(path: Path) -> float:
    declared = next(one for one in json.loads(standard_text())["resources"] if one["name"] == "figures")
    schema = {key: value for key, value in declared["schema"].items() if key in ("fields", "primaryKey")}
    for field in schema["fields"]:  # frictionless knows closed lists as enum, not yet as categories
        values = [one["value"] for one in field.pop("categories", [])]
        if values:
            field.setdefault("constraints", {})["enum"] = values
    start = time.perf_counter()
    report = Resource(path=path.name, basepath=str(path.parent), schema=Schema.from_descriptor(schema)).validate()
    assert report.valid, report.flatten(["message"])[:3]
    return time.perf_counter() - start


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.csv"
        write_figures(path)
        pairs = [(time_pactwork(path), time_frictionless(path)) for _ in range(RUNS)]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(two / one for one, two in pairs)
    print(f"{ROWS:,} rows, median of {RUNS}: pactwork {ours:.2f} s, frictionless {theirs:.2f} s, ratio {ratio:.1f}")


if __name__ == "__main__":
    main()
