"""What an audit looks for: each row of a case as the numbers, dates and names its source must show."""

from __future__ import annotations

import ast
import datetime as dt
import operator
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pactwork.facts.audit.passages import Binding
from pactwork.facts.audit.subjects import Subjects
from pactwork.facts.dates import Interval, parse_date
from pactwork.facts.quantities import find_quantities
from pactwork.facts.schema import Category

Row = Mapping[str, Any]
_PLAIN_UNITS = frozenset(("items", "count", "rounds", "rate", ""))
_DERIVED = re.compile(r"\bderived:\s*(.*)", re.IGNORECASE | re.DOTALL)
_SUM = re.compile(r"[(\d][\d.,\s()]*[-−–+*/×][-−–+*/×\d.,\s()]*[\d)]")
_SUM_IN_WORDS = re.compile(r"(\d[\d,.]*)[^.\d]*?\b(less|minus|plus)\b[^.\d]*?(\d[\d,.]*\d|\d)")
_OPERATIONS: Mapping[type, Any] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip


@dataclass(frozen=True)
class Sought:
    """One number or date that a row says its source has.

    ``value`` has the scale of its unit applied; ``unit`` is empty for a count; ``interval`` is set for dates.
    ``qualifier`` None accepts any hedging; ``end_only`` compares the last year of a date alone.
    """

    label: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    currency: str = ""
    qualifier: str | None = None
    interval: Interval | None = None
    end_only: bool = False
    any_unit: bool = False
    bindings: tuple[Binding, ...] = ()


def seek_row(table: str, row: Row, subjects: Subjects) -> tuple[list[Sought], list[Binding], str]:
    """Return what a row's source must show: numbers and dates, and names.

    The third part says what is wrong with the row itself, if anything: arithmetic that does not come out.
    """
    derived = _seek_derived(table, row, subjects)
    if derived is not None:
        return derived
    seek = {
        "figures": _seek_figure, "lots": _seek_lot, "shipments": _seek_shipment, "transfers": _seek_transfer,
        "commitments": _seek_commitment, "requirements": _seek_requirement, "polls": _seek_poll,
        "events": _seek_event, "elections": _seek_election, "instruments": _seek_instrument, "formats": _seek_format,
        "trade": _seek_trade, "claims": _seek_text, "recommendations": _seek_text,
    }.get(table)  # fmt: skip
    names = []
    if table == "systems" and (own := subjects.names(row["system_id"])):
        names.append(Binding(own))
    return list(seek(row, subjects)) if seek else [], names, ""


# -- one table each ---------------------------------------------------------------------------------------------


def _seek_figure(row: Row, subjects: Subjects) -> Iterator[Sought]:
    unit = subjects.units.get(row["unit"] or "")
    measure = row["measure"] or ""
    bindings = subjects.bind(row["subject"])
    words = subjects.bind_words("figures", "measure", measure)
    yield _number(row, unit, (*bindings, *words))


def _seek_lot(row: Row, subjects: Subjects) -> Iterator[Sought]:
    bindings = subjects.bind(row["lot_id"])
    words = subjects.bind_words("lots", "kind", row["kind"] or "")
    hedge = row["qualifier"] or "exact"
    yield Sought(_say(row["quantity"]), row["quantity"], qualifier=hedge, bindings=(*bindings, *words))
    if (due := _interval(row["due"])) is not None:
        # A deadline may be shared ("from 2026"): it must only not be another system's.
        lone = tuple(replace(each, required=False, local=True) for each in bindings)
        yield Sought(f"due {row['due']}", interval=due, end_only=True, bindings=lone)


def _seek_shipment(row: Row, subjects: Subjects) -> Iterator[Sought]:
    yield Sought(_say(row["quantity"]), row["quantity"], bindings=subjects.bind(row["lot_id"]))
    for column in ("left", "arrived"):
        yield from _date(row[column])


