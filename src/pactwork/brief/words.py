"""The sentences of the brief, kept apart from the code that fills them, so that other languages can follow."""

from __future__ import annotations

import functools
import tomllib
from importlib import resources


@functools.cache
def load_words(language: str = "en") -> dict[str, dict[str, str]]:
    """Return the texts of a language, by section and name, from every file of its folder."""
    found: dict[str, dict[str, str]] = {}
    folder = resources.files("pactwork.brief").joinpath("words").joinpath(language)
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".toml"):
            found |= {name: dict(texts) for name, texts in tomllib.loads(file.read_text("utf-8")).items()}
    return found


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
