"""Money in the register's comments: '$383 m deal', 'PLN1.2 b ($292 m) deal', 'Part of $998 m deal'."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from decimal import Decimal

import pycountry

_AMOUNT = (
    r"(?P<currency>US\$|A\$|C\$|[A-Z]{2,3}(?=\s?\d)|\$|€|£|¥)\s?(?P<low>\d{1,7}(?:[.,]\d{1,4})?)"
    r"(?:\s?[-–]\s?[$€£]?(?P<high>\d{1,7}(?:[.,]\d{1,4})?))?\s?(?P<scale>tr|tn|bn|b|m|k)(?:illion)?\b"
)
_MONEY = re.compile(_AMOUNT)
_THOUSANDS = re.compile(r"[1-9]\d{0,2},\d{3}")
_UNCLEAR = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_BRACKET = re.compile(r"\s*\(\s*" + _AMOUNT + r"\s*\)")
_DEAL = re.compile(r"\s*(?:[a-z'’\-]+\s+){0,3}?(?:deal|contract)\b")
_PROGRAMME = re.compile(r"\s*(?:'[^']{1,80}'\s*|[\w\-]+\s+){0,4}program(?:me)?\b", re.I)
_PART = re.compile(r"\bpart of\b[^;(]{0,40}$", re.I)
_HEDGES = (
    (re.compile(r"\b(?:possibly|probably|perhaps)\b[^;(]{0,20}$", re.I), "about", True),
    (re.compile(r"(?:\bc\.?|\bca\.?|\babout|\bapprox\w*\.?|\baround|\bsome|\bover\s+c)\s?$", re.I), "about", False),
    (re.compile(r"(?:\bover|\bmore than|\bat least|\bmin\w*\.?|>)\s?$", re.I), "at_least", False),
    (re.compile(r"(?:\bup to|\bmax\w*\.?|\bless than|\bbelow|<)\s?$", re.I), "at_most", False),
)
_SYMBOLS = {"$": "USD", "US$": "USD", "US": "USD", "A$": "AUD", "C$": "CAD", "€": "EUR", "£": "GBP", "¥": "JPY"}
_SCALES = {
    "k": ("m", Decimal("0.001")),
    "m": ("m", Decimal(1)),
    "b": ("bn", Decimal(1)),
    "bn": ("bn", Decimal(1)),
    "tr": ("bn", Decimal(1000)),
    "tn": ("bn", Decimal(1000)),
}


@dataclass(frozen=True)
class Money:
    """The value of an order, as the register gives it.

    ``scale`` is ``m`` or ``bn``; ``low`` and ``high`` are set where the register gives a range, and ``value`` is
    then its middle. ``text`` is what the register wrote. ``doubtful`` says that it wrote 'possibly'.
    """

    currency: str
    scale: str
    value: float
    low: float | None
    high: float | None
    qualifier: str
    doubtful: bool
    text: str

    @property
    def unit(self) -> str:
        """Unit of the table of figures; the register never says whether tax is in."""
        return f"{self.currency.lower()}_{self.scale}_unstated"


def read_money(phrase: str) -> tuple[Money | None, str]:
    """Return the value of the order that a phrase gives, or the reason why an amount in it is not that value.

    Where the register converts to US dollars in brackets, the dollars are taken: one currency for a whole case.

    Returns
    -------
    tuple
        (money, ""), (None, reason), or (None, "") where the phrase holds no amount at all.

    Examples
    --------
    >>> money, _ = read_money("PLN1.2 b ($292 m) deal")
    >>> money.value, money.unit
    (292.0, 'usd_m_unstated')
    >>> read_money("Part of $998 m deal")
    (None, 'the value of a larger deal, not of this order alone')
    """
    first = _MONEY.search(phrase)
    if first is None:
        return None, ""
    second = _BRACKET.match(phrase, first.end())
    before, after = phrase[: first.start()], phrase[(second or first).end() :]
    if _PART.search(before):
        return None, "the value of a larger deal, not of this order alone"
    if not _DEAL.match(after):
        if _PROGRAMME.match(after):
            return None, "the value of a programme, which may hold more than this order"
        return None, "an amount that is not said to be the value of the order"
    chosen = second if second and _currency(second["currency"]) == "USD" else first
    if _currency(chosen["currency"]) is None and second:
        chosen = second
    currency = _currency(chosen["currency"])
    if currency is None:
        return None, f"{chosen['currency']} is no currency of ISO 4217"
    return _measure(chosen, currency, before, phrase[first.start() : (second or first).end()].strip())


def _measure(match: re.Match[str], currency: str, before: str, text: str) -> tuple[Money | None, str]:
    scale, factor = _SCALES[match["scale"]]
    if any(part and _UNCLEAR.fullmatch(part) for part in match.group("low", "high")):
        return None, "an amount whose point could be a decimal mark or part thousands"
    low, high = (_number(part) * factor if part else None for part in match.group("low", "high"))
    if low is None or low == 0 or (high is not None and high < low):
        return None, "an amount of nothing, or a range that ends before it begins"
    qualifier, doubtful = ("exact" if high is None else "about"), False
    for pattern, word, doubt in _HEDGES:
        if pattern.search(before):
            qualifier, doubtful = word, doubt
            break
    if high is None:
        return Money(currency, scale, float(low), None, None, qualifier, doubtful, text), ""
    middle = (low + high) / 2
    return Money(currency, scale, float(middle), float(low), float(high), qualifier, doubtful, text), ""


def _number(text: str) -> Decimal:
    """Return a number as the register's English writes it: a comma before three digits parts thousands."""
    return Decimal(text.replace(",", "") if _THOUSANDS.fullmatch(text) else text.replace(",", "."))


@functools.cache
def _currency(written: str) -> str | None:
    code = _SYMBOLS.get(written, written)
    return code if pycountry.currencies.get(alpha_3=code) is not None else None
