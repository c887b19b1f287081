"""Conditions in words: when a lever that waits begins to work."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from pactwork.facts.choices import Condition
from pactwork.facts.parameters import LEVELS, STANCES, nearest

_NAME = r"(?P<subject>[A-Za-z0-9][A-Za-z0-9_\-]*)"
_FORMS = {
    "level": re.compile(rf"{_NAME}\s*>=\s*(?P<word>[a-z]+)"),
    "slip": re.compile(rf"slip\(\s*{_NAME}\s*\)\s*>\s*(?P<number>\d+(?:\.\d+)?)\s*months?"),
    "stance": re.compile(rf"stance\(\s*{_NAME}\s*\)\s*>=\s*(?P<word>[a-z]+)"),
    "readiness": re.compile(rf"readiness\(\s*{_NAME}\s*\)\s*<\s*(?P<number>\d?\.\d+|[01])"),
    "closed": re.compile(rf"closed\(\s*{_NAME}\s*\)"),
}
EXAMPLES = (
    "europe >= crisis", "slip(k2-1) > 6 months", "stance(south-korea) >= reluctant", "readiness(k2) < 0.6",
    "closed(malacca)",
)  # fmt: skip
"""One of each kind, for messages."""
_WORDS = {"level": LEVELS, "stance": STANCES}
_NEEDS = {"level": "theatre", "slip": "lot", "stance": "government", "readiness": "system", "closed": "passage"}


def parse_condition(text: str, known: Mapping[str, Collection[str]]) -> Condition:
    """Read a condition.

    Parameters
    ----------
    text : str
        Such as those of ``EXAMPLES``.
    known : mapping of str to collection of str
        Names of theatres, lots, governments, systems and passages, by "theatre", "lot", …

    Raises
    ------
    ValueError
        With what was expected and, after a line break, what to do.

    Examples
    --------
    >>> parse_condition("europe >= crisis", {"theatre": ["europe"]}).threshold
    2.0
    """
    for kind, form in _FORMS.items():
        found = form.fullmatch(text.strip())
        if found is None:
            continue
        subject, names = found["subject"], known.get(_NEEDS[kind], ())
        if subject not in names:
            near = nearest(subject, names)
            raise ValueError(f"a {_NEEDS[kind]} of the case\n{f'perhaps {near}?' if near else 'correct the name'}")
        words = _WORDS.get(kind)
        if words is None:
            return Condition(text.strip(), kind, subject, float(found["number"]) if kind != "closed" else 1.0)
        if found["word"] not in words[1:]:
            raise ValueError(f"{' or '.join(words[1:])}\ncorrect the word")
        return Condition(text.strip(), kind, subject, float(words.index(found["word"])))
    raise ValueError(f"a condition such as {'; '.join(EXAMPLES)}\nwrite it like one of these")
