"""What changed between two versions of a case, row by row and figure by figure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from pactwork.facts.ledger import Ledger
from pactwork.facts.tables import LINE

_IDENTITY = {"figures": ("subject", "measure", "as_of", "unit", "source_id", "locator")}
"""Columns that tell one row from another where the key also holds the value that may change."""


@dataclass(frozen=True)
class RowChange:
    """One row that was added, removed or changed; ``cells`` gives old and new by column."""

    table: str
    key: str
    kind: str
    cells: dict[str, tuple[Any, Any]]


@dataclass(frozen=True)
class StandingChange:
    """One figure that stands otherwise than before."""

    subject: str
    measure: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Difference:
    """Everything that changed between two versions of a case."""

    old: str
    new: str
    rows: tuple[RowChange, ...]
    standing: tuple[StandingChange, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON document of ``pactwork diff``."""
        return {
            "old": self.old,
            "new": self.new,
            "rows": [
                {
                    "table": change.table,
                    "key": change.key,
                    "change": change.kind,
                    "cells": [{"column": c, "old": old, "new": new} for c, (old, new) in change.cells.items()],
                }
                for change in self.rows
            ],
            "standing": [asdict(change) for change in self.standing],
        }


def compare_cases(old: Ledger, new: Ledger) -> Difference:
    """Return what changed from one ledger to another."""
    names = dict.fromkeys([*old.tables, *new.tables])
    rows = [change for name in names for change in _compare_table(old, new, name)]
    subjects = dict.fromkeys((figure.subject, figure.measure) for ledger in (old, new) for figure in ledger.figures())
    standing = []
    for subject, measure in subjects:
        before, after = _standing(old, subject, measure), _standing(new, subject, measure)
        if before != after:
            standing.append(StandingChange(subject, measure, before, after))
    return Difference(str(old.root), str(new.root), tuple(rows), tuple(standing))


def _standing(ledger: Ledger, subject: str, measure: str) -> str | None:
    figure = ledger.figure(subject, measure)
    if figure is None:
        return None
    return f"{figure.value:g} {figure.unit} ({figure.as_of}, {figure.source_id}, {figure.grade})"


def _compare_table(old: Ledger, new: Ledger, name: str) -> list[RowChange]:
    before, after = _by_key(old, name), _by_key(new, name)
    changes = []
    for key in dict.fromkeys([*before, *after]):
        one, two = before.get(key), after.get(key)
        if one is None and two is not None:
            changes.append(RowChange(name, key, "added", {c: (None, v) for c, v in two.items() if v is not None}))
        elif two is None and one is not None:
            changes.append(RowChange(name, key, "removed", {c: (v, None) for c, v in one.items() if v is not None}))
        elif one is not None and two is not None and one != two:
            cells = {c: (one.get(c), two.get(c)) for c in {**one, **two} if one.get(c) != two.get(c)}
            changes.append(RowChange(name, key, "changed", cells))
    return changes


def _by_key(ledger: Ledger, name: str) -> dict[str, dict[str, Any]]:
    """Return the table's rows by what identifies them; rows that share it are told apart by their order."""
    try:
        declaration = ledger.package.table(name)
    except KeyError:  # a table only the other version declares
        return {}
    columns = _IDENTITY.get(name) or declaration.primary_key or declaration.columns[:1]
    found: dict[str, dict[str, Any]] = {}
    for row in ledger.rows(name):
        key = base = " · ".join("–" if row[column] is None else str(row[column]) for column in columns)
        count = 1
        while key in found:
            count += 1
            key = f"{base} #{count}"
        found[key] = {column: value for column, value in row.items() if column != LINE}
    return found
