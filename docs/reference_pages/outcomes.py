"""Outcomes of a run: every name that criteria, conditions of --stop-when and tables of a run use."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pactwork.futures import outcomes
from reference_pages.pages import say_origin, write_table

_FAMILIES = {
    "lots": ("<lot>.", outcomes.LOT_OUTCOMES),
    "systems": ("<system>.", outcomes.SYSTEM_OUTCOMES),
    "munitions": ("<munition>.", outcomes.MUNITION_OUTCOMES),
    "run": ("", outcomes.RUN_OUTCOMES),
    "years": ("", outcomes.YEAR_OUTCOMES),
    "series": ("<system>.", outcomes.SYSTEM_SERIES),
}
"""Beginnings of names, and the names that the simulation writes."""
_WORDS = {
    "lots": "Of each lot, and of each part of one that another line makes (`<lot>-local`, `<lot>-elsewhere`).",
    "systems": "Of each system.",
    "munitions": "Of each munition.",
    "run": "Of the run as a whole.",
    "years": "Of each year of the futures, counted from 1: `cost.year1`, …",
}


def describe_outcomes() -> str:
    """Return docs/outcomes.md."""
    said = tomllib.loads(Path(__file__).with_name("outcomes.toml").read_text("utf-8"))
    lines = [
        "# Outcomes of a run", "",
        say_origin("`src/pactwork/futures/outcomes.py` and `docs/reference_pages/outcomes.toml`"), "",
        "A run is one play of chance in one future under one choice. It ends with these numbers, one column each in",
        "`outcomes/*.parquet`; `pactwork simulate --describe RUN --json` lists the names of a run. Criteria of",
        "[choices.toml](reference/files.md#criteria) and `--stop-when` ask about them by name. `null` (in tables: not",
        "a number) stands where an outcome does not arise. How criteria treat that: what ends in",
        "`first_enough_years` or `completed_years` and never comes is unmet; an `endurance_days` that never",
        "ends is met; anything else is left",
        "out. How each comes about: [methods](methods.md).",
    ]  # fmt: skip
    for family, (head, names) in _FAMILIES.items():
        if family != "series":
            extra = (
                [("`<lot>.arrived_by.<date>`", "item", "arrived by the end of each year")] if family == "lots" else []
            )
            tail = ".year<n>" if family == "years" else ""
            rows = [*_rows(head, names, said[family], tail), *extra]
            title = {"run": "Run"}.get(family, family.capitalize())
            lines += ["", f"## {title}", "", _WORDS[family], "", *write_table(("outcome", "unit", "meaning"), rows)]
    rows = [*_rows(*_FAMILIES["series"], said["series"]),
            ("`<lot>.arrived`", "item", "arrived"), ("`<munition>.stock`", "round", "in stock")]  # fmt: skip
    lines += ["", "## Series", "", "Read at the end of each quarter, and kept as histograms over runs.",
    "",
              *write_table(("series", "unit", "meaning"), rows)]  # fmt: skip
    return "\n".join(lines) + "\n"


def _rows(head: str, names: tuple[str, ...], said: dict[str, str], tail: str = "") -> list[tuple[str, ...]]:
    if set(names) != set(said):
        raise KeyError(f"outcomes.toml: explain exactly {', '.join(names)}, not {', '.join(said)}")
    parts = ((name, *said[name].partition(" | ")) for name in names)
    return [(f"`{head}{name}{tail}`", unit, means) for name, unit, _, means in parts]
