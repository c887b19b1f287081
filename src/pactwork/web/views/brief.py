"""Brief: made as a job, looked at here, taken away as files."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import Field

from pactwork.facts.ledger import Ledger
from pactwork.web.common import choose_job, describe_job, preset
from pactwork.web.loading import load
from pactwork.web.models import AS_WHOLE, JobModel, Question
from pactwork.web.pages import View, render
from pactwork.web.problems import refuse
from pactwork.web.site import TheCase, TheSite

router = APIRouter()


class BriefRequest(Question):
    """How much is simulated for a brief."""

    effort: Literal["facts", "quick", "usual", "thorough"] = Field(
        default="usual", description="facts: nothing is simulated; thorough: as much as fits into the minutes"
    )
    minutes: Annotated[float, Field(ge=3, le=120, description="for a thorough brief, about")] = 15
    seed: Annotated[int, Field(ge=0, le=2**31 - 1, description="same seed, same brief"), AS_WHOLE] = 0


EFFORTS = {
    "facts": ("Facts alone", "Evidence, forecast and politics; nothing is simulated. Some seconds."),
    "quick": ("A first look", "Little is simulated, and what checks it is left out. A minute or so."),
    "usual": ("Usual", "What could happen under each scenario, and the choices compared. A few minutes."),
    "thorough": ("Thorough", "As much as fits into the minutes below."),
}


@router.get("/brief", include_in_schema=False)
def show_brief(request: Request, opened: TheCase, site: TheSite) -> HTMLResponse:
    """Show the view."""
    jobs = site.jobs.all("brief")
    chosen, address = choose_job(request, jobs, "the id of a brief that is kept")
    return render(request, opened, VIEW, "brief.html.j2", address=address, jobs=jobs, chosen=chosen, efforts=EFFORTS,
                  standard=preset(BriefRequest(), chosen))  # fmt: skip


@router.post("/api/brief", tags=["brief"], status_code=202)
def post_brief(opened: TheCase, site: TheSite, asked: BriefRequest) -> JobModel:
    """Start to make the brief; ask /api/jobs/ID how far it is."""
    most = site.settings.limits.runs
    _check_size(opened.ledger, asked.effort, most)
    return describe_job(site.start_job("brief", {**asked.model_dump(), "most_runs": most}, opened))


def _check_size(ledger: Ledger, effort: str, most: int) -> None:
    """Refuse a brief that plays too much, as of a case with a thousand scenarios; a thorough one plays what may be."""
    if effort == "facts" or not ledger.assumptions.parameters:
        return
    load("pactwork.brief.effort")
    from pactwork.brief.effort import QUICK, USUAL, count_played, count_runs

    runs = count_runs(QUICK if effort == "quick" else USUAL, *count_played(ledger))
    if runs > most:
        fix = "make one of the facts alone" if effort == "quick" else "make a quick one, or one of the facts alone"
        raise refuse(422, "effort", f"{runs:,} runs of all scenarios and choices", f"at most {most:,}", fix)


VIEW = View("brief", "Brief", "/brief", router, "A brief to defend line by line: make it, look at it, take it away")
