"""Enough is enough: conditions in words, errors split into their parts, rounds that end, and say how."""

import datetime as dt

import numpy as np
import pytest

from pactwork.errors import CaseError
from pactwork.facts.case import load_case
from pactwork.futures.identity import Asked, Round, identify
from pactwork.futures.playing import play_run
from pactwork.futures.stopping import (
    EXPECTED,
    Target,
    check_targets,
    find_names,
    grow_run,
    measure_mean,
    parse_targets,
)
from pactwork.futures.store import open_run

NAMES = ("k2.mean_readiness", "k9.mean_readiness", "k2-1.completed_years", "cost")


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("standard error of readiness < 0.002", (Target("readiness", None, 0.002),)),
        ("standard  error of cost under stock-first<1e2", (Target("cost", "stock-first", 100.0),)),
        (
            "choices told apart by cost and standard error of readiness < .1",
            (Target("cost"), Target("readiness", None, 0.1)),
        ),
    ],
)
def test_conditions_in_words(text, targets):
    assert parse_targets(text) == targets


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ("readiness < 0.002", ['"readiness < 0.002"'], EXPECTED),
        ("", ["nothing"], EXPECTED),
        ("standard error of readiness > 0.002", ['"standard error of readiness > 0.002"'], EXPECTED),
        ("standard error of cost < -1 and standard error of cost < x", ['"-1"', '"x"'], "a number above 0"),
        ("standard error of cost < nan", ['"nan"'], "a number above 0"),
    ],
)
def test_what_is_no_condition(text, found, expected):
    with pytest.raises(CaseError) as caught:
        parse_targets(text)
    assert [(one.where, one.found, one.expected) for one in caught.value.problems] == [
        ("stop-when", each, expected) for each in found
    ]


def test_names_are_checked_and_near_ones_offered():
    targets = parse_targets(
        "standard error of readines < 1 and standard error of cost under no-such < 1 and choices told apart by cost"
    )
    found = check_targets(targets, NAMES, ("as-contracted",))
    assert [one.found for one in found] == ['"readines"', '"no-such"', "1 choice"]
    assert "readiness" in found[0].expected
    assert not check_targets(parse_targets("choices told apart by readiness"), NAMES, ("a", "b"))
    assert find_names("completed_years", NAMES) == ["k2-1.completed_years"]
    assert find_names("cost", NAMES) == ["cost"]


def between_and_within(futures, replications, between, within, seed=1):
    dice = np.random.default_rng(seed)
    return dice.normal(0, between, (futures, 1)) + dice.normal(0, within, (futures, replications))


def test_an_error_is_split_into_its_parts():
    scramble = np.tile(np.arange(8), 500)
    noisy = measure_mean("x", between_and_within(4000, 16, 0.01, 1.0), scramble, 0.001)
    assert noisy.within == pytest.approx(1 / (4000 * 16), rel=0.05)
    assert noisy.replications_needed < 1.1 * noisy.futures_needed  # chance is all of it
    uneven = measure_mean("x", between_and_within(4000, 16, 1.0, 0.1), scramble, 0.001)
    assert uneven.replications_needed == np.inf  # no number of replications is enough
    assert uneven.futures_needed == pytest.approx((uneven.error / 0.001) ** 2)
    values = between_and_within(80, 3, 1.0, 1.0)
    values[::2, 1:] = np.nan
    assert measure_mean("x", values, np.tile(np.arange(8), 10), 1.0).within == pytest.approx(
        values[1::2].var(axis=1, ddof=1).mean() / (40 + 120)
    )


