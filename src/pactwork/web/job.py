"""One job as its folder tells: what was asked, how far it is, what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pactwork.errors import Problem
from pactwork.web.work import KINDS

State = Literal["running", "done", "failed", "cancelled", "interrupted"]
JOB, PROGRESS, RESULT, LOCK = "job.json", "progress.json", "result.json", "lock"
OUTPUT, KEPT = "output", "kept"


@dataclass(frozen=True)
class Job:
    """One job as it stands.

    ``result`` and ``files`` (name to media type) are there once it is done, ``problems`` where it failed; ``stage``,
    ``done`` and ``total`` tell how far it is, ``seconds_left`` how long the stage will take at its pace. ``resumed`` is
    how often it went on by itself with a new server.
    """

    id: str
    kind: str
    parameters: dict[str, Any]
    case: str
    revision: str
    started: str
    state: State
    stage: str = ""
    done: int = 0
    total: int = 0
    seconds_left: float | None = None
    result: dict[str, Any] | None = None
    files: Mapping[str, str] | None = None
    problems: tuple[Problem, ...] = ()
    resumed: int = 0

    @property
    def title(self) -> str:
        """What it does, in words."""
        return KINDS[self.kind].title if self.kind in KINDS else self.kind

    def as_dict(self) -> dict[str, Any]:
        """Return the job as a JSON object."""
        return {
            "id": self.id, "kind": self.kind, "title": self.title, "state": self.state, "started": self.started,
            "parameters": self.parameters, "revision": self.revision, "stage": self.stage, "done": self.done,
            "total": self.total, "seconds_left": self.seconds_left, "result": self.result,
            "files": sorted(self.files or {}), "problems": [one.as_dict() for one in self.problems],
            "resumed": self.resumed,
        }  # fmt: skip


def read_json(path: Path) -> dict[str, Any] | None:
    """Return a JSON object that may not be there, or not yet be whole."""
    try:
        held = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return held if isinstance(held, dict) else None
