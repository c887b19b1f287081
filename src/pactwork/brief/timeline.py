"""Dialogue and events on a time line, and the standing formats they belong to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pactwork.brief import formats
from pactwork.brief.origins import Origin, origin_of
from pactwork.brief.promises import names
from pactwork.facts.dates import parse_date
from pactwork.facts.ledger import Ledger

LANES = {
    "Meetings": ("summit", "visit", "talks"),
    "Agreements and laws": ("contract", "law", "vote"),
    "Exercises": ("exercise",),
    "Deliveries, milestones": ("delivery", "milestone"),
    "Context": ("incident", "statement", "conflict"),
}
_YEARS_SHOWN = 4


@dataclass(frozen=True)
class Event:
    """Something that happened, on a day or in a span."""

    day: dt.date
    precise: bool
    when: str
    title: str
    kind: str
    lane: str
    level: str
    who: str
    origin: Origin


@dataclass(frozen=True)
class Format:
    """A standing format of dialogue."""

    name: str
    summary: str
    state: str
    since: str
    members: str
    origin: Origin


@dataclass(frozen=True)
class Election:
    """A scheduled election that can change a government."""

    who: str
    office: str
    when: str
    stakes: str
    origin: Origin


@dataclass(frozen=True)
class Timeline:
    """Events, newest first; formats; elections ahead."""

    events: tuple[Event, ...]
    formats: tuple[Format, ...]
    elections: tuple[Election, ...]

    @property
    def years(self) -> tuple[tuple[int, tuple[Event, ...]], ...]:
        """Events by year, newest first."""
        years = dict.fromkeys(event.day.year for event in self.events)
        return tuple((year, tuple(event for event in self.events if event.day.year == year)) for year in years)

    def recent(self, day: dt.date) -> tuple[Event, ...]:
        """Return the events of the years that a chart has room for."""
        since = dt.date(day.year - _YEARS_SHOWN + 1, 1, 1)
        return tuple(event for event in self.events if since <= event.day <= day)


def make_timeline(ledger: Ledger) -> Timeline:
    """Return events, formats and elections."""
    lanes = {kind: lane for lane, kinds in LANES.items() for kind in kinds}
    kinds = {value: c.label for value, c in ledger.package.categories("events", "kind").items()}
    levels = {value: c.label for value, c in ledger.package.categories("events", "level").items()}
    events = [
        Event(
            parse_date(row["date"]).latest, _is_precise(row["date"]), formats.date(row["date"]),
            formats.clean(row["title"]),
            kinds.get(row["kind"], row["kind"] or ""), lanes.get(row["kind"], "Context"),
            levels.get(row["level"] or "", ""), names(ledger, row["actors"]), origin_of(ledger, "events", row),
        )
        for row in ledger.rows("events") if row["date"]
    ]  # fmt: skip
    standing = tuple(
        Format(formats.clean(row["name"]), formats.clean(row["summary"]), formats.clean(row["state"]),
               formats.date(row["since"]), names(ledger, row["members"]), origin_of(ledger, "formats", row))
        for row in ledger.rows("formats")
    )  # fmt: skip
    ahead = sorted(
        (row for row in ledger.rows("elections") if row["date"] and parse_date(row["date"]).latest >= ledger.day),
        key=lambda row: parse_date(row["date"]).latest,
    )
    elections = tuple(
        Election(formats.clean(ledger.name_of(row["partner"] or "")), formats.clean(row["office"]),
                 formats.date(row["date"]), formats.clean(row["stakes"]), origin_of(ledger, "elections", row))
        for row in ahead
    )  # fmt: skip
    return Timeline(tuple(sorted(events, key=lambda event: event.day, reverse=True)), standing, elections)


def _is_precise(text: str) -> bool:
    days = parse_date(text)
    return (days.latest - days.earliest).days <= 31
