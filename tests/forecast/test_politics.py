import json

import pytest

from pactwork.errors import CaseError
from pactwork.facts.case import load_case
from pactwork.forecast.politics import accept_probability, make_politics, read_politics


@pytest.fixture(scope="module")
def politics():
    return make_politics(load_case("poland-korea"))


def test_korean_support_for_arms_is_wide_because_of_wording(politics):
    found = politics.question("kr-arms-ukraine", "support")
    support = found.option("support")
    assert found.question.choices == 2
    assert support.dominant == "wording"
    assert support.uncertainty["wording"] > 0.5
    assert support.now.q025 < 20.5  # both two-way polls, 20.5 and 34, lie well inside
    assert support.now.q975 > 34
    assert support.now.q975 - support.now.q025 > 20
    assert any(note.startswith("Wording dominates") for note in found.notes)


def test_the_korean_three_way_question_keeps_its_three_answers(politics):
    found = politics.question("kr-arms-ukraine", "military_aid")
    assert found.question.choices == 3
    assert set(found.question.options) == {"military_aid", "non_military_only", "none", "dont_know"}
    assert found.option("military_aid").now.mean == pytest.approx(13, abs=2)
    two = politics.question("kr-arms-ukraine", "support")
    assert "military_aid" not in two.question.options
    assert len(two.question.polls) + len(found.question.polls) == 5
    assert all("three-way" not in wording for wording in two.question.wordings)


def test_rival_shares_of_one_poll_are_one_poll_and_the_better_graded_stands(politics):
    nbs = [poll for poll in politics.question("kr-arms-ukraine", "support").question.polls if poll.pollster == "nbs"]
    assert [poll.shares["support"] for poll in nbs] == [34]


def test_json_has_the_keys_that_are_promised(politics):
    document = json.loads(json.dumps(politics.as_dict(), allow_nan=False))
    assert {"questions", "issues", "perceptions"} <= set(document)
    option = document["questions"][0]["options"][0]
    assert {"option", "trend", "house_effects", "one_ahead"} <= set(option)
    assert set(option["trend"][0]) == {"date", "mean", "q025", "q975"}
    assert {"mean", "q025", "q975", "observed"} <= set(option["one_ahead"][0])
    assert {"pollster", "points", "q025", "q975"} == set(option["house_effects"][0])
    issue = document["issues"][0]
    assert {"issue", "outcome", "interval80", "weighted_median", "pce", "pce_mean", "sensitivity", "stances"} <= set(
        issue
    )
    assert set(issue["pce"][0]) == {"position", "probability"}
    assert {"committed", "transactional", "reluctant", "governs", "probability"} <= set(issue["stances"][0])
    assert {"divergence", "jensen_shannon", "level_gap", "threats"} <= set(document["perceptions"])


def test_every_question_of_the_case_adds_up(politics):
    for one in politics.questions:
        total = sum(option.now.mean for option in one.options) + (one.rest[-1].mean if one.rest else 0)
        assert total == pytest.approx(100, abs=0.01)


def test_the_partners_fear_different_adversaries(politics):
    found = politics.perceptions
    assert found.who == ("poland", "south-korea")
    assert 0.3 < found.divergence < 0.45
    assert found.interval[0] < found.divergence < found.interval[1]
    assert found.threats[0].threat.startswith("russia")
    assert found.level_gap < 0


def test_opinion_enters_as_the_public_and_only_from_a_two_way_question(politics):
    voice = politics.issue("kr-arms-to-ukraine").opinion
    assert (voice.actor, voice.question_id, voice.option) == ("public-kr", "kr-arms-ukraine", "support")
    assert voice.positions[1] == pytest.approx(27.5, abs=1.5)
    assert voice.outcomes[0] < voice.outcomes[1] < voice.outcomes[2]
    weight = next(
        one for one in politics.issue("kr-arms-to-ukraine").sensitivity if one.actor == "public-kr"
    ).by_position
    assert voice.outcomes[2] - voice.outcomes[0] == pytest.approx(weight * (voice.positions[2] - voice.positions[0]))
    assert politics.issue("kr-nato-cooperation").opinion is None


