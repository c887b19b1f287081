"""What an import collects: rows of tables, and what could not be made into one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pactwork.errors import Problem
from pactwork.facts.sipri.naming import Names
from pactwork.facts.sipri.register import OrderLine
from pactwork.facts.sipri.span import Span
from pactwork.facts.sipri.states import Side

SOURCE_ID = "sipri-register"
CERTAIN, MARKED, POSSIBLE = 2, 3, 4
"""Credibility: as the register says it; with its '?'; with its 'possibly'."""

Row = dict[str, Any]


@dataclass
class Tables:
    """Rows of the tables made so far, with what could not be read and what was kept as a note only."""

    buyer: Side
    seller: Side
    span: Span
    file: str
    rows: dict[str, list[Row]] = field(default_factory=dict)
    unread: list[Problem] = field(default_factory=list)
    noted: list[Problem] = field(default_factory=list)
    names: Names = field(default_factory=Names)
    actors: tuple[str, str] = ("", "")

    def add(self, table: str, row: Row, line: OrderLine | None = None, credibility: int = CERTAIN) -> None:
        """Add a row; one that comes from an order line gets its source, locator and credibility."""
        if line is not None:
            row = row | {"source_id": SOURCE_ID, "locator": locate(line), "credibility": credibility}
        self.rows.setdefault(table, []).append(row)


def locate(line: OrderLine) -> str:
    """Return where a line is found again in any export: its columns, not its place, which every export changes."""
    number = "number not given" if line.ordered is None else f"{line.ordered}{'?' * line.ordered_uncertain}"
    year = f"{line.year}{'?' * line.year_uncertain}"
    return f"{line.recipient} from {line.supplier}, {line.designation[:80]}, ordered {year}: {number}"


def describe_line(line: OrderLine) -> str:
    """Return what the register says about an order in words, for the note of its rows."""
    parts = [line.condition and f"Condition: {line.condition}."]
    parts.append(f"Years of delivery: {', '.join(map(str, line.years))}." if line.years else "")
    parts.append(f"Register's comment: “{line.comment}”" if line.comment else "")
    return " ".join(part for part in parts if part)


def completed_in(line: OrderLine) -> int | None:
    """Return the year in which everything ordered had been delivered, where the register says so without doubt."""
    certain = not (line.ordered_uncertain or line.delivered_uncertain)
    whole = line.ordered is not None and 0 < line.ordered <= line.delivered
    return line.years[-1] if certain and whole and line.years else None
