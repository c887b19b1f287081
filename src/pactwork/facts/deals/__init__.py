"""Tables of arms deals from outside a case: read, checked, and made the same whatever they came as."""

from __future__ import annotations

from pathlib import Path

from pactwork.facts.deals.register import is_register, table_from_register
from pactwork.facts.deals.table import DealTable, read_deal_table, read_outcomes

__all__ = ["DealTable", "read_deals", "read_outcomes"]


def read_deals(path: Path, *, last_year: int | None = None, complete: bool = False) -> DealTable:
    """Read a table of deals, or a register export: the file says which it is; see `read_deal_table`."""
    if is_register(path):
        return table_from_register(path)
    return read_deal_table(path, last_year=last_year, complete=complete)
