"""Every row of a case, as one list that can be searched: what it says, of what system, by which source, how graded."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pactwork.brief import formats
from pactwork.brief.naming import measure_label, spell_out, subject_name
from pactwork.brief.origins import is_judgement
from pactwork.facts.dates import parse_date
from pactwork.facts.figures import Figure
from pactwork.facts.ledger import Ledger, split_list
from pactwork.facts.tables import LINE
from pactwork.web.cases import OpenCase

SORTS = {"filed": "as filed", "newest": "newest first", "oldest": "oldest first", "grade": "best graded first",
         "subject": "by subject"}  # fmt: skip
GRADES = {"good": "C3 or better", "weak": "weaker than C3", "judgement": "judgement alone"}
_TITLE = ("name", "title", "label", "summary", "text", "item")
_DATES = ("as_of", "date", "fieldwork_end", "arrived", "signed", "since", "published", "year", "by", "due")
_PLAIN = frozenset({"source_id", "locator", "credibility", "rank", "known_from", "note", LINE})


@dataclass(frozen=True)
class Row:
    """One row of a table, as the list shows it.

    ``id`` is where it stands (``facts/figures.csv:12``), ``systems`` the systems it is about, ``haystack`` all its
    text in small letters, ``stands`` whether it is the figure that stands (None where the table holds no figures),
    ``disputed`` whether others say otherwise at the same time.
    """

    id: str
    table: str
    line: int
    subject: str
    what: str
    value: str
    when: str
    day: dt.date
    source_id: str
    source: str
    locator: str
    grade: str
    judged: bool
    systems: frozenset[str]
    haystack: str = field(repr=False)
    stands: bool | None = None
    disputed: bool = False

    @property
    def good(self) -> bool:
        """Whether it is graded C3 or better on both sides; a letter alone counts by itself."""
        return self.grade[0] <= "C" and (self.grade[1:] or "1") <= "3"


@dataclass(frozen=True)
class Asked:
    """What is looked for; empty where anything will do."""

    q: str = ""
    table: str = ""
    system: str = ""
    source: str = ""
    grade: str = ""
    only: str = ""
    sort: str = "filed"


def list_rows(opened: OpenCase) -> dict[str, Row]:
    """Return every row of a case, by where it stands: figures first, sources last, each in the order of its file."""
    return opened.remember("evidence", lambda: _make_rows(opened.ledger))


def find_rows(opened: OpenCase, asked: Asked) -> list[Row]:
    """Return the rows that fit, in the order asked for.

    Every word of ``q`` must stand somewhere in the row, or in the name of its source.
    """
    words = asked.q.lower().split()
    found = [
        row for row in list_rows(opened).values()
        if all(word in row.haystack for word in words)
        and asked.table in ("", row.table)
        and asked.source in ("", row.source_id)
        and (not asked.system or asked.system in row.systems)
        and _fits_grade(row, asked.grade)
        and (asked.only != "standing" or row.stands) and (asked.only != "disputed" or row.disputed)
    ]  # fmt: skip
    orders = {
        "newest": lambda row: (-row.day.toordinal(), row.subject.casefold()),
        "oldest": lambda row: (row.day.toordinal(), row.subject.casefold()),
        "grade": lambda row: (row.grade[0], row.grade[1:] or "9", -row.day.toordinal()),
        "subject": lambda row: (row.subject.casefold(), row.what.casefold(), -row.day.toordinal()),
    }
    return sorted(found, key=orders[asked.sort]) if asked.sort in orders else found


def _fits_grade(row: Row, grade: str) -> bool:
    if not grade:
        return True
    if grade == "judgement":
        return row.judged
    return row.good if grade == "good" else not row.good if grade == "weak" else row.grade.startswith(grade)


class _Names:
    """Names of what figures are about and measure; each is made once, since the ledger sorts its tables for each."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.subjects: dict[str, str] = {}
        self.measures: dict[tuple[str, str], str] = {}

    def of(self, figure: Figure) -> tuple[str, str]:
        """Return what a figure is about, and what it measures."""
        key = (figure.subject, figure.measure)
        if figure.subject not in self.subjects:
            self.subjects[figure.subject] = subject_name(self.ledger, figure.subject)
        if key not in self.measures:
            self.measures[key] = measure_label(self.ledger, figure)
        return self.subjects[figure.subject], self.measures[key]


