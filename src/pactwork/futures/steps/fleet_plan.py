"""The fleet's plan and state: where items are, and what they do in service."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from pactwork.futures.arrays import Axes, Counts, Flags, Floats, Words
from pactwork.futures.draws import BATCH
from pactwork.futures.tables import GUIDES, ROWS, WIDTH

READY, FIELD, DEPOT, PARTS, TO_SEND, MAKER, OVERHAUL, STRIPPED, LOST = 0, 1, 2, 3, 4, 5, 6, 7, 8
"""Where an item is: the columns of ``FleetState.items``."""
PLACES = ("ready", "field", "depot", "parts", "to_send", "maker", "overhaul", "stripped", "lost")
FLEET_DECISIONS = (
    "fails", "damaged", "lost", "worn", "field_share", "depot_share", "field_mended", "depot_mended", "overhauled",
    "maker_mended", "spares",
)  # fmt: skip
BY_FAILS, BY_DAMAGED, BY_LOST, BY_WORN, BY_FIELD_SHARE, BY_DEPOT_SHARE = range(6)
BY_FIELD_MENDED, BY_DEPOT_MENDED, BY_OVERHAULED = 6, 7, 8
MAKER_MENDED, SPARES_COME = 9, 10
"""Places of FLEET_DECISIONS: the columns of ``FleetPlan.streams``."""


class FleetPlan(NamedTuple):
    """What items do in service; rates per year."""

    items: Annotated[Counts, Axes(("system", 9), "items in each of PLACES at the start")]
    required: Annotated[Counts, Axes(("step", "system"), "items required; step runs to the end of the last")]
    theatre: Annotated[Counts, Axes(("system",), "theatre whose level sets use and damage; -1 none", -1)]
    failure: Annotated[Floats, Axes(("system",), "failures of an operating item a year, at use 1")]
    ageing: Annotated[Floats, Axes(("system",), "growth of the failure rate a year, as a share")]
    use: Annotated[Floats, Axes(("system", 4), "use by level", 1.0)]
    grades: Annotated[Floats, Axes(("system", 3), "shares of failures mended in the field, the depot, at the maker")]
    depot_transfer: Annotated[
        Counts, Axes(("system",), "transfer that opens the depot; till then the maker; -1 open", -1)
    ]
    workshop: Annotated[
        Counts, Axes(("system",), "transfer that opens a workshop for the maker's repairs; -1 none", -1)
    ]
    workshop_channels: Annotated[Counts, Axes(("system",), "channels it adds to the depot's")]
    mending: Annotated[Floats, Axes(("system", 3), "rate of one channel: field, depot, overhaul")]
    channels: Annotated[Counts, Axes(("system", 3), "channels: field, depot, overhaul", 1_000_000)]
    overhaul: Annotated[Floats, Axes(("system",), "overhauls of an operating item a year, at use 1")]
    damage: Annotated[Floats, Axes(("system", 4), "hazard of damage of a ready item, by level")]
    loss: Annotated[Floats, Axes(("system", 4), "hazard of loss of a ready item, by level")]
    surge: Annotated[Floats, Axes(("system",), "factor on mending once a crisis is known to come", 1.0)]
    strip_most: Annotated[Counts, Axes(("system",), "items that may be stripped for parts at one time")]
    spares: Annotated[Counts, Axes(("system",), "sets in stock at the start; -1 never short", -1)]
    spare_years: Annotated[Floats, Axes(("system",), "mean time in which the maker has a set ready")]
    spare_route: Annotated[Counts, Axes(("system",), "route of spares; -1 none", -1)]
    spare_transfer: Annotated[Counts, Axes(("system",), "transfer that opens a local maker of spares; -1 never", -1)]
    local_spare_years: Annotated[Floats, Axes(("system",), "mean time in which it has a set ready")]
    maker_years: Annotated[Floats, Axes(("system",), "mean time of a repair at the maker, without transit")]
    maker_route: Annotated[Counts, Axes(("system",), "route of repairs, there and back; -1 none", -1)]
    spread: Annotated[Floats, Axes(("system",), "standard deviation of the logarithm of makers' times")]
    government: Annotated[Counts, Axes(("system",), "government that lets spares and repairs go; -1 none", -1)]
    rounds_a_barrel: Annotated[Floats, Axes(("system",), "rounds that wear out a barrel; 0 none")]
    streams: Annotated[Words, Axes(("system", 11), "words of FLEET_DECISIONS")]


class FleetState(NamedTuple):
    """Where all items are, and what has been added up."""

    items: Annotated[Counts, Axes(("system", 9), "items in each of PLACES")]
    grades: Annotated[Floats, Axes(("system", 3), "shares of failures by who mends them, as they now are")]
    channels: Annotated[Counts, Axes(("system", 3), "channels as they now are")]
    spares: Annotated[Counts, Axes(("system",), "sets in stock")]
    planned: Annotated[
        Counts, Axes(("system",), "sets that should be in stock or on order while nothing waits for one")
    ]
    to_order: Annotated[Counts, Axes(("system",), "sets used and not yet ordered again")]
    ordered: Annotated[Counts, Axes(("system",), "sets ordered so far")]
    ordered_by_sea: Annotated[Counts, Axes(("system",), "those that came by sea")]
    sent: Annotated[Counts, Axes(("system",), "items sent to the maker so far")]
    sent_by_sea: Annotated[Counts, Axes(("system",), "those that went by sea")]
    failed: Annotated[Counts, Axes(("system",), "failures and damage so far")]
    mended_coming: Annotated[Counts, Axes(("system", "step"), "items that come back in a step")]
    spares_coming: Annotated[Counts, Axes(("system", "step"), "sets that come in a step")]
    fired: Annotated[Floats, Axes(("system",), "rounds fired in the last step")]
    pace: Annotated[Floats, Axes(("system", 18), "rates of the last step: the fields of Pace", -1.0)]
    luck: Annotated[Floats, Axes(("system", 7, 2, BATCH), "uniforms of the next pairs of substeps, by decision")]
    luck_at: Annotated[Counts, Axes(("system", 7, 2), "the first of these pairs, and pairs of a step; 0 none")]
    counters: Annotated[Counts, Axes((2, BATCH), "steps and places that they are made for")]
    made_for: Annotated[Floats, Axes(("system", 9, ROWS), "hazard that each row of the tables is for; -1 none", -1.0)]
    totals: Annotated[Floats, Axes(("system", 9, ROWS, WIDTH), "distribution functions (see futures.tables)")]
    guide: Annotated[Flags, Axes(("system", 9, ROWS, GUIDES), "where to begin in them")]
    wear: Annotated[Floats, Axes(("system",), "barrels worn and not yet changed, in parts")]
    ready_years: Annotated[Floats, Axes(("system",), "item-years ready")]
    ready_square_years: Annotated[Floats, Axes(("system",), "square of items ready, times years")]
    gap_years: Annotated[Floats, Axes(("system",), "item-years by which ready items fell short of required ones")]
    parts_years: Annotated[Floats, Axes(("system",), "item-years waiting for parts")]
    service_years: Annotated[Floats, Axes(("system",), "item-years in service, whatever their state")]


class Stock(NamedTuple):
    """Spares of all systems, as one of them meets them."""

    system: int
    never_short: bool
    sets: Counts
    to_order: Counts
