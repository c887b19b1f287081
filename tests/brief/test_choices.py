"""The section on choices: its sentences are true whatever a comparison comes to, and its numbers are the comparison's."""

import json
import math
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from bs4 import BeautifulSoup

from pactwork import load_case
from pactwork.brief import findings, simulated, write_brief
from pactwork.brief.answer import MOST_WORDS
from pactwork.brief.charts_of_choices import list_choice_drawings
from pactwork.brief.chosen import Chosen, Setting, play_choices, spell_difference, spell_money
from pactwork.brief.lines_on_choices import say_choices, say_shortly
from pactwork.brief.rows_of_choices import make_tables
from pactwork.brief.simulated import Effort
from pactwork.choices.boxes import Box, Limit
from pactwork.choices.break_even import BreakEven
from pactwork.choices.clusters import Mean
from pactwork.choices.origins import Origin
from pactwork.choices.pairing import Difference
from pactwork.choices.partner import Agreement, Partner
from pactwork.choices.regret import Regret
from pactwork.choices.requirements import read_requirements
from pactwork.choices.robustness import Robustness
from pactwork.choices.sensitivity import Share
from pactwork.choices.stability import Stability
from pactwork.choices.views import (
    ChoiceView,
    Comparison,
    Deterrence,
    Driver,
    FailureBox,
    OutcomeDrivers,
    Rank,
    Worth,
)
from pactwork.facts.choices import Criterion
from pactwork.forecast import make_forecast
from pactwork.futures import compile as compiling
from pactwork.futures.keeping import Keeper

FUTURES = 64
NAMES = ("tanks", "shells", "earnings")
SETTING = Setting("Aland", "Bland", "zloty", "", {"talk": "Talks", "store": "Stores"}, (), ("store",), 30, 40)


def mean(value, error=0.0):
    return Mean(value, error, value - 2 * error, value + 2 * error, 8, "scramble", FUTURES)


def met(futures):
    share = futures / FUTURES
    return Mean(share, 0.05, max(0.0, share - 0.1), min(1.0, share + 0.1), 8, "scramble", FUTURES)


def difference(value, error=0.0):
    return Difference(mean(value, error), error, 2 * error, 2.0, 2.0, 512, 0, value == 0)


def requirements(titles=("Tanks ready", "Shells last", "Bland earns")):
    sides = ("buyer", "buyer", "supplier")
    outcomes = ("t1.mean_readiness", "shell.unmet", "supplier_earns")
    ways = ("at_least", "at_most", "at_least")
    stated = {
        name: Criterion(name, title, outcome, "mean", way, 0.5, side, "")
        for name, title, outcome, way, side in zip(NAMES, titles, outcomes, ways, sides, strict=True)
    }
    return read_requirements(stated, outcomes)


def choice(name, *, title="", levers=("talk",), held=(40, 50, 50), gains=((0, 0), (0, 0), (0, 0)), cost=(0.0, 0.0),
           chance=None, boxes=(), worth=(), idle=False):  # fmt: skip
    """Return one choice: futures that meet each requirement, differences with their errors, cost, and the rest."""
    robustness = {
        one: Robustness(met(n), mean(0.5), 0.25, 0.25, Regret(mean(0.125), 0.2, 0.2, np.zeros(1)))
        for one, n in zip(NAMES, held, strict=True)
    }
    differences = {one: difference(*gain) for one, gain in zip(NAMES, gains, strict=True)}
    ranks = {one: {"met": Rank(1.0, 0.0, 1.0)} for one in NAMES}
    agreement = Agreement({} if chance is None else {"issue": chance}, chance, chance, ())
    own = {"supplier_earns": difference(*gains[2]), "supplier_own_forces_late_items": difference(0.0)}
    partner = Partner(agreement, own, met(FUTURES))
    return ChoiceView(name, title or name.capitalize(), levers, difference(*cost), robustness, differences, ranks,
                      partner, boxes, worth, idle)  # fmt: skip


BASE = choice("as-contracted", title="As contracted", levers=())


