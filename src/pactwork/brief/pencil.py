"""A chart's definition becomes SVG and PNG; run as a script, it draws what a pickle on standard input asks for.

Nothing of pactwork is imported, so that a second process begins to draw at once. A process and not a thread: vl-convert
holds the interpreter's lock while it draws.
"""

from __future__ import annotations

import pickle
import struct
import sys
import zlib
from typing import Any, NamedTuple

SCALE = 2.0
"""Pixels of a picture for each of the chart's own."""


class Drawn(NamedTuple):
    """A chart as SVG, as SVG for a phone (empty where that is no other), and as PNG."""

    svg: str
    narrow: str
    png: bytes


def draw_spec(spec: dict[str, Any], narrow: dict[str, Any] | None) -> Drawn:
    """Draw a Vega-Lite definition, and another for a phone where there is one."""
    import vl_convert

    svg = draw_svg(spec)
    return Drawn(svg, draw_svg(narrow) if narrow else "", pack_png(vl_convert.svg_to_png(svg, scale=SCALE)))


def draw_svg(spec: dict[str, Any]) -> str:
    """Draw a Vega-Lite definition as SVG; Vega runs in this process, and access to any other place is closed to it."""
    import vl_convert  # late: it takes a fifth of a second, and not everything draws

    return str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))


def pack_png(png: bytes) -> bytes:
    """Return the same picture in a third of the bytes: vl-convert packs its pixels in haste.

    Notes
    -----
    A PNG is eight bytes and chunks of length, name, data and checksum; the data of all its IDAT chunks together are
    one zlib stream (PNG specification, third edition, W3C 2025, sections 5 and 10).
    """
    chunks, at, pixels = [], 8, b""
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        name, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        if name == b"IDAT":
            pixels += data
        elif name == b"IEND":
            chunks += [(b"IDAT", zlib.compress(zlib.decompress(pixels), 6)), (name, data)]
        else:
            chunks.append((name, data))
        at += size + 12
    written = (struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in chunks)
    return png[:8] + b"".join(written)


if __name__ == "__main__":
    # The pickle comes from the process that started this one, and goes back to it: nobody else can write to either.
    asked: list[tuple[dict[str, Any], dict[str, Any] | None]] = pickle.load(sys.stdin.buffer)
    pickle.dump([tuple(draw_spec(*one)) for one in asked], sys.stdout.buffer)
