"""Polls by question: which can be read together, and how shares of several answers become yes-or-no shares."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pactwork.facts.dates import parse_date
from pactwork.forecast.polls.gaussian import Integers, Series

DESIGN_EFFECT = 1.5
"""By how much a poll's variance of sampling exceeds that of a simple random sample: weighting costs precision."""
SAMPLE_UNSTATED = 500
"""Size taken where a poll states none: on the low side, so that the poll counts for less."""
_MOST_PEOPLE = 10_000
"""Most people a poll counts for: beyond that its errors are of other kinds than sampling."""
MOST_EFFECTS = 40
"""Most pollsters, and wordings, that get an effect of their own; the rarest beyond count as errors of single polls."""
_REST_POINTS = 1.0
"""A remainder to 100 % up to this is rounding, not an answer that was left out."""
_NO_OPINION = re.compile(
    r"don.?t.?know|dont.?know|^dk\b|no.?(opinion|answer)|refus|undecided|hard.?to.?say|unsure", re.IGNORECASE
)

_Key = tuple[str, str, str, str, dt.date]
"""What tells one poll from another: question, population, wording, pollster, last day."""


@dataclass(frozen=True)
class Poll:
    """One asking of one question: ``shares`` holds the percent of each answer, as printed."""

    question_id: str
    population: str
    wording: str
    pollster: str
    day: dt.date
    sample_size: int | None
    shares: Mapping[str, float]

    @property
    def size(self) -> int:
        """How many people the poll counts for."""
        return min(self.sample_size or SAMPLE_UNSTATED, _MOST_PEOPLE)

    @property
    def offered(self) -> frozenset[str]:
        """Answers that hold an opinion."""
        return frozenset(option for option in self.shares if not is_no_opinion(option))


@dataclass(frozen=True)
class Question:
    """Polls that can be read together: one question, one population, the same answers to choose from.

    ``options`` come in the order in which shares are taken off the whole: those with an opinion first. ``rest`` says
    that some polls leave more than rounding to answers they do not print.
    """

    question_id: str
    population: str
    options: tuple[str, ...]
    polls: tuple[Poll, ...]
    rest: bool

    @property
    def wordings(self) -> tuple[str, ...]:
        """Wordings with an effect of their own, in order of first asking."""
        return _most_frequent([poll.wording for poll in self.polls])

    @property
    def pollsters(self) -> tuple[str, ...]:
        """Pollsters with an effect of their own, in order of first asking."""
        return _most_frequent([poll.pollster for poll in self.polls])

    @property
    def choices(self) -> int:
        """How many answers with an opinion there were to choose from."""
        return sum(not is_no_opinion(option) for option in self.options)


def _most_frequent(names: list[str]) -> tuple[str, ...]:
    """Return the most frequent names, in order of first mention."""
    kept = {name for name, _ in Counter(names).most_common(MOST_EFFECTS)}
    return tuple(dict.fromkeys(name for name in names if name in kept))


def _index(known: tuple[str, ...], names: list[str]) -> Integers:
    """Return the place of each name among the known ones; −1 where it is none of them."""
    places = {name: place for place, name in enumerate(known)}
    return np.array([places.get(name, -1) for name in names], dtype=np.int64)


def is_no_opinion(option: str) -> bool:
    """Return whether an answer says that there is none.

    Examples
    --------
    >>> is_no_opinion("dont_know"), is_no_opinion("against")
    (True, False)
    """
    return bool(_NO_OPINION.search(option))


def collect_polls(rows: Iterable[Mapping[str, Any]], latest: dt.date = dt.date.max) -> list[Poll]:
    """Return rows (one an answer) as polls, in order of their days.

    Where several rows give the same answer of the same poll, the first one counts: bring them best first. Rows of
    subgroups are left out. ``poll`` numbers polls where nothing else tells them apart. A poll whose end is open or lies
    after ``latest`` counts as of that day.
    """
    shares: dict[tuple[_Key, int], dict[str, float]] = {}
    sizes: dict[tuple[_Key, int], int] = {}
    for row in rows:
        if row.get("subgroup") not in (None, "all") or row["percent"] is None:
            continue
        day = min(parse_date(row["fieldwork_end"]).latest, latest)
        named = (row.get("question_id") or "question", row.get("population") or "", row.get("wording") or "")
        key = ((*named, row["pollster"], day), row.get("poll", 0))
        shares.setdefault(key, {}).setdefault(row["option"], row["percent"])
        if row.get("sample_size"):
            sizes.setdefault(key, row["sample_size"])
    polls = [Poll(*key[0], sample_size=sizes.get(key), shares=held) for key, held in shares.items()]
    return sorted(polls, key=lambda poll: poll.day)


