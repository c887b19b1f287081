"""What an answer may do: headers on every one, files of jobs sealed, refusals in words."""

import json
from urllib.parse import quote

import pytest

TOKEN = "a-token-of-some-length"
EXPECTED = {
    "x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "x-frame-options": "SAMEORIGIN",
    "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
}  # fmt: skip


def test_a_defect_is_told_without_its_words_and_with_the_headers(make_client, make_case, monkeypatch):
    client = make_client(make_case())

    def fall():
        raise RuntimeError("<b>over the edge</b>")

    monkeypatch.setattr(client.app.state.site.watch, "current", fall)
    for path, kind in (("/evidence", "text/html; charset=utf-8"), ("/api/evidence/tables", "application/json")):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (500, kind)
        assert "RuntimeError" in answer.text
        assert "over the edge" not in answer.text
        assert {name: answer.headers.get(name) for name in EXPECTED} == EXPECTED
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_the_headers_alone_are_answered_as_all_would_be(make_client, make_case, ask_raw):
    client = make_client(make_case())
    for path, status in (("/", 200), ("/api/case", 200), ("/static/app.js", 200), ("/nothing", 404)):
        head, whole = ask_raw(client.app, path, "HEAD"), ask_raw(client.app, path)
        assert (head[0], head[2]) == (status, b"")
        assert head[1] == whole[1]
    assert client.options("/api/case", headers={"origin": "http://evil.example"}).status_code == 405


