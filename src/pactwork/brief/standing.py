"""Where the partnership stands: per system, what is ordered, delivered and due; and what the contracts are worth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pactwork.brief import formats
from pactwork.brief.origins import Fact, Origin, fact_of, merge, origin_of, origin_of_figure
from pactwork.brief.words import knows, say
from pactwork.facts.dates import parse_date
from pactwork.facts.ledger import Ledger
from pactwork.facts.status import GroupStatus, LotStatus, Status


@dataclass(frozen=True)
class SystemLine:
    """One system in the table; every number with its origin.

    ``lots`` are its firm lots in the same form; ``vague`` says that no source tells what "delivered" means.
    """

    name: str
    unit: str
    ordered: Fact
    delivered: Fact | None
    basis: str
    share: float | None
    due: Fact | None
    disputed: int
    lots: tuple[SystemLine, ...] = ()
    vague: bool = False


@dataclass(frozen=True)
class Beyond:
    """What frameworks and options foresee beyond the orders: never an order."""

    name: str
    kind: str
    quantity: Fact


@dataclass(frozen=True)
class Contract:
    """One instrument: what it is, when signed, where it stands, what it is worth by every source."""

    name: str
    kind: str
    kind_id: str
    status: str
    signed: str
    values: tuple[Fact, ...]
    origin: Origin
    depth: int

    @property
    def of_all(self) -> bool:
        """Whether its value is that of all contracts: a partnership has none of its own."""
        return self.kind_id == "partnership"


@dataclass(frozen=True)
class Money:
    """The contracts' total as a source states it, beside their sum."""

    stated: Fact
    total: Fact
    counted: int
    missing: tuple[str, ...]
    bases: tuple[str, ...]
    difference: float


@dataclass(frozen=True)
class Standing:
    """Everything the section on orders, deliveries and contracts shows."""

    systems: tuple[SystemLine, ...]
    beyond: tuple[Beyond, ...]
    contracts: tuple[Contract, ...]
    money: Money | None


def make_standing(ledger: Ledger, status: Status) -> Standing:
    """Return where the partnership stands, each number with its origin."""
    units = {row["system_id"]: row["unit"] for row in ledger.rows("systems")}
    systems = tuple(
        _system_line(ledger, group, formats.clean(units.get(group.identifier)))
        for group in status.systems
        if group.ordered
    )
    beyond = tuple(_beyond(ledger, item) for item in status.lots if item.lot.kind != "firm" and item.lot.quantity)
    return Standing(systems, beyond, _contracts(ledger, status), _money(ledger, status))


def _lot_origin(ledger: Ledger, item: LotStatus) -> Origin:
    return origin_of(ledger, "lots", ledger.current("lots")[item.lot.lot_id])


def _system_line(ledger: Ledger, group: GroupStatus, unit: str) -> SystemLine:
    return SystemLine(
        name=formats.clean(group.name),
        unit=unit,
        ordered=_ordered(ledger, group.lots),
        delivered=_delivered(ledger, group.lots, group.delivered),
        basis=_spell_basis(group.basis),
        share=group.delivered / group.ordered if group.delivered is not None else None,
        due=_due(ledger, group.lots),
        disputed=len(group.conflicts),
        lots=tuple(_lot_line(ledger, item) for item in group.lots) if len(group.lots) > 1 else (),
        vague=group.basis == "delivered_unstated",
    )


def _spell_basis(basis: str | None) -> str:
    return say(f"basis.{basis}") if basis and knows(f"basis.{basis}") else ""


def _lot_line(ledger: Ledger, item: LotStatus) -> SystemLine:
    origin = _lot_origin(ledger, item)
    lot = item.lot
    return SystemLine(
        name=formats.clean(ledger.name_of(item.lot.lot_id)),
        unit=formats.clean(lot.lot_id),
        ordered=Fact(formats.quantity(lot.quantity, "item", ledger.units, lot.qualifier), (origin,)),
        delivered=_delivered(ledger, (item,), item.delivered.count),
        basis=_spell_basis(item.delivered.basis),
        share=item.share,
        due=Fact(formats.date(lot.due), (origin,)) if lot.due else None,
        disputed=len(item.conflicts),
    )


def _ordered(ledger: Ledger, lots: Iterable[LotStatus]) -> Fact:
    held = list(lots)
    origins = merge(_lot_origin(ledger, item) for item in held)
    derived = say("derived.firm_lots") if len(held) > 1 else ""
    return Fact(formats.number(sum(item.lot.quantity for item in held)), origins, derived)


