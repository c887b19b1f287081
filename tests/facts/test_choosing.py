"""choices.toml is read against the case; whatever is wrong with it is told, with its place, all at once."""

import dataclasses
import datetime as dt
import tomllib
from types import MappingProxyType

import pytest

from pactwork import load_case
from pactwork.errors import CaseError
from pactwork.facts.case import bundled_cases
from pactwork.facts.choices import BASELINE
from pactwork.facts.choosing import read_choices

LEVER = """
title = "Bring the workshops home"
origin = "paper"
why = "Repairs abroad take long"
effect = { range = [0.0, 1.0] }
"""
CHANGE = '[levers.one.changes]\n"fleet.*.to_maker" = { multiply = 0.5, why = "Half stays at home" }\n'
GOOD = f"""
[levers.workshops]
{LEVER}
starts = "2026-07"
when = "europe >= crisis"
excludes = ["talks"]
asks = ["kr-technology-transfer"]
a_year = {{ range = [5.0, 30.0], distribution = "loguniform", why = "Staff" }}
once = {{ value = 80.0, why = "A hall" }}
local_share = 0.7
[levers.workshops.changes]
"fleet.*.to_maker" = {{ multiply = 0.5, why = "Half stays at home" }}
"relief.ports.gdynia.lasts" = {{ add = -0.5, why = "Set by levers alone" }}
"fleet.k2.use.calm" = {{ set = 1.1, why = "The case says nothing of it, and 1 is what holds otherwise" }}
[levers.talks]
title = "Talks"
origin = "ours"
why = "They may help"
effect = {{ value = 1.0 }}
tracked = "Nothing they could change is modelled"
[choices.home]
title = "At home"
why = "Closer"
levers = ["workshops"]
recommendations = ["pism-r35"]
[criteria.ready]
title = "Ready"
outcome = "k2.mean_readiness"
statistic = "q10"
at_least = 0.6
side = "supplier"
why = "Asked for"
"""


@pytest.fixture(scope="module")
def case():
    return load_case("poland-korea")


@pytest.fixture
def read(case, tmp_path):
    """Return a function that reads a choices.toml of some text."""

    def read_text(text, assumptions=None):
        (tmp_path / "choices.toml").write_text(text, encoding="utf-8")
        return read_choices(tmp_path, case, assumptions or case.assumptions)

    return read_text


def test_a_lever_says_what_it_does_and_what_it_costs(read):
    choices, problems = read(GOOD)
    lever = choices.levers["workshops"]
    assert problems == []
    assert (lever.starts, lever.when.kind, lever.when.threshold) == (dt.date(2026, 7, 1), "level", 2.0)
    assert (lever.excludes, lever.asks, lever.local_share) == (("talks",), ("kr-technology-transfer",), 0.7)
    assert [(one.how, one.amount) for one in lever.changes] == [("multiply", 0.5), ("add", -0.5), ("set", 1.1)]
    assert (lever.a_year.name, lever.a_year.unit, lever.a_year.low) == ("levers.workshops.a_year", "usd_m/year", 5.0)
    assert (lever.effect.source, lever.effect.why) == ("judgement", "Repairs abroad take long")
    assert (lever.is_known, choices.levers["talks"].is_known) == (False, True)
    assert list(choices.parameters) == [f"levers.workshops.{part}" for part in ("effect", "a_year", "once")] + [
        "levers.talks.effect"
    ]


def test_choices_and_criteria_are_read_and_the_baseline_is_always_there(read):
    choices, _ = read(GOOD)
    assert list(choices.choices) == [BASELINE, "home"]
    assert choices.levers_of("home") == (choices.levers["workshops"],)
    assert choices.choices["home"].recommendations == ("pism-r35",)
    one = choices.criteria["ready"]
    assert (one.outcome, one.statistic, one.direction, one.threshold, one.side) == (
        "k2.mean_readiness", "q10", "at_least", 0.6, "supplier",
    )  # fmt: skip


def test_each_lever_alone_is_a_choice_that_nobody_has_to_write(read):
    choices, _ = read(GOOD)
    assert choices.spell_out(["each-lever"]) == (BASELINE, "only-workshops", "only-talks")
    assert choices.spell_out(["home", "each-lever"]) == ("home", BASELINE, "only-workshops", "only-talks")
    assert choices.levers_of("only-talks") == (choices.levers["talks"],)
    _, problems = read(GOOD + '[choices.only-this]\ntitle = "T"\nwhy = "w"\n')
    assert [one.where for one in problems] == ["choices.toml choices.only-this"]


