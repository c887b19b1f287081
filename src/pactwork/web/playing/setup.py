"""What can be moved on the page: scenarios, levers, and assumptions with their ranges, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from pactwork.facts.assumptions import Parameter
from pactwork.facts.choices import BASELINE
from pactwork.facts.ledger import Ledger
from pactwork.facts.parameters import UNITS, find_declaration
from pactwork.facts.passages import list_passages

GROUPS: Mapping[str, str] = {
    "theatres": "Theatres and tension", "common_causes": "Causes that raise several theatres",
    "governments": "Governments", "supply_policy": "What the supplier holds back", "signing": "Signing",
    "production": "Production", "transfer": "Technology transfer and local lines", "components": "Components",
    "disruptions": "Stops of lines and ports", "passages": "Sea passages", "shipping": "Shipping",
    "acceptance": "Acceptance", "fleet": "Fleets and repair", "munitions": "Munitions", "money": "Money and prices",
    "credit": "Credit", "elsewhere": "Bought elsewhere", "levers": "Levers: effect and cost",
}  # fmt: skip
_LEVEL_WORDS = {"0": "calm", "1": "probing", "2": "crisis", "3": "war"}


def tell_setup(ledger: Ledger, scenario: str = "") -> dict[str, Any]:
    """Return scenarios, levers, named choices, and the assumptions of a scenario that have a range."""
    return {
        "scenarios": [
            {"name": "", "title": "The case's own assumptions", "why": ""},
            *({"name": one.name, "title": one.title, "why": one.why} for one in ledger.assumptions.scenarios.values()),
        ],
        "levers": [*_tell_levers(ledger)],
        "choices": [{"name": one.name, "title": one.title, "levers": list(one.levers)}
                    for one in ledger.choices.choices.values() if one.name != BASELINE],
        "assumptions": [*_tell_assumptions(ledger, scenario)],
    }  # fmt: skip


def _tell_levers(ledger: Ledger) -> Iterator[dict[str, Any]]:
    for one in ledger.choices.levers.values():
        effect = one.effect
        yield {
            "name": one.name, "title": one.title, "why": one.why, "excludes": list(one.excludes),
            "starts": one.starts.isoformat() if one.starts else None, "when": one.when.text if one.when else "",
            "tracked": one.tracked, "low": effect.low, "high": effect.high, "known": one.is_known,
        }  # fmt: skip


def _tell_assumptions(ledger: Ledger, scenario: str) -> Iterator[dict[str, Any]]:
    for name, one in ledger.assumptions.under(scenario or None).items():
        if one.is_uncertain:
            yield tell_assumption(ledger, name, one)


def tell_assumption(ledger: Ledger, name: str, one: Parameter) -> dict[str, Any]:
    """Return one assumption: words, unit, range, how it is spread, its middle value, and why."""
    from pactwork.futures.uncertainties import invert

    declaration = find_declaration(name)
    group = name.split(".")[0]
    return {
        "name": name, "group": GROUPS.get(group, group), "label": spell_parameter(ledger, name),
        "unit": UNITS.get(one.unit, one.unit), "low": one.low, "high": one.high, "spread": one.distribution,
        "values": list(one.values), "middle": float(invert(one, np.array([0.5]))[0]), "why": one.why,
        "source": one.source, "what": declaration.what if declaration else "",
    }  # fmt: skip


def spell_parameter(ledger: Ledger, name: str) -> str:
    """Return a parameter in words: what it is, and of what.

    Examples
    --------
    >>> from pactwork import load_case
    >>> spell_parameter(load_case("poland-korea"), "theatres.europe.crisis_to_war")
    'Europe: hazard of moving from crisis to war'
    """
    declaration = find_declaration(name)
    if declaration is None:
        return name
    parts, segments = name.split("."), declaration.segments
    subjects = [_spell_id(ledger, part) for part, segment in zip(parts, segments, strict=True) if segment != part]
    words = f"{', '.join(subjects)}: {declaration.what}" if subjects else declaration.what
    return words[:1].upper() + words[1:]


def _spell_id(ledger: Ledger, part: str) -> str:
    passages = list_passages()
    if part in passages:
        return passages[part].title
    if part in _LEVEL_WORDS:
        return _LEVEL_WORDS[part]
    named = ledger.name_of(part)
    return named if named != part else part.replace("_", " ").replace("-", " ")
