"""Servers for tests, in this process."""

import asyncio
import warnings
from urllib.parse import unquote

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("error")
    from starlette.testclient import TestClient

from pactwork.web.app import make_app
from pactwork.web.settings import Limits, Settings


@pytest.fixture
def make_client(tmp_path):
    """Return a function that opens a case as a visitor would; keyword arguments are settings."""
    opened = []

    def make(case, *, limits=None, base_url="http://localhost", **settings):
        state = settings.pop("state", tmp_path / f"state-{len(opened)}")
        app = make_app(Settings(str(case), state=state, limits=limits or Limits(), **settings))
        client = TestClient(app, base_url=base_url, raise_server_exceptions=False, follow_redirects=False)
        client.__enter__()
        opened.append(client)
        return client

    yield make
    for client in opened:
        client.__exit__(None, None, None)


@pytest.fixture(scope="session")
def poland(tmp_path_factory):
    """The bundled case as a visitor sees it; for reading alone."""
    app = make_app(Settings("poland-korea", state=tmp_path_factory.mktemp("state")))
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def ask_raw():
    """Return a function that asks as no client would: its address, headers and body are nobody's but the test's."""
    return _ask_raw


def _ask_raw(app, path, method="GET", headers=((b"host", b"localhost"),), said=None, query=b""):
    """Return status, headers and body of a request whose address nothing has tidied."""
    told, asked = [], [*(said or [{"type": "http.request", "body": b"", "more_body": False}])]

    async def receive():
        return asked.pop(0) if asked else await asyncio.Event().wait()

    async def send(message):
        told.append(message)

    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
             "path": unquote(path), "raw_path": path.encode(), "query_string": query, "root_path": "",
             "headers": list(headers), "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80)}  # fmt: skip
    asyncio.run(asyncio.wait_for(app(scope, receive, send), 30))
    return told[0]["status"], dict(told[0]["headers"]), b"".join(one.get("body", b"") for one in told[1:])
