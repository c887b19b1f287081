"""What each section comes to, in full sentences at its head, and how much of what stands behind it is judgement."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pactwork.brief.findings import Findings
from pactwork.brief.judgement import Share, weigh_assumptions, weigh_origins
from pactwork.brief.lines_on_case import say_certainty, say_cooperation
from pactwork.brief.lines_on_orders import say_arriving, say_beyond, say_delivered, say_industry, say_money, say_pace
from pactwork.brief.lines_on_people import say_dialogue, say_opinion, say_threats
from pactwork.brief.origins import Origin, Said, merge
from pactwork.brief.parts import ORDER
from pactwork.brief.words import say

COMPOSERS: dict[str, dict[str, Callable[[Findings], Said]]] = {
    "standing": {"delivered": say_delivered, "money": say_money, "beyond": say_beyond},
    "deliveries": {"pace": say_pace},
    "cooperation": {"cooperation": say_cooperation},
    "industry": {"industry": say_industry},
    "arriving": {"arriving": say_arriving},
    "opinion": {"opinion": say_opinion},
    "threats": {"threats": say_threats},
    "dialogue": {"dialogue": say_dialogue},
    "contested": {"certainty": say_certainty},
}


NOTHING = Share(0, 0)


@dataclass(frozen=True)
class Line:
    """One conclusion: what it is about, what it says, where that comes from, where the page shows more.

    ``share`` is how many of the rows or assumptions behind it are judgement; ``basis`` says what it is based on.
    """

    lead: str
    text: str
    section: str
    origins: tuple[Origin, ...] = ()
    share: Share = NOTHING
    basis: str = ""

    def __str__(self) -> str:
        return f"{self.lead}: {self.text}{f' {self.basis}' if self.basis else ''}"


@dataclass(frozen=True)
class Head:
    """What stands at the head of a section or of a part: its conclusions, if any, and the share of judgement."""

    lines: tuple[Line, ...]
    share: Share
    origins: tuple[Origin, ...] = ()


def compose_heads(findings: Findings) -> dict[str, Head]:
    """Return the head of every section that comes to something, and of every part of several sections."""
    heads = {name: _head(findings, name, composers) for name, composers in COMPOSERS.items()}
    heads["stakeholders"] = _bare([origin for one in findings.bargains for origin in one.origins])
    if findings.simulation:
        heads["futures"] = Head((), weigh_assumptions(findings.ledger, scenarios=True))
    if findings.chosen and findings.chosen.comparison:
        names = [one.choice for one in findings.chosen.comparison.choices]
        heads["choices"] = heads["unmeasured"] = Head((), weigh_assumptions(findings.ledger, names))
    for part, sections in ORDER.items():
        if part in (
            "stands",
            "politics",
        ):  # other parts are one section, or conclude nothing
            origins = [origin for name in sections for origin in heads[name].origins]
            heads[f"part-{part}"] = _bare(origins)
    return heads


def _head(findings: Findings, section: str, composers: Mapping[str, Callable[[Findings], Said]]) -> Head:
    lines, origins = [], list[Origin]()
    for name, compose in composers.items():
        said = compose(findings)
        if said is not None:
            behind = merge(said[1])
            lines.append(Line(say(f"lead.{name}"), said[0], section, behind, weigh_origins(behind)))
            origins += behind
    return Head(tuple(lines), weigh_origins(origins), merge(origins))


def _bare(origins: list[Origin]) -> Head:
    return Head((), weigh_origins(origins), merge(origins))
