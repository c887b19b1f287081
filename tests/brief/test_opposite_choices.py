"""Opposite results of simulations and forecasts give opposite words, and each verdict begins where it says it does."""

import datetime as dt
import re
from dataclasses import replace

import numpy as np
import pytest

from pactwork.brief import outlook
from pactwork.brief.chosen import Chosen, Setting
from pactwork.brief.findings import gather_findings
from pactwork.brief.lines_on_choices import say_choices, say_shortly
from pactwork.brief.simulated import Effort, Price, ScenarioRow, Simulation
from pactwork.choices.clusters import Mean
from pactwork.choices.pairing import Difference
from pactwork.choices.partner import Agreement, Partner
from pactwork.choices.regret import Regret
from pactwork.choices.requirements import read_requirements
from pactwork.choices.robustness import Robustness
from pactwork.choices.views import ChoiceView, Comparison, Rank
from pactwork.facts.case import load_case
from pactwork.facts.choices import Criterion
from pactwork.forecast.deliveries.backtest import Backtest, Check
from pactwork.forecast.deliveries.reference import load_reference_class

FUTURES = 64
NEEDS = {"tanks": ("Tanks ready", "t1.mean_readiness", "at_least", "buyer"),
         "shells": ("Shells last", "shell.unmet", "at_most", "buyer"),
         "earnings": ("Bland earns", "supplier_earns", "at_least", "supplier")}  # fmt: skip


def mean(value, error=0.0):
    return Mean(value, error, value - 2 * error, value + 2 * error, 8, "scramble", FUTURES)


def gap(value, error=0.0):
    return Difference(mean(value, error), error, error, 1.0, 1.0, 512, 0, value == error == 0)


def view(name, held=(40, 40, 40), gains=((0, 0), (0, 0), (0, 0)), cost=(0, 0), chance=None, fine=FUTURES):
    """Return one choice: futures that meet each requirement, differences with errors, cost, and the partner's side."""
    met = {need: replace(mean(n / FUTURES, 0.05), low=max(0, n / FUTURES - 0.1), high=min(1, n / FUTURES + 0.1))
           for need, n in zip(NEEDS, held, strict=True)}  # fmt: skip
    regret = Regret(mean(0.1), 0.2, 0.2, np.zeros(1))
    robust = {need: Robustness(one, mean(0.5), 0.2, 0.2, regret) for need, one in met.items()}
    differences = {need: gap(*one) for need, one in zip(NEEDS, gains, strict=True)}
    ranks = {need: {"met": Rank(1.0, 0.0, 1.0)} for need in NEEDS}
    agreement = Agreement({} if chance is None else {"issue": chance}, chance, chance, ())
    own = {"supplier_earns": gap(*gains[2]), "supplier_own_forces_late_items": gap(0.0)}
    partner = Partner(agreement, own, mean(fine / FUTURES))
    return ChoiceView(
        name, name.capitalize(), ("talk",), gap(*cost), robust, differences, ranks, partner, (), (), False
    )


def told(*others, needs=tuple(NEEDS), base=(40, 40, 40), **setting):
    """Return the paragraphs on choices by what they are about, and the short line under ``shortly``."""
    stated = {name: Criterion(name, title, outcome, "mean", way, 0.5, side, "")
              for name, (title, outcome, way, side) in NEEDS.items() if name in needs}  # fmt: skip
    asked = read_requirements(stated, [outcome for _, outcome, *_ in NEEDS.values()])
    contracted = replace(view("as-contracted", base), title="As contracted", levers=())
    found = Comparison("practice", "", FUTURES, 8, asked, (contracted, *others), (), (), (), ())
    held = Setting("Aland", "Bland", "zloty", "", {"talk": "Talks"}, (), (), 30, 40)
    chosen = Chosen(Effort(FUTURES, 8, 3), replace(held, **setting), found, (), 128, 0)
    return {one.lead: f"{one.text} {one.more}".strip() for one in say_choices(chosen)} | {
        "shortly": say_shortly(chosen)
    }


