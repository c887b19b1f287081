"""Jobs: stages and results, cancel, limits, and what a restart of the server finds."""

import json
import sys
import threading
import time

import pytest

from pactwork.errors import CaseError
from pactwork.facts.case import load_case
from pactwork.web import jobs as module
from pactwork.web import processes
from pactwork.web.jobs import Jobs
from pactwork.web.problems import Refused
from pactwork.web.settings import Limits
from pactwork.web.work import KINDS, Kind, Work

WORK = '''
import pathlib, time
from pactwork.errors import CaseError, Problem
from pactwork.web.work import Made

def count(work):
    """Count as far as asked, one file a step; what an earlier process has counted is kept."""
    work.kept.mkdir(exist_ok=True)
    before = len(list(work.kept.iterdir()))
    work.progress("counting", before, work.parameters["steps"])
    for number in range(before, work.parameters["steps"]):
        while number == work.parameters.get("hold") and not (work.kept.parent / "go").exists():
            time.sleep(0.02)
        (work.folder / f"{number}.txt").write_text(work.parameters.get("text", ""))
        (work.kept / f"{number}").touch()
        time.sleep(work.parameters.get("pause", 0))
        work.progress("counting", number + 1, work.parameters["steps"])
    (work.folder / "0.txt").write_text(work.parameters.get("text", ""))
    return Made({"found": len(list(work.kept.iterdir())), "before": before}, {"0.txt": "text/plain"})

def complain(work):
    raise CaseError([Problem("here", "this", "that", "mend it")])

def fall(work):
    raise ValueError("over the edge")

def vanish(work):
    import os
    os._exit(9)

def stay(work):
    import signal
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    work.progress("staying", 1, 2)
    last = time.monotonic() + 30
    while time.monotonic() < last and not (work.folder / "leave").exists():
        time.sleep(0.05)

def read(work):
    return Made({}, {}, "read later")
'''


@pytest.fixture
def kinds(monkeypatch, tmp_path):
    """Kinds of work for tests, in a module that the process of a job finds."""
    (tmp_path / "work_for_tests.py").write_text(WORK)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    for name in ("count", "complain", "fall", "vanish", "stay", "read"):
        monkeypatch.setitem(KINDS, name, Kind(name, f"work_for_tests:{name}"))


@pytest.fixture
def make_jobs(tmp_path, kinds):
    """Return a function that opens the same folder, as each server after the other does."""
    opened = []

    def make(**limits):
        jobs = Jobs(tmp_path / "state", Limits(**limits))
        opened.append(jobs)
        return jobs

    yield make
    for jobs in opened:
        jobs.close()


def wait(jobs, job, until=lambda job: job.state != "running"):
    for _ in range(600):
        found = jobs.get(job.id)
        if until(found):
            return found
        time.sleep(0.05)
    raise AssertionError(found)


def wait_for(path):
    for _ in range(600):
        if path.exists():
            return
        time.sleep(0.05)
    raise AssertionError(path)


def start(jobs, kind="count", **parameters):
    return jobs.start(kind, {"steps": 2, **parameters}, case="none", revision="r")


def test_a_job_is_done_and_its_files_are_found_by_name_alone(make_jobs):
    jobs = make_jobs()
    job = wait(jobs, start(jobs, text="held"))
    assert (job.state, job.result, job.done, job.total) == ("done", {"found": 2, "before": 0}, 2, 2)
    path, media = jobs.file(job.id, "0.txt")
    assert (path.read_text(), media) == ("held", "text/plain")
    for name in ("1.txt", "../job.json", "0.txt/..", ""):  # written, or there, but not named by the job
        with pytest.raises(Refused):
            jobs.file(job.id, name)
    with pytest.raises(Refused):
        jobs.get("../state")


def test_problems_are_told_as_problems(make_jobs):
    jobs = make_jobs(jobs_running=3)
    told = [start(jobs, kind) for kind in ("complain", "fall", "vanish")]
    problems = [wait(jobs, job).problems[0] for job in told]
    assert str(problems[0]) == "here | found this | expected that | mend it"
    assert "ValueError: over the edge" in problems[1].found
    assert "9" in problems[2].found
    assert {jobs.get(job.id).state for job in told} == {"failed"}


def test_cancel_ends_the_process_and_is_kept(make_jobs):
    jobs = make_jobs()
    job = start(jobs, steps=1000, pause=0.05)
    wait(jobs, job, lambda one: one.done > 0)
    assert jobs.cancel(job.id).state == "cancelled"
    files = list((jobs.folder / job.id / "output").iterdir())
    time.sleep(0.3)
    assert list((jobs.folder / job.id / "output").iterdir()) == files
    assert jobs.get(job.id).state == "cancelled"


