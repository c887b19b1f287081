"""The brief's section on what could happen, on the bundled case with few runs."""

import datetime as dt
import re
from dataclasses import replace

import numpy as np
import pytest
from bs4 import BeautifulSoup

from pactwork import load_case
from pactwork.brief import write_brief
from pactwork.brief.findings import gather_findings
from pactwork.brief.simulated import Effort, simulate_case
from pactwork.forecast import make_forecast
from pactwork.futures.hindcast import Hindsight
from pactwork.futures.keeping import Keeper

EFFORT = Effort(futures=8, replications=4, seed=2)


@pytest.fixture(scope="module")
def quick():
    """Few runs to calibrate by: what is tested here is what is said of them."""
    from pactwork.futures import compile as compiling

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiling, "CALIBRATION_POINTS", 2)
        yield


@pytest.fixture(scope="module")
def simulation(quick):
    ledger = load_case("poland-korea")
    return simulate_case(ledger, make_forecast(ledger), EFFORT)


@pytest.fixture(scope="module")
def page(quick, tmp_path_factory):
    made = write_brief(load_case("poland-korea"), tmp_path_factory.mktemp("brief"), effort=EFFORT)
    return made.path.read_text("utf-8"), made


@pytest.mark.parametrize("width", [390, 1280])
def test_what_is_simulated_does_not_widen_the_page(page, measure, width):
    wide, window, sticking_out = measure(page[0], width)
    assert sticking_out == []
    assert wide <= window == width


def test_every_scenario_has_a_row_and_a_panel(simulation):
    titles = [row.title for row in simulation.scenarios]
    assert titles[0] == "As assumed"
    assert len(titles) == 7
    assert all([panel.scenario for panel in fans.panels] == titles for fans in simulation.fans)
    assert simulation.runs == 7 * 8 * 4


def test_the_bands_of_a_fan_are_in_order_and_deliveries_never_fall(simulation):
    for fans in simulation.fans:
        for panel in fans.panels:
            bands = np.array(panel.bands)
            assert (np.diff(bands, axis=1) >= 0).all()
            if fans.kind == "arrived":
                assert (np.diff(bands[:, 2]) >= 0).all()
    assert {fans.subject for fans in simulation.fans if fans.kind == "ready"} == {"k2", "k9", "k239", "fa-50"}


def test_the_runs_shown_are_ranked_by_what_was_short(simulation):
    gaps = []
    for shown in simulation.shown:
        weeks = shown.story.weeks
        gaps.append(sum(max(0, one["required"] - one["ready"]) for week in weeks for one in week["systems"].values()))
    assert [shown.rank for shown in simulation.shown] == ["typical", "bad", "worst"]
    assert gaps == sorted(gaps)
    assert gaps[0] < gaps[-1]


def test_the_price_of_interdependence_is_told_with_its_error(simulation):
    scenarios = list(dict.fromkeys(price.scenario for price in simulation.prices))
    assert scenarios == ["As assumed", "Two theatres at once"]
    for price in simulation.prices:
        assert re.fullmatch(r"[+-][\d,]+\.\d ± [\d,]+\.\d", price.difference)


def test_a_hindcast_stands_beside_the_dated_arrivals(simulation):
    told = {(one.lot_id, one.day.year): one for one in simulation.hindsight}
    assert len(simulation.hindsight) > 20
    assert told["fa-50gf", 2024].came == 12
    assert told["k2-1", 2024].came == 56
    assert all(one.low <= one.middle <= one.high for one in simulation.hindsight)


def test_every_frame_of_a_run_says_that_it_is_simulated(page):
    text, made = page
    for rank in ("typical", "bad", "worst"):
        one = next(path for path in made.charts if path.name == f"run-{rank}.svg").read_text("utf-8")
        assert re.search(r"SIMULATED – seed 2, future \d+, replication \d, assumptions ", one)
    assert text.count("SIMULATED – seed 2") >= 3
    assert "Readiness does not change the odds of war" in text


def test_every_simulated_number_names_its_run(page, find_orphans):
    parsed = BeautifulSoup(page[0], "html.parser")
    assert find_orphans(parsed) == []
    for mark in parsed.select("#futures td .derived"):
        told = mark["title"].startswith("simulated: seed 2, 8 futures × 4 replications")
        assert told or mark["title"] in ("from the record", "end of a quarter", "of the case itself")


def test_the_same_seed_gives_the_same_page_and_so_does_what_was_kept(page, quick, tmp_path):
    keep = Keeper(tmp_path / "kept")
    again = write_brief(load_case("poland-korea"), tmp_path, effort=EFFORT, play=keep)
    assert again.path.read_text("utf-8") == page[0]
    assert len(list(keep.folder.iterdir())) > 7  # a run for each scenario, and for what is held against them


def test_without_an_effort_or_assumptions_nothing_is_simulated(make_case):
    assert gather_findings(load_case("poland-korea"), Effort(futures=0)).simulation is None
    assert gather_findings(load_case(make_case()), EFFORT).simulation is None


@pytest.mark.parametrize(
    ("came", "words"),
    [((1, 1, 9), "2 lay below the median: the simulation ran ahead of what came."),
     ((9, 9, 1), "Only 1 lay below the median: the simulation ran behind what came."),
     ((1, 5, 9), "1 lay below the median.")],
)  # fmt: skip
def test_a_look_back_says_on_which_side_it_missed(simulation, show_page, came, words):
    told = tuple(Hindsight("k2-1", dt.date(2024, 1, 1), float(one), 0.0, 5.0, 9.0) for one in came)
    findings = replace(gather_findings(load_case("poland-korea")), simulation=replace(simulation, hindsight=told))
    page = show_page(findings)
    assert words in " ".join(page.select_one("#futures").get_text().split())


def test_a_page_without_deliveries_by_scenario_has_no_heading_for_them(simulation, show_page):
    ready = tuple(one for one in simulation.fans if one.kind == "ready")
    findings = gather_findings(load_case("poland-korea"))
    for fans, number in ((simulation.fans, 1), (ready, 0)):
        held = replace(findings, simulation=replace(simulation, fans=fans))
        page = show_page(held)
        assert [one.get_text() for one in page.select("#futures h3")].count("Deliveries") == number
