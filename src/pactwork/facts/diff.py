"""What changed between two versions of a case: rows, figures, assumptions and scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pactwork.facts.assumptions import Parameter, Scenario
from pactwork.facts.ledger import Ledger
from pactwork.facts.tables import LINE

_IDENTITY = {"figures": ("subject", "measure", "as_of", "unit", "source_id", "locator")}
"""Columns that tell one row from another where the key also holds the value that may change."""
Cells = dict[str, tuple[Any, Any]]
"""Old and new of what changed, by column or key."""


@dataclass(frozen=True)
class RowChange:
    """One row that was added, removed or changed; ``cells`` gives old and new by column."""

    table: str
    key: str
    kind: str
    cells: Cells


@dataclass(frozen=True)
class ParameterChange:
    """One assumption that was added, removed or changed; ``cells`` has the keys of its entry in assumptions.toml."""

    name: str
    kind: str
    cells: Cells


@dataclass(frozen=True)
class ScenarioChange:
    """One scenario that was added, removed or changed: its title and reason, and its overrides."""

    name: str
    kind: str
    cells: Cells
    overrides: tuple[ParameterChange, ...]


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
    assumptions: tuple[ParameterChange, ...] = ()
    scenarios: tuple[ScenarioChange, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return bool(self.rows or self.standing or self.assumptions or self.scenarios)

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON document of ``pactwork diff``."""
        return {
            "old": self.old,
            "new": self.new,
            "rows": [
                {"table": change.table, "key": change.key, "change": change.kind, "cells": _list_cells(change.cells)}
                for change in self.rows
            ],
            "standing": [asdict(change) for change in self.standing],
            "assumptions": _list_parameters(self.assumptions),
            "scenarios": [
                {
                    "name": change.name,
                    "change": change.kind,
                    "cells": _list_cells(change.cells),
                    "overrides": _list_parameters(change.overrides),
                }
                for change in self.scenarios
            ],
        }


def _list_cells(cells: Cells) -> list[dict[str, Any]]:
    return [{"column": column, "old": old, "new": new} for column, (old, new) in cells.items()]


def _list_parameters(changes: tuple[ParameterChange, ...]) -> list[dict[str, Any]]:
    return [{"name": one.name, "change": one.kind, "cells": _list_cells(one.cells)} for one in changes]


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
    return Difference(
        str(old.root), str(new.root), tuple(rows), tuple(standing),
        _compare_parameters(old.assumptions.parameters, new.assumptions.parameters),
        tuple(_compare_scenarios(old.assumptions.scenarios, new.assumptions.scenarios)),
    )  # fmt: skip


def _standing(ledger: Ledger, subject: str, measure: str) -> str | None:
    figure = ledger.figure(subject, measure)
    if figure is None:
        return None
    return f"{figure.value:g} {figure.unit} ({figure.as_of}, {figure.source_id}, {figure.grade})"


def _compare_table(old: Ledger, new: Ledger, name: str) -> list[RowChange]:
    return [RowChange(name, key, kind, cells) for key, kind, cells in _compare(_by_key(old, name), _by_key(new, name))]


def _compare(
    old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, str, Cells]]:
    """Yield key, kind and cells of each entry that was added, removed or changed."""
    for key in dict.fromkeys([*old, *new]):
        before, after = old.get(key), new.get(key)
        if before is None and after is not None:
            yield key, "added", {column: (None, value) for column, value in after.items() if value is not None}
        elif after is None and before is not None:
            yield key, "removed", {column: (value, None) for column, value in before.items() if value is not None}
        elif before is not None and after is not None and before != after:
            columns = [column for column in {**before, **after} if before.get(column) != after.get(column)]
            yield key, "changed", {column: (before.get(column), after.get(column)) for column in columns}


def _compare_parameters(old: Mapping[str, Parameter], new: Mapping[str, Parameter]) -> tuple[ParameterChange, ...]:
    before, after = ({name: _as_written(one) for name, one in side.items()} for side in (old, new))
    return tuple(ParameterChange(*change) for change in _compare(before, after))


def _as_written(one: Parameter) -> dict[str, Any]:
    """Return a parameter by the keys of assumptions.toml; None where it has no such key."""
    ranged = one.distribution not in ("fixed", "discrete")
    return {
        "value": one.low if one.distribution == "fixed" else None,
        "range": [one.low, one.high] if ranged else None,
        "values": list(one.values) or None,
        "weights": list(one.weights) or None,
        "distribution": one.distribution,
        "mode": one.mode, "mean": one.mean, "sd": one.sd, "unit": one.unit, "source": one.source, "why": one.why,
    }  # fmt: skip


def _compare_scenarios(old: Mapping[str, Scenario], new: Mapping[str, Scenario]) -> Iterator[ScenarioChange]:
    before, after = ({name: {"title": one.title, "why": one.why} for name, one in side.items()} for side in (old, new))
    found = {name: (kind, cells) for name, kind, cells in _compare(before, after)}
    for name in dict.fromkeys([*old, *new]):
        one, two = (side[name].overrides if name in side else {} for side in (old, new))
        overrides = _compare_parameters(one, two)
        kind, cells = found.get(name, ("changed", {}))
        if cells or overrides:
            yield ScenarioChange(name, kind, cells, overrides)


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
