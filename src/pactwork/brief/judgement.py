"""How much is judgement: of what stands behind one conclusion, and of the case by table and by grade."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pactwork.brief.origins import Origin, is_judgement
from pactwork.brief.words import say
from pactwork.facts.figures import is_good
from pactwork.facts.ledger import Ledger
from pactwork.facts.spreads import JUDGEMENT


@dataclass(frozen=True)
class Share:
    """How many of the things that stand behind a conclusion are judgement; ``of`` is rows or assumptions."""

    judged: int
    total: int
    of: str = "rows"

    @property
    def words(self) -> str:
        """The share in brackets; empty where nothing stands behind."""
        if not self.total:
            return ""
        how = "none" if not self.judged else "all" if self.judged == self.total else "some"
        return say(f"share.{self.of}_{how}", total=self.total, judged=self.judged)

    @property
    def sentence(self) -> str:
        """The share in a sentence of its own."""
        return say(f"share.behind_{self.of}", total=self.total, judged=self.judged) if self.total else ""


def weigh_origins(origins: Iterable[Origin]) -> Share:
    """Return how many of the rows that a conclusion rests on are judgement; each row counts once."""
    rows = {one.row: one.judgement for one in origins}
    return Share(sum(rows.values()), len(rows))


def weigh_assumptions(ledger: Ledger, names: Iterable[str] = (), *, scenarios: bool = False) -> Share:
    """Return how many of the assumptions that a simulated conclusion rests on are judgement.

    Parameters
    ----------
    names : iterable of str
        Choices of which the conclusion speaks: of the levers, what these pull counts.
    scenarios : bool
        Whether it speaks of every scenario: what each puts in place of an assumption then counts as one more.
    """
    choices, assumed = ledger.choices, ledger.assumptions
    levers = [lever for name in names if name in choices.every for lever in choices.levers_of(name)]
    found = {one.name: one for lever in levers for one in lever.parameters} | dict(assumed.parameters)
    every = [*found.values()]
    if scenarios:
        every += [one for scenario in assumed.scenarios.values() for one in scenario.overrides.values()]
    return Share(sum(one.source == JUDGEMENT for one in every), len(every), "assumptions")


@dataclass(frozen=True)
class TableShare:
    """Rows of one table, sourced and judged."""

    name: str
    title: str
    sourced: int
    judged: int


@dataclass(frozen=True)
class Judgement:
    """How the rows of a case are borne out.

    ``grades`` counts graded rows by letter and digit; ``weak_figures`` counts figures worse than C3.
    """

    tables: tuple[TableShare, ...]
    grades: dict[tuple[str, str], int]
    figures: int
    weak_figures: int
    numbers: int
    judged_numbers: int

    @property
    def rows(self) -> int:
        """Rows that cite a source."""
        return sum(table.sourced + table.judged for table in self.tables)

    @property
    def judged(self) -> int:
        """Rows that rest on judgement."""
        return sum(table.judged for table in self.tables)

    @property
    def largest_cell(self) -> int:
        """The count of the fullest grade."""
        return max(self.grades.values(), default=0)


def weigh_judgement(ledger: Ledger) -> Judgement:
    """Return how many rows and numbers are sourced and how many are judgement, by table and by grade."""
    tables, grades = [], dict[tuple[str, str], int]()
    figures = weak = numbers = judged_numbers = 0
    for name in ledger.tables:
        declaration = ledger.package.table(name)
        if name == "sources" or "source_id" not in declaration.columns:
            continue
        numeric = [c.name for c in declaration.fields if c.type in ("number", "integer") and c.name != "credibility"]
        sourced = judged = 0
        for row in ledger.rows(name):
            if not row["source_id"]:
                continue  # states and the like cite nothing, and claim nothing
            by_judgement = is_judgement(ledger, row)
            judged, sourced = judged + by_judgement, sourced + (not by_judgement)
            held = sum(row[column] is not None for column in numeric)
            numbers, judged_numbers = numbers + held, judged_numbers + held * by_judgement
            if row.get("credibility"):
                grade = ledger.grade_of(row)
                grades[grade[0], grade[1]] = grades.get((grade[0], grade[1]), 0) + 1
                if name == "figures":
                    figures, weak = figures + 1, weak + (not is_good(grade))
        if sourced + judged:
            tables.append(TableShare(name, declaration.title or name, sourced, judged))
    tables.sort(key=lambda table: -(table.sourced + table.judged))
    return Judgement(tuple(tables), grades, figures, weak, numbers, judged_numbers)
