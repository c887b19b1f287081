"""Example rows, made from a table's declaration alone: what a row of it can look like."""

from __future__ import annotations

from pactwork.facts.schema import Column, TableDeclaration

_TEXTS = {
    "actor_id": "first-state",
    "country": "PL",
    "made_in": "PL",
    "locator": "Introduction, paragraph 2",
    "unit": "tank",
    "url": "https://example.org/document",
}
_NUMBERS = {"credibility": 2, "year": 2024, "sample_size": 1000}
_WANTED = ("country", "credibility", "made_in", "url")
_VALUES = {"measure": "arrived", "rank": "normal", "status": "signed", "kind": "contract"}
_SAMPLE_NUMBER = 12
_DAY = "2024-10"


def example_row(table: TableDeclaration) -> dict[str, object]:
    """Return an example row: every required column, and those that say when and how much.

    The rows of all tables together make a valid case, so that they can be copied and changed.
    """
    row: dict[str, object] = {}
    for column in table.fields:
        if column.name != "known_from" and (column.required or column.form == "edtf" or column.name in _WANTED):
            row[column.name] = _example(column, table)
    return {key: value for key, value in row.items() if value is not None}


def _example(column: Column, table: TableDeclaration) -> object:
    if column.categories:
        values = [category.value for category in column.categories]
        return _VALUES[column.name] if _VALUES.get(column.name) in values else values[0]
    if column.form == "edtf":
        return "2024-10-31/2025" if column.name == "due" else _DAY
    if column.references:
        lots = "lots.lot_id"
        return _identifier(lots if lots in column.references else column.references[0])
    if column.name in _NUMBERS:
        return _NUMBERS[column.name]
    if column.type in ("number", "integer"):
        return _SAMPLE_NUMBER
    if column.type == "boolean":
        return "false"
    for key in table.foreign_keys:
        if key.fields == (column.name,):
            return _identifier(f"{key.reference.resource}.{key.reference.fields[0]}")
    if column.name in _TEXTS:
        return _TEXTS[column.name]
    if column.name == table.primary_key[0] or column.constraints.pattern:
        return _identifier(f"{table.name}.{column.name}")
    return f"{column.name.replace('_', ' ').capitalize()} in a few words"


def _identifier(place: str) -> str:
    """Return the example id of a table, the same wherever it is referred to."""
    table, _, column = place.partition(".")
    return _TEXTS.get(column, f"{table.removesuffix('s')}-1")
