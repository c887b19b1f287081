"""The cooperation matrix: for each field and level, what the rows of the case show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pactwork.brief import formats
from pactwork.brief.origins import Origin, origin_of
from pactwork.facts.dates import parse_date
from pactwork.facts.ledger import Ledger, split_list

RECENT_MONTHS = 24
"""An event shows cooperation running for this long."""

_SHOWS_RUNNING = {"visit", "summit", "talks", "exercise", "delivery"}
_SHOWS_AGREEMENT = {"contract", "law", "vote", "milestone"}
_RUNS_IN_FORCE = {"treaty", "loan"}
"""Instruments that run by being in force; a contract runs when something is delivered."""
_OF_INSTRUMENT = {"signed": "agreed", "in_force": "agreed", "completed": "agreed", "negotiated": "talks"}
_OF_COMMITMENT = {"under_way": "active", "done": "active", "agreed": "agreed", "negotiated": "talks"}
_OF_FORMAT = {"active": "active", "agreed": "agreed"}
_ORDER = ("active", "agreed", "talks", "recommended")


@dataclass(frozen=True)
class Evidence:
    """One row that bears on a cell, and what it shows: ``active``, ``agreed``, ``talks`` or ``recommended``."""

    domain: str
    level: str
    shows: str
    kind: str
    text: str
    when: str
    origin: Origin


@dataclass(frozen=True)
class Cell:
    """One field at one level.

    ``state`` is ``active``, ``agreed``, ``talks``, ``recommended`` or ``absent``; ``further`` says that what is
    agreed or active is also recommended to go further.
    """

    domain: str
    level: str
    state: str
    further: bool
    evidence: tuple[Evidence, ...]

    @property
    def anchor(self) -> str:
        """Id of the cell's evidence on the page."""
        return f"cell-{self.domain}-{self.level}"


@dataclass(frozen=True)
class Line:
    """One field of cooperation, with its cell for each level."""

    domain: str
    label: str
    description: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Matrix:
    """Fields by levels. ``silent`` names the fields that no row of the case is about."""

    levels: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    silent: tuple[str, ...]

    def count(self, state: str) -> int:
        """Return how many cells are in a state."""
        return sum(cell.state == state for line in self.lines for cell in line.cells)

    def fields_at_best(self, state: str) -> tuple[str, ...]:
        """Return the fields whose strongest cell is in a state."""
        order = (*_ORDER, "absent")
        best = {line.label: min(order.index(cell.state) for cell in line.cells) for line in self.lines}
        return tuple(label for label, index in best.items() if order[index] == state)


def make_matrix(ledger: Ledger) -> Matrix:
    """Return the state of cooperation as the case's rows show it.

    A cell is active where a recent event, a standing format, a dated transport or a promise under way or done shows it
    running; agreed where something signed or agreed covers it and nothing shows it running; in talks where it is only
    being negotiated; recommended where only a recommendation asks for it; absent otherwise.
    """
    by_cell: dict[tuple[str, str], list[Evidence]] = {}
    for evidence in _find_evidence(ledger):
        by_cell.setdefault((evidence.domain, evidence.level), []).append(evidence)
    levels = tuple((c.value, c.label) for c in ledger.package.categories("instruments", "level").values())
    domains = ledger.package.categories("instruments", "domain")
    lines = tuple(
        Line(
            domain,
            category.label or domain,
            category.description,
            tuple(_judge_cell(domain, level, by_cell.get((domain, level), [])) for level, _ in levels),
        )
        for domain, category in domains.items()
    )
    spoken = tuple(line for line in lines if any(cell.evidence for cell in line.cells))
    silent = tuple(line.label for line in lines if line not in spoken)
    return Matrix(levels, spoken, silent)


def _judge_cell(domain: str, level: str, evidence: list[Evidence]) -> Cell:
    shown = {one.shows for one in evidence}
    state = next((state for state in _ORDER if state in shown), "absent")
    ranked = sorted(evidence, key=lambda one: (_ORDER.index(one.shows), _reversed_date(one.when)))
    return Cell(domain, level, state, "recommended" in shown and state != "recommended", tuple(ranked))


def _reversed_date(text: str) -> int:
    return -_last_day(text).toordinal() if text else 0


