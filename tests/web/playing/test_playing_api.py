"""The API of What if, Sea lanes and Choices, as a page asks it."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from pactwork.facts.case import load_case
from pactwork.web.playing.experiment import SIZES
from pactwork.web.playing.playroom import shared_turns
from pactwork.web.playing.shapes import PlayModel
from pactwork.web.settings import Limits
from pactwork.web.views import what_if
from pactwork.web.views.choices import ChoicesRequest, estimate_seconds


def play(client, **body):
    return client.post("/api/what-if/play", json=body)


def test_sizes_of_the_api_are_those_that_are_played():
    assert PlayModel.model_json_schema()["properties"]["size"]["enum"] == list(SIZES)


def test_a_question_is_answered_and_marked_as_simulated(client):
    told = play(client, number=7).json()
    assert told["state"] == "answered"
    assert told["number"] == 7
    assert told["answer"]["stamp"]["runs"] == 200
    assert "SIMULATED" in told["answer"]["stamp"]["words"]
    assert told["pinned"] is None


def test_two_questions_are_compared(client):
    ask = {"levers": {"local-spares": 1.0}}
    told = play(client, ask=ask, pinned={}).json()
    assert told["difference"]["figures"]["k2.mean_readiness"]["pairs"] == 200
    assert told["pinned"]["stamp"]["seed"] == told["answer"]["stamp"]["seed"]
    assert play(client, ask=ask).json()["answer"] == told["answer"]


def test_an_older_question_of_the_same_page_is_let_go(client):
    assert play(client, page="abc", number=5).json()["state"] == "answered"
    late = play(client, page="abc", number=4, ask={"seed": 4711})
    assert late.json()["state"] == "superseded"
    assert play(client, page="abd", number=1).json()["state"] == "answered"


def test_too_many_questions_are_refused_and_a_newer_one_frees_a_place(client, monkeypatch):
    places = threading.Semaphore(1)
    monkeypatch.setattr(what_if, "waiting_places", lambda: places)
    with ThreadPoolExecutor() as pool, shared_turns().turn(urgent=True, stopped=lambda: False):
        first = pool.submit(play, client, page="crowd", number=1, ask={"seed": 4712})
        last = time.monotonic() + 30
        while places._value:
            assert time.monotonic() < last, "the first question never came"
            time.sleep(0.01)
        assert play(client, page="other", number=1, ask={"seed": 4713}).status_code == 429
        assert not first.done()
        assert play(client, page="crowd", number=2, ask={"seed": 4713}).status_code == 429
        assert first.result(30).json()["state"] == "superseded"
    assert play(client, page="crowd", number=3).json()["state"] == "answered"


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"ask": {"scenario": "peace"}}, "scenario"),
        ({"ask": {"numbers": {"fleet.k2.failures_per_year": 1e6}}}, "numbers fleet.k2.failures_per_year"),
        ({"size": 201}, "body size"),
        ({"ask": {"seed": 1}, "pinned": {"seed": 2}}, "pinned seed"),
        ({"ask": {"closed": ["nowhere"]}}, "closed"),
        ({"page": "../etc"}, "body page"),
        ({"ask": {"numbers": {"fleet.k2.failures_per_year": True}}}, "body ask numbers"),
        ({"ask": {"levers": {"local-spares": "1"}}}, "body ask levers"),
        ({"ask": {"seed": "1"}}, "body ask seed"),
    ],
)
def test_what_cannot_be_answered_is_refused(client, body, where):
    refused = client.post("/api/what-if/play", json=body)
    assert refused.status_code == 422
    assert any(one["where"].startswith(where) for one in refused.json()["problems"])


def test_a_whole_number_may_be_written_as_json_may(client):
    assert play(client, ask={"seed": 3.0}).json()["answer"]["stamp"]["seed"] == 3
    assert play(client, ask={"seed": 3.5}).status_code == 422


def test_more_runs_than_one_may_wait_for_are_refused(make_client):
    own = make_client("poland-korea", limits=Limits(quick_runs=400))
    refused = play(own, size=800)
    assert refused.status_code == 422
    assert refused.json()["problems"][0]["expected"] == "at most 400"


def test_everything_that_can_be_moved_is_listed_with_its_range(client):
    told, ledger = client.get("/api/what-if/setup").json(), load_case("poland-korea")
    known = {name: one for name, one in ledger.assumptions.parameters.items() if one.is_uncertain}
    assert {one["name"] for one in told["assumptions"]} == set(known)
    for one in told["assumptions"]:
        assert (one["low"], one["high"]) == (known[one["name"]].low, known[one["name"]].high)
        assert one["low"] <= one["middle"] <= one["high"]
    assert [one["name"] for one in told["levers"]] == list(ledger.choices.levers)
    frozen = client.get("/api/what-if/setup", params={"scenario": "frozen-conflict"}).json()["assumptions"]
    moved = {one["name"]: (one["low"], one["high"]) for one in frozen}
    assert moved["theatres.europe.crisis_to_war"] == (0.02, 0.3)
    assert client.get("/api/what-if/setup", params={"scenario": "peace"}).status_code == 404


def test_the_state_says_when_it_is_ready(client):
    assert client.get("/api/what-if/state").json() == {
        "ready": True,
        "stage": "",
        "done": 0,
        "total": 0,
        "problems": [],
    }


def test_a_case_that_assumes_nothing_says_so(make_client, make_case):
    own = make_client(make_case())
    for path in ("/what-if", "/sea-lanes", "/choices"):
        page = own.get(path)
        assert page.status_code == 200
        assert "assum" in page.text
    assert own.get("/api/sea-lanes").json()["routes"] == []
    last = time.monotonic() + 60
    while (told := play(own)).status_code == 200:
        assert told.json()["state"] == "getting ready"
        assert time.monotonic() < last, "nobody is told"
        time.sleep(0.02)
    assert told.status_code == 422
    assert [one["where"] for one in told.json()["problems"]] == ["assumptions.toml"]
    assert own.get("/api/what-if/state").json()["problems"] == told.json()["problems"]


def test_lanes_are_told_before_and_now(client):
    told = client.get("/api/sea-lanes", params={"closed": "suez, babalmandab"}).json()
    assert {one["name"] for one in told["passages"] if one["closed"]} == {"suez", "babalmandab"}
    assert all(one["now"]["km"] > one["before"]["km"] for one in told["routes"])
    assert client.get("/api/sea-lanes", params={"closed": "nowhere"}).status_code == 404
    assert client.get("/api/sea-lanes/map").json()["land"].startswith("M")


def test_a_comparison_beyond_the_limit_is_refused(make_client):
    own = make_client("poland-korea")
    refused = own.post("/api/choices", json={"futures": 4096, "replications": 256})
    assert refused.status_code == 422
    assert "runs of all choices" in refused.json()["problems"][0]["found"]
    refused = own.post("/api/choices", json={"scenario": "no-such"})
    assert refused.status_code == 422
    assert refused.json()["problems"][0]["where"] == "scenario"
    assert "frozen-conflict" in refused.json()["problems"][0]["expected"]


@pytest.mark.parametrize(
    ("effort", "most", "found", "fix"),
    [
        ("usual", 15871, "15,872 runs of all scenarios and choices", "quick"),
        ("thorough", 15871, "15,872 runs of all scenarios and choices", "quick"),
        ("quick", 639, "640 runs of all scenarios and choices", "facts alone"),
        ("usual", 15872, None, ""), ("thorough", 15872, None, ""), ("quick", 640, None, ""), ("facts", 1, None, ""),
    ],
)  # fmt: skip
def test_a_brief_beyond_the_limit_is_refused(make_client, effort, most, found, fix):
    """Whatever is within it is told that no job may be started here."""
    own = make_client("poland-korea", limits=Limits(runs=most, jobs_running=0))
    refused = own.post("/api/brief", json={"effort": effort})
    problem = refused.json()["problems"][0]
    if found is None:
        assert (refused.status_code, problem["where"]) == (429, "jobs")
    else:
        assert (refused.status_code, problem["found"], problem["expected"]) == (422, found, f"at most {most:,}")
        assert fix in problem["fix"]


def test_a_case_that_assumes_nothing_plays_nothing_for_a_brief(make_client, make_case):
    own = make_client(make_case(), limits=Limits(runs=1, jobs_running=0))
    assert own.post("/api/brief", json={"effort": "usual"}).status_code == 429


def test_a_thorough_brief_plays_no_more_than_the_limit(make_client, playable, tmp_path, monkeypatch):
    """However fast the machine: the pace is that of one on which a future takes no time."""
    from pactwork.brief import effort, writing
    from pactwork.web.work import Work
    from pactwork.web.work import brief as works

    asked = []

    def write(ledger, folder, **options):
        asked.append(options)
        return writing.write_brief(ledger, folder, effort=replace(options["effort"], futures=0),
                                   choices=replace(options["choices"], futures=0))  # fmt: skip

    monkeypatch.setattr(effort, "measure_pace", lambda *_: effort.Pace(1e-9, 1e-9))
    monkeypatch.setattr("pactwork.brief.write_brief", write)
    own = make_client(playable, limits=Limits(jobs_running=1, runs=20_000))
    job = own.post("/api/brief", json={"effort": "thorough", "minutes": 3}).json()
    own.post(f"/api/jobs/{job['id']}/cancel")
    (tmp_path / "output").mkdir()
    works.make_brief(Work(str(playable), job["parameters"], tmp_path / "output", tmp_path / "kept", lambda *_: None))
    extent = effort.Extent(asked[0]["effort"], asked[0]["choices"])
    assert 10_000 < effort.count_runs(extent, 1, 2) <= 20_000


def test_a_larger_comparison_is_said_to_take_longer():
    ledger = load_case("poland-korea")
    small, large = (estimate_seconds(ledger, ChoicesRequest(futures=count)) for count in (16, 256))
    assert small < large


def test_a_comparison_that_is_kept_is_shown(client, tmp_path, ledger, forecast, calibrated):
    """What the job writes is what the page shows; a small ensemble stands for a large one."""
    from pactwork.brief.chosen import play_choices
    from pactwork.brief.effort import Effort
    from pactwork.web.pages import environment
    from pactwork.web.views.choices import _mark
    from pactwork.web.work.choices import tell

    chosen = play_choices(ledger, forecast, Effort(8, 2, 0), calibrated)
    told = json.loads(json.dumps(tell(chosen), allow_nan=False))
    assert len(told["regret"]) == len(ledger.choices.choices)
    assert len(told["worth"]) == len(told["tables"]["worth"])
    top = {cell["letter"]: max(row["cells"][at]["shade"] for row in told["regret"])
           for at, cell in enumerate(told["regret"][0]["cells"])}  # fmt: skip
    assert set(top.values()) <= {0, 4}  # the farthest behind is the darkest
    cells = [cell for row in told["regret"] for cell in row["cells"]]
    means = [view.robustness[one.name].regret.mean for view in chosen.comparison.choices
             for one in chosen.comparison.requirements]  # fmt: skip
    assert [cell["told"] for cell in cells] == [bool(mean.low > 0) for mean in means]
    assert {cell["told"] for cell in cells} == {False, True}
    assert all(cell["told"] or cell["shade"] == 0 for cell in cells)
    job = type("Job", (), {"id": "choices-0"})
    page = (
        environment()
        .get_template("choices-shown.html.j2")
        .render(shown=_mark(told), job=job, outdated=True, assumed="Years of probing")
    )
    assert "SIMULATED – seed 0, 8 futures × 2 replications" in page
    assert "earlier state of the case" in page
    assert "(<bdi>Years of probing</bdi>)" in page
    assert page.count(" unclear") == sum(not cell["told"] for cell in cells)
    assert page.count("<svg") >= 2


@pytest.mark.parametrize(
    ("verdict", "low", "bar"), [("always", 0.1, 0.0), ("always", -0.1, None), ("never", 0.1, None)]
)
def test_a_bar_says_from_where_on_only_where_the_words_do(verdict, low, bar):
    from pactwork.choices.break_even import BreakEven
    from pactwork.web.work.choices import _tell_effect

    found = _tell_effect(BreakEven(verdict, None, None, None, 1.0, 0.0, False, 1.0, low, 2.0, (0.0, 1.0), 64))
    assert (found if bar is None else found["start"]) == bar


def test_a_comparison_under_a_scenario_plays_and_says_it(ledger, forecast, calibrated):
    from pactwork.brief.chosen import play_choices
    from pactwork.brief.effort import Effort

    own, frozen = (play_choices(ledger, forecast, Effort(8, 2, 0), calibrated, scenario=name)
                   for name in (None, "frozen-conflict"))  # fmt: skip
    assert "frozen-conflict" in frozen.stamp
    assert "frozen-conflict" not in own.stamp
    # what is contracted meets other futures
    expected = [
        [one.expected.value for one in each.comparison.choices[0].robustness.values()] for each in (own, frozen)
    ]
    assert all(expected)
    assert expected[0] != expected[1]
