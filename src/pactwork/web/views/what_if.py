"""What if: levers and assumptions under one's hands, answered within a second and sharpened in the background."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from pactwork.errors import CaseError, quoted
from pactwork.web.addresses import Address
from pactwork.web.cases import OpenCase
from pactwork.web.loading import load_simulation
from pactwork.web.models import ProblemModel
from pactwork.web.pages import View, render
from pactwork.web.playing.links import NAMES, read_link
from pactwork.web.playing.playroom import (
    MOST_WAITING,
    Playroom,
    is_playable,
    playroom_of,
    waiting_places,
    waiting_pool,
)
from pactwork.web.playing.shapes import Played, PlayModel, ReadyModel, SetupModel, WeightsModel
from pactwork.web.problems import refuse, unknown
from pactwork.web.site import TheCase, TheSite

router = APIRouter()
Scenario = Annotated[str, Query(max_length=120, description="set of assumptions; the case's own where empty")]


@router.get("/what-if", include_in_schema=False)
def show_what_if(request: Request, opened: TheCase, site: TheSite) -> HTMLResponse:
    """Show the view; the simulation begins to get ready."""
    playable = is_playable(opened.ledger)
    if playable:
        playroom_of(opened, site)
    address = Address(request, NAMES)
    used = urlencode(read_link(opened.ledger, address)) if playable else ""
    return render(
        request,
        opened,
        VIEW,
        "what-if.html.j2",
        address=address,
        playable=playable,
        used=used,
        commented=(site.watch.root / "assumptions.toml").is_file(),
    )


@router.get("/api/what-if/setup", tags=["what-if"])
def get_setup(opened: TheCase, scenario: Scenario = "") -> SetupModel:
    """List what can be moved: scenarios, levers, and the assumptions of a scenario with their ranges."""
    load_simulation()
    from pactwork.web.playing.setup import tell_setup

    if scenario and scenario not in opened.ledger.assumptions.scenarios:
        expected = f"one of {', '.join(opened.ledger.assumptions.scenarios) or 'none'}"
        raise unknown("scenario", scenario, expected)
    made = opened.remember(("what-if setup", scenario), lambda: tell_setup(opened.ledger, scenario))
    return SetupModel.model_validate(made)


@router.get("/api/what-if/state", tags=["what-if"])
def get_state(opened: TheCase, site: TheSite) -> ReadyModel:
    """Tell how far the simulation is on its way; asking makes it begin."""
    state = playroom_of(opened, site).state
    return ReadyModel(ready=state.ready, stage=state.stage, done=state.done, total=state.total,
                      problems=[ProblemModel.model_validate(one.as_dict()) for one in state.problems])  # fmt: skip


@router.get("/api/what-if/weights", tags=["what-if"])
def get_weights(opened: TheCase, site: TheSite) -> WeightsModel:
    """List the assumptions that outcomes follow most, over 3,200 runs as assumed; not ready until those are played."""
    load_simulation()
    from pactwork.web.playing.asking import Ask
    from pactwork.web.playing.experiment import LAST
    from pactwork.web.playing.weights import weigh_assumptions

    bench = playroom_of(opened, site).bench
    if bench is None or not bench.has(Ask(), LAST):
        return WeightsModel(ready=False, runs=LAST, weights=[])
    found = opened.remember("weights", lambda: weigh_assumptions(opened.ledger, bench.play(Ask(), LAST)))
    weights = [{"name": one.name, "outcome": one.outcome, "correlation": round(one.correlation, 3)} for one in found]
    return WeightsModel.model_validate({"ready": True, "runs": LAST, "weights": weights})


@router.post("/api/what-if/play", tags=["what-if"])
async def play(asked: PlayModel, opened: TheCase, site: TheSite) -> Played:
    """Play a question to so many runs, and another one beside it with the same luck.

    The first 200 runs come before anything that only sharpens. A newer question of the same page takes the place of an
    older one that is still being played.
    """
    from starlette.concurrency import run_in_threadpool

    most = site.settings.limits.quick_runs
    if asked.size > most:
        raise refuse(422, "size", f"{asked.size:,} runs", f"at most {most:,}", "ask for fewer")
    room = await run_in_threadpool(playroom_of, opened, site)
    if room.bench is None:
        return _tell_waiting(room, asked)
    if asked.pinned is not None and asked.pinned.seed != asked.ask.seed:
        raise refuse(422, "pinned seed", quoted(asked.pinned.seed), f"{asked.ask.seed}, as the question beside it",
                     "pin a result of the same seed: another one has another luck")  # fmt: skip
    stopped = room.taken_back(asked.page, asked.number)  # at once: an older one of the page may hold the last place
    places = waiting_places()
    if not places.acquire(blocking=False):
        raise refuse(429, "what-if", f"{MOST_WAITING} questions that wait", "fewer", "ask again in a moment")
    future = waiting_pool().submit(_play, room, opened, asked, stopped)
    future.add_done_callback(lambda _: places.release())
    return await asyncio.wrap_future(future)


def _tell_waiting(room: Playroom, asked: PlayModel) -> Played:
    """Return how far a case is on its way to being played; CaseError where it cannot be."""
    state = room.state
    if state.problems:
        raise CaseError(state.problems)
    return Played(state="getting ready", number=asked.number, stage=state.stage, done=state.done, total=state.total)


def _play(room: Playroom, opened: OpenCase, asked: PlayModel, stopped: Callable[[], bool]) -> Played:
    load_simulation()
    from pactwork.web.playing.comparing import tell_difference
    from pactwork.web.playing.reading import tell_answer
    from pactwork.web.playing.stopping import Superseded

    bench = room.wait(0)
    try:
        now = bench.play(asked.ask.as_ask(), asked.size, stopped)
        pinned = bench.play(asked.pinned.as_ask(), asked.size, stopped) if asked.pinned else None
    except Superseded:
        if not room.outdated:
            return Played(state="superseded", number=asked.number)
    except CaseError:
        if not room.outdated:
            raise
    if room.outdated:  # the page asks again, and is answered about the case as it is
        return _tell_waiting(room, asked)
    told: dict[str, Any] = {"answer": tell_answer(opened.ledger, now)}
    if pinned is not None:
        told |= {"pinned": tell_answer(opened.ledger, pinned),
                 "difference": tell_difference(opened.ledger, now, pinned)}  # fmt: skip
    return Played.model_validate({"state": "answered", "number": asked.number, **told})


VIEW = View("what-if", "What if", "/what-if", router, "Pull levers and move assumptions, and see what they change")
