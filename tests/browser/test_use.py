"""Each view used as a person does."""

import re
import time


def put(page, selector, value):
    """Put a slider where a person would drag it to."""
    page.locator(selector).evaluate(
        "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input', {bubbles: true})); "
        "slider.dispatchEvent(new Event('change', {bubbles: true})); }", value
    )  # fmt: skip


def wait_for(page, selector, text):
    page.locator(selector, has_text=text).first.wait_for()


def test_overview_leads_on_to_the_row_behind_a_number(visit):
    page = visit("/").page
    wait_for(page, ".answer li", "Recorded as delivered")
    first = page.locator(".systems a.src").first
    row = first.get_attribute("title").rsplit("; ", 1)[-1]
    first.click()
    page.locator("#detail h2").wait_for()
    assert row in page.locator("#detail").inner_text()
    assert page.locator("nav a[aria-current=page]").inner_text() == "Evidence"


def test_evidence_is_searched_and_a_figure_opened_with_its_rivals(visit):
    page = visit("/evidence").page
    page.get_by_role("searchbox").fill("k2-executive-1 value")
    page.get_by_label("Order").select_option("newest")
    wait_for(page, "#tally", re.compile(r"^[0-9]+ rows?$"))
    page.wait_for_url(re.compile(r"q=k2-executive-1\+value&sort=newest"))
    page.locator("#rows tbody a").first.click()
    wait_for(page, "#detail h3", "Other figures about the same")
    opened = page.locator("#detail").get_attribute("data-row")
    assert page.locator("#rows tr[data-chosen]").get_attribute("data-id") == opened
    page.locator("#detail .rival-list a").first.click()
    page.wait_for_url(lambda url: opened.replace(":", "%3A").split("/")[-1] not in url)
    page.go_back()
    page.locator(f'#detail[data-row="{opened}"] h2').wait_for()
    page.reload()  # the address holds the state
    page.locator(f'#detail[data-row="{opened}"] h2').wait_for()
    assert page.get_by_role("searchbox").input_value() == "k2-executive-1 value"
    page.keyboard.press("Escape")
    page.locator("#detail").wait_for(state="hidden")
    page.get_by_role("searchbox").fill("nothing that stands anywhere")
    wait_for(page, "#rows", "Nothing fits")


def answer_late(route):
    """Answer after the page has looked again whether its case has changed."""
    time.sleep(6)
    route.continue_()


def test_a_row_is_added_with_its_problems_beside_the_fields(visit, own):
    tab = visit(served=own)
    tab.allowed = ("422", "409")
    page = tab.open("/evidence/add?table=figures")
    for name, value in {"subject": "k2-1", "as_of": "30.11.2024", "value": "70", "source_id": "pism-219", "locator": "para 2",
                        "credibility": "2"}.items():  # fmt: skip
        page.locator(f"#c-{name}").fill(value)
    for name, value in {"measure": "arrived", "qualifier": "exact", "unit": "item", "rank": "normal"}.items():
        page.locator(f"#c-{name}").select_option(value)
    page.get_by_role("button", name="Add the row").click()
    wait_for(page, '.field[data-column="as_of"] .wrong', "year-month-day")
    assert page.evaluate("document.activeElement.id") == "c-as_of"
    page.locator("#c-as_of").fill("2024-10-30")
    page.get_by_role("button", name="Check it").click()
    wait_for(page, "#told", "Nothing is wrong with it")
    before = (own.case / "facts" / "figures.csv").read_bytes()
    page.route("**/evidence?row=*", answer_late)  # the page finds the case changed while it is on its way elsewhere
    page.get_by_role("button", name="Add the row").click()
    wait_for(page, "#detail .said", "70")
    after = (own.case / "facts" / "figures.csv").read_bytes()
    assert after.startswith(before)
    assert after.count(b"\n") == before.count(b"\n") + 1


def test_a_case_that_changes_is_shown_anew_and_problems_in_place_of_a_view(visit, own):
    tab = visit(served=own)
    tab.allowed = ("409", "422")
    page = tab.open("/evidence?table=events")
    path = own.case / "case.toml"
    good = path.read_text("utf-8")
    path.write_text(good.replace("title = ", "title = 'Another title' #"), encoding="utf-8")
    wait_for(page, ".about", "Another title")  # by itself: nobody was writing
    assert "table=events" in page.url
    path.write_text("name = 5", encoding="utf-8")
    wait_for(page, "h1", "The case cannot be shown")
    wait_for(page, ".problems", "case.toml")
    path.write_text(good, encoding="utf-8")
    wait_for(page, "h1", "Evidence")
    page.goto(own.address + "/evidence/add?table=figures")
    page.locator("#c-note").fill("half a thought")
    page.get_by_role("button", name="Add the row").click()
    wait_for(page, ".wrong", "needed")
    path.write_text(good + "\n", encoding="utf-8")
    page.locator("#changed").wait_for()  # told, not taken away
    assert page.locator("#c-note").input_value() == "half a thought"


