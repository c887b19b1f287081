"""The answer must stay true when the world is the opposite: each test changes the facts and reads the words."""

import pytest

from pactwork.brief.answer import compose_answer
from pactwork.brief.findings import gather_findings
from pactwork.facts.case import load_case

FIGURES = "subject,measure,as_of,value,qualifier,unit,source_id,locator,credibility,rank\n"
RECOMMENDED = "recommendation_id,origin,text,addressee,domain,level,state,source_id,locator\n"
COMMITMENTS = "commitment_id,as_of,kind,domain,level,summary,promised_by,state,source_id,locator\n"
THREATS = (
    "perceiver,threat,label,likelihood,likelihood_low,likelihood_high,severity,severity_low,severity_high,as_of,basis,"
    "source_id,locator,rationale\n"
)


@pytest.fixture
def say(make_case):
    def compose(folder="case", **tables):
        return {
            line.lead: line for line in compose_answer(gather_findings(load_case(make_case(folder=folder, **tables))))
        }

    return compose


def text(lines, lead):
    return lines[lead].text.replace("\u202f", " ")


def test_part_delivered_is_said_with_its_share_and_sources(say):
    line = say()["Ordered and delivered"]
    assert line.text == (
        "Of what Aland ordered from Bland, 62 of 180 T1 (34%) are recorded as delivered by 31 October 2024."
    )
    assert {origin.source_id for origin in line.origins} == {"paper"}


def test_nothing_delivered_is_not_called_delivered(say):
    lines = say(figures=None, shipments=None)
    assert text(lines, "Ordered and delivered") == (
        "Aland has ordered 180 T1 from Bland; no delivery is recorded up to 31 October 2024."
    )
    assert "Pace" not in lines


def test_all_delivered_leaves_nothing_to_come(say):
    figures = FIGURES + "t1-1,arrived,2024-10-04,180,exact,item,paper,p,2,normal\n"
    lines = say(figures=figures, shipments=None)
    assert text(lines, "Ordered and delivered").startswith("All that Aland ordered from Bland is recorded as delivered")
    assert "34%" not in text(lines, "Ordered and delivered")
    assert text(lines, "Pace") == "Nothing that is ordered is still to come."


def test_an_unspecific_source_is_said_to_be_one(say):
    figures = FIGURES + "t1-1,delivered_unstated,2024-10,62,exact,item,paper,p,2,normal\n"
    assert "do not say whether that means shipped" in text(say(figures=figures), "Ordered and delivered")
    assert "do not say" not in text(say("two"), "Ordered and delivered")


def test_a_window_that_has_closed_is_overdue_and_needs_no_pace(say, tiny):
    lots = tiny["lots"].replace("2022-12/2025", "2022-12/2023")
    pace = text(say(lots=lots), "Pace")
    assert pace.startswith("118 T1 due by 31 December 2023 had not arrived")
    assert "each month" not in pace


def test_pace_is_called_arithmetic_not_forecast(say):
    pace = text(say(), "Pace")
    assert "T1 8.4 (2.8)" in pace
    assert "not a forecast" in pace


def test_a_pace_nobody_can_know_is_not_shown(say, tiny):
    figures = "\n".join(line for line in tiny["figures"].splitlines() if "2023-06" not in line) + "\n"
    pace = text(say(figures=figures, shipments=None), "Pace")
    assert pace.endswith("on average: T1 8.4. That is arithmetic, not a forecast.")


def test_a_pace_that_was_kept_is_said_to_be_kept(say, tiny):
    assert "at that pace or faster" not in text(say(), "Pace")
    later = tiny["lots"].replace("2022-12/2025", "2022-12/2034")
    assert "T1 arrived at that pace or faster" in text(say("two", lots=later), "Pace")


def test_money_names_the_sum_beside_the_stated_total(say):
    assert "about 3.4 bn USD; 1 contract with a value in that currency adds" in text(say(), "Money")
    assert "adds up to 3.4 bn USD" in text(say("two"), "Money")


def test_what_a_framework_foresees_is_never_called_ordered(say, tiny):
    more = tiny["lots"] + "t1-x,2022-08-26,frame,t1,T1PL,820,2026/..,PL,framework,paper,para 1\n"
    lines = say(lots=more)
    assert "820 T1PL" in text(lines, "Beyond the orders")
    assert "not counted as ordered" in text(lines, "Beyond the orders")
    assert "1,000" not in text(lines, "Ordered and delivered")
    assert "62 of 180" in text(lines, "Ordered and delivered")


