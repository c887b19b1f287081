"""Odd addresses: a view says what it could not use and shows the nearest, the API refuses it or says what it used."""

import html
import re

import pytest

from pactwork.facts.case import load_case
from pactwork.web.views import VIEWS

PLACES = [view.path for view in VIEWS] + ["/evidence/add", "/api"]


def told(client, path):
    """What a view could not use of its address: where, found, expected, and what is shown in its place."""
    page = client.get(path)
    assert page.status_code == 200, path
    box = re.search(r'<div id="unused"[^>]*>.*?</div>', page.text, re.DOTALL)[0]
    found = re.findall(r"<code>(.*?)</code><p>found <b><bdi>(.*?)</bdi></b>; expected <bdi>(.*?)</bdi></p>"
                       r'<p class="fix"><bdi>(.*?)</bdi>', box)  # fmt: skip
    assert bool(found) == (" hidden" not in box.split(">")[0]), path
    return {html.unescape(one[0]): tuple(html.unescape(part) for part in one[1:]) for one in found}


@pytest.mark.parametrize("path", PLACES)
def test_every_view_tells_a_parameter_it_does_not_know(poland, path):
    assert told(poland, path) == {}
    found, expected, shown = told(poland, f"{path}?nosuch=<b>")["nosuch"]
    assert found == '"<b>"'
    assert expected.startswith(("one of ", "no parameters"))
    assert shown == "It is left out"


def test_a_parameter_that_is_given_twice_is_told(poland):
    assert told(poland, "/evidence?table=polls&table=figures")["table"] == ("2 times", "once", "The last one counts")


@pytest.mark.parametrize(
    ("path", "where", "found", "expected", "shown"),
    [
        ("/politics?issue=nosuch", "issue", '"nosuch"', "an issue of the case: kr-technology", "Shown is South Korea: Tech"),
        ("/deliveries?day=1900-01-01", "day", '"1900-01-01"', "a day from 31 August 2022", "Shown is 31 August 2022"),
        ("/deliveries?day=2100-01-01", "day", '"2100-01-01"', "to 31 October 2024", "Shown is 31 October 2024"),
        ("/deliveries?day=2023-07-15", "day", '"2023-07-15"', "the end of a month", "Shown is 30 June 2023"),
        ("/deliveries?day=soon", "day", '"soon"', "a day such as 2023-06-30", "Shown is 31 October 2024"),
        ("/deliveries?system=k22", "system", '"k22"', "a system that lots are of: fa-50, k2", "perhaps k2 was meant"),
        ("/evidence?table=figure", "table", '"figure"', "a table of the case", "perhaps figures was meant"),
        ("/evidence?system=k99", "system", '"k99"', "the id of a system", "Any is shown"),
        ("/evidence?source=nobody", "source", '"nobody"', "the id of a source", "Any is shown"),
        ("/evidence?grade=G", "grade", '"G"', "a grade: good, weak, judgement, A", "Any is shown"),
        ("/evidence?only=best", "only", '"best"', "standing, disputed", "All is shown"),
        ("/evidence?sort=up", "sort", '"up"', "an order: filed, newest", "Rows stand as they are filed"),
        ("/evidence?page=99", "page", '"99"', "a page of the rows that fit: 1 to ", "Shown is "),
        ("/evidence?page=-1", "page", '"-1"', "a page of the rows that fit", "Shown is 1"),
        ("/evidence?row=facts/none.csv:1", "row", '"facts/none.csv:1"', "a row of the case", "None is opened"),
        (f"/evidence?q={'x' * 201}", "q", "201 characters", "at most 200", "The rest is left out"),
        ("/evidence/add?table=nosuch", "table", '"nosuch"', "a table of a case", "Shown is Figures"),
        ("/choices?job=nosuch", "job", '"nosuch"', "the id of a comparison that is kept, of which there is none", "None"),
        ("/brief?job=nosuch", "job", '"nosuch"', "the id of a brief that is kept, of which there is none", "None"),
        ("/sea-lanes?closed=suezz,suez", "closed", '"suezz"', "a passage", "perhaps suez was meant"),
        ("/sea-lanes?also=nowhere", "also", '"nowhere"', "a passage", "It is left out"),
        ("/what-if?scenario=nosuch", "scenario", '"nosuch"', "a scenario of the case: baseline", "the case’s own"),
        ("/what-if?levers=nosuch", "levers", '"nosuch"', "a lever of the case", "It is not pulled"),
        ("/what-if?levers=local-spares:7", "levers local-spares", "7", "a share from 0 to 1", "It is not pulled"),
        ("/what-if?set=nosuch:1", "set", '"nosuch"', "a parameter that the case assumes", "It is left as assumed"),
        ("/what-if?set=fleet.k2.failures_per_year", "set", '"fleet.k2.failures_per_year"', "a name, a colon", "as assumed"),
        ("/what-if?set=fleet.k2.failures_per_year:x", "set fleet.k2.failures_per_year", "nan", "2 to 6", "as assumed"),
        ("/what-if?set=fleet.k2.failures_per_year:900", "set fleet.k2.failures_per_year", "900", "2 to 6", "as assumed"),
        ("/what-if?seed=-1", "seed", '"-1"', "a whole number, 0 to ", "Taken is 0"),
        ("/what-if?pin=nosuch~~~~0", "pin scenario", '"nosuch"', "a scenario of the case", "the case’s own"),
        ("/what-if?pin=~~~suezz~0", "pin closed", '"suezz"', "one of ", "It is left open"),
        ("/what-if?pin=~~~~7", "pin seed", "7", "0, as the question beside it", "It is played with 0"),
    ],
)  # fmt: skip
def test_what_a_view_cannot_use_is_told_beside_what_it_shows(poland, path, where, found, expected, shown):
    held = told(poland, path)
    assert list(held) == [where]
    assert held[where][0] == found
    assert expected in held[where][1]
    assert shown in held[where][2]


