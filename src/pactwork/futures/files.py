"""Files of a run: whole under their names or not there at all, and one process at a time in a folder."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pactwork.errors import CaseError, Problem, quoted

try:
    import fcntl
except ImportError:  # there is no such lock on Windows; two processes in one folder then do the work twice, no harm
    fcntl = None  # type: ignore[assignment]

PARTIAL = ".partial"
"""End of the hidden names under which files are written; what carries it is left over from something killed."""
LOCK = ".lock"


@dataclass(frozen=True)
class Entry:
    """What a file must be: its size, and the SHA-256 of its content."""

    bytes: int
    sha256: str


def write_whole(path: Path, content: bytes) -> Entry:
    """Write a file under a hidden name beside its place, see it on disk, then rename it.

    Raises
    ------
    OSError
        When it cannot be written; nothing is then left behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}{PARTIAL}")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        put_in_place(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return Entry(len(content), hashlib.sha256(content).hexdigest())


def take_whole(temporary: Path, path: Path) -> Entry:
    """See a file on disk that something else has written, then rename it."""
    with temporary.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    size = temporary.stat().st_size
    put_in_place(temporary, path)
    return Entry(size, digest)


def put_in_place(temporary: Path, path: Path) -> None:
    """Rename a file that is whole.

    Should the power fail, the name may be lost: whoever goes on with a run looks for each file before counting on it.
    """
    temporary.replace(path)


def settle(*folders: Path) -> None:
    """See the names in folders on disk."""
    for path in folders:
        folder = os.open(path, os.O_RDONLY)
        try:
            with contextlib.suppress(OSError):  # some shared file systems cannot; names then last as they see fit
                os.fsync(folder)
        finally:
            os.close(folder)


def remove_partial(folder: Path) -> None:
    """Remove what something killed has left half written in a folder and in those below."""
    for place in (folder, *(one for one in folder.iterdir() if one.is_dir() and not one.is_symlink())):
        for left in place.glob(f".*{PARTIAL}"):
            left.unlink(missing_ok=True)


def find_difference(path: Path, entry: Entry, *, digest: bool = True) -> str | None:
    """Return in what a file is not what it must be, and none where it is; its content counts only if asked for."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            return "no file"
        if size != entry.bytes:
            return f"{size} bytes"
        if not digest:
            return None
        with path.open("rb") as file:
            same = hashlib.file_digest(file, "sha256").hexdigest() == entry.sha256
    except FileNotFoundError:
        return "nothing"
    except OSError as error:
        return error.strerror or "an error"
    return None if same else "other content than was written"


@contextmanager
def hold_folder(folder: Path) -> Iterator[None]:
    """Hold a folder for this process alone; the hold ends with the process, however that ends.

    Raises
    ------
    CaseError
        When another process holds it.

    Notes
    -----
    Where the file system knows no locks, nothing is held: two processes would write the same bytes twice.
    """
    path = folder / LOCK
    file = _lock(path)
    try:
        yield
    finally:
        if file is not None:
            path.unlink(missing_ok=True)
            file.close()


def _lock(path: Path) -> Any:
    while fcntl is not None:
        file = path.open("a+b")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            fix = "wait for it, or choose another folder"
            found = "another process at work on this run"
            raise CaseError([Problem(quoted(path.parent, 4096), found, "one at a time", fix)]) from None
        except OSError:
            file.close()
            path.unlink(missing_ok=True)
            return None
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return file
        file.close()  # whoever held it has removed it meanwhile
    return None
