"""Overview: where the partnership stands, the answer in short, what is due next, and what does not add up."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import Field

from pactwork.brief import formats
from pactwork.brief.contested import Discrepancy, find_contested
from pactwork.brief.standing import make_standing
from pactwork.facts.status import make_status
from pactwork.web.cases import OpenCase
from pactwork.web.evidence import list_rows
from pactwork.web.models import Answer
from pactwork.web.pages import View, render, render_part
from pactwork.web.site import TheCase

router = APIRouter()
_MOST_SHOWN = 6
PLACES = {
    "standing": "/deliveries", "deliveries": "/deliveries", "arriving": "/deliveries", "opinion": "/politics",
    "threats": "/politics", "stakeholders": "/politics", "dialogue": "/evidence?table=events",
    "industry": "/evidence?table=commitments", "cooperation": "/evidence?table=instruments",
    "judgement": "/evidence?grade=judgement", "contested": "/evidence?only=disputed",
}  # fmt: skip
"""Where the page tells more about what a section of the brief is about."""


class LineModel(Answer):
    """One line of the answer."""

    lead: str
    text: str
    rows: list[str] = Field(description="rows of the case that it rests on")


class SystemModel(Answer):
    """One system: firm orders and what has come of them."""

    name: str
    ordered: str
    delivered: str
    basis: str = Field(description="what the delivered are counted as")
    share: float | None
    due: str
    disputed: int


class OverviewModel(Answer):
    """The partnership at a glance."""

    title: str
    day: str
    systems: list[SystemModel]
    answer: list[LineModel]
    discrepancies: list[str] = Field(
        description="all that the checks find, as pactwork check lists it: figures that contradict each other and "
        "counts without a transport on record, besides what the brief lists as not adding up"
    )


@router.get("/", include_in_schema=False)
def show_overview(request: Request, opened: TheCase) -> HTMLResponse:
    """Show the view; what needs the forecast comes a little later."""
    ledger = opened.ledger
    standing = opened.remember("standing", lambda: make_standing(ledger, make_status(ledger)))
    rows = list_rows(opened)
    tallies = {
        "figures": sum(row.table == "figures" for row in rows.values()),
        "rows": len(rows), "sources": len(ledger.sources),
        "weak": sum(row.table == "figures" and not row.good for row in rows.values()),
        "disputed": sum(row.disputed for row in rows.values()), "checks": len(ledger.discrepancies),
    }  # fmt: skip
    contested = opened.remember("contested", lambda: find_contested(ledger))
    return render(request, opened, VIEW, "overview.html.j2", standing=standing, tallies=tallies, contested=contested,
                  mismatches=_with_rows(opened, contested.discrepancies), gaps=_with_rows(opened, contested.gaps),
                  most=_MOST_SHOWN)  # fmt: skip


@router.get("/part/overview/answer", include_in_schema=False)
def show_answer(request: Request, opened: TheCase) -> HTMLResponse:
    """Show the answer, line by line."""
    from pactwork.brief.answer import compose_answer

    lines = opened.remember("answer", lambda: compose_answer(opened.findings))
    return render_part(request, "overview-answer.html.j2", lines=lines, places=PLACES)


@router.get("/part/overview/ahead", include_in_schema=False)
def show_ahead(request: Request, opened: TheCase) -> HTMLResponse:
    """Show what is due next: lots by the day they are due, with the chance that they come, and elections."""
    findings = opened.findings
    ends = {one.state.lot.lot_id: one.state.window.end for one in findings.forecast.deliveries.lots}
    dated = [(end, lot) for lot in findings.outlook.lots if (end := ends.get(lot.lot_id)) is not None and lot.signed]
    lots = [lot for _, lot in sorted(dated, key=lambda pair: pair[0])]
    return render_part(request, "overview-ahead.html.j2", lots=lots[:_MOST_SHOWN],
                       elections=findings.timeline.elections[:_MOST_SHOWN])  # fmt: skip


@router.get("/api/overview", tags=["overview"])
def get_overview(opened: TheCase) -> OverviewModel:
    """Tell where the partnership stands, and the answer in short."""
    from pactwork.brief.answer import compose_answer
    from pactwork.facts.dates import spell_day

    ledger = opened.ledger
    standing = opened.remember("standing", lambda: make_standing(ledger, make_status(ledger)))
    lines = opened.remember("answer", lambda: compose_answer(opened.findings))
    return OverviewModel(
        title=formats.clean(ledger.about.title), day=spell_day(ledger.day),
        systems=[SystemModel(name=one.name, ordered=one.ordered.text, share=one.share, basis=one.basis,
                             delivered=one.delivered.text if one.delivered else "",
                             due=one.due.text if one.due else "", disputed=one.disputed) for one in standing.systems],
        answer=[LineModel(lead=one.lead, text=one.text, rows=[origin.row for origin in one.origins]) for one in lines],
        discrepancies=[str(one) for one in ledger.discrepancies],
    )  # fmt: skip


def _with_rows(opened: OpenCase, found: tuple[Discrepancy, ...]) -> list[tuple[Discrepancy, str]]:
    """Return what does not add up with the row that each is about, where it names one that is listed."""
    places = [one.where.split(" ")[0] for one in found]
    return [(one, place if place in list_rows(opened) else "") for one, place in zip(found, places, strict=True)]


VIEW = View("overview", "Overview", "/", router, "The answer in short, key numbers, and what is due next")
