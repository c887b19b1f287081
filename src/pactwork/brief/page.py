"""The page: one self-contained HTML file, from templates that escape everything the case says."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import jinja2
from markdown_it import MarkdownIt
from markupsafe import Markup

from pactwork.brief import formats
from pactwork.brief.drawing import Picture
from pactwork.brief.findings import Findings
from pactwork.brief.heads import Line, compose_heads
from pactwork.brief.lines_on_choices import say_choices
from pactwork.brief.matrix import RECENT_MONTHS, Cell
from pactwork.brief.naming import measure_label, subject_name
from pactwork.brief.narrative import read_narratives
from pactwork.brief.opinion import View, Wording
from pactwork.brief.origins import Fact, Origin, condense, fact_of, merge
from pactwork.brief.parts import list_parts
from pactwork.brief.placing import Placed
from pactwork.brief.rows_of_choices import make_tables
from pactwork.brief.timeline import Event
from pactwork.brief.words import Marked, say, say_count, say_on_page, spoken
from pactwork.facts.figures import Source
from pactwork.facts.ledger import Ledger


@dataclass(frozen=True)
class ListedSource:
    """One source as the page lists it; ``link`` is empty where its address is no web address."""

    source: Source
    link: str
    rows: int


@dataclass(frozen=True)
class StandingFigure:
    """One figure of the list of all."""

    measure: str
    when: str
    fact: Fact


def render_page(findings: Findings, answer: Sequence[Line], pictures: Mapping[str, Picture], version: str) -> str:
    """Return the brief as one HTML document that loads nothing from anywhere."""
    ledger = findings.ledger
    style = _read("templates/style.css").strip()
    reliability = ledger.package.categories("sources", "reliability")
    kinds = ledger.package.categories("sources", "kind")
    show = _environment().get_template("macros.html.j2").module.fact  # type: ignore[attr-defined]
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            findings=findings,
            answer=answer,
            title=formats.clean(ledger.about.title),
            summary=formats.clean(ledger.about.summary),
            case_name=ledger.about.name,
            partners=findings.partners,
            day=formats.spell_day(ledger.day),
            reference_day=formats.spell_day(findings.forecast.deliveries.reference.known_by),
            iso_day=ledger.day.isoformat(),
            version=version,
            language=spoken().language,
            data_word=say("forms.data_link"),
            style=Markup(style),
            style_hash=_hash(style),
            parts=list_parts(findings),
            heads=compose_heads(findings),
            pictures={name: _Shown(picture) for name, picture in pictures.items()} | _Missing(),
            recent_months=RECENT_MONTHS,
            has_plan=any(one.planned for one in findings.arrivals),
            has_doubt=any(one.doubtful for one in findings.arrivals),
            standing_figures=list_figures(ledger),
            letters=[(letter, category.label) for letter, category in reliability.items()],
            letter_words={letter: category.label for letter, category in reliability.items()},
            digits=[(digit, say(f"digit.d{digit}")) for digit in "123456"],
            kinds={value: category.label for value, category in kinds.items()},
            limits=Markup(render_limits()),
            sources=list_sources(ledger),
            told=say_choices(findings.chosen) if findings.chosen else (),
            choice_tables=make_tables(findings.chosen) if findings.chosen else None,
            narratives={section: Placed(told, show) for section, told in read_narratives(findings).items()},
        )
    )


class _Missing(dict[str, Any]):
    """A mapping in which a chart that was not drawn is nothing, not an error."""

    def __ror__(self, other: Any) -> Any:
        self.update(other)
        return self

    def __missing__(self, key: str) -> None:
        return None


class _Shown:
    """A picture whose SVG, made here and escaped where it was made, is put on the page as it is."""

    def __init__(self, picture: Picture) -> None:
        self.inline = Markup(picture.inline)
        self.inline_narrow = Markup(picture.inline_narrow)
        self.data = picture.data


def list_figures(ledger: Ledger) -> list[tuple[str, list[StandingFigure]]]:
    """Return the figure that stands for each subject and measure, by subject."""
    found: dict[str, list[StandingFigure]] = {}
    for subject, measure in dict.fromkeys((figure.subject, figure.measure) for figure in ledger.figures()):
        figure = ledger.figure(subject, measure)
        if figure is not None:
            row = StandingFigure(measure_label(ledger, figure), formats.date(figure.as_of), fact_of(ledger, figure))
            found.setdefault(subject_name(ledger, subject), []).append(row)
    return sorted(found.items(), key=lambda item: item[0].casefold())


def list_sources(ledger: Ledger) -> list[ListedSource]:
    """Return the sources, the most cited first; those that no row cites are left out."""
    cited: dict[str, int] = {}
    for name in ledger.tables:
        if name != "sources" and "source_id" in ledger.package.table(name).columns:
            for row in ledger.rows(name):
                cited[row["source_id"]] = cited.get(row["source_id"], 0) + 1
    held = [
        ListedSource(one, formats.web_link(one.url), cited[key]) for key, one in ledger.sources.items() if key in cited
    ]
    return sorted(held, key=lambda one: (-one.rows, one.source.title.casefold()))


def render_limits() -> str:
    """Return the limits in the language in use (in English docs/limits.md) as HTML below the section's own heading."""
    parser = MarkdownIt("commonmark", {"html": False})
    tokens = parser.parse(_read(f"words/{spoken().language}/limits.md"))
    kept, skipping = [], False
    for token in tokens:
        if token.tag == "h1":  # the page has its own
            skipping = token.type == "heading_open"
            continue
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"
        if not skipping:
            kept.append(token)
    return str(parser.renderer.render(kept, parser.options, {}))


