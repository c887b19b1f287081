"""What if, Sea lanes and Choices, used as a person does: by keyboard and by mouse, kept in the link, read aloud."""

import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

READY = 240_000
"""Milliseconds: the first who comes waits until the simulation is compiled and calibrated."""


def wait_for_answer(page):
    page.wait_for_selector("#answer[data-runs]:not([aria-busy])", timeout=READY)


def shown(page):
    return page.get_attribute("#answer", "data-shown")


def wait_for_another(page, before):
    page.wait_for_function(
        "(before) => { const place = document.getElementById('answer');"
        " return place.dataset.shown !== before && !place.hasAttribute('aria-busy'); }",
        arg=before, timeout=60_000,
    )  # fmt: skip


def check_rules(page):
    told = Axe().run(page).response["violations"]
    assert not told, "\n".join(f"{one['id']}: {node['html'][:200]}" for one in told for node in one["nodes"][:4])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def keep_picture(page, name):
    folder = os.environ.get("PACTWORK_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def check_no_table_is_cut(page, place):
    for region in page.locator(f"{place} > section > .scroll, {place} > .scroll").all():
        assert region.evaluate("(one) => one.scrollWidth <= one.clientWidth"), region.get_attribute("aria-label")


@pytest.fixture
def what_if(visit):
    page = visit("/what-if").page
    wait_for_answer(page)
    return page


def slider_of(page, name):
    page.locator("#search").fill(name)
    page.wait_for_selector(f'#groups [data-number="{name}"]')
    return page.locator(f'#groups [data-number="{name}"]')


def test_a_slider_is_moved_by_keyboard_pinned_and_compared(what_if, visit):
    page = what_if
    assert "SIMULATED – seed 0" in page.inner_text("#stamp")
    assert page.locator(".fan svg[role=img]").count() >= 10
    page.locator("#pin").focus()
    page.keyboard.press("Enter")
    slider, before = slider_of(page, "fleet.k2.failures_per_year"), shown(page)
    slider.focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    wait_for_another(page, before)
    page.wait_for_selector("[data-fan='k2.ready-gap']")
    assert "failures_per_year" in page.url
    assert "pin=" in page.url
    told = page.inner_text("[data-figure='k2.mean_readiness']")
    assert "−" in told  # it fails more often: fewer are ready
    assert "none in any run" in page.inner_text("[data-figure='fa-50.mean_readiness']")
    value = page.locator('#groups [data-place="fleet.k2.failures_per_year"] output').inner_text()
    check_rules(page)
    keep_picture(page, "what-if-pinned-desk")

    again = visit().page  # somebody else opens the link
    again.goto(page.url)
    wait_for_answer(again)
    slider_of(again, "fleet.k2.failures_per_year")
    assert again.locator('#groups [data-place="fleet.k2.failures_per_year"] output').inner_text() == value
    again.wait_for_selector("[data-fan='k2.ready-gap']")
    again.locator("#unpin").click()
    again.wait_for_selector("[data-fan='k2.ready-gap']", state="detached")
    assert "pin=" not in again.url


def test_the_numbers_behind_a_chart_can_be_read(what_if):
    page = what_if
    figure = page.locator("[data-fan='k2.ready']")
    figure.locator("summary").click()
    rows = figure.locator("tbody tr")
    rows.nth(40).wait_for()  # they are written once the fold is open
    assert figure.locator("thead th").all_inner_texts()[:4] == ["Quarter", "5 %", "25 %", "median"]
    words = figure.locator("svg").get_attribute("aria-label")
    assert rows.last.locator("td").nth(2).inner_text() in words


def test_levers_are_pulled_and_shared(what_if):
    page, before = what_if, shown(what_if)
    page.locator("#lever-local-spares").check()
    wait_for_another(page, before)
    assert "levers=local-spares" in page.url
    assert page.inner_text("#levers-count") == "1 pulled"
    share = page.locator("#share-local-spares")
    share.focus()
    before = shown(page)
    page.keyboard.press("Home")
    wait_for_another(page, before)
    assert share.get_attribute("aria-valuetext") == "0 %"
    page.locator("#reset").click()
    page.wait_for_function("() => !document.getElementById('lever-local-spares').checked")
    assert "levers=" not in page.url
    page.locator("#choice").select_option("repair-at-home")
    page.wait_for_function("() => document.querySelectorAll('#levers input[type=checkbox]:checked').length > 1")


def test_another_scenario_has_other_ranges_and_other_numbers(what_if):
    page, before = what_if, shown(what_if)
    page.locator("#scenario").select_option("frozen-conflict")
    wait_for_another(page, before)
    assert "assumptions frozen-conflict" in page.inner_text("#stamp")
    assert "scenario=frozen-conflict" in page.url


def test_a_link_with_what_the_case_does_not_have_says_so_and_plays_the_rest(visit):
    page = visit("/what-if?scenario=peace&levers=local-spares,nothing&set=fleet.k2.failures_per_year:900").page
    wait_for_answer(page)
    assert page.is_visible("#unused")
    told = page.inner_text("#unused")
    assert all(word in told for word in ("peace", "nothing", "900", "2 to 6"))
    assert page.input_value("#scenario") == ""
    assert page.locator("#scenario option:checked").inner_text() == "The case's own assumptions"
    assert page.is_checked("#lever-local-spares")
    assert "peace" not in page.url
    assert "levers=local-spares" in page.url
    page.locator("#lever-local-spares").uncheck()
    page.wait_for_selector("#unused", state="hidden")  # it spoke of another address


def test_what_was_moved_to_little_purpose_is_said(visit, look_over):
    """A line's common slip moves no mean; a rate of failures does; what nothing was moved away from says nothing."""
    page = visit("/what-if?set=production.common_slip.kai:0.7").page
    wait_for_answer(page)
    assert "no figure differs by more than chance could make" in page.inner_text("#moved-words")
    assert page.locator("[data-fan$='-gap']").count() == 0  # nothing is pinned
    assert look_over(page) == []
    before = shown(page)
    slider = slider_of(page, "fleet.k2.failures_per_year")
    slider.focus()
    page.keyboard.press("End")
    wait_for_another(page, before)
    told = page.inner_text("#moved-words")
    assert "differ by more than chance could make" in told
    assert "K2: ready" in told
    before = shown(page)
    page.locator("#reset").click()
    wait_for_another(page, before)
    page.wait_for_selector("#moved-words", state="hidden")


def test_numbers_that_a_scenario_leaves_no_room_for_are_told(visit):
    page = visit("/what-if?set=theatres.europe.calm_to_probing:5").page
    wait_for_answer(page)
    before = shown(page)
    page.locator("#scenario").select_option("frozen-conflict")
    wait_for_another(page, before)
    page.wait_for_selector("#left-words:not([hidden])")
    assert "As assumed again" in page.inner_text("#left-words")
    assert "set=" not in page.url


def test_what_if_on_a_phone(visit, look_over):
    page = visit("/what-if?set=fleet.k2.failures_per_year:5&pin=~~~~0", width="phone", scheme="dark").page
    wait_for_answer(page)
    page.wait_for_selector("[data-fan='k2.ready-gap']")
    check_rules(page)
    assert look_over(page) == []
    check_no_table_is_cut(page, "#answer")
    keep_picture(page, "what-if-pinned-phone")


def test_suez_is_closed_by_clicking_and_opened_by_keyboard(visit):
    page = visit("/sea-lanes").page
    page.locator("[data-gate=suez] .halo").click()
    button = page.locator("[data-passage=suez]")
    page.wait_for_selector("[data-passage=suez][aria-pressed=true]")
    assert "closed=suez" in page.url
    assert "Cape of Good Hope" in page.inner_text("#ways")
    page.wait_for_selector("#later[data-runs]", timeout=READY)
    told = page.inner_text("#later")
    assert "K2GF" in told
    assert "none in any run" in told  # what comes by air
    assert "SIMULATED" in page.inner_text("#later-stamp")
    check_rules(page)
    keep_picture(page, "sea-lanes-closed-desk")
    page.reload()
    page.wait_for_selector("[data-passage=suez][aria-pressed=true]")
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-passage=suez][aria-pressed=false]")
    assert page.evaluate("document.activeElement.dataset.passage") == "suez"
    page.wait_for_function("() => document.getElementById('said').textContent.includes('Suez Canal open')")
    assert "closed=" not in page.url
    assert page.inner_text("#later") == ""


