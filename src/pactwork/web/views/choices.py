"""Choices: all of a case's choices over the same futures, played as a job and held against each other."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from pydantic import Field

from pactwork.errors import quoted
from pactwork.facts.ledger import Ledger
from pactwork.web.common import choose_job, describe_job, preset
from pactwork.web.jobs import read_json
from pactwork.web.models import AS_WHOLE, JobModel, Question
from pactwork.web.pages import View, render, render_part
from pactwork.web.problems import refuse
from pactwork.web.site import TheCase, TheSite
from pactwork.web.work.choices import SHOWN

router = APIRouter()
RUN_SECONDS = 0.005
"""Of one core for a run of a choice, and somewhat more than that for what is read off it: the bundled case, 2026."""
BEFORE_SECONDS = 25.0


class ChoicesRequest(Question):
    """How many futures and plays of chance in each, which seed and assumptions: every choice meets all of them."""

    futures: Annotated[int, Field(ge=8, le=4096, description="rounded up to a multiple of 8"), AS_WHOLE] = 64
    replications: Annotated[int, Field(ge=2, le=256, description="plays of chance in each future"), AS_WHOLE] = 8
    seed: Annotated[int, Field(ge=0, le=2**31 - 1, description="same seed, same numbers"), AS_WHOLE] = 0
    scenario: Annotated[
        str, Field(max_length=200, description="a set of assumptions of the case; empty: the case's own")
    ] = ""


@dataclass(frozen=True)
class Size:
    """A size that is offered: its name, how sure one can be, and how long it takes here."""

    name: str
    title: str
    words: str
    asked: ChoicesRequest
    takes: str


def offer_sizes(ledger: Ledger) -> tuple[Size, ...]:
    """Return the sizes that are offered, each with an estimate of the time it takes on this machine when it is idle."""
    kinds = (
        ("first", "A first look", "enough to see what is far apart", ChoicesRequest(futures=16, replications=4)),
        ("usual", "Usual", "as in a brief", ChoicesRequest()),
        ("sharp", "Sharp", "differences half as wide in doubt", ChoicesRequest(futures=256, replications=8)),
    )
    return tuple(
        Size(name, title, words, asked, spell_time(estimate_seconds(ledger, asked)))
        for name, title, words, asked in kinds
    )


def estimate_seconds(ledger: Ledger, asked: ChoicesRequest) -> float:
    """Return about how long a comparison takes: what comes before, and runs by the number of processors."""
    runs = asked.futures * asked.replications * len(ledger.choices.choices)
    return BEFORE_SECONDS + runs * RUN_SECONDS * 1.5 / (os.cpu_count() or 1)


def spell_time(seconds: float) -> str:
    """Return a time as one says it.

    Examples
    --------
    >>> spell_time(31), spell_time(70), spell_time(400)
    ('about half a minute', 'about a minute', 'about 7 minutes')
    """
    if seconds < 45:
        return "about half a minute"
    minutes = round(seconds / 60)
    return "about a minute" if minutes <= 1 else f"about {minutes} minutes"


@router.get("/choices", include_in_schema=False)
def show_choices(request: Request, opened: TheCase, site: TheSite) -> HTMLResponse:
    """Show the view: the comparison that the address names, or the last one."""
    jobs = site.jobs.all("choices")
    chosen, address = choose_job(request, jobs, "the id of a comparison that is kept")
    ledger = opened.ledger
    playable = bool(ledger.assumptions.parameters and ledger.choices.criteria) and len(ledger.choices.choices) > 1
    scenarios = {one.name: one.title for one in ledger.assumptions.scenarios.values() if one.overrides}
    return render(request, opened, VIEW, "choices.html.j2", address=address, jobs=jobs, chosen=chosen,
                  sizes=offer_sizes(ledger), playable=playable, count=len(ledger.choices.choices),
                  cores=os.cpu_count() or 1, scenarios=scenarios,
                  standard=preset(ChoicesRequest(), chosen))  # fmt: skip


@router.post("/api/choices", tags=["choices"], status_code=202)
def post_choices(opened: TheCase, site: TheSite, asked: ChoicesRequest) -> JobModel:
    """Start to play and compare all choices; ask /api/jobs/ID how far it is."""
    ledger, most, known = opened.ledger, site.settings.limits.runs, opened.ledger.assumptions.scenarios
    if asked.scenario and asked.scenario not in known:
        expected = f"one of {', '.join(known)}" if known else "none: the case has no scenarios.toml"
        raise refuse(422, "scenario", quoted(asked.scenario), expected, "correct the name")
    runs = asked.futures * asked.replications * len(ledger.choices.choices)
    if runs > most:
        raise refuse(422, "futures", f"{runs:,} runs of all choices", f"at most {most:,}", "ask for fewer")
    return describe_job(site.start_job("choices", asked.model_dump(), opened))


@router.get("/part/choices/{job_id}", include_in_schema=False)
def show_comparison(
    request: Request, opened: TheCase, site: TheSite, job_id: Annotated[str, Path(max_length=100)]
) -> HTMLResponse:
    """Show what a job came to."""
    path, _ = site.jobs.file(job_id, SHOWN)
    shown = read_json(path)
    if shown is None:
        raise refuse(404, "comparison", "a file that cannot be read", "what the job wrote", "compare again")
    job = site.jobs.get(job_id)
    assumed = opened.ledger.assumptions.scenarios.get(job.parameters.get("scenario", ""))
    return render_part(request, "choices-shown.html.j2", shown=_mark(shown), job=job,
                       assumed=assumed.title if assumed else "", outdated=job.revision != opened.revision)  # fmt: skip


def _mark(shown: dict[str, Any]) -> dict[str, Any]:
    """Return what is shown, with charts marked as such: they were drawn by this package, which escapes."""
    for one in shown.get("pictures", {}).values():
        one |= {name: Markup(one[name]) for name in ("inline", "inline_narrow")}
    return shown


VIEW = View(
    "choices", "Choices", "/choices", router, "All choices over the same futures: what holds up, and what fails when"
)
