"""What could be done: all choices of a case played over the same futures and compared, with how each is named."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pactwork.brief import formats
from pactwork.brief.effort import Effort
from pactwork.brief.words import knows, say, spoken
from pactwork.choices.clusters import Mean
from pactwork.choices.comparison import compare_choices
from pactwork.choices.pairing import Difference
from pactwork.choices.requirements import Requirement
from pactwork.choices.views import ChoiceView, Comparison
from pactwork.facts.choices import BASELINE
from pactwork.facts.ledger import Ledger
from pactwork.facts.spreads import JUDGEMENT
from pactwork.forecast import Forecast
from pactwork.futures.compile import Calibrated, calibrate_case, compile_case
from pactwork.futures.ensemble import PLAYING
from pactwork.futures.keeping import Play, play_in_memory
from pactwork.progress import Progress, ignore_progress

_MOST_PLACES = 6
"""Behind the point; what is smaller is noise of floating point in any outcome's unit."""
HOLDS = 0.75
"""A requirement holds up where this share of futures meets it."""


@dataclass(frozen=True)
class Setting:
    """What words about choices need to know of a case.

    Attributes
    ----------
    buyer, supplier : str
        Names.
    money : str
        The unit of account, as one says it.
    exchanged : str
        The day at whose rates money is put into that unit; empty where rates do not move.
    levers : mapping of str to str
        Titles of levers, by name.
    tracked : tuple of str
        Levers that are pulled in some choice, and of which only the cost is counted.
    unknown : tuple of str
        Levers that are pulled in some choice, and whose effect may be none.
    judged, parameters : int
        Assumptions, those about levers included, and how many of them are judgement.
    """

    buyer: str = field(default_factory=lambda: say("side.buyer"))
    supplier: str = field(default_factory=lambda: say("side.supplier"))
    money: str = field(default_factory=lambda: _name_money("USD"))
    exchanged: str = ""
    levers: dict[str, str] = field(default_factory=dict)
    tracked: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    judged: int = 0
    parameters: int = 0


@dataclass(frozen=True, eq=False)
class Chosen:
    """Everything the brief says about choices; ``missing`` names what the case lacks where nothing is compared."""

    effort: Effort
    setting: Setting
    comparison: Comparison | None = None
    missing: tuple[str, ...] = ()
    runs: int = 0
    failed: int = 0

    @property
    def stamp(self) -> str:
        """What every picture says."""
        return " ".join(self.stamps)

    @property
    def stamps(self) -> tuple[str, str]:
        """The same in two lines."""
        compared, seed = self.comparison, str(self.effort.seed)
        first = say("stamp.seed", seed=seed)
        if compared:
            first = say("stamp.size", seed=seed, futures=str(compared.futures),
                        replications=str(compared.replications))  # fmt: skip
        scenario = formats.clean(compared.scenario) if compared and compared.scenario else say("tip.own_assumptions")
        return first, say("stamp.assumptions", scenario=scenario)

    @property
    def origin(self) -> str:
        """What every number of the comparison says of where it comes from."""
        compared = self.comparison
        scenario = formats.clean(compared.scenario) if compared and compared.scenario else say("tip.own_assumptions")
        return say("tip.compared", seed=str(self.effort.seed), scenario=scenario,
                   futures=compared.futures if compared else 0,
                   replications=compared.replications if compared else 0)  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        """Return all numbers, as brief.json has them."""
        size = {"seed": self.effort.seed, "runs": self.runs, "failed": self.failed}
        if self.comparison is None:
            return {"missing": list(self.missing)} | size
        return self.comparison.as_dict() | size | {"holds_up_from": HOLDS, "money": self.setting.money}


def play_choices(
    ledger: Ledger, forecast: Forecast, effort: Effort, calibrated: Calibrated | None = None,
    progress: Progress = ignore_progress, play: Play = play_in_memory, scenario: str | None = None,
) -> Chosen | None:  # fmt: skip
    """Play all choices of a case under one set of assumptions and compare them; None where nothing is asked for.

    Parameters
    ----------
    effort : Effort
        Futures are rounded up to whole scrambles of the design.
    calibrated : Calibrated, optional
        As `calibrate_case` found it; it is found again where it is not given.
    play : Play
        Who plays, and whether what was played is kept.
    scenario : str, optional
        Of the case; its own assumptions unless told otherwise.

    Raises
    ------
    CaseError
        When a criterion asks for an outcome that the case's runs do not have.
    """
    if effort.futures < 1:
        return None
    missing = find_missing(ledger)
    setting = _read_setting(ledger)
    if missing:
        return Chosen(effort, setting, missing=missing)
    calibrated = calibrated or calibrate_case(ledger, forecast, seed=effort.seed, progress=progress)
    progress("Getting choices ready", 0, 1)
    model = compile_case(
        ledger, forecast, scenario=scenario, points=effort.points, seed=effort.seed, calibrated=calibrated,
        choices=tuple(ledger.choices.choices),
    )  # fmt: skip

    def played(stage: str, done: int, total: int) -> None:
        if stage == PLAYING:  # what is kept is also checked and summed up, which has other units
            progress("Playing choices", done, total)

    ensemble = play(model, ledger, calibrated, replications=effort.replications, progress=played)

    def at(stage: str, done: int, total: int) -> None:
        progress(f"Comparing choices: {stage}", done, total)

    found = compare_choices(ensemble, ledger, forecast.politics, scenario=scenario or "", seed=effort.seed,
                            progress=at)  # fmt: skip
    return Chosen(effort, setting, found, runs=int(ensemble.status.size), failed=ensemble.failed)


