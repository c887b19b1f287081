"""The application: views, jobs and files put together behind the checks of `safety`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from pactwork.errors import CaseError, Problem
from pactwork.web import common
from pactwork.web.answers import JSON_PATHS
from pactwork.web.models import REFUSALS
from pactwork.web.pages import render_problems
from pactwork.web.problems import CaseBroken, Refused, problems_document, read_validation
from pactwork.web.safety import Safety
from pactwork.web.settings import Settings
from pactwork.web.site import make_site
from pactwork.web.views import VIEWS

_TITLES = {404: "There is no such page", 405: "That cannot be done here", 409: "The case cannot be shown"}


def make_app(settings: Settings) -> FastAPI:
    """Return the application for a case.

    Raises
    ------
    CaseError
        When there is no such case.
    """
    site = make_site(settings)

    @asynccontextmanager
    async def live(_: FastAPI) -> AsyncIterator[None]:
        site.jobs.resume()
        yield
        site.closing.set()
        site.jobs.close()

    app = FastAPI(
        title="pactwork",
        summary="A security partnership as sourced facts, forecasts and choices",
        version=common.version(),
        lifespan=live,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        responses=REFUSALS,
        dependencies=[Depends(common.check_names)],
    )
    app.state.site, app.state.views = site, VIEWS
    app.include_router(common.router)
    for view in VIEWS:
        app.include_router(view.router)
    _handle_refusals(app)
    app.add_middleware(Safety, settings=settings)
    return app


def _handle_refusals(app: FastAPI) -> None:
    """Give every refusal its form: JSON under ``/api``, else a page."""

    @app.exception_handler(Refused)
    def _refused(request: Request, error: Refused) -> Response:
        return _say(request, error.status, error.problems)

    @app.exception_handler(CaseError)
    def _case(request: Request, error: CaseError) -> Response:
        return _say(request, 409 if isinstance(error, CaseBroken) else 422, error.problems)

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> Response:
        return _say(request, 422, read_validation(error.errors()))

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        expected = {404: "an address of this page", 405: "another method"}.get(error.status_code, "another request")
        problem = Problem("address", str(error.detail).lower(), expected, "follow a link of the page")
        return _say(request, error.status_code, (problem,), dict(error.headers or {}))


def _say(
    request: Request, status: int, problems: tuple[Problem, ...], headers: dict[str, str] | None = None
) -> Response:
    if request.url.path.startswith(JSON_PATHS):
        return JSONResponse(problems_document(problems), status, headers)
    broken = status == 409
    lead = (
        "It is shown again as soon as its files are mended." if broken else "Nothing was changed."
    )  # fmt: skip
    return render_problems(request, problems, status=status, title=_TITLES.get(status, "That was not understood"),
                           lead=lead)  # fmt: skip
