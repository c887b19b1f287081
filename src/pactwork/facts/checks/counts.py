"""Rules about counts: what is ordered, shipped, delivered, and what that adds up to."""

from __future__ import annotations

import bisect
import datetime as dt
import itertools
import math
from collections.abc import Iterable, Iterator

from pactwork.errors import Problem
from pactwork.facts.figures import Figure, allowed_range
from pactwork.facts.ledger import Ledger
from pactwork.facts.orders import DELIVERY_MEASURES, Lot, current_lots, descendants, sum_contracts
from pactwork.facts.status import count_deliveries

TRANSPORTS = "the sum of the transports on record"
"""What a count is held against by `check_transports`; a gap there is one of the record, not of the world."""


class _Reached:
    """What counts tell to have been reached at the least, by the day: a count above it contradicts none of them."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        ordered = sorted(figures, key=lambda figure: figure.days.latest)
        self._days = [figure.days.latest for figure in ordered]
        self._least = list(itertools.accumulate((allowed_range(figure)[0] for figure in ordered), max))

    def by(self, day: dt.date) -> float:
        """Return it by a day, its own counts included; minus infinity where nothing was counted yet."""
        return self._of(bisect.bisect_right(self._days, day))

    def before(self, day: dt.date) -> float:
        """Return it by the day before."""
        return self._of(bisect.bisect_left(self._days, day))

    def _of(self, counted: int) -> float:
        return self._least[counted - 1] if counted else -math.inf


def _at(ledger: Ledger, figure: Figure) -> str:
    return f"{ledger.path_of(figure.table)}:{figure.line} value"


def _said(figure: Figure) -> str:
    return f"{figure.value:g} by {figure.as_of} ({figure.source_id})"


def check_cumulative_counts(ledger: Ledger) -> Iterator[Problem]:
    """A count from the start cannot fall in one source's own telling."""
    for later, earlier in _find_falls(ledger):
        if later.source_id == earlier.source_id:
            expected = f"at least {earlier.value:g}, as the same source said for {earlier.as_of}"
            fix = "correct one of the two, or mark the wrong one deprecated"
            yield Problem(_at(ledger, later), f"{later.value:g}", expected, fix)


def check_cumulative_rivals(ledger: Ledger) -> Iterator[Problem]:
    """Show where a later source counts fewer than an earlier one."""
    for later, earlier in _find_falls(ledger):
        if later.source_id != earlier.source_id:
            expected = f"at least {_said(earlier)}, since {later.measure} counts from the start"
            yield Problem(_at(ledger, later), _said(later), expected, "kept: the sources disagree")


def _find_falls(ledger: Ledger) -> Iterator[tuple[Figure, Figure]]:
    """Yield each count that lies below an earlier one, with the highest of those."""
    grouped: dict[tuple[str, str], list[Figure]] = {}
    for figure in ledger.figures():
        if ledger.measures[figure.measure].kind == "cumulative" and figure.rank != "deprecated":
            grouped.setdefault((figure.subject, figure.measure), []).append(figure)
    for figures in grouped.values():
        reached = _Reached(figures)
        for later in figures:
            start, most = later.days.earliest, allowed_range(later)[1]
            if reached.before(start) > most:  # else there is nothing to look for, which is the rule
                earlier = [one for one in figures if one.days.latest < start and allowed_range(one)[0] > most]
                yield later, max(earlier, key=lambda one: (one.source_id == later.source_id, one.value))


def check_delivered_within_ordered(ledger: Ledger) -> Iterator[Problem]:
    """No more can have been delivered than was ordered, by the figure that stands."""
    for figure, quantity, stands in _find_excess(ledger):
        if stands:
            expected = f"at most {quantity:g}, as ordered by {figure.subject}"
            fix = "correct the count, or add the order it belongs to as a lot"
            yield Problem(_at(ledger, figure), f"{figure.value:g} {figure.measure}", expected, fix)


def check_delivered_rivals(ledger: Ledger) -> Iterator[Problem]:
    """Show figures that do not stand and count more than was ordered."""
    for figure, quantity, stands in _find_excess(ledger):
        if not stands:
            expected = f"at most {quantity:g}, as ordered by {figure.subject}"
            yield Problem(_at(ledger, figure), _said(figure), expected, "kept: it does not stand")


def _find_excess(ledger: Ledger) -> Iterator[tuple[Figure, float, bool]]:
    for lot in current_lots(ledger):
        ordered = math.inf if lot.qualifier == "at_least" else lot.quantity * (1.1 if lot.qualifier == "about" else 1)
        for measure in DELIVERY_MEASURES:
            standing = ledger.figure(lot.lot_id, measure)
            for figure in ledger.figures(lot.lot_id, measure):
                if figure.rank != "deprecated" and allowed_range(figure)[0] > ordered:
                    yield figure, lot.quantity, standing is not None and standing.line == figure.line


