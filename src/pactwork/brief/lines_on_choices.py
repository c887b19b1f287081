"""The half page on choices: what holds up, what it costs, what the partner gets, what fails when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pactwork.brief import formats
from pactwork.brief.chosen import (
    HOLDS,
    Chosen,
    count_holding,
    count_met,
    is_better,
    is_clear,
    spell_money,
)
from pactwork.brief.lines_on_doubt import say_doubt
from pactwork.brief.lines_on_supplier import say_agreement, say_interest
from pactwork.brief.speaker import MOST_NAMES, Speaker, Told, shorten_list
from pactwork.brief.words import say, say_count
from pactwork.choices.requirements import Requirement
from pactwork.choices.views import ChoiceView, FailureBox
from pactwork.facts.choices import BASELINE

MOST_BOXES = 3
"""Failure boxes of one choice that are told in words."""
FOUND_AGAIN = 0.5


def say_choices(chosen: Chosen) -> tuple[Told, ...]:
    """Return the half page, paragraph by paragraph; one sentence where nothing is compared."""
    if chosen.comparison is None:
        return (Told("", say("choices.missing", names=formats.join(list(chosen.missing)))),)
    speaker = Speaker(chosen, chosen.comparison)
    return (
        Told(say("lead.holds"), say_holds(speaker) + _say_spread(speaker), more=_say_extremes(speaker).strip()),
        Told(say("lead.changes"), say_better(speaker)),
        Told(say("lead.costs"), say_cost(speaker), more=(_say_steps(speaker) + _say_currency(speaker)).strip()),
        Told(say("lead.supplier", supplier=speaker.setting.supplier), say_agreement(speaker),
             more=say_interest(speaker).strip()),
        Told(say("lead.fails"), _say_failures(speaker)), *say_doubt(speaker),
    )  # fmt: skip


def say_shortly(chosen: Chosen) -> str:
    """Return the line of the answer on choices; empty where nothing is compared."""
    if chosen.comparison is None:
        return ""
    speaker = Speaker(chosen, chosen.comparison)
    if not speaker.asked:
        return say("chosen.no_requirements", buyer=speaker.setting.buyer)
    held, most = speaker.holding[BASELINE], max(speaker.holding.values())
    text = say("chosen.holds", held=held, buyer=speaker.setting.buyer, count=len(speaker.asked))
    if len(speaker.top) == len(speaker.found.choices):
        return text + say("chosen.same")
    if most == held:
        return text + say("chosen.no_more")
    several = len(speaker.top) > 1
    price = "" if several else _price(speaker, speaker.top[0])
    text += say("chosen.most", names=speaker.names(speaker.top), most=most, each=_each(speaker.top),
                price=price)  # fmt: skip
    low, high, rivals = _find_spread(speaker)
    return text + (say("chosen.spread", low=low, high=high) if low != high and rivals else "")


def name_told(chosen: Chosen) -> tuple[str, ...]:
    """Return the choices of which the line of the answer speaks, by their ids."""
    if chosen.comparison is None:
        return ()
    return tuple(one.choice for one in Speaker(chosen, chosen.comparison).top)


def _price(speaker: Speaker, view: ChoiceView) -> str:
    """Return what a choice costs beyond what is contracted, as the end of a sentence."""
    mean = view.cost.mean
    key = "unclear" if not is_clear(mean) else "price" if mean.value > 0 else "saving"
    return say(f"chosen.{key}", amount=spell_money(mean.value, speaker.setting.money))


def say_holds(speaker: Speaker) -> str:
    """Return which requirements of the buyer hold up as contracted, and under which choices most do."""
    asked, setting = speaker.asked, speaker.setting
    if not asked:
        return say("choices.no_requirements", buyer=setting.buyer)
    held = speaker.holding[BASELINE]
    text = say("choices.holds", held=held, buyer=setting.buyer, count=len(asked))
    if len(speaker.top) == len(speaker.found.choices):
        return text + say("choices.holds_same", held=held)
    most = max(speaker.holding.values())
    if most == held:
        equal = [one for one in speaker.top if one.choice != BASELINE]
        also = say("choices.holds_also", names=speaker.names(equal)) if equal else ""
        return text + say("choices.holds_no_more", also=also)
    return text + say("choices.holds_most", names=speaker.names(speaker.top), held=most, each=_each(speaker.top))


def _each(views: Sequence[ChoiceView]) -> str:
    return say("chosen.each") if len(views) > 1 else ""


def _find_spread(speaker: Speaker) -> tuple[int, int, int]:
    """Return the fewest and most requirements that may hold up under what is on top, and how many may equal it."""
    spans = {one.choice: count_holding(one, speaker.asked) for one in speaker.found.choices}
    tops = [one.choice for one in speaker.top]
    low, high = min(spans[name][1] for name in tops), max(spans[name][2] for name in tops)
    return low, high, sum(spans[one.choice][2] >= low for one in speaker.found.choices if one.choice not in tops)


def _say_spread(speaker: Speaker) -> str:
    """Return how far the count of requirements that hold up could be luck."""
    if not speaker.asked:
        return ""
    low, high, rivals = _find_spread(speaker)
    if low == high or not rivals:
        return ""
    return say("choices.holds_range", low=low, high=high, others=rivals, it=len(speaker.top))


def _say_extremes(speaker: Speaker) -> str:
    """Return where the fewest hold up, and which requirements hold up under none or under all choices."""
    text, asked = "", speaker.asked
    if not asked:
        return ""
    fewest = min(speaker.holding.values())
    last = [one for one in speaker.found.choices if speaker.holding[one.choice] == fewest]
    if len(last) < len(speaker.found.choices) and speaker.base not in last:
        text += say("choices.holds_fewest", names=speaker.names(last), held=fewest, each=_each(last))
    met = {one.name: [view.robustness[one.name].met.value for view in speaker.found.choices] for one in asked}
    never = [one for one in asked if all(share < HOLDS for share in met[one.name])]
    always = [one for one in asked if all(share >= HOLDS for share in met[one.name])]
    if never:
        text += say("choices.holds_none", items=_join_long([_say_best(speaker, one) for one in never]))
    if always:
        text += say("choices.holds_all", items=shorten_list([speaker.requirement(one) for one in always], "other"))
    return text


def _say_best(speaker: Speaker, one: Requirement) -> str:
    met, futures = max(count_met(view, one.name) for view in speaker.found.choices)
    return say("choices.holds_none_item", title=speaker.requirement(one), met=met, futures=str(futures))


def _join_long(parts: list[str]) -> str:
    rest = len(parts) - MOST_NAMES
    shown = parts if rest < 2 else [*parts[:MOST_NAMES], say_count(rest, "other")]
    return "; ".join(shown)


def say_better(speaker: Speaker) -> str:
    """Return which choices do better than what is contracted by more than chance could make it, and which not."""
    asked = speaker.asked or speaker.own
    judged = {one.choice: [is_better(one, need) for need in asked] for one in speaker.others}
    same = all(one.differences[need.name].changes_nothing for one in speaker.others for need in asked)
    if same:
        return say("choices.alike")
    most = max(sum(one is True for one in found) for found in judged.values())
    silent = [one for one in speaker.others if all(found is None for found in judged[one.choice])]
    text = say("choices.better_none")
    if most:
        best = [one for one in speaker.others if sum(found is True for found in judged[one.choice]) == most]
        lost = [need for at, need in enumerate(asked) if all(judged[one.choice][at] is False for one in best)]
        worse = say("choices.better_worse", worse=shorten_list([speaker.requirement(one) for one in lost], "other"))
        some = say("choices.better_worse_some") if any(False in judged[one.choice] for one in best) else ""
        text = say("choices.better", names=speaker.names(best), best=len(best), better=most, count=len(asked),
                   each=_each(best), worse=worse if lost else some)  # fmt: skip
    if len(silent) == len(speaker.others):
        text += say("choices.unclear_every")
    elif silent:
        text += say("choices.unclear_all", names=speaker.names(silent))
    return text


def say_cost(speaker: Speaker) -> str:
    """Return what choices cost beyond what is contracted: the least, the most, and what cannot be told."""
    money = speaker.setting.money
    clear = sorted((one for one in speaker.others if is_clear(one.cost.mean)), key=lambda one: one.cost.mean.value)
    dear = [one for one in clear if one.cost.mean.value > 0]
    text = say("choices.cost_none")
    if dear:
        most = spell_money(dear[-1].cost.mean.value, money)
        error = spell_money(2 * dear[-1].cost.mean.standard_error, money, hedged=False)
        if len(dear) == 1:
            text = say("choices.cost_one", names=speaker.name(dear[0]), most=most, error=error)
        else:
            text = say("choices.cost", cheapest=speaker.names(dear[:1]), error=error, most=most,
                       least=spell_money(dear[0].cost.mean.value, money), dearest=speaker.names(dear[-1:]))  # fmt: skip
    saved = [f"{speaker.name(one)} ({spell_money(one.cost.mean.value, money)})" for one in clear
             if one.cost.mean.value < 0]  # fmt: skip
    if saved:
        text += say("choices.cost_saves", items=shorten_list(saved, "other"))
    doubtful = [one for one in speaker.others if one not in clear]
    if doubtful and dear:
        text += say("choices.cost_unclear", names=speaker.names(doubtful))
    return text


def _say_steps(speaker: Speaker) -> str:
    """Return what more money buys: choices that do better on more outcomes than anything cheaper."""
    if not speaker.asked:
        return ""
    ordered = sorted(speaker.others, key=lambda one: (one.cost.mean.value, -speaker.better[one.choice]))
    best, steps = 0, []
    for one in ordered:
        if speaker.better[one.choice] > best:
            best = speaker.better[one.choice]
            price = spell_money(one.cost.mean.value, speaker.setting.money)
            priced = price if is_clear(one.cost.mean) else say("choices.cost_untold")
            steps.append(f"{speaker.name(one)} ({best}; {priced})")
    return say("choices.cost_steps", items=", ".join(steps)) if steps else say("choices.cost_no_step")


def _say_currency(speaker: Speaker) -> str:
    setting = speaker.setting
    if setting.exchanged:
        return say("choices.cost_money", buyer=setting.buyer, money=setting.money, day=setting.exchanged)
    return say("choices.cost_plain", money=setting.money)


def choose_boxes(speaker: Speaker) -> Iterator[tuple[ChoiceView, FailureBox]]:
    """Yield what is told in words: the surest boxes of what is contracted and of what is on top, found again."""
    for view in speaker.told:
        sure = [one for one in view.boxes if one.stability.found >= FOUND_AGAIN]
        yield from ((view, one) for one in sorted(sure, key=lambda one: -one.box.evidence)[:MOST_BOXES])


def _say_failures(speaker: Speaker) -> str:
    boxes = list(choose_boxes(speaker))
    parts = [
        say("choices.fails", whose=formats.capitalise(_whose(speaker, view)),
            title=speaker.requirement(one.requirement),
            density=formats.percent(one.box.density), outside=formats.percent(one.box.density_outside),
            words=formats.clean(one.words), futures=str(one.box.futures), all=str(speaker.found.futures))
        for view, one in boxes
    ]  # fmt: skip
    if not boxes:
        names = formats.join([_whose(speaker, one) for one in speaker.told], "or")
        parts = [say("choices.fails_none", names=names)]
    rest = sum(len(one.boxes) for one in speaker.found.choices) - len(boxes)
    if rest:
        parts.append(say("choices.fails_how", count=rest))
    return " ".join(parts)


def _whose(speaker: Speaker, view: ChoiceView) -> str:
    return say("choices.contracted") if view.choice == BASELINE else speaker.name(view)
