"""The lots of a case as deals: what the ledger knows of each on the day of the forecast."""

from __future__ import annotations

import datetime as dt
import statistics
from dataclasses import dataclass

import numpy as np

from pactwork.facts.dates import Interval, parse_date
from pactwork.facts.ledger import Ledger
from pactwork.facts.orders import Lot
from pactwork.facts.records import Gain, read_record
from pactwork.facts.status import LotStatus, make_status
from pactwork.forecast.deliveries.deals import Deals, as_year, make_deals
from pactwork.forecast.deliveries.kinds import find_kind
from pactwork.forecast.deliveries.tempo import RecentRecord, find_recent


@dataclass(frozen=True)
class Window:
    """When a lot is due: ``start`` in decimal years, ``end`` as a day; None where the window leaves it open."""

    start: float | None
    end: dt.date | None


@dataclass(frozen=True)
class LotState:
    """One lot on the day of the forecast.

    ``signed`` is false for what is only foreseen: it is then described as if ordered on that day. ``gains`` are its
    deliveries in order; ``in_transit`` is what has left and not arrived; ``transit_days`` is the usual time
    between the two.
    """

    lot: Lot
    name: str
    unit: str
    kind: str
    signed: bool
    ordered_on: dt.date
    delivered: int
    basis: str | None
    window: Window
    gains: tuple[Gain, ...]
    recent: RecentRecord | None
    in_transit: int
    transit_days: int | None
    licensed: bool
    second_hand: bool

    def as_deal(self, day: dt.date) -> Deals:
        """Return the lot as a table of one deal."""
        first = as_year(self.gains[0].by) if self.gains and self.gains[0].since else np.nan
        last = as_year(self.gains[-1].by) if self.gains else np.nan
        end = self.window.end
        return make_deals(
            as_of=as_year(day),
            ordered=[self.lot.quantity],
            delivered=[self.delivered],
            ordered_on=[as_year(self.ordered_on)],
            kind=[self.kind],
            first_on=[first],
            last_on=[last],
            plan_start=[np.nan if self.window.start is None else self.window.start],
            plan_end=[np.nan if end is None else as_year(end)],
            licensed=[self.licensed],
            second_hand=[self.second_hand],
            batch=[self.recent.batch if self.recent else np.nan],
        )


def read_lots(ledger: Ledger) -> list[LotState]:
    """Return every lot that orders at least one item, in the order of the case."""
    status = make_status(ledger)
    transit, told = _usual_transit(ledger), _first_told(ledger)
    return [_read_lot(ledger, item, transit, told) for item in status.lots if item.lot.quantity > 0]


def _read_lot(ledger: Ledger, item: LotStatus, transit: dict[str, int], told: dict[str, dt.date]) -> LotState:
    lot, day = item.lot, ledger.day
    record = read_record(ledger, item)
    delivered = min(int(item.delivered.count or 0), lot.quantity)
    signed = lot.kind == "firm"
    system = ledger.current("systems").get(lot.system_id) or {}
    words = " ".join(part for part in (system.get("category"), system.get("name")) if part)
    buyers = {one.country for one in ledger.about.partners if one.role == "buyer"}
    shipped = item.delivered.figures.get("shipped")
    row = ledger.current("lots")[lot.lot_id]
    return LotState(
        lot=lot,
        name=ledger.name_of(lot.lot_id),
        unit=system.get("unit") or "item",
        kind=find_kind(system.get("category") or words),
        signed=signed,
        ordered_on=min(_ordered_on(ledger, lot, told), day) if signed else day,
        delivered=delivered,
        basis=item.delivered.basis,
        window=read_window(lot.due),
        gains=tuple(record.gains()) if delivered else (),
        recent=find_recent(record.gains(), day) if delivered else None,
        in_transit=max(0, min(int(shipped.value), lot.quantity) - delivered) if shipped else 0,
        transit_days=transit.get(lot.lot_id, transit.get("")),
        licensed=bool(buyers & set(lot.made_in)),
        second_hand=(row.get("condition") or "new") != "new",
    )


def _first_told(ledger: Ledger) -> dict[str, dt.date]:
    """Return the day of the first row that tells of each lot."""
    found: dict[str, dt.date] = {}
    for row in ledger.rows("lots"):
        if row["lot_id"] and row["as_of"]:
            day = parse_date(row["as_of"]).latest
            found[row["lot_id"]] = min(day, found.get(row["lot_id"], day))
    return found


def _ordered_on(ledger: Ledger, lot: Lot, told: dict[str, dt.date]) -> dt.date:
    """Return when a lot was ordered: its instrument's signature, otherwise the first row that tells of it."""
    row = ledger.current("instruments").get(lot.instrument_id) or {}
    return parse_date(row["signed"]).latest if row.get("signed") else told.get(lot.lot_id, ledger.day)


def read_window(due: str | None) -> Window:
    """Return a window of delivery; its first part counts from its middle, as a year alone says only that.

    Examples
    --------
    >>> window = read_window("2025/2028")
    >>> round(window.start, 1), window.end
    (2025.5, datetime.date(2028, 12, 31))
    >>> read_window("2026/..").end is None, read_window(None)
    (True, Window(start=None, end=None))
    """
    if not due:
        return Window(None, None)
    try:
        whole = parse_date(due)
        first = parse_date(due.partition("/")[0]) if "/" in due and due[:2] != ".." and due[0] != "/" else whole
    except ValueError:
        return Window(None, None)
    end = None if whole.latest == dt.date.max else whole.latest
    return Window(None if first.earliest == dt.date.min else _middle(first), end)


def _middle(interval: Interval) -> float:
    if interval.latest == dt.date.max:
        return as_year(interval.earliest)
    return as_year(_day(interval))


def _usual_transit(ledger: Ledger) -> dict[str, int]:
    """Return the median days between leaving and arriving, per lot; under "" of all lots."""
    found: dict[str, list[int]] = {}
    for row in ledger.rows("shipments"):
        if row["left"] and row["arrived"]:
            left, arrived = parse_date(row["left"]), parse_date(row["arrived"])
            days = (_day(arrived) - _day(left)).days
            if days >= 0:
                found.setdefault(row["lot_id"], []).append(days)
                found.setdefault("", []).append(days)
    return {lot: round(statistics.median(days)) for lot, days in found.items()}


def _day(interval: Interval) -> dt.date:
    return interval.earliest + (interval.latest - interval.earliest) / 2