def _seek_transfer(row: Row, subjects: Subjects) -> Iterator[Sought]:
    if row["quantity"] is not None:
        words = subjects.bind_words("figures", "measure", "donated", anywhere=True)
        yield Sought(_say(row["quantity"]), row["quantity"], qualifier=row["qualifier"] or "exact", bindings=words)
    interval = _interval(row["date"])
    # A period or a rough date is the author's summary of when, not what the source prints.
    if interval is not None and not interval.approximate and "/" not in interval.text:
        yield from _date(row["date"])


def _seek_commitment(row: Row, subjects: Subjects) -> Iterator[Sought]:
    bindings = subjects.bind(row["system_id"]) if row["system_id"] else ()
    for column in ("quantity", "of_quantity"):
        if row[column] is not None:
            yield Sought(_say(row[column]), row[column], bindings=bindings)
    if (due := _interval(row["due"])) is not None:
        yield Sought(f"due {row['due']}", interval=due, end_only=True)


def _seek_requirement(row: Row, subjects: Subjects) -> Iterator[Sought]:
    yield Sought(_say(row["quantity"]), row["quantity"], bindings=subjects.bind(row["system_id"]))


def _seek_poll(row: Row, subjects: Subjects) -> Iterator[Sought]:
    yield Sought(f"{_say(row['percent'])} %", row["percent"], unit="percent", bindings=subjects.bind_option(row))
    interval = _join(row["fieldwork_start"], row["fieldwork_end"])
    if interval is not None:
        yield Sought(f"fieldwork {interval.text}", interval=interval)
    if row["sample_size"] is not None and not subjects.has_other_report(row):
        yield Sought(f"n = {row['sample_size']}", row["sample_size"])


def _seek_event(row: Row, subjects: Subjects) -> Iterator[Sought]:
    yield from _date(row["date"], subjects.bind_parties(row["actors"], row["title"]))


def _seek_election(row: Row, subjects: Subjects) -> Iterator[Sought]:
    yield from _date(row["date"], subjects.bind_title(row["office"]))


def _seek_instrument(row: Row, subjects: Subjects) -> Iterator[Sought]:
    if row["signed"]:
        yield from _date(row["signed"], subjects.bind_parties(row["parties"], row["name"]))


def _seek_format(row: Row, subjects: Subjects) -> Iterator[Sought]:
    if row["since"]:
        yield from _date(row["since"], subjects.bind_title(row["name"]))


def _seek_trade(row: Row, subjects: Subjects) -> Iterator[Sought]:
    unit = subjects.trade_units.get(row["unit"] or "")
    yield _number(row, unit, subjects.bind_words("trade", "flow", row["flow"] or ""))
    yield from _date(str(row["year"]))


def _seek_text(row: Row, subjects: Subjects) -> Iterator[Sought]:
    """Look for every number of a text in the author's own words; its hedging may differ."""
    for quantity in find_quantities(row["text"] or "", subjects.published):
        if quantity.interval is not None:
            yield Sought(quantity.text, interval=quantity.interval, value=quantity.value)
        elif not (quantity.spelt and quantity.value <= 2 and not quantity.unit):
            yield Sought(
                quantity.text, quantity.value, quantity.low, quantity.high, quantity.unit, quantity.currency,
                any_unit=not quantity.unit and not quantity.currency,
            )  # fmt: skip


# -- derived rows -----------------------------------------------------------------------------------------------


