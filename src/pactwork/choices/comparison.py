"""Choices compared over the same futures and the same luck: several views side by side, and no single score."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pactwork.choices.criteria import Floats, summarise_runs
from pactwork.choices.drivers import find_deterrence, find_drivers
from pactwork.choices.failures import find_failures
from pactwork.choices.pairing import Difference, compare_with_baseline
from pactwork.choices.partner import OUTCOMES, Partner, find_agreement, weigh_interest
from pactwork.choices.ranking import View, rank_choices
from pactwork.choices.reading import Table, read_table
from pactwork.choices.requirements import Requirement, read_requirements
from pactwork.choices.robustness import Robustness, measure_robustness
from pactwork.choices.views import ChoiceView, Comparison, Rank
from pactwork.choices.worth import find_worth
from pactwork.errors import CaseError, Problem
from pactwork.facts.choices import BASELINE, Choices
from pactwork.facts.ledger import Ledger
from pactwork.forecast.politics import Politics
from pactwork.futures.results import Results
from pactwork.futures.steps.setting import DAYS_A_YEAR
from pactwork.progress import Progress, ignore_progress

COST = "cost"


def compare_choices(
    run: Results, ledger: Ledger, politics: Politics | None = None, *, scenario: str = "",
    criteria: Sequence[str] | None = None, seed: int = 0, progress: Progress = ignore_progress,
) -> Comparison:  # fmt: skip
    """Return every choice of a run beside all others.

    Parameters
    ----------
    run : Results
        An ensemble, or a run on disk, with the choice ``as-contracted`` among its choices.
    ledger : Ledger
        The case that was played: its levers, criteria and assumptions.
    politics : Politics, optional
        The forecast that says what the partner would agree to.
    scenario : str
        The set of assumptions that was played; empty for the case's own.
    criteria : sequence of str, optional
        Which of the case's criteria; all unless told otherwise.
    seed : int
        Of resampling: same seed, same answer.

    Raises
    ------
    CaseError
        When the run lacks the baseline or a choice is not the case's, the case has no criteria, or one of them asks for
        an outcome that the run does not have.
    """
    _check(run, ledger.choices)
    requirements = read_requirements(ledger.choices.criteria, run.names, criteria)
    stages = ("reading", "robustness", "where choices fail", "what outcomes hang on", "what levers are worth")

    def at(stage: int) -> None:
        progress(stages[min(stage, len(stages) - 1)], stage, len(stages))

    at(0)
    table = read_table(run, (*(one.stated.outcome for one in requirements), COST, *OUTCOMES, "first_crisis_years"))
    parameters = {**ledger.choices.parameters, **ledger.assumptions.under(scenario or None)}
    at(1)
    robustness, differences, ranks = _measure(table, requirements, seed)
    cost = _compare(table, COST)
    idle = _find_idle(run, table)
    partners = _find_partners(table, ledger, politics)
    at(2)
    levers = [ledger.choices.every[name].levers for name in table.choices]
    boxes = find_failures(table, requirements, parameters, levers, seed, progress)
    at(3)
    drivers = find_drivers(table, requirements, parameters, _homes(ledger), seed)
    deterrence = find_deterrence(table, requirements)
    at(4)
    worth = find_worth(table, requirements, ledger.choices, _years(run), seed)
    at(5)
    views = tuple(
        ChoiceView(
            name, ledger.choices.every[name].title, ledger.choices.every[name].levers, cost[place],
            {one.name: robustness[one.name][place] for one in requirements},
            {one.name: differences[one.name][place] for one in requirements},
            {one.name: ranks[one.name][place] for one in requirements},
            partners[place], boxes[place], worth[place], place in idle and name != BASELINE,
        )
        for place, name in enumerate(table.choices)
    )  # fmt: skip
    alone = {ledger.choices.every[name].levers[0]: name for name in table.choices
             if len(ledger.choices.every[name].levers) == 1}  # fmt: skip
    pulled = {lever for name in table.choices for lever in ledger.choices.every[name].levers}
    idle_levers = tuple(lever for lever, name in alone.items() if table.choices.index(name) in idle)
    return Comparison(
        ledger.about.name, scenario, run.futures, run.replications, requirements, views, drivers, deterrence,
        idle_levers, tuple(sorted(pulled - set(alone))),
    )  # fmt: skip


def _check(run: Results, choices: Choices) -> None:
    problems = []
    if BASELINE not in run.choices:
        expected = f"{BASELINE}, which all else is held against"
        problems.append(Problem("choices", ", ".join(run.choices), expected, "simulate it together with the others"))
    strange = [name for name in run.choices if name not in choices.every]
    if strange:
        expected = f"choices of choices.toml: {', '.join(choices.choices)}"
        problems.append(Problem("choices", ", ".join(strange), expected, "simulate again"))
    if not choices.criteria:
        fix = "write [criteria.…] tables: what is asked of an outcome, and how much"
        problems.append(Problem("choices.toml criteria", "nothing", "at least one criterion", fix))
    if problems:
        raise CaseError(problems)


def _compare(table: Table, outcome: str) -> tuple[Difference, ...]:
    return compare_with_baseline(table.outcomes[outcome], table.baseline, table.scramble, table.failed)


def _measure(
    table: Table, requirements: Sequence[Requirement], seed: int
) -> tuple[dict[str, tuple[Robustness, ...]], dict[str, tuple[Difference, ...]], dict[str, list[dict[str, Rank]]]]:
    """Return robustness, paired differences and ranks of all choices, by requirement."""
    robustness, differences, ranks = {}, {}, {}
    for one in requirements:
        values = table.outcomes[one.stated.outcome]
        found = measure_robustness(values, one.asked, table.scramble, table.failed)
        robustness[one.name], differences[one.name] = found, _compare(table, one.stated.outcome)
        statistics = summarise_runs(values, one.asked, table.failed)
        regret = np.stack([view.regret.futures for view in found])
        more = one.sign > 0
        views: tuple[tuple[str, Floats, View, bool], ...] = (
            ("met", one.asked.meets(statistics), "mean", True), ("mean", statistics, "mean", more),
            ("worst_decile", statistics, "worst_decile", more), ("regret", regret, "mean", False),
        )  # fmt: skip
        own: list[dict[str, Rank]] = [{} for _ in table.choices]
        for name, futures, view, better in views:
            ranking = rank_choices(futures, view=view, more_is_better=better, seed=seed)
            for place, ranked in enumerate(own):
                ranked[name] = Rank(float(ranking.ranks[place]), float(ranking.flips[place]),
                                    float(ranking.probability[place, 0]))  # fmt: skip
        ranks[one.name] = own
    return robustness, differences, ranks


def _find_idle(run: Results, table: Table) -> set[int]:
    """Return the places of choices of which every outcome is as contracted in every run, costs left aside."""
    costs = (COST, "cost_supplier_currency", "local", "supplier_earns", "local_share")
    names = [name for name in run.names if not name.startswith(costs)]
    baseline, idle = run.outcomes_of(names, BASELINE), set()
    for place, choice in enumerate(table.choices):
        own = baseline if choice == BASELINE else run.outcomes_of(names, choice)
        if all(np.array_equal(own[name], baseline[name], equal_nan=True) for name in names):
            idle.add(place)
    return idle


def _find_partners(table: Table, ledger: Ledger, politics: Politics | None) -> list[Partner | None]:
    outcomes = {name: table.outcomes[name] for name in OUTCOMES if name in table.outcomes}
    supplier = next((one.actor for one in ledger.about.partners if one.role == "supplier"), "")
    if politics is None or not outcomes:
        return [None] * len(table.choices)
    interest = weigh_interest(outcomes, table.baseline, table.scramble)
    return [Partner(find_agreement(ledger.choices.levers_of(name), politics, supplier), *interest[place])
            for place, name in enumerate(table.choices)]  # fmt: skip


def _years(run: Results) -> float:
    """Return years from the first day to the last quarter; one where there is none."""
    return (run.quarters[-1] - run.as_of).days / DAYS_A_YEAR if run.quarters else 1.0


def _homes(ledger: Ledger) -> tuple[str, ...]:
    """Return the theatres that are the two partners' own dangers."""
    heads = [f"governments.{one.actor}.home." for one in ledger.about.partners]
    found = (name.removeprefix(head) for head in heads for name, one in ledger.assumptions.parameters.items()
             if name.startswith(head) and one.high > 0)  # fmt: skip
    return tuple(dict.fromkeys(found))
