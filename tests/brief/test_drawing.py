import contextlib
import re
import subprocess
import sys

import pytest

from pactwork.brief import drawing as drawing_module
from pactwork.brief.drawing import ACCENT, Drawing, _make_inline, draw, draw_all
from pactwork.brief.pencil import pack_png

SVG = (
    f'<svg width="10" height="10" viewBox="0 0 10 10"><defs><clipPath id="c1"><rect/></clipPath></defs>'
    f'<g clip-path="url(#c1)" style="x:y" class="mark"><path fill="{ACCENT}" d="M0.123456,1"/></g></svg>'
)


def test_two_charts_on_one_page_share_no_id_and_no_style():
    drawing = Drawing("one", 'A "title"', "a <description>", {})
    shown = _make_inline(SVG, drawing, "one")
    assert 'id="one-c1"' in shown
    assert "url(#one-c1)" in shown
    assert 'data-fill="accent"' in shown
    assert "style=" not in shown
    assert "M0.12,1" in shown
    assert "A &quot;title&quot;" in shown
    assert "a &lt;description&gt;" in shown


def test_words_of_a_chart_that_look_like_markup_stay():
    words = 'Block 1.23456 id=&quot;c1&quot; class="x" style="y" fill="white"'
    shown = _make_inline(SVG.replace("</g>", f"<text>{words}</text></g>"), Drawing("one", "", "", {}), "one")
    assert f"<text>{words}</text>" in shown


def test_a_chart_uses_only_colours_that_the_page_can_restyle(make_case):
    from pactwork.brief.findings import gather_findings
    from pactwork.brief.writing import list_drawings
    from pactwork.facts.case import load_case

    for drawing in list_drawings(gather_findings(load_case(make_case()))):
        picture = draw(drawing)
        assert not re.findall(r'(?:fill|stroke)="#[0-9a-fA-F]+"', picture.inline), drawing.name
        assert picture.svg.startswith("<svg")
        assert f"<title>{drawing.title}</title>" in picture.svg


@pytest.fixture
def served(tmp_path):
    """A server on this machine, in a process of its own; what it logs is what it was asked for."""
    (tmp_path / "data.json").write_text('[{"a": 1}]')
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", str(tmp_path)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        port = re.search(r"port (\d+)", server.stdout.readline())[1]
        yield f"http://127.0.0.1:{port}/data.json", server
    finally:
        server.kill()
        server.communicate()


def test_drawing_asks_no_network_whatever_the_definition_says(served):
    url, server = served
    spec = {"data": {"url": url}, "mark": "point", "encoding": {"x": {"field": "a", "type": "quantitative"}}}
    with contextlib.suppress(ValueError):  # the renderer may refuse, or draw nothing; it may not ask
        draw(Drawing("one", "t", "d", spec))
    server.terminate()
    assert "GET" not in server.communicate()[1]


def plain_charts(number):
    spec = {"data": {"values": [{"a": 1}]}, "mark": "point", "encoding": {"x": {"field": "a", "type": "quantitative"}}}
    return [Drawing(f"c{at}", f"Chart {at}", "", spec | {"title": f"Chart {at}"}) for at in range(number)]


def test_a_second_process_draws_the_same_in_the_same_order(monkeypatch):
    asked = []
    elsewhere = drawing_module._draw_elsewhere
    monkeypatch.setattr(drawing_module, "WORTH_A_PROCESS", 2)
    monkeypatch.setattr(drawing_module, "_draw_elsewhere", lambda far: asked.append(elsewhere(far)) or asked[-1])
    told = []
    made = draw_all(plain_charts(5), lambda *at: told.append(at[1:]))
    assert [len(one) for one in asked] == [2]  # they came from there
    assert made == [draw(one) for one in plain_charts(5)]
    assert told == [(0, 5), (1, 5), (3, 5), (5, 5), (5, 5)]


@pytest.mark.parametrize("broken", ["/no/such/python", "/bin/false", "/bin/true", "/bin/cat"])
def test_without_a_second_process_this_one_draws_all(monkeypatch, broken):
    monkeypatch.setattr(drawing_module, "WORTH_A_PROCESS", 1)
    monkeypatch.setattr(sys, "executable", broken)
    assert [one.name for one in draw_all(plain_charts(3))] == ["c0", "c1", "c2"]
    assert draw_all([]) == []


def test_a_packed_picture_is_the_same_picture_in_fewer_bytes():
    import struct
    import zlib

    import vl_convert

    picture = vl_convert.svg_to_png(
        '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><circle cx="90" cy="90" r="70"/></svg>'
    )
    packed = pack_png(picture)

    def read(data):
        at, chunks = 8, []
        while at < len(data):
            (size,) = struct.unpack(">I", data[at : at + 4])
            name, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
            assert struct.unpack(">I", data[at + 8 + size : at + 12 + size])[0] == zlib.crc32(name + body)
            chunks.append((name, body))
            at += 12 + size
        pixels = zlib.decompress(b"".join(body for name, body in chunks if name == b"IDAT"))
        return data[:8], [one for one in chunks if one[0] != b"IDAT"], pixels

    assert read(packed) == read(picture)
    assert len(packed) < len(picture)
