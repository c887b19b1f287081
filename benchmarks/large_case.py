"""A large case that is valid: the bundled one's orders many times over, and a few long series of reports.

    python benchmarks/large_case.py FOLDER [FIGURES]

The same number of figures gives the same bytes. Of 30,000 figures (unless told otherwise) four fifths are those of the
bundled case about systems, instruments and lots, each time about other ones, with their orders, transports and sources;
the rest are weekly reports of two sources about twelve subjects, a few of which contradict each other or an earlier count.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from pactwork.facts.case import find_case

SERIES = 12
PER_SOURCE = 5
"""Copies that cite the same sources: no two of them are about one thing, so that none contradicts itself."""
_IDS = {
    "systems": ("system_id",), "instruments": ("instrument_id", "parent"), "figures": ("subject",),
    "lots": ("lot_id", "instrument_id", "system_id"), "shipments": ("shipment_id", "lot_id"),
}  # fmt: skip
"""Tables that grow, and their columns of ids that get the number of the copy."""

Row = dict[str, str]


def make_case(folder: Path, figures: int = 30_000) -> None:
    """Write a case of so many figures into a folder that does not exist yet."""
    shutil.copytree(find_case("poland-korea"), folder)
    tables = {name: read(folder, name) for name in ("sources", *_IDS)}
    grown = {row[_IDS[name][0]] for name in ("systems", "instruments", "lots") for row in tables[name]}
    told = [row for row in tables["figures"] if row["subject"] in grown]
    series = list(write_series(tables, figures // 5 // SERIES))
    missing = figures - len(tables["figures"]) - len(series)
    if missing < len(told):
        raise SystemExit(f"at least {len(tables['figures']) * 5 // 2} figures are needed")
    copies = -(-missing // len(told))
    more: dict[str, list[Row]] = {name: [] for name in tables}
    for number in range(1, copies + 1):
        for name, columns in _IDS.items():
            rows = told if name == "figures" else tables[name]
            more[name] += [copy_row(row, columns, number, grown) for row in rows]
    more["figures"] = [*more["figures"][:missing], *series]
    for group in range(-(-copies // PER_SOURCE)):
        for row in tables["sources"]:
            more["sources"].append({**row, "source_id": f"{row['source_id']}-v{group}",
                                    "title": f"{row['title']}, volume {group}"})  # fmt: skip
    for name, rows in more.items():
        write(folder, name, [*tables[name], *rows])


def copy_row(row: Row, columns: tuple[str, ...], number: int, grown: set[str]) -> Row:
    """Return a row about another thing of the same kind, from sources of its own."""
    ids = {column: f"{row[column]}-c{number}" for column in columns
           if row[column] in grown or (row[column] and column == columns[0])}  # fmt: skip
    source = {"source_id": f"{row['source_id']}-v{(number - 1) // PER_SOURCE}"} if row["source_id"] else {}
    name = {"name": f"{row['name']} {number}"} if "name" in row else {}
    return {**row, **ids, **source, **name}


def write_series(tables: dict[str, list[Row]], length: int) -> Iterator[Row]:
    """Yield weekly reports about each subject: shares that stand alone, and counts from the start."""
    dice = random.Random(1)
    empty = dict.fromkeys(tables["figures"][0], "")
    for number, system in enumerate(tables["systems"][:SERIES]):
        counted, total = number % 2 == 0, 0
        for week in range(length):
            first = dt.date(2024, 10, 25) - dt.timedelta(weeks=length - week - 1)
            total += dice.randrange(4)
            value = total if counted else dice.randrange(60, 90)
            reports = [("a", value)] if week % 40 else [("a", value), ("b", max(0, value - dice.randrange(1, 9)))]
            for source, said in reports if week else reports[:1]:
                yield {**empty, "subject": f"{system['system_id']}-c1",
                       "measure": "controlled_items" if counted else "availability",
                       "as_of": f"{first}/{first + dt.timedelta(6)}",
                       "value": str(said), "qualifier": "exact", "unit": "count" if counted else "percent",
                       "source_id": {"a": "rp-2024-10-v0", "b": "kbs-2022-11-v0"}[source], "locator": f"week {week}",
                       "credibility": "2", "rank": "normal", "known_from": str(first + dt.timedelta(6))}  # fmt: skip


def read(folder: Path, name: str) -> list[Row]:
    """Return the rows of a table as text."""
    with (folder / "facts" / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(folder: Path, name: str, rows: list[Row]) -> None:
    """Write a table."""
    with (folder / "facts" / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    make_case(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 30_000)
