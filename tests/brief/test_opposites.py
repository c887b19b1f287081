"""Opposite worlds give opposite words: cases in which everything, or nothing, comes, agrees, is known or is judged."""

from pactwork.brief.answer import compose_answer
from pactwork.brief.lines_on_choices import say_choices
from pactwork.brief.parts import list_parts

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
    "one figure, weak": {"lots": None, "shipments": None, "figures": FIGURES
                         + "deal,value,2022-08-26,3.37,exact,usd_bn_net,blog,p,5,normal\n"},
}  # fmt: skip


def sentences_of(findings):
    """Yield every composed text of a brief, with what it is about."""
    yield from ((line.lead, line.text) for line in compose_answer(findings))
    if findings.chosen:
        yield from ((one.lead or "choices", one.text) for one in say_choices(findings.chosen))
    for one in findings.bargains:
        yield from ((one.issue_id, text) for text in (one.text, *one.more))
    yield from ((one.question_id, one.text) for one in findings.together)
    yield from (("profiles", text) for text in (findings.profiles.sentences if findings.profiles else ()))
    outlook = findings.outlook
    yield from (("outlook", text) for text in (outlook.learnt, outlook.scored, outlook.tested) if text)
    yield from ((section.id, section.missing) for part in list_parts(findings) for section in part.sections
                if section.missing)  # fmt: skip