GOOD = ((0.2, 0.05), (-3.0, 0.5), (90.0, 10.0))
BAD = ((-0.2, 0.05), (3.0, 0.5), (-90.0, 10.0))
ALL, NONE = (64, 64, 64), (0, 0, 0)
RIVALS = {
    "one choice that changes nothing": ([view("same")], {}),
    "all alike": ([view("one"), view("two"), view("three")], {}),
    "one dominates": ([view("buy", ALL, GOOD, (2000, 50)), view("wait")], {}),
    "all dominate": ([view("buy", ALL, GOOD, (2000, 50)), view("hire", ALL, GOOD, (1000, 50))], {}),
    "all worse": ([view("cut", NONE, BAD, (-500, 20)), view("stop", NONE, BAD, (-900, 20))], {"base": ALL}),
    "nothing ever holds": ([view("one", NONE), view("two", NONE)], {"base": NONE}),
    "everything always holds": ([view("one", ALL), view("two", ALL)], {"base": ALL}),
    "everything is refused": ([view("buy", ALL, GOOD, (2000, 50), 0.1), view("hire", (50, 50, 50), GOOD, (100, 5), 0.2)], {}),
    "everything is agreed": ([view("buy", gains=GOOD, chance=1.0), view("hire", gains=GOOD, chance=0.9)], {}),
    "everybody is worse off": ([view("cut", gains=BAD, fine=0)], {}),
    "one requirement": ([view("buy", ALL, GOOD, (1, 0.1))], {"needs": ("tanks",)}),
    "only the supplier asks": ([view("buy", ALL, GOOD, (1, 0.1))], {"needs": ("earnings",)}),
    "many choices": ([view(f"choice {n}", (40 + n, 64, 40), GOOD, (100 * n, 5)) for n in range(1, 9)], {}),
}  # fmt: skip


@pytest.mark.parametrize("rivals", RIVALS)
def test_words_on_choices_have_no_slips(find_slips, rivals):
    others, changes = RIVALS[rivals]
    for about, text in told(*others, **changes).items():
        assert find_slips(text) == [], about


def test_where_all_choices_are_alike_none_is_above_another():
    text = told(view("one"), view("two"))
    assert "None of them hold up under every choice." in text["What holds up"]
    assert text["What changes"] == "Every choice does the same as what is contracted, in every run."
    for about in ("What holds up", "What changes", "What it costs", "shortly"):
        assert "“One”" not in text[about]


def test_the_choice_that_dominates_is_on_top_and_no_other():
    text = told(*RIVALS["one dominates"][0])
    assert "Most hold up under “Buy”: 2." in text["What holds up"]
    assert "“Buy” does better on the most outcomes that these requirements look at: 2 of 2." in text["What changes"]
    assert "“Wait”" not in text["What changes"].partition("Under")[0]
    assert "“Buy”" in text["shortly"]


def test_where_every_choice_is_worse_what_is_contracted_is_best():
    text = told(*RIVALS["all worse"][0], base=ALL)
    assert "As contracted, 2 of Aland’s 2 requirements hold up" in text["What holds up"]
    assert "No choice makes more of them hold up." in text["What holds up"]
    assert text["What changes"].startswith("On nothing that these requirements look at does any choice do better")
    assert "Money is saved by" in text["What it costs"]
    assert text["What it costs"].startswith("No choice costs more")
    assert "It would earn less under “Cut” and “Stop”." in text["What Bland gets"]
    assert "earn most" not in text["What Bland gets"]


@pytest.mark.parametrize(("futures", "holds"), [(48, True), (47, False)])
def test_a_requirement_holds_up_from_three_in_four_futures_on(futures, holds):
    text = told(view("same", (futures, 0, 0)), base=(futures, 0, 0), needs=("tanks",))["What holds up"]
    assert ("1 of Aland’s 1 requirement holds up" in text) is holds
    assert ("Whatever is chosen: “Tanks ready”" in text) is holds
    assert ("Under no choice at all: “Tanks ready”" in text) is not holds


def test_what_never_holds_up_is_said_with_its_best_and_none_in_words():
    text = told(*RIVALS["nothing ever holds"][0], base=NONE)["What holds up"]
    assert "(at best in none of 64 futures)" in text
    assert "Whatever is chosen" not in text
    text = told(*RIVALS["everything always holds"][0], base=ALL)["What holds up"]
    assert "Under no choice at all" not in text
    assert "Whatever is chosen: “Tanks ready” and “Shells last”." in text


@pytest.mark.parametrize(("chance", "refused"), [(0.49, True), (0.5, False), (0.0, True), (1.0, False)])
def test_a_partner_refuses_below_one_in_two(chance, refused):
    text = told(view("buy", ALL, GOOD, (2000, 50), chance))
    assert ("Bland would rather refuse “Buy”" in text["What Bland gets"]) is refused
    assert ("would rather agree" in text["What Bland gets"]) is not refused
    assert ("(which Bland would rather refuse)" in text["What holds up"]) is refused