def test_every_answer_carries_the_headers(make_client, make_case):
    client = make_client(make_case())
    for path in ("/", "/api/case", "/static/app.js", "/nothing", "/api/nothing"):
        held = client.get(path).headers
        told = {name: held.get(name) for name in EXPECTED}
        assert told == EXPECTED, path
        assert held["content-security-policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        assert "unsafe" not in held["content-security-policy"]
        assert "frame-ancestors 'self'" in held["content-security-policy"]
    assert client.get("/", headers={"host": "evil.example"}).headers["x-content-type-options"] == "nosniff"


def test_a_page_of_its_own_is_asked_for_only_where_browsers_heed_it(make_client, make_case):
    """By plain http from another machine they pass the header over, and complain of it at each page."""
    client = make_client(make_case(), token=TOKEN)
    name = "cross-origin-opener-policy"
    assert name not in client.get("/", headers={"host": "192.0.2.7:8765"}).headers
    https = client.get("/", headers={"host": "192.0.2.7", "x-forwarded-proto": "https"})
    assert https.headers[name] == "same-origin"
    assert client.get("/", headers={"host": "127.0.0.2:8765"}).headers[name] == "same-origin"


def test_a_body_that_is_no_json_is_said_so(make_client, make_case):
    client = make_client(make_case())
    answer = client.post("/api/brief", content=b'{"effort": ', headers={"content-type": "application/json"})
    told = answer.json()["problems"][0]
    assert (answer.status_code, told["found"], told["expected"]) == (422, "what is no JSON", "a JSON object")


@pytest.fixture
def with_files(make_client, make_case):
    """Return a function that gives a page with a job, ``brief-0``, that made the files named."""

    def make(**files):
        client = make_client(make_case())
        jobs = client.app.state.site.jobs
        root = jobs.folder / "brief-0"
        held = {"id": "brief-0", "kind": "brief", "state": "done", "parameters": {}}
        for name in files:
            path = root / "output" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("held")
        (root / "job.json").write_text(json.dumps(held | dict.fromkeys(("case", "revision", "started"), "")))
        (root / "result.json").write_text(json.dumps({"result": {}, "files": files}))
        jobs._ids.append("brief-0")
        return client

    return make


@pytest.mark.parametrize("name", ["../job.json", "..%2fjob.json", "%2e%2e/job.json", "data/../../job.json",
                                  "/etc/passwd", "data", "", "..\\job.json", "data/lots.csv%00", "data//lots.csv",
                                  "DATA/lots.csv", "data/lots.csv/"])  # fmt: skip
def test_files_of_a_job_are_those_it_names(with_files, ask_raw, name):
    """The address is given as it would arrive: clients tidy it, attackers do not."""
    client = with_files(**{"data/lots.csv": "text/csv"})
    assert ask_raw(client.app, "/api/jobs/brief-0/files/data/lots.csv")[::2] == (200, b"held")
    assert ask_raw(client.app, "/api/jobs/brief-0/files/data%2flots.csv")[::2] == (200, b"held")
    assert ask_raw(client.app, f"/api/jobs/brief-0/files/{name}")[0] == 404


@pytest.mark.parametrize(
    "path",
    [
        "..",
        ".",
        "brief-0/..",
        "..%2fbrief-0",
        "brief-0%2f..%2fbrief-0",
        "BRIEF-0",
        "brief-0%00",
        "brief-0 ",
        "%2e%2e%2f%2e%2e",
    ],
)
def test_a_job_is_found_by_its_id_alone(with_files, ask_raw, path):
    client = with_files(**{"brief.html": "text/html"})
    for method, rest in (
        ("GET", ""),
        ("GET", "/files/brief.html"),
        ("POST", "/cancel"),
        ("POST", "/restart"),
        ("DELETE", ""),
    ):
        status = ask_raw(client.app, f"/api/jobs/{path}{rest}", method)[0]
        assert status in (404, 405, 307), (method, rest)
    assert ask_raw(client.app, f"/part/choices/{path}")[0] in (404, 307)
    assert client.get("/api/jobs/brief-0/files/brief.html").text == "held"


def test_a_file_of_a_job_is_sealed(with_files):
    """A brief is shown in a frame of the page, and may do nothing there that the page may."""
    client = with_files(**{"brief.html": "text/html", "charts/one.svg": "image/svg+xml"})
    for name in ("brief.html", "charts/one.svg"):
        held = client.get(f"/api/jobs/brief-0/files/{name}").headers
        policy = dict(part.strip().partition(" ")[::2] for part in held["content-security-policy"].split(";"))
        assert policy["sandbox"] == "allow-popups allow-popups-to-escape-sandbox allow-downloads"
        assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == "'none'"
        assert policy["frame-ancestors"] == "'self'"
        assert not {"script-src", "connect-src", "object-src"} & set(policy)
        assert {name: held.get(name) for name in EXPECTED} == EXPECTED
        assert "content-disposition" not in held


def test_the_name_of_a_download_says_nothing_but_its_name(with_files):
    name, broken = 'a"; filename=b.exe <script>.html', "a\r\nSet-Cookie: x=1\r\n\r\n.html"
    client = with_files(**{name: "text/html", broken: "text/html"})
    assert client.get(f"/api/jobs/brief-0/files/{quote(broken)}?download=true").status_code == 404
    held = client.get(f"/api/jobs/brief-0/files/{quote(name)}?download=true").headers
    assert held["content-disposition"].startswith("attachment; filename*=utf-8''a%22%3B%20filename")


def test_refusals_under_api_are_problems_and_elsewhere_pages(make_client, make_case):
    client = make_client(make_case())
    told = client.get("/api/evidence/rows?sort=wrong")
    assert told.status_code == 422
    assert set(told.json()["problems"][0]) == {"where", "found", "expected", "fix"}
    page = client.get("/nothing")
    assert page.status_code == 404
    assert "There is no such page" in page.text


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [("/", {}, 401), ("/evidence?q=k2", {"host": "<b>evil</b>"}, 421), ("/brief", {"content-length": "9" * 9}, 413)],
)
def test_who_may_not_ask_is_told_on_a_page(make_client, make_case, path, headers, status):
    client = make_client(make_case(), token=TOKEN if status == 401 else "")
    told = client.get(path, headers=headers)
    assert (told.status_code, told.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert "<h1>" in told.text
    assert "<b>evil" not in told.text
    assert told.headers["content-security-policy"].startswith("default-src 'none'")
    api = client.get("/api/case", headers=headers)
    assert (api.status_code, set(api.json())) == (status, {"problems"})
