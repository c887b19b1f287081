"""Rules about single rows: units, ranges, days, judgements, sums of a poll."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from pactwork.errors import Problem, quoted
from pactwork.facts.dates import Interval, is_date, parse_date
from pactwork.facts.ledger import Ledger
from pactwork.facts.tables import LINE

_ROUNDING_POINTS = 1.0
"""How far the answers of a poll may exceed 100 % by rounding alone."""


def _where(ledger: Ledger, name: str, row: dict[str, Any], column: str) -> str:
    return f"{ledger.path_of(name)}:{row[LINE]} {column}"


def _interval(text: object) -> Interval | None:
    return parse_date(str(text)) if text is not None and is_date(str(text)) else None


def check_units(ledger: Ledger) -> Iterator[Problem]:
    """A measure must be given in a unit of its kind; contract money must name its price basis."""
    for row in ledger.rows("figures"):
        measure, unit = ledger.measures.get(row["measure"] or ""), ledger.units.get(row["unit"] or "")
        if measure is None or unit is None or measure.dimension in (None, unit.dimension):
            continue
        where = _where(ledger, "figures", row, "unit")
        if measure.dimension == "money_with_basis" and unit.dimension == "money":
            expected = f"a price basis: {unit.value}_net, {unit.value}_gross or {unit.value}_unstated"
            yield Problem(where, f"{quoted(unit.value)}, money without basis", expected, "say which the source means")
        else:
            fitting = [u.value for u in ledger.units.values() if u.dimension == measure.dimension]
            shown = ", ".join(fitting[:6]) + (" …" if len(fitting) > 6 else "")
            fix = "correct the unit or the measure"
            yield Problem(where, quoted(unit.value), f"a unit of {measure.value}: {shown}", fix)


def check_ranges(ledger: Ledger) -> Iterator[Problem]:
    """A value must lie between its low and its high end."""
    triples = {
        "figures": [("low", "value", "high")],
        "requirements": [("low", "quantity", "high")],
        "positions": [("low", "position", "high")],
        "threats": [(f"{w}_low", w, f"{w}_high") for w in ("likelihood", "severity")],
    }
    for name, columns in triples.items():
        for row in ledger.rows(name):
            for low, middle, high in columns:
                values = [row[column] for column in (low, middle, high) if row[column] is not None]
                if values != sorted(values):
                    found = " … ".join(f"{value:g}" for value in values)
                    fix = "put the three in order"
                    yield Problem(_where(ledger, name, row, middle), found, f"{low} ≤ {middle} ≤ {high}", fix)


def check_signs(ledger: Ledger) -> Iterator[Problem]:
    """Nothing but money can be counted below zero."""
    for row in ledger.rows("figures"):
        measure = ledger.measures.get(row["measure"] or "")
        if measure and measure.kind != "money" and row["value"] is not None and row["value"] < 0:
            where = _where(ledger, "figures", row, "value")
            yield Problem(where, f"{row['value']:g}", "a number from 0 up", "correct the number")


def check_order_of_days(ledger: Ledger) -> Iterator[Problem]:
    """What begins must not end before."""
    pairs = {"polls": ("fieldwork_start", "fieldwork_end"), "shipments": ("left", "arrived")}
    for name, (first, last) in pairs.items():
        for row in ledger.rows(name):
            start, end = _interval(row[first]), _interval(row[last])
            if start and end and end.latest < start.earliest:
                found = f"{row[first]} … {row[last]}"
                yield Problem(_where(ledger, name, row, last), found, f"{first} before {last}", "correct the dates")


def check_within_case(ledger: Ledger) -> Iterator[Problem]:
    """Nothing the tables describe may lie after the day up to which the case knows."""
    day = ledger.about.as_of
    for name in ledger.tables:
        column = ledger.package.table(name).time
        if column is None:
            continue
        for row in ledger.rows(name):
            when = _interval(row[column])
            planned = name == "figures" and getattr(ledger.measures.get(row["measure"] or ""), "kind", None) == "plan"
            if when and when.earliest > day and not planned:
                fix = "correct the date, leave the row out, or move the case's as_of"
                yield Problem(_where(ledger, name, row, column), quoted(row[column]), f"a date up to {day}", fix)


def check_known(ledger: Ledger) -> Iterator[Problem]:
    """What was published after the case's as_of must have been public before, and say from when."""
    day = ledger.about.as_of
    late = {
        row["source_id"]: row["published"]
        for row in ledger.rows("sources")
        if (when := _interval(row["published"])) and when.earliest > day
    }
    for name in ledger.tables:
        columns = ledger.located(name).columns
        if name == "sources" or "source_id" not in columns:
            continue
        for row in ledger.rows(name):
            known = _interval(row.get("known_from"))
            if known and known.earliest > day:
                fix = "leave the row out, or move the case's as_of"
                yield Problem(_where(ledger, name, row, "known_from"), quoted(known.text), f"a day up to {day}", fix)
            elif known is None and row["source_id"] in late:
                found = f"nothing, and a source published {late[row['source_id']]}"
                fix = "say from when it was public, and in the note how that is known, or leave the row out"
                yield Problem(_where(ledger, name, row, "known_from"), found, f"a day up to {day}", fix)


