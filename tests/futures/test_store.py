"""Runs on disk: the same bytes whoever plays, opened only if whole, mended chunk by chunk, and never over anything else."""

import errno

import numpy as np
import polars as pl
import pytest

from pactwork.errors import CaseError
from pactwork.facts.case import load_case
from pactwork.futures import chunks as chunking
from pactwork.futures import files, playing, reading, store
from pactwork.futures.chunks import Extent, cut_chunks
from pactwork.futures.ensemble import run_futures
from pactwork.futures.identity import Asked, check_same, identify
from pactwork.futures.kernel import NO_SLOT
from pactwork.futures.playing import play_run
from pactwork.futures.store import check_place, open_run
from pactwork.futures.summary import summarise

POINTS, REPLICATIONS = 2, 40


@pytest.fixture
def world(world):
    """Two years of the partnership, which play faster."""
    return type(world)(years=2)


@pytest.fixture
def identity(world, make_case):
    root = make_case()
    asked = Asked(points=POINTS, replications=REPLICATIONS)
    return identify(world.model(points=POINTS), load_case(root), case=str(root), asked=asked)


@pytest.fixture
def play(world, identity, tmp_path):
    """Return a function that plays the run to a folder; it says what it was told."""

    def play(name="run", **options):
        said = []
        play_run(tmp_path / name, options.pop("identity", identity), lambda points: world.model(points=points),
                 tell=said.append, **options)  # fmt: skip
        return tmp_path / name, " ".join(said)

    return play


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def harm(path, how):
    data = path.read_bytes()
    middle = len(data) // 2
    if how == "gone":
        path.unlink()
    elif how == "cut":
        path.write_bytes(data[:middle])
    else:
        path.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])


def test_a_run_on_disk_tells_what_one_in_memory_does(play, world):
    folder, _ = play()
    run, ensemble = open_run(folder), run_futures(world.model(points=POINTS), replications=REPLICATIONS)
    assert (run.choices, run.names, run.series_names) == (ensemble.choices, ensemble.names, ensemble.series_names)
    assert (run.futures, run.replications, run.failed) == (16, REPLICATIONS, 0)
    assert run.scramble.tolist() == ensemble.scramble.tolist()
    assert run.design_frame().equals(ensemble.design_frame())
    for choice in run.choices:
        held, read = (one.outcomes_of(run.names, choice) for one in (ensemble, run))
        assert all(np.array_equal(held[name], read[name], equal_nan=True) for name in run.names)
        assert np.array_equal(run.outcome("cost", choice), held["cost"])
        assert np.array_equal(run.status_of(choice), ensemble.status_of(choice))
        assert run.estimate("cost", choice) == ensemble.estimate("cost", choice)
        assert np.array_equal(run.quantiles_of("t1.ready", 0.5, choice), ensemble.quantiles_of("t1.ready", 0.5, choice))
        assert run.series(choice).equals(ensemble.series_frame().filter(pl.col("choice") == choice))
        one, other = summarise(run, choice).as_dict(), summarise(ensemble, choice).as_dict()
        assert one == other
    assert run.scan().collect().sort("choice", "future", "replication").equals(ensemble.frame())
    row = run.find_run(11, 3, "faster")
    assert row["cost"].to_list() == [ensemble.outcome("cost", "faster")[11, 3]]


def test_theatres_apart_are_so_on_disk(play, world, identity):
    folder, _ = play(identity=identity.model_copy(update={"apart": True}))
    ensemble = run_futures(world.model(points=POINTS), replications=REPLICATIONS, apart=True)
    assert open_run(folder).outcome("cost").tobytes() == ensemble.outcome("cost").tobytes()


@pytest.mark.parametrize("reader", ["memory", "disk"])
def test_what_there_is_not_is_refused(play, world, reader):
    folder, _ = play()
    found = open_run(folder) if reader == "disk" else run_futures(world.model(points=1), replications=2)
    with pytest.raises(KeyError):
        found.outcome("no-such")
    with pytest.raises(ValueError):
        found.outcome("cost", "no-such")
    with pytest.raises(ValueError):
        found.bins("no-such")


