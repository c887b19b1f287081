"""The declaration of a case's tables: datapackage.json (Data Package v2), read into typed shapes."""

from __future__ import annotations

import functools
import json
import re
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from pactwork.errors import CaseError, Problem, quoted


class _Shape(BaseModel):
    """A part of the declaration: frozen; what other tools add to a Data Package is kept, not judged."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class Category(_Shape):
    """One value of a closed list, with what it means."""

    value: str
    label: str = ""
    description: str = ""
    kind: str | None = None
    dimension: str | None = None
    currency: str | None = None
    scale: float | None = None
    basis: str | None = None
    words: tuple[str, ...] = ()


class Constraints(_Shape):
    """What every cell of a column must keep."""

    required: bool = False
    unique: bool = False
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None

    @field_validator("pattern")
    @classmethod
    def _compile(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                re.compile(value)
            except (re.error, RecursionError, OverflowError) as error:
                raise ValueError(f"a regular expression that cannot be read: {error}") from error
        return value


class Column(_Shape):
    """One column of a table."""

    name: str
    type: Literal["string", "number", "integer", "boolean"] = "string"
    description: str = ""
    constraints: Constraints = Constraints()
    categories: tuple[Category, ...] = ()
    form: Literal["edtf", "list"] | None = Field(default=None, alias="pactwork:form")
    unit: str | None = Field(default=None, alias="pactwork:unit")
    references: tuple[str, ...] = Field(default=(), alias="pactwork:references")

    @property
    def required(self) -> bool:
        """Whether a row must fill the column."""
        return self.constraints.required

    @field_validator("categories", mode="before")
    @classmethod
    def _accept_bare_values(cls, value: Any) -> Any:
        # Data Package v2 lets a closed list be bare values as well as objects.
        return [{"value": item} if isinstance(item, str) else item for item in value or ()]


class _Reference(_Shape):
    resource: str
    fields: tuple[str, ...]

    @field_validator("fields", mode="before")
    @classmethod
    def _accept_one(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value


class ForeignKey(_Shape):
    """A column whose values must stand in another table."""

    fields: tuple[str, ...]
    reference: _Reference

    @field_validator("fields", mode="before")
    @classmethod
    def _accept_one(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value


class _TableSchema(_Shape):
    fields: tuple[Column, ...]
    primary_key: tuple[str, ...] = Field(default=(), alias="primaryKey")
    foreign_keys: tuple[ForeignKey, ...] = Field(default=(), alias="foreignKeys")

    @field_validator("primary_key", mode="before")
    @classmethod
    def _accept_one(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value


class TableDeclaration(_Shape):
    """One table: where its file is, its columns, its key, what it refers to."""

    name: str
    path: str
    title: str = ""
    description: str = ""
    table_schema: _TableSchema = Field(alias="schema")
    time: str | None = Field(default=None, alias="pactwork:time")

    @property
    def fields(self) -> tuple[Column, ...]:
        """The columns, in order."""
        return self.table_schema.fields

    @property
    def primary_key(self) -> tuple[str, ...]:
        """Columns that together tell one row from another."""
        return self.table_schema.primary_key

    @property
    def foreign_keys(self) -> tuple[ForeignKey, ...]:
        """Columns whose values must stand in another table."""
        return self.table_schema.foreign_keys

    @property
    def columns(self) -> list[str]:
        """Names of the columns, in order."""
        return [column.name for column in self.fields]

    def column(self, name: str) -> Column:
        """Return the declaration of one column; KeyError if there is none."""
        for column in self.fields:
            if column.name == name:
                return column
        raise KeyError(name)


class DataPackage(_Shape):
    """All tables of a case."""

    name: str = "case"
    title: str = ""
    resources: tuple[TableDeclaration, ...]

    def table(self, name: str) -> TableDeclaration:
        """Return the declaration of one table; KeyError if there is none."""
        for resource in self.resources:
            if resource.name == name:
                return resource
        raise KeyError(name)

    def categories(self, table: str, column: str) -> dict[str, Category]:
        """Return the closed list of a column, by value."""
        return {category.value: category for category in self.table(table).column(column).categories}


@functools.cache
def standard_text() -> str:
    """Return the standard declaration as its JSON text: what every new case starts from."""
    return resources.files("pactwork.facts").joinpath("datapackage.json").read_text("utf-8")


@functools.cache
def standard() -> DataPackage:
    """Return the standard declaration of all tables.

    Examples
    --------
    >>> standard().table("figures").columns[:4]
    ['subject', 'measure', 'as_of', 'value']
    """
    return DataPackage.model_validate_json(standard_text())


def read_package(path: Path) -> DataPackage:
    """Read a case's own datapackage.json and join it with the standard.

    A case may add values to closed lists, columns, and tables of its own; it may not change what a standard
    column means. A case without the file uses the standard alone.

    Raises
    ------
    CaseError
        With every place where the file is not a Data Package, or contradicts the standard.
    """
    if not path.exists():
        return standard()
    try:
        own = DataPackage.model_validate(json.loads(path.read_text("utf-8-sig")))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise CaseError([_not_json(path.name, error)]) from error
    except OSError as error:
        fix = "make the file readable"
        raise CaseError([Problem(path.name, error.strerror or "an error", "a file", fix)]) from error
    except ValidationError as error:
        raise CaseError(_misdeclared(path.name, error)) from error
    problems = list(_find_contradictions(own, path.name))
    if problems:
        raise CaseError(problems)
    return _join(own)


def _not_json(name: str, error: Exception) -> Problem:
    if isinstance(error, json.JSONDecodeError):
        where = f"{name}:{error.lineno} column {error.colno}"
        return Problem(where, error.msg, "JSON", "correct the syntax, or delete the file to use the standard tables")
    return Problem(name, "bytes that are no JSON text", "JSON in UTF-8", "save the file as UTF-8 text")


def _misdeclared(name: str, error: ValidationError) -> list[Problem]:
    return [
        Problem(
            f"{name} {'.'.join(str(part) for part in one['loc']) or 'document'}",
            quoted(one.get("input")),
            one["msg"][:1].lower() + one["msg"][1:],
            "see the Data Package standard, or delete the file to use the standard tables",
        )
        for one in error.errors()
    ]


def _find_contradictions(own: DataPackage, name: str) -> list[Problem]:
    """Return where a case declares a standard column in another way."""
    problems = []
    known = {table.name for table in standard().resources}
    seen: set[str] = set()
    for table in own.resources:
        if table.name in seen:
            problems.append(Problem(f"{name} {table.name}", "the table twice", "each table once", "delete one"))
        seen.add(table.name)
        if Path(table.path).is_absolute() or ".." in Path(table.path).parts or "\x00" in table.path:
            fix = "give a path inside the case, such as facts/figures.csv"
            problems.append(Problem(f"{name} {table.name}.path", quoted(table.path), "a path inside the case", fix))
        if "line" in table.columns:
            fix = "rename the column"
            problems.append(Problem(f"{name} {table.name}.line", "a column named line", "another name", fix))
        if table.name not in known:
            continue
        base = standard().table(table.name)
        for column in table.fields:
            if column.name not in base.columns:
                continue
            meant = base.column(column.name)
            if (column.type, column.form) != (meant.type, meant.form):
                where = f"{name} {table.name}.{column.name}"
                problems.append(Problem(where, column.type, meant.type, "standard columns keep their type"))
    return problems


def _join(own: DataPackage) -> DataPackage:
    """Return the standard tables with what the case adds, and the case's own tables after them."""
    by_name = {table.name: table for table in own.resources}
    joined = [_join_table(table, by_name.get(table.name)) for table in standard().resources]
    known = {table.name for table in joined}
    return DataPackage(
        name=own.name, title=own.title, resources=(*joined, *(t for t in own.resources if t.name not in known))
    )


def _join_table(base: TableDeclaration, own: TableDeclaration | None) -> TableDeclaration:
    if own is None:
        return base
    extended = {column.name: column for column in own.fields}
    fields = []
    for column in base.fields:
        extra = extended.get(column.name)
        values = {category.value for category in column.categories}
        more = tuple(c for c in extra.categories if c.value not in values) if extra and column.categories else ()
        fields.append(column.model_copy(update={"categories": (*column.categories, *more)}))
    fields += [column for column in own.fields if column.name not in base.columns]
    joined = base.table_schema.model_copy(update={"fields": tuple(fields)})
    return base.model_copy(update={"path": own.path, "table_schema": joined})
