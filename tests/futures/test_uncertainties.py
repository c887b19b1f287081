"""Uncertainties: distributions turned round, and designs that keep what they have when something is added."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pactwork import CaseError, load_case
from pactwork.facts.assumptions import Parameter
from pactwork.futures import uncertainties
from pactwork.futures.uncertainties import invert, make_design

CHANCES = np.linspace(0.0005, 0.9995, 1000)
FINITE = st.floats(-1e6, 1e6)


def parameter(distribution="uniform", low=1.0, high=5.0, name="x", **shape):
    return Parameter(name, "day", "why", "judgement", distribution, low, high, **shape)


SHAPES = {
    "uniform": (parameter(), stats.uniform(1, 4)),
    "loguniform": (parameter("loguniform", low=0.5), stats.loguniform(0.5, 5)),
    "triangular": (parameter("triangular", mode=2.0), stats.triang(0.25, 1, 4)),
    "normal": (parameter("normal", mean=2.0, sd=1.5), stats.truncnorm(-2 / 3, 2, 2.0, 1.5)),
}


@pytest.mark.parametrize("name", SHAPES)
def test_the_inverse_turns_the_distribution_round(name):
    one, known = SHAPES[name]
    assert known.cdf(invert(one, CHANCES)) == pytest.approx(CHANCES, abs=1e-9)


def test_a_discrete_value_comes_as_often_as_its_weight():
    one = parameter("discrete", 1, 4, values=(1.0, 2.0, 4.0), weights=(0.5, 0.3, 0.2))
    found = invert(one, CHANCES)
    assert (np.diff(found) >= 0).all()
    values, counts = np.unique(found, return_counts=True)
    assert values.tolist() == [1, 2, 4]
    assert counts == pytest.approx([500, 300, 200], abs=1)


@st.composite
def parameters(draw):
    low, high = sorted(draw(st.tuples(st.floats(0.001, 1e6), st.floats(0.001, 1e6)).filter(lambda p: p[0] < p[1])))
    kind = draw(st.sampled_from(["uniform", "loguniform", "triangular", "normal"]))
    shape = {}
    if kind == "triangular":
        shape["mode"] = draw(st.floats(low, high))
    if kind == "normal":
        shape = {"mean": draw(st.floats(low, high)), "sd": (high - low) * draw(st.floats(0.01, 10))}
    return parameter(kind, low, high, **shape)


@given(parameters())
def test_values_stay_in_the_range_and_never_fall(one):
    found = invert(one, CHANCES)
    assert found.min() >= one.low
    assert found.max() <= one.high
    assert (np.diff(found) >= 0).all()


def test_a_known_value_is_the_same_in_every_future():
    design = make_design({"x": parameter("fixed", 3.0, 3.0), "y": parameter(name="y")}, 4)
    assert design.values("x").tolist() == [3.0] * 32
    assert design.columns == ("y",)


@given(st.sets(st.text("abcdef.", min_size=1, max_size=8), min_size=1, max_size=6), st.integers(0, 2**32))
def test_a_parameter_more_moves_no_other_column(names, seed):
    few = {name: parameter(name=name) for name in names}
    design = make_design(few, 4, seed=seed)
    more = make_design({**few, "ADDED": parameter("loguniform", name="ADDED")}, 4, seed=seed, reserved=["a lot"])
    for name in names:
        assert np.array_equal(design.values(name), more.values(name))
    assert set(more.columns) == {*names, "ADDED", "a lot"}


def test_same_seed_same_bytes():
    parameters = load_case("poland-korea").assumptions.under()
    first, second = (make_design(parameters, 16, seed=11, reserved=["slip.k2-1"]) for _ in range(2))
    assert first.chances.tobytes() == second.chances.tobytes()
    assert first.frame().equals(second.frame())
    assert first.chances.tobytes() != make_design(parameters, 16, seed=12).chances.tobytes()


def test_a_longer_design_begins_with_the_shorter_one():
    parameters = {"x": parameter()}
    assert np.array_equal(make_design(parameters, 32).values("x")[:128], make_design(parameters, 16).values("x"))


def test_each_scramble_is_balanced_and_differs():
    design = make_design({"x": parameter()}, 16)
    groups = [design.chance("x")[design.scramble == index] for index in range(8)]
    for group in groups:
        assert sorted((16 * group).astype(int)) == list(range(16))
    assert len({group.tobytes() for group in groups}) == 8


def test_a_scenario_shares_the_coordinates_of_what_it_replaces():
    assumptions = load_case("poland-korea").assumptions
    usual, worse = (make_design(assumptions.under(name), 4) for name in (None, "stalled-transfer"))
    name = "transfer.k2pl-made-in-poland.stages_per_year"
    assert np.array_equal(usual.chance(name), worse.chance(name))
    assert (worse.values(name) < usual.values(name)).all()


def test_the_frame_has_a_named_column_for_everything_uncertain():
    parameters = load_case("poland-korea").assumptions.under()
    frame = make_design(parameters, 4, reserved=["slip.k2-1"]).frame()
    assert frame.shape == (32, 3 + sum(one.is_uncertain for one in parameters.values()))
    assert frame["fleet.k2.failures_per_year"].min() >= 2.0
    assert frame["slip.k2-1"].is_between(0, 1).all()
    assert frame.null_count().sum_horizontal().item() == 0


def test_a_case_without_assumptions_has_futures_all_alike():
    assert make_design({}, 2).chances.shape == (16, 0)


def test_what_makes_no_design_is_told_at_once():
    with pytest.raises(CaseError) as caught:
        make_design({"x": parameter()}, 0, scrambles=4, reserved=["x"])
    assert [problem.where for problem in caught.value.problems] == ["design x", "design scrambles"]
    with pytest.raises(CaseError, match="design points"):
        make_design({}, 0)


def test_a_design_is_not_changed_by_those_who_read_it():
    design = make_design({"x": parameter()}, 2)
    with pytest.raises(ValueError, match="read-only"):
        design.chances[0, 0] = 0.5


def test_a_large_design_is_drawn_piece_by_piece(monkeypatch):
    parameters = {name: parameter(name=name) for name in ("x", "y")}
    whole = make_design(parameters, 40, seed=3, reserved=["a lot"]).frame()
    monkeypatch.setattr(uncertainties, "KEPT", 0)
    design = make_design(parameters, 40, seed=3, reserved=["a lot"])
    for first, last in ((0, 320), (5, 6), (13, 251), (300, 400)):
        piece = slice(first, last)
        assert design.frame(piece).equals(whole[piece])
        assert np.array_equal(design.values("x", piece), whole["x"].to_numpy()[piece])
    assert "chances" not in vars(design)
