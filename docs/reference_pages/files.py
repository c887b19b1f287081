"""The files beside a case's tables: case.toml, assumptions.toml, scenarios.toml, choices.toml."""

from __future__ import annotations

import tomllib
import typing
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from pactwork.facts import choosing
from pactwork.facts.about import About, Partner
from pactwork.facts.conditions import EXAMPLES
from pactwork.facts.spreads import INHERITED, KEYS
from reference_pages.pages import say_origin, write_table

SHAPES = {"levers": choosing._Lever, "changes": choosing._Change, "choices": choosing._Choice,
          "criteria": choosing._Criterion}  # fmt: skip
"""The tables of choices.toml, as they are read."""


def describe_files() -> str:
    """Return docs/reference/files.md."""
    words = tomllib.loads(Path(__file__).with_name("files.toml").read_text("utf-8"))
    lines = [
        "# Files of a case", "",
        say_origin("the shapes that read these files, and `docs/reference_pages/files.toml` for their meanings"), "",
        "Beside its [tables](tables.md) a case has up to four TOML files. Only `case.toml` is needed. `pactwork check`",
        "names every key that is unknown, missing or wrong, with its place and what to do.",
        "", "## case.toml", "", words["case"]["about"], "",
        *_describe_shape(About, words["case"]["keys"], skip=("partners",)),
        "", "Each `[[partners]]`, at most two:", "", *_describe_shape(Partner, words["partner"]["keys"]),
        "", "## assumptions.toml", "", words["assumptions"]["about"], "",
        *_describe_entry(words["assumptions"]["keys"]),
        "", words["assumptions"]["after"], "", "```toml", words["assumptions"]["example"].strip(), "```",
        "", "## scenarios.toml", "", words["scenarios"]["about"], "",
        *write_table(("key", "required", "meaning"), [
            (f"`{name}`", "yes" if name in ("title", "why") else "", means)
            for name, means in words["scenarios"]["keys"].items()
        ]),
        "", "```toml", words["scenarios"]["example"].strip(), "```",
        "", "## choices.toml", "", words["file"]["about"],
    ]  # fmt: skip
    for name, shape in SHAPES.items():
        part = words[name]
        lines += ["", f"### {name}", "", part["about"], "", *_describe_shape(shape, part["keys"])]
        lines += ["", "```toml", part["example"].strip(), "```"]
    shown = ", ".join(f"`{one}`" for one in EXAMPLES)
    return "\n".join([*lines, "", f"`when` takes one of five kinds of condition, such as {shown}."]) + "\n"


def _describe_shape(shape: type[BaseModel], means: dict[str, str], skip: tuple[str, ...] = ()) -> list[str]:
    """Return a table of a shape's keys; every one must be explained, and nothing that is not there may be."""
    fields = {name: one for name, one in shape.model_fields.items() if name not in skip}
    said = {name: means.get(name) or one.description or "" for name, one in fields.items()}
    if set(means) - set(fields) or not all(said.values()):
        raise KeyError(f"{shape.__name__}: explain exactly {', '.join(fields)}, not {', '.join(means)}")
    rows = [(f"`{name}`", _type(one.annotation), _otherwise(one), said[name]) for name, one in fields.items()]
    return write_table(("key", "type", "otherwise", "meaning"), rows)


def _otherwise(one: FieldInfo) -> str:
    if one.is_required():
        return "must be given"
    default = one.get_default(call_default_factory=True)
    return "–" if default in (None, "", (), {}) else f"`{default}`"


def _type(hint: Any) -> str:
    origin, inside = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return " or ".join(f"`{one}`" for one in inside)
    if origin is tuple:
        return f"list of {_type(inside[0])}"
    if origin is dict:
        return "table"
    if inside:
        return _type(next(one for one in inside if one is not type(None)))
    return {"str": "text", "int": "whole number", "float": "number", "date": "date"}.get(hint.__name__, "table")


def _describe_entry(means: dict[str, str]) -> list[str]:
    if set(means) != set(KEYS):
        raise KeyError(f"an entry of assumptions.toml: explain exactly {', '.join(sorted(KEYS))}")
    return write_table(("key", "from the table around it", "meaning"), [
        (f"`{name}`", "yes" if name in INHERITED else "", text) for name, text in means.items()
    ])  # fmt: skip
