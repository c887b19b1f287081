"""Sea routes: published distances, closed passages, and no way at all where none is left."""

import itertools
import math
import re

import pytest

from pactwork import CaseError, load_case
from pactwork.facts.passages import list_passages
from pactwork.futures.routes import KM_PER_NAUTICAL_MILE, find_routes

PORTS = """port_id,name,country,role,latitude,longitude,source_id,locator
busan,Busan,KR,both,35.1,129.05,paper,x
gdansk,Gdańsk,PL,both,54.4,18.7,paper,x
shanghai,Shanghai,CN,both,31.3,121.9,paper,x
rotterdam,Rotterdam,NL,both,51.98,4.0,paper,x
jeddah,Jeddah,SA,both,21.5,39.1,paper,x
constanta,Constanța,RO,both,44.15,28.7,paper,x
new-york,New York,US,both,40.6,-74.0,paper,x
colombo,Colombo,LK,both,6.95,79.8,paper,x
yokohama,Yokohama,JP,both,35.4,139.7,paper,x
san-francisco,San Francisco,US,both,37.75,-122.6,paper,x
warsaw,Warsaw,PL,receives,52.2,21.0,paper,x
nowhere,Nowhere,PL,receives,,,paper,x
"""
CANALS = ("babalmandab", "panama", "suez")


@pytest.fixture
def ledger(make_case):
    return load_case(make_case(ports=PORTS))


def miles(routes, closed=()):
    return routes.route(closed).length_km / KM_PER_NAUTICAL_MILE


# Published: J.-P. Rodrigue, Port Economics, Management and Policy, "Routing options between Shanghai, Rotterdam and
# New York" (10,600 and 13,800 nautical miles); Suez Canal Authority as quoted by Seapace (Jeddah–Constanța 1,698, by
# the Cape 11,771); NGA Publication 151, Distances Between Ports, 2001 (New York–Colombo by Gibraltar 8,604).
PUBLISHED = [
    ("shanghai", "rotterdam", (), 10_600, "suez"),
    ("shanghai", "rotterdam", ("suez", "panama"), 13_800, "south_africa"),
    ("jeddah", "constanta", (), 1_698, "suez"),
    ("jeddah", "constanta", ("suez",), 11_771, "south_africa"),
    ("new-york", "colombo", (), 8_604, "gibraltar"),
]


@pytest.mark.parametrize(("origin", "destination", "closed", "known", "by"), PUBLISHED)
def test_lengths_are_those_published_within_two_per_cent(ledger, origin, destination, closed, known, by):
    routes = find_routes(ledger, origin, destination, (*CANALS, "south_africa", "gibraltar"))
    assert miles(routes, closed) == pytest.approx(known, rel=0.02)
    assert by in routes.route(closed).passages


def test_korea_to_the_baltic_is_as_long_as_the_notes_remember():
    """From memory, and so weak: 11,500–11,800 nautical miles by Suez and 14,800–15,200 by the Cape (notes, S15)."""
    routes = find_routes(load_case("poland-korea"), "masan", "gdansk", ("panama", "south_africa", "suez", "malacca"))
    assert 11_500 <= miles(routes) <= 11_800
    assert routes.route().passages == ("malacca", "suez")
    assert 14_800 <= miles(routes, ("suez", "panama")) <= 15_200
    assert routes.route(("suez", "panama")).passages == ("south_africa",)


def test_closing_suez_leads_by_panama_and_says_so(ledger):
    routes = find_routes(ledger, "busan", "gdansk", ("panama", "suez"))
    assert routes.route(("suez",)).passages == ("panama",)
    assert miles(routes) < miles(routes, ("suez",)) < miles(routes, ("suez", "panama"))


def test_a_passage_this_trade_avoids_is_never_taken(ledger):
    routes = find_routes(ledger, "busan", "gdansk", ("suez", "south_africa"), avoided=("panama",))
    assert routes.route(("suez",)).passages == ("south_africa",)


def test_closing_malacca_leads_by_sunda_then_lombok(ledger):
    routes = find_routes(ledger, "busan", "rotterdam", ("lombok", "malacca", "sunda"))
    taken = [routes.route(closed).passages for closed in ((), ("malacca",), ("malacca", "sunda"))]
    assert taken == [("malacca",), ("sunda",), ("lombok",)]
    assert 400 < miles(routes, ("malacca",)) - miles(routes) < 700


def test_bab_el_mandeb_and_suez_close_the_same_way(ledger):
    routes = find_routes(ledger, "busan", "gdansk", ("babalmandab", "suez"))
    assert routes.route(("babalmandab",)) == routes.route(("suez",)) == routes.route(("babalmandab", "suez"))