def test_all_that_is_odd_is_told_at_once_and_the_rest_is_used(poland):
    asked = "levers=nosuch,local-spares:0.4&set=a:1,fleet.k2.failures_per_year:5&seed=3&pin=~local-spares~~~5&scenario=baseline"
    assert list(told(poland, f"/what-if?{asked}")) == ["levers", "set", "pin seed"]
    page = html.unescape(poland.get(f"/what-if?{asked}").text)
    used = re.search(r'data-used="([^"]*)"', page)[1]
    assert used == ("scenario=baseline&levers=local-spares%3A0.4&set=fleet.k2.failures_per_year%3A5&seed=3"
                    "&pin=~local-spares~~~3")  # fmt: skip
    lanes = html.unescape(poland.get("/sea-lanes?closed=suez,suezz,babalmandab").text)
    assert 'data-used="closed=suez%2Cbabalmandab&also="' in lanes


def test_levers_that_exclude_each_other_are_told(poland):
    levers = load_case("poland-korea").choices.levers
    name, other = next((one.name, one.excludes[0]) for one in levers.values() if one.excludes)
    held = told(poland, f"/what-if?levers={name},{other}")
    assert len(held) == 1
    assert "they exclude each other" in next(iter(held.values()))[1]


def test_what_makes_sense_is_not_told(poland):
    for path in ("/evidence?table=figures&system=k2&grade=good&only=standing&sort=newest&page=1&row=facts/figures.csv:55",
                 "/deliveries?day=2023-06-30&system=k2", "/politics?issue=kr-arms-to-ukraine", "/evidence/add?table=lots",
                 "/what-if?scenario=frozen-conflict&levers=local-spares&seed=0&pin=~~~suez~0", "/sea-lanes?closed=suez&also=panama"):  # fmt: skip
        assert told(poland, path) == {}, path


def test_a_path_in_place_of_a_name_is_told_and_read_by_nobody(poland):
    """No file is looked for: the form is that of the figures, as for any other name that is not there."""
    page = poland.get("/evidence/add?table=../../etc/passwd").text
    assert 'data-table="figures"' in page
    assert list(told(poland, "/evidence/add?table=../../etc/passwd")) == ["table"]
    assert "root:" not in page


@pytest.mark.parametrize(
    ("path", "status", "where"),
    [
        ("/api/evidence/rows?table=nosuch", 404, "table"),
        ("/api/evidence/rows?system=nosuch", 404, "system"),
        ("/api/evidence/rows?source=nosuch", 404, "source"),
        ("/api/evidence/rows?grade=G", 422, "query grade"),
        ("/api/evidence/rows?tabel=figures", 422, "tabel"),
        ("/api/jobs?kind=nosuch", 404, "kind"),
        ("/api/case?x=1", 422, "x"),
        ("/api/jobs/none/files/brief.html?downlod=true", 422, "downlod"),
        ("/api/jobs?kind=brief&kind=choices", 422, "kind"),
        ("/api/deliveries?date=2023-06-30", 422, "date"),
        ("/api/sea-lanes?closed=nosuch", 404, "passage"),
        ("/api/what-if/setup?scenario=nosuch", 404, "scenario"),
        ("/api/politics/issues/nosuch", 404, "issue"),
    ],
)
def test_the_api_refuses_what_it_cannot_use_and_says_where(poland, path, status, where):
    answer = poland.get(path)
    assert answer.status_code == status
    assert [one["where"] for one in answer.json()["problems"]] == [where]


def test_of_a_table_without_rows_there_are_none(make_client, make_case):
    assert make_client(make_case()).get("/api/evidence/rows?table=transfers&source=blog&system=t1").json()["rows"] == []


@pytest.mark.parametrize("day", ["1900-01-01", "2100-01-01", "2023-07-15"])
def test_the_api_says_which_day_it_used_and_why(poland, day):
    answer = poland.get("/api/deliveries", params={"day": day}).json()
    assert answer["asked"] == day
    assert answer["day"] != day
    assert answer["expected"]
    again = poland.get("/api/deliveries", params={"day": answer["day"]}).json()
    assert (again["asked"], again["expected"]) == (answer["day"], "")
    assert again["lots"] == answer["lots"]
