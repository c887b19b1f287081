"""Every view, in three widths, light and dark: nothing sticks out, and the rules of accessibility hold."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from pactwork.web.views import VIEWS

EDGES = """() => ["h1", ".brand a", ".foot p"].map((one) => Math.round(document.querySelector(one).getBoundingClientRect().left))"""
PATHS = [view.path for view in VIEWS] + [
    "/evidence?row=facts/figures.csv:55",
    "/evidence/add?table=figures",
    "/nothing",
]


def whole(tab, path):
    """Open a view and wait until it changes no more by itself."""
    tab.allowed = ("404",) if path == "/nothing" else ()
    page = tab.open(path)
    if path == "/what-if":
        page.wait_for_selector("#answer[data-runs='3200']")
        page.wait_for_selector("#most-list > *", state="attached")
    return page


@pytest.mark.parametrize("path", PATHS)
def test_a_view_fits_every_width_and_keeps_the_rules(visit, look_over, path):
    """No sideways scroll at 390, 1280 and 1920 px, nothing that sticks out of its box and no blank band, one column for
    all; no violation of axe-core's rules, light (desk) or dark (phone)."""
    for width, scheme in (("phone", "dark"), ("desk", "light"), ("wall", "light")):
        tab = visit(width=width, scheme=scheme)
        page = whole(tab, path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
        assert page.locator("h1").count() == 1
        assert look_over(page) == []
        assert len(set(page.evaluate(EDGES))) == 1, (path, width)
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


def test_the_column_of_a_wide_screen_is_wide(visit):
    page = visit("/", width="wall").page
    left, right = page.evaluate(
        "(() => { const box = document.querySelector('main > .split').getBoundingClientRect(); return [box.left, box.right]; })()"
    )
    assert right - left > 0.8 * 1920
    assert left == pytest.approx(1920 - right, abs=1)


def test_a_value_stands_on_one_line_of_its_tile(visit):
    page = visit("/", width="phone").page
    values = page.locator(".tile .big")
    assert values.count() == 4
    for value in values.all():
        assert value.evaluate(
            "(one) => one.getBoundingClientRect().height < 1.5 * parseFloat(getComputedStyle(one).fontSize)"
        ), value.inner_text()


FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const within = (value, most) => Math.min(most - 1, Math.max(0, value));
  const x = within(box.left + Math.min(box.width / 2, 20), innerWidth), names = [...(one.labels || [])];
  const tops = [0.25, 0.5, 0.75].map((share) => document.elementFromPoint(x, within(box.top + share * box.height, innerHeight)));
  return {
    what: `${one.tagName} ${one.id} ${one.textContent.trim().slice(0, 40)}`,
    drawn: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    there: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    free: tops.some((top) => top && (one.contains(top) || top.contains(one) || names.some((name) => name.contains(top)))),
  };
}"""


@pytest.mark.parametrize("width", ["phone", "desk"])
@pytest.mark.parametrize("path", PATHS)
def test_whatever_has_the_focus_is_seen(visit, path, width):
    """Tab through all of a view: each stop has an outline, is on the screen, and nothing lies over it."""
    page = whole(visit(width=width), path)
    stops = 0
    while True:
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop is None:
            break
        assert stop["drawn"] and stop["there"] and stop["free"], stop  # noqa: PT018 - told together
        stops += 1
        assert stops < 400
    assert stops > 10


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


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_a_map_on_its_way_is_waited_for_and_has_its_room(visit, width):
    tab = visit(width=width)
    held = []
    tab.page.route("**/api/sea-lanes/map", lambda route: held.append(route))
    with tab.page.expect_request("**/api/sea-lanes/map"):
        tab.page.goto(tab.served.address + "/sea-lanes")
    assert tab.page.get_attribute("#lanes", "aria-busy") == "true"
    height = "document.getElementById('map').getBoundingClientRect().height"
    before = tab.page.evaluate(height)
    held[0].continue_()
    tab.settle()
    assert tab.page.locator("#map svg").count() == 1
    assert tab.page.evaluate(height) == pytest.approx(before, abs=2)
