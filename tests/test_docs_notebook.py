"""The notebook runs from top to bottom, smaller than it is printed, and holds nothing of the machine it ran on."""

import json
import re
from pathlib import Path

import pytest

from pactwork.futures import compile as compiling

DOCS = Path(__file__).resolve().parents[1] / "docs"
SMALLER = {"points=64": "points=3", "points=8": "points=1", "REPLICATIONS = 4": "REPLICATIONS = 2"}


@pytest.fixture
def runner(monkeypatch):
    monkeypatch.syspath_prepend(str(DOCS))
    import run_notebook

    return run_notebook


def print_of(outputs):
    return "".join(line for one in outputs for line in one.get("text", []))


def test_it_runs_and_says_the_same_of_the_case(runner, monkeypatch):
    monkeypatch.setattr(compiling, "CALIBRATION_POINTS", 1)
    notebook = runner.read_notebook()
    kept = [cell["outputs"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    found = runner.run_cells(notebook, SMALLER)
    assert found[0] == kept[0]  # facts and forecast do not hang on how many futures are played
    for one, other in zip(found, kept, strict=True):
        assert print_of(one).count("points (") == print_of(other).count("points (")
        assert [set(part.get("data", ())) for part in one] == [set(part.get("data", ())) for part in other]
    assert "image/svg+xml" in found[-1][0]["data"]


def test_its_outputs_are_small_and_hold_no_path():
    text = (DOCS / "study.ipynb").read_text(encoding="utf-8")
    assert len(text) < 60_000
    assert not re.search(r"/(tmp|home|root|Users)/|File \"", text)
    cells = json.loads(text)["cells"]
    assert all(cell["execution_count"] for cell in cells if cell["cell_type"] == "code")


def test_what_stands_in_no_cell_is_not_replaced_in_silence(runner):
    with pytest.raises(ValueError, match="no cell holds 'points=9'"):
        runner.run_cells(runner.read_notebook(), {"points=9": "points=1"})
