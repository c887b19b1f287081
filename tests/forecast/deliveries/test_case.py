"""Forecasts of a case's lots: what they hold, what they may know, and what moves them."""

import datetime as dt

import numpy as np
import pytest

from pactwork.facts.case import load_case
from pactwork.facts.records import Gain
from pactwork.forecast import make_forecast
from pactwork.forecast.deliveries.backtest import backtest_deliveries
from pactwork.forecast.deliveries.forecast import forecast_deliveries
from pactwork.forecast.deliveries.levels import keep_tempo
from pactwork.forecast.deliveries.lots import read_window
from pactwork.forecast.deliveries.reference import load_reference_class
from pactwork.forecast.deliveries.tempo import RecentRecord, find_recent, weigh_record, weigh_sister

DAY = dt.date(2024, 10, 31)


@pytest.fixture(scope="module")
def bundled():
    return load_case("poland-korea")


@pytest.fixture(scope="module")
def forecast(bundled):
    return forecast_deliveries(bundled)


def lot(found, lot_id):
    return next(one for one in found.lots if one.state.lot.lot_id == lot_id)


def test_every_lot_is_forecast_from_its_count_to_its_order(forecast):
    counts = {one.state.lot.lot_id: (one.state.delivered, one.state.lot.quantity) for one in forecast.lots}
    assert counts["k2-1"] == (62, 180)
    assert counts["k9-1"] == (108, 212)
    assert counts["homar-k-1"] == (46, 218)
    assert counts["fa-50pl"] == (0, 36)
    assert forecast.reference.name == "known-by-2023"  # nothing of 2024 or later was learnt from
    for one in forecast.lots:
        assert one.quantiles.shape == (len(one.days), 99)
        assert (np.diff(one.quantiles, axis=0) >= 0).all()
        assert (np.diff(one.quantiles, axis=1) >= 0).all()
        assert (one.means >= one.state.delivered - 1e-9).all()
        assert (one.means <= one.state.lot.quantity + 1e-9).all()
        chances = [ahead.probability for ahead in one.complete_by]
        assert chances == sorted(chances)


def test_quarters_end_on_the_last_days_of_quarters_up_to_the_horizon(forecast, bundled):
    days = lot(forecast, "k2-1").days
    assert days[0] == dt.date(2024, 12, 31)
    assert days[-1] == bundled.about.horizon
    assert {(day.month, day.day) for day in days} == {(3, 31), (6, 30), (9, 30), (12, 31)}


def test_a_finished_lot_has_its_last_day_and_no_forecast(forecast):
    done = lot(forecast, "fa-50gf")
    assert set(done.completion.values()) == {dt.date(2023, 11, 28)}
    assert (done.quantiles == 12).all()
    assert done.slip_months == -1
    assert len(done.reasons) == 1


def test_what_is_not_signed_is_forecast_as_if_it_were_on_that_day(forecast):
    unsigned = lot(forecast, "k2pl")
    assert not unsigned.state.signed
    assert unsigned.state.ordered_on == DAY
    assert "as if it were signed on 31 October 2024" in unsigned.reasons[0].text
    assert unsigned.as_dict()["if_signed"] is True
    assert lot(forecast, "k2-1").as_dict()["if_signed"] is False


def test_json_says_the_same_as_the_forecast(forecast):
    document = forecast.as_dict()
    assert document["as_of"] == "2024-10-31"
    one, k2 = lot(forecast, "k2-1"), next(row for row in document["lots"] if row["lot_id"] == "k2-1")
    due = next(row for row in k2["complete_by"] if row["due"])
    assert due["date"] == "2025-12-31"
    assert due["probability"] == pytest.approx(next(a.probability for a in one.complete_by if a.due), abs=1e-6)
    assert {"q05", "q25", "q50", "q75", "q95"} <= set(k2["completion"])
    first = k2["cumulative"][0]
    assert first["date"] == "2024-12-31"
    assert [first[f"q{q:02d}"] for q in (5, 50, 95)] == [one.quantile(0, q) for q in (5, 50, 95)]
    assert k2["reasons"] == [reason.text for reason in one.reasons]
    # complete by a day with the chance that the quantiles of that day show
    at = one.days.index(dt.date(2025, 12, 31))
    assert np.mean(one.quantiles[at] >= 180) == pytest.approx(due["probability"], abs=0.011)


