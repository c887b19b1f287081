"""Servers for tests, in this process."""

import warnings

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
