"""What a reader sees of a number: its words, and the rows of the case it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pactwork.brief import formats
from pactwork.brief.words import say
from pactwork.facts.figures import Figure, is_good
from pactwork.facts.ledger import Ledger


@dataclass(frozen=True)
class Origin:
    """Where something was read: source, place in it, Admiralty grade, and the row of the case that holds it."""

    source_id: str
    title: str
    locator: str
    grade: str
    row: str
    judgement: bool

    @property
    def anchor(self) -> str:
        """Id of the source's entry on the page."""
        return f"src-{self.source_id}"

    @property
    def tip(self) -> str:
        """What the link says when pointed at."""
        place = f", {self.locator}" if self.locator else ""
        key = "tip.judged_origin" if self.judgement else "tip.origin"
        return say(key, title=self.title + place, grade=self.grade, row=self.row)


@dataclass(frozen=True)
class Fact:
    """Words with the origins of every number in them.

    ``derived`` says how the words were worked out where no source prints them; ``weak`` that nothing graded C3 or
    better bears them; ``note`` what else a reader should know.
    """

    text: str
    origins: tuple[Origin, ...] = ()
    derived: str = ""
    weak: bool = False
    note: str = ""


Said = tuple[str, Iterable[Origin]] | None
"""A sentence and where it comes from; None where the case holds nothing to say."""


def origin_of(ledger: Ledger, table: str, row: Mapping[str, Any]) -> Origin:
    """Return the origin of a row of any table that cites a source."""
    source_id = row.get("source_id") or ""
    source = ledger.sources.get(source_id)
    return Origin(
        source_id=source_id,
        title=formats.clean(source.title if source else source_id or say("tip.no_source")),
        locator=formats.clean(row.get("locator")),
        grade=_grade(ledger, row),
        row=f"{ledger.path_of(table)}:{row.get('line', '')}".rstrip(":"),
        judgement=is_judgement(ledger, row),
    )


def _grade(ledger: Ledger, row: Mapping[str, Any]) -> str:
    # A claim or a recommendation is what a document says: only the document has a grade, and one letter is all of it.
    grade = ledger.grade_of(row)
    return grade if "credibility" in row else grade[0]


def is_judgement(ledger: Ledger, row: Mapping[str, Any]) -> bool:
    """Return whether a row rests on somebody's judgement: it says so, or its source is one."""
    source = ledger.sources.get(row.get("source_id") or "")
    return row.get("basis") == "judgement" or source is None or source.kind == "judgement"


def origin_of_figure(ledger: Ledger, figure: Figure) -> Origin:
    """Return the origin of a figure."""
    source = ledger.sources.get(figure.source_id)
    return Origin(
        source_id=figure.source_id,
        title=formats.clean(source.title if source else figure.source_id),
        locator=formats.clean(figure.locator),
        grade=figure.grade,
        row=f"{ledger.path_of(figure.table)}:{figure.line}",
        judgement=source is None or source.kind == "judgement",
    )


def fact_of(ledger: Ledger, figure: Figure) -> Fact:
    """Return a figure in words, with its origin."""
    text = formats.quantity(figure.value, figure.unit, ledger.units, figure.qualifier, figure.low, figure.high)
    if figure.measure == "rank":  # a place in an order: "up to 10" would say nothing
        place = formats.number(figure.value)
        text = say("rank.among" if figure.qualifier == "at_most" else "rank.number", place=place)
    note = formats.clean(figure.note)
    return Fact(text, (origin_of_figure(ledger, figure),), weak=figure.weak or not is_good(figure.grade), note=note)


def merge(origins: Iterable[Origin]) -> tuple[Origin, ...]:
    """Return origins without repetition: each row of the case once."""
    return tuple({one.row: one for one in origins}.values())


def condense(origins: Iterable[Origin]) -> tuple[Origin, ...]:
    """Return what a page has room for: one link for each source and grade."""
    return tuple({(one.source_id, one.grade): one for one in reversed(list(origins))}.values())[::-1]