class Found:
    """Results that tell one outcome of given spread."""

    choices, names = ("as-contracted",), ("x",)

    def __init__(self, futures, replications, between, within, choices=None):
        self.values, self.scramble = (
            between_and_within(futures, replications, between, within),
            np.tile(np.arange(8), futures // 8),
        )
        if choices:
            self.choices = tuple(choices)
            self.shift = choices

    def outcomes_of(self, names, choice):
        return {name: self.outcome(name, choice) for name in names}

    def outcome(self, name, choice):
        return self.values + (self.shift[choice] if hasattr(self, "shift") else 0)


@pytest.fixture
def identity(world):
    asked = Asked(points=8, replications=16, stop_when="standard error of x < 0.05", most_runs=100_000)
    return identify(world.model(points=8), load_case("poland-korea"), case="poland-korea", asked=asked)


def test_what_cuts_the_error_more_is_added(identity):
    grown, said = grow_run(Found(64, 16, 1.0, 0.1), identity)
    assert [one.futures for one in grown.rounds] == [64, 256]
    assert grown.replications == 16
    assert "more futures" in said
    grown, said = grow_run(Found(64, 16, 0.0, 4.0), identity)
    assert (grown.futures, grown.replications > 16) == (64, True)
    assert "more replications" in said
    assert grown.rounds[0].errors["x under as-contracted"] > 0.05
    assert (grown.rounds[0].reached, grown.rounds[1].reached) == (None, None)


def test_a_target_is_reached_or_out_of_reach(identity):
    grown, said = grow_run(Found(64, 16, 0.01, 0.1), identity)
    assert grown.rounds[-1].reached is True
    assert "Precise enough after 1,024 runs" in said
    grown, said = grow_run(Found(64, 16, 100.0, 0.1), identity)
    assert (len(grown.rounds), grown.rounds[-1].reached) == (1, False)
    assert "100,000 are the most (--most-runs): it ends here" in said
    asked = identity.asked.model_copy(update={"most_runs": 1_500})
    grown, _ = grow_run(Found(64, 16, 1.0, 0.1), identity.model_copy(update={"asked": asked}))
    assert (len(grown.rounds), grown.rounds[-1].reached) == (1, False)


def test_choices_that_are_too_close_to_tell(identity):
    told = identity.model_copy(
        update={"asked": identity.asked.model_copy(update={"stop_when": "choices told apart by x"})}
    )
    grown, _ = grow_run(Found(64, 16, 1.0, 0.1, {"a": 0.0, "b": 0.001}), told)
    assert grown.rounds[-1].reached is True  # the same luck for both: their difference has no error
    assert list(grown.rounds[-1].errors) == ["x: a - b"]
    noisy = Found(64, 16, 1.0, 0.1, {"a": 0.0, "b": 0.001})
    noisy.outcome = lambda name, choice: noisy.values * (1 if choice == "a" else -1)
    grown, said = grow_run(noisy, told)
    assert grown.rounds[-1].reached is not True
    assert "x: a - b" in said


def test_chunks_of_later_rounds_are_what_they_add(identity):
    rounds = [Round(points=p, futures=8 * p, replications=r) for p, r in ((1, 16), (4, 16), (4, 48), (8, 48))]
    seen = np.zeros((64, 48), dtype=int)
    for chunk in identity.with_rounds(*rounds).chunks():
        seen[slice(*chunk.futures), slice(*chunk.replications)] += 1
    assert (seen == 1).all()
    first = [one.name for one in identity.with_rounds(rounds[0]).chunks()]
    assert [one.name for one in identity.with_rounds(*rounds).chunks()][: len(first)] == first


def test_rounds_add_to_what_is_there(world, tmp_path):
    small = type(world)(years=2)

    def model_of(points):
        return small.model(points=points)

    def play(name, stop_when=None, points=1):
        asked = Asked(points=points, replications=20, stop_when=stop_when, most_runs=stop_when and 4_000)
        identity = identify(model_of(points), load_case("poland-korea"), case="poland-korea", asked=asked)
        said = []
        return play_run(tmp_path / name, identity, model_of, tell=said.append), said

    run, said = play("rounds", "standard error of t1.mean_readiness under faster < 0.004")
    assert [one.reached for one in run.identity.rounds][-1] is True
    assert len(run.identity.rounds) > 1
    assert run.estimate("t1.mean_readiness", "faster").standard_error < 0.004
    assert run.identity.rounds[-1].errors == {
        "t1.mean_readiness under faster": run.estimate("t1.mean_readiness", "faster").standard_error
    }
    whole, _ = play("at-once", points=run.identity.points)
    assert open_run(tmp_path / "rounds").outcome("cost").tobytes() == whole.outcome("cost").tobytes()
    assert open_run(tmp_path / "rounds").series_frame().equals(whole.series_frame())
    assert run.as_of == dt.date(2024, 10, 31)
    again, said = play("rounds", "standard error of t1.mean_readiness under faster < 0.004")
    assert again.identity == run.identity
    assert "already holds" in said[0]


def test_a_killed_round_is_decided_alike(world, tmp_path, monkeypatch):
    from pactwork.futures import playing

    small = type(world)(years=2)
    asked = Asked(points=1, replications=20, stop_when="standard error of t1.mean_readiness < 0.004", most_runs=4_000)
    identity = identify(small.model(points=1), load_case("poland-korea"), case="poland-korea", asked=asked)

    def play(name):
        return play_run(tmp_path / name, identity, lambda points: small.model(points=points))

    whole, write, left = play("whole"), playing.write_identity, [3]

    def stop(path, held):
        left[0] -= 1
        if left[0] == 0:
            raise KeyboardInterrupt
        return write(path, held)

    monkeypatch.setattr(playing, "write_identity", stop)
    with pytest.raises(KeyboardInterrupt):
        play("killed")
    monkeypatch.undo()
    again = play("killed")
    assert again.identity == whole.identity
    for path in (tmp_path / "whole").rglob("*"):
        if path.is_file():
            assert (tmp_path / "killed" / path.relative_to(tmp_path / "whole")).read_bytes() == path.read_bytes()