def test_others_are_answered_while_a_process_takes_long_to_end(make_jobs, monkeypatch):
    monkeypatch.setattr(processes, "_PATIENCE_SECONDS", 20)
    jobs = make_jobs()
    job = start(jobs, "stay")
    wait(jobs, job, lambda one: one.done > 0)
    cancelling = threading.Thread(target=jobs.cancel, args=(job.id,))
    cancelling.start()
    wait(jobs, job)
    assert cancelling.is_alive()
    (jobs.folder / job.id / "output" / "leave").touch()
    cancelling.join(30)
    assert jobs.get(job.id).state == "cancelled"


def test_a_job_tells_which_state_of_the_case_it_read(make_jobs):
    jobs = make_jobs()
    job = start(jobs, "read")
    assert job.revision == "r"
    assert wait(jobs, job).revision == "read later"
    assert jobs.get(job.id).revision == "read later"


def test_a_running_job_that_is_removed_is_gone_with_its_process(make_jobs):
    jobs = make_jobs()
    job = start(jobs, steps=1000, pause=0.05)
    wait(jobs, job, lambda one: one.done > 0)
    process = jobs._processes[job.id]
    jobs.remove(job.id)
    assert process.poll() is not None
    assert job.id not in jobs._processes
    assert not (jobs.folder / job.id).exists()


def test_too_many_at_once_are_refused(make_jobs):
    jobs = make_jobs(jobs_running=1)
    job = start(jobs, steps=1000, pause=0.05)
    with pytest.raises(Refused) as refused:
        start(jobs)
    assert refused.value.status == 429
    jobs.cancel(job.id)
    assert wait(jobs, start(jobs)).state == "done"


def test_a_server_that_starts_goes_on_with_what_was_under_way(make_jobs):
    first = make_jobs()
    done = wait(first, start(first))
    job = start(first, steps=60, pause=0.02, hold=40)
    wait_for(first.folder / job.id / "kept" / "39")
    first.close()
    second = make_jobs()
    assert second.get(job.id).state == "interrupted"
    assert second.get(done.id).result["found"] == 2
    (going,) = second.resume()
    assert (going.id, going.state, going.resumed) == (job.id, "running", 1)
    assert not (second.folder / job.id / "output" / "0.txt").exists()
    told = wait(second, job, lambda one: one.total > 0)
    assert (told.stage, told.done, told.total) == ("counting", 40, 60)
    (second.folder / job.id / "go").touch()
    assert wait(second, job).result == {"found": 60, "before": 40}
    assert not (second.folder / job.id / "kept").exists()
    assert second.resume() == []


def test_the_time_left_counts_what_this_process_did(make_jobs):
    jobs = make_jobs()
    job = start(jobs, steps=1000, pause=0.05)
    wait(jobs, job, lambda one: one.done > 0)
    jobs.cancel(job.id)
    held = {"stage": "counting", "done": 60, "total": 100, "before": 50, "seconds": 20.0}
    (jobs.folder / job.id / "progress.json").write_text(json.dumps(held))
    assert jobs.get(job.id).seconds_left == 80.0


def test_a_server_that_was_killed_leaves_a_job_to_go_on_with(make_jobs):
    first = make_jobs()
    job = start(first, steps=1000, pause=0.05)
    wait(first, job, lambda one: one.done > 0)
    process = first._processes.pop(job.id)
    process.stdin.close()  # as when the server is gone: the work ends by itself
    assert process.wait(10) == 3
    first._held.close()
    second = make_jobs()
    assert second.get(job.id).state == "interrupted"
    assert [one.id for one in second.resume()] == [job.id]
    assert second.get(job.id).state == "running"


def test_what_would_stop_every_server_waits_for_people(make_jobs):
    jobs = make_jobs()
    job = start(jobs, steps=1000, pause=0.05)
    for count in range(1, module.MOST_RESUMED + 1):
        jobs.close()
        jobs = make_jobs()
        assert [one.resumed for one in jobs.resume()] == [count]
    jobs.close()
    jobs = make_jobs()
    assert jobs.resume() == []
    assert jobs.get(job.id).state == "interrupted"
    assert jobs.restart(job.id).resumed == 0


def test_no_more_go_on_at_once_than_may_run(make_jobs):
    jobs = make_jobs(jobs_running=2)
    old, new = (start(jobs, steps=1000, pause=0.05) for _ in range(2))
    jobs.close()
    jobs = make_jobs(jobs_running=1)
    assert [one.id for one in jobs.resume()] == [old.id]
    assert jobs.get(new.id).state == "interrupted"