def _last_day(text: str) -> dt.date:
    try:
        return parse_date(text).latest
    except ValueError:
        return dt.date.min


def _find_evidence(ledger: Ledger) -> Iterator[Evidence]:
    since = _months_before(ledger.day, RECENT_MONTHS)
    for row in ledger.current("instruments").values():
        shows = _OF_INSTRUMENT.get(row["status"] or "")
        if row["status"] == "in_force" and row["kind"] in _RUNS_IN_FORCE:
            shows = "active"
        if shows and joins_partners(ledger, row["parties"]):
            yield _evidence(ledger, "instruments", row, shows, row["name"], row["signed"])
    for row in ledger.current("commitments").values():
        shows = _OF_COMMITMENT.get(row["state"] or "")
        if shows:
            yield _evidence(ledger, "commitments", row, shows, row["summary"], row["as_of"])
    for row in ledger.rows("formats"):
        shows = _OF_FORMAT.get(row["state"] or "")
        if shows and joins_partners(ledger, row["members"]):
            yield _evidence(ledger, "formats", row, shows, row["name"], row["since"])
    yield from _find_events(ledger, since)
    yield from _find_shipments(ledger, since)
    for row in ledger.rows("recommendations"):
        yield _evidence(ledger, "recommendations", row, "recommended", row["text"], None)


def _find_events(ledger: Ledger, since: dt.date) -> Iterator[Evidence]:
    for row in ledger.rows("events"):
        if not row["domain"] or not row["level"]:
            continue  # context: a war, an incident, an election elsewhere
        if not joins_partners(ledger, row["actors"]):
            continue  # one partner alone, or with others: it shows nothing about the two
        recent = since <= _last_day(row["date"] or "") <= ledger.day
        if row["kind"] in _SHOWS_RUNNING and recent:
            yield _evidence(ledger, "events", row, "active", row["title"], row["date"])
        elif row["kind"] in _SHOWS_AGREEMENT:
            yield _evidence(ledger, "events", row, "agreed", row["title"], row["date"])


def joins_partners(ledger: Ledger, cell: str | None) -> bool:
    """Return whether a list of actors joins both partners, or one and a body of several states.

    A list that names nobody is no ground to leave a row out, nor is a case that names no two partners.
    """
    countries = {partner.country for partner in ledger.about.partners}
    named = [ledger.current("actors").get(actor) for actor in split_list(cell)]
    if len(countries) < 2 or not named:
        return True
    present = {actor["country"] for actor in named if actor} & countries
    bodies = any(actor and actor["kind"] in ("alliance", "institution") and not actor["country"] for actor in named)
    return present == countries or (bool(present) and bodies)


def _find_shipments(ledger: Ledger, since: dt.date) -> Iterator[Evidence]:
    """Yield the newest transport of each lot, for the field of the instrument that ordered it."""
    lots, instruments = ledger.current("lots"), ledger.current("instruments")
    newest: dict[str, Mapping[str, Any]] = {}
    for row in ledger.rows("shipments"):
        if row["arrived"] and since <= _last_day(row["arrived"]) <= ledger.day:
            held = newest.get(row["lot_id"])
            if held is None or _last_day(held["arrived"]) <= _last_day(row["arrived"]):
                newest[row["lot_id"]] = row
    for lot_id, shipment in newest.items():
        instrument = instruments.get((lots.get(lot_id) or {}).get("instrument_id") or "")
        if instrument:
            text = f"{formats.number(shipment['quantity'] or 0)} of {formats.clean(ledger.name_of(lot_id))} arrived"
            row = {**shipment, "domain": instrument["domain"], "level": instrument["level"]}
            yield _evidence(ledger, "shipments", row, "active", text, row["arrived"])


def _evidence(
    ledger: Ledger, table: str, row: Mapping[str, Any], shows: str, text: str | None, when: str | None
) -> Evidence:
    words = formats.clean(text) or ledger.name_of(str(next(iter(row.values()))))
    kind = ledger.package.table(table).title.lower().rstrip("s")
    return Evidence(
        row["domain"] or "", row["level"] or "", shows, kind, words, when or "", origin_of(ledger, table, row)
    )


def _months_before(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return dt.date(year, month + 1, min(day.day, 28))
