import numpy as np
import pytest

from pactwork.facts.case import load_case
from pactwork.forecast.bargaining import Issue, Stakeholder, find_outcome
from pactwork.forecast.dialogue import (
    OPENNESS,
    PERCEPTION_COEFFICIENT,
    Government,
    change_government,
    judge_stance,
    make_ties,
    mix_stances,
    settle_positions,
    share_views,
    state_stance,
)
from pactwork.forecast.politics import make_politics

ISSUE = Issue("kr-x", (
    Stakeholder("gov", 80, 60, 50, 70, 90), Stakeholder("opp", 20, 40, 25, 10, 30), Stakeholder("ally", 95, 20, 100, 90, 99),
), 0, 100)  # fmt: skip
COUNTRIES = {"gov": "KR", "opp": "KR", "ally": "PL"}
TIES = make_ties(ISSUE, COUNTRIES, frozenset({"KR", "PL"}))


def test_ties_add_up_and_nobody_listens_to_itself():
    assert TIES.sum(axis=1) == pytest.approx(1)
    assert np.diag(TIES) == pytest.approx(0)
    assert TIES[0] == pytest.approx([0, 40 / 50, 10 / 50])  # own country whole, the partner by half, times influence


def test_positions_settle_where_listening_in_steps_leads():
    salience = np.array([one.salience for one in ISSUE.stakeholders])
    openness = 0.5 * (1 - salience / 100)
    x = start = ISSUE.positions
    for _ in range(500):
        x = openness * (TIES @ x) + (1 - openness) * start
    assert settle_positions(ISSUE, TIES, 0.5).positions == pytest.approx(x)


def test_no_openness_moves_nobody_and_who_cares_most_never_moves():
    assert settle_positions(ISSUE, TIES, 0.0).positions == pytest.approx(ISSUE.positions)
    settled = settle_positions(ISSUE, TIES, 0.6).positions
    assert settled[2] == 95
    assert settled[1] > 20


def test_a_lone_actor_and_one_whom_nobody_can_influence():
    lone = Issue("x", ISSUE.stakeholders[:1], 0, 100)
    assert settle_positions(lone, make_ties(lone, {}, frozenset()), 0.6).positions == pytest.approx([80])


def test_who_governs_takes_the_seat_and_its_influence():
    changed = change_government(ISSUE, "gov", ISSUE.stakeholders[1])
    by_name = {one.actor: one for one in changed.stakeholders}
    assert (by_name["gov"].position, by_name["gov"].influence, by_name["gov"].salience) == (20, 60, 25)
    assert (by_name["opp"].position, by_name["opp"].influence) == (80, 40)
    assert find_outcome(changed) < find_outcome(ISSUE)
    assert change_government(ISSUE, "gov", None) == ISSUE


def test_a_stance_rests_on_the_middle_openness_and_tells_the_range():
    stance = judge_stance("kr", Government("", "", 1, ISSUE), TIES)
    outcomes = [find_outcome(settle_positions(ISSUE, TIES, openness)) for openness in OPENNESS]
    assert stance.outcome == pytest.approx(outcomes[1])
    assert stance.outcome_range == pytest.approx((min(outcomes), max(outcomes)))
    assert OPENNESS[0] == 0


def test_an_election_that_is_over_changes_nothing(make_case):
    actors = "actor_id,name,kind,country\naland,Aland,state,PL\nbland,Bland,state,KR\nleft,Left,opposition,PL\n"
    head = "issue,actor,position,low,high,influence,salience,scale,as_of,basis,source_id,locator,rationale\n"
    rows = "".join(
        f"pl-x,{who},{x},0,100,50,50,0 to 100,2024-06,judgement,paper,p,why\n"
        for who, x in (("aland", 80), ("left", 10))
    )
    elections = "election_id,partner,office,date,contenders,source_id,locator\n"
    elections += "old,aland,Parliament,2023-10,left,paper,p\nnew,aland,Parliament,2027-10,left,paper,p\n"
    found = make_politics(load_case(make_case(actors=actors, positions=head + rows, elections=elections)))
    assert {one.election for one in found.issue("pl-x").stances} == {"", "new"}


