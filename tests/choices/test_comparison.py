"""Choices side by side, on made-up runs whose answer is known."""

import dataclasses
import datetime as dt
import json
from types import MappingProxyType

import numpy as np
import polars as pl
import pytest

from pactwork.choices.break_even import find_break_even
from pactwork.choices.comparison import compare_choices
from pactwork.choices.views import Worth
from pactwork.errors import CaseError
from pactwork.facts.assumptions import Parameter
from pactwork.facts.case import load_case
from pactwork.facts.choices import BASELINE, Change, Choice, Choices, Criterion, Lever
from pactwork.forecast.dialogue import NOW
from pactwork.futures.results import Bins, Part, Results

FUTURES, REPLICATIONS = 256, 8
NAMES = ("good", "cost", "supplier_earns", "supplier_own_forces_late_items", "transfers_opened", "first_crisis_years")
COLUMNS = ("danger", "levers.talks.effect", "levers.visits.effect", "levers.bays.effect", "stray")


def lever(name, low, high, asks=(), tracked=""):
    effect = Parameter(f"levers.{name}.effect", "share", "why", "judgement", "uniform", low, high)
    changes = () if tracked else (Change("x", "add", 1.0, "why"),)
    return Lever(name, name.title(), "ours", "why", None, None, (), asks, effect, None, None, 1.0, changes, tracked)


LEVERS = {
    "talks": lever("talks", 0.0, 1.0, asks=("kr-technology-transfer",)), "visits": lever("visits", 0.0, 1.0),
    "bays": lever("bays", 0.5, 1.0), "words": lever("words", 0.0, 1.0, tracked="nothing"),
}  # fmt: skip
CHOICES = {
    BASELINE: Choice(BASELINE, "As contracted", "why", ()), "talk": Choice("talk", "Talk", "why", ("talks", "visits")),
    "build": Choice("build", "Build", "why", ("bays",)), "say": Choice("say", "Say", "why", ("words",)),
}  # fmt: skip
CRITERIA = {"enough": Criterion("enough", "Enough", "good", "mean", "at_least", 10.0, "buyer", "why")}


class MadeUp(Results):
    """Runs in memory: ``good`` is 12 less 6 in danger and 2 in a crisis; levers add to it."""

    def __init__(self, choices=tuple(CHOICES), names=NAMES):
        self.choices, self.replications, self._names = choices, REPLICATIONS, names
        dice = np.random.default_rng(7)
        self.x = dice.random((FUTURES, len(COLUMNS)))
        luck = dice.normal(0.0, 0.5, (FUTURES, REPLICATIONS))
        crisis = dice.random((FUTURES, REPLICATIONS)) < 0.25
        danger, talks, visits = self.x[:, 0], self.x[:, 1], self.x[:, 2]
        base = 12.0 - 6.0 * (danger > 0.6)[:, None] - 2.0 * crisis + luck
        given = {"talk": 1.0 * talks + 0.0 * visits, "build": np.full(FUTURES, 0.5)}
        price = {"talk": 2.0, "build": 2.0, "say": 1.0}
        self.held = {}
        for choice in choices:
            good = base + given.get(choice, np.zeros(FUTURES))[:, None]
            cost = np.full_like(good, 100.0 + price.get(choice, 0.0))
            earns = np.full_like(good, 50.0 - (choice == "build"))
            self.held[choice] = dict(zip(NAMES, (good, cost, earns, 0 * good, 0 * good,
                                                 np.where(crisis, 1.0, np.nan)), strict=True))  # fmt: skip

    names = property(lambda self: self._names)
    axes = property(lambda self: {})
    series_names = property(lambda self: ())
    quarters = property(lambda self: ())
    as_of = property(lambda self: dt.date(2024, 10, 31))
    scramble = property(lambda self: np.arange(FUTURES) % 8)
    failed = property(lambda self: 0)

    def design_frame(self):
        return pl.DataFrame({"future": np.arange(FUTURES), "scramble": self.scramble,
                             **dict(zip(COLUMNS, self.x.T, strict=True))})  # fmt: skip

    def parts(self, names, choice=None):
        held = self.held[choice or self.choices[0]]
        future, replication = np.divmod(np.arange(FUTURES * REPLICATIONS), REPLICATIONS)
        yield Part(future, replication, np.zeros(len(future), dtype=np.int64),
                   {name: held[name].reshape(-1) for name in names})  # fmt: skip

    def bins(self, series, choice=None):
        return Bins(0, 1, np.zeros((0, 0), dtype=np.int64), np.zeros(0, dtype=np.int64))


@pytest.fixture(scope="module")
def ledger():
    made = Choices(*(MappingProxyType(part) for part in (LEVERS, CHOICES, CRITERIA)))
    return dataclasses.replace(load_case("poland-korea"), choices=made)


class Stance:
    actor, governs, basis, reluctant = "south-korea", NOW, "outcome", 0.6


class Politics:
    def __init__(self, stance=Stance):
        issue = type("Issue", (), {"issue": "kr-technology-transfer"})
        self.issues = (type("IssuePolitics", (), {"issue": issue, "stances": (stance,)}),)


@pytest.fixture(scope="module")
def found(ledger):
    return compare_choices(MadeUp(), ledger, Politics())


