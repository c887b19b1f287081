"""The brief's own numbers by name, so that an author's words can quote them and be told when they change."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pactwork.brief import formats
from pactwork.brief.chosen import Chosen, asked_by, count_holding, count_met
from pactwork.brief.origins import Fact, fact_of
from pactwork.brief.rows_of_choices import make_tables
from pactwork.brief.simulated import OWN, Simulation
from pactwork.brief.standing import SystemLine
from pactwork.brief.words import say
from pactwork.choices.requirements import Requirement
from pactwork.choices.views import ChoiceView
from pactwork.facts.choices import BASELINE
from pactwork.facts.ledger import Ledger

if TYPE_CHECKING:  # findings ask, before they are gathered, whether the names of numbers are known
    from pactwork.brief.findings import Findings

PLAYED = ("futures", "choices")
"""How the names begin of what only a simulation tells."""
_OF_SYSTEMS = ("ordered", "delivered", "share", "left", "due", "pace_needed", "pace_shown")
_OF_LOTS = ("ordered", "delivered", "share", "due", "chance_when_due", "likely_by", "early", "late")
_OF_ALL = ("contracts.stated", "contracts.total", "contracts.count", "judgement.share", "judgement.rows",
           "figures.count", "figures.weak", "contested.figures", "contested.discrepancies")  # fmt: skip
_OF_CHOICES = ("held", "cost", "agrees")
_OF_REQUIREMENTS = ("met", "difference")


@dataclass(frozen=True)
class Number:
    """One number as the brief shows it.

    ``value`` is the bare number where there is one; shares are of one, money of choices is in millions.
    """

    name: str
    fact: Fact
    value: float | None = None

    @property
    def text(self) -> str:
        """The number in words."""
        return self.fact.text

    def as_dict(self) -> dict[str, Any]:
        """Return the number as ``brief.json`` lists it."""
        held = self.value is not None and math.isfinite(self.value)
        return {"text": formats.clean(self.text), "value": self.value if held else None}

    def matches(self, was: str) -> bool:
        """Return whether a number as somebody wrote it down is this one: by its words, or by its value."""
        if _plain(was) == _plain(self.text):
            return True
        here = [one for one in (self.value, _bare(self.text)) if one is not None]
        written = _bare(was)
        return written is not None and any(math.isclose(written, one, rel_tol=1e-9) for one in here)


def _plain(text: str) -> str:
    """Return words as one compares them: no thin spaces, no commas between thousands, a minus that is one."""
    bare = re.sub(r"(?<=\d),(?=\d{3}\b)", "", " ".join(text.split()))
    return re.sub(r"\s+%", "%", bare.replace("−", "-")).casefold()


def _bare(text: str) -> float | None:
    """Return words that are a number and nothing else as that number."""
    try:
        found = float(_plain(text))
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def list_numbers(findings: Findings) -> dict[str, Number]:
    """Return every number by its name; the figures that stand are ``SUBJECT.MEASURE``."""
    worked = (*_of_systems(findings), *_of_lots(findings), *_of_all(findings), *_of_people(findings))
    found = {one.name: one for one in worked}
    if findings.simulation is not None:
        found |= {one.name: one for one in _of_futures(findings.ledger, findings.simulation)}
    if findings.chosen is not None and findings.chosen.comparison is not None:
        found |= {one.name: one for one in _of_choices(findings.chosen)}
    for one in _of_figures(findings.ledger):
        found.setdefault(one.name, one)
    return dict(sorted(found.items()))


def name_numbers(ledger: Ledger) -> set[str]:
    """Return the names that numbers of a case's brief can have, whatever it simulates and finds."""
    names = set(_OF_ALL)
    names |= {f"{one}.{part}" for one in ledger.current("systems") for part in _OF_SYSTEMS}
    names |= {f"{one}.{part}" for one in ledger.current("lots") for part in _OF_LOTS}
    names |= {f"{figure.subject}.{figure.measure}" for figure in ledger.figures()}
    names |= {f"polls.{row['question_id']}.{row['option']}" for row in ledger.rows("polls")}
    names |= {f"issues.{row['issue']}.outcome" for row in ledger.rows("positions")}
    if not ledger.assumptions.parameters:
        return names
    ends = {f"{one}.ready" for one in ledger.current("systems")} | {"closed_days", "crises"}
    ends |= {f"{one}{local}.complete" for one in ledger.current("lots") for local in ("", "-local")}
    names |= {f"futures.{one}.{end}" for one in (ledger.assumptions.scenarios or (_OWN_NAME,)) for end in ends}
    ends = {*_OF_CHOICES, *(f"{one}.{part}" for one in ledger.choices.criteria for part in _OF_REQUIREMENTS)}
    return names | {"futures.runs"} | {f"choices.{one}.{end}" for one in ledger.choices.choices for end in ends}


_OWN_NAME = OWN.replace(" ", "-")


def _worked(name: str, text: str, how: str, value: float | None = None) -> Number:
    return Number(name, Fact(text, derived=how), value)