def test_what_was_cancelled_goes_on_at_a_click_alone(make_jobs):
    jobs = make_jobs()
    job = start(jobs, steps=40, hold=20)
    wait_for(jobs.folder / job.id / "kept" / "19")
    jobs.cancel(job.id)
    jobs.close()
    jobs = make_jobs()
    assert jobs.resume() == []
    (jobs.folder / job.id / "go").touch()
    jobs.restart(job.id)
    assert wait(jobs, job).result["before"] == 20


def test_what_cannot_be_begun_again_keeps_no_server_from_starting(make_jobs, monkeypatch):
    jobs = make_jobs()
    job = start(jobs, steps=1000, pause=0.05)
    jobs.close()

    def refuse(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(module, "launch", refuse)
        jobs = make_jobs()
        assert jobs.resume() == []
        assert (jobs.get(job.id).state, jobs.get(job.id).resumed) == ("interrupted", 0)
        with pytest.raises(CaseError, match="No space left"):
            jobs.restart(job.id)
        assert jobs.get(job.id).state == "interrupted"
    assert [one.id for one in jobs.resume()] == [job.id]


def test_a_result_that_comes_while_the_server_stops_is_kept(make_jobs, monkeypatch):
    monkeypatch.setattr(processes, "_PATIENCE_SECONDS", 20)
    jobs = make_jobs()
    job = start(jobs, "stay")
    wait(jobs, job, lambda one: one.done > 0)
    closing = threading.Thread(target=jobs.close)
    closing.start()
    time.sleep(0.2)
    (jobs.folder / job.id / "output" / "leave").touch()
    closing.join(30)
    assert make_jobs().get(job.id).state == "failed"  # it returned nothing, and that is its result


def test_what_a_job_went_on_with_is_gone_once_it_is_done(make_jobs):
    jobs = make_jobs()
    job = wait(jobs, start(jobs))
    jobs.close()
    root = jobs.folder / job.id
    held = json.loads((root / "job.json").read_text())
    (root / "job.json").write_text(json.dumps(held | {"state": "running"}))  # as when all ended before it was noticed
    (root / "kept").mkdir()
    assert make_jobs().get(job.id).state == "done"
    assert not (root / "kept").exists()


def test_runs_of_the_newest_unfinished_jobs_alone_are_kept(make_jobs, monkeypatch):
    monkeypatch.setattr(module, "MOST_UNFINISHED", 1)
    jobs = make_jobs()
    held = []
    for _ in range(2):
        held.append(start(jobs, steps=40, hold=1))
        wait_for(jobs.folder / held[-1].id / "kept" / "0")
        jobs.cancel(held[-1].id)
    wait(jobs, start(jobs))
    assert [(jobs.folder / one.id / "kept").exists() for one in held] == [False, True]


def test_what_was_played_of_a_case_is_never_taken_for_another_state_of_it(copy_of_poland_korea, tmp_path):
    def keep(ledger):
        folder = Work("", {}, tmp_path / "output", tmp_path / "kept", lambda *_: None).kept_of(ledger)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    before = load_case(copy_of_poland_korea)
    mine, path = keep(before), copy_of_poland_korea / "choices.toml"
    path.write_text(path.read_text("utf-8").replace("add = 1.0", "add = 2.0"), encoding="utf-8")
    assert keep(before) == mine  # it is played from what was read, whatever the files say by now
    other = keep(load_case(copy_of_poland_korea))
    assert [*(tmp_path / "kept").iterdir()] == [other] != [mine]


def test_only_one_server_keeps_jobs_in_a_folder(make_jobs):
    make_jobs()
    with pytest.raises(CaseError, match="another server"):
        make_jobs()


def test_what_is_done_is_not_done_again_and_the_oldest_make_room(make_jobs):
    jobs = make_jobs(jobs_kept=2)
    told = [wait(jobs, start(jobs)) for _ in range(3)]
    with pytest.raises(Refused):
        jobs.restart(told[2].id)
    assert [job.id for job in jobs.all()] == [told[2].id, told[1].id]
    jobs.remove(told[1].id)
    assert not (jobs.folder / told[1].id).exists()


def test_a_folder_that_holds_rubbish_does_not_stop_the_page(make_jobs):
    first = make_jobs()
    job = wait(first, start(first))
    first.close()
    (first.folder / job.id / "job.json").write_text("{")
    assert make_jobs().all() == []
    assert not (first.folder / job.id).exists()


if sys.platform == "win32":  # processes are ended otherwise there
    pytestmark = pytest.mark.skip(reason="POSIX")
