"""What lots aim at is kept for the case it was found for, and for no other."""

import shutil
from pathlib import Path

import pytest

from pactwork.facts.case import bundled_cases, load_case
from pactwork.web.playing import calibration
from pactwork.web.playing.calibration import MOST_KEPT, find_calibration


@pytest.fixture
def found(monkeypatch, calibrated):
    """The seeds for which something was found anew."""
    seeds = []

    def find(ledger, forecast, *, seed, progress):
        seeds.append(seed)
        return calibrated

    monkeypatch.setattr(calibration, "calibrate_case", find)
    return seeds


@pytest.fixture
def own(tmp_path):
    return Path(shutil.copytree(bundled_cases()["poland-korea"], tmp_path / "poland-korea"))


def replace(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_it_is_found_once_and_is_the_same_to_the_last_bit(found, own, forecast, tmp_path, calibrated):
    for _ in range(2):
        told = find_calibration(load_case(own), forecast, 0, tmp_path / "kept")
        assert {lot: aim.completes.tolist() for lot, aim in told.aims.items()} == {
            lot: aim.completes.tolist() for lot, aim in calibrated.aims.items()
        }
    assert found == [0]
    find_calibration(load_case(own), forecast, 1, tmp_path / "kept")
    assert found == [0, 1]


def test_a_case_that_changes_after_it_was_read_leaves_nothing_for_the_new_one(found, own, forecast, tmp_path):
    """A set-up takes seconds, in which somebody may save a file."""
    before = load_case(own)
    replace(own / "facts" / "figures.csv", "Introduction, para 2", "Introduction, para 3")
    find_calibration(before, forecast, 0, tmp_path / "kept")
    find_calibration(load_case(own), forecast, 0, tmp_path / "kept")
    assert len(found) == 2
    find_calibration(before, forecast, 0, tmp_path / "kept")
    assert len(found) == 2


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("assumptions.toml", "range = [1.0, 6.0]", "range = [1.0, 6.5]"),
        ("case.toml", "step_days = 7", "step_days = 14"),
        ("facts/figures.csv", "Introduction, para 2", "Introduction, para 3"),
    ],
)
def test_another_assumption_or_row_is_another_case(found, own, forecast, tmp_path, name, old, new):
    find_calibration(load_case(own), forecast, 0, tmp_path / "kept")
    replace(own / name, old, new)
    find_calibration(load_case(own), forecast, 0, tmp_path / "kept")
    assert len(found) == 2


def test_words_and_comments_change_nothing(found, own, forecast, tmp_path):
    find_calibration(load_case(own), forecast, 0, tmp_path / "kept")
    (own / "narrative").mkdir(exist_ok=True)
    (own / "narrative" / "answer.md").write_text("Other words.\n", encoding="utf-8")
    with (own / "assumptions.toml").open("a", encoding="utf-8") as held:
        held.write("\n# a comment\n")
    find_calibration(load_case(own), forecast, 0, tmp_path / "kept")
    assert found == [0]


def test_a_file_that_is_not_the_one_that_was_written_is_not_read(found, own, forecast, tmp_path):
    find_calibration(load_case(own), forecast, 0, tmp_path / "kept")
    (path,) = (tmp_path / "kept").glob("*.parquet")
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    find_calibration(load_case(own), forecast, 0, tmp_path / "kept")
    assert found == [0, 0]


def test_the_oldest_make_room(found, own, forecast, tmp_path):
    ledger = load_case(own)
    for seed in range(MOST_KEPT + 2):
        find_calibration(ledger, forecast, seed, tmp_path / "kept")
    assert len(list((tmp_path / "kept").iterdir())) == 2 * MOST_KEPT


def test_a_folder_that_cannot_be_written_stops_nobody(found, own, forecast, tmp_path):
    (tmp_path / "kept").write_text("a file stands there")
    assert find_calibration(load_case(own), forecast, 0, tmp_path / "kept").aims