def test_a_run_is_read_few_files_at_a_time(play, monkeypatch):
    folder, _ = play()
    whole = summarise(open_run(folder))
    monkeypatch.setattr(reading, "_TOGETHER", 1)
    parts = list(open_run(folder).parts(["cost"]))
    assert [part.status.size for part in parts] == [240, 240, 160]
    assert summarise(open_run(folder)) == whole


def test_workers_and_order_change_no_byte(play, monkeypatch):
    one, four = play("one", workers=1)[0], play("four", workers=4)[0]
    cut = cut_chunks
    monkeypatch.setattr("pactwork.futures.identity.cut_chunks", lambda *args: reversed(list(cut(*args))))
    assert contents(one) == contents(four) == contents(play("reversed")[0])


def test_failed_runs_are_counted_on_disk(play, world):
    world.sizes["voyage"] = 1
    run = open_run(play()[0])
    status = np.stack([run.status_of(choice) for choice in run.choices])
    assert run.failed == (status == NO_SLOT).sum() > 0
    assert np.isnan(run.outcome("cost")[status[0] != 0]).all()
    assert summarise(run).failed == {"more ships at one time than slots": int((status[0] != 0).sum())}


@pytest.mark.parametrize(
    ("futures", "replications", "runs"),
    [(3, 1, 256), (64, 16, 256), (7, 300, 256), (2, 1000, 256), (5, 257, 256), (3, 601, 256)],
)
def test_chunks_hold_every_run_once(futures, replications, runs):
    seen = np.zeros((futures, replications), dtype=int)
    for chunk in cut_chunks(Extent((0, futures), (0, replications)), runs):
        seen[slice(*chunk.futures), slice(*chunk.replications)] += 1
        assert chunk.runs <= 1.5 * runs
    assert (seen == 1).all()


def test_the_blocks_of_the_kernel_change_no_byte(play, monkeypatch):
    whole = contents(play("whole")[0])
    monkeypatch.setattr(chunking, "BLOCK", 7)
    assert contents(play("sevens")[0]) == whole


@pytest.mark.parametrize("name", ["run.json", "design.parquet", "histograms.parquet", "series/faster.parquet",
                                  "outcomes/00000006-0000000.parquet", "tallies/00000006-0000000.parquet", "manifest.json"])  # fmt: skip
@pytest.mark.parametrize("how", ["cut", "changed", "gone"])
def test_harm_is_told_and_mended(play, name, how):
    folder, _ = play()
    whole = contents(folder)
    harm(folder / name, how)
    unreadable = name == "manifest.json" and how == "gone"
    if name == "manifest.json" and how == "changed":
        (folder / name).write_text("[]")
    with pytest.raises(CaseError, match="unfinished" if unreadable else name.replace(".", r"\.")):
        open_run(folder)
    if name == "run.json":
        with pytest.raises(CaseError, match=r"no run|another run"):  # it cannot say what it is, and is left alone
            play()
        return
    before = {path: path.stat().st_ino for path in (folder / "outcomes").iterdir()}
    _, said = play()
    assert contents(folder) == whole
    kept = {path for path, inode in before.items() if path.stat().st_ino == inode}
    assert "unfinished" in said
    assert len(kept) == (0 if name == "manifest.json" else 2 if name.startswith(("outcomes", "tallies")) else 3)


def test_large_runs_are_opened_without_being_read(play, monkeypatch):
    folder, _ = play()
    harm(folder / "outcomes/00000006-0000000.parquet", "changed")
    with pytest.raises(CaseError, match="other content"):
        open_run(folder)
    monkeypatch.setattr(store, "SMALL_RUN", 0)
    open_run(folder)
    with pytest.raises(CaseError, match="other content"):
        open_run(folder, thorough=True)
    harm(folder / "outcomes/00000006-0000000.parquet", "cut")
    with pytest.raises(CaseError, match=r"\d+ bytes"):
        open_run(folder)


