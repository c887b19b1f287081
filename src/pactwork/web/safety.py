"""Who may ask, and what an answer may do: the checks that stand before every route.

In order: the name a request uses for this server (against rebinding of names), the token where one is needed, the
origin and kind of a write (against forged requests), the size of a body; and on every answer the headers that keep a
browser from running, framing or sending anything that is not this page's own.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from html import escape
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from pactwork.errors import quoted
from pactwork.web.problems import Refused, problems_document, refuse
from pactwork.web.settings import Settings

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
SEALED_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-downloads; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
"""For a file that pactwork made and a frame shows: it runs nothing, loads nothing, and belongs to no origin.

Its links open: those to sources in a page of their own, those to data as downloads.
"""
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "SAMEORIGIN",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cache-control": "no-store",
}
JSON_PATHS = ("/api/", "/part/", "/static/")
"""What programs and scripts ask for: refusals there are JSON, elsewhere pages."""
TITLES = {401: "This page asks for a token", 403: "Another page sent this", 413: "That is too long",
          421: "This page has another address"}  # fmt: skip
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_LONGEST_QUERY = 4096
_HOST = re.compile(r"(?:\[(?P<numeric>[^\[\]]*)\]|(?P<name>[^\[\]:]*))(?::[0-9]*)?")


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
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        secured = _with_headers(send)
        try:
            headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
            self._check_name(headers)
            moved = self._check_token(scope, headers)
            if moved:
                await _redirect(secured, moved, f"{self.cookie}={self.ticket}; HttpOnly; SameSite=Lax; Path=/")
                return
            self._check_write(scope, headers)
            if len(scope["query_string"]) > _LONGEST_QUERY:
                raise refuse(400, "address", f"{len(scope['query_string'])} characters of query",
                             f"at most {_LONGEST_QUERY}", "ask for less at once")  # fmt: skip
            await self.app(scope, await self._read_body(headers, receive), secured)
        except Refused as refused:
            await _answer(secured, refused, as_json=scope["path"].startswith(JSON_PATHS))

    def _check_name(self, headers: dict[str, str]) -> None:
        """Refuse a request that calls this server by a name that is not its own.

        A page elsewhere whose name has been pointed at this address would otherwise be taken for this page. Numeric
        addresses cannot be pointed elsewhere; they count where a token guards the rest.
        """
        given = headers.get("host", "")
        name = _host_of(given)
        known = {"localhost", "127.0.0.1", "::1", *self.settings.names}
        if name in known or (self.settings.token and _is_numeric(name)):
            return
        raise refuse(421, "Host", quoted(given), "an address of this server",
                     "open the address that pactwork serve printed")  # fmt: skip

    def _check_token(self, scope: Scope, headers: dict[str, str]) -> str:
        """Refuse a visitor without the token; return where to go on without it in the address, if it stood there."""
        token = self.settings.token
        if not token:
            return ""
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        asked = next((value for name, value in query if name == "token"), None)
        if asked is not None and scope["method"] in _READING and _same(asked, token):
            rest = urlencode([(name, value) for name, value in query if name != "token"])
            path = "/" + scope.get("raw_path", b"/").decode("latin-1").split("?")[0].lstrip("/")
            return f"{path}?{rest}" if rest else path
        kind, _, value = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and _same(value.strip(), token):
            return ""
        if _same(_read_cookie(headers.get("cookie", ""), self.cookie), self.ticket):
            return ""
        raise refuse(401, "token", "nothing" if asked is None else "another one", "the token of this server",
                     "open the address that pactwork serve printed, with its ?token=…")  # fmt: skip

    def _check_write(self, scope: Scope, headers: dict[str, str]) -> None:
        """Refuse a write that another page may have sent."""
        if scope["method"] in _READING:
            return
        origin = headers.get("origin")
        site = headers.get("sec-fetch-site", "same-origin")
        if (origin is not None and _place_of(origin) != headers.get("host", "").lower()) or (
            site not in ("same-origin", "none")
        ):
            raise refuse(403, "Origin", quoted(origin or site), "this page itself", "use this page, not another one")
        length = headers.get("content-length", "0")
        if "transfer-encoding" not in headers and length == "0":
            return
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise refuse(415, "Content-Type", quoted(kind), "application/json", "send JSON")

    async def _read_body(self, headers: dict[str, str], receive: Receive) -> Receive:
        """Return a receiver that hands out a body within the limit, told or counted; a longer one is refused."""
        most = self.settings.limits.body_bytes
        told = headers.get("content-length", "0")
        if not told.isdecimal() or int(told) > most:
            raise _too_long(f"{told} bytes" if told.isdecimal() else quoted(told), most)
        if told == "0" and "transfer-encoding" not in headers:
            return receive
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] != "http.request":  # the visitor has left
                return _hand_out([message], receive)
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > most:
                raise _too_long("more", most)
        return _hand_out([{"type": "http.request", "body": body, "more_body": False}], receive)


def _too_long(found: str, most: int) -> Refused:
    return refuse(413, "body", found, f"at most {most:,} bytes", "send less")


def _hand_out(messages: list[Message], receive: Receive) -> Receive:
    async def handed() -> Message:
        return messages.pop(0) if messages else await receive()

    return handed


def make_ticket(token: str) -> str:
    """Return what a visitor's cookie holds in place of the token."""
    return hmac.new(token.encode(), b"pactwork page", hashlib.sha256).hexdigest()


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


def _host_of(header: str) -> str:
    """Return the name in a Host header, without its port; empty where it is none.

    Examples
    --------
    >>> _host_of("localhost:8765"), _host_of("[::1]:8765"), _host_of("Example.org."), _host_of("[::1].example.org")
    ('localhost', '::1', 'example.org', '')
    """
    found = _HOST.fullmatch(header.strip().lower())
    return (found["numeric"] or found["name"].rstrip(".")) if found else ""


def _place_of(origin: str) -> str:
    """Return the name and port in an Origin header; empty where it is none."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _is_numeric(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _read_cookie(header: str, name: str) -> str:
    try:
        found = SimpleCookie(header).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


def _with_headers(send: Send) -> Send:
    """Return a sender that adds the headers of safety where an answer has not set its own."""

    async def secured(message: Message) -> None:
        if message["type"] == "http.response.start":
            held = list(message.get("headers", []))
            names = {name.lower() for name, _ in held}
            held += [(k.encode(), v.encode()) for k, v in HEADERS.items() if k.encode() not in names]
            message["headers"] = held
        await send(message)

    return secured


async def _redirect(send: Send, where: str, cookie: str) -> None:
    headers = [(b"location", where.encode("latin-1", "replace")), (b"set-cookie", cookie.encode())]
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _answer(send: Send, refused: Refused, *, as_json: bool) -> None:
    """Send a refusal: problems as JSON for programs; for people a page, which loads nothing."""
    if as_json:
        kind, text = "application/json", json.dumps(problems_document(refused.problems), ensure_ascii=False)
    else:
        kind, text = "text/html; charset=utf-8", _write_page(refused)
    body = text.encode("utf-8", "replace")
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _write_page(refused: Refused) -> str:
    said = "".join(
        f"<li><code>{escape(one.where)}</code>: found <b>{escape(one.found)}</b>; expected {escape(one.expected)}."
        f"<br>{escape(one.fix[:1].upper() + one.fix[1:])}.</li>"
        for one in refused.problems
    )
    title = TITLES.get(refused.status, "That was not understood")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title></head><body><main><h1>{title}</h1><ul>{said}</ul></main></body></html>\n"
    )
