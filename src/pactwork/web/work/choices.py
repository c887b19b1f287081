"""The job that plays and compares the choices of a case."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pactwork.facts.writing import write_atomically
from pactwork.web.work import Made, Work, tell_revision

if TYPE_CHECKING:  # the numeric libraries are loaded by the job itself
    from pactwork.brief.chosen import Chosen
    from pactwork.brief.speaker import Speaker
    from pactwork.choices.break_even import BreakEven
    from pactwork.choices.requirements import Requirement

SHOWN, NUMBERS = "shown.json", "choices.json"
SHADES = 4
"""Steps of shade in the table of regret, besides none."""


def compare_choices(work: Work) -> Made:
    """Play every choice over the same futures and the same luck, and write what the page shows and all numbers."""
    from pactwork.brief.chosen import play_choices
    from pactwork.brief.effort import Effort
    from pactwork.facts.case import load_case
    from pactwork.forecast import make_forecast
    from pactwork.futures.keeping import Keeper
    from pactwork.web.playing.calibration import find_calibration

    work.progress("Reading the facts", 0, 1)
    ledger, asked = load_case(work.case), work.parameters
    revision = tell_revision(ledger)
    forecast = make_forecast(ledger)
    effort = Effort(asked["futures"], asked["replications"], asked["seed"])
    kept = work.folder.parents[2] / "calibrations"
    calibrated = find_calibration(ledger, forecast, effort.seed, kept, work.progress)
    chosen = play_choices(ledger, forecast, effort, calibrated, work.progress, Keeper(work.kept_of(ledger)),
                          asked.get("scenario") or None)  # fmt: skip
    assert chosen is not None  # none only where no futures are asked for
    work.progress("Writing it down", 0, 1)
    write_atomically(work.folder / SHOWN, json.dumps(tell(chosen), ensure_ascii=False))
    numbers = json.dumps(chosen.as_dict(), ensure_ascii=False, indent=1, allow_nan=False)
    write_atomically(work.folder / NUMBERS, numbers + "\n")
    return Made({"stamp": chosen.stamp, "runs": chosen.runs, "failed": chosen.failed},
                {SHOWN: "application/json", NUMBERS: "application/json"}, revision)  # fmt: skip


def tell(chosen: Chosen) -> dict[str, Any]:
    """Return what the page shows of a comparison: words, charts drawn, tables as rows of text."""
    from pactwork.brief.charts_of_choices import list_choice_drawings
    from pactwork.brief.drawing import draw_inline
    from pactwork.brief.lines_on_choices import say_choices
    from pactwork.brief.rows_of_choices import letters_of, make_tables
    from pactwork.brief.speaker import Speaker

    told: dict[str, Any] = {
        "stamp": chosen.stamp, "runs": chosen.runs, "failed": chosen.failed, "missing": list(chosen.missing),
        "buyer": chosen.setting.buyer, "supplier": chosen.setting.supplier, "money": chosen.setting.money,
        "words": [asdict(one) for one in say_choices(chosen)], "compared": chosen.comparison is not None,
    }  # fmt: skip
    if chosen.comparison is None:
        return told
    pictures = {}
    for drawing in list_choice_drawings(chosen):
        wide, narrow = draw_inline(drawing)
        pictures[drawing.name] = {"title": drawing.title, "inline": str(wide), "inline_narrow": str(narrow)}
    speaker = Speaker(chosen, chosen.comparison)
    letters = letters_of(chosen.comparison.requirements)
    return told | {
        "futures": chosen.comparison.futures, "replications": chosen.comparison.replications, "pictures": pictures,
        "tables": asdict(make_tables(chosen)), "regret": _tell_regret(speaker, letters),
        "worth": _tell_worth(speaker), "idle": list(chosen.comparison.idle_levers),
    }  # fmt: skip


def _tell_regret(speaker: Speaker, letters: dict[str, Requirement]) -> list[dict[str, Any]]:
    """Return a row for each choice: its mean regret on each requirement, shaded against the largest that is told.

    What cannot be told from nought, by the interval of 95 %, is not ``told`` and has no shade.
    """
    from pactwork.brief import formats

    most = {
        one.name: max((mean.value for view in speaker.found.choices
                       if (mean := view.robustness[one.name].regret.mean).low > 0), default=0.0)
        for one in letters.values()
    }  # fmt: skip
    rows = []
    for view in speaker.found.choices:
        cells = []
        for letter, one in letters.items():
            mean = view.robustness[one.name].regret.mean
            value, told = mean.value, mean.low > 0  # regret is never less than nought, whatever luck makes of it
            share = value / most[one.name] if told else 0.0
            text = formats.number(value, 3) if math.isfinite(value) else "–"
            shade = math.ceil(SHADES * share - 1e-9)
            cells.append({"letter": letter, "text": text, "told": told, "shade": shade})
        rows.append({"name": view.choice, "title": formats.clean(view.title), "cells": cells})
    return rows


def _tell_worth(speaker: Speaker) -> list[dict[str, Any]]:
    """Return each lever that helps, in the order of the table, with where on 0 to 1 it begins to."""
    from pactwork.brief.lines_on_doubt import list_worth

    return [{"useful": _tell_effect(one.useful), "worth": _tell_effect(one.worth_its_cost)}
            for one in list_worth(speaker) if one.helps]  # fmt: skip


def _tell_effect(one: BreakEven | None) -> dict[str, float] | None:
    """Return from which share on something is given, and its interval; None where there is none, or it is not clear."""
    from pactwork.brief.lines_on_doubt import read_verdict

    verdict = read_verdict(one)
    if one is None or verdict not in ("from", "always"):
        return None
    if verdict == "always" or one.effect is None:
        return {"start": one.range[0], "low": one.range[0], "high": one.range[0]}
    low = one.range[0] if one.low is None else one.low
    high = one.range[1] if one.high is None else one.high
    return {"start": one.effect, "low": low, "high": high}
