"""The job that makes a brief."""

from __future__ import annotations

import contextlib
import json
import zipfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from pactwork.facts.ledger import Ledger
from pactwork.facts.writing import write_atomically
from pactwork.web.work import Made, Work, tell_revision

if TYPE_CHECKING:
    from pactwork.brief.effort import Extent

_MEDIA = {
    ".html": "text/html", ".pdf": "application/pdf", ".json": "application/json", ".svg": "image/svg+xml",
    ".png": "image/png", ".zip": "application/zip", ".csv": "text/csv", ".parquet": "application/vnd.apache.parquet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}  # fmt: skip
_PACKED, _EXTENT = "brief.zip", "extent.json"
_BESIDE = ("brief.*", "charts/*", "data/*")
"""What may be asked for: the brief itself, and what its links name."""


def make_brief(work: Work) -> Made:
    """Write the brief of a case; whatever kinds of file it comes as are listed."""
    from pactwork.brief import write_brief
    from pactwork.brief.effort import count_played, trim_extent
    from pactwork.facts.case import load_case
    from pactwork.futures.keeping import Keeper

    work.progress("Reading the facts", 0, 1)
    ledger = load_case(work.case)
    revision = tell_revision(ledger)
    work.progress("Reading the facts", 1, 1)
    extent = _choose_extent(ledger, work).with_seed(work.parameters["seed"])
    if "most_runs" in work.parameters:  # jobs of earlier versions have none
        extent = trim_extent(extent, work.parameters["most_runs"], *count_played(ledger))
    made = write_brief(ledger, work.folder, effort=extent.scenarios, choices=extent.choices, progress=work.progress,
                       play=Keeper(work.kept_of(ledger)))  # fmt: skip
    _pack(work.folder, f"{ledger.about.name}-brief")
    files = sorted(path for kind in _BESIDE for path in work.folder.glob(kind) if path.suffix in _MEDIA)
    played = {"futures": extent.scenarios.futures, "choices": extent.choices.futures}
    media = {path.relative_to(work.folder).as_posix(): _MEDIA[path.suffix] for path in files}
    return Made({"lines": list(made.lines), **played}, media, revision)


def _choose_extent(ledger: Ledger, work: Work) -> Extent:
    """Return how much is simulated, as it was asked for."""
    from pactwork.brief.effort import QUICK, USUAL, Extent, fit_extent, measure_pace

    effort = work.parameters["effort"]
    if effort == "facts":
        return Extent(replace(USUAL.scenarios, futures=0), replace(USUAL.choices, futures=0))
    if effort != "thorough" or not ledger.assumptions.parameters:
        return QUICK if effort == "quick" else USUAL
    path, minutes = work.kept / _EXTENT, work.parameters["minutes"]
    with contextlib.suppress(OSError, ValidationError):  # the clock would say something else than before
        return TypeAdapter(Extent).validate_json(path.read_bytes())
    found = fit_extent(minutes, measure_pace(ledger, work.progress), max(1, len(ledger.assumptions.scenarios)))
    write_atomically(path, json.dumps(asdict(found)))
    return found


def _pack(folder: Path, root: str) -> None:
    """Put everything that was written into one archive; the same files, the same bytes."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != _PACKED)
    with zipfile.ZipFile(folder / _PACKED, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            entry = zipfile.ZipInfo(f"{root}/{path.relative_to(folder).as_posix()}", (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, path.read_bytes())