@pytest.mark.parametrize("how", ["multiply = 1.0", "add = 0"])
def test_a_change_that_changes_nothing_is_told(read, how):
    _, problems = read(change(f'"fleet.*.to_maker" = {{ {how}, why = "x" }}'))
    assert [one.found for one in problems] == ["a change that changes nothing"]


def test_a_case_without_choices_has_the_baseline(case, tmp_path):
    choices, problems = read_choices(tmp_path, case, case.assumptions)
    assert (list(choices.choices), problems) == ([BASELINE], [])


def one_lever(more="", changes=CHANGE):
    return f"[levers.one]\n{LEVER}{more}\n{changes}"


def change(text):
    return one_lever(changes=f"[levers.one.changes]\n{text}")


def choice(levers, name="mine", more=""):
    return f'[choices.{name}]\ntitle = "Mine"\nwhy = "So"\nlevers = {levers}\n{more}\n'


def criterion(text):
    return f'[criteria.ready]\ntitle = "Ready"\noutcome = "cost"\nwhy = "So"\n{text}\n'


CHANGES = 'levers.one.changes."'
WRONG = {
    "unknown table": ("[goals]\n", "goals", "an unknown table"),
    "no table": ("levers = 3\n", "levers", '"3"'),
    "bad name": (one_lever().replace(".one", '."One!"'), "levers.One!", '"One!"'),
    "unknown lever": (one_lever() + choice(["on"]), "choices.mine.levers", '"on"'),
    "lever twice": (one_lever() + choice(["one", "one"]), "choices.mine.levers", "one, one"),
    "baseline with levers": (one_lever() + choice(["one"], BASELINE), f"choices.{BASELINE}.levers", "one"),
    "unknown recommendation": (
        one_lever() + choice(["one"], more='recommendations = ["pism-r99"]'),
        "choices.mine.recommendations", '"pism-r99"',
    ),
    "exclude each other": (
        one_lever('excludes = ["two"]') + one_lever().replace(".one", ".two") + choice(["two", "one"]),
        "choices.mine.levers", "one beside two",
    ),
    "excludes nothing": (one_lever('excludes = ["three"]'), "levers.one.excludes", '"three"'),
    "unknown parameter": (
        change('"fleet.k2.to_makr" = { add = 0.1, why = "x" }'), f'{CHANGES}fleet.k2.to_makr"', "no parameter",
    ),
    "unknown system": (
        change('"fleet.k3.to_maker" = { add = 0.1, why = "x" }'), f'{CHANGES}fleet.k3.to_maker"', "no parameter",
    ),
    "unknown port": (
        change('"relief.ports.gdynja.lasts" = { multiply = 0.1, why = "x" }'),
        f'{CHANGES}relief.ports.gdynja.lasts"', "no parameter",
    ),
    "settled parameter": (
        change('"theatres.europe.crisis_to_war" = { multiply = 0.1, why = "x" }'),
        f'{CHANGES}theatres.europe.crisis_to_war"', "theatres.europe.crisis_to_war, which no choice can change",
    ),
    "settled by a pattern": (
        change('"theatres.*" = { multiply = 0.1, why = "x" }'), f'{CHANGES}theatres.*"', "which no choice can change",
    ),
    "two of three": (
        change('"fleet.*.to_maker" = { add = 0.1, set = 1.0, why = "x" }'), f'{CHANGES}fleet.*.to_maker"',
        "add and set",
    ),
    "none of three": (change('"fleet.*.to_maker" = { why = "x" }'), f'{CHANGES}fleet.*.to_maker"', "nothing"),
    "negative factor": (
        change('"fleet.*.to_maker" = { multiply = -1.0, why = "x" }'),
        "levers.one.changes.fleet.*.to_maker.multiply", "-1",
    ),
    "no reason": (change('"fleet.*.to_maker" = { add = 0.1 }'), "levers.one.changes.fleet.*.to_maker.why", "nothing"),
    "unknown key of a change": (
        change('"fleet.*.to_maker" = { add = 0.1, why = "x", by = 1 }'),
        "levers.one.changes.fleet.*.to_maker.by", "an unknown key",
    ),
    "nothing changed": (one_lever(changes=""), "levers.one.changes", "nothing"),
    "tracked beside changes": (one_lever('tracked = "not modelled"'), "levers.one.tracked", '"not modelled"'),
    "bad condition": (one_lever('when = "europe is calm"'), "levers.one.when", '"europe is calm"'),
    "condition on nothing": (one_lever('when = "asia >= crisis"'), "levers.one.when", '"asia >= crisis"'),
    "bad word": (one_lever('when = "europe >= worry"'), "levers.one.when", '"europe >= worry"'),
    "bad date": (one_lever('starts = "2026-13"'), "levers.one.starts", '"2026-13"'),
    "past date": (one_lever('starts = "2024-01"'), "levers.one.starts", "2024-01-01"),
    "unknown key": (one_lever("price = 3"), "levers.one.price", "an unknown key"),
    "unknown issue": (one_lever('asks = ["kr-technology"]'), "levers.one.asks", '"kr-technology"'),
    "missing effect": (one_lever().replace("effect = { range = [0.0, 1.0] }", ""), "levers.one.effect", "nothing"),
    "effect beyond bounds": (one_lever().replace("[0.0, 1.0]", "[0.0, 1.5]"), "levers.one.effect range", "[0, 1.5]"),
    "negative cost": (one_lever("once = { value = -3.0 }"), "levers.one.once value", "-3"),
    "unknown origin": (one_lever().replace('"paper"', '"press"'), "levers.one.origin", '"press"'),
    "no threshold": (criterion(""), "criteria.ready", "nothing"),
    "two thresholds": (criterion("at_least = 1.0\nat_most = 2.0"), "criteria.ready", "at_least and at_most"),
    "unknown statistic": (criterion('at_least = 1.0\nstatistic = "best"'), "criteria.ready.statistic", '"best"'),
    "unknown side": (criterion('at_least = 1.0\nside = "press"'), "criteria.ready.side", '"press"'),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_with_its_place(read, name):
    text, where, found = WRONG[name]
    _, problems = read(text)
    assert [one.where for one in problems] == [f"choices.toml {where}"]
    assert found in problems[0].found
    assert problems[0].expected
    assert problems[0].fix


def test_all_problems_are_told_at_once(read):
    text = one_lever('starts = "2026-13"\nwhen = "europe is calm"', "") + choice(["on"]) + criterion("")
    assert len(read(text)[1]) == 5


def test_a_wrong_name_is_set_beside_the_nearest(read):
    _, problems = read(one_lever() + choice(["on"]))
    assert problems[0].fix == "perhaps one?"


def test_an_effect_assumed_for_no_lever_is_told(read, case):
    known = next(iter(case.assumptions.parameters.values()))
    stray = {"levers.none.effect": dataclasses.replace(known, name="levers.none.effect")}
    parameters = MappingProxyType({**case.assumptions.parameters, **stray})
    _, problems = read(GOOD, dataclasses.replace(case.assumptions, parameters=parameters))
    assert [one.where for one in problems] == ["choices.toml levers.none.effect"]


def test_a_case_with_bad_choices_is_not_loaded(copy_of_poland_korea):
    (copy_of_poland_korea / "choices.toml").write_text(one_lever() + choice(["on"]), encoding="utf-8")
    with pytest.raises(CaseError, match=r"choices\.toml choices\.mine\.levers"):
        load_case(copy_of_poland_korea)


def test_the_bundled_cases_choices_carry_out_each_recommendation_of_the_paper(case):
    choices = case.choices
    for row in case.rows("recommendations"):
        asked = set((row["levers"] or "").split(";")) - {""}
        carriers = [one for one in choices.choices.values() if row["recommendation_id"] in one.recommendations]
        assert asked <= set(choices.levers)
        assert bool(carriers) == bool(asked)
        assert all(asked <= set(one.levers) for one in carriers)


def test_the_bundled_case_begins_levers_on_three_dates_at_most(case):
    assert len({one.starts for one in case.choices.levers.values() if one.starts}) <= 3


def test_the_bundled_case_gives_each_number_of_choices_a_reason_of_its_own():
    content = tomllib.loads((bundled_cases()["poland-korea"] / "choices.toml").read_text(encoding="utf-8"))
    for lever in content["levers"].values():
        assert all(one["why"] for one in (lever["effect"], lever["a_year"], *lever.get("changes", {}).values()))


def test_an_unreadable_case_toml_is_told_alone_not_once_for_each_day_of_a_lever(copy_of_poland_korea):
    path = copy_of_poland_korea / "case.toml"
    path.write_text(path.read_text("utf-8").replace("as_of = ", "as_off = "), encoding="utf-8")
    with pytest.raises(CaseError) as refused:
        load_case(copy_of_poland_korea)
    assert {one.where.split(" ")[0] for one in refused.value.problems} == {"case.toml"}
