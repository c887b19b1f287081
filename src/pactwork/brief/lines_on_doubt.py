"""What is not known of choices: levers of unknown effect, the odds of war, judgement, and what changed nothing."""

from __future__ import annotations

from collections.abc import Sequence

from pactwork.brief import formats
from pactwork.brief.chosen import is_clear
from pactwork.brief.speaker import Speaker, Told, shorten_list
from pactwork.brief.words import say
from pactwork.choices.break_even import BreakEven
from pactwork.choices.views import Deterrence, Worth
from pactwork.facts.choices import BASELINE

MOST_EFFECTS = 2
"""Levers told with the effect from which on they help; the table has them all."""


def say_doubt(speaker: Speaker) -> tuple[Told, ...]:
    """Return the paragraphs on what is not known."""
    return (
        Told(say("lead.unknown"), say_unknown(speaker), doubt=True),
        Told(say("lead.war"), say_war(speaker), doubt=True),
        Told(say("lead.judged"), say_judged(speaker), doubt=True),
        Told(say("lead.idle"), say_idle(speaker), doubt=True),
    )  # fmt: skip


def read_verdict(one: BreakEven | None) -> str:
    """Return from which effect on a lever is worth having, in one word; help that luck could make is not clear.

    ``nothing`` where it makes no difference in any future, ``none`` where there is no alternative to hold it against.
    """
    if one is None:
        return "none"
    if one.mean == one.mean_low == one.mean_high == 0:
        return "nothing"
    return "unclear" if one.verdict == "always" and not one.mean_low > 0 else one.verdict


def spell_effect(one: BreakEven) -> tuple[str, str, str]:
    """Return the effect from which on, and the ends of its interval, as shares of the effect hoped for."""
    low = formats.percent(one.low) if one.low is not None else say("choices.unknown_least")
    high = formats.percent(one.high) if one.high is not None else say("choices.unknown_most")
    return formats.percent(one.effect or 0.0), low, high


def _narrowest(rows: Sequence[tuple[Worth, BreakEven]]) -> list[tuple[Worth, BreakEven]]:
    """Return the surest first, each lever once."""
    ordered = sorted(rows, key=lambda row: (row[1].high if row[1].high is not None else row[1].range[1])
                     - (row[1].low if row[1].low is not None else row[1].range[0]))  # fmt: skip
    seen: dict[str, tuple[Worth, BreakEven]] = {}
    for row in ordered:
        seen.setdefault(row[0].lever, row)
    return list(seen.values())[:MOST_EFFECTS]


def list_worth(speaker: Speaker) -> list[Worth]:
    """Return what is known of levers of unknown effect, for the buyer's requirements."""
    asked = {one.name for one in speaker.asked}
    return [one for view in speaker.found.choices for one in view.worth if one.requirement in asked]


def say_unknown(speaker: Speaker) -> str:
    """Return which levers' effects nobody has measured, from which effect on they help, and are worth their cost."""
    rows, unknown = list_worth(speaker), speaker.setting.unknown
    looked = list(dict.fromkeys(one.lever for one in rows))
    count = len(dict.fromkeys([*unknown, *looked]))
    if not count:
        return say("choices.unknown_none")
    text = say("choices.unknown", count=count)
    helps = [(one, one.useful) for one in rows if one.helps and one.useful.verdict == "from"]
    if helps:
        items = [_item(speaker, "choices.unknown_item", *row) for row in _narrowest(helps)]
        text += say("choices.unknown_from", items="; ".join(items))
    always = dict.fromkeys(one.lever for one in rows if one.helps and one.useful.verdict == "always")
    text += say("choices.unknown_always", names=_levers(speaker, list(always))) if always else ""
    text += _say_worth(speaker, rows)
    good = {one.lever for one in rows if one.helps}
    text += say("choices.unknown_luck", pairs=len(rows)) if good else ""
    idle = [one for one in looked if one not in good]
    text += say("choices.unknown_never", names=_levers(speaker, idle)) if idle else ""
    rest = [one for one in unknown if one not in looked]
    if looked and rest:
        text += say("choices.unknown_rest", count=len(rest))
    return text + ("" if rows else say("choices.unknown_untold"))


