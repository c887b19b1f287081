"""What polls say together: the trend of each option, its pollsters' and wordings' effects, and each poll foretold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.special import expit
from scipy.stats import norm

from pactwork.forecast.polls.gaussian import Floats, Parameters, explain_variance
from pactwork.forecast.polls.kalman import average, predict_each, smooth
from pactwork.forecast.polls.questions import DESIGN_EFFECT, SAMPLE_UNSTATED, Question, make_series
from pactwork.forecast.polls.sizes import fit, spread_sizes

BIAS_SD = 0.1
"""Standard deviation, in logits, of what all polls of a question share and none shows: 2.5 points at 50 %.

Its mean absolute size is 2 points, as Shirani-Mehr, Rothschild, Goel and Gelman (2018) find for election polls in the
United States. It widens trends and forecasts of opinion, not predictions of polls, which share it.
"""
_DRAWS = 801
_RECORD = 20
"""The polls' own record widens intervals against this many imagined polls that behave as the model says."""
_MUCH_REST = 15.0
"""Percent that no printed answer holds from which on a note says so."""
BIAS = "common bias"


@dataclass(frozen=True)
class Band:
    """A share, or a difference of shares, with its 95 % interval: percent or points; ``label`` says of what or when."""

    label: str
    mean: float
    q025: float
    q975: float

    def as_dict(self, name: str, value: str = "mean") -> dict[str, Any]:
        """Return the band as a JSON object whose label is called ``name``."""
        return {name: self.label, value: self.mean, "q025": self.q025, "q975": self.q975}


@dataclass(frozen=True)
class Foretold:
    """A poll, and what the polls of earlier days said it would report, in percent."""

    day: dt.date
    pollster: str
    wording: str
    mean: float
    q025: float
    q975: float
    observed: float

    def as_dict(self) -> dict[str, Any]:
        """Return the row of ``one_ahead``."""
        return {"date": self.day.isoformat(), "pollster": self.pollster, "wording": self.wording, "mean": self.mean,
                "q025": self.q025, "q975": self.q975, "observed": self.observed}  # fmt: skip


@dataclass(frozen=True)
class OptionOpinion:
    """One option of a question.

    ``trend`` and ``ahead`` are shares of all asked, a common bias allowed for; ``house_effects`` and
    ``wording_effects`` are in points, on the last day; ``uncertainty`` holds each cause's share of that day's variance.
    """

    option: str
    trend: tuple[Band, ...]
    ahead: tuple[Band, ...]
    house_effects: tuple[Band, ...]
    wording_effects: tuple[Band, ...]
    one_ahead: tuple[Foretold, ...]
    uncertainty: dict[str, float]

    @property
    def now(self) -> Band:
        """The share on the last day of the trend."""
        return self.trend[-1]

    @property
    def dominant(self) -> str:
        """What makes most of the uncertainty."""
        return max(self.uncertainty, key=lambda cause: self.uncertainty[cause])

    def as_dict(self) -> dict[str, Any]:
        """Return the option as JSON."""
        return {
            "option": self.option,
            "trend": [band.as_dict("date") for band in self.trend],
            "ahead": [band.as_dict("date") for band in self.ahead],
            "house_effects": [band.as_dict("pollster", "points") for band in self.house_effects],
            "wording_effects": [band.as_dict("wording", "points") for band in self.wording_effects],
            "one_ahead": [one.as_dict() for one in self.one_ahead],
            "uncertainty": self.uncertainty,
            "dominated_by": self.dominant,
        }


@dataclass(frozen=True)
class QuestionOpinion:
    """One question in one form of answer.

    ``rest`` is the trend of what no printed option holds, if anything; ``parameters`` are the fitted sizes, one set for
    each option that is taken off the whole.
    """

    question: Question
    options: tuple[OptionOpinion, ...]
    rest: tuple[Band, ...]
    parameters: tuple[Parameters, ...]
    notes: tuple[str, ...]

    def option(self, name: str) -> OptionOpinion:
        """Return one option; KeyError if the question does not have it."""
        for one in self.options:
            if one.option == name:
                return one
        raise KeyError(name)

    def as_dict(self) -> dict[str, Any]:
        """Return the question as JSON."""
        return {
            "question_id": self.question.question_id,
            "population": self.question.population,
            "choices": self.question.choices,
            "wordings": list(self.question.wordings),
            "polls": len(self.question.polls),
            "options": [one.as_dict() for one in self.options],
            "rest": [band.as_dict("date") for band in self.rest],
            "sizes": [asdict(one) for one in self.parameters],
            "notes": list(self.notes),
        }