def _of_systems(findings: Findings) -> Iterator[Number]:
    day, ledger = findings.ledger.day, findings.ledger
    for one, line in zip(findings.arrivals, findings.standing.systems, strict=False):
        start, left = one.system_id, max(0.0, one.ordered - one.at(day))
        if line.name == one.name:
            yield Number(f"{start}.ordered", line.ordered, one.ordered)
            yield from _of_delivered(start, line)
            if line.delivered is not None:
                yield Number(
                    f"{start}.left",
                    Fact(formats.number(left), one.origins, say("on_deliveries.ordered_less_delivered")),
                    left,
                )
            firm = [lot for lot, row in ledger.current("lots").items()
                    if row["system_id"] == start and row["kind"] == "firm"]  # fmt: skip
            if len(firm) == 1:  # its line is that of the system
                yield from _of_delivered(firm[0], line)
                yield Number(f"{firm[0]}.ordered", line.ordered, one.ordered)
        for part, pace in (("pace_needed", one.pace_needed(day)), ("pace_shown", one.pace_shown(day))):
            if pace is not None:
                fact = Fact(formats.number(round(pace, 1)), one.origins, say("derived.items_a_month"))
                yield Number(f"{start}.{part}", fact, round(pace, 1))


def _of_delivered(start: str, line: SystemLine) -> Iterator[Number]:
    if line.delivered is not None:
        yield Number(f"{start}.delivered", line.delivered)
        if line.share is not None:
            fact = Fact(formats.percent(line.share), line.delivered.origins, say("derived.delivered_share"))
            yield Number(f"{start}.share", fact, line.share)
    if line.due is not None:
        yield Number(f"{start}.due", line.due)


def _of_lots(findings: Findings) -> Iterator[Number]:
    for line in findings.standing.systems:
        for lot in line.lots:
            yield Number(f"{lot.unit}.ordered", lot.ordered)
            yield from _of_delivered(lot.unit, lot)
    for one in findings.outlook.lots:
        yield Number(f"{one.lot_id}.ordered", Fact(formats.number(one.ordered), one.origins), one.ordered)
        for part, text in (("chance_when_due", one.chance), ("likely_by", one.half_by), ("early", one.early),
                           ("late", one.late)):  # fmt: skip
            if text:
                yield Number(f"{one.lot_id}.{part}", Fact(text, one.origins, say("derived.forecast")))


def _of_all(findings: Findings) -> Iterator[Number]:
    money, judgement, contested = findings.standing.money, findings.judgement, findings.contested
    if money is not None:
        yield Number("contracts.stated", money.stated)
        yield Number("contracts.total", money.total)
        yield _worked("contracts.count", formats.number(money.counted), say("derived.counted"), money.counted)
    if judgement.rows:
        share = judgement.judged / judgement.rows
        yield _worked("judgement.share", formats.percent(share), say("derived.judged_share"), share)
    counts = {"judgement.rows": judgement.rows, "figures.count": judgement.figures,
              "figures.weak": judgement.weak_figures, "contested.figures": len(contested.disputes),
              "contested.discrepancies": len(contested.discrepancies)}  # fmt: skip
    yield from (
        _worked(name, formats.number(number), say("derived.counted"), number) for name, number in counts.items()
    )


def _of_people(findings: Findings) -> Iterator[Number]:
    origins = {one.question_id: one.origins for one in findings.questions}
    for question in findings.forecast.politics.questions:
        for option in question.options:
            name, mean = question.question.question_id, option.now.mean / 100
            fact = Fact(formats.percent(mean), origins.get(name, ()), say("derived.polls"))
            yield Number(f"polls.{name}.{option.option}", fact, mean)
    for bargain in findings.bargains:
        fact = Fact(formats.number(round(bargain.outcome)), bargain.origins, say("derived.outcome"))
        yield Number(f"issues.{bargain.issue_id}.outcome", fact, bargain.outcome)


def _of_futures(ledger: Ledger, simulation: Simulation) -> Iterator[Number]:
    how = say("derived.simulated")
    yield _worked("futures.runs", formats.number(simulation.runs), how, simulation.runs)
    names = list(ledger.assumptions.scenarios) or [_OWN_NAME]
    for name, row in zip(names, simulation.scenarios, strict=True):
        start = f"futures.{name}"
        yield from (_worked(f"{start}.{system}.ready", share, how) for system, _, share in row.readiness)
        yield from (_worked(f"{start}.{lot}.complete", day, how) for lot, _, day in row.completions)
        yield _worked(f"{start}.closed_days", row.closed_days, how)
        yield _worked(f"{start}.crises", row.crises, say("derived.runs"))


def _of_choices(chosen: Chosen) -> Iterator[Number]:
    found = chosen.comparison
    if found is None:
        return
    rows = {row.name: row for row in make_tables(chosen).choices}
    asked = asked_by(found, "buyer")
    for view in found.choices:
        row, start = rows[view.choice], f"choices.{view.choice}"
        yield _worked(f"{start}.held", row.held, say("derived.simulated"), count_holding(view, asked)[0])
        if view.choice != BASELINE:
            yield _worked(f"{start}.cost", row.cost, say("derived.simulated_millions"), view.cost.mean.value)
        yield _worked(f"{start}.agrees", row.agrees, say("derived.agreement"))
        for one in found.requirements:
            yield from _of_requirement(start, view, one)


def _of_requirement(start: str, view: ChoiceView, one: Requirement) -> Iterator[Number]:
    met, futures = count_met(view, one.name)
    if futures:
        yield _worked(
            f"{start}.{one.name}.met", say("range.part", part=met, whole=futures), say("derived.futures"), met
        )
    if view.choice != BASELINE:
        value = view.differences[one.name].mean.value
        yield _worked(f"{start}.{one.name}.difference", formats.number(value, 3), say("derived.simulated"), value)


def _of_figures(ledger: Ledger) -> Iterator[Number]:
    for subject, measure in dict.fromkeys((figure.subject, figure.measure) for figure in ledger.figures()):
        figure = ledger.figure(subject, measure)
        if figure is not None:
            yield Number(f"{subject}.{measure}", fact_of(ledger, figure), figure.value)
