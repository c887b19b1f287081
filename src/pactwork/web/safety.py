"""Who may ask, and what an answer may do: the checks that stand before every route.

In order: the name a request uses for this server (against rebinding of names), the token where one is needed, which
page a request comes from and of what kind a write is (against forged requests), the size of a body. Every answer, that
of a defect too, leaves by `answers.Secured`.
"""

from __future__ import annotations

import asyncio
import logging
from urllib.parse import parse_qsl, urlencode

from pactwork.errors import quoted
from pactwork.web.answers import App, Message, Receive, Scope, Secured, Send, send_on, send_refusal
from pactwork.web.hosts import host_of, is_numeric, is_same_place
from pactwork.web.problems import Refused, refuse
from pactwork.web.settings import Settings, is_loopback
from pactwork.web.tokens import is_same, make_ticket, read_cookies

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_FRAMES = frozenset({"iframe", "frame", "embed", "object", "fencedframe"})
_MADE = "/api/jobs/"
_OWN = frozenset({"same-origin", "none"})
"""What a browser says of requests that come from this page, or that somebody made by hand."""
_LONGEST_QUERY = 4096
_HEARD_OUT = 16
"""Times the longest body: what is longer than that is not even heard to its end."""
_MOST_DIGITS = 12
"""Of the length of a body: what is longer is too long, whatever it says."""
_LOG = logging.getLogger(__name__)


class Safety:
    """The checks, as a layer around the application.

    Parameters
    ----------
    app : ASGI application
    settings : Settings
        Token, names and limits.
    """

    def __init__(self, app: App, settings: Settings) -> None:
        self.app, self.settings = app, settings
        self.cookie = f"pactwork-{settings.port}"
        self.ticket = make_ticket(settings.token) if settings.token else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it; a request for the headers alone is answered as if it asked for all."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        https = is_https(scope, headers)
        trusted = https or is_loopback(host_of(headers.get("host", "")))
        secured = Secured(send, bare=scope["method"] == "HEAD", trusted=trusted)
        asked = {**scope, "method": "GET"} if secured.bare else {**scope}
        if https:
            asked["scheme"] = "https"
        try:
            await self._pass_on(asked, headers, receive, secured)
        except Refused as refused:
            await send_refusal(secured, refused, scope["path"], last=_has_body(headers))
        except Exception as error:
            if secured.started:
                raise
            _LOG.exception("A defect of pactwork's own, please report it")
            found = f"a defect of pactwork's own: {type(error).__name__}"
            refusal = refuse(500, "pactwork", found, "an answer", "please report it")
            await send_refusal(secured, refusal, scope["path"], last=_has_body(headers))

    async def _pass_on(self, scope: Scope, headers: dict[str, str], receive: Receive, send: Send) -> None:
        """Hand a request on, once nothing speaks against it."""
        self._check_name(headers)
        moved = self._check_token(scope, headers)
        if moved:
            await send_on(send, moved, self._make_cookie(scope))
            return
        if scope["method"] in _READING:
            _check_reading(scope, headers)
        else:
            _check_write(scope, headers)
        if len(scope["query_string"]) > _LONGEST_QUERY:
            raise refuse(400, "address", f"{len(scope['query_string'])} characters of query",
                         f"at most {_LONGEST_QUERY}", "ask for less at once")  # fmt: skip
        read = await self._read_body(headers, receive)
        if read is not None:  # else the visitor has left
            await self.app(scope, read, send)

    def _check_name(self, headers: dict[str, str]) -> None:
        """Refuse a request that calls this server by a name that is not its own.

        A page elsewhere whose name has been pointed at this address would otherwise be taken for this page. Numeric
        addresses cannot be pointed elsewhere; they count where a token guards the rest.
        """
        given = headers.get("host", "")
        name = host_of(given)
        known = {"localhost", "127.0.0.1", "::1", *self.settings.names}
        if name in known or (self.settings.token and is_numeric(name)):
            return
        raise refuse(421, "Host", quoted(given), "an address of this server",
                     "open the address that pactwork serve printed, or start it with --name and this one")  # fmt: skip

    def _check_token(self, scope: Scope, headers: dict[str, str]) -> str:
        """Refuse a visitor without the token; return where to go on without it in the address, if it stood there."""
        token = self.settings.token
        if not token:
            return ""
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        asked = next((value for name, value in query if name == "token"), None)
        if asked is not None and scope["method"] in _READING and is_same(asked.encode("utf-8", "replace"), token):
            rest = urlencode([(name, value) for name, value in query if name != "token"])
            path = "/" + scope.get("raw_path", b"/").decode("latin-1").split("?")[0].lstrip("/\\")
            return f"{path}?{rest}" if rest else path
        kind, _, value = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and is_same(value.strip().encode("latin-1"), token):
            return ""
        held = read_cookies(headers.get("cookie", ""), self.cookie)
        if any(is_same(one.encode("latin-1"), self.ticket) for one in held):
            return ""
        raise refuse(401, "token", "nothing" if asked is None else "another one", "the token of this server",
                     "open the address that pactwork serve printed, with its ?token=…")  # fmt: skip

    def _make_cookie(self, scope: Scope) -> str:
        """Return the cookie that stands for the token: for this server alone, no script, and https where it came so."""
        secure = "; Secure" if scope["scheme"] == "https" else ""
        return f"{self.cookie}={self.ticket}; HttpOnly; SameSite=Lax; Path=/{secure}"

    async def _read_body(self, headers: dict[str, str], receive: Receive) -> Receive | None:
        """Return a receiver that hands out a body within the limits, told or counted; None where the visitor has left.

        One that is longer, or too slow to come, is refused; one that is somewhat longer is waited for first, since a
        browser that is still sending would not see the refusal.
        """
        most, seconds = self.settings.limits.body_bytes, self.settings.limits.body_seconds
        told = headers.get("content-length", "0")
        if not told.isdecimal() or len(told) > _MOST_DIGITS or int(told) > _HEARD_OUT * most:
            raise _too_long(f"{told} bytes" if told.isdecimal() else quoted(told), most)
        if not _has_body(headers):
            return receive
        try:
            async with asyncio.timeout(seconds):
                body = await _collect(receive, most)
        except TimeoutError:
            expected = f"all of it within {seconds:g} seconds"
            raise refuse(408, "body", "not all of it", expected, "send it again") from None
        return None if body is None else _hand_out(body, receive)


