"""Deliveries over time: what arrived by when, what was planned, and what is due, for one system."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pactwork.brief import formats
from pactwork.brief.origins import Origin, merge, origin_of, origin_of_figure
from pactwork.brief.words import say
from pactwork.facts.dates import parse_date
from pactwork.facts.figures import Figure
from pactwork.facts.ledger import Ledger
from pactwork.facts.records import counted_on, read_record
from pactwork.facts.status import GroupStatus, Status

_NEAR_DAYS = 45
"""How old a count may be and still tell what was there, where no transport record says more."""


@dataclass(frozen=True)
class Step:
    """Items there since a day, counted from the start."""

    day: dt.date
    items: float


@dataclass(frozen=True)
class OpenLot:
    """A firm lot of which something is still to come: its counts, and the transports on record.

    ``due`` is its window in words; ``counts`` are (day, items, measure) from the start, in order; ``transports`` are
    (day, items).
    """

    name: str
    quantity: float
    due: str
    counts: tuple[tuple[dt.date, float, str], ...]
    transports: tuple[tuple[dt.date, int], ...]

    def grown_since(self, before: dt.date) -> float | None:
        """Return the items that came after a day; None where no count tells what was there on it.

        Counts of different kinds are not subtracted from each other. Between two counts, what was there is known where
        the transports on record account for both.
        """
        earlier = [count for count in self.counts if count[0] <= before]
        if not earlier or earlier[-1][2] != self.counts[-1][2]:
            return None
        after = self.counts[len(earlier) :][:1]
        accounted = all(self._shipped(day) == items for day, items, _ in (earlier[-1], *after))
        if (before - earlier[-1][0]).days > _NEAR_DAYS and not accounted:
            return None
        return self.counts[-1][1] - (self._shipped(before) if accounted else earlier[-1][1])

    def _shipped(self, day: dt.date) -> int:
        return sum(items for arrived, items in self.transports if arrived <= day)


@dataclass(frozen=True)
class Arrivals:
    """One system's deliveries against its order.

    ``steps`` are what stands; ``doubtful`` are figures that lie off it; ``planned`` is what a plan foresaw; ``lots``
    are the firm orders: (items, last day due). ``basis`` is ``arrived`` or ``delivered_unstated``.
    """

    system_id: str
    name: str
    ordered: float
    lots: tuple[tuple[float, dt.date | None], ...]
    steps: tuple[Step, ...]
    doubtful: tuple[Step, ...]
    planned: tuple[Step, ...]
    basis: str
    origins: tuple[Origin, ...]
    open_lots: tuple[OpenLot, ...] = ()

    @property
    def waiting(self) -> str:
        """What is ordered and due in words, where nothing is recorded of any lot still open; else empty.

        A lot that is complete tells nothing about those that are not.
        """
        if any(lot.counts and lot.counts[-1][1] for lot in self.open_lots):
            return ""
        windows = [say("pace.window", due=lot.due) if lot.due else "" for lot in self.open_lots]
        return formats.join([
            f"{formats.number(lot.quantity)} {lot.name}{due}" for lot, due in zip(self.open_lots, windows, strict=True)
        ])  # fmt: skip

    @property
    def last_due(self) -> dt.date | None:
        """The day by which everything ordered is due; None where a window is open or unknown."""
        days = [day for _, day in self.lots]
        return max((day for day in days if day), default=None) if all(days) else None

    def at(self, day: dt.date) -> float:
        """Return the items there on a day."""
        return next((step.items for step in reversed(self.steps) if step.day <= day), 0.0)

    def pace_shown(self, day: dt.date) -> float | None:
        """Return items a month, over the 12 months before a day, of the lots still open; None where not known."""
        try:
            before = day.replace(year=day.year - 1)
        except ValueError:  # 29 February
            before = day.replace(year=day.year - 1, day=28)
        grown = [lot.grown_since(before) for lot in self.open_lots if lot.counts]
        known = [items for items in grown if items is not None]
        return sum(known) / 12 if known and len(known) == len(grown) else None

    def pace_needed(self, day: dt.date) -> float | None:
        """Return items a month for all to be there on the last day due; None where that day is unknown or past."""
        if self.last_due is None or self.last_due <= day:
            return None
        months = (self.last_due - day).days / 30.4375
        return max(0.0, self.ordered - self.at(day)) / max(months, 1.0)


def find_arrivals(ledger: Ledger, status: Status) -> tuple[Arrivals, ...]:
    """Return the deliveries of every system that has a firm order, ending at the count that status shows."""
    return tuple(_of_system(ledger, group) for group in status.systems if group.ordered)


def _of_system(ledger: Ledger, group: GroupStatus) -> Arrivals:
    lines: list[list[Figure]] = []
    doubtful: list[Figure] = []
    unfinished: list[OpenLot] = []
    for item in group.lots:
        record = read_record(ledger, item)
        line = list(record.line)
        lines.append(line)
        doubtful += record.off
        if not line or line[-1].value < item.lot.quantity:
            counts = tuple((counted_on(figure), figure.value, figure.measure) for figure in line)
            transports = record.transports
            lot = item.lot
            name = formats.clean(ledger.name_of(lot.lot_id))
            unfinished.append(OpenLot(name, float(lot.quantity), formats.date(lot.due), counts, transports))
    subjects = (group.identifier, *(item.lot.lot_id for item in group.lots))
    plans = [f for s in subjects for f in ledger.figures(s, "planned_deliveries") if f.rank != "deprecated"]
    used = [figure for line in lines for figure in line]
    rows = ledger.current("lots")
    return Arrivals(
        system_id=group.identifier,
        name=formats.clean(group.name),
        ordered=float(group.ordered),
        lots=tuple((float(item.lot.quantity), _last_due(item.lot.due)) for item in group.lots),
        open_lots=tuple(unfinished),
        steps=_sum_steps(lines),
        doubtful=tuple(Step(counted_on(f), f.value) for f in doubtful),
        planned=tuple(sorted((Step(counted_on(f), f.value) for f in plans), key=lambda step: step.day)),
        basis=group.basis or "",
        origins=merge([*(origin_of(ledger, "lots", rows[item.lot.lot_id]) for item in group.lots),
                       *(origin_of_figure(ledger, f) for f in (*used, *doubtful, *plans))]),
    )  # fmt: skip


def _last_due(text: object) -> dt.date | None:
    try:
        last = parse_date(str(text)).latest if text else None
    except ValueError:
        return None
    return last if last and last.year < 9000 else None


def _sum_steps(lots: list[list[Figure]]) -> tuple[Step, ...]:
    """Return the total over lots at every day one of them changes."""
    days = sorted({counted_on(figure) for lot in lots for figure in lot})
    totals = []
    for day in days:
        latest = [max((f.value for f in lot if counted_on(f) <= day), default=0.0) for lot in lots]
        totals.append(Step(day, sum(latest)))
    return tuple(totals)
