"""Politics: stakeholders to be moved, what the public says, and how each partner sees the threats."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse
from pydantic import Field

from pactwork.brief import formats
from pactwork.web.addresses import Address
from pactwork.web.cases import OpenCase
from pactwork.web.models import Answer, Question
from pactwork.web.moving import Move, find_issue, issue_name, move_stakeholders, say_moved, scale_top
from pactwork.web.pages import View, render, render_part
from pactwork.web.site import TheCase

router = APIRouter()
IssueName = Annotated[str, Path(max_length=200, description="id of an issue, as /api/politics/issues lists it")]
Number = Annotated[float, Field(ge=-1e9, le=1e9, allow_inf_nan=False)]


class StakeholderModel(Answer):
    """One actor on one issue, on the issue's scale; influence and salience from 0 to ``most``."""

    actor: str
    name: str
    position: float
    influence: float
    salience: float
    rationale: str
    grade: str
    row: str = Field(description="where the row stands in the case")


class IssueModel(Answer):
    """One issue that stakeholders decide."""

    issue: str
    name: str
    scale: str = Field(description="what its ends mean, in words")
    bottom: float
    top: float
    most: float = Field(description="how far influence and salience reach")
    stakeholders: list[StakeholderModel]


class IssuesModel(Answer):
    """The issues of the case."""

    issues: list[IssueModel]


class MoveModel(Question):
    """One stakeholder as it is put; what is left out stays as the case has it."""

    actor: str = Field(max_length=200)
    position: Number | None = None
    influence: Number | None = None
    salience: Number | None = None


class Moves(Question):
    """Stakeholders that are moved."""

    moves: list[MoveModel] = Field(default=[], max_length=100)


class StanceModel(Answer):
    """Chances that a partner's stance would be committed, transactional or reluctant, under one government."""

    actor: str
    governs: str
    election: str
    committed: float
    transactional: float
    reluctant: float


class OutcomeModel(Answer):
    """What the issue comes to, never without its error; null where nobody with influence cares."""

    outcome: float | None
    low: float | None = Field(description="low end of what holds 80 of 100 decisions judged this way")
    high: float | None
    median: float | None
    second: float | None = Field(description="a second opinion: the mean of another model")
    above: float | None = Field(description="chance of the upper half of the scale")
    before: float | None = Field(description="the outcome as the case has it")
    said: str
    stances: list[StanceModel]


@router.get("/politics", include_in_schema=False)
def show_politics(request: Request, opened: TheCase) -> HTMLResponse:
    """Show the view."""
    names = list(dict.fromkeys(row["issue"] for row in opened.ledger.rows("positions") if row["issue"]))
    issues = [(name, issue_name(opened, name)) for name in names]
    address, first = Address(request, ("issue", "moves")), names[0] if names else ""
    shown = f"shown is {issue_name(opened, first)}" if names else "none is shown"
    chosen = address.one_of("issue", names, "an issue of the case", shown, first)
    held = {table: bool(opened.ledger.table(table).height) for table in ("polls", "threats")}
    return render(request, opened, VIEW, "politics.html.j2", address=address, issues=issues, chosen=chosen,
                  held=held)  # fmt: skip


@router.get("/part/politics/opinion", include_in_schema=False)
def show_opinion(request: Request, opened: TheCase) -> HTMLResponse:
    """Show what the public says."""
    from pactwork.web.people import draw_opinion

    findings = opened.findings
    pictures = opened.remember("opinion-charts", lambda: draw_opinion(findings))
    return render_part(request, "politics-opinion.html.j2", findings=findings, pictures=pictures)


@router.get("/part/politics/threats", include_in_schema=False)
def show_threats(request: Request, opened: TheCase) -> HTMLResponse:
    """Show how the partners see the threats."""
    from pactwork.brief.origins import merge
    from pactwork.web.people import draw_threats

    findings = opened.findings
    pictures = opened.remember("threat-charts", lambda: draw_threats(findings))
    origins = merge(view.origin for view in findings.views)
    return render_part(request, "politics-threats.html.j2", findings=findings, pictures=pictures, origins=origins)


@router.get("/api/politics/issues", tags=["politics"])
def get_issues(opened: TheCase) -> IssuesModel:
    """List the issues, with who stands where on each."""
    return IssuesModel(issues=[_issue(opened, one.issue.issue) for one in opened.forecast.politics.issues])


@router.get("/api/politics/issues/{issue}", tags=["politics"])
def get_issue(opened: TheCase, issue: IssueName) -> IssueModel:
    """Tell who stands where on one issue."""
    return _issue(opened, issue)


@router.post("/api/politics/issues/{issue}/outcome", tags=["politics"])
def post_outcome(opened: TheCase, issue: IssueName, given: Moves) -> OutcomeModel:
    """Tell what an issue would come to with stakeholders moved, and how far that may be off."""
    moves = [Move(one.actor, one.position, one.influence, one.salience) for one in given.moves]
    found = move_stakeholders(opened, issue, moves)
    name = opened.ledger.name_of
    return OutcomeModel(
        outcome=found.outcome, low=found.low, high=found.high, median=found.median, second=found.second,
        above=found.above, before=found.before, said=say_moved(found),
        stances=[StanceModel(actor=name(one.actor), governs=name(one.governs), election=one.election,
                             committed=one.committed, transactional=one.transactional, reluctant=one.reluctant)
                 for one in found.stances],
    )  # fmt: skip


def _issue(opened: OpenCase, name: str) -> IssueModel:
    issue = find_issue(opened, name).issue
    ledger = opened.ledger
    rows = {row["actor"]: row for row in ledger.rows("positions") if row["issue"] == name}
    return IssueModel(
        issue=name, name=issue_name(opened, name), scale=formats.clean(issue.scale), bottom=issue.bottom,
        top=issue.top, most=scale_top(issue),
        stakeholders=[
            StakeholderModel(
                actor=one.actor, name=formats.clean(ledger.name_of(one.actor)), position=one.position,
                influence=one.influence, salience=one.salience, rationale=formats.clean(rows[one.actor]["rationale"]),
                grade=ledger.grade_of(rows[one.actor]), row=f"{ledger.path_of('positions')}:{rows[one.actor]['line']}",
            )
            for one in sorted(issue.stakeholders, key=lambda held: -held.weight)
        ],
    )  # fmt: skip


VIEW = View("politics", "Politics", "/politics", router, "Who stands where, what moves it, and what the public says")