def compare(*others, base=BASE, **changes):
    made = Comparison("practice", "", FUTURES, 8, requirements(), (base, *others), (), (), (), ())
    return replace(made, **changes)


def chosen_of(found, setting=SETTING):
    return Chosen(Effort(FUTURES, 8, 3), setting, found, (), 128, 0)


def told(*others, setting=SETTING, **changes):
    """Return the paragraphs by what they are about."""
    said = say_choices(chosen_of(compare(*others, **changes), setting))
    return {one.lead: f"{one.text} {one.more}".strip() for one in said}


BOUGHT = choice("buy", held=(60, 60, 50), gains=((0.2, 0.05), (-3.0, 0.5), (90.0, 10.0)), cost=(2247.0, 100.0))
CHEAP = choice("ask", held=(41, 50, 50), gains=((0.01, 0.02), (0, 0), (0, 0)), cost=(0.4, 0.1))


def test_the_choice_that_dominates_is_named_with_its_price():
    text = told(BOUGHT, CHEAP)
    assert "As contracted, 1 of Aland’s 2 requirements holds up" in text["What holds up"]
    assert "Most hold up under “Buy”: 2." in text["What holds up"]
    assert "“Buy” does better on the most outcomes that these requirements look at: 2 of 2." in text["What changes"]
    assert "Under “Ask” nothing can be told from chance." in text["What changes"]
    cost = text["What it costs"]
    assert "“Ask” costs least (less than a million zloty) and “Buy” most (about 2.2 billion zloty" in cost
    assert "“Buy” (2; about 2.2 billion zloty)" in cost
    assert "It would earn most under “Buy” (about 90 million zloty more than as contracted)" in text["What Bland gets"]


def test_where_every_choice_is_alike_none_is_named_as_better():
    text = told(choice("one"), choice("two"))
    assert "1 of them holds up under every choice." in text["What holds up"]
    assert text["What changes"] == "Every choice does the same as what is contracted, in every run."
    assert text["What it costs"].startswith("No choice costs more than what is contracted by more than chance")
    assert "No money makes any of these outcomes better" in text["What it costs"]
    for lead in ("What holds up", "What changes", "What it costs"):
        assert "“One”" not in text[lead]
        assert "“Two”" not in text[lead]


def test_ties_are_said():
    text = told(BOUGHT, replace(BOUGHT, choice="sell", title="Sell"))
    assert "Most hold up under “Buy” and “Sell”: 2 each." in text["What holds up"]
    assert "“Buy” and “Sell” do better on the most outcomes" in text["What changes"]


def test_a_difference_within_two_errors_is_not_told_from_chance():
    doubtful = choice("doubt", held=(60, 60, 50), gains=((0.2, 0.11), (0.5, 0.3), (9.0, 5.0)), cost=(100.0, 60.0))
    text = told(doubtful)
    assert text["What changes"].startswith("On nothing that these requirements look at does any choice do better")
    assert "Under no choice can anything be told from chance." in text["What changes"]
    assert "No choice costs more" in text["What it costs"]
    assert "cannot be told from chance" in text["What Bland gets"]


def test_what_the_partner_would_refuse_is_never_best_without_saying_so():
    refused = replace(BOUGHT, partner=choice("x", chance=0.3, gains=((0, 0), (0, 0), (90.0, 10.0))).partner)
    chosen = chosen_of(compare(refused, CHEAP))
    text = told(refused, CHEAP)
    for words in [*(one for lead, one in text.items() if lead != "What Bland gets"), say_shortly(chosen)]:
        for place in re.finditer("“Buy”", words):
            assert words[place.end() :].startswith(" (which Bland would rather refuse)") or "refuse “Buy”" in words
    assert text["What Bland gets"].startswith("Bland would rather refuse “Buy”:")
    row = next(one for one in make_tables(chosen).choices if one.name == "buy")
    assert row.refused
    assert row.agrees == "30%"


