import numpy as np
import pytest

from pactwork.forecast.perceptions import compare_perceptions, measure_divergence, measure_jensen_shannon


def views(first, second, **more):
    rows = []
    for who, weights in (("a", first), ("b", second)):
        for threat, (likelihood, severity) in weights.items():
            rows.append({"perceiver": who, "threat": threat, "label": threat, "likelihood": likelihood,
                         "severity": severity, **more})  # fmt: skip
    return rows


def test_divergence_is_half_the_absolute_differences_of_the_shares():
    found = compare_perceptions(views({"x": (80, 50), "y": (20, 50)}, {"x": (20, 50), "y": (80, 50)}), ("a", "b"))
    assert found.divergence == pytest.approx(0.6)
    assert found.level_gap == pytest.approx(0)
    assert sum(one.contribution for one in found.threats) == pytest.approx(found.divergence)


def test_the_same_views_do_not_differ_and_strangers_differ_wholly():
    same = compare_perceptions(views({"x": (80, 50), "y": (10, 10)}, {"x": (80, 50), "y": (10, 10)}), ("a", "b"))
    assert (same.divergence, same.jensen_shannon, same.level_gap) == (0, 0, 0)
    apart = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    assert measure_divergence(*apart) == measure_jensen_shannon(*apart) == 1


def test_a_louder_partner_with_the_same_order_differs_in_level_alone():
    found = compare_perceptions(views({"x": (80, 50), "y": (40, 50)}, {"x": (40, 50), "y": (20, 50)}), ("a", "b"))
    assert found.divergence == pytest.approx(0)
    assert found.level_gap == pytest.approx(0.15)


def test_a_common_view_of_what_divides_most_brings_the_partners_together():
    found = compare_perceptions(views({"x": (90, 90), "y": (30, 30)}, {"x": (10, 10), "y": (30, 30)}), ("a", "b"))
    first = found.threats[0]
    assert first.common < found.divergence


def test_threats_that_only_one_sees_are_named_and_left_out():
    found = compare_perceptions(views({"x": (9, 9), "z": (50, 50)}, {"x": (9, 9)}), ("a", "b"))
    assert found.one_sided == ("z",)
    assert found.divergence == 0


def test_nothing_to_compare_is_nothing():
    assert compare_perceptions([], ("a", "b")) is None
    assert compare_perceptions(views({"x": (0, 50)}, {"x": (50, 50)}), ("a", "b")) is None
    assert compare_perceptions(views({"x": (5, 50)}, {"y": (50, 50)}), ("a", "b")) is None


def test_the_range_of_the_judgements_widens_the_answer():
    wide = {"likelihood_low": 0, "likelihood_high": 100, "severity_low": 0, "severity_high": 100}
    sure = compare_perceptions(views({"x": (50, 50), "y": (50, 50)}, {"x": (50, 50), "y": (50, 50)}), ("a", "b"))
    unsure = compare_perceptions(
        views({"x": (50, 50), "y": (50, 50)}, {"x": (50, 50), "y": (50, 50)}, **wide), ("a", "b")
    )
    assert sure.interval == (0, 0)
    assert unsure.interval[1] > 0.3
