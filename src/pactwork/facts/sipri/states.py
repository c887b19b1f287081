"""Names of recipients and suppliers as the register writes them, and the ISO 3166 codes they stand for."""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

import pycountry

UNKNOWN_CODE = "ZZ"
"""ISO 3166 leaves ZZ to its users; here it marks a side of the deal that is no state."""

_REGISTER_NAMES = {
    # Names that ISO 3166 does not list in any of its forms, because the register uses a short or an older one.
    "bosnia-herzegovina": "BA",
    "bosnia": "BA",
    "brunei": "BN",
    "burma": "MM",
    "cape verde": "CV",
    "congo, republic": "CG",
    "czech republic": "CZ",
    "dr congo": "CD",
    "east timor": "TL",
    "great britain": "GB",
    "ivory coast": "CI",
    "korea": "KR",
    "macedonia": "MK",
    "micronesia": "FM",
    "palestine": "PS",
    "russia": "RU",
    "swaziland": "SZ",
    "turkey": "TR",
    "uae": "AE",
    "uk": "GB",
    "usa": "US",
    "vatican": "VA",
    "viet nam": "VN",
    "zaire": "CD",
}
_FORMER_STATES = {
    # ISO 3166-3 keeps the codes of states that are no more.
    "czechoslovakia": "CS",
    "east germany (gdr)": "DD",
    "east germany": "DD",
    "serbia and montenegro": "CS",
    "rhodesia": "RH",
    "south yemen": "YD",
    "soviet union": "SU",
    "yugoslavia": "YU",
}
_UNLISTED = {
    # XK is the code that the European Union and others use for Kosovo, which ISO 3166 does not list.
    "kosovo": "XK",
    # Split or merged states that never had a code of their own share that of the state they became part of.
    "north yemen": "YE",
    "south vietnam": "VN",
    "biafra": "NG",
}


@dataclass(frozen=True)
class Side:
    """A recipient or a supplier.

    ``code`` is its ISO 3166 alpha-2 code, ``ZZ`` where it is no state; ``note`` says why wherever that needs saying.
    """

    name: str
    code: str
    kind: Literal["state", "institution", "armed_forces"]
    note: str = ""

    @property
    def is_state(self) -> bool:
        """Whether the side is a state with a code."""
        return self.code != UNKNOWN_CODE


def plain(name: str) -> str:
    """Return a name in the form in which names are compared: no case, accents, marks or doubled spaces.

    Examples
    --------
    >>> plain("  Türkiye* ")
    'turkiye'
    """
    decomposed = unicodedata.normalize("NFKD", name)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return re.sub(r"\s+", " ", bare.replace("’", "'").rstrip("* ")).strip().casefold()


def find_code(name: str) -> str | None:
    """Return the ISO 3166 alpha-2 code of a state by any of its usual names, or None.

    Examples
    --------
    >>> [find_code(name) for name in ("South Korea", "Turkiye", "Russia", "DR Congo", "Atlantis")]
    ['KR', 'TR', 'RU', 'CD', None]
    """
    wanted = plain(name)
    for names in (_REGISTER_NAMES, _iso_names(), _FORMER_STATES, _UNLISTED):
        if wanted in names:
            return names[wanted]
    return None


def find_current_code(name: str) -> str | None:
    """Return the code of a state of today by any of its usual names; former states keep to their own name."""
    wanted = plain(name)
    return _REGISTER_NAMES.get(wanted) or _iso_names().get(wanted)


def describe_side(name: str) -> Side:
    """Return what the register means by a recipient or supplier.

    The register marks armed groups with one star and international organisations with two; neither has an ISO code.
    """
    shown = name.strip().rstrip("* ") or name.strip()
    stars = len(name.strip()) - len(name.strip().rstrip("*"))
    if stars >= 2:
        note = "The register marks it as an international organisation; it has no ISO 3166 code."
        return Side(shown, UNKNOWN_CODE, "institution", note)
    if stars == 1:
        note = "The register marks it as a party that is no state; it has no ISO 3166 code."
        return Side(shown, UNKNOWN_CODE, "armed_forces", note)
    code = find_code(shown)
    if code is None:
        note = "No state of this name in ISO 3166; the code ZZ, left to users by the standard, stands in."
        return Side(shown, UNKNOWN_CODE, "institution", note)
    wanted = plain(shown)
    if wanted in _FORMER_STATES:
        return Side(shown, code, "state", "A state of the past; its code is the one ISO 3166-3 keeps.")
    if wanted in _UNLISTED:
        return Side(shown, code, "state", "ISO 3166 has no entry of this name; the code is the nearest in use.")
    return Side(shown, code, "state")


@functools.cache
def _iso_names() -> dict[str, str]:
    """Return every name of ISO 3166-1, compared form to code; 'Korea, Republic of' also as 'Republic of Korea'."""
    names: dict[str, str] = {}
    for country in pycountry.countries:
        code = country.alpha_2
        names.setdefault(code.casefold(), code)
        names.setdefault(country.alpha_3.casefold(), code)
    for country in pycountry.countries:
        for attribute in ("name", "common_name", "official_name"):
            written = getattr(country, attribute, None)
            if not written:
                continue
            names[plain(written)] = country.alpha_2
            short, comma, rest = written.partition(", ")
            if comma:
                names[plain(f"{rest} {short}")] = country.alpha_2
                names.setdefault(plain(short), country.alpha_2)
    # 'Korea' and 'Congo' alone name two states each: the register's meaning is in the table above.
    return names
