"""Dialogue and events on a time line, and the standing formats they belong to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pactwork.brief import formats
from pactwork.brief.naming import names
from pactwork.brief.origins import Origin, origin_of
from pactwork.brief.partners import Tie, Ties
from pactwork.brief.words import say
from pactwork.facts.dates import parse_date
from pactwork.facts.ledger import Ledger

LANES = {
    "meetings": ("summit", "visit", "talks"),
    "agreements": ("contract", "law", "vote"),
    "exercises": ("exercise",),
    "milestones": ("delivery", "milestone"),
    "context": ("incident", "statement", "conflict"),
}
_MEETINGS = ("meetings", "exercises")
_YEARS_SHOWN = 4
_LONGEST_VISIT = 14
"""Days; what lasts longer is a month or more, of which the day is not known."""


@dataclass(frozen=True)
class Event:
    """Something that happened, on a day or in a span; ``joint`` where both partners took part, by themselves."""

    start: dt.date
    day: dt.date
    precise: bool
    when: str
    title: str
    kind: str
    lane_id: str
    level: str
    who: str
    joint: bool
    origin: Origin

    @property
    def lane(self) -> str:
        """The lane of a chart in which it lies."""
        return say(f"lane.{self.lane_id}")


@dataclass(frozen=True)
class Format:
    """A standing format of dialogue; ``tie`` says how it joins the two partners, None where it does not."""

    name: str
    summary: str
    state: str
    since: str
    members: str
    tie: Tie | None
    origin: Origin


@dataclass(frozen=True)
class Election:
    """A scheduled election that can change a government."""

    who: str
    office: str
    when: str
    stakes: str
    origin: Origin

    @property
    def whose(self) -> str:
        """The office and whose it is, said once."""
        return self.office if self.who in self.office else say("dialogue.office", office=self.office, whose=self.who)


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

    def meetings(self, first: dt.date, last: dt.date) -> tuple[Event, ...]:
        """Return the dated meetings and exercises of both partners between two days, the latest first.

        A summit during a visit is one meeting with it.
        """
        held = [
            event for event in self.events
            if event.lane_id in _MEETINGS and event.joint and event.precise and first <= event.day <= last
        ]  # fmt: skip
        visits = [event for event in held if event.kind == "visit" and (event.day - event.start).days <= _LONGEST_VISIT]
        return tuple(
            event for event in held
            if event.kind != "summit" or not any(one.start <= event.start and event.day <= one.day for one in visits)
        )  # fmt: skip

    def recent(self, day: dt.date) -> tuple[Event, ...]:
        """Return the events of the years that a chart has room for."""
        since = dt.date(day.year - _YEARS_SHOWN + 1, 1, 1)
        return tuple(event for event in self.events if since <= event.day <= day)


def list_lanes() -> list[str]:
    """Return the lanes of a chart of events, in order."""
    return [say(f"lane.{one}") for one in LANES]


def make_timeline(ledger: Ledger) -> Timeline:
    """Return events, formats and elections."""
    lanes = {kind: lane for lane, kinds in LANES.items() for kind in kinds}
    kinds = {value: c.label for value, c in ledger.package.categories("events", "kind").items()}
    ties = Ties(ledger)
    levels = {value: c.label for value, c in ledger.package.categories("events", "level").items()}
    events = [
        Event(
            parse_date(row["date"]).earliest, parse_date(row["date"]).latest, _is_precise(row["date"]),
            formats.date(row["date"]),
            formats.clean(row["title"]),
            kinds.get(row["kind"], row["kind"] or ""), lanes.get(row["kind"], "context"),
            levels.get(row["level"] or "", ""), names(ledger, row["actors"]),
            ties.find(row["actors"]) == Tie(), origin_of(ledger, "events", row),
        )
        for row in ledger.rows("events") if row["date"]
    ]  # fmt: skip
    standing = tuple(
        Format(formats.clean(row["name"]), formats.clean(row["summary"]), formats.clean(row["state"]),
               formats.date(row["since"]), names(ledger, row["members"]),
               ties.find(row["members"]), origin_of(ledger, "formats", row))
        for row in ledger.rows("formats")
    )  # fmt: skip
    ahead = sorted(
        (row for row in ledger.rows("elections") if row["date"] and parse_date(row["date"]).latest >= ledger.day),
        key=lambda row: parse_date(row["date"]).earliest,
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
