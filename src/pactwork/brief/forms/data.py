"""The data behind each figure and each table of numbers, as CSV and Parquet, with a package that describes them."""

from __future__ import annotations

import datetime as dt
import io
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from pactwork.brief.drawing import Drawing, file_name
from pactwork.brief.forms.document import Document, Table, plain
from pactwork.brief.forms.numbers import read_table
from pactwork.brief.tabulating import Column, Data, Value
from pactwork.brief.words import say
from pactwork.facts.writing import disarm

_DIGITS = 10
"""Significant digits kept: more would show how a computer counts."""
_TYPES: dict[pl.DataType | type[pl.DataType], str] = {
    pl.Int64: "integer", pl.Float64: "number", pl.Boolean: "boolean", pl.Date: "date",
}  # fmt: skip


@dataclass(frozen=True)
class Dataset:
    """One table of data: the name of its files, what it is, and the table."""

    name: str
    title: str
    description: str
    data: Data


def list_data(document: Document, drawings: Iterable[Drawing]) -> tuple[Dataset, ...]:
    """Return what is behind each figure, and each table of the brief that holds numbers, in order."""
    found = [
        Dataset(file_name(one.name), one.title, say("forms.data_figure", title=one.title), one.data)
        for one in drawings if one.data is not None
    ]  # fmt: skip
    found += [
        Dataset(one.name, plain(one.caption) or one.label, _describe(one), data)
        for one in document.tables if (data := read_table(one)) is not None
    ]  # fmt: skip
    return tuple(found)


def _describe(table: Table) -> str:
    return say("forms.data_table", title=table.label or plain(table.caption), section=table.section)


def make_frame(data: Data) -> pl.DataFrame:
    """Return data as a frame: each column of one type, numbers without the noise of floating point."""
    return pl.DataFrame(
        [_make_series(column, [row[at] for row in data.rows]) for at, column in enumerate(data.columns)]
    )


def _make_series(column: Column, values: Sequence[Value]) -> pl.Series:
    known = [one for one in values if one is not None]
    if known and all(isinstance(one, bool) for one in known):
        return pl.Series(column.name, values, dtype=pl.Boolean)
    if known and all(isinstance(one, int | float) for one in known):
        rounded = [_round(one) if isinstance(one, int | float) else None for one in values]
        whole = all(one is None or one.is_integer() for one in rounded)
        numbers = [None if one is None else int(one) for one in rounded] if whole else rounded
        return pl.Series(column.name, numbers, dtype=pl.Int64 if whole else pl.Float64)
    if known and all(isinstance(one, dt.date) for one in known):
        return pl.Series(column.name, values, dtype=pl.Date)
    return pl.Series(column.name, [None if one is None else str(one) for one in values], dtype=pl.String)


def _round(value: float) -> float | None:
    if not math.isfinite(value) or float(value).is_integer():
        return float(value) if math.isfinite(value) else None
    return float(f"{value:.{_DIGITS}g}")


def write_csv(data: Data) -> bytes:
    """Return data as CSV: UTF-8, a header, empty cells where nothing is known, no cell that a spreadsheet would run."""
    frame = make_frame(data)
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    harmless = frame.with_columns(
        pl.Series(name, [None if one is None else disarm(one) for one in frame[name]], dtype=pl.String)
        for name in texts
    )
    stream = io.BytesIO()
    harmless.rename({name: disarm(name) for name in frame.columns}).write_csv(stream)
    return stream.getvalue()


def write_parquet(data: Data) -> bytes:
    """Return data as Parquet; text stands there as it is, since nothing runs it."""
    stream = io.BytesIO()
    make_frame(data).write_parquet(stream, compression="zstd")
    return stream.getvalue()


def describe_data(document: Document, datasets: Sequence[Dataset]) -> str:
    """Return the Data Package descriptor of all datasets: title, description, and each column with its unit."""
    resources = [
        {
            "name": one.name.lower(), "path": f"{one.name}.csv", "title": one.title, "description": one.description,
            "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
            "schema": {"fields": [_describe_column(column, kind) for column, kind in
                                  zip(one.data.columns, make_frame(one.data).dtypes, strict=True)]},
        }
        for one in datasets
    ]  # fmt: skip
    package = {
        "title": f"{document.title}: {say('forms.data_title')}", "version": document.iso_day,
        "description": document.generator, "resources": resources,
    }  # fmt: skip
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"


def _describe_column(column: Column, kind: pl.DataType) -> dict[str, str]:
    made = {"name": disarm(column.name), "type": _TYPES.get(type(kind), "string"), "description": column.description}
    return made | ({"unit": column.unit} if column.unit else {})


def link_tables(page: str, document: Document, datasets: Sequence[Dataset]) -> str:
    """Return the page with a link to its data in the caption of each table that has some.

    Notes
    -----
    A table's file is known only once the page is read. Every table has one caption, and no text of a case can hold
    the end of one, since it is escaped; so the captions are taken in turn.
    """
    known = {one.name for one in datasets}
    pieces = page.split("</caption>")
    if len(pieces) != len(document.table_names) + 1:
        raise ValueError("a table of the page has no caption, or more than one")  # a template's fault
    links = [f"{data_link(name)}</caption>" if name in known else "</caption>" for name in document.table_names]
    return "".join(piece + link for piece, link in zip(pieces, [*links, ""], strict=True))


def data_link(name: str) -> str:
    """Return the link to a data file beside the page; its name is of letters, digits and hyphens."""
    return f' <a class="data" href="data/{name}.csv">{say("forms.data_link")}</a>'
