"""Replay: the same outcomes, and a story that says what the record holds."""

from itertools import pairwise

import numpy as np
import pytest

from pactwork.errors import CaseError
from pactwork.futures.ensemble import run_futures
from pactwork.futures.replay import replay


def texts(story, kind, subject=None):
    return [one for one in story.events if one.kind == kind and subject in (None, one.subject)]


@pytest.mark.parametrize("apart", [False, True])
def test_outcomes_of_a_run_are_those_of_its_replay(world, apart):
    model = world.model(points=1)
    ensemble = run_futures(model, replications=4, apart=apart)
    for at, choice in enumerate(model.choices):
        for future, replication in ((0, 0), (5, 3)):
            story = replay(model, future=future, replication=replication, choice=choice, apart_of=4 * apart)
            assert story.outcomes.tobytes() == ensemble.outcomes[at, future, replication].tobytes()


@pytest.fixture(params=[(0, 0), (3, 1), (6, 2)])
def told(world, request):
    model = world.model(points=1)
    future, replication = request.param
    return model, replay(model, future=future, replication=replication)


def test_events_agree_with_the_weeks(told):
    model, story = told
    assert len(story.weeks) == model.steps + 1
    assert list(story.events) == sorted(story.events, key=lambda one: one.date)
    weeks = story.weeks
    for axis, key in (("passage", "closed"), ("disruption", "disrupted")):
        for name in model.names[axis]:
            out = [name in week[key] for week in weeks[:-1]]
            changes = [week["date"] for was, now, week in zip(out, out[1:], weeks[1:], strict=False) if was != now]
            told = [one.date.isoformat() for one in texts(story, axis, name) if "at the start" not in one.text]
            assert told == changes
    for name in model.names["theatre"]:
        levels = [week["theatres"][name] for week in weeks]
        moves = [f"from {a} to {b}" for a, b in pairwise(levels) if a != b]
        assert [one.text.split("s ", 1)[1] for one in texts(story, "theatre", name)[1:]] == moves
    for name in model.names["lot"]:
        arrived = [week["lots"][name]["arrived"] for week in weeks]
        said = sum(int(one.text.split(": ")[1].split()[0]) for one in texts(story, "arrival", name))
        assert said == arrived[-1] - arrived[0]


def test_events_agree_with_the_outcomes(told):
    model, story = told
    found = dict(zip(model.outcomes(), story.outcomes, strict=True))
    for lot in model.names["lot"]:
        whole = [one for one in texts(story, "arrival", lot) if "complete" in one.text]
        years = found[f"{lot}.completed_years"]
        assert bool(whole) != np.isnan(years)
        assert not whole or whole[0].date == model.day(years / model.step_years)
    for system in model.names["system"]:
        first, years = texts(story, "readiness", system), found[f"{system}.first_enough_years"]
        assert bool(first) != np.isnan(years)
        assert not first or first[0].date == model.day(round(years / model.step_years))
    assert any(one.kind in ("signing", "transfer") for one in story.events)
    closed = sum(bool(week["closed"]) for week in story.weeks[:-1]) * model.step_days
    assert closed == pytest.approx(found["passage_closed_days"])


def test_it_says_that_it_is_simulated(told):
    _, story = told
    assert story.identity["simulated"] is True
    assert {"seed", "scenario", "future", "replication", "choice"} <= set(story.identity)
    assert set(story.as_dict()) == {"identity", "events", "weeks"}


def test_what_there_is_not(world):
    with pytest.raises(CaseError) as caught:
        replay(world.model(points=1), future=8, replication=-1, choice="no-such")
    assert [one.where for one in caught.value.problems] == ["future", "replication", "choice"]
