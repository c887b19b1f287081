"""The answer must stay short, and true when the world is the opposite: each test changes the facts and reads the words."""

from dataclasses import replace

import pytest

from pactwork.brief.answer import MOST_WORDS, compose_answer
from pactwork.brief.findings import gather_findings
from pactwork.brief.outlook import Outlook
from pactwork.facts.case import load_case

COMMITMENTS = "commitment_id,as_of,kind,domain,level,summary,promised_by,state,source_id,locator\n"
THREATS = (
    "perceiver,threat,label,likelihood,likelihood_low,likelihood_high,severity,severity_low,severity_high,as_of,basis,"
    "source_id,locator,rationale\n"
    "aland,attack,An attack,80,70,90,90,80,95,2024-10,judgement,paper,p,because\n"
    "bland,attack,An attack,20,10,30,20,10,30,2024-10,sourced,paper,p,because\n"
)


@pytest.fixture
def find(make_case):
    return lambda folder="case", **tables: gather_findings(load_case(make_case(folder=folder, **tables)))


@pytest.fixture
def say(find):
    return lambda folder="case", **tables: {line.lead: line for line in compose_answer(find(folder, **tables))}


@pytest.fixture(scope="module")
def bundled():
    return gather_findings(load_case("poland-korea"))


def test_the_answer_fits_half_a_page_and_begins_with_the_conclusion(bundled):
    lines = compose_answer(bundled)
    assert 120 < sum(len(str(line).split()) for line in lines) <= MOST_WORDS
    assert lines[0].lead == "In short"
    assert all(line.text.strip() and (line.basis or line.lead == "Not in this case") for line in lines)


def with_chances(findings, *chances):
    lots = findings.outlook.lots
    made = tuple(replace(lots[0], probability=one, chance=f"{one:.0%}", name=f"Lot {one:.0%}") for one in chances)
    return replace(findings, outlook=Outlook(made, "", "", ""))


@pytest.mark.parametrize(
    ("chances", "words"),
    [
        ((0.9, 0.8), "All 2 lots signed, dated and still to come will more likely than not be complete when due. Least likely: "
                     "Lot 80%, due 31 December 2025 (80%)."),
        ((0.9, 0.3), "Of 2 lots signed, dated and still to come, 1 will more likely than not be complete when due. Least likely: "
                     "Lot 30%"),
        ((0.2, 0.5), "Of 2 lots signed, dated and still to come, none is more likely than not to be complete when due. Least "
                     "likely: Lot 20%"),
        ((0.9,), "The one lot signed, dated and still to come will more likely than not be complete when due. Its chance: 90%"),
        ((0.1,), "The one lot signed, dated and still to come will more likely than not be late. Its chance: 10%"),
    ],
)  # fmt: skip
def test_the_conclusion_follows_the_forecast(find, chances, words):
    assert compose_answer(with_chances(find(), *chances))[0].text.startswith(words)


def test_lots_without_a_date_are_counted_apart(find):
    findings = with_chances(find(), 0.9, 0.3)
    lots = (*findings.outlook.lots, replace(findings.outlook.lots[0], probability=None, chance=""))
    told = compose_answer(replace(findings, outlook=Outlook(lots, "", "", "")))[0].text
    assert told.startswith("Of 2 lots signed, dated and still to come, 1 will")
    assert " For 1 lot more no date is known." in told


def test_when_all_has_come_the_conclusion_says_so(say, tiny):
    figures = tiny["figures"] + "t1-1,arrived,2024-10-20,180,,,exact,item,paper,p,2,normal,,\n"
    lines = say(figures=figures, shipments=None)
    assert lines["In short"].text == "Nothing that is ordered is still to come."
    assert lines["Recorded as delivered"].text == "By 31 October 2024, all that is ordered: 180 T1."


def test_when_nothing_has_come_nothing_is_called_delivered(say):
    assert (
        say(figures=None, shipments=None)["Recorded as delivered"].text == "By 31 October 2024, none of T1 is recorded."
    )


def test_what_is_foreseen_is_not_called_contracted(say, tiny):
    more = tiny["lots"] + "t1-x,2022-08-26,frame,t1,T1PL,820,2026/..,PL,framework,paper,para 1\n"
    said = say(lots=more)["Money"].text.replace("\u202f", " ")
    assert said == "All contracts: about 3.4 bn USD. Foreseen beyond the orders: 820 T1PL."


