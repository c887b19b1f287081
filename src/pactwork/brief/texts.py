"""Text of a case made fit to be shown: no control characters, not too long, capitals where due."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

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
    if text.isprintable():  # as nearly all text is: no character of the kinds looked for below
        return text
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


def lower_first(text: str) -> str:
    """Return text with its first letter small, unless it begins with an abbreviation.

    Examples
    --------
    >>> lower_first("Freedom of navigation"), lower_first("NATO and partners"), lower_first("K2 tanks")
    ('freedom of navigation', 'NATO and partners', 'K2 tanks')
    """
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def web_link(url: str | None) -> str:
    """Return an address that may be a link: http and https only, without white space or control characters.

    Examples
    --------
    >>> web_link("https://example.org/a"), web_link("javascript:alert(1)"), web_link(None)
    ('https://example.org/a', '', '')
    """
    text = (url or "").strip()
    if not text or clean(text) != text or " " in text:
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in ("http", "https") and parts.netloc else ""
