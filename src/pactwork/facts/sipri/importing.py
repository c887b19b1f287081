"""From a register export and the names of two states to a case folder."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pactwork.errors import CaseError, Problem, quoted
from pactwork.facts.new import case_files, make_folder, quote_toml, write_table
from pactwork.facts.schema import standard, standard_text
from pactwork.facts.sipri.collecting import SOURCE_ID, Row, Tables
from pactwork.facts.sipri.naming import slug
from pactwork.facts.sipri.register import OrderLine, Register, read_register
from pactwork.facts.sipri.rows import make_tables
from pactwork.facts.sipri.span import Span, find_span
from pactwork.facts.sipri.states import Side, describe_side, find_current_code, plain

_URL = "https://www.sipri.org/databases/armstransfers"
_TERMS = (
    "© SIPRI. Free for non-commercial use with attribution, up to a tenth of the database; more, and any commercial "
    "use, needs SIPRI's permission (sipri.org, terms and conditions). Not to be passed on with this case."
)
_ATTRIBUTION = "Source: SIPRI Arms Transfers Database, © SIPRI."
_SHOWN_NAMES = 40


@dataclass(frozen=True)
class ImportReport:
    """What an import made, and what it could not make.

    ``unread`` lists every line, or part of a line, that could not be read as a fact: where it stands, what was
    found, and why. ``noted`` lists phrases that were kept word for word in a note and turned into no fact.
    """

    folder: Path
    recipient: str
    supplier: str
    as_of: str
    lines: int
    counts: dict[str, int]
    unread: tuple[Problem, ...]
    noted: tuple[Problem, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the report as a JSON object."""
        return {
            "folder": str(self.folder),
            "recipient": self.recipient,
            "supplier": self.supplier,
            "as_of": self.as_of,
            "lines": self.lines,
            "rows": self.counts,
            "unread": [problem.as_dict() for problem in self.unread],
            "noted": [problem.as_dict() for problem in self.noted],
        }


def import_register(file: str | Path, recipient: str, supplier: str, folder: str | Path) -> ImportReport:
    """Write a case for one pair of states from a SIPRI trade-register export.

    Parameters
    ----------
    file : path
        The export, as CSV: with or without its preamble, in Windows-1252 or UTF-8.
    recipient, supplier : str
        Names as the register writes them, in any case; usual other names ('Turkey') and ISO codes are understood.
    folder : path
        Where the case is made: a folder that does not exist yet, or an empty one.

    Returns
    -------
    ImportReport
        What was made, and every line or part of a line that could not be read.

    Raises
    ------
    CaseError
        When the file is no register, a name is not in it, there is no order between the two, or the folder is
        taken. Nothing is written then.
    """
    register = read_register(Path(file))
    buyers = _match_names(register, "recipient", recipient)
    sellers = _match_names(register, "supplier", supplier)
    span = find_span(register)
    lines, late = _select(register, buyers, sellers, span)
    if not lines:
        raise CaseError([_no_orders(register, recipient, supplier, buyers, sellers)])
    tables = Tables(_side(lines, "recipient"), _side(lines, "supplier"), span, register.name)
    tables.unread += [*register.unread, *late]
    make_tables(lines, tables)
    tables.rows["sources"] = [_source(register, span)]
    files, counts = _write_files(tables)
    report = ImportReport(
        Path(folder),
        tables.buyer.name,
        tables.seller.name,
        span.as_of.isoformat(),
        len(lines),
        counts,
        tuple(tables.unread),
        tuple(tables.noted),
    )
    files["import-report.md"] = _describe_import(report, register, span, tables)
    make_folder(Path(folder), files)
    return report


