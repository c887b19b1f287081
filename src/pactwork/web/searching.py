"""What rows of a case may be searched by, and a search read from the address of the page."""

from __future__ import annotations

from dataclasses import dataclass

from pactwork.brief import formats
from pactwork.web.addresses import Address
from pactwork.web.cases import OpenCase
from pactwork.web.evidence import GRADES, SORTS, Asked, list_rows

LETTERS = "ABCDEF"
PARAMETERS = ("q", "table", "system", "source", "grade", "only", "sort", "page", "row")
"""What the address of the list may say."""


@dataclass(frozen=True)
class Names:
    """What the rows of a case may be asked for by: names and titles, as the page lists them."""

    tables: dict[str, str]
    systems: dict[str, str]
    sources: dict[str, str]


def names_of(opened: OpenCase) -> Names:
    """Return what rows may be asked for by, found once."""
    return opened.remember("evidence-names", lambda: _find_names(opened))


def _find_names(opened: OpenCase) -> Names:
    ledger, rows = opened.ledger, list_rows(opened).values()
    cited = {row.source_id for row in rows}
    systems = {held for row in rows for held in row.systems}
    sources = (
        (one.source_id, formats.shorten(one.title, 70)) for one in ledger.sources.values() if one.source_id in cited
    )
    return Names(
        tables={name: ledger.package.table(name).title or name for name in ledger.tables},
        systems={one: formats.clean(ledger.name_of(one)) for one in sorted(systems)},
        sources=dict(sorted(sources, key=lambda pair: pair[1].casefold())),
    )


def read_search(opened: OpenCase, address: Address) -> Asked:
    """Return what is looked for by an address of the page; what makes no sense is told, and as if it were not there."""
    names = names_of(opened)
    return Asked(
        q=address.text("q"),
        table=address.one_of("table", names.tables, "a table of the case", "all are searched"),
        system=address.one_of("system", names.systems, "the id of a system that rows are about", "any is shown"),
        source=address.one_of("source", names.sources, "the id of a source that rows cite", "any is shown"),
        grade=address.one_of("grade", [*GRADES, *LETTERS], "a grade", "any is shown", guess=False),
        only=address.one_of("only", ["standing", "disputed"], "what alone is shown", "all is shown"),
        sort=address.one_of("sort", SORTS, "an order", "rows stand as they are filed", "filed"),
    )
