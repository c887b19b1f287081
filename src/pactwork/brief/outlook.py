"""What will arrive: each lot's forecast against its plan, what it was learnt from, and how such forecasts did."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pactwork.brief import formats
from pactwork.brief.origins import Origin, merge, origin_of, origin_of_figure
from pactwork.brief.words import say, say_count
from pactwork.facts.ledger import Ledger
from pactwork.facts.records import read_record
from pactwork.facts.status import make_status
from pactwork.forecast.deliveries.backtest import Backtest, backtest_deliveries
from pactwork.forecast.deliveries.forecast import DeliveryForecast, LotForecast
from pactwork.forecast.deliveries.reasons import Reason, spell_chance
from pactwork.forecast.deliveries.reference import ReferenceClass

_FAST = 0.55
"""Share of outcomes below the median from which forecasts are said to run too fast; too slow at one less this."""
_LEAST_CHECKS = 10
"""Fewer checks inside a case than this are not worth a sentence."""


@dataclass(frozen=True)
class Band:
    """Cumulative deliveries on a day: the median, and the ranges that hold 50 and 90 per cent of the chance."""

    day: dt.date
    low90: float
    low50: float
    middle: float
    high50: float
    high90: float


@dataclass(frozen=True)
class LotOutlook:
    """One lot that is not complete: its record, its plan and its forecast.

    ``steps`` are (day, items from the start); ``plan`` is where the planned window begins and ends, with the items it
    foresees; ``chance`` is that of completion on the day due, in words, empty where no day is known; ``probability`` is
    the same as a number.
    """

    lot_id: str
    name: str
    signed: bool
    ordered: float
    delivered: float
    steps: tuple[tuple[dt.date, float], ...]
    plan: tuple[tuple[dt.date, float], ...]
    bands: tuple[Band, ...]
    due: str
    due_month: str
    chance: str
    probability: float | None
    half_by: str
    early: str
    late: str
    slip: str
    reasons: tuple[Reason, ...]
    origins: tuple[Origin, ...]


@dataclass(frozen=True)
class Outlook:
    """Every lot still open, and what stands behind the forecasts, in sentences."""

    lots: tuple[LotOutlook, ...]
    learnt: str
    scored: str
    tested: str


def find_outlook(ledger: Ledger, forecast: DeliveryForecast) -> Outlook:
    """Return the outlook of every lot of which something is still to come; signed ones first."""
    items = {item.lot.lot_id: item for item in make_status(ledger).lots}
    found = []
    for one in forecast.lots:
        if one.state.delivered < one.state.lot.quantity:
            record = read_record(ledger, items[one.state.lot.lot_id])
            row = ledger.current("lots")[one.state.lot.lot_id]
            used = merge(
                [origin_of(ledger, "lots", row), *(origin_of_figure(ledger, figure) for figure in record.line)]
            )
            found.append(_of_lot(one, ledger.day, used))
    return Outlook(tuple(sorted(found, key=lambda one: not one.signed)), *_stand_behind(ledger, forecast))


def _of_lot(one: LotForecast, day: dt.date, origins: tuple[Origin, ...]) -> LotOutlook:
    state = one.state
    reached, steps = 0.0, []
    for gain in state.gains:
        reached += gain.items
        steps.append((gain.by, reached))
    chance = next((ahead.probability for ahead in one.complete_by if ahead.due), None)
    early, half, late = (_month(one.completion[level]) for level in (0.05, 0.5, 0.95))
    now = float(state.delivered)
    bands = [Band(day, now, now, now, now, now)]
    for place, ahead in enumerate(one.days):
        bands.append(Band(ahead, *(float(one.quantile(place, percent)) for percent in (5, 25, 50, 75, 95))))
    return LotOutlook(
        lot_id=state.lot.lot_id,
        name=formats.clean(state.name),
        signed=state.signed,
        ordered=float(state.lot.quantity),
        delivered=now,
        steps=tuple(steps),
        plan=_plan_of(one),
        bands=tuple(bands),
        due=formats.spell_day(state.window.end) if state.window.end else "",
        due_month=_month(state.window.end),
        chance=spell_chance(chance) if chance is not None else "",
        probability=chance,
        half_by=half,
        early=early,
        late=late,
        slip=_spell_slip(one.slip_months),
        reasons=tuple(Reason(formats.clean(reason.text), reason.learnt) for reason in one.reasons),
        origins=origins,
    )


def _plan_of(one: LotForecast) -> tuple[tuple[dt.date, float], ...]:
    """Return the straight way through the planned window, from nothing to everything; none where an end is open."""
    window = one.state.window
    if window.start is None or window.end is None:
        return ()
    start = dt.date(int(window.start), 1, 1) + dt.timedelta(days=round((window.start % 1) * 365))
    return ((min(start, window.end), 0.0), (window.end, float(one.state.lot.quantity)))


def _month(day: dt.date | None) -> str:
    return formats.spell_month(day) if day else ""


def _spell_slip(months: int | None) -> str:
    if months is None:
        return ""
    if months == 0:
        return say("arriving.on_time")
    size = abs(months)
    words = say_count(size, "month") if size < 24 else say("arriving.years", years=f"{size / 12:.1f}")
    return say("arriving.late" if months > 0 else "arriving.early", time=words)


def _stand_behind(ledger: Ledger, forecast: DeliveryForecast) -> tuple[str, str, str]:
    """Return what the forecasts were learnt from, how such forecasts scored elsewhere, and how in this case."""
    reference = forecast.reference
    learnt = say(
        "arriving.learnt", name=reference.name, deals=reference.deals, day=formats.spell_day(reference.known_by),
        ahead=say("arriving.ahead") if reference.looks_ahead(forecast.as_of) else "",
    )  # fmt: skip
    return learnt, _spell_scores(reference), _spell_backtest(backtest_deliveries(ledger))


def _spell_scores(reference: ReferenceClass) -> str:
    """Return how the class did on deals it had not seen, beside what it lost to as well as what it beat."""
    if not reference.scores:
        return ""
    ahead = [
        say("arriving.score", years=one.years_ahead, over=_gain(one.persistence, one.crps),
            pace=_gain(one.pace, one.crps), nearest=_gain(one.nearest, one.crps))
        for one in reference.scores
    ]  # fmt: skip
    last = reference.scores[-1]
    return say(
        "arriving.scored", deals=formats.number(last.deals), ahead="; ".join(ahead), inside=_whole(last.inside_80),
        below=_whole(last.below_median), years=last.years_ahead, bias=spell_bias(reference),
    )  # fmt: skip


def spell_bias(reference: ReferenceClass) -> str:
    """Return which way the class erred on deals it had not seen; nothing where it did not."""
    below = reference.scores[-1].below_median if reference.scores else 0.5
    return say("arriving.fast") if below > _FAST else say("arriving.slow") if below < 1 - _FAST else ""


def _gain(rival: float, own: float) -> str:
    share = 1 - own / rival
    return say("arriving.better" if share >= 0 else "arriving.worse", share=_whole(abs(share)))


def _whole(share: float) -> str:
    return formats.per_cent(round(100 * share))


def _spell_backtest(tested: Backtest) -> str:
    if len(tested.checks) < _LEAST_CHECKS:
        return ""
    low, high = tested.interval
    verdict = "wide" if low > tested.nominal else "narrow" if high < tested.nominal else "apt"
    return say(
        "arriving.tested", inside=formats.number(tested.inside), checks=formats.number(len(tested.checks)),
        low=_whole(low), high=_whole(high),
        below=formats.number(tested.below),
        verdict=say(f"arriving.{verdict}"),
    )  # fmt: skip
