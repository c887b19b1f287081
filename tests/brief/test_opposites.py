"""Opposite worlds give opposite words: cases in which everything, or nothing, comes, agrees, is known or is judged."""

import re

import pytest

from pactwork.brief.answer import compose_answer
from pactwork.brief.findings import gather_findings
from pactwork.brief.heads import compose_heads
from pactwork.brief.parts import list_parts
from pactwork.facts.case import load_case

FIGURES = "subject,measure,as_of,value,qualifier,unit,source_id,locator,credibility,rank\n"
LOTS = "lot_id,as_of,instrument_id,system_id,variant,quantity,due,made_in,kind,source_id,locator\n"
SYSTEMS = "system_id,name,aliases,category,unit,source_id,locator\n"
POLLS = "question_id,wording,population,subgroup,pollster,fieldwork_end,sample_size,option,percent,source_id,locator\n"
THREATS = (
    "perceiver,threat,label,likelihood,likelihood_low,likelihood_high,severity,severity_low,severity_high,as_of,basis,"
    "source_id,locator,rationale\n"
)
POSITIONS = "issue,actor,position,low,high,influence,salience,scale,as_of,basis,source_id,locator,rationale\n"
ELECTIONS = "election_id,partner,office,date,source_id,locator\n"
FORMATS = "format_id,name,domain,level,members,state,source_id,locator\n"
EVENTS = "event_id,date,kind,title,domain,level,actors,source_id,locator\n"
PROMISES = "commitment_id,as_of,instrument_id,system_id,kind,domain,level,summary,promised_by,promised_to,quantity,state,source_id,locator\n"
ADVICE = "recommendation_id,origin,text,addressee,domain,level,state,source_id,locator\n"
NO_PARTNERS = 'name = "p"\ntitle = "P"\nas_of = "2024-10-31"\n'
NOTHING = dict.fromkeys(("actors", "systems", "instruments", "lots", "figures", "polls", "shipments"))


def came(*counts, day="2024-10-04"):
    """Return figures that say how much of each lot arrived."""
    return FIGURES + "".join(f"{lot},arrived,{day},{items},exact,item,paper,p,2,normal\n" for lot, items in counts)


def lots(*orders, due="2022-12/2025"):
    """Return firm lots: (lot, system, items)."""
    return LOTS + "".join(
        f"{lot},2022-08-26,deal,{system},,{items},{due},KR,firm,paper,p\n" for lot, system, items in orders
    )


def systems(*names):
    return SYSTEMS + "".join(f"{one.lower()},{one},,tank,tank,paper,p\n" for one in names)


def polls(*shares, wording="a", pollster="p", end="2024-06-24"):
    return "".join(f"q,{wording},PL adults,all,{pollster},{end},1000,{option},{percent},paper,p\n"
                   for option, percent in shares)  # fmt: skip


def threats(*rows):
    return THREATS + "".join(
        f"{who},{name.lower()},{name},{one},0,100,{two},0,100,2024-06,judgement,paper,p,why\n"
        for who, name, one, two in rows
    )


def positions(*rows):
    return POSITIONS + "".join(
        f"pl-x,{who},{x},0,100,{influence},{care},0 = none; 100 = all,2024-06,judgement,paper,p,why\n"
        for who, x, influence, care in rows
    )


