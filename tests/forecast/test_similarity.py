import numpy as np
import pytest

from pactwork.forecast.similarity import compare_ideal_points, compare_votes, measure_agreement


def test_alike_and_opposed():
    votes = np.array([0, 1, 2, 0, 2])
    assert measure_agreement(votes, votes) == (1, 1, 1, 1)
    _, _, absolute, squared = measure_agreement(np.array([0, 0]), np.array([2, 2]))
    assert (absolute, squared) == (-1, -1)


def test_agreement_by_chance_alone_is_none():
    dice = np.random.default_rng(0)
    kappa, pi, *_ = measure_agreement(dice.integers(0, 3, 20000), dice.integers(0, 3, 20000))
    assert kappa == pytest.approx(0, abs=0.03)
    assert pi == pytest.approx(0, abs=0.03)


def test_where_nobody_ever_differs_there_is_no_chance_to_correct_for():
    assert measure_agreement(np.array([0, 0]), np.array([0, 0])) == (None, None, 1, 1)


def test_absences_count_for_nobody():
    rows = [{"year": "2019", "A": "yes", "B": "yes"}, {"year": "2019", "A": None, "B": "no"},
            {"year": "2019", "A": "no", "B": "abstain"}, {"year": "2020", "A": None, "B": "no"}]  # fmt: skip
    (found,) = compare_votes(rows, ("A", "B"))
    assert (found.year, found.votes, found.s_absolute) == ("2019", 2, 0.5)


def test_distance_of_ideal_points_with_its_error():
    rows = [{"state": "A", "year": "2022", "ideal_point": 1.0, "q05": 0.9, "q95": 1.1},
            {"state": "B", "year": "2022", "ideal_point": -0.5, "q05": None, "q95": None},
            {"state": "C", "year": "2022", "ideal_point": 0.0, "q05": -0.1, "q95": 0.1}]  # fmt: skip
    found = {(one.first, one.second): one for one in compare_ideal_points(rows)}
    assert found["A", "B"].distance == 1.5
    assert found["A", "B"].sd is None
    assert found["A", "C"].sd == pytest.approx(0.2 * np.sqrt(2) / 3.2897)
