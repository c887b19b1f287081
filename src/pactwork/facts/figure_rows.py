"""Rows of figures.csv and polls.csv as figures: what lacks a subject, a number or a day is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pactwork.facts.figures import Figure
from pactwork.facts.tables import LINE

Rows = Iterable[Mapping[str, Any]]
Grading = Callable[[Mapping[str, Any]], str]
"""Returns the Admiralty grade of a row."""


def read_figures(rows: Rows, grade_of: Grading) -> Iterator[Figure]:
    """Yield the figures that rows of figures.csv hold."""
    for row in rows:
        if None in (row["subject"], row["measure"], row["as_of"], row["value"], row["unit"]):
            continue
        yield Figure(
            **{name: row[name] for name in ("subject", "measure", "as_of", "value", "low", "high", "unit", "note")},
            qualifier=row["qualifier"] or "exact",
            source_id=row["source_id"] or "",
            locator=row["locator"] or "",
            grade=grade_of(row),
            rank=row["rank"] or "normal",
            line=row[LINE],
        )


def read_polls(rows: Rows, grade_of: Grading) -> Iterator[Figure]:
    """Yield the results that rows of polls.csv hold as figures: rivals among them are then found by the same rule."""
    for row in rows:
        if None in (row["question_id"], row["percent"], row["fieldwork_end"]):
            continue
        start = row["fieldwork_start"]
        yield Figure(
            subject=f"{row['question_id']}",
            measure=f"{row['option']} ({row['pollster']}, {row['wording']}, {row['subgroup']})",
            as_of=f"{start}/{row['fieldwork_end']}" if start else row["fieldwork_end"],
            value=row["percent"], low=None, high=None, qualifier="exact", unit="percent",
            source_id=row["source_id"] or "", locator=row["locator"] or "", grade=grade_of(row),
            rank="normal", note=row["note"], line=row[LINE], table="polls",
        )  # fmt: skip
