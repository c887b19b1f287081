"""Writing files so that a reader sees the old file or the new one, never half of either."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from pactwork.errors import CaseError, Problem, quoted


def write_atomically(path: Path, content: bytes | str) -> None:
    """Write a file under a temporary name beside its place, then rename it; a link is followed to what it names.

    What is no file, such as a pipe or a device, is written to as it is: there is nothing to replace.

    Raises
    ------
    CaseError
        When the place cannot be written; nothing is then left behind.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    temporary: Path | None = None
    try:
        path = path.resolve()
        if path.exists() and not path.is_file() and not path.is_dir():
            path.write_bytes(data)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = stat.S_IMODE(path.stat().st_mode) if path.exists() else None
        temporary = path.parent / f".{path.name}.{secrets.token_hex(4)}"
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if kept is not None:
            temporary.chmod(kept)
        temporary.replace(path)
    except BaseException as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        if not isinstance(error, OSError):
            raise
        found = error.strerror or "an error"
        raise CaseError(
            [Problem(quoted(path, limit=4096), found, "a place to write to", "choose another place")]
        ) from error


def disarm(text: str) -> str:
    r"""Return text as it may stand in a CSV cell: what a spreadsheet would run gets an apostrophe before it.

    Numbers stay as they are. The signs are those of OWASP's page on CSV injection, full-width twins included.

    Examples
    --------
    >>> disarm("=cmd|' /C calc'!A0"), disarm("\t=1+1"), disarm("-5"), disarm("K2")
    ("'=cmd|' /C calc'!A0", "'\t=1+1", '-5', 'K2')
    """
    return f"'{text}" if text[:1] in _RUN and text[:1] and not _is_number(text) else text


_RUN = "=+-@\t\r\n＝＋－＠"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