def test_deliveries_are_looked_back_at_by_slider_and_keyboard(visit):
    page = visit("/deliveries").page
    slider = page.get_by_label("Known by")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    wait_for(page, "#spelt", "30 September 2024")
    page.locator('#lots[data-day="2024-09-30"]:not([aria-busy])').wait_for()
    assert page.locator('[data-lot="k2-1"] .later').count() > 0
    assert "day=2024-09-30" in page.url
    put(page, "#day", 10)
    page.locator('#lots[data-day="2023-06-30"]:not([aria-busy])').wait_for()
    assert "22 of 180 had come" in page.locator('[data-lot="k2-1"] figcaption').inner_text()
    assert "By the end of 2025" in page.locator('[data-lot="k2-1"] svg').get_attribute("aria-label").replace("by", "By")
    page.reload()
    page.locator('#lots[data-day="2023-06-30"]:not([aria-busy])').wait_for()
    page.get_by_label("System").select_option("k9")
    page.locator('[data-lot="k2-1"]').wait_for(state="detached")
    page.locator('[data-lot="k9-1"] summary').click()
    wait_for(page, '[data-lot="k9-1"] caption', "By the end of each year")
    box = page.locator('[data-lot="k9-1"] svg').bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2)
    wait_for(page, '[data-lot="k9-1"] .probe-words', re.compile(r"20\d\d: \d"))


def test_moves_that_make_no_sense_are_told_and_the_others_made(visit):
    page = visit("/politics?moves=hanwha-aerospace:900,10,20;nobody:1,2,3;dapa:1").page
    wait_for(page, "#outcome", "As the case has it")
    assert page.is_visible("#unused")
    told = page.inner_text("#unused")
    assert all(words in told for words in ("nobody:1,2,3", "dapa:1", "moves hanwha-aerospace position", "Taken is 100"))
    assert page.input_value("#position-hanwha-aerospace") == "100"
    assert page.input_value("#influence-hanwha-aerospace") == "10"
    assert page.locator(".mover.moved").count() == 1
    page.get_by_role("button", name="As the case has it").click()
    page.wait_for_selector(".mover.moved", state="detached")


def test_a_row_and_a_filter_that_are_not_there_are_told_and_leave_the_address(visit):
    page = visit("/evidence?row=facts/none.csv:1&table=figure&grade=good&page=999").page
    assert page.is_visible("#unused")
    told = page.inner_text("#unused")
    assert all(words in told for words in ("facts/none.csv:1", "perhaps figures was meant", "999"))
    assert page.locator("#detail").is_hidden()
    last = page.get_attribute("#tally", "data-page")
    assert "none.csv" not in page.url
    assert "table=" not in page.url
    assert "grade=good" in page.url
    assert f"page={last}" in page.url
    page.get_by_label("Table").select_option("polls")
    page.wait_for_selector("#unused", state="hidden")


def test_a_stakeholder_is_moved_and_the_outcome_follows_with_its_error(visit):
    page = visit("/politics").page
    wait_for(page, "#outcome", "The positions meet at")
    before = page.locator("#outcome").inner_text()
    position = page.locator(".mover input[data-name=position]").first
    put(page, f"#{position.get_attribute('id')}", 0)
    wait_for(page, "#outcome", "As the case has it")
    after = page.locator("#outcome").inner_text()
    assert after != before
    assert "in 80 of 100 decisions" in after
    assert "moves=" in page.url
    assert page.locator(".bargain-map .before").count() == 1
    page.reload()
    wait_for(page, "#outcome", after)
    position = page.locator(".mover input[data-name=position]").first
    assert position.input_value() == "0"
    page.get_by_role("button", name="As the case has it").click()
    wait_for(page, "#outcome", before)
    assert "moves=" not in page.url
    labels = page.locator(".bargain-map [data-label]")
    few = labels.count()
    for mover in page.locator(".mover").all():  # whoever is in hand is named, however crowded it is
        mover.locator("input").first.focus()
        actor = mover.get_attribute("data-actor")
        page.locator(f'.bargain-map [data-label="{actor}"]').wait_for()
    assert few >= 9  # of ten; beside their dots alone there is room for six
    actors = [one.get_attribute("data-actor") for one in page.locator(".mover").all()]
    page.goto(page.url.split("?")[0] + "?moves=" + ";".join(f"{one}:50,50,50" for one in actors))
    for actor in actors:  # all in one place: nobody's name lies free
        page.locator(f'.bargain-map [data-label="{actor}"]').wait_for()
    other = page.get_by_label("Issue").locator("option").nth(1).get_attribute("value")
    page.get_by_label("Issue").select_option(other)
    page.wait_for_url(re.compile(f"issue={other}"))


