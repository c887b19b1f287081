"""The kernel: parts that may be missing, runs that fail, replay, and theatres played apart."""

import numpy as np
import pytest
from scipy.linalg import expm

from pactwork.futures import kernel
from pactwork.futures.arrays import make_arrays
from pactwork.futures.oracles.closed_forms import machine_repair, mean_and_deviation
from pactwork.futures.outcomes import outcome_names, series_names
from pactwork.futures.steps.fleet_plan import FleetPlan
from pactwork.futures.steps.theatres import find_chances


def names_of(world):
    return outcome_names({axis: world.NAMES[axis] for axis in ("lot", "system", "munition")}, ["half"], world.years + 1)


def column(world, played, name):
    return played.outcomes[:, names_of(world).index(name)]


def without(world, *axes):
    """Leave out axes of a world, with every part that runs over them."""
    parts = {"theatre": ("theatres",), "passage": ("passages", "passage_relief"), "currency": ("exchange",),
             "disruption": ("disruptions", "disruption_relief"), "government": ("changes", "governments"),
             "instrument": ("instruments",), "transfer": ("transfers",), "line": ("lines",), "lot": ("lots", "cargo"),
             "route": ("routes",), "system": ("fleet", "acceptance"), "munition": ("munitions",)}  # fmt: skip
    for axis in axes:
        world.sizes[axis] = 0
        for part in parts[axis]:
            world.environment.pop(part, None)
            world.choice.pop(part, None)
    world.choice.pop("money")
    world.choice.pop("report")
    world.sizes |= {"series": 0, "quarter": 0, "date": 0, "cause": 0, "cargo": 0}
    return world


def test_names_match_what_is_written(world):
    played = world.play(4)
    assert played.outcomes.shape == (4, len(names_of(world)))
    assert played.histogram.shape[0] == len(series_names({a: world.NAMES[a] for a in ("lot", "system", "munition")}))
    assert (played.status == kernel.PLAYED).all()
    assert (played.histogram.sum(axis=2) == 4).all()


def test_politics_alone(world):
    others = (
        "passage",
        "disruption",
        "currency",
        "transfer",
        "line",
        "lot",
        "route",
        "system",
        "munition",
        "instrument",
    )
    _, record, played = without(world, *others).replay()
    assert played.status[0] == kernel.PLAYED
    assert set(np.unique(record.stance)) <= {0, 1, 2}
    assert len(np.unique(record.stance)) > 1


def test_a_fleet_alone(world):
    others = ("theatre", "passage", "disruption", "currency", "government", "instrument", "transfer", "line", "lot",
              "route", "munition")  # fmt: skip
    absent = ("theatre", "depot_transfer", "spare_route", "spare_transfer", "maker_route", "government")
    world.choice["fleet"] |= dict.fromkeys(absent, -1)
    _, record, played = without(world, *others).replay()
    assert played.status[0] == kernel.PLAYED
    assert (record.fleet.sum(axis=2) + record.queue == [21, 5]).all()
    assert (record.fleet[:, :, 1:].sum(axis=(1, 2)) > 1).any()


def test_shipping_alone(world):
    others = ("theatre", "passage", "disruption", "currency", "government", "instrument", "transfer", "munition")
    world.sizes["closed_set"] = 1
    world.choice["routes"] = {"length_km": 18000.0, "speed_km_day": 600.0}
    world.choice["lines"] = {"rate": 40.0}
    world.choice["lots"] = {"quantity": 30, "route": 0, "batch": 5}
    world.choice["fleet"] = {}
    _, record, played = without(world, *others).replay()
    assert played.status[0] == kernel.PLAYED
    assert record.lots[-1, 0, 4] == 30


def test_a_run_that_fails_is_marked_and_left_out(world):
    world.sizes["voyage"] = 1
    played = world.play(16)
    failed = played.status == kernel.NO_SLOT
    assert failed.any()
    assert np.isnan(played.outcomes[failed]).all()
    assert (played.histogram.sum(axis=2) == 16 - failed.sum()).all()


def test_shapes_that_do_not_fit_are_all_named():
    with pytest.raises(ValueError, match=r"FleetPlan.speed.*FleetPlan.use: shape \(3,\)"):
        make_arrays(FleetPlan, {"system": 2, "step": 4}, use=[1, 2, 3], speed=1)


def test_blocks_have_an_end(world):
    with pytest.raises(ValueError, match="1 to 256"):
        world.play(257)
    with pytest.raises(ValueError, match="too few"):
        world.play(4, apart_of=2)


def test_theatres_apart_keep_each_risk_and_lose_dependence(world):
    world.environment["theatres"] |= {"cause_hazard": 1.0, "cause_raises": [[1, 1, 1]], "up": 0.0, "down": 0.0}
    own = [world.replay(r)[0].levels[0] for r in range(30)]
    apart = [world.replay(r, apart_of=30)[0].levels[0] for r in range(30)]
    assert all((levels[:, 0] == levels[:, 1]).all() for levels in own)
    assert not all((levels[:, 0] == levels[:, 1]).all() for levels in apart)
    for theatre in range(3):
        paths, others = ({levels[:, theatre].tobytes() for levels in runs} for runs in (own, apart))
        assert paths == others


def test_half_the_step_changes_little():
    from pactwork.futures.oracles import fleets

    found = []
    for days in (7.0, 1.75):
        fleets.STEP_DAYS, kept = days, fleets.STEP_DAYS
        found.append(fleets.sample_fleet(48, 15.0, 2.0, 1500, required=48, **fleets._in_depot(4.0, 6))[:, 0].mean())
        fleets.STEP_DAYS = kept
    assert found[0] == pytest.approx(found[1], rel=0.01)


@pytest.mark.parametrize(("machines", "spares", "channels"), [(48, 0, 6), (48, 0, 20), (40, 8, 8)])
def test_the_number_in_repair_is_right_at_the_ends_of_steps(world, machines, spares, channels):
    """What a series reads is the state at a step's beginning, not the average over it."""
    others = ("theatre", "passage", "disruption", "currency", "government", "instrument", "transfer", "line", "lot",
              "route", "munition")  # fmt: skip
    without(world, *others)
    world.sizes["system"] = 1
    world.choice.pop("acceptance")
    world.choice["fleet"] = {
        "items": [[machines + spares] + [0] * 8], "required": machines, "failure": 4.0, "grades": [[0.0, 1.0, 0.0]],
        "mending": [[0.0, 365.25 / 14, 0.0]], "channels": [[1, channels, 1]], "spares": -1,
    }  # fmt: skip
    found = np.concatenate([world.replay(r)[1].fleet[104:, 0, 2] for r in range(400)])
    mean, deviation = mean_and_deviation(machine_repair(machines, channels, 4.0, 365.25 / 14, spares))
    assert found.mean() == pytest.approx(mean, rel=0.025)
    assert found.std() == pytest.approx(deviation, rel=0.05)


def test_a_theatre_moves_as_its_chain_does():
    moves = np.diag([2.0, 1.5, 0.8], 1) + np.diag([0.7, 6.0, 1.2], -1)
    for years in (1e-4, 7 / 365.25, 1.0, 20.0):
        chances = expm((moves - np.diag(moves.sum(axis=1))) * years)
        for level in range(4):
            found = np.zeros(4)
            find_chances(level, np.array([2.0, 1.5, 0.8]), np.array([0.7, 6.0, 1.2]), years, found)
            np.testing.assert_allclose(found, np.cumsum(chances[level]), atol=1e-9)
