"""What somebody asks of the simulation: a set of assumptions, levers pulled, numbers moved, passages closed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from pactwork.errors import CaseError, Problem, quoted
from pactwork.facts.assumptions import Parameter
from pactwork.facts.choices import BASELINE, Choice, Choices
from pactwork.facts.ledger import Ledger
from pactwork.facts.parameters import WHOLE_UNITS, find_declaration, nearest
from pactwork.facts.passages import list_passages
from pactwork.facts.replacing import replace_numbers

WHAT_IF = "what-if"
"""Name of the choice that is made of the levers somebody pulls."""
MOST_LEVERS, MOST_NUMBERS, MOST_CLOSED = 64, 64, 8
MOST_SEED = 2**31 - 1
FOR_GOOD_DAYS = 1e9
"""Mean length of a closure that no run sees the end of."""


@dataclass(frozen=True)
class Ask:
    """One question to the simulation; equal questions have equal answers.

    Attributes
    ----------
    scenario : str
        A set of assumptions; the case's own where empty.
    levers : tuple of (str, float or None)
        Levers that are pulled, each with the share of its changes that comes about; as assumed where None.
    numbers : tuple of (str, float)
        Values in place of assumptions, by name.
    closed : tuple of str
        Passages closed from the first day for good.
    seed : int
        Of the design and of chance.
    """

    scenario: str = ""
    levers: tuple[tuple[str, float | None], ...] = ()
    numbers: tuple[tuple[str, float], ...] = ()
    closed: tuple[str, ...] = ()
    seed: int = 0

    @property
    def choice(self) -> str:
        """Name of the choice that is played."""
        return WHAT_IF if self.levers else BASELINE


def tidy_ask(ask: Ask) -> Ask:
    """Return the same question with everything in alphabetical order, so that equal ones compare equal."""
    return replace(
        ask, levers=tuple(sorted(dict(ask.levers).items())), numbers=tuple(sorted(dict(ask.numbers).items())),
        closed=tuple(sorted(set(ask.closed))),
    )  # fmt: skip


def check_ask(ledger: Ledger, ask: Ask) -> None:
    """Refuse a question that the case cannot answer.

    Raises
    ------
    CaseError
        With every problem: unknown names, levers that exclude each other, numbers outside their range.
    """
    problems = [*_check_scenario(ledger, ask), *check_levers(ledger, ask), *check_passages(ask)]
    if not ledger.assumptions.parameters:
        fix = "write one: docs/parameters.md has every name"
        problems.append(Problem("assumptions.toml", "nothing", "what the simulation may take for granted", fix))
    if not 0 <= ask.seed <= MOST_SEED:
        problems.append(Problem("seed", str(ask.seed), f"0 to {MOST_SEED}", "correct the number"))
    if not problems:
        problems += check_numbers(ranges_of(ledger, ask.scenario), ask)
    if problems:
        raise CaseError(problems)


def ranges_of(ledger: Ledger, scenario: str) -> dict[str, Parameter]:
    """Return every parameter that a number may be put in place of, as assumed under a scenario."""
    return {**ledger.choices.parameters, **ledger.assumptions.under(scenario or None)}


def apply_ask(ledger: Ledger, ask: Ask) -> Ledger:
    """Return the case as the question has it: numbers replaced, passages closed, and the choice ``what-if`` added.

    What lots aim at is not found anew, as it is not for a scenario: a number that slows deliveries slows them.
    """
    numbers = dict(ask.numbers)
    numbers |= {ledger.choices.levers[name].effect.name: share for name, share in ask.levers if share is not None}
    for passage in ask.closed:
        numbers |= {f"passages.{passage}.closed_at_start": 1.0, f"passages.{passage}.closure_days": FOR_GOOD_DAYS}
    ledger = replace_numbers(ledger, numbers)
    if not ask.levers:
        return ledger
    made = Choice(WHAT_IF, "What if", "Levers pulled on the page", tuple(name for name, _ in ask.levers))
    held = ledger.choices
    choices = MappingProxyType({**held.choices, WHAT_IF: made})
    return replace(ledger, choices=Choices(held.levers, choices, held.criteria))


def _check_scenario(ledger: Ledger, ask: Ask) -> Iterator[Problem]:
    known = ledger.assumptions.scenarios
    if ask.scenario and ask.scenario not in known:
        expected = f"one of {', '.join(known)}" if known else "none: the case has no scenarios.toml"
        yield Problem("scenario", quoted(ask.scenario), expected, "correct the name")


def check_levers(ledger: Ledger, ask: Ask) -> Iterator[Problem]:
    """Return what is wrong with the levers of a question: unknown ones, shares, and those that exclude each other."""
    known, pulled = ledger.choices.levers, {name for name, _ in ask.levers}
    if len(ask.levers) > MOST_LEVERS:
        yield Problem("levers", str(len(ask.levers)), f"at most {MOST_LEVERS}", "pull fewer")
    for name, share in ask.levers:
        if name not in known:
            near = nearest(name, known)
            yield Problem("levers", quoted(name), "a lever of the case", f"perhaps {near}?" if near else "correct it")
            continue
        if share is not None and not 0 <= share <= 1:  # neither is what is no number
            yield Problem(f"levers {name}", f"{share:g}", "a share from 0 to 1", "correct the share")
        for other in sorted(pulled & set(known[name].excludes)):
            if name < other or name not in known[other].excludes:
                expected = "not both: they exclude each other"
                yield Problem(f"levers {name}", f"together with {other}", expected, "let go of one")


def check_passages(ask: Ask) -> Iterator[Problem]:
    """Return what is wrong with the passages that a question closes."""
    known = [name for name, one in list_passages().items() if not one.ice]
    if len(ask.closed) > MOST_CLOSED:
        yield Problem("closed", str(len(ask.closed)), f"at most {MOST_CLOSED}", "open some")
    for name in ask.closed:
        if name not in known:
            yield Problem("closed", quoted(name), f"one of {', '.join(known)}", "correct the name")


def check_numbers(ranges: Mapping[str, Parameter], ask: Ask) -> Iterator[Problem]:
    """Return what is wrong with the numbers of a question, held against what is assumed."""
    if len(ask.numbers) > MOST_NUMBERS:
        yield Problem("numbers", str(len(ask.numbers)), f"at most {MOST_NUMBERS}", "move fewer")
    for name, value in ask.numbers:
        parameter, declaration = ranges.get(name), find_declaration(name)
        if parameter is None or declaration is None:
            near = nearest(name, ranges)
            fix = f"perhaps {near}?" if near else "see the case's assumptions.toml"
            yield Problem("numbers", quoted(name), "a parameter that the case assumes", fix)
        elif not math.isfinite(value) or not parameter.low <= value <= parameter.high:
            expected = f"{parameter.low:g} to {parameter.high:g}, as the case assumes"
            yield Problem(f"numbers {name}", f"{value:g}", expected, "stay within the range")
        elif declaration.unit in WHOLE_UNITS and value != int(value):
            yield Problem(f"numbers {name}", f"{value:g}", "a whole number", "correct the number")
