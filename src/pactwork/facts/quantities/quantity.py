"""Numbers in running text, in any form people write them: "$16.6 billion", "16 600 million", "more than a thousand"."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pycountry

from pactwork.facts.dates import Interval
from pactwork.facts.quantities.numerals import BIG_WORDS, SCALES, SPACE, WORDS, apply_scale, read_number, read_words
from pactwork.facts.quantities.written_dates import find_dates

# Symbols and everyday names; codes such as USD come from ISO 4217. A bare dollar is taken for the US one.
CURRENCIES = {
    "us$": "USD", "$": "USD", "dollar": "USD", "€": "EUR", "euro": "EUR", "£": "GBP", "₩": "KRW", "won": "KRW",
    "zł": "PLN", "zloty": "PLN", "zlotys": "PLN", "¥": "JPY", "yen": "JPY", "₴": "UAH", "₹": "INR", "rupee": "INR",
}  # fmt: skip
UNITS = {
    "percent": r"%|per\s?cent\b|pct\b|percentage\spoints?\b",
    "year": r"years?\b|yrs?\b", "month": r"months?\b", "week": r"weeks?\b", "day": r"days?\b", "hour": r"hours?\b|h\b",
    "nmi": r"nautical\smiles?\b|nmi\b|nm\b", "mile": r"miles?\b", "km": r"kilomet(?:re|er)s?\b|km\b",
    "mm": r"millimet(?:re|er)s?\b|mm\b", "knot": r"knots?\b|kn\b", "tonne": r"tonnes?\b|tons?\b",
    "metre": r"met(?:re|er)s?\b|m\b",
}  # fmt: skip

_NUMBER = rf"(?:[0-9]{{1,3}}(?:(?:{SPACE}|[,.'’])[0-9]{{3}})+(?![0-9])(?:[.,][0-9]+)?|[0-9]+(?:[.,][0-9]+)?)"
_SYMBOL = r"(?:US\$|[$€£₩¥₴₹]|zł)"
_SCALE = rf"(?:{SPACE}?-?(?P<scale>thousand|million|billion|trillion|bn|mn|mln|mio|mld|mrd|tn|trn|tys)\b)"
# A single letter is a scale only when glued to the number, or when it cannot be a unit.
_LETTER = rf"(?:(?P<letter>[mMkK])\b|{SPACE}(?P<loose>[Mk])\b)"
_NAMES = r"dollars?|euros?|won|zlotys?|zloty|yen|rupees?"
_MONEY_AFTER = rf"(?:{SPACE}?(?P<after>{_SYMBOL}|\b(?:US{SPACE})?(?:[A-Z]{{3}}|{_NAMES})\b))"
_UNIT = "|".join(f"(?P<{name}>{words})" for name, words in UNITS.items())
_TO = rf"{SPACE}?(?:[-–—]|\bto\b|\band\b){SPACE}?"
_QUANTITY = re.compile(
    rf"(?P<before>{_SYMBOL}|\b[A-Z]{{3}})?{SPACE}?(?<![\w.,])(?P<number>{_NUMBER})"
    rf"(?:(?P<to>{_TO}){_SYMBOL}?(?P<number2>{_NUMBER}))?(?:{_SCALE}|{_LETTER})?{_MONEY_AFTER}?"
    rf"(?:[ \u00a0\u202f-]?(?:{_UNIT}))?(?P<tail>\w*)"
)
_COUNTED = "|".join(sorted([*WORDS, *BIG_WORDS], key=len, reverse=True))
_SPELT = re.compile(
    rf"(?P<words>\b(?:half a |a |an )?(?:{_COUNTED})(?:(?:[ -]| and )(?:{_COUNTED}))*)\b{_MONEY_AFTER}?"
    rf"(?:[ \u00a0-](?:{_UNIT}))?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|(?<!\S)\S{1,80}@\S+")
# Letters glued or hyphenated to digits name a thing: K2, FA-50, NATO-IP4, Covid-19; "mid-2024" and "top-10" do not.
_NAME = re.compile(
    r"\+[0-9][0-9 ()-]{7,}[0-9]"
    r"|\b(?!(?:[Mm]id|[Pp]re|[Pp]ost|[Ee]arly|[Ll]ate|[Tt]op|[Uu]nder|[Oo]ver|[Nn]on)-)"
    r"(?:[^\W\d_]{1,24}[-/]){0,3}(?:[^\W\d_]{1,24}[0-9]|(?=\w{0,24}[A-Z])[^\W\d_]{1,24}-[0-9])[\w/-]*"
    r"|\b[0-9]+(?:st|nd|rd|th)\b|\b[0-9]+[xX×][0-9]+\b|\b[0-9]{1,2}:[0-9]{2}\b|\[[0-9, –-]{1,9}\]"
    r"|\b(?:Article|Articles|Art\.|Section|Chapter|Table|Figure|Fig\.|Block|Phase|Annex|Resolution)\s[0-9]+\b"
)
_AT_LEAST = (
    r"more than|over|exceed(?:s|ed|ing)?|at least|above|no(?:t)? (?:fewer|less) than|upwards of|in excess of|>|≥"
)
_AT_MOST = r"up to|at most|no(?:t)? more than|not exceeding|less than|fewer than|under|below|a maximum of|<|≤"
_ABOUT = (
    r"about|around|roughly|almost|nearly|approximately|approx\.?|circa|ca?\.|some|close to|just (?:under|over)"
    r"|estimated at|an estimated|~|≈|±"
)
_HEDGES = tuple(
    (name, re.compile(rf"(?:^|(?<=[\s(\"“,;:–-]))(?:{words})\s*(?:the\s|a\s|an\s)?$", re.IGNORECASE))
    for name, words in (("about", _ABOUT), ("at_most", _AT_MOST), ("at_least", _AT_LEAST))
)
_SUPERLATIVE = re.compile(r"\s+(?:\w+\s)?(?:top|best|most|\w{3,}est)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Quantity:
    """A number, an amount of money, a duration or a date, as found in a text.

    ``value`` has its scale applied (16.6 billion is 1.66e10); ``low`` and ``high`` differ from it only for a range.
    ``qualifier`` is exact, about, at_least, at_most, or part ("some of the 820").
    ``unit`` is empty for a plain count, else ``percent``, ``year``, ``km`` and so on. ``other`` is the second way to
    read an ambiguous number ("1.234"). ``interval`` holds the days a date or year can mean; ``vague`` says that the
    date was given in relative or loose words ("end of October this year"). ``shared_qualifier`` is the hedge that a
    number before it in the same list may lend it. ``countable`` is false for what can only be a date ("by 2025"
    but not "2000 tanks"). ``start`` and ``end`` count characters.
    """

    value: float
    start: int
    end: int
    text: str
    unit: str = ""
    currency: str = ""
    qualifier: str = "exact"
    low: float = float("nan")
    high: float = float("nan")
    other: float | None = None
    interval: Interval | None = None
    vague: bool = False
    spelt: bool = False
    shared_qualifier: str = ""
    countable: bool = True

    @property
    def is_date(self) -> bool:
        """Whether it is a date or a year."""
        return self.interval is not None

    @property
    def readings(self) -> tuple[float, ...]:
        """Every number it can stand for: both ends of a range, both readings of an ambiguous one."""
        return tuple(dict.fromkeys(each for each in (self.value, self.low, self.high, self.other) if each is not None))


def find_quantities(text: str, published: Interval | None = None) -> tuple[Quantity, ...]:
    """Find the numbers of a text, in order.

    Parameters
    ----------
    text : str
        Running text, one paragraph.
    published : Interval, optional
        When the text was published, by which "June of this year" and "the April poll" are understood.

    Notes
    -----
    Numbers within names (K2, FA-50, IP4), ordinals, times of day, web addresses and references such as "Table 3" are
    no quantities. Small own code, since the library for this, quantulum3 (0.10, tried on 2024-style briefs), takes
    "62 K2 tanks" for square kelvins and splits dates.

    Examples
    --------
    >>> [(q.value, q.currency or q.unit, q.qualifier) for q in find_quantities("almost $9.5 billion; 55 per cent")]
    [(9500000000.0, 'USD', 'about'), (55.0, 'percent', 'exact')]
    >>> [q.value for q in find_quantities("62 K2 tanks, 12 FA-50 aircraft")]
    [62.0, 12.0]
    """
    # Nothing within a web address is meant as a number.
    text = _ADDRESS.sub(lambda match: "\0" * len(match[0]), text)
    taken = bytearray(len(text))
    found: list[Quantity] = []
    for start, end, interval, vague in find_dates(text, published):
        low, high = float(interval.earliest.year), float(interval.latest.year)
        date = Quantity(low, start, end, text[start:end], low=low, high=high, interval=interval, vague=vague)
        found.append(replace(date, countable=_could_count(text, start, end)))
        taken[start:end] = b"\1" * (end - start)
    for match in _NAME.finditer(text):
        if not any(taken[match.start() : match.end()]):
            taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    for quantity in (*_find_digits(text, taken), *_find_spelt(text)):
        if not any(taken[quantity.start : quantity.end]):
            taken[quantity.start : quantity.end] = b"\1" * (quantity.end - quantity.start)
            found.append(replace(quantity, qualifier=_hedge(text, quantity)))
    return tuple(_share_hedges(text, sorted(found, key=lambda each: each.start)))


def _could_count(text: str, start: int, end: int) -> bool:
    """Tell whether four digits read as a year could count things all the same: "2000 tanks", not "by 2025"."""
    before = re.search(r"\b(?:in|by|since|from|until|till|during|before|after|between)\s$", text[:start], re.IGNORECASE)
    return text[start:end].isdigit() and before is None and re.match(r"\s\w", text[end:]) is not None


def _share_hedges(text: str, found: list[Quantity]) -> Iterator[Quantity]:
    """Let a hedge reach along a list: in "up to 1,000 tanks and 672 howitzers" the second may be hedged too."""
    last: Quantity | None = None
    for quantity in found:
        if quantity.interval is not None:
            yield quantity
            continue
        shared = ""
        if last is not None:
            between = text[last.end : quantity.start]
            hedge = last.qualifier if last.qualifier != "exact" else last.shared_qualifier
            shared = hedge if re.fullmatch(r"(?:\s[\w/-]+){1,4}(?:,|,? and|,? or)\s", between) else ""
        last = replace(quantity, shared_qualifier=shared)
        yield last


def _find_digits(text: str, taken: bytearray) -> Iterator[Quantity]:
    at = 0
    while match := _QUANTITY.search(text, at):
        number = match.start("number")
        at = max(match.end("number"), number + 1)
        if any(taken[number : match.end("number")]) or (match["tail"] and not match["number2"]):
            # Digits glued to letters that are no unit name a thing ("5G"); the number before them is left alone.
            continue
        at = max(at, match.end() if not match["tail"] else match.end("number2"))
        yield from _read_match(match)


def _read_match(match: re.Match[str]) -> Iterator[Quantity]:
    letter = (match["letter"] or match["loose"] or "").lower()
    currency = _currency(match["before"]) or _currency(match["after"])
    unit = next((name for name in UNITS if match[name]), "")
    scale = SCALES.get((match["scale"] or "").lower(), 1.0)
    if letter and (letter == "k" or currency or match["letter"] == "M" or match["loose"]):
        scale = SCALES[letter]
    elif letter:
        unit = "metre"
    start = match.start("before") if _currency(match["before"]) else match.start("number")
    end = match.end()
    if match["after"] and not _currency(match["after"]):
        # Three capitals that are no currency: a name follows the number.
        end, unit = match.start("after"), ""
    first, other = read_number(match["number"])
    if match["number2"] is None:
        value = apply_scale(first, scale)
        text = match.string[start:end].rstrip()
        second = apply_scale(other, scale) if other is not None else None
        yield Quantity(value, start, start + len(text), text, unit, currency, "exact", value, value, second)
        return
    last, _ = read_number(match["number2"])
    joined = "and" not in match["to"]
    between = match.string[: match.start("number")].rstrip().lower().endswith("between")
    if (joined or between) and last > first:
        text = match.string[start:end].rstrip()
        low, high = apply_scale(first, scale), apply_scale(last, scale)
        yield Quantity(high, start, start + len(text), text, unit, currency, "exact", low, high)
        return
    # "60 and 72 modules": two numbers that share what follows them.
    for name, value in (("number", first), ("number2", last)):
        yield Quantity(
            apply_scale(value, scale), match.start(name), match.end(name), match[name], unit, currency, "exact",
            apply_scale(value, scale), apply_scale(value, scale),
        )  # fmt: skip


def _find_spelt(text: str) -> Iterator[Quantity]:
    for match in _SPELT.finditer(text):
        value = read_words(match["words"])
        if value is None:
            continue
        unit = next((name for name in UNITS if match[name]), "")
        currency = _currency(match["after"])
        end = match.end() if unit or currency else match.end("words")
        yield Quantity(
            value, match.start(), end, text[match.start() : end], unit, currency, "exact", value, value, spelt=True
        )


@functools.cache
def _iso_currencies() -> frozenset[str]:
    return frozenset(each.alpha_3 for each in pycountry.currencies)


def _currency(text: str | None) -> str:
    """Return the ISO 4217 code of a symbol, code or name; empty where it is none."""
    if not text:
        return ""
    code = text.removeprefix("US ").strip()
    if code in _iso_currencies():
        return code
    return CURRENCIES.get(code.lower(), CURRENCIES.get(code.lower().removesuffix("s"), ""))


def _hedge(text: str, quantity: Quantity) -> str:
    """Tell how the text hedges a number: by the words before it, or "or more" after it."""
    before = text[max(0, quantity.start - 40) : quantity.start].replace("\u00a0", " ")
    after = text[quantity.end : quantity.end + 30]
    if re.match(r"\s*(?:\+|or more\b|or above\b|plus\b)", after):
        return "at_least"
    if re.match(r"\s*or (?:less|fewer|below)\b", after):
        return "at_most"
    if re.match(r"\s*or so\b|-odd\b", after):
        return "about"
    if re.search(r"\b(?:among|amongst|one of|in) the\s*(?:top\s*)?$", before) and (
        _SUPERLATIVE.match(after) or before.rstrip().endswith("top")
    ):
        return "at_most"
    if re.search(r"\b(?:some|part|many|most|all) of the\s*$", before):
        return "part"
    return next((name for name, pattern in _HEDGES if pattern.search(before)), "exact")
