"""The job that makes a brief."""

from __future__ import annotations

import zipfile
from pathlib import Path

from pactwork.web.work import Made, Work

_MEDIA = {
    ".html": "text/html", ".pdf": "application/pdf", ".json": "application/json", ".svg": "image/svg+xml",
    ".png": "image/png", ".zip": "application/zip",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}  # fmt: skip


_PACKED = "brief.zip"


def make_brief(work: Work) -> Made:
    """Write the brief of a case; whatever kinds of file it comes as are listed."""
    from pactwork.brief import write_brief
    from pactwork.brief.effort import USUAL, Effort
    from pactwork.facts.case import load_case

    work.progress("Reading the facts", 0, 1)
    ledger = load_case(work.case)
    asked = work.parameters
    effort = Effort(asked["futures"], asked["replications"], asked["seed"])
    choices = Effort(asked["choices"] if asked["futures"] else 0, USUAL.choices.replications, asked["seed"])
    made = write_brief(ledger, work.folder, effort=effort, choices=choices, progress=work.progress)
    _pack(work.folder, f"{ledger.about.name}-brief")
    files = sorted(path for path in work.folder.glob("brief.*") if path.suffix in _MEDIA)
    return Made({"lines": list(made.lines)}, {path.name: _MEDIA[path.suffix] for path in files})


def _pack(folder: Path, root: str) -> None:
    """Put everything that was written into one archive; the same files, the same bytes."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != _PACKED)
    with zipfile.ZipFile(folder / _PACKED, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            entry = zipfile.ZipInfo(f"{root}/{path.relative_to(folder).as_posix()}", (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, path.read_bytes())
