"""Kinds of equipment: descriptions in words become the few groups that deals are compared by."""

from __future__ import annotations

import functools
import re
import tomllib
from importlib import resources


@functools.cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    text = (resources.files(__package__) / "kinds.toml").read_text("utf-8")
    return tuple((kind, re.compile(pattern)) for kind, pattern in tomllib.loads(text).items())


def kinds() -> tuple[str, ...]:
    """Return the names of the kinds, in the order of their columns; ``other`` is none of them."""
    return tuple(kind for kind, _ in _patterns())


@functools.lru_cache(maxsize=4096)
def find_kind(description: str) -> str:
    """Return the kind of equipment that a description means.

    Examples
    --------
    >>> find_kind("self-propelled howitzer"), find_kind("main battle tank"), find_kind("FGA aircraft")
    ('artillery', 'armour', 'combat_aircraft')
    >>> find_kind("something else")
    'other'
    """
    text = description.strip().lower()
    return next((kind for kind, pattern in _patterns() if pattern.search(text)), "other")
