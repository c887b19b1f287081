"""The views and their API: what they tell is what the ledger, the forecast and the model of bargaining say."""

import datetime as dt
import json
import re

import pytest
from starlette.requests import Request

from pactwork.facts.case import load_case
from pactwork.web.views import VIEWS

HOSTILE = '<script>alert("x")</script>'
ROW = {"subject": "t1-1", "measure": "arrived", "as_of": "2024-10-20", "value": "70", "qualifier": "exact",
       "unit": "item", "source_id": "paper", "locator": "para 9", "credibility": "2", "rank": "normal"}  # fmt: skip


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_every_view_opens_with_one_heading_and_says_where_one_is(poland, view):
    page = poland.get(view.path)
    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert f'<a href="{view.path}" aria-current="page">{view.title}</a>' in page.text
    assert not re.search(
        r"<script(?! type=\"module\" src=\"/static/)|<style| style=| on\w+=\"|https?://(?!www\.w3)", page.text
    )


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_every_view_opens_on_the_smallest_case(make_client, make_case, view):
    """A case may hold next to nothing: one source, and that is all."""
    bare = dict.fromkeys(("actors", "systems", "instruments", "lots", "figures", "polls", "shipments"))
    case = 'name = "bare"\ntitle = "Bare"\nas_of = "2024-10-31"\n'
    client = make_client(make_case(case_toml=case, **bare))
    page = client.get(view.path)
    assert page.status_code == 200
    for part in re.findall(r'data-part="([^"]+)"', page.text):
        assert client.get(part).status_code == 200, part


def test_overview_tells_the_same_numbers_as_status_and_brief(poland):
    page, told = poland.get("/").text, poland.get("/api/overview").json()
    assert [(one["name"], one["ordered"], one["delivered"]) for one in told["systems"]] == [
        ("K2", "180", "62"), ("K9", "364", "108"), ("K239", "290", "46"), ("FA-50", "48", "12"),
    ]  # fmt: skip
    assert "What does not add up" in page
    answer = poland.get("/part/overview/answer").text
    assert told["answer"][0]["text"].split(",")[0] in answer
    ahead = poland.get("/part/overview/ahead").text
    assert "all by then: 41%" in ahead
    assert ahead.index("31 December 2025") < ahead.index("31 December 2029")


def test_counts_agree_with_those_of_the_brief(poland):
    """The same heading counts the same things; where a count takes in more, it says what."""
    from pactwork.brief.contested import find_contested
    from pactwork.brief.judgement import weigh_judgement
    from pactwork.brief.origins import condense

    ledger = load_case("poland-korea")
    contested, weighed = find_contested(ledger), weigh_judgement(ledger)
    page = poland.get("/").text
    doubts = page.partition('id="doubts-h"')[2].partition("</section>")[0]
    first, gaps = doubts.split("Counts without a transport on record")
    assert (first.count("<li>"), gaps.count("<li>")) == (len(contested.discrepancies), len(contested.gaps))
    assert f"{len(contested.disputes)} sets of figures that contradict each other" in gaps
    assert f"{len(ledger.discrepancies)} lines" in gaps
    assert f'<span class="big">{weighed.weak_figures}</span>' in page
    answer = poland.get("/part/overview/answer").text
    assert (
        f"{len(contested.disputes)} sets of rival figures; {len(contested.discrepancies)} thing does not add up"
        in answer
    )
    origins = [o for one in contested.discrepancies for o in one.origins] + [
        o for one in contested.disputes for rival in one.rivals for o in rival.value.origins]  # fmt: skip
    shown = condense({one.row: one for one in origins}.values())
    assert f">+{len(shown) - 4}</span>" in answer.partition("Certainty.")[2].partition("</li>")[0]


def test_rows_from_a_source_are_told_apart_from_its_own(poland):
    from pactwork.brief.page import list_sources

    first = list_sources(load_case("poland-korea"))[0]
    source = first.source.source_id
    page = poland.get("/evidence", params={"source": source}).text
    assert f"{first.rows + 1} rows: {first.rows} rows from the source, and the source’s own" in page
    row = poland.get("/api/evidence/rows", params={"source": source, "table": "figures"}).json()["rows"][0]
    assert f"{first.rows} rows from it" in poland.get("/part/evidence/row", params={"id": row["id"]}).text
    assert "the source’s own" not in poland.get("/evidence", params={"source": source, "table": "figures"}).text


