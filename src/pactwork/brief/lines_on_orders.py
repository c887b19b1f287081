"""Lines of the answer on what is ordered, delivered, paid and promised to industry."""

from __future__ import annotations

import re

from pactwork.brief import formats
from pactwork.brief.arrivals import Arrivals
from pactwork.brief.findings import Findings
from pactwork.brief.origins import Origin, Said
from pactwork.brief.outlook import spell_bias
from pactwork.brief.promises import Promise, Promises
from pactwork.brief.standing import SystemLine
from pactwork.brief.words import say

_MANY_SYSTEMS = 6


def say_delivered(findings: Findings) -> Said:
    """Return how much of what is ordered is recorded as delivered."""
    systems = findings.standing.systems
    if not systems:
        return None
    day = formats.spell_day(findings.ledger.day)
    buyer, supplier = findings.trade or ("", "")
    plain = "" if findings.trade else "_plain"
    origins = [one for line in systems for fact in (line.ordered, line.delivered) if fact for one in fact.origins]
    known = [line for line in systems if line.delivered]
    came = [line for line in known if line.share]
    if not came and (not known or len(known) == len(systems)):
        items = formats.join([f"{line.ordered.text} {line.name}" for line in systems])
        order = say(f"delivered.order{plain}", buyer=buyer, supplier=supplier, items=items)
        return say("delivered.none", order=order, day=day), origins
    items = delivered_items(known)
    complete = len(known) == len(systems) and all((line.share or 0) >= 1 for line in known)
    key = f"delivered.{'all' if complete else 'some'}{plain}"
    text = say(key, buyer=buyer, supplier=supplier, items=items, day=day)
    unknown = [line.name for line in systems if not line.delivered]
    vague = [line.name for line in known if line.vague and line.share]
    if unknown:
        text += say("delivered.unknown", names=formats.join(unknown))
    if vague:
        names = formats.join(vague) if len(vague) < len(came) or len(came) < 3 else say("delivered.any")
        text += say("delivered.unstated", names=names)
    return text, origins


def delivered_items(known: list[SystemLine]) -> str:
    """Return what came of each system, in a sentence; of many systems, those that are complete only as a count."""
    complete = [line for line in known if (line.share or 0) >= 1]
    if len(known) <= _MANY_SYSTEMS or len(complete) < 2:
        return formats.join([_delivered_words(line) for line in known])
    rest = [_delivered_words(line) for line in known if line not in complete]
    return formats.join([say("delivered.complete", number=formats.in_words(len(complete))), *rest])


def is_complete(findings: Findings) -> list[Origin]:
    """Return where it comes from that nothing ordered is still to come; nothing where that is not so, or not known."""
    known = [one for one in findings.arrivals if one.basis and one.last_due]
    complete = bool(known) and len(known) == len(findings.arrivals)
    if not complete or any(one.at(findings.ledger.day) < one.ordered for one in known):
        return []
    return [origin for one in known for origin in one.origins]


def list_local(promises: Promises) -> list[str]:
    """Return what is to be made locally under contract."""
    return [_local_words(row) for row in promises.local if row.contracted]


def _delivered_words(line: SystemLine) -> str:
    came = line.delivered.text if line.delivered else ""
    if line.share is not None and line.share >= 1 and came == line.ordered.text:
        return f"{line.ordered.text} {line.name}"
    if line.share == 0:
        return say("delivered.nothing_of", ordered=line.ordered.text, name=line.name)
    share = f" ({formats.percent(line.share)})" if line.share is not None else ""
    return say("delivered.part_of", came=came, ordered=line.ordered.text, name=line.name) + share


def say_pace(findings: Findings) -> Said:
    """Return the pace needed, and the pace shown where counts tell it."""
    day = findings.ledger.day
    known = [one for one in findings.arrivals if one.basis and one.last_due]
    if not known:
        return None
    left = [one for one in known if one.at(day) < one.ordered]
    origins = [origin for one in known for origin in one.origins]
    if not left:
        complete = len(known) == len(findings.arrivals)
        return (say("pace.complete"), origins) if complete else None
    late = [one for one in left if one.last_due and one.last_due <= day]
    open_ones = [one for one in left if one not in late]
    text = ""
    if late:
        items = formats.join([
            say("pace.overdue_one", left=formats.number(one.ordered - one.at(day)), name=one.name,
                due=formats.spell_day(one.last_due or day)) for one in late
        ])  # fmt: skip
        one_left = len(late) == 1 and late[0].ordered - late[0].at(day) == 1
        text = say("pace.overdue", items=items, are=1 if one_left else 2)
    if open_ones:
        items = formats.join([_pace_words(one, findings) for one in open_ones])
        shown = {one.name: pace for one in open_ones if (pace := one.pace_shown(day)) is not None}
        brackets = say("pace.brackets") if shown else ""
        text = f"{text} {say('pace.needed', items=items, brackets=brackets)}".strip()
        met = [one.name for one in open_ones if shown.get(one.name, -1) >= (one.pace_needed(day) or 0)]
        text += say("pace.met", names=formats.join(met)) if met else ""
        # A system that begins with nothing is no news; one whose finished lots hide an empty one is.
        waiting = [one.waiting for one in open_ones if one.waiting and one.at(day) > 0]
        text += say("pace.waiting", items=formats.join(waiting)) if waiting else ""
    return text, origins


