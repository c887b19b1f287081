"""A document file as the blocks of text its pages are made of: plain text, Markdown, HTML or PDF."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from bs4.dammit import EncodingDetector
from bs4.element import NavigableString, PreformattedString
from bs4.exceptions import ParserRejectedMarkup

from pactwork.errors import quoted
from pactwork.facts.documents.block import Block, join_lines, refuse, refuse_empty, tidy
from pactwork.facts.documents.pdf import split_pdf

LARGEST_DOCUMENT_BYTES = 64_000_000
_EXPECTED = "a document as text, Markdown, HTML or PDF"
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LEFT_OUT = ("head", "script", "style", "noscript", "template", "svg", "nav", "form", "button", "footer")
_BLOCK_TAGS = _HEADINGS | {
    *("p", "div", "li", "ul", "ol", "dl", "dt", "dd", "blockquote", "section", "article", "main", "aside", "header"),
    *("figure", "figcaption", "pre", "table", "thead", "tbody", "tr", "td", "th", "caption", "body", "html", "hr"),
    *("details", "summary", "address"),
}
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def read_blocks(path: Path) -> list[Block]:
    """Read a file as blocks, in reading order.

    Raises
    ------
    CaseError
        The file is missing, empty, too large, binary, not in a known encoding, or a PDF without text.
    """
    content = _read_bytes(path)
    if b"%PDF-" in content[:1024]:
        blocks = split_pdf(path)
    else:
        html = path.suffix.lower() in (".html", ".htm", ".xhtml") or _looks_like_html(content)
        text = _decode(path, content, html)
        try:
            blocks = _split_html(text) if html else _split_text(text)
        except (ParserRejectedMarkup, AssertionError) as error:
            raise refuse(path, "HTML that cannot be read", _EXPECTED, "save the page again") from error
    blocks = [block for block in blocks if block.text]
    if not blocks:
        raise refuse_empty(path)
    return blocks


def _read_bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise refuse(path, "a folder", _EXPECTED, "name the file")
        if path.stat().st_size > LARGEST_DOCUMENT_BYTES:
            raise refuse(path, f"{path.stat().st_size:,} bytes", "at most 64 MB", "cut the document down")
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "an unusable path"
        raise refuse(path, reason.lower(), _EXPECTED, "check the path of the document") from error
    if not content.strip():
        raise refuse(path, "an empty file", _EXPECTED, "save the document again")
    return content


def _looks_like_html(content: bytes) -> bool:
    start = content[:2048].lower()
    return b"<!doctype html" in start or b"<html" in start


def _decode(path: Path, content: bytes, html: bool) -> str:
    encoding = next((name for mark, name in _MARKS.items() if content.startswith(mark)), "utf-8")
    if encoding != "utf-16" and b"\0" in content:
        raise refuse(path, "binary data", _EXPECTED, "export it as PDF, HTML or text")
    if html and encoding == "utf-8":
        encoding = EncodingDetector.find_declared_encoding(content, is_html=True) or encoding
    try:
        text = content.decode(encoding)
    except (UnicodeError, LookupError) as error:
        at = getattr(error, "start", 0)
        found = f"byte {quoted(content[at : at + 1].hex())} at {at}, which is not {encoding}"
        raise refuse(path, found, "UTF-8", "save the document as UTF-8") from error
    odd = sum(1 for char in text[:4096] if ord(char) < 32 and char not in "\t\n\r\f\v")
    if odd > len(text[:4096]) // 50:
        raise refuse(path, "binary data", _EXPECTED, "export it as PDF, HTML or text")
    return text


# -- plain text and Markdown ------------------------------------------------------------------------------------


def _split_text(text: str) -> list[Block]:
    """Cut text at empty lines and page breaks; Markdown links, escapes, headings and tables are understood."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)\s]*\)", r"\1", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = re.sub(r"\\([\\`*_{}\[\]()#+\-.!$|>~])", r"\1", text)
    pages = text.split("\f")
    blocks: list[Block] = []
    tables = 0
    for number, page in enumerate(pages, 1):
        for raw in re.split(r"\n[ \t]*\n", page):
            lines = [line.strip() for line in raw.split("\n") if line.strip()]
            where = number if len(pages) > 1 else 0
            if len(lines) > 1 and all(line.startswith("|") for line in lines):
                tables += 1
                blocks += [Block("row", row, where, tables) for row in _say_rows(map(_cells, lines))]
            else:
                blocks += _split_markdown(lines, where)
    return blocks


