"""Brief: made as a job, looked at here, taken away as files."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import Field

from pactwork.web.common import describe_job
from pactwork.web.models import Answer, JobModel
from pactwork.web.pages import View, render
from pactwork.web.problems import refuse
from pactwork.web.site import TheCase, TheSite

router = APIRouter()


class BriefRequest(Answer):
    """How much is simulated for a brief: futures of each scenario, and futures over which choices are compared."""

    futures: Annotated[int, Field(ge=0, le=4096, description="0 leaves out what could happen, and choices")] = 32
    replications: Annotated[int, Field(ge=1, le=1024, description="plays of chance in each future")] = 16
    choices: Annotated[int, Field(ge=0, le=4096, description="0 leaves out the comparison of choices")] = 64
    seed: Annotated[int, Field(ge=0, le=2**31, description="same seed, same brief")] = 0


EFFORTS = {
    "quick": ("Quick", "Facts, forecast and politics; nothing is simulated. Some seconds.", BriefRequest(futures=0)),
    "usual": ("Usual", "With what could happen and the choices compared. A few minutes.", BriefRequest()),
    "thorough": ("Thorough", "Eight times as many futures. Half an hour or more.",
                 BriefRequest(futures=256, replications=16, choices=512)),
}  # fmt: skip


@router.get("/brief", include_in_schema=False)
def show_brief(request: Request, opened: TheCase, site: TheSite) -> HTMLResponse:
    """Show the view."""
    jobs = site.jobs.all("brief")
    asked = request.query_params.get("job", "")
    chosen = next((job for job in jobs if job.id == asked), next(iter(jobs), None))
    return render(request, opened, VIEW, "brief.html.j2", jobs=jobs, chosen=chosen, efforts=EFFORTS,
                  standard=BriefRequest(), limit=site.settings.limits.runs)  # fmt: skip


@router.post("/api/brief", tags=["brief"], status_code=202)
def post_brief(opened: TheCase, site: TheSite, asked: BriefRequest) -> JobModel:
    """Start to make the brief; ask /api/jobs/ID how far it is."""
    most, runs = site.settings.limits.runs, (asked.futures + asked.choices) * asked.replications
    if runs > most:
        raise refuse(422, "futures", f"{runs:,} runs a choice", f"at most {most:,}", "ask for fewer")
    return describe_job(site.start_job("brief", asked.model_dump(), opened))


VIEW = View("brief", "Brief", "/brief", router, "A brief to defend line by line: make it, look at it, take it away")
