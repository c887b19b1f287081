"""Assumptions and scenarios: what a case may say, and every slip located at once."""

import functools
import tempfile
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactwork import CaseError, load_case
from pactwork.facts.assuming import read_assumptions
from pactwork.facts.assumptions import Assumptions
from pactwork.facts.parameters import describe_parameters, find_declaration, list_parameters

GOOD = """
[fleet.t1]
source = "paper"
why = "as printed"
failures_per_year = { range = [2.0, 6.0], distribution = "loguniform", unit = "1/item/year" }
depot_channels = { values = [2, 4], weights = [3, 1], unit = "count" }

[theatres.north]
source = "judgement"
why = "nobody knows"
unit = "1/year"
calm_to_probing = { range = [0.1, 0.5] }
probing_to_calm = { range = [0.1, 0.5], distribution = "triangular", mode = 0.2 }
level_at_start = { value = 0, unit = "level" }

[passages.suez]
closures_per_year = { range = [0.1, 0.4], unit = "1/year", distribution = "normal", mean = 0.2, sd = 0.1, why = "w", source = "paper" }
closed_at.north = { value = 3, unit = "level", why = "w", source = "judgement" }
"""
SCENARIOS = """
[worse]
title = "Worse"
why = "what if"
[worse.overrides]
fleet.t1.failures_per_year = { range = [6.0, 9.0] }
"""

WORDS = ["theatres", "fleet", "passages", "overrides", "title", "range", "value", "values", "unit", "why", "source",
         "failures_per_year", "calm_to_probing", "distribution", "mode", "weights", "theatres.europe.warning_days"]  # fmt: skip


@functools.cache
def load_case_once():
    return load_case("poland-korea")