def test_the_same_run_is_left_as_it_is(play):
    folder, _ = play()
    before = {path: path.stat().st_ino for path in folder.rglob("*")}
    assert "already holds this very run" in play()[1]
    assert {path: path.stat().st_ino for path in folder.rglob("*")} == before


def test_another_run_is_not_replaced(play, identity):
    folder, _ = play()
    before = contents(folder)
    asked = identity.asked.model_copy(update={"replications": 41})
    with pytest.raises(CaseError, match="another run: seed 1, not 2; asked replications 40, not 41"):
        play(identity=identity.model_copy(update={"seed": 2, "asked": asked}))
    assert contents(folder) == before


def test_what_is_no_run_is_not_touched(play, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "notes.txt").write_text("keep")
    for path in ("mine", "mine/notes.txt", "mine/notes.txt/below"):
        with pytest.raises(CaseError, match="choose another"):
            play(path)
    assert contents(folder) == {"notes.txt": b"keep"}


@pytest.mark.parametrize("at", range(1, 9))
def test_a_full_disk_loses_nothing(play, monkeypatch, at):
    whole = contents(play("whole")[0])
    put, left = files.put_in_place, [at]

    def full(temporary, path):
        left[0] -= 1
        if left[0] <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        put(temporary, path)

    monkeypatch.setattr(files, "put_in_place", full)
    with pytest.raises(CaseError, match=r"No space left on device"):
        play()
    monkeypatch.setattr(files, "put_in_place", put)
    assert contents(play()[0]) == whole


def test_an_interrupted_run_goes_on(play, monkeypatch):
    whole = contents(play("whole")[0])
    written, write = [], playing.write_chunk

    def stop_after_two(*args):
        written.append(args[1].name)
        if len(written) == 3:
            raise KeyboardInterrupt
        return write(*args)

    monkeypatch.setattr(playing, "write_chunk", stop_after_two)
    with pytest.raises(KeyboardInterrupt):
        play(workers=1)
    monkeypatch.setattr(playing, "write_chunk", write)
    folder, said = play()
    assert "2 of 3 chunks are kept" in said
    assert contents(folder) == whole


def test_an_interrupted_run_stops_between_blocks(play, monkeypatch):
    played, play_one = [], chunking.play_one

    def count(*args):
        played.append(args)
        return play_one(*args)

    def interrupt(under_way):
        raise KeyboardInterrupt

    monkeypatch.setattr(chunking, "BLOCK", 1)
    monkeypatch.setattr(chunking, "play_one", count)
    monkeypatch.setattr(playing, "_finish_some", interrupt)
    with pytest.raises(KeyboardInterrupt):
        play(workers=1)
    assert len(played) < 100  # of 240 in the chunk it was at


def test_other_processors_are_told_of(play, monkeypatch):
    monkeypatch.setattr(playing, "finish_run", lambda *_: None)
    play()
    monkeypatch.undo()
    monkeypatch.setattr(playing, "read_fingerprint", lambda: type("Other", (), {"short": "other"}))
    assert "bytes may differ in the last digit" in play()[1]


def test_a_place_without_the_right_to_write(play, identity, tmp_path, monkeypatch):
    monkeypatch.setattr(store.os, "access", lambda *_: False)
    with pytest.raises(CaseError, match="no right to write"):
        play()
    with pytest.raises(CaseError, match="no right to write"):
        check_place(tmp_path / "a" / "b")


def test_another_version_or_case_is_refused(identity):
    ledger = load_case(identity.case)
    check_same(identity, ledger)
    facts = ledger.root / "facts" / "lots.csv"
    facts.write_text(facts.read_text() + "\n")
    with pytest.raises(CaseError) as caught:
        check_same(identity.model_copy(update={"version": "0.0.1"}), ledger)
    assert [one.found for one in caught.value.problems] == ['"0.0.1"', "changed"]
