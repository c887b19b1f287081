"""``pactwork forecast`` as it is typed: what it prints, what it writes, and what it refuses."""

import json
import subprocess
import sys

import polars as pl
import pytest

TABLE = "deal_id,order_year,ordered,delivered\na,2020,12,3\nb,2022,5,0\nc,2019,4,4\n"


def pactwork(*arguments, code=0):
    done = subprocess.run([sys.executable, "-m", "pactwork", *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    return done


@pytest.fixture
def deals(tmp_path):
    path = tmp_path / "deals.csv"
    path.write_text(TABLE)
    return path


def test_a_case_as_json_and_as_a_table(tmp_path):
    out = tmp_path / "lots.csv"
    document = json.loads(pactwork("forecast", "poland-korea", "--json", "-o", out).stdout)
    assert document["reference_class"] == {
        "name": "known-by-2023",
        "known_by": "2023-12-31",
        "deals": 609,
        "looks_ahead": False,
    }
    frame = pl.read_csv(out)
    assert frame.columns == ["lot_id", "at", "mean", *(f"q{q:02d}" for q in range(1, 100))]
    assert set(frame["lot_id"]) == {row["lot_id"] for row in document["lots"]}
    shown = pactwork("forecast").stdout
    assert "k2-1" in shown
    assert "as if it were signed" in shown


def test_a_table_of_deals_gives_quantiles_of_items(deals, tmp_path):
    out = tmp_path / "out.csv"
    done = pactwork(
        "forecast", "--deals", deals, "--as-of", "2023-12-31", "--at", "2025-12-31", "--at", "2024-12-31", "-o", out
    )
    assert done.stdout == ""
    assert "looks ahead" in " ".join(done.stderr.split())
    frame = pl.read_csv(out)
    assert frame.columns == ["deal_id", "at", "mean", *(f"q{q:02d}" for q in range(1, 100))]
    assert frame.select("deal_id", "at").rows()[:2] == [("a", "2024-12-31"), ("a", "2025-12-31")]
    levels = frame.select(pl.selectors.starts_with("q")).to_numpy()
    assert (levels[:, 1:] >= levels[:, :-1]).all()
    assert frame.filter(pl.col("deal_id") == "c").row(0)[2:] == (4.0, *[4] * 99)
    plain = pactwork("forecast", "--deals", deals, "--as-of", "2023-12-31", "--at", "2024-12-31").stdout
    assert plain.splitlines()[0].startswith("deal_id,at,mean,q01")
    again = pactwork("forecast", "--deals", deals, "--as-of", "2023-12-31", "--at", "2024-12-31", "--json").stdout
    assert json.loads(again)["deals"][0]["deal_id"] == "a"


def test_scores_print_and_come_as_json(shared):
    path = shared / "data/deals_open_2023.csv"
    shown = pactwork("forecast", "--deals", path, "--score", path).stdout
    for word in (
        "persistence",
        "pace",
        "plan",
        "pooled past",
        "nearest deals",
        "Reliability",
        "not begun",
        "under way",
    ):
        assert word in shown
    document = json.loads(
        pactwork("forecast", "--deals", path, "--score", path, "--json", "--reference-class", "known-by-2023").stdout
    )
    assert document["reference_class"]["looks_ahead"] is False
    assert "the scores flatter" in shown  # known-by-2025 was fitted on these very deals
    assert [row["at"] for row in document["scores"]] == ["2024-12-31", "2025-12-31"]
    assert document["scores"][0]["deals"] == 402


def test_a_class_learnt_anew_is_written_and_used(shared, tmp_path, deals):
    out = tmp_path / "mine.json"
    pactwork("forecast", "--fit", shared / "data/sipri_register_sample.csv", "-o", out)
    assert json.loads(out.read_text())["known_by"] == "2023-12-31"
    document = json.loads(pactwork("forecast", "--reference-class", out, "--json").stdout)
    assert document["reference_class"]["name"] == "mine"


def test_a_backtest_is_reported(tmp_path):
    document = json.loads(pactwork("forecast", "--backtest", "--json").stdout)
    assert document["checks"] == len(document["rows"])
    assert document["interval_95"][0] <= document["inside"] / document["checks"] <= document["interval_95"][1]
    assert "counts lay in the 90 % interval" in pactwork("forecast", "--backtest").stdout


def test_a_wrong_table_is_located_and_nothing_is_written(tmp_path):
    path, out = tmp_path / "deals.csv", tmp_path / "out.csv"
    path.write_text("order_year,ordered,delivered,colour\n2020,-1,0,red\n2020,5,9,red\n")
    done = pactwork("forecast", "--deals", path, "--as-of", "2023-12-31", "--at", "2024-12-31", "-o", out, code=1)
    for place in ("deals.csv:1 colour", "deals.csv:2 ordered", "deals.csv:3 delivered"):
        assert place in done.stderr
    assert "datapackage.json" not in done.stderr  # it declares cases, not tables of deals
    assert not out.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--deals", "x.csv"],
        ["--deals", "x.csv", "--at", "soon"],
        ["--deals", "x.csv", "--fit", "y.csv"],
        ["poland-korea", "--deals", "x.csv", "--at", "2024"],
        ["--as-of", "2023-12-31"],
        ["--fit", "x.csv"],
        ["--fit", "x.csv", "-o", "x.csv"],
        ["--deals", "x.csv", "--score", "y.csv", "--at", "2024"],
        ["--known-by", "Oct-24"],
    ],
)
def test_a_wrong_command_says_what_is_wrong(arguments, tmp_path):
    assert pactwork("forecast", *arguments, code=2).stdout == ""


def test_a_date_before_the_table_and_a_table_without_a_day_are_wrong_commands(deals):
    pactwork("forecast", "--deals", deals, "--as-of", "2023-12-31", "--at", "2022-12-31", code=2)
    pactwork("forecast", "--deals", deals, "--at", "2024-12-31", code=2)


def test_a_place_that_cannot_be_written_is_located(deals, tmp_path):
    done = pactwork(
        "forecast", "--deals", deals, "--as-of", "2023-12-31", "--at", "2024-12-31", "-o", deals / "out.csv", code=1
    )
    assert "out.csv" in done.stderr
