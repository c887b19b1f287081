"""How much is judgement, counted by hand on small cases."""

from types import SimpleNamespace

import pytest

from pactwork.brief.judgement import Share, weigh_assumptions, weigh_origins
from pactwork.brief.origins import Origin
from pactwork.facts.choices import Choice, Choices
from pactwork.facts.spreads import JUDGEMENT


def origin(row, judged):
    return Origin("s", "A source", "p", "B2", row, judged)


def test_each_row_behind_a_conclusion_counts_once():
    rows = [origin("a:1", False), origin("a:2", True), origin("a:1", False), origin("b:1", True)]
    assert weigh_origins(rows) == Share(2, 3)
    assert weigh_origins([]) == Share(0, 0)


@pytest.mark.parametrize(
    ("share", "words"),
    [(Share(0, 12), "(12 rows, none judgement)"), (Share(3, 12), "(12 rows, 3 judgement)"),
     (Share(1, 1), "(1 row, all judgement)"), (Share(0, 0), ""),
     (Share(9, 10, "assumptions"), "(10 assumptions, 9 judgement)")],
)  # fmt: skip
def test_a_share_is_said_in_words(share, words):
    assert share.words == words


def test_a_share_is_said_in_a_sentence_that_agrees():
    assert Share(1, 12).sentence == "Of 12 rows behind this, 1 is judgement."
    assert Share(3, 12).sentence == "Of 12 rows behind this, 3 are judgement."
    assert Share(0, 1).sentence == "Of 1 row behind this, none is judgement."
    assert Share(0, 0).sentence == ""


def assumed(**sources):
    return {name: SimpleNamespace(name=name, source=source) for name, source in sources.items()}


def test_of_the_levers_only_those_count_that_the_conclusion_speaks_of():
    own = assumed(a=JUDGEMENT, b="paper", c="paper")
    levers = {name: SimpleNamespace(title=name, why="", parameters=tuple(assumed(**{f"effect.{name}": JUDGEMENT,
              f"cost.{name}": "paper"}).values())) for name in ("x", "y")}  # fmt: skip
    choices = Choices(levers, {"one": Choice("one", "One", "", ("x",)), "both": Choice("both", "Both", "", ("x", "y"))})
    ledger = SimpleNamespace(assumptions=SimpleNamespace(parameters=own), choices=choices)
    assert weigh_assumptions(ledger) == Share(1, 3, "assumptions")
    ledger.assumptions.scenarios = {"dark": SimpleNamespace(overrides=assumed(b=JUDGEMENT, d="paper"))}
    assert weigh_assumptions(ledger, scenarios=True) == Share(2, 5, "assumptions")
    assert weigh_assumptions(ledger) == Share(1, 3, "assumptions")
    assert weigh_assumptions(ledger, ["one"]) == Share(2, 5, "assumptions")
    assert weigh_assumptions(ledger, ["one", "both"]) == Share(3, 7, "assumptions")
    assert weigh_assumptions(ledger, ["unheard of"]) == Share(1, 3, "assumptions")
