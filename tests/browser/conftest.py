"""One server and one browser for all tests that use the page as a person does."""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pactwork.facts.case import bundled_cases

CHROMIUM = "/usr/bin/chromium"
LAYOUT = Path(__file__).with_name("layout.js").read_text("utf-8")
"""A function of a page that lists what is amiss in how it lies."""
READY = 240_000
"""Milliseconds: the first who comes to What if waits until the simulation is compiled and calibrated."""
WIDTHS = {"phone": (390, 844), "desk": (1280, 900), "wall": (1920, 1080)}


@dataclass
class Served:
    """A server in a process of its own, and the case it shows; ``printed`` is the address it told."""

    printed: str
    case: Path
    process: subprocess.Popen = field(repr=False)

    @property
    def address(self):
        """Scheme, name and port."""
        return self.printed.partition("/?")[0].rstrip("/")

    def stop(self):
        """End the server as Ctrl-C or a shutdown does."""
        self.process.terminate()
        self.process.wait(20)
        self.process.stderr.close()


def serve(case, state):
    """Start ``pactwork serve`` and wait for the address it prints."""
    command = [sys.executable, "-m", "pactwork", "serve", str(case), "--port", "0", "--state", str(state)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    line = process.stderr.readline().strip()
    if not re.match(r"http://127\.0\.0\.1:\d+/", line):
        raise AssertionError(line + process.stderr.read())
    return Served(line, Path(case), process)


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """A copy of the bundled case, as its owner serves it; no test changes it."""
    folder = tmp_path_factory.mktemp("served")
    found = serve(shutil.copytree(bundled_cases()["poland-korea"], folder / "poland-korea"), folder / "state")
    yield found
    found.stop()


@pytest.fixture
def own_case(tmp_path):
    """A case of the test's own."""
    return Path(shutil.copytree(bundled_cases()["poland-korea"], tmp_path / "poland-korea"))


@pytest.fixture
def serve_case(tmp_path, own_case):
    """Return a function that serves the test's own case, on the same state each time."""
    held = []

    def start():
        held.append(serve(own_case, tmp_path / "state"))
        return held[-1]

    yield start
    for one in held:
        if one.process.returncode is None:
            one.stop()


@pytest.fixture
def own(browser, serve_case):
    """A server with a case that a test may change."""
    return serve_case()


@pytest.fixture(scope="module")
def browser():
    """Debian's Chromium; not for longer than a file, since no other loop can run in the thread of playwright's."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no {CHROMIUM}: install it with apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=["--disable-gpu"])
        yield found
        found.close()


class Visit:
    """A tab, with what it asked for and what it complained of."""

    def __init__(self, browser, served, width="desk", scheme="light"):
        size = WIDTHS[width]
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, reduced_motion="reduce"
        )
        self.page = self.context.new_page()
        self.served, self.width, self.asked, self.complaints = served, width, [], []
        self.allowed = ()
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda told: told.type == "error" and self.complaints.append(told.text))
        self.page.set_default_timeout(90_000)

    def open(self, path):
        """Go to an address, and wait until all its pieces are there."""
        self.page.goto(self.served.address + path)
        self.settle()
        return self.page

    def settle(self):
        """Wait until nothing on the page is being worked out."""
        self.page.wait_for_selector("[aria-busy]", state="detached", timeout=READY)

    def check(self):
        """Nothing was asked of another machine, and nothing went wrong unseen."""
        elsewhere = [url for url in self.asked if not url.startswith((self.served.address + "/", "data:", "about:"))]
        assert not elsewhere
        assert not [text for text in self.complaints if not any(part in text for part in self.allowed)]


@pytest.fixture(scope="session")
def look_over():
    """Return a function that lists what is amiss in how a page lies: what sticks out, is cut, or is a blank band."""
    return lambda page: page.evaluate(LAYOUT)


@pytest.fixture
def visit(browser, served, serve_case):
    """Return a function that opens a tab; each is checked at the end for errors and for requests to elsewhere.

    Tabs are closed before the servers of the test are stopped: they go on asking.
    """
    del serve_case
    held = []

    def open_tab(path=None, **how):
        tab = Visit(browser, how.pop("served", served), **how)
        held.append(tab)
        if path is not None:
            tab.open(path)
        return tab

    yield open_tab
    for tab in held:
        tab.check()
        tab.context.close()
