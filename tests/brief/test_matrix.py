from pactwork.brief.matrix import make_matrix
from pactwork.facts.case import load_case

EVENTS = "event_id,date,kind,title,domain,level,source_id,locator\n"
INSTRUMENTS = (
    "instrument_id,as_of,name,kind,domain,level,status,source_id,locator\n"
    "a-b,2013,Partnership,partnership,dialogue,political,in_force,paper,para 1\n"
)
COMMITMENTS = "commitment_id,as_of,kind,domain,level,summary,promised_by,state,source_id,locator\n"
ASKED = (
    "recommendation_id,origin,text,addressee,domain,level,state,source_id,locator\n"
    "r1,paper,Hold exercises,aland,exercises,military,recommended,paper,para 9\n"
)
BARE = {"lots": None, "figures": None, "shipments": None, "polls": None, "instruments": None}


def cell(make_case, domain="exercises", level="military", **tables):
    matrix = make_matrix(load_case(make_case(**{**BARE, **tables})))
    return next((c for line in matrix.lines for c in line.cells if (c.domain, c.level) == (domain, level)), None)


def test_a_recent_exercise_shows_cooperation_running(make_case):
    found = cell(make_case, events=EVENTS + "e1,2024-03,exercise,Joint exercise,exercises,military,paper,para 1\n")
    assert (found.state, found.further) == ("active", False)
    assert found.evidence[0].origin.grade.startswith("B")


def test_an_exercise_of_long_ago_shows_nothing(make_case):
    events = EVENTS + "e1,2020-03,exercise,Joint exercise,exercises,military,paper,para 1\n"
    assert cell(make_case, events=events) is None


def test_an_incident_is_no_cooperation(make_case):
    events = EVENTS + "e1,2024-03,incident,Grounded,exercises,military,paper,para 1\n"
    assert cell(make_case, events=events) is None


def test_what_is_signed_is_agreed_until_something_shows_it_running(make_case):
    signed = INSTRUMENTS + "i1,2024-01,Memorandum,memorandum,exercises,military,signed,paper,para 1\n"
    assert cell(make_case, instruments=signed).state == "agreed"
    events = EVENTS + "e1,2024-03,exercise,Joint exercise,exercises,military,paper,para 1\n"
    assert cell(make_case, folder="two", instruments=signed, events=events).state == "active"


def test_what_is_only_negotiated_is_not_called_agreed(make_case):
    promised = COMMITMENTS + "c1,2024-01,training,exercises,military,Training,bland,negotiated,paper,para 1\n"
    assert cell(make_case, commitments=promised).state == "talks"


def test_what_is_only_asked_for_is_recommended_and_marks_what_runs_already(make_case):
    assert cell(make_case, recommendations=ASKED).state == "recommended"
    events = EVENTS + "e1,2024-03,exercise,Joint exercise,exercises,military,paper,para 1\n"
    both = cell(make_case, folder="two", recommendations=ASKED, events=events)
    assert (both.state, both.further) == ("active", True)


def test_the_newest_row_of_a_promise_counts(make_case):
    promised = COMMITMENTS + (
        "c1,2023-01,training,exercises,military,Training,bland,under_way,paper,para 1\n"
        "c1,2024-01,training,exercises,military,Training,bland,lapsed,paper,para 2\n"
    )
    assert cell(make_case, commitments=promised) is None


def test_arrivals_show_the_field_of_their_instrument_running(make_case):
    matrix = make_matrix(load_case(make_case()))
    states = {(c.domain, c.level): c.state for line in matrix.lines for c in line.cells}
    assert states["arms_supply", "industrial"] == "active"
    assert states["arms_supply", "political"] == "agreed"
    assert "Cyber security" in matrix.silent