def test_what_the_partner_would_agree_to_is_said_with_the_hardest():
    text = told(replace(BOUGHT, partner=choice("x", chance=0.7).partner), CHEAP)
    assert (
        "would rather agree to each choice that asks something of it; the hardest to get is “Buy”"
        in (text["What Bland gets"])
    )
    assert "70%" in text["What Bland gets"]
    silent = [replace(one, partner=None) for one in (BOUGHT, BASE)]
    text = told(silent[0], base=silent[1])
    assert text["What Bland gets"].startswith("Nothing is known of what Bland would agree to.")


def test_what_a_choice_makes_worse_is_said_with_what_it_makes_better():
    mixed = choice("mix", gains=((0.2, 0.05), (3.0, 0.5), (0, 0)), cost=(10.0, 1.0))
    assert "1 of 2, and worse on “Shells last”." in told(mixed)["What changes"]
    other = choice("other", gains=((-0.2, 0.05), (-3.0, 0.5), (0, 0)))
    assert (
        "“Mix” and “Other” do better on the most outcomes that these requirements look at: 1 of 2 each, and worse on "
        in (told(mixed, other)["What changes"])
    )
    assert "and worse on some others" in told(mixed, other)["What changes"]


def test_a_saving_is_no_cost():
    text = told(choice("save", cost=(-300.0, 20.0)), BOUGHT)
    assert "Money is saved by “Save” (about 300 million zloty)" in text["What it costs"]
    assert "“Buy” costs about 2.2 billion zloty" in text["What it costs"]


def box(requirement, found, words="t1 failures is above 8 and shells is below 4"):
    held = Box((Limit(0, 8.0, None),), 0.6, 0.9, 0.2, 0.2, 12, 5.0)
    return FailureBox(requirement, words, held, Stability(found, np.zeros(1), 0.7, 0.7, 0.8, 10), ("t1.failures",))


def test_what_fails_when_is_told_in_words_if_it_is_found_again():
    text = told(BOUGHT, base=replace(BASE, boxes=(box("tanks", 0.9),)))["What fails when"]
    assert text == ("What is contracted misses “Tanks ready” in 90% of runs where t1 failures is above 8 and shells is "
                    "below 4 (12 of 64 futures); elsewhere in 20%.")  # fmt: skip
    text = told(BOUGHT, base=replace(BASE, boxes=(box("tanks", 0.2),)))["What fails when"]
    assert text.startswith("No combination of assumptions stands out")
    assert "(1 more, or less sure, is in brief.json.)" in text
    assert told(BOUGHT)["What fails when"].endswith(
        "what is contracted or “Buy” falls short more often than elsewhere."
    )


def even(verdict, effect=None, low=None, high=None, gain=1.0):
    return BreakEven(verdict, effect, low, high, 0.0, 0.0, True, gain, gain / 2, 2 * gain, (0.0, 1.0), FUTURES)


def test_levers_of_unknown_effect_are_told_with_the_effect_from_which_on_they_help():
    row = Worth("store", "tanks", even("from", 0.4, 0.3, None), even("from", 0.8, 0.7, 0.9), "buy")
    text = told(replace(CHEAP, worth=(row,)), BOUGHT)["What nobody has measured"]
    assert text.startswith("Nobody has measured what 1 lever would do")
    assert "“Stores” with “Tanks ready” from 40% on (30% to more than any assumed)" in text
    assert "“Stores” for “Tanks ready” from 80% on (70% to 90%; against “Buy”)" in text


def test_a_lever_that_gives_nothing_does_not_help_at_any_effect():
    rows = (
        Worth("store", "tanks", even("always", gain=0.0), None, ""),
        Worth("store", "shells", even("never"), None, ""),
    )
    text = told(replace(CHEAP, worth=rows))["What nobody has measured"]
    assert "Of “Stores” no help was seen on any requirement, or it is not clear." in text
    assert "At any share" not in text
    rows = (Worth("store", "tanks", even("always"), even("never"), "buy"),)
    assert (
        "At any share it helps, on one requirement at least: “Stores”."
        in (told(replace(CHEAP, worth=rows), BOUGHT)["What nobody has measured"])
    )


