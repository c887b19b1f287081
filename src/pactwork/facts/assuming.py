"""assumptions.toml and scenarios.toml are read against the declared parameters and the case's own tables."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pactwork.errors import Problem, quoted
from pactwork.facts.assumptions import Assumptions, Parameter, Scenario
from pactwork.facts.ledger import Ledger
from pactwork.facts.parameters import find_declaration, nearest, suggest_parameter
from pactwork.facts.passages import list_passages
from pactwork.facts.spreads import INHERITED, JUDGEMENT, KEYS, judge_entry
from pactwork.facts.toml import read_toml

ASSUMPTIONS = "assumptions.toml"
SCENARIOS = "scenarios.toml"
_HOMES = {
    "system": ("systems", "system_id"),
    "lot": ("lots", "lot_id"),
    "port": ("ports", "port_id"),
    "actor": ("actors", "actor_id"),
    "maker": ("actors", "actor_id"),
    "commitment": ("commitments", "commitment_id"),
    "issue": ("positions", "issue"),
    "source": ("sources", "source_id"),
}
"""Where the ids a parameter's name may hold stand, by kind."""
_FREE = {"cause": re.compile(r"[a-z0-9][a-z0-9_\-]*"), "currency": re.compile(r"[A-Z]{3}"),
         "lever": re.compile(r"[a-z0-9][a-z0-9_\-]*")}  # fmt: skip
_NAMES = re.compile(r"[a-z0-9][a-z0-9_\-]*")
_DEEPEST = 8


@dataclass(frozen=True)
class _Known:
    """What a case knows: ids by kind, None where their table could not be read."""

    ids: Mapping[str, Collection[str] | None]

    def with_theatres(self, theatres: Collection[str]) -> _Known:
        return _Known({**self.ids, "theatre": theatres})


def read_assumptions(root: Path, ledger: Ledger) -> tuple[Assumptions, list[Problem]]:
    """Return what a case assumes, and every problem of its two files.

    A case without the files is valid: nothing is then modelled.

    Parameters
    ----------
    root : Path
        The case's folder.
    ledger : Ledger
        The case's tables, to which names of parameters refer.
    """
    problems: list[Problem] = []
    ids = {kind: _ids(ledger, *home) for kind, home in _HOMES.items()}
    ids["issue"] = ids["issue"] or None  # a case without positions has no stances to weigh, and nothing else is amiss
    known = _Known(ids | {"passage": list(list_passages())})
    content = read_toml(root / ASSUMPTIONS, problems)
    whole = content is not None
    theatres = content.get("theatres", {}) if content else {}
    known = known.with_theatres(set(theatres) if isinstance(theatres, dict) else set())
    parameters = _read_tree(ASSUMPTIONS, content or {}, {}, known, problems)
    problems += _check_moves(ASSUMPTIONS, parameters)
    scenarios: dict[str, Scenario] = {}
    for name, body in (read_toml(root / SCENARIOS, problems) or {}).items():
        one = _read_scenario(name, body, known if whole else None, problems)
        scenarios[name] = one
        problems += _check_moves(f"{SCENARIOS} {name}", {**parameters, **one.overrides}, one.overrides)
    return Assumptions(MappingProxyType(parameters), MappingProxyType(scenarios)), problems


def _ids(ledger: Ledger, table: str, column: str) -> Collection[str] | None:
    if table in ledger.contents and not ledger.contents[table].whole:
        return None
    return set(ledger.located(table).get_column(column).drop_nulls())