def test_evidence_is_searched_filtered_and_sorted(poland):
    def rows(**asked):
        return poland.get("/api/evidence/rows", params=asked).json()

    everything = rows()
    ledger = load_case("poland-korea")
    assert everything["total"] == sum(ledger.table(name).height for name in ledger.tables)
    assert everything["rows"][0]["id"] == "facts/figures.csv:2"
    found = rows(q="k2 ARRIVED", table="figures", sort="newest")["rows"]
    assert found
    assert all("k2" in str(row).lower() for row in found)
    assert {row["table"] for row in rows(table="polls")["rows"]} == {"polls"}
    assert all(row["disputed"] for row in rows(only="disputed")["rows"])
    assert all(row["stands"] for row in rows(only="standing")["rows"])
    assert {row["source_id"] for row in rows(source="shephard-2022-12")["rows"]} == {"shephard-2022-12"}
    weak = rows(grade="weak", table="figures")["rows"]
    assert weak
    assert all(row["grade"][0] > "C" or row["grade"][1] > "3" for row in weak)
    graded = [row["grade"] for row in rows(table="figures", sort="grade")["rows"]]
    assert graded == sorted(graded)
    of_k9 = rows(system="k9", q="arrived")["rows"]
    assert of_k9
    assert all("K9" in row["subject"] for row in of_k9)
    last = rows(page=everything["pages"])
    assert len(last["rows"]) == everything["total"] - 50 * (everything["pages"] - 1)
    assert rows(page=everything["pages"] + 1)["rows"] == []


def test_a_figure_opens_its_source_its_rivals_and_why(poland):
    told = poland.get("/api/evidence/row", params={"id": "facts/figures.csv:55"}).json()
    assert "Another stands in its place" in told["why"]
    roles = {one["role"] for one in told["rivals"]}
    assert roles == {"stands", "rival", "other"}
    assert next(one for one in told["rivals"] if one["role"] == "rival")["reason"]
    standing = next(one["row"]["id"] for one in told["rivals"] if one["role"] == "stands")
    assert poland.get("/api/evidence/row", params={"id": standing}).json()["why"].startswith("It stands:")
    assert told["link"].startswith("https://")
    assert poland.get("/api/evidence/row", params={"id": "facts/figures.csv:99999"}).status_code == 404


def test_a_row_is_added_checked_refused_and_told_when_the_file_changed(make_client, make_case):
    root = make_case()
    client = make_client(root)
    digest = re.search(r'data-digest="(\w+)"', client.get("/evidence/add?table=figures").text)[1]
    where = "/api/evidence/tables/figures/rows"
    only = client.post(where, json={"cells": ROW, "digest": digest, "only_check": True})
    assert (only.status_code, only.json()["written"]) == (201, False)
    wrong = client.post(where, json={"cells": {**ROW, "as_of": "yesterday"}, "digest": digest})
    assert wrong.status_code == 422
    assert wrong.json()["problems"][0]["where"] == "facts/figures.csv:8 as_of"
    added = client.post(where, json={"cells": ROW, "digest": digest})
    assert added.json() == {"id": "facts/figures.csv:8", "written": True, "problems": []}
    assert client.get("/api/evidence/row", params={"id": "facts/figures.csv:8"}).json()["row"]["value"] == "70"
    again = client.post(where, json={"cells": {**ROW, "value": "71"}, "digest": digest})
    assert again.status_code == 409
    assert "changed meanwhile" in again.json()["problems"][0]["found"]
    assert client.post("/api/evidence/tables/nothing/rows", json={"cells": ROW}).status_code == 404


def test_a_bundled_case_takes_no_row(poland):
    refused = poland.post("/api/evidence/tables/figures/rows", json={"cells": ROW})
    assert refused.status_code == 403
    assert "came with the package" in refused.json()["problems"][0]["found"]
    assert "came with the package" in poland.get("/evidence/add").text


def test_deliveries_are_replayed_as_known_on_a_day(poland):
    now = poland.get("/api/deliveries").json()
    then = poland.get("/api/deliveries", params={"day": "2023-07-15"}).json()
    assert (now["day"], then["day"]) == ("2024-10-31", "2023-06-30")
    assert (now["start"], now["end"]) == (then["start"], then["end"])
    lot = {one["lot_id"]: one for one in then["lots"]}["k2-1"]
    assert all(step["day"] <= "2023-06-30" for step in lot["steps"])
    assert lot["later"]
    assert all(step["day"] > "2023-06-30" for step in lot["later"])
    assert lot["delivered"] == load_case("poland-korea").known_by("2023-06-30").figure("k2-1", "arrived").value
    assert lot["later"][-1]["items"] == 62
    for band in lot["bands"]:
        assert band["q05"] <= band["q25"] <= band["q50"] <= band["q75"] <= band["q95"] <= lot["ordered"]
    assert all(not one["later"] for one in now["lots"])
    early = poland.get("/api/deliveries", params={"day": "1990-01-01"}).json()
    assert early["day"] == "2022-08-31"
    assert poland.get("/deliveries?day=2023-07-15").text.count('aria-valuetext="30 June 2023"') == 1
    assert poland.get("/api/deliveries?day=2023-02-31").status_code == 422


