"""The bundled case at its own step h and at h/4: by how much each outcome differs, and with what error.

    python benchmarks/bench_steps.py [FUTURES] [REPLICATIONS]

Both meet the same futures, are read on the same days and share what luck is not that of a step. The error is that of the difference of
each future's means, over futures.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np

from pactwork.facts.case import load_case
from pactwork.forecast import make_forecast
from pactwork.futures.compile import FEWEST_SCRAMBLES, calibrate_case, compile_case
from pactwork.futures.ensemble import run_futures
from pactwork.futures.model import Model

LEAST_SEEN = 0.01
"""Outcomes that arise, or lie off nought, in fewer runs than this are too rare to be told apart."""


def future_means(futures: int, replications: int, step_days: float) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    """Return names, means of each future and the share of runs seen, of shape (future, outcome) and (outcome,)."""
    ledger, points = load_case("poland-korea"), futures // FEWEST_SCRAMBLES
    forecast, calibrated = make_forecast(ledger), calibrate_case(ledger, make_forecast(ledger), seed=5)
    coarse = compile_case(ledger, forecast, points=points, seed=5, calibrated=calibrated)
    model = compile_case(ledger, forecast, points=points, seed=5, calibrated=calibrated, until=coarse.horizon,
                         step_days=step_days)  # fmt: skip
    ensemble = run_futures(read_when(model, coarse), replications=replications)
    values = ensemble.outcomes[0]
    known = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        means = np.where(known, values, 0.0).sum(axis=1) / known.sum(axis=1)
    return ensemble.names, means, (known & (values != 0.0)).mean(axis=(0, 1))


def read_when(model: Model, coarse: Model) -> Model:
    """Return a model read on the very days on which another is, since ends of years are rounded to its steps."""
    finer = round(coarse.step_days / model.step_days)

    def make(future: int):
        environment, plans = model.make(future)
        days = coarse.make(0)[1][0].report
        read = {"dates": finer * days.dates, "quarters": finer * days.quarters}
        return environment, tuple(plan._replace(report=plan.report._replace(**read)) for plan in plans)

    return replace(model, make=make, dates=coarse.dates, quarters=coarse.quarters)


def main() -> None:
    futures, replications = (int(text) for text in (*sys.argv[1:], "128", "64")[:2])
    step = float(load_case("poland-korea").about.step_days)
    names, coarse, seen = future_means(futures, replications, step)
    _, fine, _ = future_means(futures, replications, step / 4)
    both = ~np.isnan(coarse) & ~np.isnan(fine)
    rows = []
    for at, name in enumerate(names):
        here = both[:, at]
        if seen[at] < LEAST_SEEN or here.sum() < 8:
            continue
        base = fine[here, at].mean()
        apart = coarse[here, at] - fine[here, at]
        if base != 0.0:
            rows.append((name, base, apart.mean() / base, apart.std(ddof=1) / np.sqrt(here.sum()) / abs(base)))
    beyond = [row for row in rows if abs(row[2]) > 0.01]
    print(f"{len(rows)} outcomes, {futures} futures of {replications} runs, {step:g} and {step / 4:g} days")
    print(f"within 1 %: {len(rows) - len(beyond)}; median difference {np.median([abs(row[2]) for row in rows]):.2%}")
    for name, base, apart, error in sorted(beyond, key=lambda row: -abs(row[2])):
        print(f"  {name:45s} {base:12.5g} {apart:+8.2%} ± {error:.2%}{'' if abs(apart) > 2 * error else '  (chance)'}")


if __name__ == "__main__":
    main()
