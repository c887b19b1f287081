"""What the supplier would agree to, and what it gets under each choice."""

from __future__ import annotations

from pactwork.brief import formats
from pactwork.brief.chosen import count_holding, is_clear, is_refused, spell_money
from pactwork.brief.speaker import Speaker, shorten_list
from pactwork.brief.words import say
from pactwork.choices.partner import OUTCOMES

NINE_IN_TEN = 0.9
EARNS, OWN_FORCES = OUTCOMES[:2]


def say_agreement(speaker: Speaker) -> str:
    """Return what the supplier would rather refuse, and what is hardest to get of the rest."""
    supplier = speaker.setting.supplier
    if all(one.partner is None for one in speaker.found.choices):
        return say("choices.agrees_unknown", supplier=supplier)
    chances = {one.choice: one.partner.agreement.probability for one in speaker.others if one.partner}
    asking = [(one, chance) for one in speaker.others if (chance := chances.get(one.choice)) is not None]
    refused = [one for one, _ in asking if is_refused(one)]
    willing = [(one, chance) for one, chance in asking if not is_refused(one)]
    least = min((chance for _, chance in willing), default=1.0)
    hardest = [one for one, chance in willing if chance == least]
    if refused:
        titles = [f"“{formats.clean(one.title)}”" for one in refused]
        text = say("choices.agrees_refused", supplier=supplier, names=shorten_list(titles, "other"),
                   they=len(refused))  # fmt: skip
        return text + (say("choices.agrees_hardest", names=speaker.names(hardest), chance=formats.percent(least))
                       if hardest else "")  # fmt: skip
    if not willing:
        return say("choices.agrees_not_asked", supplier=supplier)
    return say("choices.agrees_all", supplier=supplier, names=speaker.names(hardest), chance=formats.percent(least))


def say_interest(speaker: Speaker) -> str:
    """Return what the supplier earns, what its own forces wait for, and how many of its requirements hold up."""
    views = [(one, one.partner) for one in speaker.others if one.partner is not None]
    earned = [(one, part.differences[EARNS].mean) for one, part in views if EARNS in part.differences]
    clear = [(one, mean) for one, mean in earned if is_clear(mean)]
    text = ""
    if any(mean.value > 0 for _, mean in clear):
        most = max(mean.value for _, mean in clear)
        text += say("choices.earns", names=speaker.names([one for one, mean in clear if mean.value == most]),
                    amount=spell_money(most, speaker.setting.money))  # fmt: skip
    less = [one for one, mean in clear if mean.value < 0]
    text += say("choices.earns_less", names=speaker.names(less)) if less else ""
    text += say("choices.earns_unclear") if earned and not clear else ""
    waited = [(one, part.differences[OWN_FORCES].mean) for one, part in views if OWN_FORCES in part.differences]
    waits = [one for one, mean in waited if is_clear(mean) and mean.value > 0]
    text += say("choices.waits", names=speaker.names(waits)) if waits else ""
    fine = [one for one, part in views if part.no_worse_off.value >= NINE_IN_TEN]
    if views:
        text += say("choices.no_worse", many=len(fine), count=len(views))
    return text + _say_own(speaker)


def _say_own(speaker: Speaker) -> str:
    if not speaker.own:
        return ""
    held = count_holding(speaker.base, speaker.own)[0]
    top = "".join(say("choices.own_top", held=count_holding(one, speaker.own)[0], names=speaker.name(one))
                  for one in speaker.told[1:])  # fmt: skip
    return say("choices.own", count=len(speaker.own), held=held, top=top)
