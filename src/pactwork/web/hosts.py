"""Names by which visitors call this server: read from headers, and checked where the owner gives more of them."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from pactwork.errors import CaseError, Problem, quoted

_HOST = re.compile(r"(?:\[(?P<numeric>[^\[\]]*)\]|(?P<name>[^\[\]:]*))(?::(?P<port>[0-9]*))?")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_LONGEST_NAME = 253
_PORTS = {"http": "80", "https": "443"}


def host_of(header: str) -> str:
    """Return the name in a Host header, without its port; empty where it is none.

    Examples
    --------
    >>> host_of("localhost:8765"), host_of("[::1]:8765"), host_of("Example.org."), host_of("[::1].example.org")
    ('localhost', '::1', 'example.org', '')
    """
    return _split(header)[0]


def is_same_place(origin: str, host: str, *, https: bool) -> bool:
    """Return whether an Origin header names the server that a Host header names, its port included.

    A port that is not told is that of the origin's scheme. Where the request is known to have come by https, a page
    that came by http is another one: somebody on the way may have written it.

    Examples
    --------
    >>> is_same_place("https://pact.example", "pact.example:443", https=True)
    True
    >>> is_same_place("http://pact.example", "pact.example", https=True)
    False
    >>> is_same_place("http://localhost:3000", "localhost:8765", https=False)
    False
    """
    scheme, _, place = origin.lower().partition("://")
    if scheme not in _PORTS or (https and scheme != "https"):
        return False
    theirs, ours = _split(place), _split(host)
    return bool(theirs[0]) and theirs[0] == ours[0] and (theirs[1] or _PORTS[scheme]) == (ours[1] or _PORTS[scheme])


def is_numeric(name: str) -> bool:
    """Return whether a name is an address in numbers, which nobody can point elsewhere."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def check_names(given: Iterable[str]) -> frozenset[str]:
    """Return further names for this server as a Host header has them, in lower case.

    Raises
    ------
    CaseError
        With every one that is no name of a host.

    Examples
    --------
    >>> sorted(check_names(["Pact.Example.org.", "[2001:DB8::0:1]"]))
    ['2001:db8::1', 'pact.example.org']
    """
    found, problems = set(), []
    for one in given:
        name = _tidy(one)
        if name:
            found.add(name)
        else:
            problems.append(
                Problem("--name", quoted(one), "the name of a host, such as pact.example.org", _advise(one))
            )
    if problems:
        raise CaseError(problems, left="nothing was started")
    return frozenset(found)


def _split(header: str) -> tuple[str, str]:
    """Return name and port of a Host header; empty names where it is none."""
    found = _HOST.fullmatch(header.strip().lower())
    if not found:
        return "", ""
    return found["numeric"] or found["name"].rstrip("."), found["port"] or ""


def _tidy(given: str) -> str:
    """Return a name as browsers send it; empty where it is none."""
    name = given.strip().lower()
    bare = name[1:-1] if name.startswith("[") and name.endswith("]") else name
    if is_numeric(bare):
        return str(ipaddress.ip_address(bare))
    name = name.removesuffix(".")
    labels = name.split(".")
    good = len(name) <= _LONGEST_NAME and all(_LABEL.fullmatch(label) for label in labels)
    return name if good and not labels[-1].isdecimal() else ""  # browsers take what ends in digits for an address


def _advise(given: str) -> str:
    """Return what to do about a name that is none."""
    if "://" in given or given.count(":") == 1:
        try:
            bare = urlsplit(given if "://" in given else f"//{given}").hostname
        except ValueError:
            bare = None
        return f"leave out scheme, port and path: {bare}" if bare and _tidy(bare) else "leave out scheme, port and path"
    if not given.isascii():
        return "write it as browsers send it, with xn--"
    return "write letters, digits, hyphens and dots; each name in full"
