from pactwork import load_case
from pactwork.facts.diff import compare_cases


def test_no_change_is_no_difference(make_case):
    found = compare_cases(load_case(make_case("a")), load_case(make_case("b")))
    assert (found.rows, found.standing) == ((), ())


def test_changes_are_told_figure_by_figure(make_case, tiny):
    figures = tiny["figures"].replace("2023-06,28", "2023-06,27").replace("t1-1,shipped", "t1-1,in_service")
    figures += "t1-1,arrived,2024-10-20,68,,,exact,item,maker,note,2,normal,,\n"
    new = load_case(make_case("b", figures=figures, shipments=None))
    found = compare_cases(load_case(make_case("a")), new).as_dict()
    changes = {(row["table"], row["change"], row["key"].partition(" ·")[0]) for row in found["rows"]}
    assert ("figures", "added", "t1-1") in changes
    assert ("shipments", "removed", "s-1") in changes
    (changed,) = [row for row in found["rows"] if row["change"] == "changed"]
    assert changed["cells"] == [{"column": "value", "old": 28.0, "new": 27.0}]
    assert {(one["measure"], (one["old"] or "–")[:2], (one["new"] or "–")[:2]) for one in found["standing"]} == {
        ("arrived", "62", "68"),
        ("shipped", "40", "–"),
        ("in_service", "–", "40"),
    }


def test_the_order_of_rows_is_no_difference(make_case, tiny):
    head, *rows = tiny["figures"].splitlines()
    turned = "\n".join([head, *reversed(rows)]) + "\n"
    assert compare_cases(load_case(make_case("a")), load_case(make_case("b", figures=turned))).rows == ()


def test_rows_that_share_what_identifies_them_are_told_apart(make_case, tiny):
    twice = tiny["figures"].replace("2024-10-04,62", "2023-06,29")  # the same subject, day, source and place
    found = compare_cases(load_case(make_case("a")), load_case(make_case("b", figures=twice)))
    assert [(row.kind, row.key.rpartition("#")[1:]) for row in found.rows if "2023-06" in row.key] == [
        ("added", ("#", "2"))
    ]
