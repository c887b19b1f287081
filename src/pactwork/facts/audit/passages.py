"""A paragraph as statements: its sentences, the items they list, its numbers, and what each number is about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from pactwork.facts.dates import Interval
from pactwork.facts.documents import Paragraph
from pactwork.facts.quantities import Quantity, find_quantities

CONTEXT_WORDS = 15
_ABBREVIATIONS = re.compile(r"(?:\b(?:No|Nos|Mr|Mrs|Ms|Dr|St|vs|cf|ca|approx|Fig|Art|e\.g|i\.e|etc|al)|\b[A-Z])\.$")
_FULL_STOP = re.compile(r"[.!?…][\"”’'»)\]]*\s+(?=[\"“‘'(\[]?[A-Z0-9$€£])")
# A list item ends at a comma or the like, or at an "and" with another number near behind it.
_ITEM_END = re.compile(
    r"[,;:]\s|\s[–—-]\s|\s?[()\[\]]\s?|\s(?:while|whereas|but)\s"
    r"|\s(?:and|plus)\s(?=(?:(?:the|some|up|to|about|around|almost|another|over|more|than|a)\s)*(?:[$€£₩]?[0-9]))",
)


@dataclass(frozen=True)
class Binding:
    """What a number must be about: names or words that claim it, and those of rivals that would take it away.

    ``required`` says that the number must be claimed, not merely left unclaimed by rivals; ``near`` that of two
    names in one list item only the nearer counts; ``local`` that only the number's own list item is asked;
    ``anywhere`` that it is enough if the paragraph names it.
    """

    own: re.Pattern[str]
    rivals: re.Pattern[str] | None = None
    required: bool = True
    near: bool = False
    local: bool = False
    anywhere: bool = False


@dataclass(frozen=True)
class Passage:
    """A paragraph read for its numbers. ``published`` is when the document came out; offsets count characters."""

    paragraph: Paragraph
    published: Interval | None = None
    headings: str = ""

    @property
    def text(self) -> str:
        """The words of the paragraph."""
        return self.paragraph.text

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """Its numbers and dates, in order."""
        return find_quantities(self.text, self.published)

    @cached_property
    def items(self) -> tuple[tuple[int, int, int], ...]:
        """Its list items: number of the sentence, start, end. A row of a table is one item."""
        if self.paragraph.table:
            return ((0, 0, len(self.text)),)
        items = []
        for number, (start, end) in enumerate(self._sentences()):
            at = start
            for match in _ITEM_END.finditer(self.text, start, end):
                if not self._inside_number(match.start()):
                    items.append((number, at, match.start()))
                    at = match.end()
            items.append((number, at, end))
        return tuple(item for item in items if item[2] > item[1])

    def _sentences(self) -> Iterable[tuple[int, int]]:
        at = 0
        for match in _FULL_STOP.finditer(self.text):
            if not _ABBREVIATIONS.search(self.text[at : match.start() + 1]) and not self._inside_number(match.start()):
                yield at, match.end()
                at = match.end()
        if at < len(self.text):
            yield at, len(self.text)

    def _inside_number(self, at: int) -> bool:
        return any(each.start < at < each.end - 1 for each in self.quantities)

    def sentence_of(self, quantity: Quantity) -> str:
        """Return the sentence a number stands in."""
        number = next((item[0] for item in self.items if item[1] <= quantity.start < item[2]), 0)
        spans = [item for item in self.items if item[0] == number]
        return self.text[spans[0][1] : spans[-1][2]] if spans else self.text

    def is_about(
        self, quantity: Quantity, own: re.Pattern[str], rivals: re.Pattern[str] | None, near: bool, local: bool = False
    ) -> bool | None:
        """Tell whether a number belongs to what ``own`` names rather than to what ``rivals`` name.

        The first list item that names either decides: the number's own; those before it in its sentence, nearest
        first; those after it; earlier sentences of the paragraph, nearest first; the headings above. In an item that
        names both, the nearer one has it if ``near``, else ``own`` does. With ``local`` only the number's own item
        is asked. None where nothing names either.
        """
        home = next((at for at, item in enumerate(self.items) if item[1] <= quantity.start < item[2]), None)
        if home is None:
            home = max((at for at, item in enumerate(self.items) if item[1] <= quantity.start), default=0)
        sentence = self.items[home][0] if self.items else 0
        before = [item for item in self.items[:home][::-1] if item[0] == sentence]
        after = [item for item in self.items[home + 1 :] if item[0] == sentence]
        earlier = [item for item in self.items[::-1] if item[0] < sentence]
        others = [] if local else [*before, *after, *earlier]
        for _, start, end in [*self.items[home : home + 1], *others]:
            verdict = _decide(self.text[start:end], quantity.start - start, own, rivals, near)
            if verdict is not None:
                return verdict
        return None if local else _decide(self.headings, 0, own, rivals, False)

    def context(self, quantity: Quantity | None = None) -> str:
        """Return where this is: the locator, and at most 15 words around a number."""
        if quantity is None:
            return self.paragraph.locator
        before, after = self.text[: quantity.start].split(), self.text[quantity.end :].split()
        glued = self.text[: quantity.start][-1:].strip() != ""
        middle = f"{before.pop() if glued and before else ''}{quantity.text}"
        if after and not self.text[quantity.end : quantity.end + 1].isspace():
            middle += after.pop(0)
        room = max(0, CONTEXT_WORDS - len(middle.split()))
        right = after[: max(room - room // 2, room - len(before))]
        left = before[max(0, len(before) - (room - len(right))) :] if room > len(right) else []
        start = "… " if len(left) < len(before) else ""
        end = " …" if len(right) < len(after) else ""
        return f"{self.paragraph.locator}: “{start}{' '.join([*left, middle, *right])}{end}”"


def _decide(text: str, at: int, own: re.Pattern[str], rivals: re.Pattern[str] | None, near: bool) -> bool | None:
    """Tell which of the two an item names: True own, False rivals, None neither."""
    ours = [match.span() for match in own.finditer(text)]
    theirs = [match.span() for match in rivals.finditer(text)] if rivals else []
    # Of names within names ("military", "non-military") the longer one is meant.
    ours, theirs = (
        [one for one in mine if not any(two[0] <= one[0] and one[1] <= two[1] and two != one for two in others)]
        for mine, others in ((ours, theirs), (theirs, ours))
    )
    if not ours and not theirs:
        return None
    if not theirs or not ours or not near:
        return bool(ours)
    return min(_distance(at, span) for span in ours) <= min(_distance(at, span) for span in theirs)


def _distance(at: int, span: tuple[int, int]) -> int:
    """Return how far a mention is from a number; what precedes a number is a little further than what follows it."""
    return span[0] - at if span[0] >= at else at - span[1] + 2


def pattern_of_words(words: Iterable[str]) -> re.Pattern[str] | None:
    """Return a pattern for whole words; ``*`` at the end of a word stands for any ending. None without words.

    Examples
    --------
    >>> bool(pattern_of_words(["purchas*"]).search("the purchase of tanks"))
    True
    >>> bool(pattern_of_words(["delivered"]).search("the delivery of tanks"))
    False
    """
    parts = [re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for word in words if word.strip("* ")]
    if not parts:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(parts, key=len, reverse=True))})(?!\w)", re.IGNORECASE)


def pattern_of_names(names: Iterable[str]) -> re.Pattern[str] | None:
    """Return a pattern for names of equipment, their variants included: K9 also stands for K9PL and K9A1.

    Examples
    --------
    >>> pattern = pattern_of_names(["K2"])
    >>> [bool(pattern.search(text)) for text in ("62 K2 tanks", "K2PL", "K2s", "K239")]
    [True, True, True, False]
    """
    parts = [re.escape(name).replace(r"\ ", r"[\s-]+").replace(r"\-", r"[\s-]?") for name in names if name.strip()]
    if not parts:
        return None
    names_or = "|".join(sorted(parts, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{names_or})(?:[A-Z]{{1,3}}\d?|s|['’]s)?(?!\w)")
