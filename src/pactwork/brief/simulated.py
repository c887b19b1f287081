"""What could happen: the simulation under every scenario, three of its runs, and the price of interdependence."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from pactwork.brief import formats
from pactwork.brief.days import spell_month
from pactwork.brief.effort import Effort
from pactwork.brief.judgement import weigh_assumptions
from pactwork.brief.naming import part_name
from pactwork.brief.words import say
from pactwork.errors import CaseError
from pactwork.facts.choices import BASELINE
from pactwork.facts.ledger import Ledger
from pactwork.forecast import Forecast
from pactwork.futures.compile import Calibrated, calibrate_case, compile_case
from pactwork.futures.ensemble import PLAYING, Ensemble, years_to_day
from pactwork.futures.hindcast import Hindsight, look_back, prepare_hindcast
from pactwork.futures.keeping import Play, play_in_memory
from pactwork.futures.kernel import PLAYED
from pactwork.futures.replay import Story, replay
from pactwork.futures.results import Floats
from pactwork.progress import Progress, ignore_progress

OWN = "as assumed"
BAD_SHARE = 0.9
BIASED = 0.6
"""A simulation of the past is called too fast, or too slow, where more than this share of counts says so."""
_OUTER, _INNER = (0.05, 0.95), (0.25, 0.75)


@dataclass(frozen=True)
class Fan:
    """One series under one scenario: quantiles by quarter, and what is required, where something is."""

    scenario: str
    days: tuple[dt.date, ...]
    bands: tuple[tuple[float, float, float, float, float], ...]
    required: tuple[float, ...] = ()


@dataclass(frozen=True)
class Fans:
    """One subject under all scenarios; ``kind`` is ready or arrived, ``most`` the top of the scale."""

    kind: str
    subject: str
    name: str
    most: float
    panels: tuple[Fan, ...]


@dataclass(frozen=True)
class ScenarioRow:
    """A scenario and its main outcomes, in words and numbers ready to print.

    ``completions`` and ``readiness`` have an id, its name and what it comes to, for each lot and each system.
    """

    title: str
    why: str
    completions: tuple[tuple[str, str, str], ...]
    readiness: tuple[tuple[str, str, str], ...]
    closed_days: str
    crises: str


@dataclass(frozen=True)
class Shown:
    """One run that is shown: its place among all, and its story."""

    rank: str
    story: Story

    @property
    def name(self) -> str:
        """Its place among all runs, as a heading."""
        return say(f"run.{self.rank}")

    @property
    def stamp(self) -> str:
        """What tells this run from every other."""
        one = self.story.identity
        return say("stamp.run", seed=str(one["seed"]), future=str(one["future"]), replication=str(one["replication"]),
                   scenario=str(one["scenario"]))  # fmt: skip


@dataclass(frozen=True)
class Price:
    """One outcome with the theatres' dependence and without: means, difference and its standard error."""

    scenario: str
    outcome: str
    together: str
    apart: str
    difference: str
    clear: bool


@dataclass(frozen=True)
class Simulation:
    """Everything the brief says about futures."""

    effort: Effort
    runs: int
    failed: int
    scenarios: tuple[ScenarioRow, ...]
    fans: tuple[Fans, ...]
    shown: tuple[Shown, ...]
    prices: tuple[Price, ...]
    hindsight: tuple[Hindsight, ...]
    judged: int
    parameters: int

    @property
    def bias(self) -> str:
        """Whether the simulation of the year before ran ahead of what came, behind it, or neither, as a text's name."""
        below = sum(one.below for one in self.hindsight)
        above = sum(one.came > one.middle for one in self.hindsight)
        if below > BIASED * len(self.hindsight):
            return "ran_ahead"
        return "ran_behind" if above > BIASED * len(self.hindsight) else "ran_even"


