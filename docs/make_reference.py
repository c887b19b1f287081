"""Write the reference pages: ``python docs/make_reference.py``, with pactwork installed."""

from __future__ import annotations

from pathlib import Path

from reference_pages import make_pages

DOCS = Path(__file__).resolve().parent

if __name__ == "__main__":
    for name, text in make_pages().items():
        path = DOCS / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
