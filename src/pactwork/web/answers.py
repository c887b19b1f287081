"""What leaves the server, and what a browser may do with it: headers on every answer, and refusals before any route."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from html import escape
from typing import Any

from pactwork.web.problems import Refused, problems_document

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
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cache-control": "no-store",
}
OPENER = {"cross-origin-opener-policy": "same-origin"}
"""For visitors by https or on this machine alone: browsers pass it over elsewhere, and complain at each page."""
JSON_PATHS = ("/api/", "/part/", "/static/")
"""What programs and scripts ask for: refusals there are JSON, elsewhere pages."""
TITLES = {401: "This page asks for a token", 403: "Another page sent this", 408: "That took too long",
          413: "That is too long", 421: "This page has another address",
          500: "Something went wrong here"}  # fmt: skip


class Secured:
    """A sender that adds the headers of safety where an answer has not set its own; ``bare`` ones send no body.

    ``trusted`` is whether the visitor's browser takes the way here for a safe one.
    """

    def __init__(self, send: Send, *, bare: bool, trusted: bool) -> None:
        self._send, self.bare, self.started = send, bare, False
        self._headers = HEADERS | OPENER if trusted else HEADERS

    async def __call__(self, message: Message) -> None:
        """Send a part of an answer."""
        if message["type"] == "http.response.start":
            self.started = True
            held = list(message.get("headers", []))
            names = {name.lower() for name, _ in held}
            held += [(k.encode(), v.encode()) for k, v in self._headers.items() if k.encode() not in names]
            message = {**message, "headers": held}
        elif self.bare and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)


async def send_on(send: Send, where: str, cookie: str) -> None:
    """Send a visitor on to another address of this server, with a cookie to keep."""
    headers = [(b"location", where.encode("latin-1", "replace")), (b"set-cookie", cookie.encode())]
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def send_refusal(send: Send, refused: Refused, path: str, *, last: bool) -> None:
    """Send the refusal of what was asked at a path: problems as JSON for programs; for people a page, bare of all.

    The ``last`` answer of a connection ends it: whatever the visitor is still sending is not read.
    """
    if path.startswith(JSON_PATHS):
        kind, text = "application/json", json.dumps(problems_document(refused.problems), ensure_ascii=False)
    else:
        kind, text = "text/html; charset=utf-8", _write_page(refused)
    body = text.encode("utf-8", "replace")
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    if last:
        headers.append((b"connection", b"close"))
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