def group_polls(polls: Iterable[Poll]) -> list[Question]:
    """Return polls as questions, those with the fewest answers to choose from first.

    Polls are read together where they ask the same question of the same population with the same answers to choose
    from. A named wording speaks for all its polls; without one, each poll stands for itself, and one with two answers
    never joins one with more. Where only one answer is printed, it joins the form in which that answer is asked most.
    """
    grouped: dict[tuple[str, str], list[Poll]] = {}
    for poll in polls:
        grouped.setdefault((poll.question_id, poll.population), []).append(poll)
    questions = []
    for (question_id, population), held in grouped.items():
        forms = sorted(_split_forms(held), key=lambda form: len(set().union(*(poll.offered for poll in form))))
        questions += [_order_options(question_id, population, form) for form in forms]
    return questions


def _split_forms(polls: list[Poll]) -> list[list[Poll]]:
    units: dict[Any, list[Poll]] = {}
    for poll in polls:
        units.setdefault(poll.wording or poll.offered, []).append(poll)
    whole = [(frozenset[str]().union(*(poll.offered for poll in unit)), unit) for unit in units.values()]
    named = bool(polls[0].wording)
    forms: list[tuple[frozenset[str], list[Poll]]] = []
    for offered, unit in sorted(whole, key=lambda one: -len(one[1])):
        if len(offered) == 1 and any(offered < other for other, _ in whole):
            continue
        for index, (known, held) in enumerate(forms):
            if offered == known or (not named and _are_alike(offered, known)):
                forms[index] = (known | offered, held + unit)
                break
        else:
            forms.append((offered, list(unit)))
    for offered, unit in whole:  # what prints one answer only
        if len(offered) == 1 and any(offered < other for other, _ in whole):
            home = max((form for form in forms if offered < form[0]), key=lambda form: len(form[1]))
            home[1].extend(unit)
    return [sorted(held, key=lambda poll: poll.day) for _, held in forms]


def _are_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether two lists of three or more answers are nearly one: small parties come and go."""
    return min(len(one), len(other)) >= 3 and 2 * len(one & other) >= len(one | other)


def _order_options(question_id: str, population: str, polls: list[Poll]) -> Question:
    asked = Counter(option for poll in polls for option in poll.shares)
    size = {option: np.mean([poll.shares[option] for poll in polls if option in poll.shares]) for option in asked}
    options = sorted(asked, key=lambda option: (is_no_opinion(option), -asked[option], -size[option], option))
    left = [100 - sum(poll.shares.values()) for poll in polls if len(poll.shares) == len(options)]
    closed = is_no_opinion(options[-1]) or max(left, default=100.0) <= _REST_POINTS
    return Question(question_id, population, tuple(options), tuple(polls), rest=not closed or len(options) == 1)


def make_series(question: Question, stick: int, origin: dt.date) -> tuple[Series, list[int]]:
    """Return one option's share of what the options before it leave, as a series, and which polls it holds.

    Notes
    -----
    A multinomial sample is a chain of binomial ones: of all asked, those who chose the first option; of the others,
    those who chose the second; and so on (continuation-ratio logits; Agresti, Categorical Data Analysis).
    The links of the chain are independent, so several options need no more than the model of one, and their shares add
    up to 100 % by construction. A poll that does not print an earlier option says nothing about a later one's share of
    the rest, and is left out of that link.
    """
    needed = question.options[: stick + 1]
    held = [index for index, poll in enumerate(question.polls) if all(option in poll.shares for option in needed)]
    values, variances = [], []
    for index in held:
        poll = question.polls[index]
        total = max(100.0, sum(poll.shares.values()))
        left = 1 - sum(poll.shares[option] for option in needed[:-1]) / total
        size = poll.size * max(left, 0.0)
        # Half a person on either side keeps a share of 0 or 100 % finite.
        least, most = 0.5 / (size + 1), (size + 0.5) / (size + 1)
        share = min(max(poll.shares[needed[-1]] / total * poll.size / max(size, 1e-9), least), most)
        values.append(float(np.log(share / (1 - share))))
        variances.append(DESIGN_EFFECT / ((size + 1) * share * (1 - share)))
    polls = [question.polls[index] for index in held]
    series = Series(
        days=np.array([(poll.day - origin).days for poll in polls], dtype=float),
        values=np.array(values),
        variances=np.array(variances),
        houses=_index(question.pollsters, [poll.pollster for poll in polls]),
        wordings=_index(question.wordings, [poll.wording for poll in polls]),
        house_count=len(question.pollsters),
        wording_count=len(question.wordings),
    )
    return series, held
