"""What a row's number is about: the names a source may use for it, and the rivals it could be mistaken for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pycountry

from pactwork.facts.audit.passages import Binding, pattern_of_names, pattern_of_words
from pactwork.facts.dates import Interval
from pactwork.facts.ledger import Ledger, split_list
from pactwork.facts.schema import Category

_EMPTY_WORDS = frozenset(
    re.findall(
        r"\w+",
        "about after against agreement also among been before being between both case from have into more most much "
        "number only other over some than that their them then there these they this those through under until upon "
        "which while with within year years first second third",
    )
)
# How people speak of agreeing and disagreeing, for polls whose options are as short as "for" and "against".
_STANCES = {
    "for": "support* favour* favor* endors* approv* agree* advocat* back backed",
    "against": "against oppos* disapprov* disagree* reject*",
}
_STANCES |= dict.fromkeys(("yes", "support"), _STANCES["for"])
_STANCES |= dict.fromkeys(("no", "oppose"), _STANCES["against"])


@dataclass(frozen=True)
class Subjects:
    """The names and words of a case, as patterns to look for in a document."""

    ledger: Ledger
    published: Interval | None = None

    # --- closed lists ----------------------------------------------------------------------------------------

    @cached_property
    def units(self) -> Mapping[str, Category]:
        """Units of figures."""
        return self.ledger.package.categories("figures", "unit")

    @cached_property
    def trade_units(self) -> Mapping[str, Category]:
        """Units of trade."""
        return self.ledger.package.categories("trade", "unit")

    def bind_words(self, table: str, column: str, value: str, anywhere: bool = False) -> tuple[Binding, ...]:
        """Bind a number to the words of its category (``words`` in datapackage.json), against those of its rivals."""
        categories = self.ledger.package.categories(table, column)
        mine = categories.get(value)
        own = pattern_of_words(mine.words if mine else ())
        if mine is None or own is None:
            return ()
        rivals = {
            word
            for other in categories.values()
            if other.value != value and other.dimension == mine.dimension
            for word in other.words
        } - set(mine.words)
        return (Binding(own, pattern_of_words(rivals), anywhere=anywhere),)

    # --- names -----------------------------------------------------------------------------------------------

    @cached_property
    def _systems(self) -> dict[str, tuple[str, ...]]:
        variants: dict[str, list[str]] = {}
        for lot in self.ledger.rows("lots"):
            variants.setdefault(lot["system_id"] or "", []).extend(split_list(lot["variant"]))
        return {
            row["system_id"]: (row["name"], *split_list(row["aliases"]), *variants.get(row["system_id"], ()))
            for row in self.ledger.rows("systems")
        }

    @cached_property
    def _systems_of(self) -> dict[str, frozenset[str]]:
        """Which systems a system, a lot or an instrument is about."""
        found: dict[str, set[str]] = {system_id: {system_id} for system_id in self._systems}
        # A partnership stands above everything: it is about no one system.
        parents = {
            row["instrument_id"]: row["parent"]
            for row in self.ledger.rows("instruments")
            if row["kind"] != "partnership"
        }
        for lot in self.ledger.rows("lots"):
            found.setdefault(lot["lot_id"], set()).add(lot["system_id"])
            above, seen = lot["instrument_id"], set()
            while above in parents and above not in seen:
                seen.add(above)
                found.setdefault(above, set()).add(lot["system_id"])
                above = parents.get(above)
        return {subject: frozenset(systems) for subject, systems in found.items()}

    @cached_property
    def _actors(self) -> dict[str, tuple[str, ...]]:
        named = {}
        for row in self.ledger.rows("actors"):
            names = [re.sub(r"\s*\(.*?\)", "", row["name"] or "")]
            country = pycountry.countries.get(alpha_2=row["country"]) if row["country"] else None
            # "Korea, Republic of" is left out: its bare first word would name two states.
            forms = [str(getattr(country, form, "")) for form in ("name", "common_name", "official_name")]
            names += [form for form in forms if "," not in form] if country else []
            named[row["actor_id"]] = tuple(f"{name}*" for name in dict.fromkeys(names) if name)
        return named

    def names(self, system_id: str) -> re.Pattern[str] | None:
        """Return the pattern of a system's names and variants."""
        return pattern_of_names(self._systems.get(system_id, ()))

    def bind(self, subject: str | None) -> tuple[Binding, ...]:
        """Bind a number to the names of its subject: any system, lot, instrument, actor or other id of the case."""
        subject = subject or ""
        systems = self._systems_of.get(subject, frozenset())
        if systems:
            own = pattern_of_names(name for each in systems for name in self._systems.get(each, ()))
            rivals = pattern_of_names(
                name for each, names in self._systems.items() if each not in systems for name in names
            )
            return (Binding(own, rivals, near=True),) if own else ()
        if subject in self._actors:
            own = pattern_of_words(self._actors[subject])
            return (Binding(own, required=False, anywhere=True),) if own else ()
        return ()

    # --- people's words --------------------------------------------------------------------------------------

    def bind_title(self, title: str | None) -> tuple[Binding, ...]:
        """Bind a date to a title: the paragraph must share a word of substance with it."""
        own = pattern_of_words(_stems(title or ""))
        return (Binding(own, anywhere=True),) if own else ()

    def bind_parties(self, actors: str | None, title: str | None) -> tuple[Binding, ...]:
        """Bind a date to those who took part, against the other states named beside it, and to a title."""
        parties = split_list(actors)
        own = pattern_of_words(name for actor in parties for name in self._actors.get(actor, ()))
        states = {row["actor_id"] for row in self.ledger.rows("actors") if row["kind"] == "state"}
        mine = {name for actor in parties for name in self._actors.get(actor, ())}
        others = {name for actor in states - set(parties) for name in self._actors[actor]} - mine
        bound = (Binding(own, pattern_of_words(others), required=False),) if own else ()
        return (*bound, *self.bind_title(title))

    def has_other_report(self, row: Mapping[str, Any]) -> bool:
        """Tell whether another source of the case gives the same poll the same sample."""
        poll = ("question_id", "pollster", "fieldwork_end", "sample_size")
        return any(
            other["source_id"] != row["source_id"] and all(other[name] == row[name] for name in poll)
            for other in self.ledger.rows("polls")
        )

    def bind_option(self, row: Mapping[str, Any]) -> tuple[Binding, ...]:
        """Bind a poll's percentage to its option, against the other options of the question, and to its pollster."""
        question = ("question_id", "wording", "pollster", "fieldwork_end")
        others = {
            other["option"] or ""
            for other in self.ledger.rows("polls")
            if all(other[name] == row[name] for name in question) and other["option"] != row["option"]
        }
        mine = _option_words(row["option"] or "")
        own = pattern_of_words(mine)
        rivals = pattern_of_words({word for other in others for word in _option_words(other)} - set(mine))
        bound = (Binding(own, rivals, required=False, local=True),) if own else ()
        pollsters = {other["pollster"] or "" for other in self.ledger.rows("polls")}
        names = {each: (each, self.ledger.name_of(each)) for each in pollsters if each}
        pollster = _pollster(*names.get(row["pollster"] or "", ()))
        if pollster is None:
            return bound
        rival = _pollster(*(name for each, forms in names.items() if each != row["pollster"] for name in forms))
        either = re.compile(f"{pollster.pattern}|{own.pattern}" if own else pollster.pattern, re.IGNORECASE)
        return (*bound, Binding(pollster, rival, required=False), Binding(either, anywhere=True))


def _stems(text: str) -> list[str]:
    """Return the words of substance, cut so that their other forms match."""
    words = [word for word in re.findall(r"[^\W_]{4,}", text) if word.lower() not in _EMPTY_WORDS]
    return [f"{word[: max(4, len(word) - 3)]}*" for word in words]


def _option_words(option: str) -> list[str]:
    plain = re.sub(r"[_\s]+", " ", option).strip().lower()
    stances = _STANCES.get(plain, "").split()
    return stances or [word for word in re.findall(r"[\w-]{4,}", plain) if word not in _EMPTY_WORDS]


def _pollster(*names: str) -> re.Pattern[str] | None:
    """Return a pattern for a pollster: its name, or the words its initials stand for."""
    parts: list[str] = []
    for name in dict.fromkeys(each for each in names if each):
        words: Iterable[str] = re.findall(r"\w+", name)
        parts.append(r"\W+".join(re.escape(word) for word in words))
        if re.fullmatch(r"[A-Za-z]{3,6}", name):
            parts.append(r"\s+".join(rf"(?-i:{letter.upper()}\w+)" for letter in name))
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE) if parts else None
