"""PDF pages as blocks of text: lines set together again by the white space between them."""

from __future__ import annotations

import itertools
import logging
import re
import statistics
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pactwork.facts.documents.block import Block, join_lines, refuse


@dataclass(frozen=True)
class _Line:
    text: str
    page: int
    size: float
    left: float
    top: float
    bottom: float


def split_pdf(path: Path) -> list[Block]:
    """Set the lines of each page together again as paragraphs, by the white space between them."""
    lines = _read_pdf_lines(path)
    if not lines:
        return []
    lines = _drop_running_lines(lines) or lines
    gaps = [one.bottom - two.top for one, two in itertools.pairwise(lines) if one.page == two.page]
    within = sorted(each for each in gaps if 0 <= each < 30) or [0.0]
    # The lower quartile is the leading within paragraphs even where most of them have one line.
    gap = within[len(within) // 4]
    body = statistics.mode(round(line.size, 1) for line in lines for _ in line.text.split())
    blocks: list[Block] = []
    running: list[_Line] = []
    for line in lines:
        if running and _parts(running, line, gap):
            blocks.append(_set_together(running, body))
            running = []
        running.append(line)
    return [*blocks, _set_together(running, body)]


def _set_together(lines: list[_Line], body: float) -> Block:
    """Join the lines of a block; a few words in type larger than most of the text are a heading."""
    text = join_lines(line.text for line in lines)
    large = min(line.size for line in lines) > 1.12 * body and len(text.split()) <= 20
    return Block("heading" if large else "text", text, lines[0].page)


def _parts(running: list[_Line], line: _Line, gap: float) -> bool:
    """Return whether a line begins a new block: another page, column, size of type, a wider gap or an indent."""
    last = running[-1]
    if line.page != last.page or line.top > last.bottom + last.size:
        return True
    if abs(line.size - last.size) > 0.1 * last.size or last.bottom - line.top > gap + 0.25 * line.size:
        return True
    indented = line.left > last.left + 0.8 * line.size and abs(last.left - line.left) < 6 * line.size
    return indented and last.text.rstrip().endswith((".", "!", "?", ":"))


def _read_pdf_lines(path: Path) -> list[_Line]:
    from pdfminer.high_level import extract_pages
    from pdfminer.layout import LTTextContainer, LTTextLine

    logger = logging.getLogger("pdfminer")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    lines: list[_Line] = []
    try:
        for number, page in enumerate(extract_pages(path), 1):
            for box in page:
                if isinstance(box, LTTextContainer):
                    for line in box:
                        if isinstance(line, LTTextLine) and (text := line.get_text().rstrip()).strip():
                            indent = (len(text) - len(text.lstrip())) * line.height / 4
                            lines.append(_Line(text, number, line.height, line.x0 + indent, line.y1, line.y0))
    # A damaged file makes the reader fail in any way it can; each is the same to a user.
    except Exception as error:
        found = f"a PDF that cannot be read ({type(error).__name__})"
        raise refuse(path, found, "an undamaged PDF without a password", "save or print it to PDF again") from error
    finally:
        logger.setLevel(level)
    return lines


def _drop_running_lines(lines: list[_Line]) -> list[_Line]:
    """Leave out headers, footers and page numbers: first or last lines that recur from page to page."""

    def face(line: _Line) -> str:
        return re.sub(r"\d+", "#", line.text.strip())

    edges: list[_Line] = []
    for page in {line.page for line in lines}:
        on_page = sorted((line for line in lines if line.page == page), key=lambda line: -line.top)
        edges += on_page[:2] + on_page[2:][-2:]
    seen = Counter(face(line) for line in set(edges))
    edge_set = set(edges)
    return [line for line in lines if line not in edge_set or (seen[face(line)] < 2 and face(line).strip("-– ") != "#")]