def test_the_way_across_the_date_line_is_whole(ledger):
    """Yokohama–San Francisco, 4,536 nautical miles in the older tables (general knowledge): the ocean is crossed."""
    assert miles(find_routes(ledger, "yokohama", "san-francisco", ())) == pytest.approx(4_536, rel=0.03)


def test_the_way_from_the_quay_to_the_sea_lane_counts():
    """Gdańsk lies 28 km and Gdynia 39 km from the same point of the network."""
    ledger = load_case("poland-korea")
    gdansk, gdynia = (find_routes(ledger, "masan", port, ()).route().length_km for port in ("gdansk", "gdynia"))
    assert gdynia - gdansk == pytest.approx(11.1, abs=0.1)


def test_no_way_is_said_to_be_none(ledger):
    routes = find_routes(ledger, "busan", "gdansk", ("danish_straits", "suez"))
    assert routes.route(("danish_straits",)) is None
    closed = routes.mask(("danish_straits",))
    assert not routes.reached[closed]
    assert math.isinf(routes.length_km[closed])
    assert routes.taken[closed] == 0


def test_both_canals_and_both_capes_closed_leave_no_way(ledger):
    routes = find_routes(ledger, "shanghai", "rotterdam", ("chili", "panama", "south_africa", "suez"))
    assert routes.route(("chili", "panama", "south_africa", "suez")) is None
    assert routes.route(("panama", "south_africa", "suez")).passages == ("chili",)


def test_the_ice_is_sailed_only_when_asked_for(ledger):
    usual = find_routes(ledger, "yokohama", "rotterdam", ("suez",))
    asked = find_routes(ledger, "yokohama", "rotterdam", ("suez", "northwest"))
    assert miles(asked) < miles(usual)
    assert asked.route().passages == ("northwest",)
    assert asked.route(("northwest",)) == usual.route()


def test_every_set_is_what_a_search_of_its_own_finds(ledger):
    """The shared table against one plain search a set: closing what is always closed must find the same."""
    names = ("babalmandab", "gibraltar", "malacca", "panama", "suez")
    routes = find_routes(ledger, "busan", "gdansk", names)
    for size in range(len(names) + 1):
        for closed in itertools.combinations(names, size):
            alone = find_routes(ledger, "busan", "gdansk", (), avoided=closed).route()
            assert routes.route(closed).length_km == pytest.approx(alone.length_km)
            assert not set(routes.route(closed).passages) & set(closed)


def test_closing_more_never_shortens_a_way(ledger):
    names = [name for name, one in list_passages().items() if not one.ice]
    routes = find_routes(ledger, "busan", "gdansk", names[:12])
    for bit in range(12):
        for mask in range(1 << 12):
            assert routes.length_km[mask | 1 << bit] >= routes.length_km[mask]


def test_there_and_back_are_alike(ledger):
    out, back = (find_routes(ledger, *ends, CANALS) for ends in (("busan", "gdansk"), ("gdansk", "busan")))
    assert out.length_km == pytest.approx(back.length_km)
    assert (out.taken == back.taken).all()


def test_ports_that_ships_cannot_reach_are_located(ledger):
    with pytest.raises(CaseError) as caught:
        find_routes(ledger, "warsaw", "nowhere", ("suez", "sues"))
    found = [str(problem) for problem in caught.value.problems]
    assert found[0].startswith('passages | found "sues" | expected one of babalmandab')
    assert found[1].startswith("facts/ports.csv:12 latitude | found Warsaw, 278 km from the nearest sea route")
    assert found[2].startswith("facts/ports.csv:13 latitude | found nothing | expected a latitude and a longitude")
    assert len(found) == 3


def test_an_unknown_port_is_told_with_those_there_are(ledger):
    with pytest.raises(CaseError, match=re.escape('facts/ports.csv | found "gdunsk" | expected one of busan')):
        find_routes(ledger, "busan", "gdunsk", ())


def test_a_mask_knows_only_its_own_passages(ledger):
    routes = find_routes(ledger, "busan", "gdansk", ("suez",))
    with pytest.raises(KeyError):
        routes.route(("malacca",))


def test_too_many_passages_are_refused(ledger, monkeypatch):
    monkeypatch.setattr("pactwork.futures.routes.MOST_PASSAGES", 2)
    with pytest.raises(CaseError, match="at most 2 that can close"):
        find_routes(ledger, "busan", "gdansk", CANALS)