def test_no_way_is_left_is_said(visit, look_over):
    page = visit("/sea-lanes?closed=danish_straits", width="phone", scheme="dark").page
    page.wait_for_selector("#ways table")
    assert "no way is left" in page.inner_text("#ways")
    check_no_table_is_cut(page, "#ways")
    assert look_over(page) == []
    check_rules(page)
    keep_picture(page, "sea-lanes-closed-phone")


def test_choices_are_compared_and_found_again_after_a_reload(visit, look_over):
    page = visit("/choices").page
    page.locator("[name=futures]").fill("8")
    page.locator("[name=replications]").fill("2")
    page.locator("#start").click()
    page.wait_for_url("**/choices?job=*")
    page.reload()
    page.wait_for_selector("#holds", timeout=READY)
    assert "8 futures × 2 replications" in page.inner_text("#shown")
    for section in ("regret", "partners", "fails", "worth", "words"):
        assert page.locator(f"#{section} h2").count() == 1
    assert page.locator(".regret tbody tr").count() == page.locator("#partners tbody tr").count() > 10
    check_rules(page)
    keep_picture(page, "choices-shown-desk")
    assert look_over(page) == []
    phone = visit("/choices?job=nosuch", width="phone", scheme="dark").page  # the last one is shown
    phone.wait_for_selector("#holds")
    assert phone.is_visible("#unused")
    assert "shown is another one" in phone.inner_text("#unused").lower()
    check_rules(phone)
    assert look_over(phone) == []
    wall = visit("/choices", width="wall").page
    wall.wait_for_selector("#holds")
    assert look_over(wall) == []
    first, second = wall.locator("#holds figure").all()[:2]
    assert first.bounding_box()["y"] == second.bounding_box()["y"]  # beside each other: the column is wide
    keep_picture(phone, "choices-shown-phone")


