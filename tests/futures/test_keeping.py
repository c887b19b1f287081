"""Ensembles that are kept: the same as in memory, and after a stop only the rest is played."""

import numpy as np
import pytest

from pactwork.errors import CaseError
from pactwork.facts.case import load_case
from pactwork.futures import ensemble, keeping
from pactwork.futures.compile import Calibrated
from pactwork.futures.compile.slip import Aim
from pactwork.futures.ensemble import PLAYING
from pactwork.futures.keeping import Keeper, play_in_memory

REPLICATIONS = 6


@pytest.fixture
def asked(world, make_case, monkeypatch):
    """A model that is played, the case it is said to come from, and what its lots aim at."""
    monkeypatch.setattr(keeping, "_TOGETHER", 24)
    model = type(world)(years=2).model(points=2)
    aim = Aim(np.linspace(0, 1, 3), np.linspace(1, 2, 3))
    return model, load_case(make_case()), Calibrated({"t1-1": aim})


@pytest.fixture
def played(monkeypatch):
    """Blocks that were played since."""
    found, play = [], ensemble.play_one

    def counted(model, choices, block, apart_of=0):
        found.append(block)
        return play(model, choices, block, apart_of)

    monkeypatch.setattr("pactwork.futures.chunks.play_one", counted)
    return found


def assert_same(one, other):
    for name in ("outcomes", "status", "histogram", "total"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), name)
    assert (one.choices, one.replications, one.apart) == (other.choices, other.replications, other.apart)


@pytest.mark.parametrize("apart", [False, True])
def test_what_is_kept_is_what_would_be_in_memory(asked, tmp_path, played, apart):
    expected = play_in_memory(*asked, replications=REPLICATIONS, apart=apart)
    assert np.isfinite(expected.outcomes).any()
    assert expected.histogram.any()
    keep = Keeper(tmp_path / "kept")
    assert_same(keep(*asked, replications=REPLICATIONS, apart=apart), expected)
    count = len(played)
    assert count == 16
    assert_same(keep(*asked, replications=REPLICATIONS, apart=apart), expected)
    assert len(played) == count


def test_after_a_stop_the_rest_is_played_and_progress_begins_where_it_was(asked, tmp_path, played):
    expected = play_in_memory(*asked, replications=REPLICATIONS)
    steps = []

    def stop(stage, done, total):
        if stage == PLAYING:
            steps.append((done, total))
            if done >= total / 2:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Keeper(tmp_path / "kept")(*asked, replications=REPLICATIONS, progress=stop)

    def tell(stage, *step):
        if stage == PLAYING:
            steps.append(step)

    before, stopped = len(played), steps[-1]
    assert before > 0
    steps.clear()
    found = Keeper(tmp_path / "kept")(*asked, replications=REPLICATIONS, progress=tell)
    assert_same(found, expected)
    assert steps[0][0] >= stopped[0] > 0
    assert steps[0][1] == stopped[1]
    assert len(played) - before <= 16 - stopped[0] * 16 // stopped[1]


def test_another_aim_or_another_case_is_played_anew(asked, tmp_path, played, make_case, tiny):
    model, ledger, calibrated = asked
    keep = Keeper(tmp_path / "kept")
    keep(*asked, replications=REPLICATIONS)
    later = Calibrated({"t1-1": Aim(np.linspace(0, 1, 3), np.linspace(1, 3, 3))})
    other = load_case(make_case("other", lots=tiny["lots"].replace("180", "181")))
    for different in ((model, ledger, later), (model, other, calibrated)):
        count = len(played)
        keep(*different, replications=REPLICATIONS)
        assert len(played) == count + 16
    assert len(list((tmp_path / "kept").iterdir())) == 3


def test_numbers_that_make_no_ensemble_are_told(asked, tmp_path):
    with pytest.raises(CaseError, match="replications"):
        Keeper(tmp_path / "kept")(*asked, replications=0)
    assert not (tmp_path / "kept").exists()
