"""Shapes that several parts of the API answer with."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _as_whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


AS_WHOLE = BeforeValidator(_as_whole)
"""Stands last beside a whole number of a `Question`, which may also be written 98.0: to JSON that is the same."""


class Answer(BaseModel):
    """What the API answers: nothing beyond what is declared."""

    model_config = ConfigDict(extra="forbid")


class Question(BaseModel):
    """What a request says: nothing beyond what is declared, and each value of its very kind: ``true`` is no number."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ProblemModel(Answer):
    """One thing wrong, in the form all of pactwork uses."""

    where: str = Field(description="file, line and column, or the part of the request")
    found: str = Field(description="what stands there")
    expected: str = Field(description="what should stand there")
    fix: str = Field(description="what to do about it")


class ProblemsModel(Answer):
    """Why a request was refused: every problem at once."""

    problems: list[ProblemModel]


class CaseState(Answer):
    """The state of the case: another revision, another text of a file."""

    name: str = Field(description="short name of the case; empty while it cannot be read")
    revision: str
    readable: bool
    bundled: bool = Field(description="whether the case came with the package, and so is for reading alone")
    problems: int = Field(ge=0)


class JobModel(Answer):
    """One job as it stands."""

    id: str
    kind: str
    title: str
    state: Literal["running", "done", "failed", "cancelled", "interrupted"]
    started: str = Field(description="when it was asked for, ISO 8601")
    parameters: dict[str, Any]
    revision: str = Field(description="state of the case that it read; until it is done, that when it was asked for")
    stage: str = Field(description="what it is doing, in words")
    done: int
    total: int
    seconds_left: float | None = Field(description="of this stage, at its pace so far; null while that is not known")
    result: dict[str, Any] | None
    files: list[str] = Field(description="names of what it made, under /api/jobs/ID/files/")
    problems: list[ProblemModel]
    resumed: int = Field(description="how often it went on by itself after the server was started again")


class JobList(Answer):
    """Jobs, the newest first."""

    jobs: list[JobModel]
    most_running: int = Field(description="how many may be under way at a time")


REFUSALS: dict[int | str, dict[str, Any]] = {
    409: {"model": ProblemsModel, "description": "The case cannot be read as it stands, or what is asked has passed"},
    422: {"model": ProblemsModel, "description": "The request is not well formed"},
    **{
        status: {"model": ProblemsModel, "description": words}
        for status, words in {
            400: "The request cannot be read",
            401: "The token of this server is missing",
            403: "The request comes from another page",
            404: "Nothing of that name",
            408: "The body took too long to come",
            413: "The body is too long",
            415: "The body is no JSON",
            421: "The request calls this server by another name",
            429: "As much is under way as may be",
        }.items()
    },
}
"""Every way a request may be refused, for the API's declaration."""