@pytest.mark.parametrize(
    ("state", "words"),
    [("negotiated", "Of 1 promise to industry, none is under way and none done."),
     ("under_way", "Of 1 promise to industry, 1 is under way and none done."),
     ("done", "Of 1 promise to industry, none is under way and 1 done.")],
)  # fmt: skip
def test_promises_are_counted_by_how_far_they_are(say, state, words):
    row = f"c1,2024-01,training,exercises,military,Training,bland,{state},paper,para 1\n"
    assert say(commitments=COMMITMENTS + row)["Industry"].text == words


def test_fields_that_run_and_recommendations_are_counted(say):
    """One field runs and two are agreed; two recommendations are under way, one is done, three are neither."""
    events = (
        "event_id,date,kind,title,domain,level,source_id,locator\ne1,2024-03,exercise,E,exercises,military,paper,p\n"
    )
    signed = (
        "instrument_id,as_of,name,kind,domain,level,status,source_id,locator\n"
        "a-b,2024-01,A,memorandum,dialogue,political,signed,paper,p\nc-d,2024-01,C,memorandum,cyber,expert,signed,paper,p\n"
    )
    states = ("under way", "under way", "done", "recommended", "recommended", "recommended")
    asked = "recommendation_id,origin,text,addressee,domain,level,state,source_id,locator\n" + "".join(
        f"r{at},paper,Do it,aland,exercises,military,{state},paper,p\n" for at, state in enumerate(states)
    )
    bare = dict.fromkeys(("lots", "figures", "shipments", "polls"))
    said = say(events=events, instruments=signed, recommendations=asked, **bare)["Cooperation"].text
    assert said == "Running in 1 of 3 fields. Of 6 recommendations, 2 are under way and 1 done."


def test_the_widest_gap_is_told_with_whose_view_is_which(say):
    assert say(threats=THREATS)["Threats"].text == (
        "Widest gap between the partners: An attack (Aland 80, Bland 20 of 100)."
    )


def test_the_deals_learnt_from_and_the_shares_of_polls_are_those_of_the_case(bundled):
    lines = {line.lead: line for line in compose_answer(bundled)}
    assert lines["In short"].basis.startswith("Learnt from 609 deals (")
    assert lines["Opinion"].text == (
        "South Korea: Arms for Ukraine: 55% against (NBS, 2 answers); 66% non-military only (Gallup Korea, 3 answers)."
    )


def test_what_is_contested_and_what_does_not_add_up_are_counted_apart(bundled):
    line = next(one for one in compose_answer(bundled) if one.lead == "Certainty")
    assert line.text == "11 sets of rival figures; 1 thing does not add up."
    assert line.basis == "(917 rows, 143 judgement)"


def test_each_line_weighs_its_own_rows(find):
    lines = {line.lead: line for line in compose_answer(find(threats=THREATS))}
    assert (lines["Threats"].share.judged, lines["Threats"].share.total) == (1, 2)
    assert lines["Threats"].basis == "(2 rows, 1 judgement)"
    # One lot and one count of arrivals stand behind what is delivered; two answers of one poll behind opinion.
    assert lines["Recorded as delivered"].basis == "(2 rows, none judgement)"
    assert lines["Opinion"].basis == "(2 rows, none judgement)"


def test_an_answer_of_many_pollsters_names_the_leading_share_of_each_wording(say, tiny):
    three = "".join(
        f"q,three-way,adults,all,p,2024-10-01,2024-10-02,1000,{option},{share},paper,p\n"
        for option, share in (("arms", 13), ("other_aid", 66), ("none", 16), ("dont_know", 5))
    )
    assert (
        say(polls=tiny["polls"] + three)["Opinion"].text
        == "Q: 55% against (P, 2 answers); 66% other aid (P, 3 answers)."
    )


def test_what_a_case_lacks_is_named(say):
    lines = say(polls=None)
    assert "Opinion" not in lines
    assert "opinion" in lines["Not in this case"].text


def test_polls_alone_make_an_answer(make_case):
    root = make_case(case_toml='name = "p"\ntitle = "P"\nas_of = "2024-10-31"\n', actors=None, systems=None,
                     instruments=None, lots=None, figures=None, shipments=None)  # fmt: skip
    lines = compose_answer(gather_findings(load_case(root)))
    assert [line.lead for line in lines] == ["Opinion", "Certainty", "Not in this case"]
