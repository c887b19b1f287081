"""The command ``pactwork serve``: the page of a case, on this machine."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer

from pactwork.commands.options import DEFAULT_CASE, CaseArgument, messages
from pactwork.errors import CaseError, Problem

EPILOG = (
    "Example: pactwork serve my-case. The page listens on this machine alone; another --host, or a --name, asks its "
    "visitors for a token, which is printed, or taken from --token-file or PACTWORK_TOKEN. Ctrl-C stops it."
)


def serve(
    case: CaseArgument = DEFAULT_CASE,
    host: Annotated[str, typer.Option("--host", metavar="H", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", metavar="P", min=0, max=65535, help="Port; 0 takes any that is free.")
    ] = 8765,
    state: Annotated[
        Path | None, typer.Option("--state", metavar="DIR", help="Folder for jobs. [default: the user's cache]")
    ] = None,
    names: Annotated[
        list[str] | None,
        typer.Option("--name", metavar="HOSTNAME",
                     help="Another name by which visitors call this server, such as that of a proxy; repeatable."),
    ] = None,
    token_file: Annotated[
        Path | None,
        typer.Option("--token-file", metavar="PATH",
                     help="File that holds the token of visitors, closed to other users; goes before PACTWORK_TOKEN."),
    ] = None,
) -> None:  # fmt: skip
    """Show a case as a page to explore, forecast and compare with; it is read again whenever its files change."""
    from pactwork.web.app import make_app
    from pactwork.web.hosts import check_names
    from pactwork.web.serving import Server
    from pactwork.web.settings import Settings, default_state, own_names
    from pactwork.web.tokens import choose_token

    further = check_names(names or ())
    token = choose_token(host, token_file, named=bool(further))
    listening = _listen(host, port)
    port = listening.getsockname()[1]
    app = make_app(Settings(case, host, port, token, state or default_state(), own_names(host) | further))
    _announce(host, port, sorted(further), token, token_file)
    Server(app, messages.print).run(sockets=[listening])


def _announce(host: str, port: int, further: list[str], token: str, token_file: Path | None) -> None:
    """Tell where the page is, and the token; not one of a file, which may be closed to those who read this."""
    shown = host if host not in ("0.0.0.0", "::") else socket.gethostname()
    name = f"[{shown}]" if ":" in shown else shown
    query = f"?token={quote(token, safe='')}" if token and token_file is None else ""
    said = [f"http://{name}:{port}/{query}"]
    said += [f"Visitors may also call it {one}{f', with the same {query}' if query else ''}." for one in further]
    if token_file is not None:
        said.append(f"Each visitor needs ?token= once, with what {token_file} holds.")
    for line in (*said, "Ctrl-C stops it."):
        messages.print(line, markup=False, soft_wrap=True)


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens, or a problem in words where the place is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    held = socket.socket(family, socket.SOCK_STREAM)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        held.bind((host, port))
        held.listen(256)
    except OSError as error:
        held.close()
        found = error.strerror or "an error"
        raise CaseError([Problem(f"{host}:{port}", found, "a free address of this machine", "choose another --port")],
                        left="nothing was started") from error  # fmt: skip
    return held
