"""Why a forecast says what it says, in words: the lot's pace, its plan, and deals like it."""

from __future__ import annotations

import datetime as dt
import functools
import tomllib
from dataclasses import dataclass
from importlib import resources

from pactwork.facts.dates import spell_day
from pactwork.forecast.deliveries.chances import chance_complete, chance_of
from pactwork.forecast.deliveries.levels import Tempo
from pactwork.forecast.deliveries.lots import LotState
from pactwork.forecast.deliveries.reference import ReferenceClass
from pactwork.forecast.deliveries.tempo import RECENT_YEARS, RecentRecord

_TOLD_YEARS = 2.0
_LONG_YEARS = 100
_NOTABLE = 0.02
"""Change of a chance below which the record is not said to move it."""


@functools.cache
def _words(language: str = "en") -> dict[str, str]:
    text = (resources.files(__package__) / f"reasons.{language}.toml").read_text("utf-8")
    return {key: str(value) for key, value in tomllib.loads(text).items()}


def _say(key: str, **parts: str) -> str:
    return _words()[key].format(**parts)


@dataclass(frozen=True)
class Reason:
    """One reason in words; ``learnt`` says that it comes from the model, not from the case's own facts."""

    text: str
    learnt: bool = False


def explain(
    state: LotState, sister: LotState | None, day: dt.date, reference: ReferenceClass, tempo: Tempo
) -> tuple[Reason, ...]:
    """Return the reasons of one lot's forecast, the most telling first."""
    ordered = f"{state.lot.quantity:,}"
    if state.delivered >= state.lot.quantity:
        return (Reason(_say("finished", ordered=ordered)),)
    reasons = [_tell_record(state, day)]
    if not state.signed:
        reasons = [_say("unsigned", day=spell_day(day))]
    reasons += _tell_pace(state)
    reasons.append(_tell_plan(state, day))
    if state.licensed:
        reasons.append(_say("licensed"))
    if state.second_hand:
        reasons.append(_say("second_hand"))
    if state.in_transit and state.transit_days is not None:
        reasons.append(_say("transit", items=f"{state.in_transit:,}", days=str(state.transit_days)))
    learnt = _tell_class(state, sister, day, reference, tempo)
    return (*(Reason(text) for text in reasons), *(Reason(text, learnt=True) for text in learnt))


def _tell_record(state: LotState, day: dt.date) -> str:
    ordered, delivered = f"{state.lot.quantity:,}", f"{state.delivered:,}"
    if not state.delivered:
        age = spell_years((day - state.ordered_on).days / 365.25)
        return _say("none", ordered=ordered, day=spell_day(day), age=age)
    if not state.gains or state.gains[0].since is None:
        return _say("undated", delivered=delivered, ordered=ordered, day=spell_day(day))
    first, last = spell_day(state.gains[0].by), spell_day(state.gains[-1].by)
    return _say("some", delivered=delivered, ordered=ordered, day=spell_day(day), first=first, last=last)


def _tell_pace(state: LotState) -> list[str]:
    recent = state.recent
    if recent is None:
        return []
    span = spell_years(recent.years)
    if recent.items <= 0:
        return [_say("silent", span=span)]
    left = state.lot.quantity - state.delivered
    key = "pace" if recent.years >= RECENT_YEARS else "pace_since"
    return [_say(key, span=span, items=_spell_items(recent), batch=f"{recent.batch:,.0f}", left=f"{left:,}",
                 more=spell_years(left / (recent.items / recent.years)))]  # fmt: skip


def _spell_items(recent: RecentRecord) -> str:
    return f"{'' if recent.dated else 'about '}{recent.items:,.0f}"


def _tell_plan(state: LotState, day: dt.date) -> str:
    end = state.window.end
    left = state.lot.quantity - state.delivered
    if not state.lot.due:
        return _say("no_plan")
    if end is None:
        return _say("plan_open", window=_spell_window(state.lot.due))
    if end < day:
        return _say("overdue", end=spell_day(end), left=f"{left:,}")
    return _say("plan", window=_spell_window(state.lot.due))


def _spell_window(due: str) -> str:
    """Return a window as written, in words: "2022-12 to 2025", "by 2026", "from 2026"."""
    start, slash, end = due.partition("/")
    if not slash:
        return due
    if start in ("", ".."):
        return _say("window_by", end=end)
    if end in ("", ".."):
        return _say("window_from", start=start)
    return _say("window", start=start, end=end)


def _tell_class(
    state: LotState, sister: LotState | None, day: dt.date, reference: ReferenceClass, tempo: Tempo
) -> list[str]:
    """Return what deals like it did, and how far the lot's own record moves that."""
    deal, coefficients = state.as_deal(day), reference.coefficients
    more = float(chance_of(coefficients, deal, _TOLD_YEARS, deal.delivered[:, None] + 1)[0, 0])
    every = float(chance_complete(coefficients, deal, _TOLD_YEARS)[0])
    what = [
        _say("kind_other") if state.kind == "other" else state.kind.replace("_", " "),
        _say("begun" if state.delivered else "not_begun"),
        _say("planned" if state.window.end or state.window.start else "unplanned"),
    ]
    some = _say("some_more" if state.delivered else "some_first")
    found = [_say("deals_like_it", what=", ".join(what), some=some, more=spell_chance(more),
                  all=spell_chance(every))]  # fmt: skip
    after = float(chance_complete(coefficients, deal, _TOLD_YEARS, tempo)[0])
    recent = state.recent or (sister.recent if sister else None)
    if recent is not None and abs(after - every) >= _NOTABLE:
        parts = {"span": spell_years(recent.years), "before": spell_chance(every), "after": spell_chance(after)}
        if sister is None:
            found.append(_say("record", **parts))
        else:
            found.append(_say("sister", name=sister.name, items=_spell_items(recent), **parts))
    return found


def spell_chance(chance: float) -> str:
    """Return a chance in whole per cent, never as certain when it is not.

    Examples
    --------
    >>> spell_chance(0.404), spell_chance(0.001), spell_chance(0.999), spell_chance(1.0)
    ('40%', 'under 1%', 'over 99%', '100%')
    """
    if 0 < chance < 0.01:
        return "under 1%"
    if 0.99 < chance < 1:
        return "over 99%"
    return f"{chance:.0%}"


def spell_years(years: float) -> str:
    """Return a time in words, in months below two years.

    Examples
    --------
    >>> spell_years(1.0), spell_years(0.04), spell_years(3.26)
    ('12 months', 'less than a month', '3.3 years')
    """
    months = round(12 * years)
    if months < 1:
        return "less than a month"
    if months < 24:
        return f"{months} month" + ("" if months == 1 else "s")
    return f"{years:.1f} years" if years <= _LONG_YEARS else _say("long")
