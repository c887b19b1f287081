"""The answer in ten lines: sentences that stay true whatever the case holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pactwork.brief import formats
from pactwork.brief.findings import Findings
from pactwork.brief.lines_on_choices import say_shortly
from pactwork.brief.lines_on_orders import say_beyond, say_delivered, say_industry, say_money, say_pace
from pactwork.brief.lines_on_people import say_dialogue, say_opinion, say_threats
from pactwork.brief.origins import Origin, Said, merge
from pactwork.brief.promises import Recommendation
from pactwork.brief.words import load_words, say

MOST_LINES = 10
GIVES_WAY = "threats"
"""The line that gives way where there are more."""


@dataclass(frozen=True)
class Line:
    """One line of the answer: what it is about, what it says, where that comes from, where the page shows more."""

    lead: str
    text: str
    section: str
    origins: tuple[Origin, ...] = ()

    def __str__(self) -> str:
        return f"{self.lead}: {self.text}"


def compose_answer(findings: Findings) -> tuple[Line, ...]:
    """Return the answer: at most ten lines; what the case holds nothing about is named in the last."""
    composers: dict[str, tuple[str, Callable[[Findings], Said]]] = {
        "delivered": ("standing", say_delivered),
        "pace": ("deliveries", say_pace),
        "money": ("standing", say_money),
        "beyond": ("standing", say_beyond),
        "industry": ("industry", say_industry),
        "cooperation": ("cooperation", _say_cooperation),
        "dialogue": ("dialogue", say_dialogue),
        "opinion": ("opinion", say_opinion),
        "threats": ("threats", say_threats),
        "choices": ("choices", _say_choices),
        "certainty": ("judgement", _say_certainty),
    }
    words = load_words()
    lines, silent = [], []
    for name, (section, compose) in composers.items():
        said = compose(findings)
        if said is None:
            silent.append(name)
        else:
            lines.append(Line(words["lead"][name], said[0], section, merge(said[1])))
    told = len(lines) + any(name in words["silent"] for name in silent)
    if told > MOST_LINES:  # the section of what gives way stays
        lines = [one for one in lines if one.lead != words["lead"][GIVES_WAY]]
    missing = [words["silent"][name] for name in silent if name in words["silent"]]
    if missing:
        lines.append(Line(words["lead"]["silent"], say("silent.one", names=formats.join(missing, "or")), "limits"))
    return tuple(lines)


def _say_choices(findings: Findings) -> Said:
    said = say_shortly(findings.chosen) if findings.chosen else ""
    return (said, ()) if said else None


def _say_cooperation(findings: Findings) -> Said:
    matrix, tracker = findings.matrix, findings.recommendations
    if not matrix.lines:
        return None
    counts = {state: len(matrix.fields_at_best(state)) for state in ("active", "agreed", "talks", "recommended")}
    fields = formats.count(len(matrix.lines), "field")
    only = matrix.fields_through("active")
    bodies = list(dict.fromkeys(name for names in only.values() for name in names))
    through = say("cooperation.through", number=formats.in_words(len(only)), bodies=formats.join(bodies, "or"))
    through = through if only else ""
    parts = [say("cooperation.runs", fields=fields, active=_none_or(counts["active"])) + through]
    parts += [
        say(f"cooperation.{key}", **{state: formats.in_words(counts[state])})
        for key, state in (("agreed", "agreed"), ("talks", "talks"), ("asked", "recommended"))
        if counts[state]
    ]
    text = formats.join(parts) + "."
    if tracker:
        text += say("cooperation.tracker", count=formats.count(len(tracker), "recommendation"),
                    origins=_origin_words(tracker), states=_tracker_words([one.state for one in tracker]))  # fmt: skip
    evidence = (one.origin for line in matrix.lines for cell in line.cells for one in cell.evidence)
    return text, evidence


def _origin_words(tracker: tuple[Recommendation, ...]) -> str:
    """Return how many recommendations are whose, where they are not all of one."""
    counts = {origin: sum(one.origin_words == origin for one in tracker) for origin in _origins(tracker)}
    if len(counts) < 2:
        return ""
    return f" ({', '.join(f'{number} {_whose(origin)}' for origin, number in counts.items())})"


def _origins(tracker: tuple[Recommendation, ...]) -> list[str]:
    ordered = sorted(tracker, key=lambda one: not one.from_source)
    return list(dict.fromkeys(one.origin_words for one in ordered))


def _whose(origin: str) -> str:
    return f"of {origin}" if origin.startswith("the ") else origin


def _tracker_words(states: list[str]) -> str:
    done, running = states.count("done"), states.count("under way")
    rest = len(states) - done - running
    parts = [
        f"{_none_or(done)} {'is' if done < 2 else 'are'} done",
        f"{_none_or(running)} {'is' if running < 2 else 'are'} under way",
    ]
    if rest:
        parts.append(f"{formats.in_words(rest)} {'is' if rest == 1 else 'are'} not begun")
    return formats.join(parts)


def _none_or_number(number: int) -> str:
    return formats.number(number) if number else "none"


def _none_or(number: int) -> str:
    return formats.in_words(number) if number else "none"


def _say_certainty(findings: Findings) -> Said:
    judgement, contested = findings.judgement, findings.contested
    if not judgement.rows:
        return None
    conflicts, gaps = len(contested.disputes), len(contested.discrepancies)
    text = say("certainty.agree")
    if conflicts or gaps:
        text = say("certainty.conflicts", conflicts=formats.capitalise(formats.count(conflicts, "set")),
                   stand="stands" if conflicts == 1 else "stand",
                   discrepancies=formats.count(gaps, "thing"), do="does" if gaps == 1 else "do")  # fmt: skip
    weak = say("certainty.weak", weak=_none_or_number(judgement.weak_figures),
               figures=formats.count(judgement.figures, "figure"),
                are="is" if judgement.weak_figures < 2 else "are") if judgement.figures else ""  # fmt: skip
    key = "certainty.judgement" if judgement.judged else "certainty.no_judgement"
    share = formats.capitalise(formats.percent(judgement.judged / judgement.rows))
    text += say(key, share=share, rows=formats.number(judgement.rows), weak=weak)
    origins = [origin for one in contested.discrepancies for origin in one.origins]
    origins += [origin for one in contested.disputes for rival in one.rivals for origin in rival.value.origins]
    return text, origins
