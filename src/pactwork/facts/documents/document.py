"""A source document in sections and numbered paragraphs, in which a locator finds its place.

Locators are those people write beside a figure: a heading and a paragraph ("Challenges, para 3"), a heading alone,
a table or a page.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pactwork.facts.documents.block import Block, refuse_empty
from pactwork.facts.documents.blocks import read_blocks

_SENTENCE_END = re.compile(r"[.!?:;…][\"”’'»)\]]*$")
_PAGE_NUMBER = re.compile(r"(?:page\s+|p\.\s*)?[-–— ]*\d{1,4}[-–— ]*(?:(?:of|/)\s*\d{1,4})?", re.IGNORECASE)
_LOCATOR = re.compile(
    r"(?P<heading>.*?)(?:^|[,;\s]\s*)(?P<kind>para(?:graph)?s?\.?|¶|tables?|pages?|pp?\.)\s*"
    r"(?P<numbers>\d[\d\s,&–-]*(?:\s*(?:and|to)\s*\d+)?)",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"\s(?:in|for|on|by|to|from|with|at|and|as)\s")
_WHOLE = frozenset(("text", "whole text", "document", "whole document", "article"))
INTRODUCTION = "Introduction"
TITLE_PAGE = "Title page"


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, a heading (``number`` 0) or a row of a table of a document.

    ``number`` counts paragraphs within the section from 1, or rows within ``table``; ``page`` and ``table`` are
    0 where the document does not tell or there is none.
    """

    section: str
    number: int
    text: str
    page: int = 0
    table: int = 0

    @property
    def locator(self) -> str:
        """Where it is, as a locator that finds it again: ``Challenges, para 3``."""
        if self.table:
            return f"table {self.table}, row {self.number}"
        return f"{self.section}, para {self.number}" if self.number else f"{self.section}, heading"


@dataclass(frozen=True)
class Document:
    """A source document: its paragraphs in reading order, running headers and pulled-out quotations left out.

    ``sections`` are the headings in full, by the short names that locators use.
    """

    paragraphs: tuple[Paragraph, ...]
    headings: tuple[Paragraph, ...]
    sections: tuple[tuple[str, str], ...]

    @property
    def everything(self) -> tuple[Paragraph, ...]:
        """Headings and paragraphs together; headings first."""
        return self.headings + self.paragraphs

    def find(self, locator: str) -> tuple[Paragraph, ...]:
        """Find the paragraphs a locator names; none where there is no such place.

        Parameters
        ----------
        locator : str
            ``Development of Cooperation, para 2``, ``Challenges, paras 2-3``, ``Recommendations``, ``table 2``,
            ``page 4``, ``title page``, ``text`` (anywhere); several places are parted by ``;``. A heading is
            matched by its first words, without regard to case. ``Introduction`` is the first section with text
            where no heading is so called.
        """
        found: list[Paragraph] = []
        for part in locator.split(";"):
            found += [each for each in self._find_one(part.strip()) if each not in found]
        return tuple(found)

    def _find_one(self, locator: str) -> tuple[Paragraph, ...]:
        if locator.lower() in _WHOLE:
            return self.everything
        match = _LOCATOR.fullmatch(re.sub(r",?\s*rows?\s+\d+$", "", locator))
        if not match:
            return self._find_section(locator)
        kind, numbers = match["kind"].lower(), _read_numbers(match["numbers"])
        heading = match["heading"].strip(" ,;")
        places = self._find_section(heading) if heading else self.paragraphs
        if kind.startswith("table"):
            return tuple(each for each in places or self.paragraphs if each.table in numbers)
        if kind.startswith(("page", "p.", "pp")):
            return tuple(each for each in places or self.paragraphs if each.page in numbers)
        return tuple(each for each in places if each.number in numbers and not each.table)

    def _find_section(self, heading: str) -> tuple[Paragraph, ...]:
        """Find all paragraphs under a heading given by its first words."""
        wanted = _words(heading)
        if not wanted:
            return ()
        names = [short for short, full in self.sections if _words(full)[: len(wanted)] == wanted]
        names = names or [short for short, _ in self.sections if _words(short)[: len(wanted)] == wanted]
        if not names and wanted == [INTRODUCTION.lower()]:
            names = [each.section for each in self.paragraphs if _is_prose(each.text)][:1]
        if wanted in (["title"], ["title", "page"], ["headline"]) and not names:
            return tuple(each for each in self.headings if each.section == self.headings[0].section)
        return tuple(each for each in self.everything if each.section in names)


