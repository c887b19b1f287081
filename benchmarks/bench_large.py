"""A case of 30,000 figures: what each thing that people do with it takes, at half the size and at the whole of it.

    python benchmarks/bench_large.py [FIGURES]

Makes the case of large_case.py twice, once with half as many figures, and takes processor seconds of one process for
each: what grows with the size takes twice as long. Beside the search of every row stands the same question put to SQLite:
each word must stand in a row's text, in a table in memory that holds the same texts; both give the same rows, of the same run.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from large_case import make_case
from starlette.testclient import TestClient

from pactwork.facts.case import load_case
from pactwork.facts.status import make_status
from pactwork.web.app import make_app
from pactwork.web.cases import OpenCase
from pactwork.web.evidence import Asked, find_rows, list_rows
from pactwork.web.settings import Settings

RUNS = 15
SEARCH = "k2 arrived"
ROW = {"subject": "k2-1", "measure": "arrived", "as_of": "2024-10-20", "value": "66", "qualifier": "exact", "unit": "item",
       "source_id": "pism-219", "locator": "text", "credibility": "2", "rank": "normal"}  # fmt: skip


def take(do: Callable[[], object]) -> float:
    """Return the processor seconds that something takes."""
    began = time.process_time()
    do()
    return time.process_time() - began


def measure(root: Path) -> dict[str, float]:
    """Return processor seconds by what is done, in the order in which a visitor would."""
    took = {"read and check the case": take(lambda: load_case(root))}
    ledger = load_case(root)
    took["what does not add up"] = take(lambda: ledger.discrepancies)
    took["status"] = take(lambda: make_status(ledger).as_dict())
    with tempfile.TemporaryDirectory() as state:
        app = make_app(Settings(str(root), state=Path(state)))
        app.state.site._warmed.set()  # the forecast is made ahead beside the first page; here it would be counted with it
        with TestClient(app, base_url="http://localhost", headers={"origin": "http://localhost"}) as client:

            def ask(address: str) -> Callable[[], object]:
                return lambda: client.get(address).raise_for_status()

            def add() -> object:
                return client.post("/api/evidence/tables/figures/rows", json={"cells": ROW}).raise_for_status()

            took["first page, cold"] = take(ask("/"))
            took["Evidence"] = take(ask("/evidence"))
            took["a search"] = take(ask("/api/evidence/rows?q=k2+arrived"))
            took["a filter, sorted"] = take(ask("/api/evidence/rows?grade=weak&sort=newest"))
            took["a row in full"] = take(ask("/part/evidence/row?id=facts/figures.csv:55"))
            took["a row added"] = take(add)
            took["first page after it"] = take(ask("/"))
    return took


def compare_search(root: Path) -> None:
    """Print what a search takes beside SQLite, medians of alternating runs."""
    opened = OpenCase(load_case(root), "benchmark", bundled=False)
    rows = list_rows(opened)
    with sqlite3.connect(":memory:") as base:
        base.execute("create table evidence (id text primary key, haystack text)")
        base.executemany("insert into evidence values (?, ?)", ((row.id, row.haystack) for row in rows.values()))
        asked = " and ".join("instr(haystack, ?) > 0" for _ in SEARCH.split())

        def ask_sqlite() -> list[str]:
            return [one for (one,) in base.execute(f"select id from evidence where {asked}", SEARCH.split())]

        assert sorted(ask_sqlite()) == sorted(row.id for row in find_rows(opened, Asked(SEARCH)))
        pairs = [(take(lambda: find_rows(opened, Asked(SEARCH))), take(ask_sqlite)) for _ in range(RUNS)]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(two / one for one, two in pairs)
    print(
        f"{len(rows):,} rows searched, median of {RUNS}: {ours * 1e3:.0f} ms, SQLite {theirs * 1e3:.0f} ms, ratio {ratio:.1f}"
    )


def main() -> None:
    """Make both cases, take the times, print them beside each other."""
    figures = int(sys.argv[1]) if len(sys.argv) > 1 else 30_000
    with tempfile.TemporaryDirectory() as folder:
        half, whole = Path(folder) / "half", Path(folder) / "whole"
        make_case(half, figures // 2)
        make_case(whole, figures)
        load_case("poland-korea")  # what is loaded once, and dates that both hold, count for neither
        compare_search(whole)
        small, large = measure(half), measure(whole)
    print(f"{'processor seconds':28}{figures // 2:>10,}{figures:>10,}   ratio")
    for name, took in large.items():
        print(f"{name:28}{small[name]:10.2f}{took:10.2f}{took / small[name]:8.1f}")


if __name__ == "__main__":
    main()
