"""What every kind of document is read into, and what they share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pactwork.errors import CaseError, Problem


@dataclass(frozen=True)
class Block:
    """A piece of a page between two gaps: a heading, a paragraph or part of one, or a row of a table.

    ``kind`` is ``heading`` only where the markup says so, ``row`` for a row of a table, else ``text``;
    ``page`` and ``table`` count from 1 and are 0 where the file does not tell.
    """

    kind: str
    text: str
    page: int = 0
    table: int = 0


def refuse(path: Path, found: str, expected: str, fix: str) -> CaseError:
    """Return the error that says why a document cannot be used."""
    return CaseError([Problem(path.name, found, expected, fix)])


def refuse_empty(path: Path) -> CaseError:
    """Return the error that says a document has no words."""
    return refuse(path, "no text", "words to check figures against", "run scanned pages through OCR first")


def tidy(text: str) -> str:
    """Level white space, and drop soft hyphens and the marks of bold type."""
    text = re.sub(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", r"\2", text.replace("\u00ad", ""))
    # Only breaking white space is levelled: a non-breaking space may stand inside a number.
    return re.sub(r"[ \t\n\r\f\v]+", " ", text).strip()


def join_lines(lines: Iterable[str]) -> str:
    """Join printed lines; a word broken by a hyphen at the end of a line becomes whole again."""
    text = "\n".join(line.strip() for line in lines)
    text = re.sub(r"(?<=[A-Z])-\n(?=\d)", "-", text)
    return tidy(re.sub(r"(?<=[a-z]{2})-\n(?=[a-z]{2})", "", text))
