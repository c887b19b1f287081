"""What jobs do: each kind is a function in a module of its own, called in a process of its own.

To add a kind: write ``work/NAME.py`` with a function ``(Work) -> Made``, and name it in ``KINDS``. It loads whatever it
needs; nothing of it is loaded by the server.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pactwork.facts.fingerprint import digest_case, digest_files, digest_ledger
from pactwork.facts.ledger import Ledger
from pactwork.progress import Progress


@dataclass(frozen=True)
class Kind:
    """A kind of job: ``title`` is what it does, in words; ``does`` the ``module:function`` that does it."""

    title: str
    does: str


@dataclass(frozen=True)
class Work:
    """What a job is given: the case's folder or name, what was asked, folders, and whom to tell.

    ``folder`` is for its files, and empty at first; ``kept`` is for what a job that is begun again goes on with, and is
    removed once there is a result.
    """

    case: str
    parameters: dict[str, Any]
    folder: Path
    kept: Path
    progress: Progress

    def kept_of(self, ledger: Ledger) -> Path:
        """Return the folder for what is played of a case as it was read; what was played of other states is removed."""
        own = self.kept / digest_ledger(ledger)[:24]
        for other in self.kept.glob("*/"):
            if other != own:
                shutil.rmtree(other, ignore_errors=True)
        return own


@dataclass(frozen=True)
class Made:
    """What a job made: a JSON object, and its files for downloading (path below the folder, and media type).

    ``revision`` is the state of the case that it read, which may have changed since it was asked for; see
    `tell_revision`.
    """

    result: dict[str, Any]
    files: Mapping[str, str] = field(default_factory=dict)
    revision: str = ""


def tell_revision(ledger: Ledger) -> str:
    """Return what tells one state of a case from another: the first digits of a digest of all its files."""
    return digest_case(digest_files(ledger))[:16]


KINDS: dict[str, Kind] = {
    "brief": Kind("Making the brief", "pactwork.web.work.brief:make_brief"),
    "choices": Kind("Comparing choices", "pactwork.web.work.choices:compare_choices"),
}
"""Every kind of job, by name."""
