"""What large cases are gone through quickly with finds what comparing everything with everything finds."""

import dataclasses
import datetime as dt
import importlib.util
import itertools
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pactwork import load_case
from pactwork.facts.checks import counts
from pactwork.facts.figures import Figure, agree, allowed_range, find_conflicts, find_unexplained
from pactwork.facts.orders import current_lots, descendants
from pactwork.facts.reading import RawTable
from pactwork.facts.schema import standard
from pactwork.facts.status import make_status
from pactwork.facts.tables import type_table

UNITS = standard().categories("figures", "unit")
DATES = ("2023", "2023-06", "2023-06-15", "2023-06-01/2023-06-20", "2023-06-20/2024-01-10", "2024", "2024-01-10",
         "2024-03", "../2023-07", "2024-02/..")  # fmt: skip
FIGURES = st.lists(
    st.builds(
        dict, subject=st.sampled_from(["one", "two"]), measure=st.sampled_from(["arrived", "shipped", "value"]),
        as_of=st.sampled_from(DATES), value=st.sampled_from([9.0, 10.0, 10.4, 11.0, 30.0]),
        qualifier=st.sampled_from(["exact", "about", "at_least", "at_most"]),
        unit=st.sampled_from(["item", "usd_bn", "usd_m", "eur_bn"]), source_id=st.sampled_from(["a", "b"]),
        rank=st.sampled_from(["preferred", "normal", "deprecated"]),
    ),
    max_size=14,
)  # fmt: skip


def make_figures(rows):
    more = {"low": None, "high": None, "locator": "p", "grade": "B2", "note": None}
    return [Figure(**row, **more, line=line) for line, row in enumerate(rows, start=2)]


def at_same_time(one, two):
    return one.days.earliest <= two.days.latest and two.days.earliest <= one.days.latest


@given(FIGURES)
@settings(max_examples=400)
def test_conflicts_are_those_of_every_pair(rows):
    figures = make_figures(rows)
    at_odds = {}
    for one, two in itertools.combinations([one for one in figures if one.rank != "deprecated"], 2):
        if (one.subject, one.measure) == (two.subject, two.measure) and at_same_time(one, two) and not agree(one, two, UNITS):  # fmt: skip
            at_odds.setdefault((one.subject, one.measure), set()).update((one.line, two.line))
    found = find_conflicts(figures, UNITS)
    assert {(one.subject, one.measure): {held.line for held in one.figures} for one in found} == at_odds
    for one in found:
        assert list(one.figures) == sorted(one.figures, key=lambda figure: (figure.days.latest, figure.line))


@given(FIGURES, st.lists(st.tuples(st.sampled_from([dt.date(2023, 6, 15), dt.date(2023, 6, 20), dt.date(2024, 1, 10)]),
                                   st.sampled_from([1, 9, 10])), max_size=5))  # fmt: skip
@settings(max_examples=400)
def test_a_rise_is_explained_by_the_transports_up_to_its_day(rows, transports):
    figures = make_figures([{**row, "measure": "arrived", "subject": "one"} for row in rows])

    def came(figure):
        return sum(items for day, items in transports if day <= figure.days.latest)

    counted = sorted((one for one in figures if one.rank != "deprecated"), key=lambda one: (one.days.latest, one.line))
    expected = [
        (one.line, two.line) for one, two in itertools.pairwise(counted)
        if two.days.latest - one.days.latest <= dt.timedelta(days=31) and one.source_id != two.source_id
        and came(one) == one.value and came(two) < two.value
    ]  # fmt: skip
    found = find_unexplained(figures, {"one": transports})
    assert [tuple(held.line for held in one.figures) for one in found] == expected


@pytest.fixture(scope="module")
def with_figures(tmp_path_factory, tiny, about_tiny):
    """Return a function that gives a ledger of the small case with other figures, well formed or not."""
    root = tmp_path_factory.mktemp("tiny")
    (root / "facts").mkdir()
    (root / "case.toml").write_text(about_tiny, encoding="utf-8")
    for name, text in tiny.items():
        (root / "facts" / f"{name}.csv").write_text(text, encoding="utf-8")
    ledger, declared = load_case(root), standard().table("figures")

    def make(rows):
        cells = [[str(row.get(name, "")) for name in declared.columns] for row in rows]
        raw = RawTable("figures", "facts/figures.csv", declared.columns, cells, list(range(2, len(rows) + 2)))
        return dataclasses.replace(ledger, contents=MappingProxyType({**ledger.contents, "figures": type_table(raw, declared)}))  # fmt: skip

    return make


@given(rows=FIGURES)
@settings(max_examples=300)
def test_counts_that_fall_are_held_against_the_highest_before_them(with_figures, rows):
    ledger = with_figures([{**row, "unit": "item"} for row in rows])
    falls = {True: [], False: []}
    counted = [one for one in ledger.figures() if one.measure != "value" and one.rank != "deprecated"]
    for later in counted:
        above = [one for one in counted if (one.subject, one.measure) == (later.subject, later.measure)
                 and one.days.latest < later.days.earliest and allowed_range(one)[0] > allowed_range(later)[1]]  # fmt: skip
        if above:
            most = max(above, key=lambda one: (one.source_id == later.source_id, one.value))
            falls[most.source_id == later.source_id].append((f"facts/figures.csv:{later.line} value", f"at least {most.value:g}"))  # fmt: skip
    own, others = (list(rule(ledger)) for rule in (counts.check_cumulative_counts, counts.check_cumulative_rivals))
    for found, expected in ((own, falls[True]), (others, falls[False])):
        assert sorted((one.where, " ".join(one.expected.replace(",", "").split(" ")[:3])) for one in found) == sorted(expected)  # fmt: skip


