"""JSON documents: what each command prints, declared in documents.toml and in the classes that it names."""

from __future__ import annotations

import collections.abc
import dataclasses
import datetime as dt
import functools
import importlib
import inspect
import re
import tomllib
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel

from reference_pages.pages import make_anchor, say_origin, write_table

PLAIN = {"text": str, "date": str, "count": int, "number": (int, float), "yes/no": bool, "any": object}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ENTRY = re.compile(r"(?P<names>[\w, ]+?) : .*")
_TYPES = {str: "text", int: "count", float: "number", bool: "yes/no", dt.date: "date", Any: "any"}


@dataclass(frozen=True)
class Key:
    """One key of a shape: its type and its meaning."""

    kind: str
    means: str
    optional: bool = False


@dataclass(frozen=True)
class Declared:
    """All documents, by what prints them, and all shapes, by name."""

    documents: Mapping[str, Mapping[str, str]]
    shapes: Mapping[str, Mapping[str, Key]]


@functools.cache
def read_declared() -> Declared:
    """Return what documents.toml and the classes it names declare."""
    content = tomllib.loads(Path(__file__).with_name("documents.toml").read_text("utf-8"))
    documents = content.pop("documents")
    made_from = {body["from"]: name for name, body in content.items() if "|" not in body.get("from", "|")}
    shapes: dict[str, Mapping[str, Key]] = {}
    for name in content:
        shapes[name] = _read_shape(name, content, made_from)
    return Declared(documents, shapes)


def _read_shape(name: str, content: Mapping[str, Mapping[str, str]], made_from: Mapping[str, str]) -> dict[str, Key]:
    body = dict(content[name])
    keys: dict[str, Key] = {}
    if "like" in body and "|" not in body["like"]:
        keys |= _read_shape(body.pop("like"), content, made_from)
    own = _read_class(body.pop("from"), made_from, body) if "|" not in body.get("from", "|") else {}
    own |= {key.removesuffix("?"): _read_key(key, text) for key, text in body.items()}
    return keys | own


def _read_key(key: str, text: str) -> Key:
    kind, _, means = text.partition("|")
    return Key(kind.strip(), means.strip(), key.endswith("?"))


def _read_class(place: str, made_from: Mapping[str, str], given: Mapping[str, str]) -> dict[str, Key]:
    """Return the keys of a dataclass or a pydantic model, as its JSON has them: arrays are left out."""
    module, _, name = place.partition(":")
    kind = getattr(importlib.import_module(module), name)
    hints, said = typing.get_type_hints(kind), _read_docstring(kind)
    names = list(kind.model_fields) if issubclass(kind, BaseModel) else [one.name for one in dataclasses.fields(kind)]
    if issubclass(kind, BaseModel):
        said |= {key: field.description for key, field in kind.model_fields.items() if field.description}
    found = {}
    for key in names:
        if key.startswith("_") or key in given or _is_array(hints[key]):
            continue
        if key not in said:
            raise KeyError(f"{place}: nothing says what {key} means; say so there, or in documents.toml")
        found[key] = Key(_spell(hints[key], made_from), _tidy(said[key]))
    return found


def _tidy(text: str) -> str:
    """Return a sentence of a docstring as the meanings of documents.toml are written.

    Examples
    --------
    >>> _tidy("Share that fails within the box."), _tidy("NaN with one replication.")
    ('share that fails within the box', 'NaN with one replication')
    """
    shown = text if text[1:2].isupper() else text[:1].lower() + text[1:]
    return shown.removesuffix(".") if ". " not in shown else shown


def _read_docstring(kind: type) -> dict[str, str]:
    """Return what a numpy-style docstring says of each attribute."""
    lines, said = (inspect.getdoc(kind) or "").splitlines(), {}
    names: list[str] = []
    for line in lines:
        entry = _ENTRY.fullmatch(line)
        if entry:
            names = [one.strip() for one in entry["names"].split(",")]
        elif line.startswith("    ") and names:
            for one in names:
                said[one] = f"{said.get(one, '')} {line.strip()}".strip().replace("``", "`")
        else:
            names = []
    return said


def _is_array(hint: Any) -> bool:
    return typing.get_origin(hint) is np.ndarray


