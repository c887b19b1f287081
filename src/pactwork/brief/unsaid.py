"""What no brief says: a chance of war, and a count of futures as a probability. A reader that finds such sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

_WAR = (
    r"(?:wars?|warfare|attack(?:s|ed|ing)?|invasions?|invad(?:e|es|ed|ing)|aggression|hostilities|conflicts?|cris[ie]s|"
    r"escalat(?:ion|e|es)|strikes?|incursions?|armed clash(?:es)?)"
)
_PERCENT = r"\d[\d.,]*\s*(?:%|per\s?cent\b|percent\b)"
_SMALL = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|\d[\d,]*)"
_RATIO = rf"{_SMALL}\s+(?:in|of|out of|to)\s+(?:every\s+|all\s+|the\s+)?(?:{_SMALL}|hundred|thousand)\b"
_PART = r"\b(?:(?:two|three) (?:thirds|quarters)|(?:a|one) (?:third|quarter)|half)\b"
_AMOUNT = rf"(?:{_PERCENT}|{_RATIO}|\b\d+\s?:\s?\d+|(?<!\d)[01]?\.\d+|{_PART})"
_DEGREE = (
    r"\b(?:high|low|small|large|great|slim|remote|negligible|substantial|considerable|significant|tiny|moderate|even|nil|"
    r"zero|almost none|growing|better than even)\b|\bthere (?:is|was) (?:no|little|hardly any|every)\b"
)
_CHANCE = r"(?:probabilit(?:y|ies)|chances?|likelihoods?|odds|risks?)"
_VERDICT = r"(?:likely|unlikely|probable|improbable|inevitable|imminent|certain)"
_IS = r"(?:is|are|was|seems?|looks?|remains?|becomes?|appears?)"
_WILL = r"(?:will|is going to|are going to|is bound to|is set to)\s+(?:\w+\s+){0,2}?"
_RUNS = r"(?:futures|runs|replications|simulations?|worlds)"
_ATTITUDE = re.compile(
    r"\b(?:respondents?|polls?|pollsters?|surveys?|surveyed|asked|public|believes?|think|thinks|fears?|worr(?:y|ies)|"
    r"perceiv\w+|perceptions?|sees?|seen|consider(?:s|ed)?|feels?)\b", re.IGNORECASE)  # fmt: skip
_CONDITION = re.compile(r"\b(?:if|unless|were|should|in case|what if|whether)\b", re.IGNORECASE)
_HARMLESS = re.compile(
    r"how likely (?:an? |the )?\w+(?: is| are)?|(?:than|from|by|at) chance\b|plays? of chance|could be chance|"
    r"\bchance(?= could\b)|\bno(?:t|r)? (?:a |as |called )?(?:probabilit(?:y|ies)|chances?|likelihoods?)|"
    r"prevent\w*[^.;]{0,60}(?:cris[ie]s|wars?)", re.IGNORECASE)  # fmt: skip

_QUESTION = re.compile(r"\bWill \w+ [^?]*")
"""What a poll asked: a capital W, wherever it stands, begins a question."""

_NUMBERED = (  # a number or a degree, said of how likely a war is
    rf"\b{_CHANCE}\b[^.;:]{{0,40}}\b{_WAR}\b[^.;]{{0,60}}?(?:{_AMOUNT}|{_DEGREE})",
    rf"(?:{_AMOUNT}|{_DEGREE})[^.;]{{0,30}}\b{_CHANCE}\b[^.;:]{{0,40}}\b{_WAR}\b",
    rf"\b{_CHANCE}\b[^.;]{{0,15}}(?:{_AMOUNT})[^.;]{{0,60}}\b{_WAR}\b",
    rf"\b{_WAR}\b[^.;]{{0,50}}\b{_CHANCE}\b[^.;]{{0,25}}?(?:{_AMOUNT}|{_DEGREE})",
    rf"\b{_WAR}\b[^.;]{{0,50}}?(?:{_AMOUNT})[^.;]{{0,12}}\b(?:{_CHANCE}|likely|probable)\b",
    rf"\b{_WAR}\b\s*(?:[:=(–-]\s*)?{_PERCENT}",
    rf"{_PERCENT}\s*(?:for\s+)?(?:an?\s+)?\b{_WAR}\b",
    rf"\b{_WAR}\b[^.;]{{0,50}}\bin\s+(?:{_PERCENT}|{_SMALL} in {_SMALL})\s*(?:of\s+)?(?:all\s+|the\s+)?{_RUNS}\b",
    rf"{_PERCENT}\s*of\s+(?:all\s+|the\s+)?{_RUNS}\b(?! where)[^.;]{{0,60}}\b{_WAR}\b",
)
_JUDGED = (  # a verdict in words
    rf"\b{_WAR}\b[^.;:,]{{0,50}}\b{_IS}\s+(?:\w+\s+){{0,3}}?{_VERDICT}\b",
    rf"\b(?:likely|probable|imminent|inevitable)\s+(?:\w+\s+){{0,2}}?{_WAR}\b",
    rf"\b{_VERDICT}\s+to\s+(?:\w+\s+){{0,2}}?(?:{_WAR}|go to war)\b",
    r"\bit is\s+(?:\w+\s+){0,2}?" + _VERDICT + rf"\s+that[^.;]{{0,60}}\b{_WAR}\b",
    rf"\b{_WILL}(?:attack|invade|escalate|go to war|start a war)\b",
    r"\bthere (?:will|is going to) be\s+(?:\w+\s+){0,3}?" + _WAR + r"\b",
    rf"\b{_WAR}\b\s+{_WILL}(?:come|break out|begin|start|follow|happen|occur)\b",
    rf"\b{_WAR}\b\s+is\s+(?:\w+\s+)?coming\b",
    rf"\bexpect(?:s|ed)?\s+(?:an?\s+|to\s+)?{_WAR}\b",
)
_QUOTED = re.compile(r"“[^”]*”")
_COUNTED = re.compile(rf"{_AMOUNT}|\d[\d,]*\s+{_RUNS}\b", re.IGNORECASE)
_OF_RUNS = re.compile(rf"\b{_RUNS}\b", re.IGNORECASE)
_CALLED = re.compile(
    r"\b(?:probabilit(?:y|ies)|probabl[ey]|chances?|likelihoods?|(?:un)?likely|odds|risks?)\b", re.IGNORECASE
)
_ANY_NUMBERED = [re.compile(one, re.IGNORECASE) for one in _NUMBERED]
_ANY_JUDGED = [re.compile(one, re.IGNORECASE) for one in _JUDGED]
_COUNT_CELL = re.compile(r"\s*\d[\d,]*\s+of\s+\d[\d,]*\s*")
_SHARE_CELL = re.compile(rf"\s*{_PERCENT}\s*")


def find_chances(text: str) -> list[str]:
    """Return the sentences of a plain text that state a chance of war, or call a count of futures a probability.

    Parameters
    ----------
    text : str
        Paragraphs apart by empty lines, or one a line.

    Notes
    -----
    Rules for English sentences, not understanding: a number or a degree near a word for chance and one for war; a
    verdict ("war is likely") that is neither an opinion asked for nor conditional; and a count or share beside runs and
    a word for chance. Phrases of denial ("counts, not probabilities", "told from chance") are taken away first.

    Examples
    --------
    >>> find_chances("Of 64 futures 45 meet it. The chance of war is 30%. Nothing here says how likely a war is.")
    ['The chance of war is 30%.']
    >>> find_chances("It holds up in 45 of 64 futures, a probability of 70%.")
    ['It holds up in 45 of 64 futures, a probability of 70%.']
    """
    return [sentence for sentence in split_sentences(text) if _is_chance(sentence)]


def split_sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text, and the items of a list by letters; an empty line ends a paragraph."""
    for paragraph in re.split(r"\n\s*\n", text):
        flat = " ".join(paragraph.split())
        parts = re.split(r"(?<=[.!?])[”’\")]?\s+(?=[^a-z\s])|;\s+(?=[A-Z]{1,2}: )", flat)
        yield from (one.strip() for one in parts if one.strip())


