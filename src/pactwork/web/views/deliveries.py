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
from pactwork.web.addresses import Address
from pactwork.web.models import Answer
from pactwork.web.pages import View, render
from pactwork.web.problems import refuse
from pactwork.web.replaying import LotReplay, choose_day, list_days, replay
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
    asked: dt.date = Field(description="the day that was asked for; the day of the case where none was")
    expected: str = Field(
        description="in words, which days there are, where the day asked for is none of them; else empty"
    )
    start: dt.date = Field(description="first day of the time axis")
    end: dt.date = Field(description="last day of the time axis")
    learnt: str = Field(description="what the forecasts were learnt from")
    lots: list[LotModel]


@router.get("/deliveries", include_in_schema=False)
def show_deliveries(request: Request, opened: TheCase) -> HTMLResponse:
    """Show the view."""
    days, ledger, address = list_days(opened), opened.ledger, Address(request, ("day", "system"))
    asked = address.text("day", 20)
    if asked and not is_date(asked):
        address.tell("day", quoted(asked), "a day such as 2023-06-30", f"shown is {spell_day(days[-1])}")
    chosen, why = choose_day(opened, parse_date(asked).latest if is_date(asked) else days[-1])
    if why:
        address.tell("day", quoted(asked), why, f"shown is {spell_day(chosen)}")
    held = {row["system_id"] for row in ledger.rows("lots") if row["system_id"]}
    systems = sorted((name, formats.clean(ledger.name_of(name))) for name in held)
    system = address.one_of("system", sorted(held), "a system that lots are of", "all are shown")
    return render(request, opened, VIEW, "deliveries.html.j2", address=address, days=days, chosen=days.index(chosen),
                  systems=systems, system=system, spelt=spell_day(chosen))  # fmt: skip


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
    """Tell each lot's plan, record and forecast as they were known on a day; which day that is, the answer says."""
    asked = _read_day(day) if day else opened.ledger.day
    chosen, expected = choose_day(opened, asked)
    found = replay(opened, chosen)
    return DeliveriesModel(
        day=found.day, asked=asked, expected=expected, spelt=spell_day(found.day), start=found.span[0],
        end=found.span[1], learnt=found.learnt,
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
