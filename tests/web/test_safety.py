"""Who may ask, and what an answer may do."""

import asyncio
import json
from urllib.parse import unquote

import pytest

from pactwork.web.safety import make_ticket
from pactwork.web.settings import Limits, choose_token, is_loopback, own_names

TOKEN = "a-token-of-some-length"
EXPECTED = {
    "x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "x-frame-options": "SAMEORIGIN",
    "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
}  # fmt: skip


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "",
        "localhost.evil.example:80",
        "[::1].evil.example",
        "[::1]:80.evil.example",
        "[::1",
        "localhost:80:80",
    ],
)
def test_another_name_for_this_server_is_refused(make_client, make_case, host):
    """A name pointed at this address by somebody else must not open the page."""
    client = make_client(make_case())
    answer = client.get("/api/case", headers={"host": host})
    assert answer.status_code == 421
    assert answer.json()["problems"][0]["where"] == "Host"
    assert client.get("/api/case", headers={"host": "127.0.0.1:8765"}).status_code == 200


def test_a_name_is_the_same_in_capitals_and_with_a_dot(make_client, make_case, monkeypatch):
    """Machines are often called DESKTOP-ABC; browsers ask in lower case."""
    monkeypatch.setattr("socket.gethostname", lambda: "DESKTOP-ABC")
    monkeypatch.setattr("socket.getfqdn", lambda: "Desktop-ABC.Example.")
    client = make_client(make_case(), names=own_names("0.0.0.0"))
    for host in ("desktop-abc:8765", "DESKTOP-ABC", "desktop-abc.example", "desktop-abc.example.:8765", "localhost."):
        assert client.get("/api/case", headers={"host": host}).status_code == 200, host


def test_a_token_is_asked_for_and_kept_as_a_cookie(make_client, make_case):
    client = make_client(make_case(), token=TOKEN)
    assert client.get("/").status_code == 401
    assert client.get("/api/case").json()["problems"][0]["where"] == "token"
    assert client.get("/?token=another").status_code == 401
    first = client.get(f"/evidence?token={TOKEN}&q=k2")
    assert (first.status_code, first.headers["location"]) == (303, "/evidence?q=k2")
    cookie = first.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite" in cookie
    assert TOKEN not in cookie
    assert client.get("/api/case").status_code == 200


def test_a_token_may_come_in_a_header(make_client, make_case):
    client = make_client(make_case(), token=TOKEN)
    assert client.get("/api/case", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200
    assert client.get("/api/case", headers={"authorization": "Bearer nothing"}).status_code == 401
    assert client.get("/api/case", headers={"cookie": f"pactwork-8765={make_ticket('other')}"}).status_code == 401


def test_a_redirect_stays_on_this_server(make_client, make_case):
    """An address such as //evil.example must not become a place to go."""
    client = make_client(make_case(), token=TOKEN)
    answer = client.get(f"http://localhost//evil.example/?token={TOKEN}")
    assert answer.headers["location"].startswith("/evil")


def test_numeric_names_count_where_a_token_guards(make_client, make_case):
    open_to_all = make_client(make_case("one"))
    assert open_to_all.get("/api/case", headers={"host": "192.0.2.7"}).status_code == 421
    guarded = make_client(make_case("two"), token=TOKEN)
    assert guarded.get("/api/case", headers={"host": "192.0.2.7"}).status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://["}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "application/x-www-form-urlencoded"}, 415),
        ({"origin": "http://localhost"}, 404),
    ],
)
def test_a_write_from_another_page_is_refused(make_client, make_case, headers, status):
    client = make_client(make_case())
    headers = {"content-type": "application/json", **headers}
    assert client.post("/api/politics/issues/none/outcome", content="{}", headers=headers).status_code == status


def test_a_body_is_limited_told_or_not(make_client, make_case):
    client = make_client(make_case(), limits=Limits(body_bytes=100))
    where, headers = "/api/brief", {"content-type": "application/json"}
    assert client.post(where, content=b"x" * 101, headers=headers).status_code == 413
    pieces = (b"x" * 60 for _ in range(2))  # sent without saying how long it is
    assert client.post(where, content=pieces, headers=headers).status_code == 413


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


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/api/jobs/..%2f../files/job.json",
     "/api/jobs/brief-0/files/../job.json", "/static/app.js%00",
     "/part/evidence/row?id=/etc/passwd:1"],
)  # fmt: skip
def test_no_path_reaches_the_file_system(make_client, make_case, path):
    assert make_client(make_case()).get(path).status_code == 404


@pytest.mark.parametrize("name", ["../job.json", "..%2fjob.json", "%2e%2e/job.json", "data/../../job.json",
                                  "/etc/passwd", "data", ""])  # fmt: skip
def test_files_of_a_job_are_those_it_names(make_client, make_case, name):
    """The address is given as it would arrive: clients tidy it, attackers do not."""
    client = make_client(make_case())
    jobs = client.app.state.site.jobs
    root = jobs.folder / "brief-0"
    (root / "output" / "data").mkdir(parents=True)
    (root / "output" / "data" / "lots.csv").write_text("held")
    held = {
        "id": "brief-0",
        "kind": "brief",
        "parameters": {},
        "case": "",
        "revision": "",
        "started": "",
        "state": "done",
    }
    (root / "job.json").write_text(json.dumps(held))
    (root / "result.json").write_text(json.dumps({"result": {}, "files": {"data/lots.csv": "text/csv"}}))
    jobs._ids.append("brief-0")
    assert ask_raw(client.app, "/api/jobs/brief-0/files/data/lots.csv") == (200, b"held")
    assert ask_raw(client.app, "/api/jobs/brief-0/files/data%2flots.csv") == (200, b"held")
    assert ask_raw(client.app, f"/api/jobs/brief-0/files/{name}")[0] == 404


def ask_raw(app, path):
    """Return status and body of a GET whose address nothing has tidied."""
    told, asked = [], [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive():
        return asked.pop() if asked else await asyncio.Event().wait()

    async def send(message):
        told.append(message)

    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
             "path": unquote(path), "raw_path": path.encode(), "query_string": b"", "root_path": "",
             "headers": [(b"host", b"localhost")], "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80)}  # fmt: skip
    asyncio.run(app(scope, receive, send))
    return told[0]["status"], b"".join(one.get("body", b"") for one in told[1:])


def test_a_long_query_is_refused(make_client, make_case):
    assert make_client(make_case()).get("/api/evidence/rows?q=" + "x" * 5000).status_code == 400


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


def test_a_token_is_chosen_for_other_hosts_alone(monkeypatch):
    monkeypatch.delenv("PACTWORK_TOKEN", raising=False)
    assert choose_token("127.0.0.1") == ""
    assert len(choose_token("0.0.0.0")) >= 32
    assert choose_token("0.0.0.0") != choose_token("0.0.0.0")
    monkeypatch.setenv("PACTWORK_TOKEN", TOKEN)
    assert choose_token("127.0.0.1") == choose_token("::") == TOKEN
    assert not is_loopback("example.org")