def _is_chance(sentence: str) -> bool:
    loose = re.sub(r"(?<=\w)-(?=\w)", " ", sentence)  # "a 30-percent chance", "one-third"
    bare = _HARMLESS.sub(" … ", _QUESTION.sub(" … ", loose))
    if any(one.search(bare) for one in _ANY_NUMBERED):
        return True
    free = not _ATTITUDE.search(bare) and not _CONDITION.search(bare)
    if free and any(one.search(bare) for one in _ANY_JUDGED):
        return True
    # A title between quotation marks is read by itself: what it asks for is not said of a count beside it.
    parts = [_QUOTED.sub("“…”", bare), *_QUOTED.findall(bare)]
    return any(_OF_RUNS.search(one) and _CALLED.search(one) and _COUNTED.search(one) for one in parts)


def read_page(html: str) -> list[str]:
    """Return what a page says that no brief may say: sentences, tips, words in charts, and columns of tables."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.flush()
    found = [one for block in dict.fromkeys(reader.blocks) for one in find_chances(block)]
    for header, cell in dict.fromkeys(reader.cells):
        bare = _HARMLESS.sub(" ", header)
        war = re.search(rf"\b{_WAR}\b(?! to prevent)", bare, re.IGNORECASE)
        if (_CALLED.search(bare) and _COUNT_CELL.fullmatch(cell)) or (war and _SHARE_CELL.fullmatch(cell)):
            found.append(f"{header}: {cell}")
    return found


_INLINE = {"a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "i", "mark", "q", "s", "small", "span", "strong",
           "sub", "sup", "time", "tspan", "u"}  # fmt: skip
_UNREAD = {"style", "script"}
_VOID = {"br", "col", "hr", "img", "input", "link", "meta"}


class _Reader(HTMLParser):
    """Takes a page apart into blocks of text, and the cells of tables with their headers."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self.cells: list[tuple[str, str]] = []
        self._text: list[str] = []
        self._headers: list[str] = []
        self._column, self._cell, self._unread = 0, "", False

    def flush(self) -> None:
        """End a block."""
        text = " ".join("".join(self._text).split())
        self._text = []
        if text:
            self.blocks.append(text)
        if self._cell == "th" and text:
            self._headers.append(text)
        elif self._cell == "td" and text:
            header = self._headers[self._column] if self._column < len(self._headers) else ""
            self.cells.append((header, text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unread = tag in _UNREAD
        self.blocks += [value for name, value in attrs if name in ("title", "aria-label", "alt") and value]
        if tag in _INLINE:
            return
        if tag == "br":
            self._text.append(" ")
        if tag in _VOID:
            return
        self.flush()
        if tag == "thead":
            self._headers = []
        elif tag == "tr":
            self._column = -1
        elif tag in ("td", "th"):
            self._column += 1
            self._cell = tag

    def handle_endtag(self, tag: str) -> None:
        self._unread = False
        if tag in _INLINE or tag in _VOID:
            return
        self.flush()
        if tag in ("td", "th"):
            self._cell = ""

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self._text.append(data)