class _Link:
    """One link of the chain of options: its series, its fitted model, and the normal draws it shares with no other."""

    def __init__(self, question: Question, number: int, origin: dt.date, days: Floats) -> None:
        self.series, self.held = make_series(question, number, origin)
        self.parameters = fit(self.series)
        sizes = spread_sizes(self.series, self.parameters)
        self.smoothed = average((weight, smooth(self.series, one, days)) for weight, one in sizes)
        self.predictions = predict_each(self.series)
        self.draws = np.random.default_rng(number).permutation(norm.ppf((np.arange(_DRAWS) + 0.5) / _DRAWS))
        spread = np.sqrt(self.predictions.variance + self.series.variances)
        self.widening = _learn_widening(np.abs(self.series.values - self.predictions.mean) / spread, self.series.days)

    def states(self, days: Floats, extra: float = 0.0) -> tuple[Floats, Floats]:
        """Return mean and standard deviation of the level on some of the days that were asked for."""
        place = np.searchsorted(self.smoothed.days, days)
        return self.smoothed.level[place], np.sqrt(self.smoothed.variance[place] + extra) * self.widening[-1]


def _learn_widening(errors: Floats, days: Floats) -> Floats:
    """Return by how much intervals must be widened before each poll, and after the last: never less than 1.

    Parameters
    ----------
    errors : ndarray of shape (polls,)
        Absolute standardised errors of predictions.
    days : ndarray of shape (polls,)
        Days of the polls; only errors of earlier days count.

    Notes
    -----
    The 95th percentile of earlier errors, taken together with `_RECORD` imagined ones that are as the normal says, over
    the normal's own. So a series with surprises gets intervals that cover, without looking at what it is to foretell.
    """
    imagined = norm.ppf(0.5 + 0.5 * (np.arange(_RECORD) + 0.5) / _RECORD)
    widening = []
    for day in [*days, np.inf]:
        pool = np.concatenate([imagined, errors[: np.searchsorted(days, day)]])
        widening.append(max(1.0, float(np.quantile(pool, 0.95, method="higher")) / norm.ppf(0.975)))
    return np.array(widening)


def _take_shares(means: Sequence[Floats], spreads: Sequence[Floats], links: Sequence[_Link]) -> Floats:
    """Return percent by option, of shape (links + 1, cases, draws), from each link's mean and spread by case."""
    left: Floats = np.full((len(means[0]), _DRAWS), 100.0)
    shares = []
    for mean, spread, link in zip(means, spreads, links, strict=True):
        taken = left * expit(mean[:, None] + spread[:, None] * link.draws)
        shares.append(taken)
        left = left - taken
    return np.array([*shares, left])


def _bands(labels: Sequence[str], draws: Floats) -> tuple[Band, ...]:
    """Return one band a row of draws, an array of shape (rows, draws)."""
    low, high = np.quantile(draws, [0.025, 0.975], axis=1)
    means = draws.mean(axis=1)
    rows = zip(labels, means, low, high, strict=True)
    return tuple(Band(label, *(round(float(x), 4) for x in numbers)) for label, *numbers in rows)


def estimate_opinion(
    question: Question, day: dt.date | None = None, ahead: Sequence[int] = (30, 90, 365)
) -> QuestionOpinion:
    """Return what the polls of one question say.

    Parameters
    ----------
    question : Question
        Polls that can be read together.
    day : datetime.date, optional
        The last day of the trend, where it is not that of the last poll.
    ahead : sequence of int
        Days after that for which opinion is foretold.
    """
    origin = question.polls[0].day
    last = max(question.polls[-1].day, day or question.polls[-1].day)
    polled = sorted({poll.day for poll in question.polls} | {last})
    future = [last + dt.timedelta(days=step) for step in ahead]
    days = np.array([(one - origin).days for one in [*polled, *future]], dtype=float)
    count = len(question.options) - (0 if question.rest else 1)
    links = [_Link(question, number, origin, days) for number in range(count)]
    states = [link.states(days, BIAS_SD**2) for link in links]
    shares = _take_shares([mean for mean, _ in states], [spread for _, spread in states], links)
    foretold = _foretell(question, links)
    labels = [one.isoformat() for one in [*polled, *future]]
    split = len(polled)
    options = []
    for number, option in enumerate(question.options):
        bands = _bands(labels, shares[number])
        options.append(
            OptionOpinion(
                option, bands[:split], bands[split:],
                _find_effects(question.pollsters, links, number, 1),
                _find_effects(question.wordings, links, number, 1 + len(question.pollsters))
                if len(question.wordings) > 1 else (),
                foretold[number],
                _explain(links[min(number, count - 1)], float(days[split - 1])),
            )
        )  # fmt: skip
    rest = _bands(labels[:split], shares[-1][:split]) if question.rest else ()
    notes = _note(question, options, rest)
    return QuestionOpinion(question, tuple(options), rest, tuple(one.parameters for one in links), notes)


