"""Numbers that the reader puts in place of assumptions."""

import pytest

from pactwork.errors import CaseError
from pactwork.facts.case import load_case
from pactwork.facts.replacing import parse_replacements, replace_numbers


@pytest.fixture(scope="module")
def ledger():
    return load_case("poland-korea")


def test_a_number_stands_in_every_scenario(ledger):
    name = next(iter(ledger.assumptions.scenarios["frozen-conflict"].overrides))
    low = ledger.assumptions.under("frozen-conflict")[name].low
    replaced = replace_numbers(ledger, {name: low})
    for scenario in (None, *replaced.assumptions.scenarios):
        one = replaced.assumptions.under(scenario)[name]
        assert (one.low, one.high, one.is_uncertain) == (low, low, False)
    assert ledger.assumptions.parameters != replaced.assumptions.parameters


def test_levers_have_numbers_too(ledger):
    assert parse_replacements(["levers.dialogue-network.effect=0.5"], ledger) == {"levers.dialogue-network.effect": 0.5}


def test_everything_wrong_is_told_at_once(ledger):
    texts = ["theatres.europe.crisis_to_wra=0.1", "nothing", "theatres.europe.crisis_to_war=-1",
             "fleet.k2.field_channels=2.5", "theatres.europe.crisis_to_war=nan"]  # fmt: skip
    with pytest.raises(CaseError) as caught:
        parse_replacements(texts, ledger)
    where = [one.where for one in caught.value.problems]
    assert where == ["set", "set", "set theatres.europe.crisis_to_war", "set fleet.k2.field_channels",
                     "set theatres.europe.crisis_to_war"]  # fmt: skip
    assert "crisis_to_war" in caught.value.problems[0].fix
