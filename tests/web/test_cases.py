"""The case under the page's hands: read again when it changes, its problems in place of a view."""

import threading

import pytest

from pactwork.errors import CaseError
from pactwork.facts.case import load_case
from pactwork.web import cases
from pactwork.web.cases import CaseWatch
from pactwork.web.problems import CaseBroken


def add_line(root, table, line):
    path = root / "facts" / f"{table}.csv"
    path.write_text(path.read_text("utf-8") + line + "\n", encoding="utf-8")


def test_a_case_is_read_again_when_a_file_changes(make_client, make_case):
    root = make_case()
    client = make_client(root)
    before = client.get("/api/case").json()
    assert before["readable"]
    assert client.get("/api/case").json() == before
    add_line(root, "figures", "t1-1,arrived,2024-10-20,70,,,exact,item,paper,para 9,2,normal,,")
    after = client.get("/api/case").json()
    assert after["revision"] != before["revision"]
    assert client.get("/api/evidence/rows?q=para+9").json()["total"] == 1


def test_problems_take_the_place_of_a_view_until_they_are_mended(make_client, make_case):
    root = make_case()
    client = make_client(root)
    good = (root / "facts" / "figures.csv").read_text("utf-8")
    add_line(root, "figures", "t1-1,arrived,2024-13,<b>70</b>,,,exact,item,nobody,para 9,2,normal,,")
    page = client.get("/evidence")
    assert page.status_code == 409
    assert "facts/figures.csv:8 as_of" in page.text
    assert "&lt;b&gt;70&lt;/b&gt;" in page.text
    assert "<b>70</b>" not in page.text
    told = client.get("/api/evidence/rows")
    assert told.status_code == 409
    assert {one["where"].split()[-1] for one in told.json()["problems"]} >= {"as_of", "value", "source_id"}
    state = client.get("/api/case").json()
    assert not state["readable"]
    assert state["problems"] >= 3
    (root / "facts" / "figures.csv").write_text(good, encoding="utf-8")
    assert client.get("/evidence").status_code == 200


def test_a_file_that_comes_or_goes_is_seen(make_case):
    watch = CaseWatch(str(make_case()))
    before = watch.current()
    (watch.root / "facts" / "threats.csv").write_text("perceiver,threat\n", encoding="utf-8")
    with pytest.raises(CaseBroken):
        watch.current()
    assert watch.revision().startswith("broken")
    (watch.root / "facts" / "threats.csv").unlink()
    assert watch.current().revision == before.revision


def test_a_case_that_changes_while_it_is_read_is_read_again(make_case, monkeypatch):
    """Else it would be shown under the revision of what nobody has read."""
    watch, late = CaseWatch(str(make_case())), ["t1-1,arrived,2024-10-20,70,,,exact,item,paper,para 9,2,normal,,"]

    def load(root):
        ledger = load_case(root)
        if late:
            add_line(root, "figures", late.pop())
        return ledger

    monkeypatch.setattr(cases, "load_case", load)
    opened = watch.current()
    assert "para 9" in [row["locator"] for row in opened.ledger.rows("figures")]
    assert watch.current() is opened


def test_a_case_that_changes_all_the_time_is_shown_as_it_was_read_last(make_case, monkeypatch):
    watch, lines = CaseWatch(str(make_case())), iter(range(100))

    def load(root):
        ledger = load_case(root)
        add_line(root, "figures", f"t1-1,arrived,2024-10-20,70,,,exact,item,paper,para {next(lines)},2,normal,,")
        return ledger

    monkeypatch.setattr(cases, "load_case", load)
    first = watch.current()
    assert watch.current() is not first
    assert first.outdated.is_set()


def test_words_are_watched(make_case):
    """An analyst's words count among the files of a case."""
    watch = CaseWatch(str(make_case()))
    before = watch.current()
    words = watch.root / "narrative" / "answer.md"
    words.parent.mkdir()
    words.write_text("The first words.\n", encoding="utf-8")
    second = watch.current()
    assert second.revision != before.revision
    words.write_text("Other words.\n", encoding="utf-8")
    assert watch.current().revision not in (before.revision, second.revision)


def test_a_wrong_number_in_words_takes_the_place_of_a_view_until_it_is_mended(make_client, make_case):
    root = make_case()
    client = make_client(root)
    words = root / "narrative" / "answer.md"
    words.parent.mkdir()
    words.write_text("So many have come: {{ t1.orderd }}.\n", encoding="utf-8")
    for path in ("/api/overview", "/api/evidence/rows", "/evidence"):
        told = client.get(path)
        assert told.status_code == 409, path
        assert "narrative/answer.md:1" in told.text
    state = client.get("/api/case").json()
    assert (state["readable"], state["problems"]) == (False, 1)
    words.write_text("So many have come: {{ t1.ordered }}.\n", encoding="utf-8")
    assert client.get("/api/case").json()["readable"]
    assert client.get("/api/overview").status_code == 200


def test_a_case_that_is_not_there_is_told_at_once(tmp_path):
    with pytest.raises(CaseError):
        CaseWatch(str(tmp_path / "none"))


def test_what_is_worked_out_is_worked_out_once(make_case):
    opened = CaseWatch(str(make_case())).current()
    calls, ready = [], threading.Barrier(4)

    def make():
        calls.append(1)
        return object()

    def ask(found):
        ready.wait()
        found.append(opened.remember("name", make))

    found = []
    threads = [threading.Thread(target=ask, args=(found,)) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(calls) == 1
    assert len(set(map(id, found))) == 1
    assert opened.has("name")
    assert not opened.has("other")


def test_what_fails_is_tried_again(make_case):
    opened = CaseWatch(str(make_case())).current()
    with pytest.raises(ZeroDivisionError):
        opened.remember("name", lambda: 1 / 0)
    assert opened.remember("name", lambda: 2) == 2
