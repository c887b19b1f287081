"""Governments: who decides an issue, who may govern after an election, and the stances that follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pactwork.facts.dates import parse_date
from pactwork.facts.ledger import Ledger, split_list
from pactwork.forecast.bargaining import Issue, Stakeholder
from pactwork.forecast.dialogue import (
    NOW,
    Government,
    Stance,
    change_government,
    judge_stance,
    make_ties,
    mix_stances,
    state_stance,
)


def find_decider(ledger: Ledger, issue: Issue) -> tuple[str, str] | None:
    """Return actor and country of the partner that decides an issue; None where the issue does not say.

    As with questions, the id of an issue begins with the country's code: ``kr-technology-transfer``.
    """
    head = issue.issue.partition("-")[0].upper()
    return next(((one.actor, one.country) for one in ledger.about.partners if one.country == head), None)


def find_seat(ledger: Ledger, issue: Issue) -> str | None:
    """Return the stakeholder that governs the partner that decides: its government, else the state itself."""
    decider = find_decider(ledger, issue)
    if decider is None:
        return None
    actors = {row["actor_id"]: row for row in ledger.rows("actors")}
    governing = [
        one
        for one in issue.stakeholders
        if actors.get(one.actor, {}).get("country") == decider[1] and actors[one.actor]["kind"] == "government"
    ]
    if governing:
        return max(governing, key=lambda one: one.influence).actor
    return decider[0] if any(one.actor == decider[0] for one in issue.stakeholders) else None


def find_stances(ledger: Ledger, issue: Issue) -> tuple[Stance, ...]:
    """Return stances on an issue: of the partner that decides, by who governs, and of other states."""
    actors = {row["actor_id"]: row for row in ledger.rows("actors")}
    countries = {name: row["country"] or "" for name, row in actors.items()}
    ties = make_ties(issue, countries, frozenset(partner.country for partner in ledger.about.partners))
    decider, seat = find_decider(ledger, issue), find_seat(ledger, issue)
    found: list[Stance] = []
    if decider and seat:
        found.append(judge_stance(decider[0], Government(NOW, "", 1.0, issue), ties))
        for governments in _list_elections(ledger, issue, decider[0], seat, actors):
            stances = [judge_stance(decider[0], one, ties) for one in governments]
            found += [*stances, mix_stances(stances)]
    own = decider[1] if decider else None
    others: dict[str, Stakeholder] = {}
    for one in issue.stakeholders:
        row = actors.get(one.actor)
        if row and row["kind"] in ("state", "government") and row["country"] and row["country"] != own:
            held = others.get(row["country"])
            if held is None or one.influence > held.influence:
                others[row["country"]] = one
    return (*found, *(state_stance(issue, one) for one in others.values()))


def _list_elections(
    ledger: Ledger, issue: Issue, partner: str, seat: str, actors: Mapping[str, Mapping[str, Any]]
) -> list[list[Government]]:
    """Return, for each election ahead that can change who decides, those who can win.

    No source gives odds, so each that can win counts alike: a frame for the futures, no forecast of the vote.
    """
    found = []
    held = {one.actor for one in issue.stakeholders}
    offices = {actor["name"]: name for name, actor in actors.items()}
    ahead = [row for row in ledger.rows("elections") if row["partner"] == partner and row["date"]]
    # Where some election fills no office that is an actor, it makes the government, and a head of state's does not.
    by_parliament = any(row["office"] not in offices for row in ahead)
    for row in sorted(ahead, key=lambda row: parse_date(row["date"]).latest):
        contenders, office = split_list(row["contenders"]), offices.get(row["office"])
        if parse_date(row["date"]).latest <= ledger.day or not contenders:
            continue
        if office is not None and office not in held and (by_parliament or actors[office]["kind"] != "government"):
            continue
        chair = office if office in held else seat
        governments = []
        for contender in contenders:
            holder, known = _find_holder(issue, chair, contender, contenders, actors)
            changed = change_government(issue, chair, holder)
            governments.append(Government(contender, row["election_id"], 1 / len(contenders), changed, known))
        found.append(governments)
    return found


def _find_holder(
    issue: Issue, chair: str | None, contender: str, contenders: list[str], actors: Mapping[str, Mapping[str, Any]]
) -> tuple[Stakeholder | None, bool]:
    """Return whose position an office takes under a contender, and whether the case says.

    Its own where it is a stakeholder; the opposition's where it belongs to that and the case speaks of no party by
    name; the present one where it governs already.
    """
    by_name = {one.actor: one for one in issue.stakeholders}
    if contender in by_name:
        return by_name[contender], True
    row = actors.get(contender)
    if row is None:
        return None, False
    if row["kind"] == "opposition":
        for one in issue.stakeholders:
            other = actors.get(one.actor, {})
            general = other.get("kind") == "opposition" and other.get("country") == row["country"]
            if general and one.actor not in contenders:
                return one, True
        return None, False
    return (by_name.get(chair) if chair else None), True
