"""What the API of the experiments takes and answers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pactwork.web.models import AS_WHOLE, Answer, ProblemModel, Question
from pactwork.web.playing.asking import MOST_CLOSED, MOST_LEVERS, MOST_NUMBERS, MOST_SEED, Ask

Name = Annotated[str, Field(max_length=120)]
Number = Annotated[float, Field(allow_inf_nan=False, ge=-1e18, le=1e18)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Size = Literal[200, 800, 3200]


class AskModel(Question):
    """One question: assumptions, levers pulled, numbers moved, passages closed."""

    scenario: Name = Field(default="", description="set of assumptions; the case's own where empty")
    levers: dict[Name, Share | None] = Field(
        default={}, max_length=MOST_LEVERS,
        description="levers pulled, each with the share of its changes that comes about; null: as assumed",
    )  # fmt: skip
    numbers: dict[Name, Number] = Field(
        default={}, max_length=MOST_NUMBERS, description="values within their ranges in place of assumptions"
    )
    closed: list[Name] = Field(
        default=[], max_length=MOST_CLOSED, description="passages closed from the first day for good"
    )
    seed: Annotated[int, Field(ge=0, le=MOST_SEED), AS_WHOLE] = 0

    def as_ask(self) -> Ask:
        """Return the question."""
        return Ask(self.scenario, tuple(self.levers.items()), tuple(self.numbers.items()), tuple(self.closed),
                   self.seed)  # fmt: skip


class PlayModel(Question):
    """A question, how many runs it is to have, what it is held against, and which page asks."""

    ask: AskModel = AskModel()
    size: Size = Field(default=200, description="runs: 40, 160 or 640 futures of 5 replications")
    pinned: AskModel | None = Field(default=None, description="another question, to be compared with the same luck")
    page: str = Field(default="", pattern=r"^[a-z0-9]*$", max_length=40, description="what the page calls itself")
    number: Annotated[
        int, Field(ge=0, le=2**53 - 1, description="of this question on that page; a newer one wins"), AS_WHOLE
    ] = 0


class Stamp(Answer):
    """What every number is marked with."""

    words: str
    seed: int
    futures: int
    replications: int
    runs: int
    failed: int
    scenario: str
    as_of: str
    horizon: str


class Fan(Answer):
    """One series by quarter: five quantiles over runs (5, 25, 50, 75, 95 %), and the median of what is required."""

    key: str
    kind: Literal["ready", "readiness_permille", "stock"]
    name: str
    unit: str
    bands: list[list[float | None]]
    required: list[float] | None


class YearModel(Answer):
    """What the buyer pays in a year of the run: mean over runs, and where nine tenths of them lie."""

    year: int
    mean: float | None
    low: float | None
    high: float | None


class FigureModel(Answer):
    """One number: mean over runs, its standard error, and where nine tenths of the runs lie.

    Of a lot: months until all is there, and the days by which half, a twentieth (``early``) and all but a twentieth
    (``late``) of the runs are done; a run that never is counts as the horizon in the mean, which is then the least it
    can be.
    """

    key: str
    group: Literal["readiness", "fleets", "munitions", "money", "lanes", "deliveries"]
    label: str
    unit: str
    mean: float | None
    error: float | None
    low: float | None
    high: float | None
    runs: int
    median: str | None = None
    early: str | None = None
    late: str | None = None
    never: int | None = None
    of: int | None = None


class AnswerModel(Answer):
    """What came of a question."""

    stamp: Stamp
    days: list[str]
    fans: list[Fan]
    years: list[YearModel]
    figures: list[FigureModel]


class DifferenceModel(Answer):
    """How much more there is of a number, run by run with the same luck."""

    mean: float | None
    error: float | None = Field(description="standard error")
    same: bool = Field(description="whether no run differs")
    pairs: int
    clear: bool = Field(description="whether it is more than twice its standard error")


class SeriesDifference(Answer):
    """A mean difference by quarter, and its standard error."""

    mean: list[float | None]
    error: list[float | None]


class ComparedModel(Answer):
    """One question less another."""

    figures: dict[str, DifferenceModel]
    series: dict[str, SeriesDifference]


class Played(Answer):
    """The answer to a question; or how far the simulation is on its way; or that a newer question took its place."""

    state: Literal["answered", "getting ready", "superseded"]
    number: int
    stage: str = ""
    done: int = 0
    total: int = 0
    answer: AnswerModel | None = None
    pinned: AnswerModel | None = None
    difference: ComparedModel | None = None


class ReadyModel(Answer):
    """How far the simulation is on its way."""

    ready: bool
    stage: str
    done: int
    total: int
    problems: list[ProblemModel]


class ScenarioModel(Answer):
    """A set of assumptions."""

    name: str
    title: str
    why: str


class LeverModel(Answer):
    """Something that can be done; ``low`` and ``high`` are the share of its changes that is assumed to come about."""

    name: str
    title: str
    why: str
    excludes: list[str]
    starts: str | None
    when: str
    tracked: str
    low: float
    high: float
    known: bool


class ChoiceModel(Answer):
    """Levers that the case pulls together."""

    name: str
    title: str
    levers: list[str]


class AssumptionModel(Answer):
    """An assumption with a range."""

    name: str
    group: str
    label: str
    unit: str
    low: float
    high: float
    spread: str
    values: list[float]
    middle: float
    why: str
    source: str
    what: str


class SetupModel(Answer):
    """Everything that can be moved."""

    scenarios: list[ScenarioModel]
    levers: list[LeverModel]
    choices: list[ChoiceModel]
    assumptions: list[AssumptionModel]


class WeightModel(Answer):
    """An assumption that an outcome follows: rank correlation over futures."""

    name: str
    outcome: str
    correlation: float


class WeightsModel(Answer):
    """The assumptions that matter most, once the runs they are read off are played."""

    ready: bool
    runs: int
    weights: list[WeightModel]
