"""Rules about rows that point to other rows."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator

import polars as pl

from pactwork.errors import Problem, quoted
from pactwork.facts.ledger import Ledger, split_list
from pactwork.facts.tables import LINE


def check_sources(ledger: Ledger) -> Iterator[Problem]:
    """Every row's source must stand in sources.csv."""
    yield from _check_column_targets(ledger, only_sources=True)


def check_references(ledger: Ledger) -> Iterator[Problem]:
    """Every id that names a row of another table must stand there."""
    yield from _check_column_targets(ledger, only_sources=False)


def _check_column_targets(ledger: Ledger, *, only_sources: bool) -> Iterator[Problem]:
    for name in ledger.tables:
        declaration = ledger.package.table(name)
        targets = {key.fields[0]: [f"{key.reference.resource}.{key.reference.fields[0]}"]
                   for key in declaration.foreign_keys if len(key.fields) == 1}  # fmt: skip
        targets |= {column.name: list(column.references) for column in declaration.fields if column.references}
        for column, places in targets.items():
            if (column == "source_id") is only_sources and (name, column) != ("figures", "subject"):
                yield from _check_targets(ledger, name, column, places)


def check_subjects(ledger: Ledger) -> Iterator[Problem]:
    """A figure must be about exactly one known thing."""
    places = list(ledger.package.table("figures").column("subject").references)
    yield from _check_targets(ledger, "figures", "subject", places)
    homes: dict[str, set[str]] = {}
    for place in places:
        for identifier in _ids(ledger, place):
            homes.setdefault(identifier, set()).add(place.partition(".")[0])
    for row in ledger.rows("figures"):
        tables = homes.get(row["subject"] or "", set())
        if len(tables) > 1:
            where = f"{ledger.path_of('figures')}:{row[LINE]} subject"
            found = f"{quoted(row['subject'])}, an id in {' and '.join(sorted(tables))}"
            yield Problem(where, found, "an id that names one thing", "rename one of them")


def _check_targets(ledger: Ledger, name: str, column: str, places: list[str]) -> Iterator[Problem]:
    """Yield cells whose ids stand in none of the places; a place that could not be read is not held against them."""
    tables = {place.partition(".")[0] for place in places}
    if any(table in ledger.contents and not ledger.contents[table].whole for table in tables):
        return
    frame = ledger.located(name)
    if column not in frame.columns:
        return
    if not tables & set(ledger.contents):
        if frame.get_column(column).drop_nulls().len():
            where, found = f"{ledger.path_of(name)} {column}", "ids of a table the case does not have"
            yield Problem(where, found, f"the table {_listed(places)}", f"add facts/{min(tables)}.csv")
        return
    known = set().union(*(_ids(ledger, place) for place in places))
    many = ledger.package.table(name).column(column).form == "list"
    for cell, line in frame.select(column, LINE).drop_nulls(column).iter_rows():
        for identifier in split_list(cell) if many else [cell]:
            if identifier not in known:
                where = f"{ledger.path_of(name)}:{line} {column}"
                yield Problem(where, quoted(identifier), f"an id of {_listed(places)}", _suggest(identifier, known))


def _ids(ledger: Ledger, place: str) -> set[str]:
    table, _, column = place.partition(".")
    return set(ledger.located(table).get_column(column).drop_nulls())


def _listed(places: list[str]) -> str:
    return " or ".join(dict.fromkeys(place.partition(".")[0] for place in places))


def _suggest(identifier: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(identifier[:100], sorted(known)[:5000], n=1)
    return f"perhaps {near[0]}?" if near else "add the row it names, or correct the id"


def check_evidence(ledger: Ledger) -> Iterator[Problem]:
    """The rows that a claim or a recommendation rests on must exist."""
    for name in ("claims", "recommendations"):
        for row in ledger.rows(name):
            for reference in split_list(row["evidence"]):
                if not _stands(ledger, reference):
                    where = f"{ledger.path_of(name)}:{row[LINE]} evidence"
                    expected = "table:id, or figures:subject/measure, of rows in the case"
                    yield Problem(where, quoted(reference), expected, "correct the reference, or add the row")


def _stands(ledger: Ledger, reference: str) -> bool:
    table, _, identifier = reference.partition(":")
    if table not in ledger.contents or not identifier:
        return False
    if not ledger.contents[table].whole:
        return True
    frame = ledger.located(table)
    if table == "figures":
        subject, _, measure = identifier.partition("/")
        return bool(ledger.figures(subject, measure or None))
    # Any column of the key will do: threats:russia names all rows about that threat, whoever perceives it.
    key = ledger.package.table(table).primary_key
    return any(identifier in frame.get_column(column) for column in key if frame.schema[column] == pl.String)


def check_parents(ledger: Ledger) -> Iterable[Problem]:
    """Instruments may not be their own ancestors."""
    current = ledger.current("instruments")
    for identifier, row in current.items():
        seen = [identifier]
        while (parent := current.get(seen[-1], {}).get("parent")) and parent not in seen:
            seen.append(parent)
        if parent == identifier:
            where = f"{ledger.path_of('instruments')}:{row[LINE]} parent"
            chain = " → ".join([*seen, parent])
            yield Problem(where, quoted(chain), "a chain that ends", "correct the parent")


def check_partners(ledger: Ledger) -> Iterator[Problem]:
    """What case.toml names must stand in the tables."""
    actors = _ids(ledger, "actors.actor_id")
    if "actors" in ledger.contents and ledger.contents["actors"].whole:
        for index, partner in enumerate(ledger.about.partners):
            if partner.actor not in actors:
                where = f"case.toml partners.{index}.actor"
                yield Problem(where, quoted(partner.actor), "an id of actors", _suggest(partner.actor, actors))
    if ledger.about.partnership and "instruments" in ledger.contents:
        known = _ids(ledger, "instruments.instrument_id")
        if ledger.contents["instruments"].whole and ledger.about.partnership not in known:
            found = quoted(ledger.about.partnership)
            yield Problem("case.toml partnership", found, "an id of instruments", _suggest(found.strip('"'), known))
