"""What stands above the headings of an export: when it was generated, and the years it was limited to."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pactwork.errors import Problem, quoted

EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
"""A year of the register outside these is a slip."""
_SAID = re.compile(r"\bgenerated(?::\s*|\s+(?=\d))(\S.*)", re.I)
_DAY = re.compile(r"(\d{1,2}) ([A-Z][a-z]{2})[a-z]* (\d{4})\b", re.I)
_RANGE = re.compile(r"year range\s*'?(\d+|Not specified)'?\s*(?:to|-)\s*'?(\d+|Not specified)'?", re.I)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Preamble:
    """What an export says of itself; None where it says nothing that can be read, with each slip in ``unread``."""

    generated: dt.date | None
    first_year: int | None
    last_year: int | None
    unread: tuple[Problem, ...]


def read_preamble(lines: Sequence[str], name: str) -> Preamble:
    """Return what the lines above the headings say.

    Parameters
    ----------
    lines : sequence of str
        From the first of the file on.
    name : str
        The file's name, for problems.
    """
    unread: list[Problem] = []
    generated: dt.date | None = None
    years: list[int | None] = [None, None]
    for number, line in enumerate(lines, start=1):
        said = _SAID.search(line)
        if said and generated is None:
            generated = _read_day(said[1])
            if generated is None:
                expected = f"a day such as 7 May 2021, from {EARLIEST_YEAR} to {LATEST_YEAR}"
                fix = "correct it and import again; until then the end of the last year in the lines stands in"
                unread.append(Problem(f"{name}:{number} generated", quoted(said[1]), expected, fix))
        limits = _RANGE.search(line)
        if limits and years == [None, None]:
            years = [_read_year(part) for part in limits.groups()]
            wrong = [part for part, year in zip(limits.groups(), years, strict=True) if part.isdigit() and year is None]
            expected = f"a year from {EARLIEST_YEAR} to {LATEST_YEAR}"
            fix = "correct it and import again; until then it limits nothing"
            unread += [Problem(f"{name}:{number} year range", quoted(part), expected, fix) for part in wrong]
    return Preamble(generated, years[0], years[1], tuple(unread))


def _read_day(text: str) -> dt.date | None:
    match = _DAY.match(text)
    if match is None or match[2].title() not in _MONTHS or _read_year(match[3]) is None:
        return None
    try:
        return dt.date(int(match[3]), _MONTHS.index(match[2].title()) + 1, int(match[1]))
    except ValueError:
        return None


def _read_year(text: str) -> int | None:
    year = int(text) if re.fullmatch(r"[0-9]{4}", text) else 0
    return year if EARLIEST_YEAR <= year <= LATEST_YEAR else None