def _say_worth(speaker: Speaker, rows: Sequence[Worth]) -> str:
    priced = [(one, one.worth_its_cost) for one in rows if one.helps and one.worth_its_cost is not None
              and read_verdict(one.worth_its_cost) == "from"]  # fmt: skip
    always = dict.fromkeys(one.lever for one in rows
                           if one.helps and read_verdict(one.worth_its_cost) == "always")  # fmt: skip
    text = ""
    if priced:
        items = [_item(speaker, "choices.unknown_cost_item", *row) for row in _narrowest(priced)]
        text += say("choices.unknown_cost", items="; ".join(items))
    return text + (say("choices.unknown_cost_always", names=_levers(speaker, list(always))) if always else "")


def _item(speaker: Speaker, key: str, one: Worth, found: BreakEven) -> str:
    effect, low, high = spell_effect(found)
    other = (
        speaker.name(speaker.titles[one.alternative])
        if one.alternative in speaker.titles
        else say("choices.unknown_nothing")
    )
    return say(key, lever=speaker.lever(one.lever), title=speaker.requirement(one.requirement), effect=effect, low=low,
               high=high, other=other)  # fmt: skip


def _levers(speaker: Speaker, names: Sequence[str]) -> str:
    return shorten_list([speaker.lever(one) for one in names], "other")


def list_deterrence(speaker: Speaker) -> list[Deterrence]:
    """Return what a deterrent would have to match: gains of the best choice that can be told from chance."""
    asked = {one.name for one in speaker.asked}
    return [one for one in speaker.found.deterrence if one.requirement in asked and one.best != BASELINE
            and one.gain > 0 and is_clear(speaker.titles[one.best].differences[one.requirement].mean)]  # fmt: skip


def say_war(speaker: Speaker) -> str:
    """Return that no choice changes the odds of war, and how many crises a deterrent would have to prevent."""
    text, rows = say("choices.war"), list_deterrence(speaker)
    if not rows:
        return text + say("choices.war_none")
    matched = [(one, one.needed) for one in rows if one.needed is not None and one.needed <= 1]
    beyond = [one for one in rows if one.needed is None or one.needed > 1]
    if matched:
        items = [say("choices.war_item", share=formats.percent(share), title=speaker.requirement(one.requirement),
                     best=speaker.name(speaker.titles[one.best])) for one, share in matched]  # fmt: skip
        text += say("choices.war_some", items=shorten_list(items, "other"))
    if beyond:
        names = shorten_list([speaker.requirement(one.requirement) for one in beyond], "other")
        text += say("choices.war_beyond", names=names)
    return text


def say_judged(speaker: Speaker) -> str:
    """Return how much of what outcomes hang on is judgement, for outcomes of which anything stands out from luck."""
    shares = [one.origin.judged for one in speaker.found.drivers if one.drivers and one.origin.judged is not None]
    text = say("choices.judged_none")
    if shares:
        low, high = formats.percent(min(shares)), formats.percent(max(shares))
        text = say("choices.judged", share=low if low == high else say("range.plain", low=low, high=high),
                   count=len(shares))  # fmt: skip
    setting = speaker.setting
    if setting.parameters:
        text += say("choices.judged_all", parameters=setting.parameters, judged=setting.judged)  # fmt: skip
    return text


def say_idle(speaker: Speaker) -> str:
    """Return which levers changed nothing in any run, and which are counted at their cost only."""
    found, tracked = speaker.found, speaker.setting.tracked
    idle = found.idle_levers
    alone = any(len(one.levers) == 1 for one in found.choices)
    whole = [one for one in speaker.others if one.idle and len(one.levers) > 1]
    names = [_levers(speaker, idle)] if idle else []
    names += [say("choices.idle_whole", names=speaker.names(whole))] if whole else []
    if names:
        text = formats.capitalise(say("choices.idle", names=formats.join(names)))
    else:
        text = say("choices.idle_none" if alone else "choices.idle_untried")
    if tracked:
        text += say("choices.idle_tracked", names=_levers(speaker, list(tracked)), they=len(tracked))
    return text
