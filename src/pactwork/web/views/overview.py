"""Overview: where the partnership stands, what is due next, and what does not add up."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from pactwork.web.pages import View, render
from pactwork.web.site import TheCase

router = APIRouter()


@router.get("/", include_in_schema=False)
def show_overview(request: Request, opened: TheCase) -> HTMLResponse:
    """Show the view."""
    return render(request, opened, VIEW, "overview.html.j2")


VIEW = View("overview", "Overview", "/", router, "The answer in short, key numbers, and what is due next")
