"""What the brief says of futures, counted again from the runs themselves: the table of scenarios, and the fans."""

import datetime as dt
import json
import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from bs4 import BeautifulSoup

from pactwork import load_case
from pactwork.brief import findings, simulated, write_brief
from pactwork.brief.charts_of_futures import plot_fans
from pactwork.brief.naming import part_name
from pactwork.brief.numbers import name_numbers
from pactwork.brief.simulated import Effort
from pactwork.futures import compile as compiling
from pactwork.futures.keeping import play_in_memory
from pactwork.futures.replay import replay

FUTURES, REPLICATIONS = 8, 4
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
NAMES = {
    "k2-1": "K2GF", "k9-1": "K9A1", "k9-2": "K9A1 and K9PL", "homar-k-1": "K239 module (homar-k-1)", "fa-50pl": "FA-50PL",
    "homar-k-2": "K239 module (homar-k-2)", "homar-k-2-local": "K239 module (homar-k-2) made locally",
}  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The page of a brief of few runs, what it was made from, and the runs of each scenario as they were played."""
    ensembles, simulations = [], []

    def keep(function, kept):
        def kept_too(*args, **options):
            kept.append(function(*args, **options))
            return kept[-1]

        return kept_too

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiling, "CALIBRATION_POINTS", 2)
        patch.setattr(findings, "simulate_case", keep(findings.simulate_case, simulations))
        effort = Effort(futures=FUTURES, replications=REPLICATIONS, seed=2)
        made = write_brief(load_case("poland-korea"), tmp_path_factory.mktemp("brief"), effort=effort,
                           play=keep(play_in_memory, ensembles))  # fmt: skip
    (simulation,) = simulations
    page = BeautifulSoup(made.path.read_text("utf-8"), "html.parser")
    numbers = json.loads(made.numbers.read_text("utf-8"))["numbers"]
    return SimpleNamespace(
        page=page, numbers=numbers, simulation=simulation, ensembles=ensembles[: len(simulation.scenarios)]
    )


def runs_of(ensemble, name):
    """Return an outcome of each run as lists by future, from the array as it was written."""
    return ensemble.outcomes[0, :, :, ensemble.model.outcomes().index(name)].tolist()


def flat(rows):
    return [value for row in rows for value in row]


def between(values, level):
    """Return a quantile, in a straight line between the two values next to it."""
    ordered = sorted(values)
    at = level * (len(ordered) - 1)
    low, rest = int(at), at - int(at)
    return ordered[low] + rest * (ordered[min(low + 1, len(ordered) - 1)] - ordered[low])


def least(values, level):
    """Return the least value that so large a share of values does not exceed."""
    return sorted(values)[max(0, math.ceil(level * len(values)) - 1)]


def completion(ensemble, lot):
    """Return the month by which half of the runs have all of a lot, counted run by run; none where it is there."""
    years = flat(runs_of(ensemble, f"{lot}.completed_years"))
    if not any(one != 0.0 for one in years):
        return None
    middle = least([math.inf if math.isnan(one) else one for one in years], 0.5)
    if middle == math.inf:
        return f"after {ensemble.model.horizon.year - 1}"
    days = middle / ensemble.model.step_years * ensemble.model.step_days
    return (ensemble.model.as_of + dt.timedelta(days=days)).strftime("%b %Y")


def readiness(ensemble, system):
    means = [100 * sum(row) / len(row) for row in runs_of(ensemble, f"{system}.mean_readiness")]
    return f"{between(means, 0.5):.0f} % ({between(means, 0.1):.0f} to {between(means, 0.9):.0f})"


def row_of(ensemble):
    """Return the cells of a scenario's row: lots, systems, days a year closed, runs with a crisis."""
    firm = {row["lot_id"] for row in load_case("poland-korea").rows("lots") if row["kind"] == "firm"}
    names = [lot for lot in ensemble.model.names["lot"] if lot.removesuffix("-local") in firm]
    lots = [f"{NAMES[lot]}: {day}" for lot in names if (day := completion(ensemble, lot))]
    years = ensemble.model.steps * 7 / 365.25
    closed = flat(runs_of(ensemble, "passage_closed_days"))
    crises = sum(not math.isnan(one) for one in flat(runs_of(ensemble, "first_crisis_years")))
    ready = [f"{system.upper()}: {readiness(ensemble, system)}" for system in ensemble.model.names["system"]]
    return [lots, ready, f"{sum(closed) / len(closed) / years:.0f}", f"{crises} of {FUTURES * REPLICATIONS}"]


def test_the_table_of_scenarios_is_what_the_runs_say(told):
    table = told.page.find("section", id="futures").find("table")
    rows = table.find("tbody").find_all("tr")
    assert len(rows) == len(told.ensembles) == 7
    for row, ensemble in zip(rows, told.ensembles, strict=True):
        cells = row.find_all("td")[1:]
        lots, ready = ([one.get_text() for one in cell.find_all("li")] for cell in cells[:2])
        assert [lots, ready, cells[2].get_text(), cells[3].get_text()] == row_of(ensemble)


