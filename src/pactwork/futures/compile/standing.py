"""Governments as arrays: the stance they begin with, what a change brings, and what a stance is worth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit, ndtri

from pactwork.facts.parameters import LEVELS, STANCES
from pactwork.forecast.dialogue import MIXTURE, NOW
from pactwork.forecast.politics import IssuePolitics
from pactwork.futures.compile.columns import Columns, Floats, ids_below, place, stack
from pactwork.futures.compile.scene import Scene
from pactwork.futures.compile.surroundings import Arrays
from pactwork.futures.draws import Streams
from pactwork.futures.steps.governments import GOODS, STANCE_DECISIONS

_HALF_INTERVAL = 1.96
_TENS = 10.0


def make_standing(scene: Scene, columns: Columns, streams: Streams) -> Arrays:
    """Return the arrays of ``GovernmentPlan``; each begins with the axis of futures."""
    count, actors = columns.count, scene.governments
    now = [_chances(scene, columns, actor, at_election=False) for actor in actors]
    later = [_move(columns, scene, actor, _chances(scene, columns, actor, at_election=True)) for actor in actors]
    starts = [_draw_stance(columns, actor, chances) for actor, chances in zip(actors, now, strict=True)]
    homes = np.zeros((1, len(actors), len(scene.theatres)))
    for at, actor in enumerate(actors):
        if scene.home(actor) >= 0:
            homes[0, at, scene.home(actor)] = 1

    def effect(name: str) -> Floats:
        return stack([columns.table([f"governments.{actor}.{name}.{stance}" for stance in STANCES], 1)
                      for actor in actors], count)  # fmt: skip

    return {
        "initial": stack(starts, count), "chances": stack(later, count), "threat_weight": homes,
        "threat_pull": columns.table([f"governments.{actor}.threat_effect" for actor in actors], 0),
        "carried_over": columns.table([f"governments.{actor}.carried_over" for actor in actors]),
        "continuity": columns.table([f"governments.{actor}.continuity" for actor in actors], 0),
        "signing": effect("signing"), "transfer": effect("transfer"), "priority": effect("priority"),
        "consent": effect("consent"), "supply_policy": _supply_policy(scene, columns),
        "streams": streams.table([f"stance.{actor}" for actor in actors], STANCE_DECISIONS)[None],
    }  # fmt: skip


def stance_of(actor: str) -> str:
    """Return the reserved coordinate that decides an actor's stance on the first day."""
    return f"stance.{actor}"


def opinion_of(actor: str) -> str:
    """Return the reserved coordinate of public support in an actor's country."""
    return f"opinion.{actor}"


def _supply_policy(scene: Scene, columns: Columns) -> Floats:
    """Return shares supplied, of shape (future, government, good, stance, level); only the supplier's differ from 1."""
    shares = np.ones((columns.count, len(scene.governments), len(GOODS), len(STANCES), len(LEVELS)))
    supplier = place(scene.governments, scene.supplier)
    if supplier >= 0:
        for g, good in enumerate(GOODS):
            for s, stance in enumerate(STANCES):
                names = [f"supply_policy.{good}.{stance}.{level}" for level in LEVELS]
                shares[:, supplier, g, s] = columns.table(names)
    return shares


def weighted_issues(scene: Scene, actor: str) -> list[tuple[IssuePolitics, str]]:
    """Return the issues a stance rests on, each with the parameter of its weight; empty where all count alike."""
    named = ids_below(scene.parameters, f"governments.{actor}.issues")
    issues = {one.issue.issue: one for one in scene.forecast.politics.issues}
    return [(issues[name], f"governments.{actor}.issues.{name}") for name in named if name in issues]


def _chances(scene: Scene, columns: Columns, actor: str, *, at_election: bool) -> Floats:
    """Return probabilities of each stance, of shape (future, stance).

    The case's own weights where it has them, otherwise the forecast's for the issues it names: as now, or the mean of
    the mixtures over the elections ahead.
    """
    own = columns.table([f"governments.{actor}.stance.{stance}" for stance in STANCES], 0)
    if any(columns.has(f"governments.{actor}.stance.{stance}") for stance in STANCES):
        return _share_out(own)
    named = weighted_issues(scene, actor)
    issues = [(one, columns(parameter)) for one, parameter in named] or [
        (one, np.ones(columns.count)) for one in scene.forecast.politics.issues
    ]
    total = np.zeros((columns.count, len(STANCES)))
    for issue, weight in issues:
        rows = [one for one in issue.stances if one.actor == actor and one.basis != "position"]
        chosen = [one for one in rows if one.governs == MIXTURE] if at_election else []
        chosen = chosen or [one for one in rows if one.governs == NOW]
        for one in chosen:
            row = np.array([one.committed, one.transactional, one.reluctant])
            total += weight[:, None] * row[None, :] / len(chosen)
    return _share_out(total)


def _share_out(weights: Floats) -> Floats:
    """Return weights divided by their sum; alike where all are 0."""
    sums = weights.sum(axis=1, keepdims=True)
    return np.where(sums > 0, weights / np.where(sums > 0, sums, 1.0), 1.0 / len(STANCES))


def _draw_stance(columns: Columns, actor: str, chances: Floats) -> npt.NDArray[np.int64]:
    """Return the stance at the start in each future: what is held now is not known for sure."""
    steps = np.cumsum(chances, axis=1)[:, :-1]
    return np.asarray((columns.chance(stance_of(actor))[:, None] >= steps).sum(axis=1), dtype=np.int64)


def support_spread(issues: Sequence[IssuePolitics]) -> float:
    """Return the standard deviation of public support in tens of points; 0 where nobody was asked."""
    spreads = [(one.opinion.positions[2] - one.opinion.positions[0]) / (2 * _HALF_INTERVAL)
               for one in issues if one.opinion]  # fmt: skip
    return max(spreads, default=0.0) / _TENS


def _move(columns: Columns, scene: Scene, actor: str, chances: Floats) -> Floats:
    """Move the log-odds of stances by public support, which polls know with an error, and by what levers add."""
    named = [one for one, _ in weighted_issues(scene, actor)]
    own = [one for one in scene.forecast.politics.issues if any(row.actor == actor and row.basis != "position"
                                                                 for row in one.stances)]  # fmt: skip
    spread = support_spread(named) or support_spread(own)
    pull = columns(f"governments.{actor}.opinion_effect", 0) * spread * ndtri(columns.chance(opinion_of(actor)))
    pull = pull + columns(f"governments.{actor}.warmth", 0)
    edges = np.clip(np.cumsum(chances, axis=1)[:, :-1], 1e-9, 1 - 1e-9)
    moved = expit(logit(edges) + pull[:, None])
    return np.diff(np.concatenate([np.zeros_like(moved[:, :1]), moved, np.ones_like(moved[:, :1])], axis=1), axis=1)