THREE = systems("T1", "H1", "A1")
ONE_OF_EACH = {
    "lots": lots(("t1-1", "t1", 1)), "figures": None, "shipments": None,
    "events": EVENTS + "e,2024-10-01,visit,A visit,dialogue,political,aland;bland,paper,p\n",
    "formats": FORMATS + "f,Both,dialogue,political,aland;bland,active,paper,p\n",
    "elections": ELECTIONS + "x,aland,parliament,2025-05,paper,p\n",
    "commitments": PROMISES + "c,2024,deal,t1,training,exercises,military,Training,bland,aland,1,agreed,paper,p\n",
    "recommendations": ADVICE + "r,paper,Do it,aland,cyber,expert,recommended,paper,p\n",
    "polls": POLLS + polls(("for", 100)), "threats": threats(("aland", "Floods", 1, 1), ("bland", "Floods", 2, 1)),
    "positions": positions(("aland", 1, 1, 1)),
}  # fmt: skip
WORLDS = {
    "as it is": {},
    "nothing comes": {"figures": None, "shipments": None},
    "none of anything, and it is known": {"figures": came(("t1-1", 0)), "shipments": None},
    "one comes": {"figures": came(("t1-1", 1)), "shipments": None},
    "all but one comes": {"figures": came(("t1-1", 179)), "shipments": None},
    "all comes": {"figures": came(("t1-1", 180)), "shipments": None},
    "one is ordered and comes": {"lots": lots(("t1-1", "t1", 1)), "figures": came(("t1-1", 1)), "shipments": None},
    "every window has closed": {"lots": lots(("t1-1", "t1", 180), due="2022-12/2023")},
    "windows never close": {"lots": lots(("t1-1", "t1", 180), due="2022-12/..")},
    "no window is known": {"lots": lots(("t1-1", "t1", 180), due="")},
    "three systems, all there": {
        "systems": THREE, "lots": lots(("t1-1", "t1", 10), ("h1-1", "h1", 20), ("a1-1", "a1", 30)),
        "figures": came(("t1-1", 10), ("h1-1", 20), ("a1-1", 30)), "shipments": None,
    },
    "three systems, none there": {
        "systems": THREE, "lots": lots(("t1-1", "t1", 10), ("h1-1", "h1", 20), ("a1-1", "a1", 30)),
        "figures": came(("t1-1", 0), ("h1-1", 0), ("a1-1", 0)), "shipments": None,
    },
    "three systems, one of each kind": {
        "systems": THREE, "lots": lots(("t1-1", "t1", 10), ("h1-1", "h1", 20), ("a1-1", "a1", 30)),
        "figures": came(("t1-1", 10), ("h1-1", 5)), "shipments": None,
    },
    "one system late, one in time": {
        "systems": THREE, "figures": came(("t1-1", 5), ("h1-1", 5)), "shipments": None,
        "lots": lots(("t1-1", "t1", 10), due="2022/2023") + lots(("h1-1", "h1", 20)).partition("\n")[2],
    },
    "no orders": {"lots": None, "figures": None, "shipments": None},
    "nothing at all but polls": {**NOTHING, "case_toml": NO_PARTNERS, "polls": POLLS + polls(("for", 40), ("against", 60))},
    "nothing but a system": {**NOTHING, "case_toml": NO_PARTNERS, "systems": systems("T1")},
    "no partners are named": {"case_toml": NO_PARTNERS},
    "no polls": {"polls": None},
    "nobody is for it": {"polls": POLLS + polls(("support", 0), ("against", 100))},
    "everybody is for it": {"polls": POLLS + polls(("support", 100), ("against", 0))},
    "a poll of one answer": {"polls": POLLS + polls(("support", 40))},
    "polls alike": {"polls": POLLS + polls(("support", 50), ("against", 50))
                    + polls(("support", 50), ("against", 50), pollster="r", end="2024-07-01")},
    "polls apart": {"polls": POLLS + polls(("support", 20), ("against", 74))
                    + polls(("support", 60), ("against", 34), wording="b", pollster="r", end="2024-06-28")},
    "only those who do not know": {"polls": POLLS + polls(("dont_know", 100))},
    "threats seen alike": {"threats": threats(("aland", "Floods", 50, 50), ("bland", "Floods", 50, 50))},
    "threats seen by one": {"threats": threats(("aland", "Floods", 50, 50))},
    "threats of no weight": {"threats": threats(("aland", "Floods", 0, 0), ("bland", "Floods", 0, 0))},
    "threats seen as opposites": {
        "threats": threats(("aland", "Floods", 100, 100), ("bland", "Floods", 0, 0), ("aland", "Storms", 0, 0),
                           ("bland", "Storms", 100, 100)),
    },
    "threats that one feels": {
        "threats": threats(("aland", "Floods", 90, 90), ("bland", "Floods", 10, 10), ("aland", "Storms", 80, 90),
                           ("bland", "Storms", 20, 10)),
    },
    "one position": {"positions": positions(("aland", 50, 80, 50))},
    "positions alike": {"positions": positions(("aland", 100, 80, 50), ("bland", 100, 80, 50))},
    "positions apart": {"positions": positions(("aland", 0, 100, 100), ("bland", 100, 100, 100))},
    "nobody cares": {"positions": positions(("aland", 0, 100, 0), ("bland", 100, 100, 0))},
    "no elections ahead": {"elections": ELECTIONS + "x,aland,parliament,2020-05,paper,p\n"},
    "one election ahead": {"elections": ELECTIONS + "x,aland,parliament,2025-05,paper,p\n",
                           "formats": FORMATS + "f,Both,dialogue,political,aland;bland,ended,paper,p\n"},
    "meetings long ago": {"events": EVENTS + "e,2019-10-01,visit,A visit,dialogue,political,aland;bland,paper,p\n"},
    "a meeting of one side": {"events": EVENTS + "e,2024-10-01,visit,A visit,dialogue,political,aland,paper,p\n"},
    "every promise kept": {"commitments": PROMISES + "".join(
        f"c{n},2024,deal,t1,local_production,local_production,industrial,Making,bland,aland,{n},done,paper,p\n"
        for n in (1, 2))},
    "no promise kept": {"commitments": PROMISES + "".join(
        f"c{n},2024,deal,t1,local_production,local_production,industrial,Making,bland,aland,,lapsed,paper,p\n"
        for n in (1, 2))},
    "one promise, talked about": {"commitments": PROMISES
        + "c,2024,frame,t1,local_production,local_production,industrial,Making,bland,aland,1,negotiated,paper,p\n"},
    "all advice taken": {"recommendations": ADVICE + "r,paper,Do it,aland,cyber,expert,done,paper,p\n"},
    "no advice taken": {"recommendations": ADVICE + "r,paper,Do it,aland,cyber,expert,recommended,paper,p\n"
                        "s,ours,Do that,aland,cyber,expert,recommended,paper,p\n"},
    "one of each": ONE_OF_EACH,
    "everything is disputed": {"figures": came(("t1-1", 62)) + "t1-1,arrived,2024-10-04,60,exact,item,maker,p,2,normal\n"
                               "a-b,value,2024-10,3.4,about,usd_bn_unstated,paper,p,2,normal\n"
                               "a-b,value,2024-10,9.9,exact,usd_bn_unstated,maker,p,2,normal\n", "shipments": None},
    "nothing well graded": {"figures": came(("t1-1", 62)).replace(",2,normal", ",6,normal"), "shipments": None},
    "everything is judged": {"sources": """source_id,title,producer,published,kind,reliability,redistributable
paper,A paper,An institute,2024-10,judgement,B,false
maker,A report,A maker,2024-06,judgement,C,true
"""},
    "one figure, weak": {"lots": None, "shipments": None, "figures": FIGURES
                         + "deal,value,2022-08-26,3.37,exact,usd_bn_net,blog,p,5,normal\n"},
}  # fmt: skip
SAYS = {
    "as it is": (["62 of 180 T1 (34%) are recorded as delivered", "T1 8.4 (2.8)"], ["All that", "no delivery"]),
    "nothing comes": (["no delivery is recorded up to 31 October 2024"],
                      ["Of what Aland ordered", "would have to arrive each"]),
    "none of anything, and it is known": (["no delivery is recorded", "T1 12.9"], ["Of what Aland ordered", "All that"]),
    "one comes": (["1 of 180 T1 (under 1%)"], ["All that", "no delivery is recorded"]),
    "all but one comes": (["179 of 180 T1 (over 99%)", "Still to come: 1."], ["All that", "Nothing that is ordered", "(100%)"]),
    "all comes": (["All that Aland ordered from Bland is recorded as delivered", "Nothing that is ordered is still to come.",
                   "nothing is forecast", "Complete."], ["would have to arrive", "Still to come: ", "chance that all has come"]),
    "one is ordered and comes": (["delivered by 31 October 2024: 1 T1.", "nothing is forecast"], ["would have to arrive"]),
    "every window has closed": (["118 T1 due by 31 December 2023 are still to come, though the window has closed."],
                                ["would have to arrive", "a month until", "had not arrived"]),
    "windows never close": (["62 of 180 T1"], ["would have to arrive each month", "chance that all has come when", "Complete by 3"]),
    "no window is known": (["62 of 180 T1", "not known"], ["would have to arrive each month", "chance that all has come when"]),
    "three systems, all there": (["10 T1, 20 H1 and 30 A1", "Nothing that is ordered is still to come."], ["Nothing is recorded"]),
    "three systems, none there": (["Aland has ordered 10 T1, 20 H1 and 30 A1 from Bland; no delivery"],
                                  ["Of what Aland ordered"]),
    "three systems, one of each kind": (["10 T1 and 5 of 20 H1 (25%) are recorded", "deliveries of A1",
                                         "No delivery is recorded."], ["All that", "no delivery is recorded up to"]),
    "one system late, one in time": (["5 T1 due by 31 December 2023 are still to come", "H1 1.1"], ["on average: T1"]),
    "no orders": (["The case holds no firm order; nothing is said about deliveries."], ["has ordered", "recorded as delivered"]),
    "nothing at all but polls": (["60% against and 40% for", "The case holds no orders and no contracts"], ["Aland", "T1"]),
    "nothing but a system": (["The case holds no orders and no contracts", "(1 in all)"], ["the 1 sourced rows"]),
    "no partners are named": (["Of what is ordered, 62 of 180 T1"], ["Aland ordered", "from Bland"]),
    "no polls": (["The case holds no polls; nothing is said about opinion."], ["Asked “"]),
    "nobody is for it": (["100% against and 0% support"], []),
    "everybody is for it": (["100% support and 0% against"], []),
    "a poll of one answer": (["one answer reported"], ["two answers"]),
    "polls alike": (["put “support” at 50%", "There is one wording"], ["must not be read as one", "how the question is put"]),
    "polls apart": (["must not be read as one", "how the question is put"], ["There is one wording"]),
    "threats seen alike": (["the same threats alike", "As judged, 0% of what each partner fears", "Both feel as threatened as each other: a threat weighs 25"],
                           ["feels the more threatened", "differ most", "would fall to"]),
    "threats of no weight": (["the same threats alike"], ["feels the more threatened", "differ most"]),
    "threats seen as opposites": (["put at 100 for Aland and at 0 for Bland", "not an estimate of what will happen"],
                                  ["threats alike"]),
    "threats that one feels": (["Aland feels the more threatened: a threat weighs"], ["Bland feels", "Both feel"]),
    "one position": (["The positions meet at 50", "That is the middle of the scale"], ["would have to move"]),
    "positions alike": (["The positions meet at 100", "Aland would have to move from 100 to 0",
                         "more than half of the scale"], ["nobody has to move"]),
    "positions apart": (["The positions meet at 50", "That is the middle of the scale"], ["would have to move"]),
    "nobody cares": (["The case holds no positions of stakeholders"], ["The positions meet"]),
    "no elections ahead": ([], ["Elections ahead"]),
    "one election ahead": (["Elections ahead: parliament of Aland, May 2025.", "No standing format of both is active."], []),
    "meetings long ago": (["No meeting or exercise of both partners is recorded in the 24 months to 31 October 2024"],
                          ["1 meeting or exercise"]),
    "a meeting of one side": ([], ["of both partners is recorded in"]),
    "every promise kept": (["1 T1 tank and 2 T1 tanks are under contract.", "2 done"], ["none is done", "1 T1 tanks"]),
    "no promise kept": (["2 promises to industry are recorded; none is done or under way: 2 lapsed."], ["are under contract"]),
    "one promise, talked about": (["none is under contract; 1 T1 tank is still negotiated", "1 promise to industry is recorded"],
                                  ["1 T1 tanks"]),
    "all advice taken": (["one is done and none is under way"], ["not begun", "Not begun"]),
    "no advice taken": (["none is done, none is under way and two are not begun"], [" one is done"]),
    "one of each": (["1 meeting or exercise of both partners is recorded", "1 standing format is active.",
                     "1 promise to industry", "Of 1 recommendation, none is done", "100% for"],
                    ["1 meetings", "1 promises", "1 recommendations"]),
    "everything is disputed": (["2 sets of rival figures stand side by side; the checks find no things that do not add up."],
                               ["No figures disagree"]),
    "nothing well graded": (["of 1 figure, 1 is graded worse than C3"], ["none is graded worse"]),
    "everything is judged": (["100% of the rows that cite a source"], ["No row that cites a source"]),
    "only those who do not know": ([], ["nothing about opinion", "or opinion", "opinion or"]),
    "threats seen by one": ([], ["or views of the threat", "nothing about views of the threat", "differ most"]),
    "one figure, weak": (["of 1 figure, 1 is graded worse than C3"], ["none is graded worse"]),
}  # fmt: skip
"""What each world's page must say, and must never."""
BROKEN = re.compile(r"\b(None|NaN|nan|inf|null|undefined)\b|\{\{|\}\}|\{%|\.\.(?!\.)|no 0|−0%|-0%")
WITH_CHARTS = ("nothing comes", "all comes", "one of each", "threats seen as opposites")
"""Where the words of charts are read, too: to make them takes longer than all else."""
BESIDE = "#methods, #limits, #sources, #figures, nav, style"
"""What is not said of this case, or only lists its rows."""