def test_known_by_forgets_what_came_later(copy_of_poland_korea):
    """The past is forecast from what was known then: later rows of the case, changed, change nothing."""
    before = forecast_deliveries(load_case(copy_of_poland_korea).known_by("2023-12-31"))
    figures = copy_of_poland_korea / "facts/figures.csv"
    text = figures.read_text()
    changed = text.replace("k2-1,arrived,2024-10-04,62,", "k2-1,arrived,2024-10-04,170,")
    changed = changed.replace("k2-1,delivered_unstated,2024-10,62,", "k2-1,delivered_unstated,2024-10,170,")
    assert changed != text
    figures.write_text(changed)
    shipments = copy_of_poland_korea / "facts/shipments.csv"
    shipments.write_text(shipments.read_text().replace("k2-2024-10,k2-1,6,", "k2-2024-10,k2-1,114,"))
    after = load_case(copy_of_poland_korea)
    assert lot(forecast_deliveries(after), "k2-1").state.delivered == 170
    then = forecast_deliveries(after.known_by("2023-12-31"))
    assert then.as_dict() == before.as_dict()
    assert lot(then, "k2-1").state.delivered == 28


def test_a_lot_that_is_ahead_of_its_past_moves_up_and_a_silent_one_down():
    coefficients = load_reference_class("known-by-2023").coefficients
    from pactwork.forecast.deliveries.deals import make_deals

    deal = make_deals(as_of=2024.83, ordered=[180], delivered=[62], ordered_on=[2022.65], first_on=[2022.93],
                      last_on=[2024.76], kind=["armour"])  # fmt: skip
    half = np.array([0.5])
    level = {
        items: weigh_record(coefficients, deal, RecentRecord(1.0, items, 6.0)).level(half)[0]
        for items in (0, 20, 60, 110)
    }
    assert level[0] < level[20] < level[60] < level[110]
    assert level[0] < 0.5 < level[110]
    few, many = (
        weigh_record(coefficients, deal, RecentRecord(1.0, 110, batch)).level(half)[0] for batch in (55.0, 5.0)
    )
    assert many > few  # the same pace in many batches says more than in two
    assert keep_tempo().level(half)[0] == 0.5


def test_the_pace_of_a_sister_lot_bounds_what_a_busy_year_can_bring(forecast, bundled):
    from pactwork.forecast.deliveries.deals import make_deals

    coefficients = load_reference_class("known-by-2023").coefficients
    deal = make_deals(as_of=2024.83, ordered=[820], delivered=[0], ordered_on=[2024.83], kind=["armour"])
    slow, fast = (weigh_sister(coefficients, deal, RecentRecord(1.0, items, 6.0)) for items in (34.0, 700.0))
    assert slow.level(np.array([0.5]))[0] < fast.level(np.array([0.5]))[0]
    assert any("same line" in reason.text for reason in lot(forecast, "k2pl").reasons)


def test_recent_time_is_counted_from_the_first_gain_and_gaps_are_spread():
    first, last = dt.date(2023, 1, 1), dt.date(2024, 1, 1)
    even = find_recent([Gain(first, first, 10.0), Gain(first, last, 24.0)], last)
    assert (even.years, even.items, even.dated) == (pytest.approx(1.0, abs=0.01), pytest.approx(24.0, abs=0.1), False)
    half = find_recent(
        [Gain(dt.date(2020, 1, 1), dt.date(2020, 1, 1), 10.0), Gain(dt.date(2022, 1, 1), last, 24.0)], last
    )
    assert half.items == pytest.approx(12.0, abs=0.1)  # one of the two years lies in the window
    assert find_recent([Gain(first, first, 10.0)], last) is None
    soon = dt.date(2023, 2, 1)
    assert find_recent([Gain(first, first, 10.0), Gain(soon, soon, 5.0)], soon) is None  # a month shows no pace