def find_missing(ledger: Ledger) -> tuple[str, ...]:
    """Return what a case lacks for its choices to be compared, in words."""
    held = {
        "assumptions": bool(ledger.assumptions.parameters),
        "choices": len(ledger.choices.choices) > 1,
        "criteria": bool(ledger.choices.criteria),
    }
    return tuple(say(f"lacking.{name}") for name, there in held.items() if not there)


def _read_setting(ledger: Ledger) -> Setting:
    roles = {one.role: formats.clean(one.name) for one in ledger.about.partners}
    choices, assumed = ledger.choices, ledger.assumptions.parameters
    pulled = list(dict.fromkeys(name for one in choices.choices.values() for name in one.levers))
    moves = any(name.startswith("money.exchange.") for name in assumed)
    everything = {**choices.parameters, **assumed}
    return Setting(
        roles.get("buyer", say("side.buyer")), roles.get("supplier", say("side.supplier")),
        _name_money(ledger.about.currency), formats.spell_day(ledger.day) if moves else "",
        {name: formats.clean(lever.title) for name, lever in choices.levers.items()},
        tuple(name for name in pulled if choices.levers[name].tracked),
        tuple(name for name in pulled if not choices.levers[name].tracked and choices.levers[name].effect.low <= 0),
        sum(one.source == JUDGEMENT for one in everything.values()), len(everything),
    )  # fmt: skip


def _name_money(currency: str) -> str:
    return say(f"money_of.{currency}") if knows(f"money_of.{currency}") else currency


def is_clear(found: Mean) -> bool:
    """Return whether a difference is more than twice its standard error: less cannot be told from chance."""
    return math.isfinite(found.standard_error) and abs(found.value) > 2 * found.standard_error


def is_better(view: ChoiceView, one: Requirement) -> bool | None:
    """Return whether a choice does better than what is contracted on an outcome; None where that cannot be told."""
    found = view.differences[one.name].mean
    return None if not is_clear(found) else found.value * one.sign > 0


def count_met(view: ChoiceView, requirement: str) -> tuple[int, int]:
    """Return in how many futures a choice meets a requirement, and of how many."""
    met = view.robustness[requirement].met
    return (round(met.value * met.futures), met.futures) if met.futures else (0, 0)


def count_holding(view: ChoiceView, requirements: Sequence[Requirement]) -> tuple[int, int, int]:
    """Return how many requirements hold up under a choice; and the fewest and most that the intervals leave open."""
    met = [view.robustness[one.name].met for one in requirements]
    ends = ([one.value for one in met], [one.low for one in met], [one.high for one in met])
    holding, fewest, most = (sum(value >= HOLDS for value in values) for values in ends)
    return holding, fewest, most


def is_refused(view: ChoiceView) -> bool:
    """Return whether the supplier would rather refuse a choice."""
    return view.partner is not None and view.partner.agreement.refused


def baseline_of(found: Comparison) -> ChoiceView:
    """Return what is contracted."""
    return next(one for one in found.choices if one.choice == BASELINE)


def asked_by(found: Comparison, side: str) -> tuple[Requirement, ...]:
    """Return one side's requirements."""
    return tuple(one for one in found.requirements if one.stated.side == side)


def spell_money(millions: float, money: str, *, hedged: bool = True) -> str:
    """Return an amount as a person says it, to two digits; less than a million as such.

    Examples
    --------
    >>> spell_money(2247.0, "zloty"), spell_money(33.4, "zloty"), spell_money(0.2, "zloty"), spell_money(996.0, "zloty")
    ('about 2.2 billion zloty', 'about 33 million zloty', 'less than a million zloty', 'about 1 billion zloty')
    """
    size = abs(millions)
    if size < 0.95:
        return say("amount.small", money=money)
    rounded = float(f"{size:.2g}")
    if rounded < 1000:
        amount = say("amount.million", number=formats.number(rounded), money=money)
    else:
        amount = say("amount.billion", number=formats.number(rounded / 1000), money=money)
    return formats.hedge(amount, "about") if hedged else amount


def spell_difference(found: Difference, digits: int = 3) -> str:
    """Return a mean with its standard error, the mean to the error's first digit at least.

    ``digits`` are significant, or as many as stand before the point; neither is rounded to nothing, short of
    `_MOST_PLACES` behind the point.
    """
    value, error = found.mean.value, found.mean.standard_error
    if not math.isfinite(value):
        return "–"
    if value == 0 and not error > 0:
        return formats.number(0.0)
    known = [one for one in (value, error) if math.isfinite(one) and one]
    places = min(max(digits, *(_places(one) for one in known)), _MOST_PLACES)
    finest = _places(error) - _places(value) + 1 if len(known) == 2 else 0  # down to the error's first digit
    whole = 1 - _places(value) if value else 0
    shown = _round(value, max(digits, finest, whole), places)
    sign = "+" if value > 0 and shown != formats.number(0.0) else ""
    behind = f" ± {_round(error, digits, places)}" if math.isfinite(error) else ""
    return f"{sign}{shown}{behind}"


def _places(number: float) -> int:
    """Return how many places behind the point the first digit of a number needs; fewer than none before it."""
    return -math.floor(math.log10(abs(number)))


def _round(number: float, digits: int, places: int) -> str:
    return spoken().number(Decimal(f"{number:.{digits}g}"), places)