def _seek_derived(table: str, row: Row, subjects: Subjects) -> tuple[list[Sought], list[Binding], str] | None:
    """Return what a derived row's source must show: the printed numbers it was reckoned from.

    A note "derived: 672 - 364" excuses nothing: the arithmetic is done again and each number is looked for.
    """
    match = _DERIVED.search(row.get("note") or "")
    column = {"figures": "value", "lots": "quantity", "commitments": "quantity", "trade": "value"}.get(table)
    if match is None or column is None or row.get(column) is None:
        return None
    expression = _find_sum(match[1])
    # What multiplies or divides by a few (halves, months) is arithmetic, not a printed figure.
    numbers = re.findall(r"(?<![\d.])\d+(?:\.\d+)?", re.sub(r"[*/]\s*(?:1[0-2]|\d)(?![\d.])", "", expression))
    if len(numbers) < 2:
        return None
    result, value = _reckon(expression), abs(row[column])
    wrong = ""
    # Half of the last digit that the row gives.
    tolerance = 0.5 * 10.0 ** -len(f"{value:.10g}".partition(".")[2]) + 1e-9
    if result is None or abs(abs(result) - value) > tolerance:
        came_out = "nothing" if result is None else _say(result)
        wrong = f"{expression} comes to {came_out}, the row says {_say(row[column])}"
    unit = subjects.units.get(row.get("unit") or "")
    subject = row.get("subject") or row.get("lot_id") or row.get("system_id") or ""
    bindings = tuple(each for each in subjects.bind(subject) if not each.anywhere)
    sought = []
    for number in dict.fromkeys(numbers):
        scale = (unit.scale if unit else None) or 1.0
        kind, currency = _dimension(unit)
        sought.append(Sought(number, float(number) * scale, unit=kind, currency=currency, bindings=bindings))
    return sought, [], wrong


def _find_sum(note: str) -> str:
    """Return the sum a note does: "672 - 364", or "672 in the framework less 364 in contracts"; empty without one."""
    if match := _SUM.search(note):
        found = match[0]
    elif match := _SUM_IN_WORDS.search(note):
        found = f"{match[1]} {'+' if match[2] == 'plus' else '-'} {match[3]}"
    else:
        return ""
    plain = re.sub(r"[−–]", "-", found).replace("×", "*").strip(" .,")
    return re.sub(r"(?<=\d)[ ,](?=\d{3}\b)", "", plain)


def _reckon(expression: str) -> float | None:
    """Do sums of plain numbers; None for anything else."""

    def value(node: ast.expr) -> float:
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return float(node.value)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -value(node.operand)
        if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
            return float(_OPERATIONS[type(node.op)](value(node.left), value(node.right)))
        raise ValueError("not a sum")

    try:
        return value(ast.parse(expression.strip(), mode="eval").body)
    except (SyntaxError, ValueError, ZeroDivisionError, OverflowError, RecursionError):
        return None


# -- numbers and dates ------------------------------------------------------------------------------------------


def _number(row: Row, unit: Category | None, bindings: tuple[Binding, ...]) -> Sought:
    scale = (unit.scale if unit else None) or 1.0
    value, low, high = (None if row.get(name) is None else row[name] * scale for name in ("value", "low", "high"))
    label = f"{_say(row['value'])} {unit.label if unit else row['unit'] or ''}".strip()
    kind, currency = _dimension(unit)
    return Sought(label, value, low, high, kind, currency, row["qualifier"] or "exact", bindings=bindings)


def _dimension(unit: Category | None) -> tuple[str, str]:
    """Return what a text must show beside the number: a unit of measurement, a currency, or neither for counts."""
    if unit is None or (unit.dimension or "") in _PLAIN_UNITS:
        return "", ""
    if unit.currency:
        return "", unit.currency
    return "percent" if unit.value.startswith("percent") else unit.value, ""


def _say(number: float | None) -> str:
    return "nothing" if number is None else f"{number:,.10g}"


def _date(text: str | None, bindings: tuple[Binding, ...] = ()) -> Iterator[Sought]:
    interval = _interval(text)
    # What has no beginning ("../2024-10") claims no date.
    if interval is not None and interval.earliest != dt.date.min:
        yield Sought(str(text), interval=interval, bindings=bindings)


def _interval(text: str | None) -> Interval | None:
    try:
        return parse_date(text) if text else None
    except ValueError:
        return None


def _join(start: str | None, end: str | None) -> Interval | None:
    first, last = _interval(start), _interval(end)
    if first is None or last is None:
        return last or first
    return Interval(first.earliest, last.latest, f"{start}/{end}" if start != end else str(end))