def _match_names(register: Register, column: str, wanted: str) -> set[str]:
    """Return the register's names for a state: as written in any case, or other spellings of the same state.

    Raises
    ------
    CaseError
        When there is none; it names the nearest, and what the file holds.
    """
    held = dict.fromkeys(getattr(line, column) for line in register.lines)
    code = find_current_code(wanted)
    found = {name for name in held if plain(name) == plain(wanted)}
    found |= {name for name in held if code is not None and find_current_code(name) == code}
    if found:
        return found
    if not held:
        fix = "export the register again, or correct the lines listed"
        raise CaseError([*register.unread, Problem(register.name, "no line that can be read", "orders", fix)])
    shown = sorted(held)
    near = difflib.get_close_matches(plain(wanted), [plain(name) for name in shown], n=3, cutoff=0.5)
    nearest = [name for name in shown if plain(name) in near or (plain(wanted) and plain(wanted) in plain(name))]
    more = f" and {len(shown) - _SHOWN_NAMES} more" if len(shown) > _SHOWN_NAMES else ""
    expected = f"a {column} in the file: {', '.join(name[:60] for name in shown[:_SHOWN_NAMES])}{more}"
    fix = f"perhaps {' or '.join(name[:60] for name in nearest[:3])}?" if nearest else "use a name from that list"
    raise CaseError([Problem(f"{register.name} {column}", quoted(wanted), expected, fix)])


def _select(
    register: Register, buyers: set[str], sellers: set[str], span: Span
) -> tuple[list[OrderLine], list[Problem]]:
    """Return the lines of the pair, and those that the export cannot know yet."""
    lines, late = [], []
    for line in register.lines:
        if line.recipient not in buyers or line.supplier not in sellers:
            continue
        last = max(line.year, *line.years, 0)
        if last > span.as_of.year:
            fix = "the line was left out: correct the year and import again"
            where = f"{register.name}:{line.line}"
            expected = f"a year up to {span.as_of.year}, when it was exported"
            late.append(Problem(where, f"the year {last}", expected, fix))
        else:
            lines.append(line)
    return lines, late


def _no_orders(register: Register, recipient: str, supplier: str, buyers: set[str], sellers: set[str]) -> Problem:
    others = sorted({line.supplier for line in register.lines if line.recipient in buyers})
    turned = any(line.recipient in sellers and line.supplier in buyers for line in register.lines)
    fix = "exchange recipient and supplier" if turned else "choose one of these suppliers, or export their orders"
    expected = f"orders; {recipient} is supplied by {', '.join(others[:_SHOWN_NAMES])}"
    return Problem(register.name, f"no order of {quoted(recipient)} from {quoted(supplier)}", expected, fix)


def _side(lines: list[OrderLine], column: str) -> Side:
    """Return the side that the lines name; where its name drifts, by the name used most."""
    names = [getattr(line, column) for line in lines]
    return describe_side(max(sorted(set(names)), key=names.count))


def _source(register: Register, span: Span) -> Row:
    made = "Generated by the database on " + span.generated.isoformat() if span.generated else (
        "The export does not say when it was generated; the end of the last year it speaks of stands in"
    )  # fmt: skip
    years = ""
    if register.first_year or register.last_year:
        years = f" Limited to the years {register.first_year or '…'} to {register.last_year or '…'}."
    return {
        "source_id": SOURCE_ID,
        "title": "SIPRI Arms Transfers Database: trade register",
        "producer": "Stockholm International Peace Research Institute (SIPRI)",
        "published": span.as_of.isoformat(),
        "url": _URL,
        "accessed": span.generated.isoformat() if span.generated else None,
        "kind": "register",
        "reliability": "B",
        "licence": _TERMS,
        "redistributable": "false",
        "note": f"{_ATTRIBUTION} {made}. Deliveries are counted up to {span.counted}.{years}",
    }


def _write_files(tables: Tables) -> tuple[dict[str, str | bytes], dict[str, int]]:
    """Return the files of the case, by path, and the number of rows in each table."""
    buyer, seller = tables.buyer, tables.seller
    title = f"{buyer.name} – {seller.name}"
    name = slug(f"{buyer.name} {seller.name}")
    files = case_files(name, title, package=_package_text(name, title, tables), about=_about_text(name, title, tables))
    counts = {}
    for resource in standard().resources:
        rows = tables.rows.get(resource.name, [])
        files[resource.path] = write_table(resource, rows)
        if rows:
            counts[resource.name] = len(rows)
    return files, counts


