"""An author's words in the brief: put in place of what pactwork composed, and flagged where their numbers changed."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from pactwork.brief import formats
from pactwork.brief.numbers import PLAYED, Number, list_numbers, name_numbers
from pactwork.brief.unsaid import find_chances
from pactwork.errors import CaseError, Problem, quoted
from pactwork.facts.ledger import Ledger
from pactwork.facts.narrative import REFERENCE, Narrative, Pin, find_numbers, list_blocks, split_reference, walk

if TYPE_CHECKING:  # findings ask whether the words can be placed before they are gathered
    from pactwork.brief.findings import Findings


@dataclass(frozen=True)
class Change:
    """A number that is another than when the words were written; ``now`` is empty where the brief no longer has it."""

    name: str
    was: str
    now: str
    where: str


@dataclass(frozen=True)
class Told:
    """The words for one section, held against the brief's numbers.

    Attributes
    ----------
    changed : tuple of Change
        What the author must look at again.
    missing : tuple of str
        Numbers of simulations that this brief leaves out.
    unwatched : tuple of str
        Plain numbers of the text that nothing ties to the brief: nobody is told when the world changes.
    numbers : mapping
        What the words quote, by name.
    """

    narrative: Narrative
    changed: tuple[Change, ...]
    missing: tuple[str, ...]
    unwatched: tuple[str, ...]
    numbers: Mapping[str, Number]

    def as_dict(self) -> dict[str, Any]:
        """Return what ``brief.json`` says of it."""
        return {"section": self.narrative.section, "file": self.narrative.path,
                "changed": [asdict(one) for one in self.changed], "missing": list(self.missing),
                "unwatched": list(self.unwatched)}  # fmt: skip


@functools.cache
def list_sections() -> tuple[str, ...]:
    """Return the sections that words can be written for."""
    folder = resources.files("pactwork.brief").joinpath("templates/sections")
    return tuple(sorted(path.name.partition(".")[0] for path in folder.iterdir()))


def check_narratives(ledger: Ledger) -> None:
    """Find everything in the words of a case that no brief of it could show, before any work is done.

    Raises
    ------
    CaseError
        With every section and number that does not exist, and every sentence that a brief never says.
    """
    problems = [problem for one in ledger.narratives for problem in _find_problems(ledger, one)]
    if problems:
        raise CaseError(problems)


def _find_problems(ledger: Ledger, made: Narrative) -> Iterator[Problem]:
    if made.section not in list_sections():
        near = difflib.get_close_matches(made.section, list_sections(), n=1)
        fix = f"rename it to {near[0]}.md" if near else "rename it"
        expected = f"one of: {', '.join(list_sections())}"
        yield Problem(made.path, f"no section called {quoted(made.section)}", expected, fix)
    known = name_numbers(ledger) if made.pins or "{{" in made.text else set()
    for name, line in _list_names(made):
        if name not in known:
            near = difflib.get_close_matches(name, sorted(known), n=1)
            fix = f"did you mean {near[0]}?" if near else "correct the name, or write the number itself"
            yield Problem(f"{made.path}:{line}", f"no number called {quoted(name)}", "one that brief.json lists", fix)
    for sentence, line in _find_chances(made):
        expected = "no chance of war, and no count of futures called a probability"
        fix = "say what it depends on, or leave it out"
        yield Problem(f"{made.path}:{line}", quoted(sentence, 160), expected, fix)


def _find_chances(made: Narrative) -> Iterator[tuple[str, int]]:
    """Yield the sentences that no brief says, and the lines on which they begin."""
    for block in list_blocks(made):
        text, starts = "", []
        for token, line in block:
            starts.append((len(text), line))
            text += token.content or " "
        for sentence in find_chances(text):
            at = max(0, text.find(sentence[:20]))
            yield sentence, next(line for start, line in reversed(starts) if start <= at)


def _list_names(made: Narrative) -> Iterator[tuple[str, int]]:
    yield from ((pin.name, pin.line) for pin in made.pins)
    for token, line in walk(made):
        if token.type == REFERENCE:
            yield split_reference(token.content)[0], line


def _list_pins(made: Narrative) -> Iterator[Pin]:
    """Yield every number that the words are tied to, from the front matter and from the text."""
    yield from made.pins
    for token, line in walk(made):
        if token.type == REFERENCE:
            name, was = split_reference(token.content)
            if was:
                yield Pin(name, was, line)


def read_narratives(findings: Findings) -> dict[str, Told]:
    """Return the words of a case by section, held against the numbers of a brief.

    Raises
    ------
    CaseError
        As `check_narratives` does.
    """
    check_narratives(findings.ledger)
    if not findings.ledger.narratives:
        return {}
    numbers = list_numbers(findings)
    return {one.section: _hold_against(one, numbers) for one in findings.ledger.narratives}


def list_notices(told: Iterable[Told]) -> tuple[Problem, ...]:
    """Return what changed under authors' words, as a check tells it."""
    return tuple(
        Problem(one.where, f"{quoted(one.was)} for {one.name}",
                quoted(one.now) if one.now else "no such number any more",
                "read the words again, then write the new number")
        for narrative in told for one in narrative.changed
    )  # fmt: skip


def _hold_against(made: Narrative, numbers: Mapping[str, Number]) -> Told:
    pins = list(_list_pins(made))
    names = dict.fromkeys(name for name, _ in _list_names(made))
    played = {head for head in PLAYED if any(name.startswith(f"{head}.") for name in numbers)}
    missing = tuple(name for name in names if name not in numbers and _head(name) in set(PLAYED) - played)
    changed = []
    for pin in pins:
        number = numbers.get(pin.name)
        if pin.name in missing or (number is not None and number.matches(pin.was)):
            continue
        now = formats.clean(number.text) if number else ""
        changed.append(Change(pin.name, formats.clean(pin.was), now, f"{made.path}:{pin.line}"))
    watched = {pin.was for pin in pins}
    unwatched = [
        token.content[first:last] for token, _ in walk(made) if token.type == "text"
        for first, last in find_numbers(token.content)
    ]  # fmt: skip
    used = {name: numbers[name] for name in names if name in numbers}
    return Told(made, tuple(changed), missing, tuple(one for one in unwatched if one not in watched), used)


def _head(name: str) -> str:
    return name.partition(".")[0]