def test_the_replay_agrees_with_the_forecast_of_that_day(poland):
    from pactwork.forecast import forecast_deliveries

    ledger = load_case("poland-korea").known_by("2023-12-31")
    held = {one.state.lot.lot_id: one for one in forecast_deliveries(ledger).lots}
    told = poland.get("/api/deliveries", params={"day": "2023-12-31"}).json()
    for lot in told["lots"]:
        bands = lot["bands"][1:]
        for place, band in enumerate(bands):
            assert band["q50"] == held[lot["lot_id"]].quantile(place, 50)
            assert dt.date.fromisoformat(band["day"]) == held[lot["lot_id"]].days[place]


def test_a_stakeholder_is_moved_and_the_outcome_follows(poland):
    issue = poland.get("/api/politics/issues").json()["issues"][0]
    where = f"/api/politics/issues/{issue['issue']}/outcome"
    before = poland.post(where, json={"moves": []}).json()
    assert before["outcome"] == before["before"]
    one = issue["stakeholders"][0]
    total = sum(held["influence"] * held["salience"] for held in issue["stakeholders"])
    moved = poland.post(where, json={"moves": [{"actor": one["actor"], "position": 0}]}).json()
    share = one["influence"] * one["salience"] / total
    assert moved["outcome"] == pytest.approx(before["outcome"] - share * one["position"])
    assert moved["before"] == before["outcome"]
    assert moved["low"] < moved["outcome"] < moved["high"]
    assert "80 of 100" in moved["said"]
    stance = moved["stances"][0]
    assert stance["committed"] + stance["transactional"] + stance["reluctant"] == pytest.approx(1)


def test_numbers_off_the_scale_and_strangers_are_refused(poland):
    issue = poland.get("/api/politics/issues").json()["issues"][0]
    where = f"/api/politics/issues/{issue['issue']}/outcome"
    actor = issue["stakeholders"][0]["actor"]
    off = poland.post(where, json={"moves": [{"actor": actor, "position": 101, "salience": -1}]})
    assert off.status_code == 422
    assert [one["where"] for one in off.json()["problems"]] == [f"{actor} position", f"{actor} salience"]
    assert poland.post(where, json={"moves": [{"actor": "nobody"}]}).status_code == 404
    nothing = [{"actor": held["actor"], "influence": 0} for held in issue["stakeholders"]]
    assert poland.post(where, json={"moves": nothing}).json()["outcome"] is None


CASE_TOML = """
name = "tiny"
title = "Aland – Bland"
as_of = "2024-10-31"
"""


def test_hostile_text_is_shown_harmlessly(make_client, make_case, tiny):
    """Script, a formula, a word without end, and text that turns around, in every table that a view shows."""
    bad = HOSTILE.replace('"', "'")
    root = make_case(
        case_toml=CASE_TOML.replace("Aland – Bland", "Aland \u202e– Bland"),
        sources=tiny["sources"].replace("A paper", bad).replace("A report", "=HYPERLINK(1)"),
        systems=tiny["systems"].replace(",T1,", f",{bad},"),
        instruments=tiny["instruments"].replace("Framework,", "‮" + "x" * 300 + ","),
        figures=tiny["figures"].replace("para 2", bad),
        polls=tiny["polls"].replace("para 3", bad),
    )
    client = make_client(root)
    pages = [view.path for view in VIEWS] + ["/evidence?row=facts/figures.csv:2", f"/evidence?q={bad}", "/evidence/add?table=lots",
             "/part/evidence/row?id=facts/figures.csv:2"]  # fmt: skip
    for path in pages:
        page = client.get(path)
        assert page.status_code == 200, path
        parts = [client.get(part).text for part in re.findall(r'data-part="([^"]+)"', page.text)]
        for text in (page.text, *parts):
            assert "<script>" not in text.lower(), path
            assert "‮" not in text, path


