import subprocess
import sys

import pytest

from pactwork.brief import write_brief, writing
from pactwork.errors import CaseError
from pactwork.facts.case import load_case


def test_a_brief_is_a_page_and_its_charts(make_case, tmp_path):
    brief = write_brief(load_case(make_case()), tmp_path / "out")
    assert brief.path == tmp_path / "out/brief.html"
    assert {path.suffix for path in brief.charts} == {".svg", ".png"}
    assert all(path.stat().st_size > 500 for path in brief.charts)
    assert (tmp_path / "out/charts/deliveries-t1.png").read_bytes().startswith(b"\x89PNG")
    assert brief.lines[0].startswith("In short: ")


def test_the_same_case_gives_the_same_bytes(make_case, tmp_path):
    ledger = load_case(make_case())
    one, two = (write_brief(ledger, tmp_path / name) for name in ("one", "two"))
    for first, second in ((one.path, two.path), (one.pdf, two.pdf), (one.word, two.word), (one.numbers, two.numbers),
                          *zip(one.charts, two.charts, strict=True), *zip(one.data, two.data, strict=True)):  # fmt: skip
        assert first.name == second.name
        assert first.read_bytes() == second.read_bytes(), first.name


def test_progress_tells_stages_to_their_end(make_case, tmp_path):
    seen = []
    write_brief(load_case(make_case()), tmp_path, progress=lambda *step: seen.append(step))
    assert list(dict.fromkeys(stage for stage, _, _ in seen)) == [
        "Weighing the evidence", "Drawing charts", "Setting pages", "Writing files",
    ]  # fmt: skip
    for stage in {stage for stage, _, _ in seen}:
        done = [(d, t) for s, d, t in seen if s == stage]
        assert done == sorted(done)
        assert done[-1][0] == done[-1][1]


def test_the_page_comes_last_and_an_old_one_stays_when_the_work_stops(make_case, tmp_path, monkeypatch):
    ledger = load_case(make_case())
    old = write_brief(ledger, tmp_path).path.read_bytes()
    real, written = writing.write_atomically, []

    def stop_at_page(path, content):
        written.append(path.name)
        if path.name == "brief.html":
            raise KeyboardInterrupt
        real(path, content)

    monkeypatch.setattr(writing, "write_atomically", stop_at_page)
    with pytest.raises(KeyboardInterrupt):
        write_brief(ledger, tmp_path)
    assert written[-1] == "brief.html"
    assert (tmp_path / "brief.html").read_bytes() == old


def test_a_place_that_cannot_be_written_is_a_problem_with_its_place(make_case, tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(CaseError) as caught:
        write_brief(load_case(make_case()), tmp_path / "taken")
    assert caught.value.problems[0].expected == "a place to write to"


@pytest.mark.parametrize("name", ["brief.html", "brief.json", "brief.pdf", "brief.docx"])
def test_a_folder_in_the_place_of_a_file_is_told_before_any_work(make_case, tmp_path, name, monkeypatch):
    (tmp_path / "out" / name).mkdir(parents=True)
    monkeypatch.setattr(writing, "gather_findings", lambda *_: pytest.fail("work was done"))
    with pytest.raises(CaseError) as caught:
        write_brief(load_case(make_case()), tmp_path / "out")
    (problem,) = caught.value.problems
    assert name in problem.where
    assert problem.found == "a folder"


def test_all_places_that_are_taken_are_told_at_once(make_case, tmp_path):
    for name in ("brief.pdf", "brief.docx"):
        (tmp_path / "out" / name).mkdir(parents=True)
    with pytest.raises(CaseError) as caught:
        write_brief(load_case(make_case()), tmp_path / "out")
    assert len(caught.value.problems) == 2


def test_only_the_forms_asked_for_are_written(make_case, tmp_path):
    ledger = load_case(make_case())
    made = write_brief(ledger, tmp_path / "none", forms=())
    assert (made.pdf, made.word, made.data) == (None, None, ())
    assert {path.name for path in (tmp_path / "none").iterdir()} == {"brief.html", "brief.json", "charts"}
    assert "data/" not in made.path.read_text("utf-8")
    made = write_brief(ledger, tmp_path / "some", forms=("docx",))
    assert {path.name for path in (tmp_path / "some").iterdir()} == {"brief.html", "brief.json", "brief.docx", "charts"}
    assert made.word == tmp_path / "some/brief.docx"


def test_the_charting_library_waits_until_it_is_needed():
    code = (
        "import sys, pactwork.brief; print([m for m in ('altair', 'vl_convert', 'typst', 'docx') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
