"""The API against its own declaration: whatever it is asked, it answers as declared, and never with a 5xx."""

import contextlib
import json
import os
import shutil
import time
import warnings
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import schemathesis
    from schemathesis.specs.openapi.checks import positive_data_acceptance

from pactwork.facts.passages import list_passages
from pactwork.web.playing.asking import Ask
from pactwork.web.playing.experiment import LAST
from pactwork.web.playing.playroom import playroom_of
from pactwork.web.settings import Limits

EXAMPLES = int(os.environ.get("PACTWORK_EXAMPLES", "4"))
"""Requests a route, as meant, as declared and as not; more by hand."""
HOST = {"host": "localhost"}
PLAY, ADD, FILE = (
    "POST /api/what-if/play",
    "POST /api/evidence/tables/{table}/rows",
    "GET /api/jobs/{job_id}/files/{name}",
)
REFUSED = {"POST /api/jobs/{job_id}/restart": {409, 429}, "POST /api/choices": {422, 429}, "POST /api/brief": {429}}
"""What is refused however well it is asked: no further job may be started here, and none that plays too much at all."""
ROW = {"subject": "t1-1", "measure": "arrived", "as_of": "2024-10-20", "value": "70", "qualifier": "exact",
       "unit": "item", "source_id": "paper", "locator": "para 9", "credibility": "2", "rank": "normal"}  # fmt: skip


