"""A case that changes while it is got ready or played: what is told is about the case as it is."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from pactwork.errors import CaseError, Problem
from pactwork.web.cases import CaseWatch
from pactwork.web.playing import bench
from pactwork.web.playing.bench import never
from pactwork.web.playing.playroom import Playroom, playroom_of, shared_turns
from pactwork.web.playing.shapes import PlayModel
from pactwork.web.site import open_case
from pactwork.web.views import what_if


def change(root):
    """Save a file of a case with other words."""
    about = root / "case.toml"
    about.write_text(about.read_text("utf-8") + "\n# changed\n", encoding="utf-8")


def wait_for(said):
    last = time.monotonic() + 120
    while not (found := said()):
        assert time.monotonic() < last, "it never came"
        time.sleep(0.02)
    return found


@pytest.fixture
def own(make_client, playable):
    """A page of a case that a test changes."""
    return make_client(playable)


def play(client, **body):
    answer = client.post("/api/what-if/play", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    "error", [CaseError([Problem("lots", "none", "some", "add one")]), ValueError("over the edge")]
)
def test_what_went_wrong_with_a_case_that_has_passed_is_not_told(make_case, tmp_path, monkeypatch, error):
    """It had begun before the case changed, and failed after."""
    begun, changed = threading.Event(), threading.Event()

    def open_in_vain(*_, **__):
        begun.set()
        assert changed.wait(60)
        raise error

    monkeypatch.setattr(bench, "open_bench", open_in_vain)
    watch = CaseWatch(str(make_case()))
    room = Playroom(watch.current(), tmp_path, threading.Event())
    assert begun.wait(60)
    change(watch.root)
    watch.current()
    changed.set()
    with pytest.raises(CaseError):
        room.wait(60)
    assert (room.state.ready, room.state.problems) == (False, ())
    assert room.state.stage == "reading the case again"


def test_what_goes_wrong_with_the_case_as_it_is_is_told(make_case, tmp_path, monkeypatch):
    def open_in_vain(*_, **__):
        raise CaseError([Problem("lots", "none", "some", "add one")])

    monkeypatch.setattr(bench, "open_bench", open_in_vain)
    room = Playroom(CaseWatch(str(make_case())).current(), tmp_path, threading.Event())
    with pytest.raises(CaseError, match="add one"):
        room.wait(60)
    assert [one.where for one in room.state.problems] == ["lots"]


def test_a_question_asked_before_the_case_changed_is_asked_again(own, monkeypatch):
    """The set-up of the old state fails late; a request that found that state is not told of it."""
    begun, changed, opened = threading.Event(), threading.Event(), []
    open_bench = bench.open_bench

    def open_once_in_vain(ledger, *rest, **options):
        opened.append(ledger)
        if len(opened) > 1:
            return open_bench(ledger, *rest, **options)
        begun.set()
        assert changed.wait(60)
        raise CaseError([Problem("lots", "none", "some", "add one")])

    monkeypatch.setattr(bench, "open_bench", open_once_in_vain)
    site = own.app.state.site
    before = site.watch.current()
    assert play(own)["state"] == "getting ready"
    assert begun.wait(60)
    change(site.watch.root)
    changed.set()
    room = playroom_of(before, site)
    with pytest.raises(CaseError):
        room.wait(60)
    assert site.watch.current() is not before
    own.app.dependency_overrides[open_case] = lambda: before
    told = play(own)
    assert (told["state"], told["stage"]) == ("getting ready", "reading the case again")
    own.app.dependency_overrides.clear()
    told = wait_for(lambda: (held := play(own))["state"] == "answered" and held)
    assert told["answer"]["stamp"]["runs"] == 200
    assert opened[1] is site.watch.current().ledger


@pytest.mark.parametrize("size", [200, 800])
def test_a_question_that_waits_while_the_case_changes_is_let_go(own, size):
    """It holds no turn that the new state waits for."""
    site = own.app.state.site
    room = playroom_of(site.watch.current(), site)
    room.wait(120)
    with ThreadPoolExecutor() as pool, shared_turns().turn(urgent=True, stopped=lambda: False):
        question = pool.submit(play, own, page="p", number=1, ask={"seed": 99}, size=size)
        wait_for(lambda: "p" in room.newest._latest)  # it was taken on
        change(site.watch.root)
        site.watch.current()
        told = question.result(60)
    assert (told["state"], told["stage"]) == ("getting ready", "reading the case again")


@pytest.mark.parametrize("ask", [{"scenario": "gone"}, {}])
def test_neither_an_answer_nor_a_refusal_is_about_a_case_that_has_passed(own, ask):
    """What was worked out by the time the case is found to be another."""
    site = own.app.state.site
    before = site.watch.current()
    room = playroom_of(before, site)
    room.wait(120)
    asked = PlayModel.model_validate({"ask": ask})
    if ask:
        with pytest.raises(CaseError):
            what_if._play(room, before, asked, never)
    else:
        assert what_if._play(room, before, asked, never).state == "answered"
    change(site.watch.root)
    site.watch.current()
    assert what_if._play(room, before, asked, never).state == "getting ready"
