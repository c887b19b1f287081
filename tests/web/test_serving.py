"""The server as it is configured, spoken to over a socket as no browser would."""

import asyncio
import contextlib
import logging
import socket
import threading
from types import SimpleNamespace

import pytest
import uvicorn

from pactwork.web import serving
from pactwork.web.serving import configure
from pactwork.web.settings import Limits

HOST = b"Host: localhost\r\n"
POST = b"POST /api/brief HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"


@pytest.fixture
def open_server(make_client, make_case):
    """Return a function that starts a server and returns one that speaks to it, until the server closes."""
    with contextlib.ExitStack() as closing:

        def start(**limits):
            listening = closing.enter_context(socket.create_server(("127.0.0.1", 0)))
            server = uvicorn.Server(configure(make_client(make_case(), limits=Limits(**limits)).app))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
            thread.start()
            closing.callback(thread.join, 30)
            closing.callback(setattr, server, "should_exit", True)
            return lambda *pieces: _speak(listening.getsockname(), pieces)

        yield start


def _speak(address, pieces):
    """Send pieces, and return all that comes; None among them waits for something to come."""
    found = b""
    with socket.create_connection(address) as line:
        line.settimeout(30)
        for piece in pieces:
            if piece is None:
                found += line.recv(65536)
                continue
            with contextlib.suppress(ConnectionError):  # it may have heard enough
                line.sendall(piece)
        with contextlib.suppress(ConnectionError):
            while got := line.recv(65536):
                found += got
    return found


@pytest.fixture
def speak(open_server):
    """Return a function that sends pieces of a request and returns all that comes until the server closes."""
    return open_server()


def status_of(answer):
    return int(answer.split(b" ", 2)[1])


def test_who_says_nothing_is_let_go(speak, monkeypatch):
    """Had it no end, the socket would time out."""
    monkeypatch.setattr(serving, "SILENT_SECONDS", 0.05)
    assert speak() == b""
    assert speak(b"GET / HTTP/1.1\r\n", HOST) == b""


def test_who_asked_once_may_not_say_nothing_for_ever_after(speak, monkeypatch):
    monkeypatch.setattr(serving, "SILENT_SECONDS", 0.05)
    whole = b"GET /api/case HTTP/1.1\r\n" + HOST + b"\r\n"
    answer = speak(whole, None, b"GET /api/case HTTP/1.1\r\n")  # uvicorn's own patience ends with the first letter
    assert answer.count(b"HTTP/1.1 200") == 1


def test_who_is_heard_out_is_not_silent(open_server, monkeypatch):
    """The connection is looked at many times while the body is awaited, and is there for the refusal."""
    monkeypatch.setattr(serving, "SILENT_SECONDS", 0.02)
    answer = open_server(body_seconds=0.3)(POST + b"Content-Length: 9\r\n\r\n{")
    assert status_of(answer) == 408


@pytest.mark.parametrize(
    "request_of",
    [
        POST + b"Content-Length: 99999999\r\n\r\n{",
        POST + b"Transfer-Encoding: chunked\r\n\r\nfffffff\r\n" + b"x" * 65536 * 17,
        POST + b"Transfer-Encoding: chunked\r\n\r\n10001\r\n" + b"x" * 65537 + b"\r\n0\r\n\r\n",
    ],
)
def test_a_body_without_end_ends_the_connection(speak, request_of):
    answer = speak(request_of)
    assert status_of(answer) == 413
    assert b"connection: close" in answer.lower()


@pytest.mark.parametrize(
    "request_of",
    [
        b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"x" * 200_000 + b"\r\n\r\n",
        b"GET /?" + b"x" * 200_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + b"".join(b"X%d: x\r\n" % n for n in range(20_000)) + b"\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + b"Host: evil.example\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        POST + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused_at_once(speak, request_of):
    assert status_of(speak(request_of)) == 400


def test_there_are_no_web_sockets(speak):
    upgrade = b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    answer = speak(b"GET /api/case HTTP/1.1\r\n" + HOST + b"Connection: close, Upgrade\r\n" + upgrade + b"\r\n")
    assert status_of(answer) == 200
    assert b"sec-websocket" not in answer.lower()


@pytest.mark.parametrize(("heeds", "status"), [(True, 200), (False, 500)])
def test_a_server_that_stops_tells_who_plays_and_cuts_the_others_off_without_a_traceback(
    make_client, make_case, capsys, heeds, status
):
    app, came = make_client(make_case()).app, threading.Event()

    async def play():
        came.set()
        while not (heeds and app.state.site.closing.is_set()):
            await asyncio.sleep(0.05)
        return "stopped"

    app.add_api_route("/play", play)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = serving.Server(app)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        stopping = threading.Thread(target=lambda: came.wait(30) and setattr(server, "should_exit", True))
        stopping.start()
        answer = _speak(listening.getsockname(), [b"GET /play HTTP/1.1\r\n" + HOST + b"\r\n"])
        stopping.join(30)
        thread.join(30)
    assert status_of(answer) == status
    assert not capsys.readouterr().err


@pytest.mark.parametrize("states", [("done", "running"), ("done",)])
def test_who_stops_a_server_is_told_what_becomes_of_jobs(make_client, make_case, monkeypatch, states):
    app, said = make_client(make_case()).app, []
    monkeypatch.setattr(app.state.site.jobs, "all", lambda: [SimpleNamespace(state=one) for one in states])
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = serving.Server(app, said.append)
        server.should_exit = True
        server.run(sockets=[listening])
    assert len(said) == ("running" in states)


@pytest.mark.parametrize(
    ("message", "told"),
    [("Traceback\nasyncio.exceptions.CancelledError\n", False), ("Cancel 1 running task(s), timeout", False),
     ("Traceback\nValueError: a defect\n", True)],
)  # fmt: skip
def test_a_second_interrupt_leaves_no_traceback_and_a_defect_does(message, told):
    assert serving._is_no_farewell(logging.LogRecord("uvicorn.error", 40, "", 0, message, (), None)) == told
