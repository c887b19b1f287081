"""Numbers of a document that no row of a case uses: what a reader of the case would miss."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pactwork.facts.audit.passages import Passage
from pactwork.facts.audit.verdicts import Reading
from pactwork.facts.dates import Interval, parse_date
from pactwork.facts.quantities import Quantity
from pactwork.facts.schema import TableDeclaration

_ANAPHORA = re.compile(r"\b(?:the|these|those|both|its|their)\s$", re.IGNORECASE)


@dataclass(frozen=True)
class UncitedNumber:
    """A number of the document that no row uses, with its place."""

    number: str
    place: str


@dataclass(frozen=True)
class Use:
    """What one row uses of a document.

    ``numbers`` are those found for it (place, first character); ``places`` the paragraphs it cites; ``dates`` every
    date it holds, such as the day its figure describes.
    """

    numbers: frozenset[tuple[int, int]]
    places: frozenset[int]
    dates: tuple[Interval, ...]


def dates_of(table: TableDeclaration, row: Mapping[str, Any]) -> Iterator[Interval]:
    """Yield every date a row holds; of a period, its two ends."""
    for column in table.fields:
        if column.form != "edtf" or column.name == "known_from":
            continue
        for text in str(row.get(column.name) or "").split("/"):
            try:
                yield parse_date(text)
            except ValueError:
                continue


def find_uncited(reading: Reading, uses: Sequence[Use]) -> Iterator[UncitedNumber]:
    """Yield the numbers that no row uses, leaving out repetitions of used ones and mere turns of phrase."""
    numbers = [(at, quantity) for at, passage in enumerate(reading.passages) for quantity in passage.quantities]
    used = frozenset().union(*(use.numbers for use in uses))
    dates = {(at, date) for use in uses for at in use.places for date in use.dates}
    again = {_face(reading.passages[at], quantity) for at, quantity in numbers if (at, quantity.start) in used}
    known = [each.interval for at, each in numbers if each.interval is not None and (at, each.start) in used]
    for at, quantity in numbers:
        passage, written = reading.passages[at], quantity.interval
        if _is_phrase(passage, quantity):
            continue
        if written is None and _face(passage, quantity) in again:
            continue
        held = [date for place, date in dates if place == at]
        if written is not None and any(_overlap(written, date) for date in (*known, *held)):
            continue
        yield UncitedNumber(quantity.text, passage.context(quantity))


def _overlap(one: Interval, other: Interval) -> bool:
    return one.earliest <= other.latest and other.earliest <= one.latest


def _face(passage: Passage, quantity: Quantity) -> tuple[float, str, str, str]:
    """Return a number with its unit and the word after it, by which repetitions of one figure are known."""
    after = re.findall(r"[\w-]+", passage.text[quantity.end : quantity.end + 40])[:1]
    return quantity.value, quantity.unit, quantity.currency, after[0].lower() if after else ""


def _is_phrase(passage: Passage, quantity: Quantity) -> bool:
    """Tell whether a number in letters counts nothing: "one of the", "the two countries"."""
    if not quantity.spelt or quantity.unit or quantity.currency:
        return False
    return quantity.value == 1 or (quantity.value < 5 and _ANAPHORA.search(passage.text[: quantity.start]) is not None)
