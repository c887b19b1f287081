"""Figures: one number each, with its source and grade; which one stands, and which ones disagree."""

from __future__ import annotations

import bisect
import datetime as dt
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from pactwork.facts.dates import Interval, parse_date
from pactwork.facts.schema import Category

RANKS = ("preferred", "normal", "deprecated")
ABOUT_TOLERANCE = 0.10
"""How far a figure may lie from one that says 'about' and still agree with it."""
CLOSE = dt.timedelta(days=31)
"""How near two counts must be for a rise without a transport to be a contradiction, not a gap in the record."""


@dataclass(frozen=True)
class Source:
    """A document a row was read in."""

    source_id: str
    title: str
    producer: str
    published: str
    url: str | None
    kind: str
    reliability: str
    licence: str | None
    redistributable: bool
    note: str | None


@dataclass(frozen=True)
class Figure:
    """One number about one subject on one day, as one source gives it.

    ``grade`` joins the letter of the source and the digit of the figure (Admiralty grade). ``weak``, ``why`` and
    ``rivals`` are filled by `choose_standing` for the figure that stands.
    """

    subject: str
    measure: str
    as_of: str
    value: float
    low: float | None
    high: float | None
    qualifier: str
    unit: str
    source_id: str
    locator: str
    grade: str
    rank: str
    note: str | None
    line: int
    table: str = "figures"
    weak: bool = False
    why: str = ""
    rivals: tuple[Figure, ...] = field(default=(), repr=False)

    @property
    def days(self) -> Interval:
        """The days the figure can describe."""
        return parse_date(self.as_of)


@dataclass(frozen=True)
class Conflict:
    """Figures about the same thing that cannot all be right, and why not."""

    subject: str
    measure: str
    figures: tuple[Figure, ...]
    reason: str


def is_good(grade: str) -> bool:
    """Return whether an Admiralty grade is C3 or better on both its sides: letter and digit.

    Examples
    --------
    >>> is_good("B3"), is_good("B4"), is_good("D1")
    (True, False, False)
    """
    return grade[0] <= "C" and grade[1:] <= "3"


def choose_standing(figures: Iterable[Figure], at: dt.date) -> Figure | None:
    """Return the figure that stands on a day, why it stands, and the rivals it stands against.

    Parameters
    ----------
    figures : iterable of Figure
        All about one subject and one measure.
    at : datetime.date
        Figures that describe later days do not take part.

    Returns
    -------
    Figure or None
        Best rank first; then the newest among those graded C3 or better; otherwise the best graded, marked weak.
        Deprecated figures never stand.
    """
    known = [figure for figure in figures if figure.rank != "deprecated" and figure.days.latest <= at]
    if not known:
        return None
    best_rank = min(known, key=lambda figure: RANKS.index(figure.rank)).rank
    ranked = [figure for figure in known if figure.rank == best_rank]
    good = [figure for figure in ranked if is_good(figure.grade)]
    if good:
        chosen = max(good, key=lambda figure: (figure.days.latest, _goodness(figure), -figure.line))
        others = len(ranked) > 1
        reason = "the newest graded C3 or better" if others else "the only figure"
    else:
        chosen = max(ranked, key=lambda figure: (_goodness(figure), figure.days.latest, -figure.line))
        reason = "the best graded, though weak: none is C3 or better"
    if best_rank == "preferred":
        reason += "; marked preferred"
    rivals = tuple(figure for figure in known if figure is not chosen)
    return _with_verdict(chosen, weak=not good, why=reason, rivals=rivals)


def _goodness(figure: Figure) -> tuple[int, int, bool]:
    return (-ord(figure.grade[0]), -ord(figure.grade[1]), figure.qualifier == "exact")


def _with_verdict(figure: Figure, *, weak: bool, why: str, rivals: tuple[Figure, ...]) -> Figure:
    return replace(figure, weak=weak, why=why, rivals=rivals)


def find_conflicts(figures: Iterable[Figure], units: Mapping[str, Category]) -> list[Conflict]:
    """Return the sets of figures about the same thing at the same time that cannot all be right.

    Two figures are about the same time when the days they can describe overlap. They agree when their hedges allow
    one number: 'at least 11' agrees with 12, 'about 7' with 7.3, 3.4 with 3.37 (rounded). Money of different
    currency or price basis is not compared.
    """
    groups: dict[tuple[str, str], list[Figure]] = {}
    for figure in figures:
        if figure.rank != "deprecated":
            groups.setdefault((figure.subject, figure.measure), []).append(figure)
    conflicts = []
    for (subject, measure), rivals in groups.items():
        at_odds = list(_find_at_odds(rivals, units))
        if at_odds:
            chosen = sorted({figure.line: figure for pair in at_odds for figure in pair}.values(), key=_by_day)
            conflicts.append(Conflict(subject, measure, tuple(chosen), "different values for the same time"))
    return conflicts


