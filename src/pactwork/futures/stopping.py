"""Enough is enough: a run goes on in rounds until its errors are what was asked for, or says what that would take."""

from __future__ import annotations

import difflib
import itertools
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pactwork.errors import CaseError, Problem, quoted
from pactwork.futures.ensemble import MOST_REPLICATIONS
from pactwork.futures.identity import Identity, Round
from pactwork.futures.results import Counts, Floats, Results, estimate_mean
from pactwork.futures.uncertainties import MOST_FUTURES

MOST_RUNS = 2**20
"""Runs of a choice at which a run ends all the same, unless told otherwise."""
TOLD_APART = 2.0
"""Standard errors between two choices that are told apart."""
SHORT_NAMES = {"readiness": "mean_readiness"}
_ERROR = re.compile(r"standard error of (?P<name>\S+)(?: under (?P<choice>\S+))? < (?P<limit>\S+)")
_APART = re.compile(r"choices told apart by (?P<name>\S+)")
EXPECTED = (
    '"standard error of OUTCOME < NUMBER", "standard error of OUTCOME under CHOICE < NUMBER" or '
    '"choices told apart by OUTCOME", joined by "and"'
)
_FASTEST = 4
"""A round has at most so many times the runs of the one before: its error is known to a third or so, no better."""
_HOPELESS = 4.0
"""A run that would need so many times the most runs, as far as can be told, ends at once."""
_SLACK = 1.1
"""Replications are added in place of futures where they need no more runs than this times as many: they cost less."""


@dataclass(frozen=True)
class Target:
    """What one outcome, or each of its name, shall come to: an error below a limit, or all choices told apart."""

    name: str
    choice: str | None = None
    limit: float | None = None


def parse_targets(text: str) -> tuple[Target, ...]:
    """Return the targets of a condition.

    Raises
    ------
    CaseError
        With every part of it that says nothing.

    Examples
    --------
    >>> parse_targets("standard error of readiness < 0.002 and choices told apart by cost")
    (Target(name='readiness', choice=None, limit=0.002), Target(name='cost', choice=None, limit=None))
    """
    found, problems = [], []
    for part in re.split(r"\s+and\s+", re.sub(r"\s*<\s*", " < ", " ".join(text.split()))):
        match = _ERROR.fullmatch(part) or _APART.fullmatch(part)
        if match is None:
            problems.append(Problem("stop-when", quoted(part), EXPECTED, "correct the words"))
            continue
        parts = match.groupdict()
        limit = _read_limit(parts["limit"]) if "limit" in parts else None
        if "limit" in parts and limit is None:
            problems.append(Problem("stop-when", quoted(parts["limit"]), "a number above 0", "correct the number"))
        found.append(Target(parts["name"], parts.get("choice"), limit))
    if problems:
        raise CaseError(problems)
    return tuple(found)


