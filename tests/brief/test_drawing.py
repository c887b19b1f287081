import re

from pactwork.brief.drawing import ACCENT, Drawing, _make_inline, draw

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


def test_a_chart_uses_only_colours_that_the_page_can_restyle(make_case):
    from pactwork.brief.findings import gather_findings
    from pactwork.brief.writing import list_drawings
    from pactwork.facts.case import load_case

    for drawing in list_drawings(gather_findings(load_case(make_case()))):
        picture = draw(drawing)
        assert not re.findall(r'(?:fill|stroke)="#[0-9a-fA-F]+"', picture.inline), drawing.name
        assert picture.svg.startswith("<svg")
        assert f"<title>{drawing.title}</title>" in picture.svg
