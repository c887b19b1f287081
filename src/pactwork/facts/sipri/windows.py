"""Planned windows of delivery in the register's comments, as EDTF intervals."""

from __future__ import annotations

import re
from dataclasses import dataclass

_POINT = (
    r"(?:(?P<{0}part>early|mid|late|end|beginning of|end of|autumn|spring|summer|winter)[- ])?"
    r"(?P<{0}year>(?:19|20)\d\d)"
)
_SPAN = (
    _POINT.format("a")
    + r"(?:\s?(?:-|–|to|and|until)\s?"
    + _POINT.format("b")
    + r")?(?:\s?(?:/|or)\s?"
    + _POINT.format("c")
    + r")?(?!\d)"
)
_PLAN = re.compile(
    r"\bdeliver(?:y|ies)\b(?P<words>(?:\s+(?!by\b|from\b|after\b|before\b)[a-z\-]+){0,5}?)"
    r"\s+(?:(?P<mode>by|from|after|before|in|between|until|around)\s+)?(?:about\s+|c\.?\s?)?" + _SPAN,
    re.I,
)
_DELAY = re.compile(r"\b(?:delayed|postponed)\s+(?:to|until|till)\s+" + _SPAN, re.I)
_INTENT = re.compile(r"planned|expected|scheduled|due|possibl|probabl|should|to start|to begin", re.I)
_BEGINS = re.compile(r"\b(?:first|start(?:s|ing)?|begin(?:s|ning)?)\b", re.I)
_DOUBT = re.compile(r"possibl|probabl|perhaps", re.I)
_MONTHS = {
    # (first, last month) of the part of a year that a word names
    "early": (1, 4),
    "beginning of": (1, 4),
    "mid": (5, 8),
    "late": (9, 12),
    "end": (10, 12),
    "end of": (10, 12),
}


@dataclass(frozen=True)
class Window:
    """When a comment says that an order is due: ``start`` or ``end`` is None where it leaves that open.

    Both are EDTF dates (a year, or a month where the comment says early, mid or late); ``doubtful`` says that it
    wrote 'possibly', ``text`` holds the words it was read from.
    """

    start: str | None
    end: str | None
    doubtful: bool
    text: str

    def as_edtf(self, order_year: int) -> str | None:
        """Return the window as EDTF, None where it would end before the order was placed.

        'By 2028' runs from the year of the order: nothing is delivered before it is ordered.
        """
        start = self.start or str(order_year)
        if int(start[:4]) < order_year:
            start = str(order_year)
        if self.end is None:
            return f"{start}{'?' if self.doubtful else ''}/.."
        if int(self.end[:4]) < int(start[:4]):
            return None
        mark = "?" if self.doubtful else ""
        return f"{start}{mark}" if start == self.end else f"{start}{mark}/{self.end}{mark}"


def find_window(phrases: list[str]) -> Window | None:
    """Return the window that the phrases of a comment plan; what it was delayed to wins over what was planned.

    Examples
    --------
    >>> find_window(["delivery planned 2022-2025/2027"]).as_edtf(2022)
    '2022/2027'
    >>> find_window(["Delivery planned by 2024"]).as_edtf(2022)
    '2022/2024'
    >>> find_window(["delivery planned after 2025"]).as_edtf(2010)
    '2026/..'
    >>> find_window(["second-hand but modernized before delivery"]) is None
    True
    """
    planned: Window | None = None
    for phrase in phrases:
        delayed = _DELAY.search(phrase)
        if delayed:
            return _read_span(delayed, None, bool(_DOUBT.search(phrase)), phrase)
        match = _PLAN.search(phrase)
        if match is None or planned is not None:
            continue
        mode = (match["mode"] or "").lower()
        starts = phrase[: match.start()].strip() == ""
        words = phrase[: match.start()][-40:] + match["words"]
        bare = starts and (mode in ("by", "from", "after", "before") or not match["words"])
        if not (bare or _INTENT.search(words)):
            continue
        mode = mode or ("from" if _BEGINS.search(words) else "")
        planned = _read_span(match, mode, bool(_DOUBT.search(words)), match[0].strip())
    return planned


def _read_span(match: re.Match[str], mode: str | None, doubtful: bool, text: str) -> Window:
    first = _first_day(match["ayear"], match["apart"])
    lasts = [_last_day(match[f"{letter}year"], match[f"{letter}part"]) for letter in "abc" if match[f"{letter}year"]]
    last = max(lasts)
    if len(lasts) == 1:
        if mode in ("by", "before", "until"):
            return Window(None, _year_before(last) if mode == "before" else last, doubtful, text)
        if mode == "from":
            return Window(first, None, doubtful, text)
        if mode == "after":
            return Window(str(int(last[:4]) + 1), None, doubtful, text)
    return Window(first, last, doubtful, text)


def _first_day(year: str, part: str | None) -> str:
    months = _MONTHS.get((part or "").lower())
    return f"{year}-{months[0]:02d}" if months else year


def _last_day(year: str, part: str | None) -> str:
    months = _MONTHS.get((part or "").lower())
    return f"{year}-{months[1]:02d}" if months and months[1] != 12 else year


def _year_before(last: str) -> str:
    return str(int(last[:4]) - 1)