def read_document(path: str | Path) -> Document:
    """Read a source document: plain text, Markdown, HTML or PDF.

    Lines broken by pages are joined, running headers and pulled-out quotations are left out.

    Raises
    ------
    CaseError
        The document is missing, empty, binary, damaged, or in an unknown encoding.

    Notes
    -----
    A block is a *heading* when its markup says so or when it is short, begins with a capital and does not end a
    sentence. A block that recurs is a running header. A *pulled-out quotation* is a block whose words stand in the
    text around it. A block carries on the one before when that does not end a sentence.
    """
    blocks = _drop_quotations(_drop_running_headers(read_blocks(Path(path))))
    if not blocks:
        raise refuse_empty(Path(path))
    return _number(_join_broken(blocks))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _read_numbers(text: str) -> frozenset[int]:
    """Read "2", "2-3" or "1, 4 and 6" as the numbers it names."""
    numbers: set[int] = set()
    for first, last in re.findall(r"(\d{1,4})(?:\s*(?:[-–]|to)\s*(\d{1,4}))?", text):
        numbers.update(range(int(first), min(int(last or first), int(first) + 500) + 1))
    return frozenset(numbers)


def _ends_sentence(text: str) -> bool:
    return _SENTENCE_END.search(text) is not None


def _is_prose(text: str) -> bool:
    return _ends_sentence(text) or len(text.split()) > 12


def _is_heading(block: Block) -> bool:
    if block.kind != "text":
        return block.kind == "heading"
    text = block.text
    return len(text.split()) <= 12 and not _ends_sentence(text) and (text[0].isupper() or text[0].isdigit())


def _drop_running_headers(blocks: list[Block]) -> list[Block]:
    """Leave out blocks that recur: headers wholly, sentences but for the first; and bare page numbers."""
    counts = Counter(block.text for block in blocks if block.kind == "text")
    seen: set[str] = set()
    kept = []
    for block in blocks:
        text = block.text
        recurs = block.kind == "text" and counts[text] > 1
        if not (recurs and (text in seen or _is_heading(block))) and not _PAGE_NUMBER.fullmatch(text):
            kept.append(block)
        seen.add(text)
    return kept


def _drop_quotations(blocks: list[Block]) -> list[Block]:
    """Leave out pulled-out quotations: blocks whose words stand in the joined rest."""
    kept = list(blocks)
    whole = " ".join(block.text for block in blocks).lower()
    for block in blocks:
        # Editors give a quotation a capital and a full stop of its own.
        words = block.text.lower().strip(" .…\"“”'‘’«»")
        # The opening words must occur twice before the dearer question is asked.
        if block.kind != "text" or _is_heading(block) or len(words.split()) < 4 or whole.count(words[:24]) < 2:
            continue
        if words in " ".join(other.text for other in kept if other is not block).lower():
            kept = [other for other in kept if other is not block]
    return kept


def _join_broken(blocks: list[Block]) -> list[Block]:
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        heading = _is_heading(block)
        carries_on = last is not None and last.kind == "text" and not _ends_sentence(last.text)
        if last is not None and carries_on and block.kind == "text" and not heading:
            joined[-1] = Block("text", f"{last.text} {block.text}", last.page)
        elif heading:
            # A heading the markup does not declare is told apart below, by its kind.
            joined.append(Block("heading" if block.kind == "heading" else "guessed", block.text, block.page))
        else:
            joined.append(block)
    return joined


def _number(blocks: list[Block]) -> Document:
    """Number paragraphs within their sections, and name the sections."""
    names = _name_sections(blocks)
    section = names[0][0] if names else INTRODUCTION
    paragraphs: list[Paragraph] = []
    headings: list[Paragraph] = []
    counts: Counter[tuple[str, int]] = Counter()
    order = iter(names)
    for block in blocks:
        if block.kind in ("heading", "guessed"):
            section = next(order)[0]
            headings.append(Paragraph(section, 0, block.text, block.page))
            continue
        counts[section if not block.table else "", block.table] += 1
        number = counts[section if not block.table else "", block.table]
        paragraphs.append(Paragraph(section, number, block.text, block.page, block.table))
    sections = tuple(dict.fromkeys(names)) or ((INTRODUCTION, INTRODUCTION),)
    return Document(tuple(paragraphs), tuple(headings), sections)


def _name_sections(blocks: list[Block]) -> list[tuple[str, str]]:
    """Name each heading's section: (short name, heading in full).

    Headings that only look like headings, one after another before any text, are the title page; the text that
    follows them is the introduction.
    """
    kinds = [block.kind for block in blocks]
    first_text = next((at for at, kind in enumerate(kinds) if kind not in ("heading", "guessed")), len(kinds))
    front = {at for at in range(first_text) if kinds[at] == "guessed"} if first_text > 1 else set()
    headings = [(at, block.text) for at, block in enumerate(blocks) if kinds[at] in ("heading", "guessed")]
    cuts = Counter(_PREPOSITION.split(text)[0] for text in {text for at, text in headings if at not in front})
    names = []
    for at, text in headings:
        cut = _PREPOSITION.split(text)[0]
        name = cut if cuts[cut] == 1 else text
        if at in front:
            name = INTRODUCTION if at == first_text - 1 else TITLE_PAGE
        names.append((name, text))
    return names
