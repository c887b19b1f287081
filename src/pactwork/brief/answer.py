"""The answer in half a page: short sentences that stay true whatever the case holds, each with what it is based on."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pactwork.brief import formats
from pactwork.brief.findings import Findings
from pactwork.brief.heads import Line
from pactwork.brief.judgement import Share, weigh_assumptions, weigh_origins
from pactwork.brief.lines_on_choices import name_told, say_shortly
from pactwork.brief.lines_on_orders import delivered_items, is_complete, list_local
from pactwork.brief.lines_on_people import find_gap, list_shares
from pactwork.brief.origins import Origin, Said, merge
from pactwork.brief.outlook import spell_bias
from pactwork.brief.words import knows, say

LIKELY = 0.5
"""A lot is said to be likely complete when due above this chance."""
MOST_WORDS = 260
"""What half a page of A4 holds."""


def compose_answer(findings: Findings) -> tuple[Line, ...]:
    """Return the answer, the conclusion first; what the case holds nothing about is named in the last line."""
    composers: dict[str, tuple[str, Callable[[Findings], Said]]] = {
        "conclusion": ("arriving", _say_conclusion),
        "choices": ("choices", _say_choices),
        "delivered": ("standing", _say_delivered),
        "money": ("standing", _say_money),
        "industry": ("industry", _say_industry),
        "cooperation": ("cooperation", _say_cooperation),
        "opinion": ("opinion", _say_opinion),
        "threats": ("threats", _say_threats),
        "certainty": ("contested", _say_certainty),
    }
    lines, silent = [], []
    for name, (section, compose) in composers.items():
        said = compose(findings)
        if said is None:
            if not _holds(findings, name):
                silent.append(name)
            continue
        origins = merge(said[1])
        share = _weigh(findings, name, origins)
        lines.append(Line(say(f"brief.{name}"), said[0].strip(), section, origins, share, _base(findings, name, share)))
    if not findings.timeline.events and not findings.timeline.formats:
        silent.append("dialogue")
    missing = [say(f"silent.{name}") for name in silent if knows(f"silent.{name}")]
    if missing:
        text = say("silent.one", names=formats.join(missing, "or"))
        lines.append(Line(say("brief.silent"), text, "limits"))
    return tuple(lines)


def _holds(findings: Findings, name: str) -> bool:
    """Return whether a case holds something about what no line is said of, such as views of one partner alone."""
    return bool({"opinion": findings.questions, "threats": findings.views}.get(name))


def _weigh(findings: Findings, name: str, origins: Iterable[Origin]) -> Share:
    """Return the judgement behind one line: of its own rows, or of the assumptions of the choices it names."""
    if name == "choices" and findings.chosen:
        return weigh_assumptions(findings.ledger, name_told(findings.chosen))
    if name == "certainty":  # it speaks of all rows
        return Share(findings.judgement.judged, findings.judgement.rows)
    return weigh_origins(origins)


def _base(findings: Findings, name: str, share: Share) -> str:
    if name == "conclusion" and findings.outlook.lots:
        return say("share.class", deals=findings.forecast.deliveries.reference.deals, share=share.words)
    if name == "choices" and findings.chosen and findings.chosen.comparison:
        return say("share.simulated", futures=findings.chosen.comparison.futures, share=share.words)
    return share.words


def _say_conclusion(findings: Findings) -> Said:
    """Return how many lots will more likely than not be complete when due, and which is least likely to be."""
    signed = [one for one in findings.outlook.lots if one.signed]
    told = [one for one in signed if one.probability is not None]
    if not told:
        complete = is_complete(findings)
        return (say("concluding.complete"), complete) if complete else None
    likely = [one for one in told if (one.probability or 0) > LIKELY]
    least = min(told, key=lambda one: one.probability or 0)
    if len(told) == 1:
        key, last = "one_likely" if likely else "one_unlikely", "chance"
    else:
        key, last = "all" if len(likely) == len(told) else "some" if likely else "none", "least"
    text = say(f"concluding.{key}", lots=len(told), likely=len(likely))
    text += say(f"concluding.{last}", name=least.name, due=least.due, chance=least.chance)
    if len(told) < len(signed):
        text += say("concluding.undated", lots=len(signed) - len(told))
    bias = spell_bias(findings.forecast.deliveries.reference)
    if bias:
        text += say(f"concluding.{'fast' if bias == say('arriving.fast') else 'slow'}")
    return text, [origin for one in told for origin in one.origins]


def _say_choices(findings: Findings) -> Said:
    said = say_shortly(findings.chosen) if findings.chosen else ""
    return (said, ()) if said else None


def _say_delivered(findings: Findings) -> Said:
    systems, day = findings.standing.systems, formats.spell_day(findings.ledger.day)
    if not systems:
        return None
    origins = [one for line in systems for fact in (line.ordered, line.delivered) if fact for one in fact.origins]
    known = [line for line in systems if line.delivered]
    unknown = [line.name for line in systems if not line.delivered]
    if not any(line.share for line in known):
        return say("came.none", items=formats.join([line.name for line in systems], "or"), day=day), origins
    complete = not unknown and all((line.share or 0) >= 1 for line in known)
    text = say(f"came.{'all' if complete else 'some'}", items=delivered_items(known), day=day)
    if unknown:
        text += say("came.unknown", names=formats.join(unknown))
    vague = [line.name for line in known if line.vague and line.share]
    return text + (say("came.unstated", names=formats.join(vague)) if vague else ""), origins


def _say_money(findings: Findings) -> Said:
    money, beyond = findings.standing.money, findings.standing.beyond
    text = say("worth.stated", stated=money.stated.text) if money and money.counted else ""
    origins = list(money.stated.origins) if text and money else []
    if beyond:
        items = formats.join([f"{one.quantity.text} {one.name}" for one in beyond])
        text += say("worth.beyond" if text else "worth.beyond_alone", items=items)
        origins += [origin for one in beyond for origin in one.quantity.origins]
    return (text, origins) if text else None


def _say_industry(findings: Findings) -> Said:
    promises = findings.promises
    if not promises.rows:
        return None
    counts = {state: number for state, _, number in promises.counts}
    parts = {"total": len(promises.rows), "running": counts.get("under_way", 0), "done": counts.get("done", 0)}
    agreed = list_local(promises)
    if promises.local:
        text = say("made.local", items=formats.join(agreed)) if agreed else say("made.local_none")
        return text + say("made.states", **parts), [row.origin for row in promises.rows]
    return say("made.states_alone", **parts), [row.origin for row in promises.rows]


def _say_cooperation(findings: Findings) -> Said:
    matrix, tracker = findings.matrix, findings.recommendations
    if not matrix.lines:
        return None
    text = say("working.fields", active=len(matrix.fields_at_best("active")), fields=len(matrix.lines))
    if tracker:
        states = [one.state for one in tracker]
        text += say("working.tracker", total=len(tracker), running=states.count("under way"), done=states.count("done"))
    origins = [one.origin for line in matrix.lines for cell in line.cells for one in cell.evidence]
    return text, [*origins, *(one.origin for one in tracker)]


def _say_opinion(findings: Findings) -> Said:
    shares = list_shares(findings)
    if not shares:
        return None
    items = [say("asked.share", percent=formats.per_cent(answer.percent), option=answer.option,
                 pollster=poll.pollster, options=wording.options) for wording, poll, answer in shares]  # fmt: skip
    text = say("asked.shares", name=findings.questions[0].name, items="; ".join(items))
    return text, [one.origin for _, poll, _ in shares for one in poll.answers]


def _say_threats(findings: Findings) -> Said:
    pair = find_gap(findings)
    if pair is None:
        return None
    first, second = pair
    if first.likelihood == second.likelihood:
        return say("seen.same"), [first.origin, second.origin]
    return say(
        "seen.gap", threat=formats.shorten(first.threat, 160).rstrip("."), first=first.who, second=second.who,
        one=formats.number(first.likelihood), two=formats.number(second.likelihood),
    ), [first.origin, second.origin]  # fmt: skip


def _say_certainty(findings: Findings) -> Said:
    if not findings.judgement.rows:
        return None
    contested = findings.contested
    text = say("sure.text", conflicts=len(contested.disputes), gaps=len(contested.discrepancies))
    origins = [origin for one in contested.discrepancies for origin in one.origins]
    return text, [*origins, *(o for one in contested.disputes for rival in one.rivals for o in rival.value.origins)]
