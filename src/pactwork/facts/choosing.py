"""choices.toml: levers, choices and criteria, read against the case's tables and assumptions."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pactwork.errors import Problem, quoted
from pactwork.facts.assumptions import Assumptions, Parameter
from pactwork.facts.choices import ALONE, BASELINE, EACH_LEVER, Change, Choice, Choices, Condition, Criterion, Lever
from pactwork.facts.conditions import parse_condition
from pactwork.facts.dates import parse_date
from pactwork.facts.ledger import Ledger
from pactwork.facts.parameters import LISTS, Declaration, find_declaration, list_parameters, nearest, placeholder
from pactwork.facts.spreads import JUDGEMENT, judge_entry
from pactwork.facts.toml import read_toml

CHOICES = "choices.toml"
_NAME = re.compile(r"[a-z0-9][a-z0-9\-]*")
_STRICT = ConfigDict(extra="forbid", frozen=True)
_SETTLED = (
    "theatres.*.*_to_*", "theatres.*.level_at_start", "theatres.*.opportunism.*", "theatres.*.alarm.*",
    "theatres.*.rebuild.*", "common_causes.*", "passages.*", "disruptions.*", "components.*.breaks_per_year",
    "components.*.break_days", "components.*.supplier.*", "credit.*", "governments.*.snap_changes_per_year",
    "governments.*.home.*", "governments.*.issues.*", "governments.*.stance.*", "money.exchange.*",
    "*.in_repair_at_start", "munitions.*.stock", "munitions.*.fired_by.*", "shipping.by_air.*",
    "signing.*.becomes_contract", "levers.*",
)  # fmt: skip
"""What no lever can change: the surroundings, which all choices share, and how things stand on the first day."""
_INSTEAD = "relief.* prevents or shortens closures, stops and breaks; governments.*.warmth and .continuity move stances"


class _Change(BaseModel):
    model_config = _STRICT
    multiply: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    add: float | None = Field(default=None, allow_inf_nan=False)
    set: float | None = Field(default=None, allow_inf_nan=False)
    why: str = Field(min_length=1)


class _Lever(BaseModel):
    model_config = _STRICT
    title: str = Field(min_length=1, max_length=120)
    origin: Literal["paper", "ours"]
    why: str = Field(min_length=1)
    source: str = JUDGEMENT
    starts: str | dt.date | None = None
    when: str | None = None
    excludes: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    effect: dict[str, Any]
    a_year: dict[str, Any] | None = None
    once: dict[str, Any] | None = None
    local_share: float = Field(default=1.0, ge=0, le=1)
    changes: dict[str, _Change] = Field(default_factory=dict)
    tracked: str = ""


class _Choice(BaseModel):
    model_config = _STRICT
    title: str = Field(min_length=1, max_length=120)
    why: str = Field(min_length=1)
    levers: tuple[str, ...] = ()
    recommendations: tuple[str, ...] = ()


class _Criterion(BaseModel):
    model_config = _STRICT
    title: str = Field(min_length=1, max_length=120)
    outcome: str
    statistic: str = Field(default="mean", pattern=r"^(mean|q\d\d)$")
    at_least: float | None = Field(default=None, allow_inf_nan=False)
    at_most: float | None = Field(default=None, allow_inf_nan=False)
    side: Literal["buyer", "supplier"] = "buyer"
    why: str = Field(min_length=1)


class _Reading:
    """One choices.toml while it is read: what the case knows, and the problems found so far."""

    def __init__(self, ledger: Ledger, assumptions: Assumptions, problems: list[Problem]) -> None:
        self.ledger, self.problems = ledger, problems
        every = [assumptions.parameters, *(one.overrides for one in assumptions.scenarios.values())]
        self.parameters = {name: one for parameters in every for name, one in parameters.items()}

    @cached_property
    def named(self) -> dict[str, set[str]]:
        """The ids that names of parameters hold, by what they are ids of."""
        ids = {kind: set(words) for kind, words in LISTS.items()}
        for name in self.parameters:
            declaration = find_declaration(name)
            for at, kind in ((declaration.match(name) if declaration else None) or {}).items():
                ids.setdefault(kind, set()).add(name.split(".")[at])
        return ids

    def complain(self, where: str, found: str, expected: str, fix: str) -> None:
        """Note a problem; ``where`` stands below the file's name."""
        self.problems.append(Problem(f"{CHOICES} {_plain(where)}", found, expected, fix))

    def ids(self, table: str, column: str) -> Collection[str] | None:
        """Return a table's ids; None where it has none or could not be read, so that nothing is held against it."""
        if table in self.ledger.contents and not self.ledger.contents[table].whole:
            return None
        return set(self.ledger.located(table).get_column(column).drop_nulls()) or None

    def check_ids(self, where: str, names: Collection[str], known: Collection[str] | None, what: str) -> None:
        """Note names that nothing has."""
        for name in names:
            if known is not None and name not in known:
                near = nearest(name, known)
                self.complain(where, quoted(name), what, f"perhaps {near}?" if near else "correct the name")

    def shape(self, kind: type[BaseModel], where: str, body: object) -> Any:
        """Return a table of the declared shape; None, and problems, where it has another."""
        try:
            return kind.model_validate(body)
        except ValidationError as error:
            for one in error.errors():
                self._tell(kind, where, one)
            return None

    def _tell(self, kind: type[BaseModel], where: str, error: Any) -> None:
        place = ".".join([where, *(str(part) for part in error["loc"] if part not in ("str", "date"))])
        if error["type"] == "missing":
            self.complain(place, "nothing", "a value", f"add {error['loc'][-1]} = …")
        elif error["type"] == "extra_forbidden":
            own = kind if len(error["loc"]) == 1 else _Change
            self.complain(place, "an unknown key", f"one of {', '.join(own.model_fields)}", "delete or correct it")
        else:
            message = str(error["msg"]).removeprefix("Value error, ")
            found = "a table" if isinstance(error["input"], dict) else quoted(error["input"])
            self.complain(place, found, message[:1].lower() + message[1:], "correct the value")


