"""Up to which day an export knows, and how its years are written as dates of a case."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from pactwork.facts.sipri.register import OrderLine, Register

_BY_END = re.compile(r"\b(?:by|be|at) end[- ]((?:19|20)\d\d)\b")
_SPRING_EDITION = 4
"""From April on, the yearly edition that covers the year before is out (it has come in March since 2000)."""


@dataclass(frozen=True)
class Span:
    """The time an export speaks of.

    ``as_of`` is the last day the case knows: the day the export was generated. ``counted`` is the day up to which
    deliveries are counted: the database is brought up to date once a year, to the end of the year before.
    ``counted_since`` is the first year whose deliveries are counted, None where all are.
    """

    as_of: dt.date
    counted: dt.date
    counted_since: int | None
    generated: dt.date | None

    def year_as_date(self, year: int, *, uncertain: bool = False) -> str:
        """Return a year as EDTF; the year in which the export was made ends, for it, on that day."""
        if year == self.as_of.year and self.as_of != dt.date(year, 12, 31):
            return f"{year}-01-01/{self.as_of}"
        return f"{year}?" if uncertain else str(year)


def find_span(register: Register) -> Span:
    """Return the time an export speaks of, from its preamble where it has one, otherwise from its lines."""
    evidence = max(_counted_years(register.lines), default=None)
    generated = register.generated
    if generated is None:
        last = max([line.year for line in register.lines] + ([evidence] if evidence else []))
        end = dt.date(last, 12, 31)
        return Span(end, end, register.first_year, None)
    before = dt.date(generated.year - 1, 12, 31)
    if evidence is not None and evidence >= generated.year:
        counted = generated
    elif evidence == before.year or generated.month >= _SPRING_EDITION:
        counted = before
    else:  # early in a year, and no line says whether the year before is in: it is known as on that day
        counted = generated
    if register.last_year is not None and register.last_year < counted.year:
        counted = dt.date(register.last_year, 12, 31)
    return Span(generated, counted, register.first_year, generated)


def _counted_years(lines: Iterable[OrderLine]) -> Iterable[int]:
    for line in lines:
        yield from line.years
        yield from (int(year) for year in _BY_END.findall(line.comment))