def _foretell(question: Question, links: Sequence[_Link]) -> list[tuple[Foretold, ...]]:
    """Return, by option, each poll that prints it as the polls of earlier days foretold it."""
    found: list[tuple[Foretold, ...]] = []
    for number, option in enumerate(question.options):
        chain = links[: number + 1]
        usable = [index for index in chain[-1].held if option in question.polls[index].shares]
        if not usable:
            found.append(())
            continue
        means, spreads = [], []
        left = np.ones(len(usable))
        for link in chain:
            place = np.searchsorted(link.held, usable)
            mean, variance = link.predictions.mean[place], link.predictions.variance[place]
            share = expit(mean)
            size = left * [question.polls[index].size for index in usable]
            spread = np.sqrt(variance + DESIGN_EFFECT / ((size + 1) * share * (1 - share)))
            means.append(mean)
            spreads.append(spread * link.widening[place])
            left = left * (1 - share)
        shares = _take_shares(means, spreads, chain)
        bands = _bands([""] * len(usable), shares[number])
        polls = [question.polls[index] for index in usable]
        found.append(tuple(
            Foretold(poll.day, poll.pollster, poll.wording, band.mean, band.q025, band.q975, poll.shares[option])
            for poll, band in zip(polls, bands, strict=True)
        ))  # fmt: skip
    return found


def _find_effects(names: Sequence[str], links: Sequence[_Link], option: int, first: int) -> tuple[Band, ...]:
    """Return by how many points each pollster, or wording, is off on the last day of the polls."""
    levels, effects, spreads = [], [], []
    for link in links:
        end = int(np.searchsorted(link.smoothed.days, link.series.days[-1]))
        held = slice(first, first + len(names))
        levels.append(np.full(len(names), link.smoothed.level[end]))
        effects.append(link.smoothed.states[end, held])
        spreads.append(np.sqrt(link.smoothed.covariances[end].diagonal()[held]))
    base = _take_shares(levels, [np.zeros(len(names))] * len(links), links)[option]
    moved = _take_shares([level + effect for level, effect in zip(levels, effects, strict=True)], spreads, links)[
        option
    ]
    return _bands(names, moved - base)


def _explain(link: _Link, day: float) -> dict[str, float]:
    """Return what share of the last day's variance each cause makes."""
    parts = {**explain_variance(link.series, link.parameters, day), BIAS: BIAS_SD**2}
    total = sum(parts.values())
    return {cause: round(part / total, 4) for cause, part in parts.items()}


def _note(question: Question, options: Sequence[OptionOpinion], rest: Sequence[Band]) -> tuple[str, ...]:
    notes = []
    if len(question.wordings) > 1 and any(one.dominant == "wording" for one in options):
        notes.append(
            "Wording dominates: how the question is put moves the answer more than anything else that is known."
        )
    elif len(question.wordings) == 1:
        notes.append("One wording: what another wording would find is not in these intervals.")
    if len(question.polls) < 10:
        notes.append("Few polls: the sizes of pollster and wording effects are borrowed from polls of other countries.")
    if rest and rest[-1].mean > _MUCH_REST and question.choices > 1:
        notes.append(f"The printed answers leave {rest[-1].mean:.0f} % of all asked; no answer is given that share.")
    if any(poll.sample_size is None for poll in question.polls):
        notes.append(f"A poll that states no sample is taken as one of {SAMPLE_UNSTATED}.")
    return tuple(notes)