def read_choices(root: Path, ledger: Ledger, assumptions: Assumptions) -> tuple[Choices, list[Problem]]:
    """Return what a case lets one do, and every problem of choices.toml; a case without the file has the baseline.

    Parameters
    ----------
    root : Path
        The case's folder.
    ledger, assumptions : Ledger, Assumptions
        To which names of issues, recommendations and parameters refer.
    """
    problems: list[Problem] = []
    content = read_toml(root / CHOICES, problems) or {}
    reading = _Reading(ledger, assumptions, problems)
    for key in sorted(set(content) - {"levers", "choices", "criteria"}):
        reading.complain(key, "an unknown table", "levers, choices or criteria", "delete or correct it")
    parts = {name: _tables(reading, name, content.get(name, {})) for name in ("levers", "choices", "criteria")}
    levers = {name: lever for name, body in parts["levers"].items() if (lever := _read_lever(reading, name, body))}
    every = set(parts["levers"])
    for name, lever in levers.items():
        reading.check_ids(f"levers.{name}.excludes", lever.excludes, every, "another lever of this file")
    known = {one.name for one in levers.values()} if len(levers) == len(every) else every
    choices = {name: choice for name, body in parts["choices"].items()
               if (choice := _read_choice(reading, name, body, known, levers))}  # fmt: skip
    criteria = {name: one for name, body in parts["criteria"].items() if (one := _read_criterion(reading, name, body))}
    for name in sorted(reading.parameters):
        if name.startswith("levers.") and name.split(".")[1] not in every:
            reading.complain(name, "assumed for a lever that is not there", "a lever of this file", "add the lever")
    baseline = {} if BASELINE in choices else dict(Choices().choices)
    made = Choices(
        MappingProxyType(levers), MappingProxyType({**baseline, **choices}), MappingProxyType(criteria)
    )  # fmt: skip
    return made, problems


