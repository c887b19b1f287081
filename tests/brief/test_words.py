"""The catalogue: what a text asks for is there, nothing lies idle, other languages' plurals fit, and the page speaks through it."""

import re
import string
import tomllib
from importlib import resources
from itertools import pairwise
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from pactwork.brief import write_brief
from pactwork.brief.effort import Effort
from pactwork.brief.words import Catalogue, Marked, load_words, say, say_on_page, speak
from pactwork.facts.case import load_case

FOLDER = Path(str(resources.files("pactwork.brief")))
CASES = FOLDER.parent / "cases"
SOURCES = [*FOLDER.glob("*.py"), *FOLDER.glob("forms/*.py"), *FOLDER.glob("templates/**/*.j2")]


ENDINGS = (".json", ".html", ".pdf", ".docx", ".typ")
"""Of names of files, which look like keys."""


def all_keys(catalogue):
    return {f"{section}.{name}" for section, texts in catalogue.texts.items() for name in texts}


def find_used():
    """Return the keys that code and templates name, and the beginnings of those that they put together."""
    text = "\n".join(path.read_text("utf-8") for path in SOURCES)
    whole = set(re.findall(r"""["']([a-z_]+\.\w+)["']""", text))
    whole |= {
        f"count.{name}"
        for name in re.findall(r"""say_count\([^"\n]*, "(\w+)"|\|counted\('(\w+)'\)""", text)
        for name in name
        if name
    }
    whole |= {f"column.{key}" for key in re.findall(r"""describe\((?:[^"\n,]|"[^"]*"|\([^)]*\))+, "(\w+)\"""", text)}
    whole |= {f"column.forecast_{key}" for key in ("low_50", "high_50", "low_90", "high_90")}
    whole |= {f"unit.{key}" for key in re.findall(r"""describe\([^\n]*?, "\w+", "(\w+)"\)""", text)}
    whole |= {f"count.{name}" for name in re.findall(r"""shorten_list\([^\n]*, "(\w+)\"""", text)}
    begun = {f"{section}.{start}" for section, start in re.findall(r"""f["']([a-z_]+)\.(\w*)\{""", text)}
    begun |= {f"{section}.{start}" for section, start in re.findall(r"""["']([a-z_]+)\.(\w*)['"] ~""", text)}
    return whole, begun - {"count.", "column.", "unit."}


def list_counts(catalogue):
    texts = [text for held in catalogue.texts.values() for text in held.values() if isinstance(text, str)]
    return {f"count.{spec}" for text in texts for _, _, spec, _ in string.Formatter().parse(text) if spec}


def test_every_text_that_is_asked_for_is_there_and_every_text_is_asked_for():
    catalogue = load_words()
    keys, (whole, begun) = all_keys(catalogue), find_used()
    sections = set(catalogue.texts)
    asked = {key for key in whole if key.split(".")[0] in sections and not key.endswith(ENDINGS)} | list_counts(
        catalogue
    )
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


def wrap_english():
    """Return a made-up language: English in brackets."""
    english = load_words()
    texts = {section: {name: wrap(text) for name, text in held.items()} for section, held in english.texts.items()}
    return Catalogue("en", texts)


@pytest.fixture(scope="module")
def wrapped(tmp_path_factory):
    """The bundled page in the made-up language, with charts, a few futures and all choices."""
    few, fewer = Effort(8, 2, calibration=1), Effort(8, 1, calibration=1)
    with speak(wrap_english()):
        folder = tmp_path_factory.mktemp("wrapped")
        made = write_brief(load_case("poland-korea"), folder, effort=few, choices=fewer, forms=())
    return BeautifulSoup(made.path.read_text("utf-8"), "html.parser")


OTHERS_SAY = {
    "style": "no words",
    ".limits": "the limits, which are a text of their own for each language",
    "#arriving details li": "why a lot is forecast so: the forecast says it",
    ".discrepancies p, .rivals p.aside": "what does not add up: the checks say it",
    ".url": "addresses of sources",
}
"""What of the page is said elsewhere than in the catalogue of the brief, and by whom."""
NAMES = {
    "docs", "design", "md", "parameters", "limits", "facts", "csv", "known-by-", "known-by-2023", "don", "t know",
    "baseline", "homar-k-2-local", "k2pl-local", "k2pl-elsewhere", "k9-remainder-local",
}  # fmt: skip
"""Names of files, of the reference class and of what runs play, and an answer of a poll as its apostrophe cuts it."""
SPELT = {
    "k239", "launcher", "modules", "strategic", "elites", "retransfer", "consent", "russia", "policy", "east", "asia",
    "engagement", "adults", "arms", "to", "ukraine", "nato", "cooperation", "supply", "in", "crisis", "korean", "purchases",
}  # fmt: skip
"""Words of names that are put together from ids of the case."""
BREAKS = re.compile(r"[\n⟨⟩,;:()“”‘’/·–—…†|.\"?!]+|\s-\s|(?<![\w-])[+−-]?\d[\d.,]*%?(?![\w-])")
BLOCKS = ["p", "li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "figcaption", "summary", "text", "title",
          "desc", "a", "article", "div"]  # fmt: skip


