"""The data behind figures and tables: the very values that are drawn and shown, in files that run nothing."""

import datetime as dt
import json
import re

import polars as pl
import pytest

from pactwork.brief import writing
from pactwork.brief.charts_of_futures import plot_fans, plot_run
from pactwork.brief.findings import gather_findings
from pactwork.brief.forms.data import Data, _round, make_frame, write_csv, write_parquet
from pactwork.brief.forms.numbers import read_table
from pactwork.brief.forms.reading_page import read_page
from pactwork.brief.simulated import Fan, Fans, Shown
from pactwork.brief.tabulating import Column
from pactwork.facts.case import load_case
from pactwork.facts.writing import disarm


def rows_of(spec):
    """Return every row of data that a chart's definition holds."""
    return [row for rows in spec["datasets"].values() for row in rows]


def values_of(spec):
    """Return every value in these rows."""
    return [value for row in rows_of(spec) for value in row.values()]


def find_undrawn(drawing):
    """Return the numbers and days of a chart's data that its definition does not hold."""
    drawn = list(values_of(drawing.spec))
    numbers = {round(float(one), 6) for one in drawn if isinstance(one, int | float) and not isinstance(one, bool)}
    words = {one for one in drawn if isinstance(one, str)}
    words |= {found for one in words for found in re.findall(r"\d[\d,.]*\d|\d", one)}
    missing = []
    for row in drawing.data.rows:
        for value in row:
            if isinstance(value, dt.date):
                if (value - dt.date(1970, 1, 1)).days * 86_400_000 not in numbers:
                    missing.append(value)
            elif isinstance(value, int | float) and not isinstance(value, bool):
                told = f"{value:g}" in words or f"{value:.0f}" in words
                if round(float(value), 6) not in numbers and not told:
                    missing.append(value)
    return missing


@pytest.fixture(scope="module")
def drawings():
    return tuple(writing.list_drawings(gather_findings(load_case("poland-korea"))))


def test_what_is_drawn_is_in_the_data(drawings):
    assert {one.name.split("-")[0] for one in drawings} == {
        "deliveries", "outlook", "opinion", "threats", "threat", "stakeholders", "timeline", "judgement",
    }  # fmt: skip
    for drawing in drawings:
        assert drawing.data.rows, drawing.name
        if drawing.name == "timeline":  # dots are heaped up: they stand for events, not at their days
            assert len(drawing.data.rows) == sum("up" in row for row in rows_of(drawing.spec))
            continue
        assert find_undrawn(drawing) == [], drawing.name


def test_the_comparison_notices_a_number_that_is_not_drawn(drawings):
    first = drawings[0]
    rows = (*first.data.rows, ("arrived", dt.date(1999, 1, 1), 12345.0))
    wrong = type(first)(first.name, first.title, first.description, first.spec, data=Data(first.data.columns, rows))
    assert find_undrawn(wrong) == [dt.date(1999, 1, 1), 12345.0]


def test_a_fan_is_drawn_of_its_data():
    days = tuple(dt.date(2025, month, 1) for month in (1, 4, 7))
    bands = tuple((at + 0.5, at + 1.25, at + 2.0, at + 3.0, at + 4.75) for at in range(3))
    fans = Fans("ready", "t1", "T1", 9.0, (Fan("Calm", days, bands, (3.0, 4.0, 5.5)), Fan("Storm", days, bands)))
    made = plot_fans(fans)
    assert find_undrawn(made) == []
    assert made.data.rows[0] == ("Calm", days[0], 0.5, 1.25, 2.0, 3.0, 4.75, 3.0)
    assert made.data.rows[3][0] == "Storm"
    assert made.data.rows[3][-1] is None
    assert [one.name for one in made.data.columns][4] == "items_50_percent"


class Story:
    """A run of ten weeks."""

    identity = {"seed": 0, "future": 1, "replication": 2, "scenario": "s"}  # noqa: RUF012
    weeks = [  # noqa: RUF012
        {"date": (dt.date(2025, 1, 6) + dt.timedelta(weeks=at)).isoformat(),
         "theatres": {"north": "calm" if at < 5 else "war"}, "closed": ["strait"] if at > 7 else [],
         "systems": {"t1": {"ready": at, "in_service": at + 2, "required": 7}}}
        for at in range(10)
    ]  # fmt: skip


def test_a_run_is_drawn_of_its_data():
    made = plot_run(Shown("typical", Story()))
    fleet = [row for row in made.data.rows if row[0] == "system"]
    assert {row[4] for row in fleet} == {0, 4, 8, 2, 6, 10, 7}
    drawn = {value for value in values_of(made.spec) if isinstance(value, int | float)}
    assert {row[4] for row in fleet} <= drawn
    assert [row[4:] for row in made.data.rows if row[1] == "north"] == [(0, "calm")] * 5 + [(3, "war")] * 5
    assert [row[4] for row in made.data.rows if row[1] == "strait"] == [0] * 8 + [1] * 2


