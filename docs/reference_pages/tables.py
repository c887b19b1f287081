"""Tables of a case: every column and closed list of datapackage.json."""

from __future__ import annotations

from pactwork.facts.examples import example_row
from pactwork.facts.new import write_table as write_csv
from pactwork.facts.schema import Column, TableDeclaration, standard
from reference_pages.pages import make_anchor, say_origin, write_table

_FORMS = {"edtf": "date (EDTF)", "list": "text, parts separated by `;`"}
_TYPES = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}


def describe_all_tables() -> str:
    """Return docs/reference/tables.md."""
    tables = standard().resources
    lines = [
        "# Tables of a case", "", say_origin("`src/pactwork/facts/datapackage.json`"), "",
        "A case is a folder with `case.toml` and these tables, each a CSV file (UTF-8, a header row) or a sheet of one",
        "workbook. Any table may be empty or missing. `pactwork new` writes them all, with an explanation of each;",
        "`pactwork check` holds a case against this page and says where it differs. A case may add values to closed",
        "lists, columns and tables in a `datapackage.json` of its own, and cannot change what a standard column means.",
        "",
        "One row is one fact. `source_id` names the document, `locator` the place in it, `credibility` the digit of",
        "the Admiralty grade (the letter is the source's), `known_from` when it became public where that was before",
        "the source. Nothing is overwritten: what has changed is a new row. Dates are EDTF",
        "(www.loc.gov/standards/datetime): `2024-10-31`, `2024-10`, `2024`, `2025~` (about), `2022-08/2025`",
        "(a window). *Time* is the column by which `--as-of` leaves out rows that describe a later day.", "",
        *write_table(("table", "holds"), [
            (f"[{one.name}](#{make_anchor(one.name)})", one.description) for one in tables
        ]),
    ]  # fmt: skip
    for one in tables:
        lines += _describe(one)
    return "\n".join(lines) + "\n"


def _describe(table: TableDeclaration) -> list[str]:
    header, example = write_csv(table, [example_row(table)]).splitlines()
    key = ", ".join(f"`{name}`" for name in table.primary_key) or "none"
    about = f"`{table.path}`. Key: {key}. Time: " + (f"`{table.time}`." if table.time else "none.")
    lines = ["", f"## {table.name}", "", table.description, "", about, ""]
    lines += write_table(("column", "type", "required", "meaning"), [
        (f"`{one.name}`", _type(one), "yes" if one.required else "", _meaning(one, table)) for one in table.fields
    ])  # fmt: skip
    for one in table.fields:
        if one.categories:
            lines += _list_values(one)
    return [*lines, "", "An example:", "", "```csv", header, example, "```"]


def _type(column: Column) -> str:
    if column.categories:
        return "one of a list"
    return _FORMS.get(column.form or "", _TYPES[column.type])


def _meaning(column: Column, table: TableDeclaration) -> str:
    low, high = column.constraints.minimum, column.constraints.maximum
    parts = [column.description]
    if low is not None or high is not None:
        bounds = f"{low:g} to {high:g}" if low is not None and high is not None else ""
        parts.append(f"{bounds or (f'At least {low:g}' if low is not None else f'At most {high:g}')}.")
    if column.unit:
        parts.append(f"In {column.unit}.")
    if column.constraints.pattern:
        parts.append(f"Form: `{column.constraints.pattern}`.")
    named = [key.reference.resource for key in table.foreign_keys if key.fields == (column.name,)]
    named += [place.partition(".")[0] for place in column.references]
    if named:
        parts.append("An id of " + " or ".join(f"[{one}](#{make_anchor(one)})" for one in dict.fromkeys(named)) + ".")
    return " ".join(part for part in parts if part)


def _list_values(column: Column) -> list[str]:
    rows = []
    for one in column.categories:
        means = one.description or one.label
        extra = [f"{name}: {value}" for name, value in (("kind", one.kind), ("basis", one.basis)) if value]
        rows.append((f"`{one.value}`", means + (f" ({', '.join(extra)})" if extra else "")))
    return ["", f"Values of `{column.name}`:", "", *write_table(("value", "means"), rows)]
