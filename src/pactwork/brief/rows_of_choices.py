"""The tables on choices: every number of a comparison that a reader may want, in words ready to print."""

from __future__ import annotations

import math
from dataclasses import dataclass

from pactwork.brief import formats
from pactwork.brief.chosen import (
    Chosen,
    count_holding,
    count_met,
    is_better,
    is_clear,
    is_refused,
    spell_difference,
)
from pactwork.brief.lines_on_doubt import list_worth, read_verdict, spell_effect
from pactwork.brief.lines_on_supplier import EARNS, OWN_FORCES
from pactwork.brief.speaker import Speaker
from pactwork.brief.words import say
from pactwork.choices.break_even import BreakEven
from pactwork.choices.requirements import Requirement
from pactwork.choices.views import ChoiceView, Worth
from pactwork.facts.choices import BASELINE


@dataclass(frozen=True)
class ChoiceRow:
    """One choice beside the others; ``clear`` tells which differences lie beyond two standard errors."""

    name: str
    title: str
    refused: bool
    held: str
    held_own: str
    better: str
    cost: str
    earns: str
    waits: str
    agrees: str
    no_worse: str


@dataclass(frozen=True)
class ShareRow:
    """One choice on one requirement."""

    name: str
    title: str
    met: str
    difference: str
    told: str
    worst: str
    regret: str


@dataclass(frozen=True)
class Asked:
    """One requirement: its letter in the chart, what it asks, and what comes of it under each choice."""

    letter: str
    name: str
    title: str
    asks: str
    side: str
    rows: tuple[ShareRow, ...]


@dataclass(frozen=True)
class BoxRow:
    """One combination of assumptions in which a choice falls short more often than elsewhere."""

    choice: str
    requirement: str
    words: str
    futures: str
    density: str
    outside: str
    coverage: str
    again: str


@dataclass(frozen=True)
class WorthRow:
    """From which share of its hoped-for effect on a lever helps, and is worth its cost."""

    lever: str
    name: str
    requirement: str
    helps: str
    worth: str
    beside: str


@dataclass(frozen=True)
class BasisRow:
    """What one requirement's outcome hangs on, how much of that is judgement, and crises to be prevented."""

    requirement: str
    largest: str
    judged: str
    prevent: str


@dataclass(frozen=True)
class Tables:
    """All tables on choices."""

    choices: tuple[ChoiceRow, ...] = ()
    asked: tuple[Asked, ...] = ()
    boxes: tuple[BoxRow, ...] = ()
    worth: tuple[WorthRow, ...] = ()
    basis: tuple[BasisRow, ...] = ()


def make_tables(chosen: Chosen) -> Tables:
    """Return the tables on choices; empty where nothing is compared."""
    if chosen.comparison is None:
        return Tables()
    speaker = Speaker(chosen, chosen.comparison)
    worth = [one for one in list_worth(speaker) if one.helps]
    return Tables(
        tuple(_row_of(speaker, one) for one in speaker.found.choices),
        tuple(_ask(speaker, letter, one) for letter, one in letters_of(speaker.found.requirements).items()),
        tuple(_list_boxes(speaker)), tuple(_worth(speaker, one) for one in worth), tuple(_list_basis(speaker)),
    )  # fmt: skip


def letters_of(requirements: tuple[Requirement, ...]) -> dict[str, Requirement]:
    """Return requirements by the letters that stand for them in a chart: the buyer's first, A to Z, then AA and on."""
    ordered = sorted(requirements, key=lambda one: one.stated.side != "buyer")
    return {_letter(at): one for at, one in enumerate(ordered)}


