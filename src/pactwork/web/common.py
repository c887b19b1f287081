"""Routes that belong to no view: the state of the case, jobs and their files, the package's own files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypeVar

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from pydantic import BaseModel

from pactwork.web.addresses import Address, find_strangers, list_known
from pactwork.web.answers import SEALED_POLICY
from pactwork.web.job import Job
from pactwork.web.models import CaseState, JobList, JobModel
from pactwork.web.pages import View, render, static_files
from pactwork.web.problems import CaseBroken, Refused, unknown
from pactwork.web.site import TheCase, TheSite
from pactwork.web.work import KINDS

router = APIRouter()
Asked = TypeVar("Asked", bound=BaseModel)
API_VIEW = View("api", "API", "/api", router, "What programs may ask")
Id = Annotated[str, Path(max_length=100, description="id of a job, as /api/jobs lists it")]
Name = Annotated[str, Path(max_length=200, description="name of a file, as the job lists it")]


@router.get("/static/{name}", include_in_schema=False)
def get_static(name: str, request: Request) -> Response:
    """Return one of the package's own files, looked up in the table of them."""
    held = static_files().get(name)
    if held is None:
        raise unknown("file", name, "a file of the page")
    tag = f'"{held.tag}"'
    headers = {"etag": tag, "cache-control": "no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(held.content, media_type=held.media_type, headers=headers)


@router.get("/favicon.ico", include_in_schema=False)
def get_icon() -> Response:
    """Return the page's sign, where a browser looks for it unasked."""
    held = static_files()["icon.svg"]
    return Response(held.content, media_type=held.media_type)


@router.get("/api", include_in_schema=False)
def show_api(request: Request, opened: TheCase) -> HTMLResponse:
    """Show what the API has, for those who count on: the same that /api/openapi.json declares for programs."""
    paths = request.app.openapi()["paths"]
    routes = [(method.upper(), path, held) for path, methods in paths.items() for method, held in methods.items()]
    return render(request, opened, API_VIEW, "api.html.j2", routes=routes)


@router.get("/api/case", tags=["case"])
def get_case(site: TheSite) -> CaseState:
    """Tell the state of the case; a page asks now and then whether it still shows what the files say."""
    revision = site.watch.revision()
    try:
        opened = site.watch.current()
    except CaseBroken as error:
        return CaseState(name="", revision=revision, readable=False, bundled=site.watch.bundled,
                         problems=len(error.problems))  # fmt: skip
    return CaseState(name=opened.ledger.about.name, revision=revision, readable=True, bundled=opened.bundled,
                     problems=0)  # fmt: skip


@router.get("/api/jobs", tags=["jobs"])
def list_jobs(
    site: TheSite, kind: Annotated[str | None, Query(max_length=40, description="jobs of one kind")] = None
) -> JobList:
    """List the jobs, the newest first."""
    if kind and kind not in KINDS:
        raise unknown("kind", kind, list_known(KINDS, "a kind of job"), "leave it out for all jobs")
    return JobList(jobs=[describe_job(one) for one in site.jobs.all(kind)],
                   most_running=site.settings.limits.jobs_running)  # fmt: skip


@router.get("/api/jobs/{job_id}", tags=["jobs"])
def get_job(site: TheSite, job_id: Id) -> JobModel:
    """Tell how far a job is, or what came of it."""
    return describe_job(site.jobs.get(job_id))


@router.post("/api/jobs/{job_id}/cancel", tags=["jobs"])
def cancel_job(site: TheSite, job_id: Id) -> JobModel:
    """Stop a job; one that is over stays as it is."""
    return describe_job(site.jobs.cancel(job_id))


@router.post("/api/jobs/{job_id}/restart", tags=["jobs"])
def restart_job(site: TheSite, job_id: Id) -> JobModel:
    """Start a job again that was cancelled, interrupted or failed; it goes on with what it had played."""
    return describe_job(site.jobs.restart(job_id))


@router.delete("/api/jobs/{job_id}", tags=["jobs"], status_code=204)
def remove_job(site: TheSite, job_id: Id) -> None:
    """Forget a job and what it made."""
    site.jobs.get(job_id)
    site.jobs.remove(job_id)


@router.get("/api/jobs/{job_id}/files/{name:path}", tags=["jobs"], response_class=FileResponse)
def get_file(
    site: TheSite, job_id: Id, name: Name, download: Annotated[bool, Query(description="as an attachment")] = False
) -> FileResponse:
    """Return a file that a job made."""
    path, media_type = site.jobs.file(job_id, name)
    if not path.is_file():
        raise unknown("file", name, "a file that is still there", "make it again")
    return FileResponse(path, media_type=media_type, filename=path.name if download else None,
                        headers={"content-security-policy": SEALED_POLICY})  # fmt: skip


def check_names(request: Request) -> None:
    """Refuse a parameter that the route of the API does not declare: a slip would be passed over without a word."""
    declared = request.app.openapi()["paths"].get(request.scope["route"].path_format, {}).get(request.method.lower())
    if declared is not None:
        known = [one["name"] for one in declared.get("parameters", ()) if one["in"] == "query"]
        strangers = [*find_strangers(request, known, "leave it out")]
        if strangers:
            raise Refused(422, *strangers)


def choose_job(request: Request, jobs: Sequence[Job], what: str) -> tuple[Job | None, Address]:
    """Return the job that a view's address names, and the address as it was read.

    Where it names none: of ``jobs``, the newest first, the newest that is under way, else the newest that is done, else
    the newest of all. What was cancelled does not hide what was finished before.
    """
    address = Address(request, ("job",))
    shown = "shown is another one" if jobs else "none is shown"
    asked = address.one_of("job", [job.id for job in jobs], what, shown, guess=False)
    order = {"running": 0, "done": 1}
    usual = min(jobs, key=lambda job: order.get(job.state, len(order)), default=None)
    return next((job for job in jobs if job.id == asked), usual), address


def preset(standard: Asked, job: Job | None) -> Asked:
    """Return what a form offers: what a job was asked with, the standard in place of what that does not hold."""
    held = job.parameters if job else {}
    return standard.model_copy(update={name: held[name] for name in type(standard).model_fields if name in held})


def describe_job(job: Job) -> JobModel:
    """Return a job as the API shows it."""
    return JobModel.model_validate(job.as_dict())


def version() -> str:
    """Return the version of pactwork."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as of

    try:
        return of("pactwork")
    except PackageNotFoundError:
        return "unreleased"