def _plain(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)[:160]


def _tables(reading: _Reading, head: str, content: object) -> dict[str, Any]:
    if not isinstance(content, dict):
        reading.complain(head, quoted(content), "a table", f"write [{head}.name]")
        return {}
    for name in content:
        if not _NAME.fullmatch(name):
            reading.complain(f"{head}.{name}", quoted(name), "small letters, digits and -", "rename it")
    return content


def _read_lever(reading: _Reading, name: str, body: object) -> Lever | None:
    where, before = f"levers.{name}", len(reading.problems)
    raw = reading.shape(_Lever, where, body)
    if raw is None:
        return None
    numbers = {
        part: _read_number(reading, name, part, getattr(raw, part), raw) for part in ("effect", "a_year", "once")
    }
    changes = tuple(one for pattern, change in raw.changes.items()
                    if (one := _read_change(reading, f"{where}.changes", pattern, change)))  # fmt: skip
    if not raw.changes and not raw.tracked:
        fix = 'add changes, or tracked = "why nothing is modelled"'
        reading.complain(f"{where}.changes", "nothing", "what it changes", fix)
    if raw.changes and raw.tracked:
        reading.complain(f"{where}.tracked", quoted(raw.tracked), "nothing beside changes", "delete one of the two")
    starts, when = _read_start(reading, where, raw.starts), _read_condition(reading, where, raw.when)
    reading.check_ids(f"{where}.asks", raw.asks, reading.ids("positions", "issue"), "an issue of positions.csv")
    if len(reading.problems) > before or numbers["effect"] is None:
        return None
    return Lever(name, raw.title, raw.origin, raw.why, starts, when, raw.excludes, raw.asks, numbers["effect"],
                 numbers["a_year"], numbers["once"], raw.local_share, changes, raw.tracked)  # fmt: skip


def _read_number(
    reading: _Reading, lever: str, part: str, content: dict[str, Any] | None, raw: _Lever
) -> Parameter | None:
    if content is None:
        return None
    name = f"levers.{lever}.{part}"
    declaration = find_declaration(name)
    assert declaration is not None
    filled = {"unit": declaration.unit, "why": raw.why, "source": raw.source, **content}
    found, wrong = judge_entry(f"{CHOICES} {name}", name, filled, declaration, reading.ids("sources", "source_id"))
    reading.problems += wrong
    return found


def _read_change(reading: _Reading, where: str, pattern: str, raw: _Change) -> Change | None:
    place = f'{where}."{pattern}"'
    said = [how for how in ("multiply", "add", "set") if getattr(raw, how) is not None]
    if len(said) != 1:
        reading.complain(place, " and ".join(said) or "nothing", "one of multiply, add and set", "say what changes")
        return None
    if raw.multiply == 1 or raw.add == 0:
        expected, fix = "a factor other than 1, or a sum other than 0", "say how much, or delete the line"
        reading.complain(place, "a change that changes nothing", expected, fix)
        return None
    if not reading.parameters:  # a case that models nothing: there is nothing that a lever could name
        return Change(pattern, said[0], float(getattr(raw, said[0])), raw.why)
    fitting = [name for name in reading.parameters if fnmatchcase(name, pattern)]
    declared = list(_declared(pattern, reading.named))
    if not fitting and not any(one.otherwise is not None for one in declared):
        near = nearest(pattern, reading.parameters)
        fix = f"perhaps {near}?" if near else "see docs/parameters.md for every name"
        reading.complain(place, "no parameter of the case", "the name of a parameter, or a pattern with *", fix)
        return None
    settled = [name for name in fitting or [pattern] if any(fnmatchcase(name, one) for one in _SETTLED)]
    if settled:
        reading.complain(place, f"{settled[0]}, which no choice can change", "what a choice can change", _INSTEAD)
        return None
    return Change(pattern, said[0], float(getattr(raw, said[0])), raw.why)


