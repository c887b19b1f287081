"""What an order line says of money and of work at home, and what it says that no fact is made of."""

from __future__ import annotations

from pactwork.errors import Problem, quoted
from pactwork.facts.sipri.collecting import CERTAIN, MARKED, POSSIBLE, Row, Tables, completed_in
from pactwork.facts.sipri.comments import Remark
from pactwork.facts.sipri.register import OrderLine
from pactwork.facts.sipri.states import find_code


def add_value(line: OrderLine, remark: Remark, order: str, where: str, tables: Tables) -> None:
    """Add the value of an order, where the comment gives one that is this order's own."""
    money = remark.money
    if money is None:
        return
    if remark.not_ordered:
        why, fix = "the value of something ordered", "kept in the note only"
        tables.noted.append(Problem(f"{where} comments", quoted(money.text), why, fix))
        return
    grade = POSSIBLE if money.doubtful else MARKED if money.qualifier == "about" else CERTAIN
    middle = " The middle of the range stands as the value." if money.low is not None else ""
    row = {
        "subject": order,
        "measure": "value",
        "as_of": tables.span.year_as_date(line.year, uncertain=line.year_uncertain),
        "value": money.value,
        "low": money.low,
        "high": money.high,
        "qualifier": money.qualifier,
        "unit": money.unit,
        "rank": "normal",
        "note": f"As the register gives it: {money.text}. It does not say whether tax is in.{middle}",
    }
    tables.add("figures", row, line, grade)


def add_local_work(line: OrderLine, remark: Remark, ids: tuple[str, str, str], due: str | None, tables: Tables) -> None:
    """Add what was promised to the recipient's industry."""
    lot, order, system = ids
    date = tables.span.year_as_date(line.year, uncertain=line.year_uncertain)
    last = completed_in(line)
    words = {"local_production": "Production or assembly", "components": "Production of components"}
    for work in remark.local:
        place = work.place or tables.buyer.name
        if work.place and find_code(work.place) is None:
            where = f"{tables.file}:{line.line} comments"
            fix = "the promise is kept; made_in is left empty"
            tables.unread.append(Problem(where, quoted(work.place), "the name of a state", fix))
        covers = "the whole order" if work.whole else f"{work.count} items" if work.count else "part of the order"
        suffix = "licence" if work.kind == "local_production" else "components"
        row: Row = {
            "commitment_id": tables.names.give(f"{lot}-{suffix}"),
            "instrument_id": order,
            "system_id": system,
            "kind": work.kind,
            "domain": "local_production",
            "level": "industrial",
            "summary": f"{words[work.kind]} in {place}: {covers}.",
            "promised_by": tables.actors[1],
            "promised_to": tables.actors[0],
            "quantity": work.count or (line.ordered if work.whole else None),
            "of_quantity": line.ordered,
            "due": due,
        }
        state = "negotiated" if remark.not_ordered else "agreed"
        if last is None or last > line.year or remark.not_ordered:
            tables.add("commitments", row | {"as_of": date, "state": state}, line)
        if last is not None and not remark.not_ordered:
            done = tables.span.year_as_date(max(last, line.year))
            tables.add("commitments", row | {"as_of": done, "state": "done"}, line)


def note_rest(line: OrderLine, remark: Remark, where: str, tables: Tables) -> None:
    """List what the comment says beyond the facts made of it."""
    where, kept = f"{where} comments", "kept word for word in the note only"
    for phrase, why in remark.unused:
        tables.noted.append(Problem(where, quoted(phrase), f"the value of this order; this is {why}", kept))
    for phrase in remark.rest:
        tables.noted.append(Problem(where, quoted(phrase), "a date, a value, a version or a place of work", kept))
    if remark.partly_ordered:
        fix = "the number is marked as 'at most': split the lot by hand"
        tables.unread.append(Problem(where, quoted(line.comment), "an order placed in full", fix))


def note_shared_values(read: list[tuple[OrderLine, Remark]], tables: Tables) -> None:
    """List orders that give the same value: it may be that of one deal told twice."""
    seen: dict[str, OrderLine] = {}
    for line, remark in read:
        if remark.money is None or remark.not_ordered:
            continue
        first = seen.setdefault(remark.money.text, line)
        if first is not line:
            found, expected = quoted(remark.money.text), f"a value of its own (line {first.line} has the same)"
            fix = "both are kept: check that it is not one deal told twice"
            tables.noted.append(Problem(f"{tables.file}:{line.line} comments", found, expected, fix))