@given(rows=FIGURES)
@settings(max_examples=300)
def test_arrivals_are_held_against_all_that_was_shipped_by_then_or_later(with_figures, rows):
    ledger = with_figures([{**row, "unit": "item"} for row in rows])
    pairs = {True: [], False: []}
    for arrived, shipped in itertools.product(ledger.figures(measure="arrived"), ledger.figures(measure="shipped")):
        counted = arrived.subject == shipped.subject and "deprecated" not in (arrived.rank, shipped.rank)
        if counted and shipped.days.latest >= arrived.days.latest and allowed_range(shipped)[1] < allowed_range(arrived)[0]:  # fmt: skip
            pairs[arrived.source_id == shipped.source_id].append((f"facts/figures.csv:{arrived.line} value", f"at most the {shipped.value:g}"))  # fmt: skip
    own, others = (list(rule(ledger)) for rule in (counts.check_shipped_against_arrived, counts.check_shipped_rivals))
    for found, expected in ((own, pairs[True]), (others, pairs[False])):
        assert [(one.where, " ".join(one.expected.split(" ")[:4])) for one in found] == expected


@given(rows=FIGURES, subject=st.sampled_from([None, "one", "two", "three"]),
       measure=st.sampled_from([None, "arrived", "value", "lost"]))  # fmt: skip
def test_figures_are_found_by_subject_and_measure_in_the_order_of_the_file(with_figures, rows, subject, measure):
    ledger = with_figures(rows)
    expected = [line for line, row in enumerate(rows, start=2)
                if subject in (None, row["subject"]) and measure in (None, row["measure"])]  # fmt: skip
    assert [figure.line for figure in ledger.figures(subject, measure)] == expected
    assert [ledger.row("figures", line)["value"] for line in expected] == [rows[line - 2]["value"] for line in expected]
    assert ledger.row("figures", 1) is None
    assert ledger.row("figures", len(rows) + 2) is None


def test_what_a_ledger_keeps_is_not_taken_for_that_of_an_earlier_day():
    """Rows, newest rows and conflicts are worked out once for a ledger, never for two."""
    ledger = load_case("poland-korea")
    today = {name: len(list(ledger.rows(name))) for name in ledger.tables}
    lots, conflicts = ledger.current("lots"), ledger.conflicts()
    then = ledger.known_by("2023-06-30")
    assert sum(len(list(then.rows(name))) for name in then.tables) < sum(today.values())
    assert set(then.current("lots")) < set(lots)
    assert len(then.conflicts()) < len(conflicts)
    assert set(then.carried_out_by["pl-kr"]) < set(ledger.carried_out_by["pl-kr"])
    assert {name: len(list(ledger.rows(name))) for name in ledger.tables} == today


PARENTS = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(["", *"abcdef"])), max_size=9)


@given(parents=PARENTS)
def test_lots_are_counted_under_every_instrument_that_their_own_carries_out(with_figures, parents):
    ledger = with_figures([])
    declared = ledger.package.table("instruments")
    blank = dict.fromkeys(declared.columns, "")
    rows = [{**blank, "instrument_id": name, "as_of": f"20{at:02d}", "parent": parent}
            for at, (name, parent) in enumerate(parents)]  # fmt: skip
    lots = ledger.package.table("lots")
    placed = [dict.fromkeys(lots.columns, "") | {"lot_id": f"lot-{name}", "as_of": "2020", "instrument_id": name,
              "system_id": "t1", "quantity": "1", "kind": "firm"} for name in "fedcba"]  # fmt: skip
    contents = dict(ledger.contents)
    for name, declaration, held in (("instruments", declared, rows), ("lots", lots, placed)):
        cells = [[row[column] for column in declaration.columns] for row in held]
        raw = RawTable(name, f"facts/{name}.csv", declaration.columns, cells, list(range(2, len(held) + 2)))
        contents[name] = type_table(raw, declaration)
    made = dataclasses.replace(ledger, contents=MappingProxyType(contents))
    newest = dict(parents)

    def reaches(name, top, seen=()):
        return name == top or (bool(newest.get(name)) and name not in seen and reaches(newest[name], top, (*seen, name)))  # fmt: skip

    for group in make_status(made).instruments:
        under = [lot.lot_id for lot in current_lots(made) if reaches(lot.instrument_id, group.identifier)]
        assert [item.lot.lot_id for item in group.lots] == under
        assert {f"lot-{one}" for one in descendants(made, group.identifier)} == set(under)


@pytest.fixture(scope="module")
def large_case():
    path = Path(__file__).parents[2] / "benchmarks/large_case.py"
    spec = importlib.util.spec_from_file_location("large_case", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_large_case_of_the_benchmarks_is_valid_disputed_and_the_same_each_time(large_case, tmp_path):
    for name in ("one", "two"):
        large_case.make_case(tmp_path / name, 900)
    ledger = load_case(tmp_path / "one")
    assert len(ledger.figures()) == ledger.table("figures").height == 900
    assert len(ledger.conflicts()) > 2 * len(load_case("poland-korea").conflicts())
    files = [sorted((tmp_path / name / "facts").iterdir()) for name in ("one", "two")]
    for one, two in zip(*files, strict=True):
        assert one.read_bytes() == two.read_bytes()
