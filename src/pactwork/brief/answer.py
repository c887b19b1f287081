"""The answer in ten lines: sentences that stay true whatever the case holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pactwork.brief import formats
from pactwork.brief.arrivals import Arrivals
from pactwork.brief.findings import Findings
from pactwork.brief.matrix import RECENT_MONTHS
from pactwork.brief.opinion import Answer, Poll, Question, Wording, widest_gap
from pactwork.brief.origins import Origin, merge
from pactwork.brief.standing import SystemLine
from pactwork.brief.timeline import Event
from pactwork.brief.words import load_words, say

_MANY_SYSTEMS = 6
_MEETINGS = ("Meetings", "Exercises")


@dataclass(frozen=True)
class Line:
    """One line of the answer: what it is about, what it says, where that comes from, where the page shows more."""

    lead: str
    text: str
    section: str
    origins: tuple[Origin, ...] = ()

    def __str__(self) -> str:
        return f"{self.lead}: {self.text}"


def compose_answer(findings: Findings) -> tuple[Line, ...]:
    """Return the answer: at most ten lines; what the case holds nothing about is named in the last."""
    composers: dict[str, tuple[str, Callable[[Findings], tuple[str, Iterable[Origin]] | None]]] = {
        "delivered": ("standing", _say_delivered),
        "pace": ("deliveries", _say_pace),
        "money": ("standing", _say_money),
        "beyond": ("standing", _say_beyond),
        "industry": ("industry", _say_industry),
        "cooperation": ("cooperation", _say_cooperation),
        "dialogue": ("dialogue", _say_dialogue),
        "opinion": ("opinion", _say_opinion),
        "threats": ("threats", _say_threats),
        "certainty": ("judgement", _say_certainty),
    }
    words = load_words()
    lines, silent = [], []
    for name, (section, compose) in composers.items():
        said = compose(findings)
        if said is None:
            silent.append(name)
        else:
            lines.append(Line(words["lead"][name], said[0], section, merge(said[1])))
    missing = [words["silent"][name] for name in silent if name in words["silent"]]
    if missing:
        lines.append(Line(words["lead"]["silent"], say("silent.one", names=formats.join(missing, "or")), "limits"))
    return tuple(lines)


def _say_delivered(findings: Findings) -> tuple[str, Iterable[Origin]] | None:
    systems = findings.standing.systems
    if not systems:
        return None
    day = formats.day(findings.ledger.day)
    buyer, supplier = findings.trade or ("", "")
    plain = "" if findings.trade else "_plain"
    origins = [one for line in systems for fact in (line.ordered, line.delivered) if fact for one in fact.origins]
    known = [line for line in systems if line.delivered]
    came = [line for line in known if line.share]
    if not came and (not known or len(known) == len(systems)):
        items = formats.join([f"{line.ordered.text} {line.name}" for line in systems])
        order = say(f"delivered.order{plain}", buyer=buyer, supplier=supplier, items=items)
        return say("delivered.none", order=order, day=day), origins
    items = _items_delivered(known)
    complete = len(known) == len(systems) and all((line.share or 0) >= 1 for line in known)
    key = f"delivered.{'all' if complete else 'some'}{plain}"
    text = say(key, buyer=buyer, supplier=supplier, items=items, day=day)
    unknown = [line.name for line in systems if not line.delivered]
    vague = [line.name for line in known if line.basis.startswith("delivered") and line.share]
    if unknown:
        text += say("delivered.unknown", names=formats.join(unknown))
    if vague:
        names = formats.join(vague) if len(vague) < len(came) or len(came) < 3 else load_words()["delivered"]["any"]
        text += say("delivered.unstated", names=names)
    return text, origins


def _items_delivered(known: list[SystemLine]) -> str:
    """Return what came of each system; of many systems, those that are complete only as a count."""
    complete = [line for line in known if (line.share or 0) >= 1]
    if len(known) <= _MANY_SYSTEMS or len(complete) < 2:
        return formats.join([_delivered_words(line) for line in known])
    rest = [_delivered_words(line) for line in known if line not in complete]
    return formats.join([say("delivered.complete", number=formats.in_words(len(complete))), *rest])


def _delivered_words(line: SystemLine) -> str:
    came = line.delivered.text if line.delivered else ""
    if line.share is not None and line.share >= 1 and came == line.ordered.text:
        return f"{line.ordered.text} {line.name}"
    share = f" ({formats.percent(line.share)})" if line.share is not None else ""
    if line.share == 0:
        return f"none of {line.ordered.text} {line.name}"
    return f"{came} of {line.ordered.text} {line.name}{share}"


def _say_pace(findings: Findings) -> tuple[str, Iterable[Origin]] | None:
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
                due=formats.day(one.last_due or day)) for one in late
        ])  # fmt: skip
        text = say("pace.overdue", items=items)
    if open_ones:
        items = formats.join([_pace_words(one, findings) for one in open_ones])
        shown = {one.name: pace for one in open_ones if (pace := one.pace_shown(day)) is not None}
        brackets = say("pace.brackets") if shown else ""
        text = f"{text} {say('pace.needed', items=items, brackets=brackets)}".strip()
        met = [one.name for one in open_ones if shown.get(one.name, -1) >= (one.pace_needed(day) or 0)]
        text += say("pace.met", names=formats.join(met)) if met else ""
    return text, origins


def _pace_words(one: Arrivals, findings: Findings) -> str:
    day = findings.ledger.day
    needed = formats.number(round(one.pace_needed(day) or 0, 1))
    if one.open_delivered == 0:
        return say("pace.none", needed=needed, name=one.name, left=formats.number(one.ordered - one.at(day)))
    shown = one.pace_shown(day)
    if shown is None:
        return say("pace.one_alone", needed=needed, name=one.name)
    return say("pace.one", needed=needed, name=one.name, shown=formats.number(round(shown, 1)))


def _say_money(findings: Findings) -> tuple[str, Iterable[Origin]] | None:
    money = findings.standing.money
    if money is None or not money.counted:
        return None
    bases = say("money.mixed", bases=formats.join(money.bases)) if len(money.bases) > 1 else ""
    counted = formats.count(money.counted, "contract")
    text = say("money.both", stated=money.stated.text, counted=counted, total=money.total.text, bases=bases,
               add="adds" if money.counted == 1 else "add")  # fmt: skip
    if abs(money.difference) < 0.005:
        text += say("money.agrees")
    if money.missing:
        text += say("money.missing", names=formats.join(money.missing))
    return text, (*money.stated.origins, *money.total.origins)


def _say_beyond(findings: Findings) -> tuple[str, Iterable[Origin]] | None:
    beyond = findings.standing.beyond
    if not beyond:
        return None
    items = formats.join([f"{one.quantity.text} {one.name}" for one in beyond])
    return say("beyond.some", items=items), [origin for one in beyond for origin in one.quantity.origins]


def _say_industry(findings: Findings) -> tuple[str, Iterable[Origin]] | None:
    promises = findings.promises
    if not promises.rows:
        return None
    states = formats.join([f"{formats.number(number)} {words}" for _, words, number in promises.counts])
    running = any(state in ("done", "under_way") for state, _, _ in promises.counts)
    key = "industry.some" if running else "industry.none_running"
    total = len(promises.rows)
    text = say(key, count=formats.count(total, "promise"), are=_are(total), states=states)
    return text, (row.origin for row in promises.rows)


def _say_cooperation(findings: Findings) -> tuple[str, Iterable[Origin]] | None:
    matrix, tracker = findings.matrix, findings.recommendations
    if not matrix.lines:
        return None
    counts = {state: len(matrix.fields_at_best(state)) for state in ("active", "agreed", "talks", "recommended")}
    fields = formats.count(len(matrix.lines), "field")
    parts = [say("cooperation.runs", fields=fields, active=_none_or(counts["active"]))]
    parts += [
        say(f"cooperation.{key}", **{state: formats.in_words(counts[state])})
        for key, state in (("agreed", "agreed"), ("talks", "talks"), ("asked", "recommended"))
        if counts[state]
    ]
    text = formats.join(parts) + "."
    if tracker:
        text += say("cooperation.tracker", count=formats.count(len(tracker), "recommendation"),
                    states=_tracker_words([one.state for one in tracker]))  # fmt: skip
    evidence = (one.origin for line in matrix.lines for cell in line.cells for one in cell.evidence)
    return text, evidence


def _tracker_words(states: list[str]) -> str:
    done, running = states.count("done"), states.count("under way")
    rest = len(states) - done - running
    parts = [
        f"{_none_or(done)} {'is' if done < 2 else 'are'} done",
        f"{_none_or(running)} {'is' if running < 2 else 'are'} under way",
    ]
    if rest:
        parts.append(f"{formats.in_words(rest)} {'is' if rest == 1 else 'are'} not begun")
    return formats.join(parts)


def _none_or_number(number: int) -> str:
    return formats.number(number) if number else "none"


def _none_or(number: int) -> str:
    return formats.in_words(number) if number else "none"


def _say_dialogue(findings: Findings) -> tuple[str, Iterable[Origin]] | None:
    timeline, day = findings.timeline, findings.ledger.day
    met = [event for event in timeline.events if event.lane in _MEETINGS and event.day <= day]
    active = sum(one.state == "active" for one in timeline.formats)
    if not met and not timeline.formats:
        return None
    text = ""
    recent = [event for event in met if (day - event.day).days <= RECENT_MONTHS * 30.5]
    latest = _latest_meeting(findings, met)
    if latest:
        events = formats.count(len(recent), "meeting or exercise", "meetings and exercises")
        text = say("dialogue.latest" if recent else "dialogue.older", events=formats.capitalise(events),
                   are=_are(len(recent)), months=str(RECENT_MONTHS), day=formats.day(day),
                   title=_quote(latest.title), when=latest.when)  # fmt: skip
    if timeline.formats:
        standing = formats.capitalise(formats.count(active, "standing format"))
        text += (
            say("dialogue.formats", formats=standing, are=_are(active)) if active else say("dialogue.nothing_active")
        )
    ahead = timeline.elections[:4]
    if ahead:
        items = [_election_words(one.office, one.who, one.when) for one in ahead]
        text += say("dialogue.elections", items="; ".join(items))
    origins = [event.origin for event in (latest, *recent) if event] + [one.origin for one in ahead]
    return text.strip(), origins


def _election_words(office: str, who: str, when: str) -> str:
    """Return an election ahead; whose it is need not be said twice."""
    whose = office if who in office else f"{office} of {who}"
    return say("dialogue.election", whose=whose, when=when)


def _latest_meeting(findings: Findings, met: list[Event]) -> Event | None:
    """Return the newest meeting of the partners with each other, or the newest of any; a span of months is no day."""
    dated = [event for event in met if event.precise] or met
    both = [event for event in dated if findings.partners and all(name in event.who for name in findings.partners)]
    return next(iter(both or dated), None)


def _say_opinion(findings: Findings) -> tuple[str, Iterable[Origin]] | None:
    if not findings.questions:
        return None
    question = findings.questions[0]
    chosen = _pick_wordings(question)
    newest = [(wording, max(wording.polls, key=lambda poll: (poll.probable, poll.day))) for wording in chosen]
    said = [_poll_words(poll, wording) for wording, poll in newest if poll.leading]
    if not said:
        return None
    text = say("opinion.head", name=question.name) + formats.capitalise("; ".join(said)) + "."
    if len(question.wordings) > 1:
        text += say("opinion.apart")
    text += _other_polls(findings.questions, len(said))
    return text, (answer.origin for _, poll in newest for answer in poll.answers)


def _pick_wordings(question: Question) -> list[Wording]:
    """Return the newest wording with two answers and the newest with more, or else the newest of all."""
    by_day = sorted(question.wordings, key=lambda one: max((poll.probable, poll.day) for poll in one.polls))
    binary = [one for one in by_day if one.options == 2]
    wider = [one for one in by_day if one.options > 2]
    return [*binary[-1:], *wider[-1:]] or by_day[-1:]


def _poll_words(poll: Poll, wording: Wording) -> str:
    def share(answer: Answer) -> str:
        return say("opinion.share", option=answer.option, percent=f"{formats.number(answer.percent)}%")

    shares = formats.join([share(answer) for answer in poll.leading[:3]])
    offered = "one answer reported" if wording.options == 1 else f"{formats.in_words(wording.options)} answers"
    asked = formats.lower_first(wording.name)
    return say("opinion.found", wording=asked, options=offered, pollster=poll.pollster, when=poll.when, shares=shares)


def _other_polls(questions: tuple[Question, ...], said: int) -> str:
    others = sum(question.polls for question in questions) - said
    return say("opinion.others", others=formats.count(others, "poll"), are=_are(others)) if others > 0 else ""


def _say_threats(findings: Findings) -> tuple[str, Iterable[Origin]] | None:
    partners = tuple(formats.clean(findings.ledger.name_of(one.actor)) for one in findings.ledger.about.partners)
    pair = widest_gap(findings.views, partners)
    if pair is None:
        return None
    first, second = sorted(pair, key=lambda view: -view.likelihood)
    origins = (first.origin, second.origin)
    if first.likelihood == second.likelihood:
        return say("threats.same"), origins
    return say(
        "threats.gap", threat=_quote(first.threat).rstrip("."), first=first.who, second=second.who,
        one=formats.number(first.likelihood), two=formats.number(second.likelihood),
    ), origins  # fmt: skip


def _say_certainty(findings: Findings) -> tuple[str, Iterable[Origin]] | None:
    judgement, contested = findings.judgement, findings.contested
    if not judgement.rows:
        return None
    conflicts, gaps = len(contested.disputes), len(contested.discrepancies)
    text = say("certainty.agree")
    if conflicts or gaps:
        text = say("certainty.conflicts", conflicts=formats.capitalise(formats.count(conflicts, "set")),
                   stand="stands" if conflicts == 1 else "stand",
                   discrepancies=formats.count(gaps, "thing"), do="does" if gaps == 1 else "do")  # fmt: skip
    weak = say("certainty.weak", weak=_none_or_number(judgement.weak_figures),
               figures=formats.count(judgement.figures, "figure"),
                are="is" if judgement.weak_figures < 2 else "are") if judgement.figures else ""  # fmt: skip
    key = "certainty.judgement" if judgement.judged else "certainty.no_judgement"
    share = formats.capitalise(formats.percent(judgement.judged / judgement.rows))
    text += say(key, share=share, rows=formats.number(judgement.rows), weak=weak)
    origins = [origin for one in contested.discrepancies for origin in one.origins]
    origins += [origin for one in contested.disputes for rival in one.rivals for origin in rival.value.origins]
    return text, origins


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _quote(text: str) -> str:
    return formats.shorten(text, 160)
