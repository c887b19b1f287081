"""Ensembles that outlive whoever asked for them: played to a folder, gone on with after a stop."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from pactwork.facts.ledger import Ledger
from pactwork.futures.chunks import shape_tally, sum_tallies
from pactwork.futures.compile import Calibrated
from pactwork.futures.ensemble import Ensemble, check_size, run_futures
from pactwork.futures.identity import Asked, identify
from pactwork.futures.model import Model
from pactwork.futures.playing import play_run
from pactwork.futures.reading import Run
from pactwork.futures.source import write_calibration
from pactwork.progress import Progress, ignore_progress

_TOGETHER = 512
"""Runs of all choices together that a chunk has at most: two seconds or so, which a stop loses."""


class Play(Protocol):
    """Plays all choices of a model; where and how changes no byte of what comes of it."""

    def __call__(
        self, model: Model, ledger: Ledger, calibrated: Calibrated, *, replications: int, apart: bool = False,
        progress: Progress = ignore_progress,
    ) -> Ensemble:  # fmt: skip
        """Return what came of every run of a model that was compiled from a ledger with what its lots aim at."""


def play_in_memory(
    model: Model, ledger: Ledger, calibrated: Calibrated, *, replications: int, apart: bool = False,
    progress: Progress = ignore_progress,
) -> Ensemble:  # fmt: skip
    """Play a model and keep nothing: as ``run_futures``."""
    del ledger, calibrated
    return run_futures(model, replications=replications, apart=apart, progress=progress)


@dataclass(frozen=True)
class Keeper:
    """Plays models to runs on disk: what is there already of the very same run is read, the rest is played.

    Attributes
    ----------
    folder : path
        Holds a run for each model; whoever made it may remove it once nothing is to be gone on with.
    """

    folder: Path

    def __call__(
        self, model: Model, ledger: Ledger, calibrated: Calibrated, *, replications: int, apart: bool = False,
        progress: Progress = ignore_progress,
    ) -> Ensemble:  # fmt: skip
        """Return what came of every run of a model.

        Raises
        ------
        CaseError
            When the numbers make no ensemble, or the folder cannot be written to.
        """
        check_size(model, model.choices, replications, apart=apart)
        content, digest = write_calibration(calibrated.aims)
        asked = Asked(points=model.design.points, replications=replications)
        whole = identify(model, ledger, case=ledger.about.name, asked=asked, apart=apart, calibration_sha256=digest)
        runs = max(1, _TOGETHER // len(model.choices))
        identity = whole.model_copy(update={"chunk_runs": min(whole.chunk_runs, runs)})
        name = hashlib.sha256(identity.text().encode()).hexdigest()[:24]
        run = play_run(self.folder / name, identity, lambda _: model, calibration=content, progress=progress)
        return read_ensemble(run, model)


def read_ensemble(run: Run, model: Model) -> Ensemble:
    """Return a whole run as it would be in memory.

    Parameters
    ----------
    run : Run
    model : Model
        What it was played from.
    """
    identity = run.identity
    shape = len(identity.choices), identity.futures, identity.replications
    outcomes, status = np.empty((*shape, len(identity.outcomes))), np.empty(shape, dtype=np.int64)
    for chunk in identity.chunks():
        rows, here = run.read_chunk(chunk), (slice(None), slice(*chunk.futures), slice(*chunk.replications))
        status[here] = rows["status"].to_numpy().reshape(status[here].shape)
        outcomes[here] = rows.select(identity.outcomes).to_numpy().reshape(outcomes[here].shape)
    names = [chunk.name for chunk in identity.chunks()]
    tally = sum_tallies(run.path, names, shape_tally(model, len(identity.choices)))
    return Ensemble(model, identity.choices, identity.replications, identity.apart, outcomes, status, tally.histogram,
                    tally.total)  # fmt: skip