def test_a_brief_is_made_outlives_a_reload_and_is_taken_away(visit):
    tab = visit("/brief")
    page = tab.page
    page.get_by_text("Facts alone", exact=True).click()
    page.get_by_role("button", name="Make the brief").click()
    wait_for(page, ".job", "Under way")
    page.reload()
    wait_for(page, ".job", re.compile("Under way|Done"))
    page.locator("iframe.preview").wait_for(timeout=90_000)
    frame = page.frame_locator("iframe.preview")
    frame.locator("h1").wait_for()
    assert "allow-scripts" not in page.locator("iframe.preview").get_attribute("sandbox")
    with page.expect_download() as taken:
        frame.locator("a.data").first.click()
    assert taken.value.suggested_filename.endswith(".csv")
    tab.context.route("https://**", lambda route: route.abort())  # nothing is asked of another machine
    with tab.context.expect_page():
        frame.locator("p.url a").first.click()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Everything, with charts and data").click()
    assert taken.value.suggested_filename == "brief.zip"


def test_a_job_is_cancelled_and_started_again(visit):
    page = visit("/brief").page
    page.get_by_text("Facts alone", exact=True).click()
    page.get_by_role("button", name="Make the brief").click()
    page.get_by_role("button", name="Cancel").click()
    wait_for(page, ".job", "Cancelled")
    page.get_by_role("button", name="Go on").click()
    wait_for(page, ".job", "Under way")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Forget").click()
    page.locator(".job").wait_for(state="detached")


def test_a_job_says_when_the_server_is_away_and_comes_back(visit):
    tab = visit("/brief")
    tab.allowed = ("Failed to load resource",)
    page = tab.page
    page.get_by_text("Facts alone", exact=True).click()
    page.get_by_label("Seed").fill("7")
    page.get_by_role("button", name="Make the brief").click()
    wait_for(page, ".job .asked", "Facts alone, seed 7")
    page.route("**/api/jobs/*", lambda route: route.abort())
    wait_for(page, ".job", "The server does not answer; it is asked again")
    assert page.locator(".job progress").is_hidden()
    assert page.locator(".job button").count() == 0
    assert "does not answer" in page.locator("#said").inner_text()
    page.unroute("**/api/jobs/*")
    wait_for(page, ".job", re.compile("Under way|Done"))
    page.reload()  # the form holds what the job was asked with
    assert page.get_by_label("Seed").input_value() == "7"
    assert page.get_by_label("Facts alone").is_checked()
    page.locator("iframe.preview").wait_for()


def test_deliveries_come_back_with_the_server(visit):
    tab = visit("/deliveries")
    tab.allowed = ("Failed to load resource",)
    page = tab.page
    page.route("**/api/deliveries*", lambda route: route.abort())
    put(page, "#day", 5)
    wait_for(page, "#lots", "The server does not answer")
    assert page.get_attribute("#lots", "aria-busy") is None
    page.unroute("**/api/deliveries*")
    page.locator("#lots [data-lot]").first.wait_for()


def test_a_restart_of_the_server_goes_on_with_the_job(visit, own, serve_case):
    tab = visit(served=own)
    page = tab.open("/brief")
    page.get_by_text("Facts alone", exact=True).click()
    page.get_by_role("button", name="Make the brief").click()
    wait_for(page, ".job", "Under way")
    path = page.url.removeprefix(own.address)
    own.stop()
    tab.allowed = ("Failed to load resource",)
    seen = visit(path, served=serve_case()).page
    wait_for(seen, ".job", "The server was started again meanwhile")
    seen.locator("iframe.preview").wait_for()


def test_a_token_is_asked_for_once(visit, serve_case, monkeypatch):
    monkeypatch.setenv("PACTWORK_TOKEN", "a-token-of-some-length")
    guarded = serve_case()
    assert guarded.printed != guarded.address
    tab = visit(served=guarded)
    tab.allowed = ("401",)
    tab.page.goto(guarded.address + "/")
    assert "token" in tab.page.locator("body").inner_text()
    tab.page.goto(guarded.printed)
    wait_for(tab.page, "h1", "Poland")
    assert "token" not in tab.page.url
    tab.open("/evidence?q=k2")
    tab.page.get_by_role("searchbox").fill("k9")  # what the page asks for by itself comes with the cookie too
    tab.page.wait_for_url("**q=k9*")
    tab.settle()


def test_hostile_text_runs_nothing_and_breaks_no_width(visit, own_case, serve_case):
    """Script in names, a word without end, and text that turns around, wherever scripts and templates put them."""
    bad = "<img src=x onerror=alert(1)>" + "W" * 200 + "\u202e"
    changes = {
        "lots": ("K2GF", bad), "actors": ("Hanwha Aerospace", bad), "systems": (",K9,", f",{bad},"),
        "instruments": ("First executive contract on K2 tanks", bad), "sources": ("Korean tanks and howitzers have", bad),
        "threats": ("Nuclear coercion by Russia", bad),
    }  # fmt: skip
    for table, (old, new) in changes.items():
        path = own_case / "facts" / f"{table}.csv"
        path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")
    served = serve_case()
    tab = visit(served=served, width="phone")
    tab.page.on("dialog", lambda dialog: tab.complaints.append(dialog.message))
    for path in ("/", "/evidence?q=onerror", "/deliveries", "/politics", "/evidence/add?table=figures"):
        page = tab.open(path)
        assert "img src=x" in page.content(), path
        assert page.locator("img").count() == 0, path
        assert "\u202e" not in page.locator("main").inner_text(), path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
