"""The API against its own declaration: whatever it is asked, it answers as declared, and never with a 5xx."""

import contextlib
import os
import warnings

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import schemathesis
    from schemathesis.specs.openapi.checks import positive_data_acceptance

from pactwork.web.app import make_app
from pactwork.web.settings import Limits, Settings

EXAMPLES = int(os.environ.get("PACTWORK_EXAMPLES", "4"))
"""Requests a route, as declared and as not; more by hand."""


@pytest.fixture(params=["bundled", "own"])
def api(request, tmp_path, copy_of_poland_korea):
    """The declaration of the API of a case that came with the package, and of one's own; no job may be started."""
    case = "poland-korea" if request.param == "bundled" else str(copy_of_poland_korea)
    app = make_app(Settings(case, state=tmp_path / "state", limits=Limits(jobs_running=0)))
    return schemathesis.openapi.from_asgi("/api/openapi.json", app, headers={"host": "localhost"})


def test_every_answer_is_as_declared(api):
    """Each route is asked many things, as its declaration has them and as it does not.

    What is well formed may still be refused: by the case's own rules, or for its size as a whole.
    """
    asked = 0
    for found in api.get_all_operations():
        operation = found.ok()
        for mode in schemathesis.GenerationMode:

            @given(case=operation.as_strategy(generation_mode=mode))
            @settings(max_examples=EXAMPLES, derandomize=True, deadline=None, phases=[Phase.generate], database=None,
                      suppress_health_check=list(HealthCheck))  # fmt: skip
            def ask(case):
                nonlocal asked
                asked += 1
                answer = case.call(headers={"host": "localhost"})
                assert answer.status_code < 500, (case.as_curl_command(), answer.text)
                if answer.status_code != 413:  # too long to be read at all, whatever it said
                    case.validate_response(answer, excluded_checks=[positive_data_acceptance])

            with contextlib.suppress(Unsatisfiable):  # a route that takes nothing cannot be asked wrongly
                ask()
    print(f"{asked} requests")  # noqa: T201 - for the larger run by hand
    assert asked > 50


def test_every_route_of_the_api_is_declared(poland):
    paths = poland.get("/api/openapi.json").json()["paths"]
    for path, held in paths.items():
        assert path.startswith("/api/")
        for told in held.values():
            assert told["summary"]
            assert told["description"]