def _letter(at: int) -> str:
    return (_letter(at // 26 - 1) if at > 25 else "") + chr(ord("A") + at % 26)


def _row_of(speaker: Speaker, view: ChoiceView) -> ChoiceRow:
    judged = [is_better(view, one) for one in speaker.asked]
    partner, nothing = view.partner, "–"
    earns = waits = agrees = no_worse = nothing
    if partner is not None:
        chance = partner.agreement.probability
        earns, waits = (spell_difference(partner.differences[name]) if name in partner.differences else nothing
                        for name in (EARNS, OWN_FORCES))  # fmt: skip
        agrees = say("told.not_asked") if chance is None else formats.percent(chance)
        fine = partner.no_worse_off
        no_worse = _part(round(fine.value * fine.futures), fine.futures) if fine.futures else nothing
    if view.choice == BASELINE:
        earns = waits = no_worse = nothing
    return ChoiceRow(
        view.choice, formats.clean(view.title), is_refused(view),
        _of(count_holding(view, speaker.asked)[0], speaker.asked),
        _of(count_holding(view, speaker.own)[0], speaker.own),
        nothing if view.choice == BASELINE else say("told.both_ways", better=judged.count(True),
                                                    worse=judged.count(False)),
        nothing if view.choice == BASELINE else spell_difference(view.cost), earns, waits, agrees, no_worse,
    )  # fmt: skip


def _of(number: int, requirements: tuple[Requirement, ...]) -> str:
    return _part(number, len(requirements)) if requirements else "–"


def _part(part: int, whole: int) -> str:
    return say("range.part", part=str(part), whole=str(whole))


def _ask(speaker: Speaker, letter: str, one: Requirement) -> Asked:
    stated, rows = one.stated, []
    for view in speaker.found.choices:
        met, futures = count_met(view, one.name)
        robustness, base = view.robustness[one.name], view.choice == BASELINE
        told = "" if base else say("told.yes") if is_clear(view.differences[one.name].mean) else say("told.no")
        rows.append(ShareRow(
            view.choice, formats.clean(view.title), _part(met, futures) if futures else "–",
            "–" if base else spell_difference(view.differences[one.name]), told, _number(robustness.worst_decile),
            _number(robustness.regret.mean.value),
        ))  # fmt: skip
    key = "asks.at_least" if stated.direction == "at_least" else "asks.at_most"
    asks = say(key, statistic=_name_statistic(stated.statistic), outcome=formats.clean(stated.outcome),
               threshold=stated.threshold)  # fmt: skip
    return Asked(letter, one.name, formats.clean(stated.title), asks, stated.side, tuple(rows))


def _name_statistic(name: str) -> str:
    return say("statistic.mean") if name == "mean" else name


def _number(value: float) -> str:
    return formats.number(value, 3) if math.isfinite(value) else "–"


def _list_boxes(speaker: Speaker) -> list[BoxRow]:
    """Return the boxes of what is told in words too; brief.json has them all."""
    shown = [one.choice for one in speaker.told]
    return [
        BoxRow(
            formats.clean(speaker.titles[name].title), speaker.requirement(one.requirement), formats.clean(one.words),
            _part(one.box.futures, speaker.found.futures), formats.percent(one.box.density),
            formats.percent(one.box.density_outside), formats.percent(one.box.coverage),
            formats.percent(one.stability.found),
        )
        for name in shown for one in speaker.titles[name].boxes
    ]  # fmt: skip


def _worth(speaker: Speaker, one: Worth) -> WorthRow:
    beside = formats.clean(speaker.titles[one.alternative].title) if one.alternative in speaker.titles else "–"
    title = speaker.setting.levers.get(one.lever, formats.clean(one.lever))
    return WorthRow(title, one.lever, speaker.requirement(one.requirement), _effect(one.useful),
                    _effect(one.worth_its_cost), beside)  # fmt: skip


def _effect(one: BreakEven | None) -> str:
    verdict = read_verdict(one)
    if one is None or verdict != "from":
        return say(f"verdict.{verdict}")
    effect, low, high = spell_effect(one)
    return say("verdict.from", effect=effect, low=low, high=high)


def _list_basis(speaker: Speaker) -> list[BasisRow]:
    deterrence = {one.requirement: one for one in speaker.found.deterrence}
    rows = []
    for one in speaker.found.drivers:
        largest = ", ".join(f"{formats.clean(driver.name)} {formats.percent(driver.share.value)}"
                            for driver in one.drivers[:3])  # fmt: skip
        judged = formats.percent(one.origin.judged) if one.drivers and one.origin.judged is not None else "–"
        other = deterrence.get(one.requirement)
        needed = None if other is None or other.best == BASELINE else other.needed
        prevent = "–" if needed is None else formats.percent(needed) if needed <= 1 else say("verdict.more_than_all")
        rows.append(
            BasisRow(
                speaker.requirement(one.requirement), largest or say("verdict.nothing_stands_out"), judged, prevent
            )
        )
    return rows