def _cells(line: str) -> list[str]:
    return [tidy(cell) for cell in line.strip("|").split("|")]


def _split_markdown(lines: list[str], page: int) -> Iterator[Block]:
    """Part headings and items of a list from the lines around them; every other line runs on."""
    running: list[str] = []
    for line in lines:
        title = re.fullmatch(r"#{1,6}\s+(.+?)\s*#*", line)
        item = re.match(r"(?:[-*+•]|\d{1,2}[.)])\s+(?=\S)", line)
        if title or item:
            yield Block("text", join_lines(running), page)
            running = [] if title else [line[item.end() :]] if item else []
        else:
            running.append(line)
        if title:
            yield Block("heading", tidy(title.group(1)), page)
    yield Block("text", join_lines(running), page)


def _say_rows(rows: Iterable[list[str]]) -> Iterator[str]:
    """Say each row of a table with the headings of its columns, so that it can be read alone."""
    kept = [row for row in rows if any(re.search(r"\w", cell) for cell in row)]
    if len(kept) < 2:
        yield from (", ".join(row) for row in kept)
        return
    head = kept[0]
    for row in kept[1:]:
        names = head + [""] * (len(row) - len(head))
        yield ", ".join(f"{name}: {cell}" if name else cell for name, cell in zip(names, row, strict=False) if cell)


# -- HTML -------------------------------------------------------------------------------------------------------


def _split_html(text: str) -> list[Block]:
    with warnings.catch_warnings():
        # Guesses of the parser that the text may be something else.
        warnings.simplefilter("ignore")
        soup = BeautifulSoup(text, "html.parser")
    for tag in soup.select(", ".join(_LEFT_OUT)):
        tag.decompose()
    for line_break in soup.find_all("br"):
        line_break.replace_with("\n")
    blocks: list[Block] = []
    for number, table in enumerate(soup.find_all("table"), 1):
        rows = [[tidy(cell.get_text()) for cell in row.find_all(["td", "th"])] for row in table.find_all("tr")]
        # A table of one column is page layout, not data.
        if max((len(row) for row in rows), default=0) > 1:
            said = [f"\0{number}\0{row}" for row in _say_rows(rows)]
            table.clear()
            for line in said:
                paragraph = soup.new_tag("p")
                paragraph.string = line
                table.append(paragraph)
    for kind, words in _walk(soup):
        if words.startswith("\0"):
            _, table_number, words = words.split("\0", 2)
            blocks.append(Block("row", tidy(words), 0, int(table_number)))
        else:
            blocks.append(Block(kind, tidy(words)))
    return blocks


def _walk(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    """Yield each run of text between the edges of block elements.

    Kept on a stack of its own: pages nest deeper than Python does.
    """
    stack: list[tuple[Tag, Iterator[object]]] = [(soup, iter(soup.children))]
    running: list[str] = []
    while stack:
        tag, children = stack[-1]
        child = next(children, None)
        edge = (child is None and tag.name in _BLOCK_TAGS) or (isinstance(child, Tag) and child.name in _BLOCK_TAGS)
        if edge and running:
            heading = any(outer.name in _HEADINGS for outer, _ in stack)
            yield "heading" if heading else "text", "".join(running)
            running = []
        if child is None:
            stack.pop()
        elif isinstance(child, Tag):
            stack.append((child, iter(child.children)))
        elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
            running.append(str(child))
    if running:
        yield "text", "".join(running)
