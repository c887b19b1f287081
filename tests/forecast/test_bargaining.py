import numpy as np
import pytest

from pactwork.forecast.bargaining import (
    Issue,
    Stakeholder,
    collect_issues,
    elect_position,
    exceed_probability,
    find_changes,
    find_interval,
    find_leverage,
    find_outcome,
    find_weighted_median,
)
from pactwork.forecast.politics import judge_positions


def issue(*rows, bottom=0.0, top=100.0):
    held = (Stakeholder(f"a{n}", x, c, s, x, x) for n, (x, c, s) in enumerate(rows))
    return Issue("i", tuple(held), bottom, top)


THREE = issue((10, 50, 60), (40, 80, 50), (90, 30, 90))


def test_the_outcome_is_the_weighted_mean():
    assert find_outcome(THREE) == pytest.approx((10 * 3000 + 40 * 4000 + 90 * 2700) / 9700)
    assert find_weighted_median(THREE) == 40


def test_recalibration_draws_towards_the_middle():
    (found,) = judge_positions(
        [{"actor": a, "position": x, "influence": 1, "salience": 1} for a, x in (("a", 4), ("b", 10))]
    )
    assert found.as_dict()["recalibrated"] == 7
    heavy = [{"actor": a, "position": x, "influence": c, "salience": 1} for a, x, c in (("a", 4, 1), ("b", 10, 3))]
    assert judge_positions(heavy)[0].as_dict()["recalibrated"] == pytest.approx(7 + 0.78 * 1.5)


def test_the_error_is_the_measured_one_and_is_cut_at_the_ends():
    wide = issue((50, 1, 1), (50, 1, 1))
    assert find_interval(wide, 50) == (13, 87)
    assert find_interval(wide, 90) == (53, 100)
    assert find_interval(issue((5, 1, 1), bottom=4, top=10), 5) == (4, pytest.approx(7.22))
    scale = issue((0, 1, 1), bottom=0, top=1000)
    for size, share in ((17.5, 0.5), (37.0, 0.8), (50.3, 0.9)):
        assert exceed_probability(scale, 0, 10 * size) == pytest.approx((1 - share) / 2)


def test_the_errors_standard_deviation_is_that_of_the_record():
    sizes = np.linspace(0, 100, 20001)
    above = exceed_probability(issue((0, 1, 1)), 0.0, sizes)
    variance = 4 * np.sum(sizes * above) * (sizes[1] - sizes[0])  # E e² = 2·∫ 2t·P(e > t) dt
    assert np.sqrt(variance) == pytest.approx(29.7, abs=0.1)


def test_thresholds_at_and_beyond_the_ends():
    assert exceed_probability(THREE, 40, np.array([-1, 40, 100, 101])) == pytest.approx([1, 0.5, 0, 0])


def test_sensitivities_are_the_exact_derivatives():
    step = 1e-5
    found = {one.actor: one for one in find_leverage(THREE)}
    for index, one in enumerate(THREE.stakeholders):
        for name, slope in (("position", found[one.actor].by_position), ("salience", found[one.actor].by_salience),
                            ("influence", found[one.actor].by_influence)):  # fmt: skip
            rows = [[held.position, held.influence, held.salience] for held in THREE.stakeholders]
            rows[index][("position", "influence", "salience").index(name)] += step
            assert (find_outcome(issue(*rows)) - find_outcome(THREE)) / step == pytest.approx(slope, abs=1e-4)


def test_an_actor_gains_by_overstating_and_never_beyond_its_own_position():
    for one in find_leverage(THREE):
        rows = {held.actor: [held.position, held.influence, held.salience] for held in THREE.stakeholders}
        true = rows[one.actor][0]
        gaps = []
        for stated in np.linspace(0, 100, 201):
            rows[one.actor][0] = stated
            gaps.append(abs(true - find_outcome(issue(*rows.values()))))
        assert abs(true - find_outcome(THREE)) - min(gaps) == pytest.approx(one.gain, abs=0.2)


def test_what_it_would_take_brings_the_outcome_to_the_threshold():
    changes = find_changes(THREE, 50.0)
    assert [change.size for change in changes] == sorted(change.size for change in changes)
    assert {change.kind for change in changes} >= {"position", "salience"}
    for change in changes:
        rows = {one.actor: [one.position, one.influence, one.salience] for one in THREE.stakeholders}
        if change.kind == "membership":
            del rows[change.actor]
            assert (find_outcome(issue(*rows.values())) - 50) * (find_outcome(THREE) - 50) <= 0
            continue
        rows[change.actor][0 if change.kind == "position" else 2] = change.new
        assert find_outcome(issue(*rows.values())) == pytest.approx(50)


def test_leaving_counts_only_where_it_passes_the_threshold():
    left = [change for change in find_changes(THREE, 50.0) if change.kind == "membership"]
    assert [change.actor for change in left] == ["a0"]  # without it 60.1; without a2 26.1; without a1 47.9


def test_the_election_is_between_distinct_positions_and_knows_ties():
    options, shares = elect_position(issue((10, 1, 1), (10, 1, 1), (90, 1, 2)))
    assert list(options) == [10, 90]
    assert shares == pytest.approx([0.5, 0.5])
    options, shares = elect_position(issue((10, 0, 0), (90, 0, 0)))
    assert shares == pytest.approx([0.5, 0.5])


def test_nobody_caring_is_explained_and_never_a_number():
    (found,) = judge_positions([{"issue": "x", "actor": a, "position": 5, "influence": 1, "salience": 0} for a in "ab"])
    assert found.outcome is None
    assert found.as_dict()["interval80"] is None
    assert "Nobody with influence cares" in found.note
    with pytest.raises(ValueError, match="nobody with influence"):
        find_outcome(issue((1, 0, 5), (2, 5, 0)))


def test_all_of_one_mind_have_an_outcome():
    (found,) = judge_positions([{"actor": a, "position": 7, "influence": 1, "salience": 1} for a in "ab"])
    assert found.outcome == 7
    assert found.weighted_median == 7
    assert found.pce == ((7.0, 1.0),)


def test_several_issues_at_once_each_on_its_own_scale():
    rows = [{"issue": name, "actor": a, "position": x, "influence": 1, "salience": 1}
            for name, a, x in (("one", "p", 4), ("one", "q", 10), ("two", "p", 0), ("two", "q", 1))]  # fmt: skip
    found = collect_issues(rows)
    assert [(one.issue, one.bottom, one.top) for one in found] == [("one", 4, 10), ("two", 0, 1)]
    newer = [*rows, {"issue": "one", "actor": "p", "position": 6, "influence": 1, "salience": 1}]
    assert find_outcome(collect_issues(newer)[0]) == 8  # the last row about an actor counts