def say_arriving(findings: Findings) -> Said:
    """Return the chance of each signed lot to be complete when it is due."""
    told = [one for one in findings.outlook.lots if one.signed and one.chance]
    if not told:
        return None
    items = [say("arriving.answer_item", chance=one.chance, name=one.name, due=one.due) for one in told]
    fast = spell_bias(findings.forecast.deliveries.reference) == say("arriving.fast")
    text = say("arriving.answer", items=formats.join(items), caution=say("arriving.caution") if fast else "")
    return text, [origin for one in told for origin in one.origins]


def _pace_words(one: Arrivals, findings: Findings) -> str:
    day = findings.ledger.day
    needed = formats.number(round(one.pace_needed(day) or 0, 1))
    shown = one.pace_shown(day)
    if shown is None:
        return say("pace.one_alone", needed=needed, name=one.name)
    return say("pace.one", needed=needed, name=one.name, shown=formats.number(round(shown, 1)))


def say_money(findings: Findings) -> Said:
    """Return the total of all contracts as stated, beside their sum."""
    money = findings.standing.money
    if money is None or not money.counted:
        return None
    bases = say("money.mixed", bases=formats.join(money.bases)) if len(money.bases) > 1 else ""
    text = say("money.both", stated=money.stated.text, counted=money.counted, total=money.total.text,
               bases=bases)  # fmt: skip
    if abs(money.difference) < 0.005:
        text += say("money.agrees")
    if money.missing:
        text += say("money.missing", names=formats.join(money.missing))
    return text, (*money.stated.origins, *money.total.origins)


def say_beyond(findings: Findings) -> Said:
    """Return what frameworks and options foresee beyond the orders."""
    beyond = findings.standing.beyond
    if not beyond:
        return None
    items = formats.join([f"{one.quantity.text} {one.name}" for one in beyond])
    return say("beyond.some", items=items), [origin for one in beyond for origin in one.quantity.origins]


def say_industry(findings: Findings) -> Said:
    """Return which promises of local production are under contract, which only negotiated, and the count of all."""
    promises = findings.promises
    if not promises.rows:
        return None
    states = formats.join([f"{formats.number(number)} {words}" for _, words, number in promises.counts])
    running = any(state in ("done", "under_way") for state, _, _ in promises.counts)
    key = "industry.some" if running else "industry.none_running"
    rest = say(key, count=len(promises.rows), states=states)
    contracted = [row for row in promises.local if row.contracted]
    waiting = [row for row in promises.local if row.state == "negotiated"]
    agreed, negotiated = ([_local_words(row) for row in rows] for rows in (contracted, waiting))
    origins = [row.origin for row in promises.local] + [row.origin for row in promises.rows]
    if not agreed and not negotiated:
        return rest, origins
    which = "local_both" if agreed and negotiated else "local_agreed" if agreed else "local_negotiated"
    return say(
        f"industry.{which}", agreed=formats.join(agreed), negotiated=formats.join(negotiated), rest=rest,
        are=_number_of(contracted), wait=_number_of(waiting),
    ), origins  # fmt: skip


def _number_of(rows: list[Promise]) -> int:
    """Return the number that the verb takes for what is to be made: one where one promise is of one."""
    return 1 if len(rows) == 1 and rows[0].quantity == 1 else 2


def _local_words(row: Promise) -> str:
    """Return what is to be made: how many, or that this is open."""
    what = row.items or row.summary
    if row.quantity is not None:
        return say("industry.items", number=_hedged(row), what=what)
    if row.of_quantity is not None:
        return say("industry.open", total=formats.number(row.of_quantity), what=what)
    return say("industry.unknown", what=what)


def _hedged(row: Promise) -> str:
    """Return a promised quantity, hedged as the promise's own words hedge it."""
    number = formats.number(row.quantity or 0)
    hedge = re.search(rf"\b(up to|about|at least|more than) {number}\b", row.summary, re.IGNORECASE)
    return f"{hedge[1].lower()} {number}" if hedge else number
