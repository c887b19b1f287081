"""Where the partnership stands: ordered, delivered by each measure, due, disputed, per system, lot and instrument."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pactwork.facts.dates import is_date, parse_date
from pactwork.facts.figures import Conflict, Figure, allowed_range
from pactwork.facts.ledger import Ledger
from pactwork.facts.orders import DELIVERY_MEASURES, ContractTotal, Lot, current_lots, descendants, sum_contracts


@dataclass(frozen=True)
class Delivered:
    """How much of something was delivered.

    ``count`` is what arrived, or what an unspecific source says was delivered where nothing better is known;
    ``basis`` says which (``arrived``, ``delivered_unstated``, ``mixed``, or None where nothing is known).
    """

    count: int | None
    basis: str | None
    figures: dict[str, Figure] = field(default_factory=dict)

    @property
    def chosen(self) -> Figure | None:
        """The figure that the count comes from, where there is one."""
        return self.figures.get(self.basis or "")


@dataclass(frozen=True)
class LotStatus:
    """One lot: what was ordered, what has come, what is disputed."""

    lot: Lot
    delivered: Delivered
    conflicts: tuple[Conflict, ...]

    @property
    def share(self) -> float | None:
        """Share of the lot delivered, 0 to 1; None where unknown or nothing is ordered."""
        if self.delivered.count is None or not self.lot.quantity:
            return None
        return self.delivered.count / self.lot.quantity


@dataclass(frozen=True)
class GroupStatus:
    """Several firm lots together: those of a system, or those under an instrument."""

    identifier: str
    name: str
    lots: tuple[LotStatus, ...]
    row: dict[str, Any] = field(default_factory=dict)
    value: Figure | None = None

    @property
    def ordered(self) -> int:
        """Items under firm orders."""
        return sum(item.lot.quantity for item in self.lots)

    def count(self, measure: str) -> int | None:
        """Return the items counted by one measure; None where no lot has it."""
        known = [item.delivered.figures[measure].value for item in self.lots if measure in item.delivered.figures]
        return int(sum(known)) if known else None

    @property
    def delivered(self) -> int | None:
        """Items delivered, by the best count of each lot."""
        known = [item.delivered.count for item in self.lots if item.delivered.count is not None]
        return sum(known) if known else None

    @property
    def basis(self) -> str | None:
        """What the count of deliveries rests on."""
        kinds = {item.delivered.basis for item in self.lots if item.delivered.basis}
        return next(iter(kinds)) if len(kinds) == 1 else ("mixed" if kinds else None)

    @property
    def due(self) -> str | None:
        """The year in which the last window ends."""
        ends = [parse_date(i.lot.due).latest for i in self.lots if i.lot.due and is_date(i.lot.due)]
        last = max(ends, default=None)
        return None if last is None or last.year == 9999 else str(last.year)

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """What is disputed about any of the lots."""
        return tuple(conflict for item in self.lots for conflict in item.conflicts)


@dataclass(frozen=True)
class Status:
    """Where a partnership stands on a day."""

    as_of: str
    systems: tuple[GroupStatus, ...]
    lots: tuple[LotStatus, ...]
    instruments: tuple[GroupStatus, ...]
    total: ContractTotal | None

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON document of ``pactwork status``."""
        return {
            "as_of": self.as_of,
            "systems": [
                {"system": group.name, "system_id": group.identifier, **_describe_group(group)}
                for group in self.systems
            ],
            "lots": [_describe_lot(item) for item in self.lots],
            "instruments": [
                {
                    "instrument_id": group.identifier,
                    "name": group.name,
                    "kind": group.row.get("kind"),
                    "status": group.row.get("status"),
                    "signed": group.row.get("signed"),
                    "value": describe_figure(group.value),
                    **_describe_group(group),
                }
                for group in self.instruments
            ],
            "value": _describe_total(self.total),
        }


def make_status(ledger: Ledger) -> Status:
    """Return where the partnership stands on the ledger's day."""
    conflicts: dict[str, list[Conflict]] = {}
    for conflict in ledger.conflicts():
        conflicts.setdefault(conflict.subject, []).append(conflict)
    lots = tuple(
        LotStatus(lot, count_deliveries(ledger, lot.lot_id), tuple(conflicts.get(lot.lot_id, ())))
        for lot in current_lots(ledger)
    )
    firm = [item for item in lots if item.lot.kind == "firm"]
    of_system: dict[str, list[LotStatus]] = {}
    of_instrument: dict[str, list[LotStatus]] = {}
    for item in firm:
        of_system.setdefault(item.lot.system_id, []).append(item)
        of_instrument.setdefault(item.lot.instrument_id, []).append(item)
    systems = [GroupStatus(system, ledger.name_of(system), tuple(items)) for system, items in of_system.items()]
    instruments = []
    for identifier, row in ledger.current("instruments").items():
        held = [item for one in descendants(ledger, identifier) for item in of_instrument.get(one, ())]
        held.sort(key=lambda item: item.lot.line)
        value = ledger.figure(identifier, "value")
        instruments.append(GroupStatus(identifier, row["name"] or identifier, tuple(held), row, value))
    return Status(ledger.day.isoformat(), tuple(systems), lots, tuple(instruments), sum_contracts(ledger))


