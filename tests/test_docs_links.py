"""What the pages point at is there: files, headings, parameters, constants of the code."""

import re
from pathlib import Path

import pytest

from pactwork.facts.parameters import list_parameters

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md")), ROOT / "docs" / "study.ipynb"]
LINK = re.compile(r"\]\((?P<to>[^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
METHODS = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def make_anchor():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "docs"))
        from reference_pages.pages import make_anchor

        yield make_anchor


def headings(page):
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    return re.findall(r"^#+ (.+)$", text, re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page, make_anchor):
    lost = []
    for link in LINK.finditer(FENCE.sub("", page.read_text(encoding="utf-8"))):
        to, _, anchor = link["to"].partition("#")
        if to.startswith(("http:", "https:")):
            continue
        target = (page.parent / to) if to else page
        there = target.exists()
        if there and anchor:
            there = anchor in {make_anchor(re.sub(r"[`*]", "", one)) for one in headings(target)}
        if not there:
            lost.append(link["to"])
    assert not lost


def test_every_parameter_that_methods_name_is_declared():
    declared = {one.pattern for one in list_parameters()}
    named = {one for one in CODE.findall(METHODS) if re.fullmatch(r"[a-z_]+(\.[a-z_<>]+)+", one) and "<" in one}
    assert len(named) > 40
    assert named <= declared


def test_every_mechanism_is_in_methods():
    """Each group of parameters that a case may set is named at least once, but for those of levers alone."""
    heads = {one.pattern.split(".")[0] for one in list_parameters()} - {"elsewhere"}
    assert {head for head in heads if f"`{head}." not in METHODS} == set()


def test_constants_that_methods_quote_have_that_value():
    quoted = re.findall(r"`(_?[A-Z][A-Z_]+) = ([\d.]+)`", METHODS)
    assert len(quoted) > 15
    code = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "src").rglob("*.py")))
    assert [name for name, value in quoted
            if not re.search(rf"^{name} = {re.escape(value)}$", code, re.MULTILINE)] == []  # fmt: skip


def test_lines_of_math_are_whole():
    """GitHub renders inline math within one line, and takes a backslash before punctuation for an escape."""
    text = re.sub(r"^\$\$.*?\$\$$", "", FENCE.sub("", METHODS), flags=re.MULTILINE | re.DOTALL)
    assert [line for line in text.splitlines() if line.count("$") % 2] == []
    assert re.findall(r"\\[,;:!{}%_#&]", METHODS) == []
