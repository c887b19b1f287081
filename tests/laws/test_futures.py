"""What must hold in any simulation: nothing is lost, luck is shared, and more of a cause never gives less."""

import numpy as np
import pytest

from pactwork.futures.kernel import play_block
from pactwork.futures.steps.fleet_plan import FLEET_DECISIONS


def same(one, other):
    return one.tobytes() == other.tobytes()


def test_every_item_round_and_payment_is_somewhere_every_step(world):
    plan = world.choice
    for replication in range(12):
        _, record, played = world.replay(replication)
        assert played.status[0] == 0
        made, port, sea, lost, arrived = (record.lots[:, :, k] for k in range(5))
        assert (made == port + sea + lost + arrived).all()
        entered = np.stack([arrived[:, [0, 1]].sum(axis=1), arrived[:, 2]], axis=1) - [20, 5]
        at_start = np.array(plan["fleet"]["items"]).sum(axis=1) + plan["acceptance"]["queue"]
        assert (record.fleet.sum(axis=2) + record.queue == entered + at_start).all()
        stock, received, issued, _ = (record.rounds[:, :, k] for k in range(4))
        assert (stock + issued == received + 20000).all()
        assert np.allclose(record.paid[:, 0], record.paid[:, 1])
        assert min(record.fleet.min(), record.lots.min(), record.rounds.min(), record.queue.min()) >= 0


def test_same_seed_same_bytes(world):
    one, other = world.play(32), world.play(32)
    assert same(one.outcomes, other.outcomes)
    assert same(one.histogram, other.histogram)
    assert not same(one.outcomes, world.play(32, seed=2).outcomes)
    assert not same(one.outcomes, world.play(32, future=1).outcomes)


def test_blocks_may_come_in_any_order_and_size(world):
    whole = world.play(24)
    parts = [world.play(8, first=first) for first in (16, 0, 8)]
    assert same(whole.outcomes, np.concatenate([parts[1].outcomes, parts[2].outcomes, parts[0].outcomes]))
    assert same(whole.histogram, sum(part.histogram for part in parts))
    assert same(whole.total, sum(part.total for part in parts))


def test_a_choice_does_not_depend_on_those_played_before_it(world):
    # Rates that stand still are kept from step to step: here nothing moves them.
    world.choice["fleet"] |= {"ageing": 0.0, "theatre": -1, "surge": 1.0}
    world.choice["report"]["warning_steps"] = 0
    environment, plan, sizes = world.make()
    world.choice["fleet"] |= {"failure": 5.0, "mending": [30, 10, 3]}
    world.choice["lines"]["rate"] = 90.0
    _, other, _ = world.make()
    here = {"step_days": 7.0, "seed": 1, "future": 0, "first": 0, "runs": 8}
    alone = [play_block(environment, [one], sizes, **here)[0] for one in (plan, other)]
    assert not same(alone[0].outcomes, alone[1].outcomes)
    for order in ((0, 1, 1, 0), (1, 0)):
        found = play_block(environment, [(plan, other)[one] for one in order], sizes, **here)
        assert all(same(played.outcomes, alone[one].outcomes) for played, one in zip(found, order, strict=True))


def test_a_run_equals_its_replay(world):
    played = world.play(8)
    for replication in (0, 5):
        assert same(played.outcomes[replication], world.replay(replication)[2].outcomes[0])


def test_adding_a_mechanism_changes_no_other_stream(world):
    _, before, _ = world.replay(3)
    world.choice["munitions"]["local_rate"] = 0.0
    world.choice["fleet"]["rounds_a_barrel"] = 0.0
    _, without_barrels, _ = world.replay(3)
    assert same(before.lots, without_barrels.lots)
    assert same(before.stance, without_barrels.stance)
    assert same(before.fleet[:, 0], without_barrels.fleet[:, 0])
    assert not same(before.rounds, without_barrels.rounds)


def test_the_environment_does_not_depend_on_the_choice(world):
    before, _, _ = world.replay(1)
    world.choice["governments"]["continuity"] = 1.0
    world.choice["lines"]["rate"] = 5.0
    after, _, _ = world.replay(1)
    assert all(same(one, other) for one, other in zip(before, after, strict=True))


def test_more_hazard_of_rising_never_lowers_a_level(world):
    world.environment["theatres"]["down"] = 0.9
    before = [world.replay(r)[0].levels for r in range(20)]
    world.environment["theatres"]["up"] = 0.9
    after = [world.replay(r)[0].levels for r in range(20)]
    assert all((high >= low).all() for low, high in zip(before, after, strict=True))
    assert any((high > low).any() for low, high in zip(before, after, strict=True))


@pytest.mark.parametrize(
    ("part", "name", "more", "kept", "row"),
    [
        ("instruments", "hazard", 9.0, "signed", None),
        ("transfers", "rate", 9.0, "stages", None),
        ("lines", "rate", [80.0, 40.0], "made", 0),
    ],
)
def test_more_of_a_cause_never_gives_less_of_its_effect(world, part, name, more, kept, row):
    def effect(record):
        if kept == "signed":
            return (record.signed >= 0) & (record.signed <= np.arange(len(record.signed))[:, None])
        return record.lots[:, 0, 0] if kept == "made" else record.stages.min(axis=1, initial=2)

    before = [effect(world.replay(r)[1]) for r in range(10)]
    world.choice[part][name] = more
    after = [effect(world.replay(r)[1]) for r in range(10)]
    assert all((high >= low).all() for low, high in zip(before, after, strict=True))
    assert any((high > low).any() for low, high in zip(before, after, strict=True))


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("passage_relief", {"lasts": 0.2}), ("passage_relief", {"happens": 0.2}), ("disruption_relief", {"lasts": 0.1}),
        ("governments", {"chances": [[1.0, 0.0, 0.0]]}), ("governments", {"threat_pull": 3.0}),
        ("governments", {"continuity": 1.0}), ("governments", {"supply_policy": 1.0}), ("transfers", {"rate": 9.0}),
        ("lines", {"diversion": 0.0}), ("lots", {"slip": 0.5}), ("lots", {"batch": 30}), ("routes", {"loss": 0.9}),
        ("acceptance", {"rate": 10.0}), ("fleet", {"surge": 4.0}), ("fleet", {"strip_most": 0}), ("fleet", {"spares": 40}),
        ("fleet", {"ageing": 0.3}), ("fleet", {"damage": 0.0}), ("munitions", {"stock": 90000}),
        ("munitions", {"surge": 9.0}), ("money", {"price": 20.0}), ("report", {"warning_steps": 40}),
    ],
)  # fmt: skip
def test_each_link_changes_an_outcome(world, part, change):
    before = world.play(24).outcomes
    world.choice[part] |= change
    assert not same(before, world.play(24).outcomes)


def test_decisions_of_a_fleet_have_a_stream_each():
    assert len(set(FLEET_DECISIONS)) == len(FLEET_DECISIONS)