def count_deliveries(ledger: Ledger, lot_id: str) -> Delivered:
    """Return how much of a lot was delivered, by each measure and by the best of them.

    The count is what arrived. A source that only says "delivered" takes its place where no arrival is known, or where
    it is newer and surely higher, and not weak where the arrival is sound: what it adds is known from nowhere else.
    """
    figures = {m: figure for m in DELIVERY_MEASURES if (figure := ledger.figure(lot_id, m)) is not None}
    arrived, unstated = figures.get("arrived"), figures.get("delivered_unstated")
    if unstated is not None and (arrived is None or _adds_to(unstated, arrived)):
        return Delivered(int(unstated.value), "delivered_unstated", figures)
    if arrived is not None:
        return Delivered(int(arrived.value), "arrived", figures)
    served = [figures[measure] for measure in ("handed_over", "in_service") if measure in figures]
    if served:  # what was handed over, or serves, has arrived
        most = max(served, key=lambda figure: figure.value)
        return Delivered(int(most.value), most.measure, figures)
    return Delivered(None, None, figures)


def _adds_to(unstated: Figure, arrived: Figure) -> bool:
    """Return whether an unspecific count knows of items that the count of arrivals does not."""
    newer = unstated.days.latest > arrived.days.latest
    higher = allowed_range(unstated)[0] > arrived.value
    return newer and higher and (arrived.weak or not unstated.weak)


def _describe_group(group: GroupStatus) -> dict[str, Any]:
    delivered = group.delivered
    return {
        "ordered": group.ordered,
        "delivered": delivered,
        "basis": group.basis,
        **{measure: group.count(measure) for measure in ("shipped", "handed_over", "in_service")},
        "due": group.due,
        "share_delivered": delivered / group.ordered if delivered is not None and group.ordered else None,
        "conflicts": [_describe_conflict(conflict) for conflict in group.conflicts],
    }


def _describe_lot(item: LotStatus) -> dict[str, Any]:
    lot, chosen = item.lot, item.delivered.chosen
    return {
        "lot_id": lot.lot_id,
        "instrument_id": lot.instrument_id,
        "system_id": lot.system_id,
        "variant": lot.variant,
        "kind": lot.kind,
        "ordered": lot.quantity if lot.kind == "firm" else 0,
        "quantity": lot.quantity,
        "delivered": item.delivered.count,
        "basis": item.delivered.basis,
        **{
            measure: int(item.delivered.figures[measure].value) if measure in item.delivered.figures else None
            for measure in ("shipped", "handed_over", "in_service")
        },
        "due": lot.due,
        "share_delivered": item.share,
        "latest": describe_figure(chosen),
        "measures": {measure: describe_figure(figure) for measure, figure in item.delivered.figures.items()},
        "conflicts": [_describe_conflict(conflict) for conflict in item.conflicts],
    }


def describe_figure(figure: Figure | None) -> dict[str, Any] | None:
    """Return a figure as a JSON object: the number, and everything needed to defend it."""
    if figure is None:
        return None
    names = ("value", "low", "high", "qualifier", "unit", "as_of", "source_id", "locator", "grade", "rank", "weak")
    return {**{name: getattr(figure, name) for name in names}, "why": figure.why}


def _describe_conflict(conflict: Conflict) -> dict[str, Any]:
    figures = [describe_figure(figure) for figure in conflict.figures]
    return {"subject": conflict.subject, "measure": conflict.measure, "reason": conflict.reason, "figures": figures}


def _describe_total(total: ContractTotal | None) -> dict[str, Any] | None:
    if total is None:
        return None
    return {
        "stated": describe_figure(total.stated),
        "sum_of_contracts": round(total.total, 6),
        "unit": total.stated.unit,
        "contracts": [
            {"instrument_id": identifier, "value": round(value, 6), "source_id": figure.source_id}
            for identifier, figure, value in total.parts
        ],
        "without_value": list(total.missing),
    }
