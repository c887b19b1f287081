"""Turns at the processors, and questions that take the place of older ones."""

import threading
import time

import pytest

from pactwork.web.cases import CaseWatch
from pactwork.web.playing import bench
from pactwork.web.playing.playroom import Playroom
from pactwork.web.playing.stopping import MOST_PAGES, Newest, Superseded
from pactwork.web.playing.turns import Turns


def never():
    return False


def test_what_is_waited_for_goes_before_what_sharpens():
    turns, order, ready = Turns(), [], threading.Barrier(3)

    def take(name, *, urgent):
        ready.wait(10)
        with turns.turn(urgent=urgent, stopped=never):
            order.append(name)

    with turns.turn(urgent=False, stopped=never):
        threads = [threading.Thread(target=take, args=("sharpen",), kwargs={"urgent": False})]
        threads.append(threading.Thread(target=take, args=("first",), kwargs={"urgent": True}))
        for one in threads:
            one.start()
        ready.wait(10)
        last = time.monotonic() + 10
        while turns.waiting < 2:
            assert time.monotonic() < last, "nobody waits"
            time.sleep(0.01)
    for one in threads:
        one.join(10)
    assert order == ["first", "sharpen"]


def test_who_is_no_longer_wanted_leaves_the_queue():
    turns = Turns()
    with (
        turns.turn(urgent=True, stopped=never),
        pytest.raises(Superseded),
        turns.turn(urgent=True, stopped=lambda: True),
    ):
        pytest.fail("it had no turn")
    assert turns.waiting == 0
    with turns.turn(urgent=True, stopped=never):
        pass


def test_a_turn_that_ends_badly_is_given_back():
    turns = Turns()
    with pytest.raises(ValueError, match="over"), turns.turn(urgent=True, stopped=never):
        raise ValueError("over")
    with turns.turn(urgent=True, stopped=lambda: True):
        pass


def test_the_newest_question_of_a_page_wins():
    newest = Newest()
    first = newest.ask("p", 1)
    assert not first()
    other, second = newest.ask("q", 9), newest.ask("p", 2)
    assert first()
    assert not second()
    assert not other()
    late = newest.ask("p", 1)  # it was on its way for longer
    assert late()
    assert not newest.ask("", 1)()


def test_pages_are_forgotten_in_the_end():
    newest = Newest()
    for number in range(MOST_PAGES + 10):
        newest.ask(f"page{number}", 1)
    assert len(newest._latest) == MOST_PAGES


def test_a_case_that_has_changed_is_no_longer_got_ready(make_case, tmp_path, monkeypatch):
    begun, over = threading.Event(), threading.Event()

    def open_slowly(*_, progress, **__):
        last = time.monotonic() + 20
        while time.monotonic() < last:
            begun.set()
            try:
                progress("calibrating", 1, 2)
            except Superseded:
                over.set()
                raise
            time.sleep(0.01)

    monkeypatch.setattr(bench, "open_bench", open_slowly)
    watch = CaseWatch(str(make_case()))
    Playroom(watch.current(), tmp_path, threading.Event())
    assert begun.wait(60)
    about = watch.root / "case.toml"
    about.write_text(about.read_text("utf-8") + "\n# changed\n", encoding="utf-8")
    assert not over.is_set()
    watch.current()
    assert over.wait(10)
