"""The sentences of the brief, kept apart from the code that fills them, so that other languages can follow."""

from __future__ import annotations

import functools
import tomllib
from importlib import resources


@functools.cache
def load_words(language: str = "en") -> dict[str, dict[str, str]]:
    """Return the sentences of a language, by section and name."""
    here = resources.files("pactwork.brief")
    found = tomllib.loads(here.joinpath(f"words.{language}.toml").read_text("utf-8"))
    found |= tomllib.loads(here.joinpath("words").joinpath(language).joinpath("forms.toml").read_text("utf-8"))
    return {section: dict(sentences) for section, sentences in found.items()}


def say(key: str, **parts: str) -> str:
    """Return a sentence with its parts filled in.

    Parts are put in as they are: braces in a name of the case are never read as places to fill.

    Examples
    --------
    >>> say("dialogue.election", whose="President of Aland", when="2025")
    'President of Aland, 2025'
    """
    section, name = key.split(".")
    return load_words()[section][name].format(**parts)
