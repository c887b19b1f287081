"""What does not add up in the world is kept and explained, one rule at a time."""

import pytest

from pactwork import load_case

FIGURES = {
    "check_framework_quantities": ("figures", lambda t: t.replace("2022-07,1000,,,at_most", "2022-07,170,,,exact"), "180 ordered: 180 (t1-1)"),
    "check_ordered_totals": ("figures", lambda t: t + "t1,ordered,2024-10,190,,,exact,item,paper,p,2,normal,,\n", "190 by 2024-10"),
    "check_contract_total": ("figures", lambda t: t.replace("2024-10,3.4,,,about", "2024-10,5,,,exact").replace("3.37,,,exact,usd_bn_net", "3.37,,,exact,usd_bn_net"), "5 by 2024-10"),
    "check_cumulative_rivals": ("figures", lambda t: t + "t1-1,arrived,2024-10-20,50,,,exact,item,blog,p,5,normal,,\n", "50 by 2024-10-20"),
    "check_delivered_rivals": ("figures", lambda t: t + "t1-1,arrived,2024-09,190,,,exact,item,blog,p,5,normal,,\n", "190 by 2024-09"),
    "check_shipped_rivals": ("figures", lambda t: t + "t1-1,arrived,2024-05,45,,,exact,item,blog,p,5,normal,,\n", "45 by 2024-05 (blog) arrived"),
    "check_transports": ("shipments", lambda t: t.replace("s-2,t1-1,34", "s-2,t1-1,30"), "62 by 2024-10-04"),
    "check_rivals": ("figures", lambda t: t + "t1-1,shipped,2024-06-30,44,,,exact,item,blog,p,5,normal,,\n", "40 (maker, C2)"),
}  # fmt: skip


@pytest.mark.parametrize("rule", FIGURES)
def test_each_rule_shows_what_does_not_add_up(make_case, tiny, rule):
    table, change, found = FIGURES[rule]
    discrepancies = load_case(make_case(**{table: change(tiny[table])})).discrepancies
    assert [one for one in discrepancies if found in one.found], [str(one) for one in discrepancies]
    assert all("kept" in one.fix for one in discrepancies)