def _package_text(name: str, title: str, tables: Tables) -> str:
    """Return datapackage.json: the standard, with units for currencies it does not list."""
    package = json.loads(standard_text())
    package["name"], package["title"] = name, title
    package["description"] = f"{title}: arms orders and deliveries, from a SIPRI trade-register export. {_ATTRIBUTION}"
    package["licenses"] = [{"name": "SIPRI", "path": _URL, "title": _TERMS}]
    known = standard().categories("figures", "unit")
    used = {str(row["unit"]) for row in tables.rows.get("figures", [])}
    fields = next(one for one in package["resources"] if one["name"] == "figures")["schema"]["fields"]
    units = next(one for one in fields if one["name"] == "unit")["categories"]
    units += [_money_unit(unit) for unit in sorted(used - set(known))]
    return json.dumps(package, indent=1, ensure_ascii=False) + "\n"


def _money_unit(unit: str) -> dict[str, Any]:
    currency, scale, basis = unit.split("_")
    return {
        "value": unit,
        "label": f"{currency.upper()} {scale}",
        "dimension": "money_with_basis",
        "currency": currency.upper(),
        "scale": 1e9 if scale == "bn" else 1e6,
        "basis": basis,
    }


def _about_text(name: str, title: str, tables: Tables) -> str:
    """Return case.toml."""
    span = tables.span
    known = f"as the register of SIPRI knew them on {span.as_of}"
    lines = [
        "# Made from a SIPRI trade-register export: see import-report.md for what was read and what was not.",
        f"# {_ATTRIBUTION}",
        f"name = {quote_toml(name)}",
        f"title = {quote_toml(title)}",
        "summary = " + quote_toml(f"Arms ordered by {tables.buyer.name} from {tables.seller.name}, {known}."),
        f'as_of = "{span.as_of}"   # the day of the export; deliveries are counted up to {span.counted}',
        'currency = "USD"',
        "step_days = 7",
    ]
    for side, actor, role in zip((tables.buyer, tables.seller), tables.actors, ("buyer", "supplier"), strict=True):
        lines += ["", *([f"# {side.note}"] if side.note else []), "[[partners]]"]
        lines += [f'country = "{side.code}"', f"name = {quote_toml(side.name)}"]
        lines += [f'actor = "{actor}"', f'role = "{role}"']
    return "\n".join(lines) + "\n"


def _describe_import(report: ImportReport, register: Register, span: Span, tables: Tables) -> str:
    """Return import-report.md."""
    rows = "\n".join(f"- {table}: {count}" for table, count in report.counts.items())
    return f"""# Import report: {tables.buyer.name} – {tables.seller.name}

{_ATTRIBUTION} {_TERMS.partition(". ")[2]}

Read from `{register.name}`: {report.lines} order lines of this pair. The case knows up to {span.as_of};
deliveries are counted up to {span.counted}.

## Rows made
{rows}

## How lines were read
- The register does not say whether 'delivered' means shipped, arrived or handed over: `delivered_unstated`.
- A '?' beside a number makes it 'about', and its credibility 3; a '?' beside the year of order is kept as in `2014?`.
- What was selected but not yet ordered is a framework, and is never counted as ordered.
- Windows of delivery come from the comments: 'by 2028' runs from the year of the order, 'from 2025' has no end,
  '2022-2025/2027' ends in the later year. 'Early', 'mid' and 'late' are thirds of a year.
- Money is what the register gives in US dollars where it does; the middle of a range stands, with its two ends. The
  value of a larger deal or of a programme is not taken for the value of one order.
- SIPRI's trend-indicator values are volumes, not prices, and were not taken over.

## Could not be read
{_bullets(report.unread)}

## Kept in notes only
{_bullets(report.noted)}
"""


def _bullets(problems: Iterable[Problem]) -> str:
    return "\n".join(f"- {problem}" for problem in problems) or "Nothing."