def test_a_share_among_three_answers_is_no_share_of_support(make_case):
    actors = "actor_id,name,kind,country\naland,Aland,state,PL\nbland,Bland,state,KR\npublic-pl,Public,public,PL\n"
    head = "issue,actor,position,low,high,influence,salience,scale,as_of,basis,source_id,locator,rationale\n"
    rows = "".join(
        f"pl-arms,{who},40,0,100,50,50,0 to 100,2024-06,judgement,paper,p,why\n" for who in ("aland", "public-pl")
    )
    polls = (
        "question_id,wording,population,subgroup,pollster,fieldwork_end,sample_size,option,percent,source_id,locator\n"
    )
    answers = ("support", "against", "later")
    for name, options in (("two", answers[:2]), ("three", answers)):
        asked = "".join(f"pl-arms,w,PL adults,all,p,2024-06-01,900,{one},30,paper,p\n" for one in options)
        root = make_case(name, actors=actors, positions=head + rows, polls=polls + asked)
        voice = make_politics(load_case(root)).issue("pl-arms").opinion
        assert (voice is not None) == (name == "two")


def test_a_poll_without_an_end_counts_on_the_cases_day(make_case, tiny):
    polls = tiny["polls"].replace("2024-06-24,2024-06-26", ",2024-06/..")
    found = make_politics(load_case(make_case(polls=polls)))
    assert [poll.day.isoformat() for poll in found.question("q", "for").question.polls] == ["2024-10-31"]


def test_consent_falls_with_what_is_asked(politics):
    one = politics.issue("kr-technology-transfer")
    asked = [accept_probability(one.issue, one.outcome, level) for level in (10, 30, 50, 70, 90)]
    assert asked == sorted(asked, reverse=True)
    assert asked[0] > 0.9
    assert 0.5 < dict(one.accepts)[50] < 0.65


def test_what_was_not_yet_known_is_not_used():
    early = make_politics(load_case("poland-korea").known_by("2023-12-31"))
    assert early.as_of == "2023-12-31"
    days = [poll.day.isoformat() for one in early.questions for poll in one.question.polls]
    assert days
    assert max(days) <= "2023-12-31"
    assert early.issues == ()


@pytest.mark.parametrize("missing", ["polls", "positions", "threats", "elections", "actors"])
def test_any_part_may_be_left_out(copy_of_poland_korea, missing):
    facts, about = copy_of_poland_korea / "facts", copy_of_poland_korea / "case.toml"
    if missing == "actors":  # nearly all tables refer to them
        for path in facts.glob("*.csv"):
            if path.stem not in ("polls", "sources"):
                path.unlink()
        for name in ("assumptions", "scenarios"):
            (copy_of_poland_korea / f"{name}.toml").unlink()
        head = about.read_text().split("[[partners]]")[0]
        about.write_text(head.replace('partnership = "pl-kr"', ""))
    else:
        for name in (missing, "claims", "recommendations"):  # the last two name rows of others as evidence
            (facts / f"{name}.csv").unlink()
    found = make_politics(load_case(copy_of_poland_korea))
    json.dumps(found.as_dict(), allow_nan=False)
    assert bool(found.questions) == (missing != "polls")
    assert bool(found.issues) == (missing not in ("positions", "actors"))
    assert (found.perceptions is not None) == (missing not in ("threats", "actors"))


def test_tables_alone_are_read_together_and_their_problems_too(tmp_path):
    polls, positions = tmp_path / "polls.csv", tmp_path / "positions.csv"
    polls.write_text("pollster,fieldwork_end,sample_size,option,percent\np,2024-05-01,0,yes,50\n")
    positions.write_text("actor,position,influence,salience\na,x,1,1\n")
    with pytest.raises(CaseError) as caught:
        read_politics(polls, positions, tmp_path / "none.csv")
    wheres = " ".join(problem.where for problem in caught.value.problems)
    assert "polls.csv:2 sample_size" in wheres
    assert "positions.csv:2 position" in wheres
    assert "none.csv" in wheres