def sentences_of(findings):
    """Yield every composed text of a brief, with what it is about."""
    yield from ((line.lead, line.text) for line in compose_answer(findings))
    yield from ((line.lead, line.text) for head in compose_heads(findings).values() for line in head.lines)
    for one in findings.bargains:
        yield from ((one.issue_id, text) for text in (one.text, *one.more))
    yield from ((one.question_id, one.text) for one in findings.together)
    yield from (("profiles", text) for text in (findings.profiles.sentences if findings.profiles else ()))
    behind = findings.outlook
    yield from (("outlook", text) for text in (behind.learnt, behind.scored, behind.tested) if text)
    yield from ((section.id, section.missing) for part in list_parts(findings) for section in part.sections
                if section.missing)  # fmt: skip


def read_said(page):
    """Return all that a page says of the case, as one text."""
    for one in page.select(BESIDE):
        one.decompose()
    text = " ".join(page.get_text(" ").replace("\u202f", " ").split())
    return re.sub(r" ([.,;:])(?=\s|$)", r"\1", text)


def test_every_world_is_told():
    assert set(SAYS) == set(WORLDS)


@pytest.mark.parametrize("world", WORLDS)
def test_words_are_true_in_every_world(make_case, show_page, find_slips, world):
    findings = gather_findings(load_case(make_case(**WORLDS[world])))
    for about, text in sentences_of(findings):
        assert find_slips(text) == [], about
    said = read_said(show_page(findings, charts=world in WITH_CHARTS))
    assert not BROKEN.search(said)
    must, never = SAYS[world]
    assert [words for words in must if words not in said] == []
    assert [words for words in never if words in said] == []


def test_a_section_says_that_it_is_empty_only_where_it_is(make_case, show_page):
    """What is missing is said of the sections that show nothing, and of no other."""
    simulated = {"futures", "choices", "unmeasured"}
    for folder, tables in (("all", ONE_OF_EACH), ("none", WORLDS["nothing but a system"])):
        page = show_page(gather_findings(load_case(make_case(folder, **tables))))
        missing = {one.find_parent("section")["id"] for one in page.select("p.missing")}
        empty = {"standing", "deliveries", "arriving", "opinion", "threats", "stakeholders", "dialogue", "industry",
                 "cooperation", "figures"}  # fmt: skip
        assert missing == (simulated | {"figures"} if folder == "all" else simulated | empty)
