"""Runs that are killed: whatever the moment, the bytes at the end are those of a run that nothing befell."""

import importlib.util
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pactwork.errors import CaseError
from pactwork.futures.files import PARTIAL, hold_folder
from pactwork.futures.playing import play_run
from pactwork.futures.store import open_run

PLAYER = Path(__file__).with_name("practice_player.py")


@pytest.fixture(scope="module")
def player():
    """The functions of the process that is killed."""
    spec = importlib.util.spec_from_file_location("practice_player", PLAYER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def whole(player, tmp_path_factory):
    """A run that nothing befell, and how long it took."""
    folder, began = tmp_path_factory.mktemp("whole") / "run", time.monotonic()
    play_run(folder, player.identity_of(), player.model_of, workers=2)
    return contents(folder), time.monotonic() - began


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def start(folder, *die):
    process = subprocess.Popen([sys.executable, PLAYER, folder, *map(str, die)], stdout=subprocess.PIPE)
    process.stdout.readline()
    return process


def finish(process):
    process.stdout.close()
    return process.wait()


def resume(player, folder):
    said = []
    play_run(folder, player.identity_of(), player.model_of, workers=1, tell=said.append)
    return " ".join(said)


@pytest.mark.parametrize(
    ("place", "times"),
    [
        ("before renaming run/run.json", 1),
        ("before renaming outcomes", 1),
        ("before renaming outcomes", 5),
        ("after renaming outcomes", 3),
        ("before renaming tallies", 4),
        ("within the journal", 1),
        ("within the journal", 6),
        ("before renaming series", 1),
        ("before renaming run/manifest.json", 1),
        ("after renaming run/manifest.json", 1),
        ("before removing progress.jsonl", 1),
    ],
)
def test_killed_at_a_place(player, whole, tmp_path, place, times):
    folder = tmp_path / "run"
    assert finish(start(folder, place, times)) == -signal.SIGKILL
    resume(player, folder)
    assert contents(folder) == whole[0]


def test_killed_at_any_moment_again_and_again(player, whole, tmp_path):
    moments = random.Random(6)
    for trial in range(3):
        folder = tmp_path / f"run-{trial}"
        for _ in range(2):
            process = start(folder)
            time.sleep(moments.uniform(0.0, 1.2 * whole[1]))
            process.kill()
            finish(process)
        resume(player, folder)
        assert contents(folder) == whole[0]


def test_what_a_kill_leaves_is_no_run_but_says_how_to_go_on(player, whole, tmp_path):
    folder = tmp_path / "run"
    finish(start(folder, "before renaming outcomes", 4))
    assert list(folder.rglob(f".*{PARTIAL}"))
    with pytest.raises(CaseError, match=r"unfinished run: \d of 6 chunks are whole.*simulate --resume -o"):
        open_run(folder)
    assert "chunks are kept" in resume(player, folder)
    assert not list(folder.rglob(f".*{PARTIAL}"))


def test_two_processes_do_not_share_a_folder(player, whole, tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    with hold_folder(folder), pytest.raises(CaseError, match="another process at work"):
        resume(player, folder)
    assert contents(folder) == {}
    resume(player, folder)
    assert contents(folder) == whole[0]


def test_a_hold_dies_with_its_process(player, whole, tmp_path):
    folder = tmp_path / "run"
    finish(start(folder, "within the journal", 2))
    assert (folder / ".lock").exists()
    resume(player, folder)
    assert contents(folder) == whole[0]
