import dataclasses
import datetime as dt

import polars as pl
import pytest

from pactwork import CaseError, load_case
from pactwork.facts.figures import Figure, agree, choose_standing
from pactwork.facts.schema import standard

UNITS = standard().categories("figures", "unit")
DAY = dt.date(2024, 10, 31)


def figure(value, as_of="2024-10-04", grade="B2", rank="normal", qualifier="exact", unit="item", line=2, **more):
    base = Figure("t1-1", "arrived", as_of, value, None, None, qualifier, unit, "s", "l", grade, rank, None, line)
    return dataclasses.replace(base, **more)


def test_the_newest_well_graded_figure_stands():
    chosen = choose_standing([figure(62), figure(56, "2024-09-11"), figure(70, "2024-10-20", grade="D2")], DAY)
    assert (chosen.value, chosen.weak) == (62, False)
    assert "newest" in chosen.why
    assert {rival.value for rival in chosen.rivals} == {56, 70}


def test_without_a_well_graded_figure_the_best_graded_stands_and_is_weak():
    chosen = choose_standing([figure(10, grade="D2", as_of="2024-01"), figure(20, grade="E5")], DAY)
    assert (chosen.value, chosen.weak) == (10, True)
    assert "weak" in chosen.why


@pytest.mark.parametrize("grade", ["D1", "A4", "F6"])
def test_well_graded_means_both_letter_and_digit(grade):
    assert choose_standing([figure(1, grade=grade)], DAY).weak


def test_rank_comes_before_time_and_deprecated_never_stands():
    chosen = choose_standing(
        [figure(1, "2023", rank="preferred"), figure(2), figure(3, "2024-10-30", rank="deprecated")], DAY
    )
    assert chosen.value == 1
    assert [rival.value for rival in chosen.rivals] == [2]
    assert choose_standing([figure(3, rank="deprecated")], DAY) is None


def test_figures_of_later_days_do_not_take_part():
    assert choose_standing([figure(62), figure(70, "2024-11")], DAY).value == 62
    assert choose_standing([figure(62, "2024-10")], dt.date(2024, 10, 15)) is None


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        (figure(34), figure(35), False),
        (figure(3.37), figure(3.4), True),
        (figure(3.37), figure(3.3), False),
        (figure(7, qualifier="about"), figure(7.3), True),
        (figure(7, qualifier="about"), figure(9), False),
        (figure(11, qualifier="at_least"), figure(12), True),
        (figure(11, qualifier="at_least"), figure(10), False),
        (figure(1000, qualifier="at_most"), figure(672), True),
        (figure(5, low=4, high=6), figure(6), True),
        (figure(5, low=4, high=6), figure(7), False),
        (figure(3.37, unit="usd_bn_net"), figure(3370, unit="usd_m_net"), True),
        (figure(3.37, unit="usd_bn_net"), figure(3700, unit="usd_m_net"), False),
        (figure(3.37, unit="usd_bn_net"), figure(15.98, unit="pln_bn_net"), True),
        (figure(15.98, unit="pln_bn_net"), figure(19.65, unit="pln_bn_gross"), True),
    ],
)
def test_figures_agree_when_their_hedges_allow_one_number(one, two, same):
    assert agree(one, two, UNITS) is same
    assert agree(two, one, UNITS) is same


def test_tables_are_frames_with_the_declared_columns(make_case):
    ledger = load_case(make_case())
    frame = ledger.table("figures")
    assert isinstance(frame, pl.DataFrame)
    assert frame.columns == standard().table("figures").columns
    assert ledger.table("trade").is_empty()
    assert ledger.table("trade").columns == standard().table("trade").columns
    with pytest.raises(CaseError, match="figure"):
        ledger.table("figure")


def test_a_ledger_is_frozen(make_case):
    ledger = load_case(make_case())
    with pytest.raises(dataclasses.FrozenInstanceError):
        ledger.day = DAY
    with pytest.raises(TypeError):
        ledger.contents["figures"] = None


def test_as_of_shows_the_world_on_that_day(make_case):
    ledger = load_case(make_case())
    then = ledger.as_of("2023-12-31")
    assert (then.figure("t1-1", "arrived").value, ledger.figure("t1-1", "arrived").value) == (28, 62)
    assert then.figure("t1-1", "shipped") is None
    assert ledger.as_of("2022-01").table("lots").is_empty()
    assert ledger.table("lots").height == 1


def test_known_by_counts_from_publication_or_from_known_from(make_case, tiny):
    figures = tiny["figures"].replace(
        "28,,,exact,item,paper,para 2,2,normal,,", "28,,,exact,item,paper,para 2,2,normal,2023-07,"
    )
    ledger = load_case(make_case(figures=figures)).known_by("2024-07-31")
    assert {f.value for f in ledger.figures("t1-1")} == {28, 40}
    assert set(ledger.table("sources")["source_id"]) == {"paper", "maker", "blog"}
    assert set(ledger.known_by("2024-06-30").table("sources")["source_id"]) == {"paper", "maker"}


def test_sources_of_a_figure_are_all_that_print_the_number(make_case, tiny):
    figures = tiny["figures"] + "t1-1,arrived,2024-10,62,,,exact,item,blog,post,4,normal,,\n"
    ledger = load_case(make_case(figures=figures))
    standing = ledger.figure("t1-1", "arrived")
    assert (standing.source_id, standing.grade) == ("paper", "B2")
    assert [source.source_id for source in ledger.sources_of(standing)] == ["paper", "blog"]