def test_levers_that_are_not_tried_alone_are_counted():
    row = Worth("store", "tanks", even("always"), None, "")
    both = replace(SETTING, unknown=("store", "talk"))
    text = told(replace(CHEAP, worth=(row,)), setting=both)["What nobody has measured"]
    assert text.startswith("Nobody has measured what 2 levers would do")
    assert text.endswith("Of 1 more it cannot be told: it is tried only together with others.")
    assert told(CHEAP, setting=both)["What nobody has measured"].endswith("where none of them is tried alone.")


def test_without_unknown_levers_nothing_is_left_open():
    known = replace(SETTING, unknown=())
    assert told(BOUGHT, setting=known)["What nobody has measured"] == (
        "The effect of every lever is taken as known within a range that leaves none out."
    )


def test_a_deterrent_is_measured_by_the_best_choice_that_can_be_told_from_chance():
    rows = [
        Deterrence("tanks", "buy", 0.2, 0.5, mean(0.8), 0.5),
        Deterrence("shells", "buy", 3.0, 0.1, mean(0.8), 37.0),
    ]
    text = told(BOUGHT, deterrence=tuple(rows))["The odds of war"]
    assert text.startswith("No choice changes the odds of war in this model.")
    assert "prevents 50% of crises for “Tanks ready” (best: “Buy”)" in text
    assert "On “Shells last” not even preventing every crisis" in text
    assert "0.8" not in text
    assert "80%" not in text
    rows = (
        Deterrence("tanks", "ask", 0.01, 0.5, mean(0.8), 0.03),
        Deterrence("shells", "as-contracted", 0.0, 1.0, mean(0.8), 0.0),
    )
    assert "nothing for a deterrent to match" in told(CHEAP, deterrence=rows)["The odds of war"]


def drivers(judged, names=("t1.failures",)):
    seen = tuple(Driver(name, Share(0.4, 0.2, 0.6), "judged") for name in names)
    return OutcomeDrivers("tanks", "t1.mean_readiness", seen, 3, 0.9, None, Origin(0.1, 0.2, judged, 0.8))


def test_how_much_is_judgement_is_told_only_where_something_stands_out():
    assert "make up 70%, for 1 requirement" in told(BOUGHT, drivers=(drivers(0.7),))["What this rests on"]
    text = told(BOUGHT, drivers=(drivers(0.7, ()),))["What this rests on"]
    assert text.startswith("In these runs no single assumption stands out from luck")
    assert "Of 40 assumptions, those about levers included, 30 are judgement." in text


def test_levers_that_changed_nothing_are_named():
    text = told(replace(CHEAP, idle=True), idle_levers=("talk",), setting=replace(SETTING, tracked=("talk",)))
    assert text["What changed nothing"] == ("“Talks” changed nothing in any run, cost aside. Of “Talks” only the cost is "
                                            "counted: nothing is modelled that it could change.")  # fmt: skip
    assert told(CHEAP)["What changed nothing"] == "No lever that was tried alone changed nothing."
    pair = replace(CHEAP, levers=("talk", "store"), idle=True)
    assert told(pair)["What changed nothing"] == "All that is in “Ask” changed nothing in any run, cost aside."


@pytest.mark.parametrize(("millions", "words"), [(2247.0, "about 2.2 billion zloty"), (0.2, "less than a million zloty"),
                                             (-33.4, "about 33 million zloty"), (999.0, "about 1 billion zloty")])  # fmt: skip
def test_money_is_spelt_as_a_person_says_it(millions, words):
    assert spell_money(millions, "zloty") == words


