"""What is learnt from deals: known truth is found again, and what is not known is not looked at."""

import datetime as dt
import json

import numpy as np
import polars as pl
import pytest

from pactwork import CaseError
from pactwork.facts.deals import DealTable, read_deals
from pactwork.forecast.deliveries.chances import LEVELS, Coefficients, quantiles_of
from pactwork.forecast.deliveries.deals import make_deals
from pactwork.forecast.deliveries.features import list_features
from pactwork.forecast.deliveries.fitting import Outcomes, fit_chances
from pactwork.forecast.deliveries.histories import histories_of
from pactwork.forecast.deliveries.learning import late_entry, learn_from_histories
from pactwork.forecast.deliveries.reference import (
    SHIPPED,
    choose_reference_class,
    dump_reference_class,
    load_reference_class,
)
from pactwork.forecast.deliveries.table_forecast import fit_register

NAMES = [one.name for one in list_features()]


def table_of(rows, columns="order_year ordered delivered first_delivery_year last_delivery_year"):
    names = columns.split()
    data = {name: [row[at] for row in rows] for at, name in enumerate(names)}
    frame = pl.DataFrame(data, schema=dict.fromkeys(names, pl.Int64)).with_columns(
        pl.int_range(pl.len()).cast(pl.String).alias("deal_id"),
        *(
            pl.lit(None, dtype=pl.String).alias(name)
            for name in ("recipient", "supplier", "designation", "description", "status")
        ),
        *(pl.lit(None, dtype=pl.Int64).alias(name) for name in ("planned_start", "planned_end") if name not in names),
        pl.lit(None, dtype=pl.Boolean).alias("licensed_production"),
        pl.lit(None, dtype=pl.Float64).alias("weight"),
    )
    return DealTable("made.csv", frame, {})


def test_outcomes_drawn_from_a_model_give_its_coefficients_back():
    generator = np.random.default_rng(3)
    size = 6000
    true = load_reference_class("known-by-2025").coefficients
    deals = make_deals(
        as_of=2024.0, ordered=generator.integers(1, 200, size), delivered=np.zeros(size),
        ordered_on=2024 - generator.uniform(0.5, 8, size), kind=generator.choice(["ship", "armour", "drone"], size),
        plan_start=np.where(generator.random(size) < 0.5, 2024 + generator.uniform(-2, 4, size), np.nan),
    )  # fmt: skip
    horizon = generator.choice([1.0, 2.0], size)
    drawn = generator.random(size)
    fine = (np.arange(2000) + 0.5) / 2000
    came = np.empty(size)
    for years in (1.0, 2.0):
        rows = np.flatnonzero(horizon == years)
        paths = quantiles_of(true, deals.take(rows), np.array([years]), fine)[:, 0]
        came[rows] = paths[np.arange(len(rows)), (drawn[rows] * 2000).astype(int)]
    found = fit_chances(Outcomes(deals, horizon, came, np.ones(size)), true)
    for name in ("log_horizon", "log_age", "kind_armour"):
        assert found.more[NAMES.index(name)] == pytest.approx(true.more[NAMES.index(name)], abs=0.12), name
    forecast, known = (
        quantiles_of(one, deals.take(range(300)), np.array([1.0]), LEVELS)[:, 0] for one in (found, true)
    )
    share = np.abs(forecast - known).mean(axis=1) / deals.ordered[:300]
    assert share.mean() < 0.02


def test_histories_keep_what_the_register_says():
    table = table_of([(2014, 20, 20, 2016, 2019), (2015, 3, 0, None, None), (2016, 50, 10, 2018, 2021)])
    found = histories_of(table, 2023)
    deals = found.deals
    assert (found.came >= 0).all()
    assert (found.came <= deals.remaining).all()
    assert (deals.as_of + found.horizon <= 2024).all()
    finished = deals.ordered == 20
    assert (deals.delivered[finished & (deals.as_of <= 2016)] == 0).all()  # before the first year of delivery
    assert (deals.delivered[finished & (deals.as_of == 2017)] >= 1).all()
    assert not (finished & (deals.as_of >= 2020)).any()  # nothing is left to come
    whole = finished & (deals.as_of + found.horizon >= 2020)
    assert (deals.delivered[whole] + found.came[whole] == 20).all()
    assert (found.came[deals.ordered == 3] == 0).all()
    weights = [found.weight[deals.ordered == ordered].sum() for ordered in (20, 3, 50)]
    assert weights == pytest.approx([2, 2, 2])  # a deal counts alike however often it is seen


def test_no_plan_enters_a_history():
    table = table_of([(2014, 20, 20, 2016, 2019, 2016, 2018)] * 3,
                     "order_year ordered delivered first_delivery_year last_delivery_year planned_start planned_end")  # fmt: skip
    assert np.isnan(histories_of(table, 2023).deals.plan_end).all()


def make_register(generator, known_share):
    """A register of deals whose first delivery waits exponentially; the quick ones are known only once they deliver."""
    rows = []
    for year in range(2008, 2024):
        for _ in range(400):
            first = year + int(generator.exponential(3.0))
            known = generator.random() < known_share or first <= 2023
            if first <= 2023:
                rows.append((year, 10, 10, first, first))
            elif known:
                rows.append((year, 10, 0, None, None))
    return table_of(rows)


def test_a_register_that_knows_every_deal_at_once_needs_no_correction_and_a_late_one_does():
    generator = np.random.default_rng(4)
    prompt = make_register(generator, 1.0)
    assert late_entry(prompt, prompt, 2023) == pytest.approx(0.0, abs=0.12)
    young = prompt.frame.filter(
        ~((pl.col("order_year") >= 2022) & (pl.col("delivered") == 0) & (pl.int_range(pl.len()) % 3 > 0))
    )
    late = DealTable("late.csv", young, {})  # two of three young deals are not known yet
    assert late_entry(late, late, 2023) < -0.5


