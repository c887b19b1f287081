"""Published numbers that politics must reproduce, and real polls that it must foretell.

Emission standards: Bueno de Mesquita 1994, as in Scholz, Calbert and Smith 2011, table 1. Votes: roll calls of the
United Nations General Assembly, Voeten; κ and π with squared weights as in Häge 2011, S as in Signorino and Ritter 1999.
"""

import numpy as np
import pytest

from pactwork.facts.lone import read_poll_table, read_position_table, read_vote_table
from pactwork.forecast.politics import estimate_questions, judge_positions
from pactwork.forecast.similarity import compare_ideal_points, compare_votes


def test_emission_standards(shared):
    (issue,) = judge_positions(read_position_table(shared / "data/positions_emission_standards.csv"))
    assert issue.outcome == pytest.approx(7.390, abs=0.0005)
    assert issue.weighted_median == 7.0
    assert [position for position, _ in issue.pce] == [4, 7, 10]
    assert [probability for _, probability in issue.pce] == pytest.approx([0.205, 0.420, 0.376], abs=0.0005)
    assert issue.pce_mean == pytest.approx(7.51, abs=0.005)


LAST_POLL = {"hollande": 5.0, "chirac2": 10.5}
MEAN_OF_FIVE = {"hollande": 4.0, "chirac2": 7.4}


@pytest.mark.parametrize(("question", "most"), [("hollande", 3.3), ("chirac2", 4.2)])
def test_french_popularity_one_poll_ahead(shared, question, most):
    rows = [row for row in read_poll_table(shared / "data/polls_french_popularity.csv").rows
            if row["question_id"] == question]  # fmt: skip
    (found,) = estimate_questions(rows)
    polls = found.option("approve").one_ahead
    observed = np.array([poll.observed for poll in polls])
    rest = polls[25:]
    errors = np.array([poll.mean - poll.observed for poll in rest])
    covered = np.mean([poll.q025 <= poll.observed <= poll.q975 for poll in rest])
    last = observed[24:-1] - observed[25:]
    five = [observed[i - 5 : i].mean() - observed[i] for i in range(25, len(observed))]
    assert np.sqrt(np.mean(last**2)) == pytest.approx(LAST_POLL[question], abs=0.1)
    assert np.sqrt(np.mean(np.square(five))) == pytest.approx(MEAN_OF_FIVE[question], abs=0.1)
    assert np.sqrt(np.mean(errors**2)) <= most
    assert 0.92 <= covered <= 0.98


def test_votes_of_poland_and_south_korea_in_2019(shared):
    table = read_vote_table(shared / "data/unga_votes.csv")
    (found,) = [one for one in compare_votes(table.rows, table.states)
                if (one.first, one.second, one.year) == ("KOR", "POL", "2019")]  # fmt: skip
    assert found.kappa == pytest.approx(0.887, abs=0.0005)
    assert found.pi == pytest.approx(0.887, abs=0.0005)
    assert found.s_absolute == pytest.approx(0.857, abs=0.0005)
    assert found.s_squared == pytest.approx(0.929, abs=0.0005)


def test_ideal_points_of_poland_and_south_korea_in_2022(shared):
    table = read_vote_table(shared / "data/unga_ideal_points.csv")
    (found,) = [one for one in compare_ideal_points(table.rows)
                if (one.first, one.second, one.year) == ("KOR", "POL", "2022")]  # fmt: skip
    assert found.distance == pytest.approx(0.282, abs=0.0005)
    assert found.sd == pytest.approx(0.158, abs=0.0005)
