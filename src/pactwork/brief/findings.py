"""Everything the brief says, worked out once from the ledger, before any of it is written or drawn."""

from __future__ import annotations

from dataclasses import dataclass

from pactwork.brief import formats
from pactwork.brief.arrivals import Arrivals, find_arrivals
from pactwork.brief.chosen import Chosen, find_missing, play_choices
from pactwork.brief.contested import Contested, find_contested
from pactwork.brief.effort import Effort
from pactwork.brief.judgement import Judgement, weigh_judgement
from pactwork.brief.matrix import Matrix, make_matrix
from pactwork.brief.narrative import check_narratives
from pactwork.brief.opinion import Question, View, find_questions, find_views
from pactwork.brief.outlook import Outlook, find_outlook
from pactwork.brief.promises import Promises, Recommendation, find_promises, find_recommendations
from pactwork.brief.simulated import Simulation, simulate_case
from pactwork.brief.stakeholders import Bargain, Profiles, read_bargains, read_profiles
from pactwork.brief.standing import Standing, make_standing
from pactwork.brief.timeline import Timeline, make_timeline
from pactwork.brief.together import Together, read_together
from pactwork.facts.ledger import Ledger
from pactwork.facts.status import make_status
from pactwork.forecast import Forecast, make_forecast
from pactwork.futures.compile import Calibrated, calibrate_case
from pactwork.futures.keeping import Play, play_in_memory
from pactwork.progress import Progress, ignore_progress


@dataclass(frozen=True)
class Findings:
    """The brief's content, section by section."""

    ledger: Ledger
    forecast: Forecast
    standing: Standing
    arrivals: tuple[Arrivals, ...]
    outlook: Outlook
    simulation: Simulation | None
    chosen: Chosen | None
    matrix: Matrix
    recommendations: tuple[Recommendation, ...]
    contested: Contested
    promises: Promises
    questions: tuple[Question, ...]
    together: tuple[Together, ...]
    views: tuple[View, ...]
    profiles: Profiles | None
    bargains: tuple[Bargain, ...]
    timeline: Timeline
    judgement: Judgement

    @property
    def partners(self) -> tuple[str, ...]:
        """Names of the two sides, the buyer first."""
        held = sorted(self.ledger.about.partners, key=lambda one: ("buyer", "partner", "supplier").index(one.role))
        return tuple(formats.clean(one.name) for one in held)

    @property
    def trade(self) -> tuple[str, str] | None:
        """Names of buyer and supplier; None where the case does not say who is which."""
        roles = {one.role: formats.clean(one.name) for one in self.ledger.about.partners}
        return (roles["buyer"], roles["supplier"]) if {"buyer", "supplier"} <= set(roles) else None


def gather_findings(
    ledger: Ledger, effort: Effort | None = None, progress: Progress = ignore_progress, choices: Effort | None = None,
    play: Play = play_in_memory,
) -> Findings:  # fmt: skip
    """Return everything the brief says about a ledger; nothing is simulated without an effort.

    Parameters
    ----------
    effort, choices : Effort, optional
        For what could happen under each scenario, and for the comparison of choices.
    play : Play
        Who plays, and whether what was played is kept.

    Raises
    ------
    CaseError
        When an author's words of the case cannot be placed.
    """
    check_narratives(ledger)
    status = make_status(ledger)
    forecast = make_forecast(ledger)
    politics = forecast.politics
    calibrated = _calibrate(ledger, forecast, effort, choices, progress)
    return Findings(
        ledger=ledger,
        forecast=forecast,
        standing=make_standing(ledger, status),
        arrivals=find_arrivals(ledger, status),
        outlook=find_outlook(ledger, forecast.deliveries),
        simulation=simulate_case(ledger, forecast, effort, progress, calibrated, play) if effort else None,
        chosen=play_choices(ledger, forecast, choices, calibrated, progress, play) if choices else None,
        matrix=make_matrix(ledger),
        recommendations=find_recommendations(ledger),
        contested=find_contested(ledger),
        promises=find_promises(ledger),
        questions=find_questions(ledger),
        together=read_together(ledger, politics),
        views=find_views(ledger),
        profiles=read_profiles(ledger, politics),
        bargains=read_bargains(ledger, politics),
        timeline=make_timeline(ledger),
        judgement=weigh_judgement(ledger),
    )


def _calibrate(
    ledger: Ledger, forecast: Forecast, effort: Effort | None, choices: Effort | None, progress: Progress
) -> Calibrated | None:
    """Return how the case is calibrated, found once for all that is simulated; None where nothing is."""
    played = effort is not None and effort.futures > 0
    compared = choices is not None and choices.futures > 0 and not find_missing(ledger)
    if not ledger.assumptions.parameters or not (played or compared):
        return None
    asked = (effort if played else choices) or Effort()
    return calibrate_case(ledger, forecast, points=asked.calibration, seed=asked.seed, progress=progress)
