"""How sentences name choices, requirements and levers, and who comes out on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pactwork.brief import formats
from pactwork.brief.chosen import Chosen, asked_by, baseline_of, count_holding, is_better, is_refused
from pactwork.brief.words import say, say_count
from pactwork.choices.requirements import Requirement
from pactwork.choices.views import ChoiceView, Comparison
from pactwork.facts.choices import BASELINE

MOST_NAMES = 3
"""Names in one sentence; the others are counted."""


@dataclass(frozen=True)
class Told:
    """One paragraph: what it is about, its sentences, whether it tells what is not known, and what is folded away."""

    lead: str
    text: str
    doubt: bool = False
    more: str = ""


class Speaker:
    """What the sentences share: names of choices, refusals said with them, and who comes out on top."""

    def __init__(self, chosen: Chosen, found: Comparison) -> None:
        self.chosen, self.found, self.setting = chosen, found, chosen.setting
        self.base = baseline_of(found)
        self.others = tuple(one for one in found.choices if one.choice != BASELINE)
        self.asked, self.own = asked_by(found, "buyer"), asked_by(found, "supplier")
        self.holding = {one.choice: count_holding(one, self.asked)[0] for one in found.choices}
        most = max(self.holding.values())
        judged = {one.choice: [is_better(one, need) for need in self.asked] for one in found.choices}
        self.better = {name: found.count(True) for name, found in judged.items()}
        top = [one for one in found.choices if self.holding[one.choice] == most]
        self.top = tuple(sorted(top, key=lambda one: -self.better[one.choice]))
        self.titles = {one.choice: one for one in found.choices}

    @property
    def told(self) -> tuple[ChoiceView, ...]:
        """Return what is looked at more closely: what is contracted, and the choice on top that does better on most."""
        return (self.base, *[one for one in self.top if one.choice != BASELINE][:1])

    def name(self, view: ChoiceView) -> str:
        """Return a choice's title, never without saying that the supplier would rather refuse it."""
        title = f"“{formats.clean(view.title)}”"
        return say("choices.refused", title=title, supplier=self.setting.supplier) if is_refused(view) else title

    def names(self, views: Sequence[ChoiceView], last: str = "and") -> str:
        """Return titles as a list, the first few of many."""
        return shorten_list([self.name(one) for one in views], "other", last)

    def requirement(self, one: Requirement | str) -> str:
        """Return a requirement's title."""
        found = one if isinstance(one, Requirement) else next(r for r in self.found.requirements if r.name == one)
        return f"“{formats.clean(found.stated.title)}”"

    def lever(self, name: str) -> str:
        """Return a lever's title."""
        return f"“{self.setting.levers.get(name, formats.clean(name))}”"


def shorten_list(parts: Sequence[str], noun: str, last: str = "and") -> str:
    """Return parts as a list in a sentence; beyond a few they are counted, under a name of counts.

    Examples
    --------
    >>> shorten_list(["a", "b", "c", "d", "e", "f"], "other")
    'a, b, c and 3 others'
    """
    if len(parts) <= MOST_NAMES + 1:
        return formats.join(list(parts), last)
    return formats.join([*parts[:MOST_NAMES], say_count(len(parts) - MOST_NAMES, noun)], last)
