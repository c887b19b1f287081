"""An analyst's own words for sections of the brief: ``narrative/SECTION.md``, read with its problems located."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pactwork.errors import Problem, quoted
from pactwork.facts.dates import MONTHS

if TYPE_CHECKING:  # a case without words of its own does not wait for the parser
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

FOLDER = "narrative"
GUIDE = "readme.md"
"""A file of the folder that explains it and is no section."""
REFERENCE = "reference"
"""Type of the token that stands for ``{{ name }}`` or ``{{ name = what it was }}``."""
_FENCE = "+++"
_LONGEST = 100_000
_WEB = re.compile(r"https?://[^\s/?#]+", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.,-])[−-]?\d(?:[\d.,]*\d)?\s?%?(?![\w-])")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True)
class Pin:
    """A number of the brief as it was when the words were written, and the line that says so."""

    name: str
    was: str
    line: int


@dataclass(frozen=True)
class Narrative:
    """The words for one section.

    Attributes
    ----------
    section : str
        Id of the section.
    path : str
        The file, as messages show it.
    text : str
        Markdown, without what stands before it.
    first_line : int
        Line of the file on which ``text`` begins.
    pins : tuple of Pin
        Numbers that the front matter ties the words to.
    """

    section: str
    path: str
    text: str
    first_line: int = 1
    pins: tuple[Pin, ...] = ()


def read_narratives(root: Path) -> tuple[tuple[Narrative, ...], list[Problem]]:
    """Return the words a case has for sections of its brief, in alphabetical order, and everything wrong with them.

    Whether a section or a number of that name exists is not known here: the brief tells.
    """
    folder, found, problems = root / FOLDER, [], list[Problem]()
    try:
        paths = sorted(folder.iterdir()) if folder.is_dir() else []
    except OSError as error:
        return (), [Problem(FOLDER, error.strerror or "an error", "a readable folder", "check its rights")]
    for path in paths:
        if path.name.startswith(".") or path.name.endswith("~") or path.name.lower() == GUIDE:
            continue
        where = f"{FOLDER}/{path.name}"
        if path.suffix != ".md" or not path.is_file():
            fix = "rename it after the section whose words it holds, or move it elsewhere"
            problems.append(Problem(where, "no text of a section", "a file such as answer.md", fix))
            continue
        text = _read_text(path, where, problems)
        if text is not None:
            found.append(_read_narrative(path.stem, where, text, problems))
    return tuple(found), problems


def _read_text(path: Path, where: str, problems: list[Problem]) -> str | None:
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except OSError as error:
        problems.append(Problem(where, error.strerror or "an error", "a readable file", "check its rights"))
    except UnicodeDecodeError:
        problems.append(Problem(where, "bytes that are no UTF-8 text", "Markdown in UTF-8", "save the file as UTF-8"))
    else:
        if len(text) <= _LONGEST:
            return text
        problems.append(Problem(where, f"{len(text):,} characters", f"at most {_LONGEST:,}", "shorten it"))
    return None


def _read_narrative(section: str, where: str, text: str, problems: list[Problem]) -> Narrative:
    lines = text.split("\n")
    pins, start = [], 0
    if lines[0].strip() == _FENCE:
        end = next((at for at, line in enumerate(lines) if at and line.strip() == _FENCE), None)
        if end is None:
            fix = f"close what stands before the text with a line of {_FENCE}"
            problems.append(Problem(f"{where}:1", f"{_FENCE} that is never closed", f"a second line of {_FENCE}", fix))
            return Narrative(section, where, "")
        pins, start = list(_read_pins(lines[1:end], where, problems)), end + 1
    made = Narrative(section, where, "\n".join(lines[start:]), start + 1, tuple(pins))
    if not made.text.strip():
        problems.append(Problem(where, "no words", "the words of the section", "write some, or remove the file"))
    problems.extend(find_slips(made))
    return made


def _read_pins(lines: list[str], where: str, problems: list[Problem]) -> Iterator[Pin]:
    """Yield the numbers of the front matter: TOML with one table, ``numbers``."""
    try:
        held = tomllib.loads("\n".join(lines))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        said = str(error)[:300]
        place = re.search(r"\(at line (\d+), column \d+\)", said)
        line = int(place[1]) + 1 if place else len(lines) + 1
        found = said.partition(" (at ")[0]
        fix = 'correct the syntax; a name with dots needs quotes: "k2.delivered" = 62'
        problems.append(Problem(f"{where}:{line}", found[:1].lower() + found[1:] or "an error", "TOML", fix))
        return
    for key in held:
        if key != "numbers":
            expected = 'a table [numbers] with lines such as "k2.delivered" = 62'
            problems.append(Problem(f"{where}:{_line_of(lines, key)}", quoted(key), expected, "remove it"))
    numbers = held.get("numbers", {})
    if not isinstance(numbers, dict):
        line = _line_of(lines, "numbers")
        problems.append(
            Problem(f"{where}:{line}", quoted(numbers), "a table [numbers]", "write [numbers] on its own line")
        )
        return
    for name, was in numbers.items():
        line = _line_of(lines, name)
        if isinstance(was, bool) or not isinstance(was, int | float | str):
            expected = 'a number, or words such as "34%"'
            fix = (
                'put the name in quotes: "k2.delivered" = 62' if isinstance(was, dict) else "write what the brief said"
            )
            problems.append(Problem(f"{where}:{line} {name}", quoted(was), expected, fix))
        else:
            yield Pin(name, str(was), line)


def _line_of(lines: list[str], key: str) -> int:
    """Return the line of the file on which a key of the front matter stands; its first line where it is not seen."""
    return next((at for at, line in enumerate(lines, 2) if key in line), 1)


# --- Markdown ---------------------------------------------------------------------------------------------------


def make_parser() -> MarkdownIt:
    """Return the reader of words: CommonMark without HTML, and ``{{ name }}`` for a number of the brief."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False})
    parser.inline.ruler.before("escape", REFERENCE, _read_reference)
    # Every address becomes a link here, so that one that may not be a link is told and not left as a riddle.
    parser.validateLink = lambda url: bool(url)  # type: ignore[method-assign]
    return parser


