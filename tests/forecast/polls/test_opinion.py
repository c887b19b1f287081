"""Questions and opinion: what is read together, shares that add up, truth recovered, few polls never silly."""

import datetime as dt
import itertools
import json
import math

import numpy as np
import pytest

from pactwork.forecast.polls import Poll, collect_polls, estimate_opinion, group_polls

START = dt.date(2023, 1, 2)


def poll(shares, day=0, pollster="p", wording="w", size=1000, question="q"):
    return Poll(question, "adults", wording, pollster, START + dt.timedelta(days=day), size, shares)


def only(polls):
    (question,) = group_polls(polls)
    return question


def synthetic(seed=1, polls=120, houses=(0.3, -0.2, 0.0, -0.1), wordings=(0.0,)):
    """Return polls from a known level, pollsters and wordings, in points of the logit."""
    dice = np.random.default_rng(seed)
    level, made = 0.2, []
    truth = {}
    for number in range(polls):
        level += dice.normal(0, 0.02 * math.sqrt(3))
        house, wording = int(dice.integers(len(houses))), int(dice.integers(len(wordings)))
        share = 1 / (1 + math.exp(-(level + houses[house] + wordings[wording] + dice.normal(0, 0.05))))
        chosen = dice.binomial(1000, share)
        made.append(poll({"yes": chosen / 10, "no": 100 - chosen / 10}, 3 * number, f"house-{house}", f"w{wording}"))
        truth[made[-1].day.isoformat()] = 100 / (1 + math.exp(-level))
    return made, truth


def test_trend_and_pollsters_are_recovered():
    polls, truth = synthetic()
    option = estimate_opinion(only(polls)).option("yes")
    inside = [band.q025 <= truth[band.label] <= band.q975 for band in option.trend]
    assert np.mean(inside) > 0.9
    assert np.mean([abs(band.mean - truth[band.label]) for band in option.trend]) < 4
    effects = {band.label: band for band in option.house_effects}
    for name, effect in (("house-0", 7.4), ("house-1", -4.9), ("house-2", 0.0), ("house-3", -2.5)):
        assert effects[name].q025 < effect < effects[name].q975
    assert effects["house-0"].mean - effects["house-1"].mean == pytest.approx(12.2, abs=3)


def test_wordings_are_recovered():
    polls, _ = synthetic(2, wordings=(0.6, -0.6))
    question = only(polls[:1] + polls[1:])
    option = estimate_opinion(question).option("yes")
    effects = {band.label: band for band in option.wording_effects}
    assert effects["w0"].mean - effects["w1"].mean == pytest.approx(28.5, abs=5)


def test_one_ahead_covers_and_beats_the_last_poll():
    polls, _ = synthetic(3, polls=200)
    rows = estimate_opinion(only(polls)).option("yes").one_ahead[25:]
    error = np.sqrt(np.mean([(row.mean - row.observed) ** 2 for row in rows]))
    last = np.sqrt(np.mean([(b.observed - a.observed) ** 2 for a, b in itertools.pairwise(rows)]))
    assert error < 0.75 * last
    assert 0.92 <= np.mean([row.q025 <= row.observed <= row.q975 for row in rows]) <= 0.99


def test_shares_of_three_answers_and_more_add_up():
    dice = np.random.default_rng(4)
    polls = []
    for number in range(30):
        counts = dice.multinomial(1000, [0.5, 0.25, 0.15, 0.1]) / 10
        polls.append(poll(dict(zip(("a", "b", "c", "dont_know"), counts, strict=True)), number * 5, f"p{number % 3}"))
    found = estimate_opinion(only(polls))
    assert found.question.options[-1] == "dont_know"
    for bands in zip(*(option.trend for option in found.options), strict=True):
        assert sum(band.mean for band in bands) == pytest.approx(100, abs=0.01)
        for band in bands:
            assert 0 <= band.q025 <= band.mean <= band.q975 <= 100
    means = {option.option: option.now.mean for option in found.options}
    for name, share in (("a", 50), ("b", 25), ("c", 15), ("dont_know", 10)):
        assert means[name] == pytest.approx(share, abs=3)


