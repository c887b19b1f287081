"""The walk over a page that looks for numbers without an origin: the tests' own rule, apart from the templates'."""

import re

import pytest

NUMBER = re.compile(r"(?<![\w-])\d[\d.,]*(?![\w-])")
WITHOUT_ORIGIN = {
    "time": "the day of the case: everything is said as of it",
    ".masthead": "the case's own title and summary, and the day",
    ".toc": "headings, which stand again below with what they are about",
    "footer": "the version of the software",
    ".sources": "the sources themselves: dates, titles and addresses; how many rows rest on each is counted",
    ".limits": "what not to read into the numbers: prose that states none of the case's",
    "#grades, #grades + p": "the name of a NATO publication",
    "table.grades thead": "the digits of the Admiralty grades themselves",
    "summary": "names and years under which rows are folded; each row below has its own origin",
}
"""Where a number needs no origin of its own, and why."""


def walk_numbers(page):
    """Yield every text of the page that holds a number and stands in no excepted place."""
    excepted = {id(tag) for selector in WITHOUT_ORIGIN for tag in page.select(selector)}
    for node in page.body.find_all(string=NUMBER):
        if not any(id(parent) in excepted for parent in node.parents):
            yield node


def has_origin(node, day):
    """Return whether a text's numbers lead to a source, or are said to be worked out, with how."""
    if not NUMBER.search(node.replace(day, "")):
        return True
    if node.find_parent(class_="src") is not None:
        return True
    worked_out = node.find_parent(class_="derived")
    if worked_out is not None:
        return bool(worked_out.get("title", "").strip())
    if node.find_parent(class_="tally") is not None:
        return True
    # A number is covered by a link beside it: in its cell or row, its item, its sentence, or its figure.
    holder = node.find_parent(["tr", "li", "p", "figure", "article", "details"])
    return holder is not None and holder.select_one("a.src") is not None


@pytest.fixture(scope="session")
def find_orphans():
    """Return a function that lists the numbers of a page that carry no origin."""

    def find(page):
        day = page.find("time").get_text()
        return [
            f"{(node.find_parent('section') or node.parent).get('id', '')}: {node.strip()[:80]}"
            for node in walk_numbers(page)
            if not has_origin(node, day)
        ]

    return find
