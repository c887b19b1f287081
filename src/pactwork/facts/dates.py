"""Dates as sources give them: EDTF (ISO 8601-2), read as the interval of days they can mean."""

from __future__ import annotations

import calendar
import datetime as dt
import functools
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_PLAIN = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d{2}))?)?", re.ASCII)
_UNCERTAIN = "?~%"


@dataclass(frozen=True, order=True)
class Interval:
    """The days a date can mean, both ends included.

    ``text`` is the date as written; ``approximate`` says that its source hedged it.
    """

    earliest: dt.date
    latest: dt.date
    text: str
    approximate: bool = False


@functools.lru_cache(maxsize=65_536)
def parse_date(text: str) -> Interval:
    """Read an EDTF date as an interval of days.

    Parameters
    ----------
    text : str
        ``2024-10-04``, ``2024-10``, ``2025~``, ``2022-08/2025``, ``2026-34`` (second quarter), ``../2024-09-11``.
        An open end reaches to the first or last day the calendar knows.

    Raises
    ------
    ValueError
        When the text is not EDTF, or ends before it begins.

    Notes
    -----
    Plain dates are read here, since they are nearly all of a table and the EDTF grammar takes milliseconds for
    each; everything else goes to the ``edtf`` library.

    Examples
    --------
    >>> parse_date("2024-02").latest
    datetime.date(2024, 2, 29)
    >>> parse_date("2022-12/2025").earliest
    datetime.date(2022, 12, 1)
    >>> parse_date("2026-34").latest
    datetime.date(2026, 6, 30)
    """
    start, slash, end = text.partition("/")
    if slash:
        return _read_interval(start, end, text)
    plain = _PLAIN.fullmatch(text)
    return _read_plain(plain, text) if plain else _read_edtf(text)


def spell_day(value: dt.date) -> str:
    """Return a day in words.

    Examples
    --------
    >>> spell_day(dt.date(2024, 10, 31))
    '31 October 2024'
    """
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def is_date(text: str) -> bool:
    """Return whether the text is an EDTF date."""
    try:
        parse_date(text)
    except ValueError:
        return False
    return True


@functools.cache
def _edtf_library() -> tuple[type[Exception], Callable[[str], Any]]:
    """Return the library's error and parser, loaded when first needed: its grammar takes a while to build.

    Where Python is told to show warnings, building it warns of how the grammar is written, which is not ours to mend.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from edtf import EDTFParseException, parse_edtf
    return EDTFParseException, parse_edtf


def _read_interval(start: str, end: str, text: str) -> Interval:
    """Read both ends; an end left open (``..``) or unknown (empty) has no bound."""
    if "/" in end or (start in ("", "..") and end in ("", "..")):
        raise ValueError("not an EDTF date")
    first = None if start in ("", "..") else parse_date(start)
    last = None if end in ("", "..") else parse_date(end)
    earliest = first.earliest if first else dt.date.min
    latest = last.latest if last else dt.date.max
    if latest < earliest:
        raise ValueError("the interval ends before it begins")
    return Interval(earliest, latest, text, any(part and part.approximate for part in (first, last)))


def _read_plain(match: re.Match[str], text: str) -> Interval:
    year, month, day = (int(part) if part else None for part in match.groups())
    if not year:
        raise ValueError("year 0000 is before the calendar begins")
    if month is None:
        return Interval(dt.date(year, 1, 1), dt.date(year, 12, 31), text)
    if day is None:
        return Interval(dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1]), text)
    one = dt.date(year, month, day)
    return Interval(one, one, text)


def _read_edtf(text: str) -> Interval:
    # The grammar accepts any text it can eat; control characters and absurd lengths are not worth its time.
    if not text or len(text) > 64 or not text.isascii() or not text.isprintable():
        raise ValueError("not an EDTF date")
    parse_error, parse_edtf = _edtf_library()
    try:
        parsed = parse_edtf(text)
        earliest, latest = (dt.date(*moment[:3]) for moment in (parsed.lower_strict(), parsed.upper_strict()))
    except parse_error as error:
        raise ValueError("not an EDTF date") from error
    except Exception as error:  # the library leaks its own errors on odd but grammatical input
        raise ValueError("a date outside the calendar") from error
    if latest < earliest:
        raise ValueError("the interval ends before it begins")
    return Interval(earliest, latest, text, any(mark in text for mark in _UNCERTAIN))
