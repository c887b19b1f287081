"""What the page keeps folded, as an annex that a reader of paper can turn to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pactwork.brief.forms.document import Anchors, Block, Heading, Paragraph, Run, Runs, plain
from pactwork.brief.words import say


@dataclass(frozen=True)
class Folded:
    """One thing folded: its title, what it holds, the section and the figure it stood in."""

    title: Runs
    blocks: tuple[Block, ...]
    section: Heading | None
    context: str
    anchors: Anchors


def point_to(names: Sequence[tuple[str, str]]) -> Paragraph:
    """Return the line that names parts of the annex, (title, anchor) each, with links."""
    before, after = say("forms.pointer", names="\0").split("\0")
    runs = [Run(before, muted=True)]
    for at, (name, anchor) in enumerate(names):
        runs += [Run("; ", muted=True)] if at else []
        runs.append(Run(name, muted=True, link=f"#{anchor}"))
    return Paragraph((*runs, Run(after, muted=True)), kind="aside")


def list_annex(folded: Sequence[Folded]) -> list[Block]:
    """Return the annex: a heading for each section, and beneath it what the section folds away."""
    if not folded:
        return []
    blocks: list[Block] = [
        Heading(1, (Run(say("forms.annex")),)), Paragraph((Run(say("forms.annex_intro")),), kind="aside"),
    ]  # fmt: skip
    section: Heading | None = None
    for one in folded:
        if one.section is not None and one.section is not section:
            section = one.section
            blocks.append(Heading(2, section.runs))
        title = plain(one.title)
        heading = f"{one.context}: {title}" if one.context else title
        blocks.append(Heading(3, (Run(heading),), one.anchors))
        blocks += [replace(block, level=4) if isinstance(block, Heading) else block for block in one.blocks]
    return blocks
