"""Cases from a trade-register export. The register below is invented; the real one is read from the practice data."""

import csv
import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pactwork.errors import CaseError
from pactwork.facts.case import load_case
from pactwork.facts.sipri import import_register
from pactwork.facts.sipri.register import read_register
from pactwork.facts.status import make_status

PREAMBLE = """Transfers of major arms. Deals with deliveries or orders made for year range 'Not specified' to 'Not specified'
A '?' in a column indicates uncertain data.

Source: SIPRI Arms Transfers Database (c) SIPRI.
Data generated: 7 May 2021 9:00:00 AM
"""
HEADER = (
    "Recipient,Supplier,Year of order, ,Number ordered, ,Weapon designation,Weapon description,Number delivered, ,"
    "Year(s) of delivery,status,Comments,SIPRI TIV per unit,SIPRI TIV for total order,SIPRI TIV of delivered weapons\n"
)
LINES = """Iceland,Malta,2011,,12,,Puffin,patrol craft,12,,2013; 2014,New,$40-50 m deal; Icelandic designation Lundi,1,12,12
Iceland,Malta,2011,,4,?,Puffin,patrol craft,0,,,New,Selected but not yet ordered by end-2020,1,4,0
Iceland,Malta,2016,?,30,?,Gull-2 90mm,light tank,9,?,2019; 2020,New,EUR1.5 b ($1.7 b) deal; Gull-2I version; incl 20 produced under licence in Iceland as Már; option on 10 more; delivery planned 2019-2023/2025,2,60,18
Iceland,Malta,2018,,,,Tern,guided bomb,5,?,2020,New,For use with Gull,1,,5
Iceland,Malta,2017,,6,,GULL 2 90mm,light tank,0,,,Second hand,Second-hand; aid; GBP12 m deal; delivery planned by 2024,2,12,0
Iceland,Malta,2019,,8,,Réne,radar,0,,,New,Part of $90 m deal; assembled in Iceland; delivery possibly planned 2022,1,8,0
Turkiye,Malta,2015,,3,,Puffin,patrol craft,0,,,New,$9 m deal; delivery planned from 2022,1,3,0
Turkey,Malta,2016,,2,,Puffin,patrol craft,1,,2020,New,,1,2,1
NATO**,Malta,2016,,2,,Puffin,patrol craft,1,,2020,New,,1,2,1
"""


