"""How results look on a terminal; the command line's own pen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from pactwork.errors import Problem
from pactwork.facts.diff import Difference
from pactwork.facts.ledger import Ledger
from pactwork.facts.status import GroupStatus, LotStatus, Status
from pactwork.terminal.shared import OUT, make_table, print_problems, spell_count

if TYPE_CHECKING:  # brief brings the charting library, which only its own command should wait for
    from pactwork.brief import Brief
    from pactwork.facts.sipri import ImportReport

_ABOVE = ("partnership", "treaty")
"""Instruments over several types of equipment, whose items do not add up to anything."""


def print_check(case: str, problems: Sequence[Problem], discrepancies: Sequence[Problem]) -> None:
    """Print the outcome of a check."""
    if problems:
        print_problems(OUT, problems)
        return
    OUT.print(f"{escape(case)}: no problem")
    if discrepancies:
        noun = "discrepancy" if len(discrepancies) == 1 else "discrepancies"
        OUT.print(f"\n{len(discrepancies)} {noun}: kept, and shown in the brief")
        for one in discrepancies:
            OUT.print(f"  {one}", markup=False, soft_wrap=True)


def print_status(ledger: Ledger, status: Status) -> None:
    """Print where the partnership stands: per system, then per lot."""
    OUT.print(f"[bold]{escape(ledger.about.title)}[/bold], as of {status.as_of}\n")
    if not status.systems:
        OUT.print("The case holds no firm order.")
    else:
        _print_systems(status.systems)
        _print_lots(status.lots)
        _print_instruments([one for one in status.instruments if one.lots and one.row["kind"] not in _ABOVE])
    if status.total:
        stated = status.total.stated
        currency, _, scale = ledger.units[stated.unit].label.partition(" ")
        parts = spell_count(len(status.total.parts), "contract")
        OUT.print(
            f"\nContracts: {stated.value:g} {scale} {currency} stated ({escape(stated.source_id)}, {stated.grade}),\n"
            f"{status.total.total:.4g} {scale} {currency} as the sum of {parts}."
        )


def _shown(number: int | None) -> str:
    return "–" if number is None else f"{number:,}"


def _print_systems(systems: Sequence[GroupStatus]) -> None:
    table = make_table(
        "system", "ordered", "delivered", "share", "due", "counted as", right=("ordered", "delivered", "share")
    )
    for group in systems:
        share = f"{group.delivered / group.ordered:.0%}" if group.delivered is not None and group.ordered else "–"
        basis = (group.basis or "–").replace("_", " ")
        table.add_row(
            escape(group.name), _shown(group.ordered), _shown(group.delivered), share, group.due or "–", basis
        )
    OUT.print(table)


def _print_lots(lots: Sequence[LotStatus]) -> None:
    table = make_table(
        "lot", "kind", "items", "delivered", "due", "latest source", "disputed", right=("items", "delivered")
    )
    for item in lots:
        chosen = item.delivered.chosen
        source = f"{chosen.source_id} {chosen.grade}" if chosen else "–"
        disputed = "yes" if item.conflicts else ""
        count = _shown(item.delivered.count)
        cells = (
            item.lot.lot_id,
            item.lot.kind,
            _shown(item.lot.quantity),
            count,
            item.lot.due or "–",
            source,
            disputed,
        )
        table.add_row(*(escape(cell) for cell in cells))
    OUT.print()
    OUT.print(table)


def _print_instruments(instruments: Sequence[GroupStatus]) -> None:
    table = make_table("instrument", "signed", "ordered", "delivered", "due", right=("ordered", "delivered"))
    for one in instruments:
        signed = one.row["signed"] or "–"
        cells = (one.identifier, signed, _shown(one.ordered), _shown(one.delivered), one.due or "–")
        table.add_row(*(escape(cell) for cell in cells))
    OUT.print()
    OUT.print(table)


def print_audit(audit: dict[str, Any]) -> None:
    """Print the outcome of an audit: what was not found first."""
    OUT.print(f"{escape(audit['source'])}: {audit['found']} of {audit['cited']} cited rows found where they say")
    for row in audit["rows"]:
        if row["verdict"] != "found":
            place = f", stands at {row['place']}" if row["verdict"] == "elsewhere" and row["place"] else ""
            line = f"  {row['verdict']:9} {row['table']}:{row['row']} {row['value']}{place}"
            OUT.print(line, markup=False, soft_wrap=True)
    if audit["uncited"]:
        OUT.print(f"\n{spell_count(len(audit['uncited']), 'number')} of the document that no row uses:")
        for number in audit["uncited"]:
            OUT.print("  " + " · ".join(str(value) for value in number.values()), markup=False, soft_wrap=True)


def print_diff(difference: Difference) -> None:
    """Print what changed between two versions of a case."""
    if not difference:
        OUT.print("No difference.")
        return
    if difference.standing:
        OUT.print("[bold]Figures that stand otherwise[/bold]")
        for change in difference.standing:
            line = f"  {change.subject} {change.measure}: {change.old or 'nothing'} → {change.new or 'nothing'}"
            OUT.print(line, markup=False, soft_wrap=True)
    if difference.rows:
        OUT.print("[bold]Rows[/bold]")
    for row in difference.rows:
        _print_change(row.kind, f"{row.table}: {row.key}", row.cells)
    if difference.assumptions:
        OUT.print("[bold]Assumptions[/bold]")
    for one in difference.assumptions:
        _print_change(one.kind, one.name, one.cells)
    if difference.scenarios:
        OUT.print("[bold]Scenarios[/bold]")
    for scenario in difference.scenarios:
        if scenario.cells or scenario.kind != "changed":
            _print_change(scenario.kind, scenario.name, scenario.cells)
        for one in scenario.overrides if scenario.kind == "changed" else ():
            _print_change(one.kind, f"{scenario.name}: {one.name}", one.cells)


def _print_change(kind: str, name: str, cells: Mapping[str, tuple[Any, Any]]) -> None:
    """Print one entry that was added, removed or changed, and what of it changed."""
    told = ""
    if kind == "changed":
        told = ": " + "; ".join(f"{column} {_tell(old)} → {_tell(new)}" for column, (old, new) in cells.items())
    OUT.print(f"  {kind:8} {name}{told}", markup=False, soft_wrap=True)


def _tell(value: object) -> str:
    """Return a cell in words; a list of numbers without the noise of how they are held."""
    if isinstance(value, list):
        return "[" + ", ".join(f"{one:g}" for one in value) + "]"
    return str(value)


def print_new(folder: Path, files: Sequence[Path]) -> None:
    """Print what a new case consists of, and what to do next."""
    guide = next((file for file in files if file.name in ("README.md", "facts.xlsx")), folder)
    OUT.print(f"Made {folder} with {spell_count(len(files), 'file')}.", markup=False, soft_wrap=True)
    OUT.print(f"Next: read {guide}, fill the tables, then: pactwork check {folder}", markup=False, soft_wrap=True)


def print_import(folder: Path, report: ImportReport) -> None:
    """Print what was read from a register, and what could not be."""
    OUT.print(f"Made {escape(str(folder))} from the register.")
    for one in report.unread:
        OUT.print(f"  not read: {one}", markup=False, soft_wrap=True)
    OUT.print(f"Next: pactwork check {escape(str(folder))}, then: pactwork brief {escape(str(folder))}")


def print_brief(brief: Brief) -> None:
    """Print the answer, and where the page is."""
    for line in brief.lines:
        OUT.print(f"• {line}", markup=False)
    OUT.print(f"\n{escape(str(brief.path))}", soft_wrap=True)
