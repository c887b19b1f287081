"""What things are called: lots, systems, questions, measures, and ids that name nothing."""

from __future__ import annotations

import re
from typing import Any

from pactwork.brief import formats
from pactwork.brief.words import say
from pactwork.facts.figures import Figure
from pactwork.facts.ledger import Ledger, split_list

_CONTINENTS = ("africa", "america", "asia", "europe", "oceania")
_SHORT_WORDS = {"as", "at", "be", "by", "do", "in", "is", "no", "of", "on", "or", "to", "we"}


def names(ledger: Ledger, ids: str | None) -> str:
    """Return the names of a ';' list of ids, as words of a sentence."""
    return formats.join([formats.clean(ledger.name_of(one)) for one in split_list(ids)])


def humanise(ledger: Ledger, identifier: str) -> str:
    """Return the human name of an id; an id that names nothing, as words."""
    name = ledger.name_of(identifier)
    return formats.capitalise(spell_out(ledger, identifier)) if name == identifier else name


def subject_name(ledger: Ledger, identifier: str) -> str:
    """Return the name of what a figure is about; of a lot, its items and the instrument that orders them."""
    lot = ledger.current("lots").get(identifier)
    if lot is None:
        return formats.clean(humanise(ledger, identifier))
    items, instrument = ledger.name_of(identifier), ledger.name_of(lot["instrument_id"] or "")
    return formats.clean(f"{items} ({instrument})" if instrument else items)


def part_name(ledger: Ledger, part: str) -> str:
    """Return the name of a lot, or of a part of one that the simulation keeps apart, with its id where two share it.

    Parameters
    ----------
    part : str
        A lot's id; with ``-local`` or ``-elsewhere`` behind it what is made locally, or bought from others.
    """
    lot, words = part, ""
    for tail, key in (("-local", "run.made_locally"), ("-elsewhere", "run.bought_elsewhere")):
        if part.endswith(tail) and part not in ledger.current("lots"):
            lot, words = part.removesuffix(tail), key
    name = ledger.name_of(lot)
    shown = formats.clean(f"{name} ({lot})" if ledger.lots_called[name] > 1 else name)
    return say(words, name=shown) if words else shown


def measure_label(ledger: Ledger, figure: Figure) -> str:
    """Return what a figure measures; a value of the whole partnership is that of all contracts together."""
    known = ledger.measures.get(figure.measure)
    subject = ledger.current("instruments").get(figure.subject)
    if figure.measure == "value" and subject and subject["kind"] == "partnership":
        return say("name.value_of_all")
    return formats.clean(known.label if known else figure.measure)


def question_name(ledger: Ledger, question_id: str) -> str:
    """Return a question's id as words, a leading country code as the partner's name."""
    head, _, rest = question_id.partition("-")
    partner = next((p.name for p in ledger.about.partners if p.country.lower() == head.lower()), None)
    if partner and rest:
        return f"{formats.clean(partner)}: {formats.capitalise(spell_out(ledger, rest))}"
    return formats.capitalise(spell_out(ledger, question_id))


def topic_name(ledger: Ledger, rows: list[dict[str, Any]]) -> str:
    """Return a question's topic as the case words it, after the name of the partner whose people were asked."""
    topic = next((formats.clean(row["topic"]) for row in rows if row.get("topic")), "")
    named = question_name(ledger, rows[0]["question_id"])
    partner = named.partition(": ")
    return (f"{partner[0]}: {topic}" if partner[1] else topic) if topic else named


def spell_out(ledger: Ledger, identifier: str) -> str:
    """Return an id as words, with the names of actors and systems in it spelt as names."""
    parts = [part for part in re.split(r"[-_\s]+", formats.clean(identifier)) if part]
    words, at = [], 0
    while at < len(parts):
        for length in (3, 2, 1):
            token = "-".join(parts[at : at + length])
            name = ledger.name_of(token)
            if name != token:
                break
        words.append(formats.clean(name) if name != token else spell_short(token))
        at += length
    return " ".join(words)


def spell_short(word: str) -> str:
    """Return an abbreviation in capitals and a continent with one: "dprk", "us", "asia"; other words as they are."""
    if word in _CONTINENTS:
        return word.capitalize()
    short = len(word) == 2 and word not in _SHORT_WORDS
    return word.upper() if short or (len(word) > 1 and word.isalpha() and not re.search("[aeiouy]", word)) else word


def pollster_name(ledger: Ledger, identifier: str) -> str:
    """Return the name of a pollster; an id that names nothing, as words with capitals."""
    name = ledger.name_of(identifier)
    if name != identifier:
        return formats.clean(name)
    parts = [spell_short(part) for part in re.split(r"[-_\s]+", formats.clean(identifier)) if part]
    if len(parts) == 1 and len(parts[0]) <= 4:
        return parts[0].upper()
    return " ".join(formats.capitalise(part) for part in parts)
