"""Run docs/study.ipynb and keep its outputs: ``python docs/run_notebook.py``, with pactwork installed.

The code cells are run in this process, one after the other. No notebook server is needed, and nothing that the package
does not need itself; what a cell shows is kept as text, a chart as a picture.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

NOTEBOOK = Path(__file__).resolve().parent / "study.ipynb"


def read_notebook(path: Path = NOTEBOOK) -> dict[str, Any]:
    """Return a notebook as its JSON."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def run_cells(notebook: Mapping[str, Any], instead: Mapping[str, str] | None = None) -> list[list[dict[str, Any]]]:
    """Return the outputs of each code cell, as a notebook keeps them.

    Parameters
    ----------
    notebook : mapping
        As `read_notebook` gives it; cells hold plain Python.
    instead : mapping of str to str, optional
        Pieces of code and what is run in their place: smaller sizes, for a test. Each must stand in some cell.
    """
    names: dict[str, Any] = {"__name__": "__main__"}
    codes = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for old, new in (instead or {}).items():
        if not any(old in code for code in codes):
            raise ValueError(f"no cell holds {old!r}")
        codes = [code.replace(old, new) for code in codes]
    return [_run(code, number, names) for number, code in enumerate(codes, start=1)]


def _run(code: str, number: int, names: dict[str, Any]) -> list[dict[str, Any]]:
    """Run one cell; what its last line is worth is shown, as in a notebook."""
    tree = ast.parse(code, f"<cell {number}>")
    last = ast.Expression(tree.body.pop().value) if isinstance(tree.body[-1], ast.Expr) else None
    printed, value = io.StringIO(), None
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, f"<cell {number}>", "exec"), names)
        if last is not None:
            value = eval(compile(last, f"<cell {number}>", "eval"), names)
    outputs: list[dict[str, Any]] = []
    if printed.getvalue():
        lines = printed.getvalue().splitlines(keepends=True)
        outputs.append({"output_type": "stream", "name": "stdout", "text": lines})
    if value is not None:
        about = {"execution_count": number, "metadata": {}}
        outputs.append({"output_type": "execute_result", **about, "data": _show(value)})
    return outputs


def _show(value: object) -> dict[str, Any]:
    if isinstance(value, alt.TopLevelMixin):
        picture = vl_convert.vegalite_to_svg(value.to_dict())
        return {"image/svg+xml": picture.splitlines(keepends=True), "text/plain": ["a chart"]}
    return {"text/plain": str(value).splitlines(keepends=True)}


def keep_outputs(path: Path = NOTEBOOK) -> None:
    """Run a notebook and write its outputs into it."""
    notebook = read_notebook(path)
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for number, (cell, outputs) in enumerate(zip(cells, run_cells(notebook), strict=True), start=1):
        cell["outputs"], cell["execution_count"] = outputs, number
    path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    keep_outputs()
