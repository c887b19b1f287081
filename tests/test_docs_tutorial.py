"""The tutorial is carried out from top to bottom, as a reader would, and its outputs are compared."""

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pactwork import cli
from pactwork.commands.options import messages
from pactwork.terminal.shared import OUT

DOCS = Path(__file__).resolve().parents[1] / "docs"
FENCE = re.compile(r"^```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
PLACE = re.compile(r"(?P<how>Put\s+into|Add\s+to)\s+`(?P<path>[^`]+)`:\s*$")
LEFT_OUT = "…"
WIDTH = 100
"""Of the reader's terminal, as the page says."""


@dataclass
class Step:
    """A file to write, or commands to run with what they print; ``line`` is where it stands."""

    line: int
    how: str
    body: str
    path: str = ""
    expected: list[str] = field(default_factory=list)


def read_steps(text):
    steps, end = [], 0
    for found in FENCE.finditer(text):
        kind, body, before = found["kind"], found["body"], text[end : found.start()]
        line, end = text.count("\n", 0, found.start()) + 1, found.end()
        place = PLACE.search(before)
        if kind == "sh":
            steps.append(Step(line, "run", body))
        elif kind == "text":
            assert not before.strip(), f"line {line}: an output must follow its command"
            steps[-1].expected = body.splitlines()
        elif place:
            steps.append(Step(line, "add" if place["how"].startswith("Add") else "put", body, place["path"]))
        else:
            assert kind == "bash", f"line {line}: neither a command, nor an output, nor a file"
    return steps


def fits(shown, expected):
    """Return whether lines are as expected, where ``…`` alone stands for any lines, and at an end for any rest."""
    if not expected:
        return not shown
    first, rest = expected[0], expected[1:]
    if first == LEFT_OUT:
        return any(fits(shown[at:], rest) for at in range(len(shown) + 1))
    if not shown:
        return False
    same = shown[0].startswith(first[:-1]) if first.endswith(LEFT_OUT) else shown[0] == first
    return same and fits(shown[1:], rest)


def carry_out(step, folder):
    """Return what a step prints; a file prints nothing.

    A command of pactwork alone is called in this process, which saves the second that starting takes; all else is
    given to a shell.
    """
    if step.how != "run":
        path = folder / step.path
        before = path.read_text(encoding="utf-8") if step.how == "add" else ""
        path.write_text(before + step.body, encoding="utf-8")
        return []
    words = shlex.split(step.body)
    alone = words[0] == "pactwork" and step.body.count("\n") == 1 and "||" not in words
    printed, status = call(words[1:]) if alone else give_to_shell(step.body, folder)
    lines = [line.rstrip() for line in printed.strip("\n").splitlines()]
    assert status == 0, f"tutorial.md:{step.line}: status {status}\n" + "\n".join(lines)
    return lines


def call(arguments):
    done = CliRunner().invoke(cli.app, arguments, catch_exceptions=False)
    return done.output, done.exit_code


def give_to_shell(commands, folder):
    beside = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "COLUMNS": str(WIDTH)}
    done = subprocess.run(
        ["sh", "-e", "-c", commands], cwd=folder, env={**os.environ, **beside}, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    return done.stdout, done.returncode


def test_every_step_comes_out_as_the_page_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(OUT, "width", WIDTH)
    monkeypatch.setattr(messages, "width", WIDTH)
    steps = read_steps((DOCS / "tutorial.md").read_text(encoding="utf-8"))
    assert sum(one.how == "run" for one in steps) > 15
    wrong = []
    for one in steps:
        shown = carry_out(one, tmp_path)
        if one.expected and not fits(shown, one.expected):
            wrong.append(f"tutorial.md:{one.line}: {one.body.strip()}\nprinted\n" + "\n".join(shown))
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.parametrize(
    ("shown", "expected", "same"),
    [
        (["a", "b", "c"], ["a", "…", "c"], True),
        (["a", "c"], ["a", "…", "c"], True),
        (["a", "b"], ["a", "…", "c"], False),
        (["a long line"], ["a …"], True),
        (["a", "b"], ["a"], False),
        ([], ["a"], False),
    ],
)
def test_an_output_may_be_cut_but_not_changed(shown, expected, same):
    assert fits(shown, expected) is same


def test_a_page_is_read_as_it_is_meant():
    page = "Put into `a.csv`:\n\n```csv\nx\n```\nAdd to `a.csv`:\n```csv\ny\n```\n```sh\ncat a.csv\n```\n\n```text\nx\ny\n```\n"
    put, add, run = read_steps(page)
    assert (put.how, put.path, put.body) == ("put", "a.csv", "x\n")
    assert (add.how, add.body) == ("add", "y\n")
    assert (run.how, run.expected) == ("run", ["x", "y"])
    with pytest.raises(AssertionError, match="must follow"):
        read_steps("```sh\nls\n```\nwords\n```text\nx\n```\n")
