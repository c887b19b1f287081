import datetime as dt

from pactwork.brief.arrivals import find_arrivals
from pactwork.brief.charts import plot_arrivals
from pactwork.facts.case import load_case
from pactwork.facts.status import make_status

FIGURES = "subject,measure,as_of,value,qualifier,unit,source_id,locator,credibility,rank\n"
DAY = dt.date(2024, 10, 31)


def arrivals(root):
    ledger = load_case(root)
    return find_arrivals(ledger, make_status(ledger))


def test_the_line_ends_at_the_count_that_status_shows(make_case):
    (one,) = arrivals(make_case())
    assert [(step.day, step.items) for step in one.steps] == [(dt.date(2023, 6, 30), 28), (dt.date(2024, 10, 4), 62)]
    assert one.at(DAY) == 62
    assert one.last_due == dt.date(2025, 12, 31)


def test_pace_is_what_is_left_over_the_months_left(make_case):
    (one,) = arrivals(make_case())
    assert round(one.pace_needed(DAY), 2) == round(118 / (426 / 30.4375), 2)
    assert round(one.pace_shown(DAY), 2) == round((62 - 28) / 12, 2)
    assert one.pace_needed(dt.date(2026, 1, 1)) is None


def test_a_count_without_one_from_a_year_before_shows_no_pace(make_case, tiny):
    """A register's only count holds the deliveries of all years: it says nothing about the last twelve months."""
    figures = "\n".join(line for line in tiny["figures"].splitlines() if "2023-06" not in line) + "\n"
    (one,) = arrivals(make_case(figures=figures, shipments=None))
    assert one.pace_shown(DAY) is None
    assert one.pace_needed(DAY) > 0


def test_pace_is_of_the_lots_still_open_and_of_counts_of_one_kind(make_case, tiny):
    done = "t1-0,2022-08-26,deal,t1,T1GF,12,2023,KR,firm,paper,para 2\n"
    figures = tiny["figures"] + "t1-0,arrived,2024-03-01,12,,,exact,item,paper,para 2,2,normal,,\n"
    (one,) = arrivals(make_case(lots=tiny["lots"] + done, figures=figures))
    assert round(one.pace_shown(DAY), 2) == round((62 - 28) / 12, 2)  # the twelve that are complete do not count
    unstated = tiny["figures"] + "t1-1,delivered_unstated,2024-10,70,,,exact,item,paper,para 2,2,normal,,\n"
    (one,) = arrivals(make_case("mixed", figures=unstated))
    assert one.pace_shown(DAY) is None


def test_a_count_far_from_the_window_needs_a_record_of_transports(make_case):
    (one,) = arrivals(make_case(shipments=None))
    assert one.pace_shown(DAY) is None  # 28 in June 2023 says nothing of October 2023


def test_a_weak_figure_off_the_line_is_kept_apart(make_case):
    rows = (
        "t1-1,arrived,2023-06,28,exact,item,paper,p,2,normal\nt1-1,arrived,2024-07,90,exact,item,blog,p,5,normal\n"
        "t1-1,arrived,2024-10-04,62,exact,item,paper,p,2,normal\n"
    )
    (one,) = arrivals(make_case(figures=FIGURES + rows, shipments=None))
    assert [step.items for step in one.steps] == [28, 62]
    assert [step.items for step in one.doubtful] == [90]


def test_the_same_number_from_two_sources_is_one_step(make_case):
    rows = (
        "t1-1,arrived,2024-10-04,62,exact,item,paper,p,2,normal\n"
        "t1-1,delivered_unstated,2024-10,62,exact,item,paper,p,1,normal\n"
    )
    (one,) = arrivals(make_case(figures=FIGURES + rows, shipments=None))
    assert [(step.day, step.items) for step in one.steps] == [(dt.date(2024, 10, 4), 62)]


def test_the_label_of_the_last_day_due_keeps_off_the_mark_at_its_end(make_case):
    (one,) = arrivals(make_case())
    spec = plot_arrivals(one, DAY, (dt.date(2022, 10, 1), dt.date(2026, 5, 1))).spec
    held = {name: str(rows) for name, rows in spec.get("datasets", {}).items()}
    texts = [layer for layer in spec["layer"] if layer["mark"]["type"] == "text"]
    words = [layer for layer in texts if "due by" in held.get(layer["data"].get("name"), str(layer["data"]))]
    assert [layer["mark"]["align"] for layer in words] == ["right"]
    assert words[0]["mark"]["dx"] <= -6


def test_one_window_without_end_leaves_the_whole_without_a_last_day(make_case, tiny):
    second = "t1-2,2023-01,deal,t1,T1B,20,2026/..,KR,firm,paper,para 2\n"
    (one,) = arrivals(make_case(lots=tiny["lots"] + second))
    assert one.last_due is None
    assert one.pace_needed(DAY) is None