@pytest.mark.parametrize(
    ("states", "words"),
    [
        (["recommended"], "Of 1 recommendation, none is done, none is under way and one is not begun."),
        (["done", "done"], "Of 2 recommendations, two are done and none is under way."),
        (["done", "under way", "recommended"], "one is done, one is under way and one is not begun."),
    ],
)
def test_recommendations_are_counted_in_words_that_agree(say, states, words):
    rows = "".join(f"r{n},paper,Do it,aland,cyber,expert,{state},paper,p\n" for n, state in enumerate(states))
    assert words in text(say(recommendations=RECOMMENDED + rows), "Cooperation")


def test_promises_that_all_wait_are_said_to_wait(say):
    row = "c1,2024-01,training,exercises,military,Training,bland,{},paper,para 1\n"
    waiting = text(say(commitments=COMMITMENTS + row.format("negotiated")), "Industry")
    assert waiting == "1 promise to industry is recorded; none is done or under way: 1 being negotiated."
    running = text(say("two", commitments=COMMITMENTS + row.format("done")), "Industry")
    assert running == "1 promise to industry is recorded: 1 done."


def test_without_polls_opinion_is_named_as_missing(say):
    lines = say(polls=None)
    assert "Opinion" not in lines
    assert "opinion" in text(lines, "Not in this case")


def test_two_wordings_are_kept_apart_and_one_is_not(say, tiny):
    assert "must not be read as one" not in text(say(), "Opinion")
    three = "".join(
        f"q,three-way,adults,all,p,2024-10-01,2024-10-02,1000,{option},{share},paper,p\n"
        for option, share in (("arms", 13), ("other_aid", 66), ("none", 16), ("dont_know", 5))
    )
    said = text(say("two", polls=tiny["polls"] + three), "Opinion")
    assert "must not be read as one" in said
    assert "“three way” (three answers)" in said
    assert "“binary” (two answers)" in said
    assert "don’t know" not in said


def test_agreement_and_disagreement_are_told_apart(say, tiny):
    assert "No figures disagree" in text(say(), "Certainty")
    rival = tiny["figures"] + "t1-1,arrived,2024-10-04,60,,,exact,item,maker,table 2,2,normal,,\n"
    assert "1 set of rival figures stands side by side" in text(say("two", figures=rival), "Certainty")


def test_threats_are_perceptions_and_never_chances(say):
    rows = (
        "aland,attack,An attack,80,70,90,90,80,95,2024-10,judgement,paper,p,because\n"
        "bland,attack,An attack,20,10,30,20,10,30,2024-10,judgement,paper,p,because\n"
    )
    said = text(say(threats=THREATS + rows), "Views of the threat")
    assert "80 for Aland and at 20 for Bland" in said
    assert "not an estimate of what will happen" in said
    same = rows.replace("20,10,30,20,10,30", "80,70,90,90,80,95")
    assert "alike" in text(say("two", threats=THREATS + same), "Views of the threat")


def test_there_are_never_more_than_ten_lines_and_none_is_empty(say):
    for lines in (say(), say("two", lots=None, figures=None, shipments=None, instruments=None)):
        assert 0 < len(lines) <= 10
        assert all(line.text.strip() for line in lines.values())


def test_polls_alone_make_an_answer(make_case):
    root = make_case(case_toml='name = "p"\ntitle = "P"\nas_of = "2024-10-31"\n', actors=None, systems=None,
                     instruments=None, lots=None, figures=None, shipments=None)  # fmt: skip
    lines = compose_answer(gather_findings(load_case(root)))
    assert [line.lead for line in lines] == ["Opinion", "Certainty", "Not in this case"]


def test_many_systems_are_summed_up_and_those_that_wait_are_named(say, tiny):
    systems, lots, figures = tiny["systems"], tiny["lots"], FIGURES
    for number in range(2, 10):
        systems += f"t{number},T{number},,tank,tank,paper,para 1\n"
        lots += f"t{number}-1,2022-08-26,deal,t{number},,10,2022-12/2025,KR,firm,paper,para 2\n"
        arrived = 10 if number < 9 else 0
        figures += f"t{number}-1,arrived,2024-10-04,{arrived},exact,item,paper,p,2,normal\n"
    said = text(say(systems=systems, lots=lots, figures=figures, shipments=None), "Ordered and delivered")
    assert "seven systems in full and none of 10 T9 are recorded as delivered" in said
    assert "T4" not in said
    assert "Nothing is recorded about deliveries of T1" in said


def test_a_rival_share_of_the_same_poll_is_not_a_second_answer(say, tiny):
    rival = "q,binary,adults,all,p,2024-06-24,2024-06-26,1007,for,35,blog,para 3\n"
    said = text(say(polls=tiny["polls"] + rival), "Opinion")
    assert "against 55% and for 34%" in said
    assert "35%" not in said
