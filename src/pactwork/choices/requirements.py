"""A case's criteria as requirements on outcomes of a run, and their problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pactwork.choices.criteria import Criterion
from pactwork.errors import CaseError, Problem, quoted
from pactwork.facts import choices as facts
from pactwork.facts.parameters import nearest

_NEVER_IS_BAD = ("first_enough_years", "completed_years")
_NEVER_IS_GOOD = ("endurance_days",)


@dataclass(frozen=True)
class Requirement:
    """One criterion of the case, ready to be asked of an outcome.

    Attributes
    ----------
    stated : facts.Criterion
        As choices.toml has it.
    asked : Criterion
        For a future: a statistic over its runs.
    single : Criterion
        For one run: whether it reaches the threshold by itself.
    """

    stated: facts.Criterion
    asked: Criterion
    single: Criterion

    @property
    def name(self) -> str:
        """Its name."""
        return self.stated.name

    @property
    def sign(self) -> float:
        """1 where more of the outcome is better, -1 where less is."""
        return 1.0 if self.stated.direction == "at_least" else -1.0


def read_requirements(
    criteria: Mapping[str, facts.Criterion], outcomes: Sequence[str], names: Sequence[str] | None = None
) -> tuple[Requirement, ...]:
    """Return the criteria of a case as requirements on a run's outcomes.

    Parameters
    ----------
    criteria : mapping of str to facts.Criterion
        Of choices.toml.
    outcomes : sequence of str
        That a run has.
    names : sequence of str, optional
        Which of the criteria; all unless told otherwise.

    Raises
    ------
    CaseError
        For every criterion that is unknown, and every one on an outcome that the run does not have.

    Notes
    -----
    An outcome that never comes counts as it is meant: a fleet that is never complete is as late as can be, a stock that
    never runs out lasts as long as can be; a readiness on the first day of a crisis that never comes is left out.
    """
    problems = []
    chosen = list(criteria) if names is None else list(names)
    for name in chosen:
        if name not in criteria:
            near = nearest(name, criteria)
            expected = f"one of {', '.join(criteria) or 'none: choices.toml has no criteria'}"
            problems.append(Problem("criteria", quoted(name), expected, f"perhaps {near}?" if near else "correct it"))
        elif criteria[name].outcome not in outcomes:
            near = nearest(criteria[name].outcome, outcomes)
            where = f"choices.toml criteria.{name}.outcome"
            fix = f"perhaps {near}?" if near else "see docs/outcomes.md, or pactwork simulate --describe RUN"
            problems.append(Problem(where, quoted(criteria[name].outcome), "an outcome of the run", fix))
    if problems:
        raise CaseError(problems)
    return tuple(_read(criteria[name]) for name in chosen)


def _read(stated: facts.Criterion) -> Requirement:
    missing: Literal["left_out", "met", "unmet"] = "left_out"
    if stated.outcome.endswith(_NEVER_IS_BAD):
        missing = "unmet"
    elif stated.outcome.endswith(_NEVER_IS_GOOD):
        missing = "met"
    where = f"choices.toml criteria.{stated.name}"
    level = 0.5 if stated.statistic == "mean" else int(stated.statistic[1:]) / 100
    statistic = "mean" if stated.statistic == "mean" else "quantile"
    asked = Criterion(statistic, stated.direction, stated.threshold, level=level, missing=missing, where=where)
    single = Criterion("share_met", stated.direction, 0.5, value=stated.threshold, missing=missing, where=where)
    return Requirement(stated, asked, single)
