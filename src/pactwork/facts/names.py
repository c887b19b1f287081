"""What ids of a case are called by people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pactwork.facts.schema import DataPackage

_COLUMNS = ("name", "title", "summary", "item", "label")
"""Columns that may hold a row's name; the first that a table has is taken."""
_UNNAMED = ("claims", "recommendations")
"""Tables whose summaries are sentences, not names."""


def find_names(
    package: DataPackage, rows_of: Callable[[str], Iterable[Mapping[str, Any]]], lots: Mapping[str, Mapping[str, Any]]
) -> dict[str, str]:
    """Return the human name of each id that has one, of a lot that of its items.

    Parameters
    ----------
    rows_of : callable
        Returns the rows of a table by its name.
    lots : mapping of str to row
        The newest row of each lot.
    """
    names: dict[str, str] = {}
    for resource in package.resources:
        if len(resource.primary_key) not in (1, 2) or resource.name in _UNNAMED:
            continue
        key = resource.primary_key[0]
        label = next((column for column in _COLUMNS if column in resource.columns), None)
        if label:
            names.update({row[key]: row[label] for row in rows_of(resource.name) if row[key] and row[label]})
    for lot_id, lot in lots.items():
        system, variant = names.get(lot["system_id"], lot["system_id"] or lot_id), lot["variant"] or ""
        names[lot_id] = variant if variant.startswith(system) else f"{system} {variant}".strip()
    return names
