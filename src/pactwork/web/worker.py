"""The process of one job: ``python -m pactwork.web.worker FOLDER MODULE:FUNCTION``; not for people."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import shutil
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any

from pactwork.errors import CaseError, Problem
from pactwork.facts.writing import write_atomically
from pactwork.web.job import JOB, KEPT, LOCK, OUTPUT, PROGRESS, RESULT, read_json
from pactwork.web.locks import take_lock
from pactwork.web.work import Made, Work

_EVERY_SECONDS = 0.25
_PATIENCE_SECONDS = 5.0
"""How long an earlier process of the same job may take to end."""
_KINDNESS = 10
"""How far a job stands back behind the server that answers people."""


class _Teller:
    """Writes how far the work is, a few times a second, with the seconds that the stage has taken.

    ``before`` is what an earlier process had done of the stage, which took none of these seconds.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.stage, self.before, self.began, self.told = path, "", 0, time.monotonic(), 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        fresh = stage != self.stage
        if fresh:
            self.stage, self.before, self.began = stage, done, now
        elif now - self.told < _EVERY_SECONDS and done < total:
            return
        self.told = now
        held = {"stage": stage, "done": done, "total": total, "before": self.before,
                "seconds": round(now - self.began, 2)}  # fmt: skip
        write_atomically(self.path, json.dumps(held, ensure_ascii=False))


def main(folder: Path, does: str) -> int:
    """Do the job of a folder; return 0 when there is a result, problems included."""
    held = read_json(folder / JOB)
    if held is None:
        return 2
    lock = take_lock(folder / LOCK, _PATIENCE_SECONDS)
    threading.Thread(target=_end_with_server, daemon=True).start()
    with contextlib.suppress(AttributeError, OSError):
        os.nice(_KINDNESS)
    work = Work(held["case"], held["parameters"], folder / OUTPUT, folder / KEPT, _Teller(folder / PROGRESS))
    module, _, name = does.partition(":")
    try:
        made: Made = getattr(importlib.import_module(module), name)(work)
        result: dict[str, Any] = {"result": made.result, "files": dict(made.files), "revision": made.revision}
    except CaseError as error:
        result = {"problems": [one.as_dict() for one in error.problems]}
    except Exception as error:
        traceback.print_exc()
        found = f"a defect of pactwork's own: {type(error).__name__}: {error}"
        result = {"problems": [Problem("job", found, "a result", "please report it; log.txt says more").as_dict()]}
    write_atomically(folder / RESULT, json.dumps(result, ensure_ascii=False, allow_nan=False))
    if "problems" not in result:
        shutil.rmtree(folder / KEPT, ignore_errors=True)
    lock.close()
    return 0


def _end_with_server() -> None:
    """End this process when the server's end of the pipe closes, whatever became of it."""
    with contextlib.suppress(OSError):
        while os.read(0, 1024):
            pass
    os._exit(3)


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), sys.argv[2]))
