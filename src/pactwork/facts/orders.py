"""What is ordered under which instrument: lots, contracts, and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass

from pactwork.facts.figures import Figure, choose_standing
from pactwork.facts.ledger import Ledger, split_list

DELIVERY_MEASURES = ("shipped", "arrived", "handed_over", "in_service", "delivered_unstated")
"""Ways to count a delivery, each from the start; makers, ports and units count differently."""


@dataclass(frozen=True)
class Lot:
    """The newest row of one lot.

    ``kind`` is as the case says, or ``void`` for a firm lot whose instrument is not signed, or has lapsed.
    """

    lot_id: str
    instrument_id: str
    system_id: str
    variant: str | None
    quantity: int
    qualifier: str
    due: str | None
    made_in: tuple[str, ...]
    kind: str
    source_id: str
    locator: str
    line: int


def current_lots(ledger: Ledger) -> list[Lot]:
    """Return the newest row of each lot that has a quantity, in the order of the file."""
    rows = sorted(ledger.current("lots").values(), key=lambda row: row["line"])
    unsigned = {
        name
        for name, row in ledger.current("instruments").items()
        if row["status"] in ("proposed", "negotiated", "lapsed")
    }
    return [
        Lot(
            lot_id=row["lot_id"],
            instrument_id=row["instrument_id"] or "",
            system_id=row["system_id"] or "",
            variant=row["variant"],
            quantity=row["quantity"],
            qualifier=row["qualifier"] or "exact",
            due=row["due"],
            made_in=tuple(split_list(row["made_in"])),
            kind="void" if row["instrument_id"] in unsigned and row["kind"] == "firm" else row["kind"] or "",
            source_id=row["source_id"] or "",
            locator=row["locator"] or "",
            line=row["line"],
        )
        for row in rows
        if row["quantity"] is not None
    ]


def descendants(ledger: Ledger, instrument_id: str) -> list[str]:
    """Return an instrument and everything that carries it out."""
    found = [instrument_id]
    seen = {instrument_id}
    for identifier in found:
        fresh = [child for child in ledger.carried_out_by.get(identifier, ()) if child not in seen]
        seen.update(fresh)
        found += fresh
    return found


@dataclass(frozen=True)
class ContractTotal:
    """A partnership's contracts: what a source says they are worth, and what they add up to.

    ``total`` and ``parts`` are in the unit of ``stated``; ``missing`` names contracts without a value in its
    currency.
    """

    stated: Figure
    total: float
    parts: tuple[tuple[str, Figure, float], ...]
    missing: tuple[str, ...]


def sum_contracts(ledger: Ledger) -> ContractTotal | None:
    """Return the stated total of the partnership's contracts beside their sum; None where none is stated."""
    stated = ledger.figure(ledger.about.partnership, "value") if ledger.about.partnership else None
    if stated is None:
        return None
    currency, scale = ledger.units[stated.unit].currency, ledger.units[stated.unit].scale or 1.0
    parts, missing = [], []
    with_orders = {lot.instrument_id for lot in current_lots(ledger) if lot.kind == "firm"}
    for identifier, row in ledger.current("instruments").items():
        if row["kind"] not in ("contract", "annex") or identifier not in with_orders:
            continue
        value = _value_in(ledger, identifier, currency)
        if value is None:
            missing.append(identifier)
        else:
            parts.append((identifier, value, value.value * (ledger.units[value.unit].scale or 1.0) / scale))
    return ContractTotal(stated, sum(part[2] for part in parts), tuple(parts), tuple(missing))


def _value_in(ledger: Ledger, instrument_id: str, currency: str | None) -> Figure | None:
    """Return the standing value of a contract in a currency."""
    figures = ledger.figures(instrument_id, "value")
    same = [figure for figure in figures if ledger.units[figure.unit].currency == currency]
    return choose_standing(same, ledger.day)
