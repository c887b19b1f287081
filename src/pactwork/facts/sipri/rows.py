"""Order lines become the rows of a case's tables."""

from __future__ import annotations

from pactwork.errors import Problem, quoted
from pactwork.facts.figures import ABOUT_TOLERANCE
from pactwork.facts.sipri.collecting import CERTAIN, MARKED, Tables, completed_in, describe_line
from pactwork.facts.sipri.comments import LocalWork, Remark, read_comment
from pactwork.facts.sipri.naming import fold, in_order, slug
from pactwork.facts.sipri.promises import add_local_work, add_value, note_rest, note_shared_values
from pactwork.facts.sipri.register import OrderLine
from pactwork.facts.sipri.span import Span
from pactwork.facts.sipri.states import find_code


def make_tables(lines: list[OrderLine], tables: Tables) -> Tables:
    """Fill the tables from the order lines of one pair of states."""
    tables.actors = (tables.names.give(slug(tables.buyer.name)), tables.names.give(slug(tables.seller.name)))
    roles = ("Recipient of the arms.", "Supplier of the arms.")
    for actor, side, role in zip(tables.actors, (tables.buyer, tables.seller), roles, strict=True):
        country = side.code if side.is_state else None
        row = {"actor_id": actor, "name": side.name, "kind": side.kind, "country": country, "role": role}
        tables.add("actors", row | {"note": side.note})
    read = in_order((line, read_comment(line.comment)) for line in lines)
    systems = _add_systems(read, tables)
    lots = [tables.names.give(f"{systems[_kind(line)]}-{line.year}") for line, _ in read]
    for (line, remark), lot in zip(read, lots, strict=True):
        _add_order(line, remark, lot, systems[_kind(line)], tables)
    note_shared_values(read, tables)
    return tables


def _kind(line: OrderLine) -> tuple[str, str]:
    """Return what makes two lines the same equipment: a gun and its chassis share a designation, not a kind."""
    return fold(line.designation), fold(line.description)


def _add_systems(read: list[tuple[OrderLine, Remark]], tables: Tables) -> dict[tuple[str, str], str]:
    """Add a row for each type of equipment; spellings that drift are its other names."""
    groups: dict[tuple[str, str], list[tuple[OrderLine, Remark]]] = {}
    for line, remark in read:
        groups.setdefault(_kind(line), []).append((line, remark))
    shared = [designation for designation, _ in groups]
    identifiers = {}
    for kind, members in sorted(groups.items()):
        spellings = [line.designation for line, _ in members]
        name = max(dict.fromkeys(sorted(spellings)), key=spellings.count)
        category = members[0][0].description or "not described"
        several = shared.count(kind[0]) > 1
        identifiers[kind] = tables.names.give(slug(f"{name} {category}") if several else slug(name))
        others = [*sorted(set(spellings) - {name}), *(n for _, remark in members for n in (*remark.names,))]
        aliases = [part.replace(";", ",").strip() for part in dict.fromkeys(others)]
        row = {
            "system_id": identifiers[kind],
            "name": f"{name} ({category})" if several else name,
            "aliases": ";".join(part for part in aliases if part),
            "category": category,
            "unit": f"item: {category}",
        }
        tables.add("systems", row, members[0][0])
    return identifiers


def _add_order(line: OrderLine, remark: Remark, lot: str, system: str, tables: Tables) -> None:
    """Add everything one line says: instrument, lot, figures, promises to industry, deliveries."""
    where = f"{tables.file}:{line.line}"
    firm = not remark.not_ordered
    order = tables.names.give(f"{lot}-{'order' if firm else 'selection'}")
    number = "an unknown number of" if line.ordered is None else f"{line.ordered}"
    date = tables.span.year_as_date(line.year, uncertain=line.year_uncertain)
    grade = MARKED if line.year_uncertain else CERTAIN
    row = {
        "instrument_id": order,
        "name": f"{'Order' if firm else 'Selection, not yet ordered'}: {number} {line.designation} ({line.year})",
        "kind": "contract" if firm else "framework",
        "domain": "arms_supply",
        "level": "industrial",
        "signed": date if firm else None,
        "parties": ";".join(tables.actors),
        "note": None if line.ordered else describe_line(line),
    }
    last = completed_in(line) if firm else None
    if last is None or last > line.year:
        status = "signed" if firm else "negotiated"
        tables.add("instruments", row | {"as_of": date, "status": status}, line, grade)
    if last is not None:
        done = tables.span.year_as_date(max(last, line.year))
        tables.add("instruments", row | {"as_of": done, "status": "completed"}, line, grade)
    due = _read_due(line, remark, where, tables)
    if line.ordered:
        _add_lots(line, remark, lot, order, system, due, tables)
    else:
        found, fix = quoted(line.ordered), "the order is kept without a lot: add one when the number is known"
        tables.unread.append(Problem(f"{where} number ordered", found, "the number of items", fix))
    _add_deliveries(line, remark, lot if line.ordered else order, tables)
    add_value(line, remark, order, where, tables)
    add_local_work(line, remark, (lot, order, system), due, tables)
    note_rest(line, remark, where, tables)


