"""Putting an author's words into a section of the page: rendered, tied to their numbers, in place of composed ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from pactwork.brief import formats
from pactwork.brief.narrative import Told
from pactwork.brief.origins import Fact
from pactwork.brief.words import say
from pactwork.facts.narrative import REFERENCE, find_numbers, make_parser, split_reference

if TYPE_CHECKING:
    from markdown_it.token import Token

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_TOLD = {"answer", "conclusion", "told"}
"""Classes of what holds composed sentences."""
_HEADING = re.compile(r"<h([1-6])\b[^>]*>.*?</h\1>", re.DOTALL)
_NUMBER = Markup('<span class="derived" title="{}">{}</span>')
ShowFact = Callable[[Fact], Markup]
"""How the page shows a number with its origins."""


@dataclass(frozen=True)
class Placed:
    """The words for one section, ready to be put into what a template made of it."""

    told: Told
    show: ShowFact

    def place(self, html: str) -> Markup:
        """Return a section with the author's words below its heading, and without the sentences pactwork composed.

        What a template marks with ``data-told``, or by the classes of the answer and of conclusions, goes; tables,
        charts, their keys, and what says that numbers are simulated stay: a reader needs them whoever wrote the words.
        """
        kept = cut_told(html)
        heading = _HEADING.search(kept)
        at = heading.end() if heading else kept.find(">") + 1
        level = int(heading[1]) if heading else 2
        return Markup(kept[:at] + "\n" + self._render(level) + kept[at:])

    def _render(self, level: int) -> str:
        made = self.told.narrative
        text = "\n".join(formats.strip_marks(line) for line in made.text.split("\n"))
        parser = make_parser()
        tokens = parser.parse(text)
        for token in tokens:
            if token.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
                token.tag = f"h{min(int(token.tag[1]) + level, 6)}"
            line = made.first_line + (token.map[0] if token.map else 0)
            token.children = self._finish(token.children, line) if token.children else token.children
        body = str(parser.renderer.render(tokens, parser.options, {}))
        return f'<div class="authored" dir="auto">\n{self._flag()}{body}</div>\n<p class="aside">{self._sign()}</p>\n'

    def _finish(self, children: list[Token], line: int) -> list[Token]:
        """Return inline tokens with every number marked by where it comes from, and links that give nothing away."""
        finished, linked = [], False
        for token in children:
            line += token.type in ("softbreak", "hardbreak")
            if token.type in ("link_open", "link_close"):
                linked = token.type == "link_open"
                if linked:
                    token.attrSet("rel", "noopener noreferrer")
                    token.attrSet("target", "_blank")
            elif token.type == REFERENCE:
                token = _inline(token, self._quote(token.content, linked))
            elif token.type == "text":
                token = _inline(token, self._mark(token.content, line))
            finished.append(token)
        return finished

    def _quote(self, content: str, linked: bool) -> str:
        """Return a number of the brief as it is now; as it was where this brief leaves it out."""
        name, was = split_reference(content)
        number = self.told.numbers.get(name)
        if number is not None and not linked:
            if number.fact.origins:
                return self.show(number.fact)
            return _NUMBER.format(f"{name}: {number.fact.derived}", number.text)
        text = number.text if number else was if was and name in self.told.missing else say("narrative.unknown")
        return _NUMBER.format(f"{name}: {number.fact.derived if number else say('narrative.not_here')}", text)

    def _mark(self, text: str, line: int) -> str:
        """Return text with its plain numbers marked as the author's."""
        parts, done = [], 0
        for first, last in find_numbers(text):
            title = f"{self.told.narrative.path}:{line}"
            parts += [escape(text[done:first]), _NUMBER.format(title, text[first:last])]
            done = last
        return Markup("").join([*parts, escape(text[done:])])

    def _flag(self) -> str:
        """Return what tells readers that numbers changed after the words were written."""
        lines = [
            say("narrative.changed" if one.now else "narrative.gone", name=one.name, was=one.was, now=one.now)
            for one in self.told.changed
        ]  # fmt: skip
        if not lines:
            return ""
        items = Markup("").join(Markup('<li class="derived">{}</li>').format(line) for line in lines)
        head = escape(say("narrative.look", path=self.told.narrative.path))
        return f'<div class="flagged" role="note"><p><b>{head}</b></p><ul class="plain">{items}</ul></div>\n'

    def _sign(self) -> str:
        told = self.told
        text = say("narrative.by", path=told.narrative.path)
        if told.missing:
            text += say("narrative.missing", names=formats.join(list(told.missing)), count=len(told.missing))
        if told.unwatched:
            text += say("narrative.unwatched", count=len(told.unwatched))
        return Markup('<span class="derived">{}</span>').format(text)


def _inline(token: Token, html: str) -> Token:
    """Return a token that is put on the page as it is: what it holds is escaped already."""
    return replace(token, type="html_inline", content=str(html), tag="", nesting=0)


class _Cutter(HTMLParser):
    """Finds where the elements stand that hold composed sentences."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.cuts: list[tuple[int, int]] = []
        self._html = html
        self._starts = [0, *(at + 1 for at, char in enumerate(html) if char == "\n")]
        self._open: list[tuple[str, int, bool]] = []
        self.feed(html)

    def _at(self) -> int:
        line, column = self.getpos()
        return self._starts[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        held = dict(attrs)
        classes = (held.get("class") or "").split()
        told = "data-told" in held or not _TOLD.isdisjoint(classes)
        self._open.append((tag, self._at(), told))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Leave out what opens and closes at once."""

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            name, start, told = self._open.pop()
            if name == tag:
                if told and not any(outer for _, _, outer in self._open):
                    self.cuts.append((start, self._html.index(">", self._at()) + 1))
                return


def cut_told(html: str) -> str:
    """Return a section without the elements that hold sentences composed from results.

    Examples
    --------
    >>> cut_told('<section><h2>A</h2><p data-told>One.</p><p>Two.</p></section>')
    '<section><h2>A</h2><p>Two.</p></section>'
    """
    kept, done = [], 0
    for start, end in _Cutter(html).cuts:
        kept.append(html[done:start])
        done = end
    return "".join([*kept, html[done:]])