def check_due_after_signed(ledger: Ledger) -> Iterator[Problem]:
    """Nothing is due before its instrument was signed, as far as the window's first date says."""
    instruments = ledger.current("instruments")
    for row in ledger.rows("lots"):
        signed = _interval(instruments.get(row["instrument_id"] or "", {}).get("signed"))
        first = _interval((row["due"] or "").partition("/")[0] or None)
        if signed and first and first.latest < signed.earliest:
            expected = f"a window after {row['instrument_id']} was signed, {signed.text}"
            fix = "correct the window, or the instrument's signed date"
            yield Problem(_where(ledger, "lots", row, "due"), f"due {row['due']}", expected, fix)


def check_poll_totals(ledger: Ledger) -> Iterator[Problem]:
    """The answers to one question, asked of one sample, must not exceed 100 % by more than rounding."""
    key = ["question_id", "wording", "subgroup", "pollster", "fieldwork_end", "source_id"]
    polls = ledger.located("polls").drop_nulls("percent")
    totals = polls.group_by(key, maintain_order=True).agg(pl.col("percent").sum(), pl.col(LINE).max())
    for row in totals.filter(pl.col("percent") > 100 + _ROUNDING_POINTS).iter_rows(named=True):
        fix = "correct a percentage, or tell the questions apart by their wording"
        found, expected = f"{row['percent']:g} % in all", "at most 100 %"
        yield Problem(_where(ledger, "polls", row, "percent"), found, expected, fix)


def check_poll_scale(ledger: Ledger) -> Iterator[Problem]:
    """Answers of a poll must be percentages, not parts of one."""
    key = ["question_id", "wording", "subgroup", "pollster", "fieldwork_end", "source_id"]
    polls = ledger.located("polls").drop_nulls("percent")
    totals = polls.group_by(key, maintain_order=True).agg(pl.col("percent").sum(), pl.len(), pl.col(LINE).min())
    parts = totals.filter((pl.col("percent") <= 1 + _ROUNDING_POINTS / 100) & (pl.col("len") > 1))
    for row in parts.iter_rows(named=True):
        found, expected = f"answers that make {row['percent']:g} in all", "percentages, near 100 in all"
        yield Problem(_where(ledger, "polls", row, "percent"), found, expected, "write 51, not 0.51")


def check_pollster_spellings(ledger: Ledger) -> Iterator[Problem]:
    """A pollster has one spelling: under two it would count as two, each with errors of its own."""
    first: dict[str, tuple[str, int]] = {}
    told: set[str] = set()
    for row in ledger.rows("polls"):
        name = row["pollster"]
        if name is None or name in told:
            continue
        plain = "".join(char for char in name.casefold() if char.isalnum()) or name
        known, line = first.setdefault(plain, (name, row[LINE]))
        if known != name:
            told.add(name)
            expected = f"{quoted(known)}, as on line {line}"
            yield Problem(_where(ledger, "polls", row, "pollster"), quoted(name), expected, "give it one spelling")


def check_judgements(ledger: Ledger) -> Iterator[Problem]:
    """A judgement must say how far it could be off, on both sides."""
    ends = {
        "requirements": ("low", "high"),
        "positions": ("low", "high"),
        "threats": ("likelihood_low", "likelihood_high", "severity_low", "severity_high"),
    }
    for name, columns in ends.items():
        for row in ledger.rows(name):
            empty = [column for column in columns if row[column] is None]
            if row["basis"] == "judgement" and empty:
                where = _where(ledger, name, row, empty[0])
                yield Problem(where, "a judgement without range", " and ".join(columns), "give the range")
