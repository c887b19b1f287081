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


EVENTS_WITH_ACTORS = "event_id,date,kind,title,domain,level,actors,source_id,locator\n"


def cell_of(root, domain, level):
    matrix = make_matrix(load_case(root))
    lines = {line.domain: line for line in matrix.lines}
    return next((c.state for c in lines[domain].cells if c.level == level), None) if domain in lines else None


def test_a_row_with_one_partner_alone_shows_nothing_about_the_two(make_case):
    alone = EVENTS_WITH_ACTORS + "e,2024-09-01,talks,Talks with others,cyber,expert,aland,paper,p\n"
    together = EVENTS_WITH_ACTORS + "e,2024-09-01,talks,Talks,cyber,expert,aland;bland,paper,p\n"
    assert cell_of(make_case("alone", events=alone), "cyber", "expert") is None
    assert cell_of(make_case("together", events=together), "cyber", "expert") == "active"


def test_a_milestone_is_no_sign_that_a_field_runs(make_case):
    founded = EVENTS_WITH_ACTORS + "e,2024-09-01,milestone,A centre is founded,cyber,expert,aland;bland,paper,p\n"
    assert cell_of(make_case(events=founded), "cyber", "expert") == "agreed"


def test_a_treaty_in_force_runs(make_case, tiny):
    treaty = tiny["instruments"] + "fta,2011,,Trade,treaty,economy,political,2011,in_force,aland;bland,paper,para 1\n"
    assert cell_of(make_case(instruments=treaty), "economy", "political") == "active"


ACTORS = """actor_id,name,kind,country,parent
aland,Aland,state,PL,
bland,Bland,state,KR,
pact,The Pact,alliance,,
centre,A centre of the Pact,institution,PL,pact
"""
SEATS = "format_id,name,domain,level,members,state,source_id,locator\n"


def test_partners_that_meet_only_in_a_body_are_said_to_meet_through_it(make_case):
    briefing = EVENTS_WITH_ACTORS + "e,2024-09-01,exercise,Drill,cyber,expert,bland;centre,paper,p\n"
    seat = SEATS + "f,Alliance,nato,political,aland;pact,proposed,paper,p\n"
    root = make_case(actors=ACTORS, events=briefing, formats=seat)
    line = next(line for line in make_matrix(load_case(root)).lines if line.domain == "cyber")
    (found,) = [cell for cell in line.cells if cell.evidence]
    assert (found.state, found.through) == ("active", "The Pact")
    assert make_matrix(load_case(root)).fields_through("active") == {"Cyber security": ("The Pact",)}
    # A body in which the case never shows the other partner joins nobody; nor does the host country of its seat.
    assert cell_of(make_case("alone", actors=ACTORS, events=briefing), "cyber", "expert") is None


def test_partnerships_with_others_are_context(make_case, tiny):
    other = tiny["instruments"] + "o,2011,,With others,partnership,adversaries,political,2011,in_force,aland,paper,p\n"
    assert cell_of(make_case(instruments=other), "adversaries", "political") is None


def test_firms_that_talk_make_nothing_yet(make_case):
    talks = EVENTS_WITH_ACTORS + "e,2022/2024-10,talks,Terms,local_production,industrial,aland;bland,paper,p\n"
    assert cell_of(make_case(events=talks), "local_production", "industrial") == "talks"


def test_recent_trade_shows_trade_running_and_old_trade_does_not(make_case):
    header = "reporter,partner,flow,year,product,value,unit,qualifier,source_id,locator\n"
    row = "aland,bland,imports,{},all goods,10,usd_bn,exact,paper,p\n"
    assert cell_of(make_case("new", trade=header + row.format(2023)), "economy", "industrial") == "active"
    assert cell_of(make_case("old", trade=header + row.format(2021)), "economy", "industrial") is None


def test_a_span_of_years_is_as_old_as_the_start_of_its_last_year(make_case):
    old = EVENTS_WITH_ACTORS + "e,2020/2022,exercise,Drills,cyber,military,aland;bland,paper,p\n"
    assert cell_of(make_case(events=old), "cyber", "military") is None


def test_a_transport_is_named_by_its_items_alone(make_case):
    matrix = make_matrix(load_case(make_case()))
    texts = [one.text for line in matrix.lines for c in line.cells for one in c.evidence if one.kind == "shipment"]
    assert texts == ["34 T1GF arrived"]
