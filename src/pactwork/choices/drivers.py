"""What outcomes hang on, as contracted; and how large a deterrent effect would have to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from pactwork.choices.clusters import estimate_mean
from pactwork.choices.criteria import Floats
from pactwork.choices.origins import find_origin, kind_of
from pactwork.choices.reading import Table
from pactwork.choices.requirements import Requirement
from pactwork.choices.sensitivity import GroupInteraction, Sensitivity, measure_sensitivity
from pactwork.choices.views import Deterrence, Driver, OutcomeDrivers
from pactwork.facts.assumptions import Parameter

MOST_DRIVERS = 12
CRISIS = "first_crisis_years"


def find_drivers(
    table: Table, requirements: Sequence[Requirement], parameters: Mapping[str, Parameter], theatres: Sequence[str],
    seed: int,
) -> tuple[OutcomeDrivers, ...]:  # fmt: skip
    """Return what each requirement's outcome hangs on where nothing is added to what is contracted.

    Parameters
    ----------
    theatres : sequence of str
        The two partners' own, whose interaction is looked at by itself.
    """
    found = []
    own = [at for at, name in enumerate(table.columns) if not name.startswith("levers.")]
    columns = [table.columns[at] for at in own]
    for one in requirements:
        values = table.outcomes[one.stated.outcome][table.baseline]
        sensitivity = measure_sensitivity(table.x[:, own], values, seed=seed)
        seen = [(at, share) for at, share in enumerate(sensitivity.first) if share.low > 0]
        seen.sort(key=lambda pair: -pair[1].value)
        drivers = tuple(
            Driver(columns[at], share, kind_of(columns[at], parameters)) for at, share in seen[:MOST_DRIVERS]
        )
        found.append(OutcomeDrivers(
            one.name, one.stated.outcome, drivers, len(columns) - len(seen), sensitivity.r_squared,
            _interact(sensitivity, columns, theatres), find_origin(sensitivity, columns, parameters),
        ))  # fmt: skip
    return tuple(found)


def _interact(found: Sensitivity, columns: Sequence[str], theatres: Sequence[str]) -> GroupInteraction | None:
    if len(theatres) != 2:
        return None
    groups = [
        [at for at, name in enumerate(columns) if name.startswith(f"theatres.{theatre}.")] for theatre in theatres
    ]
    return found.interaction(*groups) if all(groups) else None


def find_deterrence(table: Table, requirements: Sequence[Requirement]) -> tuple[Deterrence, ...]:
    """Return by how much crises would have to be rarer for what is contracted to do as well as the best choice.

    Notes
    -----
    What a crisis costs is the difference between runs with one in the horizon and runs without, within the same future;
    the same difference is taken to vanish for each crisis that is prevented. Only outcomes that every run has count.
    """
    if CRISIS not in table.outcomes:
        return ()
    found, base = [], table.baseline
    crisis = np.isfinite(table.outcomes[CRISIS][base])
    chance = estimate_mean(crisis.mean(axis=1), table.scramble)
    for one in requirements:
        values = table.outcomes[one.stated.outcome]
        if len(table.choices) < 2 or np.isnan(np.where(table.failed, 0.0, values)).any():
            continue
        goodness = one.sign * np.where(table.failed, np.nan, values)
        means = np.nanmean(goodness, axis=(1, 2))
        best = int(np.argmax(means))
        cost = _crisis_costs(goodness[base], crisis)
        gain = float(means[best] - means[base])
        matters = best != base and cost > 0 and chance.value > 0
        needed = gain / (cost * chance.value) if matters else None
        found.append(Deterrence(one.name, table.choices[best], gain, cost, chance, needed))
    return tuple(found)


def _crisis_costs(goodness: Floats, crisis: np.ndarray) -> float:
    """Return how much better runs without a crisis do than those with one, over futures that have both."""
    known = np.isfinite(goodness)
    with_one, without = crisis & known, ~crisis & known
    both = with_one.any(axis=1) & without.any(axis=1)
    if not both.any():
        return 0.0
    filled = np.where(known, goodness, 0.0)
    apart = [np.where(part, filled, 0.0).sum(axis=1)[both] / part.sum(axis=1)[both] for part in (without, with_one)]
    return float((apart[0] - apart[1]).mean())