@pytest.mark.parametrize(
    ("value", "error", "words"),
    [(0.0, 0.0, "0"), (0.000412, 0.00033, "+0.0004 ± 0.0003"), (-0.0412, 0.00033, "−0.0412 ± 0.0003"),
     (0.0021, 0.0, "+0.002 ± 0"), (324.4, 29.51, "+324 ± 29.5"), (1e-15, 1e-15, "0 ± 0"), (math.nan, math.nan, "–"),
     (0.0, 0.00002, "0 ± 0.00002"), (12.0, math.nan, "+12"), (12.345678, 0.0004, "+12.3457 ± 0.0004"),
     (1234.5, 0.0004, "+1,234.5 ± 0.0004"), (2146.31, 40.62, "+2,146 ± 40.6"), (-0.00012, 4e-7, "−0.00012 ± 0"),
     (123456.0, 10.0, "+123,456 ± 10"), (-23.4, 345.6, "−23.4 ± 346")],
)  # fmt: skip
def test_a_difference_is_not_rounded_to_nothing(value, error, words):
    mean = SimpleNamespace(value=value, standard_error=error)
    assert spell_difference(SimpleNamespace(mean=mean)) == words


@pytest.fixture
def page_of(tmp_path, monkeypatch):
    """Return a function that puts a comparison into the brief of the bundled case, as page, section and JSON."""

    def make(found, setting=SETTING):
        monkeypatch.setattr(findings, "_calibrate", lambda *_: None)
        monkeypatch.setattr(findings, "play_choices", lambda *_: chosen_of(found, setting))
        made = write_brief(load_case("poland-korea"), tmp_path, choices=Effort(FUTURES, 8, 3))
        text = made.path.read_text("utf-8")
        section = BeautifulSoup(text, "html.parser").find("section", id="choices")
        return SimpleNamespace(
            text=text, section=section, lines=made.lines, charts=made.charts,
            numbers=json.loads((tmp_path / "brief.json").read_text("utf-8")),
        )  # fmt: skip

    return make


def test_both_charts_are_drawn_of_their_data():
    met_chart, ready_chart = list_choice_drawings(chosen_of(compare(BOUGHT, CHEAP)))
    drawn = json.dumps(met_chart.spec)
    assert [row[0::5] for row in met_chart.data.rows if row[2] == "A"] == [
        ("as-contracted", 62.5), ("buy", 93.75), ("ask", 64.0625),
    ]  # fmt: skip
    assert all(f'"w": "{row[5]:.0f}"' in drawn for row in met_chart.data.rows)
    assert {row[4] for row in met_chart.data.rows if row[2] == "C"} == {"Bland"}
    cost, ready = ("cost, bn zloty", "T1 ready, points")
    rows = {(row[0], row[2]): row[3:] for row in ready_chart.data.rows}
    assert rows["buy", cost] == pytest.approx((2.247, 2.047, 2.447, True))
    assert rows["ask", ready] == pytest.approx((1.0, -3.0, 5.0, False))
    drawn = [row for values in ready_chart.spec["datasets"].values() for row in values if "clear" in row]
    assert sorted((row["v"], row["a"], row["b"]) for row in drawn) == sorted(row[:3] for row in rows.values())


def test_numbers_on_the_page_are_those_of_the_comparison(page_of):
    base = replace(BASE, boxes=(box("tanks", 0.9),))
    found = compare(BOUGHT, CHEAP, base=base, drivers=(drivers(0.7),))
    made = page_of(found)
    rows = made.section.select_one("table.choices tbody").find_all("tr")
    shown = {row.select_one(".aside bdi").get_text(): [cell.get_text(" ", strip=True) for cell in row.find_all("td")]
             for row in rows}  # fmt: skip
    assert list(shown) == ["as-contracted", "buy", "ask"]
    assert shown["buy"][1:6] == ["2 of 2", "1 of 1", "2 better, 0 worse", "+2,247 ± 100", "+90 ± 10"]
    assert shown["ask"][3:5] == ["0 better, 0 worse", "+0.4 ± 0.1"]
    cells = [[row.find_all("td")[1].get_text(), row.find_all("td")[3].get_text()]
             for row in made.section.select_one(".folds details").select("tbody tr")]  # fmt: skip
    assert cells == [["40 of 64", "–"], ["60 of 64", "yes"], ["41 of 64", "no"]]
    assert made.numbers["choices"]["choices"][1]["cost"]["mean"]["value"] == 2247.0
    assert made.numbers["choices"]["choices"][1]["robustness"]["tanks"]["met"]["value"] == 60 / 64
    assert made.numbers["choices"]["seed"] == 3


