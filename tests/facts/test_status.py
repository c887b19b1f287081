import pytest

from pactwork import load_case
from pactwork.facts.status import count_deliveries, make_status

ROW = "t1-1,{},{},{},,,exact,item,paper,para 2,2,normal,,\n"


@pytest.mark.parametrize(
    ("extra", "count", "basis"),
    [
        ([], 62, "arrived"),
        ([("delivered_unstated", "2024-10", 70)], 70, "delivered_unstated"),
        ([("delivered_unstated", "2024-10", 62)], 62, "arrived"),
        ([("delivered_unstated", "2024-09", 70)], 62, "arrived"),
        ([("in_service", "2024-10", 40)], 62, "arrived"),
    ],
)
def test_a_lot_shows_arrived_or_unstated_where_nothing_better_is_known(make_case, tiny, extra, count, basis):
    figures = tiny["figures"] + "".join(ROW.format(*row) for row in extra)
    delivered = count_deliveries(load_case(make_case(figures=figures)), "t1-1")
    assert (delivered.count, delivered.basis) == (count, basis)


@pytest.mark.parametrize(
    "row",
    [
        "t1-1,delivered_unstated,2024-10,150,,,exact,item,blog,post,6,normal,,\n",
        "t1-1,delivered_unstated,2024-10,180,,,at_most,item,paper,para 2,2,normal,,\n",
    ],
)
def test_a_weak_or_upper_count_never_takes_the_place_of_an_arrival(make_case, tiny, row):
    delivered = count_deliveries(load_case(make_case(figures=tiny["figures"] + row)), "t1-1")
    assert (delivered.count, delivered.basis) == (62, "arrived")


def test_what_was_handed_over_or_serves_has_arrived(make_case, tiny):
    rows = [line for line in tiny["figures"].splitlines() if not line.startswith("t1-1")]
    rows += [ROW.format("handed_over", "2023", 10).strip(), ROW.format("in_service", "2024-09", 100).strip()]
    delivered = count_deliveries(load_case(make_case(figures="\n".join(rows) + "\n")), "t1-1")
    assert (delivered.count, delivered.basis) == (100, "in_service")


def test_a_contract_that_lapsed_orders_nothing(make_case, tiny):
    lapsed = (
        tiny["instruments"]
        + "deal,2024-05,frame,Contract,contract,arms_supply,industrial,2022-08-26,lapsed,aland;bland,paper,para 2\n"
    )
    status = make_status(load_case(make_case(instruments=lapsed))).as_dict()
    assert status["systems"] == []
    assert status["value"]["contracts"] == []
    assert status["lots"][0]["ordered"] == 0


def test_nothing_known_is_not_nothing_delivered(make_case, tiny):
    figures = "\n".join(line for line in tiny["figures"].splitlines() if not line.startswith("t1-1")) + "\n"
    status = make_status(load_case(make_case(figures=figures, shipments=None))).as_dict()
    assert status["systems"][0]["delivered"] is None
    assert status["systems"][0]["basis"] is None
    assert status["systems"][0]["share_delivered"] is None


def test_frameworks_and_options_are_never_counted_as_ordered(make_case, tiny):
    lots = tiny["lots"] + (
        "t1-rest,2022-08-26,frame,t1,T1B,820,,KR,framework,paper,para 1\n"
        "t1-more,2022-08-26,deal,t1,T1B,20,,KR,option,paper,para 1\n"
        "t1-2,2023-08-26,deal,t1,T1B,10,2026/2027,KR,firm,paper,para 1\n"
    )
    status = make_status(load_case(make_case(lots=lots))).as_dict()
    (system,) = status["systems"]
    assert (system["ordered"], system["delivered"], system["due"]) == (190, 62, "2027")
    by_lot = {lot["lot_id"]: lot for lot in status["lots"]}
    assert (by_lot["t1-rest"]["ordered"], by_lot["t1-rest"]["quantity"]) == (0, 820)
    by_instrument = {one["instrument_id"]: one for one in status["instruments"]}
    assert [by_instrument[key]["ordered"] for key in ("a-b", "frame", "deal")] == [190, 190, 190]


def test_the_total_stands_beside_the_sum_of_contracts(make_case):
    value = make_status(load_case(make_case())).as_dict()["value"]
    assert (value["stated"]["value"], value["sum_of_contracts"], value["without_value"]) == (3.4, 3.37, [])


def test_a_lot_carries_its_latest_source_and_what_is_disputed(make_case, tiny):
    figures = tiny["figures"] + "t1-1,arrived,2024-10,60,,,exact,item,blog,post,4,normal,,\n"
    (lot,) = make_status(load_case(make_case(figures=figures))).as_dict()["lots"]
    assert (lot["latest"]["source_id"], lot["latest"]["grade"], lot["shipped"]) == ("paper", "B2", 40)
    assert [one["value"] for one in lot["conflicts"][0]["figures"]] == [62, 60]


def test_only_contracts_in_the_currency_of_the_total_are_summed(make_case, tiny):
    figures = tiny["figures"] + (
        "deal,value,2024-01,15.98,,,exact,pln_bn_net,paper,para 2,1,normal,,\n"
        "frame,value,2022-07,9,,,exact,usd_bn_net,paper,para 2,1,normal,,\n"
    )
    lots = tiny["lots"] + "t1-f,2022-08-26,frame,t1,T1F,5,,KR,firm,paper,para 2\n"
    value = make_status(load_case(make_case(figures=figures, lots=lots))).as_dict()["value"]
    assert [(one["instrument_id"], one["value"]) for one in value["contracts"]] == [("deal", 3.37)]


def test_a_window_without_end_has_no_due_year(make_case, tiny):
    lots = tiny["lots"].replace("2022-12/2025", "2022-12/..")
    assert make_status(load_case(make_case(lots=lots))).as_dict()["systems"][0]["due"] is None
