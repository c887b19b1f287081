"""What must always be true of a delivery forecast, whatever the deal and whatever was learnt."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pactwork.forecast.deliveries.chances import (
    LEVELS,
    Coefficients,
    chance_complete,
    chance_of,
    completion_of,
    mean_of,
    quantiles_of,
)
from pactwork.forecast.deliveries.deals import make_deals
from pactwork.forecast.deliveries.features import list_features
from pactwork.forecast.deliveries.kinds import kinds
from pactwork.forecast.deliveries.reference import SHIPPED, load_reference_class
from pactwork.forecast.deliveries.tempo import RecentRecord, weigh_record, weigh_sister

DAY = 2024.0
HORIZONS = np.array([0.02, 0.25, 0.7, 1.0, 1.5, 2.0, 5.0, 20.0])
EXAMPLES = 150


@st.composite
def drawn_coefficients(draw):
    """Either what ships, or any coefficients that keep the bounds: the laws may not depend on luck in fitting."""
    if draw(st.booleans()):
        return load_reference_class(draw(st.sampled_from(SHIPPED))).coefficients
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    bounded = np.array([one.bounded for one in list_features()])

    def vector():
        values = generator.normal(0, 1.0, len(bounded))
        return np.where(bounded, np.abs(values), values)

    return Coefficients(vector(), vector(), vector(), float(generator.uniform(0.2, 1.5)))


@st.composite
def drawn_deal(draw, *, planned=None):
    """One deal, as the keywords of `make_deals`."""
    ordered = draw(st.one_of(st.integers(1, 12), st.integers(13, 3000)))
    age = draw(st.floats(0.1, 15))
    first = draw(st.floats(0, 1)) * age
    deal = {
        "as_of": DAY,
        "ordered": [ordered],
        "delivered": [draw(st.integers(0, ordered))],
        "ordered_on": [DAY - age],
        "first_on": [DAY - first],
        "last_on": [DAY - first * draw(st.floats(0, 1))],
        "kind": [draw(st.sampled_from([*kinds(), "other"]))],
        "licensed": [draw(st.booleans())],
        "second_hand": [draw(st.booleans())],
    }
    if draw(st.booleans()) if planned is None else planned:
        start = DAY + draw(st.floats(-6, 8))
        deal |= {"plan_start": [start], "plan_end": [start + draw(st.floats(0, 6))]}
    return deal


def quantiles(coefficients, deal):
    return quantiles_of(coefficients, make_deals(**deal), HORIZONS, LEVELS)[0]


@settings(max_examples=EXAMPLES)
@given(drawn_coefficients(), drawn_deal())
def test_quantiles_rise_in_level_and_in_time_and_stay_between_delivered_and_ordered(coefficients, deal):
    found = quantiles(coefficients, deal)
    assert (np.diff(found, axis=1) >= 0).all()
    assert (np.diff(found, axis=0) >= 0).all()
    assert found.min() >= deal["delivered"][0]
    assert found.max() <= deal["ordered"][0]
    assert (found == np.round(found)).all()


@settings(max_examples=EXAMPLES)
@given(drawn_coefficients(), drawn_deal(), st.data())
def test_more_delivered_never_lowers_the_forecast(coefficients, deal, data):
    """Also from nothing to the first item: a lot that has begun is never put below one that has not."""
    more = data.draw(st.integers(deal["delivered"][0], deal["ordered"][0]))
    assert (quantiles(coefficients, deal | {"delivered": [more]}) >= quantiles(coefficients, deal)).all()
    chance, higher = (
        chance_complete(coefficients, make_deals(**(deal | {"delivered": [n]})), np.array([2.0]))[0]
        for n in (deal["delivered"][0], more)
    )
    assert higher >= chance - 1e-12


@settings(max_examples=EXAMPLES)
@given(drawn_coefficients(), drawn_deal(planned=True), st.floats(0, 6), st.floats(0, 6))
def test_a_later_plan_never_speeds_it(coefficients, deal, start, end):
    later = deal | {
        "plan_start": [deal["plan_start"][0] + min(start, end)],
        "plan_end": [deal["plan_end"][0] + max(start, end)],
    }
    assert (quantiles(coefficients, later) <= quantiles(coefficients, deal)).all()


@settings(max_examples=EXAMPLES)
@given(
    drawn_coefficients(),
    drawn_deal(planned=True),
    st.floats(0, 6),
    st.floats(0, 6),
    st.integers(0, 300),
    st.floats(1, 50),
)
def test_a_later_plan_never_speeds_a_lot_with_a_record_of_its_own(coefficients, deal, start, end, items, batch):
    """Nor do its quantiles cross: the record moves a lot within its class, the plan moves the class."""
    recent = RecentRecord(1.0, float(min(items, deal["delivered"][0])), batch)
    found = []
    for later in (0.0, 1.0):
        plan = {
            "plan_start": [deal["plan_start"][0] + later * min(start, end)],
            "plan_end": [deal["plan_end"][0] + later * max(start, end)],
        }
        deals = make_deals(**(deal | plan))
        weigh = weigh_record if deals.begun[0] else weigh_sister
        found.append(quantiles_of(coefficients, deals, HORIZONS, LEVELS, weigh(coefficients, deals, recent))[0])
    assert (found[1] <= found[0]).all()
    for one in found:
        assert (np.diff(one, axis=0) >= 0).all()
        assert (np.diff(one, axis=1) >= 0).all()


def test_the_record_is_weighed_without_the_plan():
    """Weighed against planned paths, a later plan would speed about one lot in twenty of these."""
    bounded = np.array([one.bounded for one in list_features()])
    for seed in range(150):
        generator = np.random.default_rng(seed)
        vectors = generator.normal(0, 1, (3, len(bounded)))
        more, every, part = np.where(bounded, np.abs(vectors), vectors)
        coefficients = Coefficients(more, every, part, float(generator.uniform(0.2, 1.5)))
        ordered, age = int(generator.integers(5, 400)), generator.uniform(1, 6)
        delivered, first = int(generator.integers(1, ordered)), generator.uniform(0.3, 1) * age
        deal = {"as_of": DAY, "ordered": [ordered], "delivered": [delivered], "ordered_on": [DAY - age],
                "first_on": [DAY - first], "last_on": [DAY - first * generator.uniform(0, 0.5)], "kind": ["armour"]}  # fmt: skip
        recent = RecentRecord(
            1.0, float(generator.integers(0, delivered + 1)), float(generator.uniform(1, max(2, delivered / 3)))
        )
        start = DAY + generator.uniform(-3, 4)
        end = start + generator.uniform(0, 4)
        found = []
        for later in (0.0, 1.0):
            deals = make_deals(**deal, plan_start=[start + later], plan_end=[end + 2 * later])
            found.append(
                quantiles_of(coefficients, deals, HORIZONS, LEVELS, weigh_record(coefficients, deals, recent))[0]
            )
        assert (found[1] <= found[0]).all(), seed


@settings(max_examples=EXAMPLES)
@given(drawn_coefficients(), drawn_deal())
def test_a_finished_lot_is_finished(coefficients, deal):
    done = deal | {"delivered": deal["ordered"]}
    assert (quantiles(coefficients, done) == deal["ordered"][0]).all()
    assert (mean_of(coefficients, make_deals(**done), HORIZONS) == deal["ordered"][0]).all()
    assert chance_complete(coefficients, make_deals(**done), 0.5)[0] == 1
    assert (completion_of(coefficients, make_deals(**done), LEVELS) == 0).all()


@settings(max_examples=EXAMPLES)
@given(drawn_coefficients(), drawn_deal(), st.sampled_from(HORIZONS), st.floats(0, 1))
def test_quantiles_and_chances_are_two_sides_of_one_distribution(coefficients, deal, horizon, at):
    """P(K >= k) is the share of levels whose quantile reaches k; the two are computed by different formulas."""
    deals = make_deals(**deal)
    fine = (np.arange(4000) + 0.5) / 4000
    reached = quantiles_of(coefficients, deals, np.array([horizon]), fine)[0, 0]
    count = np.round(deals.delivered + at * deals.remaining)
    chance = chance_of(coefficients, deals, float(horizon), count[:, None])[0, 0]
    assert abs((reached >= count).mean() - chance) <= 1.5 / 4000


@settings(max_examples=EXAMPLES)
@given(drawn_coefficients(), drawn_deal(), st.sampled_from(HORIZONS))
def test_the_mean_is_that_of_the_distribution(coefficients, deal, horizon):
    deals = make_deals(**deal)
    fine = quantiles_of(coefficients, deals, np.array([horizon]), (np.arange(4000) + 0.5) / 4000)[0, 0].mean()
    mean = mean_of(coefficients, deals, np.array([horizon]))[0, 0]
    assert mean == pytest.approx(fine, abs=0.005 * deals.remaining[0] + 1e-9)
    means = mean_of(coefficients, deals, HORIZONS)[0]
    assert (np.diff(means) >= -0.003 * deals.remaining[0]).all()


@settings(max_examples=EXAMPLES)
@given(drawn_coefficients(), drawn_deal())
def test_a_completion_date_is_the_day_on_which_the_chance_is_reached(coefficients, deal):
    deals = make_deals(**deal)
    levels = np.array([0.05, 0.5, 0.95])
    years = completion_of(coefficients, deals, levels)[0]
    assert (np.diff(years[np.isfinite(years)]) >= 0).all()
    for level, at in zip(levels, years, strict=True):
        if 0 < at < np.inf:
            assert chance_complete(coefficients, deals, np.array([at * 1.0001]))[0] >= level - 1e-9
            assert at < 1e-3 or chance_complete(coefficients, deals, np.array([at * 0.999]))[0] <= level + 1e-9


@settings(max_examples=40)
@given(st.lists(drawn_deal(), min_size=2, max_size=6))
def test_a_deal_is_forecast_alike_alone_and_in_a_table(deals):
    coefficients = load_reference_class("known-by-2025").coefficients
    columns = dict.fromkeys(key for deal in deals for key in deal if key != "as_of")
    table = make_deals(as_of=DAY, **{key: [deal.get(key, [np.nan])[0] for deal in deals] for key in columns})
    together = quantiles_of(coefficients, table, HORIZONS, LEVELS)
    means = mean_of(coefficients, table, HORIZONS)
    for at, deal in enumerate(deals):
        assert (together[at] == quantiles(coefficients, deal)).all()
        assert means[at] == pytest.approx(mean_of(coefficients, make_deals(**deal), HORIZONS)[0])


def test_the_laws_notice_a_coefficient_that_breaks_one():
    """The bounds are what the laws rest on: with one of them broken, the quantiles fall."""
    coefficients = load_reference_class("known-by-2025").coefficients
    names = [one.name for one in list_features()]
    broken = coefficients.more.copy()
    broken[names.index("planned_start_near")] = -3.0
    worse = dataclasses.replace(coefficients, more=broken)
    deal = {"as_of": DAY, "ordered": [50], "delivered": [0], "ordered_on": [DAY - 2], "kind": ["ship"],
            "plan_start": [DAY + 1], "plan_end": [DAY + 3]}  # fmt: skip
    later = deal | {"plan_start": [DAY + 4], "plan_end": [DAY + 6]}
    assert (quantiles(worse, later) > quantiles(worse, deal)).any()
    assert (quantiles(coefficients, later) <= quantiles(coefficients, deal)).all()
