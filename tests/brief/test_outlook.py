"""What the brief says of forecasts: true words whatever the forecasts are, and no less than is known against them."""

import dataclasses

import pytest

from pactwork.brief.findings import gather_findings
from pactwork.brief.lines_on_orders import say_arriving
from pactwork.brief.outlook import find_outlook, spell_bias
from pactwork.facts.case import load_case
from pactwork.forecast.deliveries.forecast import forecast_deliveries
from pactwork.forecast.deliveries.reference import load_reference_class


def with_scores(**changed):
    reference = load_reference_class("known-by-2023")
    scores = tuple(score.model_copy(update=changed) for score in reference.scores)
    return reference.model_copy(update={"scores": scores})


def test_what_beats_the_forecast_is_named_with_what_it_beats(make_case):
    ledger = load_case(make_case())
    text = find_outlook(
        ledger, forecast_deliveries(ledger, with_scores(crps=0.12, nearest=0.10, pace=0.15, persistence=0.24))
    ).scored
    assert "50% better than expecting nothing more" in text
    assert "20% better than carrying on the pace so far" in text
    assert "20% worse than asking the 40 most alike deals" in text
    assert "1 year ahead" in text
    assert "2 years ahead" in text


@pytest.mark.parametrize(("below", "words"), [(0.6, "too fast"), (0.5, ""), (0.4, "too slow")])
def test_a_class_that_erred_one_way_is_said_to_have(below, words):
    bias = spell_bias(with_scores(below_median=below))
    assert words in bias if words else bias == ""


def test_the_head_cautions_only_where_forecasts_ran_too_fast(make_case):
    findings = gather_findings(load_case(make_case()))
    text, _ = say_arriving(findings)
    assert "such forecasts ran too fast" in text
    sound = dataclasses.replace(findings.forecast.deliveries, reference=with_scores(below_median=0.5))
    calm = dataclasses.replace(findings, forecast=dataclasses.replace(findings.forecast, deliveries=sound))
    assert "too fast" not in say_arriving(calm)[0]


def test_a_finished_lot_is_no_outlook_and_an_unsigned_one_comes_last(make_case, tiny):
    done = (
        tiny["figures"]
        .replace("2024-10-04,62,", "2024-10-04,180,")
        .replace("shipped,2024-06-30,40", "shipped,2024-06-30,28")
    )
    ledger = load_case(make_case("done", figures=done, shipments=None))
    assert find_outlook(ledger, forecast_deliveries(ledger)).lots == ()
    more = tiny["lots"].replace("t1-1,", "t0-x,").replace("firm", "framework").splitlines()[1]
    head, row = tiny["lots"].splitlines()
    ledger = load_case(make_case("more", lots=f"{head}\n{more}\n{row}\n"))
    assert [(one.lot_id, one.signed) for one in find_outlook(ledger, forecast_deliveries(ledger)).lots] == [
        ("t1-1", True),
        ("t0-x", False),
    ]


def test_reasons_that_the_model_gives_carry_no_grade_of_a_source(make_case):
    ledger = load_case(make_case())
    (one,) = find_outlook(ledger, forecast_deliveries(ledger)).lots
    assert [reason.learnt for reason in one.reasons if "reference class" in reason.text] == [True]
    assert not any(reason.learnt for reason in one.reasons if "recorded by" in reason.text)