def _entries(
    tree: Mapping[str, Any], inherited: Mapping[str, Any], path: tuple[str, ...], shown: str, problems: list[Problem]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the dotted name and the content of each entry; what a table says for all below it comes along."""
    here = {**inherited, **{key: tree[key] for key in INHERITED if key in tree and not isinstance(tree[key], dict)}}
    for key, value in tree.items():
        name = ".".join([*path, key])
        if not isinstance(value, dict):
            if key not in INHERITED:
                where = f"{shown} {_plain(name)}"
                expected = f"a table with {', '.join(sorted(KEYS))}"
                problems.append(Problem(where, quoted(value), expected, f"write {_plain(name)} = {{ value = … }}"))
            continue
        declared = find_declaration(name) is not None
        said = any(inner in KEYS - set(INHERITED) and not isinstance(value[inner], dict) for inner in value)
        if declared or said:
            yield name, {**here, **value}
        elif any(isinstance(inner, dict) for inner in value.values()) and len(path) < _DEEPEST:
            yield from _entries(value, here, (*path, key), shown, problems)
        else:
            yield name, {**here, **value}


def _read_tree(
    shown: str, tree: Mapping[str, Any], inherited: Mapping[str, Any], known: _Known, problems: list[Problem],
) -> dict[str, Parameter]:  # fmt: skip
    found: dict[str, Parameter] = {}
    for name, content in _entries(tree, inherited, (), shown, problems):
        where = f"{shown} {_plain(name)}"
        if name in found:
            problems.append(Problem(where, "the parameter a second time", "each parameter once", "keep one of the two"))
        declaration = find_declaration(name)
        if declaration is None:
            near = suggest_parameter(name)
            fix = f"perhaps {near}?" if near else "see docs/parameters.md for every name"
            problems.append(Problem(where, "an unknown parameter", "the name of a parameter", fix))
            continue
        problems += _check_ids(where, name, known)
        if shown.startswith(SCENARIOS):
            content = {"unit": declaration.unit, **content}
        parameter, wrong = judge_entry(where, name, content, declaration, known.ids["source"])
        problems += wrong
        if parameter is not None:
            found[name] = parameter
    return found


def _plain(name: str) -> str:
    """Return a name as a message may show it: no character that steers a terminal, and no end of it."""
    return "".join(char if char.isprintable() else " " for char in name)[:120]


def _check_ids(where: str, name: str, known: _Known) -> Iterator[Problem]:
    """Yield the ids in a parameter's name that the case does not have."""
    declaration = find_declaration(name)
    kinds = declaration.match(name) if declaration else None
    for index, kind in (kinds or {}).items():
        part = name.split(".")[index]
        declares = kind == "theatre" and index == 1 and not where.startswith(SCENARIOS)
        if kind in _FREE or declares:
            if not _FREE.get(kind, _NAMES).fullmatch(part):
                expected = "a code such as PLN" if kind == "currency" else "small letters, digits, - and _"
                yield Problem(where, quoted(part), expected, "rename it")
            continue
        ids = known.ids[kind]
        if ids is None or part in ids:
            continue
        places = {"theatre": f"a theatre of {ASSUMPTIONS}", "passage": "a sea passage"}
        if kind in _HOMES and not ids:  # told once, not for every id
            table, file = f"facts/{_HOMES[kind][0]}.csv", where.partition(" ")[0]
            fix = f"fill {table}, or delete what names them"
            yield Problem(file, f"ids of {table}, where the case has none", "rows for them", fix)
            continue
        expected = places.get(kind) or f"an id of {_HOMES[kind][0]}.csv"
        near = nearest(part, ids)
        fix = f"perhaps {near}?" if near else "add the row it names, or correct the id"
        yield Problem(where, quoted(part), expected, fix)


def _check_moves(
    shown: str, parameters: Mapping[str, Parameter], only: Mapping[str, Parameter] | None = None
) -> Iterator[Problem]:
    """Yield theatres whose moves are only half said: a level that is entered needs a way on."""
    for name in parameters:
        parts = name.split(".")
        if parts[0] != "theatres" or len(parts) != 3 or (only is not None and name not in only):
            continue
        way_back = {"calm_to_probing": "probing_to_calm", "probing_to_crisis": "crisis_to_probing",
                    "crisis_to_war": "war_to_crisis"}.get(parts[2])  # fmt: skip
        if way_back and f"theatres.{parts[1]}.{way_back}" not in parameters:
            where, expected = f"{shown} theatres.{parts[1]}.{way_back}", f"the way back from {parts[2]}"
            yield Problem(where, "nothing", expected, f"add theatres.{parts[1]}.{way_back}")


def _read_scenario(name: str, body: object, known: _Known | None, problems: list[Problem]) -> Scenario:
    """Return one scenario: title, why, and overrides that take its reason and source where they give none."""
    shown = f"{SCENARIOS} {_plain(name)}"
    if not isinstance(body, dict):
        problems.append(
            Problem(shown, quoted(body), "a table with title, why and overrides", f"write [{_plain(name)}]")
        )
        return Scenario(name, name, "", MappingProxyType({}))
    if not _NAMES.fullmatch(name):
        problems.append(Problem(shown, quoted(name), "small letters, digits, - and _", "rename it"))
    for key in sorted(set(body) - {"title", "why", "source", "overrides"}):
        fix = "delete or correct it"
        problems.append(Problem(f"{shown} {_plain(key)}", "an unknown key", "title, why, source or overrides", fix))
    texts: dict[str, str] = {}
    for key in ("title", "why"):
        text = body.get(key)
        texts[key] = text if isinstance(text, str) else ""
        if not texts[key].strip():
            problems.append(Problem(f"{shown} {key}", quoted(text), "text", f'add {key} = "…"'))
    overrides = body.get("overrides", {})
    if not isinstance(overrides, dict):
        problems.append(
            Problem(f"{shown} overrides", quoted(overrides), "a table", f"write [{_plain(name)}.overrides]")
        )
        overrides = {}
    inherited = {"why": texts["why"] or "–", "source": body.get("source", JUDGEMENT)}
    read = _read_tree(shown, overrides, inherited, known, problems) if known else {}
    return Scenario(name, texts["title"], texts["why"], MappingProxyType(read))
