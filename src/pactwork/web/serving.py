"""How the application is served: plain HTTP/1.1, and nobody holds a connection without asking for anything."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable

import h11
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

SILENT_SECONDS = 10.0
"""After which a connection is looked at: one that asked for nothing since the last look is closed."""
MOST_CONNECTIONS = 512


class PatientProtocol(H11Protocol):
    """HTTP as uvicorn speaks it, which by itself waits for a request for ever.

    Without an end to that, whoever opens `MOST_CONNECTIONS` and says nothing, or a letter now and then, would shut all
    others out.
    """

    _asked: object = None
    _look: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to watch a connection."""
        super().connection_made(transport)
        self._look = self.loop.call_later(SILENT_SECONDS, self._close_if_silent)

    def connection_lost(self, exc: Exception | None) -> None:
        """Watch it no longer."""
        if self._look is not None:
            self._look.cancel()
        super().connection_lost(exc)

    def _close_if_silent(self) -> None:
        """Close the connection where it is between requests, and has been since the last look or longer."""
        idle = self.conn.their_state is h11.IDLE
        if idle and self._asked is self.cycle:
            self.transport.close()
            return
        self._asked = self.cycle
        self._look = self.loop.call_later(SILENT_SECONDS, self._close_if_silent)


def configure(app: FastAPI) -> uvicorn.Config:
    """Return how an application is served.

    What a proxy says about its visitors is read by `safety`, not here; there are no WebSockets.
    """
    return uvicorn.Config(
        app, http=PatientProtocol, ws="none", log_level="error", access_log=False, server_header=False,
        date_header=False, proxy_headers=False, timeout_graceful_shutdown=2, limit_concurrency=MOST_CONNECTIONS,
    )  # fmt: skip


class Server(uvicorn.Server):
    """Stops as one should: who plays is told first, and what is then cut off leaves no traceback.

    Parameters
    ----------
    app : FastAPI
    tell : callable, optional
        Told in a sentence what becomes of jobs that are under way: ending them takes seconds.
    """

    def __init__(self, app: FastAPI, tell: Callable[[str], object] = lambda _: None) -> None:
        super().__init__(configure(app))
        self._site, self._tell = app.state.site, tell
        logging.getLogger("uvicorn.error").addFilter(_is_no_farewell)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop: the lifespan's own end comes only after all requests have ended, or their time is up."""
        self._site.closing.set()
        if any(job.state == "running" for job in self._site.jobs.all()):
            self._tell("Stopping. What is under way goes on when the page is served again.")
        await super().shutdown(sockets)


def _is_no_farewell(record: logging.LogRecord) -> bool:
    """Return whether a record tells of something else than of requests that were cut off by the server's end."""
    cause = record.exc_info[1] if record.exc_info else None
    said = record.getMessage()
    cut_off = isinstance(cause, asyncio.CancelledError) or "asyncio.exceptions.CancelledError" in said
    return not cut_off and not said.startswith("Cancel ")