def test_what_came_later_changes_nothing_that_is_learnt_from_histories(shared):
    opened = read_deals(shared / "data/deals_open_2023.csv", last_year=2023)
    finished = read_deals(shared / "data/deals_completed.csv", complete=True)
    both = DealTable("both", pl.concat([finished.frame, opened.frame]), {})
    with_outcomes = DealTable("both", both.frame, {2024: pl.Series([1] * both.frame.height)})
    one, two = (learn_from_histories(table, 2023, 2018) for table in (both, with_outcomes))
    assert (one.more == two.more).all()


def test_a_fit_is_the_same_every_time_and_comes_back_from_its_file(shared, tmp_path):
    tables = [read_deals(shared / f"data/{name}.csv", complete=True) for name in ("deals_open_2023", "deals_completed")]
    one, two = (fit_register(tables, "mine") for _ in range(2))
    assert dump_reference_class(one) == dump_reference_class(two)
    assert one.known_by == dt.date(2025, 12, 31)
    path = tmp_path / "mine.json"
    path.write_text(dump_reference_class(one))
    assert load_reference_class(str(path)) == one
    sample = fit_register([read_deals(shared / "data/sipri_register_sample.csv")], "small")
    assert sample.known_by == dt.date(2023, 12, 31)


def test_too_few_deals_are_refused():
    with pytest.raises(CaseError) as caught:
        fit_register([table_of([(2014, 20, 20, 2016, 2019)] * 5)], "few", dt.date(2023, 12, 31))
    assert "at least 30" in str(caught.value)
    with pytest.raises(CaseError) as caught:
        fit_register([table_of([(2014, 20, 20, 2016, 2019)] * 50)], "no-day")
    assert "--as-of" in str(caught.value)


@pytest.mark.parametrize("name", SHIPPED)
def test_what_ships_holds_fitted_numbers_and_nothing_of_a_deal(name):
    reference = load_reference_class(name)
    document = json.loads(dump_reference_class(reference))
    assert set(document) == {
        "name",
        "known_by",
        "deals",
        "order_years",
        "provenance",
        "scored",
        "scores",
        "spread",
        "more",
        "all",
        "part",
    }
    assert set(document["more"]) == set(NAMES)  # one number a column, none for a deal, a state or a pair
    assert reference.deals > 500
    assert "SIPRI" in reference.provenance


def test_finished_deals_alone_and_open_deals_alone_are_refused():
    """Finished ones alone would show that all deals finish."""
    for rows, words in (
        ([(2014, 20, 20, 2016, 2019)], "finished deals alone"),
        ([(2014, 20, 3, 2016, 2019)], "no finished deal"),
    ):
        with pytest.raises(CaseError) as caught:
            fit_register([table_of(rows * 50)], "x", dt.date(2023, 12, 31))
        assert words in str(caught.value)


def test_outcomes_after_the_day_given_are_left_out(shared):
    tables = [read_deals(shared / f"data/{name}.csv", complete=True) for name in ("deals_open_2023", "deals_completed")]
    early, one, both = (fit_register(tables, "x", dt.date(year, 12, 31)) for year in (2023, 2024, 2025))
    assert [fit.known_by.year for fit in (early, one, both)] == [2023, 2024, 2025]
    assert early.more != one.more != both.more


def test_outcomes_of_finished_deals_teach_nothing():
    from pactwork.forecast.deliveries.tables import outcomes_of

    table = table_of([(2014, 20, 20, 2016, 2019), (2015, 20, 4, 2016, 2019)])
    found = outcomes_of(DealTable("x", table.frame, {2024: pl.Series([20, 9])}))
    assert found.deals.delivered.tolist() == [4]
    assert found.came.tolist() == [5]


def test_a_class_is_chosen_that_does_not_look_ahead():
    assert choose_reference_class(dt.date(2024, 10, 31)).name == "known-by-2023"
    assert choose_reference_class(dt.date(2026, 1, 1)).name == "known-by-2025"
    assert load_reference_class("known-by-2025").looks_ahead(dt.date(2024, 10, 31))


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["more"].pop("licensed"),
        lambda d: d["all"].update(log_horizon=-0.5),
        lambda d: d["part"].update(begun=float("inf")),
        lambda d: d.update(spread=0),
        lambda d: d.update(extra=1),
    ],
)
def test_a_class_that_does_not_fit_is_refused_and_located(tmp_path, change):
    document = json.loads(dump_reference_class(load_reference_class("known-by-2023")))
    change(document)
    path = tmp_path / "broken.json"
    path.write_text(json.dumps(document))
    with pytest.raises(CaseError) as caught:
        load_reference_class(str(path))
    assert all(one.where.startswith("broken.json") for one in caught.value.problems)


def test_an_unknown_class_is_named():
    with pytest.raises(CaseError) as caught:
        load_reference_class("known-by-2050")
    assert "known-by-2023" in str(caught.value)


def test_coefficients_of_a_class_are_those_of_its_file():
    reference = load_reference_class("known-by-2023")
    coefficients = reference.coefficients
    assert isinstance(coefficients, Coefficients)
    assert coefficients.more[NAMES.index("begun")] == reference.more["begun"]


def test_a_table_with_outcomes_describes_the_year_before_the_first_of_them():
    from pactwork.forecast.deliveries.table_forecast import _find_year

    table = table_of([(2014, 20, 4, 2016, 2019)])
    assert _find_year([DealTable("x", table.frame, {2024: pl.Series([9]), 2025: pl.Series([12])})], None) == 2023
