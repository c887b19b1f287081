"""The identity of a run: all there is to know to play it again."""

from __future__ import annotations

import datetime as dt
import json
from importlib import metadata
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pactwork.errors import CaseError, Problem, quoted
from pactwork.facts.fingerprint import digest_case, digest_files
from pactwork.facts.ledger import Ledger
from pactwork.futures.ensemble import Ensemble

FORMAT = 1
"""Of a RUN folder; a reader refuses what it does not know."""


class Identity(BaseModel):
    """What ``run.json`` holds: nothing in it depends on the clock, the machine or the number of workers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["pactwork-run"] = "pactwork-run"
    format: Literal[1] = 1
    version: str = Field(description="of pactwork")
    case: str = Field(description="the case's name, or the folder it was read from, as it was given")
    case_sha256: str = Field(description="over all of its files")
    case_files: dict[str, str] = Field(description="SHA-256 of each file of the case")
    known_by: dt.date | None = Field(description="facts not public by that day were left out")
    scenario: str = Field(description="set of assumptions; empty for the case's own")
    seed: int
    points: int = Field(ge=1, description="of each scramble of the design")
    futures: int = Field(ge=1)
    replications: int = Field(ge=1)
    apart: bool = Field(description="whether dependence between theatres was broken")
    as_of: dt.date
    until: dt.date | None = Field(description="last day asked for; the case's horizon where none was")
    step_days: float = Field(gt=0)
    steps: int = Field(ge=1)
    choices: tuple[str, ...] = Field(min_length=1)
    names: dict[str, tuple[str, ...]] = Field(description="along every axis that has names")
    dates: tuple[dt.date, ...]
    quarters: tuple[dt.date, ...]

    def text(self) -> str:
        """Return the identity as it stands in ``run.json``."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n"

    @property
    def assumptions(self) -> str:
        """The set of assumptions in words."""
        return self.scenario or "the case's own"


def identify_run(
    ensemble: Ensemble, ledger: Ledger, *, case: str, until: dt.date | None = None, known_by: dt.date | None = None
) -> Identity:
    """Return the identity of an ensemble.

    Parameters
    ----------
    ensemble : Ensemble
        What was played.
    ledger : Ledger
        The case it was compiled from.
    case : str
        How the case was named: a bundled one's name, or a folder.
    until, known_by : date, optional
        As they were given to ``compile_case`` and ``Ledger.known_by``.
    """
    model, files = ensemble.model, digest_files(ledger)
    scrambles = int(model.design.scramble.max()) + 1
    return Identity(
        version=metadata.version("pactwork"), case=case, case_sha256=digest_case(files), case_files=files,
        known_by=known_by, scenario=model.scenario, seed=model.seed, points=model.design.futures // scrambles,
        futures=model.design.futures, replications=ensemble.replications, apart=ensemble.apart, as_of=model.as_of,
        until=until, step_days=model.step_days, steps=model.steps, choices=ensemble.choices, names=dict(model.names),
        dates=model.dates, quarters=model.quarters,
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
    problems, version, files = [], metadata.version("pactwork"), digest_files(ledger)
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
