"""Text within a line of the page, as runs: what is bold, what is grey, what links where, which tags it carries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import replace
from typing import Any

from bs4.element import NavigableString, Tag

from pactwork.brief.forms.document import MARKS, Run, Runs

SKIPPED = {"svg", "style", "script", "title", "nav", "summary", "caption"}
_LINES = {"piece", "through", "big"}
"""Classes of inline elements that the page puts on lines of their own."""


def text_of(node: Tag | None) -> str:
    """Return the text of an element on one line; nothing where there is no element."""
    return " ".join(node.get_text(" ").split()) if node else ""


def classes_of(node: Tag) -> list[str]:
    """Return the classes of an element."""
    found = node.get("class")
    return [found] if isinstance(found, str) else list(found or [])


def read_runs(node: Tag, targets: Set[str]) -> Runs:
    """Return the text of an element as runs."""
    return tidy(run for child in node.children for run in read_inline(child, Run(""), targets))


def read_inline(node: Any, look: Run, targets: Set[str]) -> Iterator[Run]:
    """Yield the text of a node in the look of what holds it; links that lead nowhere (``targets``) are text."""
    if isinstance(node, NavigableString):
        if type(node) is NavigableString and (text := re.sub(r"\s+", " ", node)):
            yield replace(look, text=text)
        return
    classes, name = classes_of(node), node.name
    if "data" in classes or "quiet" in classes:
        return
    if name == "br":
        yield Run("\n")
        return
    if "mark" in classes:
        sign = next((MARKS[one] for one in classes if one in MARKS), "")
        yield Run(f"{sign} ", kind="mark")
        return
    if name in SKIPPED:
        return
    if name in ("a", "span") and "src" in classes:
        yield _read_tag(node, classes, targets)
        return
    if "word" in classes:
        yield Run(" ")
    if _is_apart(node):
        yield Run(" · ", muted=True)
    if name in ("li", "p", "ul", "details") or {*classes} & _LINES:
        yield Run("\n")
    inner = _restyle(node, classes, look, targets)
    for child in node.children:
        yield from read_inline(child, inner, targets)
    if {*classes} & {"when"}:
        yield Run(": ", muted=True)
    if name in ("li", "p", "details") or "big" in classes:
        yield Run("\n")


def _read_tag(node: Tag, classes: list[str], targets: Set[str]) -> Run:
    goal = str(node.get("href") or "")
    link = goal if goal[1:] in targets else ""
    return Run(text_of(node), link=link, kind="judged" if "judged" in classes else "tag",
               tip=str(node.get("title") or ""))  # fmt: skip


def _restyle(node: Tag, classes: list[str], look: Run, targets: Set[str]) -> Run:
    if node.name in ("b", "strong", "h3", "h4"):
        look = replace(look, bold=True)
    if node.name == "em":
        look = replace(look, italic=True)
    if {"aside", "word", "through", "tally", "see", "when"} & {*classes}:
        look = replace(look, muted=True)
    if "chip" in classes:
        look = replace(look, kind="chip")
    if node.name == "a":
        goal = str(node.get("href") or "")
        if goal.startswith(("https://", "http://")) or (goal.startswith("#") and goal[1:] in targets):
            look = replace(look, link=goal)
    return look


def _is_apart(node: Tag) -> bool:
    """Return whether the page sets this count apart from the one before it."""
    parent = node.parent
    return parent is not None and "counts" in classes_of(parent) and node.find_previous_sibling() is not None


def tidy(runs: Iterable[Run]) -> Runs:
    """Return runs joined where they look alike, with single spaces, and none at the ends or beside a line break."""
    kept: list[Run] = []
    for run in runs:
        text = run.text
        ends = not kept or kept[-1].text.endswith((" ", "\n"))
        if ends and run.kind not in ("tag", "judged"):
            text = text.lstrip(" ") if kept else text.lstrip(" \n")
        if text == "\n":
            while kept and not kept[-1].text.strip(" "):
                kept.pop()
            if not kept or kept[-1].text == "\n":
                continue
            kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip(" "))
        if not text:
            continue
        if kept and text != "\n" and kept[-1].text != "\n" and replace(kept[-1], text="") == replace(run, text="") \
                and run.kind not in ("tag", "judged", "chip"):  # fmt: skip
            kept[-1] = replace(kept[-1], text=kept[-1].text + text)
        else:
            kept.append(replace(run, text=text))
    while kept and not kept[-1].text.strip():
        kept.pop()
    if kept:
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip())
    return tuple(kept)