def simulate_case(
    ledger: Ledger, forecast: Forecast, effort: Effort, progress: Progress = ignore_progress,
    calibrated: Calibrated | None = None, play: Play = play_in_memory,
) -> Simulation | None:  # fmt: skip
    """Play a case under its own assumptions and each scenario; None where it assumes nothing, or nothing is asked for.

    Parameters
    ----------
    effort : Effort
        Futures are rounded up to whole scrambles of the design.
    calibrated : Calibrated, optional
        As `calibrate_case` found it; it is found again where it is not given.
    play : Play
        Who plays, and whether what was played is kept.
    """
    parameters = ledger.assumptions.parameters
    if not parameters or effort.futures < 1:
        return None
    calibrated = calibrated or calibrate_case(ledger, forecast, points=effort.calibration, seed=effort.seed,
                                              progress=progress)  # fmt: skip
    names: list[str | None] = list(ledger.assumptions.scenarios) or [None]
    played: dict[str, Ensemble] = {}
    for at, name in enumerate(names):

        def told(stage: str, done: int, total: int, before: int = at) -> None:
            if stage == PLAYING:
                progress("Playing futures", before * total + done, len(names) * total)

        played[name or OWN] = _play(ledger, forecast, effort, calibrated, play, name, progress=told)
    progress("Playing futures", len(names), len(names))
    first, assumed = next(iter(played.values())), weigh_assumptions(ledger, scenarios=True)
    return Simulation(
        effort, sum(one.status.size for one in played.values()), sum(one.failed for one in played.values()),
        tuple(_row_of(ledger, name, one) for name, one in played.items()),
        tuple(_fans_of(ledger, played, effort.details)),
        _choose_runs(first),
        tuple(_find_prices(ledger, forecast, effort, calibrated, play, played)) if effort.details else (),
        _look_back(ledger, effort, play, progress) if effort.details else (),
        assumed.judged, assumed.total,
    )  # fmt: skip


def _look_back(ledger: Ledger, effort: Effort, play: Play, progress: Progress) -> tuple[Hindsight, ...]:
    """Return what would have been simulated at the beginning of the year before; nothing where nothing was ordered."""
    then = dt.date(ledger.day.year - 1, 1, 31)
    try:
        ready = prepare_hindcast(ledger, then, points=effort.points, seed=effort.seed, progress=progress)
    except CaseError:
        return ()
    return look_back(ledger, ready, effort.replications, play)


def _play(
    ledger: Ledger, forecast: Forecast, effort: Effort, calibrated: Calibrated, play: Play, scenario: str | None, *,
    apart: bool = False, progress: Progress = ignore_progress,
) -> Ensemble:  # fmt: skip
    model = compile_case(
        ledger, forecast, scenario=scenario, points=effort.points, seed=effort.seed, calibrated=calibrated
    )
    return play(model, ledger, calibrated, replications=effort.replications, apart=apart, progress=progress)


def _title(ledger: Ledger, name: str) -> str:
    scenario = ledger.assumptions.scenarios.get(name)
    return formats.clean(scenario.title) if scenario else say("run.as_assumed")


def _row_of(ledger: Ledger, name: str, ensemble: Ensemble) -> ScenarioRow:
    scenario = ledger.assumptions.scenarios.get(name)
    lots = [one for one in ensemble.model.names["lot"] if f"signing.{one.removesuffix('-local')}.signings_per_year"
            not in ensemble.model.design.parameters]  # fmt: skip
    played = ensemble.status[0] == PLAYED
    done = {lot for lot in lots if (ensemble.outcome(f"{lot}.completed_years")[played] == 0.0).all()}
    completions = [(lot, part_name(ledger, lot), _median_day(ensemble, lot)) for lot in lots if lot not in done]
    shares = {one: _per_cent(ensemble.outcome(f"{one}.mean_readiness")) for one in ensemble.model.names["system"]}
    readiness = [(system, formats.clean(ledger.name_of(system)), share) for system, share in shares.items()]
    closed = np.nanmean(ensemble.outcome("passage_closed_days")) / _years(ensemble)
    crises = int(np.isfinite(ensemble.outcome("first_crisis_years")).sum())
    return ScenarioRow(
        _title(ledger, name), formats.clean(scenario.why) if scenario else "", tuple(completions), tuple(readiness),
        f"{closed:.0f}", say("range.part", part=crises, whole=int(ensemble.status[0].size)),
    )  # fmt: skip


def _years(ensemble: Ensemble) -> float:
    return ensemble.model.steps * ensemble.model.step_years


def _median_day(ensemble: Ensemble, lot: str) -> str:
    years = ensemble.outcome(f"{lot}.completed_years")[ensemble.status[0] == PLAYED]
    middle = np.quantile(np.where(np.isnan(years), np.inf, years), 0.5, method="inverted_cdf")
    day = years_to_day(ensemble.model, float(middle)) if np.isfinite(middle) else None
    if day:
        return spell_month(day, short=True)
    return say("calendar.after", year=str(ensemble.model.horizon.year - 1))


def _per_cent(values: Floats) -> str:
    means = np.nanmean(values, axis=1)
    low, middle, high = 100 * np.quantile(means, (0.1, 0.5, 0.9))
    return say("run.readiness", middle=f"{middle:.0f}", low=f"{low:.0f}", high=f"{high:.0f}")