def test_a_lot_that_never_comes_is_not_taken_for_one_that_is_there(told):
    ensemble = told.ensembles[0]
    outcomes = ensemble.outcomes.copy()
    outcomes[..., ensemble.names.index("k2-1.completed_years")] = np.nan
    row = simulated._row_of(load_case("poland-korea"), "baseline", replace(ensemble, outcomes=outcomes))
    assert ("k2-1", "K2GF", "after 2035") in row.completions


def test_a_run_that_failed_is_not_one_in_which_nothing_comes(told):
    ensemble = told.ensembles[0]
    outcomes, status = ensemble.outcomes.copy(), ensemble.status.copy()
    at = ensemble.names.index("k2-1.completed_years")
    outcomes[..., at] = 1.0
    status[0].flat[: status[0].size * 2 // 3] = -1
    outcomes[0].reshape(-1, outcomes.shape[-1])[: status[0].size * 2 // 3, at] = np.nan
    made = replace(ensemble, outcomes=outcomes, status=status)
    assert simulated._median_day(made, "k2-1") == simulated._median_day(
        replace(ensemble, outcomes=np.full_like(outcomes, 1.0)), "k2-1"
    )


def drawn(fans):
    """Return the rows of data in each panel of a fan chart, by the scenario's title."""
    spec = plot_fans(fans).spec
    rows = next(iter(spec["datasets"].values()))
    return {fan.scenario: [row for row in rows if row["s"] == at] for at, fan in enumerate(fans.panels)}


def titles_of(fans):
    """Return the titles that the panels of a fan chart carry, in the order of the numbers in its data."""
    told = plot_fans(fans).spec["facet"]["header"]["labelExpr"]
    return json.loads(told.removesuffix("[datum.value]"))


def bin_width(ensemble, series):
    return int(ensemble.model.make(0)[1][0].report.bin_width[ensemble.model.series().index(series)])


def test_a_fan_of_deliveries_is_what_had_arrived_in_the_runs(told):
    fans = [one for one in told.simulation.fans if one.kind == "arrived"]
    assert len(fans) > 4
    for one in fans:
        panels = drawn(one)
        assert titles_of(one) == list(panels) == [row.title for row in told.simulation.scenarios]
        for rows, ensemble in zip(panels.values(), told.ensembles, strict=True):
            model = ensemble.model
            width = bin_width(ensemble, f"{one.subject}.arrived")
            assert len(model.dates) > 10
            for day in model.dates:
                counts = flat(runs_of(ensemble, f"{one.subject}.arrived_by.{day}"))
                row = rows[next(at for at, quarter in enumerate(model.quarters) if quarter >= day)]
                shown = np.array([row[band] for band in "abcde"])
                assert np.abs(shown - [least(counts, level) for level in LEVELS]).max() <= width - 1


@pytest.fixture(scope="module")
def weeks(told):
    """Each run of the first scenario, told again week by week."""
    model = told.ensembles[0].model
    return [[replay(model, future=future, replication=replication).weeks for replication in range(REPLICATIONS)]
            for future in range(FUTURES)]  # fmt: skip


def test_a_fan_of_readiness_is_what_was_ready_in_the_runs(told, weeks):
    ensemble = told.ensembles[0]
    fans = [one for one in told.simulation.fans if one.kind == "ready"]
    assert {one.subject for one in fans} == set(ensemble.model.names["system"])
    for one in fans:
        rows, width = drawn(one)["As assumed"], bin_width(ensemble, f"{one.subject}.ready")
        assert len(rows) == len(ensemble.model.quarters)
        for row, day in zip(rows, ensemble.model.quarters, strict=True):
            at = (day - ensemble.model.as_of).days // 7
            states = [[run[at]["systems"][one.subject] for run in future] for future in weeks]
            counts = [state["ready"] for future in states for state in future]
            shown = np.array([row[band] for band in "abcde"])
            assert np.abs(shown - [least(counts, level) for level in LEVELS]).max() <= width - 1
            assert row["q"] == between([future[0]["required"] for future in states], 0.5)


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("k2pl-elsewhere", "K2PL bought elsewhere"),
        ("k2pl-local", "K2PL made locally"),
        ("homar-k-1", NAMES["homar-k-1"]),
    ],
)
def test_a_part_of_a_lot_is_named_in_words_and_by_its_id_only_where_two_are_alike(part, name):
    assert part_name(load_case("poland-korea"), part) == name


def test_every_simulated_number_has_a_name_that_an_author_may_cite(told):
    ledger = load_case("poland-korea")
    found = {one for one in told.numbers if one.startswith("futures.")}
    assert (
        {"futures.baseline.k2.ready", "futures.baseline.k2-1.complete", "futures.runs"} <= found <= name_numbers(ledger)
    )
