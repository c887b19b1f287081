"""What a case's files hold, as digests: whether two runs meant the same case."""

from __future__ import annotations

import hashlib

from pactwork.facts.case import WORKBOOK
from pactwork.facts.ledger import Ledger

_BESIDE_TABLES = ("case.toml", "datapackage.json", "assumptions.toml", "scenarios.toml", "choices.toml", WORKBOOK)


def digest_files(ledger: Ledger, *, words: bool = True) -> dict[str, str]:
    """Return the SHA-256 of every file that a case is read from, by its path in the case, in alphabetical order.

    Files that stand beside them and are never read, such as a brief or a note, do not count. Without ``words``, nor do
    those of ``narrative/``: no run depends on them, and one stays valid while somebody writes about it.

    Examples
    --------
    >>> from pactwork.facts.case import load_case
    >>> list(digest_files(load_case("poland-korea")))[:2]
    ['assumptions.toml', 'case.toml']
    """
    paths = {*_BESIDE_TABLES, *(resource.path for resource in ledger.package.resources)}
    paths |= {one.path for one in ledger.narratives} if words else set()
    here = [path for path in sorted(paths) if (ledger.root / path).is_file()]
    return {path: hashlib.sha256((ledger.root / path).read_bytes()).hexdigest() for path in here}


def digest_case(files: dict[str, str]) -> str:
    """Return one digest for all files of a case: their names and what they hold."""
    lines = "".join(f"{name} {digest}\n" for name, digest in sorted(files.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def digest_ledger(ledger: Ledger) -> str:
    """Return what tells a case from others as it was read: all that is assumed and every row, but no analyst's words.

    The files may say something else by now: what is worked out for a ledger and kept must not be taken for theirs.
    """
    held = hashlib.sha256()
    for part in (ledger.about, ledger.day, ledger.package, ledger.assumptions, ledger.choices):
        held.update(repr(part).encode())
    for name in sorted(ledger.contents):
        held.update(f"{name}\n{ledger.table(name).write_csv()}".encode())
    return held.hexdigest()
