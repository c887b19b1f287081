"""The texts of the brief, kept apart from the code that fills them, so that other languages can follow.

A language is a folder of TOML files. A text may ask for a count in words, ``{lots:lot}``: which form is taken is the
language's own rule (one and many in English, one, few and many in Polish, one form alone in Korean), and which noun or
verb in which case is the text's own choice.
"""

from __future__ import annotations

import decimal
import functools
import math
import string
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from importlib import resources
from typing import Any

from babel import Locale
from babel.numbers import format_decimal
from markupsafe import Markup, escape

Text = str | Mapping[str, str] | Sequence[str]


@dataclass(frozen=True)
class Marked:
    """A number or words that carry their origin where a page shows them: ``origin`` is what the mark says."""

    value: Any
    origin: str

    def wrap(self, text: str) -> Markup:
        """Return the words as the page shows them."""
        return Markup('<span class="derived" title="{}">{}</span>').format(self.origin, text)

    def __html__(self) -> Markup:
        return self.wrap(self.value if isinstance(self.value, str) else spell_number(self.value))


@dataclass(frozen=True, eq=False)
class Catalogue:
    """All texts of one language, by section and name."""

    language: str
    texts: Mapping[str, Mapping[str, Text]]

    @functools.cached_property
    def locale(self) -> Locale:
        """Plural rules and ways to write numbers, of the Unicode CLDR."""
        return Locale.parse(self.language)

    def find(self, key: str) -> Text:
        """Return what stands under ``section.name``; KeyError where nothing does."""
        section, name = key.split(".")
        return self.texts[section][name]

    def count(self, value: float, name: str) -> str:
        """Return a count in words: the form of ``count.name`` that the language asks for; ``none`` for nothing."""
        forms = self.find(f"count.{name}")
        if not isinstance(forms, Mapping):
            raise TypeError(f"count.{name} has no forms")
        form = "none" if value == 0 and "none" in forms else self.locale.plural_form(abs(value))
        return forms.get(form, forms["other"]).replace("{n}", self.number(value))

    def number(self, value: float | decimal.Decimal, digits: int = 6) -> str:
        """Return a number with grouped thousands and no noise of floating point, as the language writes it.

        ``digits`` is how many are significant; a number too large for that is rounded to a whole one. Of a decimal it
        is how many stand behind the point at most.
        """
        if not math.isfinite(value):
            return str(self.find("number.unknown"))
        return _write_number(self.locale, value, digits)


@functools.lru_cache(maxsize=16_384)
def _write_number(locale: Locale, value: float | decimal.Decimal, digits: int) -> str:
    """Return a finite number as a language writes it; the same few numbers stand in many rows of a case."""
    exact = decimal.Decimal(value)
    if isinstance(value, float):
        rounded = float(f"{value:.{digits}g}") if abs(value) < 10**digits else round(value)
        exact = decimal.Decimal(f"{rounded:.{digits}f}")
    with decimal.localcontext(prec=400):  # the largest number has 309 digits before the point
        text = format_decimal(exact, format="#,##0." + "#" * digits, locale=locale)
    return text.replace("-", "−") if text not in ("-0", "−0") else "0"


class _Filler(string.Formatter):
    """Fills places with words; ``{value:name}`` with a count of that name; what is marked keeps its mark."""

    def __init__(self, catalogue: Catalogue, *, page: bool) -> None:
        self.catalogue, self.page = catalogue, page

    def format_field(self, value: Any, spec: str) -> str:
        inner = value.value if isinstance(value, Marked) else value
        text = self.catalogue.count(inner, spec) if spec else inner if isinstance(inner, str) else str(inner)
        if not spec and isinstance(inner, int | float):
            text = self.catalogue.number(inner)
        if not self.page:
            return text
        return value.wrap(text) if isinstance(value, Marked) else escape(text)


@functools.cache
def load_words(language: str = "en") -> Catalogue:
    """Return the texts of a language from every file of its folder."""
    found: dict[str, Mapping[str, Text]] = {}
    folder = resources.files("pactwork.brief").joinpath("words").joinpath(language)
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".toml"):
            sections = tomllib.loads(file.read_text("utf-8"))
            if twice := set(found) & set(sections):
                raise ValueError(f"{file.name}: sections of another file: {', '.join(sorted(twice))}")
            found |= sections
    return Catalogue(language, found)


_SPOKEN: ContextVar[Catalogue | None] = ContextVar("catalogue", default=None)


def spoken() -> Catalogue:
    """Return the catalogue in use."""
    return _SPOKEN.get() or load_words()


@contextmanager
def speak(catalogue: Catalogue) -> Iterator[None]:
    """Use another catalogue for a while."""
    token = _SPOKEN.set(catalogue)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def say(key: str, **parts: Any) -> str:
    """Return a text with its parts filled in.

    Parts are put in as they are: braces in a name of the case are never read as places to fill.

    Examples
    --------
    >>> say("dialogue.election", whose="President of Aland", when="2025")
    'President of Aland, 2025'
    """
    catalogue = spoken()
    return _Filler(catalogue, page=False).vformat(_text(catalogue, key), (), parts)


def say_on_page(key: str, **parts: Any) -> Markup:
    """Return a text for a page: all is escaped but the marks of what is `Marked`, and markup that a part already is."""
    catalogue = spoken()
    return Markup(_Filler(catalogue, page=True).vformat(str(escape(_text(catalogue, key))), (), parts))


def _text(catalogue: Catalogue, key: str) -> str:
    text = catalogue.find(key)
    if not isinstance(text, str):
        raise TypeError(f"{key} is no text")
    return text


def say_count(value: float, name: str) -> str:
    """Return a count with its noun, or the verb that goes with it.

    Examples
    --------
    >>> say_count(1, "row"), say_count(1200, "row"), say_count(0, "row"), say_count(2, "is")
    ('1 row', '1,200 rows', 'no rows', 'are')
    """
    return spoken().count(value, name)


def say_list(key: str) -> tuple[str, ...]:
    """Return a list of words, such as the names of months."""
    found = spoken().find(key)
    if isinstance(found, str | Mapping):
        raise TypeError(f"{key} is no list")
    return tuple(found)


def knows(key: str) -> bool:
    """Return whether there is a text under a name."""
    section, name = key.split(".")
    return name in spoken().texts.get(section, {})


def spell_number(value: float) -> str:
    """Return a number as the language writes it."""
    return spoken().number(value)
