"""The cooperation matrix: for each field and level, what the rows of the case show."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pactwork.brief import formats
from pactwork.brief.origins import Origin, origin_of
from pactwork.brief.partners import Tie, Ties
from pactwork.brief.words import say
from pactwork.facts.dates import parse_date
from pactwork.facts.ledger import Ledger

RECENT_MONTHS = 24
"""An event shows cooperation running for this long."""

_SHOWS_RUNNING = {"visit", "summit", "talks", "exercise", "delivery"}
_SHOWS_AGREEMENT = {"contract", "law", "vote", "milestone"}
_RUNS_IN_FORCE = {"treaty", "loan"}
"""Instruments that run by being in force; a contract runs when something is delivered."""
_TRADE = ("economy", "industrial")
"""The cell that recent trade shows running: trade is what firms do."""
_OF_INSTRUMENT = {"signed": "agreed", "in_force": "agreed", "completed": "agreed", "negotiated": "talks"}
_OF_COMMITMENT = {"under_way": "active", "done": "active", "agreed": "agreed", "negotiated": "talks"}
_OF_FORMAT = {"active": "active", "agreed": "agreed"}
_ORDER = ("active", "agreed", "talks", "recommended")


@dataclass(frozen=True)
class Evidence:
    """One row that bears on a cell, and what it shows: ``active``, ``agreed``, ``talks`` or ``recommended``.

    ``through`` names the body in which the partners meet, where they do not meet by themselves.
    """

    domain: str
    level: str
    shows: str
    kind: str
    text: str
    when: str
    origin: Origin
    through: str = ""


@dataclass(frozen=True)
class Cell:
    """One field at one level.

    ``state`` is ``active``, ``agreed``, ``talks``, ``recommended`` or ``absent``; ``further`` says that what is
    agreed or active is also recommended to go further; ``through`` names the bodies in which alone the partners meet.
    """

    domain: str
    level: str
    state: str
    further: bool
    evidence: tuple[Evidence, ...]
    through: str = ""

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

    def fields_through(self, state: str) -> dict[str, tuple[str, ...]]:
        """Return the fields at their best in a state, and there only through bodies; with the bodies' names."""
        held = {line.label: [cell.through for cell in line.cells if cell.state == state] for line in self.lines}
        return {one: tuple(dict.fromkeys(held[one])) for one in self.fields_at_best(state) if all(held[one])}

    def fields_at_best(self, state: str) -> tuple[str, ...]:
        """Return the fields whose strongest cell is in a state."""
        order = (*_ORDER, "absent")
        best = {line.label: min(order.index(cell.state) for cell in line.cells) for line in self.lines}
        return tuple(label for label, index in best.items() if order[index] == state)


