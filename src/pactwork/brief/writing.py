"""Write the brief: gather, draw, render, and put the files in place, the page last."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from pactwork.brief import charts, charts_of_case, charts_of_people
from pactwork.brief.answer import compose_answer
from pactwork.brief.charts_of_choices import list_choice_drawings
from pactwork.brief.charts_of_futures import plot_fans, plot_run
from pactwork.brief.charts_of_outlook import plot_outlook
from pactwork.brief.drawing import Drawing, Picture, draw_all, file_name, trust_definitions
from pactwork.brief.effort import Effort
from pactwork.brief.findings import Findings, gather_findings
from pactwork.brief.forms.data import describe_data, link_tables, list_data, write_csv, write_parquet
from pactwork.brief.forms.pdf import write_pdf
from pactwork.brief.forms.reading_page import read_page
from pactwork.brief.narrative import list_notices, read_narratives
from pactwork.brief.numbers import list_numbers
from pactwork.brief.opinion import sort_by_gap
from pactwork.brief.page import chart_span, outlook_span, render_page
from pactwork.brief.timeline import list_lanes
from pactwork.brief.words import say
from pactwork.errors import CaseError, Problem, quoted
from pactwork.facts.ledger import Ledger
from pactwork.facts.writing import write_atomically
from pactwork.futures.keeping import Play, play_in_memory
from pactwork.progress import Progress, ignore_progress

FORMS = ("pdf", "docx", "data")
"""What a brief is written as beside its page, its charts and its numbers."""


@dataclass(frozen=True)
class Brief:
    """A brief that has been written: the page, its other forms, its charts as files, and the answer as plain text.

    ``pdf`` and ``word`` are None, and ``data`` is empty, where they were not asked for.
    ``notices`` tell authors which numbers are others than when they wrote words for the brief.
    """

    path: Path
    charts: tuple[Path, ...]
    lines: tuple[str, ...]
    numbers: Path
    pdf: Path | None = None
    word: Path | None = None
    data: tuple[Path, ...] = ()
    notices: tuple[Problem, ...] = ()


def write_brief(
    ledger: Ledger, folder: Path | str, *, effort: Effort | None = None, choices: Effort | None = None,
    progress: Progress = ignore_progress, forms: Collection[str] = FORMS, play: Play = play_in_memory,
) -> Brief:  # fmt: skip
    """Write the brief of a case: the page and the same as PDF and Word, charts, the data behind them, and numbers.

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
    forms : collection of str
        Which of ``pdf``, ``docx`` and ``data`` to write beside ``brief.html``, ``charts`` and ``brief.json``.
    play : Play
        Who plays futures, and whether what was played is kept: ``Keeper`` goes on after a stop.

    Raises
    ------
    CaseError
        With all places that cannot be written to, before anything is worked out.

    Notes
    -----
    Every file is put in place whole, and the page, which holds its own charts, last: a stop leaves the old page or the
    new one, beside other files of which some may be newer. Files of another case in the same folder stay.
    """
    target = Path(folder)
    check_places([target / name for name in ("brief.html", "brief.json", *(f"brief.{one}" for one in forms
                                                                           if one != "data"))])  # fmt: skip
    progress("Weighing the evidence", 0, 1)
    findings = gather_findings(ledger, effort, progress, choices, play)
    answer = compose_answer(findings)
    with trust_definitions():
        drawings = tuple(list_drawings(findings))
    progress("Weighing the evidence", 1, 1)
    pictures = {one.name: one if "data" in forms else replace(one, data="") for one in draw_all(drawings, progress)}
    lines = [str(line) for line in answer]
    page = render_page(findings, answer, pictures, _version())
    files = {f"charts/{file_name(one.name)}.{ending}": content for one in pictures.values()
             for ending, content in (("svg", one.svg.encode()), ("png", one.png))}  # fmt: skip
    charts = tuple(files)
    page, made = make_forms(page, drawings, pictures, forms, progress)
    files |= made
    files["brief.json"] = _list_numbers(findings, lines).encode()
    files["brief.html"] = page.encode()
    progress("Writing files", 0, 1)
    for name, content in files.items():
        write_atomically(target / name, content)
    progress("Writing files", 1, 1)
    return Brief(
        target / "brief.html", tuple(target / name for name in charts), tuple(lines), target / "brief.json",
        pdf=target / "brief.pdf" if "brief.pdf" in files else None,
        word=target / "brief.docx" if "brief.docx" in files else None,
        data=tuple(target / name for name in files if name.startswith("data/")),
        notices=list_notices(read_narratives(findings).values()),
    )  # fmt: skip


def make_forms(
    page: str, drawings: Sequence[Drawing], pictures: Mapping[str, Picture], forms: Collection[str],
    progress: Progress = ignore_progress,
) -> tuple[str, dict[str, bytes]]:  # fmt: skip
    """Return the page with links to its data, and the files of its other forms by name, all made from the page."""
    if not forms:
        return page, {}
    from pactwork.brief.forms.word import write_word  # late: the library for Word takes a tenth of a second

    stage, steps, files = "Setting pages", len(forms) + 1, {}
    progress(stage, 0, steps)
    document = read_page(page)
    with ThreadPoolExecutor(1) as beside:  # typst lets go of the interpreter, so that the rest is made meanwhile
        pdf = beside.submit(write_pdf, document, pictures) if "pdf" in forms else None
        progress(stage, 1, steps)
        if "data" in forms:
            datasets = list_data(document, drawings)
            page = link_tables(page, document, datasets)
            for one in datasets:
                files[f"data/{one.name}.csv"] = write_csv(one.data)
                files[f"data/{one.name}.parquet"] = write_parquet(one.data)
            files["data/datapackage.json"] = describe_data(document, datasets).encode()
        if "docx" in forms:
            files["brief.docx"] = write_word(document, pictures)
        progress(stage, steps - 1, steps)
        if pdf:
            files["brief.pdf"] = pdf.result()
    progress(stage, steps, steps)
    return page, files


def check_places(paths: Sequence[Path]) -> None:
    """Raise where a file cannot be written because a folder has its name, or the folder would be within a file."""
    problems = [Problem(quoted(one, limit=4096), "a folder", "a place to write to", "move the folder away, or choose "
                        "another place") for one in paths if one.is_dir()]  # fmt: skip
    holder = next((one for one in paths[0].parents if one.exists()), None)
    if holder is not None and not (holder.is_dir() and os.access(holder, os.W_OK)):
        found = "a file" if not holder.is_dir() else "no right to write there"
        problems.append(Problem(quoted(holder, limit=4096), found, "a place to write to", "choose another place"))
    if problems:
        raise CaseError(problems)


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
                {"poll": poll.heading, "option": say("chart.elsewhere") if answer.rival else answer.option,
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
        yield charts.plot_views(rows, first, say("chart.views"))
    if findings.profiles:
        yield charts_of_people.plot_profiles(findings.profiles)
    for bargain in findings.bargains:
        yield charts_of_people.plot_stakeholders(bargain)
    day = findings.ledger.day
    recent = findings.timeline.recent(day)
    if len(recent) > 1:
        span = (min(event.day for event in recent).replace(month=1, day=1), day)
        shown = [{"day": event.day, "lane": event.lane, "title": event.title} for event in recent]
        lanes = [lane for lane in list_lanes() if any(row["lane"] == lane for row in shown)]
        yield charts_of_case.plot_timeline(shown, lanes, span)
    if findings.judgement.tables:
        tables = findings.judgement.tables
        rows = [{"table": one.title, "sourced": one.sourced, "judgement": one.judged} for one in tables]
        yield charts_of_case.plot_judgement(rows)


def _list_numbers(findings: Findings, answer: list[str]) -> str:
    """Return the answer and all numbers on choices as JSON, for those who count on."""
    chosen = findings.chosen
    found = {"case": findings.ledger.about.name, "as_of": findings.ledger.day.isoformat(), "pactwork": _version(),
             "answer": answer, "choices": chosen.as_dict() if chosen else None,
             "narrative": [one.as_dict() for one in read_narratives(findings).values()],
             "numbers": {name: one.as_dict() for name, one in list_numbers(findings).items()}}  # fmt: skip
    return json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("pactwork")
    except PackageNotFoundError:
        return "unreleased"
