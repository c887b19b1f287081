"""A register export as a table of deals: one row an order, with what its comment says of plans and licences."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pactwork.errors import Problem
from pactwork.facts.deals.table import DealTable
from pactwork.facts.sipri.comments import Remark, read_comment
from pactwork.facts.sipri.register import OrderLine, read_register
from pactwork.facts.sipri.span import find_span

_LOOK_AT_BYTES = 20_000


def is_register(path: Path) -> bool:
    """Return whether a file looks like a trade-register export rather than a table of deals."""
    try:
        with path.open("rb") as file:
            start = file.read(_LOOK_AT_BYTES)
    except OSError:
        return False  # the reader of tables says what is wrong
    return b"year of order" in start.lower().replace(b"\x00", b"")


def table_from_register(path: Path) -> DealTable:
    """Read a register export as deals.

    Orders whose number is unknown, and what was selected but not ordered, are left out; where more is counted than
    ordered, the order counts as complete. What was left out stands in ``notes``.
    """
    register = read_register(path)
    counted = find_span(register).counted.year
    notes = list(register.unread)
    rows = []
    for line in register.lines:
        remark = read_comment(line.comment)
        if line.ordered is None or line.ordered < 1 or remark.not_ordered or line.year > counted:
            found = "selected, not ordered" if remark.not_ordered else "no number ordered"
            notes.append(Problem(f"{path.name}:{line.line}", found, "an order with a number", "left out"))
            continue
        rows.append(_row(line, remark, counted))
    frame = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    return DealTable(path.name, frame, {}, counted, tuple(notes))


_SCHEMA = {
    "deal_id": pl.String, "recipient": pl.String, "supplier": pl.String, "designation": pl.String,
    "description": pl.String, "order_year": pl.Int64, "ordered": pl.Int64, "delivered": pl.Int64,
    "first_delivery_year": pl.Int64, "last_delivery_year": pl.Int64, "planned_start": pl.Int64,
    "planned_end": pl.Int64, "status": pl.String, "licensed_production": pl.Boolean, "weight": pl.Float64,
}  # fmt: skip


def _row(line: OrderLine, remark: Remark, counted: int) -> tuple[object, ...]:
    ordered = line.ordered or 0
    years = [year for year in line.years if line.year <= year <= counted]
    delivered = min(line.delivered, ordered)
    window = remark.window
    start, end = (int(text[:4]) if text else None for text in (window.start, window.end)) if window else (None, None)
    licensed = any(work.kind == "local_production" and (work.whole or 2 * (work.count or 0) >= ordered)
                   for work in remark.local)  # fmt: skip
    return (
        str(line.line), line.recipient, line.supplier, line.designation, line.description, line.year, ordered,
        delivered, years[0] if years and delivered else None, years[-1] if years and delivered else None,
        start if start and start >= line.year else None, end if end and end >= line.year else None,
        _state(line, remark), licensed, None,
    )  # fmt: skip


def _state(line: OrderLine, remark: Remark) -> str:
    """Return the status as the register gives it; where an edition has none, as the comment tells."""
    return line.condition or ("Second hand" if remark.second_hand == "second hand" else "New")