def _read(name: str) -> str:
    return resources.files("pactwork.brief").joinpath(name).read_text("utf-8")


def _hash(style: str) -> str:
    """Return what a Content-Security-Policy calls a style: nothing but this very text is applied."""
    return f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}"


def _heat(number: int, largest: int) -> int:
    return 0 if not number else 1 + min(3, int(4 * (number / largest) ** 0.5 - 1e-9))


def _mark_numbers(text: str, origin: str) -> Markup:
    """Return a sentence with its numbers marked by where they come from: a run, a forecast or a count."""
    parts = re.split(r"(\d[\d.,]*\d%?|\d%?)", text)
    return Markup("").join(Marked(part, origin).__html__() if at % 2 else part for at, part in enumerate(parts))


def _event_origins(events: Sequence[Event]) -> tuple[Origin, ...]:
    return merge(event.origin for event in events)


def _wording_origins(wording: Wording) -> tuple[Origin, ...]:
    return merge(answer.origin for poll in wording.polls for answer in poll.answers)


def _view_origins(views: Sequence[View]) -> tuple[Origin, ...]:
    return merge(view.origin for view in views)


def _sum_evidence(cells: Sequence[Cell]) -> int:
    return sum(len(cell.evidence) for cell in cells)


def _finish(value: object) -> object:
    """Return what a template prints: nothing where nothing is known, and no text that could turn the page around."""
    if value is None:
        return ""
    return formats.strip_marks(value) if type(value) is str else value


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("pactwork.brief"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_finish,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["say"] = say_on_page
    environment.filters.update(
        number=formats.number,
        worked=_mark_numbers,
        percent=formats.percent,
        words=formats.in_words,
        counted=say_count,
        marked=Marked,
        date_words=formats.date,
        shorten=formats.shorten,
        capital=formats.capitalise,
        lower_first=formats.lower_first,
        heat=_heat,
        event_origins=_event_origins,
        wording_origins=_wording_origins,
        view_origins=_view_origins,
        sum_evidence=_sum_evidence,
        condense=condense,
        level_label=lambda levels, value: dict(levels).get(value, value),
    )
    return environment


def outlook_span(findings: Findings) -> tuple[dt.date, dt.date]:
    """Return the first and last day of the fan charts: two years past the last day due, at most ten from now."""
    first, day = chart_span(findings)[0], findings.ledger.day
    ends = [at for lot in findings.outlook.lots for at, _ in lot.plan]
    last = max([day.replace(month=12, day=31), *ends])
    return first, dt.date(min(last.year + 2, day.year + 10), 12, 31)


def chart_span(findings: Findings) -> tuple[dt.date, dt.date]:
    """Return the first and last day that the delivery charts share."""
    days = [step.day for one in findings.arrivals for step in (*one.steps, *one.planned)]
    ends = [one.last_due for one in findings.arrivals if one.last_due]
    first = min(days, default=findings.ledger.day)
    last = max([findings.ledger.day, *ends])
    start = dt.date(first.year, 1, 1) if first.month < 4 else first - dt.timedelta(days=75)
    return start, last + dt.timedelta(days=150)