def _fans_of(ledger: Ledger, played: dict[str, Ensemble], details: bool) -> list[Fans]:
    model = next(iter(played.values())).model
    found = [_fans("ready", system, ledger, played) for system in model.names["system"]]
    found += [_fans("arrived", lot, ledger, played) for lot in model.names["lot"] if details]
    return [one for one in found if one.most > 0]


def _fans(kind: str, subject: str, ledger: Ledger, played: dict[str, Ensemble]) -> Fans:
    panels = []
    for name, ensemble in played.items():
        levels = (_OUTER[0], _INNER[0], 0.5, _INNER[1], _OUTER[1])
        rows = np.stack([ensemble.quantiles_of(f"{subject}.{kind}", level) for level in levels], axis=1)
        required = _required(ensemble, subject) if kind == "ready" else ()
        bands = tuple((float(a), float(b), float(c), float(d), float(e)) for a, b, c, d, e in rows)
        panels.append(Fan(_title(ledger, name), ensemble.model.quarters, bands, required))
    most = max(max(*(band[4] for band in one.bands), *(one.required or (0.0,))) for one in panels)
    return Fans(kind, subject, part_name(ledger, subject), most, tuple(panels))


def _required(ensemble: Ensemble, system: str) -> tuple[float, ...]:
    """Return the median of what is required over futures, by quarter."""
    at = ensemble.model.names["system"].index(system)
    plans = [ensemble.model.make(future)[1][0] for future in range(ensemble.model.design.futures)]
    paths = np.stack([plan.fleet.required[plan.report.quarters, at] for plan in plans])
    return tuple(float(one) for one in np.median(paths, axis=0))


def _choose_runs(ensemble: Ensemble) -> tuple[Shown, ...]:
    """Return a typical, a bad and the worst run: by the item-years that ready items fell short of required ones."""
    systems = ensemble.model.names["system"]
    if not systems:
        return ()
    gap = np.sum([ensemble.outcome(f"{system}.gap_item_years") for system in systems], axis=0)
    order = np.argsort(np.where(np.isnan(gap), -np.inf, gap), axis=None, kind="stable")
    found = []
    for rank, share in (("typical", 0.5), ("bad", BAD_SHARE), ("worst", 1.0)):
        future, replication = np.unravel_index(order[round(share * (len(order) - 1))], gap.shape)
        story = replay(ensemble.model, future=int(future), replication=int(replication), choice=BASELINE)
        found.append(Shown(rank, story))
    return tuple(found)


def _find_prices(
    ledger: Ledger, forecast: Forecast, effort: Effort, calibrated: Calibrated, play: Play, played: dict[str, Ensemble]
) -> list[Price]:
    """Return outcomes with each theatre's risk kept and dependence broken, for the first scenario and the most linked.

    The most linked is the scenario whose theatres raise each other's odds most: the largest mean factor in a war.
    """
    linked = {name: _linkage(one) for name, one in played.items()}
    chosen = dict.fromkeys([next(iter(played)), max(linked, key=lambda name: linked[name])])
    theatres = len(next(iter(played.values())).model.names["theatre"])
    if theatres < 2 or effort.replications < theatres:
        return []
    found = []
    for name in chosen:
        scenario = None if name == OWN else name
        apart = _play(ledger, forecast, effort, calibrated, play, scenario, apart=True)
        outcomes = [(f"{system}.gap_item_years", say("run.gap", system=ledger.name_of(system)))
                    for system in apart.model.names["system"]]  # fmt: skip
        outcomes += [("passage_closed_days", say("run.closed_days")),
                     ("supplier_earns", say("run.earns"))]  # fmt: skip
        found += [_price(_title(ledger, name), words, played[name], apart, outcome) for outcome, words in outcomes]
    return found


def _linkage(ensemble: Ensemble) -> float:
    environment, _ = ensemble.model.make(0)
    return float(environment.theatres.opportunism.mean()) if environment.theatres.opportunism.size else 0.0


def _price(scenario: str, words: str, together: Ensemble, apart: Ensemble, outcome: str) -> Price:
    """Return one outcome both ways; the error is that of the difference, scramble by scramble of the same design."""
    one, other = together.outcome(outcome), apart.outcome(outcome)
    scrambles = together.model.design.scramble
    gaps = [np.nanmean(one[scrambles == at]) - np.nanmean(other[scrambles == at]) for at in np.unique(scrambles)]
    difference, error = float(np.mean(gaps)), float(np.std(gaps, ddof=1) / np.sqrt(len(gaps)))
    return Price(
        scenario, formats.clean(words), f"{np.nanmean(one):,.1f}", f"{np.nanmean(other):,.1f}",
        f"{difference:+,.1f} ± {error:,.1f}", abs(difference) > 2 * error,
    )  # fmt: skip
