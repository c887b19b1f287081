"""Fifty people at the page at once for a minute: errors, how long they wait, and whether memory grows.

Usage: python benchmarks/load_page.py [--clients 50] [--seconds 60] [--case poland-korea]
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import httpx2

PAGES = ["/", "/evidence", "/deliveries", "/politics", "/brief", "/evidence/add?table=figures"]
PARTS = ["/part/overview/answer", "/part/overview/ahead", "/part/politics/opinion", "/part/politics/threats",
         "/part/evidence/rows?q=k2&sort=newest", "/part/evidence/row?id=facts/figures.csv:55"]  # fmt: skip
API = ["/api/case", "/api/overview", "/api/jobs", "/api/politics/issues", "/api/evidence/rows?grade=weak",
       "/api/evidence/tables", "/static/app.js", "/static/style.css"]  # fmt: skip
DAYS = [f"/api/deliveries?day={year}-{month:02d}-15" for year, month in itertools.product((2023, 2024), range(1, 11))]


def memory_mb(process: int) -> float:
    """Return the resident memory of a process."""
    text = Path(f"/proc/{process}/status").read_text()
    return int(next(line for line in text.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


async def visit(address: str, number: int, until: float, told: list[tuple[str, int | str, float]]) -> None:
    """Ask one thing after the other, as somebody who looks around and moves sliders does."""
    dice = random.Random(number)
    async with httpx2.AsyncClient(base_url=address, timeout=60) as client:
        issues = (await client.get("/api/politics/issues")).json()["issues"]
        while time.monotonic() < until:
            kind = dice.choices(["page", "part", "api", "day", "move"], [2, 2, 4, 2, 3])[0]
            began = time.monotonic()
            try:
                if kind == "move":
                    issue = dice.choice(issues)
                    actor = dice.choice(issue["stakeholders"])["actor"]
                    body = {"moves": [{"actor": actor, "position": dice.uniform(0, 100)}]}
                    answer = await client.post(f"/api/politics/issues/{issue['issue']}/outcome", json=body)
                else:
                    answer = await client.get(
                        dice.choice({"page": PAGES, "part": PARTS, "api": API, "day": DAYS}[kind])
                    )
                told.append((kind, answer.status_code, time.monotonic() - began))
            except httpx2.HTTPError as error:
                told.append((kind, type(error).__name__, time.monotonic() - began))
            await asyncio.sleep(dice.uniform(0, 0.1))


async def load(address: str, process: int, clients: int, seconds: float) -> None:
    """Warm the server up, then let all come at once, and tell what came of it."""
    async with httpx2.AsyncClient(base_url=address, timeout=120) as client:
        for path in [*PAGES, *PARTS, *API, *DAYS]:
            (await client.get(path)).raise_for_status()
    warm: list[tuple[str, int | str, float]] = []
    await asyncio.gather(*(visit(address, -number, time.monotonic() + 5, warm) for number in range(clients)))
    before = memory_mb(process)
    told: list[tuple[str, int | str, float]] = []
    until, began = time.monotonic() + seconds, time.monotonic()
    halfway = asyncio.create_task(asyncio.sleep(seconds / 2))
    halfway.add_done_callback(lambda _: print(f"half of the time: {memory_mb(process):.1f} MB"))
    await asyncio.gather(*(visit(address, number, until, told) for number in range(clients)))
    spent = time.monotonic() - began
    waits = sorted(wait for _, _, wait in told)
    wrong = Counter(status for _, status, _ in told if status != 200)
    print(f"{clients} clients, {spent:.0f} s: {len(told):,} requests, {len(told) / spent:.0f} a second")
    print(f"errors: {sum(wrong.values())} {dict(wrong)}")
    middle, late = waits[len(waits) // 2], waits[int(len(waits) * 0.95)]
    print(f"waits: median {middle * 1e3:.0f} ms, 95 % {late * 1e3:.0f} ms, longest {waits[-1] * 1e3:.0f} ms")
    print(f"memory: {before:.1f} MB before, {memory_mb(process):.1f} MB after")


def main() -> None:
    """Serve a case, load the server, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--case", default="poland-korea")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as state:
        command = [sys.executable, "-m", "pactwork", "serve", asked.case, "--port", "0", "--state", state]
        began = time.monotonic()
        server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        try:
            assert server.stderr is not None
            address = server.stderr.readline().strip().rstrip("/")
            first = httpx2.get(address + "/", timeout=60)
            print(f"first page after {time.monotonic() - began:.2f} s from a cold start ({first.status_code})")
            asyncio.run(load(address, server.pid, asked.clients, asked.seconds))
        finally:
            server.terminate()
            server.wait(20)


if __name__ == "__main__":
    main()
