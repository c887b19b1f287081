"""Days, months and spans of time in words, in the language in use."""

from __future__ import annotations

import datetime as dt
import functools
import re
from dataclasses import dataclass

from pactwork.brief.texts import clean
from pactwork.brief.words import Catalogue, say, say_list, spoken
from pactwork.facts.dates import parse_date

_QUARTERS, _HALVES, _SEASONS = range(33, 37), range(40, 42), range(21, 25)
"""Where EDTF counts a part of a year instead of a month."""


@dataclass(frozen=True)
class _Plain:
    """A year, a month of it or a day, and whether it is meant: ``mark`` is that of EDTF."""

    year: str
    month: int
    day: int
    mark: str

    @property
    def known_month(self) -> bool:
        """Whether the month is one of the calendar."""
        return 1 <= self.month <= 12


def spell_day(day: dt.date, *, short: bool = False) -> str:
    """Return a day in words.

    Examples
    --------
    >>> spell_day(dt.date(2024, 10, 31)), spell_day(dt.date(2024, 10, 31), short=True)
    ('31 October 2024', '31 Oct 2024')
    """
    return say("calendar.day", day=str(day.day), month=_name_month(day.month, short=short), year=str(day.year))


def spell_month(day: dt.date, *, short: bool = False) -> str:
    """Return the month of a day in words.

    Examples
    --------
    >>> spell_month(dt.date(2024, 10, 31)), spell_month(dt.date(2024, 10, 31), short=True)
    ('October 2024', 'Oct 2024')
    """
    return say("calendar.month", month=_name_month(day.month, short=short), year=str(day.year))


def _name_month(month: int, *, short: bool = False) -> str:
    return say_list("calendar.short_months" if short else "calendar.months")[month - 1]


def date(text: str | None) -> str:
    """Return an EDTF date in words.

    Examples
    --------
    >>> date("2024-10-04"), date("2024-10"), date("2025~"), date("2026-34")
    ('4 October 2024', 'October 2024', 'about 2025', 'second quarter of 2026')
    >>> date("2022-12/2025"), date("../2024-09-11"), date("2026/..")
    ('December 2022 to 2025', 'until 11 September 2024', 'from 2026')
    >>> date("2024-10-22/2024-10-25"), date("2024-01-01/2024-03-14")
    ('22–25 October 2024', '1 January to 14 March 2024')
    """
    written = clean(text)
    return _date_in(spoken(), written) if written else ""


@functools.lru_cache(maxsize=16_384)
def _date_in(_: Catalogue, written: str) -> str:
    """Return a date in words of the catalogue in use: it is asked for by name, so that languages are kept apart."""
    start, slash, end = written.partition("/")
    if not slash:
        return _one_date(written)
    if start in ("", ".."):
        return say("calendar.until", day=_one_date(end))
    if end in ("", ".."):
        return say("calendar.since", day=_one_date(start))
    if start == end:
        return _one_date(start)
    return _span(start, end)


def _span(start: str, end: str) -> str:
    """Return two dates in words as one, what they share said once: "22–25 October 2024"."""
    first, last = _read(start), _read(end)
    if first and last and first.year == last.year and bool(first.day) == bool(last.day):
        months = first.known_month and last.known_month
        if months and first.day and first.month == last.month and not first.mark and not last.mark:
            return say("calendar.days", first=str(first.day), last=_one_date(end))
        if months and bool(first.mark) == bool(last.mark):
            key = "calendar.day_of_month" if first.day else "calendar.month_of_year"
            bare = say(key, day=str(first.day), month=_name_month(first.month))
            return say("calendar.span", first=_hedge(bare, first.mark), last=_one_date(end))
    return say("calendar.span", first=_one_date(start), last=_one_date(end))


def _read(text: str) -> _Plain | None:
    """Return a date that is a year, a month or a day; None for any other."""
    bare = text.rstrip("?~%")
    found = re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", bare)
    return _Plain(found[1], int(found[2] or 0), int(found[3] or 0), text[len(bare) :]) if found else None


def _one_date(text: str) -> str:
    plain = _read(text)
    if plain:
        return _hedge(_spell_plain(plain), plain.mark)
    try:
        known = parse_date(text)
    except ValueError:
        return text
    first, last = spell_day(known.earliest), spell_day(known.latest)
    return first if first == last else say("calendar.between", first=first, last=last)


def _hedge(words: str, mark: str) -> str:
    if mark in ("~", "%"):
        return say("calendar.about", day=words)
    return say("calendar.probably", day=words) if mark else words


def _spell_plain(one: _Plain) -> str:
    year, month = one.year, one.month
    if not month:
        return year
    for key, span in (("quarter", _QUARTERS), ("half", _HALVES), ("season", _SEASONS)):
        if month in span:
            return say(f"calendar.of_{key}", part=say_list(f"calendar.{key}")[month - span[0]], year=year)
    if not one.known_month:
        return f"{year}-{month:02d}"
    if one.day:
        return say("calendar.day", day=str(one.day), month=_name_month(month), year=year)
    return say("calendar.month", month=_name_month(month), year=year)


def short_months(text: str) -> str:
    """Return a date in words with months of three letters, for charts.

    Examples
    --------
    >>> short_months("24–26 June 2024")
    '24–26 Jun 2024'
    """
    short = dict(zip(say_list("calendar.months"), say_list("calendar.short_months"), strict=True))
    return re.sub("|".join(re.escape(one) for one in short), lambda month: short[month[0]], text)


def due_words(text: str | None) -> str:
    """Return the end of a delivery window: what a reader calls "due".

    Examples
    --------
    >>> due_words("2022-12/2025"), due_words("2025"), due_words("2023-11/..")
    ('2025', '2025', 'open')
    """
    written = clean(text)
    if "/" in written:
        end = written.partition("/")[2]
        return _one_date(end) if end not in ("", "..") else say("calendar.open")
    return _one_date(written) if written else ""
