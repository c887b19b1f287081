import dataclasses
import datetime as dt

import numpy as np
import pytest

from pactwork.errors import CaseError
from pactwork.futures.compile import compile_case
from pactwork.futures.ensemble import run_futures


@pytest.fixture(scope="module")
def model(bundled):
    ledger, forecast, calibrated = bundled
    return compile_case(ledger, forecast, points=4, seed=3, calibrated=calibrated)


def test_the_start_is_the_ledgers_state(model):
    names = model.names
    for future in range(8):
        _, (choice,) = model.make(future)
        arrived = dict(zip(names["lot"], choice.lots.arrived.tolist(), strict=True))
        assert {lot: count for lot, count in arrived.items() if count} == {
            "k2-1": 62, "k9-1": 108, "homar-k-1": 46, "fa-50gf": 12
        }  # fmt: skip
        held = choice.fleet.items.sum(axis=1) + choice.acceptance.queue
        assert dict(zip(names["system"], held.tolist(), strict=True)) == {"k2": 62, "k9": 108, "k239": 46, "fa-50": 12}


def test_what_arrived_lately_is_in_acceptance_where_that_takes_longer(bundled, assuming):
    ledger, forecast, calibrated = bundled
    found = {}
    for days in (0.0, 100.0):  # 12 howitzers came 67 days before the day, 24 since then
        changed = assuming(ledger, {"acceptance.k9.days": days})
        model = compile_case(changed, forecast, points=1, calibrated=calibrated)
        _, (choice,) = model.make(0)
        k9 = model.names["system"].index("k9")
        found[days] = (int(choice.acceptance.queue[k9]), int(choice.acceptance.delay_steps[k9]))
    assert found[0.0] == (0, 0)
    assert found[100.0] == (12 + 24, 14)


def test_a_promise_of_60_of_72_is_kept_by_a_local_line(model):
    lots = model.names["lot"]
    for future in range(4):
        _, (choice,) = model.make(future)
        quantity = dict(zip(lots, choice.lots.quantity.tolist(), strict=True))
        assert (quantity["homar-k-2"], quantity["homar-k-2-local"]) == (12, 60)
        line = model.names["line"][choice.lots.line[lots.index("homar-k-2-local")]]
        assert line == "homar-k-60-of-72"
        transfer = choice.lines.transfer[choice.lots.line[lots.index("homar-k-2-local")]]
        assert model.names["transfer"][transfer] == "homar-k-60-of-72"
        whole = quantity["k9-remainder"] + quantity["k9-remainder-local"]
        assert quantity["k9-remainder-local"] == round(460 / 672 * whole)


def test_what_is_not_signed_waits_for_its_signature_and_firm_lots_do_not(model):
    _, (choice,) = model.make(0)
    in_force = dict(zip(model.names["instrument"], choice.instruments.in_force.tolist(), strict=True))
    assert {name for name, one in in_force.items() if not one} == {"k2pl", "k9-remainder"}
    needs = dict(zip(model.names["transfer"], choice.transfers.instrument.tolist(), strict=True))
    assert model.names["instrument"][needs["k2pl-made-in-poland"]] == "k2pl"
    assert needs["homar-k-60-of-72"] == -1


def test_a_system_by_air_has_no_way_over_the_sea(model):
    _, (choice,) = model.make(0)
    routes, system = model.names["route"], model.names["system"]
    air = routes[choice.fleet.maker_route[system.index("fa-50")]]
    assert air == "by-air"
    assert choice.routes.by_sea[routes.index(air)] == 0
    assert not choice.routes.length_km[routes.index(air)].any()


def test_ways_that_avoid_a_passage_are_as_long_as_if_it_were_closed(bundled, assuming):
    ledger, forecast, calibrated = bundled
    lengths = {}
    for used in (0, 1):
        changed = assuming(ledger, {"passages.panama.used": used})
        model = compile_case(changed, forecast, points=1, calibrated=calibrated)
        _, (choice,) = model.make(0)
        lengths[used] = choice.routes.length_km[model.names["route"].index("masan-gdynia")]
    passages = model.names["passage"]
    panama, suez = 1 << passages.index("panama"), 1 << passages.index("suez")
    assert lengths[0][suez] == lengths[1][suez | panama] > lengths[1][suez]
    assert lengths[0][0] == lengths[1][0]
    straits = 1 << passages.index("danish_straits")
    assert lengths[0][straits] == -1.0  # no way at all is told as none


def test_elections_stand_in_the_calendar(model):
    environment, _ = model.make(0)
    governments = model.names["government"]
    steps = np.flatnonzero(environment.changes.scheduled[:, governments.index("south-korea")])
    assert [model.day(step).year for step in steps] == [2027, 2028]
    steps = np.flatnonzero(environment.changes.scheduled[:, governments.index("united-states")])
    assert abs((model.day(int(steps[0])) - dt.date(2024, 11, 5)).days) <= 7


