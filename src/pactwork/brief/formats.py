"""Numbers, dates and names as a person would write them."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence

from pactwork.facts.dates import MONTHS, parse_date, spell_day
from pactwork.facts.schema import Category

THIN = "\u202f"  # a narrow space that does not break: between a number and its unit
_SEASONS = {21: "spring", 22: "summer", 23: "autumn", 24: "winter"}
_QUARTERS = {33: "first quarter", 34: "second quarter", 35: "third quarter", 36: "fourth quarter"}
_HALVES = {40: "first half", 41: "second half"}
_ORDINAL_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_BIDI = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F])


def clean(text: object) -> str:
    r"""Return text without control and direction-changing characters, on one line.

    Escaping is the template's business; this keeps a cell of a case from breaking an SVG or turning the page around.

    Examples
    --------
    >>> clean("two\nlines\x00 and\u202e more")
    'two lines and more'
    """
    if text is None:
        return ""
    return " ".join(strip_marks(str(text)).split())


def strip_marks(text: str) -> str:
    """Return text without direction-changing characters, and with a space for each control character."""
    kept = (c if unicodedata.category(c)[0] != "C" or c == "\u200d" else " " for c in text.translate(_BIDI))
    return "".join(kept)


def shorten(text: object, limit: int) -> str:
    """Return text cut at a word, with an ellipsis, where it is longer than ``limit`` characters.

    Examples
    --------
    >>> shorten("a rather long name", 10)
    'a rather…'
    """
    whole = clean(text)
    if len(whole) <= limit:
        return whole
    cut = whole[: limit - 1]
    head = cut.rsplit(" ", 1)[0] if " " in cut else cut
    return head.rstrip(" ,;:.–-") + "…"


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
    if not math.isfinite(value):
        return "unknown"
    rounded = float(f"{value:.{digits}g}") if abs(value) < 10**digits else round(value)
    text = f"{rounded:,.{digits}f}".rstrip("0").rstrip(".")
    return text.replace("-", "−") if text not in ("-0", "") else "0"


def percent(share: float) -> str:
    """Return a share of one as whole percent, never rounding something to nothing or nearly all to all.

    Examples
    --------
    >>> percent(62 / 180), percent(0.001), percent(0.9999), percent(1.0)
    ('34%', 'under 1%', 'over 99%', '100%')
    """
    if 0 < share < 0.01:
        return "under 1%"
    if 0.99 < share < 1:
        return "over 99%"
    return f"{number(round(share * 100))}%"


def count(value: float, noun: str, plural: str | None = None) -> str:
    """Return a count with its noun in the right number.

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
    return _ORDINAL_WORDS[value] if 0 <= value < len(_ORDINAL_WORDS) else number(value)


def are(number: int) -> str:
    """Return the verb that goes with a count.

    Examples
    --------
    >>> are(1), are(0)
    ('is', 'are')
    """
    return "is" if number == 1 else "are"


def join(parts: Sequence[str], last: str = "and") -> str:
    """Return parts as a list in a sentence.

    Examples
    --------
    >>> join(["K2", "K9", "K239"])
    'K2, K9 and K239'
    """
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def capitalise(text: str) -> str:
    """Return text with its first letter as a capital, the rest as it is."""
    return text[:1].upper() + text[1:]


def option_words(text: object) -> str:
    """Return an answer's short name as words.

    Examples
    --------
    >>> option_words("non_military_only"), option_words("tension-on-peninsula"), option_words("dont_know")
    ('non-military only', 'tension on peninsula', 'don’t know')
    """
    words = clean(text).replace("_", " ").replace("-", " ").replace("dont know", "don’t know")
    return re.sub(r"\bnon (?=\w)", "non-", words)


