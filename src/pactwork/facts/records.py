"""The dated record of a lot's deliveries: which counts make one line, and which lie off it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from pactwork.facts.figures import Figure, is_good
from pactwork.facts.ledger import Ledger
from pactwork.facts.status import LotStatus

_MEASURES = ("arrived", "delivered_unstated")
_NEAR_DAYS = 45
"""Two equal counts within this time are one count told twice."""


@dataclass(frozen=True)
class Gain:
    """Items that came after one day and by another; ``since`` is None where nothing says after which.

    A transport has one day for both.
    """

    since: dt.date | None
    by: dt.date
    items: float

    @property
    def dated(self) -> bool:
        """Whether the day of arrival is known."""
        return self.since == self.by


@dataclass(frozen=True)
class DeliveryRecord:
    """What is recorded of one lot up to the ledger's day.

    ``line`` are counts from the start that never fall, by day; ``off`` are counts that do not fit it; ``transports``
    are (day of arrival, items).
    """

    line: tuple[Figure, ...]
    off: tuple[Figure, ...]
    transports: tuple[tuple[dt.date, int], ...]

    def gains(self) -> list[Gain]:
        """Return what came, in order: transports where they explain what a count gained, otherwise the gain itself."""
        found: list[Gain] = []
        for before, figure in zip((None, *self.line), self.line, strict=False):
            items = figure.value - (before.value if before else 0.0)
            if items > 0:
                dated = [Gain(day, day, of_them) for day, of_them in self._explain(before, figure)]
                found += dated or [Gain(counted_on(before) if before else None, counted_on(figure), items)]
        return found

    def count_on(self, day: dt.date) -> float | None:
        """Return what had come by a day; None where the record does not tell.

        Between two counts it is told where the transports account for the difference, or where there is none; after
        a count, for a while.
        """
        before = next((one for one in reversed(self.line) if counted_on(one) <= day), None)
        after = next((one for one in self.line if counted_on(one) > day), None)
        there = before.value if before else 0.0
        if after is not None and (after.value == there or self._explain(before, after)):
            return there + sum(items for at, items in self._explain(before, after) if at <= day)
        if before is not None and (day - counted_on(before)).days <= _NEAR_DAYS:
            return there
        return None

    def _explain(self, before: Figure | None, figure: Figure) -> list[tuple[dt.date, float]]:
        """Return the transports that account for what a count gained; none where they do not add up to it."""
        since, day = counted_on(before) if before else dt.date.min, counted_on(figure)
        between = [(at, float(items)) for at, items in self.transports if since < at <= day]
        gain = figure.value - (before.value if before else 0.0)
        return sorted(between) if between and sum(items for _, items in between) == gain else []


def read_record(ledger: Ledger, item: LotStatus) -> DeliveryRecord:
    """Return the dated record of a lot, ending at the count that status shows."""
    lot_id = item.lot.lot_id
    measures = dict.fromkeys([item.delivered.basis or "arrived", *_MEASURES])
    figures = [figure for measure in measures for figure in ledger.figures(lot_id, measure)]
    line, off = _split(item.delivered.chosen, [figure for figure in figures if counted_on(figure) <= ledger.day])
    return DeliveryRecord(tuple(line), tuple(off), tuple(ledger.arrivals.get(lot_id, ())))


def counted_on(figure: Figure) -> dt.date:
    """Return the last day a count can describe."""
    return figure.days.latest


def _split(chosen: Figure | None, figures: Iterable[Figure]) -> tuple[list[Figure], list[Figure]]:
    """Part figures into a line that never falls, and those that lie off it.

    The figure that stands comes first, then best rank and grade: a figure joins the line where it does not contradict
    one that is already there.
    """
    ranked = sorted(
        (figure for figure in figures if figure.rank != "deprecated"),
        key=lambda f: (f.rank != "preferred", not is_good(f.grade), f.grade[::-1], counted_on(f), f.line),
    )
    line: list[Figure] = [chosen] if chosen else []
    off: list[Figure] = []
    for figure in ranked:
        if chosen and figure.line == chosen.line:
            continue
        twin = next((i for i, one in enumerate(line) if one.value == figure.value and _near(one, figure)), None)
        if twin is not None:  # the same number again: the better dated of the two tells when
            line[twin] = min(line[twin], figure, key=lambda f: f.days.latest - f.days.earliest)
        elif is_good(figure.grade) and all(_in_order(one, figure) for one in line):
            line.append(figure)
        else:
            off.append(figure)
    return sorted(line, key=counted_on), off


def _in_order(one: Figure, two: Figure) -> bool:
    """Return whether both can lie on a line that never falls."""
    first, second = sorted((one, two), key=counted_on)
    return first.value <= second.value and (counted_on(first) < counted_on(second) or first.value == second.value)


def _near(one: Figure, two: Figure) -> bool:
    return abs((counted_on(one) - counted_on(two)).days) <= _NEAR_DAYS