def is_https(scope: Scope, headers: dict[str, str]) -> bool:
    """Return whether a visitor speaks https, be it to a proxy in front of this server.

    What the proxy says is taken at its word from anybody: it only makes the visitor's own cookie, and what is asked of
    his own Origin, stricter.
    """
    first = headers.get("x-forwarded-proto", "").partition(",")[0].strip().lower()
    return first == "https" or scope["scheme"] == "https"


def _check_reading(scope: Scope, headers: dict[str, str]) -> None:
    """Refuse what another page asks for in the background: it cannot see the answer, but could make this machine work.

    Links that lead here are followed (``navigate``), though not into a frame of another page; the preview of a brief,
    which has no origin, is one, and its links lead to files that a job has made.
    """
    site = headers.get("sec-fetch-site", "same-origin")
    if site in _OWN:
        return
    framed = headers.get("sec-fetch-dest", "document") in _FRAMES and not scope["path"].startswith(_MADE)
    if framed or headers.get("sec-fetch-mode") != "navigate":
        raise _from_elsewhere("Sec-Fetch-Site", site)


def _check_write(scope: Scope, headers: dict[str, str]) -> None:
    """Refuse a write that another page may have sent."""
    origin, host = headers.get("origin"), headers.get("host", "")
    if origin is not None and not is_same_place(origin, host, https=scope["scheme"] == "https"):
        raise _from_elsewhere("Origin", origin)
    site = headers.get("sec-fetch-site", "same-origin")
    if site not in _OWN:
        raise _from_elsewhere("Sec-Fetch-Site", site)
    if not _has_body(headers):
        return
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise refuse(415, "Content-Type", quoted(kind), "application/json", "send JSON")


def _from_elsewhere(where: str, found: str) -> Refused:
    return refuse(403, where, quoted(found), "this page itself", "use this page, not another one")


def _has_body(headers: dict[str, str]) -> bool:
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"


async def _collect(receive: Receive, most: int) -> bytes | None:
    """Return a whole body; None where the visitor leaves before its end."""
    body, size, more = b"", 0, True
    while more and size <= _HEARD_OUT * most:
        message = await receive()
        if message["type"] != "http.request":
            return None
        piece = message.get("body", b"")
        size += len(piece)
        body = body + piece if size <= most else b""
        more = message.get("more_body", False)
    if size > most:
        raise _too_long(f"{'more than ' if more else ''}{size:,} bytes", most)
    return body


def _too_long(found: str, most: int) -> Refused:
    return refuse(413, "body", found, f"at most {most:,} bytes", "send less")


def _hand_out(body: bytes, receive: Receive) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def handed() -> Message:
        return messages.pop() if messages else await receive()

    return handed