def test_a_supplier_that_refuses_everything_is_said_to_and_to_agree_to_nothing():
    text = told(*RIVALS["everything is refused"][0])["What Bland gets"]
    assert text.startswith("Bland would rather refuse “Buy” and “Hire”:")
    assert "would rather agree" not in text
    assert "hardest to get of the others" not in text


@pytest.mark.parametrize(("error", "apart"), [(0.0999, True), (0.1, False)])
def test_a_difference_counts_beyond_two_errors(error, apart):
    text = told(view("buy", gains=((0.2, error), (0, 0), (0, 0))))["What changes"]
    assert ("“Buy” does better" in text) is apart
    assert ("Under no choice can anything be told from chance." in text) is not apart


def test_a_change_for_the_worse_is_never_called_better():
    text = told(view("cut", gains=BAD, cost=(100, 5)))["What changes"]
    assert "does better on" not in text
    assert "any choice do better" in text


@pytest.mark.parametrize(("fine", "many"), [(64, "1 of 1 choice"), (58, "1 of 1 choice"), (57, "none of 1 choice")])
def test_nobody_is_worse_off_from_nine_futures_in_ten_on(fine, many):
    assert f"in at least nine in ten futures under {many}." in told(view("buy", fine=fine))["What Bland gets"]


# --- forecasts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("below", "words"), [(0.56, "too fast"), (0.55, ""), (0.5, ""), (0.45, ""), (0.44, "too slow")]
)
def test_which_way_forecasts_erred_is_said_only_beyond_a_margin(below, words):
    known = load_reference_class("known-by-2023")
    scores = tuple(one.model_copy(update={"below_median": below}) for one in known.scores)
    said = outlook.spell_bias(known.model_copy(update={"scores": scores}))
    assert (words in said) if words else said == ""


@pytest.mark.parametrize(
    ("inside", "verdict"), [(100, "wider than they had to be"), (50, "too narrow"), (90, "as often as they should")]
)
def test_ranges_are_judged_by_how_often_they_held(inside, verdict, find_slips):
    day, known = dt.date(2024, 1, 1), load_reference_class("known-by-2023")
    checks = tuple(Check("t1-1", day, day, 0, 5, 9, 5 if at < inside else 20) for at in range(100))
    said = outlook._spell_backtest(Backtest(known, checks))
    assert verdict in said
    assert f"{inside} of 100 counts" in said
    assert find_slips(said) == []
    assert outlook._spell_backtest(Backtest(known, checks[:9])) == ""


@pytest.mark.parametrize(
    ("months", "words"),
    [(0, "on time"), (1, "1 month later"), (-1, "1 month earlier"), (23, "23 months later"), (24, "2.0 years later"),
     (-30, "2.5 years earlier"), (None, "")],
)  # fmt: skip
def test_a_slip_is_told_in_months_then_years(months, words):
    assert outlook._spell_slip(months) == words


# --- futures --------------------------------------------------------------------------------------------------------


def simulated(ready, crises):
    row = ScenarioRow("As assumed", "As it stands", (("t1-1", "T1", "Dec 2025"),), (("t1", "T1", ready),), "0", crises)
    price = Price("As assumed", "Days with a passage closed", "0.0", "0.0", "+0.0 ± 0.0", False)
    return Simulation(Effort(8, 16, 1), 128, 0, (row,), (), (), (price,), (), 40, 40)


@pytest.mark.parametrize(
    ("ready", "crises"),
    [("0 % (0 to 0)", "0 of 128"), ("100 % (100 to 100)", "128 of 128"), ("50 % (0 to 100)", "1 of 128")],
)
def test_a_fleet_that_is_never_or_always_ready_is_said_to_be(make_case, show_page, ready, crises):
    findings = replace(gather_findings(load_case(make_case())), simulation=simulated(ready, crises))
    section = show_page(findings, charts=False).select_one("#futures")
    cells = [" ".join(cell.get_text(" ").split()) for cell in section.select("td")]
    assert any(ready in cell for cell in cells)
    assert crises in cells
    assert "no" in cells  # of no difference is anything told from chance
    assert not section.select("p.missing")
    assert not re.search(r"\b(?:None|nan|inf)\b|\.\.", section.get_text())


def test_a_brief_without_futures_says_why(make_case, show_page, copy_of_poland_korea):
    none = show_page(gather_findings(load_case(make_case())), charts=False).select_one("#futures").get_text()
    assert "The case makes no assumptions" in none
    off = show_page(gather_findings(load_case(copy_of_poland_korea)), charts=False).select_one("#futures").get_text()
    assert "made without simulated futures" in off
