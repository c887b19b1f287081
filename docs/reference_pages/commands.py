"""The command line, from its own declaration."""

from __future__ import annotations

import re
from typing import Any

import typer.main

from pactwork.cli import app
from pactwork.commands.options import DEFAULT_CASE
from reference_pages.pages import make_anchor, say_origin, write_table


def list_commands() -> dict[str, Any]:
    """Return every command by name, as the command line declares it."""
    found: dict[str, Any] = getattr(typer.main.get_command(app), "commands")  # noqa: B009
    return found


def describe_commands() -> str:
    """Return docs/reference/commands.md."""
    commands = list_commands()
    lines = [
        "# Command line", "", say_origin("the command line's own declaration (`src/pactwork/cli.py` and `commands/`)"),
        "",
        "`pactwork COMMAND --help` shows the same. CASE is a folder, or the name of a case of the package.",
        "Documents that `--json` prints are [declared](json.md). Progress and messages go to standard error.", "",
        "Exit status: 0 done; 1 the input is wrong (all its problems are printed), or `check` or `verify` found",
        "something; 2 the command is wrong; 130 stopped by Ctrl-C. With `PACTWORK_DEBUG=1` a defect shows its place.",
        "",
        *write_table(("command", "does"), [
            (f"[{name}](#{make_anchor(f'pactwork {name}')})", _first_line(one)) for name, one in commands.items()
        ]),
    ]  # fmt: skip
    for name, one in commands.items():
        lines += _describe(name, one)
    return "\n".join(lines) + "\n"


def _first_line(command: Any) -> str:
    return (command.help or "").strip().splitlines()[0]


def _describe(name: str, command: Any) -> list[str]:
    lines = ["", f"## pactwork {name}", "", _first_line(command), ""]
    rows = []
    for one in command.params:
        if getattr(one, "hidden", False):
            continue
        words = " ".join((getattr(one, "help", None) or "").split())
        words, default = _take_default(words, one)
        rows.append((_name(one), words, default))
    if rows:
        lines += write_table(("argument or option", "meaning", "otherwise"), rows)
    return [*lines, "", *_list_examples(command.epilog or "")]


def _name(one: Any) -> str:
    if not one.opts[0].startswith("-"):
        return f"`{one.metavar or one.name}`"
    value = "" if one.is_flag else f" {one.metavar or 'TEXT'}"
    return f"`{', '.join(one.opts)}{value}`" + (" (may be repeated)" if one.multiple else "")


def _take_default(words: str, one: Any) -> tuple[str, str]:
    """Return the help and what holds where the option is not given; the help says it where it is not one value."""
    said = re.search(r"\s*\[default: (?P<what>.*?)\]", words)
    if said:
        return words.replace(said[0], ""), said["what"]
    if one.required:
        return words, "must be given"
    if one.metavar == "[CASE]":
        return words, f"`{DEFAULT_CASE}`"
    if one.default is None or one.default is False or one.default == "":
        return words, "–"
    return words, f"`{one.default}`"


def _list_examples(epilog: str) -> list[str]:
    """Return the epilogue as a block of examples where it is one, else as a sentence."""
    _, mark, rest = epilog.partition(": ")
    if not mark:
        return [epilog] if epilog else []
    return [f"{epilog.partition(':')[0]}:", "", *(_write_example(one) for one in re.split(r"; |\. (?=[A-Z])", rest))]


def _write_example(text: str) -> str:
    """Return one example, its command as code; words before it and sentences without one stay words."""
    before, mark, rest = text.strip().rstrip(".").partition("pactwork ")
    return f"- {before}`{mark}{rest}`" if mark else f"- {before}"