def test_every_number_on_choices_names_the_run(page_of, find_orphans):
    found = compare(BOUGHT, replace(CHEAP, worth=(Worth("store", "tanks", even("from", 0.4, 0.3, 0.5), None, ""),)))
    made = page_of(replace(found, drivers=(drivers(0.7),)))
    page = BeautifulSoup(made.text, "html.parser")
    assert find_orphans(page) == []
    marks = page.select("#choices .derived, #unmeasured .derived")
    assert len(marks) > 30
    run = "simulated: seed 3, 64 futures × 8 replications, assumptions the case’s own"
    others = ("from the forecast of bargaining", "counted from", "what the case asks", "Student’s t")
    assert all(mark["title"].startswith((run, *others)) for mark in marks)


def test_every_picture_says_that_it_is_simulated_and_shows_the_shares(page_of):
    made = page_of(compare(BOUGHT, CHEAP))
    for name in ("choices-met", "choices-ready"):
        one = next(path for path in made.charts if path.name == f"{name}.svg").read_text("utf-8")
        drawn = BeautifulSoup(one, "html.parser").get_text(" ")
        assert drawn.count("SIMULATED – seed 3, 64 futures × 8 replications, assumptions the case’s own") >= 2
    svg = next(path for path in made.charts if path.name == "choices-met.svg").read_text("utf-8")
    cells = [one.get_text() for one in BeautifulSoup(svg, "html.parser").find_all("text")]
    for share in ("94", "62", "64", "78"):  # 60, 40, 41 and 50 of 64
        assert share in cells


def test_the_answer_fits_half_a_page_with_a_line_on_choices(page_of):
    made = page_of(compare(BOUGHT, CHEAP))
    assert sum(len(line.split()) for line in made.lines) <= MOST_WORDS
    (line,) = [one for one in made.lines if one.startswith("Choices: ")]
    assert line.startswith("Choices: As contracted, 1 of Aland’s 2 requirements holds up. Most hold up under “Buy”: 2, for "
                           "about 2.2 billion zloty more.")  # fmt: skip
    assert "Simulated, 64 futures" in line


def shortly(*others, **changes):
    return say_shortly(chosen_of(compare(*others, **changes)))


def test_the_line_on_choices_is_true_of_ties_refusals_and_nothing_gained():
    assert shortly(BOUGHT, replace(BOUGHT, choice="sell", title="Sell")).endswith(
        "Most hold up under “Buy” and “Sell”: 2 each."
    )
    assert shortly(choice("one"), choice("two")).endswith("holds up. As many do under every choice.")
    assert shortly(choice("one", held=(10, 50, 50)), choice("two", held=(10, 10, 50))).endswith(
        "No choice makes more of them hold up."
    )
    refused = replace(BOUGHT, partner=choice("x", chance=0.3).partner)
    assert "“Buy” (which Bland would rather refuse): 2" in shortly(refused)
    doubtful = replace(BOUGHT, cost=difference(100.0, 90.0))
    assert "2, at a cost that cannot be told from nothing." in shortly(doubtful)
    assert "2, for about 300 million zloty less." in shortly(replace(BOUGHT, cost=difference(-300.0, 9.0)))
    assert "None" not in shortly(BOUGHT)
    nothing = choice("as-contracted", title="As contracted", levers=(), held=(1, 1, 1))
    assert shortly(BOUGHT, base=nothing).startswith("As contracted, none of Aland’s 2 requirements hold up.")


def test_hostile_titles_are_escaped(page_of):
    evil = '<script>alert(1)</script>{{ 7 * 7 }}"\u202eevil'
    titles = (f"{evil} tanks", "Shells last", "Bland earns")
    base = replace(BASE, boxes=(box("tanks", 0.9, words=f"{evil} is above 8"),))
    row = Worth("store", "tanks", even("from", 0.4, 0.3, 0.5), None, "")
    found = replace(compare(replace(BOUGHT, title=evil, worth=(row,)), base=base), requirements=requirements(titles))
    setting = replace(SETTING, buyer="<b>A</b>", levers={"store": "<i>S</i>"}, money="<u>")
    made = page_of(found, setting)
    assert "<script" not in made.text
    assert "\u202e" not in made.text
    assert made.section.find(["script", "i", "u"]) is None
    assert "{{ 7 * 7 }}" in made.section.get_text()
    assert "<b>A</b>’s 2 requirements" in made.section.get_text()


