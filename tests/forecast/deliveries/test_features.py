"""What a forecast knows of a deal at a horizon, column by column, however often and in what order it is asked."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pactwork.forecast.deliveries.deals import make_deals
from pactwork.forecast.deliveries.features import describe, list_features

NAMES = [one.name for one in list_features()]
YEARS = st.sampled_from([np.nan, 2020.0, 2023.5, 2025.0, 2026.25, 2031.0])
DEALS = st.lists(st.tuples(st.sampled_from([1.0, 4.0, 180.0]), st.sampled_from([0.0, 1.0]), YEARS, YEARS), min_size=1, max_size=4)  # fmt: skip
HORIZONS = st.lists(st.sampled_from([-1.0, 0.0, 0.4, 1.0, 2.5, 7.0, 40.0]), min_size=1, max_size=4)


def deals_of(rows):
    ordered, delivered, starts, ends = zip(*rows, strict=True)
    return make_deals(as_of=2024.8, ordered=ordered, delivered=delivered, ordered_on=[2022.6] * len(rows),
                      kind=["armour"] * len(rows), plan_start=starts, plan_end=ends)  # fmt: skip


@given(DEALS, DEALS, HORIZONS)
@settings(max_examples=300)
def test_steps_past_the_plan_and_time_ahead_are_those_of_each_horizon(rows, others, horizons):
    deals, between = deals_of(rows), deals_of(others)
    for horizon in horizons:
        describe(between, horizon + 1.0)  # asked in turn, neither gets what belongs to the other
        found = dict(zip(NAMES, describe(deals, horizon).T, strict=True))
        assert np.array_equal(found["log_horizon"], np.full(len(rows), np.log(max(horizon, 1e-9))))
        for at in range(len(rows)):
            start, end = min(deals.plan_start[at], deals.plan_end[at]), deals.plan_end[at]
            for name, day in (("start", start), ("end", end)):
                for step in (-1.5, -0.5, 0.5) if name == "start" else (-2.0, -1.0, 0.0):
                    past = max(horizon, 1e-9) - (day - 2024.8) - step
                    expected = 0.0 if np.isnan(end) else min(max(past, 0.0), 1.0)
                    assert found[f"after_planned_{name}_{step:+g}"][at] == expected
        still = [name for name in NAMES if name != "log_horizon" and not name.startswith("after_planned")]
        fresh = dict(zip(NAMES, describe(deals_of(rows), 3.0).T, strict=True))
        assert all(np.array_equal(found[name], fresh[name]) for name in still)


def test_a_horizon_for_each_deal_is_each_deal_at_its_horizon():
    deals = deals_of([(180.0, 1.0, 2023.5, 2026.25), (4.0, 0.0, 2025.0, 2026.25)])
    both = describe(deals, np.asarray([0.4, 2.5]))
    assert np.array_equal(both[0], describe(deals, 0.4)[0])
    assert np.array_equal(both[1], describe(deals, 2.5)[1])


def test_what_is_returned_is_the_callers_own():
    deals = deals_of([(180.0, 1.0, 2023.5, 2026.25)])
    before = describe(deals, 1.0).copy()
    describe(deals, 1.0)[:] = -7.0
    assert np.array_equal(describe(deals, 1.0), before)
