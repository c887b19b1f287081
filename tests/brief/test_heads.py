"""The sections' heads must stay true when the world is the opposite: each test changes the facts and reads the words."""

import pytest

from pactwork.brief.findings import gather_findings
from pactwork.brief.heads import compose_heads
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
        heads = compose_heads(gather_findings(load_case(make_case(folder=folder, **tables))))
        return {line.lead: line for head in heads.values() for line in head.lines}

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
    assert pace.startswith("118 T1 due by 31 December 2023 are still to come")
    assert "each month" not in pace


def test_pace_is_called_arithmetic_not_forecast(say):
    pace = text(say(), "Pace")
    assert "T1 8.4 (2.8)" in pace
    assert "not a forecast" in pace


def test_a_pace_nobody_can_know_is_not_shown(say, tiny):
    figures = "\n".join(line for line in tiny["figures"].splitlines() if "2023-06" not in line) + "\n"
    pace = text(say(figures=figures, shipments=None), "Pace")
    assert "on average: T1 8.4. That is arithmetic, not a forecast." in pace


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
    assert "55% against and 34% for" in said
    assert "35%" not in said


def test_another_share_by_a_well_graded_source_is_said_beside_the_first(say, tiny):
    header, rows = tiny["polls"].replace("\n", ",credibility\n", 1).split("\n", 1)
    graded = "".join(f"{row},1\n" for row in rows.splitlines())
    rival = "q,binary,adults,all,p,2024-06-24,2024-06-26,1007,for,35,maker,table 3,2\n"
    said = text(say(polls=f"{header}\n{graded}{rival}"), "Opinion")
    assert "55% against and 34 or 35% for" in said


def test_what_speaks_against_a_pollster_is_said_with_its_poll(say, tiny):
    header, rows = tiny["polls"].split("\n", 1)
    noted = "".join(f"{row},By telephone; pollster close to one party; margin 3\n" for row in rows.splitlines())
    assert "(24–26 June 2024; pollster close to one party) found" in text(
        say(polls=f"{header},note\n{noted}"), "Opinion"
    )


def test_a_poll_that_is_probably_true_is_named_before_a_newer_one_that_is_not(say, tiny):
    header = tiny["polls"].partition("\n")[0] + ",credibility\n"
    rows = (
        "q,binary,adults,all,good house,2024-06-24,2024-06-26,1007,for,34,paper,p,1\n"
        "q,binary,adults,all,good house,2024-06-24,2024-06-26,1007,against,55,paper,p,1\n"
        "q,other,adults,all,other house,2024-10-24,2024-10-26,1007,for,20,maker,p,3\n"
        "q,other,adults,all,other house,2024-10-24,2024-10-26,1007,against,74,maker,p,3\n"
    )
    said = text(say(polls=header + rows), "Opinion")
    assert "Good House" in said
    assert "74%" not in said


WITH_ACTORS = "event_id,date,kind,title,domain,level,actors,source_id,locator\n"


def test_meetings_are_those_of_both_partners_and_a_summit_on_a_visit_is_one_with_it(say):
    events = WITH_ACTORS + (
        "e1,2024-10-22/2024-10-25,visit,State visit,dialogue,political,aland;bland,paper,p\n"
        "e2,2024-10-24,summit,Presidents meet,dialogue,political,aland;bland,paper,p\n"
        "e3,2024-10-28,talks,Bland briefs others,dialogue,expert,bland,paper,p\n"
        "e4,2022/2024-10,talks,Talks go on,dialogue,expert,aland;bland,paper,p\n"
    )
    said = text(say(events=events), "Dialogue")
    assert "1 meeting or exercise of both partners is recorded" in said
    assert "the latest: State visit (22–25 October 2024)" in said


def test_elections_ahead_are_listed_in_order_with_whose_they_are(say):
    elections = "election_id,partner,office,date,source_id,locator\n" + (
        "x,aland,President of Aland,2025-05~,paper,p\ny,bland,parliament,2024-11-05,paper,p\n"
        "z,aland,President of Aland,2020-05,paper,p\n"
    )
    formats = "format_id,name,domain,level,members,state,source_id,locator\n" + (
        "f,Both,dialogue,political,aland;bland,active,paper,p\ng,One,dialogue,political,bland,active,paper,p\n"
    )
    said = text(say(elections=elections, formats=formats), "Dialogue")
    assert "Elections ahead: parliament of Bland, 5 November 2024; President of Aland, about May 2025." in said
    assert "1 standing format is active." in said


def test_a_finished_lot_does_not_speak_for_one_that_waits(say, tiny):
    lots = tiny["lots"] + ("t1-2,2022-08-26,deal,t1,T1PL,36,2025/2028,KR,firm,paper,para 2\n")
    figures = tiny["figures"] + "t1-1,arrived,2024-10-20,180,,,exact,item,paper,para 2,2,normal,,\n"
    pace = text(say(lots=lots, figures=figures, shipments=None), "Pace")
    assert "Of the 36 T1PL (due 2025 to 2028) none is recorded as delivered." in pace
    assert "at that pace or faster" not in pace
    assert "(" not in pace.partition(":")[2].partition("Of the")[0]


def test_local_production_is_parted_into_contracts_and_talks(say, tiny):
    header = (
        "commitment_id,as_of,instrument_id,system_id,kind,domain,level,summary,promised_by,promised_to,quantity,"
        "of_quantity,state,source_id,locator\n"
    )
    rows = (
        "c1,2024,deal,t1,local_production,local_production,industrial,Up to 60 of them,bland,aland,60,72,agreed,paper,p\n"
        "c2,2024,frame,t1,local_production,local_production,industrial,Others,bland,aland,,820,negotiated,paper,p\n"
        "c3,2024,frame,t1,local_production,local_production,industrial,More,bland,aland,9,,agreed,paper,p\n"
    )
    said = text(say(commitments=header + rows), "Industry")
    assert said.startswith(
        "Local production: up to 60 T1 tanks are under contract; T1 tanks (how many of 820 is open) are still negotiated. "
    )
    assert "9 T1" not in said


def test_recommendations_are_counted_by_whose_they_are(say):
    rows = "r1,paper,Do it,aland,cyber,expert,recommended,paper,p\nr2,ours,So,aland,cyber,expert,recommended,paper,p\n"
    assert "Of 2 recommendations (1 of the paper, 1 ours), none" in text(
        say(recommendations=RECOMMENDED + rows), "Cooperation"
    )


def test_a_count_without_transports_is_no_contradiction(say, tiny):
    figures = tiny["figures"].replace("2024-10-04,62", "2024-10-04,70")
    assert "No figures disagree" in text(say(figures=figures), "Certainty")