def test_a_brief_is_started_within_limits(make_client, make_case):
    from pactwork.web.settings import Limits

    client = make_client(make_case(), limits=Limits(jobs_running=0))
    many = client.post("/api/brief", json={"effort": "thorough", "minutes": 1e6})
    assert many.status_code == 422
    assert many.json()["problems"][0]["where"] == "body minutes"
    full = client.post("/api/brief", json={"effort": "facts"})
    assert full.status_code == 429
    assert client.post("/api/brief", json={"effort": "endless"}).status_code == 422
    assert client.post("/api/brief", json={"effort": "facts", "seed": 2**31 - 1}).status_code == 429
    assert client.post("/api/brief", json={"effort": "facts", "seed": 2**31}).status_code == 422


def test_a_brief_is_made_shown_and_taken_away(make_client, make_case):
    import io
    import time
    import zipfile

    client = make_client(make_case())
    job = client.post("/api/brief", json={"effort": "facts"}).json()
    stages = set()
    for _ in range(600):
        job = client.get(f"/api/jobs/{job['id']}").json()
        stages.add(job["stage"])
        if job["state"] != "running":
            break
        time.sleep(0.1)
    assert job["state"] == "done", job
    assert len(stages) > 1
    shown = client.get(f"/api/jobs/{job['id']}/files/brief.html")
    policy = shown.headers["content-security-policy"].split("; ")
    assert policy[:2] == ["sandbox allow-popups allow-popups-to-escape-sandbox allow-downloads", "default-src 'none'"]
    linked = set(re.findall(r'href="(data/[^"]+)"', shown.text))
    assert linked
    for name in linked:
        data = client.get(f"/api/jobs/{job['id']}/files/{name}")
        assert (data.status_code, data.headers["content-type"].partition(";")[0]) == (200, "text/csv")
    assert "Aland – Bland" in shown.text
    packed = client.get(f"/api/jobs/{job['id']}/files/brief.zip", params={"download": True})
    assert packed.headers["content-disposition"].startswith("attachment")
    names = zipfile.ZipFile(io.BytesIO(packed.content)).namelist()
    assert {"tiny-brief/brief.html", "tiny-brief/brief.json"} <= set(names)
    assert client.get(f"/brief?job={job['id']}").text.count(job["id"]) >= 2
    assert client.delete(f"/api/jobs/{job['id']}").status_code == 204
    assert client.get(f"/api/jobs/{job['id']}").status_code == 404


@pytest.fixture
def with_jobs(make_client, make_case):
    """Return a function that gives a page with briefs in the states named, the newest first."""

    def make(*states):
        client = make_client(make_case())
        jobs = client.app.state.site.jobs
        for age, state in enumerate(states):
            root = jobs.folder / f"brief-{age}"
            root.mkdir(parents=True)
            held = dict.fromkeys(("case", "revision"), "") | {
                "id": root.name, "kind": "brief", "state": state, "started": f"2024-01-0{9 - age}T00:00:00",
                "parameters": {"effort": "facts", "minutes": 15.0, "seed": 40 + age},
            }  # fmt: skip
            (root / "job.json").write_text(json.dumps(held))
            if state == "done":
                (root / "result.json").write_text(json.dumps({"result": {}, "files": {}}))
            jobs._ids.append(root.name)
        return client

    return make


@pytest.mark.parametrize(
    ("states", "shown"),
    [(("cancelled", "failed", "done", "done"), 2), (("cancelled", "interrupted"), 0), (("done", "done"), 0)],
)
def test_a_job_that_came_to_nothing_does_not_hide_a_finished_one(with_jobs, states, shown):
    page = with_jobs(*states).get("/brief").text
    assert f'data-job="brief-{shown}"' in page
    assert f'name="seed" min="0" max="2147483647" value="{40 + shown}"' in page  # as the shown one was asked with
    assert 'value="facts" checked' in page


def test_what_is_under_way_is_shown_before_what_is_done():
    from pactwork.web.common import choose_job
    from pactwork.web.job import Job

    jobs = [Job(f"brief-{state}", "brief", {}, "", "", "", state) for state in ("failed", "done", "running")]
    request = Request({"type": "http", "query_string": b"", "path": "/brief", "headers": []})
    assert choose_job(request, jobs, "one")[0].id == "brief-running"
    request = Request({"type": "http", "query_string": b"job=brief-failed", "path": "/brief", "headers": []})
    assert choose_job(request, jobs, "one")[0].id == "brief-failed"


def test_a_case_that_assumes_nothing_is_told_where_assumptions_stand(make_client, make_case):
    root = make_case()
    client = make_client(root)
    without = client.get("/what-if").text
    assert "No assumption is set" in without
    assert "in its comments" not in without
    (root / "assumptions.toml").write_text("# [fleet.t1]\n", encoding="utf-8")
    page = client.get("/what-if").text
    assert "of the case shows in its comments how one is written" in page
    assert "docs/parameters.md" in page
