"""The identity of a run: all there is to know to play it again."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pactwork.errors import CaseError, Problem, quoted
from pactwork.facts.fingerprint import digest_case, digest_files
from pactwork.facts.ledger import Ledger
from pactwork.futures.chunks import Chunk, Extent, cut_chunks, size_chunks
from pactwork.futures.model import Model

FORMAT = 2
"""Of a RUN folder; a reader refuses what it does not know."""
_FOUND = {"points", "futures", "replications", "rounds"}
"""What playing finds out, where a run goes on until it is precise enough."""


class Round(BaseModel):
    """How large a run was at one time, and the errors it had then; none were asked for, or it is not played yet."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    points: int = Field(ge=1, description="of each scramble of the design")
    futures: int = Field(ge=1)
    replications: int = Field(ge=1)
    errors: dict[str, float | None] = Field(default={}, description="standard errors; none where nothing was seen")
    reached: bool | None = Field(default=None, description="whether they are what was asked for")


class Asked(BaseModel):
    """How large a run shall be: so large, or so large at first and then until it is precise enough."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    points: int = Field(ge=1)
    replications: int = Field(ge=1)
    stop_when: str | None = None
    most_runs: int | None = Field(default=None, description="runs of a choice at which it ends all the same")


class Identity(BaseModel):
    """What ``run.json`` holds: nothing in it depends on the clock, the machine or the number of workers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["pactwork-run"] = "pactwork-run"
    format: Literal[2] = 2
    version: str = Field(description="of pactwork")
    case: str = Field(description="the case's name, or the folder it was read from, as it was given")
    case_sha256: str = Field(description="over all of its files")
    case_files: dict[str, str] = Field(description="SHA-256 of each file of the case")
    known_by: dt.date | None = Field(description="facts not public by that day were left out")
    scenario: str = Field(description="set of assumptions; empty for the case's own")
    seed: int
    set: dict[str, float] = Field(default={}, description="numbers put in place of the case's assumptions")
    asked: Asked
    points: int = Field(ge=1, description="of each scramble of the design")
    futures: int = Field(ge=1)
    replications: int = Field(ge=1)
    rounds: tuple[Round, ...] = Field(min_length=1, description="the last is what the run holds")
    chunk_runs: int = Field(ge=1, description="about how many runs are written as one")
    apart: bool = Field(description="whether dependence between theatres was broken")
    as_of: dt.date
    until: dt.date | None = Field(description="last day asked for; the case's horizon where none was")
    step_days: float = Field(gt=0)
    steps: int = Field(ge=1)
    choices: tuple[str, ...] = Field(min_length=1)
    names: dict[str, tuple[str, ...]] = Field(description="along every axis that has names")
    outcomes: tuple[str, ...]
    series: tuple[str, ...]
    bins: int = Field(ge=0, description="of each series")
    dates: tuple[dt.date, ...]
    quarters: tuple[dt.date, ...]
    calibration_sha256: str | None = Field(default=None, description="of calibration.parquet, where there is one")

    def text(self) -> str:
        """Return the identity as it stands in ``run.json``."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n"

    @property
    def assumptions(self) -> str:
        """The set of assumptions in words."""
        return self.scenario or "the case's own"

    @property
    def apart_of(self) -> int:
        """What the kernel is told about theatres: 0, or the number of all replications where they are played apart."""
        return self.replications * self.apart

    def chunks(self) -> Iterator[Chunk]:
        """Yield the chunks of all rounds: those of each are what it adds to the ones before."""
        futures = replications = 0
        for one in self.rounds:
            if one.futures > futures:
                yield from cut_chunks(Extent((futures, one.futures), (0, replications or one.replications)),
                                      self.chunk_runs)  # fmt: skip
                futures = one.futures
            if one.replications > replications > 0:
                yield from cut_chunks(Extent((0, futures), (replications, one.replications)), self.chunk_runs)
            replications = one.replications

    def with_rounds(self, *rounds: Round) -> Identity:
        """Return the same run with other rounds, as large as the last of them."""
        last = rounds[-1]
        return self.model_copy(update={"rounds": rounds, "points": last.points, "futures": last.futures,
                                       "replications": last.replications})  # fmt: skip

    def find_differences(self, other: Identity) -> list[str]:
        """Return in what another run was asked for that this one was not, as ``name: here, not there``."""
        mine, theirs = (one.model_dump(mode="json", exclude=_FOUND) for one in (self, other))
        mine |= {f"asked {key}": value for key, value in mine.pop("asked").items()}
        theirs |= {f"asked {key}": value for key, value in theirs.pop("asked").items()}
        return [f"{key.replace('_', ' ')} {_short(mine[key])}, not {_short(theirs[key])}"
                for key in mine if mine[key] != theirs[key]]  # fmt: skip


def _short(value: object) -> str:
    return quoted(value, 24) if isinstance(value, str) else str(value) if isinstance(value, int | float) else "other"


def identify(
    model: Model, ledger: Ledger, *, case: str, asked: Asked, choices: Sequence[str] | None = None, apart: bool = False,
    until: dt.date | None = None, known_by: dt.date | None = None, numbers: Mapping[str, float] | None = None,
    calibration_sha256: str | None = None,
) -> Identity:  # fmt: skip
    """Return the identity of a run that is to be played.

    Parameters
    ----------
    model : Model
        Of as many futures as the run begins with.
    ledger : Ledger
        The case it was compiled from.
    case : str
        How the case was named: a bundled one's name, or a folder.
    asked : Asked
        How large the run shall be.
    choices : sequence of str, optional
        All of the model's unless told otherwise.
    until, known_by : date, optional
        As they were given to ``compile_case`` and ``Ledger.known_by``.
    numbers : mapping of str to float, optional
        As they were given to ``replace_numbers``.
    """
    files, chosen, futures = digest_files(ledger, words=False), tuple(choices or model.choices), model.design.futures
    first = Round(points=asked.points, futures=futures, replications=asked.replications)
    return Identity(
        version=metadata.version("pactwork"), case=case, case_sha256=digest_case(files), case_files=files,
        known_by=known_by, scenario=model.scenario, seed=model.seed, set=dict(numbers or {}),
        asked=asked, points=asked.points, futures=futures,
        replications=asked.replications, rounds=(first,), apart=apart, as_of=model.as_of, until=until,
        chunk_runs=size_chunks(futures, asked.replications, len(chosen)), step_days=model.step_days, steps=model.steps,
        choices=chosen, names=dict(model.names), outcomes=model.outcomes(), series=model.series(),
        bins=model.sizes.get("bin", 0), dates=model.dates, quarters=model.quarters,
        calibration_sha256=calibration_sha256,
    )  # fmt: skip


def read_identity(text: str, where: str) -> Identity:
    """Return the identity that a ``run.json`` holds.

    Raises
    ------
    CaseError
        With every key that is missing, unknown or wrong.
    """
    fix = "simulate it again"
    try:
        found = Identity.model_validate_json(text)
    except ValidationError as error:
        problems = []
        for one in error.errors():
            place = f"{where} {'.'.join(str(part) for part in one['loc'])}".strip()
            shown = "nothing" if one["type"] == "missing" else quoted(one["input"])
            problems.append(Problem(place, shown, "what pactwork simulate writes", fix))
        raise CaseError(problems) from error
    return found


def check_same(identity: Identity, ledger: Ledger) -> None:
    """Refuse to replay what another version, or another state of the case, has played.

    Raises
    ------
    CaseError
        With the version, and with every file of the case that differs.
    """
    problems, version, files = [], metadata.version("pactwork"), digest_files(ledger, words=False)
    if identity.version != version:
        expected = f"{version}, which is running"
        problems.append(Problem("run.json version", quoted(identity.version), expected, "simulate it again"))
    for name in sorted({*files, *identity.case_files}):
        if files.get(name) != identity.case_files.get(name):
            found = "changed" if name in files and name in identity.case_files else "added" if name in files else "gone"
            expected = "the file that was simulated"
            problems.append(Problem(f"{identity.case} {name}", found, expected, "restore it, or simulate again"))
    if problems:
        raise CaseError(problems)