def write(tmp_path, text, name="register.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding) if isinstance(text, str) else text)
    return path


@pytest.fixture
def imported(tmp_path):
    path = write(tmp_path, PREAMBLE + HEADER + LINES, encoding="cp1252")
    report = import_register(path, "ICELAND", "malta", tmp_path / "case")
    return report, load_case(tmp_path / "case")


def test_the_case_is_valid_and_says_what_it_rests_on(imported):
    report, ledger = imported
    assert ledger.about.as_of.isoformat() == report.as_of == "2021-05-07"
    assert [(p.country, p.role) for p in ledger.about.partners] == [("IS", "buyer"), ("MT", "supplier")]
    source = ledger.source("sipri-register")
    assert (source.published, source.reliability, source.redistributable) == ("2021-05-07", "B", False)
    assert "SIPRI" in source.licence
    assert "Arms Transfers Database" in source.note
    assert report.lines == 6
    text = (report.folder / "import-report.md").read_text("utf-8")
    assert all(str(problem) in text for problem in (*report.unread, *report.noted))


def test_what_is_ordered_is_told_from_what_is_selected_and_what_is_optional(imported):
    _, ledger = imported
    lots = {row["lot_id"]: row for row in ledger.rows("lots")}
    assert {name: (lot["quantity"], lot["kind"]) for name, lot in lots.items()} == {
        "puffin-2011": (12, "firm"),
        "puffin-2011-b": (4, "framework"),
        "gull-2-90mm-2016": (30, "firm"),
        "gull-2-90mm-2016-option": (10, "option"),
        "gull-2-90mm-2017": (6, "firm"),
        "rene-2019": (8, "firm"),
    }
    ordered = {group.identifier: group.ordered for group in make_status(ledger).systems}
    assert ordered == {"puffin": 12, "gull-2-90mm": 36, "rene": 8}
    instruments = {row["instrument_id"]: row for row in ledger.current("instruments").values()}
    selection = instruments["puffin-2011-b-selection"]
    assert (selection["kind"], selection["status"], selection["signed"]) == ("framework", "negotiated", None)
    assert instruments["puffin-2011-order"]["status"] == "completed"


def test_marks_become_hedges(imported):
    _, ledger = imported
    lot = ledger.current("lots")["gull-2-90mm-2016"]
    assert (lot["qualifier"], lot["as_of"], lot["credibility"]) == ("about", "2016?", 3)
    delivered = ledger.figure("gull-2-90mm-2016", "delivered_unstated")
    assert (delivered.value, delivered.qualifier, delivered.as_of, delivered.grade) == (9, "about", "2020-12-31", "B3")
    assert ledger.figure("puffin-2011", "delivered_unstated").qualifier == "exact"


def test_history_is_kept(imported):
    _, ledger = imported
    then = ledger.as_of("2015-12-31")
    assert then.figure("puffin-2011", "delivered_unstated").as_of == "2014"
    assert ledger.as_of("2012-12-31").figure("puffin-2011", "delivered_unstated") is None
    assert ledger.as_of("2012-12-31").current("instruments")["puffin-2011-order"]["status"] == "signed"


def test_windows_money_and_places_come_from_the_comments(imported):
    report, ledger = imported
    lots = ledger.current("lots")
    assert {name: lot["due"] for name, lot in lots.items() if lot["due"]} == {
        "gull-2-90mm-2016": "2019/2025",
        "gull-2-90mm-2017": "2017/2024",
        "rene-2019": "2022?",
    }
    assert lots["gull-2-90mm-2016"]["made_in"] == "MT;IS"
    assert lots["rene-2019"]["made_in"] == "IS"
    assert lots["gull-2-90mm-2017"]["variant"] == "second hand"
    value = ledger.figure("puffin-2011-order", "value")
    assert (value.value, value.low, value.high, value.unit) == (45, 40, 50, "usd_m_unstated")
    assert ledger.figure("gull-2-90mm-2016-order", "value").unit == "usd_bn_unstated"
    pounds = ledger.figure("gull-2-90mm-2017-order", "value")
    assert (pounds.value, ledger.units[pounds.unit].currency) == (12, "GBP")
    assert ledger.figure("rene-2019-order", "value") is None
    assert any("Part of $90 m deal" in problem.found for problem in report.noted)
    promises = {row["commitment_id"]: row for row in ledger.rows("commitments")}
    assert promises["gull-2-90mm-2016-licence"]["quantity"] == 20
    assert promises["rene-2019-licence"]["quantity"] == 8


def test_a_number_left_empty_gives_no_lot_and_is_listed(imported):
    report, ledger = imported
    assert "tern-2018" not in ledger.current("lots")
    assert ledger.figure("tern-2018-order", "delivered_unstated").value == 5
    assert [problem.where for problem in report.unread] == ["register.csv:10 number ordered"]


def test_spellings_that_drift_are_one_system(imported):
    _, ledger = imported
    systems = {row["system_id"]: row for row in ledger.rows("systems")}
    assert "Gull-2 90mm" in (systems["gull-2-90mm"]["name"], *systems["gull-2-90mm"]["aliases"].split(";"))
    assert "Már" in systems["gull-2-90mm"]["aliases"]
    assert systems["rene"]["name"] == "Réne"


def content_of(folder):
    return {
        path.name: sorted(path.read_text("utf-8").splitlines())
        for path in folder.rglob("*")
        if path.is_file() and path.suffix in (".csv", ".toml", ".json")
    }


def test_ids_do_not_hang_on_the_order_of_lines(tmp_path):
    twins = [f"Iceland,Malta,2011,,12,,Puffin,patrol craft,0,,,New,For {use},1,12,12\n" for use in ("fish", "whales")]
    lines = [*LINES.splitlines(keepends=True), *twins]
    for number, text in enumerate((lines, lines[::-1], lines[3:] + lines[:3])):
        import_register(write(tmp_path, PREAMBLE + HEADER + "".join(text)), "Iceland", "Malta", tmp_path / f"{number}")
    assert content_of(tmp_path / "0") == content_of(tmp_path / "1") == content_of(tmp_path / "2")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_any_usual_encoding_gives_the_same_case(tmp_path, imported, encoding):
    report, _ = imported
    import_register(
        write(tmp_path, PREAMBLE + HEADER + LINES, "other.csv", encoding), "Iceland", "Malta", tmp_path / "other"
    )
    assert content_of(tmp_path / "other") == content_of(report.folder)


def test_semicolons_from_a_spreadsheet_are_read(tmp_path, imported):
    rows = csv.reader((HEADER + LINES).splitlines())
    text = "\n".join(";".join(f'"{c}"' if ";" in c else c for c in row) for row in rows)
    report = import_register(write(tmp_path, PREAMBLE + text, "desk.csv"), "Iceland", "Malta", tmp_path / "desk")
    assert content_of(tmp_path / "desk") == content_of(imported[0].folder)
    assert len(report.unread) == 1


def test_without_a_preamble_the_lines_say_how_far_the_export_knows(tmp_path):
    report = import_register(write(tmp_path, HEADER + LINES), "Iceland", "Malta", tmp_path / "case")
    assert report.as_of == "2020-12-31"
    load_case(tmp_path / "case")


def test_an_export_limited_to_years_counts_at_least(tmp_path):
    text = PREAMBLE.replace("'Not specified' to 'Not specified'", "2014 to 2020") + HEADER + LINES
    import_register(write(tmp_path, text), "Iceland", "Malta", tmp_path / "case")
    figure = load_case(tmp_path / "case").figure("puffin-2011", "delivered_unstated")
    assert figure.qualifier == "at_least"
    assert "2014" in figure.note


def test_an_export_that_ends_early_counts_up_to_that_year(tmp_path):
    text = PREAMBLE.replace("'Not specified' to 'Not specified'", "1950 to 2018") + HEADER
    text += "Iceland,Malta,2011,,12,,Puffin,patrol craft,4,,2013; 2014,New,,1,12,12\n"
    import_register(write(tmp_path, text), "Iceland", "Malta", tmp_path / "case")
    assert load_case(tmp_path / "case").figure("puffin-2011", "delivered_unstated").as_of == "2018-12-31"


def test_what_the_export_cannot_know_yet_is_left_out_and_listed(tmp_path):
    text = PREAMBLE + HEADER + LINES + "Iceland,Malta,2011,,12,,Auk,boat,4,,2013; 2031,New,,1,12,12\n"
    report = import_register(write(tmp_path, text), "Iceland", "Malta", tmp_path / "case")
    assert "auk-2011" not in load_case(tmp_path / "case").current("lots")
    assert report.unread[0].found == "the year 2031"


def test_older_preambles_say_when_they_were_made(tmp_path):
    text = PREAMBLE.replace("Data generated: 7 May 2021 9:00:00 AM", "Generated: 07 MAY 2021") + HEADER + LINES
    assert read_register(write(tmp_path, text)).generated.isoformat() == "2021-05-07"


def test_comments_spilt_over_cells_or_lines_are_mended(tmp_path):
    text = LINES.replace("For use with Gull", "For use with Gull, and Tern, 12 version").replace(
        "Second-hand; aid", "Second-hand;\naid"
    )
    register = read_register(write(tmp_path, PREAMBLE + HEADER + text))
    assert register.unread == ()
    comments = [line.comment for line in register.lines]
    assert comments[3] == "For use with Gull, and Tern, 12 version"
    assert comments[4] == "Second-hand; aid; GBP12 m deal; delivery planned by 2024"


def test_quotation_marks_of_windows_are_kept(tmp_path):
    path = write(tmp_path, PREAMBLE + HEADER + LINES.replace("For use", "‘Sea’ – for use"), encoding="cp1252")
    assert read_register(path).lines[3].comment.startswith("‘Sea’ – for use")


def test_broken_lines_cost_only_themselves(tmp_path):
    broken = LINES.replace("For use with Gull", 'For "use with\nGull').replace("Second-hand; aid", 'Second-hand, "aid')
    broken += 'Iceland,Malta,2018,,x,,Auk,boat,0,,,New,,1,1,1\nIceland,Malta\n"Iceland,Malta,2018,,1,,Auk\n'
    report = import_register(write(tmp_path, PREAMBLE + HEADER + broken), "Iceland", "Malta", tmp_path / "case")
    lots = load_case(tmp_path / "case").current("lots")
    assert {"puffin-2011", "gull-2-90mm-2016", "rene-2019"} <= lots.keys()
    assert "auk-2018" not in lots
    assert len(report.unread) >= 3


def test_a_line_that_stands_twice_is_counted_once(tmp_path):
    first = LINES.splitlines(keepends=True)[0]
    report = import_register(write(tmp_path, PREAMBLE + HEADER + LINES + first), "Iceland", "Malta", tmp_path / "case")
    assert any("the same line as line 7" in problem.found for problem in report.unread)
    assert load_case(tmp_path / "case").current("lots").keys() >= {"puffin-2011", "puffin-2011-b"}
    assert "puffin-2011-c" not in load_case(tmp_path / "case").current("lots")


def test_more_delivered_than_ordered_is_kept_and_does_not_stand(tmp_path):
    text = PREAMBLE + HEADER + LINES.replace("2011,,12,,Puffin,patrol craft,12", "2011,,12,,Puffin,patrol craft,15")
    report = import_register(write(tmp_path, text), "Iceland", "Malta", tmp_path / "case")
    ledger = load_case(tmp_path / "case")
    assert ledger.figure("puffin-2011", "delivered_unstated") is None
    assert {figure.rank for figure in ledger.figures("puffin-2011")} == {"deprecated"}
    assert any("number delivered" in problem.where for problem in report.unread)


def test_other_names_of_a_state_and_all_its_spellings_are_found(tmp_path):
    path = write(tmp_path, PREAMBLE + HEADER + LINES)
    for number, name in enumerate(("turkey", "Türkiye", "TR")):
        report = import_register(path, name, "MLT", tmp_path / f"{number}")
        assert report.lines == 2
        assert load_case(tmp_path / f"{number}").about.partners[0].country == "TR"


def test_a_side_that_is_no_state_is_explained(tmp_path):
    import_register(write(tmp_path, PREAMBLE + HEADER + LINES), "nato", "Malta", tmp_path / "case")
    ledger = load_case(tmp_path / "case")
    actor = next(row for row in ledger.rows("actors") if row["actor_id"] == "nato")
    assert (actor["kind"], actor["country"]) == ("institution", None)
    assert "no ISO 3166 code" in actor["note"]
    assert ledger.about.partners[0].country == "ZZ"


def problems_of(*arguments):
    with pytest.raises(CaseError) as raised:
        import_register(*arguments)
    return raised.value.problems


def test_a_name_not_in_the_file_names_the_nearest_and_what_there_is(tmp_path):
    path = write(tmp_path, PREAMBLE + HEADER + LINES)
    (problem,) = problems_of(path, "Icelnd", "Malta", tmp_path / "case")
    assert "Iceland" in problem.fix
    assert "NATO**" in problem.expected
    (problem,) = problems_of(path, "Iceland", "Iceland", tmp_path / "case")
    assert "Malta" in problem.expected
    assert not (tmp_path / "case").exists()


def test_a_wrong_file_is_located(tmp_path):
    for text in ("a,b\n1,2\n", "", "Recipient,Supplier\nx,y\n", b"PK\x03\x04zip", b"\xff\xfe\x00"):
        (problem,) = problems_of(write(tmp_path, text), "Iceland", "Malta", tmp_path / "case")
        assert problem.where.startswith("register.csv")
    problems_of(tmp_path / "none.csv", "Iceland", "Malta", tmp_path / "case")
    problems_of(tmp_path, "Iceland", "Malta", tmp_path / "case")
    assert not (tmp_path / "case").exists()


def test_a_taken_folder_is_left_alone(tmp_path):
    path = write(tmp_path, PREAMBLE + HEADER + LINES)
    import_register(path, "Iceland", "Malta", tmp_path / "case")
    before = content_of(tmp_path / "case")
    problems_of(path, "Turkey", "Malta", tmp_path / "case")
    assert content_of(tmp_path / "case") == before


# --- the real register ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("recipient", ["Poland", "norway", "Philippines", "INDONESIA", "Turkey", "Peru"])
def test_real_orders_give_a_valid_case(shared, tmp_path, recipient):
    path = shared / "data" / "sipri_register_sample.csv"
    report = import_register(path, recipient, "South Korea", tmp_path / "case")
    ledger = load_case(tmp_path / "case")
    lines = [line for line in read_register(path).lines if line.recipient == report.recipient]
    assert report.lines == len(lines)
    firm = sum(lot["quantity"] for lot in ledger.current("lots").values() if lot["kind"] == "firm")
    not_yet = [line for line in lines if "not yet" in line.comment]
    assert firm == sum(line.ordered or 0 for line in lines) - sum(line.ordered or 0 for line in not_yet)
    assert sum(group.delivered for group in make_status(ledger).systems) == sum(
        line.delivered for line in lines if line.ordered and line not in not_yet
    )
    json.dumps(report.as_dict())


def test_the_real_register_for_poland(shared, tmp_path):
    import_register(shared / "data" / "sipri_register_sample.csv", "Poland", "South Korea", tmp_path / "case")
    ledger = load_case(tmp_path / "case")
    systems = {group.name: group for group in make_status(ledger).systems}
    assert (systems["K2 Black Panther"].ordered, systems["K2 Black Panther"].delivered) == (180, 28)
    assert (systems["K-9 Thunder 155mm"].ordered, systems["K-9 Thunder 155mm"].delivered) == (364, 72)
    assert systems["K-239 Chunmoo"].ordered == 218
    assert ledger.current("lots")["k2-black-panther-2022"]["due"] == "2022/2027"


@pytest.mark.parametrize(
    "day", ["7 May 22011021", "7 May 2201", "7 May 0001", "31 Feb 2021", "7 Mai 2021", "2021-05-07"]
)
def test_a_day_of_generation_that_is_none_is_told_with_its_line(tmp_path, day):
    text = PREAMBLE.replace("7 May 2021", day) + HEADER + LINES
    report = import_register(write(tmp_path, text), "Iceland", "Malta", tmp_path / "case")
    (told,) = [one for one in report.unread if one.where == "register.csv:5 generated"]
    assert day in told.found
    assert load_case(tmp_path / "case").about.as_of.isoformat() == report.as_of == "2020-12-31"


@pytest.mark.parametrize("years", ["'0000' to '2020'", "'1990' to '9999'", "'1990' to '20201'"])
def test_a_range_of_years_that_is_none_is_told_and_limits_nothing(tmp_path, years):
    text = PREAMBLE.replace("'Not specified' to 'Not specified'", years) + HEADER + LINES
    register = read_register(write(tmp_path, text))
    (told,) = [one for one in register.unread if one.where == "register.csv:1 year range"]
    assert told.found.strip('"') in years
    assert (register.first_year, register.last_year) in ((None, 2020), (1990, None))


def test_words_about_generating_are_no_day(tmp_path):
    text = PREAMBLE.replace("Source:", "Generated by hand from the Source:") + HEADER + LINES
    register = read_register(write(tmp_path, text))
    assert (register.unread, register.generated.isoformat()) == ((), "2021-05-07")


# --- anything at all --------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [",", ";", '"', "\n", "?", "2011", "0", "99999999999", "-1", "1e9", "Iceland", "Malta", "(", "delivery planned by 1999",
     "not yet ordered", "produced under licence in ", "$1-0 m deal", "XXX5 m deal", "\x00", "\ufeff", "=1+1", "2020; 2099",
     "' '", "é", "option on 5 more", "NATO**", "2021", "Data generated: 31 Feb 2021", "by end-2090", ".", " version"]
)  # fmt: skip
EDIT = st.tuples(st.integers(0, 3000), st.integers(0, 40), st.one_of(PIECES, st.text(max_size=5)))


def edited(text, edits):
    for at, length, piece in edits:
        text = text[:at] + piece + text[at + length :]
    return text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(EDIT, min_size=1, max_size=12))
@example(edits=[(229, 0, "2011")])  # generated on 7 May 22011021: no day of the year 2201
@example(edits=[(228, 4, "0001")])  # and none of the year 1, before which there is no year
@example(edits=[(97, 13, "0000")])  # nor a last year 0
def test_edits_of_a_register_end_in_a_problem_or_a_valid_case(tmp_path_factory, edits):
    folder = tmp_path_factory.mktemp("edit")
    text = edited(PREAMBLE + HEADER + LINES, edits)
    path = write(folder, text.encode("utf-8", "replace"))
    try:
        import_register(path, "Iceland", "Malta", folder / "case")
    except CaseError as error:
        problems = error.problems
        made = False
    else:
        problems = ()
        made = True
        load_case(folder / "case")
    assert all(problem.where and problem.fix for problem in problems)
    assert (folder / "case").exists() is made


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=300))
def test_bytes_are_no_register(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("bytes")
    assert problems_of(write(folder, data), "Iceland", "Malta", folder / "case")