def _read_reference(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("{{", state.pos):
        return False
    end = state.src.find("}}", state.pos)
    if end < 0 or "\n" in state.src[state.pos : end]:
        return False
    if not silent:
        state.push(REFERENCE, "", 0).content = state.src[state.pos + 2 : end].strip()
    state.pos = end + 2
    return True


def split_reference(content: str) -> tuple[str, str]:
    """Return the name of a number and what it was when the words were written, empty where that is not said.

    Examples
    --------
    >>> split_reference("k2.delivered = 62"), split_reference("k2.delivered")
    (('k2.delivered', '62'), ('k2.delivered', ''))
    """
    name, _, was = content.partition("=")
    return name.strip(), was.strip().strip('"')


def list_blocks(made: Narrative) -> Iterator[list[tuple[Token, int]]]:
    """Yield the inline tokens of each paragraph, heading or item, each with its line in the file."""
    for block in make_parser().parse(made.text):
        line, found = made.first_line + (block.map[0] if block.map else 0), []
        for token in block.children or ():
            found.append((token, line))
            line += token.type in ("softbreak", "hardbreak")
        yield found


def walk(made: Narrative) -> Iterator[tuple[Token, int]]:
    """Yield the inline tokens of a narrative, each with its line in the file."""
    for block in list_blocks(made):
        yield from block


def find_slips(made: Narrative) -> Iterator[Problem]:
    """Yield what no brief could show: images, links to anything but the web, braces that name no number."""
    for token, line in walk(made):
        where = f"{made.path}:{line}"
        if token.type == "image":
            fix = "leave it out: a brief loads nothing, and its charts are drawn from the case"
            yield Problem(where, f"the image {quoted(token.attrs.get('src'))}", "words", fix)
        elif token.type == "link_open" and not _WEB.match(str(token.attrs.get("href"))):
            fix = "write the whole address, or leave the link out"
            yield Problem(where, f"a link to {quoted(token.attrs.get('href'))}", "an http or https address", fix)
        elif token.type == "text" and ("{{" in token.content or "}}" in token.content):
            fix = "close the braces on the same line, or put what is no number between backticks"
            yield Problem(where, quoted(token.content), "a number of the brief, such as {{ k2.delivered }}", fix)
        elif token.type == REFERENCE:
            name, was = split_reference(token.content)
            if not name or ("=" in token.content and not was):
                fix = "name a number that brief.json lists"
                yield Problem(where, f"{{{{ {token.content} }}}}", "{{ name }} or {{ name = what it was }}", fix)


def find_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Yield where in a text its plain numbers stand; years and days of a month are none.

    Examples
    --------
    >>> text = "In 2024 62 K2 came, 34% of 1,000, by 3 May 2025"
    >>> [text[first:last] for first, last in find_numbers(text)]
    ['62', '34%', '1,000']
    """
    months = "|".join(MONTHS)
    for found in _NUMBER.finditer(text):
        number = found[0].rstrip()
        near = text[found.end() :].lstrip()
        if not _YEAR.fullmatch(number) and not re.match(months, near):
            yield found.start(), found.start() + len(number)