def test_what_is_on_its_way_arrives_after_a_voyage(make_case, tiny):
    shipped = tiny["figures"] + "t1-1,shipped,2024-10-20,100,,,exact,item,maker,table 1,2,normal,,\n"
    without, with_it = (forecast_deliveries(load_case(make_case(name, figures=figures))).lots[0]
                        for name, figures in (("a", tiny["figures"]), ("b", shipped)))  # fmt: skip
    assert with_it.state.in_transit == 38
    assert with_it.state.transit_days == 55  # from the middle of April to that of June, and of August to 4 October
    assert with_it.quantile(0, 1) < 100 <= with_it.quantile(0, 99)  # two months on, a slow voyage is still at sea
    last = with_it.days.index(dt.date(2025, 6, 30))
    assert with_it.quantile(last, 1) == 100
    assert without.quantile(last, 1) < 100
    assert (with_it.shipped >= 100).all()  # what has left has left
    assert (with_it.shipped[:, 2] >= with_it.quantiles[:, 49]).all()  # it leads what arrives
    assert with_it.as_dict()["shipped"][0]["date"] == "2024-12-31"
    assert any("have left and not arrived" in reason.text for reason in with_it.reasons)


def test_a_later_window_never_speeds_a_lot(make_case, tiny):
    later = tiny["lots"].replace("2022-12/2025", "2022-12/2029")
    early, late = (forecast_deliveries(load_case(make_case(name, lots=lots))).lots[0]
                   for name, lots in (("early", tiny["lots"]), ("late", later)))  # fmt: skip
    assert (late.quantiles <= early.quantiles).all()


def test_more_delivered_never_lowers_a_lot(make_case, tiny):
    """The record of late moves with the count: both together may not take anything back."""
    last = None
    for count in range(30, 180, 10):
        figures = (
            tiny["figures"]
            .replace("2024-10-04,62,", f"2024-10-04,{count},")
            .replace("shipped,2024-06-30,40", "shipped,2024-06-30,28")
        )
        found = (
            forecast_deliveries(load_case(make_case(f"c{count}", figures=figures, shipments=None))).lots[0].quantiles
        )
        assert last is None or (found >= last).all()
        last = found


def test_second_hand_and_local_production_are_read_from_the_lot(make_case, tiny):
    head, row = tiny["lots"].splitlines()
    lots = f"{head},condition\n{row.replace(',KR,firm', ',KR;PL,firm')},second_hand\n"
    state = forecast_deliveries(load_case(make_case(lots=lots))).lots[0].state
    assert (state.second_hand, state.licensed) == (True, True)
    plain = forecast_deliveries(load_case(make_case("plain"))).lots[0].state
    assert (plain.second_hand, plain.licensed) == (False, False)


@pytest.mark.parametrize("due", ["", "2026/..", "../2026", "2026", "2024-33/2026-34", "2025~/2028?"])
def test_any_window_gives_a_forecast(make_case, tiny, due):
    found = forecast_deliveries(load_case(make_case(lots=tiny["lots"].replace("2022-12/2025", due))))
    assert found.lots[0].reasons
    read_window(due)


def test_a_case_without_orders_has_no_lots(make_case):
    found = make_forecast(load_case(make_case(lots=None, figures=None, shipments=None)))
    assert found.deliveries.lots == ()
    assert found.deliveries.as_frame().height == 0


def test_a_lot_nobody_counted_says_so(make_case, tiny):
    found = forecast_deliveries(load_case(make_case(figures=None, shipments=None))).lots[0]
    assert found.state.delivered == 0
    assert "none is recorded as delivered" in found.reasons[0].text


