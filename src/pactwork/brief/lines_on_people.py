"""Lines of the answer on dialogue, opinion and views of the threat."""

from __future__ import annotations

import datetime as dt

from pactwork.brief import formats
from pactwork.brief.findings import Findings
from pactwork.brief.matrix import RECENT_MONTHS
from pactwork.brief.opinion import Answer, Poll, Question, View, Wording, widest_gap
from pactwork.brief.origins import Said
from pactwork.brief.words import say


def say_dialogue(findings: Findings) -> Said:
    """Return how often both partners met, their latest meeting, formats, and elections ahead."""
    timeline, day = findings.timeline, findings.ledger.day
    met = timeline.meetings(dt.date.min, day)
    if not met and not timeline.formats:
        return None
    recent = [event for event in met if (day - event.day).days <= RECENT_MONTHS * 30.5]
    text = ""
    if met:
        text = say("dialogue.latest" if recent else "dialogue.older", events=len(recent), months=RECENT_MONTHS,
                   day=formats.spell_day(day), title=formats.shorten(met[0].title, 160), when=met[0].when)  # fmt: skip
    active = [one for one in timeline.formats if one.state == "active" and one.tie]
    if active:
        bodies = [one.tie.through for one in active if one.tie and one.tie.through]
        names = formats.join(list(dict.fromkeys(bodies)), "or")
        through = say("dialogue.through", number=formats.in_words(len(bodies)), bodies=names) if bodies else ""
        text += say("dialogue.formats", formats=len(active), through=through)
    elif timeline.formats:
        text += say("dialogue.nothing_active")
    if timeline.elections:
        items = [say("dialogue.election", whose=one.whose, when=one.when) for one in timeline.elections]
        text += say("dialogue.elections", items="; ".join(items))
    origins = [event.origin for event in (*met[:1], *recent)] + [one.origin for one in timeline.elections]
    return text.strip(), origins


def say_opinion(findings: Findings) -> Said:
    """Return what the best graded polls found on the question that is asked most."""
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
        rivals = {one.percent for one in poll.answers if one.rival and one.option == answer.option and one.well_graded}
        shares = [formats.number(percent) for percent in (answer.percent, *sorted(rivals))]
        return say(
            "opinion.share", option=answer.option, percent=say("number.percent", number=formats.join(shares, "or"))
        )

    shares = formats.join([share(answer) for answer in poll.leading[:3]])
    offered = (
        say("on_opinion.one_answer")
        if wording.options == 1
        else say("on_opinion.answers", answers=formats.in_words(wording.options))
    )
    when = f"{poll.when}; {poll.caution}" if poll.caution else poll.when
    return say(
        "opinion.found", wording=wording.asked, options=offered, pollster=poll.pollster, when=when, shares=shares
    )


def _other_polls(questions: tuple[Question, ...], said: int) -> str:
    others = sum(question.polls for question in questions) - said
    return say("opinion.others", others=others) if others > 0 else ""


def list_shares(findings: Findings) -> list[tuple[Wording, Poll, Answer]]:
    """Return the leading answer of the best graded poll of each wording that `say_opinion` tells of."""
    if not findings.questions:
        return []
    chosen = _pick_wordings(findings.questions[0])
    newest = [(wording, max(wording.polls, key=lambda poll: (poll.probable, poll.day))) for wording in chosen]
    return [(wording, poll, poll.leading[0]) for wording, poll in newest if poll.leading]


def find_gap(findings: Findings) -> tuple[View, View] | None:
    """Return the two views of the threat that the partners see most differently, the higher first."""
    partners = tuple(formats.clean(findings.ledger.name_of(one.actor)) for one in findings.ledger.about.partners)
    pair = widest_gap(findings.views, partners)
    return None if pair is None else (max(pair, key=_height), min(pair[::-1], key=_height))


def _height(view: View) -> float:
    return view.likelihood


def say_threats(findings: Findings) -> Said:
    """Return the threat that the partners are judged to see most differently."""
    pair = find_gap(findings)
    if pair is None:
        return None
    first, second = pair
    origins = (first.origin, second.origin)
    if first.likelihood == second.likelihood:
        return say("threats.same"), origins
    return say(
        "threats.gap", threat=formats.shorten(first.threat, 160).rstrip("."), first=first.who, second=second.who,
        one=formats.number(first.likelihood), two=formats.number(second.likelihood),
    ), origins  # fmt: skip
