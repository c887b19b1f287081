"""Sea lanes: a map on which passages are closed, and what takes longer and arrives later then."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import Field

from pactwork.facts.passages import list_passages
from pactwork.web.addresses import Address, list_known
from pactwork.web.loading import load_simulation
from pactwork.web.models import Answer
from pactwork.web.pages import View, render
from pactwork.web.playing.asking import MOST_CLOSED
from pactwork.web.playing.playroom import is_playable, playroom_of
from pactwork.web.problems import unknown
from pactwork.web.site import TheCase, TheSite

router = APIRouter()
Names = Annotated[str, Query(max_length=400, description="names of passages, with commas between them")]


class PassagePlace(Answer):
    """A passage and where it lies on the map."""

    name: str
    title: str
    x: float
    y: float


class MapModel(Answer):
    """The map: Miller's projection, in its own units; ``land`` is an SVG path."""

    width: float
    height: float
    land: str
    passages: list[PassagePlace]
    source: str


class WayModel(Answer):
    """One way: kilometres, passages in order, days (middle and nine tenths of what is assumed), and an SVG path."""

    km: int
    passages: list[str]
    path: str
    days: float
    days_low: float
    days_high: float


class LotModel(Answer):
    """A lot that is not all there yet."""

    lot: str
    name: str


class RouteModel(Answer):
    """A pair of ports: the way with nothing more closed, and the way now; null where none is left."""

    name: str
    origin: str
    destination: str
    lots: list[LotModel]
    before: WayModel | None
    now: WayModel | None


class PassageModel(Answer):
    """A passage: whether it is closed, taken now, taken usually, taken in some futures only, and played at all."""

    name: str
    closed: bool
    taken: bool
    usual: bool
    optional: bool
    modelled: bool


class PortModel(Answer):
    """A port on the map."""

    name: str
    x: float
    y: float
    role: str


class LanesModel(Answer):
    """What a case's ships do."""

    routes: list[RouteModel]
    by_air: list[LotModel] = Field(description="lots that come by air")
    passages: list[PassageModel]
    ports: list[PortModel]


@router.get("/sea-lanes", include_in_schema=False)
def show_sea_lanes(request: Request, opened: TheCase, site: TheSite) -> HTMLResponse:
    """Show the view; the simulation begins to get ready."""
    playable = is_playable(opened.ledger)
    if playable:
        playroom_of(opened, site)
    address = Address(request, ("closed", "also"))
    shut = address.some_of("closed", _known(), "a passage", "it is left out", MOST_CLOSED)
    also = address.some_of("also", _known(), "a passage", "it is left out", len(_known()))
    used = urlencode({"closed": ",".join(shut), "also": ",".join(also)})
    return render(request, opened, VIEW, "sea-lanes.html.j2", address=address, playable=playable, used=used)


@router.get("/api/sea-lanes/map", tags=["sea-lanes"])
def get_map() -> MapModel:
    """Return land, and where passages lie."""
    load_simulation()
    from pactwork.web.playing.lanes import tell_map

    return MapModel.model_validate(tell_map())


@router.get("/api/sea-lanes", tags=["sea-lanes"])
def get_lanes(opened: TheCase, closed: Names = "", also: Names = "") -> LanesModel:
    """Tell the shortest ways between the case's ports with passages closed, beside those with none more closed."""
    load_simulation()
    from pactwork.web.playing.lanes import tell_lanes

    shut, used = _read(closed), _read(also)

    def make() -> dict[str, Any]:
        return tell_lanes(opened.ledger, opened.forecast, shut, used)

    return LanesModel.model_validate(opened.remember(("sea lanes", shut, used), make))


def _read(text: str) -> tuple[str, ...]:
    names = tuple(sorted({part.strip() for part in text.split(",") if part.strip()}))
    for name in names:
        if name not in _known():
            raise unknown("passage", name, list_known(_known(), "a passage"))
    return names


def _known() -> list[str]:
    """Return the names of the passages that ships may be kept from."""
    return [name for name, one in list_passages().items() if not one.ice]


VIEW = View(
    "sea-lanes", "Sea lanes", "/sea-lanes", router, "Close a passage, and see the way round and what comes later"
)