def test_backtests_of_the_bundled_case_use_what_was_known_and_count_what_lay_inside(bundled):
    tested = backtest_deliveries(bundled)
    assert len(tested.checks) > 100
    assert tested.inside == sum(one.low <= one.came <= one.high for one in tested.checks)
    low, high = tested.interval
    assert low < tested.inside / len(tested.checks) < high
    k2 = {(one.made_on, one.about): one.came for one in tested.checks if one.lot_id == "k2-1"}
    assert k2[dt.date(2023, 6, 30), dt.date(2024, 3, 31)] == 46
    assert all(one.made_on < one.about for one in tested.checks)
    soon = next(one for one in tested.checks if one.lot_id == "k2-1" and one.made_on == dt.date(2023, 6, 30))
    assert soon.low == 22  # the six of June 2023 were told of in December only
    assert tested.reference.name == "known-by-2023"
    assert tested.below == sum(one.came < one.middle for one in tested.checks)
    assert tested.looks_ahead  # it knew of other deals of 2023 when the first of these were made


@pytest.fixture
def two_systems(make_case, tiny):
    """A case in which t1-1 has come for a year, and t1-2 and t2-1, ordered alike, only of late."""
    lots = "".join(f"{lot},2023-01-10,{deal},{system},,90,2025,KR,firm,paper,para 2\n"
                   for lot, deal, system in (("t1-2", "deal-2", "t1"), ("t2-1", "deal-3", "t2")))  # fmt: skip
    deals = "".join(f"{name},2023-01-10,frame,{name},contract,arms_supply,industrial,2023-01-10,in_force,aland;bland,paper,p\n"
                    for name in ("deal-2", "deal-3"))  # fmt: skip
    came = "".join(f"{lot},arrived,2024-10-20,5,,,exact,item,paper,para 2,2,normal,2024-10-20,\n" for lot in ("t1-2", "t2-1"))  # fmt: skip
    known = "".join(f"t1-1,arrived,{day},{items},,,exact,item,paper,para 2,2,normal,{day},\n"
                    for day, items in (("2023-06", 28), ("2024-03-10", 45), ("2024-08-10", 60)))  # fmt: skip
    left = "".join(f"{lot},{lot},5,2024-09,2024-10-20,sea,paper,para 2\n" for lot in ("t1-2", "t2-1"))
    figures = tiny["figures"].replace("t1-1,arrived,2023-06,28,,,exact,item,paper,para 2,2,normal,,\n", known)
    return load_case(make_case(
        systems=tiny["systems"] + "t2,T2,,tank,tank,paper,para 1\n", instruments=tiny["instruments"] + deals,
        lots=tiny["lots"] + lots, figures=figures + came, shipments=tiny["shipments"] + left,
        sources=tiny["sources"].replace("paper,A paper,An institute,2024-10,", "paper,A paper,An institute,2023-01-01,"),
    ))  # fmt: skip


def test_a_lot_without_a_record_goes_by_a_sister_of_its_own_system_alone(two_systems):
    found = forecast_deliveries(two_systems.known_by("2024-08-31"))
    late, other = lot(found, "t1-2"), lot(found, "t2-1")
    assert late.state.recent is None
    assert other.state.recent is None
    assert not np.array_equal(late.quantiles, other.quantiles)  # all else is the same
    checks = {one: [(check.made_on, check.low, check.middle, check.high) for check in backtest_deliveries(two_systems).checks
                    if check.lot_id == one] for one in ("t1-2", "t2-1")}  # fmt: skip
    assert checks["t1-2"]
    assert checks["t1-2"] != checks["t2-1"]


def test_an_order_nobody_dates_is_as_old_as_the_first_row_that_tells_of_it(make_case, tiny):
    lots = tiny["lots"] + "t1-1,2023-05-02,deal,t1,T1GF,170,2022-12/2025,KR,firm,paper,para 2\n"
    instruments = tiny["instruments"].replace("industrial,2022-08-26,in_force", "industrial,,in_force")
    ledger = load_case(make_case(lots=lots, instruments=instruments))
    assert [one.state.ordered_on for one in forecast_deliveries(ledger).lots] == [dt.date(2022, 8, 26)]