@pytest.fixture
def write(make_case):
    """Return a function that writes the small case with these two files."""

    def make(assumptions=GOOD, scenarios=None):
        root = make_case()
        for name, text in (("assumptions.toml", assumptions), ("scenarios.toml", scenarios)):
            if text is not None:
                (root / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return root

    return make


def problems_of(root):
    with pytest.raises(CaseError) as caught:
        load_case(root)
    return [str(problem) for problem in caught.value.problems]


def test_a_case_without_the_files_assumes_nothing(make_case):
    assert load_case(make_case()).assumptions == Assumptions()


def test_what_is_written_is_what_is_held(write):
    parameters = load_case(write()).assumptions.parameters
    failures = parameters["fleet.t1.failures_per_year"]
    assert (failures.low, failures.high, failures.distribution) == (2.0, 6.0, "loguniform")
    assert (failures.unit, failures.why, failures.source) == ("1/item/year", "as printed", "paper")
    channels = parameters["fleet.t1.depot_channels"]
    assert (channels.values, channels.weights) == ((2.0, 4.0), (0.75, 0.25))
    assert parameters["theatres.north.calm_to_probing"].distribution == "uniform"
    assert parameters["theatres.north.probing_to_calm"].mode == 0.2
    assert parameters["passages.suez.closures_per_year"].sd == 0.1
    start = parameters["theatres.north.level_at_start"]
    assert (start.distribution, start.is_uncertain, start.unit) == ("fixed", False, "level")


def test_a_scenario_replaces_what_it_names_and_nothing_else(write):
    assumptions = load_case(write(scenarios=SCENARIOS)).assumptions
    worse = assumptions.under("worse")
    assert worse["fleet.t1.failures_per_year"].low == 6.0
    assert worse["fleet.t1.failures_per_year"].why == "what if"
    assert worse["fleet.t1.failures_per_year"].source == "judgement"
    changed = {name for name in worse if worse[name] != assumptions.parameters[name]}
    assert changed == {"fleet.t1.failures_per_year"}
    with pytest.raises(KeyError):
        assumptions.under("better")


def test_assumptions_stay_with_the_ledger_on_another_day(write):
    ledger = load_case(write())
    assert ledger.as_of("2023-12-31").assumptions is ledger.assumptions


FAILURES = "failures_per_year = { range = [2.0, 6.0]"
WHERE = "assumptions.toml fleet.t1.failures_per_year"
BROKEN = {
    "unknown parameter": ("failures_per_year", "failures_per_yaer", "assumptions.toml fleet.t1.failures_per_yaer | found an unknown parameter | expected the name of a parameter | perhaps fleet.t1.failures_per_year?"),
    "unknown mechanism": ("[fleet.t1]", "[flet.t1]", "perhaps fleet.t1.failures_per_year?"),
    "negative rate": ("[2.0, 6.0]", "[-2.0, 6.0]", f"{WHERE} range | found [-2, 6] | expected at least 0 | correct the number"),
    "upside down": ("[2.0, 6.0]", "[6.0, 2.0]", f"{WHERE} range | found [6, 2] | expected low before high | turn it round"),
    "one value as range": ("[2.0, 6.0]", "[2.0, 2.0]", f"{WHERE} range | found [2, 2] | expected low before high | write value = … where there is one value"),
    "three ends": ("[2.0, 6.0]", "[1.0, 2.0, 3.0]", f"{WHERE} range | found [1, 2, 3] | expected two numbers"),
    "text for numbers": ("[2.0, 6.0]", '["2", 6.0]', f'{WHERE} range | found "2" | expected a number'),
    "not finite": ("[2.0, 6.0]", "[2.0, inf]", f"{WHERE} range | found inf | expected a number"),
    "truth for a number": ("range = [2.0, 6.0], distribution = \"loguniform\"", "value = true", f'{WHERE} value | found "True" | expected a number'),
    "logarithm of zero": ("[2.0, 6.0]", "[0.0, 6.0]", f"{WHERE} range | found [0, 6] | expected above 0"),
    "unknown unit": ("1/item/year", "1/tank/year", f'{WHERE} unit | found "1/tank/year" | expected 1/item/year (events an item and year) | write unit = "1/item/year"'),
    "another unit": ("1/item/year", "day", f'{WHERE} unit | found "day" | expected 1/item/year (events an item and year) | convert the numbers'),
    "no unit": (', unit = "1/item/year"', "", f"{WHERE} unit | found nothing | expected 1/item/year"),
    "no why": ('why = "as printed"', "", f"{WHERE} why | found nothing | expected the reason, in words"),
    "empty why": ('why = "as printed"', 'why = " "', f'{WHERE} why | found " " | expected the reason'),
    "no source": ('source = "paper"\nwhy', "why", f"{WHERE} source | found nothing | expected an id of sources.csv, or judgement"),
    "unknown source": ('source = "paper"\nwhy', 'source = "papr"\nwhy', f'{WHERE} source | found "papr" | expected an id of sources.csv, or judgement | perhaps paper?'),
    "unknown system": ("[fleet.t1]", "[fleet.t2]", 'assumptions.toml fleet.t2.failures_per_year | found "t2" | expected an id of systems.csv | add the row it names, or correct the id'),
    "unknown theatre": ("closed_at.north", "closed_at.nord", 'assumptions.toml passages.suez.closed_at.nord | found "nord" | expected a theatre of assumptions.toml | perhaps north?'),
    "unknown passage": ("[passages.suez]", "[passages.sues]", 'assumptions.toml passages.sues.closures_per_year | found "sues" | expected a sea passage | perhaps suez?'),
    "level above war": ("closed_at.north = { value = 3", "closed_at.north = { value = 4", "assumptions.toml passages.suez.closed_at.north value | found 4 | expected 1 to 3"),
    "half a level": ("closed_at.north = { value = 3", "closed_at.north = { value = 2.5", "found 2.5 | expected a whole number (level)"),
    "range of whole numbers": ("values = [2, 4], weights = [3, 1]", "range = [2, 4]", "expected values = [ … ], since only whole numbers make sense"),
    "weights too few": ("weights = [3, 1]", "weights = [3]", "fleet.t1.depot_channels weights | found [3] | expected 2 numbers above 0"),
    "weight of nothing": ("weights = [3, 1]", "weights = [3, 0]", "fleet.t1.depot_channels weights | found [3, 0]"),
    "values out of order": ("values = [2, 4]", "values = [4, 2]", "fleet.t1.depot_channels values | found [4, 2] | expected each value once, in rising order"),
    "mode outside": ("mode = 0.2", "mode = 0.7", "theatres.north.probing_to_calm mode | found 0.7 | expected within the range 0.1 to 0.5"),
    "mode missing": (", mode = 0.2", "", "theatres.north.probing_to_calm mode | found nothing | expected the mode of a triangular distribution"),
    "mean outside": ("mean = 0.2", "mean = 2.0", "passages.suez.closures_per_year mean | found 2 | expected within the range 0.1 to 0.4"),
    "no spread": ("sd = 0.1", "sd = 0.0", "passages.suez.closures_per_year sd | found 0 | expected above 0"),
    "mode where none belongs": (FAILURES, FAILURES + ", mode = 3.0", f"{WHERE} mode | found 3 | expected nothing"),
    "unknown distribution": ('"loguniform"', '"loguniforn"', f'{WHERE} distribution | found "loguniforn"'),
    "value and range": (FAILURES, FAILURES + ", value = 3.0", f"{WHERE} value | found value and range | expected one of value, range and values"),
    "neither": ("range = [2.0, 6.0], ", "", f"{WHERE} value | found nothing | expected one of value, range and values"),
    "unknown key": (FAILURES, FAILURES + ", rnage = 1", f"{WHERE} rnage | found an unknown key"),
    "bare number": ("depot_channels = { values = [2, 4], weights = [3, 1], unit = \"count\" }", "depot_channels = 4", 'assumptions.toml fleet.t1.depot_channels | found "4" | expected a table'),
    "no way back": ("probing_to_calm = { range = [0.1, 0.5], distribution = \"triangular\", mode = 0.2 }", "", "assumptions.toml theatres.north.probing_to_calm | found nothing | expected the way back from calm_to_probing"),
    "syntax": ("[passages.suez]", "[passages.suez", "assumptions.toml:16 | found "),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_each_slip_is_located(write, name):
    before, after, expected = BROKEN[name]
    assert before in GOOD
    found = problems_of(write(GOOD.replace(before, after, 1)))
    assert any(expected in problem for problem in found), found


def test_a_probability_above_one_is_located(write):
    extra = '\n[credit]\nclosed_at_start = { range = [0.5, 1.5], unit = "probability", why = "w", source = "paper" }\n'
    where = "assumptions.toml credit.closed_at_start range | found [0.5, 1.5] | expected 0 to 1 | correct the number"
    assert problems_of(write(GOOD + extra)) == [where]


def test_all_slips_come_at_once(write):
    text = GOOD.replace("[2.0, 6.0]", "[6.0, 2.0]").replace("mode = 0.2", "mode = 0.7").replace("suez", "sues")
    found = problems_of(write(text, SCENARIOS.replace("failures", "failuers")))
    assert len(found) == 6, found


BROKEN_SCENARIOS = {
    "unknown parameter": ("failures_per_year", "failures_a_year", "scenarios.toml worse fleet.t1.failures_a_year | found an unknown parameter"),
    "unknown system": ("t1", "t9", 'scenarios.toml worse fleet.t9.failures_per_year | found "t9"'),
    "negative": ("[6.0, 9.0]", "[-6.0, 9.0]", "scenarios.toml worse fleet.t1.failures_per_year range | found [-6, 9]"),
    "no title": ('title = "Worse"', "", "scenarios.toml worse title | found nothing"),
    "no why": ('why = "what if"', "", "scenarios.toml worse why | found nothing"),
    "unknown key": ('why = "what if"', 'why = "w"\ntilte = "x"', "scenarios.toml worse tilte | found an unknown key"),
    "new theatre": ("fleet.t1.failures_per_year", "theatres.south.warning_days", 'scenarios.toml worse theatres.south.warning_days | found "south" | expected a theatre of assumptions.toml'),
    "not a table": ("[worse.overrides]\nfleet.t1", "overrides = 3\n[x]\nfleet.t1", 'scenarios.toml worse overrides | found "3"'),
    "syntax": ("[worse]", "[worse", "scenarios.toml:2 | found "),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN_SCENARIOS)
def test_each_slip_of_a_scenario_is_located(write, name):
    before, after, expected = BROKEN_SCENARIOS[name]
    assert before in SCENARIOS
    found = problems_of(write(scenarios=SCENARIOS.replace(before, after, 1)))
    assert any(expected in problem for problem in found), found


def test_a_table_the_case_lacks_is_told_once(copy_of_poland_korea):
    (copy_of_poland_korea / "facts" / "commitments.csv").unlink()
    found = [text for text in problems_of(copy_of_poland_korea) if text.startswith(("assumptions", "scenarios"))]
    told = "found ids of facts/commitments.csv, where the case has none"
    assert [text.partition(" | expected")[0] for text in found] == [
        f"assumptions.toml | {told}",
        f"scenarios.toml | {told}",
    ]


def test_a_parameter_said_twice_is_located(write):
    twice = '"fleet.t1.failures_per_year" = { value = 2.0, unit = "1/item/year", why = "w", source = "paper" }\n'
    assert "the parameter a second time" in problems_of(write(twice + GOOD))[0]


def test_characters_that_steer_a_terminal_are_not_repeated(write):
    found = problems_of(write('["\\u001b[2J"]\n"a\\u001b" = { value = 1, "\\u0007" = 2 }\n'))
    assert found
    assert all(text.isprintable() for text in found)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "assumptions.toml").write_bytes(text.encode("utf-8", "replace"))
        (Path(folder) / "scenarios.toml").write_bytes(text.encode("utf-8", "replace"))
        read_assumptions(Path(folder), load_case_once())


TREES = st.recursive(
    st.one_of(st.integers(), st.floats(), st.booleans(), st.text(max_size=5), st.lists(st.integers(), max_size=3)),
    lambda inner: st.dictionaries(st.sampled_from([*WORDS, "k2", "europe", "x"]), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(WORDS), TREES, max_size=4))
def test_any_tree_is_read_or_refused(tree):
    with mock.patch("pactwork.facts.assuming.read_toml", return_value=tree):
        read_assumptions(Path("nowhere"), load_case_once())


def test_bytes_that_are_no_text_are_a_problem(write):
    assert problems_of(write(b"\xff\xfe[x]"))[0].startswith("assumptions.toml | found bytes that are no UTF-8 text")


def test_a_table_that_cannot_be_read_is_not_held_against_the_assumptions(write):
    root = write()
    (root / "facts" / "systems.csv").write_bytes(b"")
    assert not [problem for problem in problems_of(root) if problem.startswith("assumptions.toml")]


def test_the_bundled_case_argues_for_everything():
    assumptions = load_case("poland-korea").assumptions
    assert {"baseline", "frozen-conflict", "probing", "two-theatres", "sea-lanes-closed", "partner-turns-inward",
            "stalled-transfer"} <= set(assumptions.scenarios)  # fmt: skip
    assert {one.mechanism for name in assumptions.parameters if (one := find_declaration(name))} == {
        one.mechanism for one in list_parameters()
    } - {"levers", "only_levers"}
    for name in (None, *assumptions.scenarios):
        for parameter in assumptions.under(name).values():
            assert len(parameter.why) >= 8, parameter


def test_every_scenario_but_the_baseline_changes_something():
    assumptions = load_case("poland-korea").assumptions
    for name, scenario in assumptions.scenarios.items():
        changed = dict(assumptions.under(name)) != dict(assumptions.parameters)
        assert changed is (name != "baseline"), scenario


def test_a_threat_of_unknown_sign_may_have_no_effect():
    """Effects nobody has measured have a range that includes none."""
    parameters = load_case("poland-korea").assumptions.parameters
    for name, parameter in parameters.items():
        if name.endswith((".threat_effect", ".opinion_effect")):
            assert parameter.low <= 0 <= parameter.high, name
        if ".opportunism." in name or ".alarm." in name:
            assert parameter.low <= 1 <= parameter.high, name


def test_every_parameter_is_declared_once_with_a_known_unit():
    from pactwork.facts.parameters import UNITS

    patterns = [one.pattern for one in list_parameters()]
    assert len(set(patterns)) == len(patterns)
    for one in list_parameters():
        assert one.unit in UNITS
        assert one.otherwise is None or one.minimum is None or one.otherwise >= one.minimum


def test_the_table_of_parameters_is_current():
    page = Path(__file__).parents[2] / "docs" / "parameters.md"
    assert page.read_text("utf-8") == describe_parameters()
