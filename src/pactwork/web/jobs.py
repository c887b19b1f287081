"""Long work: started by a request, done by a process of its own, kept in a folder, and still there after a restart.

A job is a folder: ``job.json`` says what was asked, ``progress.json`` how far it is, ``result.json`` what came of it;
``output`` holds its files, ``kept`` what it goes on with. The process that works holds ``lock`` and ends with its
server; what was under way then is found interrupted by the next one, which goes on with it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import re
import secrets
import shutil
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from pactwork.errors import CaseError, Problem, quoted
from pactwork.facts.writing import write_atomically
from pactwork.web.job import JOB, KEPT, LOCK, OUTPUT, PROGRESS, RESULT, Job, State, read_json
from pactwork.web.locks import take_lock
from pactwork.web.problems import Refused, refuse, unknown
from pactwork.web.processes import end, launch
from pactwork.web.settings import Limits
from pactwork.web.work import KINDS

__all__ = ["Job", "Jobs", "read_json"]
_HELD = ("id", "kind", "parameters", "case", "revision", "started", "state", "resumed")
"""What ``job.json`` says of a job."""
MOST_UNFINISHED = 4
"""Jobs over without a result whose runs are kept to go on with, the newest: two kilobytes a run."""
MOST_RESUMED = 5
"""How often a job goes on by itself."""


class Jobs:
    """The jobs of one server.

    Parameters
    ----------
    folder : path
        Where jobs are kept; made if it does not exist.
    limits : Limits

    Raises
    ------
    CaseError
        When another server keeps its jobs there, or the folder cannot be used.
    """

    def __init__(self, folder: Path, limits: Limits) -> None:
        self.folder, self.limits = folder, limits
        self._lock = threading.RLock()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._held = self._take_folder()
        self._ids = self._find_ids()

    # --- asking ---------------------------------------------------------------------------------------------

    def all(self, kind: str | None = None) -> list[Job]:
        """Return all jobs, or those of a kind, the newest first."""
        with self._lock:
            found = [self._read(identifier) for identifier in self._ids]
        return sorted(
            (one for one in found if one is not None and kind in (None, one.kind)),
            key=lambda one: (one.started, one.id), reverse=True,
        )  # fmt: skip

    def get(self, identifier: str) -> Job:
        """Return a job; a 404 where there is none of that id."""
        with self._lock:
            job = self._read(identifier) if identifier in self._ids else None
        if job is None:
            raise unknown("job", identifier, "the id of a job", "look at /api/jobs")
        return job

    def file(self, identifier: str, name: str) -> tuple[Path, str]:
        """Return where a file of a job lies, and its media type; a 404 where the job made none of that name."""
        job = self.get(identifier)
        if not job.files or name not in job.files:
            raise unknown("file", name, f"one of {', '.join(sorted(job.files or {})) or 'none yet'}")
        return self.folder / identifier / OUTPUT / name, job.files[name]

    # --- doing ----------------------------------------------------------------------------------------------

    def start(self, kind: str, parameters: Mapping[str, Any], *, case: str, revision: str) -> Job:
        """Start a job; a 429 where as many run as may.

        Parameters
        ----------
        kind : str
            One of ``work.KINDS``.
        parameters : mapping
            What is asked, as JSON.
        case, revision : str
            The case it is about, and its state when it was asked.
        """
        with self._lock:
            self._check_room()
            self._drop_oldest()
            now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
            job = Job(f"{kind}-{secrets.token_hex(6)}", kind, dict(parameters), case, revision, now, "running")
            self._ids.append(job.id)
            self._begin(job)
            return self.get(job.id)

    def resume(self) -> list[Job]:
        """Go on with what was under way when the last server stopped, the oldest first; return what now runs.

        What has been gone on with `MOST_RESUMED` times is left for people to start: it may be what stops the server.
        """
        found = []
        for job in reversed(self.all()):
            if job.state == "interrupted" and job.resumed < MOST_RESUMED:
                with contextlib.suppress(Refused, CaseError):  # as many run as may, or no room: it waits for a click
                    found.append(self._begin_again(job.id, resumed=job.resumed + 1))
        return found

    def restart(self, identifier: str) -> Job:
        """Start a job again that is over without a result; it goes on with what it has kept of the same case."""
        return self._begin_again(identifier, resumed=0)

    def _begin_again(self, identifier: str, resumed: int) -> Job:
        with self._lock:
            job = self.get(identifier)
            if job.state in ("running", "done"):
                raise refuse(409, "job", job.state, "one that is over without a result", "look at its result")
            if job.kind not in KINDS:
                raise refuse(409, "job", f"a {job.kind}", f"one of {', '.join(KINDS)}", "start a new one")
            self._check_room()
            try:
                self._begin(replace(job, state="running", resumed=resumed))
            except CaseError:
                with contextlib.suppress(CaseError):
                    self._write(job)
                raise
            return self.get(identifier)

    def _begin(self, job: Job) -> None:
        """Begin a job with nothing but what it has kept; CaseError where the folder cannot be used."""
        root = self.folder / job.id
        try:
            for name in (PROGRESS, RESULT):
                (root / name).unlink(missing_ok=True)
            shutil.rmtree(root / OUTPUT, ignore_errors=True)
            (root / OUTPUT).mkdir(parents=True, exist_ok=True)
            self._write(job)
            self._processes[job.id] = launch(root, KINDS[job.kind].does)
        except OSError as error:
            fix = "make room, or see to the rights of the folder"
            raise CaseError([Problem(quoted(root, 4096), error.strerror or "an error", "a folder to work in", fix)],
                            left="nothing was begun") from error  # fmt: skip

    def cancel(self, identifier: str) -> Job:
        """Stop a job; what is over stays as it is."""
        with self._lock:
            job, process = self.get(identifier), None
            if job.state == "running":
                self._write(replace(job, state="cancelled"))
                process = self._processes.pop(identifier, None)
        end(process)  # it may take seconds, in which others ask for their jobs
        return self.get(identifier)

    def remove(self, identifier: str) -> None:
        """Forget a job and its files; a running one is stopped first."""
        with self._lock:
            if identifier not in self._ids:
                return
            self._ids.remove(identifier)
            process = self._processes.pop(identifier, None)
        end(process)
        shutil.rmtree(self.folder / identifier, ignore_errors=True)

    def close(self) -> None:
        """Stop all work, when the server stops; the next one goes on with what was under way."""
        with self._lock:
            for identifier in [*self._processes]:
                end(self._processes.pop(identifier, None))
                self._read(identifier)  # done where it had written its result by then, else interrupted
            self._held.close()

    # --- inside ---------------------------------------------------------------------------------------------

    def _take_folder(self) -> IO[bytes]:
        """Return the lock of the folder: two servers would each take the other's jobs for abandoned ones."""
        try:
            return take_lock(self.folder / LOCK)
        except OSError as error:
            found = "a folder that another server uses" if isinstance(error, BlockingIOError) else error.strerror
            problem = Problem(quoted(self.folder, 4096), found or "an error", "a folder for jobs", "give --state DIR")
            raise CaseError([problem], left="nothing was started") from error

    def _check_room(self) -> None:
        running = sum(job.state == "running" for job in self.all())
        if running >= self.limits.jobs_running:
            raise refuse(429, "jobs", f"{running} under way", f"at most {self.limits.jobs_running} at a time",
                         "wait for one to end, or cancel it")  # fmt: skip

    def _drop_oldest(self) -> None:
        over = [job for job in self.all() if job.state != "running"]
        for job in [one for one in over if one.state != "done"][MOST_UNFINISHED:]:
            shutil.rmtree(self.folder / job.id / KEPT, ignore_errors=True)
        for job in over[max(0, self.limits.jobs_kept - 1) :]:
            self.remove(job.id)

    def _find_ids(self) -> list[str]:
        if not self.folder.is_dir():
            return []
        found = sorted(path.parent.name for path in self.folder.glob(f"*/{JOB}"))
        for identifier in [*found]:
            if self._read(identifier) is None:  # what nobody can see would never make room
                found.remove(identifier)
                shutil.rmtree(self.folder / identifier, ignore_errors=True)
        return found

    def _write(self, job: Job) -> None:
        held = {name: getattr(job, name) for name in _HELD}
        write_atomically(self.folder / job.id / JOB, json.dumps(held, ensure_ascii=False))

    def _read(self, identifier: str) -> Job | None:
        """Return a job from its folder; None where that holds none that can be read."""
        root = self.folder / identifier
        held = read_json(root / JOB)
        if (
            held is None
            or not held.keys() >= {*_HELD} - {"resumed"}
            or not re.fullmatch(r"[a-z0-9-]+", str(held["id"]))
        ):
            return None
        job = Job(**{name: held[name] for name in _HELD if name in held})
        job = self._with_progress(job, read_json(root / PROGRESS) or {})
        if job.state != "running":
            return self._with_result(job, read_json(root / RESULT)) if job.state in ("done", "failed") else job
        process = self._processes.get(identifier)
        alive = process is not None and process.poll() is None
        result = read_json(root / RESULT)
        if alive and result is None:
            return job
        if alive:  # all is written, and the process is about to end
            return self._with_result(job, result)
        return self._settle(job, result, ours=process is not None)

    def _settle(self, job: Job, result: dict[str, Any] | None, *, ours: bool) -> Job:
        """Return a job whose process has ended, and keep what came of it."""
        process = self._processes.pop(job.id, None)
        if process is not None and process.stdin:
            process.stdin.close()
        if result is None and ours:
            found = f"the process ended with {process.returncode if process else 'an unknown'} status"
            result = {"problems": [Problem("job", found, "a result", "start it again").as_dict()]}
            write_atomically(self.folder / job.id / RESULT, json.dumps(result, ensure_ascii=False))
        settled = self._with_result(job, result) if result is not None else replace(job, state="interrupted")
        if settled.state == "done":  # the process may have been ended before it came to that
            shutil.rmtree(self.folder / job.id / KEPT, ignore_errors=True)
        with contextlib.suppress(CaseError):  # it is found so again, whether or not there is room to say it
            self._write(settled)
        return settled

    @staticmethod
    def _with_result(job: Job, result: dict[str, Any] | None) -> Job:
        held = result or {}
        problems = tuple(Problem(**one) for one in held.get("problems", ()))
        state: State = "failed" if problems or result is None else "done"
        return replace(job, state=state, result=held.get("result"), files=held.get("files"), problems=problems,
                       revision=held.get("revision") or job.revision, seconds_left=None)  # fmt: skip

    @staticmethod
    def _with_progress(job: Job, held: dict[str, Any]) -> Job:
        done, total, before = (int(held.get(name, 0)) for name in ("done", "total", "before"))
        spent = float(held.get("seconds", 0.0))
        left = spent * (total - done) / (done - before) if before < done < total and spent > 1 else None
        return replace(job, stage=str(held.get("stage", "")), done=done, total=total, seconds_left=left)
