"""Text cells become typed columns; every cell that breaks its declaration is located."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import polars as pl

from pactwork.errors import Problem, quoted
from pactwork.facts.dates import is_date, parse_date
from pactwork.facts.reading import RawTable
from pactwork.facts.schema import Column, TableDeclaration

DTYPES: dict[str, type[pl.DataType]] = {
    "string": pl.String,
    "number": pl.Float64,
    "integer": pl.Int64,
    "boolean": pl.Boolean,
}
LINE = "line"
"""Name of the column that holds the line of each row in its file."""

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""Characters that steer a terminal; line breaks and tabs are none of them."""
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}([.,]\d{3})+", re.ASCII)
_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_LARGEST_INTEGER = 2**53


@dataclass(frozen=True)
class TypedTable:
    """A table that has been read: its frame (declared columns and ``line``), and what is wrong with it.

    ``whole`` is false where the table could not be read as a table at all, so that rules about other tables
    that refer to it would only repeat the same complaint.
    """

    name: str
    path: str
    frame: pl.DataFrame
    problems: tuple[Problem, ...]
    whole: bool = True


def empty_frame(declaration: TableDeclaration) -> pl.DataFrame:
    """Return the frame of a table that the case does not have."""
    schema = {column.name: DTYPES[column.type]() for column in declaration.fields}
    return pl.DataFrame(schema={**schema, LINE: pl.Int64()})


def type_table(raw: RawTable, declaration: TableDeclaration, columns_of: str | None = None) -> TypedTable:
    """Check a table's cells against its declaration and give them their types.

    ``columns_of`` names what has these columns, for a table from outside a case, which no datapackage.json can extend.

    Cells that break a rule become null in the frame and a problem in the list, so that one pass finds everything.
    """
    problems = [*raw.problems]
    missing = [c for c in declaration.fields if c.name not in raw.header and c.required]
    if raw.header:
        problems += _find_wrong_columns(raw, declaration, columns_of)
    cells = dict(zip(raw.header, zip(*raw.rows, strict=True), strict=True)) if raw.rows else {}
    data: dict[str, pl.Series] = {}
    for column in declaration.fields:
        text = pl.Series(column.name, cells.get(column.name, [None] * len(raw.rows)), dtype=pl.String)
        series, found = _type_column(text.replace("", None), column, raw)
        data[column.name] = series
        problems += found
    frame = pl.DataFrame(data).with_columns(pl.Series(LINE, raw.lines, dtype=pl.Int64))
    problems += _find_duplicates(frame, declaration, raw.path)
    whole = bool(raw.header) and not missing
    return TypedTable(raw.name, raw.path, frame, tuple(problems), whole)


def _find_wrong_columns(raw: RawTable, declaration: TableDeclaration, columns_of: str | None) -> Iterable[Problem]:
    where = f"{raw.path}:1"
    for column in declaration.fields:
        if column.required and column.name not in raw.header:
            fix = "add the column" + (f": {column.description}" if column.description else "")
            yield Problem(f"{where} {column.name}", "no such column", f"the column {column.name}", fix)
    for name in raw.header:
        if name and name not in declaration.columns:
            expected, fix = (
                "columns of datapackage.json",
                "delete it, correct its name, or declare it in datapackage.json",
            )
            if columns_of:
                expected, fix = (
                    f"columns of {columns_of}: {', '.join(declaration.columns)}",
                    "delete it, or correct its name",
                )
            yield Problem(f"{where} {name}", "an undeclared column", expected, fix)


def _type_column(text: pl.Series, column: Column, raw: RawTable) -> tuple[pl.Series, list[Problem]]:
    """Return the typed column and the problems of its cells; each distinct text is judged once."""
    problems: list[Problem] = []
    if column.required and column.name in raw.header:
        for index in text.is_null().arg_true():
            fix = f"fill it: {column.description}" if column.description else "fill it"
            problems.append(Problem(_at(raw, index, column), "nothing", "a value", fix))
    judge = _judge_of(column, raw.decimal_comma)
    values: dict[str, object] = {}
    wrong: dict[str, tuple[str, str]] = {}
    for cell in text.drop_nulls().unique(maintain_order=True):
        value, complaint = judge(cell)
        if complaint:
            wrong[cell] = complaint
        else:
            values[cell] = value
    if wrong:
        for index in text.is_in(list(wrong)).fill_null(False).arg_true():
            expected, fix = wrong[text[index]]
            problems.append(Problem(_at(raw, index, column), quoted(text[index]), expected, fix))
    dtype = DTYPES[column.type]
    if not values:
        return pl.Series(column.name, [None] * len(text), dtype=dtype), problems
    typed = text.replace_strict(list(values), pl.Series(list(values.values()), dtype=dtype), default=None)
    return typed.cast(dtype).alias(column.name), problems


