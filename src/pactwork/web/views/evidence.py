"""Evidence: every row of the case, searched and sorted; what a figure rests on; and a row added to a table."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import Field

from pactwork.brief import formats
from pactwork.facts.adding import ChangedMeanwhile, add_row, digest_table, find_hindrance
from pactwork.facts.ledger import Ledger
from pactwork.facts.schema import Column, TableDeclaration
from pactwork.web.addresses import Address, list_known
from pactwork.web.cases import OpenCase
from pactwork.web.defence import defend_row
from pactwork.web.evidence import GRADES, SORTS, Asked, Row, find_rows, list_rows
from pactwork.web.models import Answer, ProblemModel, Question
from pactwork.web.pages import View, render, render_part
from pactwork.web.problems import Refused, unknown
from pactwork.web.searching import LETTERS, PARAMETERS, names_of, read_search
from pactwork.web.site import TheCase

router = APIRouter()
_PER_PAGE = 50
_MOST_SUGGESTED = 400

TableQuery = Annotated[str, Query(max_length=200, description="name of a table")]
SystemQuery = Annotated[str, Query(max_length=200, description="id of a system the row is about")]
SourceQuery = Annotated[str, Query(max_length=200, description="id of the source it was read in")]
Sort = Literal["filed", "newest", "oldest", "grade", "subject"]
Only = Literal["", "standing", "disputed"]
RowId = Annotated[str, Query(min_length=1, max_length=300, description="where a row stands: facts/figures.csv:12")]
TableName = Annotated[str, Path(max_length=100, description="name of a table")]


class RowModel(Answer):
    """One row of a table, in short."""

    id: str = Field(description="where it stands in the case")
    table: str
    subject: str
    what: str = Field(description="what is measured, or of what kind it is")
    value: str = Field(description="what it says, in words")
    when: str
    source_id: str
    source: str
    locator: str
    grade: str = Field(description="Admiralty grade: letter of the source, digit of the information")
    judgement: bool
    stands: bool | None = Field(description="whether it is the figure that stands; null where it is none")
    disputed: bool


class RowsModel(Answer):
    """Rows that fit, one page of them."""

    total: int
    page: int
    pages: int
    rows: list[RowModel]


class CellModel(Answer):
    """One cell of a row."""

    column: str
    text: str
    meaning: str


class RivalModel(Answer):
    """Another figure about the same subject and measure."""

    row: RowModel
    role: Literal["stands", "rival", "other"]
    reason: str = Field(description="why both cannot be right; empty where they can")


class RowInFull(Answer):
    """A row with all that is needed to defend it."""

    row: RowModel
    table_title: str
    cells: list[CellModel]
    source_title: str
    producer: str
    published: str
    link: str
    grade_words: str
    why: str
    rivals: list[RivalModel]


class ColumnModel(Answer):
    """One column of a table, as a new row may fill it."""

    name: str
    type: str
    description: str
    required: bool
    values: list[str] = Field(description="the closed list of values, where there is one")


class TableModel(Answer):
    """One table of the case."""

    name: str
    title: str
    description: str
    rows: int
    columns: list[ColumnModel]


class TablesModel(Answer):
    """The tables of the case."""

    tables: list[TableModel]


class NewRow(Question):
    """A row to add: text by column. ``digest`` is that of the file it was begun on; another file by now is refused."""

    cells: dict[Annotated[str, Field(max_length=100)], Annotated[str, Field(max_length=10_000)]] = Field(max_length=60)
    digest: str | None = Field(default=None, max_length=64, pattern=r"^([0-9a-f]{64})?$")
    only_check: bool = Field(default=False, description="judge the row, and write nothing")


class AddedModel(Answer):
    """What came of it."""

    id: str = Field(description="where the row stands, or would")
    written: bool
    problems: list[ProblemModel] = Field(description="always empty: a row with problems is refused with 422")


@router.get("/evidence", include_in_schema=False)
def show_evidence(request: Request, opened: TheCase) -> HTMLResponse:
    """Show the view."""
    address = Address(request, PARAMETERS)
    asked = read_search(opened, address)
    row = address.one_of("row", list_rows(opened), "a row of the case, such as facts/figures.csv:12",
                         "none is opened; the file may have changed")  # fmt: skip
    found = _page_of(opened, asked, address)
    return render(request, opened, VIEW, "evidence.html.j2", address=address, asked=asked, names=names_of(opened),
                  sorts=SORTS, grades=GRADES, letters=LETTERS, chosen=row, **found)  # fmt: skip


@router.get("/part/evidence/rows", include_in_schema=False)
def show_rows(request: Request, opened: TheCase) -> HTMLResponse:
    """Show the rows that fit."""
    address = Address(request, PARAMETERS)
    asked = read_search(opened, address)
    return render_part(request, "evidence-rows.html.j2", **_page_of(opened, asked, address))


@router.get("/part/evidence/row", include_in_schema=False)
def show_row(request: Request, opened: TheCase, id: RowId) -> HTMLResponse:
    """Show one row in full."""
    found = defend_row(opened, id)
    units = {"stands": "Stands", "rival": "Contradicts it", "other": "Another time, or agrees"}
    return render_part(request, "evidence-row.html.j2", defence=found, roles=units)


def _page_of(opened: OpenCase, asked: Asked, address: Address) -> dict[str, object]:
    found = find_rows(opened, asked)
    pages = max(1, -(-len(found) // _PER_PAGE))
    page = address.whole("page", 1, pages, "a page of the rows that fit")
    citing = sum(row.table != "sources" for row in found) if asked.source else len(found)
    return {"rows": found[(page - 1) * _PER_PAGE : page * _PER_PAGE], "total": len(found), "page": page, "pages": pages,
            "citing": citing}  # fmt: skip


@router.get("/evidence/add", include_in_schema=False)
def show_form(request: Request, opened: TheCase) -> HTMLResponse:
    """Show the form for a new row of a table."""
    ledger, address = opened.ledger, Address(request, ("table",))
    tables = {one.name: one.title or one.name for one in ledger.package.resources}
    table = address.one_of("table", tables, "a table of a case", f"shown is {tables['figures']}", "figures")
    declared = _table(ledger, table)
    fields = [(column, _suggest(ledger, declared, column)) for column in declared.fields]
    return render(request, opened, VIEW, "evidence-add.html.j2", address=address, table=declared, tables=tables,
                  fields=fields, digest=digest_table(ledger, table),
                  hindrance=find_hindrance(ledger, table))  # fmt: skip


def _table(ledger: Ledger, name: str) -> TableDeclaration:
    try:
        return ledger.package.table(name)
    except KeyError:
        names = ", ".join(resource.name for resource in ledger.package.resources)
        raise unknown("table", name, f"one of {names}") from None


def _suggest(ledger: Ledger, declared: TableDeclaration, column: Column) -> list[tuple[str, str]]:
    """Return what a column that refers to other tables may hold: ids with their names."""
    keys = [f"{key.reference.resource}.{key.reference.fields[0]}" for key in declared.foreign_keys
            if key.fields == (column.name,)]  # fmt: skip
    found: dict[str, str] = {}
    for place in (*keys, *column.references):
        table, _, name = place.partition(".")
        if name:
            for row in ledger.rows(table):
                if row.get(name):
                    found[row[name]] = formats.shorten(row.get("title") or ledger.name_of(row[name]), 60)
    return sorted(found.items())[:_MOST_SUGGESTED]


@router.get("/api/evidence/tables", tags=["evidence"])
def get_tables(opened: TheCase) -> TablesModel:
    """List the tables, with the columns that a new row may fill."""
    ledger = opened.ledger
    return TablesModel(tables=[
        TableModel(
            name=one.name, title=one.title, description=one.description, rows=ledger.table(one.name).height,
            columns=[ColumnModel(name=column.name, type=column.type, description=column.description,
                                 required=column.required, values=[value.value for value in column.categories])
                     for column in one.fields],
        )
        for one in ledger.package.resources
    ])  # fmt: skip


@router.get("/api/evidence/rows", tags=["evidence"])
def get_rows(
    opened: TheCase,
    q: Annotated[str, Query(max_length=200, description="words that must all stand in the row")] = "",
    table: TableQuery = "", system: SystemQuery = "", source: SourceQuery = "",
    grade: Annotated[Literal["", "A", "B", "C", "D", "E", "F", "good", "weak", "judgement"],
                     Query(description="letter of the source, C3 or better, weaker, or judgement alone")] = "",
    only: Only = "", sort: Sort = "filed", page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> RowsModel:  # fmt: skip
    """Search the rows of every table; of a table, a system or a source that no row is of, there are none."""
    ledger = opened.ledger
    tables, systems = [one.name for one in ledger.package.resources], ledger.current("systems")
    for what, given, known in (
        ("table", table, tables),
        ("system", system, systems),
        ("source", source, ledger.sources),
    ):
        if given and given not in known:
            raise unknown(what, given, list_known(known, f"a {what} of the case"), "leave it out for all rows")
    found = find_rows(opened, Asked(q, table, system, source, grade, only, sort))
    pages = max(1, -(-len(found) // _PER_PAGE))
    shown = found[(page - 1) * _PER_PAGE : page * _PER_PAGE]
    return RowsModel(total=len(found), page=page, pages=pages, rows=[_model(row) for row in shown])


@router.get("/api/evidence/row", tags=["evidence"])
def get_row(opened: TheCase, id: RowId) -> RowInFull:
    """Tell all about one row: its cells, its source, why it stands, its rivals."""
    found = defend_row(opened, id)
    source = found.source
    return RowInFull(
        row=_model(found.row), table_title=found.title,
        cells=[CellModel(column=one.column, text=one.text, meaning=one.meaning) for one in found.cells],
        source_title=source.title if source else "", producer=source.producer or "" if source else "",
        published=source.published or "" if source else "", link=found.link,
        grade_words=", ".join(part for part in (found.letter, found.digit) if part), why=found.why,
        rivals=[RivalModel(row=_model(one.row), role=one.role, reason=one.reason) for one in found.rivals],
    )  # fmt: skip


@router.post("/api/evidence/tables/{table}/rows", tags=["evidence"], status_code=201)
def post_row(opened: TheCase, table: TableName, new: NewRow) -> AddedModel:
    """Add a row to a table of a case of one's own; the case's own rules judge it, and nothing is overwritten."""
    _table(opened.ledger, table)
    hindrance = find_hindrance(opened.ledger, table)
    if hindrance:
        raise Refused(403, hindrance)
    try:
        added = add_row(opened.ledger, table, new.cells, digest=new.digest, write=not new.only_check)
    except ChangedMeanwhile as error:
        raise Refused(409, *error.problems) from None
    return AddedModel(id=f"{added.path}:{added.line}", written=not new.only_check, problems=[])


def _model(row: Row) -> RowModel:
    return RowModel(
        id=row.id, table=row.table, subject=row.subject, what=row.what, value=row.value, when=row.when,
        source_id=row.source_id, source=row.source, locator=row.locator, grade=row.grade, judgement=row.judged,
        stands=row.stands, disputed=row.disputed,
    )  # fmt: skip


VIEW = View("evidence", "Evidence", "/evidence", router, "Every figure with its source, its rivals and why it stands")
