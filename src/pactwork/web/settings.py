"""What a server is told when it starts: whose case, where it listens, and how much it takes on."""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Limits:
    """How much one server takes on; what goes beyond is refused with a 4xx answer that says so.

    Attributes
    ----------
    body_bytes : int
        Longest body of a request.
    body_seconds : float
        How long a body may take to come.
    jobs_running : int
        Jobs at the same time.
    jobs_kept : int
        Jobs whose results are kept; the oldest that are over make room.
    runs : int
        Runs (futures times replications times scenarios or choices) of one job: a million take some 2 GB of memory.
    quick_runs : int
        Runs of one answer that is waited for.
    """

    body_bytes: int = 64 * 1024
    body_seconds: float = 30.0
    jobs_running: int = 2
    jobs_kept: int = 40
    runs: int = 1_000_000
    quick_runs: int = 4_000


@dataclass(frozen=True)
class Settings:
    """A server's settings.

    Attributes
    ----------
    case : str
        A case folder, or the name of a bundled case.
    host, port : str, int
        Where it listens; port 0 takes any that is free.
    token : str
        What a visitor must show; empty on a machine's own loopback address, where nobody else can knock.
    state : path
        Folder for jobs and their results, outside any case.
    names : frozenset of str
        Names a request may use for this server, besides loopback and numeric addresses; in lower case, as `own_names`
        and ``hosts.check_names`` give them.
    """

    case: str
    host: str = LOOPBACK
    port: int = 8765
    token: str = field(default="", repr=False)
    state: Path = field(default_factory=lambda: default_state())
    names: frozenset[str] = frozenset()
    limits: Limits = Limits()


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach an address.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def own_names(host: str) -> frozenset[str]:
    """Return the names by which visitors may call this server, in lower case and without a dot at the end."""
    names = {host, *((socket.gethostname(), socket.getfqdn()) if not is_loopback(host) else ())}
    return frozenset(name.lower().rstrip(".") for name in names) - {""}


def default_state() -> Path:
    """Return where jobs are kept unless told otherwise: in the user's cache, as the platform has it."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "pactwork" / "page"