def _at(raw: RawTable, index: int, column: Column) -> str:
    return f"{raw.path}:{raw.lines[index]} {column.name}"


_Verdict = tuple[object, tuple[str, str] | None]


def _judge_of(column: Column, decimal_comma: bool) -> Callable[[str], _Verdict]:
    """Return the function that reads one cell of the column: its value, or what was expected and what to do."""
    if column.categories:
        return _judge_category(column)
    if column.form == "edtf":
        return _judge_date
    if column.type in ("number", "integer"):
        return _judge_number(column, decimal_comma)
    if column.type == "boolean":
        return _judge_boolean
    return _judge_text(column)


def _judge_category(column: Column) -> Callable[[str], _Verdict]:
    allowed = [category.value for category in column.categories]
    shown = ", ".join(allowed) if len(allowed) <= 10 else f"one of the {len(allowed)} values in datapackage.json"

    def judge(cell: str) -> _Verdict:
        if cell in allowed:
            return cell, None
        near = [value for value in allowed if value.lower() == cell.lower().replace(" ", "_")]
        return None, (shown, f"write {near[0]}" if near else _nearest(cell, allowed))

    return judge


def _nearest(cell: str, allowed: list[str]) -> str:
    import difflib

    near = difflib.get_close_matches(cell[:100], allowed, n=1)
    return f"perhaps {near[0]}?" if near else "choose a value, or declare a new one in the case's datapackage.json"


def _judge_date(cell: str) -> _Verdict:
    if is_date(cell):
        return cell, None
    try:
        parse_date(cell)
    except ValueError as error:
        reason = str(error)
    fix = "correct the date" if reason == "not an EDTF date" else f"correct the date: {reason}"
    if re.fullmatch(r"[^\W\d]{3,}[- .]\d{2,4}|\d{1,2}[./]\d{1,2}[./]\d{2,4}", cell):
        fix = "write year-month-day, such as 2024-10 or 2024-10-31; the order of the parts is not guessed"
    return None, ("an EDTF date such as 2025-12, 2025~ or 2022-08/2025", fix)


def _judge_number(column: Column, decimal_comma: bool) -> Callable[[str], _Verdict]:
    kind = "a whole number" if column.type == "integer" else "a number"

    def judge(cell: str) -> _Verdict:
        if _GROUPED.fullmatch(cell) and (column.type == "integer" or ("," in cell and not decimal_comma)):
            return None, (kind, "write it without separators of thousands; one could also be a decimal mark")
        text = cell.replace(",", ".") if cell.count(",") == 1 and "." not in cell else cell
        if not _NUMBER.fullmatch(text) or not math.isfinite(value := float(text)):
            return None, (kind, "write digits only, with a point for decimals; hedges go into the qualifier")
        if column.type == "integer" and (value != int(value) or abs(value) > _LARGEST_INTEGER):
            return None, (kind, "write a whole number")
        low, high = column.constraints.minimum, column.constraints.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            return None, (_bounds(low, high), "correct the number")
        return (int(value) if column.type == "integer" else value), None

    return judge


def _bounds(low: float | None, high: float | None) -> str:
    least, most = (None if end is None else f"{end:,.10g}" for end in (low, high))
    if least is None:
        return f"at most {most}"
    return f"at least {least}" if most is None else f"{least} to {most}"


def _judge_boolean(cell: str) -> _Verdict:
    if cell.lower() in _BOOLEANS:
        return _BOOLEANS[cell.lower()], None
    return None, ("true or false", "write true or false")


def _judge_text(column: Column) -> Callable[[str], _Verdict]:
    pattern = re.compile(column.constraints.pattern) if column.constraints.pattern else None

    def judge(cell: str) -> _Verdict:
        if CONTROL.search(cell):
            return None, ("text without control characters", "delete what cannot be seen, or type the text again")
        if pattern is None or pattern.fullmatch(cell):
            return cell, None
        return None, (f"text of the form {pattern.pattern}", "use only the characters of that form")

    return judge


def _find_duplicates(frame: pl.DataFrame, declaration: TableDeclaration, path: str) -> Iterable[Problem]:
    """Yield rows that repeat a key, naming the row they repeat."""
    unique = [(column.name,) for column in declaration.fields if column.constraints.unique]
    for key in dict.fromkeys([*unique, declaration.primary_key]):
        if not key:
            continue
        rows = frame.filter(~pl.all_horizontal(pl.col(key).is_null()))
        first = pl.col(LINE).min().over(list(key)).alias("first")
        repeated = rows.with_columns(first).filter(pl.col(LINE) > pl.col("first"))
        for *values, line, at in repeated.select(*key, LINE, "first").rows():
            found = quoted(" + ".join("–" if value is None else str(value) for value in values))
            where = f"{path}:{line} {' + '.join(key)}"
            expected = f"a key of its own (line {at} has it)"
            yield Problem(where, found, expected, "correct the key, or delete the row")
