"""Deliveries as they were known on a day: each lot's plan, record and forecast then, and what came after."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pactwork.brief import formats
from pactwork.brief.origins import Origin
from pactwork.facts.dates import parse_date, spell_day
from pactwork.facts.ledger import Ledger
from pactwork.facts.orders import current_lots
from pactwork.web.cases import OpenCase

if TYPE_CHECKING:
    from pactwork.brief.outlook import LotOutlook
    from pactwork.forecast.deliveries.forecast import LotForecast

Step = tuple[dt.date, float]
_MOST_DAYS = 120


@dataclass(frozen=True)
class LotReplay:
    """One lot as it was known on a day.

    ``order`` is the instrument that orders it; ``steps`` are (day, items from the start) known then, ``later`` what the
    record of today adds after that day; ``bands`` are (day, items at 5, 25, 50, 75 and 95 per cent); ``plan`` is the
    way through the planned window.
    """

    lot_id: str
    system_id: str
    name: str
    order: str
    unit: str
    signed: bool
    ordered: float
    delivered: float
    basis: str
    due: str
    steps: tuple[Step, ...]
    later: tuple[Step, ...]
    plan: tuple[Step, ...]
    bands: tuple[tuple[dt.date, float, float, float, float, float], ...]
    said: str
    reasons: tuple[str, ...]
    origins: tuple[Origin, ...]


@dataclass(frozen=True)
class Replay:
    """All lots as they were known on a day; ``span`` is the time axis, the same for every day."""

    day: dt.date
    span: tuple[dt.date, dt.date]
    lots: tuple[LotReplay, ...]
    learnt: str


def list_days(opened: OpenCase) -> tuple[dt.date, ...]:
    """Return the days that can be looked back to: ends of months since the first order, and the case's own day."""
    return opened.remember("replay-days", lambda: _find_days(opened))


def _find_days(opened: OpenCase) -> tuple[dt.date, ...]:
    ledger = opened.ledger
    signed = {row["instrument_id"]: row["signed"] for row in ledger.rows("instruments")}
    texts = [signed.get(lot.instrument_id) for lot in current_lots(ledger) if lot.kind == "firm"]
    starts = [_last_day(text) for text in texts if text]
    first = min((day for day in starts if day), default=ledger.day)
    days, year, month = [], first.year, first.month
    while (end := dt.date(year, month, calendar.monthrange(year, month)[1])) < ledger.day:
        days.append(end)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return (*days[-_MOST_DAYS:], ledger.day)


def _last_day(text: str) -> dt.date | None:
    try:
        return parse_date(text).latest
    except ValueError:
        return None


def choose_day(opened: OpenCase, day: dt.date) -> tuple[dt.date, str]:
    """Return the day of the list that stands for a day, and what is expected in words where that is another one.

    It is the last one up to the day; the first where the day lies before them all.
    """
    days = list_days(opened)
    chosen = max((one for one in days if one <= day), default=days[0])
    if chosen == day:
        return chosen, ""
    if days[0] <= day <= days[-1]:
        return chosen, "the end of a month; before that, what was known at the last one counts"
    return chosen, f"a day from {spell_day(days[0])}, after the first order, to {spell_day(days[-1])}, the case’s own"


def replay(opened: OpenCase, day: dt.date) -> Replay:
    """Return the deliveries as they were known on the last day of the list up to a day."""
    chosen, _ = choose_day(opened, day)
    return opened.remember(("replay", chosen), lambda: _replay(opened, chosen))


def _replay(opened: OpenCase, day: dt.date) -> Replay:
    from pactwork.brief.outlook import find_outlook
    from pactwork.forecast.deliveries.forecast import forecast_deliveries

    ledger = opened.ledger.known_by(day) if day < opened.ledger.day else opened.ledger
    today = opened.forecast.deliveries
    forecast = today if day >= opened.ledger.day else forecast_deliveries(ledger)
    outlook = find_outlook(ledger, forecast)
    later = {one.state.lot.lot_id: _cumulate(one) for one in today.lots}
    words = {one.lot_id: one for one in outlook.lots}
    lots = tuple(_of_lot(one, words.get(one.state.lot.lot_id), later, ledger) for one in forecast.lots)
    return Replay(day, _span(opened), tuple(sorted(lots, key=lambda one: not one.signed)), outlook.learnt)


def _span(opened: OpenCase) -> tuple[dt.date, dt.date]:
    """Return the time axis: from the first order to two years past the last day due, at most ten from the case's."""
    day, days = opened.ledger.day, list_days(opened)
    ends = [one.state.window.end for one in opened.forecast.deliveries.lots if one.state.window.end]
    last = min(max([day, *ends]).year + 2, day.year + 10)
    return dt.date(days[0].year, 1, 1), dt.date(last, 12, 31)


def _cumulate(one: LotForecast) -> tuple[Step, ...]:
    reached, steps = 0.0, []
    for gain in one.state.gains:
        reached += gain.items
        steps.append((gain.by, reached))
    return tuple(steps)


def _of_lot(
    one: LotForecast, words: LotOutlook | None, later: dict[str, tuple[Step, ...]], ledger: Ledger
) -> LotReplay:
    state = one.state
    window = state.window
    bands = tuple((band.day, band.low90, band.low50, band.middle, band.high50, band.high90)
                  for band in words.bands) if words else ()  # fmt: skip
    return LotReplay(
        lot_id=state.lot.lot_id, system_id=state.lot.system_id, name=formats.clean(state.name),
        order=formats.clean(ledger.name_of(state.lot.instrument_id)), unit=formats.clean(state.unit),
        signed=state.signed, ordered=float(state.lot.quantity),
        delivered=float(state.delivered), basis=state.basis or "", due=spell_day(window.end) if window.end else "",
        steps=_cumulate(one), later=tuple(step for step in later.get(state.lot.lot_id, ()) if step[0] > ledger.day),
        plan=words.plan if words else (), bands=bands, said=_say(one, words),
        reasons=tuple(reason.text for reason in words.reasons) if words else (),
        origins=words.origins if words else (),
    )  # fmt: skip


def _say(one: LotForecast, words: LotOutlook | None) -> str:
    """Return what the forecast comes to, in a sentence or two."""
    ordered = formats.number(one.state.lot.quantity)
    if words is None:
        return f"All {ordered} have come."
    there = f"{formats.number(one.state.delivered)} of {ordered} had come." if one.state.signed else "Not signed."
    if not words.half_by:
        return f"{there} More likely than not, not all will have come within the time that can be told."
    span = f" (nine chances in ten: {words.early} to {words.late or 'later than can be told'})" if words.early else ""
    ahead = f"{there} All by {words.half_by} with an even chance{span}."
    return f"{ahead} By the day due, {words.due}: {words.chance}." if words.chance else ahead