def test_the_files_are_those_of_the_figures_and_tables(written, page_of_bundled):
    folder = written.path.parent / "data"
    links = {link["href"] for link in page_of_bundled.select("a.data")}
    files = {f"data/{path.name}" for path in folder.glob("*.csv")}
    assert links == files
    assert {path.with_suffix(".parquet") for path in folder.glob("*.csv")} == {*folder.glob("*.parquet")}
    assert {*written.data} == {*folder.iterdir()}
    assert len(page_of_bundled.select(".plot a.data")) == len(page_of_bundled.select(".plot"))


def test_every_file_is_described_column_by_column(written):
    folder = written.path.parent / "data"
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert {one["path"] for one in package["resources"]} == {path.name for path in folder.glob("*.csv")}
    names = [one["name"] for one in package["resources"]]
    assert len(names) == len(set(names))
    for one in package["resources"]:
        frame = pl.read_csv(folder / one["path"], infer_schema_length=None)
        assert [field["name"] for field in one["schema"]["fields"]] == frame.columns
        assert all(field["description"] for field in one["schema"]["fields"])
        assert one["title"]
        parquet = pl.read_parquet((folder / one["path"]).with_suffix(".parquet"))
        assert parquet.shape == frame.shape
        for field in one["schema"]["fields"]:
            if field["type"] in ("integer", "number"):
                assert (
                    frame[field["name"]].cast(pl.Float64).to_list() == parquet[field["name"]].cast(pl.Float64).to_list()
                )


def test_the_table_of_systems_is_that_of_the_page(written):
    frame = pl.read_csv(written.path.parent / "data/table-standing-orders-and-deliveries.csv")
    row = frame.row(0, named=True)
    assert row["Ordered"] == 180
    assert row["Delivered"] == 62
    assert row["Delivered, note"] == "arrived"
    assert row["Share (%)"] == 34
    assert row["sources"].startswith("pism-219 B1; ")


def test_cells_that_a_spreadsheet_would_run_are_disarmed(hostile):
    texts = [path.read_text("utf-8") for path in hostile.brief.data if path.suffix == ".csv"]
    assert any("'=cmd|" in text for text in texts)
    for path in hostile.brief.data:
        if path.suffix == ".csv":
            frame = pl.read_csv(path, infer_schema_length=0)
            cells = [*frame.columns, *(cell for name in frame.columns for cell in frame[name] if cell)]
            assert [cell for cell in cells if cell != disarm(cell)] == []
    parquet = [pl.read_parquet(path) for path in hostile.brief.data if path.suffix == ".parquet"]
    assert any("=cmd|' /C calc'!A0" in frame[name].to_list() for frame in parquet for name in frame.columns)


def test_only_what_would_run_is_disarmed():
    data = Data((Column("=a", "x"), Column("n", "x")), (("=1+1", -5.0), ("-5", 0.1 + 0.2), ("@x", None), ("\tx", 1e-7),
                                                        ("plain", 3.0)))  # fmt: skip
    assert write_csv(data).decode() == "'=a,n\n'=1+1,-5.0\n-5,0.3\n'@x,\n'\tx,1e-7\nplain,3.0\n"
    assert make_frame(data)["=a"].to_list() == ["=1+1", "-5", "@x", "\tx", "plain"]
    assert write_parquet(data) == write_parquet(data)


def test_numbers_of_a_table_are_read_as_they_are_shown():
    html = """<main><header class="masthead"><h1>T</h1></header><section id="s"><h2>S</h2><div aria-label="Some rows">
    <table><caption>c</caption><thead><tr><th>Name</th><th class="n">N</th><th>Share</th><th>Error</th><th>Mixed</th></tr>
    </thead><tbody>
    <tr><th>a</th><td class="n">1,234<br>arrived</td><td>34%</td><td>−0.5 ± 0.2</td><td>26 of 32</td></tr>
    <tr><th>b</th><td class="n">not known</td><td>–</td><td>+3 ± 1</td><td>7</td></tr></tbody></table></div>
    <table><caption>d</caption><thead><tr><th>No</th></tr></thead><tbody><tr><td>number</td></tr></tbody></table>
    </section></main>"""
    numbers, words = read_page(html).tables
    found = read_table(numbers)
    assert [one.name for one in found.columns] == [
        "Name", "N", "N, note", "Share (%)", "Error", "Error, standard error", "Mixed",
    ]  # fmt: skip
    assert found.rows == (("a", 1234.0, "arrived", 34.0, -0.5, 0.2, "26 of 32"), ("b", None, None, None, 3.0, 1.0, "7"))
    assert numbers.name == "table-s-some-rows"
    assert words.name == "table-s"
    assert read_table(words) is None


def test_whole_numbers_stay_whole():
    assert _round(16_600_000_123.0) == 16_600_000_123
    assert _round(0.1 + 0.2) == 0.3
    assert _round(float("nan")) is None
