"""Every view, in three widths, light and dark: nothing sticks out, and the rules of accessibility hold."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from pactwork.web.views import VIEWS

PATHS = [view.path for view in VIEWS] + [
    "/evidence?row=facts/figures.csv:55",
    "/evidence/add?table=figures",
    "/nothing",
]


@pytest.mark.parametrize("path", PATHS)
def test_a_view_fits_every_width_and_keeps_the_rules(visit, path):
    """No sideways scroll at 390, 1280 and 1920 px; no violation of axe-core's rules, light (desk) or dark (phone)."""
    for width, scheme in (("phone", "dark"), ("desk", "light"), ("wall", "light")):
        tab = visit(width=width, scheme=scheme)
        tab.allowed = ("404",) if path == "/nothing" else ()
        page = tab.open(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
        assert page.locator("h1").count() == 1
        _keep_picture(page, path, width)
        if width != "wall":
            told = Axe().run(page).response["violations"]
            assert not told, "\n".join(
                f"{one['id']}: {node['html'][:200]}" for one in told for node in one["nodes"][:4]
            )


def _keep_picture(page, path, width):
    """Keep a picture where somebody wants to look at it: PACTWORK_PICTURES names a folder."""
    folder = os.environ.get("PACTWORK_PICTURES")
    if folder:
        name = "".join(letter if letter.isalnum() else "-" for letter in path).strip("-") or "overview"
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


def test_the_page_is_used_by_keyboard(visit):
    page = visit("/evidence").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    for _ in range(60):  # on to the first row
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('#rows a')"):
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    page.locator("#detail h2").wait_for()
    assert page.evaluate("document.activeElement.id") == "detail"
    page.keyboard.press("Escape")
    page.locator("#detail").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.matches('#rows a')")
