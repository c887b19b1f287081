import json

from typer.testing import CliRunner

from pactwork import cli, load_case
from pactwork.facts.diff import compare_cases


def test_no_change_is_no_difference(make_case):
    found = compare_cases(load_case(make_case("a")), load_case(make_case("b")))
    assert (found.rows, found.standing) == ((), ())


def test_changes_are_told_figure_by_figure(make_case, tiny):
    figures = tiny["figures"].replace("2023-06,28", "2023-06,27").replace("t1-1,shipped", "t1-1,in_service")
    figures += "t1-1,arrived,2024-10-20,68,,,exact,item,maker,note,2,normal,,\n"
    new = load_case(make_case("b", figures=figures, shipments=None))
    found = compare_cases(load_case(make_case("a")), new).as_dict()
    changes = {(row["table"], row["change"], row["key"].partition(" ·")[0]) for row in found["rows"]}
    assert ("figures", "added", "t1-1") in changes
    assert ("shipments", "removed", "s-1") in changes
    (changed,) = [row for row in found["rows"] if row["change"] == "changed"]
    assert changed["cells"] == [{"column": "value", "old": 28.0, "new": 27.0}]
    assert {(one["measure"], (one["old"] or "–")[:2], (one["new"] or "–")[:2]) for one in found["standing"]} == {
        ("arrived", "62", "68"),
        ("shipped", "40", "–"),
        ("in_service", "–", "40"),
    }


def test_the_order_of_rows_is_no_difference(make_case, tiny):
    head, *rows = tiny["figures"].splitlines()
    turned = "\n".join([head, *reversed(rows)]) + "\n"
    assert compare_cases(load_case(make_case("a")), load_case(make_case("b", figures=turned))).rows == ()


def test_rows_that_share_what_identifies_them_are_told_apart(make_case, tiny):
    twice = tiny["figures"].replace("2024-10-04,62", "2023-06,29")  # the same subject, day, source and place
    found = compare_cases(load_case(make_case("a")), load_case(make_case("b", figures=twice)))
    assert [(row.kind, row.key.rpartition("#")[1:]) for row in found.rows if "2023-06" in row.key] == [
        ("added", ("#", "2"))
    ]


OLD = """[theatres.north]
unit = "1/year"
why = "a guess"
source = "judgement"
calm_to_probing = { range = [0.5, 1.0] }
probing_to_calm = { value = 2.0 }
[shipping]
speed = { value = 12.0, unit = "knot", why = "slow", source = "judgement" }
"""
NEW = """[theatres.north]
unit = "1/year"
why = "a guess"
source = "judgement"
calm_to_probing = { range = [0.5, 3.0], distribution = "loguniform", source = "paper" }
probing_to_calm = { value = 2.0 }
level_at_start = { values = [0, 1], unit = "level" }
"""
SCENARIOS = """[tense]
title = "Tense"
why = "what if"
overrides.theatres.north.calm_to_probing = { value = 4.0 }
[gone]
title = "Gone"
why = "no more"
"""
TENSER = """[tense]
title = "Tenser"
why = "what if"
overrides.theatres.north.calm_to_probing = { value = 5.0 }
[fresh]
title = "Fresh"
why = "why not"
overrides.theatres.north.probing_to_calm = { value = 1.0 }
"""


def two_cases(make_case):
    made = []
    for name, assumptions, scenarios in (("a", OLD, SCENARIOS), ("b", NEW, TENSER)):
        made.append(make_case(name))
        (made[-1] / "assumptions.toml").write_text(assumptions, "utf-8")
        (made[-1] / "scenarios.toml").write_text(scenarios, "utf-8")
    return made


def cells_of(change):
    return {cell["column"]: (cell["old"], cell["new"]) for cell in change["cells"]}


def test_assumptions_and_scenarios_are_told_by_name(make_case):
    found = compare_cases(*map(load_case, two_cases(make_case))).as_dict()
    assert found["rows"] == []
    calm, speed, level = found["assumptions"]
    assert (calm["name"], calm["change"]) == ("theatres.north.calm_to_probing", "changed")
    assert cells_of(calm) == {"range": ([0.5, 1.0], [0.5, 3.0]), "distribution": ("uniform", "loguniform"),
                              "source": ("judgement", "paper")}  # fmt: skip
    assert (speed["name"], speed["change"], cells_of(speed)["value"]) == ("shipping.speed", "removed", (12.0, None))
    assert (level["name"], level["change"]) == ("theatres.north.level_at_start", "added")
    assert cells_of(level)["values"] == (None, [0.0, 1.0])
    tense, gone, fresh = found["scenarios"]
    assert (tense["change"], cells_of(tense)) == ("changed", {"title": ("Tense", "Tenser")})
    (override,) = tense["overrides"]
    assert (override["name"], cells_of(override)) == ("theatres.north.calm_to_probing", {"value": (4.0, 5.0)})
    assert (gone["name"], gone["change"], gone["overrides"]) == ("gone", "removed", [])
    assert (fresh["name"], fresh["change"], fresh["overrides"][0]["change"]) == ("fresh", "added", "added")


def test_a_scenario_whose_overrides_alone_change_is_told(make_case):
    old, new = two_cases(make_case)
    (old / "assumptions.toml").write_text(NEW, "utf-8")
    (old / "scenarios.toml").write_text(TENSER.replace("5.0", "6.0"), "utf-8")
    (one,) = compare_cases(load_case(old), load_case(new)).scenarios
    assert (one.name, one.kind, one.cells) == ("tense", "changed", {})
    assert [change.cells for change in one.overrides] == [{"value": (6.0, 5.0)}]


def test_people_and_scripts_see_assumptions(make_case):
    old, new = map(str, two_cases(make_case))
    told = CliRunner().invoke(cli.app, ["diff", old, new]).stdout
    assert "range [0.5, 1] → [0.5, 3]; distribution uniform → loguniform; source judgement → paper" in told
    assert "removed  shipping.speed" in told
    assert "changed  tense: theatres.north.calm_to_probing: value 4.0 → 5.0" in told
    assert "added    fresh" in told
    assert "No difference" in CliRunner().invoke(cli.app, ["diff", new, new]).stdout
    found = json.loads(CliRunner().invoke(cli.app, ["diff", old, new, "--json"]).stdout)
    assert set(found) == {"old", "new", "rows", "standing", "assumptions", "scenarios"}
