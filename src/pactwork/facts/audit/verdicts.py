"""One number, date or name a row needs, looked up in a document: found, elsewhere or missing."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pactwork.facts.audit.passages import Binding, Passage
from pactwork.facts.audit.sought import Sought
from pactwork.facts.dates import Interval
from pactwork.facts.documents import Document
from pactwork.facts.quantities import Quantity
from pactwork.facts.quantities.quantity import UNITS

Verdict = Literal["found", "elsewhere", "missing"]
# Hedging in the text that a row's own qualifier may stand for.
_HEDGES: Mapping[str, frozenset[str]] = {
    "exact": frozenset(("exact", "part")),
    "about": frozenset(("about", "exact", "part")),
    "at_least": frozenset(("at_least",)),
    "at_most": frozenset(("at_most", "part")),
}


@dataclass(frozen=True)
class Finding:
    """Where one number that a row needs was found, and which number of the document it is."""

    verdict: Verdict
    place: str = ""
    why: str = ""
    passage: int = -1
    start: int = -1


class Reading:
    """A document read for its numbers, by paragraph."""

    def __init__(self, document: Document, published: Interval | None) -> None:
        self.document = document
        full = dict(document.sections)
        opening = [each.text for each in document.headings if each.section == document.headings[0].section]
        title = " ".join(dict.fromkeys(opening))
        self.passages = tuple(
            Passage(each, published, f"{full.get(each.section, '')} {title}") for each in document.everything
        )
        self._index = {id(passage.paragraph): at for at, passage in enumerate(self.passages)}

    def find(self, locator: str | None) -> list[int]:
        """Return the places a locator names; every place without a locator."""
        paragraphs = self.document.find(locator) if locator else self.document.everything
        return [self._index[id(paragraph)] for paragraph in paragraphs]


def look_for(sought: Sought, cited: list[int], reading: Reading) -> Finding:
    """Look for a number where it is cited; failing that, say where else it stands and what is not as the row says."""
    for fine in (True, False):
        for at in cited:
            passage = reading.passages[at]
            for quantity in passage.quantities:
                if not _fits(sought, quantity) or _is_coarser(sought, quantity) == fine:
                    continue
                if not _hedged_otherwise(sought, quantity) and _claimed(sought, passage, quantity):
                    return Finding("found", passage.context(quantity), _remark(sought, quantity), at, quantity.start)
    best: tuple[int, Finding] = (0, Finding("missing", "", f"{sought.label} is nowhere in the document"))
    for at, passage in enumerate(reading.passages):
        for quantity in passage.quantities:
            fits = _fits(sought, quantity)
            if not fits and not _same_number(sought, quantity):
                continue
            claimed = fits and _claimed(sought, passage, quantity)
            hedged = _hedged_otherwise(sought, quantity)
            score = 1 + 4 * fits + 2 * claimed + (at in cited)
            if score > best[0]:
                why = _explain(sought, quantity, fits, claimed, hedged, at in cited)
                best = score, Finding("elsewhere", passage.context(quantity), why, at, quantity.start)
    return best[1]


def _explain(sought: Sought, quantity: Quantity, fits: bool, claimed: bool, hedged: bool, cited: bool) -> str:
    if not fits:
        return f"{sought.label} stands only with another unit or date: {quantity.text}"
    if not claimed:
        return f"{sought.label} is there, about something else"
    if hedged:
        return f"the document says {quantity.qualifier.replace('_', ' ')}, the row {sought.qualifier}"
    return f"{sought.label} is in another place than the one cited" if not cited else ""


def look_for_name(binding: Binding, cited: list[int], reading: Reading) -> Finding:
    """Look for a name where it is cited; failing that, anywhere in the document."""
    for at in cited:
        if binding.own.search(reading.passages[at].text):
            return Finding("found", reading.passages[at].context())
    for passage in reading.passages:
        if binding.own.search(passage.text):
            return Finding("elsewhere", passage.context(), "named in another place than the one cited")
    return Finding("missing", "", "named nowhere in the document")


def _claimed(sought: Sought, passage: Passage, quantity: Quantity) -> bool:
    """Tell whether a number is about what the row says it is about."""
    for binding in sought.bindings:
        if binding.anywhere:
            # A coarse date ("2024") is common: then the very sentence must name what it dates.
            place = passage.sentence_of(quantity) if _is_coarser(sought, quantity) else passage.text
            named = binding.own.search(f"{passage.headings} {place}") is not None
            claimed = True if named else False if binding.required else None
        else:
            claimed = passage.is_about(quantity, binding.own, binding.rivals, binding.near, binding.local)
        if claimed is False or (claimed is None and binding.required):
            return False
    return True


def _fits(sought: Sought, quantity: Quantity) -> bool:
    """Tell whether a number of the document is the one sought: the same value in the same unit."""
    if sought.interval is not None:
        return quantity.interval is not None and _same_date(sought, quantity)
    if not _same_number(sought, quantity):
        return False
    if sought.any_unit or (sought.unit and sought.unit not in UNITS):
        return True
    return (sought.unit, sought.currency) == (quantity.unit, quantity.currency)


def _same_number(sought: Sought, quantity: Quantity) -> bool:
    if sought.interval is not None:
        return quantity.interval is not None and _overlap(sought.interval, quantity.interval)
    if not quantity.countable:
        return False
    low, high = sought.low, sought.high
    if low is not None and high is not None and (_equal(low, quantity.low) and _equal(high, quantity.high)):
        return True
    return sought.value is not None and any(_equal(sought.value, each) for each in quantity.readings)


def _equal(one: float, other: float) -> bool:
    return math.isclose(abs(one), abs(other), rel_tol=1e-9)


def _same_date(sought: Sought, quantity: Quantity) -> bool:
    """Tell whether the document's date bears out the row's, as far as the document gives it.

    One must lie within the other: "July 2023" bears out a row of 12 July 2023, whose day then is not the document's.
    """
    wanted, written = sought.interval, quantity.interval
    if wanted is None or written is None:
        return False
    if sought.end_only:
        # A period without an end ("from 2026") is known by its beginning.
        year = wanted.latest.year if wanted.latest != dt.date.max else wanted.earliest.year
        return year in (written.latest.year, written.earliest.year if wanted.latest == dt.date.max else None)
    if quantity.vague or wanted.approximate:
        return _overlap(wanted, written)
    return _within(written, wanted) or _within(wanted, written)


def _within(one: Interval, other: Interval) -> bool:
    return other.earliest <= one.earliest and one.latest <= other.latest


def _is_coarser(sought: Sought, quantity: Quantity) -> bool:
    """Tell whether the document gives a date less exactly than the row does."""
    if sought.interval is None or quantity.interval is None or sought.end_only or sought.interval.approximate:
        return False
    return not _within(quantity.interval, sought.interval)


def _remark(sought: Sought, quantity: Quantity) -> str:
    """Return what a reader should know of a number that was found."""
    return f"the document gives only {quantity.text}" if _is_coarser(sought, quantity) else ""


def _overlap(one: Interval, other: Interval) -> bool:
    return one.earliest <= other.latest and other.earliest <= one.latest


def _hedged_otherwise(sought: Sought, quantity: Quantity) -> bool:
    if sought.qualifier is None or (quantity.low < quantity.high and sought.low == quantity.low):
        # A range bounds itself: "10-15 years" is at most 15 and at least 10.
        return False
    return not _HEDGES.get(sought.qualifier, frozenset()) & {quantity.qualifier, quantity.shared_qualifier}
