"""How a view becomes a page: one frame, templates that escape everything the case says, the package's own files."""

from __future__ import annotations

import functools
import hashlib
import mimetypes
from dataclasses import dataclass
from importlib import resources
from typing import Any

import jinja2
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from pactwork.brief import formats
from pactwork.brief.origins import condense
from pactwork.errors import Problem
from pactwork.facts.dates import spell_day
from pactwork.web.addresses import Address
from pactwork.web.cases import OpenCase
from pactwork.web.site import site_of


@dataclass(frozen=True)
class View:
    """One view of the page: its name in addresses and files, its title, its path, its routes, and one line about it."""

    name: str
    title: str
    path: str
    router: APIRouter
    about: str


@dataclass(frozen=True)
class StaticFile:
    """One of the package's own files that a browser may ask for."""

    content: bytes
    media_type: str
    tag: str


def render(
    request: Request, opened: OpenCase, view: View, template: str, *, address: Address | None = None, **values: Any
) -> HTMLResponse:
    """Return a view's page.

    Parameters
    ----------
    template : str
        A file of ``templates``, which extends ``frame.html.j2``.
    address : Address, optional
        What the address asked for, as the view has read it; without one the view takes no parameters.
    **values
        What it shows, besides ``view``, ``views``, ``case`` (the ledger's About), ``ledger``, ``revision``, ``day``.
    """
    ledger = opened.ledger
    site_of(request).warm_up()
    return _answer(
        request, template, view=view, case=ledger.about, ledger=ledger, revision=opened.revision,
        day=spell_day(ledger.day), bundled=opened.bundled, unused=(address or Address(request)).unused, **values,
    )  # fmt: skip


def render_part(request: Request, template: str, **values: Any) -> HTMLResponse:
    """Return a piece of a page, which a script puts into its place (``data-part``)."""
    return _answer(request, template, **values)


def render_problems(
    request: Request, problems: tuple[Problem, ...], *, status: int, title: str, lead: str
) -> HTMLResponse:
    """Return a page that says what is wrong, in place of a view."""
    site = site_of(request)
    return _answer(
        request, "problems.html.j2", status=status, view=None, case=None, revision=site.watch.revision(), day="",
        problems=problems, title=title, lead=lead, bundled=site.watch.bundled,
    )  # fmt: skip


def _answer(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    values = {"views": request.app.state.views, "unused": (), **values}
    return HTMLResponse(environment().get_template(template).render(values), status)


def _finish(value: object) -> object:
    """Return what a template prints: nothing where nothing is known, and no text that could turn the page around."""
    if value is None:
        return ""
    return formats.strip_marks(value) if type(value) is str else value


@functools.cache
def environment() -> jinja2.Environment:
    """Return the templates' environment."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("pactwork.web"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_finish,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        number=formats.number,
        percent=formats.percent,
        count_of=formats.count,
        date_words=formats.date,
        shorten=formats.shorten,
        capital=formats.capitalise,
        spell_day=spell_day,
        condense=condense,
    )
    made.globals["static"] = lambda name: f"/static/{name}" if name in static_files() else _no_file(name)
    return made


def _no_file(name: str) -> str:
    raise KeyError(f"no static file {name}")


@functools.cache
def static_files() -> dict[str, StaticFile]:
    """Return every file a browser may ask for, by name: what is not in this table does not exist.

    The brief's style sheet comes as a layer below the page's own: both look alike, and the page has the last word.
    """
    folder = resources.files("pactwork.web").joinpath("static")
    held = {entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.is_file()}
    brief = resources.files("pactwork.brief").joinpath("templates/style.css").read_bytes()
    held["brief.css"] = b"@layer brief {\n" + brief + b"}\n"
    return {
        name: StaticFile(content, _media_type(name), hashlib.sha256(content).hexdigest()[:16])
        for name, content in held.items()
    }


def _media_type(name: str) -> str:
    known = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml", "woff2": "font/woff2"}
    return known.get(name.rpartition(".")[2]) or mimetypes.guess_type(name)[0] or "application/octet-stream"