def split_words(text):
    """Return the pieces of a text between marks and bare numbers that hold a word, in small letters."""
    plain = re.sub(r"[ \u00a0\u202f]+", " ", text.replace("\u200b", ""))
    return [one.strip().casefold() for one in BREAKS.split(plain) if re.search(r"[^\W\d_]{2,}", one)]


def list_bare(text):
    """Return the pieces of a text that stand outside all brackets."""
    depth, kept = 0, []
    for letter in text:
        depth += (letter == "⟦") - (letter == "⟧")
        if not depth:
            kept.append("⟩" if letter == "⟧" else letter)
    return split_words("".join(kept))


def list_texts(told):
    """Return every name and text of a TOML file."""
    if isinstance(told, dict):
        return [text for name, held in told.items() for text in (name, *list_texts(held))]
    if isinstance(told, list):
        return [text for one in told for text in list_texts(one)]
    return [told] if isinstance(told, str) else []


def name_things(ledger):
    """Return the pieces of everything that a case or the declaration of its tables says."""
    held = [ledger.about.title, ledger.about.summary, ledger.about.name, *(one.name for one in ledger.about.partners)]
    for name in ledger.tables:
        table = ledger.package.table(name)
        held += [table.title, table.title.lower().rstrip("s")]
        held += [value for row in ledger.rows(name) for value in row.values() if isinstance(value, str)]
        for category in (one for field in table.fields if field.categories for one in field.categories):
            held += [category.label, category.description]
    held += [one.label for one in ledger.measures.values()]
    for path in (CASES / ledger.about.name).rglob("*.toml"):
        held += [path.stem, *list_texts(tomllib.loads(path.read_text("utf-8")))]
    units = [one.label.split() for one in ledger.units.values() if one.label]
    held += [" ".join([*words[1:2], words[0], *words[2:]]) for words in units]
    pieces = {piece for one in held if one for text in (one, re.sub("[-_]", " ", one)) for piece in split_words(text)}
    return pieces | {word for piece in pieces if "-" in piece for word in [piece.replace("-", " ")]}


def read_blocks(page):
    """Yield the texts of a page block by block, and what its marks say."""
    held = {}
    for node in page.find_all(string=True):
        block = node.find_parent(BLOCKS)
        if block is not None:
            inside = node.parent.name == "span" and "derived" in node.parent.get(
                "class", ()
            )  # a number within a name, marked
            texts = held.setdefault(id(block), (block, []))[1]
            texts.append((str(node), inside))
    for block, texts in held.values():
        whole = texts[0][0]
        for (_, before), (text, inside) in pairwise(texts):
            whole += text if before or inside else f"⟨{text}"
        yield f"{getattr(block.find_parent(id=True), 'attrs', {}).get('id')} {block.name}", whole
    for tag in page.find_all(True):
        yield from ((f"@{name}", tag[name]) for name in ("title", "aria-label") if tag.get(name))


def find_bare(page, ledger):
    """Return what a page in the made-up language says in plain English: pieces that are no names of the case."""
    for tag in page.select(", ".join(OTHERS_SAY)):
        tag.decompose()
    known = name_things(ledger) | NAMES
    found = {}
    for where, text in read_blocks(page):
        for piece in list_bare(text):
            if piece not in known and not is_name(piece, known):
                found.setdefault(piece, where)
    return found


def is_name(piece, known):
    """Return whether a piece is the beginning of a long name, or several names: an id spelt out."""
    if len(piece) >= 12 and any(one.startswith(piece) for one in known):
        return True
    return all(word in known or word in SPELT for word in piece.split())


def test_everything_the_page_says_comes_from_the_catalogue(wrapped):
    assert find_bare(wrapped, load_case("poland-korea")) == {}


def test_a_bare_word_is_found(wrapped):
    page = BeautifulSoup("<p>⟦Of ⟧5⟦ rows⟧ <bdi>K2</bdi> and more</p><p title='by hand'>⟦x⟧</p>", "html.parser")
    assert set(find_bare(page, load_case("poland-korea"))) == {"and more", "by hand"}
