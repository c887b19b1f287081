"""What tests of the brief share: a page without drawing its charts, and a reader of slips in language."""

import html
import re

import pytest
from bs4 import BeautifulSoup

# A break, a mark or a word that no sentence of the brief may hold, with what it would be a sign of.
SLIPS = {
    "something not known was printed": r"\b(?:None(?! of\b)|nan|NaN|inf|null|undefined|True|False)\b",
    "a place to fill was not filled": r"\{\w*\}|\{\{|\{%",
    "nothing of nothing": r"\b(?:0|no) of (?:0|no)\b|\bof no \w+s\b",
    "one of something in the plural": r"(?<![\d.,–-])\b(?:1|one) (?!is\b|was\b|has\b|this\b|does\b|less\b|as\b|ours\b|holds\b)[a-z]{3,}(?<![siu])s\b",
    "several with a verb of one": r"\b(?:[2-9]|\d\d+|two|three|four|five|six|seven|eight|nine|ten) [a-z]+s (?:is|was|has|does|holds)\b",
    "one with a verb of several": r"(?:^|[.;:] )(?:1|One) [a-z]+ (?:are|were|have|do|hold)\b",
    "a gap": r"\S  +\S|\( | \)| [,.;:!?](?:\s|$)|\bof  |“\s|\s”",
    "a mark twice": r"\.\.|,,|;;|::|\?\?|,\.|;\.|:\.|\.;|\(\)|“”|, and\.|: \.",
    "noise of floating point": r"\d\.\d{7,}",
    "minus nothing": r"[−-]0(?:\.0+)?%?(?![\d.,–-])",
    "a word twice": r"\b([a-z]{2,}) \1\b(?! )",
    "nothing where names belong": r"\bunder  |\bfor \.|: ;|\band\.|\bby\.",
}  # fmt: skip


def read_slips(text):
    """Return what is wrong with sentences as language, whatever they say; white space is looked at as it stands."""
    found = []
    for sign, pattern in SLIPS.items():
        found += [f"{sign}: …{text[max(0, hit.start() - 30) : hit.end() + 30]}…" for hit in re.finditer(pattern, text)]
    if text and not re.search(r"[.!?][”’)]?$", text.rstrip()):
        found.append(f"a sentence without end: …{text[-40:]}")
    if text and not re.match(r"[“‘(]?[A-Z0-9−+]|[“‘]", text):
        found.append(f"a sentence without a beginning: {text[:40]}…")
    return found


def name_charts(findings):
    """Return the names of the charts that a case without simulated runs can have."""
    yield from ("threats", "threat-profiles", "judgement")
    yield from (f"deliveries-{one.system_id}" for one in findings.arrivals)
    yield from (f"outlook-{one.lot_id}" for one in findings.outlook.lots)
    yield from (f"stakeholders-{one.issue_id}" for one in findings.bargains)
    for question in findings.questions:
        yield from (f"opinion-{question.question_id}-{at}" for at, _ in enumerate(question.wordings, 1))


@pytest.fixture(scope="session")
def find_slips():
    """A function that returns what is wrong with a text of whole sentences."""
    return read_slips


@pytest.fixture(scope="session")
def show_page():
    """A function that returns the page of findings with the words of its charts in place of the charts.

    Without ``charts``, which take most of the time, nothing stands in their place.
    """
    from pactwork.brief.answer import compose_answer
    from pactwork.brief.drawing import Picture
    from pactwork.brief.page import render_page
    from pactwork.brief.writing import list_drawings

    def show(findings, *, charts=True):
        if not charts:
            blank = {name: Picture(name, "", "", "", "", b"") for name in name_charts(findings)}
            return BeautifulSoup(render_page(findings, compose_answer(findings), blank, "0"), "html.parser")
        pictures = {}
        for one in list_drawings(findings):
            words = f"<title>{html.escape(one.title)}</title><desc>{html.escape(one.description)}</desc>"
            svg = f'<svg class="chart" role="img">{words}</svg>'
            pictures[one.name] = Picture(one.name, one.title, svg, "", svg, b"")
        return BeautifulSoup(render_page(findings, compose_answer(findings), pictures, "0"), "html.parser")

    return show
