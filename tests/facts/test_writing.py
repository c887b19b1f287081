import os
import stat
from pathlib import Path

import pytest

from pactwork import CaseError
from pactwork.facts.writing import write_atomically


def test_what_is_written_replaces_what_was_there(tmp_path):
    for content in ("old", b"new"):
        write_atomically(tmp_path / "a" / "f.txt", content)
    assert (tmp_path / "a" / "f.txt").read_text() == "new"
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["f.txt"]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError])
def test_a_stop_half_way_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, stop):
    path = tmp_path / "f.txt"
    write_atomically(path, "old")

    def stop_here(_):
        raise stop

    monkeypatch.setattr(os, "fsync", stop_here)
    with pytest.raises(CaseError if stop is OSError else stop):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_cannot_be_written_is_located(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CaseError) as caught:
        write_atomically(Path(tmp_path / "file" / "f.txt"), "x")
    assert "f.txt" in caught.value.problems[0].where


def test_a_link_is_followed_and_what_is_no_file_is_written_to(tmp_path):
    """Nothing may be put in the place of a device, a pipe or a link."""
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    write_atomically(tmp_path / "link.txt", "new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "new"
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    write_atomically(tmp_path / "pipe", "through")
    assert os.read(reader, 100) == b"through"
    os.close(reader)
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_a_file_keeps_its_rights_and_a_new_one_has_those_of_the_process(tmp_path):
    path = tmp_path / "file"
    before = os.umask(0o027)
    try:
        write_atomically(path, "new")
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        path.chmod(0o664)
        write_atomically(path, "newer")
    finally:
        assert os.umask(before) == 0o027
    assert (path.read_text("utf-8"), stat.S_IMODE(path.stat().st_mode)) == ("newer", 0o664)