def test_the_year_ends_and_quarters_are_days_of_steps(model):
    assert [day.year for day in model.quarters[:5]] == [2025, 2025, 2025, 2025, 2026]
    ends = [dt.date(year, 12, 31) for year in range(2024, 2036)]
    assert all(0 <= (day - end).days < 7 for day, end in zip(model.dates, ends, strict=True))
    assert model.horizon >= dt.date(2035, 12, 31)


def test_requirements_begin_with_what_is_there_and_rise_to_what_is_judged(bundled):
    ledger, forecast, calibrated = bundled
    model = compile_case(ledger, forecast, points=32, seed=1, calibrated=calibrated)
    k2 = model.names["system"].index("k2")
    paths = np.stack([model.make(future)[1][0].fleet.required[:, k2] for future in range(model.design.futures)])
    assert (paths[:, 0] == 62).all()
    end = [step for step in range(model.steps) if model.day(step) <= dt.date(2027, 12, 31)][-1]
    assert paths[:, end].min() >= 116
    assert 300 < paths[:, end].max() <= 360
    assert 180 < np.median(paths[:, end]) < 230  # triangular: 116, 180, 360
    assert paths[:, -1].max() <= 1000


def test_a_scenario_replaces_assumptions_and_leaves_the_others_luck_alone(bundled):
    ledger, forecast, calibrated = bundled
    plain = compile_case(ledger, forecast, points=2, seed=1, calibrated=calibrated)
    other = compile_case(ledger, forecast, points=2, seed=1, calibrated=calibrated, scenario="frozen-conflict")
    one, (first,) = plain.make(5)
    two, (second,) = other.make(5)
    europe = plain.names["theatre"].index("europe")
    assert (one.theatres.initial[europe], two.theatres.initial[europe]) == (1, 0)
    assert np.array_equal(first.fleet.failure, second.fleet.failure)
    assert np.array_equal(first.lots.slip, second.lots.slip)


def test_every_name_of_an_outcome_is_unique(model):
    names = model.outcomes()
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("heads", "wanted"),
    [
        (("fleet",), "k2.mean_ready"),
        (("shipping", "production"), "k2-1.completed_years"),
        (("governments",), "cost"),
        (("theatres", "common_causes", "governments"), "first_crisis_years"),
        (("fleet", "munitions"), "rounds-155.stock_at_end"),
        (("money", "production"), "cost"),
    ],
)
def test_cases_with_parts_missing_run(bundled, assuming, heads, wanted):
    ledger, forecast, calibrated = bundled
    part = assuming(ledger, keep=lambda name: name.split(".")[0] in heads)
    model = compile_case(part, forecast, points=1, seed=1, calibrated=calibrated)
    ensemble = run_futures(model, replications=4, workers=1)
    assert ensemble.failed == 0
    assert np.isfinite(ensemble.outcome(wanted)).any()


def test_every_problem_is_told_at_once(bundled):
    ledger, forecast, calibrated = bundled
    with pytest.raises(CaseError) as caught:
        compile_case(ledger, forecast, scenario="nowhere", until=dt.date(2024, 10, 31), calibrated=calibrated)
    told = [str(problem) for problem in caught.value.problems]
    assert any('scenario | found "nowhere" | expected one of baseline, frozen-conflict' in line for line in told)
    assert any("until | found 2024-10-31 | expected a day after 2024-10-31" in line for line in told)


def test_a_case_without_assumptions_is_no_model(bundled, assuming):
    ledger, forecast, calibrated = bundled
    with pytest.raises(CaseError, match=r"assumptions\.toml \| found nothing"):
        compile_case(assuming(ledger, keep=lambda name: False), forecast, calibrated=calibrated)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"munitions.rounds-155.fired_by.k2": 1}, "munitions.rounds-155.fired_by | found k2, k9 | expected one system"),
        ({"passages.suez.closed_at.europe": 3}, "passages.suez.closed_at | found europe, red_sea | expected one"),
        ({"governments.poland.home.korea": 1}, "governments.poland.home | found europe, korea | expected one theatre"),
    ],
)
def test_what_has_two_owners_is_told(bundled, assuming, values, told):
    ledger, forecast, calibrated = bundled
    with pytest.raises(CaseError) as caught:
        compile_case(assuming(ledger, values), forecast, calibrated=calibrated)
    assert told in str(caught.value)


def test_a_route_to_a_port_inland_is_told(bundled):
    ledger, forecast, calibrated = bundled
    ports = ledger.contents["ports"]
    import polars as pl

    moved = ports.frame.with_columns(
        latitude=pl.when(pl.col("port_id") == "gdynia").then(50.0).otherwise(pl.col("latitude"))
    )
    contents = {**ledger.contents, "ports": dataclasses.replace(ports, frame=moved)}
    with pytest.raises(CaseError, match=r"ports\.csv:\d+ latitude \| found Gdynia, \d+ km from the nearest sea route"):
        compile_case(dataclasses.replace(ledger, contents=contents), forecast, calibrated=calibrated)
