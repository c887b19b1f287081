"""The token that visitors show: where it comes from, and what stands for it in a cookie."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path

from pactwork.errors import CaseError, Problem, quoted
from pactwork.web.settings import is_loopback

VARIABLE = "PACTWORK_TOKEN"
SHORTEST, LONGEST = 16, 1024
"""Characters: a shorter one can be guessed, and a longer one is another file than was meant."""
_LEFT = "nothing was started"


def choose_token(host: str, file: Path | None = None, *, named: bool = False) -> str:
    """Return the token that visitors need: that of a file, that of the environment, a new one, or none on loopback.

    Parameters
    ----------
    host : str
        Where the server listens.
    file : path, optional
        Holds a token; goes before the environment.
    named : bool
        Whether the server has further names: then others can knock even at a loopback address, through a proxy.

    Raises
    ------
    CaseError
        When the token that is given cannot be used.

    Notes
    -----
    A token that is given counts on loopback too: whoever gives one wants it asked for.
    """
    if file is not None:
        return read_token(file)
    given = os.environ.get(VARIABLE, "")
    if given:
        return _check(VARIABLE, given)
    return "" if is_loopback(host) and not named else secrets.token_urlsafe(24)


def read_token(path: Path) -> str:
    """Return the token that a file holds, without the white space at its end.

    Raises
    ------
    CaseError
        When there is no such file, it cannot be read, others can read it, or it holds no token.
    """
    where = f"--token-file {quoted(path, 4096)}"
    try:
        with path.open("rb") as held:
            mode = os.fstat(held.fileno()).st_mode  # of what is read, whatever the path names a moment later
            content = held.read(4 * LONGEST + 1)
    except OSError as error:
        fix = "write a token there, or correct the path" if isinstance(error, FileNotFoundError) else "correct the path"
        raise _wrong(where, error.strerror or "an error", "a file that can be read", fix) from None
    if os.name == "posix" and stat.S_ISREG(mode) and mode & (stat.S_IROTH | stat.S_IWOTH):
        found = f"a file that everybody on this machine can {'read' if mode & stat.S_IROTH else 'write'}"
        raise _wrong(where, found, "one closed to other users", f"chmod 600 {path}")
    try:
        text = content.decode("utf-8-sig").rstrip()
    except UnicodeDecodeError:
        raise _wrong(where, "bytes that are no text", "a token in UTF-8", "write one line of text there") from None
    return _check(where, text)


def _check(where: str, token: str) -> str:
    """Return a token; CaseError where it is none that could be shown, or could be guessed."""
    if not token:
        raise _wrong(where, "nothing", "a token", f"write at least {SHORTEST} characters there")
    if not token.isprintable():
        raise _wrong(where, "characters that no header can hold", "one line of printable text", "take another one")
    if not SHORTEST <= len(token) <= LONGEST:
        fix = "take a longer one" if len(token) < SHORTEST else "take a shorter one"
        found = f"{len(token)} characters" if len(token) <= LONGEST else f"more than {LONGEST:,} characters"
        raise _wrong(where, found, f"at least {SHORTEST}, at most {LONGEST:,}", fix)
    return token


def _wrong(where: str, found: str, expected: str, fix: str) -> CaseError:
    return CaseError([Problem(where, found, expected, fix)], left=_LEFT)


def make_ticket(token: str) -> str:
    """Return what a visitor's cookie holds in place of the token."""
    return hmac.new(token.encode(), b"pactwork page", hashlib.sha256).hexdigest()


def is_same(given: bytes, expected: str) -> bool:
    """Return whether what a visitor shows is what is expected, in a time that does not tell how much of it is."""
    return hmac.compare_digest(given, expected.encode())


def read_cookies(header: str, name: str) -> list[str]:
    """Return every value that a Cookie header has under a name.

    Other servers of the same machine set cookies too, of whatever form, and some under the same name: neither may hide
    ours.

    Examples
    --------
    >>> read_cookies('theirs={"a": 1}; pactwork-1=old; pactwork-1=new', "pactwork-1")
    ['old', 'new']
    """
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return [value for key, _, value in pairs if key == name]
