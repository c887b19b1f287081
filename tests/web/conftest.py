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

ASSUMPTIONS = """
[fleet.t1]
source = "paper"
why = "as printed"
failures_per_year = { range = [2.0, 6.0], distribution = "loguniform", unit = "1/item/year" }
depot_channels = { values = [2, 4], weights = [3, 1], unit = "count" }

[theatres.north]
source = "judgement"
why = "nobody knows"
unit = "1/year"
calm_to_probing = { range = [0.1, 0.5] }
probing_to_calm = { range = [0.1, 0.5] }
level_at_start = { value = 0, unit = "level" }

[passages.suez]
closures_per_year = { range = [0.1, 0.4], unit = "1/year", why = "w", source = "paper" }
closed_at.north = { value = 3, unit = "level", why = "w", source = "judgement" }
"""
SCENARIOS = """
[worse]
title = "Worse"
why = "what if"
[worse.overrides]
fleet.t1.failures_per_year = { range = [3.0, 9.0] }
"""
CHOICES = """
[levers.spares]
title = "Spares"
origin = "ours"
why = "Fewer failures"
effect = { range = [0.0, 1.0] }
[levers.spares.changes]
"fleet.t1.failures_per_year" = { multiply = 0.5, why = "Half" }
[choices.spares]
title = "Spares"
why = "Closer"
levers = ["spares"]
[criteria.ready]
title = "Ready"
outcome = "t1.mean_readiness"
statistic = "q10"
at_least = 0.6
side = "buyer"
why = "Asked for"
"""
POSITIONS = (
    "issue,actor,position,low,high,influence,salience,scale,as_of,basis,source_id,locator,rationale\n"
    "pl-x,aland,20,0,100,90,90,S,2024-06,judgement,paper,p,R\npl-x,bland,90,0,100,40,50,S,2024-06,judgement,paper,p,R\n"
)


@pytest.fixture
def playable(make_case):
    """A small case that can be played in a moment: one fleet, one theatre, one passage, one lever, one issue."""
    root = make_case("playable", positions=POSITIONS)
    for name, text in (("assumptions", ASSUMPTIONS), ("scenarios", SCENARIOS), ("choices", CHOICES)):
        (root / f"{name}.toml").write_text(text, encoding="utf-8")
    return root


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