def _read_due(line: OrderLine, remark: Remark, where: str, tables: Tables) -> str | None:
    if remark.window is None:
        return None
    due = remark.window.as_edtf(line.year)
    if due is None:
        expected = f"a window from {line.year} on, when it was ordered"
        fix = "kept in the note only: check the order's year"
        tables.unread.append(Problem(f"{where} comments", quoted(remark.window.text), expected, fix))
    return due


def _add_lots(
    line: OrderLine, remark: Remark, lot: str, order: str, system: str, due: str | None, tables: Tables
) -> None:
    about = line.ordered_uncertain
    qualifier = "at_most" if remark.partly_ordered else "about" if about else "exact"
    used = remark.second_hand or (line.condition.casefold() if "second" in line.condition.casefold() else "")
    common = {
        "as_of": tables.span.year_as_date(line.year, uncertain=line.year_uncertain),
        "instrument_id": order,
        "system_id": system,
        "variant": ", ".join(part for part in (remark.variant, used) if part) or None,
        "condition": _condition(used),
    }
    row = common | {
        "lot_id": lot,
        "quantity": line.ordered,
        "qualifier": qualifier,
        "due": due,
        "made_in": _made_in(remark.local, tables),
        "kind": "framework" if remark.not_ordered else "firm",
        "note": describe_line(line),
    }
    tables.add("lots", row, line, MARKED if about or line.year_uncertain else CERTAIN)
    if remark.option and not remark.not_ordered:
        note = "An option when the order was placed; the register does not say here whether it was taken up."
        name = tables.names.give(f"{lot}-option")
        tables.add("lots", common | {"lot_id": name, "quantity": remark.option, "kind": "option", "note": note}, line)


def _condition(used: str) -> str | None:
    """Return the condition of a lot; nothing where the register only thinks that it may be second hand."""
    if "possibly" in used or "probably" in used:
        return None
    return "modernized" if "modernized" in used else "second_hand" if used else "new"


def _made_in(local: tuple[LocalWork, ...], tables: Tables) -> str | None:
    """Return ISO codes of where a lot is made, where the comment says so; the supplier makes what is not local."""
    work = [(item, find_code(item.place)) for item in local if item.kind == "local_production" and item.place]
    codes = [code for _, code in work if code]
    if not codes:
        return None
    whole = any(item.whole and code for item, code in work)
    rest = [] if whole or not tables.seller.is_state else [tables.seller.code]
    return ";".join(dict.fromkeys([*rest, *codes]))


def _add_deliveries(line: OrderLine, remark: Remark, subject: str, tables: Tables) -> None:
    """Add the count of deliveries: at the end of the last year that had any, and up to which the export counts."""
    if not line.delivered and (remark.not_ordered or not line.ordered):
        return
    span = tables.span
    partial = span.counted_since is not None and line.year < span.counted_since
    qualifier = "at_least" if partial else "about" if line.delivered_uncertain else "exact"
    slack = 1 + ABOUT_TOLERANCE if line.ordered_uncertain else 1.0
    least = line.delivered * (1 - ABOUT_TOLERANCE if qualifier == "about" else 1.0)
    exceeds = bool(line.ordered) and least > (line.ordered or 0) * slack
    notes = [f"Years with deliveries: {', '.join(map(str, line.years))}."] if line.years else []
    if partial:
        notes.append(f"The export counts deliveries since {span.counted_since} only, and the order is older.")
    if exceeds:
        notes.append("The register counts more delivered than ordered; kept, and not made to stand.")
        expected, fix = f"at most the {line.ordered} ordered", "the figure is kept as deprecated: check the order"
        where = f"{tables.file}:{line.line} number delivered"
        tables.unread.append(Problem(where, str(line.delivered), expected, fix))
    days = [span.counted.isoformat()]
    if line.delivered and line.years and line.years[-1] < span.counted.year:
        days.insert(0, str(line.years[-1]))
    row = {
        "subject": subject,
        "measure": "delivered_unstated",
        "value": line.delivered,
        "qualifier": qualifier,
        "unit": "item",
        "rank": "deprecated" if exceeds else "normal",
        "note": " ".join(notes),
    }
    for day in days:
        tables.add("figures", row | {"as_of": day}, line, MARKED if line.delivered_uncertain else CERTAIN)
    _add_event(line, subject, tables)


def _add_event(line: OrderLine, subject: str, tables: Tables) -> None:
    known = [year for year in line.years if year <= tables.span.as_of.year]
    if not known or not line.delivered:
        return
    ends = dict.fromkeys((known[0], known[-1]))
    number = f"{'about ' if line.delivered_uncertain else ''}{line.delivered}"
    row = {
        "event_id": tables.names.give(f"{subject}-deliveries"),
        "date": _span_of(list(ends), tables.span),
        "kind": "delivery",
        "title": f"{tables.buyer.name} receives {number} {line.designation}, ordered {line.year}",
        "domain": "arms_supply",
        "level": "industrial",
        "actors": ";".join(tables.actors),
        "note": f"Years with deliveries: {', '.join(map(str, known))}.",
    }
    tables.add("events", row, line, MARKED if line.delivered_uncertain else CERTAIN)


def _span_of(years: list[int], span: Span) -> str:
    if len(years) == 1:
        return span.year_as_date(years[0])
    last = span.as_of.isoformat() if years[1] == span.as_of.year else str(years[1])
    return f"{years[0]}/{last}"
