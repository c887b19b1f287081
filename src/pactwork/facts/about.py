"""case.toml: what the case is about, who the partners are, and up to which day it knows."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from pactwork.errors import CaseError, Problem, quoted
from pactwork.facts.tables import CONTROL


class Partner(BaseModel):
    """One side of the partnership."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    country: str = Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2 code")
    name: str = Field(min_length=1, description="name as shown")
    actor: str = Field(min_length=1, description="id of the state in actors.csv")
    role: Literal["buyer", "supplier", "partner"] = "partner"


class About(BaseModel):
    """What a case is about.

    ``as_of`` is the last day the case knows, ``horizon`` the last day its futures reach, ``step_days`` their step.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9\-]*$", description="short name, as on the command line")
    title: str = Field(min_length=1, max_length=300, description="title as shown")
    summary: str = Field(default="", max_length=2000, description="one or two sentences")
    partnership: str = Field(default="", description="id of the partnership in instruments.csv")
    as_of: dt.date = Field(ge=dt.date(1900, 1, 1), le=dt.date(2200, 1, 1), description="the last day the case knows")
    horizon: dt.date | None = Field(default=None, le=dt.date(2300, 1, 1), description="the last day its futures reach")
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$", description="ISO 4217 code of totals")
    step_days: int = Field(default=7, ge=1, le=366, description="length of a step of the simulation")
    partners: tuple[Partner, ...] = Field(default=(), max_length=2, description="the two sides")

    @field_validator("title", "summary", "partnership")
    @classmethod
    def _only_text(cls, value: str) -> str:
        if CONTROL.search(value):
            raise ValueError("text without control characters is needed")
        return value

    @field_validator("as_of", "horizon", mode="before")
    @classmethod
    def _only_days(cls, value: Any) -> Any:
        # TOML has dates of its own; a moment or a number would be read as something nobody meant.
        if isinstance(value, dt.datetime | int | float):
            raise ValueError("a day such as 2024-10-31 is needed")
        return value

    @model_validator(mode="after")
    def _horizon_follows(self) -> About:
        if self.horizon is not None and self.horizon <= self.as_of:
            raise ValueError("the horizon must come after as_of")
        return self


def read_about(path: Path) -> About:
    """Read case.toml.

    Raises
    ------
    CaseError
        With every key that is missing, unknown or wrong.
    """
    shown = path.name
    try:
        content = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        fix = "write one: pactwork new shows how"
        raise CaseError([Problem(shown, error.strerror or "an error", "a readable case.toml", fix)]) from error
    except UnicodeDecodeError as error:
        fix = "save the file as UTF-8"
        raise CaseError([Problem(shown, "bytes that are no UTF-8 text", "TOML in UTF-8", fix)]) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        fix = "correct the syntax; text values need quotes"
        raise CaseError([Problem(shown, str(error)[:200] or "an error", "TOML", fix)]) from error
    try:
        return About.model_validate(content)
    except ValidationError as error:
        raise CaseError([_describe(shown, one) for one in error.errors()]) from error


def _describe(shown: str, error: Any) -> Problem:
    place = ".".join(str(part) for part in error["loc"])
    where = f"{shown} {place}".strip()
    if error["type"] == "missing":
        return Problem(where, "nothing", "a value", f"add {place} = …")
    if error["type"] == "extra_forbidden":
        return Problem(where, "an unknown key", f"one of {', '.join(About.model_fields)}", "delete or correct it")
    message = str(error["msg"]).removeprefix("Value error, ")
    found = "the whole table" if isinstance(error["input"], dict) else quoted(error["input"])
    return Problem(where, found, message[:1].lower() + message[1:], "correct the value")