def test_the_mixture_lies_between_who_can_win_by_their_odds():
    one = judge_stance("kr", Government("a", "e", 0.75, ISSUE), TIES)
    two = judge_stance("kr", Government("b", "e", 0.25, change_government(ISSUE, "gov", ISSUE.stakeholders[1])), TIES)
    mixed = mix_stances([one, two])
    for name in ("committed", "transactional", "reluctant", "outcome"):
        assert getattr(mixed, name) == pytest.approx(0.75 * getattr(one, name) + 0.25 * getattr(two, name))
    assert mixed.committed + mixed.transactional + mixed.reluctant == pytest.approx(1)
    assert one.committed > two.committed


def test_a_state_that_does_not_decide_stands_where_it_stands():
    stance = state_stance(ISSUE, ISSUE.stakeholders[2])
    assert stance.committed > 0.95
    unsure = state_stance(ISSUE, Stakeholder("x", 50, 1, 1, 0, 100))
    assert unsure.committed == pytest.approx(unsure.reluctant)
    assert unsure.committed > 0.25


def test_shared_views_may_move_nothing_and_the_range_says_so():
    assert PERCEPTION_COEFFICIENT[0] < 0 < PERCEPTION_COEFFICIENT[2]
    found = share_views(ISSUE, "gov", TIES, 0.4)
    assert found.outcomes[0] < judge_stance("kr", Government("", "", 1, ISSUE), TIES).outcome < found.outcomes[2]
    same = share_views(ISSUE, "gov", TIES, 0.0)
    assert len({round(one, 9) for one in same.outcomes}) == 1


@pytest.fixture(scope="module")
def politics():
    return make_politics(load_case("poland-korea"))


def test_who_governs_seoul_moves_what_it_decides(politics):
    stances = {one.governs: one for one in politics.issue("kr-nato-cooperation").stances if one.basis == "bargaining"}
    assert stances["democratic-party-kr"].committed < stances["as now"].committed - 0.05
    assert stances["people-power-party-kr"].committed == pytest.approx(stances["as now"].committed)
    assert stances["democratic-party-kr"].election == "kr-president-2027"


def test_elections_that_make_no_government_change_none(politics):
    seoul = {one.election for one in politics.issue("kr-nato-cooperation").stances}
    assert "kr-assembly-2028" not in seoul
    warsaw = {one.election for one in politics.issue("pl-east-asia-engagement").stances}
    assert warsaw == {"", "pl-parliament-2027"}
    both = {one.election for one in politics.issue("pl-korean-purchases").stances}  # the president has a position there
    assert "pl-president-2025" in both


def test_a_party_whose_position_is_not_held_is_said_to_be_unknown(politics):
    stances = {one.governs: one for one in politics.issue("pl-korean-purchases").stances
               if one.election == "pl-parliament-2027"}  # fmt: skip
    assert stances["confederation-pl"].basis == "unknown"
    assert stances["law-and-justice-pl"].outcome > stances["civic-coalition-pl"].outcome


def test_third_states_have_a_stance(politics):
    third = {one.actor: one for one in politics.issue("kr-retransfer-consent").stances if one.basis == "position"}
    assert third["united-states"].committed > 0.5
    assert third["russia"].reluctant > 0.95
    assert "south-korea" not in third
    assert "government-kr-yoon" not in third


def test_every_stance_adds_up(politics):
    for one in politics.issues:
        for stance in one.stances:
            assert stance.committed + stance.transactional + stance.reluctant == pytest.approx(1)
            assert min(stance.committed, stance.transactional, stance.reluctant) >= 0


def test_elections_ahead_of_what_was_known_are_those_of_that_day():
    ledger = load_case("poland-korea").known_by("2024-10-31")
    assert make_politics(ledger).as_dict() == make_politics(load_case("poland-korea")).as_dict()