class Asked:
    """One page, what there is to be asked of it, and what it has answered."""

    def __init__(self, client):
        self.client, self.site = client, client.app.state.site
        self.api = schemathesis.openapi.from_asgi("/api/openapi.json", client.app, headers=HOST)
        self.statuses, self.played, self.media = Counter(), Counter(), Counter()
        self.known, self.kept = {}, None

    def make_jobs(self):
        """Make a brief of the facts alone and a small comparison; copies of them were cancelled, or failed."""
        for path, body in (("brief", {"effort": "facts"}), ("choices", {"futures": 8, "replications": 2})):
            job = self.client.post(f"/api/{path}", json=body).json()["id"]
            last = time.monotonic() + 300
            while (held := self.client.get(f"/api/jobs/{job}").json())["state"] == "running":
                assert time.monotonic() < last, held
                time.sleep(0.05)
            assert held["state"] == "done", held
        jobs = self.site.jobs
        without_runs = shutil.ignore_patterns("kept")  # what is done may still be clearing them away
        for state in ("cancelled", "failed"):
            root = shutil.copytree(jobs.folder / job, jobs.folder / f"choices-{state}", ignore=without_runs)
            told = json.loads((root / "job.json").read_text()) | {"id": root.name, "state": state}
            (root / "job.json").write_text(json.dumps(told))
            problem = {"where": "here", "found": "this", "expected": "that", "fix": "mend it"}
            (root / "result.json").write_text(json.dumps({"problems": [problem]}))
            jobs._ids.append(root.name)
        jobs.limits = replace(jobs.limits, jobs_running=0)
        self.kept = shutil.copytree(jobs.folder, self.site.settings.state / "kept", ignore=without_runs)
        self.known["job_id"] = [one.id for one in jobs.all()]

    def restore(self):
        """Have all jobs again, whichever were forgotten, and the case ready to be played."""
        jobs = self.site.jobs
        for name in set(self.known["job_id"]) - set(jobs._ids):
            shutil.copytree(self.kept / name, jobs.folder / name, dirs_exist_ok=True)
            jobs._ids.append(name)
        playroom_of(self.site.watch.current(), self.site).wait(120)

    def look(self):
        """Learn which ids and names there are."""

        def get(path):
            return self.client.get(path).json()

        setup = get("/api/what-if/setup")
        self.known |= {
            "kind": ["brief", "choices"], "table": [one["name"] for one in get("/api/evidence/tables")["tables"]],
            "id": [one["id"] for one in get("/api/evidence/rows")["rows"]], "day": ["2023-06-30", "2024-10-31"],
            "issue": [one["issue"] for one in get("/api/politics/issues")["issues"]],
            "scenario": [one["name"] for one in setup["scenarios"]], "closed": ["suez", "suez, babalmandab", ""],
            "also": ["", "panama"], "system": ["", "t1"], "source": ["", "paper"],
        }  # fmt: skip
        self.setup = setup

    def aim(self, case, draw):
        """Put ids and names that there are in place of made-up ones."""
        for held in (case.path_parameters, case.query):
            for name in (*(held or {}),):
                if name in self.known:
                    held[name] = draw(st.sampled_from(self.known[name]))
        label = case.operation.label
        if label == FILE:
            case.path_parameters["job_id"] = draw(
                st.sampled_from([one.id for one in self.site.jobs.all() if one.files])
            )
            case.path_parameters["name"] = draw(
                st.sampled_from(sorted(self.site.jobs.get(case.path_parameters["job_id"]).files))
            )
        elif label == PLAY:
            ask = draw(self.asks())
            pinned = draw(st.none() | self.asks().map(lambda other: other | {"seed": ask["seed"]}))
            case.body = {"ask": ask, "pinned": pinned, "page": draw(st.sampled_from(["", "p"])), "number": 2**53 - 1}
        elif label == ADD:
            case.path_parameters["table"] = "figures"
            case.body = {"cells": ROW, "only_check": True}
        elif label == "POST /api/politics/issues/{issue}/outcome":
            numbers = st.none() | st.integers(0, 100)
            moves = {name: draw(numbers) for name in ("position", "influence", "salience")}
            case.body = {"moves": [{"actor": draw(st.sampled_from(["aland", "bland"])), **moves}]}

    def asks(self):
        """Questions that the case can answer."""
        numbers = {one["name"]: st.just(one["middle"]) for one in self.setup["assumptions"]}
        levers = {one["name"]: st.none() | st.floats(0, 1) for one in self.setup["levers"]}
        passages = [one.name for one in list_passages().values() if not one.ice]
        return st.fixed_dictionaries({
            "scenario": st.sampled_from(self.known["scenario"]), "seed": st.integers(0, 3),
            "levers": st.fixed_dictionaries({}, optional=levers), "numbers": st.fixed_dictionaries({}, optional=numbers),
            "closed": st.lists(st.sampled_from(passages), max_size=2),
        })  # fmt: skip

    def ask(self, case):
        """Ask, and hold the answer against the declaration."""
        label = case.operation.label
        answer = case.call(headers=HOST)
        assert answer.status_code < 500, (case.as_curl_command(), answer.text)
        if answer.status_code != 413:  # too long to be read at all, whatever it said
            case.validate_response(answer, excluded_checks=[positive_data_acceptance])
        self.statuses[label, answer.status_code] += 1
        if label == PLAY and answer.status_code == 200:
            told = answer.json()
            self.played[told["state"], told.get("difference") is not None] += 1
        if label == FILE and answer.status_code == 200:
            self.media[answer.headers["content-type"][0].partition(";")[0]] += 1
        return answer

    def fuzz(self, operation, mode, *, aimed):
        """Ask one route many things."""

        @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
        @settings(max_examples=EXAMPLES, derandomize=True, deadline=None, phases=[Phase.generate], database=None,
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        def ask(case, data):
            if aimed:
                self.restore()
                self.aim(case, data.draw)
            answer = self.ask(case)
            if aimed:
                meant = REFUSED.get(operation.label, {200, 201, 204})
                assert answer.status_code in meant, (case.as_curl_command(), answer.text)

        with contextlib.suppress(Unsatisfiable):  # a route that takes nothing cannot be asked wrongly
            ask()


@pytest.fixture
def small(make_client, playable):
    """The page of a small case that is ready to be played, with jobs that are over."""
    asked = Asked(make_client(playable, limits=Limits(quick_runs=800)))
    asked.look()
    asked.make_jobs()
    asked.restore()
    playroom_of(asked.site.watch.current(), asked.site).wait(0).play(Ask(), LAST)  # by which weights are read
    return asked


def test_every_route_answers_what_it_is_for(small):
    """Asked for what there is, each route gives it; what is asked besides may be anything that is declared.

    So do the pages of jobs, which are no part of the API.
    """
    for job in small.known["job_id"]:
        kind, done = job.partition("-")[0], small.site.jobs.get(job).state == "done"
        assert small.client.get(f"/{kind}?job={job}").status_code == 200
        assert small.client.get(f"/part/choices/{job}").status_code == (200 if done and kind == "choices" else 404)
    for found in small.api.get_all_operations():
        small.fuzz(found.ok(), schemathesis.GenerationMode.POSITIVE, aimed=True)
    assert small.played["answered", False] >= 1
    assert small.played["answered", True] >= 1
    assert sum(small.media.values()) >= min(EXAMPLES, 4)
    print(f"{small.statuses.total()} requests; {small.played}; {small.media}")  # noqa: T201 - for the run by hand


@pytest.mark.parametrize("case", ["bundled", "own"])
def test_every_answer_is_as_declared(case, request):
    """Each route is asked many things, as its declaration has them and as it does not.

    What is well formed may still be refused: by the case's own rules, or for its size as a whole.
    """
    make, limits = request.getfixturevalue("make_client"), Limits(jobs_running=0, quick_runs=200)
    asked = Asked(make("poland-korea" if case == "bundled" else request.getfixturevalue("playable"), limits=limits))
    for found in asked.api.get_all_operations():
        for mode in schemathesis.GenerationMode:
            asked.fuzz(found.ok(), mode, aimed=False)
    print(f"{asked.statuses.total()} requests")  # noqa: T201 - for the larger run by hand
    assert asked.statuses.total() > 50


def test_every_route_of_the_api_is_declared(poland):
    paths = poland.get("/api/openapi.json").json()["paths"]
    for path, held in paths.items():
        assert path.startswith("/api/")
        for told in held.values():
            assert told["summary"]
            assert told["description"]
