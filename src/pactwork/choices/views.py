"""What a comparison holds: frozen views of each choice, and of each requirement."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np

from pactwork.choices.boxes import Box
from pactwork.choices.break_even import BreakEven
from pactwork.choices.clusters import Mean
from pactwork.choices.origins import Origin
from pactwork.choices.pairing import Difference
from pactwork.choices.partner import Partner
from pactwork.choices.requirements import Requirement
from pactwork.choices.robustness import Robustness
from pactwork.choices.sensitivity import GroupInteraction, Share
from pactwork.choices.stability import Stability


@dataclass(frozen=True)
class Rank:
    """A choice's place on a view of a requirement, 1 the best; how often resampling gives another, and the first."""

    rank: float
    flips: float
    first: float


@dataclass(frozen=True, eq=False)
class FailureBox:
    """Futures in which a choice falls short of a requirement more often, in words and numbers."""

    requirement: str
    words: str
    box: Box
    stability: Stability
    columns: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Worth:
    """From which effect on a lever is worth having, and worth its cost.

    Attributes
    ----------
    useful : BreakEven
        From which effect on it helps at all.
    worth_its_cost : BreakEven or None
        From which effect on it gives more than ``alternative`` would for the same money; None where no alternative
        helps.
    alternative : str
        The choice with known effects that buys most for its money; empty where none helps.
    """

    lever: str
    requirement: str
    useful: BreakEven
    worth_its_cost: BreakEven | None
    alternative: str

    @property
    def helps(self) -> bool:
        """Whether it is seen to help at all: on average over the effects that occur, luck of the futures left aside."""
        return self.useful.verdict in ("from", "always") and self.useful.mean_low > 0


@dataclass(frozen=True, eq=False)
class ChoiceView:
    """One choice beside all others.

    Attributes
    ----------
    cost : Difference
        In the buyer's currency, in millions, beyond what is contracted.
    robustness, differences, ranks : mappings by requirement
        Views of it; the paired difference from what is contracted; ranks by view (``met``, ``mean``, ``worst_decile``,
        ``regret``).
    idle : bool
        Whether it changes nothing but costs, in any run.
    """

    choice: str
    title: str
    levers: tuple[str, ...]
    cost: Difference
    robustness: Mapping[str, Robustness]
    differences: Mapping[str, Difference]
    ranks: Mapping[str, Mapping[str, Rank]]
    partner: Partner | None
    boxes: tuple[FailureBox, ...]
    worth: tuple[Worth, ...]
    idle: bool


@dataclass(frozen=True, eq=False)
class Driver:
    """An uncertainty that an outcome hangs on, and what kind of knowledge it is."""

    name: str
    share: Share
    kind: str


@dataclass(frozen=True, eq=False)
class OutcomeDrivers:
    """What one requirement's outcome hangs on, as contracted.

    Attributes
    ----------
    drivers : tuple of Driver
        The largest first; only those whose interval lies above 0.
    silent : int
        Uncertainties of which no effect was seen.
    r_squared : float
        Of the surrogate; totals and interactions are withheld below 0.8.
    theatres : GroupInteraction or None
        What the two partners' own theatres do together that neither does alone.
    """

    requirement: str
    outcome: str
    drivers: tuple[Driver, ...]
    silent: int
    r_squared: float
    theatres: GroupInteraction | None
    origin: Origin


@dataclass(frozen=True)
class Deterrence:
    """How large a deterrent effect would have to be, since none is modelled.

    ``needed`` is the share of crises to be prevented for "as contracted" to do as well on a requirement as the best
    choice does; above 1 not even all of them would do. None where a crisis makes no difference, or nothing does better
    than what is contracted.
    """

    requirement: str
    best: str
    gain: float
    crisis_costs: float
    chance: Mean
    needed: float | None


@dataclass(frozen=True, eq=False)
class Comparison:
    """All choices of a run over the same futures and the same luck."""

    case: str
    scenario: str
    futures: int
    replications: int
    requirements: tuple[Requirement, ...]
    choices: tuple[ChoiceView, ...]
    drivers: tuple[OutcomeDrivers, ...]
    deterrence: tuple[Deterrence, ...]
    idle_levers: tuple[str, ...]
    untested_levers: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON document of ``pactwork compare``; what is no number is null."""
        return {
            "case": self.case, "scenario": self.scenario, "futures": self.futures, "replications": self.replications,
            "requirements": [
                {**plain(one.stated), "name": one.name} for one in self.requirements
            ],
            "choices": [_tell_choice(one) for one in self.choices],
            "sensitivity": [plain(one) for one in self.drivers],
            "deterrence": [plain(one) for one in self.deterrence],
            "levers_that_change_nothing": list(self.idle_levers),
            "levers_not_tried_alone": list(self.untested_levers),
        }  # fmt: skip


def _tell_choice(one: ChoiceView) -> dict[str, Any]:
    return {
        "choice": one.choice, "title": one.title, "levers": list(one.levers), "changes_nothing": one.idle,
        "cost": plain(one.cost), "robustness": {name: plain(view) for name, view in one.robustness.items()},
        "differences": {name: plain(difference) for name, difference in one.differences.items()},
        "ranks": {name: {view: plain(rank) for view, rank in views.items()} for name, views in one.ranks.items()},
        "partner": plain(one.partner) | {"would_refuse": one.partner.agreement.refused} if one.partner else None,
        "vulnerability": [
            {"requirement": box.requirement, "words": box.words, **plain(box.box), "stability": plain(box.stability),
             "columns": list(box.columns)} for box in one.boxes
        ],
        "break_even": [plain(worth) | {"helps": worth.helps} for worth in one.worth],
    }  # fmt: skip


def plain(value: Any) -> Any:
    """Return a view as JSON has it: tables by name, without its arrays, and null for what is no number."""
    if is_dataclass(value) and not isinstance(value, type):
        found = {field.name: getattr(value, field.name) for field in fields(value) if not field.name.startswith("_")}
        return {name: plain(one) for name, one in found.items() if not isinstance(one, np.ndarray)}
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    return value.item() if isinstance(value, np.generic) else value
