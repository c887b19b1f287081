"""The catalogue: what a text asks for is there, nothing lies idle, other languages' plurals fit, and the page speaks through it."""

import re
import string
from importlib import resources
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from pactwork.brief import write_brief
from pactwork.brief.words import Catalogue, Marked, load_words, say, say_on_page, speak
from pactwork.facts.case import load_case

FOLDER = Path(str(resources.files("pactwork.brief")))
SOURCES = [*FOLDER.glob("*.py"), *FOLDER.glob("templates/**/*.j2")]


def all_keys(catalogue):
    return {f"{section}.{name}" for section, texts in catalogue.texts.items() for name in texts}


def find_used():
    """Return the keys that code and templates name, and the beginnings of those that they put together."""
    text = "\n".join(path.read_text("utf-8") for path in SOURCES)
    whole = set(re.findall(r"""["']([a-z_]+\.\w+)["']""", text))
    begun = {f"{section}.{start}" for section, start in re.findall(r"""f["']([a-z_]+)\.(\w*)\{""", text)}
    begun |= {f"{section}.{start}" for section, start in re.findall(r"""["']([a-z_]+)\.(\w*)['"] ~""", text)}
    return whole, begun


def list_counts(catalogue):
    texts = [text for held in catalogue.texts.values() for text in held.values() if isinstance(text, str)]
    return {f"count.{spec}" for text in texts for _, _, spec, _ in string.Formatter().parse(text) if spec}


def test_every_text_that_is_asked_for_is_there_and_every_text_is_asked_for():
    catalogue = load_words()
    keys, (whole, begun) = all_keys(catalogue), find_used()
    sections = set(catalogue.texts)
    asked = {
        key for key in whole if key.split(".")[0] in sections and not key.endswith((".json", ".html"))
    } | list_counts(catalogue)
    assert asked - keys == set()
    idle = {key for key in keys - asked if not any(key.startswith(start) for start in begun)}
    assert idle == set()


def test_every_count_has_the_forms_of_its_language():
    catalogue = load_words()
    for name, forms in catalogue.texts["count"].items():
        assert {"one", "other"} <= set(forms) <= {"one", "other", "none"}, name


def test_the_plurals_of_other_languages_fit_the_same_mechanism():
    polish = {"one": "{n} kontrakt", "few": "{n} kontrakty", "many": "{n} kontraktów", "other": "{n} kontraktu"}
    genitive = {"one": "{n} kontraktu", "few": "{n} kontraktów", "many": "{n} kontraktów", "other": "{n} kontraktu"}
    texts = {"count": {"contract": polish, "contract_of": genitive},
             "t": {"is": "Są {lots:contract}.", "of": "Wartość {lots:contract_of}."}}  # fmt: skip
    with speak(Catalogue("pl", texts)):
        assert [say("t.is", lots=n) for n in (1, 3, 5, 22)] == [
            "Są 1 kontrakt.", "Są 3 kontrakty.", "Są 5 kontraktów.", "Są 22 kontrakty."
        ]  # fmt: skip
        assert say("t.of", lots=3) == "Wartość 3 kontraktów."
        assert say("t.of", lots=1234567).startswith("Wartość 1\u00a0234\u00a0567 ")
    korean = Catalogue("ko", {"count": {"contract": {"other": "계약 {n}건"}}, "t": {"is": "{lots:contract}"}})
    with speak(korean):
        assert [say("t.is", lots=n) for n in (1, 5)] == ["계약 1건", "계약 5건"]


def test_a_text_on_a_page_is_escaped_and_its_marks_stay():
    with speak(
        Catalogue(
            "en", {"t": {"x": "<b>{name}</b> has {n:row}"}, "count": {"row": {"one": "{n} row", "other": "{n} rows"}}}
        )
    ):
        said = say_on_page("t.x", name="<i>", n=Marked(3, 'a "run"'))
    assert said == '&lt;b&gt;&lt;i&gt;&lt;/b&gt; has <span class="derived" title="a &#34;run&#34;">3 rows</span>'


def test_braces_of_a_case_are_never_places_to_fill():
    assert say("silent.one", names="{version} {0.x}") == "The case holds nothing about {version} {0.x}."


def wrap(text):
    """Return a text with each piece that is no place to fill in white brackets."""
    if isinstance(text, dict):
        return {form: wrap_count(words) for form, words in text.items()}
    if isinstance(text, list):
        return [f"⟦{one}⟧" for one in text]
    made = []
    for literal, name, spec, _ in string.Formatter().parse(text):
        made.append(f"⟦{literal}⟧" if literal.strip() else literal)
        if name is not None:
            made.append(f"{{{name}{f':{spec}' if spec else ''}}}")
    return "".join(made)


def wrap_count(words):
    return "{n}".join(f"⟦{part}⟧" if part.strip() else part for part in words.split("{n}"))


@pytest.fixture(scope="module")
def wrapped(tmp_path_factory):
    """The bundled page in a made-up language: English in brackets."""
    english = load_words()
    texts = {section: {name: wrap(text) for name, text in held.items()} for section, held in english.texts.items()}
    with speak(Catalogue("en", texts)):
        made = write_brief(load_case("poland-korea"), tmp_path_factory.mktemp("wrapped"))
    return BeautifulSoup(made.path.read_text("utf-8"), "html.parser")


def outside(text):
    """Return what stands outside all brackets."""
    depth, kept = 0, []
    for letter in text:
        depth += (letter == "⟦") - (letter == "⟧")
        if not depth:
            kept.append(" " if letter == "⟧" else letter)
    return "".join(kept)


UNITS = {"bn", "usd"}
"""Labels of units, which the declaration of the tables holds."""
FRAME = "h2, h3:not(.panel-title), thead th, .skip, .toc-title, .banner, .how, footer, .missing"


def test_headings_columns_and_the_frame_of_the_page_come_from_the_catalogue(wrapped):
    allowed = re.compile(r"B2|F3|31 October 2024|poland-korea|unreleased|\d[\w.]*")
    levels = (
        "Political Military Expert Industrial doubtful confirmed improbable probably possibly true cannot be judged"
    )
    for tag in wrapped.select(FRAME):
        rest = allowed.sub("", outside(tag.get_text(" ")))
        assert not [word for word in re.findall(r"[A-Za-z]{2,}", rest) if word not in levels.split()], tag


def test_the_answer_comes_from_the_catalogue_but_for_names_and_dates(wrapped):
    case = " ".join(" ".join(str(value) for row in load_case("poland-korea").rows(table) for value in row.values())
                    for table in ("systems", "lots", "threats", "polls", "actors", "figures", "instruments"))  # fmt: skip
    known = {word.lower() for word in re.findall(r"\w+", case)}
    dates = {"january", "october", "december"}
    for line in wrapped.select(".answer li p > b, .answer li p > bdi, .answer .basis"):
        words = {word.lower() for word in re.findall(r"[^\W\d]{2,}", outside(line.get_text(" ")))}
        assert words - known - dates - UNITS == set()
