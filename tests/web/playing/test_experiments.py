"""Experiments: what the page shows is what the library plays, however it was asked for."""

import contextlib
import threading
from dataclasses import replace

import numpy as np
import pytest

from pactwork.errors import CaseError
from pactwork.facts.choices import Choices
from pactwork.facts.replacing import replace_numbers
from pactwork.futures.compile import compile_case
from pactwork.futures.ensemble import run_futures
from pactwork.futures.results import read_quantile
from pactwork.web.playing import bench as benches
from pactwork.web.playing.asking import Ask, apply_ask, check_ask, tidy_ask
from pactwork.web.playing.comparing import tell_difference
from pactwork.web.playing.experiment import LADDER, REPLICATIONS, SIZES
from pactwork.web.playing.reading import LEVELS, list_figures, read_bands, tell_answer, values_of
from pactwork.web.playing.stopping import Superseded
from pactwork.web.playing.weights import weigh_assumptions

MOVED = ("fleet.k2.failures_per_year", 5.0)


def play_as_simulate(ledger, forecast, calibrated, points=LADDER[0], **how):
    model = compile_case(ledger, forecast, points=points, seed=how.pop("seed", 0), calibrated=calibrated, **how)
    return run_futures(model, replications=REPLICATIONS)


def check_same(held, expected):
    assert held.ensemble.names == expected.names
    np.testing.assert_array_equal(held.ensemble.outcomes, expected.outcomes)
    np.testing.assert_array_equal(held.ensemble.status, expected.status)
    np.testing.assert_array_equal(held.ensemble.histogram, expected.histogram)
    np.testing.assert_array_equal(held.ensemble.total, expected.total)


def test_sizes_are_those_that_are_offered():
    assert SIZES == (200, 800, 3200)


def test_the_first_runs_and_those_that_sharpen_are_those_of_simulate(bench, ledger, forecast, calibrated):
    check_same(bench.play(Ask(), 200), play_as_simulate(ledger, forecast, calibrated))
    check_same(bench.play(Ask(), 800), play_as_simulate(ledger, forecast, calibrated, points=LADDER[1]))


def test_levers_pulled_are_the_choice_that_pulls_them(bench, ledger, forecast, calibrated):
    choice = ledger.choices.choices["repair-at-home"]
    held = bench.play(Ask(levers=tuple((name, None) for name in choice.levers), seed=3))
    check_same(held, play_as_simulate(ledger, forecast, calibrated, choices=("repair-at-home",), seed=3))


def test_a_scenario_and_a_number_are_those_of_simulate(bench, ledger, forecast, calibrated):
    held = bench.play(Ask(scenario="probing", numbers=(MOVED,)))
    replaced = replace_numbers(ledger, dict([MOVED]))
    check_same(held, play_as_simulate(replaced, forecast, calibrated, scenario="probing"))


def test_a_share_is_the_effect_of_its_lever(ledger):
    applied = apply_ask(ledger, Ask(levers=(("local-spares", 0.4),)))
    assert applied.assumptions.parameters["levers.local-spares.effect"].low == 0.4
    assert applied.choices.choices["what-if"].levers == ("local-spares",)


def test_equal_questions_are_one_experiment():
    one = Ask(levers=(("b", None), ("a", 0.5)), numbers=(("y", 2.0), ("x", 1.0)), closed=("suez", "panama", "suez"))
    other = Ask(levers=(("a", 0.5), ("b", None)), numbers=(("x", 1.0), ("y", 2.0)), closed=("panama", "suez"))
    assert tidy_ask(one) == tidy_ask(other)


