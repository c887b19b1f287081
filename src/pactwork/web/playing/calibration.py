"""What the lots of a case aim at, found once and kept beside the server's other files."""

from __future__ import annotations

import hashlib
from importlib import metadata
from pathlib import Path

from pactwork.facts.fingerprint import digest_ledger
from pactwork.facts.ledger import Ledger
from pactwork.forecast import Forecast
from pactwork.futures.compile import Calibrated, calibrate_case
from pactwork.futures.files import write_whole
from pactwork.futures.fingerprint import read_fingerprint
from pactwork.futures.source import read_calibration, write_calibration
from pactwork.progress import Progress, ignore_progress

MOST_KEPT = 16
"""Files that are kept; the oldest go."""


def find_calibration(
    ledger: Ledger, forecast: Forecast, seed: int, folder: Path | None, progress: Progress = ignore_progress
) -> Calibrated:
    """Return what lots aim at, from a file where this very case was calibrated before with these very libraries.

    Parameters
    ----------
    folder : path, optional
        Where it is kept; nowhere where there is none, or it cannot be written.

    Notes
    -----
    A case is known by what was read of it, not by its files: those may say something else by now, and what was found
    for the one would be kept for the other.
    """
    path = _path(ledger, seed, folder) if folder else None
    if path is not None:
        held = _read(path)
        if held is not None:
            return held
    found = calibrate_case(ledger, forecast, seed=seed, progress=progress)
    if path is not None:
        _keep(path, found)
    return found


def _path(ledger: Ledger, seed: int, folder: Path) -> Path:
    version = metadata.version("pactwork")
    known = f"{digest_ledger(ledger)} {seed} {version} {read_fingerprint().short}"
    return folder / f"calibration-{hashlib.sha256(known.encode()).hexdigest()[:24]}.parquet"


def _read(path: Path) -> Calibrated | None:
    try:
        sha256 = path.with_suffix(".sha256").read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    return read_calibration(path, sha256)


def _keep(path: Path, found: Calibrated) -> None:
    """Write what was found; a folder that cannot be written costs the next start ten seconds, and nothing else."""
    content, sha256 = write_calibration(found.aims)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
        write_whole(path.with_suffix(".sha256"), sha256.encode())
        kept = sorted(path.parent.glob("calibration-*.parquet"), key=lambda one: one.stat().st_mtime, reverse=True)
        for old in kept[MOST_KEPT:]:
            old.unlink(missing_ok=True)
            old.with_suffix(".sha256").unlink(missing_ok=True)
    except OSError:
        return