FRAMES = """() => {
  const side = document.querySelector(".levers-side"), frame = side.getBoundingClientRect();
  const out = [...side.querySelectorAll("*")].filter((one) => one.getClientRects().length)
    .filter((one) => one.getBoundingClientRect().right > frame.right + 1 || one.getBoundingClientRect().left < frame.left - 1);
  return { out: out.map((one) => one.outerHTML.slice(0, 80)), sideways: side.scrollWidth - side.clientWidth };
}"""


@pytest.mark.parametrize("width", ["phone", "desk", "wall"])
def test_the_share_of_a_pulled_lever_lies_within_its_panel(visit, width):
    page = visit("/what-if?levers=local-sustainment", width=width).page
    page.wait_for_selector("#share-local-sustainment", state="attached")
    page.evaluate("document.getElementById('levers-drawer').open = true")
    slider = page.locator("#share-local-sustainment").bounding_box()
    label = page.locator("label[for=share-local-sustainment]").bounding_box()
    assert slider["width"] >= 150
    assert slider["y"] >= label["y"] + label["height"] - 1  # below its words, not beside them
    found = page.evaluate(FRAMES)
    assert found == {"out": [], "sideways": 0}


def test_every_figure_is_whole_once_something_is_pinned(visit):
    page = visit("/what-if?set=fleet.k2.failures_per_year:5&pin=~~~~0").page
    wait_for_answer(page)
    page.wait_for_selector("[data-fan='k2.ready-gap']")
    check_no_table_is_cut(page, "#answer")
    dated = page.locator("[data-figure$='.completed_years'] td:last-child").all_inner_texts()
    assert dated
    assert all(re.fullmatch(r"(\d{4}-\d\d to )?(\d{4}-\d\d|after the last year)", one) for one in dated), dated