def test_what_is_not_printed_is_the_rest():
    polls = [poll({"yes": 50, "no": 30}, day, f"p{day % 2}") for day in range(6)]
    found = estimate_opinion(only(polls))
    assert [option.option for option in found.options] == ["yes", "no"]
    assert found.rest[-1].mean == pytest.approx(20, abs=2)
    assert any("leave 20 %" in note for note in found.notes)
    assert sum(option.now.mean for option in found.options) + found.rest[-1].mean == pytest.approx(100, abs=0.01)


def test_a_three_way_question_is_never_read_with_a_two_way_one():
    two = poll({"support": 34, "against": 55, "dont_know": 11}, 0, wording="two")
    three = poll({"military": 13, "support": 66, "against": 16}, 3, wording="three")
    assert [question.choices for question in group_polls([two, three])] == [2, 3]
    # Without wordings, the answers alone tell them apart.
    bare = [poll(one.shares, number, wording="") for number, one in enumerate([two, three])]
    assert [question.choices for question in group_polls(bare)] == [2, 3]


def test_one_printed_answer_joins_the_question_it_belongs_to():
    polls = [poll({"for": 20, "against": 74}, 0, wording="a"), poll({"against": 57}, 5, wording="b"),
             poll({"for": 30, "against": 60}, 9, wording="a")]  # fmt: skip
    question = only(polls)
    assert len(question.polls) == 3
    assert question.options[0] == "against"
    found = estimate_opinion(question)
    assert len(found.option("against").one_ahead) == 3
    assert len(found.option("for").one_ahead) == 2


def test_parties_may_come_and_go():
    polls = [
        poll({"a": 40, "b": 30, "c": 20, "d": 10}, 0, wording=""),
        poll({"a": 42, "b": 33, "c": 25}, 4, wording=""),
    ]
    assert len(only(polls).polls) == 2


def test_populations_stay_apart():
    rows = [{"question_id": "q", "population": who, "wording": "w", "subgroup": "all", "pollster": "p", "sample_size": 900,
             "fieldwork_end": "2024-05", "option": "yes", "percent": 50.0} for who in ("adults", "experts")]  # fmt: skip
    assert len(group_polls(collect_polls(rows))) == 2
    assert collect_polls([{**rows[0], "subgroup": "age-20s"}]) == []


def test_the_first_row_of_an_answer_counts():
    row = {"question_id": "q", "wording": "w", "pollster": "p", "sample_size": None, "fieldwork_end": "2024-05-03",
           "option": "yes", "percent": 34.0}  # fmt: skip
    (found,) = collect_polls([row, {**row, "percent": 35.0}])
    assert found.shares == {"yes": 34.0}
    assert found.sample_size is None


@pytest.mark.parametrize("shares", [{"yes": 0, "no": 100}, {"yes": 100, "no": 0}, {"yes": 0, "no": 0}, {"yes": 51}])
@pytest.mark.parametrize("size", [1, 1000, 10**12, None])
def test_one_poll_gives_a_wide_answer_and_never_a_silly_one(shares, size):
    found = estimate_opinion(only([poll(shares, size=size)]))
    json.dumps(found.as_dict(), allow_nan=False)
    for option in found.options:
        now = option.now
        assert 0 <= now.q025 <= now.mean <= now.q975 <= 100
        assert now.q975 - now.q025 > 0.01
        assert option.ahead[-1].q975 - option.ahead[-1].q025 >= now.q975 - now.q025


def test_one_poll_is_less_sure_than_its_sample_says_and_many_are_surer():
    one = estimate_opinion(only([poll({"yes": 50, "no": 50})])).option("yes").now
    many = estimate_opinion(only([poll({"yes": 50, "no": 50}, 0, f"p{k}") for k in range(12)])).option("yes").now
    assert one.q975 - one.q025 > 12  # sampling alone would make it 6.2
    assert 6 < many.q975 - many.q025 < one.q975 - one.q025  # what all share does not go away


def test_many_pollsters_and_wordings_are_too_many_to_follow():
    polls = [poll({"yes": 50 + k % 7, "no": 50 - k % 7}, k, f"p{k}", f"w{k}") for k in range(60)]
    question = only(polls)
    assert len(question.pollsters) == 40
    found = estimate_opinion(question)
    assert found.option("yes").now.mean == pytest.approx(53, abs=4)
    assert len(found.option("yes").one_ahead) == 60
