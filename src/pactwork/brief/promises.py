"""What was promised to industry, what was recommended, and how far each is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pactwork.brief import formats
from pactwork.brief.naming import names, spell_out, subject_name
from pactwork.brief.origins import Fact, Origin, origin_of
from pactwork.brief.words import say
from pactwork.facts.ledger import Ledger, split_list

_STATES = ("done", "under_way", "agreed", "negotiated", "proposed", "lapsed")


@dataclass(frozen=True)
class Promise:
    """One industrial promise.

    ``contracted`` says that a contract holds it; ``items`` what the quantities count, such as "K239 launcher modules".
    """

    summary: str
    kind: str
    system: str
    promised_by: str
    promised_to: str
    amount: Fact | None
    due: str
    state: str
    state_words: str
    origin: Origin
    kind_id: str
    items: str
    quantity: float | None
    of_quantity: float | None
    contracted: bool


@dataclass(frozen=True)
class Promises:
    """All promises, the furthest first, and how many are in each state: (state, words, count)."""

    rows: tuple[Promise, ...]
    counts: tuple[tuple[str, str, int], ...]

    @property
    def local(self) -> tuple[Promise, ...]:
        """Promises of local production."""
        return tuple(row for row in self.rows if row.kind_id == "local_production")


@dataclass(frozen=True)
class Recommendation:
    """One line of the tracker; its state is that of the thing recommended, whoever did it and why."""

    text: str
    from_source: bool
    origin_words: str
    addressee: str
    field: str
    level: str
    state: str
    evidence: tuple[tuple[str, Origin], ...]
    note: str
    origin: Origin

    @property
    def begun(self) -> bool:
        """Whether the thing recommended is done or under way."""
        return self.state in ("done", "under way")


def find_promises(ledger: Ledger) -> Promises:
    """Return the promises to industry as they stand."""
    categories = ledger.package.categories
    states = {value: c.label for value, c in categories("commitments", "state").items()}
    kinds = {value: c.label for value, c in categories("commitments", "kind").items()}
    rows = []
    for row in ledger.current("commitments").values():
        state = row["state"] or ""
        origin = origin_of(ledger, "commitments", row)
        rows.append(Promise(
            formats.clean(row["summary"]) or formats.clean(row["commitment_id"]), kinds.get(row["kind"] or "", ""),
            formats.clean(ledger.name_of(row["system_id"])) if row["system_id"] else "",
            names(ledger, row["promised_by"]), names(ledger, row["promised_to"]), _amount(row, origin),
            formats.date(row["due"]), state, states.get(state, state), origin, row["kind"] or "",
            _items(ledger, row["system_id"], row["quantity"]), row["quantity"], row["of_quantity"],
            _is_contracted(ledger, row),
        ))  # fmt: skip
    known = [*_STATES, *(state for state in states if state not in _STATES)]
    rows.sort(key=lambda one: known.index(one.state) if one.state in known else len(known))
    counts = tuple(
        (state, states[state], number)
        for state in known
        if state in states and (number := sum(row.state == state for row in rows))
    )
    return Promises(tuple(rows), counts)


def _items(ledger: Ledger, system_id: str | None, quantity: float | None) -> str:
    """Return a system with its unit as people count it: "K2 tanks"; of one, "K2 tank"."""
    system = ledger.current("systems").get(system_id or "")
    if system is None:
        return ""
    name, unit = formats.clean(system["name"] or system_id), formats.clean(system["unit"])
    plural = unit if quantity == 1 or unit.endswith(("s", "craft")) else f"{unit}s"
    return f"{name} {plural}" if unit else name


def _is_contracted(ledger: Ledger, row: dict[str, Any]) -> bool:
    """Return whether a promise stands in a contract that holds; a framework or a memorandum is no contract."""
    instrument = ledger.current("instruments").get(row["instrument_id"] or "")
    if instrument is None or instrument["status"] not in ("signed", "in_force", "completed"):
        return False
    return instrument["kind"] == "contract" and row["state"] in ("agreed", "under_way", "done")


def _amount(row: dict[str, object], origin: Origin) -> Fact | None:
    if not isinstance(row["quantity"], int | float):
        return None
    text = formats.number(row["quantity"])
    if isinstance(row["of_quantity"], int | float):
        text = say("range.part", part=text, whole=formats.number(row["of_quantity"]))
    return Fact(text, (origin,))


def find_recommendations(ledger: Ledger) -> tuple[Recommendation, ...]:
    """Return the tracker of recommendations: what is done first, then what is under way, then the rest."""
    categories = ledger.package.categories
    domains = {value: c.label for value, c in categories("recommendations", "domain").items()}
    levels = {value: c.label for value, c in categories("recommendations", "level").items()}
    origins = {value: c.label for value, c in categories("recommendations", "origin").items()}
    order = ("done", "under way", "recommended")
    rows = [
        Recommendation(
            formats.clean(row["text"]), row["origin"] == "paper", origins.get(row["origin"] or "", ""),
            names(ledger, row["addressee"]), domains.get(row["domain"] or "", ""), levels.get(row["level"] or "", ""),
            row["state"] or "recommended", _find_evidence(ledger, row["evidence"]), formats.clean(row["note"]),
            origin_of(ledger, "recommendations", row),
        )
        for row in ledger.rows("recommendations")
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda one: order.index(one.state) if one.state in order else len(order)))


def _find_evidence(ledger: Ledger, cell: str | None) -> tuple[tuple[str, Origin], ...]:
    """Return the rows that a ';' list of table:id names, in words."""
    found = []
    for part in split_list(cell):
        table, _, identifier = part.partition(":")
        if table not in ledger.tables or not identifier:
            continue
        key = ledger.package.table(table).fields[0].name
        if table == "figures":
            subject, _, measure = identifier.partition("/")
            figure = ledger.figure(subject, measure)
            held = ledger.row(table, figure.line) if figure else None
            rows = [held] if held else []
        else:
            rows = [row for row in ledger.rows(table) if row[key] == identifier]
        for row in rows[-1:]:
            words = row.get("title") or row.get("summary") or row.get("name") or _name_row(ledger, identifier, row)
            found.append((formats.clean(words), origin_of(ledger, table, row)))
    return tuple(found)


def _name_row(ledger: Ledger, identifier: str, row: dict[str, Any]) -> str:
    """Return words for a row that has no title: a figure by subject and measure, an election by office."""
    if row.get("measure"):
        known = ledger.measures.get(row["measure"])
        return f"{subject_name(ledger, row['subject'])}: {(known.label if known else row['measure']).lower()}"
    if row.get("office"):
        return f"{row['office']}, {formats.date(row['date'])}"
    name = ledger.name_of(identifier)
    return formats.capitalise(spell_out(ledger, identifier)) if name == identifier else name
