"""Numerals: digits with either usage of point, comma and space, and numbers in words."""

from __future__ import annotations

import re
from decimal import Decimal

SCALES = {
    "thousand": 1e3, "k": 1e3, "tys": 1e3, "million": 1e6, "m": 1e6, "mn": 1e6, "mln": 1e6, "mio": 1e6,
    "billion": 1e9, "bn": 1e9, "mld": 1e9, "mrd": 1e9, "trillion": 1e12, "tn": 1e12, "trn": 1e12,
}  # fmt: skip
_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
WORDS: dict[str, float] = {word: number for number, word in enumerate(_ONES)}
WORDS |= {word: 10.0 * number for number, word in enumerate(_TENS, 2)}
BIG_WORDS = {"dozen": 12.0, "hundred": 100.0, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
SPACE = r"[ \u00a0\u2009\u202f]"
"""Spaces that may part thousands: plain, non-breaking, thin, narrow."""


def read_number(text: str) -> tuple[float, float | None]:
    """Read digits with either usage of point, comma and space; return the second reading where there is one."""
    plain = re.sub(rf"{SPACE}|['’]", "", text)
    marks = re.findall(r"[.,]", plain)
    if not marks:
        return float(plain), None
    if len(marks) > 1:
        # The last mark parts decimals when it differs from those before it.
        if marks[-1] == marks[0]:
            return float(re.sub(r"[.,]", "", plain)), None
        whole, decimals = plain.rsplit(marks[-1], 1)
        return float(f"{re.sub(r'[.,]', '', whole)}.{decimals}"), None
    decimal = float(plain.replace(",", "."))
    grouped = float(re.sub(r"[.,]", "", plain))
    if not re.fullmatch(r"[1-9][0-9]{0,2}[.,][0-9]{3}", plain) or plain != text:
        return decimal, None
    if plain.endswith(",000"):
        return grouped, None
    return (grouped, decimal) if marks[0] == "," else (decimal, grouped)


def read_words(text: str) -> float | None:
    """Read "twenty-one" or "two hundred and six"; None for what is no number by itself."""
    total, part = 0.0, 0.0
    words = re.split(r"[ -]+", text.lower())
    if words[0] == "half":
        return 0.5 * BIG_WORDS[words[-1]] if words[-1] in BIG_WORDS else None
    if words[0] in ("a", "an"):
        if len(words) < 2 or words[1] not in BIG_WORDS:
            return None
        words = ["one", *words[1:]]
    elif words[0] in BIG_WORDS:
        # "thousands", "several hundred": no number can be told.
        return None
    for word in words:
        if word in WORDS:
            part += WORDS[word]
        elif word in BIG_WORDS:
            part = max(part, 1.0) * BIG_WORDS[word]
            if BIG_WORDS[word] >= 1e3:
                total, part = total + part, 0.0
    return total + part


def apply_scale(value: float, scale: float) -> float:
    """Apply a scale in decimal, so that 16.6 billion is 16,600,000,000 exactly."""
    return float(Decimal(str(value)) * Decimal(scale))
