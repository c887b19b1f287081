"""The register's comments: free text in short set phrases, read into what can be stated as a fact.

Every function takes text and returns what it says; nothing here knows tables or files. What no phrase covers is
handed back as ``rest``, so that a reader can be told what was not turned into a fact.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pactwork.facts.sipri.money import Money, read_money
from pactwork.facts.sipri.windows import Window, find_window

_NUMBER = r"\d{1,6}"
_PLACE = r"(?P<place>[A-Z][\w'’.\-]*(?:\s+[A-Z][\w'’.\-]*){0,3})"
_LOCAL = re.compile(
    rf"(?:(?P<count>{_NUMBER})\s+)?(?i:to be )?"
    r"(?P<work>(?i:produced|production|built|assembl(?:ed|y)))(?:\s?(?:/|or|and)\s?(?:production|produced))?\s+"
    rf"(?:of\s+(?P<of>{_NUMBER})\s+)?(?P<licence>under licen[cs]e\s+)?in\s+{_PLACE}"
    r"(?:\s+as\s+(?P<name>[^;()]{1,60}))?"
)
_COMPONENTS = re.compile(rf"(?i:production) of (?:\w+ )?components(?: in {_PLACE})?")
_INCLUDING = re.compile(r"\b(?:incl(?:uding|udes)?|inl)\b", re.I)
_NOT_ORDERED = re.compile(
    r"not yet (?:been )?(?:ordered|signed|contracted)|contract not (?:yet )?signed|not (?:yet )?ordered\b|"
    r"no contract (?:yet )?signed|planned but not",
    re.I,
)
_SOME_NOT_ORDERED = re.compile(rf"^(?:incl\w*\s+)?{_NUMBER}\b|\brest\b|\bremaining\b", re.I)
_OPTION = re.compile(
    rf"options? (?:on|for) (?:up to |another |an additional )?(?P<count>{_NUMBER})(?: more| additional)?\b", re.I
)
_VERSION = re.compile(r"^(?P<name>.+?)\s+versions?$", re.I)
_DESIGNATION = re.compile(r"^(?:[\w'’.\- ]{2,40}? )designation (?P<name>.+)$", re.I)
_SECOND_HAND = re.compile(r"(?P<doubt>\b(?:possibly|probably)\s+)?\bsecond[ -]hand\b", re.I)
_AID = re.compile(r"\baid\b", re.I)


@dataclass(frozen=True)
class LocalWork:
    """Work that the comment places in a country: licensed production, assembly or components.

    ``count`` is the number of items it covers, None where none is given; ``whole`` says that it covers the order.
    ``names`` are the names under which the items are made there.
    """

    kind: str
    place: str | None
    count: int | None
    whole: bool
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Remark:
    """What a comment says.

    ``rest`` holds the phrases that no rule covers, in the register's words; ``unused`` pairs a phrase that was
    understood but is no fact of this order with the reason.
    """

    money: Money | None = None
    window: Window | None = None
    local: tuple[LocalWork, ...] = ()
    not_ordered: bool = False
    partly_ordered: bool = False
    option: int | None = None
    variant: str | None = None
    names: tuple[str, ...] = ()
    second_hand: str = ""
    aid: bool = False
    rest: tuple[str, ...] = ()
    unused: tuple[tuple[str, str], ...] = ()


def split_phrases(comment: str) -> list[str]:
    """Return the phrases of a comment: parts between semicolons that stand outside brackets.

    Examples
    --------
    >>> split_phrases("$5 m deal (incl training; spares); aid")
    ['$5 m deal (incl training; spares)', 'aid']
    """
    phrases, depth, current = [], 0, ""
    for char in comment:
        depth = max(0, depth + (char == "(") - (char == ")"))
        if char == ";" and not depth:
            phrases.append(current)
            current = ""
        else:
            current += char
    phrases.append(current)
    return [phrase.strip() for phrase in phrases if phrase.strip()]


def read_comment(comment: str) -> Remark:
    """Return what a comment says, phrase by phrase."""
    phrases = split_phrases(comment)
    money: Money | None = None
    unused: list[tuple[str, str]] = []
    variants: list[str] = []
    names: list[str] = []
    local: list[LocalWork] = []
    rest: list[str] = []
    for phrase in phrases:
        found, why_not = read_money(phrase)
        if why_not:
            unused.append((phrase, why_not))
        money = money or found
        here = find_local_work(phrase)
        local += [work for work in here if work not in local]
        names += [name for work in here for name in work.names]
        variant, alias = _VERSION.match(phrase), _DESIGNATION.match(phrase)
        if variant:
            variants.append(_bare_variant(variant["name"]))
        if alias:
            names += _split_names(alias["name"])
        understood = found or why_not or here or variant or alias or _is_plain(phrase)
        if not understood:
            rest.append(phrase)
    window = find_window(phrases)
    used = _SECOND_HAND.search(comment)
    option = _OPTION.search(comment)
    not_ordered = [phrase for phrase in phrases if _NOT_ORDERED.search(phrase)]
    partly = [phrase for phrase in not_ordered if _SOME_NOT_ORDERED.search(phrase)]
    return Remark(
        money=money,
        window=window,
        local=tuple(local),
        not_ordered=len(not_ordered) > len(partly),
        partly_ordered=bool(partly) and len(not_ordered) == len(partly),
        option=int(option["count"]) if option and int(option["count"]) else None,
        variant=", ".join(variants) or None,
        names=tuple(dict.fromkeys(names)),
        second_hand=f"{(used['doubt'] or '').lower()}second hand" if used else "",
        aid=any(_AID.fullmatch(phrase) for phrase in phrases),
        rest=tuple(rest),
        unused=tuple(unused),
    )


def find_local_work(phrase: str) -> list[LocalWork]:
    """Return the work that a phrase places in a country.

    Equipment that is merely *used* in something "produced in Poland" is no licensed production: production counts
    only with the words "under licence", assembly always.
    """
    found = []
    for match in _LOCAL.finditer(phrase):
        if not match["licence"] and not match["work"].lower().startswith("assembl"):
            continue
        count = match["count"] or match["of"]
        whole = not (count or _INCLUDING.search(phrase[: match.start()]))
        names = tuple(_split_names(match["name"] or ""))
        found.append(LocalWork("local_production", match["place"], int(count) if count else None, whole, names))
    components = [LocalWork("components", match["place"], None, whole=False) for match in _COMPONENTS.finditer(phrase)]
    return [*found, *components]


def _is_plain(phrase: str) -> bool:
    """Return whether a phrase is covered by the rules that look at the whole comment."""
    rules = (_NOT_ORDERED, _OPTION, _AID)
    return (
        any(rule.search(phrase) for rule in rules)
        or re.fullmatch(r"(?:possibly |probably )?second[ -]hand(?: but modernized before delivery)?", phrase, re.I)
        is not None
        or find_window([phrase]) is not None
    )


def _bare_variant(name: str) -> str:
    """Return a version's name without 'incl', and without the number of items where there is only one version."""
    bare = re.sub(r"^incl\w*\s+", "", name.strip(), flags=re.I)
    several = re.search(rf"\b(?:and|,)\s+{_NUMBER}\s", bare)
    return bare if several else re.sub(rf"^{_NUMBER}\s+(?=[A-Z])", "", bare)


def _split_names(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\s+or\s+|,|/", text) if part.strip()]