def _read_limit(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 < number < math.inf else None


def check_targets(targets: Sequence[Target], names: Sequence[str], choices: Sequence[str]) -> list[Problem]:
    """Return what targets ask of a run that it has not."""
    problems = []
    for one in targets:
        if not find_names(one.name, names):
            known = sorted({*names, *SHORT_NAMES, *(name.split(".", 1)[1] for name in names if "." in name)})
            near = difflib.get_close_matches(one.name, known, 3)
            expected = "an outcome, such as " + ", ".join(near or ["readiness", "cost"])
            problems.append(Problem("stop-when", quoted(one.name), expected, "correct the name"))
        if one.choice is not None and one.choice not in choices:
            expected = f"one of {', '.join(choices)}"
            problems.append(Problem("stop-when", quoted(one.choice), expected, "correct the name"))
        if one.limit is None and len(choices) < 2:
            found = f"{len(choices)} choice"
            problems.append(Problem("stop-when", found, "two or more to tell apart", "play more choices"))
    return problems


def find_names(name: str, names: Sequence[str]) -> list[str]:
    """Return the outcomes a name means: the one of that name, or that of every lot, system or munition.

    Examples
    --------
    >>> find_names("readiness", ["k2.mean_readiness", "k9.mean_readiness", "cost"])
    ['k2.mean_readiness', 'k9.mean_readiness']
    """
    if name in names:
        return [name]
    ending = "." + SHORT_NAMES.get(name, name)
    return [one for one in names if one.endswith(ending)]


@dataclass(frozen=True)
class Measure:
    """The error of one mean, and how large it may be.

    ``within`` is the part of its square that comes of chance within futures, which replications make smaller.
    """

    label: str
    error: float
    within: float
    limit: float

    @property
    def reached(self) -> bool:
        """Whether the error is small enough."""
        return self.error < self.limit or self.error == self.limit == 0

    @property
    def futures_needed(self) -> float:
        """By how much futures must be multiplied, as far as can be told."""
        if self.reached:
            return 1.0
        if math.isnan(self.error):
            return float(_FASTEST)
        return (self.error / self.limit) ** 2 if self.limit > 0 else math.inf

    @property
    def replications_needed(self) -> float:
        """By how much replications must be multiplied; without bound where no number of them is enough."""
        if self.reached:
            return 1.0
        left = self.limit**2 - max(self.error**2 - self.within, 0.0)
        return max(self.within / left, 1.0) if left > 0 and not math.isnan(self.error) else math.inf


def measure_targets(results: Results, targets: Sequence[Target]) -> list[Measure]:
    """Return the errors that targets speak of."""
    return [measure for target in targets for measure in _measure(results, target)]


def _measure(results: Results, target: Target) -> Iterator[Measure]:
    names, scramble = find_names(target.name, results.names), results.scramble
    if target.limit is not None:
        for choice in results.choices if target.choice is None else (target.choice,):
            for name, values in results.outcomes_of(names, choice).items():  # one reading for all names
                yield measure_mean(f"{name} under {choice}", values, scramble, target.limit)
        return
    for name in names:
        of = {choice: results.outcome(name, choice) for choice in results.choices}
        for one, other in itertools.combinations(results.choices, 2):
            difference = of[one] - of[other]
            found = abs(float(np.nanmean(difference))) if not np.isnan(difference).all() else math.nan
            yield measure_mean(f"{name}: {one} - {other}", difference, scramble, found / TOLD_APART)


def measure_mean(label: str, values: Floats, scramble: Counts, limit: float) -> Measure:
    """Return the error of a mean over runs of shape (future, replication).

    Notes
    -----
    The spread of the scrambles' means tells all of the error. Of its square, chance within futures makes s²/n, where s²
    is the mean variance within a future and n the number of runs.
    """
    known = ~np.isnan(values)
    counts = known.sum(axis=1)
    some = counts > 1
    within = 0.0
    if some.any():
        kept = np.where(known, values, 0.0)[some]
        middle = kept.sum(axis=1) / counts[some]
        squares = np.where(known[some], (kept - middle[:, None]) ** 2, 0.0).sum(axis=1)
        within = float((squares / (counts[some] - 1)).mean() / known.sum())
    return Measure(label, estimate_mean(values, scramble).standard_error, within, limit)


def grow_run(results: Results, identity: Identity) -> tuple[Identity, str] | None:
    """Return a run with its last round judged, a larger one after it if that is needed, and what to say; or none.

    None where nothing was asked. The decision hangs on the outcomes alone, so that whoever goes on with a run, and
    whenever, decides the same.
    """
    if identity.asked.stop_when is None:
        return None
    measures = measure_targets(results, parse_targets(identity.asked.stop_when))
    *before, last = identity.rounds
    errors = {one.label: None if math.isnan(one.error) else one.error for one in measures}
    runs, most = last.futures * last.replications, identity.asked.most_runs or MOST_RUNS
    by_futures = max(one.futures_needed for one in measures)
    by_replications = max(one.replications_needed for one in measures)
    worst = max(measures, key=lambda one: one.futures_needed)
    state = f"{runs:,} runs: {worst.label}: standard error {worst.error:.3g}, asked for below {worst.limit:.3g}"
    if all(one.reached for one in measures):
        judged = last.model_copy(update={"errors": errors, "reached": True})
        return identity.with_rounds(*before, judged), f"Precise enough after {runs:,} runs of a choice"
    larger = _grow(last, by_futures, by_replications, most)
    if larger is None or by_futures * runs > _HOPELESS * most:
        judged = last.model_copy(update={"errors": errors, "reached": False})
        needed = f"about {_round_up(by_futures * runs)} runs" if math.isfinite(by_futures) else "runs without end"
        said = f"{state}; that takes {needed} of a choice, and {most:,} are the most (--most-runs): it ends here"
        return identity.with_rounds(*before, judged), said
    judged = last.model_copy(update={"errors": errors})
    which = "futures" if larger.futures > last.futures else "replications"
    return identity.with_rounds(*before, judged, larger), f"{state}; more {which}"


def _grow(last: Round, by_futures: float, by_replications: float, most: int) -> Round | None:
    """Return the next round, or none where there is no room for one.

    Futures come in powers of two times those at first, at which a design is even.
    """
    room = most / (last.futures * last.replications)
    if by_replications <= _SLACK * by_futures and last.replications < MOST_REPLICATIONS:
        times = min(math.ceil(by_replications), _FASTEST, int(room), MOST_REPLICATIONS // last.replications)
        if times > 1:
            return Round(points=last.points, futures=last.futures, replications=times * last.replications)
    times = min(2 ** math.ceil(math.log2(min(by_futures, _FASTEST))), _FASTEST)
    while times > 1 and (times > room or times * last.futures > MOST_FUTURES):
        times //= 2
    if times < 2:
        return None
    return Round(points=times * last.points, futures=times * last.futures, replications=last.replications)


def _round_up(number: float) -> str:
    """Return a number in two figures, rounded up."""
    step = 10 ** max(0, math.floor(math.log10(number)) - 1)
    return f"{math.ceil(number / step) * step:,}"
