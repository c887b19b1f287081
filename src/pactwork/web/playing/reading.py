"""What an experiment answers: fans over time and figures with their error, as plain numbers for a page."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pactwork.brief.naming import part_name
from pactwork.facts.ledger import Ledger
from pactwork.futures.kernel import PLAYED
from pactwork.futures.results import Bins, Floats, estimate_mean
from pactwork.futures.steps.setting import DAYS_A_YEAR
from pactwork.web.playing.experiment import REPLICATIONS, Held

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
MONTHS = 12.0
MUNITION_KINDS = (("stock_at_end", "in stock at the end", "rounds"), ("unmet", "asked for and not there", "rounds"))
SYSTEM_KINDS = (
    ("mean_readiness", "ready, on average", "%"),
    ("readiness_at_first_crisis", "ready when the first crisis begins", "%"),
    ("ready_at_end", "ready at the end", "items"),
    ("gap_item_years", "short of what is required", "item-years"),
)
RUN_KINDS = (
    ("cost", "Cost to the buyer", "m"), ("local_share", "Spent in the buyer's country", "%"),
    ("supplier_earns", "What the supplier earns", "m"), ("passage_closed_days", "Days with a passage closed", "days"),
)  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """A number that the page shows: an outcome, its group, what it is of, and the factor that gives its unit."""

    key: str
    group: str
    label: str
    unit: str
    outcome: str
    factor: float = 1.0
    latest: bool = False
    """Whether it is a date of which no run sees the end: then it counts as the horizon, and the mean is a least one."""


def list_figures(ledger: Ledger, held: Held) -> tuple[Figure, ...]:
    """Return the figures of a case, in the order in which the page shows them."""
    return tuple(_figures(ledger, held))


def _figures(ledger: Ledger, held: Held) -> Iterator[Figure]:
    names = held.ensemble.axes
    for system in names["system"]:
        for kind, words, unit in SYSTEM_KINDS:
            group = "readiness" if unit == "%" else "fleets"
            yield Figure(f"{system}.{kind}", group, f"{ledger.name_of(system)}: {words}", unit, f"{system}.{kind}",
                         100.0 if unit == "%" else 1.0)  # fmt: skip
    for munition in names["munition"]:
        for kind, words, unit in MUNITION_KINDS:
            yield Figure(f"{munition}.{kind}", "munitions", f"{ledger.name_of(munition)}: {words}", unit,
                         f"{munition}.{kind}")  # fmt: skip
    for kind, words, unit in RUN_KINDS:
        money = unit == "m"
        shown = f"m {ledger.about.currency}" if money else unit
        group = "lanes" if kind == "passage_closed_days" else "money"
        yield Figure(kind, group, words, shown, kind, 100.0 if unit == "%" else 1.0)
    for lot in names["lot"]:
        outcome = f"{lot}.completed_years"
        yield Figure(
            outcome, "deliveries", f"{part_name(ledger, lot)}: all there", "months", outcome, MONTHS, latest=True
        )


def values_of(figure: Figure, held: Held) -> Floats:
    """Return a figure in each run, of shape (future, replication), in its unit; no number where it does not arise."""
    found = held.ensemble.outcome(figure.outcome) * figure.factor
    if figure.latest:
        never = np.isnan(found) & (held.ensemble.status[0] == PLAYED)
        found = np.where(never, horizon_months(held), found)
    return np.asarray(found)


def _is_over(figure: Figure, held: Held) -> bool:
    """Return whether a lot was all there on the first day in every run, or nothing is made of it in any."""
    return figure.latest and bool((held.ensemble.outcome(figure.outcome) == 0.0).all())


def horizon_months(held: Held) -> float:
    """Return months from the first day to the end of the last step."""
    model = held.ensemble.model
    return model.steps * model.step_days / DAYS_A_YEAR * MONTHS


def tell_answer(ledger: Ledger, held: Held) -> dict[str, Any]:
    """Return what a page shows of an experiment: ``stamp``, ``days``, ``fans``, ``years``, ``figures``."""
    ensemble = held.ensemble
    return {
        "stamp": tell_stamp(held), "days": [day.isoformat() for day in ensemble.quarters],
        "fans": [*_tell_fans(ledger, held)], "years": _tell_years(held),
        "figures": [_tell_figure(one, held) for one in list_figures(ledger, held) if not _is_over(one, held)],
    }  # fmt: skip


def tell_stamp(held: Held) -> dict[str, Any]:
    """Return what every number is marked with."""
    model, runs = held.ensemble.model, held.ensemble.status.size
    return {
        "seed": model.seed, "futures": held.ensemble.futures, "replications": REPLICATIONS, "runs": runs,
        "failed": held.ensemble.failed, "scenario": model.scenario, "as_of": model.as_of.isoformat(),
        "horizon": model.horizon.isoformat(),
        "words": f"SIMULATED – seed {model.seed}, {held.ensemble.futures:,} futures × {REPLICATIONS} replications, "
                 f"assumptions {model.scenario or 'the case’s own'}",
    }  # fmt: skip


def read_bands(bins: Bins, levels: Sequence[float] = LEVELS) -> Floats:
    """Return quantiles of a series, of shape (quarter, level): those of ``results.read_quantile``, all at once."""
    counts = bins.counts
    runs = counts.sum(axis=1, keepdims=True)
    before = np.concatenate([np.zeros((len(counts), 1), dtype=np.int64), np.cumsum(counts, axis=1)], axis=1)
    found = np.full((len(counts), len(levels)), np.nan)
    for place, level in enumerate(levels):
        at = np.maximum((before < level * runs).sum(axis=1) - 1, 0)
        rows = np.arange(len(counts))
        inside = (level * runs[:, 0] - before[rows, at]) / np.maximum(counts[rows, at], 1)
        spread = np.where(at == counts.shape[1] - 1, 0, bins.width - 1)
        found[:, place] = np.maximum(0.0, bins.low + bins.width * at + inside * spread)
    found[runs[:, 0] == 0] = np.nan
    return found


def _tell_fans(ledger: Ledger, held: Held) -> Iterator[dict[str, Any]]:
    ensemble = held.ensemble
    for at, system in enumerate(ensemble.axes["system"]):
        yield _tell_fan(held, "ready", system, ledger.name_of(system), "items", held.required[at].tolist())
    for system in ensemble.axes["system"]:
        yield _tell_fan(held, "readiness_permille", system, ledger.name_of(system), "%", None, 0.1)
    for munition in ensemble.axes["munition"]:
        yield _tell_fan(held, "stock", munition, ledger.name_of(munition), "rounds", None)


def _tell_fan(
    held: Held, kind: str, subject: str, name: str, unit: str, required: list[float] | None, factor: float = 1.0
) -> dict[str, Any]:
    bands = read_bands(held.ensemble.bins(f"{subject}.{kind}")) * factor
    return {"key": f"{subject}.{kind}", "kind": kind, "name": name, "unit": unit,
            "bands": [[plain(one, 1) for one in row] for row in bands], "required": required}  # fmt: skip


def _tell_years(held: Held) -> list[dict[str, Any]]:
    """Return what the buyer pays in each year of the run: mean, and nine tenths of the runs."""
    ensemble, found = held.ensemble, []
    for year in range(held.ensemble.model.sizes.get("year", 0)):
        values = ensemble.outcome(f"cost.year{year + 1}")
        known = values[np.isfinite(values)]
        if known.size:
            low, high = np.quantile(known, (LEVELS[0], LEVELS[-1]))
            found.append({"year": year + 1, "mean": plain(known.mean(), 1), "low": plain(low, 1),
                          "high": plain(high, 1)})  # fmt: skip
    return found


def _tell_figure(figure: Figure, held: Held) -> dict[str, Any]:
    values = values_of(figure, held)
    mean = estimate_mean(values, held.ensemble.scramble)
    known = values[np.isfinite(values)]
    low, high = np.quantile(known, (LEVELS[0], LEVELS[-1])) if known.size else (np.nan, np.nan)
    told: dict[str, Any] = {
        "key": figure.key, "group": figure.group, "label": figure.label, "unit": figure.unit,
        "mean": plain(mean.mean), "error": plain(mean.standard_error), "low": plain(low), "high": plain(high),
        "runs": int(known.size),
    }  # fmt: skip
    if figure.latest:
        told |= _tell_date(figure, held)
    return told


def _tell_date(figure: Figure, held: Held) -> dict[str, Any]:
    """Return the days by which half, a twentieth and all but a twentieth of the runs are done, and how many never are.

    None in place of a day that lies beyond what is played.
    """
    years = held.ensemble.outcome(figure.outcome)[held.ensemble.status[0] == PLAYED]
    ends = np.where(np.isnan(years), np.inf, years)
    levels = {"median": 0.5, "early": LEVELS[0], "late": LEVELS[-1]}
    days = {
        name: held.ensemble.day_after(float(np.quantile(ends, level, method="inverted_cdf")) if ends.size else math.inf)
        for name, level in levels.items()
    }
    told = {name: day.isoformat() if day else None for name, day in days.items()}
    return {**told, "never": int(np.isnan(years).sum()), "of": int(years.size)}


def plain(value: float, digits: int | None = None) -> float | None:
    """Return a number as JSON has it, to six digits or to so many after the point; null where it is none."""
    number = float(value)
    if not math.isfinite(number):
        return None
    return round(number, digits) if digits is not None else float(f"{number:.6g}")
