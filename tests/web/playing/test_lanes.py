"""Sea lanes: the map, ways and days against the library's own routes."""

import itertools
import math

import pytest

from pactwork.errors import CaseError
from pactwork.futures.routes import find_routes
from pactwork.futures.ways import locate_passages, trace_way
from pactwork.web.playing.lanes import HEIGHT, WIDTH, count_days, project, tell_lanes, tell_map


@pytest.mark.parametrize("closed", [(), ("suez",), ("suez", "malacca", "panama"), ("suez", "south_africa", "panama")])
def test_a_way_is_as_long_as_the_route_that_is_simulated(ledger, closed):
    names = ("suez", "malacca", "panama", "south_africa", "danish_straits")
    route = find_routes(ledger, "masan", "gdynia", names).route(closed)
    way = trace_way(ledger, "masan", "gdynia", closed)
    assert way.length_km == pytest.approx(route.length_km, abs=1e-9)
    assert set(way.passages) & set(names) == set(route.passages)
    steps = sum(_kilometres(*pair) for pair in itertools.pairwise(way.places))
    assert steps == pytest.approx(way.length_km, rel=0.01)


def _kilometres(one, other):
    (a, b), (c, d) = ([math.radians(part) for part in place] for place in (one, other))
    chord = math.sin((d - b) / 2) ** 2 + math.cos(b) * math.cos(d) * math.sin((c - a) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(chord))


def test_no_way_is_left_into_a_closed_sea(ledger, forecast):
    assert trace_way(ledger, "masan", "gdynia", ("danish_straits",)) is None
    told = tell_lanes(ledger, forecast, ("danish_straits",))
    assert all(one["now"] is None and one["before"] for one in told["routes"])


def test_a_passage_nobody_knows_is_refused(ledger):
    with pytest.raises(CaseError, match="nowhere"):
        trace_way(ledger, "masan", "gdynia", ("nowhere",))


def test_passages_lie_where_they_are():
    found = locate_passages()
    for name, (longitude, latitude) in {"suez": (32.5, 30), "gibraltar": (-5.5, 36), "south_africa": (20, -35),
                                         "taiwan_strait": (119.6, 24.7), "panama": (-79.7, 9.1)}.items():  # fmt: skip
        assert found[name] == pytest.approx((longitude, latitude), abs=1.0)


def test_the_map_holds_land_and_every_passage_that_ships_take():
    told = tell_map()
    assert "northwest" not in {one["name"] for one in told["passages"]}  # under ice
    assert len(told["passages"]) == 15
    assert all(0 < one["x"] < WIDTH and 0 < one["y"] < HEIGHT for one in told["passages"])
    assert told["land"].startswith("M")
    assert "public domain" in told["source"]
    jumps = [abs(float(one.split()[0]) - float(other.split()[0]))
             for ring in told["land"].split("M") for one, other in _pairs(ring.strip("Z").split("L"))]  # fmt: skip
    assert max(jumps) < WIDTH / 4  # no ring runs back across the whole map


def _pairs(points):
    return list(itertools.pairwise(points))


def test_millers_projection():
    """Miller (1942): the equator is straight, y(45°) is 5/4 ln tan(63°)."""
    x, equator = project(60.0, 0.0)
    assert x == pytest.approx(WIDTH / 2)
    _, north = project(0.0, 45.0)
    assert equator - north == pytest.approx(WIDTH / (2 * math.pi) * 1.25 * math.log(math.tan(math.radians(63))))


def test_ways_before_and_now(ledger, forecast):
    told = tell_lanes(ledger, forecast, ("suez",))
    one = next(route for route in told["routes"] if route["name"] == "masan-gdynia")
    assert "suez" in one["before"]["passages"]
    assert "south_africa" in one["now"]["passages"]
    assert one["now"]["days"] > one["before"]["days"] + 5
    assert one["now"]["days_low"] < one["now"]["days"] < one["now"]["days_high"]
    assert "k2-1" in {lot["lot"] for lot in one["lots"]}
    assert {lot["lot"] for lot in told["by_air"]} == {"fa-50pl"}
    state = {passage["name"]: passage for passage in told["passages"]}
    assert state["suez"]["closed"]
    assert state["suez"]["usual"]
    assert not state["suez"]["taken"]
    assert state["panama"]["optional"]


def test_a_passage_that_only_some_ships_take_is_left_out_unless_asked_for(ledger, forecast):
    without, beside = (tell_lanes(ledger, forecast, ("suez",), also) for also in ((), ("panama",)))
    assert "panama" not in without["routes"][0]["now"]["passages"]
    assert beside["routes"][0]["now"]["km"] <= without["routes"][0]["now"]["km"]


def test_days_are_length_over_speed_and_days_in_port(ledger):
    parameters = ledger.assumptions.parameters
    speed, port = parameters["shipping.speed"], parameters["shipping.port_days"]
    days = count_days(parameters, 20_000)
    fastest = 20_000 / (speed.high * 1.852 * 24) + port.low
    slowest = 20_000 / (speed.low * 1.852 * 24) + port.high
    assert fastest < days.low < days.middle < days.high < slowest
    assert count_days({}, 0.0).middle == 0.0
