"""The order of the brief: nine parts, the sections in each, and what is said where the case holds nothing for one."""

from __future__ import annotations

from dataclasses import dataclass

from pactwork.brief.findings import Findings
from pactwork.brief.words import say

ORDER = {
    "answer": ("answer",),
    "stands": ("standing", "deliveries", "cooperation", "industry"),
    "arriving": ("arriving",),
    "futures": ("futures",),
    "politics": ("opinion", "threats", "stakeholders", "dialogue"),
    "choices": ("choices",),
    "unknown": ("contested", "unmeasured", "judgement", "limits"),
    "methods": ("methods",),
    "sources": ("sources", "figures"),
}
"""Parts in order, each with its sections in order. A part of one section is that section, under one heading."""


@dataclass(frozen=True)
class Section:
    """One section of the page; ``missing`` is the sentence that stands in its place where the case lacks it."""

    id: str
    title: str
    missing: str = ""

    @property
    def template(self) -> str:
        """File that shows it."""
        return f"{self.id}.html.j2"


@dataclass(frozen=True)
class Part:
    """One part of the page: its heading, and what stands beneath it."""

    name: str
    title: str
    sections: tuple[Section, ...]

    @property
    def whole(self) -> bool:
        """Whether the part is one section, whose heading is the part's own."""
        return len(ORDER[self.name]) == 1

    @property
    def id(self) -> str:
        """What a link to the part leads to."""
        return self.sections[0].id if self.whole else f"part-{self.name}"


def list_parts(findings: Findings) -> tuple[Part, ...]:
    """Return all parts in order; a section that the case has nothing for says so in a sentence."""
    held = _find_held(findings)
    parts = []
    for name, sections in ORDER.items():
        title = say(f"part.{name}")
        made = tuple(
            Section(one, title if len(sections) == 1 else say(f"section.{one}"),
                    "" if held.get(one, True) else _say_missing(findings, one))
            for one in sections
        )  # fmt: skip
        parts.append(Part(name, title, made))
    return tuple(parts)


def _find_held(findings: Findings) -> dict[str, bool]:
    """Return which sections have something to show; those not named always do."""
    chosen, timeline = findings.chosen, findings.timeline
    return {
        "standing": bool(findings.standing.systems or findings.standing.contracts),
        "deliveries": bool(findings.arrivals),
        "cooperation": bool(findings.matrix.lines or findings.recommendations),
        "industry": bool(findings.promises.rows),
        "arriving": bool(findings.outlook.lots),
        "futures": findings.simulation is not None,
        "opinion": bool(findings.questions),
        "threats": bool(findings.views),
        "stakeholders": bool(findings.bargains),
        "dialogue": bool(timeline.events or timeline.formats or timeline.elections),
        "choices": chosen is not None,
        "contested": bool(findings.judgement.rows),
        "unmeasured": chosen is not None and chosen.comparison is not None,
        "figures": bool(findings.ledger.figures()),
    }


def _say_missing(findings: Findings, section: str) -> str:
    if section == "futures" and findings.ledger.assumptions.parameters:
        return say("missing.futures_off")
    return say(f"missing.{section}")