def _find_at_odds(rivals: Iterable[Figure], units: Mapping[str, Category]) -> Iterator[tuple[Figure, Figure]]:
    """Yield pairs about overlapping times that do not agree.

    Each is held against those alone whose time has not ended by its first day, so that a long series of reports, which
    follow one another, is gone through once.
    """
    going: list[Figure] = []
    for two in sorted(rivals, key=lambda figure: figure.days.earliest):
        start = two.days.earliest
        going = [one for one in going if one.days.latest >= start]
        yield from ((one, two) for one in going if not agree(one, two, units))
        going.append(two)


def find_unexplained(figures: Iterable[Figure], arrivals: Mapping[str, list[tuple[dt.date, int]]]) -> list[Conflict]:
    """Return pairs of arrival counts by different sources whose difference no transport on record explains.

    Parameters
    ----------
    figures : iterable of Figure
        Any; only counts of what has arrived are looked at.
    arrivals : mapping
        Per lot, the day and the items of each transport. Only a record that explains the earlier count is trusted
        to show that one soon after it is odd.
    """
    counts: dict[str, list[Figure]] = {}
    for figure in figures:
        if figure.measure == "arrived" and figure.rank != "deprecated" and figure.subject in arrivals:
            counts.setdefault(figure.subject, []).append(figure)
    conflicts = []
    for subject, rivals in counts.items():
        transports = _Transports(arrivals[subject])
        for one, two in itertools.pairwise(sorted(rivals, key=_by_day)):
            before, after = (transports.arrived_by(figure.days.latest) for figure in (one, two))
            close = two.days.latest - one.days.latest <= CLOSE
            if close and one.source_id != two.source_id and before == one.value and after < two.value:
                rise = f"{two.value - after:g} more than the transports on record explain"
                conflicts.append(Conflict(subject, "arrived", (one, two), rise))
    return conflicts


class _Transports:
    """The transports of one lot, added up by the day."""

    def __init__(self, transports: Iterable[tuple[dt.date, int]]) -> None:
        ordered = sorted(transports)
        self._days = [day for day, _ in ordered]
        self._totals = [0, *itertools.accumulate(quantity for _, quantity in ordered)]

    def arrived_by(self, day: dt.date) -> int:
        """Return the items that have come by a day, that day's included."""
        return self._totals[bisect.bisect_right(self._days, day)]


def _by_day(figure: Figure) -> tuple[dt.date, int]:
    return figure.days.latest, figure.line


def agree(one: Figure, two: Figure, units: Mapping[str, Category]) -> bool:
    """Return whether two figures can both be right, or cannot be compared."""
    scale = _common_scale(one.unit, two.unit, units)
    if scale is None:
        return True
    (low, high), (low_two, high_two) = allowed_range(one, scale[0]), allowed_range(two, scale[1])
    slack = 1e-9 * max(1.0, *(abs(bound) for bound in (low, high, low_two, high_two) if math.isfinite(bound)))
    return low <= high_two + slack and low_two <= high + slack


def _common_scale(one: str, two: str, units: Mapping[str, Category]) -> tuple[float, float] | None:
    """Return the factors that bring two units to one, or None where they cannot be compared."""
    if one == two:
        return 1.0, 1.0
    first, second = units[one], units[two]
    if first.currency is None or (first.currency, first.basis) != (second.currency, second.basis):
        return None
    return first.scale or 1.0, second.scale or 1.0


def allowed_range(figure: Figure, scale: float = 1.0) -> tuple[float, float]:
    """Return the lowest and highest number the figure allows, times a scale."""
    if figure.low is not None and figure.high is not None:
        return figure.low * scale, figure.high * scale
    if figure.qualifier == "at_least":
        return figure.value * scale, math.inf
    if figure.qualifier == "at_most":
        return -math.inf, figure.value * scale
    margin = abs(figure.value) * ABOUT_TOLERANCE if figure.qualifier == "about" else _rounding(figure.value)
    return (figure.value - margin) * scale, (figure.value + margin) * scale


def _rounding(value: float) -> float:
    """Return half the last printed digit of a number with decimals; whole numbers are taken to the letter."""
    decimals = len(f"{value:.10f}".rstrip("0").partition(".")[2])
    return 0.5 * 10.0**-decimals if decimals else 0.0