def view(found, choice):
    return next(one for one in found.choices if one.choice == choice)


def test_differences_are_those_that_were_made(found):
    assert view(found, "build").differences["enough"].mean.value == pytest.approx(0.5)
    assert view(found, "build").cost.mean.value == pytest.approx(2.0)
    talks = MadeUp().x[:, 1]
    assert view(found, "talk").differences["enough"].mean.value == pytest.approx(talks.mean())
    assert view(found, BASELINE).differences["enough"].changes_nothing


def test_shares_are_counted(found):
    good = MadeUp().held["build"]["good"].mean(axis=1)
    assert view(found, "build").robustness["enough"].met.value == pytest.approx((good >= 10.0).mean())
    ranks = [view(found, name).ranks["enough"]["mean"].rank for name in (BASELINE, "say", "build", "talk")]
    assert ranks[0] == ranks[1] == 3.5
    assert sorted(ranks[2:]) == [1.0, 2.0]


def test_what_changes_nothing_is_named(found):
    assert [one.choice for one in found.choices if one.idle] == ["say"]
    assert found.idle_levers == ("words",)
    assert found.untested_levers == ("talks", "visits")


def test_a_partner_that_would_refuse_is_told(found):
    agreement = view(found, "talk").partner.agreement
    assert agreement.probability == pytest.approx(0.4)
    assert agreement.refused
    assert not view(found, "build").partner.agreement.refused
    assert view(found, "build").partner.no_worse_off.value == 0.0
    assert view(found, "talk").partner.no_worse_off.value == 1.0


def test_an_issue_that_nobody_forecast_is_not_made_up(ledger):
    other = compare_choices(MadeUp(), ledger, type("None", (), {"issues": ()}))
    agreement = view(other, "talk").partner.agreement
    assert (agreement.probability, agreement.unknown) == (None, ("kr-technology-transfer",))


def test_each_unknown_lever_is_given_its_own_part(found):
    worth = {one.lever: one for one in view(found, "talk").worth}
    assert worth["talks"].helps
    assert not worth["visits"].helps
    # bays give 0.5 for 2, and talks cost half of the 2 that both levers cost: 0.25, of 1 at full effect
    assert worth["talks"].worth_its_cost.effect == pytest.approx(0.25, abs=0.03)
    assert worth["talks"].alternative == "build"


def test_a_lever_that_gives_exactly_nothing_does_not_help():
    effect = np.linspace(0.0, 1.0, 100)
    nothing = Worth("l", "enough", find_break_even(effect, np.zeros(100)), None, "")
    assert (nothing.useful.verdict, nothing.helps) == ("always", False)
    assert Worth("l", "enough", find_break_even(effect, np.ones(100)), None, "").helps


def test_it_fails_where_the_danger_was_put(found):
    box = view(found, BASELINE).boxes[0]
    assert box.columns == ("danger",)
    assert box.box.limits[0].low == pytest.approx(0.6, abs=0.02)
    assert "danger is above 0.6" in box.words
    assert box.box.density > 0.95


def test_what_the_outcome_hangs_on(found):
    drivers = found.drivers[0]
    assert drivers.drivers[0].name == "danger"
    assert drivers.drivers[0].share.value == pytest.approx(1.0, abs=0.05)
    assert drivers.origin.fitted == pytest.approx(1.0, abs=0.05)  # no parameter of the case has that name


def test_how_many_crises_a_deterrent_would_have_to_prevent(found):
    told = found.deterrence[0]
    run = MadeUp()
    assert told.best == "talk" if run.x[:, 1].mean() > 0.5 else "build"
    assert told.crisis_costs == pytest.approx(2.0, abs=0.1)
    assert told.needed == pytest.approx(told.gain / (told.crisis_costs * told.chance.value))


def test_the_json_document(found):
    told = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    assert {"choices", "sensitivity", "requirements"} <= set(told)
    for one in told["choices"]:
        assert {"choice", "cost", "robustness", "ranks", "vulnerability", "break_even"} <= set(one)
    assert told["levers_that_change_nothing"] == ["words"]


def test_same_runs_same_answer(ledger, found):
    again = compare_choices(MadeUp(), ledger, Politics())
    assert json.dumps(again.as_dict()) == json.dumps(found.as_dict())


@pytest.mark.parametrize(
    ("run", "criteria", "where"),
    [
        (MadeUp(("talk", "build")), None, "choices"),
        (MadeUp(), ["enuogh"], "criteria"),
        (MadeUp(names=NAMES[1:]), None, "choices.toml criteria.enough.outcome"),
    ],
)
def test_what_cannot_be_compared(ledger, run, criteria, where):
    with pytest.raises(CaseError) as caught:
        compare_choices(run, ledger, Politics(), criteria=criteria)
    assert [one.where for one in caught.value.problems] == [where]


def test_a_case_without_criteria(ledger):
    bare = dataclasses.replace(ledger, choices=dataclasses.replace(ledger.choices, criteria=MappingProxyType({})))
    with pytest.raises(CaseError) as caught:
        compare_choices(MadeUp(), bare, Politics())
    assert "criteria" in caught.value.problems[0].where