def _spell(hint: Any, made_from: Mapping[str, str]) -> str:
    """Return a type as documents.toml would write it."""
    origin, inside = typing.get_origin(hint), typing.get_args(hint)
    if hint in _TYPES:
        return _TYPES[hint]
    if origin in (typing.Union, types.UnionType):
        others = [_spell(one, made_from) for one in inside if one is not type(None)]
        return others[0] if others[0] == "number" else f"{others[0]} or null"
    if origin is tuple:
        return f"list of {_spell(inside[0], made_from)}"
    if origin in (collections.abc.Mapping, dict):
        return f"map of {_spell(inside[1], made_from)}"
    if origin is typing.Literal or hint in _aliases():
        return "text"
    return made_from[f"{hint.__module__}:{hint.__qualname__}"]


def _aliases() -> tuple[Any, ...]:
    from pactwork.choices.break_even import Verdict

    return (Verdict,)


def find_undeclared(document: str, value: object) -> list[str]:
    """Return in what a real document differs from what is declared, as places and reasons."""
    return list(_differ(read_declared().documents[document]["shape"], value, document))


def _differ(kind: str, value: object, where: str) -> Iterator[str]:
    shapes = read_declared().shapes
    if kind.endswith(" or null"):
        if value is not None:
            yield from _differ(kind.removesuffix(" or null"), value, where)
    elif kind.startswith("list of "):
        if not isinstance(value, list):
            yield f"{where}: no list"
            return
        for at, one in enumerate(value):
            yield from _differ(kind.removeprefix("list of "), one, f"{where}[{at}]")
    elif kind.startswith("map of "):
        if not isinstance(value, dict):
            yield f"{where}: no object"
            return
        for key, one in value.items():
            yield from _differ(kind.removeprefix("map of "), one, f"{where}.{key}")
    elif kind in PLAIN:
        right = isinstance(value, PLAIN[kind]) and (kind in ("yes/no", "any") or not isinstance(value, bool))
        right = right or (kind == "number" and value is None)
        if not right or (kind == "date" and not _DAY.fullmatch(str(value))):
            yield f"{where}: {value!r} is no {kind}"
    elif not isinstance(value, dict):
        yield f"{where}: no object"
    else:
        yield from _differ_in_keys(shapes[kind], value, where)


def _differ_in_keys(keys: Mapping[str, Key], value: Mapping[str, object], where: str) -> Iterator[str]:
    other = next((one for name, one in keys.items() if name.startswith("<")), None)
    for name, one in value.items():
        declared = keys.get(name, other)
        if declared is None:
            yield f"{where}.{name}: not declared"
        else:
            yield from _differ(declared.kind, one, f"{where}.{name}")
    for name, key in keys.items():
        if name not in value and not key.optional and not name.startswith("<"):
            yield f"{where}.{name}: declared, and not there"


def describe_documents() -> str:
    """Return docs/reference/json.md."""
    declared = read_declared()
    lines = [
        "# JSON documents", "",
        say_origin("`docs/reference_pages/documents.toml` and the classes it names"), "",
        "What each command prints with `--json`, and `brief.json`. A test of the project holds real documents against",
        "these tables, both ways: every key is here, and every key here is there.", "",
        "Dates are `YYYY-MM-DD`. A *number* is `null` where there is none: where nothing arose, where nothing can be",
        "told, or where a meaning below says NaN or infinite. A *map* is an object whose keys are names. Linked types",
        "are further down. Keys may be added in later versions; a program should pass over what it does not know.",
        "",
        *write_table(("document", "holds"), [
            (f"`{name}`", f"{_link(one['shape'], declared.shapes)}. {one['about']}")
            for name, one in declared.documents.items()
        ]),
    ]  # fmt: skip
    for name, keys in declared.shapes.items():
        if name != "status of a group":
            rows = [(_show_key(key, one), _link(one.kind, declared.shapes), one.means) for key, one in keys.items()]
            lines += ["", f"## {name}", "", *write_table(("key", "type", "meaning"), rows)]
    return "\n".join(lines) + "\n"


def _show_key(name: str, key: Key) -> str:
    shown = name[1:-1] if name.startswith("<") else f"`{name}`"
    return f"{shown} (may be missing)" if key.optional else shown


def _link(kind: str, shapes: Mapping[str, Mapping[str, Key]]) -> str:
    """Return a type in words, linked to its table where it has one."""
    before, after = "", ""
    for head in ("list of ", "map of "):
        if kind.startswith(head):
            before, kind = head, kind.removeprefix(head)
    if kind.endswith(" or null"):
        kind, after = kind.removesuffix(" or null"), " or null"
    return f"{before}[{kind}](#{make_anchor(kind)}){after}" if kind in shapes else f"{before}{kind}{after}"
