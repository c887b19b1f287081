"""Dates as texts write them: "1 November 1989", "July 2023", "June of this year", "the 2026-2029 period"."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator

from pactwork.facts.dates import Interval, parse_date

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_MONTH_FORMS = {form(name) for name in _MONTHS for form in (str.capitalize, str.upper)}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTH_FORMS, key=len, reverse=True))})\b(?:\.(?=\s[0-9]))?"
_YEAR = r"(?P<year>(?:19|20)[0-9]{2})(?![0-9]|[.,][0-9])"
_DAY = r"(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?"
_DAYS = rf"{_DAY}(?:\s?(?:[-–/]|and|to)\s?(?P<day2>[0-3]?[0-9])(?:st|nd|rd|th)?)?"
_PART = r"(?:(?P<part>[Ee]nd of|[Ll]ate|[Ee]arly|[Mm]id|[Bb]eginning of|[Mm]iddle of|[Ss]tart of)(?:[\s-]the)?[\s-])?"
_THIS = r"(?:of\s)?(?P<which>this|last|next)\syear"
_NOT_NUMBER = r"(?<![\w.,$€£₩-])"
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_NOT_NUMBER}(?P<iso>(?:19|20)[0-9]{{2}}-[01][0-9](?:-[0-3][0-9])?)(?![\w-])",
        rf"{_NOT_NUMBER}{_DAY}\.(?P<number>[01]?[0-9])\.{_YEAR}",
        rf"{_NOT_NUMBER}{_DAYS}\s(?:of\s)?{_MONTH},?\s{_YEAR}",
        rf"{_NOT_NUMBER}{_DAYS}\s(?:of\s)?{_MONTH}(?:\s{_THIS})?",
        rf"\b{_MONTH}\s{_DAYS},\s{_YEAR}",
        rf"\b{_PART}{_MONTH},?\s(?:of\s)?{_YEAR}",
        rf"\b{_PART}{_MONTH}\s{_THIS}",
        rf"\b(?P<quarter>first|second|third|fourth|last)\s(?P<span>quarter|half)\s(?:of\s)?{_YEAR}",
        rf"\b(?P<q>[QH])(?P<qn>[1-4])[\s/]{_YEAR}|\b{_YEAR.replace('year', 'qyear')}[\s-](?P<q2>[QH])(?P<qn2>[1-4])\b",
        rf"{_NOT_NUMBER}(?:FY\s?)?{_YEAR}\s?(?:[-–/]|\bto\b)\s?(?P<year2>(?:19|20)?[0-9]{{2}})(?![\w-]|[.,][0-9])",
        rf"(?<![\w.,$€£₩])(?:(?<=mid-)|(?<=pre-)|(?<=post-)|(?<=early-)|(?<=late-)|(?<!-)){_PART}"
        rf"(?:FY\s?)?{_YEAR}(?P<decade>s)?(?!\w)",
        rf"\b{_THIS.replace('(?:of', '(?:in')}\b",
        rf"\b(?P<cue>[Ii]n|[Ss]ince|[Bb]y|[Tt]he|[Uu]ntil|[Oo]f|[Ff]rom|[Ll]ast)\s(?:{_PART.rstrip('?')})?{_MONTH}(?!\s[0-9])",
    )
)
_UNITS_AFTER = re.compile(r"\s?(?:%|per cent|percent|km\b|tonnes|rounds|hours|days|miles|[a-z]+\sof the\b\s[0-9])")


def find_dates(text: str, published: Interval | None = None) -> Iterator[tuple[int, int, Interval, bool]]:
    """Find dates and years, in no order: start, end, the days each can mean, and whether its words are loose.

    Parameters
    ----------
    text : str
        Running text.
    published : Interval, optional
        When the text was published. Without it "this year" and a month without a year are left alone.
    """
    taken = bytearray(len(text))
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            start = match.start("month") if parts.get("cue") and not parts.get("part") else match.start()
            start = match.start("part") if parts.get("cue") and parts.get("part") else start
            if any(taken[start : match.end()]) or _UNITS_AFTER.match(text, match.end()):
                continue
            interval = _read(parts, text[start : match.end()], published)
            if interval is not None:
                taken[start : match.end()] = b"\1" * (match.end() - start)
                yield start, match.end(), interval, bool(parts.get("part"))


def _read(parts: dict[str, str | None], text: str, published: Interval | None) -> Interval | None:
    """Read a match as an interval; None where it is no date."""
    try:
        if parts.get("iso"):
            return parse_date(str(parts["iso"]))
        if parts.get("q") or parts.get("q2"):
            year = int(parts.get("year") or parts.get("qyear") or 0)
            return _part_of_year(year, int(parts.get("qn") or parts.get("qn2") or 0), parts.get("q") or parts.get("q2"))
        month = _MONTHS.get((parts.get("month") or "").lower()) or int(parts.get("number") or 0)
        year_found = _which_year(parts, month, published)
        if year_found is None:
            return None
        if parts.get("quarter"):
            last = {"half": 2}.get(str(parts["span"]), 4)
            which = _ORDINALS[str(parts["quarter"])]
            return _part_of_year(year_found, min(which, last), "H" if parts["span"] == "half" else "Q")
        if parts.get("year2"):
            end = str(parts["year2"])
            return _interval(year_found, 1, 1, int(end if len(end) == 4 else str(year_found)[:2] + end), 12, 31, text)
        if parts.get("decade"):
            return _interval(year_found, 1, 1, year_found + 9, 12, 31, text)
        return _narrow(year_found, month, parts, text)
    except ValueError:
        return None


def _which_year(parts: dict[str, str | None], month: int, published: Interval | None) -> int | None:
    """Tell the year: as written, or counted from the publication."""
    if parts.get("year"):
        return int(str(parts["year"]))
    if published is None:
        return None
    year = published.earliest.year
    if parts.get("which"):
        return year + {"this": 0, "last": -1, "next": 1}[str(parts["which"])]
    # A month alone is the last one of that name before the text came out.
    return year if not month or month <= published.latest.month else year - 1


def _narrow(year: int, month: int, parts: dict[str, str | None], text: str) -> Interval:
    """Narrow a year to its month and days, and those to the part of them the text names."""
    if parts.get("day"):
        first, last = int(str(parts["day"])), int(str(parts.get("day2") or parts["day"]))
        return _interval(year, month, first, year, month, last, text)
    part = (parts.get("part") or "").lower().removesuffix(" of")
    third = {"early": 0, "beginning": 0, "start": 0, "mid": 1, "middle": 1, "late": 2, "end": 2}.get(part)
    if month:
        end = calendar.monthrange(year, month)[1]
        days = {0: (1, 11), 1: (9, 22), 2: (20, end)}.get(third if third is not None else -1, (1, end))
        return _interval(year, month, days[0], year, month, days[1], text)
    months = {0: (1, 4), 1: (5, 8), 2: (9, 12)}.get(third if third is not None else -1, (1, 12))
    return _interval(year, months[0], 1, year, months[1], calendar.monthrange(year, months[1])[1], text)


def _part_of_year(year: int, which: int, kind: str | None) -> Interval:
    months = 6 if kind == "H" else 3
    if which * months > 12:
        raise ValueError("no such part of a year")
    last = which * months
    return _interval(
        year, last - months + 1, 1, year, last, calendar.monthrange(year, last)[1], f"{year} {kind}{which}"
    )


def _interval(year: int, month: int, day: int, year2: int, month2: int, day2: int, text: str) -> Interval:
    earliest, latest = dt.date(year, month, day), dt.date(year2, month2, day2)
    if latest < earliest:
        raise ValueError("ends before it begins")
    return Interval(earliest, latest, text)
