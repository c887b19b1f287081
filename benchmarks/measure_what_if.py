"""How long What if takes from a slider to its charts, measured in a browser as somebody moves sliders.

    python benchmarks/measure_what_if.py [--moves 48] [--chromium /usr/bin/chromium]

Starts ``pactwork serve`` on a free port with a folder of its own for what it keeps, waits until the simulation is
ready, moves several sliders to values that were not asked before, and takes the time from the slider's ``input`` event
to the first frame after its charts are in place (200 runs), by the browser's own clock. Prints median, 95th percentile
and largest, and the load of the machine: others that use it make this slower.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile

from playwright.sync_api import Page, sync_playwright

SLIDERS = (
    "theatres.europe.probing_to_crisis", "fleet.k2.failures_per_year", "passages.suez.closure_days",
    "production.k2.variation", "fleet.k9.failures_per_year", "shipping.speed",
)  # fmt: skip
MOVE = """([name, step]) => new Promise((done, fail) => {
  const slider = document.querySelector(`#groups [data-number="${name}"]`), place = document.getElementById('answer');
  const old = place.dataset.shown, start = performance.now();
  const watch = new MutationObserver(() => {
    if (place.dataset.shown === old || place.getAttribute('aria-busy') === 'true') return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - start), 0));
  });
  watch.observe(place, { attributes: true });
  setTimeout(() => fail(new Error('no answer within 60 s')), 60000);
  slider.value = step;
  slider.dispatchEvent(new Event('input', { bubbles: true }));
})"""


def measure(page: Page, moves: int) -> list[float]:
    """Return seconds from slider to charts, one for each move."""
    page.evaluate("document.querySelectorAll('#groups details').forEach((one) => { one.open = true; })")
    there = [name for name in SLIDERS if page.locator(f'#groups [data-number="{name}"]').count()]
    if len(there) < 3:
        sys.exit(f"the case has only {len(there)} of the sliders that are moved")
    found = []
    for move in range(moves):
        step = (37 * (move // len(there)) + 11 * move + 5) % 101
        found.append(page.evaluate(MOVE, [there[move % len(there)], str(step)]) / 1000)
    return found


def main() -> None:
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moves", type=int, default=48)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--state", help="folder for what the server keeps; a new one unless told otherwise")
    options = parser.parse_args()
    state = options.state or tempfile.mkdtemp()
    command = [sys.executable, "-m", "pactwork", "serve", "--port", "0", "--state", state]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr is not None
        address = server.stderr.readline().strip()
        if not address.startswith("http"):
            sys.exit(address + server.stderr.read())
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=options.chromium, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(f"{address.rstrip('/')}/what-if")
            page.wait_for_selector('#answer[data-runs="3200"]', timeout=300_000)
            seconds = measure(page, options.moves)
            browser.close()
    finally:
        server.terminate()
        server.wait()
    ranked = sorted(seconds)
    late = ranked[min(len(ranked) - 1, round(0.95 * len(ranked)))]
    print(f"{len(seconds)} moves: median {statistics.median(seconds):.2f} s, 95 % {late:.2f} s, "
          f"largest {ranked[-1]:.2f} s; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")  # fmt: skip


if __name__ == "__main__":
    main()
