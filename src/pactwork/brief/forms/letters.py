"""Letters that no font of this machine has: found out beforehand, and written out by sound instead of left blank."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

_KNOWN = re.compile(r"[\x00-\u024f\u0370-\u04ff\u2010-\u2027\u202f\u2030-\u203a\u200b]")
"""Latin, Greek, Cyrillic and plain punctuation: the fonts that typst brings have them."""
_PROBE = """#set document(title: "letters")
#set text(font: "Libertinus Serif")
#for one in json("letters.json") [#one \\ ]
"""


def find_missing(text: str, fonts: Any) -> frozenset[str]:
    """Return the letters of a text that no font can show.

    Parameters
    ----------
    text : str
    fonts : typst.Fonts
        What there is.
    """
    import typst

    left = sorted(set(_KNOWN.sub("", text)))
    missing: set[str] = set()
    while left:
        files = {"main.typ": _PROBE.encode(), "letters.json": json.dumps(left).encode()}
        try:
            typst.compile(files, font_paths=fonts, format="pdf", pdf_standards=["ua-1"])
            break
        except typst.TypstError as error:
            found = re.search(r'the text `"(.+?)"`', str(error))
            lost = {one for one in left if found and one in found[1]} or {*left}
            missing |= lost
            left = [one for one in left if one not in lost]
    return frozenset(missing)


def write_out(text: str, missing: frozenset[str]) -> str:
    """Return text with missing letters written out by sound, in brackets; by number where they have none.

    Examples
    --------
    >>> write_out("Seoul 서울", frozenset("서울"))
    'Seoul [seo-ul]'
    """
    if not missing:
        return text
    stretch = f"[{re.escape(''.join(sorted(missing)))}]+"
    return re.sub(stretch, lambda found: f"[{'-'.join(_sound(one) for one in found[0])}]", text)


def _sound(letter: str) -> str:
    name = unicodedata.name(letter, "")
    for start in ("HANGUL SYLLABLE ", "HIRAGANA LETTER ", "KATAKANA LETTER "):
        if name.startswith(start):
            return name.removeprefix(start).lower()
    return f"U+{ord(letter):04X}"
