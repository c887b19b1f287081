"""The bundled case broken in more than twenty ways at once: every break is located in one go."""

import csv
import os

import pytest

from pactwork import CaseError, load_case
from pactwork.facts.reading import MAX_BYTES

FIGURE = {
    "qualifier": "exact",
    "unit": "item",
    "source_id": "forsal-9636169",
    "locator": "x",
    "credibility": 1,
    "rank": "normal",
}
POLL = {
    "question_id": "q",
    "wording": "w",
    "population": "p",
    "subgroup": "all",
    "pollster": "x",
    "fieldwork_end": "2024-06",
}


class Breaker:
    """Appends rows to the tables of a case, and remembers where each break must be found."""

    def __init__(self, root):
        self.facts = root / "facts"
        self.expected = []

    def append(self, table, column, found, **cells):
        path = self.facts / f"{table}.csv"
        text = path.read_text("utf-8")
        header = next(csv.reader(text.splitlines()))
        line = len(text.splitlines()) + 1
        with path.open("a", newline="", encoding="utf-8") as file:
            csv.DictWriter(file, header, lineterminator="\n").writerow(cells)
        self.expect(f"facts/{table}.csv:{line} {column}", found)

    def figure(self, column, found, **cells):
        self.append(
            "figures",
            column,
            found,
            **{**FIGURE, "subject": "k2-1", "measure": "arrived", "as_of": "2024-10-20", **cells},
        )

    def expect(self, where, found):
        self.expected.append((where, found))


@pytest.fixture
def broken(copy_of_poland_korea):
    case = Breaker(copy_of_poland_korea)
    case.figure("source_id", "nobody", value=62, source_id="nobody")
    case.figure("measure", "delivred", value=62, measure="delivred")
    case.figure("value", "50", value=50)
    case.figure("value", "13 arrived", subject="fa-50gf", value=13)
    case.figure("value", "70 arrived", subject="k9-1", as_of="2023-10-20", value=70, source_id="polandatsea-2023-12")
    case.figure("unit", "without basis", subject="k2-executive-1", measure="value", value=3.3, unit="usd_bn")
    case.figure("as_of", "2024-11", as_of="2024-11", value=62)
    case.figure("as_of", "Oct-24", as_of="Oct-24", value=62)
    case.figure("value", "sixty", value="sixty")
    case.figure("credibility", "7", value=62, credibility=7)
    case.figure("subject", "k3-1", subject="k3-1", value=1)
    case.figure("value", "62", value=62, low=70, high=80)
    lot = {
        "as_of": "2024-01",
        "system_id": "k2",
        "quantity": 1,
        "kind": "firm",
        "source_id": "pism-219",
        "locator": "x",
    }
    case.append("lots", "due", "2020", lot_id="k2-8", instrument_id="k2-executive-1", due="2020/2021", **lot)
    case.append("lots", "instrument_id", "k2-executive-9", lot_id="k2-9", instrument_id="k2-executive-9", **lot)
    poll = {**POLL, "source_id": "pism-219", "locator": "x", "percent": 60}
    case.append("polls", "percent", "60 %", **{**poll, "option": "a", "percent": 160})
    case.expected[-1] = (case.expected[-1][0], "160")
    case.append("polls", "percent", "120 %", **{**poll, "option": "b", "subgroup": "young"})
    case.expected.pop()
    case.append("polls", "percent", "120 %", **{**poll, "option": "c", "subgroup": "young"})
    case.append(
        "events",
        "date",
        "2024-13",
        event_id="e-1",
        date="2024-13",
        kind="visit",
        title="t",
        source_id="pism-219",
        locator="x",
    )

    systems = case.facts / "systems.csv"
    rows = systems.read_text("utf-8").splitlines()
    systems.write_text("\n".join([*rows, rows[1]]) + "\n", encoding="utf-8")
    case.expect(f"facts/systems.csv:{len(rows) + 1} system_id", rows[1].partition(",")[0])
    ports = case.facts / "ports.csv"
    case.expect(f"facts/ports.csv:{len(ports.read_text('utf-8').splitlines()) + 1}", "quote")
    ports.write_text(ports.read_text("utf-8") + '"oops,Oops\n', encoding="utf-8")
    consents = case.facts / "consents.csv"
    case.expect(f"facts/consents.csv:{len(consents.read_bytes().splitlines()) + 1}", "0xa3")
    consents.write_bytes(consents.read_bytes() + "Łódź,ó".encode("cp1250"))
    threats = case.facts / "threats.csv"
    threats.write_text(threats.read_text("utf-8").replace(",severity,", ",weight,", 1), encoding="utf-8")
    case.expect("facts/threats.csv:1 severity", "no such column")
    case.expect("facts/threats.csv:1 weight", "undeclared")
    (case.facts / "trade.csv").write_bytes(b"")
    case.expect("facts/trade.csv", "empty")
    os.truncate(case.facts / "requirements.csv", MAX_BYTES + 1)
    case.expect("facts/requirements.csv", "MB")
    (case.facts / "figure.csv").write_text("a\n1\n")
    case.expect("facts/figure.csv", "nobody declared")
    return case


def test_every_break_is_located_in_one_go(broken, copy_of_poland_korea):
    with pytest.raises(CaseError) as caught:
        load_case(copy_of_poland_korea)
    problems = [(one.where, one.found) for one in caught.value.problems]
    missed = [
        (where, found)
        for where, found in broken.expected
        if not any(where == at and found in what for at, what in problems)
    ]
    assert len(broken.expected) > 20
    assert missed == [], problems
