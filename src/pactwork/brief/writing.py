"""Write the brief: gather, draw, render, and put the files in place, the page last."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pactwork.brief import charts, charts_of_people
from pactwork.brief.answer import compose_answer
from pactwork.brief.charts_of_choices import list_choice_drawings
from pactwork.brief.charts_of_futures import plot_fans, plot_run
from pactwork.brief.charts_of_outlook import plot_outlook
from pactwork.brief.drawing import Drawing, Picture, draw, trust_definitions
from pactwork.brief.effort import Effort
from pactwork.brief.findings import Findings, gather_findings
from pactwork.brief.opinion import sort_by_gap
from pactwork.brief.page import chart_span, outlook_span, render_page
from pactwork.brief.timeline import LANES
from pactwork.facts.ledger import Ledger
from pactwork.facts.writing import write_atomically
from pactwork.progress import Progress, ignore_progress


@dataclass(frozen=True)
class Brief:
    """A brief that has been written: the page, its charts as files, and the answer as plain text."""

    path: Path
    charts: tuple[Path, ...]
    lines: tuple[str, ...]


def write_brief(
    ledger: Ledger, folder: Path | str, *, effort: Effort | None = None, choices: Effort | None = None,
    progress: Progress = ignore_progress,
) -> Brief:  # fmt: skip
    """Write the brief of a case: ``brief.html``, each chart as SVG and PNG under ``charts``, and ``brief.json``.

    Parameters
    ----------
    ledger : Ledger
        The case; any part of it may be missing.
    folder : path
        Where to write; made if it does not exist.
    effort : Effort, optional
        How much to simulate of what could happen; nothing unless told otherwise.
    choices : Effort, optional
        How much to simulate for the comparison of choices; nothing unless told otherwise.
    progress : callable, optional
        Called with (stage, done, total) as the work goes on.

    Notes
    -----
    Every file is put in place whole, and the page, which holds its own charts, last: a stop leaves the old page or the
    new one, beside chart files of which some may be newer. Chart files of another case in the same folder stay.
    """
    target = Path(folder)
    progress("Weighing the evidence", 0, 1)
    findings = gather_findings(ledger, effort, progress, choices)
    answer = compose_answer(findings)
    with trust_definitions():
        drawings = tuple(list_drawings(findings))
    progress("Weighing the evidence", 1, 1)
    pictures: dict[str, Picture] = {}
    for index, drawing in enumerate(drawings):
        progress("Drawing charts", index, len(drawings))
        pictures[drawing.name] = draw(drawing)
    progress("Drawing charts", len(drawings), len(drawings))
    page = render_page(findings, answer, pictures, _version())
    progress("Writing files", 0, 1)
    written = []
    for picture in pictures.values():
        for ending, content in (("svg", picture.svg), ("png", picture.png)):
            path = target / "charts" / f"{file_name(picture.name)}.{ending}"
            write_atomically(path, content)
            written.append(path)
    write_atomically(target / "brief.json", _list_numbers(findings, [str(line) for line in answer]))
    path = target / "brief.html"
    write_atomically(path, page)
    progress("Writing files", 1, 1)
    return Brief(path, tuple(written), tuple(str(line) for line in answer))


def list_drawings(findings: Findings) -> Iterator[Drawing]:
    """Yield the charts that the case has something for."""
    span = chart_span(findings)
    for arrivals in findings.arrivals:
        yield charts.plot_arrivals(arrivals, findings.ledger.day, span)
    for outlook in findings.outlook.lots:
        yield plot_outlook(outlook, findings.ledger.day, outlook_span(findings))
    if findings.simulation:
        yield from (plot_fans(fans) for fans in findings.simulation.fans)
        yield from (plot_run(shown) for shown in findings.simulation.shown)
    if findings.chosen:
        yield from list_choice_drawings(findings.chosen)
    for question in findings.questions:
        for number, wording in enumerate(question.wordings, 1):
            rows = [
                {"poll": poll.heading, "option": "or, elsewhere" if answer.rival else answer.option,
                 "percent": answer.percent, "low": answer.low, "high": answer.high,
                 "strong": answer in poll.leading[:1]}
                for poll in wording.polls for answer in poll.answers
            ]  # fmt: skip
            yield charts.plot_shares(
                f"opinion-{question.question_id}-{number}", f"{question.name}: {wording.name}", rows
            )
    yield from _list_others(findings)


def _list_others(findings: Findings) -> Iterator[Drawing]:
    if findings.views:
        who = [*dict.fromkeys(view.who for view in findings.views)]
        known = findings.partners
        first = sorted(who, key=lambda one: known.index(one) if one in known else len(who))
        rows = [
            {"threat": view.threat, "who": view.who, "value": view.likelihood, "low": view.low, "high": view.high}
            for view in sort_by_gap(findings.views)
        ]
        yield charts.plot_views(rows, first, "How present each threat is to each partner, as the authors judge it")
    if findings.profiles:
        yield charts_of_people.plot_profiles(findings.profiles)
    for bargain in findings.bargains:
        yield charts_of_people.plot_stakeholders(bargain)
    day = findings.ledger.day
    recent = findings.timeline.recent(day)
    if len(recent) > 1:
        span = (min(event.day for event in recent).replace(month=1, day=1), day)
        shown = [{"day": event.day, "lane": event.lane, "title": event.title} for event in recent]
        yield charts.plot_timeline(shown, [lane for lane in LANES if any(r["lane"] == lane for r in shown)], span)
    if findings.judgement.tables:
        tables = findings.judgement.tables
        yield charts.plot_judgement([{"table": t.title, "sourced": t.sourced, "judgement": t.judged} for t in tables])


def _list_numbers(findings: Findings, answer: list[str]) -> str:
    """Return the answer and all numbers on choices as JSON, for those who count on."""
    chosen = findings.chosen
    found = {"case": findings.ledger.about.name, "as_of": findings.ledger.day.isoformat(), "pactwork": _version(),
             "answer": answer, "choices": chosen.as_dict() if chosen else None}  # fmt: skip
    return json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def file_name(name: str) -> str:
    """Return a name that every file system takes.

    Examples
    --------
    >>> file_name("deliveries-fa-50"), file_name("../a b")
    ('deliveries-fa-50', 'a-b')
    """
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-")[:100] or "chart"


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("pactwork")
    except PackageNotFoundError:
        return "unreleased"