def _declared(pattern: str, ids: Mapping[str, Collection[str]]) -> Iterator[Declaration]:
    """Yield the declarations whose names, with ids of the case, a pattern can fit; the case need not set them."""
    parts = pattern.split(".")
    for one in list_parameters():
        own = [ids.get(kind, ()) if (kind := placeholder(segment)) else (segment,) for segment in one.segments]
        if len(own) == len(parts) and all(
            any(fnmatchcase(word, part) for word in words) for words, part in zip(own, parts, strict=True)
        ):
            yield one


def _read_start(reading: _Reading, where: str, text: str | dt.date | None) -> dt.date | None:
    if text is None:
        return None
    try:
        day = text if isinstance(text, dt.date) else parse_date(text).earliest
    except ValueError:
        reading.complain(f"{where}.starts", quoted(text), "a date such as 2026-07", "correct the date")
        return None
    if day < reading.ledger.day:
        expected = f"{reading.ledger.day.isoformat()} or later, the day of the case"
        reading.complain(f"{where}.starts", day.isoformat(), expected, "give a later day, or none")
        return None
    return day


def _read_condition(reading: _Reading, where: str, text: str | None) -> Condition | None:
    if text is None or not reading.parameters:
        return None
    heads = {"theatre": "theatres", "government": "governments", "passage": "passages", "system": "fleet"}
    known: dict[str, Collection[str]] = {
        kind: {name.split(".")[1] for name in reading.parameters if name.startswith(f"{head}.")}
        for kind, head in heads.items()
    }
    known["lot"] = reading.ids("lots", "lot_id") or ()
    try:
        return parse_condition(text, known)
    except ValueError as error:
        expected, _, fix = str(error).partition("\n")
        reading.complain(f"{where}.when", quoted(text), expected, fix)
        return None


def _read_choice(
    reading: _Reading, name: str, body: object, known: Collection[str], levers: Mapping[str, Lever]
) -> Choice | None:
    where = f"choices.{name}"
    raw = reading.shape(_Choice, where, body)
    if raw is None:
        return None
    reading.check_ids(f"{where}.levers", raw.levers, known, "a lever of this file")
    rows = reading.ids("recommendations", "recommendation_id")
    reading.check_ids(f"{where}.recommendations", raw.recommendations, rows, "an id of recommendations.csv")
    if name == EACH_LEVER or name.startswith(ALONE):
        found = f"{EACH_LEVER} and {ALONE}… stand for each lever alone"
        reading.complain(where, found, "a name of its own", "rename it")
    if name == BASELINE and raw.levers:
        reading.complain(f"{where}.levers", ", ".join(raw.levers), "none: it is what all else is held against",
                         "give these levers a choice of their own")  # fmt: skip
    if len(set(raw.levers)) < len(raw.levers):
        reading.complain(f"{where}.levers", ", ".join(raw.levers), "each lever once", "delete the second")
    for one in raw.levers:
        for other in levers[one].excludes if one in levers else ():
            if other in raw.levers:
                found = f"{one} beside {other}"
                reading.complain(f"{where}.levers", found, "levers that do not exclude each other", "keep one of them")
    return Choice(name, raw.title, raw.why, raw.levers, raw.recommendations)


def _read_criterion(reading: _Reading, name: str, body: object) -> Criterion | None:
    raw = reading.shape(_Criterion, f"criteria.{name}", body)
    if raw is None:
        return None
    said = [one for one in ("at_least", "at_most") if getattr(raw, one) is not None]
    if len(said) != 1:
        found = " and ".join(said) or "nothing"
        reading.complain(f"criteria.{name}", found, "one of at_least and at_most", "say the threshold once")
        return None
    return Criterion(name, raw.title, raw.outcome, raw.statistic, said[0], getattr(raw, said[0]), raw.side, raw.why)
