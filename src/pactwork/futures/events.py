"""Events of a run: what changed from one step to the next, in plain words.

An event has the day on which the state first shows it: the beginning of a step.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pactwork.facts.parameters import LEVELS, STANCES
from pactwork.futures.steps.fleet_plan import READY
from pactwork.futures.telling import Flags, Telling

_LOST, _ARRIVED, _IN_STOCK = 3, 4, 0
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Event:
    """Something that happened: ``kind`` is a family, ``subject`` a name along one of the model's axes."""

    date: dt.date
    kind: str
    subject: str
    text: str

    def as_dict(self) -> dict[str, str]:
        """Return the event with its date as text."""
        return {"date": self.date.isoformat(), "kind": self.kind, "subject": self.subject, "text": self.text}


def find_events(telling: Telling) -> tuple[Event, ...]:
    """Return everything that happened in a run, by date and, within a day, in the order of causes."""
    families = (_theatres, _passages, _disruptions, _governments, _signings, _transfers, _deliveries, _fleets, _stocks)
    found = [event for family in families for event in family(telling)]
    return tuple(sorted(found, key=lambda one: one.date))


def _theatres(telling: Telling) -> Iterator[Event]:
    for at, name in telling.named("theatre"):
        levels = telling.paths.levels[0, :, at].astype(np.int64)
        yield Event(telling.model.day(0), "theatre", name, f"{_say(name)} begins at {LEVELS[int(levels[0])]}")
        for step in _changes(levels):
            before, after = int(levels[step - 1]), int(levels[step])
            moves = "rises" if after > before else "falls"
            text = f"{_say(name)} {moves} from {LEVELS[before]} to {LEVELS[after]}"
            yield Event(telling.model.day(step), "theatre", name, text)


def _passages(telling: Telling) -> Iterator[Event]:
    yield from _outages(telling, "passage", telling.closed, ("closes", "opens again", "is closed at the start"))


def _disruptions(telling: Telling) -> Iterator[Event]:
    words = ("stops", "goes on again", "is stopped at the start")
    yield from _outages(telling, "disruption", telling.stopped, words)


def _outages(telling: Telling, axis: str, out: Flags, words: tuple[str, str, str]) -> Iterator[Event]:
    for at, name in telling.named(axis):
        column = out[: telling.model.steps, at]
        if column.size and column[0]:
            yield Event(telling.model.day(0), axis, name, f"{_say(name)} {words[2]}")
        for step in _changes(column.astype(np.int64)):
            text = f"{_say(name)} {words[0] if column[step] else words[1]}"
            yield Event(telling.model.day(step), axis, name, text)


def _governments(telling: Telling) -> Iterator[Event]:
    """Yield changes of government, each with the stance that came of it."""
    stances = telling.record.stance
    for at, name in telling.named("government"):
        text = f"{_say(name)} begins {STANCES[int(stances[0, at])]}"
        yield Event(telling.model.day(0), "government", name, text)
        for step in np.flatnonzero(telling.paths.changed[0, : telling.model.steps, at]):
            before, after = STANCES[int(stances[step, at])], STANCES[int(stances[step + 1, at])]
            turn = f"its stance stays {after}" if before == after else f"its stance turns from {before} to {after}"
            day = telling.model.day(int(step) + 1)
            yield Event(day, "government", name, f"the government changes in {_say(name)}; {turn}")


def _signings(telling: Telling) -> Iterator[Event]:
    for at, name in telling.named("instrument"):
        step = int(telling.record.signed[-1, at])
        if step > 0:
            yield Event(telling.model.day(step), "signing", name, f"{name} is signed")


def _transfers(telling: Telling) -> Iterator[Event]:
    for at, name in telling.named("transfer"):
        complete = telling.record.stages[:, at] >= telling.plan.transfers.stages[at]
        if complete.any() and not complete[0]:
            step = int(np.argmax(complete))
            yield Event(telling.model.day(step), "transfer", name, f"{name} opens: all its stages are done")


def _deliveries(telling: Telling) -> Iterator[Event]:
    """Yield what arrived of each lot in each month, on the day its last items came, and what was lost at sea."""
    for at, name in telling.named("lot"):
        quantity = int(telling.plan.lots.quantity[at])
        arrived, lost = telling.record.lots[:, at, _ARRIVED], telling.record.lots[:, at, _LOST]
        months: dict[tuple[int, int], tuple[int, int]] = {}
        for step in _changes(arrived):
            day = telling.model.day(step)
            month = (day.year, day.month)
            months[month] = (months.get(month, (0, 0))[0] + int(arrived[step] - arrived[step - 1]), step)
        for items, step in months.values():
            whole = "; the lot is complete" if arrived[step] >= quantity else ""
            day = telling.model.day(step)
            text = f"{name}: {items} arrived in {day:%Y-%m}, {int(arrived[step])} of {quantity} so far{whole}"
            yield Event(day, "arrival", name, text)
        for step in _changes(lost):
            items = int(lost[step] - lost[step - 1])
            yield Event(telling.model.day(step), "loss", name, f"{name}: {items} lost at sea")


def _fleets(telling: Telling) -> Iterator[Event]:
    """Yield the first day each system has as many ready as required, and the first day all have."""
    everything = np.ones(telling.model.steps + 1, dtype=np.bool_)
    asked = np.zeros(telling.model.steps + 1, dtype=np.bool_)
    for at, name in telling.named("system"):
        required, ready = telling.plan.fleet.required[:, at], telling.record.fleet[:, at, READY]
        enough = (required > 0) & (ready >= required)
        everything &= (required <= 0) | enough
        asked |= required > 0
        if enough.any():
            step = int(np.argmax(enough))
            text = f"{name}: for the first time as many ready as required, {int(ready[step])} of {int(required[step])}"
            yield Event(telling.model.day(step), "readiness", name, text)
    everything &= asked
    if everything.any():
        day = telling.model.day(int(np.argmax(everything)))
        yield Event(day, "readiness", "all", "for the first time everything required is ready")


def _stocks(telling: Telling) -> Iterator[Event]:
    for at, name in telling.named("munition"):
        empty = telling.record.rounds[:, at, _IN_STOCK] <= 0
        for step in _changes(empty.astype(np.int64)):
            text = f"{name}: the stock is empty" if empty[step] else f"{name}: there is a stock again"
            yield Event(telling.model.day(step), "stock", name, text)


def _changes(column: Counts) -> list[int]:
    """Return the steps whose value is another than that of the step before."""
    return [int(step) + 1 for step in np.flatnonzero(np.diff(column.astype(np.int64)))]


def _say(name: str) -> str:
    """Return a name as it is read aloud.

    Examples
    --------
    >>> _say("line.hyundai-rotem"), _say("taiwan_strait")
    ('line hyundai-rotem', 'taiwan strait')
    """
    return name.replace(".", " ").replace("_", " ")
