"""Numbers replaced by the reader: one assumption at a time, to see what hangs on it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from pactwork.errors import CaseError, Problem, quoted
from pactwork.facts.assumptions import Assumptions, Parameter
from pactwork.facts.ledger import Ledger
from pactwork.facts.parameters import WHOLE_UNITS, find_declaration, nearest


def parse_replacements(texts: Iterable[str], ledger: Ledger) -> dict[str, float]:
    """Return the numbers that texts such as ``theatres.europe.crisis_to_war=0.02`` put in place of assumptions.

    Raises
    ------
    CaseError
        With every text that names no parameter of the case, or gives no number that it may have.
    """
    known = {**ledger.choices.parameters, **ledger.assumptions.parameters}
    for scenario in ledger.assumptions.scenarios.values():
        known |= scenario.overrides
    found: dict[str, float] = {}
    problems = []
    for text in texts:
        name, mark, number = (part.strip() for part in text.partition("="))
        declaration = find_declaration(name)
        if not mark:
            expected = "NAME=NUMBER, such as theatres.europe.crisis_to_war=0.02"
            problems.append(Problem("set", quoted(text), expected, "correct it"))
        elif name not in known or declaration is None:
            near = nearest(name, known)
            fix = f"perhaps {near}?" if near else "see docs/parameters.md and the case's assumptions.toml"
            problems.append(Problem("set", quoted(name), "a parameter that the case assumes", fix))
        else:
            value = _read(number)
            low, high = declaration.minimum, declaration.maximum
            whole = declaration.unit in WHOLE_UNITS
            if value is None or (whole and value != int(value)):
                expected = "a whole number" if whole else "a number"
                problems.append(Problem(f"set {name}", quoted(number), expected, "correct the number"))
            elif (low is not None and value < low) or (high is not None and value > high):
                problems.append(Problem(f"set {name}", quoted(number), declaration.bounds, "correct the number"))
            else:
                found[name] = value
    if problems:
        raise CaseError(problems)
    return found


def replace_numbers(ledger: Ledger, numbers: Mapping[str, float]) -> Ledger:
    """Return a ledger whose assumptions have these numbers, in every scenario, in place of its own."""
    if not numbers:
        return ledger
    fixed = {}
    for name, value in numbers.items():
        declaration = find_declaration(name)
        assert declaration is not None
        fixed[name] = Parameter(name, declaration.unit, "set for this run", "judgement", "fixed", value, value)
    scenarios = {
        name: replace(one, overrides=MappingProxyType({key: part for key, part in one.overrides.items()
                                                       if key not in fixed}))
        for name, one in ledger.assumptions.scenarios.items()
    }  # fmt: skip
    parameters = MappingProxyType({**ledger.assumptions.parameters, **fixed})
    return replace(ledger, assumptions=Assumptions(parameters, MappingProxyType(scenarios)))


def _read(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
