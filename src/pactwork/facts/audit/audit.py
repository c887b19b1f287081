"""Whether each figure that cites a document is in it, at the place it names, about the thing it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pactwork.errors import CaseError, Problem, quoted
from pactwork.facts.audit.sought import seek_row
from pactwork.facts.audit.subjects import Subjects
from pactwork.facts.audit.uncited import UncitedNumber, Use, dates_of, find_uncited
from pactwork.facts.audit.verdicts import Finding, Reading, Verdict, look_for, look_for_name
from pactwork.facts.dates import Interval, parse_date
from pactwork.facts.documents import read_document
from pactwork.facts.ledger import Ledger

_VALUES = ("value", "quantity", "percent", "signed", "date", "since")


@dataclass(frozen=True)
class AuditRow:
    """One row of a case that cites the document, and whether the document bears it out.

    ``row`` is its line in the table's file, ``key`` its key in words; ``place`` a locator with at most 15 words of
    context; ``why`` says what is wrong where the verdict is not ``found``, or what a reader should know where it is.
    """

    table: str
    row: int
    key: str
    value: float | int | str | None
    verdict: Verdict
    place: str
    why: str = ""


@dataclass(frozen=True)
class Audit:
    """How a case stands against one of its sources."""

    source: str
    rows: tuple[AuditRow, ...]
    uncited: tuple[UncitedNumber, ...]

    @property
    def cited(self) -> int:
        """How many rows cite the document."""
        return len(self.rows)

    @property
    def found(self) -> int:
        """How many of them it bears out."""
        return sum(row.verdict == "found" for row in self.rows)

    def as_dict(self) -> dict[str, Any]:
        """Return the audit as the JSON of ``pactwork audit``."""
        return {
            "source": self.source,
            "cited": self.cited,
            "found": self.found,
            "rows": [asdict(row) for row in self.rows],
            "uncited": [asdict(number) for number in self.uncited],
        }


def audit_case(ledger: Ledger, source_id: str, path: str | Path) -> Audit:
    """Look up every row that cites a source in the source's own document.

    Parameters
    ----------
    ledger : Ledger
        The case.
    source_id : str
        The source, as in sources.csv.
    path : str or Path
        The document: text, Markdown, HTML or PDF.

    Returns
    -------
    Audit
        A row is ``found`` when the paragraph it cites has its number, with its unit and hedging, about its subject;
        ``elsewhere`` when the number stands in the document, but not so; ``missing`` when it does not. Rows that are
        the authors' judgement are left out.

    Raises
    ------
    CaseError
        The case has no such source, or the document cannot be read.
    """
    if source_id not in ledger.sources:
        known = ", ".join(sorted(ledger.sources)[:12]) or "none"
        raise CaseError([Problem("--source", quoted(source_id), f"a source of the case ({known} …)", "correct the id")])
    published = _read_published(ledger.source(source_id).published)
    reading = Reading(read_document(path), published)
    subjects = Subjects(ledger, published)
    rows: list[AuditRow] = []
    uses: list[Use] = []
    for table in ledger.tables:
        columns = ledger.package.table(table).columns
        if table == "sources" or "source_id" not in columns:
            continue
        for row in ledger.rows(table):
            if row["source_id"] == source_id and row.get("basis") != "judgement":
                verdict, findings = _audit_row(table, row, subjects, reading)
                rows.append(_describe(ledger, table, row, verdict, findings))
                numbers = frozenset((each.passage, each.start) for each in findings if each.verdict == "found")
                dates = tuple(dates_of(ledger.package.table(table), row))
                uses.append(Use(numbers, frozenset(reading.find(row.get("locator"))), dates))
    return Audit(source_id, tuple(rows), tuple(find_uncited(reading, uses)))


def _read_published(text: str) -> Interval | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


# -- one row ----------------------------------------------------------------------------------------------------


def _audit_row(
    table: str, row: Mapping[str, Any], subjects: Subjects, reading: Reading
) -> tuple[Verdict, list[Finding]]:
    """Look for everything a row needs; the row is as good as the worst of it."""
    cited = reading.find(row.get("locator"))
    sought, names, wrong = seek_row(table, row, subjects)
    findings = [look_for(each, cited, reading) for each in sought]
    findings += [look_for_name(each, cited, reading) for each in names]
    if wrong:
        findings.insert(0, Finding("missing", "", wrong))
    if not findings:
        place = reading.passages[cited[0]].context() if cited else ""
        why = "" if cited else f"the document has no place {quoted(row.get('locator'))}"
        findings = [Finding("found" if cited else "missing", place, why)]
    verdicts = {each.verdict for each in findings}
    worst: Verdict = "missing" if "missing" in verdicts else "elsewhere" if "elsewhere" in verdicts else "found"
    findings.sort(key=lambda each: each.verdict != worst)
    return worst, findings


# -- what is told -----------------------------------------------------------------------------------------------


def _describe(
    ledger: Ledger, table: str, row: Mapping[str, Any], verdict: Verdict, findings: list[Finding]
) -> AuditRow:
    keys = [row[name] for name in ledger.package.table(table).primary_key if row[name] is not None]
    value = next((row[name] for name in _VALUES if row.get(name) is not None), None)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    why = "; ".join(dict.fromkeys(each.why for each in findings if each.verdict == verdict and each.why))
    key = ", ".join(_say(each) for each in keys)
    return AuditRow(table, row["line"], key, value, verdict, findings[0].place, why)


def _say(key: Any) -> str:
    return f"{key:g}" if isinstance(key, float) else str(key)
