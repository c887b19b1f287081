"""Deliveries: each lot's plan, record and forecast, as known on any day since the first order."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import Field

from pactwork.brief import formats
from pactwork.errors import quoted
from pactwork.facts.dates import is_date, parse_date, spell_day
from pactwork.web.models import Answer
from pactwork.web.pages import View, render
from pactwork.web.problems import refuse
from pactwork.web.replaying import LotReplay, list_days, replay
from pactwork.web.site import TheCase

router = APIRouter()


class Point(Answer):
    """Items on a day, counted from the start."""

    day: dt.date
    items: float


class BandModel(Answer):
    """What will have come by a day: the median, and the ranges of 50 and 90 per cent."""

    day: dt.date
    q05: float
    q25: float
    q50: float
    q75: float
    q95: float


class OriginModel(Answer):
    """Where something was read."""

    grade: str
    tip: str
    row: str = Field(description="where the row stands in the case")
    judgement: bool


class LotModel(Answer):
    """One lot as it was known on the day."""

    lot_id: str
    system_id: str
    name: str
    order: str = Field(description="the instrument that orders it")
    unit: str
    signed: bool
    ordered: float
    delivered: float
    due: str = Field(description="in words; empty where no day is known")
    steps: list[Point] = Field(description="the record as known then")
    later: list[Point] = Field(description="what the record of today adds after that day")
    plan: list[Point] = Field(description="the straight way through the planned window; empty where an end is open")
    bands: list[BandModel] = Field(description="the forecast; empty where all has come")
    said: str
    reasons: list[str]
    origins: list[OriginModel]


class DeliveriesModel(Answer):
    """Deliveries as known on a day."""

    day: dt.date
    spelt: str
    start: dt.date = Field(description="first day of the time axis")
    end: dt.date = Field(description="last day of the time axis")
    learnt: str = Field(description="what the forecasts were learnt from")
    lots: list[LotModel]


@router.get("/deliveries", include_in_schema=False)
def show_deliveries(request: Request, opened: TheCase) -> HTMLResponse:
    """Show the view."""
    days = list_days(opened)
    asked = request.query_params.get("day", "")[:20]
    day = parse_date(asked).latest if is_date(asked) else days[-1]
    chosen = max((at for at, one in enumerate(days) if one <= day), default=0)
    ledger = opened.ledger
    held = {row["system_id"] for row in ledger.rows("lots") if row["system_id"]}
    systems = sorted((name, formats.clean(ledger.name_of(name))) for name in held)
    return render(request, opened, VIEW, "deliveries.html.j2", days=days, chosen=chosen, systems=systems,
                  spelt=spell_day(days[chosen]))  # fmt: skip


@router.get("/api/deliveries", tags=["deliveries"])
def get_deliveries(
    opened: TheCase,
    day: Annotated[
        str | None,
        Query(
            pattern=r"^\d{4}-\d{2}-\d{2}$",
            json_schema_extra={"format": "date"},
            description="what was known by then; the last end of a month up to it counts",
        ),
    ] = None,
) -> DeliveriesModel:
    """Tell each lot's plan, record and forecast as they were known on a day."""
    found = replay(opened, _read_day(day) if day else opened.ledger.day)
    return DeliveriesModel(
        day=found.day, spelt=spell_day(found.day), start=found.span[0], end=found.span[1], learnt=found.learnt,
        lots=[_model(one) for one in found.lots],
    )  # fmt: skip


def _read_day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise refuse(422, "day", quoted(text), "a day such as 2023-06-30", "correct the day") from None


def _model(one: LotReplay) -> LotModel:
    return LotModel(
        lot_id=one.lot_id, system_id=one.system_id, name=one.name, order=one.order, unit=one.unit, signed=one.signed,
        ordered=one.ordered, delivered=one.delivered, due=one.due,
        steps=_points(one.steps), later=_points(one.later), plan=_points(one.plan),
        bands=[BandModel(day=day, q05=a, q25=b, q50=c, q75=d, q95=e) for day, a, b, c, d, e in one.bands],
        said=one.said, reasons=list(one.reasons),
        origins=[OriginModel(grade=held.grade, tip=held.tip, row=held.row, judgement=held.judgement)
                 for held in one.origins],
    )  # fmt: skip


def _points(steps: tuple[tuple[dt.date, float], ...]) -> list[Point]:
    return [Point(day=day, items=items) for day, items in steps]


VIEW = View("deliveries", "Deliveries", "/deliveries", router, "Plan, fact and forecast of every lot, on any day")
