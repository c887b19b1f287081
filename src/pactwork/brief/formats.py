"""Numbers, dates and names as a person would write them, in the language in use."""

from __future__ import annotations

from collections.abc import Sequence

from pactwork.brief.days import date as date
from pactwork.brief.days import due_words as due_words
from pactwork.brief.days import short_months as short_months
from pactwork.brief.days import spell_day as spell_day
from pactwork.brief.days import spell_month as spell_month
from pactwork.brief.texts import capitalise as capitalise
from pactwork.brief.texts import clean as clean
from pactwork.brief.texts import lower_first as lower_first
from pactwork.brief.texts import option_words as option_words
from pactwork.brief.texts import shorten as shorten
from pactwork.brief.texts import strip_marks as strip_marks
from pactwork.brief.texts import web_link as web_link
from pactwork.brief.words import say, say_list, spoken
from pactwork.facts.schema import Category

THIN = "\u202f"  # a narrow space that does not break: between a number and its unit


def number(value: float, digits: int = 6) -> str:
    """Return a number with grouped thousands and no noise of floating point.

    Examples
    --------
    >>> number(0.1 + 0.2)
    '0.3'
    >>> number(7950.0)
    '7,950'
    >>> number(-9.5)
    '−9.5'
    """
    return spoken().number(float(value), digits)


def percent(share: float) -> str:
    """Return a share of one as whole percent, never rounding something to nothing or nearly all to all.

    Examples
    --------
    >>> percent(62 / 180), percent(0.001), percent(0.9999), percent(1.0)
    ('34%', 'under 1%', 'over 99%', '100%')
    """
    if 0 < share < 0.01:
        return say("number.under", percent=per_cent(1))
    if 0.99 < share < 1:
        return say("number.over", percent=per_cent(99))
    return per_cent(round(share * 100))


def per_cent(points: float) -> str:
    """Return points of a hundred as per cent.

    Examples
    --------
    >>> per_cent(62.5), per_cent(0)
    ('62.5%', '0%')
    """
    return say("number.percent", number=number(points))


def count(value: float, noun: str, plural: str | None = None) -> str:
    """Return a count with its noun in the right number, in English; the brief itself counts by its catalogue.

    Examples
    --------
    >>> count(1, "tank"), count(2, "tank"), count(0, "country", "countries")
    ('1 tank', '2 tanks', 'no countries')
    """
    word = noun if value == 1 else plural or f"{noun}s"
    return f"{'no' if value == 0 else number(value)} {word}"


def in_words(value: int) -> str:
    """Return a small count as a word.

    Examples
    --------
    >>> in_words(3), in_words(12)
    ('three', '12')
    """
    words = say_list("number.words")
    return words[value] if 0 <= value < len(words) else number(value)


def join(parts: Sequence[str], last: str = "and") -> str:
    """Return parts as a list in a sentence.

    Examples
    --------
    >>> join(["K2", "K9", "K239"])
    'K2, K9 and K239'
    """
    if len(parts) < 2:
        return "".join(parts)
    return say(f"list.{last}", first=say("list.comma").join(parts[:-1]), last=parts[-1])


def hedge(text: str, qualifier: str | None, dimension: str | None = None) -> str:
    """Return a number in words hedged as its source hedges it.

    "Up to" is never "almost": a bound is not a hint of how near the number lies to it.

    Examples
    --------
    >>> hedge("9 m", "at_most", "money"), hedge("9 m", "at_least", "money"), hedge("9", "at_least"), hedge("9", "exact")
    ('up to 9 m', 'more than 9 m', 'at least 9', '9')
    """
    if qualifier not in ("about", "at_least", "at_most"):
        return text
    continuous = qualifier == "at_least" and dimension in ("distance", "money", "money_with_basis")
    return say("hedge.more_than" if continuous else f"hedge.{qualifier}", number=text)


def quantity(
    value: float,
    unit: str | None,
    units: dict[str, Category],
    qualifier: str | None = None,
    low: float | None = None,
    high: float | None = None,
) -> str:
    """Return a number with its unit, its hedge and its range.

    Parameters
    ----------
    value, low, high : float
        In ``unit``.
    unit : str
        A value of the closed list ``units``; the bare word where the list does not hold it.
    qualifier : str
        ``exact``, ``about``, ``at_least`` or ``at_most``.
    """
    known = units.get(unit or "")
    label = clean(known.label if known else (unit or "").replace("_", " "))
    dimension = known.dimension if known else None
    text = hedge(_with_unit(number(value), value, label, unit, known), qualifier, dimension)
    if low is not None and high is not None and (low, high) != (value, value):
        text = say("range.beside", number=text, low=number(low), high=number(high))
    return text


def _with_unit(text: str, value: float, label: str, unit: str | None, known: Category | None) -> str:
    if known and known.currency:  # the label reads "USD bn net"; people write "16.6 bn USD net"
        currency, _, rest = label.partition(" ")
        scale, _, basis = rest.partition(" ")
        words = [text, scale, currency, basis]
        return THIN.join(word for word in words[:3] if word) + (f" {basis}" if basis else "")
    if unit in ("item", "count", None) or not label:
        return text
    if label.startswith("%"):
        return text + label
    if value == 1 and label.endswith("s") and len(label) > 3:
        label = label[:-1]
    return f"{text}{THIN}{label}"
