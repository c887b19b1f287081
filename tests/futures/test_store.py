"""Runs on disk: the same bytes, whole or not at all, and never over anything else."""

import numpy as np
import pytest

from pactwork.errors import CaseError
from pactwork.facts.case import load_case
from pactwork.futures import store
from pactwork.futures.ensemble import run_futures
from pactwork.futures.identity import check_same, identify_run
from pactwork.futures.store import open_run, write_run


@pytest.fixture
def made(world, make_case):
    ensemble = run_futures(world.model(points=1), replications=3)
    root = make_case()
    return ensemble, identify_run(ensemble, load_case(root), case=str(root))


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_is_written_is_read(made, tmp_path):
    ensemble, identity = made
    assert write_run(ensemble, tmp_path / "run", identity)
    run = open_run(tmp_path / "run")
    assert run.identity == identity
    for at, choice in enumerate(ensemble.choices):
        table = run.outcomes(choice).drop("choice", "future", "replication", "status").to_numpy()
        assert np.array_equal(table, ensemble.outcomes[at].reshape(table.shape), equal_nan=True)
        assert set(run.series(choice)["choice"]) == {choice}
    assert run.design().height == 8


def test_same_seed_same_bytes(made, world, tmp_path):
    ensemble, identity = made
    write_run(ensemble, tmp_path / "one", identity)
    write_run(run_futures(world.model(points=1), replications=3, workers=4), tmp_path / "two", identity)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


@pytest.mark.parametrize("name", ["run.json", "design.parquet", "outcomes/faster.parquet", "manifest.json"])
@pytest.mark.parametrize("harm", ["cut", "changed", "gone"])
def test_harmed_runs_are_refused_and_can_be_written_again(made, tmp_path, name, harm):
    ensemble, identity = made
    path = tmp_path / "run"
    write_run(ensemble, path, identity)
    whole = contents(path)
    data = (path / name).read_bytes()
    if harm == "gone":
        (path / name).unlink()
    else:
        middle = len(data) // 2
        (path / name).write_bytes(data[:middle] if harm == "cut" else data[:middle] + b"\xff" + data[middle + 1 :])
    with pytest.raises(CaseError, match=name.replace(".", r"\.")):
        open_run(path)
    if name == "run.json":
        with pytest.raises(CaseError, match="no run"):  # it cannot say what it is, and is left alone
            write_run(ensemble, path, identity)
    else:
        assert write_run(ensemble, path, identity)
        assert contents(path) == whole


def test_the_same_run_is_left_as_it_is(made, tmp_path):
    ensemble, identity = made
    write_run(ensemble, tmp_path / "run", identity)
    before = (tmp_path / "run" / "run.json").stat().st_ino
    assert not write_run(ensemble, tmp_path / "run", identity)
    assert (tmp_path / "run" / "run.json").stat().st_ino == before


def test_another_run_is_not_replaced(made, tmp_path):
    ensemble, identity = made
    write_run(ensemble, tmp_path / "run", identity)
    before = contents(tmp_path / "run")
    with pytest.raises(CaseError, match="another run"):
        write_run(ensemble, tmp_path / "run", identity.model_copy(update={"seed": 2}))
    assert contents(tmp_path / "run") == before


def test_what_is_no_run_is_not_touched(made, tmp_path):
    ensemble, identity = made
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "notes.txt").write_text("keep")
    for path in (folder, folder / "notes.txt", folder / "notes.txt" / "below"):
        with pytest.raises(CaseError, match="choose another"):
            write_run(ensemble, path, identity)
    assert contents(folder) == {"notes.txt": b"keep"}


def test_a_killed_write_leaves_no_run(made, tmp_path, monkeypatch):
    ensemble, identity = made
    write, at = store._write, iter(range(100))
    seen = []

    def stop(path, content):
        if next(at) == 4:
            seen.append(path.parent.parent if path.parent.name in ("outcomes", "series") else path.parent)
            with pytest.raises(CaseError):
                open_run(seen[0])  # what a kill would leave behind
            raise KeyboardInterrupt
        return write(path, content)

    monkeypatch.setattr(store, "_write", stop)
    with pytest.raises(KeyboardInterrupt):
        write_run(ensemble, tmp_path / "run", identity)
    assert seen
    assert not (tmp_path / "run").exists()
    assert not list(tmp_path.glob(".run.*"))


def test_another_version_or_case_is_refused(made):
    _, identity = made
    ledger = load_case(identity.case)
    check_same(identity, ledger)
    facts = ledger.root / "facts" / "lots.csv"
    facts.write_text(facts.read_text() + "\n")
    with pytest.raises(CaseError) as caught:
        check_same(identity.model_copy(update={"version": "0.0.1"}), ledger)
    assert [one.found for one in caught.value.problems] == ['"0.0.1"', "changed"]
