"""Stakeholders: where they stand, what that may come to, what moves it, and the stance that follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pactwork.brief import formats
from pactwork.brief.naming import question_name
from pactwork.brief.origins import Origin, merge, origin_of
from pactwork.brief.words import say
from pactwork.facts.dates import parse_date
from pactwork.facts.ledger import Ledger
from pactwork.forecast.dialogue import Stance
from pactwork.forecast.politics import IssuePolitics, Politics


@dataclass(frozen=True)
class Standpoint:
    """One actor on one issue, as the map shows it; ``rationale`` says why it is put there."""

    who: str
    position: float
    influence: float
    salience: float
    rationale: str
    origin: Origin


@dataclass(frozen=True)
class Bargain:
    """One issue: its map, and what can be said about it in sentences."""

    issue_id: str
    name: str
    scale: str
    outcome: float
    interval: tuple[float, float]
    standpoints: tuple[Standpoint, ...]
    text: str
    more: tuple[str, ...]
    origins: tuple[Origin, ...]


def read_bargains(ledger: Ledger, politics: Politics) -> tuple[Bargain, ...]:
    """Return the issues of a case on which somebody with influence cares."""
    rows: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in sorted(ledger.rows("positions"), key=lambda row: parse_date(row["as_of"]).latest):
        rows.setdefault(row["issue"], {})[row["actor"]] = row
    return tuple(_bargain(ledger, one, rows[one.issue.issue]) for one in politics.issues if one.outcome is not None)


def _bargain(ledger: Ledger, one: IssuePolitics, rows: Mapping[str, Mapping[str, Any]]) -> Bargain:
    issue, outcome, interval = one.issue, one.outcome or 0.0, one.interval80 or (0.0, 0.0)
    standpoints = tuple(
        Standpoint(
            formats.clean(ledger.name_of(held.actor)), held.position, held.influence, held.salience,
            formats.clean(rows[held.actor]["rationale"]), origin_of(ledger, "positions", rows[held.actor]),
        )
        for held in sorted(issue.stakeholders, key=lambda held: -held.weight)
    )  # fmt: skip
    above = dict(one.accepts).get(issue.middle, 0.0)
    text = say(
        "stakeholders.outcome", outcome=_whole(outcome), low=_whole(interval[0]), high=_whole(interval[1]),
        above=formats.percent(above),
    )  # fmt: skip
    more = [say("stakeholders.second", pce=_whole(one.pce_mean or 0.0), median=_whole(one.weighted_median or 0.0))]
    more += [_say_movers(ledger, one), _say_change(ledger, one), *_say_stances(ledger, one)]
    return Bargain(
        issue.issue, question_name(ledger, issue.issue), formats.clean(issue.scale), outcome, interval, standpoints,
        text, tuple(part for part in more if part), merge(point.origin for point in standpoints),
    )  # fmt: skip


def _say_movers(ledger: Ledger, one: IssuePolitics) -> str:
    movers = [
        say("stakeholders.mover", who=_name(ledger, held.actor), points=formats.number(points))
        for held in one.sensitivity[:3]
        if (points := round(10 * held.by_position, 1)) > 0
    ]
    return say("stakeholders.movers", movers=formats.join(movers)) if movers else ""


def _say_change(ledger: Ledger, one: IssuePolitics) -> str:
    if _whole(one.outcome or 0.0) == _whole(one.issue.middle):
        return say("stakeholders.at_middle")
    if not one.changes:
        return say("stakeholders.no_change")
    change = one.changes[0]
    key = f"stakeholders.change_{change.kind}"
    far = say("stakeholders.far") if change.kind == "position" and change.size > 0.5 else ""
    return say(key, who=_name(ledger, change.actor), old=_whole(change.old), new=_whole(change.new)) + far


def _say_stances(ledger: Ledger, one: IssuePolitics) -> list[str]:
    """Return the stance of the partner that decides, now and under each that can win and of whom the case says more."""
    deciding = [stance for stance in one.stances if stance.basis == "bargaining"]
    now = next((stance for stance in deciding if not stance.election), None)
    if now is None:
        return []
    ahead = [stance for stance in deciding if stance.election and abs(stance.outcome - now.outcome) >= 1]
    return [
        say("stakeholders.stance", who=_name(ledger, now.actor), **_shares(now)),
        *(say("stakeholders.stance_if", party=_name(ledger, stance.governs), **_shares(stance)) for stance in ahead),
    ]


def _shares(stance: Stance) -> dict[str, str]:
    return {name: formats.percent(getattr(stance, name)) for name in ("committed", "transactional", "reluctant")}


def _name(ledger: Ledger, actor: str) -> str:
    return formats.clean(ledger.name_of(actor))


def _whole(number: float) -> str:
    return formats.number(round(number))


@dataclass(frozen=True)
class Profiles:
    """The partners' views of the threats as two profiles: what share of all that it fears each threat makes."""

    who: tuple[str, str]
    rows: tuple[tuple[str, float, float], ...]
    sentences: tuple[str, ...]
    origins: tuple[Origin, ...]


def read_profiles(ledger: Ledger, politics: Politics) -> Profiles | None:
    """Return both partners' profiles; None where they cannot be compared."""
    found = politics.perceptions
    if found is None:
        return None
    who = (_name(ledger, found.who[0]), _name(ledger, found.who[1]))
    rows = tuple((formats.capitalise(formats.clean(one.label)), *one.shares) for one in found.threats)
    more, less = (0, 1) if found.level_gap >= 0 else (1, 0)
    high, low = (formats.number(round(100 * found.levels[side])) for side in (more, less))
    first, divergence = found.threats[0], formats.percent(found.divergence)
    sentences = [
        say("profiles.divergence", divergence=divergence, low=formats.percent(found.interval[0]),
            high=formats.percent(found.interval[1])),
        say("profiles.level" if high != low else "profiles.same_level", more=who[more], less=who[less], high=high,
            low=low),
    ]  # fmt: skip
    if first.common < found.divergence and formats.percent(first.common) != divergence:
        sentences.append(say("profiles.common", threat=formats.lower_first(formats.clean(first.label)),
                             divergence=formats.percent(first.common)))  # fmt: skip
    held = [row for row in ledger.rows("threats") if row["perceiver"] in found.who]
    return Profiles(who, rows, tuple(sentences), merge(origin_of(ledger, "threats", row) for row in held))
