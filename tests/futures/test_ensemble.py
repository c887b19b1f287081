"""Ensembles: the same bytes however they are played, errors from scrambles, quantiles from bins, failures counted."""

import numpy as np
import pytest

from pactwork.errors import CaseError
from pactwork.futures import ensemble as ensembles
from pactwork.futures.ensemble import list_blocks, run_futures
from pactwork.futures.kernel import NO_SLOT
from pactwork.futures.results import read_quantile
from pactwork.futures.summary import summarise


def bits(ensemble, choice=0):
    parts = (ensemble.outcomes[choice], ensemble.status[choice], ensemble.histogram[choice], ensemble.total[choice])
    return [part.tobytes() for part in parts]


def test_threads_and_order_change_no_byte(world, monkeypatch):
    model = world.model()
    one = run_futures(model, replications=6, workers=1)
    four = run_futures(model, replications=6, workers=4)
    shuffled = list(list_blocks(16, 6))
    np.random.default_rng(3).shuffle(shuffled)
    monkeypatch.setattr(ensembles, "list_blocks", lambda *_: iter(shuffled))
    other = run_futures(model, replications=6, workers=4)
    for choice in (0, 1):
        assert bits(one, choice) == bits(four, choice) == bits(other, choice)


def test_blocks_change_no_byte(world, monkeypatch):
    model = world.model(points=1)
    whole = run_futures(model, replications=7)
    monkeypatch.setattr(ensembles, "BLOCK", 3)
    assert bits(run_futures(model, replications=7)) == bits(whole)


def test_other_choices_change_nothing(world):
    model = world.model(points=1)
    both = run_futures(model, replications=5)
    alone = run_futures(model, replications=5, choices=["faster"])
    assert bits(both, 1) == bits(alone, 0)
    assert bits(both, 0) != bits(both, 1)


def test_standard_error_is_that_of_scrambles(world):
    found = run_futures(world.model(points=4), replications=3)
    values, scramble = found.outcome("cost"), found.model.design.scramble
    means = [values[scramble == one].mean() for one in range(8)]
    estimate = found.estimate("cost")
    assert estimate.mean == pytest.approx(values.mean())
    assert estimate.standard_error == pytest.approx(np.std(means, ddof=1) / np.sqrt(8))


@pytest.mark.parametrize(
    ("counts", "level", "expected"),
    [([0, 4, 0, 0], 0.5, 14.5), ([2, 2, 0, 0], 0.5, 9.0), ([0, 0, 0, 5], 0.9, 30.0), ([0, 0, 0, 0], 0.5, np.nan)],
)
def test_quantiles_from_bins(counts, level, expected):
    assert read_quantile(np.array(counts), level, 0, 10) == pytest.approx(expected, nan_ok=True)


def test_failed_runs_are_counted_and_left_out(world):
    world.sizes["voyage"] = 1
    found = run_futures(world.model(points=1), replications=4)
    failed = found.status != 0
    assert found.failed == failed.sum() > 0
    assert set(np.unique(found.status)) <= {0, NO_SLOT}
    assert np.isnan(found.outcomes[failed]).all()
    assert (found.histogram.sum(axis=-1) == (~failed).sum(axis=(1, 2))[:, None, None]).all()
    summary = summarise(found)
    assert sum(summary.failed.values()) == failed[0].sum()
    assert all(lot.runs == (~failed[0]).sum() for lot in summary.lots)


@pytest.mark.parametrize("wrong", [{"replications": 0}, {"choices": ["no-such"]}, {"workers": 0}])
def test_what_makes_no_ensemble(world, wrong):
    with pytest.raises(CaseError, match=next(iter(wrong))):
        run_futures(world.model(points=1), **{"replications": 2} | wrong)