def _make_rows(ledger: Ledger) -> dict[str, Row]:
    known = _system_ids(ledger)
    standing = {
        figure.line for subject, measure in {(f.subject, f.measure) for f in ledger.figures()}
        if (figure := ledger.figure(subject, measure)) is not None
    }  # fmt: skip
    disputed = {(one.table, one.line) for conflict in ledger.conflicts() for one in conflict.figures}
    names = _Names(ledger)
    figures = {figure.line: figure for figure in ledger.figures()}
    found: dict[str, Row] = {}
    for table in sorted(ledger.tables, key=lambda name: (name != "figures", name == "sources")):
        counted = table == "figures"
        for held in ledger.rows(table):
            line = held[LINE]
            row = _make_row(
                ledger, table, held, known, figures.get(line) if counted else None, names,
                stands=line in standing if counted else None, disputed=(table, line) in disputed,
            )  # fmt: skip
            found[row.id] = row
    return found


def _make_row(
    ledger: Ledger, table: str, held: Mapping[str, Any], known: Mapping[str, frozenset[str]], figure: Figure | None,
    names: _Names, *, stands: bool | None, disputed: bool,
) -> Row:  # fmt: skip
    source = ledger.sources.get(held.get("source_id") or "")
    day = next((str(held[name]) for name in _DATES if held.get(name) is not None), "")
    if figure is not None:
        subject, what = names.of(figure)
        value = formats.quantity(figure.value, figure.unit, ledger.units, figure.qualifier, figure.low, figure.high)
    else:
        subject, what, value = _describe(ledger, table, held, ledger.package.table(table).primary_key)
    text = " ".join(str(cell) for name, cell in held.items() if cell is not None and name != LINE)
    title = formats.clean(source.title) if source and table != "sources" else ""
    grade = ledger.grade_of(held) if "credibility" in held else ledger.grade_of(held)[:1]
    if table == "sources":
        grade = str(held["reliability"] or "F")[:1]
    return Row(
        id=f"{ledger.path_of(table)}:{held[LINE]}", table=table, line=held[LINE], subject=subject, what=what,
        value=value, when=formats.date(day), day=_last_day(day), source_id=held.get("source_id") or "", source=title,
        locator=formats.clean(held.get("locator")), grade=grade,
        judged=table != "sources" and is_judgement(ledger, held), systems=_find_systems(held, known),
        haystack=f"{text} {title} {subject} {what} {value}".lower(), stands=stands, disputed=disputed,
    )  # fmt: skip


def _find_systems(held: Mapping[str, Any], known: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return the systems that the ids in a row's cells stand for."""
    cells = (cell for cell in held.values() if isinstance(cell, str))
    ids = itertools.chain.from_iterable(split_list(cell) if ";" in cell else (cell,) for cell in cells)
    return frozenset().union(*(known[one] for one in ids if one in known))


def _describe(ledger: Ledger, table: str, held: Mapping[str, Any], key: Iterable[str]) -> tuple[str, str, str]:
    """Return subject, kind and words of a row that is no figure."""
    if table == "sources":
        kinds = ledger.package.categories("sources", "kind")
        kind = kinds[held["kind"]].label if held["kind"] in kinds else formats.clean(held["kind"])
        return formats.clean(held["title"]), kind, formats.clean(held["producer"])
    if table == "polls":
        share = f"{formats.option_words(held['option'])}: {formats.number(held['percent'] or 0)}%"
        return spell_out(ledger, held["question_id"] or ""), formats.clean(held["pollster"]), share
    if table == "lots":
        quantity = f"{formats.number(held['quantity'])} ordered" if held["quantity"] is not None else ""
        return subject_name(ledger, held["lot_id"]), formats.clean(held["kind"]), quantity
    first = next(iter(key), "")
    title = next((formats.clean(held[name]) for name in _TITLE if held.get(name)), "")
    identifier = str(held.get(first) or "")
    subject = formats.clean(ledger.name_of(identifier))
    if subject == identifier:
        subject = formats.capitalise(spell_out(ledger, identifier))
    kind = formats.clean(held.get("kind") or held.get("state") or held.get("actor") or held.get("perceiver") or "")
    kind = formats.clean(ledger.name_of(kind)).replace("_", " ")
    words = title if title != subject else ""
    number = next((held[name] for name in ("quantity", "position", "likelihood", "value", "percent")
                   if held.get(name) is not None), None)  # fmt: skip
    return subject, kind, words or (formats.number(float(number)) if number is not None else "")


def _system_ids(ledger: Ledger) -> dict[str, frozenset[str]]:
    """Return the systems that each id stands for: a system, its lots, and the instruments that order them."""
    found: dict[str, set[str]] = {row["system_id"]: {row["system_id"]} for row in ledger.rows("systems")}
    for lot in ledger.rows("lots"):
        for name in ("lot_id", "instrument_id"):
            if lot[name] and lot["system_id"]:
                found.setdefault(lot[name], set()).add(lot["system_id"])
    return {name: frozenset(systems) for name, systems in found.items()}


def _last_day(text: str) -> dt.date:
    try:
        return parse_date(text).latest if text else dt.date.min
    except ValueError:
        return dt.date.min