def test_conflicts_are_figures_of_one_time_that_cannot_all_be_right(make_case, tiny):
    figures = tiny["figures"] + "t1-1,arrived,2024-10,60,,,exact,item,blog,post,4,normal,,\n"
    polls = tiny["polls"] + "q,binary,adults,all,p,,2024-06,,for,35,blog,post\n"
    found = load_case(make_case(figures=figures, polls=polls)).conflicts()
    assert [(c.subject, sorted(f.value for f in c.figures)) for c in found] == [("t1-1", [60, 62]), ("q", [34, 35])]
    assert load_case(make_case("other")).conflicts() == ()


def test_the_grade_of_a_source_does_not_depend_on_the_day_asked_about(make_case):
    """A paper of 2024 tells of 2023: the world of 2023 is seen through it."""
    assert load_case(make_case()).as_of("2023-12-31").figure("t1-1", "arrived").grade == "B2"


def test_a_count_that_no_transport_explains_is_a_conflict(make_case, tiny):
    far = "t1-1,arrived,2024-08-30,33,,,exact,item,blog,post,4,normal,,\n"
    assert load_case(make_case("far", figures=tiny["figures"] + far)).conflicts() == ()
    figures = tiny["figures"] + far.replace("2024-08-30", "2023-07-12")
    (conflict,) = load_case(make_case(figures=figures)).conflicts()
    assert [f.value for f in conflict.figures] == [28, 33]
    assert conflict.reason == "5 more than the transports on record explain"


def test_names_and_versions(make_case, tiny):
    lots = tiny["lots"] + "t1-1,2024-03-01,deal,t1,T1GF,170,2022-12/2026,KR,firm,paper,para 2\n"
    ledger = load_case(make_case(lots=lots))
    assert ledger.current("lots")["t1-1"]["quantity"] == 170
    assert ledger.as_of("2023").current("lots")["t1-1"]["quantity"] == 180
    assert (ledger.name_of("t1-1"), ledger.name_of("aland"), ledger.name_of("?")) == ("T1GF", "Aland", "?")


def test_a_plan_belongs_to_the_day_it_was_known_not_to_its_goal(make_case, tiny):
    figures = tiny["figures"] + "t1-1,planned_deliveries,2025,180,,,exact,item,maker,table 2,2,normal,,\n"
    ledger = load_case(make_case(figures=figures))
    assert [f.value for f in ledger.as_of("2024-06-30").figures("t1-1", "planned_deliveries")] == [180]
    assert ledger.as_of("2024-06-29").figures("t1-1", "planned_deliveries") == ()


def test_discrepancies_are_those_of_the_rows_that_are_left(make_case, tiny):
    figures = tiny["figures"] + "t1-1,shipped,2024-06-30,44,,,exact,item,blog,p,5,normal,,\n"
    ledger = load_case(make_case(figures=figures))
    assert len(ledger.discrepancies) == 1
    assert ledger.as_of("2023-12-31").discrepancies == ()
    assert ledger.known_by("2024-06-30").discrepancies == ()


def test_what_was_known_by_a_day_describes_no_later_day(make_case, tiny):
    early = tiny["figures"].replace(
        "62,,,exact,item,paper,para 2,2,normal,,", "62,,,exact,item,paper,para 2,2,normal,2020-01,"
    )
    known = load_case(make_case(figures=early)).known_by("2021-01-01")
    assert known.figures("t1-1") == ()
    assert known.day == dt.date(2021, 1, 1)
    assert known.name_of("t1") == "T1"


def test_no_day_after_the_case_is_told_of(make_case):
    assert load_case(make_case()).as_of("2031-01-01").day == DAY


def test_a_time_that_is_not_over_stands_only_where_nothing_else_does(make_case, tiny):
    running = "t1,detour_days,2024,{},,,exact,day,paper,p,2,normal,,\n"
    over = "t1,detour_days,2023,7,,,exact,day,paper,p,2,normal,,\n"
    alone = load_case(make_case("alone", figures=tiny["figures"] + running.format(9)))
    assert alone.figure("t1", "detour_days").value == 9
    assert "not over" in alone.figure("t1", "detour_days").why
    assert alone.as_of("2024-06-30").figure("t1", "detour_days") is None
    both = load_case(make_case("both", figures=tiny["figures"] + running.format(9) + over))
    assert both.figure("t1", "detour_days").value == 7
    count = "t1-1,in_service,2024,30,,,exact,item,paper,p,2,normal,,\n"
    assert load_case(make_case("count", figures=tiny["figures"] + count)).figure("t1-1", "in_service") is None


def test_of_figures_of_one_day_the_better_graded_stands():
    assert choose_standing([figure(56, grade="C3", line=2), figure(62, grade="B1", line=3)], DAY).value == 62
    assert choose_standing([figure(62, grade="B1", line=2), figure(56, grade="C3", line=3)], DAY).value == 62


def test_a_record_that_misses_transports_already_shows_nothing_about_a_later_count(make_case, tiny):
    """Only a record that explains the earlier count can make the later one odd."""
    late = tiny["figures"] + "t1-1,arrived,2023-07-12,33,,,exact,item,blog,post,4,normal,,\n"
    gaps = tiny["shipments"].replace("s-1,t1-1,28", "s-1,t1-1,20")
    assert load_case(make_case(figures=late, shipments=gaps)).conflicts() == ()