def check_shipped_against_arrived(ledger: Ledger) -> Iterator[Problem]:
    """One source cannot have more arrive than it says was shipped by then."""
    for arrived, shipped in _find_unshipped(ledger):
        if arrived.source_id == shipped.source_id:
            expected = f"at most the {shipped.value:g} shipped by {shipped.as_of}, by the same source"
            yield Problem(_at(ledger, arrived), f"{arrived.value:g} arrived", expected, "correct one of the two")


def check_shipped_rivals(ledger: Ledger) -> Iterator[Problem]:
    """Show where one source's arrivals exceed another's shipments."""
    for arrived, shipped in _find_unshipped(ledger):
        if arrived.source_id != shipped.source_id:
            expected = f"at most the {_said(shipped)} shipped"
            yield Problem(_at(ledger, arrived), f"{_said(arrived)} arrived", expected, "kept: the sources disagree")


def _find_unshipped(ledger: Ledger) -> Iterator[tuple[Figure, Figure]]:
    """Yield each count of arrivals that exceeds what was shipped by then or later, with that."""
    arrivals: dict[str, list[Figure]] = {}
    for arrived in ledger.figures(measure="arrived"):
        if arrived.rank != "deprecated":
            arrivals.setdefault(arrived.subject, []).append(arrived)
    pairs = []
    for subject, figures in arrivals.items():
        reached = _Reached(figures)
        for shipped in ledger.figures(subject, "shipped"):
            day, most = shipped.days.latest, allowed_range(shipped)[1]
            if shipped.rank != "deprecated" and reached.by(day) > most:
                pairs += [(one, shipped) for one in figures if one.days.latest <= day and allowed_range(one)[0] > most]
    yield from sorted(pairs, key=lambda pair: (pair[0].line, pair[1].line))


def check_framework_quantities(ledger: Ledger) -> Iterator[Problem]:
    """Show frameworks under which more is ordered than they foresee."""
    of_instrument: dict[str, list[Lot]] = {}
    for lot in current_lots(ledger):
        if lot.kind == "firm":
            of_instrument.setdefault(lot.instrument_id, []).append(lot)
    for identifier, row in ledger.current("instruments").items():
        foreseen = ledger.figure(identifier, "framework_quantity")
        if row["kind"] != "framework" or foreseen is None:
            continue
        ordered = [lot for one in descendants(ledger, identifier) for lot in of_instrument.get(one, ())]
        ordered.sort(key=lambda lot: lot.line)
        total = sum(lot.quantity for lot in ordered)
        if total > allowed_range(foreseen)[1]:
            parts = " + ".join(f"{lot.quantity} ({lot.lot_id})" for lot in ordered)
            where = f"{ledger.path_of('lots')}:{ordered[-1].line} quantity"
            expected = f"at most {foreseen.value:g}, as {identifier} foresees"
            yield Problem(where, f"{total} ordered: {parts}", expected, "kept: the sources say both")


def check_ordered_totals(ledger: Ledger) -> Iterator[Problem]:
    """Show totals of orders that the lots do not add up to."""
    totals: dict[str, int] = {}
    for lot in current_lots(ledger):
        if lot.kind == "firm":
            totals[lot.system_id] = totals.get(lot.system_id, 0) + lot.quantity
    for figure in ledger.figures(measure="ordered"):
        low, high = allowed_range(figure)
        total = totals.get(figure.subject)
        if total is not None and figure.rank != "deprecated" and not low <= total <= high:
            expected = f"{total}, the sum of the lots"
            yield Problem(_at(ledger, figure), f"{_said(figure)} ordered", expected, "kept: the sources disagree")


def check_contract_total(ledger: Ledger) -> Iterator[Problem]:
    """Show a stated total that the contracts do not add up to."""
    total = sum_contracts(ledger)
    if total is None or not total.parts or total.missing:
        return
    low, high = allowed_range(total.stated)
    if not low <= total.total <= high:
        expected = f"{total.total:.4g} {total.stated.unit}, the sum of {len(total.parts)} contracts"
        yield Problem(_at(ledger, total.stated), _said(total.stated), expected, "kept: the sources disagree")


def check_transports(ledger: Ledger) -> Iterator[Problem]:
    """Show counts of deliveries that the transports on record do not add up to."""
    for lot_id, transports in ledger.arrivals.items():
        counted = count_deliveries(ledger, lot_id).chosen
        if counted is None:
            continue
        total = sum(quantity for day, quantity in transports if day <= counted.days.latest)
        low, high = allowed_range(counted)
        if not low <= total <= high:
            found = f"{_said(counted)} {counted.measure}"
            fix = "kept: the record of transports is not complete, or the count is wrong"
            yield Problem(_at(ledger, counted), found, f"{total}, {TRANSPORTS}", fix)
