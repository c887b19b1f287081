"""Where models come from: a case named once, compiled wherever it is played."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import io
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from pactwork.errors import CaseError, Problem
from pactwork.facts.case import load_case
from pactwork.facts.choices import BASELINE
from pactwork.facts.ledger import Ledger
from pactwork.facts.replacing import replace_numbers
from pactwork.forecast import Forecast, make_forecast
from pactwork.futures.compile import Calibrated, calibrate_case, compile_case
from pactwork.futures.compile.slip import Aim
from pactwork.futures.identity import Identity, check_same
from pactwork.futures.model import Model
from pactwork.futures.reading import CALIBRATION
from pactwork.progress import Progress, ignore_progress


@dataclass(frozen=True, eq=False)
class CaseSource:
    """A case ready to be compiled, for as many futures as are asked for."""

    ledger: Ledger
    forecast: Forecast
    scenario: str | None
    seed: int
    until: dt.date | None
    step_days: float | None
    calibrated: Calibrated
    choices: tuple[str, ...] = (BASELINE,)

    def __call__(self, points: int) -> Model:
        """Return the model with so many points in each scramble of its design."""
        return compile_case(
            self.ledger, self.forecast, scenario=self.scenario, points=points, seed=self.seed, until=self.until,
            step_days=self.step_days, calibrated=self.calibrated, choices=self.choices,
        )  # fmt: skip


def read_case(
    case: str, known_by: dt.date | None = None, numbers: Mapping[str, float] | None = None
) -> tuple[Ledger, Forecast]:
    """Return a case as it could be known by a day, with some numbers replaced, and what is expected of it."""
    ledger = replace_numbers(load_case(case), numbers or {})
    if known_by:
        ledger = ledger.known_by(known_by)
    return ledger, make_forecast(ledger)


def open_source(
    identity: Identity, folder: Path, *, case: str | None = None, progress: Progress = ignore_progress
) -> CaseSource:
    """Return the case that a run was, or is being, played from.

    Parameters
    ----------
    folder : path
        Of the run: what lots aim at is taken from there, or found anew where it is not kept.
    case : str, optional
        Where the case lies, if not where the identity says.

    Raises
    ------
    CaseError
        When the version of pactwork or a file of the case is another one.
    """
    ledger, forecast = read_case(case or identity.case, identity.known_by, identity.set)
    check_same(identity, ledger)
    calibrated = read_calibration(folder / CALIBRATION, identity.calibration_sha256)
    if calibrated is None:
        calibrated = calibrate_case(ledger, forecast, seed=identity.seed, progress=progress)
    return CaseSource(ledger, forecast, identity.scenario or None, identity.seed, identity.until, identity.step_days,
                      calibrated, identity.choices)  # fmt: skip


_MUTEX = threading.Lock()


def model_for(text: str, folder: str, case: str) -> Model:
    """Return the model of an identity's text: compiled once in each process, whichever of its threads asks first."""
    with _MUTEX:
        return _compiled(text, folder, case)


@functools.lru_cache(maxsize=2)
def _compiled(text: str, folder: str, case: str) -> Model:
    identity = Identity.model_validate_json(text)
    return open_source(identity, Path(folder), case=case)(identity.points)


def write_calibration(aims: Mapping[str, Aim]) -> tuple[bytes, str]:
    """Return what ``calibration.parquet`` holds, and its SHA-256: ``lot``, ``level``, ``begins``, ``completes``."""
    frames = [
        pl.DataFrame({"level": np.arange(len(aim.begins)), "begins": aim.begins, "completes": aim.completes}).select(
            pl.lit(lot).alias("lot"), pl.all()
        )
        for lot, aim in sorted(aims.items())
    ]
    held = io.BytesIO()
    schema = {"lot": pl.String, "level": pl.Int64, "begins": pl.Float64, "completes": pl.Float64}
    (pl.concat(frames) if frames else pl.DataFrame(schema=schema)).write_parquet(held, compression="zstd")
    return held.getvalue(), hashlib.sha256(held.getvalue()).hexdigest()


def read_calibration(path: Path, sha256: str | None) -> Calibrated | None:
    """Return what lots aim at, in years to the last bit; none where the file is not the one that was written."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    if sha256 is None or hashlib.sha256(content).hexdigest() != sha256:
        return None
    aims = {
        str(lot): Aim(rows["begins"].to_numpy(), rows["completes"].to_numpy())
        for (lot,), rows in pl.read_parquet(io.BytesIO(content)).group_by("lot", maintain_order=True)
    }
    return Calibrated(aims)


def check_calibration(sha256: str, identity: Identity) -> None:
    """Refuse to go on with a run whose lots would aim elsewhere.

    Raises
    ------
    CaseError
        When what was found anew is not what the run was begun with, to the last bit.
    """
    if identity.calibration_sha256 not in (None, sha256):
        found = "gone or changed, and found otherwise with this processor and these libraries"
        fix = "restore it, or simulate anew in another folder"
        raise CaseError([Problem(CALIBRATION, found, f"SHA-256 {str(identity.calibration_sha256)[:12]}…", fix)])