def _delivered(ledger: Ledger, lots: Iterable[LotStatus], count: int | None) -> Fact | None:
    if count is None:
        return None
    chosen = [item.delivered.chosen for item in lots]
    known = [figure for figure in chosen if figure is not None]
    last = max((figure.days.latest for figure in known), default=ledger.day)
    return Fact(
        formats.number(count),
        merge(origin_of_figure(ledger, figure) for figure in known),
        derived=say("derived.lots") if len(known) > 1 else "",
        weak=any(figure.weak for figure in known),
        note=say("derived.newest", day=formats.spell_day(last)),
    )


def _due(ledger: Ledger, lots: Iterable[LotStatus]) -> Fact | None:
    dated = [item for item in lots if item.lot.due]
    if not dated:
        return None
    last = max(dated, key=lambda item: parse_date(item.lot.due or "").latest)
    return Fact(formats.due_words(last.lot.due), (_lot_origin(ledger, last),))


def _beyond(ledger: Ledger, item: LotStatus) -> Beyond:
    lot = item.lot
    kinds = ledger.package.categories("lots", "kind")
    kind = kinds[lot.kind].label if lot.kind in kinds else lot.kind
    words = formats.quantity(lot.quantity, "item", ledger.units, lot.qualifier)
    return Beyond(formats.clean(ledger.name_of(item.lot.lot_id)), kind, Fact(words, (_lot_origin(ledger, item),)))


def _contracts(ledger: Ledger, status: Status) -> tuple[Contract, ...]:
    """Return instruments, each under the one it carries out."""
    groups = {group.identifier: group for group in status.instruments}
    kinds = {value: c.label for value, c in ledger.package.categories("instruments", "kind").items()}
    states = {value: c.label for value, c in ledger.package.categories("instruments", "status").items()}
    children: dict[str, list[str]] = {}
    for identifier, group in groups.items():
        parent = group.row.get("parent") or ""
        children.setdefault(parent if parent in groups else "", []).append(identifier)
    found: list[Contract] = []
    waiting = [(identifier, 0) for identifier in reversed(_by_signing(children.get("", []), groups))]
    seen: set[str] = set()
    while waiting:
        identifier, depth = waiting.pop()
        if identifier in seen:
            continue
        seen.add(identifier)
        row = groups[identifier].row
        values = [f for f in ledger.figures(identifier, "value") if f.rank != "deprecated"]
        found.append(Contract(
            formats.clean(row.get("name")), kinds.get(row.get("kind") or "", ""), row.get("kind") or "",
            states.get(row.get("status") or "", ""),
            formats.date(row.get("signed")), tuple(fact_of(ledger, figure) for figure in values),
            origin_of(ledger, "instruments", row), min(depth, 3),
        ))  # fmt: skip
        below = _by_signing(children.get(identifier, []), groups)
        waiting += [(child, depth + 1) for child in reversed(below)]
    return tuple(found)


def _by_signing(identifiers: list[str], groups: dict[str, GroupStatus]) -> list[str]:
    return sorted(identifiers, key=lambda one: str(groups[one].row.get("signed") or "9999"))


def _decimals(value: float) -> int:
    """Return how many decimals a number is printed with, at least one: a sum is not told more exactly than that."""
    return max(1, len(f"{value:.6f}".rstrip("0").partition(".")[2]))


def _money(ledger: Ledger, status: Status) -> Money | None:
    total = status.total
    if total is None:
        return None
    unit = ledger.units[total.stated.unit]
    bare = next(
        (u.value for u in ledger.units.values()
         if (u.currency, u.scale, u.basis) == (unit.currency, unit.scale, None)), total.stated.unit)  # fmt: skip
    parts = [figure for _, figure, _ in total.parts]
    bases = tuple(dict.fromkeys(ledger.units[figure.unit].basis or say("derived.unstated") for figure in parts))
    summed = Fact(
        formats.quantity(round(total.total, _decimals(total.stated.value)), bare, ledger.units),
        merge(origin_of_figure(ledger, figure) for figure in parts),
        derived=say("derived.contracts"),
    )
    missing = tuple(formats.clean(ledger.name_of(one)) for one in total.missing)
    stated = fact_of(ledger, total.stated)
    return Money(stated, summed, len(parts), missing, bases, total.total - total.stated.value)
