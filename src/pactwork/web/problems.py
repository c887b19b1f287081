"""What a server refuses, and how it says so: a status and problems in the form all of pactwork uses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pactwork.errors import CaseError, Problem, quoted


class Refused(Exception):  # noqa: N818 - it reads as what happened
    """A request that is not answered: the HTTP status, and why."""

    def __init__(self, status: int, *problems: Problem) -> None:
        self.status, self.problems = status, problems
        super().__init__("; ".join(str(one) for one in problems))


class CaseBroken(CaseError):  # noqa: N818 - as above
    """The case itself cannot be read as it stands: its problems take the place of any view."""


def refuse(status: int, where: str, found: str, expected: str, fix: str) -> Refused:
    """Return a refusal with one problem."""
    return Refused(status, Problem(where, found, expected, fix))


def unknown(what: str, given: object, expected: str, fix: str = "follow a link of the page") -> Refused:
    """Return the refusal of an id that no table holds."""
    return refuse(404, what, quoted(given), expected, fix)


def problems_document(problems: Iterable[Problem]) -> dict[str, Any]:
    """Return the JSON document of a refusal."""
    return {"problems": [one.as_dict() for one in problems]}


def read_validation(errors: Sequence[Any]) -> tuple[Problem, ...]:
    """Return what a request's declaration found wrong, as problems."""
    return tuple(
        Problem(
            " ".join(str(part) for part in one.get("loc", ())) or "request",
            quoted(one.get("input")) if one.get("type") != "json_invalid" else "what is no JSON",
            str(one.get("msg", "another value")).removeprefix("Value error, ")
            if one.get("type") != "json_invalid"
            else "a JSON object",
            "correct it; /api/openapi.json declares what each request takes",
        )
        for one in errors
    )