@pytest.mark.parametrize(
    ("ask", "where"),
    [
        (Ask(scenario="peace"), "scenario"),
        (Ask(levers=(("local-spars", None),)), "levers"),
        (Ask(levers=(("local-spares", 1.5),)), "levers local-spares"),
        (Ask(numbers=(("fleet.k2.failures_per_yer", 3.0),)), "numbers"),
        (Ask(numbers=(("fleet.k2.failures_per_year", 1e6),)), "numbers fleet.k2.failures_per_year"),
        (Ask(numbers=(("fleet.k2.failures_per_year", float("nan")),)), "numbers fleet.k2.failures_per_year"),
        (Ask(numbers=(("passages.panama.used", 0.5),)), "numbers passages.panama.used"),
        (Ask(closed=("nowhere",)), "closed"),
        (Ask(closed=("northwest",)), "closed"),
        (Ask(seed=-1), "seed"),
    ],
)
def test_what_a_case_cannot_answer_is_refused_with_its_place(ledger, ask, where):
    with pytest.raises(CaseError) as refused:
        check_ask(ledger, ask)
    assert where in [one.where for one in refused.value.problems]


@pytest.mark.parametrize("both_say_so", [False, True])
def test_levers_that_exclude_each_other_are_refused_once(ledger, both_say_so):
    held = ledger.choices
    one, other = next((name, lever.excludes[0]) for name, lever in held.levers.items() if lever.excludes)
    if both_say_so:
        levers = {**held.levers, other: replace(held.levers[other], excludes=(one,))}
        ledger = replace(ledger, choices=Choices(levers, held.choices, held.criteria))
    with pytest.raises(CaseError) as refused:
        check_ask(ledger, Ask(levers=((one, None), (other, None))))
    assert len(refused.value.problems) == 1


def test_who_has_changed_their_mind_waits_no_longer_and_nothing_is_lost(bench):
    ask, count = Ask(seed=11), iter(range(1000))
    with pytest.raises(Superseded):
        bench.play(ask, 200, lambda: next(count) > 12)
    assert not bench.has(ask, 200)
    held = bench.play(ask, 200)
    assert held.ensemble.futures == LADDER[0] * 8
    assert np.isfinite(held.ensemble.outcome("cost")).all()


def test_who_asks_for_less_does_not_wait_until_all_is_sharp(bench):
    """Another page sharpens the same question: what is played of it is there at once, and nobody waits for the rest."""
    ask, going, done = Ask(seed=12), threading.Event(), threading.Event()

    def sharpen():
        with contextlib.suppress(Superseded):
            bench.play(ask, 3200, lambda: going.set() or done.is_set())

    thread = threading.Thread(target=sharpen)
    bench.play(ask)
    thread.start()
    going.wait(30)
    assert bench.play(ask).ensemble.futures == 40
    assert thread.is_alive()
    done.set()
    thread.join(30)


def test_the_plain_question_is_kept_and_so_is_the_latest(ledger, forecast, calibrated, monkeypatch):
    monkeypatch.setattr(benches, "MOST_EXPERIMENTS", 2)
    own = benches.Bench(ledger, forecast, calibrated)
    for seed in range(4):
        own._open(Ask(seed=seed))
    assert list(own._made) == [Ask(), Ask(seed=3)]


def test_bands_are_the_quantiles_of_the_library(bench):
    ensemble = bench.play(Ask()).ensemble
    for name in ("k2.ready", "k2.readiness_permille", "cgr-080.stock"):
        bins = ensemble.bins(name)
        expected = [[read_quantile(row, level, bins.low, bins.width) for level in LEVELS] for row in bins.counts]
        np.testing.assert_allclose(read_bands(bins), expected, rtol=0, atol=1e-9)


def test_an_answer_says_what_it_is_made_of(bench, ledger):
    told = tell_answer(ledger, bench.play(Ask()))
    assert told["stamp"]["words"].startswith("SIMULATED – seed 0, 40 futures × 5 replications")
    assert {one["kind"] for one in told["fans"]} == {"ready", "readiness_permille", "stock"}
    assert all(len(one["bands"]) == len(told["days"]) for one in told["fans"])
    ready = next(one for one in told["fans"] if one["key"] == "k2.ready")
    assert len(ready["required"]) == len(told["days"])
    held = bench.play(Ask())
    cost = next(one for one in told["figures"] if one["key"] == "cost")
    assert cost["mean"] == pytest.approx(held.ensemble.outcome("cost").mean(), rel=1e-5)
    assert cost["error"] == pytest.approx(held.ensemble.estimate("cost").standard_error, rel=1e-5)
    assert not [one for one in told["figures"] if one["key"] == "fa-50gf.completed_years"]  # all there on the first day