def test_a_share_that_nothing_counts_for_breaks_nothing(page_of):
    nothing = Mean(math.nan, math.nan, math.nan, math.nan, 0, "future", 0)
    empty = {one: replace(view, met=nothing) for one, view in BOUGHT.robustness.items()}
    gone = {one: replace(difference(1.0), mean=nothing) for one in NAMES}
    made = page_of(compare(replace(BOUGHT, robustness=empty, differences=gone)))
    assert not re.search(r"\bnan\b", made.section.get_text())


def test_a_case_without_choices_says_so_in_a_sentence(make_case, tmp_path):
    made = write_brief(load_case(make_case()), tmp_path / "out", choices=Effort(8, 2, 0))
    section = BeautifulSoup(made.path.read_text("utf-8"), "html.parser").find("section", id="choices")
    assert section.find("p").get_text() == (
        "This case lacks assumptions to play, choices beyond what is contracted and criteria to judge them by, so that no "
        "choices are compared. They would be written into assumptions.toml and choices.toml."
    )
    assert section.find(["svg", "table"]) is None
    numbers = json.loads((tmp_path / "out" / "brief.json").read_text("utf-8"))["choices"]
    assert len(numbers["missing"]) == 3
    assert not [line for line in made.lines if line.startswith("Choices")]


def test_without_an_effort_nothing_is_compared(make_case, tmp_path):
    case = load_case(make_case())
    assert play_choices(case, make_forecast(case), Effort(futures=0)) is None
    made = write_brief(case, tmp_path / "out")
    section = BeautifulSoup(made.path.read_text("utf-8"), "html.parser").find("section", id="choices")
    assert section.p.get_text() == "This brief was made without a comparison of choices; nothing is said about them."
    assert json.loads((tmp_path / "out" / "brief.json").read_text("utf-8"))["choices"] is None


def test_the_bundled_case_is_calibrated_once_for_all_that_is_simulated(monkeypatch, tmp_path):
    calls, steps = [], []

    def calibrate(*args, **options):
        calls.append(args)
        return compiling_calibrate(*args, **options)

    compiling_calibrate = compiling.calibrate_case
    monkeypatch.setattr(compiling, "CALIBRATION_POINTS", 2)
    for module in (compiling, findings, simulated):
        monkeypatch.setattr(module, "calibrate_case", calibrate)
    ledger, effort = load_case("poland-korea"), Effort(8, 2, 1)
    keep = Keeper(tmp_path)
    chosen = findings.gather_findings(ledger, effort, lambda *step: steps.append(step), effort, keep).chosen
    assert [args[0].day for args in calls].count(ledger.day) == 1  # hindsight has a calibration of its own day
    assert chosen.runs == 8 * 2 * len(ledger.choices.choices)
    assert chosen.stamp == "SIMULATED – seed 1, 8 futures × 2 replications, assumptions the case’s own"
    assert (chosen.setting.buyer, chosen.setting.exchanged) == ("Poland", "31 October 2024")
    assert any(stage.startswith("Comparing choices: ") for stage, *_ in steps)
    for stage, runs in (("Playing choices", chosen.runs), ("Playing futures", 7 * 8 * 2)):
        told = [(done, total) for name, done, total in steps if name == stage and (done, total) != (7, 7)]  # scenarios
        assert {total for _, total in told} == {runs}
        assert [done for done, _ in told] == sorted(done for done, _ in told)
        assert (told[0][0], told[-1][0]) == (0, runs)
    said = say_choices(chosen)
    assert said[0].lead == "What holds up"
    assert not re.search(r"\b(nan|None|inf)\b", " ".join(one.text for one in said))
