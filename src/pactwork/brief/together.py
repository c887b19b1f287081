"""What polls say together: the share, how sure one can be of it, and what wordings and pollsters do to it."""

from __future__ import annotations

from dataclasses import dataclass

from pactwork.brief import formats
from pactwork.brief.naming import pollster_name, spell_out
from pactwork.brief.origins import Origin, merge, origin_of
from pactwork.brief.words import say
from pactwork.facts.ledger import Ledger
from pactwork.forecast.politics import SUPPORT, Politics
from pactwork.forecast.polls import QuestionOpinion
from pactwork.forecast.polls.opinion import Band, OptionOpinion

_CAUSES = {
    "change of opinion": "moved", "pollsters": "pollsters", "wording": "wording", "sampling": "sampling",
    "common bias": "bias",
}  # fmt: skip


@dataclass(frozen=True)
class Together:
    """Several polls of one question in one form of answer, taken together."""

    question_id: str
    text: str
    effects: tuple[str, ...]
    origins: tuple[Origin, ...]


def read_together(ledger: Ledger, politics: Politics) -> tuple[Together, ...]:
    """Return what the polls of each question that was asked more than once say together."""
    return tuple(
        _together(ledger, one) for one in politics.questions if len(one.question.polls) > 1 and one.question.choices > 0
    )


def _together(ledger: Ledger, one: QuestionOpinion) -> Together:
    question = one.question
    option = _headline(one)
    now = option.now
    text = say(
        "together.head" if question.choices > 1 else "together.head_one",
        polls=len(question.polls),
        choices=question.choices,
        option=formats.option_words(option.option),
        mean=_whole(now.mean),
        low=_whole(now.q025),
        high=_whole(now.q975),
    )
    text += say(f"together.{_CAUSES[option.dominant]}")
    if len(question.wordings) == 1:
        text += say("together.one_wording")
    asked = {row["wording"]: formats.clean(row["question"]) for row in ledger.rows("polls") if row["question"]}
    effects = [_effect(f"“{asked.get(band.label) or spell_out(ledger, band.label)}”", band)
               for band in option.wording_effects]  # fmt: skip
    if len(option.house_effects) > 1:
        effects += [_effect(pollster_name(ledger, band.label), band) for band in option.house_effects]
    rows = [
        row
        for row in ledger.rows("polls")
        if row["question_id"] == question.question_id and row["subgroup"] == "all"
        and row["population"] == question.population and row["option"] in question.options
    ]  # fmt: skip
    return Together(question.question_id, text, tuple(effects), merge(origin_of(ledger, "polls", row) for row in rows))


def _headline(one: QuestionOpinion) -> OptionOpinion:
    named = [option for option in one.options if option.option in SUPPORT]
    return named[0] if named else max(one.options, key=lambda option: option.now.mean)


def _effect(name: str, band: Band) -> str:
    mean, low, high = (formats.number(round(number)) for number in (band.mean, band.q025, band.q975))
    return say("together.effect", name=name, mean=mean, low=low, high=high)


def _whole(share: float) -> str:
    return formats.percent(share / 100)
