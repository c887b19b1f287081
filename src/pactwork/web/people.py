"""Charts of opinion and of threats, by the brief's own functions."""

from __future__ import annotations

from pactwork.brief import charts, charts_of_people
from pactwork.brief.drawing import trust_definitions
from pactwork.brief.findings import Findings
from pactwork.brief.opinion import sort_by_gap
from pactwork.web.charts import Chart, show


def draw_opinion(findings: Findings) -> dict[str, Chart]:
    """Return a chart for each wording of each question, by ``QUESTION-NUMBER``."""
    found = {}
    for question in findings.questions:
        for number, wording in enumerate(question.wordings, 1):
            rows = [
                {"poll": poll.heading, "option": "or, elsewhere" if answer.rival else answer.option,
                 "percent": answer.percent, "low": answer.low, "high": answer.high,
                 "strong": answer in poll.leading[:1]}
                for poll in wording.polls for answer in poll.answers
            ]  # fmt: skip
            name = f"{question.question_id}-{number}"
            with trust_definitions():
                drawing = charts.plot_shares(f"opinion-{name}", f"{question.name}: {wording.name}", rows)
            found[name] = show(drawing)
    return found


def draw_threats(findings: Findings) -> dict[str, Chart]:
    """Return the charts of threats as each partner sees them, and of both profiles, as far as there are any."""
    found = {}
    if findings.views:
        who = [*dict.fromkeys(view.who for view in findings.views)]
        known = findings.partners
        first = sorted(who, key=lambda one: known.index(one) if one in known else len(who))
        rows = [
            {"threat": view.threat, "who": view.who, "value": view.likelihood, "low": view.low, "high": view.high}
            for view in sort_by_gap(findings.views)
        ]
        title = "How present each threat is to each partner, as the authors judge it"
        found["threats"] = show(charts.plot_views(rows, first, title))
    if findings.profiles:
        found["profiles"] = show(charts_of_people.plot_profiles(findings.profiles))
    return found
