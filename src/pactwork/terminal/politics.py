"""How politics look on a terminal: opinion, bargaining, stances, perceptions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.markup import escape

from pactwork.terminal.shared import OUT, make_table

if TYPE_CHECKING:  # every command loads this file, and few need the numeric libraries
    from pactwork.forecast.perceptions import Perceptions
    from pactwork.forecast.politics import IssuePolitics, Politics
    from pactwork.forecast.polls import QuestionOpinion
    from pactwork.forecast.similarity import Agreement, IdealDistance

_MOST_PAIRS = 60


def print_politics(politics: Politics) -> None:
    """Print what a case, or a table, says about opinion, bargaining and perceptions."""
    if politics.questions:
        _print_questions(politics.questions)
    if politics.issues:
        _print_issues(politics.issues)
        _print_changes(politics.issues)
        _print_stances(politics.issues)
    if politics.perceptions:
        _print_perceptions(politics.perceptions)
    if politics.similarity:
        _print_similarity(politics.similarity)
    for note in politics.notes:
        OUT.print(note, markup=False)


def _head(title: str, note: str) -> None:
    OUT.print(f"[bold]{title}[/bold]  [dim]{note}[/dim]")


def _print_questions(questions: Sequence[QuestionOpinion]) -> None:
    _head("Opinion", "percent of all asked, 95 % interval; what makes most of the doubt")
    table = make_table(
        "question", "polls", "answer", "share", "from", "to", "doubt by", right=("polls", "share", "from", "to")
    )
    for one in questions:
        for index, option in enumerate(one.options):
            now = option.now
            named = (one.question.question_id, str(len(one.question.polls))) if index == 0 else ("", "")
            cells = (*named, option.option, f"{now.mean:.0f}", f"{now.q025:.0f}", f"{now.q975:.0f}", option.dominant)
            table.add_row(*(escape(cell) for cell in cells))
    OUT.print(table)
    for note, names in _gather_notes(questions):
        OUT.print(f"  {note} ({names})", markup=False)
    OUT.print()


def _gather_notes(questions: Sequence[QuestionOpinion]) -> list[tuple[str, str]]:
    """Return each note once, with the questions it is about; all of them together where it is about all."""
    held: dict[str, list[str]] = {}
    for one in questions:
        for note in one.notes:
            held.setdefault(note, []).append(one.question.question_id)
    every = len(questions)
    return [(note, "all" if len(ids) == every else ", ".join(dict.fromkeys(ids))) for note, ids in held.items()]


def _print_issues(issues: Sequence[IssuePolitics]) -> None:
    _head("Bargaining", "what decisions come to; of such decisions, 80 of 100 lie between 'from' and 'to'")
    numbers = ("outcome", "from", "to", "median", "second opinion", "above the middle")
    table = make_table("issue", *numbers, "moved most by", right=numbers)
    for one in issues:
        if one.outcome is None or one.interval80 is None or one.weighted_median is None or one.pce_mean is None:
            table.add_row(escape(one.issue.issue), "–", "–", "–", "–", "–", "–", escape(one.note))
            continue
        above = dict(one.accepts).get(one.issue.middle, 0.0)
        shown = (one.outcome, *one.interval80, one.weighted_median, one.pce_mean)
        cells = (one.issue.issue, *(_shorten(number, one.issue.range) for number in shown), f"{above:.0%}")
        table.add_row(*(escape(cell) for cell in (*cells, one.sensitivity[0].actor)))
    OUT.print(table)
    OUT.print("  Errors are those of decisions in the European Union, borrowed here.\n")


def _shorten(number: float, length: float) -> str:
    """Return a number with as many decimals as its scale bears."""
    return f"{number:.1f}" if length >= 50 else f"{number:.2f}" if length >= 1 else f"{number:.4f}"


def _print_changes(issues: Sequence[IssuePolitics]) -> None:
    lines = []
    for one in issues:
        if one.changes:
            first = one.changes[0]
            old, new = (_shorten(number, one.issue.range) for number in (first.old, first.new))
            what = "leaves" if first.kind == "membership" else f"{first.kind} {old} → {new}"
            far = "; more than half of the scale" if first.kind == "position" and first.size > 0.5 else ""
            lines.append(f"  {one.issue.issue}: {first.actor}, {what}{far}")
        elif one.outcome is not None:
            lines.append(f"  {one.issue.issue}: no single change would do")
    if lines:
        _head("What it would take", "the smallest single change that brings the outcome to the middle of its scale")
        for line in lines:
            OUT.print(line, markup=False, soft_wrap=True)
        OUT.print()


def _print_stances(issues: Sequence[IssuePolitics]) -> None:
    from pactwork.forecast.dialogue import MIXTURE

    rows = [(one, stance) for one in issues for stance in one.stances if stance.basis in ("bargaining", "mixture")]
    if not rows:
        return
    _head("Stance of the partner that decides", "by who governs; each that can win counts alike")
    shares = ("committed", "transactional", "reluctant")
    table = make_table("issue", "who governs", "election", *shares, right=shares)
    for one, stance in rows:
        if stance.election and stance.governs != MIXTURE:
            continue
        numbers = (f"{share:.0%}" for share in (stance.committed, stance.transactional, stance.reluctant))
        table.add_row(escape(one.issue.issue), escape(stance.governs), escape(stance.election or "–"), *numbers)
    OUT.print(table)
    OUT.print()


def _print_perceptions(found: Perceptions) -> None:
    _head("Perceptions", "how differently the partners weigh the same threats: 0 alike, 1 nothing in common")
    low, high = found.interval
    OUT.print(
        f"  divergence {found.divergence:.2f} ({low:.2f} to {high:.2f}); Jensen–Shannon {found.jensen_shannon:.2f}"
    )
    for who, level in zip(found.who, found.levels, strict=True):
        OUT.print(f"  mean weight of a threat to {who}: {level:.2f}", markup=False)
    first, second = found.who
    table = make_table(
        "threat", first, second, "part of the divergence", right=(first, second, "part of the divergence")
    )
    for one in found.threats[:6]:
        part = one.contribution / found.divergence if found.divergence else 0.0
        table.add_row(escape(one.label), f"{one.shares[0]:.0%}", f"{one.shares[1]:.0%}", f"{part:.0%}")
    OUT.print(table)
    OUT.print()


def _print_similarity(pairs: Sequence[Agreement | IdealDistance]) -> None:
    from pactwork.forecast.similarity import Agreement, IdealDistance

    _head("Foreign-policy similarity", "how alike states vote; not what they fear")
    newest = max(pair.year for pair in pairs)
    shown = [pair for pair in pairs if pair.year == newest]
    votes = [pair for pair in shown if isinstance(pair, Agreement)]
    points = [pair for pair in shown if isinstance(pair, IdealDistance)]
    if votes:
        numbers = ("votes", "kappa", "pi", "S", "S squared")
        table = make_table("states", "year", *numbers, right=numbers)
        for one in votes[:_MOST_PAIRS]:
            corrected = ("–" if value is None else f"{value:.3f}" for value in (one.kappa, one.pi))
            plain = (f"{one.s_absolute:.3f}", f"{one.s_squared:.3f}")
            table.add_row(escape(f"{one.first} – {one.second}"), escape(one.year), str(one.votes), *corrected, *plain)
        OUT.print(table)
    if points:
        table = make_table("states", "year", "distance", "sd", right=("distance", "sd"))
        for two in points[:_MOST_PAIRS]:
            error = "–" if two.sd is None else f"{two.sd:.3f}"
            table.add_row(escape(f"{two.first} – {two.second}"), escape(two.year), f"{two.distance:.3f}", error)
        OUT.print(table)
    if len(pairs) > min(len(shown), _MOST_PAIRS):
        OUT.print("  Other years and pairs: --json")
    OUT.print()
