"""Lines on how far cooperation has got, and on how sure what the case says is."""

from __future__ import annotations

from pactwork.brief import formats
from pactwork.brief.findings import Findings
from pactwork.brief.origins import Said
from pactwork.brief.promises import Recommendation
from pactwork.brief.words import say, say_count


def say_cooperation(findings: Findings) -> Said:
    """Return in how many fields cooperation runs, and how far what is recommended has got."""
    matrix, tracker = findings.matrix, findings.recommendations
    if not matrix.lines:
        return None
    counts = {state: len(matrix.fields_at_best(state)) for state in ("active", "agreed", "talks", "recommended")}
    only = matrix.fields_through("active")
    bodies = list(dict.fromkeys(name for names in only.values() for name in names))
    through = say("cooperation.through", number=formats.in_words(len(only)), bodies=formats.join(bodies, "or"))
    through = through if only else ""
    parts = [say("cooperation.runs", fields=len(matrix.lines), active=_none_or(counts["active"])) + through]
    parts += [
        say(f"cooperation.{key}", **{state: formats.in_words(counts[state])})
        for key, state in (("agreed", "agreed"), ("talks", "talks"), ("asked", "recommended"))
        if counts[state]
    ]
    text = formats.join(parts) + "."
    if tracker:
        text += say("cooperation.tracker", count=len(tracker), origins=_origin_words(tracker),
                    states=_tracker_words([one.state for one in tracker]))  # fmt: skip
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
    return say("cooperation.of", whose=origin) if origin.startswith("the ") else origin


def _tracker_words(states: list[str]) -> str:
    done, running = states.count("done"), states.count("under way")
    rest = len(states) - done - running
    parts = [say("cooperation.done", number=_none_or(done), done=done),
             say("cooperation.under_way", number=_none_or(running), running=running)]  # fmt: skip
    if rest:
        parts.append(say("cooperation.not_begun", number=formats.in_words(rest), rest=rest))
    return formats.join(parts)


def _none_or(number: int) -> str:
    return formats.in_words(number) if number else say_count(0, "none_or")


def say_certainty(findings: Findings) -> Said:
    """Return what disagrees, what does not add up, and how much rests on judgement."""
    judgement, contested = findings.judgement, findings.contested
    if not judgement.rows:
        return None
    conflicts, gaps = len(contested.disputes), len(contested.discrepancies)
    text = say("certainty.agree")
    if conflicts or gaps:
        text = say("certainty.conflicts", conflicts=conflicts, discrepancies=gaps)
    weak = ""
    if judgement.figures:
        weak = say("certainty.weak", weak=judgement.weak_figures, figures=judgement.figures)
    key = "certainty.judgement" if judgement.judged else "certainty.no_judgement"
    share = formats.capitalise(formats.percent(judgement.judged / judgement.rows))
    text += say(key, share=share, rows=judgement.rows, weak=weak)
    origins = [origin for one in contested.discrepancies for origin in one.origins]
    origins += [origin for one in contested.disputes for rival in one.rivals for origin in rival.value.origins]
    return text, origins