def make_matrix(ledger: Ledger) -> Matrix:
    """Return the state of cooperation as the case's rows show it.

    A cell is active where a recent event, a standing format, a dated transport, recent trade, a treaty or loan in force
    or a promise under way or done shows it running; agreed where something signed or agreed covers it and nothing shows
    it running; in talks where it is only being negotiated; recommended where only a recommendation asks for it; absent
    otherwise. Rows in which the two partners do not meet are context, and show nothing.
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
    bodies = [one.through for one in ranked if one.shows == state]
    through = formats.join(list(dict.fromkeys(bodies))) if bodies and all(bodies) else ""
    return Cell(domain, level, state, "recommended" in shown and state != "recommended", tuple(ranked), through)


def _reversed_date(text: str) -> int:
    return -_last_day(text).toordinal() if text else 0


def _last_day(text: str) -> dt.date:
    try:
        return parse_date(text).latest
    except ValueError:
        return dt.date.min


def _surely_since(text: str, since: dt.date, day: dt.date) -> bool:
    """Return whether something went on after a day for certain: a span counts by the first day its end can mean."""
    end = text.partition("/")[2] or text
    try:
        return end in ("..", "/") or (since <= parse_date(end).earliest and parse_date(end).latest <= day)
    except ValueError:
        return False


def _find_evidence(ledger: Ledger) -> Iterator[Evidence]:
    since, ties = _months_before(ledger.day, RECENT_MONTHS), Ties(ledger)
    for row in ledger.current("instruments").values():
        shows = _OF_INSTRUMENT.get(row["status"] or "")
        if row["status"] == "in_force" and row["kind"] in _RUNS_IN_FORCE:
            shows = "active"
        tie = ties.find(row["parties"])
        if shows and tie:
            yield _evidence(ledger, "instruments", row, shows, row["name"], row["signed"], tie)
    for row in ledger.current("commitments").values():
        shows = _OF_COMMITMENT.get(row["state"] or "")
        tie = ties.find(";".join(filter(None, (row["promised_by"], row["promised_to"]))) if row["promised_to"] else "")
        if shows and tie:
            yield _evidence(ledger, "commitments", row, shows, row["summary"], row["as_of"], tie)
    for row in ledger.rows("formats"):
        shows = _OF_FORMAT.get(row["state"] or "")
        tie = ties.find(row["members"])
        if shows and tie:
            yield _evidence(ledger, "formats", row, shows, row["name"], row["since"], tie)
    yield from _find_events(ledger, ties, since)
    yield from itertools.chain(_find_shipments(ledger, since), _find_trade(ledger, ties, since))
    for row in ledger.rows("recommendations"):
        yield _evidence(ledger, "recommendations", row, "recommended", row["text"], None)


def _find_events(ledger: Ledger, ties: Ties, since: dt.date) -> Iterator[Evidence]:
    for row in ledger.rows("events"):
        tie = ties.find(row["actors"])
        if not row["domain"] or not row["level"] or not tie:
            continue  # context: a war, an election elsewhere, one partner alone or with others
        recent = _surely_since(row["date"] or "", since, ledger.day)
        if row["kind"] in _SHOWS_RUNNING and recent:
            haggling = row["kind"] == "talks" and row["level"] == "industrial"  # firms that talk make nothing yet
            yield _evidence(ledger, "events", row, "talks" if haggling else "active", row["title"], row["date"], tie)
        elif row["kind"] in _SHOWS_AGREEMENT:
            yield _evidence(ledger, "events", row, "agreed", row["title"], row["date"], tie)


def _find_trade(ledger: Ledger, ties: Ties, since: dt.date) -> Iterator[Evidence]:
    """Yield the newest year of trade in goods by each reporter, where it is recent."""
    newest: dict[str, Mapping[str, Any]] = {}
    for row in ledger.rows("trade"):
        year = str(row["year"] or "")
        if year and row["value"] is not None and _surely_since(year, since, ledger.day) and _is_direct(ties, row):
            held = newest.get(row["reporter"])
            if held is None or (row["year"], row["value"]) > (held["year"], held["value"]):
                newest[row["reporter"]] = row
    for chosen in newest.values():
        row = dict(chosen)
        value = formats.quantity(row["value"], row["unit"], ledger.units, row["qualifier"])
        reporter = formats.clean(ledger.name_of(row["reporter"]))
        text = say("evidence.trade", reporter=reporter, flow=row["flow"], value=value)
        placed = {**row, "domain": _TRADE[0], "level": _TRADE[1]}
        yield _evidence(ledger, "trade", placed, "active", text, str(row["year"]))


def _is_direct(ties: Ties, row: Mapping[str, Any]) -> bool:
    return ties.find(f"{row['reporter']};{row['partner']}") == Tie()


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
            text = say("evidence.arrived", items=shipment["quantity"] or 0, name=formats.clean(ledger.name_of(lot_id)))
            row = {**shipment, "domain": instrument["domain"], "level": instrument["level"]}
            yield _evidence(ledger, "shipments", row, "active", text, row["arrived"])


def _evidence(
    ledger: Ledger, table: str, row: Mapping[str, Any], shows: str, text: str | None, when: str | None,
    tie: Tie | None = None,
) -> Evidence:  # fmt: skip
    words = formats.clean(text) or ledger.name_of(str(next(iter(row.values()))))
    kind = ledger.package.table(table).title.lower().rstrip("s")
    origin, through = origin_of(ledger, table, row), tie.through if tie else ""
    return Evidence(row["domain"] or "", row["level"] or "", shows, kind, words, when or "", origin, through)


def _months_before(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return dt.date(year, month + 1, min(day.day, 28))