def test_a_run_that_is_never_done_counts_as_the_horizon(bench, ledger):
    held = bench.play(Ask())
    figure = next(one for one in list_figures(ledger, held) if one.key == "k9-remainder.completed_years")
    years = held.ensemble.outcome(figure.outcome)
    assert np.isnan(years).any()
    horizon = held.ensemble.model.steps * held.ensemble.model.step_years * 12
    np.testing.assert_allclose(values_of(figure, held)[np.isnan(years)], horizon)


def test_nine_tenths_of_a_lot_are_days_as_its_middle_is(bench, ledger):
    held = bench.play(Ask())
    told = {one["key"]: one for one in tell_answer(ledger, held)["figures"]}
    years = np.sort(held.ensemble.outcome("k2-1.completed_years").ravel())  # what never comes stands last
    dated = told["k2-1.completed_years"]
    for name, share in (("early", 0.05), ("median", 0.5), ("late", 0.95)):
        day = held.ensemble.day_after(years[int(np.ceil(share * years.size)) - 1])
        assert dated[name] == (day.isoformat() if day else None), name


def test_a_difference_is_run_by_run(bench, ledger):
    now, pinned = bench.play(Ask(numbers=(MOVED,))), bench.play(Ask())
    told = tell_difference(ledger, now, pinned)
    gap = now.ensemble.outcome("k2.mean_readiness") - pinned.ensemble.outcome("k2.mean_readiness")
    found = told["figures"]["k2.mean_readiness"]
    assert found["mean"] == pytest.approx(100 * gap.mean(), rel=1e-4)
    apart = [100 * one.ensemble.estimate("k2.mean_readiness").standard_error for one in (now, pinned)]
    assert found["error"] < 0.6 * np.hypot(*apart)  # the same luck cancels out
    means = (now.ensemble.bins("k2.ready").total - pinned.ensemble.bins("k2.ready").total) / 200
    np.testing.assert_allclose(told["series"]["k2.ready"]["mean"], means, atol=0.006)


def test_nothing_differs_from_itself(bench, ledger):
    told = tell_difference(ledger, bench.play(Ask()), bench.play(Ask()))
    assert all(one["same"] and not one["clear"] for one in told["figures"].values() if one["pairs"])


def test_a_number_of_another_fleet_leaves_a_fleet_alone(bench, ledger):
    """The same luck: what does not hang on a number is the same to the last run."""
    told = tell_difference(ledger, bench.play(Ask(numbers=(MOVED,))), bench.play(Ask()))
    assert told["figures"]["fa-50.mean_readiness"]["same"]
    assert not told["figures"]["k2.mean_readiness"]["same"]


def test_closing_suez_for_good_makes_lots_later_and_none_earlier(bench, ledger):
    now, before = bench.play(Ask(closed=("suez",))), bench.play(Ask())
    told = tell_difference(ledger, now, before)["figures"]
    assert told["k2-1.completed_years"]["clear"]
    assert told["k2-1.completed_years"]["mean"] > 0
    assert told["fa-50pl.completed_years"]["same"]  # by air
    assert told["passage_closed_days"]["mean"] > 0


def test_what_matters_most_is_what_outcomes_follow(bench, ledger):
    held = bench.play(Ask(), 800)
    found = weigh_assumptions(ledger, held)
    assert found
    assert [abs(one.correlation) for one in found] == sorted((abs(one.correlation) for one in found), reverse=True)
    names = {one.name for one in found}
    assert names & {"fleet.k2.failures_per_year", "fleet.k9.failures_per_year", "fleet.k239.failures_per_year"}
    assert all(held.ensemble.model.design.parameters[name].is_uncertain for name in names)
    assert not [one for one in found if "in stock at the end" in one.outcome]  # it follows its goal by definition