def hedge(qualifier: str | None, dimension: str | None = None) -> str:
    """Return the words by which a source hedges a number, with a space after them.

    "Up to" is never "almost": a bound is not a hint of how near the number lies to it.

    Examples
    --------
    >>> hedge("at_most", "money"), hedge("at_least", "money"), hedge("at_least", "items"), hedge("exact")
    ('up to ', 'more than ', 'at least ', '')
    """
    continuous = dimension in ("distance", "money", "money_with_basis")
    words = {"about": "about ", "at_least": "more than " if continuous else "at least ", "at_most": "up to "}
    return words.get(qualifier or "", "")


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
    text = f"{hedge(qualifier, dimension)}{_with_unit(number(value), value, label, unit, known)}"
    if low is not None and high is not None and (low, high) != (value, value):
        text += f" ({number(low)}–{number(high)})"
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


def date(text: str | None) -> str:
    """Return an EDTF date in words.

    Examples
    --------
    >>> date("2024-10-04"), date("2024-10"), date("2025~"), date("2026-34")
    ('4 October 2024', 'October 2024', 'about 2025', 'second quarter of 2026')
    >>> date("2022-12/2025"), date("../2024-09-11"), date("2026/..")
    ('December 2022 to 2025', 'until 11 September 2024', 'from 2026')
    >>> date("2024-10-22/2024-10-25"), date("2024-01-01/2024-03-14")
    ('22–25 October 2024', '1 January to 14 March 2024')
    """
    written = clean(text)
    if not written:
        return ""
    start, slash, end = written.partition("/")
    if not slash:
        return _one_date(written)
    if start in ("", ".."):
        return f"until {_one_date(end)}"
    if end in ("", ".."):
        return f"from {_one_date(start)}"
    if start == end:
        return _one_date(start)
    return _span(_one_date(start), _one_date(end))


def _span(first: str, last: str) -> str:
    """Return two dates in words as one, what they share said once: "22–25 October 2024"."""
    one, two = first.split(), last.split()
    if len(one) == len(two) == 3 and one[1:] == two[1:]:
        return f"{one[0]}–{last}"
    if len(one) == len(two) > 1 and one[-1] == two[-1] and one[-2] in MONTHS:
        return f"{' '.join(one[:-1])} to {last}"
    return f"{first} to {last}"


def _one_date(text: str) -> str:
    bare = text.rstrip("?~%")
    mark = text[len(bare) :]
    found = re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", bare)
    if not found:
        try:
            known = parse_date(text)
        except ValueError:
            return text
        first, last = spell_day(known.earliest), spell_day(known.latest)
        return first if first == last else f"between {first} and {last}"
    year, month, of_month = found[1], int(found[2] or 0), int(found[3] or 0)
    words = _month_words(year, month, of_month)
    if mark in ("~", "%"):
        return f"about {words}"
    return f"probably {words}" if mark else words


def _month_words(year: str, month: int, of_month: int) -> str:
    if not month:
        return year
    for names in (_QUARTERS, _HALVES):
        if month in names:
            return f"{names[month]} of {year}"
    if month in _SEASONS:
        return f"{_SEASONS[month]} {year}"
    if not 1 <= month <= 12:
        return f"{year}-{month:02d}"
    return f"{of_month} {MONTHS[month - 1]} {year}" if of_month else f"{MONTHS[month - 1]} {year}"


def lower_first(text: str) -> str:
    """Return text with its first letter small, unless it begins with an abbreviation.

    Examples
    --------
    >>> lower_first("Freedom of navigation"), lower_first("NATO and partners"), lower_first("K2 tanks")
    ('freedom of navigation', 'NATO and partners', 'K2 tanks')
    """
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def short_months(text: str) -> str:
    """Return a date in words with months of three letters, for charts.

    Examples
    --------
    >>> short_months("24–26 June 2024")
    '24–26 Jun 2024'
    """
    return re.sub("|".join(MONTHS), lambda month: month[0][:3], text)


def due_words(text: str | None) -> str:
    """Return the end of a delivery window: what a reader calls "due".

    Examples
    --------
    >>> due_words("2022-12/2025"), due_words("2025"), due_words("2023-11/..")
    ('2025', '2025', 'open')
    """
    written = clean(text)
    if "/" in written:
        end = written.partition("/")[2]
        return _one_date(end) if end not in ("", "..") else "open"
    return _one_date(written) if written else ""
