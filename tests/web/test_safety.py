"""Who may ask: names, the token, the page a request comes from, bodies."""

import json

import pytest

from pactwork.web.safety import Safety
from pactwork.web.settings import Limits, is_loopback, own_names
from pactwork.web.tokens import make_ticket

TOKEN = "a-token-of-some-length"


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


def test_a_redirect_stays_on_this_server(make_client, make_case, ask_raw):
    """An address such as //evil.example must not become a place to go."""
    client = make_client(make_case(), token=TOKEN)
    answer = client.get(f"http://localhost//evil.example/?token={TOKEN}")
    assert answer.headers["location"].startswith("/evil")
    for path in ("//evil.example/", "/\\evil.example/", "\\/evil.example"):
        _, held, _ = ask_raw(client.app, path, headers=[(b"host", b"localhost")], query=f"token={TOKEN}".encode())
        assert held[b"location"].startswith(b"/evil"), path


def test_numeric_names_count_where_a_token_guards(make_client, make_case):
    open_to_all = make_client(make_case("one"))
    assert open_to_all.get("/api/case", headers={"host": "192.0.2.7"}).status_code == 421
    guarded = make_client(make_case("two"), token=TOKEN)
    assert guarded.get("/api/case", headers={"host": "192.0.2.7"}).status_code == 401


def test_a_proxy_speaks_under_a_name_that_was_given(make_client, make_case):
    """Whose name was not given is told how to give it; by it a page may write as by any other."""
    client = make_client(make_case(), token=TOKEN, names=frozenset({"pact.example.org"}))
    headers = {"host": "pact.example.org", "x-forwarded-proto": "https", "authorization": f"Bearer {TOKEN}"}
    where = "/api/politics/issues/none/outcome"
    for origin, status in (
        ("https://pact.example.org", 404),
        ("http://pact.example.org", 403),
        ("https://evil.example", 403),
    ):
        assert client.post(where, json={}, headers=headers | {"origin": origin}).status_code == status, origin
    other = client.get(
        "/api/case", headers=headers | {"host": "other.example.org", "x-forwarded-host": "pact.example.org"}
    )
    assert other.status_code == 421
    assert "--name" in other.json()["problems"][0]["fix"]


@pytest.mark.parametrize(
    ("told", "secure"), [("https", True), ("HTTPS, http", True), ("http, https", False), ("http", False), (None, False)]
)
def test_behind_https_the_cookie_is_sent_by_https_alone(make_client, make_case, told, secure):
    client = make_client(make_case(), token=TOKEN, names=frozenset({"pact.example.org"}))
    headers = {"host": "pact.example.org"} | ({"x-forwarded-proto": told} if told else {})
    answer = client.get(f"/?token={TOKEN}", headers=headers)
    assert answer.status_code == 303
    assert answer.headers["set-cookie"].endswith("; HttpOnly; SameSite=Lax; Path=/" + ("; Secure" if secure else ""))
    tidied = client.get("/evidence/", headers=headers | {"authorization": f"Bearer {TOKEN}"})
    assert tidied.headers["location"] == f"http{'s' if secure else ''}://pact.example.org/evidence"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}, 403),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "cors"}, 403),
        ({"sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}, 200),  # a link that somebody follows
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}, 200),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}, 403),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "object"}, 403),
        ({"sec-fetch-site": "same-origin", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}, 200),
        ({"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"}, 200),
        ({"sec-fetch-site": "none", "sec-fetch-mode": "navigate"}, 200),
        ({}, 200),
    ],
)
def test_another_page_makes_nothing_work_in_the_background(make_client, make_case, headers, status):
    client = make_client(make_case())
    for method in ("GET", "HEAD"):
        assert client.request(method, "/what-if", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://["}, 403),
        ({"origin": "http://localhost:3000"}, 403),
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


def test_a_body_that_does_not_come_is_not_waited_for(make_client, make_case, ask_raw):
    client = make_client(make_case(), limits=Limits(body_seconds=0.01))
    headers = [(b"host", b"localhost"), (b"content-type", b"application/json"), (b"content-length", b"9")]
    status, held, body = ask_raw(
        client.app, "/api/brief", "POST", headers, said=[{"type": "http.request", "body": b"{", "more_body": True}]
    )
    assert (status, held[b"connection"]) == (408, b"close")
    assert json.loads(body)["problems"][0]["expected"] == "all of it within 0.01 seconds"


def test_who_leaves_before_the_end_of_a_body_is_asked_no_more(make_client, make_case, ask_raw):
    client, asked = make_client(make_case()), []

    async def route(*_):
        asked.append(1)

    safety = Safety(route, client.app.state.site.settings)
    headers = [(b"host", b"localhost"), (b"content-type", b"application/json"), (b"content-length", b"9")]
    said = [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]
    with pytest.raises(IndexError):  # nothing was told
        ask_raw(safety, "/api/brief", "POST", headers, said=said)
    assert asked == []


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/api/jobs/..%2f../files/job.json",
     "/api/jobs/brief-0/files/../job.json", "/static/app.js%00",
     "/part/evidence/row?id=/etc/passwd:1"],
)  # fmt: skip
def test_no_path_reaches_the_file_system(make_client, make_case, path):
    assert make_client(make_case()).get(path).status_code == 404


def test_a_long_query_is_refused(make_client, make_case):
    assert make_client(make_case()).get("/api/evidence/rows?q=" + "x" * 5000).status_code == 400


def test_loopback_is_known_in_every_form():
    assert all(is_loopback(host) for host in ("localhost", "127.0.0.1", "127.8.9.1", "::1"))
    assert not any(is_loopback(host) for host in ("example.org", "0.0.0.0", "::", "192.0.2.1", "localhost.example.org"))
