"""The small parts that a Word file is made of: runs, fields, links, bookmarks and borders, as XML elements."""

from __future__ import annotations

import re
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

INK, MUTED, RULE, ACCENT, WASH = "1D2429", "56616A", "CFD5D9", "0B5D8A", "EEF4F8"
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def fit(text: str) -> str:
    r"""Return text without what XML cannot hold.

    Examples
    --------
    >>> fit("a\x00b\x0bc\ufffe")
    'abc'
    """
    return _UNFIT.sub("", text)


def element(tag: str, attributes: dict[str, str] | None = None, *children: Any) -> Any:
    """Return an element of WordprocessingML, its attributes in the same namespace."""
    made = OxmlElement(f"w:{tag}")
    for name, value in (attributes or {}).items():
        made.set(qn(f"w:{name}"), fit(value))
    made.extend(child for child in children if child is not None)
    return made


def make_run(
    text: str, *, bold: bool = False, italic: bool = False, colour: str = "", style: str = "", font: str = "",
) -> Any:  # fmt: skip
    r"""Return a run of text; ``"\n"`` alone is a line break."""
    looks = []
    if style:
        looks.append(element("rStyle", {"val": style}))
    if font:
        looks.append(element("rFonts", {"ascii": font, "hAnsi": font, "cs": font, "eastAsia": font}))
    if bold:
        looks.append(element("b"))
    if italic:
        looks.append(element("i"))
    if colour:
        looks.append(element("color", {"val": colour}))
    run = element("r", None, element("rPr", None, *looks) if looks else None)
    if text == "\n":
        run.append(element("br"))
        return run
    words = OxmlElement("w:t")
    words.text = fit(text)
    words.set(qn("xml:space"), "preserve")
    run.append(words)
    return run


def make_field(code: str, shown: str, style: str = "") -> Any:
    """Return a field with what it shows until Word works it out again."""
    return element("fldSimple", {"instr": f" {code} "}, make_run(shown, style=style))


def make_mark(number: int, name: str) -> list[Any]:
    """Return both ends of a bookmark."""
    return [element("bookmarkStart", {"id": str(number), "name": name}), element("bookmarkEnd", {"id": str(number)})]


def make_borders(tag: str, **sides: tuple[str, int, str]) -> Any:
    """Return borders: for each side its line, its width in eighths of a point, and its colour."""
    return element(tag, None, *(
        element(side, {"val": line, "sz": str(width), "space": "0", "color": colour})
        for side, (line, width, colour) in sides.items()
    ))  # fmt: skip
